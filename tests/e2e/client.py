"""A device of the protocol of proto/PROTOCOL.md, written from that page alone: no protobuf library.

For tests. A Device is one connection; its request ids and its request in flight live in a Store,
which outlasts connections, as a real device's store does.
"""

import socket
import time

PROTOCOL = 1
MAX_BODY_BYTES = 393216
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
            5: "NOT_CALLED", 6: "UNKNOWN_TICKET", 7: "SERIES_FULL", 8: "STORAGE_LOW",
            9: "NOT_OPEN_YET", 10: "IN_BREAK", 11: "TOO_LATE", 12: "CLOSED", 13: "PAUSED",
            14: "NOT_IN_FORCE", 15: "QUOTA_USED", 16: "HALL_FULL", 17: "DAY_CLOSED",
            18: "NO_COUNTER", 19: "NOT_SIGNED_IN", 20: "UNKNOWN_STAFF", 21: "COUNTER_PAUSED",
            22: "RECALL_LIMIT", 23: "NOT_CALLABLE", 24: "WRONG_STATE", 25: "NOTHING_TO_UNDO",
            26: "TOO_LATE_TO_UNDO", 27: "UNKNOWN_LEASE", 28: "UNKNOWN_APPOINTMENT",
            29: "WRONG_DAY", 30: "TOO_EARLY", 31: "TOO_LATE_FOR_APPOINTMENT",
            32: "APPOINTMENT_USED"}
_OFFER_REFUSAL = {0: "OPEN", **{n: word for n, word in _REFUSED.items() if 7 <= n <= 17}}
_PAPER = {1: "PAPER_PRINTED", 2: "PAPER_UNCONFIRMED", 3: "PAPER_VOID"}
_CLASS = {0: "REGULAR", 1: "PRIORITY", 2: "APPOINTMENT"}
_ONLY = {0: "ANY", 1: "ONLY_REGULAR", 2: "ONLY_PRIORITY", 3: "ONLY_APPOINTMENT"}
_STATE = {1: "CALLED", 2: "SERVING"}
_STEP = {0: "NO_STEP", 1: "CALL", 2: "SERVE", 3: "FINISH", 4: "NO_SHOW", 5: "HOLD", 6: "TRANSFER"}

_SEEN = {1: ("service_day", TEXT), 2: ("label", TEXT)}
_BUTTON = {1: ("number", UINT), 2: ("service", TEXT), 3: ("service_name", TEXT),
           4: ("agency_name", TEXT), 5: ("ticket_class", _CLASS), 6: ("bring", TEXT),
           7: ("series", TEXT)}
_KNOWN_LEASE = {1: ("lease", UINT), 2: ("series", TEXT), 3: ("label", TEXT)}
_LEASE = {**_KNOWN_LEASE, 4: ("size", UINT)}
_OFFER = {1: ("service", TEXT), 2: ("refusal", _OFFER_REFUSAL), 3: ("text", TEXT),
          4: ("limited", BOOL), 5: ("left", UINT), 6: ("waiting", UINT), 7: ("estimate_s", UINT)}
_PRINTER = {1: ("state", {1: "READY", 2: "PAPER_LOW", 3: "PAPER_OUT", 4: "COVER_OPEN", 5: "CUTTER_JAM",
                          6: "HEAD_HOT", 7: "OFFLINE", 8: "GONE", 9: "FAULTY"})}
_STUCK = {1: ("number", UINT)}
_HELD = {1: ("ticket", UINT), 2: ("label", TEXT), 3: ("ticket_class", _CLASS)}
_TARGET = {1: ("service", TEXT), 2: ("service_name", TEXT)}
_REQUEST = {1: ("request", UINT)}
_ON_TICKET = {**_REQUEST, 2: ("ticket", UINT)}

