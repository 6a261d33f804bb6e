"""Appointments that are checked in: a code before a kiosk's reader becomes a paper, once."""

import datetime
import os
import shutil
import sqlite3
import subprocess
import unittest
import zoneinfo

from path_programs import Hall
from processes import SITE, Process

KEY = "0b5f2c8e4a6d9137f0c2e8b4d6a1935c7e0f2b4d6a8c1e3f5079b1d3f5a7c9e1"
APPOINTMENTS = """
[appointments]
key_file = "appointment.key"
early_min = 720
late_min = 720
"""
# Two zones half a day apart: in one of them no day ends while a test runs.
ZONES = ("Asia/Jakarta", "America/New_York")


def zone_at_day():
    return next(zone for zone in ZONES
                if 2 <= datetime.datetime.now(zoneinfo.ZoneInfo(zone)).hour < 22)


class KioskWithReader(Process):
    """antrean-kiosk with a reader; its buttons are nobody's."""

    def __init__(self, hall, device):
        program = os.path.join(os.environ["ANTREAN_BIN"], "antrean-kiosk")
        super().__init__(shutil.which("umockdev-wrapper"),
                         os.path.join(os.environ["ANTREAN_BIN"], "antrean-fake-reader"), program,
                         "--device", device, "--controller", f"127.0.0.1:{hall.controller.port}",
                         "--store", hall.path(device + ".store"), "--printer",
                         hall.printer.address, "--reader", "/dev/input/event7",
                         stdin=subprocess.PIPE)

    def wait_until_ready(self):
        self.wait_for_line("> Silakan tekan tombol layanan")
        self.wait_for_line("reader /dev/input/event7: ")

    def scan(self, code, line):
        """The match of LINE, which the kiosk shows upon CODE."""
        mark = self.mark()
        self.type(code + "\n")
        return self.wait_after(mark, line)


class CheckInTest(unittest.TestCase):
    def setUp(self):
        zone = zone_at_day()
        self.today = datetime.datetime.now(zoneinfo.ZoneInfo(zone)).date()
        self.hall = Hall(SITE.replace("Asia/Jakarta", zone) + APPOINTMENTS)
        self.addCleanup(self.hall.close)
        with open(self.hall.path("appointment.key"), "w", encoding="ascii") as file:
            file.write(KEY + "\n")
        os.chmod(self.hall.path("appointment.key"), 0o640)
        self.hall.start_controller()

    def start_kiosk(self, device):
        printer = self.hall.start_printer("--speed", "0", name=device + "-papers")
        kiosk = self.hall.add(KioskWithReader(self.hall, device))
        kiosk.printer = printer
        kiosk.wait_until_ready()
        return kiosk

    def code(self, service, nonce, days=0, key=None):
        day = self.today + datetime.timedelta(days=days)
        return subprocess.run(
            [os.path.join(os.environ["ANTREAN_BIN"], "antrean-ctl"), "appointment", "--key",
             key or self.hall.path("appointment.key"), "--service", service, "--day",
             day.isoformat(), "--time", "12:00", "--nonce", nonce],
            check=True, capture_output=True, text=True, timeout=30).stdout.strip()

    def test_a_code_is_a_paper_once_and_for_all_kiosks(self):
        code = self.code("npwp", "ONCE")
        kiosk = self.start_kiosk("kiosk-2")  # has no button of that service
        kiosk.scan(code, r"> Nomor Anda B-001\. Silakan ambil tiket Anda")
        paper = kiosk.printer.wait_for_paper("B-001")
        self.assertTrue(paper.whole)
        for said in ("Kantor Pajak", "NPWP", "JANJI TEMU"):
            self.assertIn(said, paper.text)

        mark = kiosk.mark()
        self.hall.controller.kill()
        self.hall.start_controller(again=True)
        kiosk.wait_after(mark, "connected to the controller")
        other = self.start_kiosk("kiosk-1")
        other.scan(code, "> Kode janji temu ini sudah dipakai")
        other.scan(self.code("npwp", "TWICE"), r"> Nomor Anda B-002\.")
        self.assertEqual([paper.label for paper in other.printer.papers()], ["B-002"])

        self.hall.controller.terminate()
        with sqlite3.connect(self.hall.journal) as journal:
            self.assertEqual(
                journal.execute("SELECT label, class, appointment FROM events WHERE kind = 'issued' "
                                "ORDER BY seq").fetchone(),
                ("B-001", "appointment", code.rpartition(".")[0]))
        # The seal is a secret of its holder, and the key of the site.
        told = kiosk.output + other.output + self.hall.controller.output
        with open(self.hall.journal, "rb") as journal:
            kept = journal.read()
        for secret in (code.rpartition(".")[2], KEY):
            self.assertNotIn(secret, told)
            self.assertNotIn(secret.encode(), kept)

    def test_what_is_not_to_be_had_is_said(self):
        kiosk = self.start_kiosk("kiosk-1")
        forged = self.hall.path("forged.key")
        with open(forged, "w", encoding="ascii") as file:
            file.write("f" * 32)
        kiosk.scan(self.code("ktp-el", "A", key=forged), "> Kode janji temu ini tidak dikenal")
        kiosk.scan("3201234567890001", "> Kode janji temu ini tidak dikenal")
        kiosk.scan(self.code("ktp-el", "A", days=1), "> Janji temu ini untuk hari lain")
        kiosk.scan(self.code("ktp-el", "A", days=-1), "> Janji temu ini untuk hari lain")
        kiosk.scan(self.code("paspor", "A"), "> Maaf, layanan ini tidak tersedia")
        # Nor has who holds the right code lost anything by these.
        kiosk.scan(self.code("ktp-el", "A").lower(), r"> Nomor Anda A-001\.")

        mark = kiosk.mark()
        self.hall.controller.kill()
        kiosk.wait_after(mark, "> .*Jaringan sedang terputus")
        kiosk.scan(self.code("ktp-el", "B"),
                   "> Jaringan sedang terputus: kode janji temu belum dapat diperiksa")
        self.assertEqual([paper.label for paper in kiosk.printer.papers()], ["A-001"])


if __name__ == "__main__":
    unittest.main()
