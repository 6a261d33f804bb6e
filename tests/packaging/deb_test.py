"""The .deb files that CPack makes of this build, as Debian looks at them. Those to be given away are
made by tools/package."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

BUILD = os.environ["ANTREAN_BUILD"]
NAMES = ("controller", "kiosk", "callpad", "tools")


def run(*command, **options):
    return subprocess.run([str(part) for part in command], check=False, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)


class Packages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="antrean-deb-"))
        done = run("cpack", "-B", cls.folder, "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=gzip", cwd=BUILD)
        if done.returncode != 0:
            raise AssertionError(done.stdout)
        cls.debs = {name: next(cls.folder.glob(f"antrean-{name}_*.deb")) for name in NAMES}

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def field(self, name, field):
        return run("dpkg-deb", "--field", self.debs[name], field).stdout.strip()

    def control(self, name):
        folder = self.folder / f"control-{name}"
        if not folder.exists():
            run("dpkg-deb", "--control", self.debs[name], folder)
        return folder

    def test_each_says_what_it_needs(self):
        architecture = run("dpkg", "--print-architecture").stdout.strip()
        for name in NAMES:
            with self.subTest(name):
                self.assertEqual(self.field(name, "Architecture"), architecture)
                self.assertRegex(self.field(name, "Depends"), r"libc6 \(>= 2\.\d+\)")
                self.assertRegex(self.field(name, "Description"),
                                 r"^queue system for service halls: [^\n]+\n [^\n]+")
        self.assertRegex(self.field("kiosk", "Depends"), r"systemd.*libusb-1\.0-0")
        # Time zones of the site file are read while it runs.
        self.assertIn("tzdata", self.field("controller", "Depends"))

    def test_what_people_change_is_kept_by_an_upgrade(self):
        for name in ("controller", "kiosk", "callpad"):
            self.assertEqual((self.control(name) / "conffiles").read_text(),
                             f"/etc/antrean/{name}.conf\n")

    def test_its_scripts_are_whole_and_delete_no_journal(self):
        for name in ("controller", "kiosk", "callpad"):
            for script in ("postinst", "prerm", "postrm"):
                path = self.control(name) / script
                with self.subTest(f"{name}: {script}"):
                    self.assertEqual(run("sh", "-n", path).returncode, 0)
                    text = path.read_text()
                    self.assertNotRegex(text, r"@\w+@")
                    self.assertNotRegex(text, r"\brm\b|rmdir|deluser|userdel")

    def test_lintian_finds_no_error(self):
        if not shutil.which("lintian"):
            self.skipTest("lintian is not installed")
        if os.environ["ANTREAN_PREFIX"] != "/usr":
            self.skipTest("this build goes elsewhere than packages of Debian do")
        done = run("lintian", "--allow-root", "--tag-display-limit", "0", *self.debs.values())
        errors = re.findall(r"^E: .*$", done.stdout, re.MULTILINE)
        self.assertEqual(errors, [], done.stdout)


if __name__ == "__main__":
    unittest.main()
