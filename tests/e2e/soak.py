#!/usr/bin/env python3
"""Days of a whole hall in minutes, with real programs: 20 kiosks, 40 counters, and as many tickets,
calls and reconnections as a busy day has. What a program takes of the machine must be flat.

The controller is one process over all the days; its wall clock goes to the next morning when a day's
work is done (libfaketime; steady clocks are left alone). Three kiosks with their printers and two
callpads are the real programs, which do a real device's day; the others are devices of the protocol.
After each day, when all is quiet, each program is measured:

  memory       what it holds of its own (RssAnon)
  descriptors  and threads
  disk         its files; the journal and the reports grow by what happened, and by nothing else

The first two days warm up: allocators and caches fill. From then on nothing may grow by more than
the bounds below, which are far less than one ticket in a hundred would leave behind.

Shows R13.
"""

import argparse
import datetime
import itertools
import os
import re
import shutil
import sys
import threading
import time
import urllib.request

from client import Callpad, Closed, Kiosk, Store
from path_programs import Hall, KioskProgram, VirtualPrinter
from processes import wait_until

KIOSKS, REAL_KIOSKS = 20, 3
COUNTERS, REAL_CALLPADS = 40, 2
AGENCIES = 4
MASH_GUARD_S = 1.1  # of one button; a press within it is none
WARM_DAYS = 2

# What may be more at the end than after the warm-up. A ticket is some 400 bytes in memory, its
# events some 1,500 on disk.
MEMORY_KIB = 1024
MEMORY_SHARE = 0.03
STORE_BYTES = 64 << 10
LOG_BYTES = 8 << 20
EVENT_SHARE = 0.10  # by which the bytes of an event may differ between days

SITE = """
[site]
name = "Mal Pelayanan Publik Contoh"
place = "Contoh"
time_zone = "Asia/Jakarta"
""" + "".join(f"""
[[agency]]
id = "dinas-{n}"
name = "Dinas {n}"
prefix = "{"ABCD"[n - 1]}"

[[service]]
id = "layanan-{n}"
agency = "dinas-{n}"
name = "Layanan {n}"
""" for n in range(1, AGENCIES + 1)) + "".join(f"""
[[counter]]
id = "loket-{n}"
name = "Loket {n}"
agencies = ["dinas-{n % AGENCIES + 1}"]
callpad = "callpad-{n}"
""" for n in range(1, COUNTERS + 1)) + "".join(f"""
[[kiosk]]
id = "kiosk-{n}"
buttons = {{ {", ".join(f'{b} = "layanan-{b}"' for b in range(1, AGENCIES + 1))} }}
""" for n in range(1, KIOSKS + 1))


def library():
    """libfaketime, as its Debian package has it."""
    for folder in ["x86_64-linux-gnu", "aarch64-linux-gnu", "arm-linux-gnueabihf"]:
        path = f"/usr/lib/{folder}/faketime/libfaketime.so.1"
        if os.path.exists(path):
            return path
    raise SystemExit("soak: libfaketime is not installed (Debian package faketime)")


class Calendar:
    """The controller's wall clock: a file that libfaketime reads."""

    def __init__(self, path):
        self._path = path
        self._day = datetime.date(2026, 11, 23)
        self._write()

    def _write(self):
        # "@" goes on from there by itself.
        with open(self._path + ".new", "w", encoding="ascii") as file:
            file.write(f"@{self._day} 01:00:00\n")
        os.replace(self._path + ".new", self._path)

    def next_day(self):
        self._day += datetime.timedelta(days=1)
        self._write()

    def environment(self):
        return {"LD_PRELOAD": library(), "FAKETIME_TIMESTAMP_FILE": self._path,
                "FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_CACHE_DURATION": "1", "TZ": "UTC"}


