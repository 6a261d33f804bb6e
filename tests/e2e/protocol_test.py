"""The real controller, spoken to by a client that was written from proto/PROTOCOL.md alone: frames,
greetings and turns."""

import pathlib
import re
import signal
import unittest

from client import Closed, Connection, Message, decode, encode
from processes import wait_until
from protocol_bench import ProtocolTest


class Document(unittest.TestCase):
    def test_the_client_reads_and_writes_the_frames_of_the_document(self):
        path = pathlib.Path(__file__).parents[2] / "proto" / "PROTOCOL.md"
        blocks = re.findall(r"^```frame (\w+)\n(.*?)^```", path.read_text("utf-8"), re.M | re.S)
        self.assertGreater(len(blocks), 12)
        for name, text in blocks:
            with self.subTest(name):
                frame = bytes.fromhex(" ".join(line.split(";")[0] for line in text.splitlines()))
                # The length has one byte more for each that says that another follows.
                start = next(i for i, byte in enumerate(frame) if byte < 0x80) + 1
                message = decode(frame[start:])
                self.assertEqual(message.kind.lower(), name.replace("_", ""))
                self.assertEqual(encode(message), frame)


class Greeting(ProtocolTest):
    def test_a_kiosk_is_welcomed_with_its_menu(self):
        kiosk = self.kiosk()
        self.assertEqual(kiosk.welcome.protocol, 1)
        self.assertEqual(kiosk.welcome.last_request, 0)
        self.assertGreater(kiosk.welcome.now_ms, 1_600_000_000_000)
        usual = {"ticket_class": "REGULAR", "bring": ""}
        self.assertEqual(kiosk.view, Message(
            "Menu", site_name="Mal Pelayanan Publik Contoh", place="Contoh", zone="WIB",
            wifi_name="", wifi_password="", paper_link="", buttons=[
                {"number": 1, "service": "ktp-el", "service_name": "KTP-el",
                 "agency_name": "Dinas Kependudukan", "series": "dukcapil", **usual},
                {"number": 2, "service": "kartu-keluarga", "service_name": "Kartu Keluarga",
                 "agency_name": "Dinas Kependudukan", "series": "dukcapil", **usual},
                {"number": 3, "service": "npwp", "service_name": "NPWP",
                 "agency_name": "Kantor Pajak", "series": "pajak", **usual}]))
        self.assertEqual([(offer["service"], offer["refusal"], offer["waiting"])
                          for offer in kiosk.offers.offers],
                         [(service, "OPEN", 0) for service in ("ktp-el", "kartu-keluarga", "npwp")])

    def test_a_callpad_is_welcomed_with_its_counter(self):
        view = self.callpad("callpad-2").view
        self.assertEqual((view.kind, view.counter, view.counter_name),
                         ("CounterView", "loket-2", "Loket 2"))
        self.assertEqual((view.staff, view.sign_in_required, view.paused, view.can_undo),
                         ("", False, False, "NO_STEP"))
        self.assertEqual((view.waiting, view.ticket), (0, 0))

    def test_the_service_day_is_told(self):
        kiosk = self.kiosk()
        kiosk.issue()
        self.assertRegex(self.kiosk(store=kiosk.store).welcome.service_day, r"^\d{4}-\d\d-\d\d$")

    def test_an_unknown_device_is_refused(self):
        """Shows R15."""
        self.assertRefusesHello("UNKNOWN_DEVICE", self.kiosk, "kiosk-9")

    def test_a_device_in_the_wrong_role_is_refused(self):
        """Shows R15."""
        self.assertRefusesHello("WRONG_ROLE", self.callpad, "kiosk-1")
        self.assertRefusesHello("WRONG_ROLE", self.kiosk, "callpad-1")

    def test_a_hello_out_of_its_range_is_malformed(self):
        """Shows F23."""
        for wrong in ({"protocol": 0}, {"role": 3}, {"role": 0}, {"device": ""},
                      {"device": "Kiosk-1"}, {"software": "x" * 201}):
            with self.subTest(wrong):
                self.assertRefusesHello("MALFORMED", self.kiosk, hello=wrong)

    def test_a_device_of_a_newer_protocol_is_welcomed_in_this_one(self):
        """Shows R18."""
        self.assertEqual(self.kiosk(hello={"protocol": 7}).welcome.protocol, 1)

    def test_a_newer_connection_of_a_device_replaces_the_older(self):
        """Shows F14."""
        older = self.kiosk()
        newer = self.kiosk(store=older.store)
        self.assertCloses("REPLACED", older)
        self.assertEqual(newer.issue().label, "A-001")

    def test_nothing_may_follow_the_hello_before_the_welcome(self):
        hello = encode(Message("Hello", protocol=1, role="KIOSK", device="kiosk-1"))
        bystander = self.callpad()
        for early in (Message("Heartbeat"), Message("Issue", request=1, service="ktp-el")):
            with self.subTest(early.kind):
                connection = self.closing(Connection(self.controller.port))
                connection.send_bytes(hello + encode(early))
                self.assertCloses("OUT_OF_TURN", connection)
        connection = self.closing(Connection(self.controller.port))
        connection.send_bytes(hello + encode(Message("Goodbye", reason="STOPPING", text="bye")))
        with self.assertRaises(Closed):
            connection.receive()
        # The controller has lived through all of it, and nothing was issued.
        self.assertRefused(bystander.call_next(), "NOBODY_WAITS")
        self.assertEqual(self.kiosk().issue().label, "A-001")

    def test_who_says_nothing_is_let_go(self):
        """Shows R13, F13, F16."""
        stranger = self.closing(Connection(self.controller.port))
        stranger.heartbeats = False
        mute = self.kiosk()
        mute.heartbeats = False
        lively = self.callpad()
        self.assertCloses("SILENT", stranger)

        def hears_goodbye():
            # While one of them waits for news, it sends the heartbeats that the other does not.
            for device in (lively, mute):
                try:
                    device.receive(0.5)
                except TimeoutError:
                    pass
                except Closed as closed:
                    self.assertIs(device, mute)
                    return closed.reason
            return None

        self.assertEqual(wait_until(hears_goodbye, "a goodbye"), "SILENT")
        self.assertRefused(lively.call_next(), "NOBODY_WAITS")

    def test_a_controller_that_stops_says_goodbye(self):
        devices = [self.kiosk(), self.callpad()]
        self.controller.send_signal(signal.SIGTERM)
        for device in devices:
            self.assertCloses("STOPPING", device)
        self.assertEqual(self.controller.wait(), 0)


