"""Wrong files, addresses, names and bytes: each is told in words that say what to do, with the exit
code that --help documents, and harms nobody else."""

import csv
import io
import json
import os
import random
import re
import shutil
import socket
import sqlite3
import subprocess
import unittest

from client import Callpad, Closed, Connection, Kiosk
from kill_journal import read_events
from members import ctl
from path_programs import Hall, KioskProgram
from processes import SITE, Process, free_port, wait_until

USAGE, UNUSABLE, CANNOT_LISTEN, STORAGE, LOCKED, SITE_FILE = 64, 65, 69, 74, 75, 78

CORRECT_KIOSK = {"--device": "kiosk-1", "--controller": "127.0.0.1:1", "--printer": "tcp:127.0.0.1:1"}


class BadInput(unittest.TestCase):
    def setUp(self):
        self.hall = Hall()
        self.addCleanup(self.hall.close)

    def start_hall(self):
        """A controller, and a kiosk that gives A-001."""
        self.hall.start_controller()
        self.hall.start_printer("--speed", "0")
        self.kiosk = self.hall.start_kiosk()
        self.kiosk.wait_until_ready()
        self.still_gives_numbers()

    def still_gives_numbers(self):
        self.hall.still_gives_numbers(self.kiosk)

    def assertRefuses(self, code, words, program, *arguments):
        """PROGRAM ends by itself with CODE, which its --help documents, and says all of WORDS."""
        process = self.hall.add(Process(program, *arguments))
        self.assertEqual(process.wait(), code, process.output)
        for word in words:
            self.assertIn(word, process.output)
        help_text = subprocess.run([os.path.join(os.environ["ANTREAN_BIN"], program), "--help"],
                                   capture_output=True, text=True, check=True).stdout
        codes = help_text[help_text.index("Exit codes:"):]
        self.assertRegex(codes, rf"\b{code} ")
        return process.output

    def controller(self, **changed):
        options = {"--site": self.hall.site_file, "--journal": self.hall.journal,
                   "--listen": "127.0.0.1:0", "--http": "127.0.0.1:0", **changed}
        return "antrean-controller", *(word for option in options.items() for word in option)

    def kiosk_with(self, **changed):
        options = {**CORRECT_KIOSK, "--store": self.hall.path("kiosk.store"), **changed}
        return "antrean-kiosk", *(word for option in options.items() for word in option)

    def callpad_with(self, **changed):
        options = {"--device": "callpad-1", "--controller": "127.0.0.1:1",
                   "--store": self.hall.path("callpad.store"), **changed}
        return "antrean-callpad", *(word for option in options.items() for word in option)


