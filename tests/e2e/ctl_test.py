"""antrean-ctl against the real controller, and against files."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import unittest
import urllib.request

from client import Kiosk, Message
from processes import DEADLINE_S, Process, Site

PROGRAM = os.path.join(os.environ["ANTREAN_BIN"], "antrean-ctl")


def ctl(*arguments, stdin="", environment=None):
    return subprocess.run([PROGRAM, *map(str, arguments)], input=stdin, text=True, timeout=DEADLINE_S,
                          capture_output=True, check=False, env={**os.environ, **(environment or {})})


class ConsoleTest(unittest.TestCase):
    def setUp(self):
        self.site = Site()
        self.addCleanup(self.site.close)
        self.socket = os.path.join(self.site.folder, "console.sock")
        self.controller = self.site.start("--socket", self.socket)

    def ctl(self, *arguments, **more):
        return ctl("--socket", self.socket, *arguments, **more)

    def good(self, *arguments, **more):
        run = self.ctl(*arguments, **more)
        self.assertEqual((run.returncode, run.stderr), (0, ""), run)
        return run.stdout

    def refused(self, word, *arguments, **more):
        run = self.ctl(*arguments, **more)
        self.assertEqual((run.returncode, run.stdout), (1, ""), run)
        self.assertIn(f"({word})", run.stderr)

    def give(self, count, service="ktp-el"):
        with Kiosk(self.controller.port) as kiosk:
            return [kiosk.give(service).label for _ in range(count)]

    def test_a_counter_without_a_callpad_is_run_by_hand(self):
        self.assertEqual(self.give(3), ["A-001", "A-002", "A-003"])
        self.refused("not_called", "finish", "loket-1")
        self.assertEqual(self.good("call", "loket-1"), "A-001 for ktp-el\n")
        self.assertEqual(self.good("recall", "loket-1"), "done\n")
        self.good("serve", "loket-1")
        self.good("finish", "loket-1")
        self.assertEqual(self.good("call", "loket-1", "--label", "A-003"), "A-003 for ktp-el\n")
        self.good("undo", "loket-1")
        self.good("void", "A-002")
        self.assertEqual(self.good("call", "loket-1"), "A-003 for ktp-el\n")
        self.good("no-show", "loket-1")
        self.refused("nobody_waits", "call", "loket-1")
        self.refused("unknown_counter", "call", "loket-9")

    def test_status_and_queue_are_told_to_people_and_to_programs(self):
        self.give(2)
        self.assertIn("2 waiting", self.good("status"))
        self.assertNotIn("\x1b", self.good("queue"))  # no colour where no terminal is
        status = json.loads(self.good("status", "--json"))["status"]
        self.assertEqual(status["tickets"]["waiting"], 2)
        queue = json.loads(self.good("--json", "queue"))
        self.assertEqual(queue["queues"][0]["waiting"]["all"], 2)
        run = self.ctl("--json", "call", "loket-9")
        self.assertEqual(run.returncode, 1)
        self.assertEqual(json.loads(run.stdout)["error"], "unknown_counter")
        self.assertEqual(self.good("alarms"), "nobody waits too long\n")

    def test_devices_say_which_are_there_and_what_they_lack(self):
        with Kiosk(self.controller.port) as kiosk:
            kiosk.send(Message("KioskState", printers=[{"state": "PAPER_LOW"}],
                               stuck=[{"number": 4}]))
            kiosk.issue()  # its answer comes behind the state
            devices = json.loads(self.good("devices", "--json"))["devices"]
            known = {device["device"]: device for device in devices}
            self.assertEqual(known["kiosk-1"], {
                "device": "kiosk-1", "role": "kiosk", "connected": True,
                "printers": ["paper_low"], "stuck_buttons": [4]})
            self.assertIn("paper_low", self.good("devices"))
            self.assertIn({"device": "callpad-1", "role": "callpad", "connected": False}, devices)

    def test_services_and_the_day_are_closed_and_opened(self):
        self.assertEqual(self.good("pause", "--agency", "dukcapil", "--reason", "padam"),
                         "done: 2 services\n")
        with Kiosk(self.controller.port) as kiosk:
            self.assertEqual(kiosk.issue().kind, "Refused")
            self.good("resume", "ktp-el")
            self.assertEqual(kiosk.issue().kind, "Ticket")
            self.good("close-day")
            self.assertEqual(kiosk.issue().kind, "Refused")
            self.good("reopen-day")
            self.assertEqual(kiosk.issue().kind, "Ticket")
        self.refused("unknown_service", "pause", "sim")

    def test_a_tail_shows_what_happens_until_it_is_interrupted(self):
        tail = Process("antrean-ctl", "--socket", self.socket, "tail", "--json")
        self.addCleanup(tail.kill)
        tail.wait_for_line('"tail"')
        self.give(1)
        event = json.loads(tail.wait_for_line(r'.*"kind":"issued".*')[0])["event"]
        self.assertEqual(event["label"], "A-001")
        tail.send_signal(signal.SIGINT)
        self.assertEqual(tail.wait(), -signal.SIGINT)

    def test_a_console_outlives_a_controller_that_was_killed(self):
        self.controller.kill()
        self.assertTrue(os.path.exists(self.socket))
        self.assertEqual(self.ctl("status").returncode, 69)
        self.site.start("--socket", self.socket)
        self.good("status")
        self.assertEqual(self.site.controller.terminate(), 0)
        self.assertFalse(os.path.exists(self.socket))

    def test_a_backup_is_verified_and_takes_the_journal_s_place(self):
        """Shows R17, F7."""
        self.give(2)
        backup = os.path.join(self.site.folder, "copy.journal")
        self.assertIn("whole backup", self.good("backup", backup))
        self.give(1)
        self.assertEqual(ctl("verify", self.site.journal).returncode, 75)
        self.assertEqual(self.controller.terminate(), 0)
        self.assertIn("good; ", ctl("verify", backup).stdout)
        run = ctl("restore", backup, self.site.journal)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        self.assertIn("is restored", run.stdout)
        with open(backup, "r+b") as file:
            file.seek(0)
            file.write(b"damage")
        self.assertEqual(ctl("verify", backup).returncode, 65)
        self.assertEqual(ctl("restore", backup, self.site.journal).returncode, 65)
        self.controller = self.site.start("--socket", self.socket)
        self.good("status")

    def test_the_site_file_is_read_anew(self):
        with open(self.site.site_file, "a", encoding="utf-8") as file:
            file.write('\n[[counter]]\nid = "loket-3"\nname = "Loket 3"\nagencies = ["pajak"]\n')
        self.refused("unknown_counter", "call", "loket-3")
        self.good("reload")
        self.refused("nobody_waits", "call", "loket-3")
        with open(self.site.site_file, "a", encoding="utf-8") as file:
            file.write("[[counter]]\n")
        self.refused("failed", "reload")
        self.good("status")

    def test_monitoring_reads_health_and_meters(self):
        def get(path):
            return urllib.request.urlopen(f"http://127.0.0.1:{self.controller.http_port}{path}",
                                          timeout=DEADLINE_S)
        self.give(2)
        with get("/healthz") as health:
            self.assertEqual((health.status, health.read()), (200, b"ok\n"))
        with get("/metrics") as metrics:
            self.assertIn("version=0.0.4", metrics.headers["Content-Type"])
            text = metrics.read().decode()
        self.assertIn("\nantrean_tickets_issued_total 2\n", text)
        self.assertIn("\nantrean_tickets_waiting 2\n", text)
        self.assertRegex(text, r"\nantrean_flush_seconds_count [1-9]")


class NoControllerTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="antrean-ctl-")
        self.addCleanup(shutil.rmtree, self.folder)

    def test_without_a_controller_it_says_so(self):
        socket = os.path.join(self.folder, "none.sock")
        run = ctl("status", environment={"ANTREAN_SOCKET": socket})
        self.assertEqual(run.returncode, 69)
        self.assertIn(socket, run.stderr)
        self.assertEqual(ctl("--socket", "/" + "x" * 200, "status").returncode, 64)

    def test_wrong_options_are_told_apart_from_refusals(self):
        for arguments in ([], ["dance"], ["finish"], ["pause"], ["pause", "a", "--agency", "b"],
                          ["call", "loket-1", "--class", "vip"],
                          ["call", "loket-1", "--class", "regular", "--label", "A-001"]):
            self.assertEqual(ctl(*arguments).returncode, 64, arguments)
        for arguments in (["--help"], ["call", "--help"], ["--version"]):
            self.assertEqual(ctl(*arguments).returncode, 0, arguments)

    def reports(self):
        path = os.path.join(self.folder, "reports.db")
        db = sqlite3.connect(path)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE tickets (id INTEGER, day TEXT, label TEXT, note TEXT)")
        db.execute("CREATE TABLE names (id TEXT)")
        db.execute("CREATE VIEW visits AS SELECT day AS period, count(*) AS n FROM tickets GROUP BY day")
        db.executemany("INSERT INTO tickets VALUES (?, ?, ?, ?)",
                       [(1, "2026-11-21", "A-001", None), (2, "2026-11-22", "A-001", 'a "b", c')])
        db.commit()
        self.addCleanup(db.close)  # still open: as a controller has it
        return path

    def test_reports_are_exported_while_they_are_in_use(self):
        path = self.reports()
        run = ctl("export", "--reports", path, "--table", "tickets", "--csv")
        self.assertEqual(run.returncode, 0, run)
        run = subprocess.run([PROGRAM, "export", "--reports", path, "--table", "tickets", "--day",
                              "2026-11-22", "--csv"], capture_output=True, check=True)
        self.assertEqual(run.stdout, b'id,day,label,note\r\n2,2026-11-22,A-001,"a ""b"", c"\r\n')
        out = os.path.join(self.folder, "out.csv")
        self.assertEqual(ctl("export", "--reports", path, "--table", "visits", "--csv", "-o", out)
                         .returncode, 0)
        with open(out, "rb") as file:
            self.assertEqual(file.read(), b"period,n\r\n2026-11-21,1\r\n2026-11-22,1\r\n")
        table = ctl("export", "--reports", path, "--table", "visits", "--day", "2026-11-21").stdout
        self.assertEqual(table, "period      n\n2026-11-21  1\n")

    def test_an_export_that_cannot_be_says_why(self):
        path = self.reports()
        run = ctl("export", "--reports", path, "--table", "tickets; DROP TABLE tickets")
        self.assertEqual(run.returncode, 64)
        self.assertIn("names, tickets, visits", run.stderr)
        self.assertEqual(ctl("export", "--reports", path, "--table", "names", "--day", "x").returncode,
                         64)
        self.assertEqual(ctl("export", "--reports", self.folder + "/none", "--table", "t").returncode,
                         74)
        with open(self.folder + "/text", "w", encoding="utf-8") as file:
            file.write("no database, but long enough to look like one might" * 20)
        self.assertEqual(ctl("export", "--reports", self.folder + "/text", "--table", "t").returncode,
                         65)
        self.assertEqual(ctl("export", "--reports", path, "--table", "tickets", "-o",
                             self.folder + "/none/out").returncode, 74)
