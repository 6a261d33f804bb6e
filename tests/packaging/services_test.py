"""The packages, installed and run by a systemd of their own: started, watched, started again, shut in.

  services_test.py --packages DIR

As tools/test --services does. Everything happens in namespaces, on a copy of this machine's files that only
remembers what changes: nothing is left. Needs root; without what it takes the exit status is 77. Not
tried here: USB printers and keys, which the machine may not have (tests/vm has printers).
"""

import argparse
import os
import pathlib
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

from processes import SITE, wait_until  # noqa: E402

SKIPPED = 77
CGROUPS = pathlib.Path("/sys/fs/cgroup")
# What would reach beyond the namespaces, or waits for what is not in them.
MASKED = """systemd-sysctl.service systemd-modules-load.service systemd-timesyncd.service
systemd-udevd.service systemd-udev-trigger.service systemd-udevd-control.socket
systemd-udevd-kernel.socket systemd-random-seed.service systemd-update-utmp.service
systemd-machine-id-commit.service systemd-binfmt.service systemd-pstore.service apparmor.service
keyboard-setup.service kmod-static-nodes.service proc-sys-fs-binfmt_misc.automount
proc-sys-fs-binfmt_misc.mount sys-kernel-debug.mount sys-kernel-tracing.mount
sys-kernel-config.mount sys-fs-fuse-connections.mount""".split()
TARGET = "[Unit]\nRequires=sysinit.target\nAfter=sysinit.target\n"

# Run in the new namespaces, as their first process; $1 is the folder to work in, $2 the cgroup's name.
BOOT = r"""
set -e
mount --make-rprivate /
mount -t overlay overlay -o lowerdir=/,upperdir=$1/up,workdir=$1/work $1/root
cd $1/root
ip link set lo up
mount -t proc proc proc
mount --bind proc/sys proc/sys; mount -o remount,bind,ro proc/sys
mount -t sysfs -o ro sysfs sys
mount -t tmpfs -o mode=755 tmpfs dev
for node in null:3 zero:5 full:7 random:8 urandom:9; do
  mknod -m 666 dev/${node%:*} c 1 ${node#*:}
done
mknod -m 666 dev/tty c 5 0
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
ln -s pts/ptmx dev/ptmx; ln -s /proc/self/fd dev/fd
mount -t tmpfs tmpfs dev/shm
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs tmpfs tmp
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  mount -t cgroup2 cgroup2 sys/fs/cgroup
else
  mount -t tmpfs -o mode=755 tmpfs sys/fs/cgroup
  for path in /sys/fs/cgroup/*/$2; do
    name=$(basename $(dirname $path)); mkdir sys/fs/cgroup/$name
    case $name in
      unified) mount -t cgroup2 cgroup2 sys/fs/cgroup/$name ;;
      systemd) mount -t cgroup -o none,name=systemd cgroup sys/fs/cgroup/$name ;;
      *) mount -t cgroup -o $name cgroup sys/fs/cgroup/$name ;;
    esac
  done
fi
mkdir -p oldroot
pivot_root . oldroot
umount -l /oldroot
exec env -i container=lxc PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd \
  --unit=services-test.target --log-target=null --show-status=0
"""


class Unable(Exception):
    """This machine cannot do it."""


def cgroup_folders():
    if (CGROUPS / "cgroup.controllers").exists():
        return [CGROUPS]
    return [path for path in CGROUPS.iterdir() if path.is_dir() and not path.is_symlink()]


