"""What the programs tell the service manager that started them, by the datagrams of sd_notify."""

import os
import signal
import socket
import unittest

from path_programs import Hall
from processes import DEADLINE_S, Process

WATCHDOG_S = 1


class Manager:
    """Its end of the datagrams, and the environment that it gives to a program."""

    def __init__(self, path):
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(path)
        self._socket.settimeout(DEADLINE_S)
        self.environment = {"NOTIFY_SOCKET": path, "WATCHDOG_USEC": str(WATCHDOG_S * 1_000_000)}

    def hear(self):
        return self._socket.recv(4096).decode()

    def hear_nothing_but(self, word, until):
        while (heard := self.hear()) != until:
            assert heard == word, f"{heard!r} instead of {word!r} or {until!r}"

    def close(self):
        self._socket.close()


class ServiceManagerTest(unittest.TestCase):
    def setUp(self):
        self.hall = Hall()
        self.addCleanup(self.hall.close)
        self.manager = Manager(self.hall.path("notify"))
        self.addCleanup(self.manager.close)

    def start(self, program):
        device = program.removeprefix("antrean-") + "-1"
        # Neither controller nor printer is there: a device is ready without them.
        arguments = ["--device", device, "--controller", "127.0.0.1:9", "--store",
                     self.hall.path(device + ".store")]
        if program == "antrean-kiosk":
            arguments += ["--printer", "tcp:127.0.0.1:9"]
        return self.hall.add(Process(program, *arguments, environment=self.manager.environment))

    def test_a_device_is_ready_lives_and_stops(self):
        for program in ("antrean-kiosk", "antrean-callpad"):
            with self.subTest(program):
                device = self.start(program)
                self.assertEqual(self.manager.hear(), "READY=1")
                self.assertEqual(self.manager.hear(), "WATCHDOG=1")
                self.assertEqual(self.manager.hear(), "WATCHDOG=1")
                device.popen.send_signal(signal.SIGTERM)
                self.manager.hear_nothing_but("WATCHDOG=1", until="STOPPING=1")
                self.assertEqual(device.popen.wait(DEADLINE_S), 0)

    def test_a_device_whose_store_has_gone_does_not_feed_the_watchdog(self):
        kiosk = self.start("antrean-kiosk")
        self.assertEqual(self.manager.hear(), "READY=1")
        os.rename(self.hall.path("kiosk-1.store"), self.hall.path("away"))
        kiosk.wait_for_line("kiosk-1.store cannot be written any more")
        kiosk.popen.send_signal(signal.SIGTERM)
        self.manager.hear_nothing_but("WATCHDOG=1", until="STOPPING=1")

    def test_a_device_that_cannot_have_its_store_is_never_ready(self):
        first = self.start("antrean-kiosk")
        self.assertEqual(self.manager.hear(), "READY=1")
        second = self.start("antrean-kiosk")
        self.assertEqual(second.popen.wait(DEADLINE_S), 75)
        first.popen.send_signal(signal.SIGTERM)
        self.manager.hear_nothing_but("WATCHDOG=1", until="STOPPING=1")


if __name__ == "__main__":
    unittest.main()
