#!/usr/bin/env python3
"""Runs a test program as root inside a Debian kernel that QEMU boots, with virtual USB ports.

Nothing is installed: the kernel, udev and a shell are downloaded as Debian packages, unpacked and
kept in the cache folder. The guest has no disk and no network. Exit status: the program's; 77 if
this machine cannot do it, with the reason.
"""

import argparse
import lzma
import os
import pathlib
import re
import shutil
import stat
import subprocess
import sys
import zlib

SKIPPED = 77
GUEST_SECONDS = 200
MODULES = ["vhci-hcd", "usblp"]
# The kernel's package comes on top; libkmod2 is what udev needs and small systems lack.
PACKAGES = ["udev", "libkmod2", "busybox-static"]
# With what power_cuts.py needs: a disk, a file system and a network.
KERNEL_FILES = ["./boot/vmlinuz-*", *(f"./lib/modules/*/kernel/{part}" for part in [
    "drivers/usb/*", "drivers/virtio/*", "drivers/block/virtio_blk.ko*", "drivers/net/virtio_net.ko*",
    "drivers/net/net_failover.ko*", "net/core/failover.ko*", "fs/ext4/*", "fs/jbd2/*",
    "fs/mbcache.ko*", "crypto/crc32c_generic.ko*", "lib/crc16.ko*", "lib/libcrc32c.ko*"])]

# Debian's own rules, and those of the kiosk's package.
RULES = ["50-udev-default.rules"]
OWN_RULES = pathlib.Path(__file__).resolve().parents[2] / "tools/packaging/60-antrean-kiosk.rules"
GROUPS = "root:x:0:\nlp:x:7:\ninput:x:100:\n"
PASSWD = "root:x:0:0::/:/bin/sh\n"

# How every guest's /init begins.
INIT_HEAD = """#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin LD_LIBRARY_PATH=/lib
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /tmp
for module in $(cat /modules); do insmod $module || echo "$module does not load"; done
"""

# udevd must run: it is where libusb learns from that something was plugged in.
INIT = INIT_HEAD + """\
systemd-udevd --daemon 2>/dev/null
read -r up rest < /proc/uptime
echo "The kernel has come up in $up s"
sh /command
echo "guest: exit status $?"
read -r up rest < /proc/uptime
echo "Done $up s after the start"
reboot -f
"""


class Unable(Exception):
    """This machine cannot run the guest."""


def run(*command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode != 0:
        raise Unable(f"'{' '.join(map(str, command))}' failed: {done.stdout.strip()[-300:]}")
    return done.stdout


def kernel_package():
    def ask():
        depends = subprocess.run(["apt-cache", "depends", "linux-image-amd64"], text=True,
                                 stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        return re.search(r"Depends: (linux-image-[0-9]\S*)", depends)

    found = ask()
    if not found and os.geteuid() == 0:
        run("apt-get", "update", "-qq")
        found = ask()
    if not found:
        raise Unable("apt knows no package linux-image-amd64; 'apt-get update' as root may help")
    return found[1]


def unpacked(cache, package, wanted=("./*",)):
    """The tree of a package, downloaded once, with the files that are WANTED of it."""
    tree = cache / package
    if not tree.exists():
        run("apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", package, cwd=cache)
        archives = sorted(cache.glob(f"{package}_*.deb"))
        part = cache / f"{package}.part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", archives[-1]],
                              stdout=subprocess.PIPE) as files:
            run("tar", "-x", "-C", part, "--wildcards", *wanted, stdin=files.stdout)
        part.rename(tree)
        for archive in archives:
            archive.unlink()
    return tree


def unpacked_kernel(image):
    """The ELF kernel in a bzImage: QEMU starts it directly, which saves the slow unpacking in the
    guest. The setup sectors come first; its header tells where the payload is (Linux/x86 boot
    protocol 2.08)."""
    sectors = image[0x1f1] or 4
    start = (sectors + 1) * 512 + int.from_bytes(image[0x248:0x24c], "little")
    payload = image[start:start + int.from_bytes(image[0x24c:0x250], "little")]
    if payload.startswith(b"\xfd7zXZ\0"):
        kernel = lzma.LZMADecompressor().decompress(payload)
    elif payload.startswith(b"\x1f\x8b"):
        kernel = zlib.decompressobj(31).decompress(payload)
    elif payload.startswith(b"\x28\xb5\x2f\xfd") and shutil.which("zstd"):
        kernel = subprocess.run(["zstd", "-dc"], input=payload, stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL).stdout
    else:
        raise Unable("the kernel is packed in a way that is not known here")
    if not kernel.startswith(b"\x7fELF"):
        raise Unable("the kernel package holds no ELF kernel")
    return kernel


