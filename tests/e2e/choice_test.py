"""A service chosen at a real kiosk by digits and by pages, out of more than it has keys."""

import re
import time
import unittest

from path_programs import Hall, Process
from processes import SITE

# Button 27 is far from any key.
MALL = SITE.replace('3 = "npwp" }', '27 = "npwp" }')


class ChoiceTest(unittest.TestCase):
    def setUp(self):
        self.hall = Hall(MALL)
        self.addCleanup(self.hall.close)
        self.hall.start_controller()
        self.printer = self.hall.start_printer("--speed", "0")

    def start(self, choice, sentence):
        self.kiosk = self.hall.start_kiosk(arguments=("--choice", choice))
        self.kiosk.wait_for_line(re.escape("> " + sentence))

    def press(self, keys, line):
        """Presses KEYS, and waits for LINE, which comes of them."""
        mark = self.kiosk.mark()
        self.kiosk.press(keys)
        self.kiosk.wait_after(mark, line)

    def test_a_number_is_typed(self):
        self.start("digits", "Silakan ketik nomor layanan")
        self.kiosk.wait_for_line(r"^  \[27\] Kantor Pajak - NPWP")
        self.press("2", "> Nomor layanan: 2 = .* - Kartu Keluarga. Tekan Enter")
        self.press("7", "> Nomor layanan: 27 = Kantor Pajak - NPWP. Tekan Enter")
        self.press("\n", "> Nomor Anda B-001. Silakan ambil tiket Anda.")
        self.press("28\n", "> Tidak ada layanan nomor 28.")
        self.press("*", "> Nomor Anda B-001|> Silakan ketik nomor layanan")
        self.press("1#", "> Nomor Anda A-001. Silakan ambil tiket Anda.")
        self.assertEqual([paper.label for paper in self.printer.papers()], ["B-001", "A-001"])

    def test_what_is_left_of_a_number_is_forgotten(self):
        self.start("digits", "Silakan ketik nomor layanan")
        mark = self.kiosk.mark()
        self.kiosk.press("2")
        self.kiosk.wait_after(mark, "> Nomor layanan: 2 = ")
        self.kiosk.wait_after(mark, "> Silakan ketik nomor layanan")
        self.press("1\n", "> Nomor Anda A-001.")

    def test_a_service_is_chosen_by_pages(self):
        self.start("pages", "Silakan pilih instansi")
        self.kiosk.wait_for_line("> Pilih instansi")
        self.kiosk.wait_for_line(r"^  \[2\] Kantor Pajak \(1 layanan\)")
        self.choose("2", r"^  \[1\] NPWP")
        self.choose("0", r"^  \[2\] Kantor Pajak")
        self.choose("1", r"^  \[2\] Kartu Keluarga")
        self.choose("2", "> Nomor Anda A-001. Silakan ambil tiket Anda.")
        self.choose("2", r"^  \[1\] NPWP")
        self.choose("1", "> Nomor Anda B-001. Silakan ambil tiket Anda.")

    def choose(self, key, line):
        """Presses KEY as somebody who has read the page: one that comes sooner does nothing."""
        time.sleep(0.5)
        self.press(key, line)

    def test_lamps_and_unknown_ways_are_refused(self):
        for arguments, words in ((("--choice", "voice"), "write direct, digits or pages"),
                                 (("--choice", "pages", "--lamp", "1=one"), "leave one of them out")):
            kiosk = self.hall.add(Process("antrean-kiosk", "--device", "kiosk-1", "--store",
                                          self.hall.path("none.store"), *arguments))
            self.assertEqual(kiosk.wait(), 64, kiosk.output)
            self.assertIn(words, kiosk.output)


if __name__ == "__main__":
    unittest.main()
