#!/usr/bin/env python3
"""Cuts the power of a controller again and again, and looks whether anything is lost.

The controller runs in a virtual machine, with its journal on an ext4 file system of a disk image.
Kiosks outside press as fast as they are answered, over the machine's network. At a random moment,
also while it starts, QEMU is killed. What the disk holds then is one of two things, by turns:

  kept  all that the guest had written: QEMU is gone, this machine's cache is not. The guest has
        lost its memory, and what was on its way to the disk.
  lost  what a disk with a volatile cache keeps: all up to the last flush that the guest had waited
        for, and of the blocks of 4 KiB written after it any, in any order. QEMU writes down each write
        and flush (blklogwrites), from which the image is made.

The machine starts again from that. Each time the journal as a start finds it, and before the
controller touches it, is sent out and checked by read_events(), by antrean-ctl, and against what the
kiosks were told: every number that was answered is there as it was answered, none is there twice,
nothing that was there once is another thing now, and a request that is repeated gets the number
that it got before.

Shows R1, R4, R5, R9, R17, F2, F5.
"""

import argparse
import io
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import unittest

import guest
from write_log import DISK_BYTES, SECTOR, WriteLog

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from client import Closed, Kiosk, Malformed, Message, Store
from kill_journal import read_events
from processes import free_port

KIOSKS = 6
BOOT_SECONDS = 120
MODULES = ["virtio_pci", "virtio_blk", "virtio_net", "crc32c_generic", "ext4"]

SITE = """
[site]
name = "Mal Pelayanan Publik Contoh"
place = "Contoh"
time_zone = "Asia/Jakarta"

[[agency]]
id = "dukcapil"
name = "Dinas Kependudukan"
prefix = "A"

[[agency]]
id = "pajak"
name = "Kantor Pajak"
prefix = "B"

[[service]]
id = "ktp-el"
agency = "dukcapil"
name = "KTP-el"

[[service]]
id = "npwp"
agency = "pajak"
name = "NPWP"

[[counter]]
id = "loket-1"
name = "Loket 1"
agencies = ["dukcapil", "pajak"]
callpad = "callpad-1"
""" + "".join(f"""
[[kiosk]]
id = "kiosk-{n}"
buttons = {{ 1 = "ktp-el", 2 = "npwp" }}
""" for n in range(1, KIOSKS + 1))

# 10.0.2.2 is this machine, as QEMU's network shows it to the guest.
INIT = guest.INIT_HEAD + """\
mount -t ext4 -o noatime /dev/vda /data || { echo "guest: no file system"; reboot -f; }
ip link set lo up
ip addr add 10.0.2.15/24 dev eth0
ip link set eth0 up
tar -c -C /data . > /tmp/found.tar
until nc 10.0.2.2 $(cat /proc/cmdline | sed 's/.*report=//; s/ .*//') < /tmp/found.tar; do sleep 1; done
rm /tmp/found.tar
echo "guest: sent"
antrean-controller --site /site.toml --journal /data/queue.journal --listen 0.0.0.0:7411 \\
  --http 127.0.0.1:8080 --socket /run/console
echo "guest: the controller ended with $?"
reboot -f
"""


def initial_files(program, trees, kernel_tree):
    archive = guest.Archive()
    for folder in ["bin", "lib", "proc", "sys", "dev", "run", "tmp", "etc", "data", "usr",
                   "usr/share", "usr/share/zoneinfo", "usr/share/zoneinfo/Asia"]:
        archive.folder(folder)
    archive.link("lib64", "lib")
    archive.link("sbin", "bin")
    archive.add("init", INIT.encode())
    archive.add("site.toml", SITE.encode())
    zone = pathlib.Path("/usr/share/zoneinfo/Asia/Jakarta")
    archive.add("usr/share/zoneinfo/Asia/Jakarta", zone.read_bytes())
    names = []
    for name, code in guest.module_files(kernel_tree, MODULES).items():
        archive.add(f"{name}.ko", code)
        names.append(f"/{name}.ko")
    archive.add("modules", "\n".join(names).encode())
    busybox = next(path for tree in trees for path in tree.glob("**/bin/busybox"))
    archive.add("bin/busybox", busybox.read_bytes())
    with tempfile.TemporaryDirectory() as folder:
        # Without what only a debugger reads it is a tenth, and the guest unpacks it at each start.
        stripped = pathlib.Path(folder) / program.name
        guest.run("strip", "-o", stripped, program)
        archive.add(f"bin/{program.name}", stripped.read_bytes())
        for library in guest.libraries_of(stripped, trees):
            archive.add(f"lib/{library.name}", library.read_bytes())
    return archive.finished()


