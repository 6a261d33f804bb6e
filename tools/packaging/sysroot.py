#!/usr/bin/env python3
"""Makes a folder with the Debian packages of another architecture, to compile and link against.

A folder instead of packages beside the machine's own: those would have to be of the very same version
on both architectures, so that the machine's libraries would be upgraded by the way, and some could not
be had at all. The folder needs no root, and removing it leaves nothing behind.

The packages come by the machine's own sources of apt, into lists and a cache of the folder's own.
Nothing of them is run. What dpkg-shlibdeps is to know of them is kept in DIR/shlibs.local.
"""

import argparse
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

TRIPLETS = {"arm64": "aarch64-linux-gnu", "armhf": "arm-linux-gnueabihf"}


def apt(architecture, work, *arguments):
    for folder in ("lists/partial", "archives/partial"):
        (work / folder).mkdir(parents=True, exist_ok=True)
    (work / "status").touch()
    options = {
        "APT::Architecture": architecture,
        "APT::Architectures": architecture,
        "APT::Install-Recommends": "false",
        "Dir::State": work,
        "Dir::State::status": work / "status",
        "Dir::State::lists": work / "lists",
        "Dir::Cache": work,
        "Dir::Cache::archives": work / "archives",
        # Root of a container may be without the right to become the user that apt downloads as.
        "APT::Sandbox::User": "root",
        "Debug::NoLocking": "true",
    }
    flags = [f"-o{name}={value}" for name, value in options.items()]
    return subprocess.run(["apt-get", "-qq", *flags, *arguments], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)


def download(architecture, work, packages):
    """The .deb files of PACKAGES and of all that they depend on."""
    # A source that has nothing for this architecture fails here, and need not matter.
    updated = apt(architecture, work, "update")
    done = apt(architecture, work, "install", "--download-only", "--yes", *packages)
    if done.returncode != 0:
        sys.exit(f"sysroot: apt-get has no {architecture} packages:\n{updated.stdout}{done.stdout}")
    # A newer version that came today lies beside the one of yesterday.
    apt(architecture, work, "autoclean")
    return sorted((work / "archives").glob("*.deb"))


def unpack(deb, root, shlibs):
    subprocess.run(["dpkg-deb", "--extract", deb, root], check=True)
    info = subprocess.run(["dpkg-deb", "--info", deb, "shlibs"], text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    shlibs.extend(line for line in info.stdout.splitlines() if line and not line.startswith("#"))


def make_links_relative(root):
    """A link to /lib/... is one into the machine otherwise."""
    for folder, folders, files in os.walk(root):
        for name in folders + files:
            path = pathlib.Path(folder, name)
            if path.is_symlink() and os.readlink(path).startswith("/"):
                target = root / os.readlink(path).lstrip("/")
                path.unlink()
                path.symlink_to(os.path.relpath(target, folder))


def make(architecture, root, packages):
    work = root.with_name(root.name + ".apt")
    debs = download(architecture, work, packages)
    stamp = root / ".made_of"
    names = "\n".join(deb.name for deb in debs)
    digest = hashlib.sha256(names.encode() + pathlib.Path(__file__).read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    shlibs = []
    for deb in debs:
        unpack(deb, root, shlibs)
    # As on an installed system, where /lib is a link: a library has one place only.
    shutil.copytree(root / "lib", root / "usr/lib", symlinks=True, dirs_exist_ok=True)
    shutil.rmtree(root / "lib")
    (root / "lib").symlink_to("usr/lib")
    make_links_relative(root)
    # For dpkg-shlibdeps: what a library's package says of itself.
    (root / "shlibs.local").write_text("\n".join(sorted(set(shlibs))) + "\n")
    stamp.write_text(digest)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("architecture", choices=sorted(TRIPLETS))
    parser.add_argument("dir", type=pathlib.Path, help="where; DIR.apt beside it keeps the downloads")
    parser.add_argument("packages", nargs="+")
    options = parser.parse_args()
    make(options.architecture, options.dir.absolute(), options.packages)


if __name__ == "__main__":
    main()
