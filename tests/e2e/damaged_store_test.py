"""A device whose store is damaged puts it aside, says so, and goes on with a new one."""

import os
import unittest

from path_programs import Hall


def damage(path):
    """Nonsense in every page but the first, as a worn-out memory card gives it."""
    with open(path, "r+b") as file:
        size = os.path.getsize(path)
        for page in range(4096, size, 4096):
            file.seek(page)
            file.write(b"\x5a" * 4096)


class DamagedStore(unittest.TestCase):
    def setUp(self):
        self.hall = Hall()
        self.addCleanup(self.hall.close)
        self.hall.start_controller()
        self.hall.start_printer("--speed", "300")

    def test_a_kiosk_goes_on_with_numbers_that_nobody_holds(self):
        """Shows R1, R14, F5."""
        kiosk = self.hall.start_kiosk()
        kiosk.wait_until_ready()
        kiosk.press("1")
        self.hall.printer.wait_for_paper("A-001")
        kiosk.kill()
        store = self.hall.path("kiosk-1.store")
        damage(store)
        kiosk = self.hall.start_kiosk()
        kiosk.wait_for_line(r"kiosk-1\.store: damaged: ")
        kiosk.wait_for_line(r"it is kept as .*kiosk-1\.store\.damaged-1, and a new one begins")
        kiosk.wait_until_ready()
        kiosk.press("1")
        self.hall.printer.wait_for_paper("A-002")
        self.hall.controller.wait_for_line("kiosk-1: has a new store")
        self.assertTrue(os.path.exists(store + ".damaged-1"))

    def test_a_callpad_shows_what_the_controller_tells_it(self):
        """Shows R14, F5."""
        callpad = self.hall.start_callpad()
        callpad.wait_for_line("Loket 1")
        callpad.kill()
        store = self.hall.path("callpad-1.store")
        damage(store)
        callpad = self.hall.start_callpad()
        callpad.wait_for_line(r"it is kept as .*callpad-1\.store\.damaged-1")
        callpad.wait_for_line("Loket 1")


if __name__ == "__main__":
    unittest.main()
