"""Reaches into a running program at its system calls, by strace: lists them, ends the program at one
of them, or lets one of them fail."""

import os
import re
import shutil
import signal
import subprocess

CALL = re.compile(r"^([a-z_0-9]+)\(")
STOP_S = 5


def is_possible():
    """Whether strace is there and may trace: some containers forbid it."""
    if not shutil.which("strace"):
        return False
    return subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True, check=False,
                          timeout=30).returncode == 0


def chosen(points):
    """Those of POINTS that ANTREAN_CALLS says: so many, spread over all, or "all" of them.
    ANTREAN_CALLS_FIRST chooses others."""
    count = os.environ.get("ANTREAN_CALLS", "10")
    if count == "all":
        return points
    step = max(1, len(points) // int(count))
    return points[int(os.environ.get("ANTREAN_CALLS_FIRST", "0")) % step::step]


def threads(pid):
    """The threads of process PID, in the order in which it began them; the main one first."""
    return sorted(int(thread) for thread in os.listdir(f"/proc/{pid}/task"))


class Traced:
    """The main thread of process PID, or the one thread of that number, traced from when this is made. INJECT, as strace has it, is
    done to one call: "fdatasync:signal=KILL:when=2" ends the process in front of its second
    fdatasync from now on. `ended`, after stop(): the process was seen to end."""

    def __init__(self, pid, log, inject=None):
        options = ["-e", f"inject={inject}"] if inject else []
        self._log = log
        self.ended = False
        self._strace = subprocess.Popen(["strace", "-o", log, *options, "-p", str(pid)],
                                        stderr=subprocess.PIPE, text=True)
        line = self._strace.stderr.readline()
        assert "attached" in line, f"strace says: {line}{self._strace.stderr.read()}"

    def over(self):
        """Nothing is traced any more: the process has ended."""
        return self._strace.poll() is not None

    def stop(self):
        """The process, where it is still there, goes on untraced. Returns the names of the calls
        that its main thread began, in their order."""
        if self._strace.poll() is None:
            self._strace.send_signal(signal.SIGINT)
        try:
            self._strace.wait(STOP_S)
        except subprocess.TimeoutExpired:
            # It may miss the end of what it has killed, and would keep that from being reaped.
            self._strace.kill()
            self._strace.wait()
        self._strace.stderr.close()
        with open(self._log, encoding="utf-8", errors="replace") as file:
            self.ended = any(line.startswith("+++") for line in file)
        return [name for name, _ in calls_in(self._log)]


def calls_in(log):
    """Each call that began in the file LOG, in their order: (its name, its line)."""
    with open(log, encoding="utf-8", errors="replace") as file:
        return [(match[1], line) for line in file if (match := CALL.match(line))]


def points(calls):
    """Each of CALLS as strace counts them: (name, the how manieth of that name)."""
    seen = {}
    found = []
    for name in calls:
        seen[name] = seen.get(name, 0) + 1
        found.append((name, seen[name]))
    return found