class Devices:
    """Connections of the protocol that come back when they are lost, or when they are told to."""

    def __init__(self, make, port, names):
        self._make, self._port = make, port
        self._stores = {name: Store() for name in names}
        self._open = {}
        self.connects = 0

    def __iter__(self):
        return iter(list(self._stores))

    def device(self, name):
        if name not in self._open:
            self._open[name] = self._make(self._port, name, self._stores[name])
            self.connects += 1
        return self._open[name]

    def drop(self, name):
        if name in self._open:
            self._open.pop(name).close()

    def breathe(self, name):
        """Takes what was told, and says that it is there where that is due."""
        try:
            while True:
                self.device(name)._keep(self.device(name).receive(0.0))
        except TimeoutError:
            pass

    def close(self):
        for name in list(self._open):
            self.drop(name)


class Day:
    """One day's work, done by threads of their own."""

    def __init__(self, soak, number):
        self.soak = soak
        self.number = number
        self.given = 0
        self.called = 0
        self.pressing = 2  # kinds of kiosks that still give numbers
        self.lock = threading.Lock()
        self.failure = None

    def run(self):
        soak = self.soak
        work = [threading.Thread(target=self.guarded, args=(task, *args)) for task, *args in [
            (self.give,), *((self.serve, pads) for pads in soak.pads), (self.press,),
            *((self.call, pad) for pad in soak.callpads)]]
        for thread in work:
            thread.start()
        for thread in work:
            thread.join()
        if self.failure:
            raise self.failure

    def guarded(self, task, *args):
        try:
            task(*args)
        except BaseException as failure:
            self.failure = self.failure or failure

    def is_over(self):
        return self.failure is not None

    def again(self, devices, name, what):
        """WHAT(device), over a new connection where the old one is lost."""
        for _ in range(5):
            try:
                return what(devices.device(name))
            except (Closed, OSError):
                devices.drop(name)
        raise AssertionError(f"{name} cannot stay connected")

    def give(self):
        """What the kiosks of the protocol give, each in its turn."""
        devices = self.soak.kiosks
        services = itertools.cycle(range(1, AGENCIES + 1))
        names = itertools.cycle(devices)
        for n in range(self.soak.options.tickets):
            if self.is_over():
                return
            name = next(names)
            if n % 150 == 0:
                devices.drop(name)  # somebody pulled a plug
            service = f"layanan-{next(services)}"

            def ask(kiosk):
                if kiosk.store.in_flight:
                    kiosk.ask_again()
                return kiosk.give(service)
            ticket = self.again(devices, name, ask)
            assert ticket.kind == "Ticket", ticket
            with self.lock:
                self.given += 1
        with self.lock:
            self.pressing -= 1
        while self.pressing and not self.is_over():
            for name in devices:
                self.again(devices, name, lambda _, name=name: devices.breathe(name))
            time.sleep(0.2)

    def press(self):
        """The real kiosks, whose buttons are pressed as fast as they take it."""
        threads = []
        for kiosk in self.soak.real_kiosks:
            threads.append(threading.Thread(target=self.guarded, args=(self.press_one, kiosk)))
            threads[-1].start()
        for thread in threads:
            thread.join()
        with self.lock:
            self.pressing -= 1

    def press_one(self, kiosk):
        pressed = dict.fromkeys("1234", 0.0)
        for n in range(self.soak.options.presses):
            if self.is_over():
                return
            key = "1234"[n % AGENCIES]
            time.sleep(max(0.0, pressed[key] + MASH_GUARD_S - time.monotonic()))
            mark = kiosk.mark()
            pressed[key] = time.monotonic()
            kiosk.press(key)
            kiosk.wait_after(mark, r"> Nomor Anda \S+\. Silakan ambil tiket Anda\.")
            with self.lock:
                self.given += 1

    def serve(self, pads):
        """Counters of the protocol: call, serve, finish, until the day's last ticket is done."""
        for turn in itertools.count():
            idle = True
            for name in pads:
                if self.is_over():
                    return
                if turn % 40 == 39:
                    pads.drop(name)

                def work(pad):
                    if pad.store.in_flight:
                        pad.ask_again()
                    called = pad.call_next()
                    if called.kind != "Called":
                        return 0
                    pad.serve(called.ticket)
                    pad.finish(called.ticket)
                    return 1
                done = self.again(pads, name, work)
                with self.lock:
                    self.called += done
                idle = idle and not done
            if idle:
                if not self.pressing and self.soak.nobody_waits(pads):
                    return
                time.sleep(0.1)

    def call(self, pad):
        """A real callpad: its clerk calls the next one again and again."""
        while self.pressing and not self.is_over():
            mark = pad.mark()
            pad.press("n")
            pad.wait_after(mark, r"> Loket \d+ \|")
            time.sleep(0.3)