class Files(BadInput):
    def test_every_problem_of_a_site_file_is_told_with_its_line(self):
        broken = SITE.replace('agency = "pajak"', 'agency = "pajk"').replace(
            'time_zone = "Asia/Jakarta"', 'time_zone = "Asia/Jakart"')
        file = self.hall.path("broken.toml")
        with open(file, "w", encoding="utf-8") as out:
            out.write(broken)
        output = self.assertRefuses(SITE_FILE, [file, "pajk", "Asia/Jakart"],
                                    *self.controller(**{"--site": file}))
        self.assertRegex(output, re.escape(file) + r":\d+")
        self.assertFalse(os.path.exists(self.hall.journal), "nothing was begun")

    def test_a_site_file_that_is_not_there_is_told(self):
        file = self.hall.path("none.toml")
        self.assertRefuses(SITE_FILE, [file], *self.controller(**{"--site": file}))

    def test_a_second_controller_leaves_the_journal_to_the_first(self):
        """Shows F6."""
        self.start_hall()
        self.assertRefuses(LOCKED, [self.hall.journal, "another process", "Stop the other controller"],
                           *self.controller())
        self.still_gives_numbers()

    def damaged_journal(self):
        controller = self.hall.start_controller()
        with Kiosk(controller.port) as kiosk:
            for _ in range(20):
                kiosk.give()
        self.assertEqual(controller.terminate(), 0)
        db = sqlite3.connect(self.hall.journal)
        db.execute("DROP TRIGGER events_are_not_changed")
        db.execute("UPDATE events SET label = 'A-999' WHERE kind = 'issued' AND number = 7")
        db.commit()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.close()

    def test_a_changed_journal_is_refused_and_kept(self):
        """Shows R12, R17, F5."""
        self.damaged_journal()
        kept = self.hall.path("kept")
        shutil.copyfile(self.hall.journal, kept)
        self.assertRefuses(UNUSABLE, [self.hall.journal, "damaged", "event", "does not match its hash",
                                      "restore the last backup"],
                           *self.controller())
        with sqlite3.connect(kept) as before, sqlite3.connect(self.hall.journal) as after:
            rows = "SELECT * FROM events ORDER BY seq"
            self.assertEqual(before.execute(rows).fetchall(), after.execute(rows).fetchall())
        before.close()
        after.close()

    def test_a_journal_of_torn_pages_is_refused(self):
        """Shows R12, F5."""
        self.damaged_journal()
        with open(self.hall.journal, "r+b") as file:
            file.seek(4096 + 7)
            file.write(b"\x5a" * 200)
        self.assertRefuses(UNUSABLE, [self.hall.journal, "damaged", "restore the last backup"],
                           *self.controller())

    def test_a_file_that_is_no_journal_is_left_alone(self):
        text = b"Daftar belanja\n" * 100
        with open(self.hall.journal, "wb") as file:
            file.write(text)
        self.assertRefuses(UNUSABLE, [self.hall.journal, "not a journal of Antrean"],
                           *self.controller())
        with open(self.hall.journal, "rb") as file:
            self.assertEqual(file.read(), text)

    def test_a_journal_in_a_folder_that_is_not_there_is_told(self):
        journal = self.hall.path("none/queue.journal")
        self.assertRefuses(STORAGE, [journal], *self.controller(**{"--journal": journal}))

    def test_a_store_that_cannot_be_written_is_told(self):
        store = self.hall.path("none/store")
        for program in (self.kiosk_with, self.callpad_with):
            self.assertRefuses(STORAGE, [store, "Check that its folder exists"],
                               *program(**{"--store": store}))

    def test_a_file_that_is_no_store_is_left_alone(self):
        store = self.hall.path("letter")
        with open(store, "wb") as file:
            file.write(b"x" * 5000)
        for program in (self.kiosk_with, self.callpad_with):
            self.assertRefuses(UNUSABLE, [store, "store of Antrean"], *program(**{"--store": store}))
        with open(store, "rb") as file:
            self.assertEqual(file.read(), b"x" * 5000)

    def test_a_second_kiosk_leaves_the_store_to_the_first(self):
        """Shows R12."""
        self.start_hall()
        store = self.hall.path("kiosk-1.store")
        self.assertRefuses(LOCKED, [store, "Stop the other kiosk"],
                           *self.kiosk_with(**{"--store": store}))
        self.still_gives_numbers()

    def test_a_store_of_the_other_device_is_told_apart(self):
        self.hall.start_controller()
        callpad = self.hall.start_callpad()
        callpad.wait_for_line("> Loket 1")
        callpad.kill()
        self.assertRefuses(UNUSABLE, ["not a kiosk store of Antrean"],
                           *self.kiosk_with(**{"--store": self.hall.path("callpad-1.store")}))


