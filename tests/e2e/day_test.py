"""A day of a hall with five kiosks and two counters, whose network is cut at every stage of a ticket.
In the evening papers, journal and reports tell the same."""

import collections
import csv
import io
import itertools
import os
import re
import subprocess
import threading
import time
import unittest

from client import Callpad, Store
from faulty_network import Cut, FaultyNetwork
from kill_journal import read_events
from path_programs import READY, Hall, KioskProgram, VirtualPrinter
from processes import SITE, wait_until

KIOSKS = 5
KEYS = "123"
MASH_GUARD_S = 1.1  # of one button; a press within it is none
LABEL = re.compile(r"^ *(SALINAN )?([AB]-(?:\d{3,}|[A-Z]{2}\d{2,}))\s*$", re.MULTILINE)
NUMBER = r"> Nomor Anda (\S+)\. Silakan ambil tiket Anda\."

# Of the place of an online ticket and of those between two of them: schemas/journal/README.md has
# the column `place`, controller/engine/event.hpp what it is counted in.
PLACE_SHIFT = 22

_AWAY = Cut("up", "Issue", "before")
STAGES = [
    [_AWAY],
    [Cut("up", "Issue", "middle")],
    [Cut("up", "Issue", "after")],
    [Cut("up", "Issue", "hold")],
    [Cut("down", "Issue.Ticket", "before")],
    [Cut("down", "Issue.Ticket", "middle")],
    [Cut("down", "Issue.Ticket", "after")],
    [Cut("down", "Issue.Ticket", "hold")],
    [Cut("up", "PrintReport", "before")],
    [Cut("up", "PrintReport", "middle")],
    [Cut("up", "PrintReport", "after")],
    [Cut("down", "PrintReport.Done", "before")],
    [Cut("down", "PrintReport.Done", "middle")],
    [_AWAY, Cut("up", "Hello", "middle"), Cut("down", "Welcome", "before")],
    [_AWAY, Cut("down", "Welcome", "middle"), Cut("down", "Menu", "middle")],
    [_AWAY, Cut("down", "Leases", "before"), Cut("down", "Leases", "middle")],
    [_AWAY, Cut("up", "IssueOffline", "before"), Cut("up", "IssueOffline", "middle")],
    [_AWAY, Cut("up", "IssueOffline", "after"), Cut("down", "Welcome", "after")],
    [_AWAY, Cut("down", "IssueOffline.Done", "before"), Cut("up", "PrintReport", "middle")],
    [Cut("down", "Issue.Ticket", "before"), Cut("up", "IssueOffline", "before"),
     Cut("down", "IssueOffline.Done", "middle")],
]

DAY = re.sub(r"(?s)\[\[kiosk\]\].*", "", SITE) + "".join(f"""
[[kiosk]]
id = "kiosk-{n}"
buttons = {{ 1 = "ktp-el", 2 = "kartu-keluarga", 3 = "npwp" }}
""" for n in range(1, KIOSKS + 1))


class Station:
    """A kiosk with a printer and a network of its own, and the hand that presses its buttons."""

    def __init__(self, hall, device):
        self.printer = hall.add(VirtualPrinter(hall.path(device + ".papers"), "--speed", "0"))
        self.network = FaultyNetwork(hall.controller.port)
        self.program = hall.add(KioskProgram(f"127.0.0.1:{self.network.port}",
                                             self.printer.address, hall.path(device + ".store"),
                                             device,
                                             # A day's presses come in a minute.
                                             "--press-limit", "1000/0.01"))
        self.program.wait_until_ready()
        self.network.wait_until_open()
        self.given = []  # (label, wall clock at the press, wall clock when its paper was out)
        self._keys = itertools.cycle(KEYS)
        self._pressed = {}

    def press(self):
        """Presses the next button; returns the label that the screen tells."""
        key = next(self._keys)
        time.sleep(max(0, self._pressed.get(key, 0) + MASH_GUARD_S - time.monotonic()))
        mark = self.program.mark()
        began = time.time()
        self.program.press(key)
        self._pressed[key] = time.monotonic()
        label = self.program.wait_after(mark, NUMBER)[1]
        self.given.append((label, began, time.time()))
        return label

    def live_through(self, stage):
        """Presses until all of STAGE has happened, and until the network is whole again."""
        self.network.plan(*stage)
        what = f"the network is cut {', '.join(map(str, stage))}"
        while not self.network.happened():
            self.press()
            wait_until(lambda: self.network.happened() or self.network.is_open(), what)
        self.network.release()
        self.network.wait_until_open()

    def papers(self):
        """(label, whether it is a copy) of each paper; the last one is cut off by then."""
        self.printer.hand("status")
        self.printer.wait_for_line(r"^online; .* hanging out, 0 bytes waiting")
        found = []
        for paper in self.printer.papers():
            labels = LABEL.findall(paper.text)
            assert len(labels) <= 1, f"{paper} has two numbers"
            found += [(label, bool(copy)) for copy, label in labels]
        return found


