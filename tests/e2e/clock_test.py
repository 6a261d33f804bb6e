"""Wall clocks that jump, go past midnight, stand in 1970 or follow the rules of far zones: they change
what is shown, and neither a number nor its place. Every ticket has one service day."""

import re
import threading
import time
import unittest

import fake_clock
from client import Callpad, Kiosk, Store
from evening import call_everybody, check_evening
from kill_journal import read_events
from path_programs import Hall, KioskProgram
from processes import SITE

HOUR_S, DAY_S = 3600, 86400
MASH_GUARD_S = 1.1  # of one button; a press within it is none
ZONE = "Asia/Jakarta"
KIOSKS = ("kiosk-1", "kiosk-2")


@unittest.skipUnless(fake_clock.is_possible(), "libfaketime is missing, or not for these programs")
class ClockTest(unittest.TestCase):
    def start(self, zone=ZONE, *when, process_zone=None):
        self.hall = Hall(SITE.replace(ZONE, zone))
        self.addCleanup(self.hall.close)
        self.clock = fake_clock.FakeClock(self.hall.path("clock"))
        self.clock.set(zone, *(when or (2026, 11, 23, 10)))
        self.environment = dict(self.clock.environment)
        if process_zone:
            self.environment["TZ"] = process_zone
        self.hall.start_controller(environment=self.environment)

    def connect(self, kind, name, store=None):
        device = kind(self.hall.controller.port, name, store)
        self.addCleanup(device.close)
        return device

    def events(self):
        self.assertEqual(self.hall.controller.terminate(), 0)
        return read_events(self, self.hall.journal)

    def start_kiosk(self, environment=None):
        self.hall.start_printer("--speed", "0")
        self.kiosk = self.hall.add(KioskProgram(
            f"127.0.0.1:{self.hall.controller.port}", self.hall.printer.address,
            self.hall.path("kiosk.store"), environment=environment))
        self.kiosk.wait_until_ready()
        self.kiosk.wait_for_line("may give numbers of")