# Body number: name, and its fields by number. A field's kind is a type, an enum's names, or, in a
# list, the fields of a repeated message.
MESSAGES = {
    1: ("Heartbeat", {}),
    2: ("Goodbye", {1: ("reason", _GOODBYE), 2: ("text", TEXT)}),
    3: ("Hello", {1: ("protocol", UINT), 2: ("role", _ROLE), 3: ("device", TEXT),
                  4: ("last_request", UINT), 5: ("software", TEXT), 6: ("journal_seq", UINT),
                  7: ("seen", [_SEEN]), 8: ("incarnation", UINT), 9: ("leases", [_KNOWN_LEASE])}),
    4: ("Welcome", {1: ("protocol", UINT), 2: ("last_request", UINT), 3: ("now_ms", UINT),
                    4: ("service_day", TEXT), 5: ("software", TEXT), 6: ("journal_seq", UINT),
                    7: ("utc_offset_min", SINT)}),
    10: ("Issue", {**_REQUEST, 2: ("service", TEXT), 3: ("ticket_class", _CLASS)}),
    11: ("PrintReport", {**_ON_TICKET, 3: ("outcome", _OUTCOME), 4: ("reason", _PRINT_REASON),
                         5: ("copy", BOOL)}),
    12: ("CallNext", {**_REQUEST, 2: ("only", _ONLY)}),
    13: ("Recall", _ON_TICKET),
    14: ("Finish", _ON_TICKET),
    15: ("NoShow", _ON_TICKET),
    16: ("CallNamed", {**_ON_TICKET, 3: ("label", TEXT)}),
    17: ("Serve", _ON_TICKET),
    18: ("Hold", _ON_TICKET),
    19: ("Transfer", {**_ON_TICKET, 3: ("service", TEXT)}),
    20: ("Ticket", {**_ON_TICKET, 3: ("label", TEXT), 4: ("service", TEXT), 5: ("issued_ms", UINT),
                    6: ("utc_offset_min", SINT), 7: ("ahead", UINT), 8: ("service_day", TEXT),
                    9: ("ticket_class", _CLASS), 10: ("estimate_s", UINT),
                    11: ("service_name", TEXT), 12: ("agency_name", TEXT)}),
    21: ("Called", {**_ON_TICKET, 3: ("label", TEXT)}),
    22: ("Done", _REQUEST),
    23: ("Refused", {**_REQUEST, 2: ("reason", _REFUSED)}),
    30: ("Menu", {1: ("site_name", TEXT), 2: ("place", TEXT), 3: ("zone", TEXT),
                  4: ("buttons", [_BUTTON]), 5: ("wifi_name", TEXT), 6: ("wifi_password", TEXT),
                  7: ("paper_link", TEXT)}),
    31: ("CounterView", {1: ("counter", TEXT), 2: ("counter_name", TEXT), 3: ("waiting", UINT),
                         4: ("ticket", UINT), 5: ("label", TEXT), 6: ("service_name", TEXT),
                         7: ("paper", _PAPER), 8: ("times_called", UINT), 9: ("state", _STATE),
                         10: ("ticket_class", _CLASS), 11: ("waiting_regular", UINT),
                         12: ("waiting_priority", UINT), 13: ("waiting_appointment", UINT),
                         14: ("held", [_HELD]), 15: ("staff", TEXT), 16: ("sign_in_required", BOOL),
                         17: ("paused", BOOL), 18: ("pause_reason", TEXT),
                         19: ("can_undo", _STEP)}),
    32: ("Offers", {1: ("journal_seq", UINT), 2: ("offers", [_OFFER])}),
    33: ("CounterMenu", {1: ("targets", [_TARGET])}),
    34: ("Leases", {1: ("leases", [_LEASE])}),
    40: ("Undo", _REQUEST),
    41: ("SignIn", {**_REQUEST, 2: ("code", TEXT)}),
    42: ("SignOut", _REQUEST),
    43: ("PauseCounter", {**_REQUEST, 2: ("reason", TEXT)}),
    44: ("OpenCounter", _REQUEST),
    45: ("IssueOffline", {**_REQUEST, 2: ("lease", UINT), 3: ("number", UINT), 4: ("service", TEXT),
                          5: ("ticket_class", _CLASS), 6: ("age_ms", UINT), 7: ("abandoned", UINT)}),
    46: ("RetireLease", {**_REQUEST, 2: ("lease", UINT), 3: ("given", UINT)}),
    47: ("CheckIn", {**_REQUEST, 2: ("code", TEXT)}),
    50: ("KioskState", {1: ("printers", [_PRINTER]), 2: ("stuck", [_STUCK])}),
}
_BODY_NUMBERS = {name: number for number, (name, _) in MESSAGES.items()}
ANSWERS = ("Ticket", "Called", "Done", "Refused")
VIEWS = ("Menu", "Offers", "Leases", "CounterMenu", "CounterView")


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
        self.journal_seq = 0
        self.seen = {}  # by series: its highest label of the latest service day, the newest last
        self.day = ""

    def note(self, message):
        """Keeps what the controller tells of how far it has come."""
        self.journal_seq = max(self.journal_seq, message.get("journal_seq", 0))
        if message.kind != "Ticket" or message.service_day < self.day:
            return
        if message.service_day > self.day:
            self.day, self.seen = message.service_day, {}
        series, _, number = message.label.rpartition("-")
        highest = max(int(number), int(self.seen.pop(series, "-0").rpartition("-")[2]))
        self.seen[series] = f"{series}-{highest:0{len(number)}}"


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
    """One connection of a device. `view` is the newest Menu of a kiosk, or CounterView of a callpad;
    `offers` and `counter_menu` are what the controller told beside it."""

    def __init__(self, port, role, name, store=None, hello=None):
        """Connects and is welcomed, or raises Closed. HELLO: fields that differ from the usual."""
        super().__init__(port)
        self.store = store or Store()
        try:
            fields = {"protocol": PROTOCOL, "role": role, "device": name,
                      "last_request": self.store.last_request, "software": "test",
                      "journal_seq": self.store.journal_seq,
                      "seen": [{"service_day": self.store.day, "label": label}
                               for label in list(self.store.seen.values())[-128:]],
                      **(hello or {})}
            self.send(Message("Hello", **fields))
            self.welcome = self.receive()
            if self.welcome.kind != "Welcome":
                raise Malformed(f"{self.welcome} instead of a welcome")
            self.store.last_request = max(self.store.last_request, self.welcome.last_request)
            self.store.note(self.welcome)
            self.view = self.offers = self.counter_menu = None
            views = {"KIOSK": ("Menu", "Offers"), "CALLPAD": ("CounterMenu", "CounterView")}[role]
            for kind in views:
                view = self.receive()
                if view.kind != kind:
                    raise Malformed(f"{view} instead of {kind}")
                self._keep(view)
        except BaseException:
            self.close()
            raise

    def _keep(self, view):
        self.store.note(view)
        if view.kind == "Offers":
            self.offers = view
        elif view.kind == "CounterMenu":
            self.counter_menu = view
        else:
            self.view = view

    def read_until(self, wanted, what, deadline_s=TIMEOUT_S):
        """The newest view, once WANTED(view) holds; reads on until then."""
        end = time.monotonic() + deadline_s
        while not wanted(self.view):
            message = self.receive(max(0.0, end - time.monotonic()))
            if message.kind not in VIEWS:
                raise AssertionError(f"{message} while waiting for {what}")
            self._keep(message)
        return self.view

    def answer(self):
        """The answer to the request in flight; views that come before it are kept in `view`."""
        while True:
            message = self.receive()
            if message.kind not in ANSWERS:
                self._keep(message)
            elif message.request == self.store.in_flight.request:
                self.store.in_flight = None
                self.store.note(message)
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

    def issue(self, service="ktp-el", ticket_class="REGULAR"):
        return self.ask("Issue", service=service, ticket_class=ticket_class)

    def report(self, ticket, outcome="PRINTED", reason="NONE", copy=False):
        return self.ask("PrintReport", ticket=ticket, outcome=outcome, reason=reason, copy=copy)

    def give(self, service="ktp-el", ticket_class="REGULAR"):
        """Issues a ticket and reports its paper as printed."""
        ticket = self.issue(service, ticket_class)
        self.report(ticket.ticket)
        return ticket


