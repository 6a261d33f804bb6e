"""A technician at the other end of a device's serial line: a pseudo-terminal that the program opens
by a link, so that the cable can be pulled and plugged in again. Nothing here waits for a fixed time."""

import errno
import json
import os
import pty
import select
import time
import tty

from processes import DEADLINE_S

CODE = "Kunci-9-Melati"
PROMPT = "\r\x1b[K> "


class Cable:
    """One connection. `text` is all that was shown since mark()."""

    def __init__(self, link):
        self._master, slave = pty.openpty()
        tty.setraw(slave)
        name = os.ttyname(slave)
        os.close(slave)
        os.symlink(name, link + ".new")
        os.replace(link + ".new", link)
        self._seen = b""
        self._from = 0

    def pull(self):
        if self._master is not None:
            os.close(self._master)
            self._master = None

    def mark(self):
        self._from = len(self._seen)

    @property
    def text(self):
        return self._seen[self._from:].decode("utf-8", "backslashreplace")

    @property
    def raw(self):
        return self._seen[self._from:]

    def _read(self, patience_s):
        """False where the program has not opened the line, or has closed it."""
        if not select.select([self._master], [], [], patience_s)[0]:
            return True
        try:
            data = os.read(self._master, 65536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            time.sleep(0.01)  # nobody has opened the other end yet
            return False
        self._seen += data
        return True

    def wait(self, wanted, what=None, deadline_s=DEADLINE_S):
        """Reads until WANTED, a text or a condition, is there since the mark."""
        holds = wanted if callable(wanted) else lambda: wanted in self.text
        end = time.monotonic() + deadline_s
        while not holds():
            if time.monotonic() > end:
                raise AssertionError(f"the console never showed {what or wanted!r}:\n{self.text!r}")
            self._read(0.2)
        return self.text

    def send(self, data):
        """Writes all of it, reading what is shown meanwhile so that nobody stands still."""
        data = data.encode() if isinstance(data, str) else data
        end = time.monotonic() + DEADLINE_S
        while data:
            if time.monotonic() > end:
                raise AssertionError(f"{len(data)} bytes were never taken")
            readable, writable, _ = select.select([self._master], [self._master], [], 0.2)
            if readable:
                self._read(0)
            if writable:
                data = data[os.write(self._master, data[:1024]):]

    def wait_for_login(self):
        self.wait("code: ")

    def login(self, code=CODE):
        self.wait_for_login()
        self.send(code + "\r")
        self.wait(PROMPT)

    def ask(self, line, deadline_s=DEADLINE_S):
        """What the console shows to LINE, up to the next prompt."""
        self.mark()
        self.send(line + "\r")
        # The prompt is drawn anew where what is typed is longer than a row; an answer comes first.
        self.wait(lambda: "\r\n" in self.text and self.text.endswith(PROMPT), f"a prompt after {line}",
                  deadline_s)
        return self.text[self.text.index("\r\n") + 2:-len(PROMPT)].replace("\r\n", "\n")

    def ask_json(self, line, deadline_s=DEADLINE_S):
        """The answer as JSON; rows before it are in `rows`."""
        shown = self.ask(line + " --json", deadline_s).splitlines()
        lines = [json.loads(text) for text in shown if text.startswith("{")]
        self.rows = [one["row"] for one in lines[:-1] if "row" in one]
        return lines[-1]


class Technician:
    """For a TestCase that asks its `cable`."""

    def ask(self, line):
        """The answer as JSON, which is good."""
        answer = self.cable.ask_json(line)
        self.assertTrue(answer["ok"], answer)
        return answer

    def refuse(self, line, word):
        """The answer as JSON, which refuses for WORD, in words for people as well."""
        answer = self.cable.ask_json(line)
        self.assertEqual((answer["ok"], answer.get("error")), (False, word), answer)
        self.assertTrue(answer["text"])
        return answer


class Console:
    """The end of the cable in a technician's hands; `line` is what the program is told."""

    def __init__(self, folder, code=CODE):
        self.line = os.path.join(folder, "console")
        self.code_file = os.path.join(folder, "console-code")
        with open(self.code_file, "w", encoding="ascii") as file:
            file.write(code + "\n")
        self.cable = Cable(self.line)

    @property
    def arguments(self):
        return ("--console", self.line, "--console-code-file", self.code_file)

    def plug_in(self):
        self.cable.pull()
        self.cable = Cable(self.line)
        return self.cable

    def close(self):
        self.cable.pull()
