"""A kiosk that is killed in front of each system call of a press, or whose disk fails at one of them:
with and without the controller. Afterwards the papers, its store and the journal tell the same.

ANTREAN_CALLS: of each kind so many points, or "all"; ANTREAN_CALLS_FIRST: others of them."""

import collections
import re
import sqlite3
import sys
import unittest

import traced
from client import Callpad, Store
from faulty_network import FaultyNetwork
from kill_journal import read_events
from path_programs import LAST_LINE, READY, Hall, KioskProgram
from processes import wait_until

LABEL = re.compile(r"^ *(SALINAN )?([AB]-(?:\d{3,}|[A-Z]{2}\d{2,}))\s*$", re.MULTILINE)
# The person of a press is told its number. Papers that are traced, and what is left of them after a
# kill, are of series A; those that are not, of B.
TOLD = {key: rf"> Nomor Anda ({series}-\S+)\. Silakan ambil tiket Anda\."
        for key, series in (("1", "A"), ("2", "A"), ("3", "B"))}
READY_OFFLINE = r"> Silakan tekan tombol layanan\. Jaringan sedang terputus"
STORE_FAILED = r"kiosk\.store: .*(I/O error|no room is left|full)"
PROFILE = ("--profile", "epson-tm-t20iii")  # it has the strongest confirmation of a paper
EX_IOERR = 74


