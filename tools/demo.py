"""The demo mall: every program of Antrean on this machine, with one terminal for all of it.

tools/run starts this after building. It plays the people: keys typed here go to the kiosk or to a
callpad, as Tab chooses. With --tour it does so by itself and says whether all of it happened.
"""

import argparse
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import termios
import threading
import time
import tomllib
import tty
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(os.environ.get("ANTREAN_BIN", ROOT / "build" / "bin"))
SITE = ROOT / "schemas" / "sites" / "jombang.toml"
TOUR_LIMIT_S = 30.0


class Trouble(Exception):
    """Something that did not happen as it must; the text says what."""


def open_at_any_hour(site):
    """The text of a site file without opening hours and holidays: the demo is for evenings too."""
    head, rest = site.split("\n[[", 1)
    head = re.sub(r"(?ms)^holidays = \[.*?\]$", "", head)
    head = re.sub(r"(?m)^(hours|last_ticket_before) = .*$", "", head)
    return head + "\n[[" + re.sub(r"(?m)^(hours|last_ticket_before) = .*$", "", rest)


class Program:
    """One running program: its lines are told as they come, and kept."""

    def __init__(self, name, arguments, tell, directory):
        self.name = name
        self.lines = []
        self.changed = threading.Condition()
        self.process = subprocess.Popen(
            [str(PROGRAMS / arguments[0]), *arguments[1:]], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=directory,
            # Ctrl-C is for the demo, which then stops the programs in their order.
            start_new_session=True)
        threading.Thread(target=self._read, args=(tell,), daemon=True).start()

    def _read(self, tell):
        for line in self.process.stdout:
            with self.changed:
                self.lines.append(line.rstrip("\n"))
                self.changed.notify_all()
            tell(self.name, line.rstrip("\n"))
        with self.changed:
            self.lines.append(None)
            self.changed.notify_all()

    def wait_for(self, pattern, since=0):
        """The match of PATTERN in a line from the SINCE-th on; waits for it."""
        deadline = time.monotonic() + TOUR_LIMIT_S
        with self.changed:
            while True:
                for line in self.lines[since:]:
                    if line is None:
                        raise Trouble(f"{self.name} has ended: " + " / ".join(
                            [text for text in self.lines if text][-3:]))
                    match = re.search(pattern, line)
                    if match:
                        return match
                left = deadline - time.monotonic()
                if left <= 0 or not self.changed.wait(left):
                    raise Trouble(f"{self.name} did not say '{pattern}' within {TOUR_LIMIT_S:.0f} s")

    def type(self, keys):
        try:
            self.process.stdin.write(keys)
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # that it ended is told by its last lines

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Mall:
    """All programs of the demo mall, in a directory that keeps their state."""

    def __init__(self, directory, tell, ports):
        self.directory = directory
        self.programs = []
        directory.mkdir(parents=True, exist_ok=True)
        self.papers = directory / "papers"
        self.site_file = directory / "site.toml"
        self.site_file.write_text(open_at_any_hour(SITE.read_text(encoding="utf-8")),
                                  encoding="utf-8")
        site = tomllib.loads(SITE.read_text(encoding="utf-8"))
        self.counters = [counter for counter in site["counter"] if "callpad" in counter]
        self.services = {service["id"]: service for service in site["service"]}
        self.agencies = {a["id"]: a.get("short_name", a["name"]) for a in site["agency"]}
        self.kiosk_file = site["kiosk"][0]
        self.tell = tell
        try:
            self._start(ports)
        except BaseException:
            self.stop()
            raise

    def _start(self, ports):
        self.controller = self._run(
            "controller", "antrean-controller", "--site", self.site_file, "--journal",
            self.directory / "queue.journal", "--socket", self.directory / "controller.sock", "--listen", f"127.0.0.1:{ports[0]}", "--http",
            f"127.0.0.1:{ports[1]}")
        where = self.controller.wait_for(r"devices at (\S+), board at (\S+),")
        self.board = where[2]
        self.printer = self._run("printer", "antrean-virtual-printer", "--listen",
                                 f"127.0.0.1:{ports[2]}", "--papers", self.papers)
        printer = self.printer.wait_for(r"listening on (\S+)")[1]
        self.kiosk = self._run(
            "kiosk-1", "antrean-kiosk", "--device", self.kiosk_file["id"], "--controller", where[1],
            "--store", self.directory / "kiosk-1.store", "--printer", f"tcp:{printer}")
        self.callpads = {
            counter["callpad"]: self._run(
                counter["callpad"], "antrean-callpad", "--device", counter["callpad"],
                "--controller", where[1], "--store",
                self.directory / f"{counter['callpad']}.store")
            for counter in self.counters}

    def _run(self, name, *arguments):
        program = Program(name, [str(argument) for argument in arguments], self.tell,
                          self.directory)
        self.programs.append(program)
        return program

    def wait_until_ready(self):
        self.kiosk.wait_for("Silakan tekan tombol")
        for callpad in self.callpads.values():
            callpad.wait_for(r"\| menunggu")

    def stop(self):
        # Devices first, so that the controller's log does not end in lost connections.
        for program in reversed(self.programs):
            program.stop()

    def board_now(self):
        with urllib.request.urlopen(self.board + "/events", timeout=5) as stream:
            for line in stream:
                if line.startswith(b"data: {"):
                    return json.loads(line[6:])
        raise Trouble("the board's stream ended without a view")


KEYS = "123456789abcdefghijklmnopqrstuvwxyz"  # of the kiosk's buttons, as its --help says


def service_of(button):
    """The id of a button's service: the file has it alone, or in a table beside the class."""
    return button if isinstance(button, str) else button["service"]