class Soak:
    def __init__(self, options, hall):
        self.options, self.hall = options, hall
        self.calendar = Calendar(hall.path("now"))
        environment = self.calendar.environment()
        os.environ.update(environment)
        try:
            self.controller = hall.start_controller()
        finally:
            for name in environment:
                del os.environ[name]
        port = self.controller.port
        address = f"127.0.0.1:{port}"
        real = range(1, REAL_KIOSKS + 1)
        self.real_kiosks = []
        for n in real:
            printer = hall.add(VirtualPrinter(hall.path(f"papers-{n}"), "--speed", "0"))
            self.real_kiosks.append(hall.add(KioskProgram(
                address, printer.address, hall.path(f"kiosk-{n}.store"), f"kiosk-{n}",
                "--press-limit", "1000/0.01")))
        self.callpads = [hall.start_callpad(f"callpad-{n}") for n in range(1, REAL_CALLPADS + 1)]
        for kiosk in self.real_kiosks:
            kiosk.wait_until_ready()
        for n, pad in enumerate(self.callpads, 1):
            pad.wait_for_line(rf"> Loket {n} \|")
        self.kiosks = Devices(Kiosk, port,
                              [f"kiosk-{n}" for n in range(REAL_KIOSKS + 1, KIOSKS + 1)])
        names = [f"callpad-{n}" for n in range(REAL_CALLPADS + 1, COUNTERS + 1)]
        self.pads = [Devices(Callpad, port, names[at::2]) for at in range(2)]
        self.programs = {"controller": self.controller}
        self.programs.update({f"kiosk {n}": self.real_kiosks[n - 1] for n in real})
        self.programs.update({f"callpad {n}": pad for n, pad in enumerate(self.callpads, 1)})
        self.stores = [hall.path(f"kiosk-{n}.store") for n in real]
        self.stores += [hall.path(f"callpad-{n}.store") for n in range(1, REAL_CALLPADS + 1)]

    def nobody_waits(self, pads):
        for name in pads:
            pads.breathe(name)
            if pads.device(name).view.waiting:
                return False
        return True

    def quiet(self):
        """How many events there are once nothing is on its way any more, the reports included."""
        def meter(text, name):
            return int(float(re.search(rf"^{name} (\S+)$", text, re.MULTILINE)[1]))

        last = None
        for _ in range(60):
            text = self.http("/metrics")
            now = meter(text, "antrean_journal_seq")
            if now == last and meter(text, "antrean_reports_lag_events") == 0:
                return now
            last = now
            time.sleep(2.0)
        raise AssertionError("the controller never comes to rest")

    def http(self, path):
        with urllib.request.urlopen(
                f"http://127.0.0.1:{self.controller.http_port}{path}", timeout=30) as answer:
            return answer.read().decode()

    def measure(self):
        taken = {"events": self.quiet()}
        for name, program in self.programs.items():
            with open(f"/proc/{program.popen.pid}/status", encoding="ascii") as file:
                status = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
            taken[name, "KiB"] = int(status["RssAnon"].split()[0])
            taken[name, "threads"] = int(status["Threads"])
            taken[name, "descriptors"] = len(os.listdir(f"/proc/{program.popen.pid}/fd"))

        def size(path):
            return os.path.getsize(path) if os.path.exists(path) else 0
        taken["journal"] = size(self.hall.journal)
        taken["reports"] = size(self.hall.path("queue.reports.db"))
        taken["logs"] = max(size(path + "-wal") for path in
                            [self.hall.journal, self.hall.path("queue.reports.db"), *self.stores])
        taken["stores"] = sum(map(size, self.stores))
        return taken


