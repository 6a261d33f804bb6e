"""What an operator is told of a real kiosk's printers: that a roll runs low, before it is out."""

import json
import os
import re
import subprocess
import unittest

from path_programs import Hall
from processes import DEADLINE_S, wait_until

MODELS = os.path.join(os.path.dirname(__file__), "..", "..", "schemas", "printers")
# Low behind the first paper; and the last of it is cut off with the third.
ENDING_ROLL = "at cut 1: paper low\nat cut 3: paper out\n"

LOW = "its paper is low; have a new roll put in before it is out"
OUT = "its paper is out; put in a new roll"
GONE = "it is not connected; look at its cable and its power"
READY = "is ready"


class DevicesTest(unittest.TestCase):
    def setUp(self):
        self.hall = Hall()
        self.addCleanup(self.hall.close)
        self.socket = self.hall.path("console.sock")
        self.controller = self.hall.start_controller("--socket", self.socket)
        # The sensor under the roll is sold with the printer or without.
        with open(os.path.join(MODELS, "epson-tm-t88v.toml"), encoding="utf-8") as model:
            text, count = re.subn(r'^near_end = \[false, "assumed"\]', 'near_end = [true, "epson"]',
                                  model.read(), flags=re.MULTILINE)
        self.assertEqual(count, 1)
        self.profile = self.write("with-sensor.toml", text)

    def write(self, name, text):
        path = self.hall.path(name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def start_printer(self, name, profile, script=""):
        return self.hall.start_printer("--speed", "0", "--profile", profile, "--script",
                                       self.write(name + ".script", script), name=name)

    def start_kiosk(self, printer, *arguments):
        self.kiosk = self.hall.start_kiosk(printer=printer.address,
                                           arguments=("--profile", self.profile, *arguments))
        self.kiosk.wait_until_ready()
        wait_until(lambda: set(self.printers() or ()) == {"ready"}, "all printers to be ready")

    def give(self, key, label, printer):
        self.kiosk.give(key, label)
        printer.wait_for_paper(label)

    def give_in_doubt(self, key, label):
        """The roll ends with its paper."""
        self.kiosk.press(key)
        self.kiosk.wait_for_line(f"> Tiket {label} mungkin belum tercetak utuh")

    def ctl(self, *arguments):
        done = subprocess.run(
            [os.path.join(os.environ["ANTREAN_BIN"], "antrean-ctl"), "--socket", self.socket,
             "devices", *arguments], text=True, timeout=DEADLINE_S, capture_output=True, check=True)
        return done.stdout

    def printers(self):
        """As antrean-ctl tells them to programs."""
        devices = json.loads(self.ctl("--json"))["devices"]
        return next(one.get("printers") for one in devices if one["device"] == "kiosk-1")

    def wait_for(self, *states):
        wait_until(lambda: self.printers() == list(states), f"printers {states}")
        row = next(line for line in self.ctl().splitlines() if line.startswith("kiosk-1 "))
        self.assertIn(", ".join(states), row)

    def log_of(self, printer):
        """The controller's words for a printer of the kiosk, in their order, but for those from before it
        was greeted."""
        said = re.findall(rf"kiosk-1: printer {printer}: (.*)", self.controller.output)
        return said[2:] if said[:1] == [GONE] else said

    def wait_for_log(self, printer, *words):
        wait_until(lambda: self.log_of(printer) == list(words), f"{words} of printer {printer}")

    def test_a_roll_that_runs_low_is_told_before_it_is_out(self):
        printer = self.start_printer("only", self.profile, ENDING_ROLL)
        self.start_kiosk(printer)
        self.assertEqual(self.log_of(1), [])
        self.give("1", "A-001", printer)
        self.wait_for("paper_low")
        self.give("2", "A-002", printer)  # there is paper yet
        self.wait_for_log(1, LOW)
        self.give_in_doubt("3", "B-001")
        self.wait_for("paper_out")
        self.kiosk.wait_for_line("> Kertas tiket habis")
        printer.hand("paper load")
        self.wait_for("ready")
        self.wait_for_log(1, LOW, OUT, READY)

    def test_each_of_two_printers_is_told(self):
        second = self.start_printer("second", "custom-vkp80iii", "at cut 1: paper low\n")
        first = self.start_printer("first", self.profile, ENDING_ROLL.replace("cut 3", "cut 2"))
        self.start_kiosk(first, "--printer", second.address, "--profile", "custom-vkp80iii")
        self.give("1", "A-001", first)
        self.wait_for("paper_low", "ready")
        self.give_in_doubt("2", "A-002")
        self.wait_for("paper_out", "ready")
        self.give("3", "B-001", second)
        self.wait_for("paper_out", "paper_low")
        self.wait_for_log(2, LOW)
        first.hand("paper load")
        self.wait_for("ready", "paper_low")
        self.wait_for_log(1, LOW, OUT, READY)
        second.kill()
        self.wait_for("ready", "gone")
        self.wait_for_log(2, LOW, GONE)

    def test_a_kiosk_that_is_gone_tells_of_no_printer(self):
        printer = self.start_printer("only", self.profile)
        self.start_kiosk(printer)
        printer.hand("paper low")
        self.wait_for("paper_low")
        self.kiosk.terminate()
        wait_until(lambda: self.printers() is None, "the kiosk to be gone")


if __name__ == "__main__":
    unittest.main()
