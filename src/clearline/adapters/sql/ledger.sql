-- take_epoch
-- Become the writer: every writer that opened the log before is fenced off.
UPDATE head SET epoch = epoch + 1 RETURNING epoch;

-- read_head
-- Read how long the log is, its newest checkpoint and who may write.
SELECT size, checkpoint, epoch FROM head;

-- move_head
-- Move the head, if it still stands where this writer left it.
UPDATE head SET size = :size, checkpoint = :checkpoint
WHERE size = :first AND epoch = :epoch;

-- note_refusal
-- Overwrite in the journal what a refused batch may have left there.
UPDATE head SET refused = refused + 1 WHERE epoch = :epoch;

-- append_entry
-- Add one line of the log.
INSERT INTO entry (entry_index, commitment, salt, envelope)
VALUES (:entry_index, :commitment, :salt, :envelope);

-- read_entries
-- Read the lines `[start, stop)` in order.
SELECT entry_index, commitment, salt, envelope FROM entry
WHERE entry_index >= :start AND entry_index < :stop
ORDER BY entry_index;

-- entries_from
-- Read so many lines from an index on, passing over gaps.
SELECT entry_index, commitment, salt, envelope FROM entry
WHERE entry_index >= :start ORDER BY entry_index LIMIT :count;

-- last_entry
-- Find the last line there is, to hold against the head.
SELECT max(entry_index) FROM entry;

-- append_tile
-- Add a hash tile that has become complete.
INSERT INTO tile (level, number, hashes) VALUES (:level, :number, :hashes);

-- read_tile
-- Read one complete hash tile.
SELECT hashes FROM tile WHERE level = :level AND number = :number;

-- keep_sealed
-- Lay a sealed part beside its entry; the same part may be named twice.
INSERT INTO sealed_part (digest, salt, content) VALUES (:digest, :salt, :content)
ON CONFLICT (digest) DO NOTHING;

-- read_sealed
-- Read a sealed part.
SELECT salt, content FROM sealed_part WHERE digest = :digest;

-- sealed_digests
-- List the digests of all parts that lie here.
SELECT digest FROM sealed_part ORDER BY digest;

-- erase_sealed
-- Erase a sealed part, salt and all.
DELETE FROM sealed_part WHERE digest = :digest;

-- next_generation
-- Find a generation no part of a snapshot carries yet.
SELECT max(
    coalesce((SELECT max(generation) FROM snapshot), 0),
    coalesce((SELECT max(generation) FROM snapshot_part), 0)
) + 1;

-- save_snapshot_part
-- Keep one part of a snapshot that does not count yet.
INSERT INTO snapshot_part (generation, part, content)
VALUES (:generation, :part, :content);

-- save_snapshot
-- Let a snapshot count, in place of the older one of its name.
INSERT INTO snapshot (name, size, digest, generation)
VALUES (:name, :size, :digest, :generation)
ON CONFLICT (name) DO UPDATE SET
    size = excluded.size,
    digest = excluded.digest,
    generation = excluded.generation;

-- drop_snapshot
-- Forget a snapshot; its parts are swept afterwards.
DELETE FROM snapshot WHERE name = :name;

-- sweep_snapshot_parts
-- Remove parts no snapshot counts on: replaced, dropped, or never finished.
DELETE FROM snapshot_part
WHERE generation NOT IN (SELECT generation FROM snapshot);

-- read_snapshot
-- Read what a snapshot stands for.
SELECT size, digest, generation FROM snapshot WHERE name = :name;

-- read_snapshot_parts
-- Read a snapshot's parts in order.
SELECT content FROM snapshot_part WHERE generation = :generation ORDER BY part;

-- read_local
-- Read a value that is not log.
SELECT value, digest FROM local WHERE key = :key;

-- keep_local
-- Keep a value that is not log.
INSERT INTO local (key, value, digest) VALUES (:key, :value, :digest)
ON CONFLICT (key) DO UPDATE SET value = excluded.value, digest = excluded.digest;

-- all_local
-- Read every value that is not log, with its digest.
SELECT key, value, digest FROM local ORDER BY key;

-- all_snapshots
-- List every snapshot that counts.
SELECT name, digest, generation FROM snapshot ORDER BY name;
