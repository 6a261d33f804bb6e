"""A device of the protocol of proto/PROTOCOL.md, written from that page alone: no protobuf library.

For tests. A Device is one connection; its request ids and its request in flight live in a Store,
which outlasts connections, as a real device's store does.
"""

import socket
import time

PROTOCOL = 1
MAX_BODY_BYTES = 65536
HEARTBEAT_S = 5
TIMEOUT_S = 30  # turns a hang into a failure

UINT, SINT, TEXT, BOOL = "uint", "sint", "text", "bool"

_GOODBYE = {1: "STOPPING", 2: "UNSUPPORTED_VERSION", 3: "UNKNOWN_DEVICE", 4: "WRONG_ROLE",
            5: "REPLACED", 6: "MALFORMED", 7: "OUT_OF_TURN", 8: "OVERLOADED", 9: "SILENT"}
_ROLE = {1: "KIOSK", 2: "CALLPAD"}
_OUTCOME = {1: "PRINTED", 2: "UNCONFIRMED", 3: "NOT_PRINTED"}
_PRINT_REASON = {0: "NONE", 1: "PAPER_OUT", 2: "COVER_OPEN", 3: "CUTTER", 4: "FAULT",
                 5: "NO_ANSWER", 6: "GONE", 7: "LATE", 8: "RESTARTED"}
_REFUSED = {1: "STALE_REQUEST", 2: "REQUEST_REUSED", 3: "UNKNOWN_SERVICE", 4: "NOBODY_WAITS",
            5: "NOT_CALLED", 6: "UNKNOWN_TICKET", 7: "SERIES_FULL"}
_PAPER = {1: "PAPER_PRINTED", 2: "PAPER_UNCONFIRMED", 3: "PAPER_VOID"}

_BUTTON = {1: ("number", UINT), 2: ("service", TEXT), 3: ("service_name", TEXT),
           4: ("agency_name", TEXT)}
_ON_TICKET = {1: ("request", UINT), 2: ("ticket", UINT)}

# Body number: name, and its fields by number. A field's kind is a type, an enum's names, or, in a
# list, the fields of a repeated message.
MESSAGES = {
    1: ("Heartbeat", {}),
    2: ("Goodbye", {1: ("reason", _GOODBYE), 2: ("text", TEXT)}),
    3: ("Hello", {1: ("protocol", UINT), 2: ("role", _ROLE), 3: ("device", TEXT),
                  4: ("last_request", UINT), 5: ("software", TEXT)}),
    4: ("Welcome", {1: ("protocol", UINT), 2: ("last_request", UINT), 3: ("now_ms", UINT),
                    4: ("service_day", TEXT), 5: ("software", TEXT)}),
    10: ("Issue", {1: ("request", UINT), 2: ("service", TEXT)}),
    11: ("PrintReport", {**_ON_TICKET, 3: ("outcome", _OUTCOME), 4: ("reason", _PRINT_REASON),
                         5: ("copy", BOOL)}),
    12: ("CallNext", {1: ("request", UINT)}),
    13: ("Recall", _ON_TICKET),
    14: ("Finish", _ON_TICKET),
    15: ("NoShow", _ON_TICKET),
    20: ("Ticket", {**_ON_TICKET, 3: ("label", TEXT), 4: ("service", TEXT), 5: ("issued_ms", UINT),
                    6: ("utc_offset_min", SINT), 7: ("ahead", UINT), 8: ("service_day", TEXT)}),
    21: ("Called", {**_ON_TICKET, 3: ("label", TEXT)}),
    22: ("Done", {1: ("request", UINT)}),
    23: ("Refused", {1: ("request", UINT), 2: ("reason", _REFUSED)}),
    30: ("Menu", {1: ("site_name", TEXT), 2: ("place", TEXT), 3: ("zone", TEXT),
                  4: ("buttons", [_BUTTON])}),
    31: ("CounterView", {1: ("counter", TEXT), 2: ("counter_name", TEXT), 3: ("waiting", UINT),
                         4: ("ticket", UINT), 5: ("label", TEXT), 6: ("service_name", TEXT),
                         7: ("paper", _PAPER), 8: ("times_called", UINT)}),
}
_BODY_NUMBERS = {name: number for number, (name, _) in MESSAGES.items()}
ANSWERS = ("Ticket", "Called", "Done", "Refused")


class Malformed(Exception):
    """Bytes that are no frame of the protocol."""


class Closed(Exception):
    """The controller ended the connection; `reason` is its goodbye's, None without one."""

    def __init__(self, reason, text=""):
        super().__init__(f"{reason}: {text}")
        self.reason = reason
        self.text = text


