"""Starts Antrean's programs for end-to-end tests, waits until they are ready, and ends them.

ANTREAN_BIN names the folder with the programs. Nothing here waits for a fixed time: what is waited
for is an event, and a deadline only turns a hang into a failure.
"""

import os
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time

DEADLINE_S = 30

SITE = """
[site]
name = "Mal Pelayanan Publik Contoh"
place = "Contoh"
time_zone = "Asia/Jakarta"

[[agency]]
id = "dukcapil"
name = "Dinas Kependudukan"
short_name = "Dukcapil"
prefix = "A"

[[agency]]
id = "pajak"
name = "Kantor Pajak"
prefix = "B"

[[service]]
id = "ktp-el"
agency = "dukcapil"
name = "KTP-el"

[[service]]
id = "kartu-keluarga"
agency = "dukcapil"
name = "Kartu Keluarga"

[[service]]
id = "npwp"
agency = "pajak"
name = "NPWP"

[[counter]]
id = "loket-1"
name = "Loket 1"
agencies = ["dukcapil"]
callpad = "callpad-1"

[[counter]]
id = "loket-2"
name = "Loket 2"
agencies = ["dukcapil", "pajak"]
callpad = "callpad-2"

[[kiosk]]
id = "kiosk-1"
buttons = { 1 = "ktp-el", 2 = "kartu-keluarga", 3 = "npwp" }

[[kiosk]]
id = "kiosk-2"
buttons = { 1 = "ktp-el" }
"""


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, what, deadline_s=DEADLINE_S):
    """The first true value of CONDITION(); fails with WHAT when it does not come."""
    end = time.monotonic() + deadline_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {deadline_s} s")
        time.sleep(0.01)


class Process:
    """A program whose output (standard output and error together) is kept line by line."""

    def __init__(self, program, *arguments, environment=None, stdin=subprocess.DEVNULL):
        path = os.path.join(os.environ["ANTREAN_BIN"], program)
        self.name = program
        self._lines = []
        self._news = threading.Condition()
        self.popen = subprocess.Popen(
            [path, *map(str, arguments)], stdin=stdin, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, env={**os.environ, **(environment or {})})
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.popen.stdout:
            with self._news:
                self._lines.append(line.decode("utf-8", "replace").rstrip("\n"))
                self._news.notify_all()
        with self._news:
            self._lines.append(None)  # the end of the output
            self._news.notify_all()

    @property
    def output(self):
        with self._news:
            return "\n".join(line for line in self._lines if line is not None)

    def wait_for_line(self, pattern, deadline_s=DEADLINE_S):
        """The match of the first line, past or to come, that PATTERN is found in."""
        return self.wait_after(0, pattern, deadline_s)

    def mark(self):
        """Where the output is now, for lines_after() and wait_after()."""
        with self._news:
            return len(self._lines)

    def lines_after(self, mark):
        with self._news:
            return [line for line in self._lines[mark:] if line is not None]

    def wait_after(self, mark, pattern, deadline_s=DEADLINE_S):
        """The match of the first line after MARK, here already or to come, with PATTERN."""
        regex = re.compile(pattern)
        end = time.monotonic() + deadline_s
        seen = mark
        with self._news:
            while True:
                for line in self._lines[seen:]:
                    if line is None:
                        raise AssertionError(f"{self.name} ended without a line like {pattern!r} "
                                             f"after line {mark}:\n{self._text()}")
                    match = regex.search(line)
                    if match:
                        return match
                seen = len(self._lines)
                left = end - time.monotonic()
                if left <= 0 or not self._news.wait(left):
                    raise AssertionError(f"{self.name} wrote no line like {pattern!r} after line "
                                         f"{mark}:\n{self._text()}")

    def _text(self):
        return "\n".join(line for line in self._lines if line is not None)

    def type(self, text):
        """Writes TEXT to its standard input; False where it has gone."""
        try:
            self.popen.stdin.write(text.encode())
            self.popen.stdin.flush()
            return True
        except (BrokenPipeError, ValueError):
            return False

    def running(self):
        return self.popen.poll() is None

    def send_signal(self, number):
        self.popen.send_signal(number)

    def wait(self, deadline_s=DEADLINE_S):
        """Its exit code; a signal's number, negated, where one ended it."""
        code = self.popen.wait(deadline_s)
        self._reader.join(deadline_s)
        self.popen.stdout.close()
        return code

    def terminate(self):
        self.send_signal(signal.SIGTERM)
        return self.wait()

    def kill(self):
        """Ends it at once, as a power cut would; also where it has ended already."""
        if self.running():
            self.popen.kill()
        if not self.popen.stdout.closed:
            self.wait()
        if self.popen.stdin:
            try:
                self.popen.stdin.close()
            except BrokenPipeError:
                pass


class Controller(Process):
    """antrean-controller; ports of 0 are chosen by the system. `port` is for devices, `http_port`
    for browsers."""

    def __init__(self, site_file, journal, *arguments, port=0, http_port=0, environment=None):
        super().__init__("antrean-controller", "--site", site_file, "--journal", journal,
                         "--listen", f"127.0.0.1:{port}", "--http", f"127.0.0.1:{http_port}",
                         *arguments, environment=environment)
        try:
            ready = self.wait_for_line(
                r"devices at 127\.0\.0\.1:(\d+), board at http://127\.0\.0\.1:(\d+)/board")
        except BaseException:
            self.kill()
            raise
        self.port, self.http_port = int(ready[1]), int(ready[2])


class Site:
    """A temporary folder with a site file and a journal, and controllers that serve it one after
    the other. Use it as a context; it leaves neither process nor file behind."""

    def __init__(self, text=SITE):
        self._folder = tempfile.TemporaryDirectory(prefix="antrean-")
        self.folder = self._folder.name
        self.site_file = os.path.join(self.folder, "site.toml")
        self.journal = os.path.join(self.folder, "queue.journal")
        self.controller = None
        with open(self.site_file, "w", encoding="utf-8") as file:
            file.write(text)

    def start(self, *arguments, **more):
        """MORE: its ports, and its environment."""
        self.controller = Controller(self.site_file, self.journal, *arguments, **more)
        return self.controller

    def close(self):
        if self.controller:
            self.controller.kill()
        self._folder.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
