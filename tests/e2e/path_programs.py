"""The devices' programs for end-to-end tests: kiosk, callpad and virtual printer, and a hall with all
of them. Like processes.py, nothing here waits for a fixed time."""

import collections
import json
import os
import pty
import re
import socket
import subprocess
import tempfile
import time

from processes import DEADLINE_S, SITE, Process, wait_until

LAST_LINE = "Mohon menunggu nomor Anda dipanggil."
LABEL = re.compile(r"^ *(?:SALINAN )?([A-Z0-9]{1,3}-\d{3,})\s*$", re.MULTILINE)

READY = "Silakan tekan tombol layanan yang Anda perlukan."

# `label` is None where the paper was cut or torn off before it. A paper that is `whole` has all that
# a ticket says.
Paper = collections.namedtuple("Paper", "name label copy whole text")


class Program(Process):
    """A Process whose output can be looked at from a point in time on."""

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
        with self._news:
            while True:
                for line in self._lines[mark:]:
                    if line is None:
                        raise AssertionError(f"{self.name} ended without a line like {pattern!r} "
                                             f"after line {mark}:\n{self._text()}")
                    match = regex.search(line)
                    if match:
                        return match
                left = end - time.monotonic()
                if left <= 0 or not self._news.wait(left):
                    raise AssertionError(f"{self.name} wrote no line like {pattern!r} after line "
                                         f"{mark}:\n{self._text()}")

    def type(self, text):
        """Writes TEXT to its standard input; False where it has gone."""
        try:
            self.popen.stdin.write(text.encode())
            self.popen.stdin.flush()
            return True
        except (BrokenPipeError, ValueError):
            return False

    def kill(self):
        super().kill()
        if self.popen.stdin:
            try:
                self.popen.stdin.close()
            except BrokenPipeError:
                pass


class Controller(Program):
    """antrean-controller; ports of 0 are chosen by the system. `port` is for devices, `http_port`
    for browsers."""

    def __init__(self, site_file, journal, port=0, http_port=0):
        super().__init__("antrean-controller", "--site", site_file, "--journal", journal,
                         "--listen", f"127.0.0.1:{port}", "--http", f"127.0.0.1:{http_port}")
        try:
            ready = self.wait_for_line(
                r"devices at 127\.0\.0\.1:(\d+), board at http://127\.0\.0\.1:(\d+)/board")
        except BaseException:
            self.kill()
            raise
        self.port, self.http_port = int(ready[1]), int(ready[2])


class VirtualPrinter(Program):
    def __init__(self, folder, *arguments, port=0):
        super().__init__("antrean-virtual-printer", "--listen", f"127.0.0.1:{port}", "--papers",
                         folder, *arguments, stdin=subprocess.PIPE)
        self.folder = folder
        try:
            self.port = int(self.wait_for_line(r"listening on 127\.0\.0\.1:(\d+) as")[1])
        except BaseException:
            self.kill()
            raise

    @property
    def address(self):
        return f"tcp:127.0.0.1:{self.port}"

    def hand(self, command):
        """What a hand does to the printer: "paper out"."""
        self.type(command + "\n")

    def papers(self):
        """Every paper so far, the oldest first."""
        papers = []
        for line in self.lines_after(0):
            match = re.match(r"(paper-\d+): .*\(\d+ mm(, torn off)?\)$", line)
            if not match:
                continue
            with open(os.path.join(self.folder, match[1] + ".txt"), encoding="utf-8") as file:
                text = file.read()
            label = LABEL.search(text)
            papers.append(Paper(match[1], label and label[1],
                                bool(label) and "SALINAN " in label[0],
                                LAST_LINE in text and not match[2], text))
        return papers

    def wait_for_paper(self, label):
        return wait_until(
            lambda: next((paper for paper in self.papers() if paper.label == label), None),
            f"a paper {label}")


class KioskProgram(Program):
    """antrean-kiosk with its buttons on a pipe."""

    def __init__(self, controller, printer, store, device="kiosk-1", *arguments):
        super().__init__("antrean-kiosk", "--device", device, "--controller", controller, "--store",
                         store, "--printer", printer, *arguments, stdin=subprocess.PIPE)

    def wait_until_ready(self):
        self.wait_for_line(re.escape("> " + READY))

    def press(self, key):
        return self.type(key)


class CallpadProgram(Program):
    """antrean-callpad with its keys on a terminal."""

    def __init__(self, controller, store, device="callpad-1"):
        self._terminal, theirs = pty.openpty()
        try:
            super().__init__("antrean-callpad", "--device", device, "--controller", controller,
                             "--store", store, stdin=theirs)
        finally:
            os.close(theirs)

    def press(self, key):
        os.write(self._terminal, key.encode())

    def kill(self):
        super().kill()
        if self._terminal is not None:
            os.close(self._terminal)
            self._terminal = None


class Board:
    """A browser's stream of the public board. `wait` gives the first view that fits."""

    def __init__(self, http_port):
        self._socket = socket.create_connection(("127.0.0.1", http_port), DEADLINE_S)
        self._socket.sendall(b"GET /board/events HTTP/1.1\r\nHost: hall\r\n\r\n")
        self._file = self._socket.makefile("rb")

    def wait(self, wanted, what):
        end = time.monotonic() + DEADLINE_S
        for line in self._file:
            if line.startswith(b"data: {"):
                view = json.loads(line[len(b"data: "):])
                if wanted(view):
                    return view
            if time.monotonic() > end:
                break
        raise AssertionError(f"the board never showed {what}")

    def close(self):
        self._file.close()
        self._socket.close()


class Hall:
    """A temporary folder with a site file, and programs of its hall. Use it as a context, or close
    it: it leaves neither process nor file behind."""

    def __init__(self, site=SITE):
        self._folder = tempfile.TemporaryDirectory(prefix="antrean-")
        self.folder = self._folder.name
        self.site_file = self.path("site.toml")
        self.journal = self.path("queue.journal")
        self.programs = []
        self.controller = None
        self.printer = None
        with open(self.site_file, "w", encoding="utf-8") as file:
            file.write(site)

    def path(self, name):
        return os.path.join(self.folder, name)

    def add(self, program):
        self.programs.append(program)
        return program

    def start_controller(self, again=False):
        """AGAIN: where the last one listened, so that devices find it by themselves."""
        ports = (self.controller.port, self.controller.http_port) if again else (0, 0)
        self.controller = self.add(Controller(self.site_file, self.journal, *ports))
        return self.controller

    def start_printer(self, *arguments, name="papers", port=0):
        self.printer = self.add(VirtualPrinter(self.path(name), *arguments, port=port))
        return self.printer

    def start_kiosk(self, device="kiosk-1", printer=None, store=None, arguments=()):
        return self.add(KioskProgram(f"127.0.0.1:{self.controller.port}",
                                     printer or self.printer.address,
                                     store or self.path(device + ".store"), device, *arguments))

    def start_callpad(self, device="callpad-1"):
        return self.add(CallpadProgram(f"127.0.0.1:{self.controller.port}",
                                       self.path(device + ".store"), device))

    def close(self):
        for program in self.programs:
            program.kill()
        self._folder.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
