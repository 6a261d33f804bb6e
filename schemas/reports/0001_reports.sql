-- What happened, for people: tickets, where they stood, and what is counted from them. It is made from
-- the journal and can be made again at any time. README.md beside this file explains it.

-- How far the journal is in here.
CREATE TABLE progress (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    seq     INTEGER NOT NULL,  -- the last event
    day     TEXT,              -- the open service day; none before the first
    counted INTEGER NOT NULL   -- the last event that is in the open day's counts
) STRICT;
INSERT INTO progress VALUES (1, 0, NULL, 0);

-- The names of the site file, as last known.
CREATE TABLE agencies (id TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE services (id TEXT PRIMARY KEY, agency TEXT NOT NULL, name TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE counters (id TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE staff (id TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- The day, the month and the year that each service day belongs to: 2026-11-22, 2026-11 and 2026. The
-- open one is today as well.
CREATE TABLE periods (
    period TEXT NOT NULL,
    day    TEXT NOT NULL,
    PRIMARY KEY (period, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE tickets (
    id              INTEGER PRIMARY KEY,  -- as in the journal
    day             TEXT    NOT NULL,
    label           TEXT    NOT NULL,     -- as printed
    series          TEXT    NOT NULL,
    number          INTEGER NOT NULL,
    service         TEXT    NOT NULL,     -- that it was issued for
    now_for         TEXT    NOT NULL,     -- the service that it is for now, or was last
    class           TEXT    NOT NULL,
    kiosk           TEXT    NOT NULL,
    utc_offset_min  INTEGER NOT NULL,
    issued_ms       INTEGER NOT NULL,
    ahead           INTEGER NOT NULL,
    estimate_s      INTEGER,
    plan            TEXT,
    paper           TEXT    NOT NULL,
    paper_reason    TEXT,
    copy            INTEGER NOT NULL,
    state           TEXT    NOT NULL,
    void_reason     TEXT,
    first_called_ms INTEGER,
    first_served_ms INTEGER,
    ended_ms        INTEGER,
    counter         TEXT,                 -- the last one
    staff           TEXT,                 -- there
    calls           INTEGER NOT NULL,     -- to a counter; those that were taken back do not count
    recalls         INTEGER NOT NULL,
    no_shows        INTEGER NOT NULL,
    transfers       INTEGER NOT NULL,
    holds           INTEGER NOT NULL,
    undone          INTEGER NOT NULL,     -- steps that were taken back
    wait_s          INTEGER,              -- from its issue to its first call
    service_s       INTEGER               -- at all counters together
) STRICT;
CREATE INDEX tickets_by_label ON tickets (day, label);

-- A ticket's stands at counters, the first one 1.
CREATE TABLE stands (
    ticket         INTEGER NOT NULL,
    n              INTEGER NOT NULL,
    seq            INTEGER NOT NULL,  -- of the last event that changed it
    day            TEXT    NOT NULL,
    service        TEXT    NOT NULL,
    class          TEXT    NOT NULL,
    counter        TEXT    NOT NULL,
    staff          TEXT,              -- who called it
    why            TEXT    NOT NULL,
    passed         INTEGER,           -- the ticket that came earlier
    utc_offset_min INTEGER NOT NULL,
    since_ms       INTEGER NOT NULL,  -- issued, or gone from the counter before
    called_ms      INTEGER NOT NULL,
    recalls        INTEGER NOT NULL,
    served_ms      INTEGER,           -- its holder was there; null: nobody said so
    ended_ms       INTEGER,
    ended_by       TEXT,
    to_service     TEXT,              -- where it went on to
    wait_s         INTEGER,
    service_s      INTEGER,
    PRIMARY KEY (ticket, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX stands_by_day ON stands (day);
CREATE INDEX stands_out_of_order ON stands (day, counter) WHERE why <> 'in_order';

-- What changed at counters, at services and for the whole hall.
CREATE TABLE changes (
    seq            INTEGER PRIMARY KEY,  -- of the journal's event
    day            TEXT    NOT NULL,
    at_ms          INTEGER NOT NULL,
    utc_offset_min INTEGER NOT NULL,
    kind           TEXT    NOT NULL,
    counter        TEXT,
    staff          TEXT,
    service        TEXT,
    label          TEXT,
    detail         TEXT
) STRICT;
CREATE INDEX changes_by_day ON changes (day);

-- How often something was refused.
CREATE TABLE refusals (
    day     TEXT    NOT NULL,
    asked   TEXT    NOT NULL,
    service TEXT    NOT NULL,  -- empty where the request named none
    reason  TEXT    NOT NULL,
    times   INTEGER NOT NULL,
    PRIMARY KEY (day, asked, service, reason)
) STRICT, WITHOUT ROWID;

-- The counts of each day, from which reports are made. A column such as wait_600 counts the waits of
-- at most 600 seconds.
CREATE TABLE daily_stands (
    day     TEXT    NOT NULL,
    service TEXT    NOT NULL,
    counter TEXT    NOT NULL,
    staff   TEXT    NOT NULL,  -- empty: nobody
    hour    INTEGER NOT NULL,  -- of the call, local
    class   TEXT    NOT NULL,
    calls INTEGER NOT NULL, recalls INTEGER NOT NULL, served INTEGER NOT NULL, no_shows INTEGER NOT NULL,
    holds INTEGER NOT NULL, transfers INTEGER NOT NULL, waits INTEGER NOT NULL, wait_sum_s INTEGER NOT NULL,
    wait_max_s INTEGER NOT NULL, wait_60 INTEGER NOT NULL, wait_120 INTEGER NOT NULL,
    wait_180 INTEGER NOT NULL, wait_300 INTEGER NOT NULL, wait_420 INTEGER NOT NULL,
    wait_600 INTEGER NOT NULL, wait_900 INTEGER NOT NULL, wait_1200 INTEGER NOT NULL,
    wait_1800 INTEGER NOT NULL, wait_2700 INTEGER NOT NULL, wait_3600 INTEGER NOT NULL,
    wait_5400 INTEGER NOT NULL, wait_7200 INTEGER NOT NULL, wait_10800 INTEGER NOT NULL,
    services INTEGER NOT NULL, service_sum_s INTEGER NOT NULL, service_max_s INTEGER NOT NULL,
    service_60 INTEGER NOT NULL, service_120 INTEGER NOT NULL, service_180 INTEGER NOT NULL,
    service_300 INTEGER NOT NULL, service_420 INTEGER NOT NULL, service_600 INTEGER NOT NULL,
    service_900 INTEGER NOT NULL, service_1200 INTEGER NOT NULL, service_1800 INTEGER NOT NULL,
    service_2700 INTEGER NOT NULL, service_3600 INTEGER NOT NULL, service_5400 INTEGER NOT NULL,
    service_7200 INTEGER NOT NULL, service_10800 INTEGER NOT NULL,
    PRIMARY KEY (day, service, counter, staff, hour, class)
) STRICT, WITHOUT ROWID;
CREATE TABLE daily_tickets (
    day     TEXT    NOT NULL,
    service TEXT    NOT NULL,  -- that the tickets were issued for
    hour    INTEGER NOT NULL,  -- of the issue, local
    class   TEXT    NOT NULL,
    issued INTEGER NOT NULL, waiting INTEGER NOT NULL, called INTEGER NOT NULL, serving INTEGER NOT NULL,
    held INTEGER NOT NULL, done INTEGER NOT NULL, no_show INTEGER NOT NULL, voided INTEGER NOT NULL,
    PRIMARY KEY (day, service, hour, class)
) STRICT, WITHOUT ROWID;

-- The same of the open day as it is now, from which its counts are made anew every few seconds.
CREATE VIEW open_stands AS SELECT day, service, counter, ifnull(staff, '') AS staff,
    (called_ms / 60000 + utc_offset_min) / 60 % 24 AS hour, class,
    count(*) AS calls, sum(recalls) AS recalls,
    ifnull(sum(ended_by IN ('finish', 'next_call', 'day_end', 'transfer')), 0) AS served,
    ifnull(sum(ended_by = 'no_show'), 0) AS no_shows, ifnull(sum(ended_by = 'hold'), 0) AS holds,
    ifnull(sum(ended_by = 'transfer'), 0) AS transfers,
    count(wait_s) AS waits, ifnull(sum(wait_s), 0) AS wait_sum_s, ifnull(max(wait_s), 0) AS wait_max_s,
    ifnull(sum(wait_s <= 60), 0) AS wait_60, ifnull(sum(wait_s <= 120), 0) AS wait_120,
    ifnull(sum(wait_s <= 180), 0) AS wait_180, ifnull(sum(wait_s <= 300), 0) AS wait_300,
    ifnull(sum(wait_s <= 420), 0) AS wait_420, ifnull(sum(wait_s <= 600), 0) AS wait_600,
    ifnull(sum(wait_s <= 900), 0) AS wait_900, ifnull(sum(wait_s <= 1200), 0) AS wait_1200,
    ifnull(sum(wait_s <= 1800), 0) AS wait_1800, ifnull(sum(wait_s <= 2700), 0) AS wait_2700,
    ifnull(sum(wait_s <= 3600), 0) AS wait_3600, ifnull(sum(wait_s <= 5400), 0) AS wait_5400,
    ifnull(sum(wait_s <= 7200), 0) AS wait_7200, ifnull(sum(wait_s <= 10800), 0) AS wait_10800,
    count(service_s) AS services, ifnull(sum(service_s), 0) AS service_sum_s,
    ifnull(max(service_s), 0) AS service_max_s,
    ifnull(sum(service_s <= 60), 0) AS service_60, ifnull(sum(service_s <= 120), 0) AS service_120,
    ifnull(sum(service_s <= 180), 0) AS service_180, ifnull(sum(service_s <= 300), 0) AS service_300,
    ifnull(sum(service_s <= 420), 0) AS service_420, ifnull(sum(service_s <= 600), 0) AS service_600,
    ifnull(sum(service_s <= 900), 0) AS service_900, ifnull(sum(service_s <= 1200), 0) AS service_1200,
    ifnull(sum(service_s <= 1800), 0) AS service_1800, ifnull(sum(service_s <= 2700), 0) AS service_2700,
    ifnull(sum(service_s <= 3600), 0) AS service_3600, ifnull(sum(service_s <= 5400), 0) AS service_5400,
    ifnull(sum(service_s <= 7200), 0) AS service_7200, ifnull(sum(service_s <= 10800), 0) AS service_10800
FROM stands WHERE day = (SELECT day FROM progress) GROUP BY 1, 2, 3, 4, 5, 6;
CREATE VIEW open_tickets AS SELECT day, service,
    (issued_ms / 60000 + utc_offset_min) / 60 % 24 AS hour, class, count(*) AS issued,
    sum(state = 'waiting') AS waiting, sum(state = 'called') AS called, sum(state = 'serving') AS serving,
    sum(state = 'held') AS held, sum(state = 'done') AS done, sum(state = 'no_show') AS no_show,
    sum(state = 'voided') AS voided
FROM tickets WHERE day = (SELECT day FROM progress) GROUP BY 1, 2, 3, 4;

-- By what is counted.
CREATE TABLE dimensions (by TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO dimensions VALUES ('all'), ('agency'), ('service'), ('counter'), ('staff'), ('hour'), ('class');

-- How many were called and served, how long they waited, and how long it took.
CREATE VIEW times AS SELECT period, by, id,
    CASE by WHEN 'agency' THEN (SELECT name FROM agencies WHERE agencies.id = sums.id)
            WHEN 'service' THEN (SELECT name FROM services WHERE services.id = sums.id)
            WHEN 'counter' THEN (SELECT name FROM counters WHERE counters.id = sums.id)
            WHEN 'staff' THEN (SELECT name FROM staff WHERE staff.id = sums.id) END AS name,
    calls, recalls, served, no_shows, holds, transfers,
    waits, wait_sum_s / waits AS wait_mean_s,
    CAST(min(wait_max_s, CASE WHEN waits = 0 THEN NULL
        WHEN wait_60 >= 0.5 * waits THEN 0 + 60 * (0.5 * waits - 0) / (wait_60 - 0)
        WHEN wait_120 >= 0.5 * waits THEN 60 + 60 * (0.5 * waits - wait_60) / (wait_120 - wait_60)
        WHEN wait_180 >= 0.5 * waits THEN 120 + 60 * (0.5 * waits - wait_120) / (wait_180 - wait_120)
        WHEN wait_300 >= 0.5 * waits THEN 180 + 120 * (0.5 * waits - wait_180) / (wait_300 - wait_180)
        WHEN wait_420 >= 0.5 * waits THEN 300 + 120 * (0.5 * waits - wait_300) / (wait_420 - wait_300)
        WHEN wait_600 >= 0.5 * waits THEN 420 + 180 * (0.5 * waits - wait_420) / (wait_600 - wait_420)
        WHEN wait_900 >= 0.5 * waits THEN 600 + 300 * (0.5 * waits - wait_600) / (wait_900 - wait_600)
        WHEN wait_1200 >= 0.5 * waits THEN 900 + 300 * (0.5 * waits - wait_900) / (wait_1200 - wait_900)
        WHEN wait_1800 >= 0.5 * waits THEN 1200 + 600 * (0.5 * waits - wait_1200) / (wait_1800 - wait_1200)
        WHEN wait_2700 >= 0.5 * waits THEN 1800 + 900 * (0.5 * waits - wait_1800) / (wait_2700 - wait_1800)
        WHEN wait_3600 >= 0.5 * waits THEN 2700 + 900 * (0.5 * waits - wait_2700) / (wait_3600 - wait_2700)
        WHEN wait_5400 >= 0.5 * waits THEN 3600 + 1800 * (0.5 * waits - wait_3600) / (wait_5400 - wait_3600)
        WHEN wait_7200 >= 0.5 * waits THEN 5400 + 1800 * (0.5 * waits - wait_5400) / (wait_7200 - wait_5400)
        WHEN wait_10800 >= 0.5 * waits THEN 7200 + 3600 * (0.5 * waits - wait_7200) / (wait_10800 - wait_7200)
        ELSE 10800 + (wait_max_s - 10800) * (0.5 * waits - wait_10800) / (waits - wait_10800) END) AS INTEGER) AS wait_median_s,
    CAST(min(wait_max_s, CASE WHEN waits = 0 THEN NULL
        WHEN wait_60 >= 0.9 * waits THEN 0 + 60 * (0.9 * waits - 0) / (wait_60 - 0)
        WHEN wait_120 >= 0.9 * waits THEN 60 + 60 * (0.9 * waits - wait_60) / (wait_120 - wait_60)
        WHEN wait_180 >= 0.9 * waits THEN 120 + 60 * (0.9 * waits - wait_120) / (wait_180 - wait_120)
        WHEN wait_300 >= 0.9 * waits THEN 180 + 120 * (0.9 * waits - wait_180) / (wait_300 - wait_180)
        WHEN wait_420 >= 0.9 * waits THEN 300 + 120 * (0.9 * waits - wait_300) / (wait_420 - wait_300)
        WHEN wait_600 >= 0.9 * waits THEN 420 + 180 * (0.9 * waits - wait_420) / (wait_600 - wait_420)
        WHEN wait_900 >= 0.9 * waits THEN 600 + 300 * (0.9 * waits - wait_600) / (wait_900 - wait_600)
        WHEN wait_1200 >= 0.9 * waits THEN 900 + 300 * (0.9 * waits - wait_900) / (wait_1200 - wait_900)
        WHEN wait_1800 >= 0.9 * waits THEN 1200 + 600 * (0.9 * waits - wait_1200) / (wait_1800 - wait_1200)
        WHEN wait_2700 >= 0.9 * waits THEN 1800 + 900 * (0.9 * waits - wait_1800) / (wait_2700 - wait_1800)
        WHEN wait_3600 >= 0.9 * waits THEN 2700 + 900 * (0.9 * waits - wait_2700) / (wait_3600 - wait_2700)
        WHEN wait_5400 >= 0.9 * waits THEN 3600 + 1800 * (0.9 * waits - wait_3600) / (wait_5400 - wait_3600)
        WHEN wait_7200 >= 0.9 * waits THEN 5400 + 1800 * (0.9 * waits - wait_5400) / (wait_7200 - wait_5400)
        WHEN wait_10800 >= 0.9 * waits THEN 7200 + 3600 * (0.9 * waits - wait_7200) / (wait_10800 - wait_7200)
        ELSE 10800 + (wait_max_s - 10800) * (0.9 * waits - wait_10800) / (waits - wait_10800) END) AS INTEGER) AS wait_p90_s,
    CASE WHEN waits > 0 THEN wait_max_s END AS wait_max_s,
    services, service_sum_s / services AS service_mean_s,
    CAST(min(service_max_s, CASE WHEN services = 0 THEN NULL
        WHEN service_60 >= 0.5 * services THEN 0 + 60 * (0.5 * services - 0) / (service_60 - 0)
        WHEN service_120 >= 0.5 * services THEN 60 + 60 * (0.5 * services - service_60) / (service_120 - service_60)
        WHEN service_180 >= 0.5 * services THEN 120 + 60 * (0.5 * services - service_120) / (service_180 - service_120)
        WHEN service_300 >= 0.5 * services THEN 180 + 120 * (0.5 * services - service_180) / (service_300 - service_180)
        WHEN service_420 >= 0.5 * services THEN 300 + 120 * (0.5 * services - service_300) / (service_420 - service_300)
        WHEN service_600 >= 0.5 * services THEN 420 + 180 * (0.5 * services - service_420) / (service_600 - service_420)
        WHEN service_900 >= 0.5 * services THEN 600 + 300 * (0.5 * services - service_600) / (service_900 - service_600)
        WHEN service_1200 >= 0.5 * services THEN 900 + 300 * (0.5 * services - service_900) / (service_1200 - service_900)
        WHEN service_1800 >= 0.5 * services THEN 1200 + 600 * (0.5 * services - service_1200) / (service_1800 - service_1200)
        WHEN service_2700 >= 0.5 * services THEN 1800 + 900 * (0.5 * services - service_1800) / (service_2700 - service_1800)
        WHEN service_3600 >= 0.5 * services THEN 2700 + 900 * (0.5 * services - service_2700) / (service_3600 - service_2700)
        WHEN service_5400 >= 0.5 * services THEN 3600 + 1800 * (0.5 * services - service_3600) / (service_5400 - service_3600)
        WHEN service_7200 >= 0.5 * services THEN 5400 + 1800 * (0.5 * services - service_5400) / (service_7200 - service_5400)
        WHEN service_10800 >= 0.5 * services THEN 7200 + 3600 * (0.5 * services - service_7200) / (service_10800 - service_7200)
        ELSE 10800 + (service_max_s - 10800) * (0.5 * services - service_10800) / (services - service_10800) END) AS INTEGER) AS service_median_s,
    CAST(min(service_max_s, CASE WHEN services = 0 THEN NULL
        WHEN service_60 >= 0.9 * services THEN 0 + 60 * (0.9 * services - 0) / (service_60 - 0)
        WHEN service_120 >= 0.9 * services THEN 60 + 60 * (0.9 * services - service_60) / (service_120 - service_60)
        WHEN service_180 >= 0.9 * services THEN 120 + 60 * (0.9 * services - service_120) / (service_180 - service_120)
        WHEN service_300 >= 0.9 * services THEN 180 + 120 * (0.9 * services - service_180) / (service_300 - service_180)
        WHEN service_420 >= 0.9 * services THEN 300 + 120 * (0.9 * services - service_300) / (service_420 - service_300)
        WHEN service_600 >= 0.9 * services THEN 420 + 180 * (0.9 * services - service_420) / (service_600 - service_420)
        WHEN service_900 >= 0.9 * services THEN 600 + 300 * (0.9 * services - service_600) / (service_900 - service_600)
        WHEN service_1200 >= 0.9 * services THEN 900 + 300 * (0.9 * services - service_900) / (service_1200 - service_900)
        WHEN service_1800 >= 0.9 * services THEN 1200 + 600 * (0.9 * services - service_1200) / (service_1800 - service_1200)
        WHEN service_2700 >= 0.9 * services THEN 1800 + 900 * (0.9 * services - service_1800) / (service_2700 - service_1800)
        WHEN service_3600 >= 0.9 * services THEN 2700 + 900 * (0.9 * services - service_2700) / (service_3600 - service_2700)
        WHEN service_5400 >= 0.9 * services THEN 3600 + 1800 * (0.9 * services - service_3600) / (service_5400 - service_3600)
        WHEN service_7200 >= 0.9 * services THEN 5400 + 1800 * (0.9 * services - service_5400) / (service_7200 - service_5400)
        WHEN service_10800 >= 0.9 * services THEN 7200 + 3600 * (0.9 * services - service_7200) / (service_10800 - service_7200)
        ELSE 10800 + (service_max_s - 10800) * (0.9 * services - service_10800) / (services - service_10800) END) AS INTEGER) AS service_p90_s,
    CASE WHEN services > 0 THEN service_max_s END AS service_max_s
FROM (
    SELECT period, by, CASE by
            WHEN 'all' THEN '' WHEN 'service' THEN service WHEN 'counter' THEN counter
            WHEN 'staff' THEN staff WHEN 'hour' THEN printf('%02d', hour) WHEN 'class' THEN class
            ELSE ifnull((SELECT agency FROM services AS s WHERE s.id = counted.service), '') END AS id,
        sum(calls) AS calls, sum(recalls) AS recalls, sum(served) AS served, sum(no_shows) AS no_shows,
        sum(holds) AS holds, sum(transfers) AS transfers, sum(waits) AS waits, sum(wait_sum_s) AS wait_sum_s,
        max(wait_max_s) AS wait_max_s, sum(wait_60) AS wait_60, sum(wait_120) AS wait_120,
        sum(wait_180) AS wait_180, sum(wait_300) AS wait_300, sum(wait_420) AS wait_420,
        sum(wait_600) AS wait_600, sum(wait_900) AS wait_900, sum(wait_1200) AS wait_1200,
        sum(wait_1800) AS wait_1800, sum(wait_2700) AS wait_2700, sum(wait_3600) AS wait_3600,
        sum(wait_5400) AS wait_5400, sum(wait_7200) AS wait_7200, sum(wait_10800) AS wait_10800,
        sum(services) AS services, sum(service_sum_s) AS service_sum_s, max(service_max_s) AS service_max_s,
        sum(service_60) AS service_60, sum(service_120) AS service_120, sum(service_180) AS service_180,
        sum(service_300) AS service_300, sum(service_420) AS service_420, sum(service_600) AS service_600,
        sum(service_900) AS service_900, sum(service_1200) AS service_1200,
        sum(service_1800) AS service_1800, sum(service_2700) AS service_2700,
        sum(service_3600) AS service_3600, sum(service_5400) AS service_5400,
        sum(service_7200) AS service_7200, sum(service_10800) AS service_10800
    FROM dimensions CROSS JOIN periods AS p CROSS JOIN daily_stands AS counted ON counted.day = p.day
    GROUP BY period, by, 3) AS sums;

-- What became of the tickets: in each row issued is the sum of the other counts.
CREATE VIEW balance AS SELECT period, by, CASE by
        WHEN 'all' THEN '' WHEN 'service' THEN service WHEN 'hour' THEN printf('%02d', hour)
        WHEN 'class' THEN class
        ELSE ifnull((SELECT agency FROM services AS s WHERE s.id = counted.service), '') END AS id,
    sum(issued) AS issued, sum(waiting) AS waiting, sum(called) AS called, sum(serving) AS serving,
    sum(held) AS held, sum(done) AS done, sum(no_show) AS no_show, sum(voided) AS voided
FROM dimensions CROSS JOIN periods AS p CROSS JOIN daily_tickets AS counted ON counted.day = p.day
WHERE by NOT IN ('counter', 'staff') GROUP BY period, by, 3;

-- The tickets with names and local times.
CREATE VIEW ticket_list AS SELECT t.id, t.day, t.label, a.name AS agency, s.name AS service, t.class, t.kiosk,
    datetime(t.issued_ms / 1000 + t.utc_offset_min * 60, 'unixepoch') AS issued_at,
    t.paper, t.state, t.void_reason,
    time(t.first_called_ms / 1000 + t.utc_offset_min * 60, 'unixepoch') AS first_called,
    time(t.first_served_ms / 1000 + t.utc_offset_min * 60, 'unixepoch') AS first_served,
    time(t.ended_ms / 1000 + t.utc_offset_min * 60, 'unixepoch') AS ended,
    c.name AS counter, p.name AS staff, t.calls, t.recalls, t.no_shows, t.transfers, t.holds, t.undone,
    t.wait_s, t.service_s
FROM tickets AS t LEFT JOIN services AS s ON s.id = t.service LEFT JOIN agencies AS a ON a.id = s.agency
    LEFT JOIN counters AS c ON c.id = t.counter LEFT JOIN staff AS p ON p.id = t.staff;

-- Who was called before one that came earlier, and why.
CREATE VIEW out_of_order AS SELECT s.day,
    datetime(s.called_ms / 1000 + s.utc_offset_min * 60, 'unixepoch') AS called_at, t.label, s.class,
    s.counter, s.staff, s.why, p.label AS passed
FROM stands AS s JOIN tickets AS t ON t.id = s.ticket LEFT JOIN tickets AS p ON p.id = s.passed
WHERE s.why <> 'in_order';
