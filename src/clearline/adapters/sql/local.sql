-- read_value
-- Read a single value.
SELECT value FROM value WHERE name = :name;

-- keep_value
-- Keep a single value in place of the one before.
INSERT INTO value (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- read_values
-- Read every value whose name begins with a prefix.
SELECT name, value FROM value
WHERE substr(name, 1, length(:prefix)) = :prefix ORDER BY name;

-- drop_value
-- Forget a single value.
DELETE FROM value WHERE name = :name;
