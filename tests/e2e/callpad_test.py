"""What a real callpad is told by its options: what its keys do, its display, and further counters at
the same computer."""

import os
import signal
import subprocess
import unittest

import small_disk
from client import Kiosk
from console_line import Console, Technician
from path_programs import Hall
from processes import DEADLINE_S, Process, wait_until

small_disk.enter()

USAGE = 64


class KeyMap(unittest.TestCase):
    def setUp(self):
        self.hall = Hall()
        self.addCleanup(self.hall.close)
        self.file = self.hall.path("keys.toml")

    def write(self, text):
        with open(self.file, "w", encoding="utf-8") as file:
            file.write(text)

    def test_a_file_says_what_keys_do(self):
        self.write('[keys]\nKEY_G = { press = "next", types = "g" }\n')
        self.hall.start_controller()
        callpad = self.hall.start_callpad(arguments=("--key-map", self.file))
        callpad.wait_for_line(r"> Loket 1 \| .*menunggu 0$")
        mark = callpad.mark()
        callpad.press("nrg")
        callpad.wait_after(mark, "tidak ada yang menunggu")
        # n and r mean nothing here: the first that it said was that it asks.
        self.assertRegex(callpad.lines_after(mark)[0], r"\.\.\.$")

    def test_every_slip_in_it_is_told_with_its_line(self):
        self.write('[keys]\nKEY_1 = { press = "nxt" }\nKEY_Q1 = { press = "next" }\n')
        callpad = self.hall.add(Process(
            "antrean-callpad", "--device", "callpad-1", "--controller", "127.0.0.1:1",
            "--store", self.hall.path("callpad.store"), "--key-map", self.file))
        self.assertEqual(callpad.wait(), USAGE, callpad.output)
        self.assertIn(f"{self.file}:2: 'press' of KEY_1 is 'nxt'; did you mean 'next'?",
                      callpad.output)
        self.assertIn(f"{self.file}:3: 'KEY_Q1' is no key", callpad.output)
        self.assertFalse(os.path.exists(self.hall.path("callpad.store")), "nothing was begun")


class Display(unittest.TestCase):
    def test_one_that_is_not_there_stops_nothing(self):
        hall = Hall()
        self.addCleanup(hall.close)
        hall.start_controller()
        console = Console(hall.folder)
        self.addCleanup(console.close)
        callpad = hall.start_callpad(
            arguments=(*console.arguments, "--display", "hd44780:/dev/i2c-none:0x27:16x2"))
        callpad.wait_for_line("display: /dev/i2c-none: No such file or directory")
        callpad.wait_for_line("connected to the controller")
        console.cable.login()
        wait_until(lambda: console.cable.ask_json("status")["has_view"], "the view")
        status = console.cable.ask_json("status")
        self.assertEqual((status["display_works"], status["display_state"]),
                         (False, "/dev/i2c-none: No such file or directory"))
        self.assertIn("Loket 1", status["display"])
        self.assertFalse(console.cable.ask_json("self-test")["good"])

    def test_one_that_has_no_name_is_told(self):
        hall = Hall()
        self.addCleanup(hall.close)
        callpad = hall.add(Process("antrean-callpad", "--device", "callpad-1", "--store",
                                   hall.path("callpad.store"), "--display", "lcd"))
        self.assertEqual(callpad.wait(), USAGE, callpad.output)
        self.assertIn("--display 'lcd': a display is 'terminal', or such as", callpad.output)


