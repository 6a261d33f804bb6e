"""A controller that is killed in front of each system call of its three threads, or whose disk fails at
each write and each flush: while kiosks press and clerks call, while it starts and while it stops.

ANTREAN_CALLS: of each kind so many points, or "all"; ANTREAN_CALLS_FIRST: others of them."""

import collections
import os
import sys
import unittest

import traced
from members import ROUND_SITE, Members, check_evening
from processes import DEADLINE_S, Process, Site, wait_until

MAIN, WRITER, REPORTS = "main", "writer", "reports"
THREADS = (MAIN, WRITER, REPORTS)  # in the order in which the controller begins them
# The reports gather what is new for a fifth of a second: many a round passes them by. And the loop
# may happen to flush by itself all that a round brings.
ROUNDS = {MAIN: 1, WRITER: 5, REPORTS: 40}
WRITES = ("pwrite64", "fdatasync", "fsync", "ftruncate", "fallocate")
FLUSHES = ("fdatasync", "fsync")
EX_OK, EX_UNUSABLE, EX_IOERR = 0, 65, 74
STOPPED = r"queue\.journal: .*Stopping; nothing more is answered"
READY = r"devices at "


def failures(points):
    """The writes of POINTS and how each may fail. A flush does not find a disk full, writes do."""
    return [(name, which, error) for name, which in points if name in WRITES
            for error in ("EIO", "ENOSPC") if error == "EIO" or name not in FLUSHES]


