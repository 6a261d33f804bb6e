"""A kiosk and a callpad behind networks that fail in every way that a network fails in.

ANTREAN_CALLS: where frames are cut at any byte, at so many of them, or at "all"."""

import itertools
import re
import time
import unittest

import traced
from client import Callpad, Kiosk
from evening import call_everybody, check_evening
from faulty_network import Cut, FaultyNetwork
from kill_journal import read_events
from path_programs import READY, CallpadProgram, Hall, KioskProgram
from processes import wait_until

MASH_GUARD_S = 1.1  # of one button; a press within it is none
NUMBER = r"> Nomor Anda (\S+)\. Silakan ambil tiket Anda\."
AWAY = "TERPUTUS"
ONLINE, OFFLINE = r"^[AB]-\d{3}$", r"^[AB]-[A-Z]{2}\d\d$"


class Bench(unittest.TestCase):
    def setUp(self):
        self.hall = Hall()
        self.addCleanup(self.hall.close)
        self.controller = self.hall.start_controller()
        self.printer = self.hall.start_printer("--speed", "0")
        self.network = self.add_network()
        self.kiosk = self.hall.add(KioskProgram(
            f"127.0.0.1:{self.network.port}", self.printer.address, self.hall.path("kiosk.store"),
            "kiosk-1", "--press-limit", "1000/0.01"))
        self.kiosk.wait_until_ready()
        self.kiosk.wait_for_line("may give numbers of")
        self.keys = itertools.cycle("123")
        self.pressed = {}

    def add_network(self):
        network = FaultyNetwork(self.controller.port)
        self.addCleanup(network.close)
        return network

    def start_callpad(self):
        self.callpad_network = self.add_network()
        self.callpad = self.hall.add(CallpadProgram(
            f"127.0.0.1:{self.callpad_network.port}", self.hall.path("callpad.store")))
        self.callpad.wait_for_line(r"> Loket 1 \| .*menunggu")

    def press(self):
        """Presses the next button; returns the label that the screen tells."""
        key = next(self.keys)
        time.sleep(max(0, self.pressed.get(key, 0) + MASH_GUARD_S - time.monotonic()))
        mark = self.kiosk.mark()
        self.kiosk.press(key)
        self.pressed[key] = time.monotonic()
        return self.kiosk.wait_after(mark, NUMBER)[1]

    def press_until(self, form):
        """Presses until a number is of FORM, and gives it."""
        for _ in range(20):
            label = self.press()
            if re.search(form, label):
                return label
        raise AssertionError(f"no number like {form}")

    def finish(self):
        """Everything is whole by itself, and the evening's papers are right."""
        self.network.wait_until_open()
        self.press_until(ONLINE)
        self.kiosk.wait_after(self.kiosk.mark() - 1, "> " + READY)
        call_everybody(self.hall)
        self.assertEqual(self.kiosk.terminate(), 0)
        return check_evening(self, self.hall, [self.printer])


class Cuts(Bench):
    def cut_at_each(self, network, cuts, act):
        """Lets each of CUTS happen to what ACT() makes pass, and be over."""
        for cut in cuts:
            with self.subTest(cut=str(cut), direction=cut.direction):
                network.plan(cut)
                while not network.happened():
                    act()
                    wait_until(lambda: network.happened() or network.is_open(), str(cut))
                network.wait_until_open()

    def test_a_frame_of_a_ticket_is_cut_at_any_byte(self):
        """Shows R1, R2, R3, R5, R14, F11."""
        self.press()
        wait_until(lambda: self.network.passed["PrintReport.Done"], "a ticket's frames")
        cuts = [Cut(direction, kind, at)
                for direction, kind in (("up", "Issue"), ("down", "Issue.Ticket"),
                                        ("up", "PrintReport"), ("down", "PrintReport.Done"))
                for at in range(self.network.sizes[kind] + 1)]
        self.cut_at_each(self.network, traced.chosen(cuts), self.press)
        self.finish()

    def test_a_frame_of_a_call_is_cut_at_any_byte(self):
        """Shows R5, R7, R14, F11."""
        self.start_callpad()
        with Kiosk(self.controller.port, "kiosk-2") as other:
            def call():
                label = other.give().label
                mark = self.callpad.mark()
                # Who is cut off shows it, and nobody can press a key then.
                self.callpad_network.wait_until_open()
                self.callpad.press("n")
                self.callpad.wait_after(mark, rf"> Loket 1 \| {label} \|")
            call()
            network = self.callpad_network
            wait_until(lambda: network.sizes["CallNext.Called"], "a call's frames")
            cuts = [Cut(direction, kind, at)
                    for direction, kind in (("up", "CallNext"), ("down", "CallNext.Called"),
                                            ("down", "CounterView"))
                    for at in range(network.sizes[kind] + 1)]
            self.cut_at_each(network, traced.chosen(cuts), call)
            given = other.store.last_request // 2
        self.assertEqual(self.callpad.terminate(), 0)
        self.assertEqual(self.kiosk.terminate(), 0)
        self.assertEqual(self.controller.terminate(), 0)
        self.check_calls(given)

    def check_calls(self, given):
        events = read_events(self, self.hall.journal)
        issued = [row["label"] for row in events if row["kind"] == "issued"]
        called = [row["label"] for row in events if row["kind"] == "called"]
        self.assertEqual((len(issued), called), (given, issued), "each press called the next, once")


