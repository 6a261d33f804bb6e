"""File systems of their own, of so many bytes, for tests of disks that fill up."""

import os
import shutil
import subprocess
import sys

_ENTERED = "ANTREAN_OWN_MOUNTS"


def enter():
    """Where this process may not mount, goes on in namespaces of its own in which it may; where these
    may not be had, as it is. For a module that is run by itself, before anything is done."""
    if os.geteuid() == 0 or _ENTERED in os.environ or not shutil.which("unshare"):
        return
    if subprocess.run(["unshare", "-Urm", "true"], capture_output=True, check=False).returncode == 0:
        os.environ[_ENTERED] = "1"
        os.execvp("unshare", ["unshare", "-Urm", sys.executable, *sys.orig_argv[1:]])


class SmallDisk:
    """An empty disk of SIZE bytes at the new folder FOLDER, until the end of TEST, which is skipped where
    nothing may be mounted."""

    def __init__(self, test, folder, size):
        self.folder = folder
        os.mkdir(folder)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder],
                                 capture_output=True, check=False)
        if mounted.returncode != 0:
            test.skipTest("no file system may be mounted here")
        test.addCleanup(subprocess.run, ["umount", "-l", folder], check=False)
        self._filler = os.path.join(folder, "filler")

    def path(self, name):
        return os.path.join(self.folder, name)

    def free(self):
        info = os.statvfs(self.folder)
        return info.f_bavail * info.f_frsize

    def fill(self, leave=0):
        """Until LEAVE bytes are free, or fewer."""
        block = bytes(1 << 16)
        with open(self._filler, "ab", buffering=0) as file:
            while self.free() > leave:
                try:
                    file.write(block[:self.free() - leave])
                except OSError:
                    break

    def make_room(self):
        os.remove(self._filler)
