"""The configuration file by the console: set, checked, saved, rolled back; and a device that a wrong
file has cut off is brought back by the console."""

import os
import subprocess
import tomllib
import unittest

from console_line import Console, Technician
from path_programs import Hall, KioskProgram
from processes import Process, free_port, wait_until


class Configured(KioskProgram):
    """A kiosk whose controller and printer are in its file alone."""

    def __init__(self, hall, console, *arguments):
        Process.__init__(self, "antrean-kiosk", "--device", "kiosk-1", "--store",
                         hall.path("kiosk-1.store"), "--config", hall.path("kiosk.toml"),
                         *console.arguments, *arguments, stdin=subprocess.PIPE)


class ConfigTest(Technician, unittest.TestCase):
    def setUp(self):
        self.hall = Hall()
        self.addCleanup(self.hall.close)
        self.controller = f"127.0.0.1:{self.hall.start_controller().port}"
        self.printer = self.hall.start_printer("--speed", "0")
        self.console = Console(self.hall.folder)
        self.addCleanup(self.console.close)
        self.cable = self.console.cable

    def write(self, text, name="kiosk.toml"):
        with open(self.hall.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def good_file(self):
        self.write(f'controller = "{self.controller}"\nprinter = ["{self.printer.address}"]\n')

    def start(self, *arguments):
        self.kiosk = self.hall.add(Configured(self.hall, self.console, *arguments))
        self.cable.login()

    def restart(self):
        self.cable.send("restart\r")
        self.cable.mark()
        self.cable.wait("Logged off.")
        self.kiosk.wait_for_line("restarted by a technician")
        self.cable.wait(lambda: self.cable.text.count("code: ") == 2, "the next program's prompt")
        self.cable.mark()
        self.cable.send("\r")
        self.cable.login()

    def row(self, key):
        return next(row for row in self.ask("config show")["settings"] if row["key"] == key)

    def is_connected(self):
        return self.ask("status")["connected"]

    def test_what_is_set_holds_once_it_is_saved_and_started(self):
        self.start()  # the file is not there yet
        self.assertEqual(self.row("controller")["from"], "default")
        self.ask("config set controller " + self.controller)
        self.ask("config set printer " + self.printer.address)
        self.assertTrue(self.ask("config show")["unsaved"])
        self.assertFalse(os.path.exists(self.hall.path("kiosk.toml")))
        self.ask("config check")
        self.ask("config save")
        self.assertEqual(self.row("controller")["in_force"], "127.0.0.1:7411")
        self.restart()
        self.kiosk.wait_until_ready()
        self.assertEqual((self.row("controller")["from"], self.row("controller")["in_force"]),
                         ("file", self.controller))
        self.assertFalse(self.ask("config show")["unsaved"])
        self.assertEqual(self.row("profile")["from"], "default")
        with open(self.hall.path("kiosk.toml"), "rb") as file:
            self.assertEqual(tomllib.load(file), {"controller": [self.controller],
                                                  "printer": [self.printer.address]})

    def test_a_draft_that_could_not_begin_is_not_saved(self):
        self.good_file()
        self.start()
        self.kiosk.wait_until_ready()
        for key, value in (("controller", "nowhere"), ("printer", "lpt:1"),
                           ("profile", "no-such-printer"), ("layout", "/nowhere.toml"),
                           ("printer", "usb usb usb")):
            self.ask(f"config set {key} {value}")
            self.refuse("config check", "config")
            self.refuse("config save", "config")
            self.cable.ask(f"config set {key}")
        self.refuse("config set colour red", "argument")
        self.refuse('config set font ""', "argument")
        self.refuse("config set font " + "x" * 501, "argument")
        self.refuse("config rollback", "no_previous")
        self.ask(f"config set controller {self.controller}")
        self.ask(f'config set printer {self.printer.address} "{self.printer.address}"')
        self.ask('config set font "/a folder/with \\"quotes\\".ttf" /b\\\\c.ttf')
        self.ask("config save")
        with open(self.hall.path("kiosk.toml"), "rb") as file:
            self.assertEqual(tomllib.load(file)["font"],
                             ['/a folder/with "quotes".ttf', "/b\\c.ttf"])

    def test_a_saved_mistake_is_taken_back_from_the_console(self):
        self.good_file()
        self.start()
        self.kiosk.wait_until_ready()
        self.ask(f"config set controller 127.0.0.1:{free_port()}")
        self.ask("config save")
        self.restart()
        self.assertFalse(self.is_connected())
        self.assertFalse(self.ask("network")["reachable"])
        self.ask("config rollback")
        self.restart()
        wait_until(self.is_connected, "the connection")
        self.ask("config rollback")  # and forth again
        self.assertNotEqual(self.row("controller")["saved"], self.controller)

    def test_the_command_line_wins(self):
        self.write('controller = "127.0.0.1:9"\nprinter = "tcp:127.0.0.1:9"\n')
        self.start("--controller", self.controller)
        wait_until(self.is_connected, "the connection")
        self.assertEqual(self.row("controller")["from"], "command line")
        self.assertEqual(self.row("printer")["in_force"], "tcp:127.0.0.1:9")
        self.refuse("config set controller 127.0.0.1:10", "command_line")

    def test_a_file_that_cannot_be_used_keeps_nobody_out(self):
        self.good_file()
        os.rename(self.hall.path("kiosk.toml"), self.hall.path("kiosk.toml.previous"))
        for text in ("controller = \n", "colour = 'red'\n", "profile = 'no-such-printer'\n",
                     "controller = [1]\n", "\0" * 100, "x" * 20000):
            self.write(text)
            self.start()
            self.kiosk.wait_for_line("kiosk.toml.previous stands in")
            self.assertTrue(self.ask("config show")["previous_stands_in"])
            wait_until(self.is_connected, "the connection")
            self.kiosk.terminate()
            self.cable = self.console.plug_in()
        self.start()
        self.ask("config save")  # the one that stands in, in place of the wrong one
        self.restart()
        self.assertFalse(self.ask("config show")["previous_stands_in"])
        self.assertEqual(self.row("controller")["in_force"], self.controller)
        self.kiosk.terminate()
        self.good_file()
        with open(self.hall.path("kiosk.toml.previous"), encoding="utf-8") as file:
            self.assertIn(self.controller, file.read())
        self.write("controller = \n")
        self.write("controller = \n", "kiosk.toml.previous")
        kiosk = self.hall.add(Configured(self.hall, self.console))
        self.assertEqual(kiosk.wait(), 64, kiosk.output)
        self.assertIn("kiosk.toml", kiosk.output)

    def test_without_a_file_nothing_can_be_saved(self):
        self.kiosk = self.hall.start_kiosk(arguments=self.console.arguments)
        self.cable.login()
        self.assertEqual(self.row("profile")["in_force"], "[generic-80]")
        for line in ("config set profile auto", "config check", "config save", "config rollback"):
            self.refuse(line, "no_file")


if __name__ == "__main__":
    unittest.main()
