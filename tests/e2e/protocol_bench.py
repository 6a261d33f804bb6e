"""A controller to speak to, and what is to be true of its words."""

import unittest

from client import VIEWS, Callpad, Closed, Kiosk
from processes import Site


class ProtocolTest(unittest.TestCase):
    def setUp(self):
        self.site = Site()
        self.addCleanup(self.site.close)
        self.controller = self.site.start()

    def kiosk(self, name="kiosk-1", store=None, **more):
        return self.closing(Kiosk(self.controller.port, name, store, **more))

    def callpad(self, name="callpad-1", store=None, **more):
        return self.closing(Callpad(self.controller.port, name, store, **more))

    def closing(self, connection):
        self.addCleanup(connection.close)
        return connection

    def restart(self):
        """As after a power cut of the controller."""
        self.controller.kill()
        self.controller = self.site.start()

    def assertRefused(self, answer, reason):
        self.assertEqual((answer.kind, answer.get("reason")), ("Refused", reason))

    def assertCloses(self, reason, connection):
        """The controller says goodbye for REASON, and nothing else before it but views."""
        with self.assertRaises(Closed) as closed:
            while True:
                message = connection.receive()
                self.assertIn(message.kind, VIEWS)
        self.assertEqual(closed.exception.reason, reason)
        self.assertTrue(closed.exception.text)

    def assertRefusesHello(self, reason, connect, *arguments, **more):
        with self.assertRaises(Closed) as closed:
            connect(*arguments, **more)
        self.assertEqual(closed.exception.reason, reason)
        self.assertTrue(closed.exception.text)
