"""A disk that fills up under a running controller, or kiosk: a file system of its own, real programs."""

import itertools
import os
import re
import time
import unittest
import urllib.error
import urllib.request

import small_disk
from client import Callpad, Closed, Kiosk, Store
from kill_journal import read_events
from path_programs import READY, Hall
from processes import DEADLINE_S, Site, wait_until

small_disk.enter()

DISK_BYTES = 140 << 20
FLOOR_BYTES = 64 << 20  # below it tickets are refused
ALARMED_BYTES = 340 << 20  # whose last fifth is more than that
RESERVE_BYTES = 16 << 20
EX_IOERR = 74
NUMBER = re.compile(r"> Nomor Anda ([AB]-\d+)\. Silakan ambil tiket Anda\.")


class Controller(unittest.TestCase):
    def setUp(self):
        self.site = Site()
        self.addCleanup(self.site.close)

    def disk_of(self, size):
        self.disk = small_disk.SmallDisk(self, os.path.join(self.site.folder, "disk"), size)
        self.addCleanup(lambda: self.site.controller and self.site.controller.kill())
        self.site.journal = self.disk.path("queue.journal")
        self.reserve = self.site.journal + ".reserve"

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
        """Shows R13, R14, F3."""
        self.disk_of(DISK_BYTES)
        controller = self.site.start()
        with Kiosk(controller.port) as kiosk, Callpad(controller.port) as callpad:
            first = self.press_until(kiosk, "Ticket")
            self.assertEqual(self.health(controller), (200, "ok\n"))
            self.disk.fill(FLOOR_BYTES - (4 << 20))
            refused = self.press_until(kiosk, "Refused")
            self.assertEqual(refused.reason, "STORAGE_LOW")
            self.assertFalse(os.path.exists(self.reserve))
            self.assertEqual(self.health(controller), (503, "the disk has no room for new tickets\n"))
            self.assertEqual(callpad.ask("CallNext").label, first.label)
            self.assertEqual(callpad.ask("Finish", ticket=first.ticket).kind, "Done")
            self.disk.make_room()
            self.press_until(kiosk, "Ticket")
            self.assertEqual(self.health(controller), (200, "ok\n"))
            self.assertTrue(os.path.exists(self.reserve))

    def test_the_alarm_comes_before_a_ticket_is_refused(self):
        """Shows R13, F3."""
        self.disk_of(ALARMED_BYTES)
        controller = self.site.start()
        self.disk.fill(ALARMED_BYTES // 5 - (1 << 20))  # of which tickets need no more than the floor
        controller.wait_for_line("warning the disk fills up .*: make room where ")
        with Kiosk(controller.port) as kiosk:
            self.assertEqual(kiosk.issue().kind, "Ticket")
            self.disk.fill(FLOOR_BYTES - (4 << 20))
            self.assertEqual(self.press_until(kiosk, "Refused").reason, "STORAGE_LOW")

    def test_a_disk_that_is_full_at_once_ends_it_and_nothing_that_was_answered_is_lost(self):
        """Shows R2, R4, R5, R12, R14, F3."""
        self.disk_of(DISK_BYTES)
        controller = self.site.start()
        store = Store()
        with Kiosk(controller.port, store=store) as kiosk:
            answered = [self.press_until(kiosk, "Ticket")]
            # It may just look at its disk, and refuse: then another time.
            for _ in range(10):
                self.disk.fill()
                try:
                    while (answer := kiosk.issue()).kind == "Ticket":
                        answered.append(answer)
                        kiosk.report(answer.ticket)
                    self.disk.make_room()
                    answered.append(self.press_until(kiosk, "Ticket"))
                except Closed:
                    break
        self.assertEqual(controller.wait(), EX_IOERR, controller.output)
        self.assertRegex(controller.output, r"queue\.journal: .*no room is left.*Stopping|"
                                            r"queue\.journal: .*full.*Stopping")
        controller = self.site.start()
        with Kiosk(controller.port, store=store) as kiosk, Callpad(controller.port) as callpad:
            if store.in_flight.kind == "Issue":
                self.assertEqual(kiosk.ask_again().get("reason"), "STORAGE_LOW")
            else:
                self.assertEqual(kiosk.ask_again().kind, "Done")
            self.assertEqual(callpad.call_next().label, answered[0].label)
            self.disk.make_room()
            answered.append(self.press_until(kiosk, "Ticket"))
        self.assertEqual(controller.terminate(), 0)
        issued = [row["label"] for row in read_events(self, self.site.journal)
                  if row["kind"] == "issued"]
        self.assertEqual([answer.label for answer in answered], issued)

    def test_a_start_on_a_full_disk_serves_who_waits(self):
        """Shows R2, R13, F3."""
        self.disk_of(DISK_BYTES)
        controller = self.site.start()
        with Kiosk(controller.port) as kiosk:
            first = self.press_until(kiosk, "Ticket")
        controller.kill()
        self.disk.fill(RESERVE_BYTES)
        controller = self.site.start()
        with Kiosk(controller.port, store=kiosk.store) as kiosk, Callpad(controller.port) as callpad:
            self.assertEqual(kiosk.ask("Issue", service="ktp-el").reason, "STORAGE_LOW")
            self.assertEqual(callpad.ask("CallNext").label, first.label)


class KioskStore(unittest.TestCase):
    """A kiosk whose store has a disk of its own, and a service manager that starts it again."""

    def setUp(self):
        self.hall = Hall()
        self.addCleanup(self.hall.close)
        self.disk = small_disk.SmallDisk(self, self.hall.path("disk"), 1 << 20)
        self.addCleanup(lambda: [program.kill() for program in self.hall.programs])
        self.hall.start_controller()
        self.hall.start_printer("--speed", "0")

    def start(self):
        """A kiosk on that disk; whether it is ready, for one that is not has ended, and said why."""
        self.kiosk = self.hall.start_kiosk(store=self.disk.path("kiosk.store"))
        wait_until(lambda: "> " + READY in self.kiosk.output or not self.kiosk.running(), "a start")
        if self.kiosk.running():
            return True
        self.assert_ended()
        return False

    def assert_ended(self):
        self.assertEqual(self.kiosk.wait(), EX_IOERR, self.kiosk.output)
        self.assertRegex(self.kiosk.output, r"kiosk\.store: .*(no room is left|full)")

    def test_without_room_it_gives_no_number_and_with_room_it_goes_on(self):
        """Shows R1, R2, R3, R12, R14, F3."""
        self.assertTrue(self.start())
        self.kiosk.give("1", "A-001")
        self.kiosk.wait_until_ready()
        ends = 0
        for key in itertools.islice(itertools.cycle("213"), 30):
            # A start may shorten the store's log, which is room for another number.
            self.disk.fill()
            if not self.kiosk.running():
                ends += 1
                if ends == 3:
                    break
                self.start()
                continue
            mark = self.kiosk.mark()
            self.kiosk.press(key)
            wait_until(lambda: not self.kiosk.running() or NUMBER.search(
                "\n".join(self.kiosk.lines_after(mark))), "a number, or its end")
            if not self.kiosk.running():
                self.assert_ended()
        self.assertEqual(ends, 3)
        self.kiosk.kill()
        self.disk.make_room()
        self.assertTrue(self.start())
        mark = self.kiosk.mark()
        self.kiosk.press("2")
        self.kiosk.wait_after(mark, NUMBER.pattern)
        store = Store()

        def nobody_waits():
            with Callpad(self.hall.controller.port, "callpad-2", store) as callpad:
                return callpad.call_everybody()
        # Once this one is told of, so is all that was before it.
        self.kiosk.wait_after(mark, "> " + READY)
        wait_until(nobody_waits, "every paper told of, and its number called")
        self.assertEqual(self.kiosk.terminate(), 0)
        self.hall.printer.hand("status")
        self.hall.printer.wait_for_line(r"^online; .* hanging out, 0 bytes waiting")
        self.assertEqual(self.hall.controller.terminate(), 0)
        issued = [row["label"] for row in read_events(self, self.hall.journal)
                  if row["kind"] == "issued"]
        papers = [paper for paper in self.hall.printer.papers() if paper.label]
        self.assertEqual(sorted({paper.label for paper in papers}), sorted(issued))
        self.assertEqual(len([paper for paper in papers if not paper.copy]), len(issued),
                         "each number has one paper")


if __name__ == "__main__":
    unittest.main()
