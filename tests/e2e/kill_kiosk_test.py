"""Killing the kiosk at random instants: in the end the papers of the printer and the journal of the
controller tell the same."""

import collections
import os
import random
import sys
import threading
import time
import unittest

from client import Callpad, Store
from kill_journal import read_events
from path_programs import LABEL, READY, Hall
from processes import DEADLINE_S, wait_until

KEYS = "123"
PRESS_EVERY_S = 0.36  # so that no button is pressed twice within its guard


class Hand(threading.Thread):
    """Presses one button after the other, on whichever kiosk is there."""

    def __init__(self):
        super().__init__(daemon=True)
        self.kiosk = None
        self._stopping = threading.Event()

    def run(self):
        key = 0
        while not self._stopping.wait(PRESS_EVERY_S):
            kiosk = self.kiosk
            if kiosk and kiosk.press(KEYS[key % len(KEYS)]):
                key += 1

    def stop(self):
        self._stopping.set()
        self.join(DEADLINE_S)


class KillKiosk(unittest.TestCase):
    kills = int(os.environ.get("ANTREAN_KILLS", "60"))
    seed = int(os.environ.get("ANTREAN_SEED", "20261122"))

    def test_papers_and_journal_agree_after_every_kill(self):
        """Shows R1, R2, R3, F1, F18."""
        chance = random.Random(self.seed)
        with Hall() as hall:
            hall.start_controller()
            hall.start_printer("--speed", "300")
            hand = Hand()
            hand.start()
            try:
                for kill in range(self.kills):
                    hand.kiosk = None
                    kiosk = hall.start_kiosk()
                    if kill % 2 == 0:
                        kiosk.wait_until_ready()
                    hand.kiosk = kiosk
                    time.sleep(chance.uniform(0, 1.2))  # the instant, not a wait
                    kiosk.kill()
            finally:
                hand.stop()
            kiosk = hall.start_kiosk()
            kiosk.wait_until_ready()
            self.wait_until_settled(hall, kiosk)
            self.assertEqual(kiosk.terminate(), 0)
            papers = self.last_papers(hall)
            self.assertEqual(hall.controller.terminate(), 0)
            events = read_events(self, hall.journal)
        self.check(events, papers)

    def wait_until_settled(self, hall, kiosk):
        """One more ticket: what came before it is settled when it is, for the kiosk tells one thing
        after the other."""
        def printed_last():
            mark = kiosk.mark()
            kiosk.press("1")
            try:
                kiosk.wait_after(mark, r"> Nomor Anda \S+\. Silakan ambil tiket Anda\.", 5)
                return True
            except AssertionError:
                return False
        wait_until(printed_last, "a ticket of the kiosk that stays", 60)
        # On a slow machine more kills fall before a paper is out, and their tickets come first.
        kiosk.wait_after(kiosk.mark() - 1, "> " + READY, 90)

        # A callpad that may call sees all who wait; a paper that is pending cannot be called.
        def nobody_pending():
            with Callpad(hall.controller.port, "callpad-2", store) as callpad:
                while callpad.call_next().kind == "Called":
                    pass
                return callpad.view.waiting == 0
        store = Store()
        wait_until(nobody_pending, "every paper reported", 60)

    def last_papers(self, hall):
        """All papers. The last was cut, so nothing of one is left in the printer."""
        hall.printer.hand("status")
        hall.printer.wait_for_line(r"^online; .* hanging out, 0 bytes waiting")
        return hall.printer.papers()

    def check(self, events, papers):
        issued = {row["label"]: row for row in events if row["kind"] == "issued"}
        reports = collections.defaultdict(list)
        for row in events:
            if row["kind"] == "paper_reported":
                reports[row["label"]].append(row)
        whole = collections.defaultdict(list)
        seen = collections.Counter()
        for paper in papers:
            labels = LABEL.findall(paper.text)
            for label in labels:
                self.assertIn(label, issued, f"{paper} has a number that nobody gave")
            if not labels:
                continue
            self.assertEqual(len(set(labels)), 1, f"{paper} has two numbers")
            label = labels[0]
            if seen[label]:
                self.assertTrue(paper.copy, f"{paper} is another paper of its number, unmarked")
            seen[label] += 1
            if paper.whole:
                whole[label].append(paper)
        outcomes = collections.Counter()
        for label, row in issued.items():
            self.assertEqual(len(reports[label]), 1, f"{label} is told of once")
            report = reports[label][0]
            self.assertEqual(report["ticket"], row["ticket"])
            outcomes[report["outcome"]] += 1
            if report["outcome"] == "printed":
                self.assertTrue(whole[label], f"{label} was printed, and there is no paper")
                if report["copy"]:
                    self.assertTrue(whole[label][-1].copy)
            elif report["outcome"] == "not_printed":
                self.assertEqual(seen[label], 0, f"{label} is void, and there is a paper")
        copies = sum(paper.copy for paper in papers)
        print(f"seed {self.seed}: {self.kills} kills, {len(issued)} tickets, {dict(outcomes)}, "
              f"{len(papers)} papers, {copies} copies", file=sys.stderr)
        self.assertGreater(len(issued), self.kills // 10)


if __name__ == "__main__":
    unittest.main()
