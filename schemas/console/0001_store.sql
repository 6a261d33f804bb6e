-- What the technicians' console of a device keeps, beside the device's own store.

-- The device's code as a salted hash, and how often it was given wrongly in a row.
CREATE TABLE access (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    salt        BLOB    NOT NULL,
    hash        BLOB    NOT NULL,  -- PBKDF2, HMAC-SHA-256
    rounds      INTEGER NOT NULL,
    wrong_codes INTEGER NOT NULL
) STRICT;

-- What wears out, counted since the file was made.
CREATE TABLE counters (
    name  TEXT    PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;

-- The last papers that a printer was given, those of technicians too.
CREATE TABLE papers (
    number   INTEGER PRIMARY KEY,  -- rises by one
    at_ms    INTEGER NOT NULL,     -- wall clock of the device, when it ended
    kind     TEXT    NOT NULL CHECK (kind IN ('ticket', 'copy', 'reprint', 'test')),
    ticket   INTEGER NOT NULL,     -- 0: none
    label    TEXT    NOT NULL,
    printer  INTEGER NOT NULL,     -- from 1
    outcome  TEXT    NOT NULL,
    reason   TEXT    NOT NULL,
    evidence TEXT    NOT NULL      -- what "printed" rests on
) STRICT;

-- What a ticket's paper said, field by field of its layout, so that a copy can be printed.
CREATE TABLE paper_fields (
    paper INTEGER NOT NULL REFERENCES papers (number) ON DELETE CASCADE,
    name  TEXT    NOT NULL,
    text  TEXT    NOT NULL,
    PRIMARY KEY (paper, name)
) STRICT, WITHOUT ROWID;
