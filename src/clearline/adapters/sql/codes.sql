-- all
-- Read every code, the oldest first.
SELECT code, attempt, call, person, made_at, used_at FROM code ORDER BY made_at, code;

-- keep
-- Keep the code of an attempt.
INSERT INTO code (code, attempt, call, person, made_at)
VALUES (:code, :attempt, :call, :person, :now) ON CONFLICT DO NOTHING;

-- use
-- Use a code up.
UPDATE code SET used_at = :now WHERE code = :code AND attempt = :attempt;

-- forget
-- Forget a code, so that its digits are free again.
DELETE FROM code WHERE code = :code AND attempt = :attempt;
