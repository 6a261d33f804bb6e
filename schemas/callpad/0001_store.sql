-- A callpad's store: what it must still know after a power cut.

-- The highest request id ever used, and the last request as it was sent. Whether that one was
-- answered is not kept, but for one with a code, which goes with its answer: asked again, the
-- others get the same answer.
CREATE TABLE request (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    id          INTEGER NOT NULL,
    frame       BLOB,             -- null: answered, and forgotten
    journal_seq INTEGER NOT NULL  -- the highest that the controller had told by then
) STRICT;

-- What the controller told to show, as it was sent.
CREATE TABLE view (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    frame       BLOB    NOT NULL,
    journal_seq INTEGER NOT NULL  -- as above
) STRICT;