@unittest.skipUnless(traced.is_possible(), "strace is missing or may not trace")
class KillControllerCallsTest(unittest.TestCase):
    def setUp(self):
        self.site = Site(ROUND_SITE)
        self.addCleanup(self.site.close)
        self.members = Members(self)
        self.addCleanup(self.members.leave)
        self.outcomes = collections.Counter()
        self.log = os.path.join(self.site.folder, "strace.txt")

    def start(self):
        """A controller where the last one was, with everybody connected."""
        last = self.site.controller
        ports = {"port": last.port, "http_port": last.http_port} if last else {}
        self.site.start(**ports)
        self.members.connect(self.site.controller.port)

    def trace(self, thread, inject=None):
        found = traced.threads(self.site.controller.popen.pid)
        self.assertEqual(len(found), len(THREADS), "the threads of ARCHITECTURE.md")
        return traced.Traced(found[THREADS.index(thread)], self.log, inject)

    def trace_so_far(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()

    def record(self, thread):
        trace = self.trace(thread)
        for _ in range(ROUNDS[thread]):
            self.members.work()
            if "pwrite64" in self.trace_so_far():
                break
        return traced.points(trace.stop())

    def run_at(self, thread, inject):
        """Rounds of work while INJECT happens to THREAD; then a controller that everybody comes back
        to. Returns the exit code of the first, or None where it has lived, and its output."""
        controller = self.site.controller
        trace = self.trace(thread, inject)
        try:
            for _ in range(ROUNDS[thread]):
                if (not self.members.try_to_work() or trace.over()
                        or "(INJECTED)" in self.trace_so_far()):
                    break
        finally:
            trace.stop()
        ended = trace.ended or not controller.running()
        code = controller.wait() if ended else None
        self.outcomes["lived" if code is None else "killed" if code < 0 else f"exit {code}"] += 1
        if ended:
            self.start()
        return code, controller.output

    def finish(self, what):
        # Everybody works once more, with nothing in the way.
        self.members.work()
        events = check_evening(self, self.site, self.members)
        print(f"{what}: {dict(self.outcomes)}, {len(events)} events", file=sys.stderr)

    def kill_at_each_of(self, thread):
        self.start()
        points = traced.chosen(self.record(thread))
        for name, which in points:
            with self.subTest(call=name, which=which):
                code, output = self.run_at(thread, f"{name}:signal=KILL:when={which}")
                self.assertIn(code, (None, -9), output)
        # How often the reports' thread writes while it is watched depends on the machine.
        expected = 0 if thread is REPORTS else len(points) / 3
        self.assertGreater(self.outcomes["killed"], expected, self.outcomes)
        self.finish(f"{len(points)} kills of {thread}")

    def test_killed_at_each_call_of_its_loop(self):
        """Shows R1, R2, R4, R5, R7, F1, F15."""
        self.kill_at_each_of(MAIN)

    def test_killed_at_each_call_of_its_writer(self):
        """Shows R1, R2, R4, R5, R7, F1, F15."""
        self.kill_at_each_of(WRITER)

    def test_killed_at_each_call_of_its_reports(self):
        """Shows R2, R17, F1."""
        self.kill_at_each_of(REPORTS)

    def fail_at_each_of(self, thread):
        self.start()
        points = failures(self.record(thread))
        self.assertGreaterEqual(len(points), 4)
        points = traced.chosen(points)
        for name, which, error in points:
            with self.subTest(call=name, which=which, error=error):
                code, output = self.run_at(thread, f"{name}:error={error}:when={which}")
                # Batches are not always as many as they were: then there is no such write.
                self.assertIn(code, (None, EX_IOERR), output)
                if code is not None:
                    self.assertRegex(output, STOPPED)
        self.assertGreater(self.outcomes[f"exit {EX_IOERR}"], len(points) / 3, self.outcomes)
        self.finish(f"{len(points)} failing calls of {thread}")

    def test_its_disk_fails_at_each_write_of_its_loop(self):
        """Shows R4, R5, R6, R12, F3, F4."""
        self.fail_at_each_of(MAIN)

    def test_its_disk_fails_at_each_write_of_its_writer(self):
        """Shows R4, R5, R6, R12, F3, F4."""
        self.fail_at_each_of(WRITER)

    def test_reports_that_cannot_be_written_stop_no_ticket_and_catch_up(self):
        """Shows R2, R17, F3."""
        self.start()
        points = traced.chosen(failures(self.record(REPORTS)))
        self.assertGreaterEqual(len(points), 2)
        for name, which, error in points:
            with self.subTest(call=name, which=which, error=error):
                code, output = self.run_at(REPORTS, f"{name}:error={error}:when={which}")
                self.assertIsNone(code, output)
        self.finish(f"{len(points)} failing calls of {REPORTS}")

    # --- Its start and its stop.

    def started_under(self, inject=None):
        """A controller on the journal, under strace from its first instruction: its process once it is
        ready or has ended, and whether it is ready."""
        binary = os.path.join(os.environ["ANTREAN_BIN"], "antrean-controller")
        options = ["-e", f"inject={inject}"] if inject else []
        # With -D it is the controller that is started here, and strace that stands beside it.
        process = Process("/usr/bin/env", "strace", "-D", "-s", "300", "-o", self.log, *options, binary, "--site",
                          self.site.site_file, "--journal", self.site.journal, "--listen",
                          "127.0.0.1:0", "--http", "127.0.0.1:0")
        self.addCleanup(process.kill)
        wait_until(lambda: not process.running() or READY in process.output, f"a start with {inject}")
        return process, process.running() and READY in process.output

    def points_of_a_start(self):
        """Of its own code: what the loader does before it is no business of ours."""
        self.work_and_be_killed()
        process, is_ready = self.started_under()
        self.assertTrue(is_ready, process.output)
        process.kill()
        wait_until(lambda: "+++" in self.trace_so_far(), "the end of the trace")
        calls = traced.calls_in(self.log)
        first = next(at for at, (_, line) in enumerate(calls) if self.site.site_file in line
                     and "execve" not in line)
        last = next(at for at, (_, line) in enumerate(calls) if READY in line)
        return traced.points([name for name, _ in calls])[first:last + 1]

    def work_and_be_killed(self):
        """So that the next start finds something to do."""
        self.start()
        self.members.work()
        self.members.leave()
        self.site.controller.kill()

    def test_killed_at_each_call_of_a_start(self):
        """Shows R2, R4, R5, F1."""
        points = traced.chosen(self.points_of_a_start())
        for name, which in points:
            with self.subTest(call=name, which=which):
                process, is_ready = self.started_under(f"{name}:signal=KILL:when={which}")
                self.outcomes["ready" if is_ready else "killed"] += 1
                process.kill()
                self.work_and_be_killed()
        self.assertGreater(self.outcomes["killed"], len(points) / 3, self.outcomes)
        self.start()
        self.finish(f"{len(points)} kills of a start")

    def test_its_disk_fails_at_each_write_of_a_start(self):
        """Shows R12, F3, F4."""
        points = traced.chosen(failures(self.points_of_a_start()))
        self.assertGreaterEqual(len(points), 4)
        for name, which, error in points:
            with self.subTest(call=name, which=which, error=error):
                process, is_ready = self.started_under(f"{name}:error={error}:when={which}")
                self.outcomes["ready" if is_ready else f"exit {process.wait()}"] += 1
                if not is_ready:
                    self.assertIn(process.wait(), (EX_UNUSABLE, EX_IOERR), process.output)
                    self.assertRegex(process.output, r"queue\.journal")
                process.kill()
                self.work_and_be_killed()
        self.start()
        self.finish(f"{len(points)} failing calls of a start")

    def points_of_a_stop(self):
        self.members.work()
        trace = self.trace(MAIN)
        self.members.leave()
        self.assertEqual(self.site.controller.terminate(), EX_OK)
        points = traced.points(trace.stop())
        self.start()
        return points

    def stop_at(self, inject):
        self.members.work()
        controller = self.site.controller
        trace = self.trace(MAIN, inject)
        self.members.leave()
        controller.send_signal(15)
        code = controller.wait(DEADLINE_S)
        trace.stop()
        self.outcomes["killed" if code < 0 else f"exit {code}"] += 1
        self.start()
        return code, controller.output

    def test_killed_at_each_call_of_a_stop(self):
        """Shows R2, R4, R5, F1."""
        self.start()
        points = traced.chosen(self.points_of_a_stop())
        for name, which in points:
            with self.subTest(call=name, which=which):
                code, output = self.stop_at(f"{name}:signal=KILL:when={which}")
                self.assertIn(code, (EX_OK, -9), output)
        self.assertGreater(self.outcomes["killed"], len(points) / 3, self.outcomes)
        self.finish(f"{len(points)} kills of a stop")

    def test_its_disk_fails_at_each_write_of_a_stop(self):
        """Shows R4, F3, F4."""
        self.start()
        points = traced.chosen(failures(self.points_of_a_stop()))
        for name, which, error in points:
            with self.subTest(call=name, which=which, error=error):
                code, output = self.stop_at(f"{name}:error={error}:when={which}")
                self.assertIn(code, (EX_OK, EX_IOERR), output)
        self.finish(f"{len(points)} failing calls of a stop")


if __name__ == "__main__":
    unittest.main()