class Callpad(Device):
    def __init__(self, port, name="callpad-1", store=None, **more):
        super().__init__(port, "CALLPAD", name, store, **more)

    def call_next(self, only="ANY"):
        return self.ask("CallNext", only=only)

    def call_named(self, label="", ticket=0):
        return self.ask("CallNamed", label=label, ticket=ticket)

    def serve(self, ticket):
        return self.ask("Serve", ticket=ticket)

    def hold(self, ticket):
        return self.ask("Hold", ticket=ticket)

    def transfer(self, ticket, service):
        return self.ask("Transfer", ticket=ticket, service=service)

    def undo(self):
        return self.ask("Undo")

    def sign_in(self, code):
        return self.ask("SignIn", code=code)

    def sign_out(self):
        return self.ask("SignOut")

    def pause(self, reason=""):
        return self.ask("PauseCounter", reason=reason)

    def open(self):
        return self.ask("OpenCounter")

    def recall(self, ticket):
        return self.ask("Recall", ticket=ticket)

    def finish(self, ticket):
        return self.ask("Finish", ticket=ticket)

    def no_show(self, ticket):
        return self.ask("NoShow", ticket=ticket)

    def call_everybody(self):
        """Calls until nobody can be called; whether nobody waits then: a paper may not be told of yet."""
        while self.call_next().kind == "Called":
            pass
        return self.view.waiting == 0
