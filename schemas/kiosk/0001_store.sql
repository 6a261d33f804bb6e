-- A kiosk's store: what it must still know after a power cut.

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
    link           TEXT    NOT NULL   -- where a phone follows the ticket, as the menu had it
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
