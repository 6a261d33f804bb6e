"""What `cmake --install` puts where; and whether units, users and the pause before a restart are what
the service manager of this machine takes them for."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

BUILD = pathlib.Path(os.environ["ANTREAN_BUILD"])
PREFIX = os.environ["ANTREAN_PREFIX"]
PACKAGING = pathlib.Path(__file__).resolve().parents[2] / "tools" / "packaging"

SERVICES = {
    "controller": "antrean-controller.service",
    "kiosk": "antrean-kiosk@.service",
    "callpad": "antrean-callpad@.service",
}
# Of every unit; below it systemd calls a service OK, below 2 few of Debian's are.
MOST_EXPOSURE = 2.0


def papers(name):
    doc = f"{PREFIX}/share/doc/antrean-{name}"
    return {f"{doc}/{paper}" for paper in ("CHANGELOG.md", "README.md", "changelog.gz", "copyright")}


def of_a_service(name):
    package = f"antrean-{name}"
    return papers(name) | {
        f"{PREFIX}/bin/{package}",
        f"{PREFIX}/libexec/{package}/restart-pause",
        f"{PREFIX}/lib/systemd/system/{SERVICES[name]}",
        f"{PREFIX}/lib/systemd/system.conf.d/50-{package}.conf",
        f"{PREFIX}/lib/sysusers.d/{package}.conf",
        f"{PREFIX}/lib/tmpfiles.d/{package}.conf",
        f"/etc/antrean/{name}.conf",
    }


EXPECTED = {
    "controller": of_a_service("controller"),
    "kiosk": of_a_service("kiosk") | {
        f"{PREFIX}/lib/systemd/journald.conf.d/50-antrean-kiosk.conf",
        f"{PREFIX}/lib/udev/rules.d/60-antrean-kiosk.rules",
        f"{PREFIX}/share/doc/antrean-kiosk/examples/lamps.conf",
    },
    "callpad": of_a_service("callpad") | {
        f"{PREFIX}/lib/systemd/journald.conf.d/50-antrean-callpad.conf",
        f"{PREFIX}/lib/udev/rules.d/60-antrean-callpad.rules",
    },
    "tools": papers("tools") | {
        f"{PREFIX}/bin/antrean-ctl", f"{PREFIX}/bin/antrean-paper",
        f"{PREFIX}/bin/antrean-virtual-printer"},
}
# Whole folders of schemas/, which grow.
SAMPLES = re.compile(r"/share/doc/antrean-(controller/sites|callpad/keys|tools/(printers|papers))/")


def run(*command, **options):
    return subprocess.run([str(part) for part in command], check=False, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = pathlib.Path(tempfile.mkdtemp(prefix="antrean-install-"))
        cls.files = {}
        for name in EXPECTED:
            before = cls.all_files()
            done = run(os.environ["CMAKE"], "--install", BUILD, "--component", name,
                       env={**os.environ, "DESTDIR": str(cls.root)})
            if done.returncode != 0:
                raise AssertionError(done.stdout)
            cls.files[name] = cls.all_files() - before

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.root)

    @classmethod
    def all_files(cls):
        return {"/" + str(path.relative_to(cls.root)) for path in cls.root.rglob("*")
                if not path.is_dir()}

    def unit(self, name):
        """The lines of the unit as (key, value)."""
        text = (self.root / PREFIX[1:] / "lib/systemd/system" / SERVICES[name]).read_text()
        self.assertNotRegex(text, r"@[A-Z_]+@")
        lines = [line for line in text.splitlines() if line and line[0] not in "#["]
        return [tuple(line.split("=", 1)) for line in lines]

    def unit_here(self, folder, name):
        """A copy of the unit, of a device where it is a template, whose programs are those of root."""
        file = SERVICES[name].replace("@", f"@{name}-1")
        text = (self.root / PREFIX[1:] / "lib/systemd/system" / SERVICES[name]).read_text()
        text = re.sub(r"^(Exec\w+=-?)(/\S+)",
                      lambda m: m[1] + (str(self.root) if m[2].startswith(PREFIX) else "") + m[2],
                      text, flags=re.MULTILINE)
        path = pathlib.Path(folder, file)
        path.write_text(text)
        if name == "kiosk":
            # As where lamps are fitted: it has to be right, and to open little.
            path.with_name(file + ".d").mkdir()
            shutil.copy(self.root / PREFIX[1:] / "share/doc/antrean-kiosk/examples/lamps.conf",
                        path.with_name(file + ".d"))
        return path

    def test_each_component_installs_what_its_package_has(self):
        for name, expected in EXPECTED.items():
            with self.subTest(name):
                files = {file for file in self.files[name] if not SAMPLES.search(file)}
                self.assertEqual(files, expected)
        self.assertIn(f"{PREFIX}/share/doc/antrean-controller/sites/jombang.toml",
                      self.files["controller"])

    def test_the_service_manager_has_nothing_to_say_of_a_unit(self):
        for name in SERVICES:
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                done = run("systemd-analyze", "verify", "--man=no", "--recursive-errors=no",
                           self.unit_here(folder, name))
                self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_a_unit_leaves_little_open(self):
        for name in SERVICES:
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                done = run("systemd-analyze", "security", "--offline=true", "--no-pager",
                           self.unit_here(folder, name))
                exposure = float(re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)[1])
                self.assertLess(exposure, MOST_EXPOSURE, done.stdout)

    def test_a_unit_names_only_options_that_its_program_has(self):
        for name in SERVICES:
            with self.subTest(name):
                command = dict(self.unit(name))["ExecStart"]
                program = command.split()[0]
                self.assertIn(program, self.files[name])
                known = run(str(self.root) + program, "--help").stdout
                options = re.findall(r" (--[a-z]+)", command)
                self.assertTrue(options)
                for option in options:
                    self.assertRegex(known, rf"(?m)^\s+{option}\b")

    def test_a_unit_is_told_by_its_configuration_all_that_it_asks_for(self):
        for name in SERVICES:
            with self.subTest(name):
                unit = self.unit(name)
                file = f"/etc/antrean/{name}.conf"
                self.assertIn(("EnvironmentFile", file), unit)
                text = (self.root / file[1:]).read_text()
                told = set(re.findall(r"^([A-Z]+)=", text, re.MULTILINE))
                asked = set(re.findall(r"\$\{?([A-Z]+)", dict(unit)["ExecStart"]))
                self.assertEqual(told, asked)

    def test_a_program_that_fails_is_started_again_for_ever(self):
        for name in SERVICES:
            with self.subTest(name):
                unit = self.unit(name)
                for line in (("Type", "notify"), ("Restart", "always"),
                             ("StartLimitIntervalSec", "0")):
                    self.assertIn(line, unit)
                self.assertIn("WatchdogSec", dict(unit))
                for key in ("ExecStartPre", "ExecStopPost"):
                    self.assertIn(dict(unit)[key].split()[0].lstrip("-"), self.files[name])

    def test_the_user_and_what_it_may_write_are_made(self):
        for name in SERVICES:
            file = self.root / PREFIX[1:] / f"lib/sysusers.d/antrean-{name}.conf"
            done = run("systemd-sysusers", f"--root={self.root}", file)
            self.assertEqual(done.returncode, 0, done.stdout)
        users = (self.root / "etc/passwd").read_text()
        self.assertEqual(len(re.findall(r"^antrean:", users, re.MULTILINE)), 1)
        self.assertRegex(users, r"(?m)^antrean:.*:/var/lib/antrean:/usr/sbin/nologin$")


class RestartPause(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def tell(self, verb, result="exit-code"):
        return run("sh", PACKAGING / "restart-pause", verb, "kiosk-1",
                   env={"PATH": os.environ["PATH"], "ANTREAN_RUN": self.folder,
                        "ANTREAN_SLEEP": "echo sleeps", "SERVICE_RESULT": result})

    def slept(self):
        done = self.tell("wait")
        self.assertEqual(done.returncode, 0, done.stdout)
        match = re.search(r"^sleeps (\d+)$", done.stdout, re.MULTILINE)
        return int(match[1]) if match else None

    def test_it_doubles_with_each_failure_up_to_a_minute(self):
        self.assertIsNone(self.slept())
        slept = []
        for _ in range(9):
            self.tell("note", "watchdog")
            slept.append(self.slept())
        self.assertEqual(slept, [1, 2, 4, 8, 16, 32, 60, 60, 60])

    def test_who_is_asked_to_stop_begins_anew(self):
        self.tell("note")
        self.tell("note")
        self.assertEqual(self.slept(), 2)
        self.tell("note", "success")
        self.assertIsNone(self.slept())

    def test_a_failure_long_ago_counts_no_more(self):
        for _ in range(5):
            self.tell("note")
        file = os.path.join(self.folder, "kiosk-1.failures")
        long_ago = os.stat(file).st_mtime - 3600
        os.utime(file, (long_ago, long_ago))
        self.tell("note")
        self.assertEqual(self.slept(), 1)


if __name__ == "__main__":
    unittest.main()
