"""A clerk's day through the real programs: classes, sign-in, and every key of the callpad. And what
the papers of such a hall say."""

import re
import unittest

from path_programs import Hall
from processes import SITE, wait_until

DAY = SITE.replace("[[agency]]", """sign_in = "required"
wifi_name = "MPP Contoh"
wifi_password = "selamatdatang"
paper_link = "https://antrean.example.id/t"

[[agency]]""", 1).replace('name = "KTP-el"', """name = "KTP-el"
bring = "KTP lama"
service_time = 10
quota = 2""").replace('1 = "ktp-el", 2', '1 = "ktp-el", 4 = { service = "ktp-el", class = "priority" }, 2'
                      ) + """
[[staff]]
id = "siti"
name = "Siti"
code = "4711"
"""


class CounterTest(unittest.TestCase):
    def setUp(self):
        self.hall = Hall(DAY)
        self.addCleanup(self.hall.close)
        self.hall.start_controller()
        self.printer = self.hall.start_printer("--speed", "0")
        self.kiosk = self.hall.start_kiosk()
        self.kiosk.wait_until_ready()

    def give(self, key, label):
        self.kiosk.give(key, label)
        return self.printer.wait_for_paper(label)

    def keys(self, keys, pattern):
        """Types KEYS and waits for a line with PATTERN that asks or types nothing any more."""
        mark = self.callpad.mark()
        self.callpad.press(keys)
        return self.callpad.wait_after(mark, pattern)

    def start_callpad(self):
        self.callpad = self.hall.start_callpad()
        self.callpad.wait_for_line(r"> Loket 1 \| ")

    def test_papers_and_buttons_say_all_that_the_site_file_has_for_them(self):
        self.kiosk.wait_for_line(r"\[1\] Dinas Kependudukan - KTP-el \| sisa 2 \| menunggu 0.*"
                                 r"siapkan: KTP lama")
        text = self.give("4", "A-001").text
        for line in ("PRIORITAS", "Siapkan: KTP lama", "Wi-Fi: MPP Contoh",
                     "Kata sandi: selamatdatang"):
            self.assertRegex(text, rf"(?m)^ *{line} *$")
        self.assertNotIn("PRIORITAS", self.give("1", "A-002").text)
        self.kiosk.wait_for_line(r"\[1\] .* \| TUTUP: Kuota hari ini habis\. \| menunggu 2")

        def told():
            mark = self.kiosk.mark()
            self.kiosk.press("1")  # it may be guarded still from the press before
            try:
                return self.kiosk.wait_after(mark, r"^> Kuota hari ini habis\.$", 2)
            except AssertionError:
                return None
        wait_until(told, "the reason")

    def test_a_clerk_does_a_day_with_every_key(self):
        self.start_callpad()
        self.keys("n", r"\| belum ada petugas yang masuk")
        self.keys("m9999\n", r"\| kode salah")
        self.keys("m4711\n", r"> Loket 1 \| Siti \| tidak ada yang dipanggil \| menunggu 0$")
        self.assertNotIn("4711", self.callpad.output)
        self.give("1", "A-001")
        self.give("4", "A-002")
        self.give("2", "A-003")
        self.callpad.wait_for_line(r"menunggu 3 \(prioritas 1\)$")
        self.keys("p", r"\| A-002 \| KTP-el \| PRIORITAS \| menunggu 2 \| u: batalkan panggilan$")
        self.keys("r", r"\| panggilan ke-2 \| menunggu 2 \| u: batalkan panggilan$")
        self.keys("s", r"\| sedang dilayani \|.* \| u: batalkan mulai layani$")
        self.keys("x", r"\| tidak dapat dilakukan dalam keadaan ini$")
        self.keys("h", r"\| tidak ada yang dipanggil \| menunggu 2 \| ditahan 1: A-002 PRIORITAS "
                       r"\| u: batalkan tahan$")
        self.keys("n", r"\| A-001 \| KTP-el \| .*\| u: batalkan panggilan$")
        self.keys("b1\n", r"\| A-002 \| KTP-el \| PRIORITAS \|.*\| u: batalkan panggilan$")
        self.keys("d", r"\| tidak ada yang dipanggil \| menunggu 1 \| u: batalkan selesai$")
        self.keys("u", r"\| A-002 \| KTP-el \| PRIORITAS \| .*menunggu 1$")
        self.keys("u", r"\| tidak ada yang dapat dibatalkan$")
        self.keys("ca-003\n", r"\| A-003 \| Kartu Keluarga \| menunggu 0 \|")
        line = self.keys("t", r"Alihkan ke, nomor: _ \[(.*)\]$")
        number = re.search(r"(\d+): NPWP", line[1])[1]
        self.keys(number + "\n", r"\| tidak ada yang dipanggil \| menunggu 0 \| "
                                 r"u: batalkan alihkan$")
        self.keys("u", r"\| A-003 \| Kartu Keluarga \| menunggu 0$")
        self.keys("x", r"\| tidak ada yang dipanggil \| menunggu 0 \| u: batalkan tidak hadir$")
        self.keys("i", r"\| Siti \| LOKET DIJEDA: Istirahat \|")
        self.keys("n", r"\| loket sedang dijeda")
        self.keys("i", r"> Loket 1 \| Siti \| tidak ada")
        self.keys("cz-999\n", r"\| nomor itu tidak ada hari ini$")
        self.keys("k", r"> Loket 1 \| belum masuk \|")

    def test_a_restarted_callpad_knows_who_was_there_and_held(self):
        self.start_callpad()
        self.keys("m4711\n", r"> Loket 1 \| Siti \|")
        self.give("1", "A-001")
        self.callpad.wait_for_line(r"menunggu 1$")
        # Its number may be called once its paper is reported.
        while "tidak ada yang menunggu" in self.keys(
                "n", r"\| A-001 \||tidak ada yang menunggu")[0]:
            pass
        self.keys("h", r"\| ditahan 1: A-001")
        self.callpad.kill()
        self.hall.controller.kill()
        self.callpad = self.hall.start_callpad()
        self.callpad.wait_for_line(r"> Loket 1 \| Siti \| .*\| ditahan 1: A-001 .*TERPUTUS")


if __name__ == "__main__":
    unittest.main()
