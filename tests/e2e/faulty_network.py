"""A network between one device and the controller that breaks as it is told to: at a frame of a kind, at
any of its bytes; or from now on, by slowness, by a standstill, by loss of all that comes, by an end that
one side alone hears of, or by a second connection of the same device. It reads frames and changes none."""

import collections
import socket
import struct
import threading
import time

from client import MAX_BODY_BYTES, decode, encode_varint
from processes import wait_until

ANSWERS = ("Ticket", "Called", "Done", "Refused")
LAST_TOLD = ("Leases", "CounterView")  # of what a kiosk and a callpad are told at first


class Cut:
    """Where the connection ends. DIRECTION: "up" to the controller, "down" to the device. KIND: the
    message, "Issue"; an answer is named with what it answers, "Issue.Ticket". WHERE: "before" the
    frame, in its "middle" or "after" it, or behind so many of its bytes; or "hold": nothing more goes
    this way until release()."""

    def __init__(self, direction, kind, where):
        self.direction, self.kind, self.where = direction, kind, where

    def __str__(self):
        return f"{self.where} {self.kind}" if isinstance(self.where, str) else (
            f"{self.where} bytes into {self.kind}")


class _Connection:
    def __init__(self, device, controller):
        self.device, self.controller = device, controller
        self.asked = None  # the last request that went up
        self.is_open = False
        self.is_lost = False  # what comes of it is read, and goes nowhere

    def close(self, silently=()):
        """SILENTLY: the ends that read on to what was sent; the others are reset."""
        for end in (self.device, self.controller):
            try:
                if end not in silently:
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()


class FaultyNetwork:
    """Listens at `port` for the device. Threads of its own; every method is for any thread."""

    def __init__(self, controller_port):
        self._controller_port = controller_port
        self._lock = threading.Lock()
        self._plan = []
        self._held = threading.Event()
        self._held.set()
        self._flows = {"up": threading.Event(), "down": threading.Event()}
        for flow in self._flows.values():
            flow.set()
        self._down = False
        self._losing = False
        self._hello = None  # the newest, as it was sent
        self.frame_takes_s = 0.0  # each, on its way
        self._connection = None
        self.passed = collections.Counter()  # frames by kind, named as in a Cut
        self.sizes = collections.Counter()  # in bytes, the newest of each kind
        self.swallowed = 0  # connections that were taken and lead nowhere
        self.answer = None  # the newest that passed
        self.ended = []  # the wall clock whenever a connection had ended
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def plan(self, *cuts):
        """These happen one after the other, each at the first frame that fits it."""
        with self._lock:
            assert not self._plan
            self._plan = list(cuts)

    def happened(self):
        with self._lock:
            return not self._plan

    def holds(self):
        return not self._held.is_set()

    def release(self):
        self._held.set()

    def break_now(self):
        """Ends the connection, and lets none be made until mend()."""
        with self._lock:
            self._down = True
            connection = self._connection
        if connection:
            connection.is_lost = False  # both ends are to hear of it
            connection.close()

    def stand_still(self, *directions):
        """Nothing is read there any more, until flow(): who sends finds its window closed at last."""
        for direction in directions or self._flows:
            self._flows[direction].clear()

    def flow(self):
        for flow in self._flows.values():
            flow.set()

    def lose_all(self):
        """What comes is read and lost, both ways, and a connection is taken and leads nowhere; nobody is
        told, until mend(), and of this connection not then either."""
        with self._lock:
            self._losing = True
            if self._connection:
                self._connection.is_lost, self._connection.is_open = True, False

    def end_for(self, side):
        """The connection ends for the "device" or the "controller"; the other one is not told."""
        connection = self._connection
        connection.is_lost, connection.is_open = True, False
        end = connection.device if side == "device" else connection.controller
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        end.shutdown(socket.SHUT_RDWR)

    def connect_again(self):
        """A second connection of the device to the controller, greeted as the first was. The caller
        closes it."""
        double = socket.create_connection(("127.0.0.1", self._controller_port), 30)
        double.sendall(self._hello)
        return double

    def mend(self):
        with self._lock:
            self._down = self._losing = False

    def is_open(self):
        """The device is connected, and has been told all that it is told at first."""
        return bool(self._connection and self._connection.is_open)

    def wait_until_open(self):
        wait_until(self.is_open, "a connection through the network")

    def close(self):
        self.break_now()
        self.release()
        self.flow()
        self._listener.close()

    def _accept(self):
        while True:
            try:
                device, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                down, losing = self._down, self._losing
            if down:
                device.close()
                continue
            if losing:
                self.swallowed += 1
                threading.Thread(target=self._drain, args=(device,), daemon=True).start()
                continue
            try:
                controller = socket.create_connection(("127.0.0.1", self._controller_port))
            except OSError:
                device.close()
                continue
            for end in (device, controller):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._connection = _Connection(device, controller)
            for direction in ("up", "down"):
                threading.Thread(target=self._carry, args=(self._connection, direction),
                                 daemon=True).start()

    @staticmethod
    def _drain(end):
        try:
            while end.recv(65536):
                pass
        except OSError:
            pass
        end.close()

    def _carry(self, connection, direction):
        source, to = ((connection.device, connection.controller) if direction == "up" else
                      (connection.controller, connection.device))
        try:
            with source.makefile("rb") as stream:
                flow = self._flows[direction]
                while flow.wait() and (body := self._read(stream)) is not None and flow.wait():
                    if not connection.is_lost and not self._pass(connection, direction, body, to):
                        return
        except (OSError, ValueError):
            pass
        if connection.is_lost:
            source.close()
        else:
            self._end(connection, to)

    def _end(self, connection, to):
        connection.is_open = False
        connection.close(silently=(to,))
        self.ended.append(time.time())

    @staticmethod
    def _read(stream):
        length, shift = 0, 0
        while True:
            byte = stream.read(1)
            if not byte:
                return None
            length |= (byte[0] & 0x7F) << shift
            shift += 7
            if byte[0] < 0x80:
                break
        assert 1 <= length <= MAX_BODY_BYTES
        body = stream.read(length)
        return body if len(body) == length else None

    def _pass(self, connection, direction, body, to):
        """False: the connection ends here."""
        message = decode(body)
        kind = message.kind
        if direction == "up" and kind not in ("Hello", "Heartbeat", "Goodbye", "KioskState"):
            connection.asked = kind
        if kind in ANSWERS:
            kind = f"{connection.asked}.{kind}"
        frame = encode_varint(len(body)) + body
        if kind == "Hello":
            self._hello = frame
        if self.frame_takes_s:
            time.sleep(self.frame_takes_s)
        with self._lock:
            cut = self._plan[0] if self._plan else None
            if cut and (cut.direction, cut.kind) == (direction, kind):
                if cut.where == "hold":
                    self._held.clear()
                del self._plan[0]
            else:
                cut = None
        if cut and cut.where != "hold":
            connection.is_open = False  # before anybody can see that it has happened
        if cut is None:
            to.sendall(frame)
            if message.kind in ANSWERS:
                self.answer = message
            self.sizes[kind] = len(frame)
            self.passed[kind] += 1
            connection.is_open = connection.is_open or kind in LAST_TOLD
            return True
        if cut.where == "hold":
            self._held.wait()
            to.sendall(frame)
            return True
        places = {"before": 0, "middle": len(frame) // 2, "after": len(frame)}
        to.sendall(frame[:places.get(cut.where, cut.where)])
        self._end(connection, to)
        return False
