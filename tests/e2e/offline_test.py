"""Numbers that a kiosk gives by itself while it has no controller, and what becomes of them."""

import itertools
import os
import re
import signal
import sqlite3
import subprocess
import time
import unittest

from path_programs import Hall
from processes import SITE

OFFLINE = re.compile(r"^ *((?:SALINAN )?[AB]-[A-Z]{2}\d{2,})\s*$", re.MULTILINE)
READY_OFFLINE = r"> Silakan tekan tombol layanan\. Jaringan sedang terputus"
NO_NUMBER = "> Sambungan ke pusat terputus: nomor belum dapat diberikan"
MASH_GUARD_S = 1.1  # of one button; a press within it is none
HOLDS = "Diberikan saat jaringan terputus. Nomor ini tetap berlaku."


class OfflineTest(unittest.TestCase):
    def start(self, site=SITE):
        self.pressed = {}
        self.hall = Hall(site)
        self.addCleanup(self.hall.close)
        self.controller = self.hall.start_controller()
        self.printer = self.hall.start_printer("--speed", "0")

    def start_kiosk(self):
        self.kiosk = self.hall.start_kiosk()
        self.kiosk.wait_until_ready()
        leases = self.kiosk.wait_for_line(r"may give numbers of A-([A-Z]{2}) B-([A-Z]{2})$")
        self.a, self.b = f"A-{leases[1]}", f"B-{leases[2]}"

    def press(self, key, line=r"> Nomor Anda (\S+)\. Silakan ambil tiket Anda"):
        mark = self.kiosk.mark()
        time.sleep(max(0, self.pressed.get(key, 0) + MASH_GUARD_S - time.monotonic()))
        self.kiosk.press(key)
        self.pressed[key] = time.monotonic()
        found = self.kiosk.wait_after(mark, line)
        return found[1] if found.re.groups else found[0]

    def lose_the_controller(self):
        mark = self.kiosk.mark()
        self.controller.kill()
        self.kiosk.wait_after(mark, READY_OFFLINE)

    def get_it_back(self):
        mark = self.kiosk.mark()
        self.controller = self.hall.start_controller(again=True)
        self.kiosk.wait_after(mark, "connected to the controller")

    def papers(self):
        return [label for paper in self.printer.papers() for label in OFFLINE.findall(paper.text)]

    def test_a_hall_without_a_controller_gives_numbers_and_they_are_called_in_order(self):
        """Shows R3, R8, R14, F14."""
        self.start()
        self.start_kiosk()
        self.assertEqual(self.press("1"), "A-001")
        self.lose_the_controller()
        self.assertEqual(self.press("1"), self.a + "01")
        self.assertEqual(self.press("2"), self.a + "02")
        self.assertEqual(self.press("3"), self.b + "01")
        self.assertEqual(self.papers(), [self.a + "01", self.a + "02", self.b + "01"])
        offline = self.printer.papers()[1]
        self.assertIn(HOLDS, " ".join(offline.text.split()))
        self.assertNotIn("menunggu di depan Anda", offline.text)
        self.assertNotIn(HOLDS, self.printer.papers()[0].text)

        self.get_it_back()
        self.assertEqual(self.press("1"), "A-002")
        callpad = self.hall.start_callpad()
        callpad.wait_for_line(r"> Loket 1 \| .*menunggu 4")
        for label in ("A-001", self.a + "01", self.a + "02", "A-002"):
            mark = callpad.mark()
            callpad.press("n")
            callpad.wait_after(mark, rf"> Loket 1 \| {label} ")

    def test_a_kiosk_that_starts_without_a_controller_uses_its_last_menu_and_leases(self):
        """Shows F14."""
        self.start()
        self.start_kiosk()
        self.lose_the_controller()
        self.kiosk.kill()
        self.kiosk = self.hall.start_kiosk()
        self.kiosk.wait_for_line(READY_OFFLINE)
        self.assertEqual(self.press("1"), self.a + "01")
        # It has no clock that it could believe.
        self.assertNotRegex(self.printer.papers()[-1].text, r"20\d\d|WIB")
        self.kiosk.kill()
        self.kiosk = self.hall.start_kiosk()
        self.kiosk.wait_for_line(READY_OFFLINE)
        self.assertEqual(self.press("1"), self.a + "02")
        self.get_it_back()
        callpad = self.hall.start_callpad()
        callpad.wait_for_line(r"> Loket 1 \| .*menunggu 2")

    def test_a_controller_that_does_not_answer_is_given_up_and_its_number_is_void(self):
        """Shows R5, R6, F12, F14."""
        self.start()
        self.start_kiosk()
        self.controller.send_signal(signal.SIGSTOP)
        self.assertEqual(self.press("1"), self.a + "01")
        self.controller.send_signal(signal.SIGCONT)
        # What is pressed before its old answer has come is still given without it.
        labels = [self.a + "01"]
        for key in itertools.cycle("23"):
            labels.append(self.press(key))
            if not re.fullmatch(r"[AB]-[A-Z]{2}\d\d", labels[-1]):
                break
        callpad = self.hall.start_callpad("callpad-2")
        callpad.wait_for_line(rf"> Loket 2 \| .*menunggu {len(labels)}")
        self.controller.terminate()
        with sqlite3.connect(self.hall.journal) as journal:
            self.assertEqual(journal.execute(
                "SELECT label, reason FROM events WHERE kind = 'voided'").fetchall(),
                [("A-001", "abandoned")])

    def test_a_holder_is_served_while_the_kiosk_is_away(self):
        """Shows R1, F14."""
        self.start()
        self.start_kiosk()
        self.lose_the_controller()
        self.assertEqual(self.press("1"), self.a + "01")
        self.kiosk.send_signal(signal.SIGSTOP)
        socket = self.hall.path("console.sock")
        self.controller = self.hall.start_controller("--socket", socket, again=True)
        ctl = [os.path.join(os.environ["ANTREAN_BIN"], "antrean-ctl"), "--socket", socket]
        for label, answer in ((self.a + "01", self.a + "01 for kartu-keluarga\n"), ("A-ZZ01", ""),
                              (self.a + "1", "")):
            done = subprocess.run([*ctl, "call", "loket-1", "--label", label], text=True, timeout=30,
                                  capture_output=True, check=False)
            self.assertEqual(done.stdout, answer, done)
        mark = self.kiosk.mark()
        self.kiosk.send_signal(signal.SIGCONT)
        self.kiosk.wait_after(mark, "connected to the controller")
        # It tells of a number that is known, and of its paper.
        self.assertEqual(self.press("2"), "A-001")
        self.assertNotIn("warning", self.controller.output.replace("has been given", ""))

    def test_a_site_may_deny_it(self):
        self.start(SITE.replace('time_zone =', 'offline = "deny"\ntime_zone ='))
        self.kiosk = self.hall.start_kiosk()
        self.kiosk.wait_until_ready()
        self.controller.kill()
        self.kiosk.wait_for_line(NO_NUMBER)
        mark = self.kiosk.mark()
        self.kiosk.press("1")
        self.controller = self.hall.start_controller(again=True)
        self.kiosk.wait_after(mark, "connected to the controller")
        self.assertEqual(self.press("2"), "A-001")
        self.assertEqual(len(self.printer.papers()), 1)


if __name__ == "__main__":
    unittest.main()