class Addresses(BadInput):
    def test_a_port_in_use_is_told_with_the_option_that_chooses_it(self):
        self.start_hall()
        another = {"--journal": self.hall.path("another.journal")}
        for option, port in (("--listen", self.hall.controller.port),
                             ("--http", self.hall.controller.http_port)):
            with self.subTest(option):
                address = f"127.0.0.1:{port}"
                self.assertRefuses(CANNOT_LISTEN, [address, option, "choose another"],
                                   *self.controller(**another, **{option: address}))
        self.still_gives_numbers()

    def test_an_address_that_is_none_is_told(self):
        for option in ("--listen", "--http"):
            for wrong in ("7411", "127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:x"):
                with self.subTest(option=option, address=wrong):
                    self.assertRefuses(USAGE, [f"'{wrong}' is no ADDRESS:PORT"],
                                       *self.controller(**{option: wrong}))
        for program in (self.kiosk_with, self.callpad_with):
            self.assertRefuses(USAGE, ["'controller' is no HOST:PORT"],
                               *program(**{"--controller": "controller"}))
        for wrong in ("lpt1", "tcp:", "tcp:host", "tcp:127.0.0.1:99999", "usb:xyz"):
            with self.subTest(printer=wrong):
                self.assertRefuses(USAGE, [wrong], *self.kiosk_with(**{"--printer": wrong}))

    def test_a_name_that_is_none_is_told(self):
        for program in (self.kiosk_with, self.callpad_with):
            for wrong in ("Kiosk 1", "x" * 32, "-kiosk"):
                with self.subTest(wrong):
                    name, *arguments = program()
                    at = arguments.index("--device")
                    arguments[at:at + 2] = [f"--device={wrong}"]
                    self.assertRefuses(USAGE, [f"'{wrong}' is no id", "a-z"], name, *arguments)

    def test_missing_and_unknown_options_are_told(self):
        for program in ("antrean-controller", "antrean-kiosk", "antrean-callpad"):
            with self.subTest(program):
                self.assertRefuses(USAGE, ["is required"], program)
        for program in (self.controller, self.kiosk_with, self.callpad_with):
            self.assertRefuses(USAGE, ["--coffee"], *program(), "--coffee")


class Devices(BadInput):
    def test_an_unknown_button_is_told_and_gives_nothing(self):
        self.start_hall()
        mark = self.kiosk.mark()
        self.kiosk.press("9")
        self.kiosk.wait_after(mark, "> Tombol ini belum dipakai. Silakan pilih tombol lain.")
        self.still_gives_numbers()

    def test_a_kiosk_without_a_printer_says_so_and_gives_no_number(self):
        """Shows R14, F19, F20."""
        self.hall.start_controller()
        port = free_port()
        kiosk = self.hall.start_kiosk(printer=f"tcp:127.0.0.1:{port}")
        kiosk.wait_for_line("> Pencetak tiket sedang terganggu. Mohon gunakan mesin lain")
        kiosk.press("1")
        # The callpad's answer comes after all that the kiosk could have asked by then.
        with Callpad(self.hall.controller.port) as callpad:
            self.assertEqual(callpad.call_next().get("reason"), "NOBODY_WAITS")
            self.assertEqual(callpad.view.waiting, 0)
        # The printer appears, and it goes on by itself.
        self.hall.start_printer("--speed", "0", port=port)
        kiosk.wait_until_ready()
        kiosk.press("2")
        kiosk.wait_for_line("> Nomor Anda A-001. Silakan ambil tiket Anda.")

    def test_a_kiosk_that_runs_out_of_paper_says_so_and_goes_on_with_a_new_roll(self):
        """Shows R14, F20."""
        self.start_hall()
        mark = self.kiosk.mark()
        self.hall.printer.hand("paper out")
        self.kiosk.wait_after(mark, "> Kertas tiket habis.")
        self.kiosk.press("1")
        mark = self.kiosk.mark()
        self.hall.printer.hand("paper load")
        self.kiosk.wait_after(mark, "> Silakan tekan tombol")
        self.still_gives_numbers()

    def test_a_device_that_the_site_does_not_know_is_told_what_to_do(self):
        """Shows R15."""
        self.start_hall()
        stranger = self.hall.start_kiosk("kiosk-9")
        stranger.wait_for_line(r"the controller says unknown_device: device 'kiosk-9' is not in the "
                               r"site file; add it there, or correct --device")
        stranger.wait_for_line("> Mesin antrean sedang disiapkan")
        self.still_gives_numbers()
        self.assertTrue(stranger.running(), "it waits for the site file to be mended")

    def test_a_device_in_the_wrong_role_is_told_what_it_is(self):
        """Shows R15."""
        self.start_hall()
        kiosk = self.hall.start_kiosk("callpad-1")
        kiosk.wait_for_line("wrong_role: device 'callpad-1' is a callpad in the site file")
        callpad = self.hall.start_callpad("kiosk-2")
        callpad.wait_for_line("wrong_role: device 'kiosk-2' is a kiosk in the site file")
        self.still_gives_numbers()

    def test_a_twin_is_told_that_it_was_replaced(self):
        """Shows F14, F33."""
        self.start_hall()
        twin = self.hall.add(KioskProgram(f"127.0.0.1:{self.hall.controller.port}",
                                          f"tcp:127.0.0.1:{free_port()}",
                                          self.hall.path("twin.store"), "kiosk-1"))
        self.kiosk.wait_for_line("replaced: device 'kiosk-1' has connected anew")
        twin.kill()
        mark = self.kiosk.mark()
        self.kiosk.press("9")
        self.kiosk.wait_after(mark, ">")