class Clerk(threading.Thread):
    """Calls whoever is next at one counter, all day long."""

    def __init__(self, port, device):
        super().__init__(daemon=True)
        self._port, self._device, self._store = port, device, Store()
        self._home = threading.Event()
        self.problem = None

    def run(self):
        try:
            with Callpad(self._port, self._device, self._store) as callpad:
                while not self._home.is_set():
                    answer = callpad.call_next()
                    if answer.kind == "Called":
                        callpad.serve(answer.ticket)
                    else:
                        # Not so often that refusals fill the journal; nothing depends on it.
                        self._home.wait(0.2)
        except Exception as problem:  # told where the test is
            self.problem = problem

    def go_home(self):
        self._home.set()
        self.join(30)


class DayTest(unittest.TestCase):
    def setUp(self):
        self.hall = Hall(DAY)
        self.addCleanup(self.hall.close)
        self.socket = self.hall.path("console.sock")
        self.hall.start_controller("--socket", self.socket)

    def station(self, device):
        station = Station(self.hall, device)
        self.addCleanup(station.network.close)
        return station

    def ctl(self, *arguments):
        done = subprocess.run([os.path.join(os.environ["ANTREAN_BIN"], "antrean-ctl"), *arguments],
                              text=True, timeout=60, capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done)
        return done.stdout

    def test_a_day_with_cuts_at_every_stage_of_a_ticket(self):
        """Shows R1, R2, R3, R5, R8, R14, F11, F12, F14."""
        stations = [self.station(f"kiosk-{n}") for n in range(1, KIOSKS + 1)]
        clerks = [Clerk(self.hall.controller.port, f"callpad-{n}") for n in (1, 2)]
        for clerk in clerks:
            clerk.start()
        problems = []

        def work(station, stages):
            try:
                for stage in stages:
                    station.live_through(stage)
            except BaseException as problem:
                problems.append(problem)

        hands = [threading.Thread(target=work, args=(station, STAGES[n::KIOSKS]))
                 for n, station in enumerate(stations)]
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join()
        self.assertEqual(problems, [])
        # A kiosk tells one thing after the other: what came before this number is told with it.
        for station in stations:
            wait_until(lambda: re.fullmatch(r"[AB]-\d{3,}", station.press()),
                       "a number of the controller")
            station.program.wait_after(station.program.mark() - 1, "> " + READY)
        for clerk in clerks:
            clerk.go_home()
            self.assertIsNone(clerk.problem)
        self.call_all_who_wait()
        for station in stations:
            self.assertEqual(station.program.terminate(), 0)
        papers = [paper for station in stations for paper in station.papers()]
        self.assertEqual(self.hall.controller.terminate(), 0)
        events = read_events(self, self.hall.journal)
        self.check_papers(events, papers,
                          {label for station in stations for label, *_ in station.given})
        for station in stations:
            self.check_arrivals(events, station)
        self.check_order(events)
        self.check_totals(events)

    def call_all_who_wait(self):
        store = Store()

        def nobody_waits():
            with Callpad(self.hall.controller.port, "callpad-2", store) as callpad:
                return callpad.call_everybody()
        wait_until(nobody_waits, "every paper told of, and its number called")

    def check_papers(self, events, papers, told):
        """Each paper is known, none is there twice, and each number has a paper or is void."""
        unmarked = collections.Counter(label for label, copy in papers if not copy)
        self.assertEqual([label for label, count in unmarked.items() if count > 1], [])
        on_paper = {label for label, _ in papers}
        self.assertEqual(on_paper, told, "papers are what the screens told")
        issued, reports, voided = {}, collections.defaultdict(list), collections.defaultdict(list)
        for row in events:
            if row["kind"] in ("issued", "issued_offline"):
                self.assertNotIn(row["label"], issued, "a label is given once")
                issued[row["label"]] = row
            elif row["kind"] == "paper_reported":
                reports[row["label"]].append(row["outcome"])
            elif row["kind"] == "voided":
                voided[row["label"]].append(row["reason"])
        self.assertEqual(on_paper - set(issued), set(), "papers that the journal does not know")
        for label in issued:
            if label in on_paper:
                self.assertEqual((reports[label], voided[label]), (["printed"], []), label)
            else:
                self.assertEqual((reports[label], voided[label]), ([], ["abandoned"]), label)
        given_up = sum(map(len, voided.values()))
        offline = sum(row["kind"] == "issued_offline" for row in issued.values())
        print(f"{len(issued)} numbers, {offline} without the controller, {len(papers)} papers, "
              f"{given_up} given up")
        self.assertGreater(given_up, 0)  # an answer was cut off at least once
        self.assertGreater(offline, len(STAGES) / 2)

    def check_arrivals(self, events, station):
        """A number without the controller waits since its press, and not since it was told; or since
        the controller heard its kiosk last before it was told."""
        told = {label: times for label, *times in station.given}
        self.assertEqual(len(told), len(station.given))
        for row in events:
            if row["kind"] != "issued_offline" or row["label"] not in told:
                continue
            pressed, out = told[row["label"]]
            arrived = row["arrived_ms"] / 1000
            self.assertGreater(arrived, pressed - 1, row["label"])
            if not any(abs(arrived - ended) < 1 for ended in station.network.ended):
                self.assertLess(arrived, out + 1, row["label"])

    def check_order(self, events):
        """Whom a counter calls is the first of those who can be called, by places in the queue."""
        place, came, callable_, series_of = {}, {}, set(), {}  # of those who wait
        serves = {"loket-1": {"A"}, "loket-2": {"A", "B"}}
        calls = 0
        for row in events:
            ticket = row["ticket"]
            if row["kind"] == "issued":
                place[ticket], came[ticket] = row["seq"] << PLACE_SHIFT, row["at_ms"]
                series_of[ticket] = row["label"][0]
            elif row["kind"] == "issued_offline":
                for other, at in came.items():
                    if at != row["arrived_ms"]:
                        self.assertEqual(place[other] < row["place"], at < row["arrived_ms"],
                                         f"{row['label']} stands where its holder came")
                place[ticket], came[ticket] = row["place"], row["arrived_ms"]
                series_of[ticket] = row["label"][0]
            elif row["kind"] in ("paper_reported", "paper_doubted") and ticket in came:
                callable_.add(ticket)
            elif row["kind"] == "voided":
                callable_.discard(ticket)
                del came[ticket]
            elif row["kind"] == "called":
                self.assertIn(ticket, callable_)
                before = [other for other in callable_
                          if series_of[other] in serves[row["counter"]]
                          and (place[other], other) < (place[ticket], ticket)]
                self.assertEqual(before, [], f"{row['label']} is called before them")
                callable_.discard(ticket)
                del came[ticket]
                calls += 1
        self.assertEqual(came, {})
        self.assertGreater(calls, len(STAGES))

    def check_totals(self, events):
        reports = self.hall.path("queue.reports.db")

        def table(name):
            text = self.ctl("export", "--reports", reports, "--table", name, "--csv")
            return list(csv.DictReader(io.StringIO(text)))
        numbers = sum(row["kind"] in ("issued", "issued_offline") for row in events)
        tickets = table("ticket_list")
        self.assertEqual(len(tickets), numbers)
        states = collections.Counter(row["state"] for row in tickets)
        self.assertEqual(set(states) - {"done", "called", "serving", "voided"}, set())
        totals = next(row for row in table("balance")
                      if row["period"] == "today" and row["by"] == "all")
        self.assertEqual(int(totals["issued"]), numbers)
        for state in ("waiting", "called", "serving", "held", "done", "no_show", "voided"):
            self.assertEqual(int(totals[state]), states[state], state)
        self.assertEqual(table("out_of_order"), [])

    def test_a_number_that_is_told_late_for_the_second_time_waits_where_its_holder_came(self):
        """Shows R8, F11, F14."""
        first, second = self.station("kiosk-1"), self.station("kiosk-2")
        # Its telling is on its way when the network breaks again, and longer than that.
        first.network.plan(_AWAY, Cut("up", "IssueOffline", "before"))
        mark = first.program.mark()
        offline = first.press()
        wait_until(first.network.happened, "the telling is on its way")
        first.network.break_now()
        first.program.wait_after(mark, "controller")
        later = [second.press(), second.press()]
        first.network.mend()
        for station, papers in ((first, 1), (second, 2)):
            wait_until(lambda: station.network.passed["PrintReport.Done"] == papers,
                       "every paper told of")
        with Callpad(self.hall.controller.port, "callpad-1") as callpad:
            called = [callpad.call_next().label for _ in range(3)]
        self.assertEqual(called, [offline, *later])


if __name__ == "__main__":
    unittest.main()