class Message(dict):
    """The fields of a message by name, with `kind`: "Ticket"."""

    def __init__(self, kind, **fields):
        super().__init__(fields)
        self.kind = kind

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def __eq__(self, other):
        return isinstance(other, Message) and self.kind == other.kind and dict.__eq__(self, other)

    __hash__ = None

    def __repr__(self):
        return f"{self.kind}({', '.join(f'{k}={v!r}' for k, v in self.items())})"


def encode_varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _encode_fields(table, fields):
    numbers = {name: (number, kind) for number, (name, kind) in table.items()}
    out = bytearray()
    for name, value in sorted(fields.items(), key=lambda item: numbers[item[0]][0]):
        number, kind = numbers[name]
        if isinstance(kind, dict) and isinstance(value, str):
            value = {word: n for n, word in kind.items()}[value]
        if isinstance(kind, list):
            for entry in value:
                part = _encode_fields(kind[0], entry)
                out += encode_varint(number * 8 + 2) + encode_varint(len(part)) + part
        elif not value:
            continue
        elif kind == TEXT:
            text = value.encode("utf-8")
            out += encode_varint(number * 8 + 2) + encode_varint(len(text)) + text
        else:
            if kind == SINT:
                value = 2 * value if value >= 0 else -2 * value - 1
            out += encode_varint(number * 8) + encode_varint(int(value))
    return bytes(out)


def encode(message):
    """The whole frame, its length included."""
    number = _BODY_NUMBERS[message.kind]
    fields = _encode_fields(MESSAGES[number][1], message)
    body = encode_varint(number * 8 + 2) + encode_varint(len(fields)) + fields
    return encode_varint(len(body)) + body


def _varint(data, at):
    value = 0
    for shift in range(0, 70, 7):
        if at == len(data):
            raise Malformed("a varint that is cut off")
        value |= (data[at] & 0x7F) << shift
        at += 1
        if data[at - 1] < 0x80:
            return value, at
    raise Malformed("a varint of more than ten bytes")


