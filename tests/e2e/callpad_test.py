"""What a real callpad is told by its options: its keys."""

import os
import unittest

from path_programs import Hall
from processes import Process

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


if __name__ == "__main__":
    unittest.main()
