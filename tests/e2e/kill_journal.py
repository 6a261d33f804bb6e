"""Reads a journal of a controller that has stopped, and checks all that holds for every journal."""

import hashlib
import sqlite3


def _canonical(place, value):
    """A column as it is hashed, by the page of schemas/journal; a null is not."""
    if value is None:
        return b""
    text = str(value).encode("utf-8")
    size = bytes([len(text)]) if len(text) < 255 else b"\xff" + len(text).to_bytes(8, "big")
    return bytes([place]) + size + text


def row_hash(before, row):
    columns = tuple(row)[:-1]  # the last one is the hash
    return hashlib.sha256(before + b"".join(
        _canonical(place, value) for place, value in enumerate(columns, 1))).digest()


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
            # Of the first epoch: no device has ever heard of more than the journal has.
            test.assertEqual(row["ticket"], row["seq"])
    return rows