class Faults(Bench):
    def test_a_slow_network_costs_patience_and_no_number(self):
        """Shows R1, R5, F11."""
        self.start_callpad()
        self.network.frame_takes_s = self.callpad_network.frame_takes_s = 0.4
        labels = [self.press() for _ in range(3)]
        self.assertEqual(labels, ["A-001", "A-002", "B-001"])
        for label in labels[:2]:
            self.callpad.wait_for_line("menunggu [12]")
            mark = self.callpad.mark()
            self.callpad.press("n")
            self.callpad.wait_after(mark, rf"> Loket 1 \| {label} \|")
        self.network.frame_takes_s = self.callpad_network.frame_takes_s = 0
        self.finish()

    def test_an_answer_that_stands_still_is_given_up_and_is_no_second_number(self):
        """Shows R1, R2, R5, R6, R14, F11."""
        self.network.stand_still("down")
        self.assertRegex(self.press(), OFFLINE)
        self.network.flow()
        self.assertRegex(self.press_until(ONLINE), ONLINE)
        events = self.finish()
        self.assertIn("abandoned", [row["reason"] for row in events if row["kind"] == "voided"])

    def test_a_network_that_loses_all_is_noticed_and_healed_by_itself(self):
        """Shows R2, R5, R7, R14, F13, F14."""
        self.start_callpad()
        waiting = [self.press() for _ in range(3)]
        self.callpad.wait_for_line("menunggu 2")
        for network in (self.network, self.callpad_network):
            network.lose_all()
        kiosk_mark, callpad_mark = self.kiosk.mark(), self.callpad.mark()
        self.callpad.press("n")  # on its way for as long as it takes
        offline = self.press()
        self.assertRegex(offline, OFFLINE)
        # Another clerk at the same queue.
        with Callpad(self.controller.port, "callpad-2") as other:
            self.assertEqual(other.call_next().label, waiting[0])
        self.kiosk.wait_after(kiosk_mark, r"> Silakan tekan tombol layanan\. Jaringan sedang terputus")
        self.callpad.wait_after(callpad_mark, AWAY)
        for device in ("kiosk-1", "callpad-1"):
            self.controller.wait_for_line(f"{device}: disconnected")
        # Connections are taken, and nobody is behind them.
        wait_until(lambda: self.network.swallowed and self.callpad_network.swallowed, "attempts")
        for network in (self.network, self.callpad_network):
            network.mend()
        self.network.wait_until_open()
        # The press from before is done now, once: the next of those who wait.
        self.callpad.wait_after(callpad_mark, rf"> Loket 1 \| {waiting[1]} \|")
        self.assertEqual(self.callpad.terminate(), 0)
        events = self.finish()
        self.assertEqual([row["label"] for row in events if row["kind"] == "called"
                          and row["counter"] == "loket-1"], [waiting[1]])
        self.assertIn(offline, [row["label"] for row in events if row["kind"] == "issued_offline"])

    def test_a_connection_that_ended_for_the_device_alone_is_replaced(self):
        """Shows R2, R5, R14, F13, F14."""
        self.assertEqual(self.press(), "A-001")
        mark = self.controller.mark()
        self.network.end_for("device")
        self.controller.wait_after(mark, "kiosk-1: connected")
        self.network.wait_until_open()
        self.assertRegex(self.press(), ONLINE)
        self.finish()

    def test_a_connection_that_ended_for_the_controller_alone_gives_a_number_all_the_same(self):
        """Shows R1, R2, R14, F13, F14."""
        self.assertEqual(self.press(), "A-001")
        mark = self.kiosk.mark()
        self.network.end_for("controller")
        self.assertRegex(self.press(), OFFLINE)
        # Whose silence the kiosk notices.
        self.kiosk.wait_after(mark, "connected to the controller")
        self.finish()

    def test_a_second_connection_of_a_device_ends_the_first_and_takes_nothing_from_it(self):
        """Shows R1, R5, R14, F14."""
        self.assertEqual(self.press(), "A-001")
        for _ in range(3):
            mark = self.kiosk.mark()
            double = self.network.connect_again()
            self.kiosk.wait_after(mark, "connected to the controller")
            # The newest is the one that counts: now the double has ended.
            double.settimeout(30)
            while double.recv(65536):
                pass
            double.close()
            self.network.wait_until_open()
            self.press()
        self.finish()


if __name__ == "__main__":
    unittest.main()
