"""Connections that hold the controller up: that say nothing, or a byte now and then, or never read; and
more of them than it takes. Who is connected is served all the while."""

import socket
import time
import unittest

from client import Callpad, Closed, Connection, Kiosk, Message, encode
from processes import DEADLINE_S, Site, wait_until

GREETING_FROM = 64  # of these from one address
GREETING = 256  # connections that have not said who they are; proto/PROTOCOL.md has its limits
HELD = 20  # at a counter: each is in all of its views


class HostileConnectionsTest(unittest.TestCase):
    def setUp(self):
        self.site = Site()
        self.addCleanup(self.site.close)
        self.controller = self.site.start()
        self.kiosk = self.closing(Kiosk(self.controller.port))
        self.callpad = self.closing(Callpad(self.controller.port, "callpad-2"))

    def closing(self, connection):
        self.addCleanup(connection.close)
        return connection

    def assert_serves(self):
        """A number, its paper and its call."""
        ticket = self.kiosk.give()
        called = self.callpad.call_next()
        self.assertEqual((called.kind, called.label), ("Called", ticket.label))
        self.callpad.finish(ticket.ticket)

    def test_a_greeting_that_comes_byte_by_byte_is_not_waited_for(self):
        """Shows R13, F16."""
        hello = encode(Message("Hello", protocol=1, role="KIOSK", device="kiosk-2",
                               software="x" * 150))
        slow = [self.closing(Connection(self.controller.port)) for _ in range(20)]
        ended = {}
        for at in range(len(hello) - 1):
            for which, connection in enumerate(slow):
                if which in ended:
                    continue
                try:
                    connection.send_bytes(hello[at:at + 1])
                    connection.receive(0.001)
                except TimeoutError:
                    pass
                except (Closed, OSError) as end:
                    ended[which] = getattr(end, "reason", None)
            if len(ended) == len(slow):
                break
            self.assert_serves()
            time.sleep(0.1)  # slow is what they are; they would take fifteen seconds
        self.assertEqual(len(ended), len(slow), "all of them are let go before their greeting ends")
        self.assertLessEqual(set(ended.values()), {"SILENT", None})
        self.assertIn("SILENT", ended.values())
        self.closing(Kiosk(self.controller.port, "kiosk-2")).give()

    def test_who_never_reads_is_let_go_and_the_others_are_served(self):
        """Shows R13, F16."""
        mute = self.closing(Callpad(self.controller.port, "callpad-1"))
        for _ in range(HELD):
            self.kiosk.give()
            mute.hold(mute.call_next().ticket)
        mute.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        mark = self.controller.mark()
        end = time.monotonic() + 4 * DEADLINE_S
        beat = 0.0

        def is_let_go():
            return any("callpad-1: disconnected" in line for line in self.controller.lines_after(mark))
        while not is_let_go() and time.monotonic() < end:
            # Not silent, so that it is let go for nothing but what it leaves unread.
            if time.monotonic() - beat > 2:
                try:
                    mute.send(Message("Heartbeat"))
                except OSError:
                    pass
                beat = time.monotonic()
            for _ in range(50):  # each changes what the mute one would be told
                self.assert_serves()
        self.assertTrue(is_let_go())
        self.assert_serves()
        again = self.closing(Callpad(self.controller.port, "callpad-1", mute.store))
        self.assertEqual(len(again.view.held), HELD)

    def stranger(self, address):
        return self.closing(socket.create_connection(("127.0.0.1", self.controller.port), 30, (address, 0)))

    def test_a_flood_from_one_address_keeps_nobody_else_out(self):
        """Shows R13, F17."""
        strangers = [self.stranger("127.0.0.2") for _ in range(GREETING + 20)]
        for stranger in strangers[GREETING_FROM:]:
            self.assertNotEqual(stranger.recv(1), b"")  # a goodbye
        kiosk = self.closing(Kiosk(self.controller.port, "kiosk-2"))
        self.assertEqual(kiosk.issue().kind, "Ticket")
        strangers[0].setblocking(False)
        with self.assertRaises(BlockingIOError):  # it may still say who it is
            strangers[0].recv(1)

    def test_a_flood_of_strangers_is_refused_aloud_and_passes(self):
        """Shows R13, R14, F17."""
        strangers = [self.stranger(f"127.0.0.{2 + i // GREETING_FROM}") for i in range(GREETING + 20)]
        self.assert_serves()
        refused = self.closing(Connection(self.controller.port))
        with self.assertRaises(Closed) as closed:
            refused.receive()
        self.assertEqual(closed.exception.reason, "OVERLOADED")
        self.assert_serves()

        def is_let_in():
            try:
                return self.closing(Kiosk(self.controller.port, "kiosk-2"))
            except (Closed, OSError):
                return None
        self.assertEqual(wait_until(is_let_in, "a place for a device").issue().kind, "Ticket")
        self.assertEqual(len(strangers), GREETING + 20)


if __name__ == "__main__":
    unittest.main()
