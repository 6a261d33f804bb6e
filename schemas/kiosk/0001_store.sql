-- A kiosk's store: what it must still know after a power cut.

-- Which store this is, so that another one in its place is noticed, the computer that it is in, and
-- the kiosk whose it is.
CREATE TABLE identity (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    incarnation INTEGER NOT NULL,
    hardware    TEXT    NOT NULL,  -- empty: the computer does not tell
    device      TEXT    NOT NULL
) STRICT;

-- The highest request id ever used, and the request that is not answered yet.
CREATE TABLE request (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    id         INTEGER NOT NULL,
    frame      BLOB,     -- the request as it is sent; null: answered
    pressed_ms INTEGER,  -- steady clock of the boot BOOT, when its button was pressed
    boot       TEXT
) STRICT;

-- The papers of which the controller has not been told yet.
CREATE TABLE jobs (
    ticket         INTEGER PRIMARY KEY,
    state          TEXT    NOT NULL CHECK (state IN ('queued', 'printing', 'settled')),
    copy           INTEGER NOT NULL,
    outcome        TEXT    NOT NULL,
    reason         TEXT    NOT NULL,
    pressed_ms     INTEGER,
    boot           TEXT,
    label          TEXT    NOT NULL,
    site_name      TEXT    NOT NULL,
    place          TEXT    NOT NULL,
    agency_name    TEXT    NOT NULL,
    service_name   TEXT    NOT NULL,
    service_day    TEXT    NOT NULL,
    issued_ms      INTEGER NOT NULL,
    utc_offset_min INTEGER NOT NULL,
    zone           TEXT    NOT NULL,
    ahead          INTEGER NOT NULL,
    class          TEXT    NOT NULL CHECK (class IN ('regular', 'priority', 'appointment')),
    estimate_s     INTEGER NOT NULL,  -- of the wait; 0: not known
    bring          TEXT    NOT NULL,
    wifi_name      TEXT    NOT NULL,
    wifi_password  TEXT    NOT NULL,
    link           TEXT    NOT NULL,  -- where a phone follows the ticket, as the menu had it
    offline        INTEGER NOT NULL,  -- 1: a number of a lease
    timed          INTEGER NOT NULL   -- 0: service_day and issued_ms are not known
) STRICT;

-- Numbers that the kiosk may give while it has no controller.
CREATE TABLE leases (
    lease   INTEGER PRIMARY KEY,
    series  TEXT    NOT NULL,
    label   TEXT    NOT NULL,  -- before the number: A-QK
    size    INTEGER NOT NULL,
    given   INTEGER NOT NULL,  -- 1 to this, on paper or not
    retired INTEGER NOT NULL   -- 1: none is given any more
) STRICT;

-- Those that it gave and that the controller has not been told of, in their order.
CREATE TABLE offline (
    n          INTEGER PRIMARY KEY,
    lease      INTEGER NOT NULL,
    number     INTEGER NOT NULL,
    service    TEXT    NOT NULL,
    class      TEXT    NOT NULL CHECK (class IN ('regular', 'priority', 'appointment')),
    abandoned  INTEGER NOT NULL,  -- the request that was given up for it; 0: none
    pressed_ms INTEGER,
    boot       TEXT,
    UNIQUE (lease, number)
) STRICT;

-- The last menu that the controller sent, as it was sent.
CREATE TABLE menu (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    frame BLOB NOT NULL
) STRICT;

-- The highest number of the journal that the controller told, as it was with the last write.
CREATE TABLE told (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    journal_seq INTEGER NOT NULL
) STRICT;

-- The highest label of each series that was given on the latest service day: said to a controller
-- whose journal may have been put back.
CREATE TABLE seen (
    series      TEXT    PRIMARY KEY,  -- what stands before the last '-' of the label
    service_day TEXT    NOT NULL,
    label       TEXT    NOT NULL,
    newest      INTEGER NOT NULL      -- the ticket of the series that was given last
) STRICT;
