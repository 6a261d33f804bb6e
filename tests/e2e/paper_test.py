"""antrean-paper, and kiosks with layouts of their own and printers that nobody has named."""

import os
import shutil
import signal
import subprocess
import tempfile
import unittest

from path_programs import Hall, VirtualPrinter
from processes import Process

PAPERS = os.path.join(os.path.dirname(__file__), "..", "..", "schemas", "papers")


def paper(*arguments):
    return subprocess.run([os.path.join(os.environ["ANTREAN_BIN"], "antrean-paper"), *arguments], capture_output=True,
                          text=True, timeout=120)


class PaperTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="antrean-")
        self.addCleanup(shutil.rmtree, self.folder)

    def file(self, name, text=None):
        path = os.path.join(self.folder, name)
        if text is not None:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        return path

    def printer(self, *arguments):
        printer = VirtualPrinter(self.file("papers"), "--speed", "0", *arguments)
        self.addCleanup(printer.kill)
        return printer

    def test_preview_draws_a_layout_for_a_model(self):
        png = self.file("paper.png")
        done = paper("preview", os.path.join(PAPERS, "complete.toml"), "--profile", "generic-58", "-o",
                     png)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("384 x", done.stdout)
        with open(png, "rb") as file:
            self.assertEqual(file.read(8), b"\x89PNG\r\n\x1a\n")

    def test_what_is_wrong_is_told_with_file_line_and_remedy(self):
        layout = self.file("mine.toml", '[[item]]\ntext = "{lable}"\n')
        done = paper("preview", layout, "-o", self.file("x.png"))
        self.assertEqual(done.returncode, 65)
        self.assertIn("mine.toml:2: there is no field 'lable'; did you mean {label}?", done.stderr)
        done = paper("preview", "--field", "colour=red", "-o", self.file("x.png"))
        self.assertEqual(done.returncode, 65)
        self.assertIn("the names are site, place", done.stderr)
        done = paper("preview", "--profile", "epson-tm-t88", "-o", self.file("x.png"))
        self.assertEqual(done.returncode, 65)
        self.assertIn("did you mean 'epson-tm-t88v'?", done.stderr)
        done = paper("preview", "-o", self.file("no/such/folder.png"))
        self.assertEqual(done.returncode, 73)
        done = paper("print", "--printer", "parallel")
        self.assertEqual(done.returncode, 64, done.stderr)
        done = paper("status", "--printer", "tcp:127.0.0.1:9", "--wait", "1")
        self.assertEqual(done.returncode, 69)
        self.assertIn("gone: ", done.stdout)

    def test_print_says_what_became_of_the_paper(self):
        printer = self.printer("--profile", "epson-tm-t20iii")
        done = paper("print", "--printer", printer.address, "--profile", "epson-tm-t20iii", "--field",
                     "label=Z-999")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("printed: its process id", done.stdout)
        self.assertTrue(printer.wait_for_paper("Z-999").whole)

    def test_print_to_a_printer_without_paper_prints_nothing(self):
        printer = self.printer("--profile", "epson-tm-t20iii")
        printer.hand("paper out")
        done = paper("print", "--printer", printer.address, "--profile", "epson-tm-t20iii", "--wait", "3")
        self.assertEqual(done.returncode, 69, done.stdout + done.stderr)
        self.assertIn("paper out: ", done.stdout)
        self.assertEqual(printer.papers(), [])

    def test_status_watches_the_printer(self):
        printer = self.printer("--profile", "epson-tm-t20iii")
        watch = Process("antrean-paper", "status", "--printer", printer.address, "--profile",
                        "epson-tm-t20iii", "--watch")
        self.addCleanup(watch.kill)
        watch.wait_for_line(r"^\d\d:\d\d:\d\d ready ")
        printer.hand("cover open")
        watch.wait_for_line(r"^\d\d:\d\d:\d\d cover open: .+\.")
        printer.hand("cover close")
        mark = watch.mark()
        watch.wait_after(mark - 1, r"^\d\d:\d\d:\d\d ready ", 20)
        watch.popen.send_signal(signal.SIGINT)
        self.assertEqual(watch.popen.wait(10), 0)

    def test_probe_writes_a_profile_that_prints(self):
        for model in ("rongta-rp80", "bixolon-srp-350iii"):
            with self.subTest(model):
                printer = self.printer("--profile", model)
                profile = self.file(model + "-probed.toml")
                done = paper("probe", "--printer", printer.address, "--paper-mm", "80", "-o",
                             profile)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn("DLE EOT (status): answered", done.stdout)
                done = paper("print", "--printer", printer.address, "--profile", profile, "--field",
                             "label=Z-998")
                self.assertIn(done.returncode, (0, 4), done.stdout + done.stderr)
                printer.wait_for_paper("Z-998")
                printer.kill()

    def test_a_kiosk_finds_out_what_its_printer_is_and_prints_the_layout_of_the_site(self):
        with open(os.path.join(PAPERS, "ticket.toml"), encoding="utf-8") as file:
            layout = self.file("mall.toml", file.read() + '\n[[item]]\ntext = "Terima kasih"\n')
        with Hall() as hall:
            hall.start_controller()
            printer = hall.start_printer("--speed", "0", "--profile", "epson-tm-t88v")
            kiosk = hall.start_kiosk(arguments=("--profile", "auto", "--layout", layout))
            kiosk.wait_for_line(r"printer: it calls itself 'EPSON' 'TM-T88V' by GS I")
            kiosk.wait_until_ready()
            kiosk.press("1")
            kiosk.wait_for_line(r"printed, says its process id")
            self.assertIn("Terima kasih", printer.wait_for_paper("A-001").text)


if __name__ == "__main__":
    unittest.main()
