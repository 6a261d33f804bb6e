"""A wall clock of programs that is not the machine's, and jumps, by libfaketime of Debian's package
faketime. Their steady clocks are left alone."""

import datetime
import glob
import os
import subprocess
import time
import zoneinfo

_LIBRARY = next(iter(glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")), None)


def _environment(file):
    return {"LD_PRELOAD": _LIBRARY, "FAKETIME_TIMESTAMP_FILE": file, "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


def is_possible():
    """Whether the library is there, and the programs bear it: those with a sanitizer do not."""
    if not _LIBRARY:
        return False
    program = os.path.join(os.environ["ANTREAN_BIN"], "antrean-controller")
    return subprocess.run([program, "--help"], capture_output=True, check=False,
                          env={**os.environ, **_environment(os.devnull)}).returncode == 0


class FakeClock:
    """Beside the real clock until it is set. FILE: where it keeps by how much; programs that have
    `environment` follow it at once."""

    def __init__(self, file):
        self._file = file
        self.environment = _environment(file)
        self._ahead_s = 0
        self.jump(0)

    def jump(self, seconds):
        """Ahead of where it is now, or back."""
        self._ahead_s += seconds
        with open(self._file + ".new", "w", encoding="ascii") as file:
            file.write(f"{self._ahead_s:+.3f}\n")
        os.rename(self._file + ".new", self._file)

    def set(self, zone, *when):
        """To the year, month, day, hour and so on of WHEN in the time zone ZONE; it goes on from there.
        The second of two such times, at the end of a summer, is that an hour after the first."""
        there = datetime.datetime(*when, tzinfo=zoneinfo.ZoneInfo(zone))
        self.jump(there.timestamp() - self.now())

    def now(self):
        """In seconds since 1970."""
        return time.time() + self._ahead_s
