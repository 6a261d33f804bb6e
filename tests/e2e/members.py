"""Devices that outlive their connections and the controller, a round of work for them, and what is to
be true of their answers and of the journal, whatever was done to the controller meanwhile."""

import csv
import io
import os
import subprocess

from client import Callpad, Closed, Kiosk, Store
from kill_journal import read_events
from processes import DEADLINE_S, SITE, wait_until

KIOSKS = [f"kiosk-{n}" for n in range(1, 5)]
CALLPADS = ["callpad-1", "callpad-2"]
# Beside the two kiosks of SITE.
ROUND_SITE = SITE + "".join(
    f'\n[[kiosk]]\nid = "{name}"\nbuttons = {{ 1 = "ktp-el", 2 = "kartu-keluarga", 3 = "npwp" }}\n'
    for name in KIOSKS[2:])


class Member:
    """A device of client.py. TEST fails where one request has two answers, or an answer is forgotten."""

    def __init__(self, test, kind, name):
        self.test, self.kind, self.name = test, kind, name
        self.store = Store()
        self.answers = {}  # by request id: what was asked, and what was answered first
        self.device = None

    def connect(self, port):
        """Anew; what is in flight is asked again, otherwise the last request is."""
        self.leave()
        asked_before, in_flight = self.store.last_request, self.store.in_flight
        self.device = self.kind(port, self.name, self.store)
        known = self.device.welcome.last_request
        self.test.assertIn(known, (asked_before, asked_before - bool(in_flight)),
                           f"{self.name}: all that was answered is known after {in_flight}")
        if in_flight:
            self._note(in_flight, self.device.ask_again())
        elif asked_before:
            self.store.in_flight = self.answers[asked_before][0]
            self._note(self.store.in_flight, self.device.ask_again())

    def leave(self):
        if self.device:
            self.device.close()
            self.device = None

    def start(self, kind, **fields):
        self.device.start(kind, **fields)

    def finish(self):
        asked = self.store.in_flight
        return self._note(asked, self.device.answer())

    def ask(self, kind, **fields):
        self.start(kind, **fields)
        return self.finish()

    def last(self):
        """What was asked last, and its answer."""
        return self.answers.get(self.store.last_request, (None, None))

    def _note(self, asked, answer):
        _, first = self.answers.setdefault(asked.request, (asked, answer))
        self.test.assertEqual(first, answer, f"{self.name}: two answers to {asked}")
        return answer


class Members:
    """Four kiosks and two callpads of ROUND_SITE."""

    def __init__(self, test):
        self._test = test
        self.kiosks = [Member(test, Kiosk, name) for name in KIOSKS]
        self.callpads = [Member(test, Callpad, name) for name in CALLPADS]
        self.all = self.kiosks + self.callpads

    def connect(self, port):
        """All of them; papers that a lost connection kept from being reported are reported."""
        for member in self.all:
            member.connect(port)
        for kiosk in self.kiosks:
            self._report(kiosk)

    def leave(self):
        for member in self.all:
            member.leave()

    @staticmethod
    def _start_report(kiosk):
        _, answer = kiosk.last()
        if answer is None or answer.kind != "Ticket":
            return False
        kiosk.start("PrintReport", ticket=answer.ticket, outcome="PRINTED")
        return True

    def _report(self, kiosk):
        if self._start_report(kiosk):
            kiosk.finish()

    def work(self):
        """A round of tickets and calls. A ticket alone, which the controller puts on disk by itself,
        then all at once, which share a flush of its writer; and two clerks at one queue."""
        alone, callpads = self.kiosks[0], self.callpads
        alone.ask("Issue", service="ktp-el")
        self._report(alone)
        for kiosk in self.kiosks:
            kiosk.start("Issue", service="ktp-el")
        for kiosk in self.kiosks:
            kiosk.finish()
        for kiosk in self.kiosks:
            self._start_report(kiosk)
        for callpad in callpads:
            callpad.start("CallNext")
        for member in self.all:
            member.finish()
        for callpad in callpads:
            callpad.start("CallNext")
        called = [callpad.finish() for callpad in callpads]
        for callpad, answer, kind in zip(callpads, called, ("Finish", "NoShow")):
            if answer.kind == "Called":
                callpad.start(kind, ticket=answer.ticket)
        for callpad, answer in zip(callpads, called):
            if answer.kind == "Called":
                callpad.finish()

    def try_to_work(self):
        """Whether the round came to its end; it does not where the controller ends."""
        try:
            self.work()
            return True
        except (Closed, OSError):
            return False

    def check_answers(self, events):
        """What was answered is in the journal, each request once, each number once, and each call of a
        ticket at one counter."""
        test = self._test
        rows, labels, called = {}, set(), {}
        for row in events:
            if row["kind"] in ("issued", "called"):
                test.assertNotIn((row["device"], row["request"]), rows, "one request, one effect")
                rows[row["device"], row["request"]] = row
            if row["kind"] == "issued":
                test.assertNotIn((row["day"], row["label"]), labels, "a number is given once")
                labels.add((row["day"], row["label"]))
            elif row["kind"] == "called":
                test.assertNotIn(row["ticket"], called, "nobody is called at two counters")
                called[row["ticket"]] = row["counter"]
        answered = 0
        for member in self.all:
            for request, (asked, answer) in member.answers.items():
                if answer.kind not in ("Ticket", "Called"):
                    continue
                row = rows.get((member.name, request))
                test.assertIsNotNone(row, f"{answer} of {member.name} is not in the journal")
                test.assertEqual((row["kind"], row["ticket"], row["label"]),
                                 ("issued" if answer.kind == "Ticket" else "called",
                                  answer.ticket, answer.label), asked)
                answered += 1
        test.assertEqual(answered, len(rows), "everything in the journal was answered in the end")
        return answered


def ctl(test, *arguments):
    done = subprocess.run([os.path.join(os.environ["ANTREAN_BIN"], "antrean-ctl"), *arguments],
                          text=True, timeout=60, capture_output=True, check=False)
    test.assertEqual(done.returncode, 0, done)
    return done.stdout


def check_balance(test, reports, events):
    """Every number is in one state of the reports, once these have caught up, and the states add up to
    the numbers."""
    numbers = sum(row["kind"] in ("issued", "issued_offline") for row in events)

    def totals():
        text = ctl(test, "export", "--reports", reports, "--table", "balance", "--csv")
        found = next((row for row in csv.DictReader(io.StringIO(text))
                      if row["period"] == "today" and row["by"] == "all"), None)
        return found if found and int(found["issued"]) == numbers else None
    found = wait_until(totals, f"reports of {numbers} numbers", DEADLINE_S)
    states = ("waiting", "called", "serving", "held", "done", "no_show", "voided")
    test.assertEqual(sum(int(found[state]) for state in states), numbers, found)


def check_evening(test, site, members):
    """Stops the controller of SITE. The journal verifies, its events are whole, all that MEMBERS were
    answered is in them, and the reports balance. Returns the events."""
    reports = os.path.splitext(site.journal)[0] + ".reports.db"
    members.leave()
    test.assertEqual(site.controller.terminate(), 0, site.controller.output)
    test.assertIn("good; ", ctl(test, "verify", site.journal))
    events = read_events(test, site.journal)
    members.check_answers(events)
    # What the last controller had no time to tell the reports, the next one does.
    site.start()
    check_balance(test, reports, events)
    return events
