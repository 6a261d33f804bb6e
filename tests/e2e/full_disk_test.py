"""A disk that fills up under a running controller: a file system of its own, and real programs."""

import os
import subprocess
import time
import unittest
import urllib.error
import urllib.request

from client import Callpad, Kiosk
from processes import DEADLINE_S, Site

DISK_BYTES = 140 << 20
FILLER_BYTES = 80 << 20  # leaves less than the floor of 64 MiB


class FullDiskTest(unittest.TestCase):
    def setUp(self):
        self.site = Site()
        self.addCleanup(self.site.close)
        self.disk = os.path.join(self.site.folder, "disk")
        os.mkdir(self.disk)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", self.disk],
                                 capture_output=True, check=False)
        if mounted.returncode != 0:
            self.skipTest("no file system may be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", self.disk], check=False)
        self.addCleanup(lambda: self.site.controller and self.site.controller.kill())
        self.site.journal = os.path.join(self.disk, "queue.journal")
        self.filler = os.path.join(self.disk, "filler")

    def fill(self):
        with open(self.filler, "wb") as file:
            file.write(bytes(FILLER_BYTES))

    def health(self, controller):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{controller.http_port}/healthz") as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def press_until(self, kiosk, wanted):
        """Presses until the answer is of the kind WANTED, and gives it; the controller looks at its
        disk every few seconds."""
        end = time.monotonic() + DEADLINE_S
        while time.monotonic() < end:
            answer = kiosk.ask("Issue", service="ktp-el")
            if answer.kind == "Ticket":
                kiosk.ask("PrintReport", ticket=answer.ticket, outcome="PRINTED")
            if answer.kind == wanted:
                return answer
            time.sleep(0.2)
        raise AssertionError(f"no {wanted} within {DEADLINE_S} s")

    def test_tickets_are_refused_calls_go_on_and_room_ends_it(self):
        controller = self.site.start()
        with Kiosk(controller.port) as kiosk, Callpad(controller.port) as callpad:
            first = self.press_until(kiosk, "Ticket")
            self.assertEqual(self.health(controller), (200, "ok\n"))
            self.fill()
            refused = self.press_until(kiosk, "Refused")
            self.assertEqual(refused.reason, "STORAGE_LOW")
            self.assertFalse(os.path.exists(self.site.journal + ".reserve"))
            self.assertEqual(self.health(controller), (503, "the disk has no room for new tickets\n"))
            self.assertEqual(callpad.ask("CallNext").label, first.label)
            self.assertEqual(callpad.ask("Finish", ticket=first.ticket).kind, "Done")
            os.remove(self.filler)
            self.press_until(kiosk, "Ticket")
            self.assertEqual(self.health(controller), (200, "ok\n"))
            self.assertTrue(os.path.exists(self.site.journal + ".reserve"))

    def test_a_start_on_a_full_disk_serves_who_waits(self):
        controller = self.site.start()
        with Kiosk(controller.port) as kiosk:
            first = self.press_until(kiosk, "Ticket")
        controller.kill()
        self.fill()
        controller = self.site.start()
        with Kiosk(controller.port, store=kiosk.store) as kiosk, Callpad(controller.port) as callpad:
            self.assertEqual(kiosk.ask("Issue", service="ktp-el").reason, "STORAGE_LOW")
            self.assertEqual(callpad.ask("CallNext").label, first.label)


if __name__ == "__main__":
    unittest.main()