class Pads(Technician, unittest.TestCase):
    """Two counters at one computer: the keys of the second are not plugged in."""

    def setUp(self):
        self.hall = Hall()
        self.addCleanup(self.hall.close)
        self.socket = self.hall.path("console.sock")
        self.hall.start_controller("--socket", self.socket)
        self.console = Console(self.hall.folder)
        self.addCleanup(self.console.close)
        self.cable = self.console.cable
        self.second_store = self.hall.path("callpad-1.store@callpad-2")

    def start(self):
        return self.hall.start_callpad(arguments=(
            *self.console.arguments, "--pad", "callpad-2=/dev/input/none"))

    def give(self, *services):
        with Kiosk(self.hall.controller.port) as kiosk:
            for service in services:
                kiosk.give(service)

    def call_at_second(self):
        done = subprocess.run(
            [os.path.join(os.environ["ANTREAN_BIN"], "antrean-ctl"), "--socket", self.socket, "call",
             "loket-2"], capture_output=True, text=True, timeout=DEADLINE_S, check=False)
        self.assertEqual(done.returncode, 0, done)

    def test_each_has_its_counter_and_shows_after_a_power_cut_what_it_showed(self):
        """Shows R7, F1."""
        callpad = self.start()
        callpad.wait_for_line(r"^> callpad-1: Loket 1 \| .*menunggu 0$")
        callpad.wait_for_line(r"^> callpad-2: Loket 2 \| .*menunggu 0$")
        self.give("npwp", "ktp-el")
        self.call_at_second()
        callpad.wait_for_line(r"^> callpad-2: Loket 2 \| B-001 \| NPWP")
        callpad.press("n")
        callpad.wait_for_line(r"^> callpad-1: Loket 1 \| A-001 \| KTP-el .*batalkan panggilan$")
        callpad.kill()
        self.hall.controller.kill()
        callpad = self.start()
        callpad.wait_for_line(r"^> callpad-1: Loket 1 \| A-001 \| KTP-el .*TERPUTUS")
        callpad.wait_for_line(r"^> callpad-2: Loket 2 \| B-001 \| NPWP .*TERPUTUS")
        mark = callpad.mark()
        self.hall.start_controller("--socket", self.socket, again=True)
        callpad.wait_after(mark, r"^> callpad-1: Loket 1 \| A-001 .*batalkan panggilan$")
        callpad.wait_after(mark, r"^> callpad-2: Loket 2 \| B-001 .*batalkan panggilan$")
        callpad.send_signal(signal.SIGTERM)
        self.assertEqual(callpad.wait(), 0)

    def test_an_unusable_store_of_one_stops_no_other_and_can_be_removed(self):
        with open(self.second_store, "wb") as file:
            file.write(b"x" * 5000)
        callpad = self.start()
        callpad.wait_for_line("error callpad-2: store: .*: not a callpad store of Antrean")
        callpad.wait_for_line(r"> callpad-2: penyimpanan belum siap")
        callpad.wait_for_line(r"> callpad-1: Loket 1 \| .*menunggu 0$")
        cable = self.cable
        cable.login()
        pads = self.ask("status")["pads"]
        self.assertEqual([(pad["pad"], pad["connected"], pad["has_view"]) for pad in pads],
                         [("callpad-1", True, True), ("callpad-2", False, False)])
        self.assertEqual(pads[0]["store"], "in use")
        self.assertIn("not a callpad store", pads[1]["store"])
        self.assertEqual(pads[1]["keys"], "gone: No such file or directory")
        self.refuse("pad status callpad-9", "argument")
        cable.mark()
        cable.send("pad reset callpad-2\r")
        cable.wait("sure? ")
        cable.send("reset\r")
        cable.wait("It begins anew")
        callpad.wait_for_line(r"> callpad-2: Loket 2 \| .*menunggu 0$")
        cable.ask("help")
        wait_until(lambda: self.ask("pad status callpad-2")["connected"], "the second")
        self.assertTrue(self.ask("pad status callpad-1")["connected"])

    def test_a_factory_reset_forgets_both(self):
        callpad = self.start()
        callpad.wait_for_line(r"> callpad-2: Loket 2 \|")
        self.cable.login()
        self.hall.controller.kill()
        mark = callpad.mark()
        cable = self.cable
        cable.mark()
        cable.send("factory-reset\r")
        cable.wait("sure? ")
        cable.send("callpad-1\r")
        cable.wait("Logged off.")
        callpad.wait_after(mark, r"> callpad-1: belum tersambung")
        callpad.wait_after(mark, r"> callpad-2: belum tersambung")

    def test_a_full_disk_of_one_stops_no_other_and_it_goes_on_when_there_is_room(self):
        """Shows R14, F3."""
        disk = small_disk.SmallDisk(self, self.hall.path("disk"), 1 << 20)
        os.symlink(disk.path("store"), self.second_store)
        callpad = self.start()
        callpad.wait_for_line(r"> callpad-1: Loket 1 \| .*menunggu 0$")
        callpad.wait_for_line(r"> callpad-2: Loket 2 \| .*menunggu 0$")
        disk.fill()
        mark = callpad.mark()
        services = ["npwp"] * 10
        self.give(*services)

        def failed():
            self.call_at_second()  # each is a view to be stored
            return any("penyimpanan belum siap" in line for line in callpad.lines_after(mark))
        wait_until(failed, "the second's store to fail")
        self.give("ktp-el")
        callpad.press("n")
        callpad.wait_after(mark, r"> callpad-1: Loket 1 \| A-001 ")
        self.assertTrue(callpad.running())
        disk.make_room()
        callpad.wait_after(mark, r"> callpad-2: Loket 2 \| B-0.*batalkan panggilan$")

    def test_pads_that_share_something_are_refused(self):
        for pad, why in (("callpad-1=/dev/input/none", "two pads are callpad-1"),
                         ("callpad-2", "write ID=EVDEV, such as")):
            callpad = self.hall.add(Process(
                "antrean-callpad", "--device", "callpad-1", "--controller", "127.0.0.1:1",
                "--store", self.hall.path("callpad.store"), "--pad", pad))
            self.assertEqual(callpad.wait(), USAGE, callpad.output)
            self.assertIn(why, callpad.output)


if __name__ == "__main__":
    unittest.main()