class Machine:
    """The virtual machine, switched on."""

    def __init__(self, kernel, initrd, image, log, report_port):
        self.port = free_port()
        log.write_bytes(b"")
        os.truncate(log, 1 << 30)
        command = [
            "qemu-system-x86_64", "-M", "q35", *guest.accelerator(), "-smp", "1", "-m", "384",
            "-nodefaults", "-no-user-config", "-display", "none", "-serial", "stdio", "-no-reboot",
            "-kernel", kernel, "-initrd", initrd, "-append",
            "console=ttyS0 quiet loglevel=2 reboot=t panic=-1 mitigations=off no_timer_check "
            f"report={report_port} ",
            "-blockdev", f"driver=file,node-name=image,filename={image}",
            "-blockdev", f"driver=file,node-name=log,filename={log}",
            "-blockdev", f"driver=blklogwrites,node-name=disk,file=image,log=log,"
                         f"log-sector-size={SECTOR}",
            "-device", "virtio-blk-pci,drive=disk,write-cache=on",
            "-netdev", f"user,id=net,hostfwd=tcp:127.0.0.1:{self.port}-10.0.2.15:7411",
            "-device", "virtio-net-pci,netdev=net,romfile="]
        self.lines = []
        self._news = threading.Condition()
        self.popen = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                      stderr=subprocess.STDOUT, text=True, errors="replace")
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.popen.stdout:
            with self._news:
                self.lines.append(line.rstrip())
                self._news.notify_all()
        with self._news:
            self.lines.append(None)
            self._news.notify_all()

    def wait_for(self, pattern, seconds):
        """The first line with PATTERN; none if it did not come within SECONDS."""
        end = time.monotonic() + seconds
        seen = 0
        with self._news:
            while True:
                for line in self.lines[seen:]:
                    if line is None:
                        raise AssertionError("the machine ended by itself:\n" + self.told())
                    if re.search(pattern, line):
                        return line
                seen = len(self.lines)
                left = end - time.monotonic()
                if left <= 0:
                    return None
                self._news.wait(left)

    def told(self):
        return "\n".join(line for line in self.lines if line is not None)

    def cut(self):
        self.popen.send_signal(signal.SIGKILL)
        self.popen.wait()
        self._reader.join()
        self.popen.stdout.close()


class Presser(threading.Thread):
    """A kiosk that asks for numbers, one after the other, until it is stopped. Its store outlives
    the controller's power."""

    def __init__(self, name, book):
        super().__init__(daemon=True)
        self.name = name
        self.book = book
        self.store = Store()
        self.issued = None  # the last request that was answered, if it was for a number
        self.device = None
        self.port = None
        self.stopping = threading.Event()
        self.wanted = threading.Event()
        self.idle = threading.Event()
        self.idle.set()
        self.failure = None
        self.start()

    def run(self):
        while True:
            self.wanted.wait()
            self.idle.clear()
            while not self.stopping.is_set():
                try:
                    self.press()
                except (OSError, Closed, TimeoutError):
                    pass
                except BaseException as failure:  # told by the main thread
                    self.failure = failure
                    self.stopping.set()
                time.sleep(0.02)
            self.wanted.clear()
            self.stopping.clear()
            self.idle.set()

    def press(self):
        with Kiosk(self.port, self.name, store=self.store) as kiosk:
            self.device = kiosk
            if self.store.in_flight is None and self.issued is not None:
                # Its answer came before the cut; asked again, it must be the same.
                self.store.in_flight = self.issued
            if self.store.in_flight is not None:
                self.took(self.store.in_flight, kiosk.ask_again())
            while not self.stopping.is_set():
                request = Message("Issue", service=random.choice(["ktp-el", "npwp"]))
                kiosk.start("Issue", service=request["service"])
                asked = self.store.in_flight
                ticket = self.took(asked, kiosk.answer())
                if ticket is not None:
                    # It prints; a cut meanwhile leaves an answer that is asked for again.
                    if self.stopping.wait(random.uniform(0.0, 0.05)):
                        return
                    self.issued = None
                    kiosk.report(ticket)

    def took(self, asked, answer):
        """Writes down what was answered; the ticket, if it was one."""
        if asked.kind != "Issue":
            return None
        if answer.kind != "Ticket":
            raise AssertionError(f"{self.name}: {answer} to {asked}")
        self.book.answered(self.name, asked.request, answer)
        self.issued = asked
        return answer.ticket