class Garbage(BadInput):
    JUNK = [b"\xff" * 1000, b"\x00", b"GET / HTTP/1.1\r\n\r\n", b"\x80" * 3, b"\x05hello",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", random.Random(7411).randbytes(4096), b""]

    def test_garbage_for_devices_harms_nobody(self):
        """Shows F23."""
        self.start_hall()
        for junk in self.JUNK:
            with self.subTest(junk[:8]):
                with Connection(self.hall.controller.port) as connection:
                    connection.send_bytes(junk)
                    connection.socket.shutdown(socket.SHUT_WR)
                    with self.assertRaises(Closed) as closed:
                        while True:
                            connection.receive()
                    self.assertIn(closed.exception.reason, ("MALFORMED", "OUT_OF_TURN", None))
        self.still_gives_numbers()

    def test_garbage_for_browsers_harms_nobody(self):
        """Shows F23, F31."""
        self.start_hall()
        for junk in [*self.JUNK, b"GET /board HTTP/9.9\r\n\r\n", b"GET " + b"/" * 20000 + b" HTTP/1.1\r\n",
                     b"POST /board HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
                     b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"]:
            with self.subTest(junk[:20]):
                with socket.create_connection(("127.0.0.1", self.hall.controller.http_port), 30) as web:
                    said = b""
                    try:
                        web.sendall(junk)
                        web.shutdown(socket.SHUT_WR)
                        while chunk := web.recv(65536):
                            said += chunk
                    except ConnectionError:
                        pass  # it need not hear all of it
                    self.assertNotIn(b"root:", said)
                    if said:
                        self.assertRegex(said, rb"^HTTP/1\.[01] [2345]\d\d ")
        self.still_gives_numbers()

    def test_text_that_is_sql_stays_text(self):
        """Shows R16, F27."""
        texts = ["'); DROP TABLE events; --", "x' OR '1'='1", 'y"; DELETE FROM tickets; --']
        with open(self.hall.site_file, "w", encoding="utf-8") as file:
            file.write(SITE.replace('"KTP-el"', json.dumps(texts[0]))
                       .replace('"Loket 1"', json.dumps(texts[1])))
        controller = self.hall.start_controller()
        with Kiosk(controller.port) as kiosk, Callpad(controller.port) as callpad:
            ticket = kiosk.give()
            self.assertEqual(callpad.call_next().label, ticket.label)
            for text in texts:
                self.assertEqual(callpad.pause(text).kind, "Done")
                callpad.read_until(lambda view: view.pause_reason == text, text)
                self.assertEqual(callpad.open().kind, "Done")
        self.assertEqual(controller.terminate(), 0)
        events = read_events(self, self.hall.journal)
        self.assertEqual([row["detail"] for row in events if row["kind"] == "counter_paused"], texts)
        # The next start tells the reports what the last one did not.
        self.hall.start_controller()
        reports = os.path.splitext(self.hall.journal)[0] + ".reports.db"

        def names():
            text = ctl(self, "export", "--reports", reports, "--table", "ticket_list", "--csv")
            return [(row["service"], row["counter"]) for row in csv.DictReader(io.StringIO(text))]
        wait_until(lambda: names() == [tuple(texts[:2])], "a row with both names")

    def test_a_connection_that_says_nothing_harms_nobody(self):
        """Shows R13, F16."""
        self.start_hall()
        silent = [socket.create_connection(("127.0.0.1", self.hall.controller.port), 30)
                  for _ in range(50)]
        try:
            self.still_gives_numbers()
        finally:
            for connection in silent:
                connection.close()


if __name__ == "__main__":
    unittest.main()