def module_files(tree, wanted):
    """The modules WANTED with what they depend on, in the order in which they load: {name: bytes}."""
    by_name = {}
    for path in tree.glob("lib/modules/*/kernel/**/*.ko*"):
        by_name[path.name.split(".")[0].replace("_", "-")] = path
    loaded = {}

    def load(name):
        name = name.replace("_", "-")
        if name in loaded:
            return
        if name not in by_name:
            raise Unable(f"the kernel has no module {name}")
        path = by_name[name]
        code = path.read_bytes()
        if path.suffix == ".xz":
            code = lzma.decompress(code)
        depends = re.search(rb"\0depends=([^\0]*)\0", code)
        for other in depends[1].decode().split(",") if depends else []:
            if other:
                load(other)
        loaded[name] = code

    for name in wanted:
        load(name)
    return loaded


def libraries_of(program, trees):
    """Paths of the shared libraries that a program of this machine, or of a package, needs."""
    listed = subprocess.run(["ldd", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                            text=True).stdout
    for line in listed.splitlines():
        path = re.search(r"(/\S+)", line)
        if path:
            yield pathlib.Path(path[1])
            continue
        missing = re.match(r"\s*(\S+) => not found", line)
        if missing:
            found = [p for tree in trees for p in tree.glob(f"**/{missing[1]}")]
            if not found:
                raise Unable(f"{pathlib.Path(program).name} needs {missing[1]}, which is not there")
            yield found[0]


class Archive:
    """An initial file system in cpio's "newc" format; not compressed, for the guest is slow."""

    def __init__(self):
        self.parts = []
        self.names = set()

    def add(self, name, data=b"", mode=stat.S_IFREG | 0o755):
        if name in self.names:
            return
        self.names.add(name)
        number = len(self.names)
        fields = [number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0]
        head = b"070701" + b"".join(b"%08X" % field for field in fields) + name.encode() + b"\0"
        self.parts += [head, bytes(-len(head) % 4), data, bytes(-len(data) % 4)]

    def folder(self, name):
        self.add(name, mode=stat.S_IFDIR | 0o755)

    def link(self, name, target):
        self.add(name, target.encode(), stat.S_IFLNK | 0o777)

    def finished(self):
        self.add("TRAILER!!!", mode=0)
        return b"".join(self.parts)


def initial_files(program, arguments, trees, kernel_tree):
    archive = Archive()
    for folder in ["bin", "lib", "lib/udev", "lib/udev/rules.d", "proc", "sys", "dev", "run", "tmp",
                   "etc"]:
        archive.folder(folder)
    archive.link("lib64", "lib")
    archive.link("sbin", "bin")
    archive.link("usr", ".")
    archive.add("init", INIT.encode())
    archive.add("etc/group", GROUPS.encode())
    archive.add("etc/passwd", PASSWD.encode())
    names = []
    for name, code in module_files(kernel_tree, MODULES).items():
        archive.add(f"{name}.ko", code)
        names.append(f"/{name}.ko")
    archive.add("modules", "\n".join(names).encode())
    archive.add("command", f"{program.name} {' '.join(arguments)}\n".encode())

    def first(pattern):
        found = [path for tree in trees for path in tree.glob(pattern)]
        if not found:
            raise Unable(f"the packages hold no {pattern}")
        return found[0]

    for rules in [*(first(f"**/rules.d/{name}") for name in RULES), OWN_RULES]:
        archive.add(f"lib/udev/rules.d/{rules.name}", rules.read_bytes())
    archive.add("bin/busybox", first("**/bin/busybox").read_bytes())
    udev = first("**/bin/udevadm")
    for path, name in [(udev, "systemd-udevd"), (program, program.name)]:
        archive.add(f"bin/{name}", path.read_bytes())
        for library in libraries_of(path, trees):
            archive.add(f"lib/{library.name}", library.read_bytes())
    return archive.finished()


def accelerator():
    """KVM only where the processor says that it has it: some hosts offer a /dev/kvm that no kernel
    boots in."""
    flags = pathlib.Path("/proc/cpuinfo").read_text()
    if os.access("/dev/kvm", os.W_OK) and re.search(r"^flags.* (vmx|svm)\b", flags, re.MULTILINE):
        return ["-accel", "kvm", "-cpu", "host"]
    return ["-accel", "tcg,thread=multi", "-cpu", "qemu64"]


def boot(kernel, initrd):
    """Shows what the guest writes; the exit status that it tells, or None."""
    command = ["timeout", "--kill-after=5", str(GUEST_SECONDS), "qemu-system-x86_64", "-M", "q35",
               *accelerator(), "-smp", "1", "-m", "512", "-nodefaults", "-no-user-config",
               "-display", "none", "-serial", "stdio", "-no-reboot", "-kernel", kernel,
               "-initrd", initrd, "-append",
               "console=ttyS0 quiet loglevel=2 reboot=t panic=-1 mitigations=off"]
    status = None
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace") as guest:
        for line in guest.stdout:
            line = line.rstrip()
            print(line, flush=True)
            told = re.match(r"guest: exit status (\d+)", line)
            if told:
                status = int(told[1])
    return status


def must_be_able(tools=()):
    """Raises Unable where this machine lacks one of TOOLS or what a guest needs."""
    if os.environ.get("ANTREAN_VM") == "off":
        raise Unable("turned off by ANTREAN_VM=off")
    packages = {"qemu-system-x86_64": "qemu-system-x86", "apt-get": "apt", "dpkg-deb": "dpkg",
                "mkfs.ext4": "e2fsprogs", "strip": "binutils"}
    for tool in ["qemu-system-x86_64", "apt-get", "dpkg-deb", *tools]:
        if not shutil.which(tool):
            raise Unable(f"{tool} is not installed (Debian package {packages[tool]})")
    if run("dpkg", "--print-architecture").strip() != "amd64":
        raise Unable("only amd64 programs can run in it")


def prepared(cache):
    """The kernel, the tree of its package, and those of the PACKAGES, all from CACHE."""
    cache = cache.resolve()
    cache.mkdir(parents=True, exist_ok=True)
    # What is there is used; a newer kernel comes with a new build tree.
    kernels = [p for p in cache.glob("linux-image-*")
               if p.suffix != ".part" and any(p.glob("lib/modules/*/kernel/fs/ext4"))]
    kernel = cache / "vmlinux"
    if not kernels:
        package = kernel_package()
        # Of a version of this file that needed less of the package.
        shutil.rmtree(cache / package, ignore_errors=True)
        kernel.unlink(missing_ok=True)
        kernels = [unpacked(cache, package, KERNEL_FILES)]
    kernel_tree = kernels[0]
    trees = [unpacked(cache, package) for package in PACKAGES]
    if not kernel.exists():
        image = next(kernel_tree.glob("boot/vmlinuz-*"))
        kernel.with_suffix(".part").write_bytes(unpacked_kernel(image.read_bytes()))
        kernel.with_suffix(".part").rename(kernel)
    return kernel, kernel_tree, trees


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=pathlib.Path, required=True, help="where packages are kept")
    parser.add_argument("--program", type=pathlib.Path, required=True, help="the test program")
    parser.add_argument("arguments", nargs="*", help="the program's, after --")
    options = parser.parse_args()
    must_be_able()
    cache = options.cache.resolve()
    kernel, kernel_tree, trees = prepared(cache)
    initrd = cache / "initrd"
    initrd.write_bytes(initial_files(options.program.resolve(), options.arguments, trees, kernel_tree))
    status = boot(kernel, initrd)
    if status is None:
        print(f"the guest did not finish within {GUEST_SECONDS} s, or broke down")
        return 1
    return status


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Unable as reason:
        print(f"skipped: {reason}")
        sys.exit(SKIPPED)