class Book:
    """Every number that anybody was told, and what the journal held when it was last looked at."""

    def __init__(self):
        self.lock = threading.Lock()
        self.by_request = {}  # (kiosk, request): (day, label, ticket)
        self.repeated = 0
        self.hashes = {}

    def answered(self, kiosk, request, ticket):
        told = ticket.service_day, ticket.label, ticket.ticket
        with self.lock:
            before = self.by_request.setdefault((kiosk, request), told)
            if before is not told:
                self.repeated += 1
            if before != told:
                raise AssertionError(f"{kiosk}, request {request}: {before} became {told}")

    def check(self, test, rows):
        issued = [row for row in rows if row["kind"] == "issued"]
        there = {(row["device"], row["request"]): (row["day"], row["label"], row["ticket"])
                 for row in issued}
        with self.lock:
            for asked, told in self.by_request.items():
                test.assertEqual(there.get(asked), told, f"what {asked} was told is in the journal")
        labels = [(row["day"], row["label"]) for row in issued]
        test.assertEqual(len(labels), len(set(labels)), "no number is there twice")
        test.assertEqual([row for row in rows if row["kind"] == "epoch_begun"], [],
                         "nobody has heard of more than the journal holds")
        for seq, known in self.hashes.items():
            test.assertEqual(rows[seq - 1]["hash"] if seq <= len(rows) else None, known,
                             f"event {seq} is what it was")
        if rows:
            # What was checked on the disk of a machine that starts stays.
            self.hashes[rows[-1]["seq"]] = rows[-1]["hash"]
        return len(issued)