def introduce(mall):
    print("\nThe kiosk's buttons, by key:")
    agencies = {}
    for number, button in mall.kiosk_file["buttons"].items():
        if int(number) > len(KEYS):
            continue
        row = mall.services[service_of(button)]
        first = isinstance(button, dict) and button.get("class") == "priority"
        priority = " (prioritas)" if first else ""
        agencies.setdefault(row["agency"], []).append(
            f"{KEYS[int(number) - 1]} {row['name']}{priority}")
    for agency, buttons in agencies.items():
        print(f"  {mall.agencies[agency]:18} " + ", ".join(buttons))
    print(f"""Tab goes on to the next device: the kiosk, callpad-1 to callpad-{len(mall.callpads)}, the kiosk.
A callpad's keys: n next, r call again, d done, x no-show.
Papers appear in {mall.papers}
The board is at  {mall.board}
antrean-ctl --socket {mall.directory / "controller.sock"} status
Ctrl-C stops all; the next start goes on with the same day.
""")


def play(directory):
    """The mall for a person at this terminal, until Ctrl-C."""
    interactive = sys.stdin.isatty()
    colour = sys.stdout.isatty()
    ready = threading.Event()

    def tell(name, line):
        # What programs show to people begins with '>' or is a paper; of their logs only trouble.
        if not ready.is_set() or not re.match(r"> |paper-|.*\b(warning|error|critical)\b", line):
            return
        line = line.removeprefix("> ")
        print(f"\033[2m{name:>10}\033[0m  {line}" if colour else f"{name:>10}  {line}", flush=True)

    mall = Mall(directory, tell, ports=(7411, 8080, 9100))
    old_modes = termios.tcgetattr(0) if interactive else None
    try:
        mall.wait_until_ready()
        introduce(mall)
        ready.set()
        people = [("kiosk-1", mall.kiosk)] + list(mall.callpads.items())
        at = 0
        print(f"keys go to {people[at][0]}", flush=True)
        if interactive:
            tty.setcbreak(0)
        while True:
            if not interactive:
                time.sleep(1)
                continue
            select.select([0], [], [])
            key = os.read(0, 1).decode(errors="ignore")
            if key == "\t":
                at = (at + 1) % len(people)
                print(f"keys go to {people[at][0]}", flush=True)
            elif key:
                people[at][1].type(key)
    except KeyboardInterrupt:
        print("\nstopping", flush=True)
    finally:
        ready.clear()
        if old_modes:
            termios.tcsetattr(0, termios.TCSADRAIN, old_modes)
        mall.stop()


def tour(directory):
    """Presses, papers and calls without a person; raises Trouble if one did not happen."""
    shutil.rmtree(directory, ignore_errors=True)
    started = time.monotonic()

    def step(text):
        print(f"{time.monotonic() - started:7.3f} s  {text}", flush=True)

    mall = Mall(directory, lambda name, line: None, ports=(0, 0, 0))
    try:
        mall.wait_until_ready()
        step(f"the mall is ready: {len(mall.callpads)} callpads, board at {mall.board}")
        keys = "168"
        labels = {}
        for paper, key in enumerate(keys, start=1):
            agency = mall.services[service_of(mall.kiosk_file["buttons"][key])]["agency"]
            before = len(mall.kiosk.lines)
            mall.kiosk.type(key)
            step(f"button {key} pressed ({agency})")
            label = mall.kiosk.wait_for(r"Nomor Anda (\S+)\. Silakan ambil", before)[1]
            mall.printer.wait_for(rf"^paper-{paper:06}")
            text = (mall.papers / f"paper-{paper:06}.txt").read_text(encoding="utf-8")
            if label not in text.split():
                raise Trouble(f"paper {paper} does not say {label}")
            step(f"paper {mall.papers / f'paper-{paper:06}.png'} says {label}")
            labels[agency] = label
        if len(labels) != len(keys):
            raise Trouble("the three buttons are not of three agencies")
        for agency, label in labels.items():
            counter = next(c for c in mall.counters if agency in c.get("agencies", []))
            callpad = mall.callpads[counter["callpad"]]
            before = len(callpad.lines)
            callpad.type("n")
            step(f"{counter['callpad']} ({counter['name']}): next pressed")
            callpad.wait_for(rf"\| {label} \|", before)
            step(f"{counter['callpad']} shows {label}")
        deadline = time.monotonic() + TOUR_LIMIT_S
        while True:
            board = mall.board_now()
            called = {call["label"] for call in board["calls"]}
            if called == set(labels.values()):
                break
            if time.monotonic() > deadline:
                raise Trouble(f"the board shows {sorted(called)}, not {sorted(labels.values())}")
        step("the board:")
        for call in board["calls"]:
            print(f"             {call['label']} -> {call['counter']} ({call['agency']})")
        print("             waiting: " + ", ".join(
            f"{row['agency']} {row['waiting']}" for row in board["waiting"]))
        print("all of it happened", flush=True)
    finally:
        mall.stop()


def main():
    parser = argparse.ArgumentParser(
        prog="tools/run",
        description="Starts the demo mall of Jombang on this machine: controller, a kiosk, twelve "
        "callpads and a virtual printer. Its state is kept in run/, so that the next start goes on "
        "with the same day.")
    parser.add_argument("--tour", action="store_true",
                        help="three presses, three papers, three calls, unattended; exit code 0 "
                        "only if all of it happened")
    parser.add_argument("--dir", type=Path, default=ROOT / "run",
                        help="where the state and the papers are kept (default: run)")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
    try:
        if options.tour:
            tour(options.dir.resolve() / "tour")
        else:
            play(options.dir.resolve() / "mall")
    except Trouble as trouble:
        print(f"tools/run: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