class Jumps(ClockTest):
    def test_an_hour_ahead_and_back_changes_what_is_shown_and_nothing_else(self):
        """Shows R1, R8, R9, R11, F8."""
        self.start()
        self.start_kiosk()
        callpad = self.connect(Callpad, "callpad-1")
        mark = self.hall.controller.mark()
        shown = []
        labels = ["A-001", "A-002", "B-001", "A-003", "A-004"]
        pressed = {}
        for jump, key, label in zip((0, HOUR_S, -HOUR_S, -HOUR_S, HOUR_S), "12312", labels):
            self.clock.jump(jump)
            time.sleep(max(0, pressed.get(key, 0) + MASH_GUARD_S - time.monotonic()))
            self.kiosk.give(key, label)
            pressed[key] = time.monotonic()
            paper = self.hall.printer.wait_for_paper(label).text
            shown.append(re.search(r"(\d\d)\.\d\d WIB", paper)[1])
        self.assertEqual(shown, ["10", "11", "10", "09", "10"])
        # The last one's paper may have yet to be told of.
        called = [callpad.call_next().label for _ in range(3)]
        self.assertEqual(called, ["A-001", "A-002", "A-003"], "in order of arrival")
        self.assertNotIn("disconnected", "\n".join(self.hall.controller.lines_after(mark)))
        call_everybody(self.hall)
        self.assertEqual(self.kiosk.terminate(), 0)
        events = check_evening(self, self.hall, [self.hall.printer])
        self.assertEqual({row["day"] for row in events}, {"2026-11-23"})

    def test_a_day_ahead_and_back_gives_no_number_again(self):
        """Shows R1, R9, R10, R11, F8."""
        self.start()
        kiosk = self.connect(Kiosk, "kiosk-1")
        given = [kiosk.give()]
        self.clock.jump(DAY_S)
        given += [kiosk.give(), kiosk.give()]
        self.clock.jump(-DAY_S)
        given += [kiosk.give()]
        self.hall.controller.kill()
        self.hall.start_controller(again=True, environment=self.environment)
        kiosk = self.connect(Kiosk, "kiosk-1", kiosk.store)
        given += [kiosk.give()]
        self.assertEqual([(ticket.service_day, ticket.label) for ticket in given],
                         [("2026-11-23", "A-001"), ("2026-11-24", "A-001"), ("2026-11-24", "A-002"),
                          ("2026-11-24", "A-003"), ("2026-11-24", "A-004")])
        self.events()

    def test_a_clock_that_jumps_at_every_ticket_leaves_them_in_order(self):
        """Shows R1, R8, R9, R11, F8."""
        self.start()
        kiosk, callpad = self.connect(Kiosk, "kiosk-1"), self.connect(Callpad, "callpad-1")
        labels = []
        for number in range(60):
            self.clock.jump((-1) ** number * number * 60)
            labels.append(kiosk.give().label)
        self.assertEqual([callpad.call_next().label for _ in labels], labels)
        self.assertEqual(labels, [f"A-{number:03}" for number in range(1, 61)])
        self.events()

    def test_a_kiosk_in_1970_prints_the_time_of_the_hall(self):
        """Shows R3, R11, F8."""
        self.start()
        kiosk_clock = fake_clock.FakeClock(self.hall.path("kiosk.clock"))
        kiosk_clock.set("UTC", 1970, 1, 2)
        self.start_kiosk(kiosk_clock.environment)
        self.kiosk.give("1", "A-001")
        kiosk_clock.jump(20 * 365 * DAY_S)
        self.hall.controller.kill()
        mark = self.kiosk.mark()
        self.kiosk.wait_after(mark - 1, r"> Silakan tekan tombol layanan\. Jaringan sedang terputus")
        mark = self.kiosk.mark()
        self.kiosk.press("2")
        offline = self.kiosk.wait_after(mark, r"> Nomor Anda (A-[A-Z]{2}01)\.")[1]
        mark = self.kiosk.mark()
        self.hall.start_controller(again=True, environment=self.environment)
        self.kiosk.wait_after(mark, "connected to the controller")
        self.kiosk.give("3", "B-001")
        self.hall.printer.hand("status")
        self.hall.printer.wait_for_line(r"^online; .* hanging out, 0 bytes waiting")
        for paper in self.hall.printer.papers():
            self.assertRegex(paper.text, r"23 November 2026 \S 10\.\d\d WIB", paper.label)
        call_everybody(self.hall)
        self.assertEqual(self.kiosk.terminate(), 0)
        events = check_evening(self, self.hall, [self.hall.printer])
        told = next(row for row in events if row["kind"] == "issued_offline")
        self.assertEqual((told["label"], told["day"]), (offline, "2026-11-23"))
        self.assertLess(abs(told["arrived_ms"] / 1000 - self.clock.now()), 120)


class Midnight(ClockTest):
    def test_a_request_from_before_midnight_keeps_its_day_when_it_is_asked_again(self):
        """Shows R1, R5, R10, F9."""
        for restart in (False, True):
            with self.subTest(restart=restart):
                self.start(ZONE, 2026, 11, 23, 23, 59, 30)
                store = Store()
                kiosk = self.connect(Kiosk, "kiosk-1", store)
                kiosk.start("Issue", service="ktp-el")
                asked = store.in_flight
                first = kiosk.answer()
                kiosk.close()
                if restart:
                    self.hall.controller.kill()
                self.clock.set(ZONE, 2026, 11, 24, 0, 0, 5)
                if restart:
                    self.hall.start_controller(again=True, environment=self.environment)
                store.in_flight = asked  # as if its answer had never come
                kiosk = self.connect(Kiosk, "kiosk-1", store)
                self.assertEqual(kiosk.ask_again(), first)
                self.assertEqual((first.service_day, first.label), ("2026-11-23", "A-001"))
                later = kiosk.issue()
                self.assertEqual((later.service_day, later.label), ("2026-11-24", "A-001"))
                kiosk.close()
                self.events()

    def test_presses_on_their_way_at_midnight_have_one_day_each(self):
        """Shows R1, R2, R9, R10, F9."""
        self.start(ZONE, 2026, 11, 23, 23, 59, 58)
        given, problems = {name: [] for name in KIOSKS}, []

        def press(name):
            try:
                with Kiosk(self.hall.controller.port, name) as kiosk:
                    after = 0
                    while after < 20:
                        given[name].append(kiosk.issue())
                        after += given[name][-1].service_day == "2026-11-24"
            except Exception as problem:  # told where the test is
                problems.append(problem)
        hands = [threading.Thread(target=press, args=(name,)) for name in KIOSKS]
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join()
        self.assertEqual(problems, [])
        rows = {row["ticket"]: row for row in self.events() if row["kind"] == "issued"}
        numbers = {}
        for name in KIOSKS:
            days = [ticket.service_day for ticket in given[name]]
            self.assertEqual(days, sorted(days), "a day that was over does not come again")
            self.assertEqual(set(days), {"2026-11-23", "2026-11-24"})
            for ticket in given[name]:
                row = rows.pop(ticket.ticket)
                self.assertEqual((ticket.service_day, ticket.label), (row["day"], row["label"]))
                numbers.setdefault(ticket.service_day, []).append(row["number"])
        self.assertEqual(rows, {}, "every number was answered")
        for day, found in numbers.items():
            self.assertEqual(sorted(found), list(range(1, len(found) + 1)), day)