class Cuts:
    def __init__(self, options, kernel, initrd, folder):
        self.options = options
        self.kernel, self.initrd, self.folder = kernel, initrd, folder
        self.image = folder / "disk.img"
        self.before = folder / "before.img"
        self.log = folder / "writes.log"
        self.test = unittest.TestCase()
        self.book = Book()
        self.pressers = [Presser(f"kiosk-{n}", self.book) for n in range(1, KIOSKS + 1)]
        self.seconds = 0.0  # under load
        self.events = 0
        self.kinds = {"kept": 0, "lost": 0, "while it started": 0}
        self.blocks_lost = 0
        self.with_loss = 0
        self.holes = 0

    def make_disk(self):
        with open(self.image, "wb") as disk:
            disk.truncate(DISK_BYTES)
        guest.run("mkfs.ext4", "-q", "-F", self.image)

    def receive_journal(self, listener, machine):
        """What the machine found on its disk when it started."""
        listener.settimeout(BOOT_SECONDS)
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            raise AssertionError("the machine does not start:\n" + machine.told()) from None
        data = bytearray()
        with connection:
            connection.settimeout(BOOT_SECONDS)
            while part := connection.recv(1 << 16):
                data += part
        return bytes(data)

    def check(self, files):
        if not files:
            raise AssertionError("the machine sent nothing")
        found = self.folder / "found"
        shutil.rmtree(found, ignore_errors=True)
        found.mkdir()
        with tarfile.open(fileobj=io.BytesIO(files)) as archive:
            archive.extractall(found)
        journal = found / "queue.journal"
        if not journal.exists() or journal.stat().st_size == 0:
            self.test.assertEqual(self.book.by_request, {}, "a journal that was answered from")
            return
        with sqlite3.connect(journal) as db:
            begun = db.execute("SELECT count(*) FROM sqlite_schema WHERE name='events'").fetchone()
        db.close()
        if not begun[0]:
            self.test.assertEqual(self.book.by_request, {}, "a journal that was answered from")
            return
        rows = read_events(self.test, journal)
        self.events = len(rows)
        self.book.check(self.test, rows)
        if rows:
            guest.run(self.options.bin / "antrean-ctl", "verify", journal)

    def one(self, number, chance):
        """Switches the machine on, checks what it finds, and cuts its power at some moment."""
        guest.run("cp", "--sparse=always", self.image, self.before)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            machine = Machine(self.kernel, self.initrd, self.image, self.log,
                              listener.getsockname()[1])
            try:
                self.check(self.receive_journal(listener, machine))
                started = None
                if number > 1 and chance.random() < 0.2:
                    kind = "while it started"
                    machine.wait_for("guest: sent", BOOT_SECONDS)
                    time.sleep(chance.uniform(0.0, 2.0))
                else:
                    kind = "under load"
                    self.test.assertTrue(machine.wait_for("devices at", BOOT_SECONDS),
                                         "the controller starts:\n" + machine.told())
                    started = time.monotonic()
                    answered = len(self.book.by_request)
                    for presser in self.pressers:
                        presser.port = machine.port
                        presser.wanted.set()
                    end = started + BOOT_SECONDS
                    while len(self.book.by_request) == answered and time.monotonic() < end:
                        self.told_by_pressers()
                        time.sleep(0.01)
                    time.sleep(chance.uniform(0.0, self.options.load_seconds))
            finally:
                machine.cut()
        if started is not None:
            self.seconds += time.monotonic() - started
            self.stop_pressers()
        self.test.assertNotIn("guest: the controller ended", machine.told())
        self.told_by_pressers()
        lost = ""
        if number % 2 == 0:
            share = chance.choice([0.0, 0.0, 0.25, 0.5, 0.9])
            writes = WriteLog(self.log)
            blocks = writes.replay(self.before, self.image, lambda: chance.random() < share)
            self.before.replace(self.image)
            self.holes += writes.holes
            self.kinds["lost"] += 1
            self.blocks_lost += blocks
            self.with_loss += blocks > 0
            lost = f", {blocks} blocks lost"
        else:
            self.kinds["kept"] += 1
        self.kinds["while it started"] += kind == "while it started"
        print(f"cut {number}: {kind}{lost}; {self.events} events checked before it, "
              f"{len(self.book.by_request)} numbers answered so far", flush=True)

    def told_by_pressers(self):
        for presser in self.pressers:
            if presser.failure:
                raise presser.failure

    def stop_pressers(self):
        for presser in self.pressers:
            presser.stopping.set()
        for presser in self.pressers:
            if presser.device:
                try:
                    presser.device.socket.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
            self.test.assertTrue(presser.idle.wait(60), f"{presser.name} stops")

    def go(self):
        self.make_disk()
        chance = random.Random(self.options.seed)
        for number in range(1, self.options.cuts + 1):
            self.one(number, chance)
        # The last one is looked at as well.
        with socket.create_server(("127.0.0.1", 0)) as listener:
            machine = Machine(self.kernel, self.initrd, self.image, self.log,
                              listener.getsockname()[1])
            try:
                self.check(self.receive_journal(listener, machine))
            finally:
                machine.cut()
        print(f"{self.options.cuts} cuts: {self.kinds['kept']} with all that was written kept, "
              f"{self.kinds['lost']} with what was not flushed lost in part or whole "
              f"({self.with_loss} of them lost something, {self.blocks_lost} blocks in all; "
              f"{self.holes} writes were on their way); "
              f"{self.kinds['while it started']} while it started.")
        print(f"{len(self.book.by_request)} numbers answered in {self.seconds:.0f} s of load, "
              f"{self.book.repeated} asked for again after a cut and answered the same; "
              f"{self.events} events, whole. Seed {self.options.seed}.")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=pathlib.Path, required=True, help="where packages are kept")
    parser.add_argument("--bin", type=pathlib.Path, required=True, help="where the programs are")
    parser.add_argument("--cuts", type=int, default=100, help="how often; the default is 100")
    parser.add_argument("--load-seconds", type=float, default=3.0,
                        help="the longest time from the first number to the cut; the default is 3")
    parser.add_argument("--seed", type=int, default=int(time.time()),
                        help="of the moments and of what is lost; the default is the time")
    options = parser.parse_args()
    guest.must_be_able(["mkfs.ext4", "strip"])
    options.bin = options.bin.resolve()
    kernel, kernel_tree, trees = guest.prepared(options.cache)
    with tempfile.TemporaryDirectory(prefix="antrean-cuts-") as folder:
        folder = pathlib.Path(folder)
        initrd = folder / "initrd"
        initrd.write_bytes(initial_files(options.bin / "antrean-controller", trees, kernel_tree))
        Cuts(options, kernel, initrd, folder).go()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except guest.Unable as reason:
        print(f"skipped: {reason}")
        sys.exit(guest.SKIPPED)
