-- The journal: what happened, one row an event, never changed afterwards. It is the truth; all else
-- can be made again from it. README.md beside this file explains the columns and the hash.

CREATE TABLE events (
    seq            INTEGER PRIMARY KEY,  -- 1 up, without a gap
    day            TEXT    NOT NULL,     -- the service day, such as 2026-11-22
    at_ms          INTEGER NOT NULL,     -- wall time, milliseconds since 1970 UTC
    utc_offset_min INTEGER NOT NULL,     -- of the site's zone then: local time = at_ms + this
    kind           TEXT    NOT NULL,
    device         TEXT,
    request        INTEGER,
    ticket         INTEGER,              -- its identity, over all days
    series         TEXT,
    number         INTEGER,
    label          TEXT,                 -- as printed, such as A-025
    service        TEXT,
    class          TEXT,
    counter        TEXT,
    staff          TEXT,                 -- who was signed in there
    ahead          INTEGER,
    estimate_s     INTEGER,              -- of the wait, as printed
    plan           TEXT,                 -- the services that the ticket goes on to
    outcome        TEXT,
    reason         TEXT,
    copy           INTEGER,
    voids          INTEGER,
    why            TEXT,                 -- this ticket was called
    passed         INTEGER,              -- the ticket that came earlier
    turn           INTEGER,              -- of the counter's cycle
    to_service     TEXT,                 -- where the ticket waits anew: for what,
    queue          TEXT,                 -- in whose queue,
    place          INTEGER,              -- and where in it
    step           TEXT,                 -- that was taken back
    state          TEXT,                 -- in which the ticket is again
    asked          TEXT,                 -- the request that is answered or refused
    asked_service  TEXT,
    asked_ticket   INTEGER,
    answer         TEXT,
    issued_day     TEXT,                 -- of a carried ticket: the service day that it was issued in
    detail         TEXT,                 -- in the words of who asked
    epoch          INTEGER,
    site           TEXT,                 -- the site file's version
    lease          INTEGER,              -- of numbers that a kiosk gives by itself
    incarnation    INTEGER,              -- of the store of its kiosk
    given          TEXT,                 -- its numbers that are known, such as 1-5 9
    days           INTEGER,              -- opened since it ended
    arrived_ms     INTEGER,              -- whom its kiosk gave a number, as far as is known
    appointment    TEXT,                 -- that the ticket's holder has: its code without the seal
    hash           BLOB    NOT NULL      -- SHA-256 over the hash before and this row
) STRICT;

-- Where each service day begins, so that a restart need not look for it.
CREATE TABLE days (
    first_seq INTEGER PRIMARY KEY,
    day       TEXT NOT NULL UNIQUE
) STRICT;

CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER events_are_not_deleted BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