class Zones(ClockTest):
    def in_zone(self, zone, process_zone, *steps):
        """A ticket at each of STEPS, (local time or seconds later, its label, its service day, minutes
        ahead of UTC); the zone of the site counts, and not that of the process."""
        self.start(zone, *steps[0][0], process_zone=process_zone)
        self.kiosk = self.connect(Kiosk, "kiosk-1")
        for when, label, day, offset in steps:
            if isinstance(when, tuple):
                self.clock.set(zone, *when)
            else:
                self.clock.jump(when)
            ticket = self.kiosk.issue()
            self.assertEqual((ticket.label, ticket.service_day, ticket.utc_offset_min),
                             (label, day, offset), when)
            self.assertLess(abs(ticket.issued_ms / 1000 - self.clock.now()), 60)
        days = {row["ticket"]: row["day"] for row in self.events() if row["kind"] == "issued"}
        self.assertEqual(list(days.values()), [day for _, _, day, _ in steps])

    def test_jayapura(self):
        """Shows R10, F10."""
        self.in_zone("Asia/Jayapura", "Europe/Berlin",
                     ((2026, 11, 23, 23, 59, 0), "A-001", "2026-11-23", 540),
                     ((2026, 11, 24, 0, 0, 1), "A-001", "2026-11-24", 540),
                     ((2026, 11, 24, 8, 59, 0), "A-002", "2026-11-24", 540),  # 23:59 UTC
                     ((2026, 11, 24, 9, 0, 1), "A-003", "2026-11-24", 540))

    def test_berlin_at_both_ends_of_summer(self):
        """Shows R9, R10, F10."""
        self.in_zone("Europe/Berlin", "Pacific/Apia",
                     ((2026, 3, 29, 1, 59, 30), "A-001", "2026-03-29", 60),
                     ((2026, 3, 29, 3, 0, 1), "A-002", "2026-03-29", 120),
                     ((2026, 10, 25, 2, 30, 0), "A-001", "2026-10-25", 120),
                     (HOUR_S, "A-002", "2026-10-25", 60),  # half past two once more
                     ((2026, 10, 25, 23, 59, 30), "A-003", "2026-10-25", 60),
                     ((2026, 10, 26, 0, 0, 1), "A-001", "2026-10-26", 60))

    def test_apia_without_a_thirtieth_and_at_both_ends_of_summer(self):
        """Shows R9, R10, F10."""
        self.in_zone("Pacific/Apia", "Asia/Jayapura",
                     ((2011, 12, 29, 23, 59, 30), "A-001", "2011-12-29", -600),
                     (60, "A-001", "2011-12-31", 840),
                     ((2021, 4, 4, 3, 30, 0), "A-001", "2021-04-04", 840),
                     (HOUR_S, "A-002", "2021-04-04", 780))


if __name__ == "__main__":
    unittest.main()
