"""A ticket's whole way through the real programs: button, controller, paper, call, board. And each
program restarted on that way."""

import unittest

from path_programs import LAST_LINE, READY, Board, Hall
from processes import wait_until


# A callpad's line may end with the step that can be undone.
UNDO = r"( \| u: [a-z ]+)?$"


class PathTest(unittest.TestCase):
    def setUp(self):
        self.hall = Hall()
        self.addCleanup(self.hall.close)
        self.controller = self.hall.start_controller()
        self.printer = self.hall.start_printer("--speed", "0")
        self.kiosk = self.start_kiosk()

    def start_kiosk(self):
        kiosk = self.hall.start_kiosk()
        kiosk.wait_until_ready()
        return kiosk

    def board(self):
        board = Board(self.hall.controller.http_port)
        self.addCleanup(board.close)
        return board

    def give(self, key, label):
        """Presses a button and waits for all that comes of it."""
        self.kiosk.give(key, label)
        return self.printer.wait_for_paper(label)

    def call_next(self, callpad, line):
        """Calls until somebody is called, and waits for LINE. A number may be called once its paper is
        reported, which the kiosk's screen does not wait for."""
        def answer():
            lines = callpad.lines_after(mark)
            asked = [at for at, text in enumerate(lines) if text.endswith("| ...")]
            return asked and next((text for text in lines[asked[0]:]
                                   if text.startswith(">") and not text.endswith("| ...")), None)
        while True:
            mark = callpad.mark()
            callpad.press("n")
            if "tidak ada yang menunggu" not in wait_until(answer, "the answer to a call"):
                callpad.wait_after(mark, line)
                return

    def test_a_press_becomes_a_paper_a_call_and_a_line_on_the_board(self):
        callpad = self.hall.start_callpad()
        callpad.wait_for_line(r"> Loket 1 \| tidak ada yang dipanggil \| menunggu 0")
        board = self.board()

        paper = self.give("1", "A-001")
        self.assertTrue(paper.whole)
        self.assertFalse(paper.copy)
        lines = [line.strip() for line in paper.text.splitlines() if line.strip()]
        self.assertEqual(lines[:5], ["Mal Pelayanan Publik Contoh", "Dinas Kependudukan", "KTP-el",
                                     "NOMOR ANTREAN", "A-001"])
        self.assertRegex(lines[5], r"^(Minggu|Senin|Selasa|Rabu|Kamis|Jumat|Sabtu), \d{1,2} \w+ "
                                   r"\d{4} \S \d\d\.\d\d WIB$")
        self.assertEqual(lines[6:], ["Anda yang pertama dalam antrean",
                                     "Perkiraan tunggu kurang dari 5 menit", LAST_LINE])

        callpad.wait_for_line(r"> Loket 1 \| tidak ada yang dipanggil \| menunggu 1")
        self.call_next(callpad, r"> Loket 1 \| A-001 \| KTP-el \| menunggu 0" + UNDO)
        view = board.wait(lambda v: v["calls"], "a call")
        self.assertEqual((view["calls"][0]["label"], view["calls"][0]["counter"],
                          view["calls"][0]["again"]), ("A-001", "Loket 1", False))

        callpad.press("r")
        view = board.wait(lambda v: v["calls"][0]["again"], "the second call")
        self.assertEqual(view["calls"][0]["label"], "A-001")
        callpad.wait_for_line(
            r"> Loket 1 \| A-001 \| KTP-el \| panggilan ke-2 \| menunggu 0" + UNDO)
        callpad.press("d")
        callpad.wait_after(callpad.mark() - 1, r"> Loket 1 \| tidak ada yang dipanggil")

    def test_each_button_gives_tickets_of_its_series(self):
        self.give("1", "A-001")
        self.give("3", "B-001")
        self.give("2", "A-002")
        self.assertEqual([p.label for p in self.printer.papers()], ["A-001", "B-001", "A-002"])

    def test_a_restarted_kiosk_goes_on(self):
        """Shows F18."""
        self.give("1", "A-001")
        self.assertEqual(self.kiosk.terminate(), 0)
        self.kiosk = self.start_kiosk()
        self.give("1", "A-002")
        self.kiosk.kill()
        self.kiosk = self.start_kiosk()
        self.give("1", "A-003")
        self.assertEqual([p.label for p in self.printer.papers()], ["A-001", "A-002", "A-003"])

    def test_a_restarted_callpad_shows_what_it_showed(self):
        """Shows R7, F1."""
        self.give("1", "A-001")
        callpad = self.hall.start_callpad()
        callpad.wait_for_line(r"menunggu 1")
        self.call_next(callpad, r"> Loket 1 \| A-001 \| KTP-el \| menunggu 0" + UNDO)
        callpad.kill()
        callpad = self.hall.start_callpad()
        callpad.wait_for_line(r"> Loket 1 \| A-001 \| KTP-el \| menunggu 0" + UNDO)
        callpad.kill()
        self.controller.kill()
        callpad = self.hall.start_callpad()
        callpad.wait_for_line(r"> Loket 1 \| A-001 \| KTP-el .*TERPUTUS dari pengendali")
        # A key does nothing now but to say so again.
        callpad.press("n")
        self.hall.start_controller(again=True)
        callpad.wait_for_line(r"> Loket 1 \| A-001 \| KTP-el \| menunggu 0" + UNDO)

    def test_everybody_comes_back_to_a_restarted_controller(self):
        """Shows R14, F1."""
        callpad = self.hall.start_callpad()
        callpad.wait_for_line("> Loket 1")
        self.give("1", "A-001")
        for end in (self.controller.terminate, lambda: self.hall.controller.kill()):
            kiosk_mark, callpad_mark = self.kiosk.mark(), callpad.mark()
            end()
            self.kiosk.wait_after(kiosk_mark, "> Silakan tekan tombol layanan. Jaringan sedang terputus")
            callpad.wait_after(callpad_mark, "TERPUTUS")
            self.hall.start_controller(again=True)
            self.kiosk.wait_after(kiosk_mark, "> " + READY)
            callpad.wait_after(callpad_mark, r"menunggu \d+" + UNDO)
        board = self.board()
        self.give("2", "A-002")
        for label, service in (("A-001", "KTP-el"), ("A-002", "Kartu Keluarga")):
            self.call_next(callpad, rf"> Loket 1 \| {label} \| {service} \| menunggu \d" + UNDO)
            board.wait(lambda v: v["calls"] and v["calls"][0]["label"] == label, label)

    def test_the_second_printer_stands_in_while_the_first_cannot_print(self):
        """Shows F20."""
        with Hall() as hall:
            hall.start_controller()
            second = hall.start_printer("--speed", "0", name="second")
            first = hall.start_printer("--speed", "0", name="first")
            kiosk = hall.start_kiosk(arguments=("--printer", second.address))
            kiosk.wait_until_ready()
            kiosk.press("1")
            first.wait_for_paper("A-001")
            first.hand("paper out")
            kiosk.wait_for_line("printer 1: paper out")
            kiosk.press("2")
            second.wait_for_paper("A-002")
            second.hand("paper out")
            kiosk.wait_for_line("printer 2: paper out")
            kiosk.wait_for_line("> Kertas tiket habis")
            mark = kiosk.mark()
            first.hand("paper load")
            kiosk.wait_after(mark, "printer 1: ready", 30)
            kiosk.wait_after(mark, "> Silakan tekan")
            kiosk.press("1")
            first.wait_for_paper("A-003")
            self.assertEqual([paper.label for paper in second.papers()], ["A-002"])


if __name__ == "__main__":
    unittest.main()
