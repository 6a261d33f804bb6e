"""The kiosk of another architecture, out of its package, run by QEMU beside this machine's own
controller, callpad and printer.

  cross_test.py --package DEB --sysroot DIR --bin DIR

SYSROOT: what tools/packaging/sysroot.py made. BIN: this machine's programs. tools/test --cross gives all.
"""

import argparse
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

import path_test  # noqa: E402
from console_line import Console  # noqa: E402
from path_programs import Hall  # noqa: E402
from processes import wait_until  # noqa: E402

# By Debian's name: the machine in an ELF header, its bits, and who runs its programs.
MACHINES = {"arm64": (183, 64, "qemu-aarch64"), "armhf": (40, 32, "qemu-arm")}
MOST_BYTES = 3_000_000


def text(*command):
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout


class Given:
    """What was given on the command line, and what was made of it."""
    architecture = None
    kiosk = None


def make_bin(folder, native, package, sysroot):
    """A folder like NATIVE, in which the kiosk is that of PACKAGE, run by QEMU."""
    Given.architecture = text("dpkg-deb", "--field", package, "Architecture").strip()
    subprocess.run(["dpkg-deb", "--extract", package, folder / "package"], check=True)
    Given.kiosk = folder / "package/usr/bin/antrean-kiosk"
    programs = folder / "bin"
    programs.mkdir()
    for program in ("antrean-controller", "antrean-callpad", "antrean-virtual-printer"):
        (programs / program).symlink_to(native / program)
    emulator = MACHINES[Given.architecture][2]
    kiosk = programs / "antrean-kiosk"
    kiosk.write_text(f'#!/bin/sh\nexec {emulator} -L {sysroot} {Given.kiosk} "$@"\n')
    kiosk.chmod(0o755)
    return programs


class Kiosk(unittest.TestCase):
    def test_it_is_a_stripped_program_of_that_machine(self):
        machine, bits, _ = MACHINES[Given.architecture]
        head = Given.kiosk.read_bytes()[:20]
        self.assertEqual(head[:4], b"\x7fELF")
        self.assertEqual(head[4], {32: 1, 64: 2}[bits])
        self.assertEqual(struct.unpack_from("<H", head, 18)[0], machine)
        self.assertNotIn("not stripped", text("file", str(Given.kiosk)))
        self.assertLess(Given.kiosk.stat().st_size, MOST_BYTES)

    def test_it_runs(self):
        kiosk = os.path.join(os.environ["ANTREAN_BIN"], "antrean-kiosk")
        self.assertRegex(text(kiosk, "--version"), r"^antrean \d+\.\d+\.\d+\n$")

    def test_it_finds_itself_well_and_prints_that(self):
        with Hall() as hall:
            hall.start_controller()
            printer = hall.start_printer("--speed", "0")
            console = Console(hall.folder)
            self.addCleanup(console.close)
            hall.start_kiosk(arguments=console.arguments).wait_until_ready()
            console.cable.login()
            answer = console.cable.ask_json("self-test")
            self.assertTrue(answer["ok"] and answer["good"], answer)
            self.assertEqual(answer["outcome"], "printed")
            report = wait_until(printer.papers, "the report")[0].text
            for row in answer["checks"]:
                self.assertIn(f"[OK] {row['check']}:", report)


# A press becomes a number, a paper and a call; and so it does when either end is killed on the way.
class Path(path_test.PathTest):
    pass


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    for option in ("--package", "--sysroot", "--bin"):
        parser.add_argument(option, required=True, type=lambda path: pathlib.Path(path).absolute())
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="antrean-cross-") as folder:
        os.environ["ANTREAN_BIN"] = str(
            make_bin(pathlib.Path(folder), options.bin, options.package, options.sysroot))
        unittest.main(argv=sys.argv[:1], verbosity=2)


if __name__ == "__main__":
    main()
