"""Reads a journal of a controller that has stopped, and checks all that holds for every journal."""

import hashlib
import sqlite3

# Hashed in this order; schemas/journal says what they mean.
COLUMNS = ("day", "at_ms", "utc_offset_min", "kind", "device", "request", "ticket", "series",
           "number", "label", "service", "counter", "ahead", "outcome", "reason", "copy", "voids",
           "asked", "answer", "issued_day")


def _canonical(value):
    """A column as it is hashed: n for null, i or t with eight bytes of number or length."""
    if value is None:
        return b"n"
    if isinstance(value, int):
        return b"i" + (value & 0xFFFFFFFFFFFFFFFF).to_bytes(8, "big")
    text = value.encode("utf-8")
    return b"t" + len(text).to_bytes(8, "big") + text


def row_hash(before, row):
    return hashlib.sha256(before + _canonical(row["seq"]) +
                          b"".join(_canonical(row[name]) for name in COLUMNS)).digest()


def read_events(test, file):
    """All rows, oldest first. TEST fails where the file is damaged, a row is missing, changed or
    invented, or the numbers of a series are not dense."""
    db = sqlite3.connect(file)
    try:
        db.row_factory = sqlite3.Row
        test.assertEqual([row[0] for row in db.execute("PRAGMA integrity_check")], ["ok"])
        rows = db.execute("SELECT * FROM events ORDER BY seq").fetchall()
    finally:
        db.close()
    before = bytes(32)
    last_numbers = {}
    for expected, row in enumerate(rows, 1):
        test.assertEqual(row["seq"], expected, "the rows are dense")
        before = row_hash(before, row)
        test.assertEqual(row["hash"], before, f"the hash of row {expected}")
        if row["kind"] == "issued":
            run = row["day"], row["series"]
            test.assertEqual(row["number"], last_numbers.get(run, 0) + 1,
                             f"row {expected}: the numbers of {run} rise by one")
            last_numbers[run] = row["number"]
            test.assertEqual(row["ticket"], row["seq"])
    return rows
