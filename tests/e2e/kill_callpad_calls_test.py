"""A callpad that is killed in front of each system call of a clerk's press, or whose disk fails at one of
them. The press is neither lost, once the display has taken it, nor done twice; and the callpad shows
after its start what it showed.

ANTREAN_CALLS: of each kind so many points, or "all"; ANTREAN_CALLS_FIRST: others of them."""

import collections
import re
import sqlite3
import sys
import unittest

import traced
from client import Kiosk
from faulty_network import FaultyNetwork
from kill_journal import read_events
from path_programs import CallpadProgram, Hall
from processes import wait_until

STORE_FAILED = r"callpad\.store: .*(I/O error|no room is left|full)"
EX_IOERR = 74
SHOWN = re.compile(r"^> Loket 1 \| (A-\d+|tidak ada yang dipanggil) \|")
AWAY = "TERPUTUS"
TAKEN = "| ..."


@unittest.skipUnless(traced.is_possible(), "strace is missing or may not trace")
class KillCallpadCallsTest(unittest.TestCase):
    def setUp(self):
        self.hall = Hall()
        self.addCleanup(self.hall.close)
        self.hall.start_controller()
        self.network = FaultyNetwork(self.hall.controller.port)
        self.addCleanup(self.network.close)
        self.kiosk = Kiosk(self.hall.controller.port)
        self.addCleanup(self.kiosk.close)
        self.outcomes = collections.Counter()
        self.waiting = []
        self.start_callpad()
        self.give()

    def start_callpad(self):
        self.callpad = self.hall.add(CallpadProgram(f"127.0.0.1:{self.network.port}",
                                                    self.hall.path("callpad.store")))

    def give(self):
        """One more who waits. There are always two at a press, so that a second call would be seen."""
        self.waiting.append(self.kiosk.give().label)

    def shown(self, mark=0):
        """What it shows of the counter, oldest first: (label, line)."""
        return [(match[1], line) for line in self.callpad.lines_after(mark)
                if (match := SHOWN.match(line))]

    def wait_until_two_wait(self):
        wait_until(lambda: any(AWAY not in line and re.search(r"menunggu 2\b", line)
                               for _, line in self.shown()[-1:]), "two who wait")

    def press(self, is_over=lambda: False):
        """Presses "next" and waits until the first of those who wait is shown, or it IS_OVER."""
        mark = self.callpad.mark()
        label = self.waiting[0]
        self.callpad.press("n")
        wait_until(lambda: is_over() or any(
            shown == label and TAKEN not in line for shown, line in self.shown(mark)), label)

    def trace(self, inject=None):
        return traced.Traced(self.callpad.popen.pid, self.hall.path("strace.txt"), inject)

    def record(self):
        for _ in range(2):  # the first is not like the others: nobody is there before it
            self.give()
            self.wait_until_two_wait()
            trace = self.trace()
            self.press()
            calls = trace.stop()
            self.waiting.pop(0)
        return traced.points(calls)

    def run_at(self, inject):
        """One press, to which INJECT happens; another callpad on the store goes on from there. Returns
        the exit code of the first, or None where it has lived, and its output."""
        self.give()
        self.wait_until_two_wait()
        before = self.shown()[-1][0]
        label = self.waiting[0]
        trace = self.trace(inject)
        failed, mark = self.callpad, self.callpad.mark()
        try:
            self.press(lambda: trace.over() or not failed.running())
        finally:
            trace.stop()
        code = failed.wait() if trace.ended or not failed.running() else None
        failed.kill()
        showed = self.shown(mark)
        was_taken = any(TAKEN in line or shown == label for shown, line in showed)

        self.network.break_now()
        self.start_callpad()
        self.callpad.wait_for_line(AWAY)
        self.assertIn(self.shown()[0][0], [label] if any(s == label for s, _ in showed)
                      else [before, label], "it shows what it showed")
        mark = self.callpad.mark()
        answers = self.network.passed["CallNext.Called"]
        self.network.mend()
        # What was asked last it asks again, be it this press or the one before.
        wait_until(lambda: self.network.passed["CallNext.Called"] > answers, "an answer")
        is_kept = self.network.answer.label == label
        self.assertTrue(is_kept or not was_taken, "a press that was taken is not lost")
        self.outcomes[f"{'lived' if code is None else 'killed' if code < 0 else f'exit {code}'}, "
                      f"{'kept' if is_kept else 'not taken'}"] += 1
        if is_kept:
            wait_until(lambda: any(shown == label and TAKEN not in line
                                   for shown, line in self.shown(mark)), f"{label} is called")
        else:
            wait_until(lambda: any(TAKEN not in line for _, line in self.shown(mark)[-1:]),
                       "the old answer is heard")
            self.press()
        self.waiting.pop(0)
        return code, failed.output

    def finish(self, what):
        self.give()
        self.wait_until_two_wait()
        self.press()
        self.waiting.pop(0)
        self.assertEqual(self.callpad.terminate(), 0)
        self.assertEqual(self.hall.controller.terminate(), 0)
        events = read_events(self, self.hall.journal)
        issued = [row["label"] for row in events if row["kind"] == "issued"]
        called = [row["label"] for row in events if row["kind"] == "called"]
        self.assertEqual(called, issued[:len(called)], "each press called the next, once")
        self.assertEqual(issued[len(called):], self.waiting)
        asked = [row["request"] for row in events if row["device"] == "callpad-1" and row["request"]]
        self.assertEqual(len(asked), len(called), "no press was refused: none was done twice")
        with sqlite3.connect(self.hall.path("callpad.store")) as store:
            self.assertEqual(store.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
        store.close()
        print(f"{what}: {dict(self.outcomes)}", file=sys.stderr)

    def test_killed_at_each_call_of_a_press(self):
        """Shows R5, R7, R8, F1."""
        points = traced.chosen(self.record())
        for name, which in points:
            with self.subTest(call=name, which=which):
                code, output = self.run_at(f"{name}:signal=KILL:when={which}")
                self.assertIn(code, (None, -9), output)
        killed = sum(n for what, n in self.outcomes.items() if what.startswith("killed"))
        self.assertGreater(killed, len(points) / 2, self.outcomes)
        self.finish(f"{len(points)} kills of a callpad")

    def test_its_disk_fails_at_each_write_of_a_press(self):
        """Shows R5, R6, R7, R12, F3, F4."""
        points = [(name, which, error) for name, which in self.record()
                  if name in ("pwrite64", "fdatasync")
                  for error in ("EIO", "ENOSPC") if error == "EIO" or name == "pwrite64"]
        self.assertGreaterEqual(len(points), 4)
        points = traced.chosen(points)
        for name, which, error in points:
            with self.subTest(call=name, which=which, error=error):
                code, output = self.run_at(f"{name}:error={error}:when={which}")
                self.assertEqual(code, EX_IOERR, output)
                self.assertRegex(output, STORE_FAILED)
        self.finish(f"{len(points)} failing calls of a callpad")


if __name__ == "__main__":
    unittest.main()