class Turns(ProtocolTest):
    def test_a_second_request_before_the_answer_is_out_of_turn(self):
        """Shows R13."""
        # Both in one piece, so that the second is surely there before the first is answered.
        kiosk = self.kiosk()
        first = Message("Issue", request=1, service="npwp")
        second = Message("Issue", request=2, service="npwp")
        kiosk.send_bytes(encode(first) + encode(second))
        self.assertCloses("OUT_OF_TURN", kiosk)
        # What was taken before the rule was broken stands; what came after it never was.
        kiosk.store.last_request = 1
        kiosk.store.in_flight = first
        kiosk = self.kiosk(store=kiosk.store)
        self.assertEqual(kiosk.welcome.last_request, 1)
        self.assertEqual(kiosk.ask_again().label, "B-001")
        self.assertEqual(kiosk.issue("npwp").label, "B-002")

    def test_requests_of_the_other_role_are_out_of_turn(self):
        """Shows R15."""
        kiosk, callpad = self.kiosk(), self.callpad()
        kiosk.send(Message("CallNext", request=1))
        self.assertCloses("OUT_OF_TURN", kiosk)
        callpad.send(Message("Issue", request=1, service="ktp-el"))
        self.assertCloses("OUT_OF_TURN", callpad)

    def test_the_controllers_messages_are_out_of_turn(self):
        for message in (Message("Done", request=1), Message("Menu"),
                        Message("Welcome", protocol=1),
                        Message("Hello", protocol=1, role="KIOSK", device="kiosk-1")):
            with self.subTest(message.kind):
                kiosk = self.kiosk()
                kiosk.send(message)
                self.assertCloses("OUT_OF_TURN", kiosk)

    def test_anything_before_the_hello_is_out_of_turn(self):
        for message in (Message("Heartbeat"), Message("CallNext", request=1)):
            with self.subTest(message.kind):
                connection = self.closing(Connection(self.controller.port))
                connection.send(message)
                self.assertCloses("OUT_OF_TURN", connection)

    def test_garbage_is_malformed_and_harms_nobody_else(self):
        """Shows F23."""
        bystander = self.callpad()
        for garbage in (b"\0", b"\x80\x80\x80", b"\xff" * 1000, b"\x81\x80\x06",
                        b"GET / HTTP/1.1\r\n\r\n" * 20, b"\x04\xa2\x06\x01\0", b"\x02\x52\0"):
            with self.subTest(garbage[:8]):
                stranger = self.closing(Connection(self.controller.port))
                stranger.send_bytes(garbage)
                self.assertCloses("MALFORMED", stranger)
                kiosk = self.kiosk()
                kiosk.send_bytes(garbage)
                self.assertCloses("MALFORMED", kiosk)
        self.assertRefused(bystander.call_next(), "NOBODY_WAITS")
        self.assertEqual(self.kiosk().issue().label, "A-001")

    def test_a_frame_may_come_byte_by_byte(self):
        """Shows F11."""
        kiosk = self.kiosk()
        kiosk.store.in_flight = Message("Issue", request=1, service="ktp-el")
        kiosk.store.last_request = 1
        for byte in encode(kiosk.store.in_flight):
            kiosk.send_bytes(bytes([byte]))
        self.assertEqual(kiosk.answer().label, "A-001")


if __name__ == "__main__":
    unittest.main()