class Machine:
    """A systemd that has been started, and the folder whose files are its own."""

    def __init__(self, packages):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="antrean-services-"))
        for name in ("up/etc/systemd/system", "up/debs", "work", "root"):
            (self.folder / name).mkdir(parents=True)
        units = self.folder / "up/etc/systemd/system"
        for unit in MASKED:
            (units / unit).symlink_to("/dev/null")
        (units / "services-test.target").write_text(TARGET)
        (self.folder / "up/etc/fstab").touch()
        for deb in packages:
            shutil.copy(deb, self.folder / "up/debs")
        self.cgroups = [path / self.folder.name for path in cgroup_folders()]
        for path in self.cgroups:
            path.mkdir(exist_ok=True)
            for name in ("cpuset.cpus", "cpuset.mems"):
                if (path / name).exists() and (path.parent / name).exists():
                    (path / name).write_text((path.parent / name).read_text())
        self.log = open(self.folder / "log", "w+")
        self.outer = subprocess.Popen(
            ["unshare", "-C", "-m", "-p", "-f", "-u", "-i", "-n", "--kill-child", "bash", "-c", BOOT,
             "boot", str(self.folder), self.folder.name],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, preexec_fn=self.join)
        wait_until(self.is_up, "systemd to be up")

    def join(self):
        for path in self.cgroups:
            (path / "cgroup.procs").write_text(str(os.getpid()))

    def is_up(self):
        if self.outer.poll() is not None:
            raise Unable((self.folder / "log").read_text().strip() or "systemd ended")
        children = pathlib.Path(f"/proc/{self.outer.pid}/task/{self.outer.pid}/children").read_text()
        if not children:
            return False
        self.pid = int(children.split()[0])
        name = pathlib.Path(f"/proc/{self.pid}/comm").read_text().strip()
        return name == "systemd" and self.run("systemctl is-system-running", check=False) in (
            "running", "degraded")

    def command(self, script):
        return ["nsenter", "-t", str(self.pid), "-C", "-m", "-p", "-u", "-i", "-n", "-r", "-w", "env",
                "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive", "sh",
                "-c", script]

    def run(self, script, check=True):
        done = subprocess.run(self.command(script), text=True, stdin=subprocess.DEVNULL, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if check and done.returncode != 0:
            raise AssertionError(f"{script}: {done.returncode}\n{done.stdout}")
        return done.stdout.strip()

    def show(self, unit, name):
        return self.run(f"systemctl show -p {name} --value {unit}")

    def close(self):
        self.outer.kill()
        self.outer.wait()
        self.log.close()
        for path in self.cgroups:
            for folder in sorted(path.rglob("*"), reverse=True):
                if folder.is_dir():
                    wait_until(lambda f=folder: self.is_removed(f), f"{folder} to be empty")
            wait_until(lambda p=path: self.is_removed(p), f"{path} to be empty")
        shutil.rmtree(self.folder)

    @staticmethod
    def is_removed(folder):
        try:
            folder.rmdir()
        except FileNotFoundError:
            pass
        except OSError:
            return False
        return True


class Terminal:
    """A screen with a keyboard, which a service has for its own."""

    def __init__(self, machine):
        # Of the machine's own terminals, not of this one's: a helper inside holds the other end.
        self.helper = subprocess.Popen(
            machine.command("exec python3 -c '" + HELPER + "'"), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE)
        self.path = self.helper.stdout.readline().decode().strip()
        self.seen = ""

    def type(self, text):
        self.helper.stdin.write(text.encode())
        self.helper.stdin.flush()

    def shows(self, text):
        while select.select([self.helper.stdout], [], [], 0)[0]:
            self.seen += os.read(self.helper.stdout.fileno(), 65536).decode("utf-8", "replace")
        return text in self.seen

    def close(self):
        self.helper.kill()
        self.helper.wait()
        self.helper.stdin.close()
        self.helper.stdout.close()


HELPER = """
import os, pty, select
ours, theirs = pty.openpty()
os.write(1, (os.ttyname(theirs) + "\\n").encode())
while True:
    for end in select.select([0, ours], [], [])[0]:
        data = os.read(end, 65536)
        os.write(ours if end == 0 else 1, data)
"""

KIOSK = "antrean-kiosk@kiosk-1"
CALLPAD = "antrean-callpad@callpad-1"
CONTROLLER = "antrean-controller"


RULES = pathlib.Path(__file__).resolve().parents[2] / "tools/packaging/60-antrean-kiosk.rules"


def lamp_commands(device):
    """What udev would run for a lamp, by the package's rule."""
    rule = next(line for line in RULES.read_text().splitlines() if line.startswith('SUBSYSTEM=="leds"'))
    return [command.replace("%p", device) for command in re.findall(r'RUN\+="([^"]+)"', rule)]


class Services(unittest.TestCase):
    packages = []

    @classmethod
    def setUpClass(cls):
        cls.machine = Machine(cls.packages)
        cls.addClassCleanup(cls.machine.close)
        cls.machine.run("dpkg -i /debs/*.deb")

    def drop_in(self, unit, text):
        self.machine.run(f"mkdir -p /etc/systemd/system/{unit}.service.d")
        path = f"/etc/systemd/system/{unit}.service.d/test.conf"
        self.machine.run(f"cat > {path} <<END\n[Service]\n{text}\nEND\nsystemctl daemon-reload")
        self.addCleanup(self.machine.run, f"rm {path}; systemctl daemon-reload")

    def terminal(self, unit):
        terminal = Terminal(self.machine)
        self.addCleanup(terminal.close)
        self.drop_in(unit, f"StandardInput=tty-force\nStandardOutput=tty\nTTYPath={terminal.path}\n"
                           f"DeviceAllow={terminal.path} rw")
        return terminal

    def start_controller(self):
        self.machine.run(f"cat > /etc/antrean/site.toml <<'END'\n{SITE}\nEND\n"
                         f"systemctl start {CONTROLLER}")

    def test_the_controller_waits_for_a_site_file(self):
        self.machine.run(f"rm -f /etc/antrean/site.toml; systemctl restart {CONTROLLER}")
        self.assertEqual(self.machine.show(CONTROLLER, "ActiveState"), "inactive")
        self.start_controller()
        self.assertEqual(self.machine.show(CONTROLLER, "ActiveState"), "active")
        self.assertIn("state      well", self.machine.run("antrean-ctl status"))

    def test_a_press_becomes_a_paper_and_a_call(self):
        self.start_controller()
        printer = subprocess.Popen(
            self.machine.command("exec antrean-virtual-printer --listen 127.0.0.1:9100 --papers "
                                 "/tmp/papers --speed 0"),
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        self.addCleanup(lambda: (printer.kill(), printer.wait(), printer.stdin.close()))
        self.machine.run("sed -i 's/^PRINTER=.*/PRINTER=--printer tcp:127.0.0.1:9100/' "
                         "/etc/antrean/kiosk.conf")
        kiosk, callpad = self.terminal(KIOSK), self.terminal(CALLPAD)
        self.machine.run(f"systemctl restart {KIOSK} {CALLPAD}")
        wait_until(lambda: kiosk.shows("Silakan tekan"), "the kiosk to be ready")
        kiosk.type("1")
        wait_until(lambda: kiosk.shows("Nomor Anda A-001. Silakan ambil"), "a number")
        self.assertIn("A-001", self.machine.run("cat /tmp/papers/paper-000001.txt"))
        wait_until(lambda: callpad.shows("menunggu 1"), "the callpad to show who waits")
        callpad.type("n")
        wait_until(lambda: callpad.shows("A-001 | KTP-el"), "the call")
        self.machine.run(f"systemctl stop {KIOSK} {CALLPAD}")

    def test_what_is_killed_or_hangs_is_started_again(self):
        self.start_controller()
        for unit in (CONTROLLER, KIOSK):
            self.drop_in(unit, "WatchdogSec=3")
            self.machine.run(f"systemctl restart {unit}")
            for sign in (signal.SIGKILL, signal.SIGSTOP):
                with self.subTest(f"{unit}, {sign.name}"):
                    before = self.machine.show(unit, "MainPID")
                    self.machine.run(f"kill -{sign.value} {before}")
                    wait_until(lambda u=unit, b=before: self.machine.show(u, "MainPID") not in ("0", b)
                               and self.machine.show(u, "ActiveState") == "active",
                               "it to be started again")
        # Who lives is left alone: three times as long as the watchdog waits.
        before = self.machine.show(KIOSK, "MainPID")
        time.sleep(9)
        self.assertEqual(self.machine.show(KIOSK, "MainPID"), before)
        self.machine.run(f"systemctl stop {KIOSK}")

    def test_it_may_do_nothing_to_the_machine(self):
        self.start_controller()
        self.machine.run(f"systemctl restart {KIOSK}")
        for unit in (CONTROLLER, KIOSK):
            pid = self.machine.show(unit, "MainPID")
            status = self.machine.run(f"cat /proc/{pid}/status")
            self.assertRegex(status, r"CapBnd:\s0+\n")
            self.assertRegex(status, r"NoNewPrivs:\s1\n")
            self.assertRegex(status, r"Seccomp:\s2\n")
            self.assertNotRegex(status, r"Uid:\s0")
        self.machine.run(f"systemctl stop {KIOSK}")

    def test_lamps_are_lit_where_the_example_lets_the_service(self):
        """LEDs as the kernel shows them, on a file system of their own: this machine may have none."""
        leds, kept = "/sys/devices/platform/lamps/leds", "/sys/devices/platform/kept"
        self.machine.run(
            f"mount -t tmpfs tmpfs /sys/devices/platform && mkdir -p {leds}/lamp-1 {kept} && "
            f"cd {leds}/lamp-1 && echo 0 > brightness && echo 255 > max_brightness && "
            "echo '[timer] none' > trigger && chmod 644 *")
        self.addCleanup(self.machine.run, "umount -l /sys/devices/platform")
        for command in lamp_commands("/devices/platform/lamps/leds/lamp-1"):
            self.machine.run(command)
        self.machine.run(f"chgrp antrean {kept} && chmod g+w {kept}")
        self.start_controller()
        self.machine.run("sed -i 's|^OPTIONS=.*|OPTIONS=--lamp 1=lamp-1 --leds "
                         f"{leds}|' /etc/antrean/kiosk.conf")
        self.addCleanup(self.machine.run, f"systemctl stop {KIOSK}; "
                        "sed -i 's|^OPTIONS=.*|OPTIONS=|' /etc/antrean/kiosk.conf")

        def log():
            return self.machine.run(f"journalctl --no-pager -o cat -u {KIOSK}", check=False)

        self.machine.run(f"systemctl restart {KIOSK}")
        wait_until(lambda: "trigger: Read-only file system: let its service write" in log(),
                   "the service to be kept out of /sys")
        self.assertIn("[timer]", self.machine.run(f"cat {leds}/lamp-1/trigger"))
        folder = "/etc/systemd/system/antrean-kiosk@.service.d"
        self.machine.run(f"mkdir -p {folder} && cp "
                         f"/usr/share/doc/antrean-kiosk/examples/lamps.conf {folder} && "
                         "systemctl daemon-reload")
        self.addCleanup(self.machine.run, f"rm -r {folder}; systemctl daemon-reload")
        self.machine.run(f"systemctl restart {KIOSK}")
        wait_until(lambda: self.machine.run(f"cat {leds}/lamp-1/trigger") == "none",
                   "the lamp to be the service's own")
        # What the program is let to, it is let to alone.
        pid = self.machine.show(KIOSK, "MainPID")
        for path, may in ((f"{leds}/lamp-1/brightness", True), (f"{leds}/lamp-1/max_brightness", False),
                          (f"{kept}/file", False)):
            said = self.machine.run(f"nsenter -t {pid} -m setpriv --reuid antrean --regid antrean "
                                    f"--clear-groups sh -c 'echo 0 > {path}'; echo $?", check=False)
            self.assertEqual(said.splitlines()[-1] == "0", may, (path, said))

    def test_removed_and_purged_it_leaves_the_journal(self):
        # In a machine of its own: what is purged is missed by the others.
        machine = Machine(self.packages)
        self.addCleanup(machine.close)
        machine.run(f"dpkg -i /debs/*.deb; cat > /etc/antrean/site.toml <<'END'\n{SITE}\nEND\n"
                    f"systemctl start {CONTROLLER}")
        said = machine.run("dpkg --purge antrean-controller")
        self.assertIn("/var/lib/antrean is kept", said)
        machine.run("test -s /var/lib/antrean/controller/queue.journal")
        self.assertEqual(machine.show(CONTROLLER, "LoadState"), "not-found")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", type=pathlib.Path, required=True, help="a folder of .deb files")
    options = parser.parse_args()
    architecture = subprocess.run(["dpkg", "--print-architecture"], check=True, text=True,
                                  stdout=subprocess.PIPE).stdout.strip()
    Services.packages = sorted(options.packages.absolute().glob(f"antrean-*_{architecture}.deb"))
    try:
        if os.geteuid() != 0:
            raise Unable("only root may make such namespaces")
        if not Services.packages:
            raise Unable(f"{options.packages} has no packages of this architecture")
        Machine([]).close()
    except Unable as reason:
        print(f"skipped: {reason}")
        sys.exit(SKIPPED)
    unittest.main(argv=sys.argv[:1], verbosity=2)


if __name__ == "__main__":
    main()