def columns(taken):
    devices = [name for name in {key[0] for key in taken if isinstance(key, tuple)}
               if name != "controller"]
    largest = max(taken[name, "KiB"] for name in devices)
    descriptors = sum(taken[key] for key in taken
                      if isinstance(key, tuple) and key[1] == "descriptors")
    return (f"{taken['events']:8} events  controller {taken['controller', 'KiB']:6} KiB  "
            f"largest device {largest:5} KiB  {descriptors:4} descriptors  "
            f"journal {taken['journal'] >> 10:6} KiB  logs {taken['logs'] >> 10:5} KiB  "
            f"stores {taken['stores'] >> 10:4} KiB")


def too_much(before, after, days):
    """What grew from BEFORE to AFTER, and should not have."""
    found = []
    for key, value in after.items():
        if not isinstance(key, tuple):
            continue
        name, what = key
        bound = before[key]
        if what == "KiB":
            bound += max(MEMORY_KIB, int(before[key] * MEMORY_SHARE))
        if value > bound:
            found.append(f"{name}: {value} {what} after {before[key]}")
    if after["stores"] > before["stores"] + STORE_BYTES:
        found.append(f"the devices' stores: {after['stores']} bytes after {before['stores']}")
    if after["logs"] > LOG_BYTES:
        found.append(f"a log of SQLite: {after['logs']} bytes")
    shares = [(b["journal"] - a["journal"]) / (b["events"] - a["events"])
              for a, b in zip(days, days[1:])]
    if max(shares) > min(shares) * (1 + EVENT_SHARE):
        found.append(f"the journal: {min(shares):.0f} to {max(shares):.0f} bytes for an event")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=5,
                        help="of service, the first two to warm up; the default is 5")
    parser.add_argument("--tickets", type=int, default=2500,
                        help="of a day, by kiosks of the protocol; the default is 2500")
    parser.add_argument("--presses", type=int, default=120,
                        help="of a day at each of the real kiosks; the default is 120")
    options = parser.parse_args()
    if options.days <= WARM_DAYS:
        parser.error(f"more than {WARM_DAYS} days are needed, which warm up")
    started = time.monotonic()
    hall = Hall(SITE)
    try:
        soak = Soak(options, hall)
        days = []
        for number in range(1, options.days + 1):
            if number > 1:
                soak.calendar.next_day()
                time.sleep(2.5)  # until the library reads it
            day = Day(soak, number)
            begun = time.monotonic()
            day.run()
            days.append(soak.measure())
            for papers in range(1, REAL_KIOSKS + 1):
                shutil.rmtree(hall.path(f"papers-{papers}"), ignore_errors=True)
                os.mkdir(hall.path(f"papers-{papers}"))
            print(f"day {number}: {day.given} tickets in {time.monotonic() - begun:.0f} s;"
                  f"{columns(days[-1])}", flush=True)
        connects = soak.kiosks.connects + sum(pads.connects for pads in soak.pads)
        found = too_much(days[WARM_DAYS - 1], days[-1], days[WARM_DAYS - 1:])
        print(f"{options.days} days in {time.monotonic() - started:.0f} s, {connects} connections. "
              + ("All is flat." if not found else "NOT flat:"))
        for line in found:
            print("  " + line)
        for pads in soak.pads:
            pads.close()
        soak.kiosks.close()
        return 1 if found else 0
    finally:
        hall.close()


if __name__ == "__main__":
    sys.exit(main())