@unittest.skipUnless(traced.is_possible(), "strace is missing or may not trace")
class KillCallsTest(unittest.TestCase):
    def setUp(self):
        self.hall = Hall()
        self.addCleanup(self.hall.close)
        self.hall.start_controller()
        self.printer = self.hall.start_printer("--speed", "0", *PROFILE)
        self.network = FaultyNetwork(self.hall.controller.port)
        self.addCleanup(self.network.close)
        self.runs = []  # what was done in each, and its calls
        self.outcomes = collections.Counter()
        self.start_kiosk()

    def start_kiosk(self, offline=False):
        self.kiosk = self.hall.add(KioskProgram(
            f"127.0.0.1:{self.network.port}", self.printer.address, self.hall.path("kiosk.store"),
            "kiosk-1", *PROFILE))
        self.kiosk.wait_for_line(READY_OFFLINE if offline else "> " + re.escape(READY))
        if not offline:
            self.kiosk.wait_for_line("may give numbers of")

    def press(self, key):
        mark = self.kiosk.mark()
        self.kiosk.press(key)
        return self.kiosk.wait_after(mark, TOLD[key])[1]

    def go_offline(self):
        mark = self.kiosk.mark()
        self.network.break_now()
        self.kiosk.wait_after(mark, READY_OFFLINE)

    def trace(self, inject=None):
        return traced.Traced(self.kiosk.popen.pid, self.hall.path("strace.txt"), inject)

    def record(self, offline):
        """The calls of one press, until its person and the controller have been told."""
        self.press("3")
        trace = self.trace()
        reports = self.network.passed["PrintReport.Done"]
        self.press("1")  # not that of the first run, which must not look mashed
        if not offline:
            wait_until(lambda: self.network.passed["PrintReport.Done"] > reports,
                       "the paper told of")
        return traced.points(trace.stop())

    def run_at(self, inject, offline):
        """One press of the kiosk, to which INJECT happens; then another kiosk on its store. Returns
        the exit code of the first, or None where it has lived."""
        trace = self.trace(inject)
        mark = self.kiosk.mark()
        reports = self.network.passed["PrintReport.Done"]

        def told():
            return any(re.search(TOLD["2"], line) for line in self.kiosk.lines_after(mark))
        try:
            self.kiosk.press("2")
            wait_until(lambda: trace.over() or not self.kiosk.running() or told() and
                       (offline or self.network.passed["PrintReport.Done"] > reports),
                       f"the end of a press with {inject}")
        finally:
            trace.stop()
        code = self.kiosk.wait() if trace.ended or not told() else None
        failed = self.kiosk
        self.kiosk.kill()
        self.start_kiosk(offline)
        label = self.press("3")  # the next press works
        self.runs.append((inject, label))
        self.outcomes["lived" if code is None else "killed" if code < 0 else f"exit {code}"] += 1
        return code, failed

    def kill_at_each(self, offline):
        if offline:
            self.go_offline()
        points = self.record(offline)
        chosen = traced.chosen(points)
        for name, which in chosen:
            # A call that does not come again as in the record lets the press through; it is killed
            # behind that then.
            code, _ = self.run_at(f"{name}:signal=KILL:when={which}", offline)
            self.assertIn(code, (None, -9))
        self.assertGreater(self.outcomes["killed"], len(chosen) / 2)
        self.finish(f"{len(points)} calls")

    def test_killed_at_each_call_of_a_press(self):
        """Shows R1, R2, R3, R5, F1, F18."""
        self.kill_at_each(offline=False)

    def test_killed_at_each_call_of_a_press_without_the_controller(self):
        """Shows R1, R2, R3, F1, F14, F18."""
        self.kill_at_each(offline=True)

    def fail_at_each(self, offline):
        if offline:
            self.go_offline()
        points = [(name, which, error) for name, which in self.record(offline)
                  if name in ("pwrite64", "fdatasync") for error in ("EIO", "ENOSPC")]
        self.assertGreaterEqual(len(points), 8)
        for name, which, error in traced.chosen(points):
            code, kiosk = self.run_at(f"{name}:error={error}:when={which}", offline)
            # It ends, and says of what: it never goes on with a store that it does not know.
            self.assertEqual(code, EX_IOERR, kiosk.output)
            self.assertRegex(kiosk.output, STORE_FAILED)
        self.finish(f"{len(points)} failing calls")

    def test_the_disk_fails_at_each_write_of_a_press(self):
        """Shows R3, R5, R6, R12, F3, F4."""
        self.fail_at_each(offline=False)

    def test_the_disk_fails_at_each_write_of_a_press_without_the_controller(self):
        """Shows R1, R3, R12, F3, F4, F14."""
        self.fail_at_each(offline=True)

    def finish(self, what):
        self.network.mend()
        self.network.wait_until_open()
        store = Store()

        def nobody_waits():
            with Callpad(self.hall.controller.port, "callpad-2", store) as callpad:
                return callpad.call_everybody()
        wait_until(nobody_waits, "every number told of, with its paper", 60)
        self.press("1")
        wait_until(nobody_waits, "the last number told of, with its paper")
        self.assertEqual(self.kiosk.terminate(), 0)
        self.printer.hand("status")
        self.printer.wait_for_line(r"^online; .* hanging out, 0 bytes waiting")
        papers = self.printer.papers()
        self.assertEqual(self.hall.controller.terminate(), 0)
        events = read_events(self, self.hall.journal)
        copies = self.check_papers(events, papers)
        self.check_store(events)
        print(f"{what}, {len(self.runs)} runs: {dict(self.outcomes)}, {len(papers)} papers, "
              f"{copies} copies", file=sys.stderr)

    def check_papers(self, events, papers):
        issued, voided = {}, {}
        reports = collections.defaultdict(list)
        for row in events:
            if row["kind"] in ("issued", "issued_offline"):
                self.assertNotIn(row["label"], issued, "a label is given once")
                issued[row["label"]] = row
            elif row["kind"] == "paper_reported":
                reports[row["label"]].append(row["outcome"])
            elif row["kind"] == "voided":
                voided[row["label"]] = row["reason"]
        found = collections.Counter()
        whole = set()
        copies = 0
        for paper in papers:
            labels = LABEL.findall(paper.text)
            self.assertLessEqual(len({label for _, label in labels}), 1, paper)
            for copy, label in labels[:1]:
                self.assertIn(label, issued, f"{paper} has a number that nobody gave")
                self.assertTrue(copy or not found[label],
                                f"{label} is on two papers without a mark; runs: {self.runs}")
                found[label] += 1
                copies += bool(copy)
                if LAST_LINE in paper.text:
                    whole.add(label)
        for label in issued:
            if voided.get(label) == "abandoned":
                self.assertEqual((reports[label], found[label]), ([], 0), label)
                continue
            self.assertEqual(len(reports[label]), 1, f"{label} is told of once")
            if reports[label] == ["printed"]:
                self.assertIn(label, whole, "it was printed, and there is no paper")
            elif reports[label] == ["not_printed"]:
                self.assertEqual(found[label], 0, f"{label} is void, and there is a paper")
        for _, label in self.runs:
            self.assertIn(label, whole, "the press after a kill had its paper")
        return copies

    def check_store(self, events):
        """The kiosk's store and the journal agree: nothing is left to be told."""
        with sqlite3.connect(self.hall.path("kiosk.store")) as store:
            for table in ("jobs", "offline"):
                self.assertEqual(store.execute(f"SELECT * FROM {table}").fetchall(), [], table)
            self.assertEqual(store.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
            last = store.execute("SELECT id FROM request").fetchone()[0]
            given = dict(store.execute("SELECT lease, given FROM leases").fetchall())
        told = [row["request"] for row in events if row["device"] == "kiosk-1" and row["request"]]
        self.assertEqual(max(told), last)
        numbers = collections.defaultdict(set)
        for row in events:
            if row["kind"] == "issued_offline":
                numbers[row["lease"]].add(row["number"])
        for lease, count in given.items():
            self.assertEqual(numbers[lease], set(range(1, count + 1)), f"lease {lease}")


if __name__ == "__main__":
    unittest.main()
