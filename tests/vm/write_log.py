"""What a disk with a volatile cache holds after a power cut, made from what QEMU wrote down of it."""

import os
import struct

DISK_BYTES = 1 << 30
SECTOR = 512
BLOCK_SECTORS = 8  # what a disk of today writes whole; ext4 does not outlive half a superblock


class WriteLog:
    """What QEMU's blklogwrites wrote: the format of the kernel's dm-log-writes, in sectors. Each
    entry has its place before it is written, so what was on its way when QEMU was killed is a hole
    among entries that are whole, or has a part of its bytes."""

    FLUSH, FUA, DISCARD = 1, 2, 4
    MOST_SECTORS = 1 << 16  # of a write

    def __init__(self, file):
        self.entries = []  # (sector, bytes) of a write, None for a flush
        self.holes = 0
        with open(file, "rb") as log:
            data = log.read(_end_of_data(log.fileno()))
        at = SECTOR
        in_hole = False
        while at + SECTOR <= len(data):
            sector, count, flags, size = struct.unpack_from("<QQQQ", data, at)
            is_entry = ((count or flags) and flags < 8 and not size and count < self.MOST_SECTORS and
                        (sector + count) * SECTOR <= DISK_BYTES and
                        not any(data[at + 32:at + SECTOR]))
            at += SECTOR
            if not is_entry:
                self.holes += not in_hole
                in_hole = True
                continue
            in_hole = False
            if flags & self.FLUSH:
                self.entries.append(None)
            if count and not flags & self.DISCARD:
                piece = data[at:at + count * SECTOR]
                self.entries.append((sector, piece.ljust(count * SECTOR, b"\0")))
                at += count * SECTOR
            elif count:
                self.entries.append((sector, bytes(count * SECTOR)))
            if flags & self.FUA:
                self.entries.append(None)

    def replay(self, image, written, chance):
        """Onto IMAGE, as it was before: all up to the last flush, and what came after it by CHANCE,
        a function that says of each block whether it came to the disk. How many of them did not.
        WRITTEN is the image that QEMU wrote to, and writes to before the log: where it differs from
        the last entry of a sector, that entry is not whole, or a later one is a hole. What stands
        there was on its way either way, and may have come to the disk."""
        flushes = [at for at, entry in enumerate(self.entries) if entry is None]
        durable = flushes[-1] if flushes else 0
        last = {}  # the entry that wrote a sector last
        for at, entry in enumerate(self.entries):
            for n in range(len(entry[1]) // SECTOR if entry else 0):
                last[entry[0] + n] = at
        lost = 0
        with open(image, "r+b") as disk, open(written, "rb") as known:
            for at, entry in enumerate(self.entries):
                came = {}  # by the block
                for n in range(len(entry[1]) // SECTOR if entry else 0):
                    piece = entry[1][n * SECTOR:(n + 1) * SECTOR]
                    sector = entry[0] + n
                    block = sector // BLOCK_SECTORS
                    if at > durable and block not in came:
                        came[block] = chance()
                    if not came.get(block, True):
                        continue
                    if last[sector] == at:
                        known.seek(sector * SECTOR)
                        piece = known.read(SECTOR)
                    disk.seek(sector * SECTOR)
                    disk.write(piece)
                lost += list(came.values()).count(False)
        return lost


def _end_of_data(file):
    """Where the last bytes are that were written to a file with holes."""
    end = 0
    try:
        while True:
            end = os.lseek(file, os.lseek(file, end, os.SEEK_DATA), os.SEEK_HOLE)
    except OSError:
        os.lseek(file, 0, os.SEEK_SET)
        return end
