-- keep
-- Keep the code of an attempt; a code that is taken is refused.
INSERT INTO code (code, attempt, call, person, made_at)
VALUES (:code, :attempt, :call, :person, :now) ON CONFLICT DO NOTHING
RETURNING code;

-- of_attempt
-- Read the code an attempt has.
SELECT code FROM code WHERE attempt = :attempt;

-- whose
-- Say which attempt a code belongs to.
SELECT attempt, call, person FROM code WHERE code = :code;

-- use
-- Use a code up; nothing comes back where it was used before.
UPDATE code SET used_at = :now WHERE code = :code AND used_at IS NULL
RETURNING code;

-- forget
-- Forget codes made before an instant, so that their digits are free again.
DELETE FROM code WHERE made_at < :before;
