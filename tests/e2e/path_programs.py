"""The devices' programs for end-to-end tests: kiosk, callpad and virtual printer, and a hall with all
of them. Like processes.py, nothing here waits for a fixed time."""

import collections
import json
import os
import pty
import re
import socket
import subprocess
import time

from processes import DEADLINE_S, SITE, Process, Site, wait_until

LAST_LINE = "Mohon menunggu nomor Anda dipanggil."
LABEL = re.compile(r"^ *(?:SALINAN )?([A-Z0-9]{1,3}-\d{3,})\s*$", re.MULTILINE)

READY = "Silakan tekan tombol layanan yang Anda perlukan."

# `label` is None where the paper was cut or torn off before it. A paper that is `whole` has all that
# a ticket says.
Paper = collections.namedtuple("Paper", "name label copy whole text")


class VirtualPrinter(Process):
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


class KioskProgram(Process):
    """antrean-kiosk with its buttons on a pipe."""

    def __init__(self, controller, printer, store, device="kiosk-1", *arguments, environment=None):
        super().__init__("antrean-kiosk", "--device", device, "--controller", controller, "--store",
                         store, "--printer", printer, *arguments, stdin=subprocess.PIPE,
                         environment=environment)

    def wait_until_ready(self):
        self.wait_for_line(re.escape("> " + READY))

    def press(self, key):
        return self.type(key)

    def give(self, key, label):
        """A press, and the number that it gives. The same key sooner than in a second is one that is held."""
        mark = self.mark()
        self.press(key)
        self.wait_after(mark, f"> Nomor Anda {label}. Silakan ambil tiket Anda.")


class CallpadProgram(Process):
    """antrean-callpad with its keys on a terminal."""

    def __init__(self, controller, store, device="callpad-1", *arguments):
        self._terminal, theirs = pty.openpty()
        try:
            super().__init__("antrean-callpad", "--device", device, "--controller", controller,
                             "--store", store, *arguments, stdin=theirs)
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


class Hall(Site):
    """A site, and the programs of its hall."""

    def __init__(self, text=SITE):
        super().__init__(text)
        self.programs = []
        self.printer = None
        self._tickets = 0

    def path(self, name):
        return os.path.join(self.folder, name)

    def add(self, program):
        self.programs.append(program)
        return program

    def start_controller(self, *arguments, again=False, environment=None):
        """AGAIN: where the last one listened, so that devices find it by themselves."""
        ports = ({"port": self.controller.port, "http_port": self.controller.http_port}
                 if again else {})
        return self.add(self.start(*arguments, environment=environment, **ports))

    def start_printer(self, *arguments, name="papers", port=0):
        self.printer = self.add(VirtualPrinter(self.path(name), *arguments, port=port))
        return self.printer

    def start_kiosk(self, device="kiosk-1", printer=None, store=None, arguments=()):
        return self.add(KioskProgram(f"127.0.0.1:{self.controller.port}",
                                     printer or self.printer.address,
                                     store or self.path(device + ".store"), device, *arguments))

    def still_gives_numbers(self, kiosk):
        """The next number of A, by one of two buttons in turn. No other press may give one."""
        self._tickets += 1
        kiosk.give("12"[self._tickets % 2], f"A-{self._tickets:03}")

    def start_callpad(self, device="callpad-1", arguments=()):
        return self.add(CallpadProgram(f"127.0.0.1:{self.controller.port}",
                                       self.path(device + ".store"), device, *arguments))

    def close(self):
        for program in self.programs:
            program.kill()
        super().close()