def _fields(data):
    """(number, type, value) of each field; the value of other types than 0 is bytes."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, wire_type = key >> 3, key & 7
        if wire_type == 0:
            value, at = _varint(data, at)
        else:
            size = {1: 8, 5: 4}.get(wire_type)
            if wire_type == 2:
                size, at = _varint(data, at)
            if size is None or number == 0 or at + size > len(data):
                raise Malformed("no field")
            value, at = data[at:at + size], at + size
        yield number, wire_type, value


def _decode_fields(table, data):
    out = {}
    for name, kind in table.values():
        out[name] = ([] if isinstance(kind, list) else "" if kind == TEXT else
                     False if kind == BOOL else kind.get(0) if isinstance(kind, dict) else 0)
    for number, wire_type, value in _fields(data):
        name, kind = table.get(number, (None, None))
        if name is None or (wire_type == 2) != (kind == TEXT or isinstance(kind, list)):
            continue
        if isinstance(kind, list):
            out[name].append(_decode_fields(kind[0], value))
        elif kind == TEXT:
            try:
                out[name] = value.decode("utf-8")
            except UnicodeDecodeError as error:
                raise Malformed(name) from error
        elif isinstance(kind, dict):
            if value not in kind:
                raise Malformed(name)
            out[name] = kind[value]
        else:
            out[name] = (bool(value) if kind == BOOL else
                         (value >> 1 if value % 2 == 0 else -(value + 1 >> 1)) if kind == SINT
                         else value)
    return out


def decode(body):
    found = None
    for number, wire_type, value in _fields(body):
        if wire_type == 2 and number in MESSAGES:
            found = number, value
    if found is None:
        raise Malformed("no message of this version")
    name, table = MESSAGES[found[0]]
    return Message(name, **_decode_fields(table, found[1]))


class Store:
    """What a device keeps over a power cut."""

    def __init__(self, last_request=0):
        self.last_request = last_request
        self.in_flight = None


class Connection:
    """A connection that knows frames and heartbeats, and no greeting."""

    def __init__(self, port):
        self.heartbeats = True
        self._input = bytearray()
        self._sent_at = time.monotonic()
        self.socket = socket.create_connection(("127.0.0.1", port), TIMEOUT_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def send_bytes(self, data):
        self.socket.settimeout(TIMEOUT_S)
        self.socket.sendall(data)
        self._sent_at = time.monotonic()

    def send(self, message):
        self.send_bytes(encode(message))

    def _take_frame(self):
        length = 0
        for at, byte in enumerate(self._input):
            length |= (byte & 0x7F) << 7 * at
            if byte < 0x80:
                break
            if at == 2:
                raise Malformed("a length of more than three bytes")
        else:
            return None
        if not 1 <= length <= MAX_BODY_BYTES:
            raise Malformed(f"a length of {length}")
        end = at + 1 + length
        if len(self._input) < end:
            return None
        body = bytes(self._input[at + 1:end])
        del self._input[:end]
        return body

    def receive(self, deadline_s=TIMEOUT_S):
        """The next message that is no heartbeat. Raises Closed at a goodbye or the stream's end.
        Sends the heartbeats that fall due while it waits."""
        end = time.monotonic() + deadline_s
        while True:
            body = self._take_frame()
            if body is not None:
                message = decode(body)
                if message.kind == "Goodbye":
                    raise Closed(message.reason, message.text)
                if message.kind != "Heartbeat":
                    return message
                continue
            now = time.monotonic()
            if now >= end:
                raise TimeoutError("the controller said nothing")
            wake = end
            if self.heartbeats:
                if self._sent_at + HEARTBEAT_S <= now:
                    self.send(Message("Heartbeat"))
                wake = min(end, self._sent_at + HEARTBEAT_S)
            self.socket.settimeout(max(0.001, wake - now))
            try:
                data = self.socket.recv(65536)
            except TimeoutError:
                continue
            except ConnectionError:
                data = b""
            if not data:
                raise Closed(None, "the stream ended")
            self._input += data


class Device(Connection):
    """One connection of a device. `view` is the newest Menu or CounterView."""

    def __init__(self, port, role, name, store=None, hello=None):
        """Connects and is welcomed, or raises Closed. HELLO: fields that differ from the usual."""
        super().__init__(port)
        self.store = store or Store()
        try:
            fields = {"protocol": PROTOCOL, "role": role, "device": name,
                      "last_request": self.store.last_request, "software": "test", **(hello or {})}
            self.send(Message("Hello", **fields))
            self.welcome = self.receive()
            if self.welcome.kind != "Welcome":
                raise Malformed(f"{self.welcome} instead of a welcome")
            self.store.last_request = max(self.store.last_request, self.welcome.last_request)
            self.view = self.receive()
        except BaseException:
            self.close()
            raise

    def read_until(self, wanted, what, deadline_s=TIMEOUT_S):
        """The newest view, once WANTED(view) holds; reads on until then."""
        end = time.monotonic() + deadline_s
        while not wanted(self.view):
            message = self.receive(max(0.0, end - time.monotonic()))
            if message.kind not in ("Menu", "CounterView"):
                raise AssertionError(f"{message} while waiting for {what}")
            self.view = message
        return self.view

    def answer(self):
        """The answer to the request in flight; views that come before it are kept in `view`."""
        while True:
            message = self.receive()
            if message.kind not in ANSWERS:
                self.view = message
            elif message.request == self.store.in_flight.request:
                self.store.in_flight = None
                return message

    def start(self, kind, **fields):
        """Stores a request under the next id and sends it."""
        assert self.store.in_flight is None
        self.store.last_request += 1
        self.store.in_flight = Message(kind, request=self.store.last_request, **fields)
        self.send(self.store.in_flight)

    def ask(self, kind, **fields):
        self.start(kind, **fields)
        return self.answer()

    def ask_again(self):
        """Sends the request in flight over this connection, and gives its answer."""
        self.send(self.store.in_flight)
        return self.answer()


class Kiosk(Device):
    def __init__(self, port, name="kiosk-1", store=None, **more):
        super().__init__(port, "KIOSK", name, store, **more)

    def issue(self, service="ktp-el"):
        return self.ask("Issue", service=service)

    def report(self, ticket, outcome="PRINTED", reason="NONE", copy=False):
        return self.ask("PrintReport", ticket=ticket, outcome=outcome, reason=reason, copy=copy)

    def give(self, service="ktp-el"):
        """Issues a ticket and reports its paper as printed."""
        ticket = self.issue(service)
        self.report(ticket.ticket)
        return ticket


class Callpad(Device):
    def __init__(self, port, name="callpad-1", store=None, **more):
        super().__init__(port, "CALLPAD", name, store, **more)

    def call_next(self):
        return self.ask("CallNext")

    def recall(self, ticket):
        return self.ask("Recall", ticket=ticket)

    def finish(self, ticket):
        return self.ask("Finish", ticket=ticket)

    def no_show(self, ticket):
        return self.ask("NoShow", ticket=ticket)
