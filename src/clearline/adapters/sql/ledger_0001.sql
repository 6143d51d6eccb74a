-- A node's log in one file: its entries, the hash tiles above them, the signed
-- head, what lies beside the log, and who may write.
-- application_id says "CLRL"; user_version counts these migration files.

-- One line of the log. Indexes begin at 0 and have no gaps; the key refuses a
-- repeat and `head` refuses a gap. Salt and envelope are absent together where
-- the content was never disclosed to this store.
CREATE TABLE entry (
    entry_index INTEGER PRIMARY KEY CHECK (entry_index >= 0),
    commitment BLOB NOT NULL CHECK (length(commitment) = 32),
    salt BLOB CHECK (length(salt) = 32),
    envelope BLOB,
    CHECK ((salt IS NULL) = (envelope IS NULL))
) STRICT;

CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry
BEGIN
    SELECT RAISE(ABORT, 'an entry is never changed');
END;

CREATE TRIGGER entry_is_never_removed BEFORE DELETE ON entry
BEGIN
    SELECT RAISE(ABORT, 'an entry is never removed');
END;

-- A complete hash tile: 256 hashes of one level (C2SP tlog-tiles).
CREATE TABLE tile (
    level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 7),
    number INTEGER NOT NULL CHECK (number >= 0),
    hashes BLOB NOT NULL CHECK (length(hashes) = 8192),
    PRIMARY KEY (level, number)
) STRICT;

CREATE TRIGGER tile_is_never_changed BEFORE UPDATE ON tile
BEGIN
    SELECT RAISE(ABORT, 'a complete tile is never changed');
END;

CREATE TRIGGER tile_is_never_removed BEFORE DELETE ON tile
BEGIN
    SELECT RAISE(ABORT, 'a complete tile is never removed');
END;

-- The one head of the one log: its size, its newest signed checkpoint, and the
-- epoch of the writer that may move it. Every append swaps it against the size
-- and the epoch the writer believes in, so two writers can never fork the log.
-- `refused` counts batches the disk refused; moving it overwrites what such a
-- batch left in the journal.
CREATE TABLE head (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    size INTEGER NOT NULL CHECK (size >= 0),
    checkpoint BLOB,
    epoch INTEGER NOT NULL,
    refused INTEGER NOT NULL DEFAULT 0
) STRICT;

INSERT INTO head (only_row, size, checkpoint, epoch) VALUES (1, 0, NULL, 0);

-- Bytes that lie beside the entry naming their digest, and may be erased.
CREATE TABLE sealed_part (
    digest BLOB PRIMARY KEY CHECK (length(digest) = 32),
    salt BLOB NOT NULL CHECK (length(salt) = 32),
    content BLOB NOT NULL
) STRICT;

-- Derived pictures, cut into parts so that saving one never holds up an append.
-- A snapshot counts once its row here names the generation of its parts.
CREATE TABLE snapshot (
    name TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    generation INTEGER NOT NULL UNIQUE
) STRICT;

CREATE TABLE snapshot_part (
    generation INTEGER NOT NULL,
    part INTEGER NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (generation, part)
) STRICT;

-- What is not log: cursors, counters, drafts. The digest covers key and value.
CREATE TABLE local (
    key TEXT PRIMARY KEY,
    value BLOB NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32)
) STRICT;
