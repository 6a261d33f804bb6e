"""Killing the controller at random instants, under load from eight kiosks, loses no number that was
answered, gives none twice, and leaves a journal without a gap."""

import os
import random
import statistics
import sys
import threading
import time
import unittest

from client import Closed, Kiosk, Message, Store
from kill_journal import read_events
from processes import DEADLINE_S, SITE, Site

KIOSKS = [f"load-{n}" for n in range(1, 9)]
SERVICES = ("ktp-el", "kartu-keluarga", "npwp")
LOAD_SITE = SITE + "".join(
    f'\n[[kiosk]]\nid = "{name}"\nbuttons = {{ 1 = "ktp-el", 2 = "kartu-keluarga", 3 = "npwp" }}\n'
    for name in KIOSKS)


class Load(threading.Thread):
    """A kiosk that asks for tickets as fast as it is answered, over one connection after another."""

    def __init__(self, hall, name, seed):
        super().__init__(name=name, daemon=True)
        self.hall = hall
        self.random = random.Random(seed)
        self.store = Store()
        self.answers = {}  # by request id: what was asked, and what was answered first
        self.repeated = 0  # how often an answered request was asked again
        self.wrong = []

    def run(self):
        try:
            while not (self.hall.stopping and self.store.in_flight is None):
                self.visit()
        except Exception as error:  # told by the test, not lost with the thread
            self.wrong.append(f"{self.name}: {error!r}")

    def visit(self):
        try:
            kiosk = Kiosk(self.hall.port, self.name, self.store)
        except (Closed, OSError):
            self.hall.wait_for_another_port()
            return
        try:
            if kiosk.welcome.last_request not in (self.store.last_request,
                                                  self.store.last_request - 1):
                self.wrong.append(f"{self.name}: {kiosk.welcome} after {self.store.last_request}")
            if self.store.in_flight:
                self.note(self.store.in_flight, kiosk.ask_again())
            if self.store.last_request:
                self.ask_last_again(kiosk)
            # Now and then it rests, so that a kill finds an answer that is the last one.
            issues = self.random.randrange(1, 30) if self.random.random() < 0.3 else 1_000_000
            while issues and not self.hall.stopping:
                asked = Message("Issue", service=self.random.choice(SERVICES))
                answer = kiosk.ask(asked.kind, **asked)
                self.note(Message("Issue", request=self.store.last_request, **asked), answer)
                issues -= 1
            while not self.hall.stopping:
                kiosk.receive(0.2)
        except (Closed, OSError):
            pass
        finally:
            kiosk.close()

    def ask_last_again(self, kiosk):
        asked, _ = self.answers[self.store.last_request]
        self.store.in_flight = asked
        self.note(asked, kiosk.ask_again())
        self.repeated += 1

    def note(self, asked, answer):
        self.hall.answered()
        _, first = self.answers.setdefault(asked.request, (asked, answer))
        if first != answer:
            self.wrong.append(f"{self.name}: {asked} was answered {first}, then {answer}")


class LoadedHall:
    """What the kiosks and the one who kills share."""

    def __init__(self):
        self.port = 0
        self.stopping = False
        self._news = threading.Condition()
        self._heard = False

    def started(self, port):
        with self._news:
            self.port = port
            self._heard = False
            self._news.notify_all()

    def answered(self):
        if self._heard:
            return
        with self._news:
            self._heard = True
            self._news.notify_all()

    def wait_for_answer(self):
        with self._news:
            if not self._news.wait_for(lambda: self._heard, DEADLINE_S):
                raise AssertionError("the controller answers nobody")

    def wait_for_another_port(self):
        """A controller that refuses is dead, or about to be."""
        with self._news:
            port = self.port
            self._news.wait_for(lambda: self.port != port, 0.02)


class KillController(unittest.TestCase):
    kills = int(os.environ.get("ANTREAN_KILLS", "200"))
    seed = int(os.environ.get("ANTREAN_SEED", "20261122"))

    def test_numbers_outlive_every_kill(self):
        """Shows R1, R4, R5, R9, R17, F1."""
        chance = random.Random(self.seed)
        hall = LoadedHall()
        loads = [Load(hall, name, chance.random()) for name in KIOSKS]
        starts = []
        with Site(LOAD_SITE) as site:
            try:
                for kill in range(self.kills + 1):
                    began = time.monotonic()
                    hall.started(site.start().port)
                    starts.append(time.monotonic() - began)
                    if kill == 0:
                        for load in loads:
                            load.start()
                    hall.wait_for_answer()
                    if kill < self.kills:
                        time.sleep(chance.uniform(0.02, 0.15))  # the instant, not a wait
                        site.controller.kill()
            finally:
                hall.stopping = True
                for load in loads:
                    if load.ident:
                        load.join(DEADLINE_S)
            for load in loads:
                self.assertFalse(load.is_alive(), f"{load.name} was not answered any more")
                self.assertEqual(load.wrong, [])
            self.check_last_answers(site.controller.port, loads)
            self.assertEqual(site.controller.terminate(), 0)
            events = read_events(self, site.journal)
        self.check_journal(events, loads)
        answers = sum(len(load.answers) for load in loads)
        repeated = sum(load.repeated for load in loads)
        print(f"seed {self.seed}: {self.kills} kills, {answers} tickets, {repeated} asked again; "
              f"ready after {statistics.median(starts) * 1000:.0f} ms, at most "
              f"{max(starts) * 1000:.0f} ms", file=sys.stderr)

    def check_last_answers(self, port, loads):
        for load in loads:
            asked, first = load.answers[load.store.last_request]
            load.store.in_flight = asked
            with Kiosk(port, load.name, load.store) as kiosk:
                self.assertEqual(kiosk.ask_again(), first)
                # Whatever is older than the last one is not done again either.
                load.store.in_flight = load.answers[asked.request - 1][0]
                older = kiosk.ask_again()
                self.assertEqual((older.kind, older.get("reason")), ("Refused", "STALE_REQUEST"))

    def check_journal(self, events, loads):
        issued = {}
        for row in events:
            if row["kind"] == "issued":
                origin = row["device"], row["request"]
                self.assertNotIn(origin, issued, "one request, one ticket")
                issued[origin] = row
        answered = {}
        for load in loads:
            # Every id was used, each for one request.
            self.assertEqual(sorted(load.answers), list(range(1, load.store.last_request + 1)))
            for request, (asked, answer) in load.answers.items():
                self.assertEqual(answer.kind, "Ticket")
                row = issued.get((load.name, request))
                self.assertIsNotNone(row, f"{answer} of {load.name} is not in the journal")
                self.assertEqual(
                    (answer.ticket, answer.label, answer.service, answer.issued_ms, answer.ahead),
                    (row["ticket"], row["label"], row["service"], row["at_ms"], row["ahead"]))
                self.assertEqual(asked.service, row["service"])
                day_and_label = row["day"], answer.label
                self.assertNotIn(day_and_label, answered, "a number is given once")
                answered[day_and_label] = answer
        self.assertEqual(len(answered), len(issued), "every number of the journal was answered")


if __name__ == "__main__":
    unittest.main()
