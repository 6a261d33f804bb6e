"""A console in hostile hands: nothing but the prompt before the login, a lockout that outlives the
power, lines without an end, escape bytes, cables that are pulled half way. The kiosk goes on giving
numbers through all of it."""

import json
import os
import re
import termios
import time
import unittest

from console_line import CODE, PROMPT, Console
from path_programs import Hall
from processes import Process, wait_until


class HostileConsole(unittest.TestCase):
    def setUp(self):
        self.hall = Hall()
        self.addCleanup(self.hall.close)
        self.hall.start_controller()
        self.hall.start_printer("--speed", "0")
        self.console = Console(self.hall.folder)
        self.addCleanup(self.console.close)
        self.kiosk = self.start(*self.console.arguments)

    @property
    def cable(self):
        return self.console.cable

    def start(self, *arguments):
        kiosk = self.hall.start_kiosk(arguments=arguments)
        kiosk.wait_until_ready()
        return kiosk

    def still_gives_numbers(self):
        self.hall.still_gives_numbers(self.kiosk)

    def memory_kib(self):
        with open(f"/proc/{self.kiosk.popen.pid}/status", encoding="ascii") as file:
            return int(re.search(r"VmRSS:\s+(\d+)", file.read())[1])

    def test_nothing_but_the_prompt_answers_before_the_login(self):
        """Shows R15."""
        self.cable.wait_for_login()
        self.cable.mark()
        # None of these is a line, so none is a wrong code.
        self.cable.send("\t\t\x1b[A\x1b[B\x0c\x01\x05\x10help\x15")
        self.cable.send("status --json\x03")
        self.cable.wait("^C\r\n\r\x1b[Kantrean-kiosk kiosk-1 code: ")
        for _ in range(3):
            self.cable.send("\r")
        self.cable.send("\x04")
        self.cable.wait(lambda: self.cable.text.count("code: ") == 5)
        rest = self.cable.text.replace("antrean-kiosk kiosk-1 code: ", "")
        self.assertEqual(re.sub(r"[\r\n]|\x1b\[K|\^C", "", rest), "")

    def test_the_code_is_never_shown_nor_kept(self):
        self.cable.login()
        self.assertNotIn(CODE, self.cable.text)
        self.cable.mark()
        self.cable.send("\x1b[A\x1b[A\x1b[A\r")
        self.cable.wait(lambda: self.cable.text.count(PROMPT) >= 1)
        self.assertNotIn("Kunci", self.cable.text)
        self.kiosk.terminate()
        self.assertNotIn(CODE, self.kiosk.output)
        for name in os.listdir(self.hall.folder):
            path = self.hall.path(name)
            if ".store" in name:
                with open(path, "rb") as file:
                    self.assertNotIn(CODE.encode(), file.read(), name)

    def test_the_lockout_grows_and_outlives_a_power_cut_and_a_pulled_cable(self):
        """Shows F24."""
        self.cable.wait_for_login()
        for seconds in (1, 2):
            self.cable.mark()
            self.cable.send("falsch-falsch\r")
            self.cable.wait(f"Wait {seconds} s.")
            self.cable.send("\r" + CODE + "\r")  # not even the right one, meanwhile
            self.cable.wait("code: ")
            self.assertNotIn(PROMPT, self.cable.text)
        self.cable.mark()
        self.cable.send("falsch-falsch\r")
        self.cable.wait("Wait 4 s.")
        self.kiosk.kill()
        self.console.plug_in()
        self.kiosk = self.start(*self.console.arguments)
        self.cable.wait("Wait 4 s.")
        self.cable.mark()
        self.console.plug_in()
        self.cable.wait("Wait ")
        self.assertNotIn("code:", self.cable.text)
        self.cable.send(CODE + "\r")
        self.cable.login()
        self.assertIn("Wrong codes since the last login: 3.", self.cable.text)
        self.still_gives_numbers()

    def test_without_a_code_nobody_gets_in(self):
        """Shows R15."""
        self.kiosk.terminate()
        os.remove(self.hall.path("kiosk-1.store.console"))
        self.console.plug_in()
        self.kiosk = self.start("--console", self.console.line)
        self.cable.wait("no code is set, so nobody can log in. Start the program with "
                        "--console-code-file FILE once.")
        for code in ("", "admin", "0000", CODE):
            self.cable.mark()
            self.cable.send(code + "\r")
            self.cable.wait("no code is set")
        self.assertNotIn("code: ", self.cable.text)
        self.kiosk.terminate()
        self.kiosk = self.start(*self.console.arguments)
        self.kiosk.terminate()
        self.console.plug_in()
        self.kiosk = self.start("--console", self.console.line)  # the code stays
        self.cable.login()

    def test_a_damaged_store_of_the_console_costs_the_console_alone(self):
        """Shows R15, F25."""
        self.kiosk.terminate()
        with open(self.hall.path("kiosk-1.store.console"), "r+b") as file:
            file.write(b"nonsense" * 1000)
        self.console.plug_in()
        self.kiosk = self.start(*self.console.arguments)
        self.kiosk.wait_for_line("there is no console without its store")
        self.still_gives_numbers()

    def test_the_line_is_115200_8n1_and_obeys_the_carrier(self):
        self.cable.wait_for_login()
        iflag, oflag, cflag, lflag, ispeed, ospeed, _ = termios.tcgetattr(self.cable._master)
        self.assertEqual((ispeed, ospeed), (termios.B115200, termios.B115200))
        self.assertEqual(cflag & termios.CSIZE, termios.CS8)
        self.assertFalse(cflag & (termios.PARENB | termios.CSTOPB | termios.CLOCAL))
        self.assertTrue(cflag & termios.HUPCL)
        self.assertFalse(lflag & (termios.ECHO | termios.ICANON | termios.ISIG))
        self.assertFalse(iflag & (termios.IXON | termios.ICRNL) or oflag & termios.OPOST)

    def test_a_weak_code_is_refused_at_the_start(self):
        self.kiosk.terminate()
        for code in ("", "1234", "kurz\n", "ä" * 8, "a" * 129):
            with open(self.console.code_file, "w", encoding="utf-8") as file:
                file.write(code + "\n")
            kiosk = self.hall.add(Process(
                "antrean-kiosk", "--device", "kiosk-1", "--controller", "127.0.0.1:1", "--store",
                self.hall.path("kiosk-1.store"), *self.console.arguments))
            self.assertEqual(kiosk.wait(), 64, kiosk.output)
            self.assertIn("--console-code-file", kiosk.output)

    def test_lines_without_an_end_are_refused_whole_and_take_no_memory(self):
        """Shows R13."""
        self.cable.wait_for_login()
        self.cable.send(b"x" * 65536 + b"\r")  # of a code, too
        self.cable.login()
        self.cable.ask("status")
        before = self.memory_kib()
        self.cable.mark()
        self.cable.send("status " + "y" * 65536 + "\r")
        self.cable.wait("a line of more than 1024 bytes is not taken")
        self.cable.wait(lambda: self.cable.text.endswith(PROMPT), "a prompt")
        self.cable.send(b"z" * (1 << 20))  # and no end at all
        self.cable.mark()
        self.cable.send("\x03")
        self.cable.wait(lambda: self.cable.text.endswith("^C\r\n" + PROMPT), "a prompt")
        self.assertIn("kiosk-1", self.cable.ask("status"))
        self.assertLess(self.memory_kib() - before, 2048)
        self.still_gives_numbers()

    def test_what_is_typed_never_reaches_the_terminal_as_a_command(self):
        """Shows R16, F30."""
        self.cable.login()
        self.cable.mark()
        hostile = (b"\x1b]0;title\x07" + b"\x1b[2J\x1b[31m" + b"\x9b31m" + b"\xc2\x9b31m" +
                   "\u202eevil\u2066".encode() + b"\xff\xfe\x80\xf8" + b"\x1bP1$r\x1b\\" +
                   b"\x00\x01\x0e\x0f\x11\x13" + b"\x1b[" + b"9" * 5000 + b"~")
        self.cable.send(hostile + b"\r")
        self.cable.wait("there is no command")
        self.cable.wait(lambda: self.cable.text.endswith(PROMPT), "a prompt")
        raw = re.sub(rb"\r|\n|\x07|\x1b\[K|\x1b\[\d+D", b"", self.cable.raw)
        self.assertFalse([byte for byte in raw if byte < 0x20 or byte >= 0x7F], raw)
        self.cable.mark()
        # By an argument and back in an error, as text and as JSON.
        answer = self.cable.ask_json("log level \u00a0\u2003\\\"x\\\\")
        self.assertEqual(answer["error"], "argument")
        self.still_gives_numbers()

    def test_every_byte_and_every_pair_of_it_with_escape_does_no_harm(self):
        """Shows R16, F30."""
        self.cable.login()
        everything = b"".join(bytes([b]) for b in range(256) if b != 4)
        pairs = b"".join(b"\x1b" + bytes([b]) for b in range(256) if b != 4)
        self.cable.send(everything + b"\x03" + pairs + b"\x03\x1b[\x1bO\x1b\x03\x03")
        self.cable.mark()
        self.cable.send("\r")
        self.cable.wait(lambda: self.cable.text.endswith(PROMPT), "a prompt")
        self.assertTrue(self.cable.ask_json("clock")["ok"])

    def test_commands_that_are_sent_at_once_are_answered_in_their_order(self):
        self.cable.login()
        self.cable.mark()
        self.cable.send("network --json\rclock --json\nstatus --json\r\nlog level --json\r")
        self.cable.wait(lambda: self.cable.text.count('"ok":true') == 4)
        answers = [json.loads(line) for line in self.cable.text.splitlines()
                   if line.startswith("{")]
        self.assertEqual([one["command"] for one in answers],
                         ["network", "clock", "status", "log level"])

    def test_more_than_waits_while_a_command_runs_is_not_taken(self):
        self.cable.login()
        self.cable.mark()
        self.cable.send("buttons 1\r")
        self.cable.wait("Ctrl-C ends it")
        self.cable.send(b"factory-reset\r" + b"q" * 65536)
        self.cable.wait("what was typed while a command ran is not taken")
        self.cable.wait(lambda: self.cable.text.endswith(PROMPT), "a prompt")
        self.assertNotIn("sure?", self.cable.text)

    def test_a_hang_up_logs_off_and_ends_what_runs(self):
        for cut in ("", "stat", "buttons 120\r", "printer test\r", "self-test\rnetwork\r", "\x1b["):
            self.cable.login()
            self.cable.send(cut)
            mark = self.kiosk.mark()
            self.console.plug_in()
            self.kiosk.wait_after(mark, "logged off by a hang-up")
            self.cable.wait_for_login()
            self.cable.send("\x15\x1b[A\r")  # nor is there a history of somebody else
            self.cable.wait(lambda: self.cable.text.count("code: ") == 2)
            self.assertNotIn("test", self.cable.text)
        self.cable.login()
        # Presses are the citizens' again, and the printer is free.
        wait_until(lambda: self.cable.ask_json("printer test")["ok"], "the printer")
        self.still_gives_numbers()

    def test_a_cable_that_is_pulled_over_and_over_does_no_harm(self):
        for _ in range(5):
            self.console.plug_in()
        self.cable.login()
        handles = len(os.listdir(f"/proc/{self.kiosk.popen.pid}/fd"))
        for _ in range(3):
            self.console.plug_in()
            self.cable.wait_for_login()
        self.cable.login()
        self.assertLessEqual(len(os.listdir(f"/proc/{self.kiosk.popen.pid}/fd")), handles)
        self.still_gives_numbers()

    def test_who_never_reads_stops_nobody(self):
        """Shows R13, F16."""
        self.cable.login()
        # The line takes some kilobytes of answers; then commands wait, and the kiosk does not.
        end = time.monotonic() + 10
        sent = 0
        os.set_blocking(self.cable._master, False)
        while sent < 200_000 and time.monotonic() < end:
            try:
                sent += os.write(self.cable._master, b"help\r" * 100)
            except BlockingIOError:
                break
        os.set_blocking(self.cable._master, True)
        self.still_gives_numbers()
        self.still_gives_numbers()
        self.console.plug_in()
        self.cable.login()


if __name__ == "__main__":
    unittest.main()
