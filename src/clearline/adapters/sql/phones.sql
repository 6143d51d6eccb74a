-- pin
-- Read the hash of a person's PIN.
SELECT hash FROM secret WHERE person = :person AND kind = 'pin';

-- tries
-- Read how often codes and PINs from somewhere were wrong, and when last.
SELECT failed, last_at FROM tries WHERE whose = :whose;

-- fail
-- Count a wrong one; what lies far back is forgotten.
INSERT INTO tries (whose, failed, last_at) VALUES (:whose, 1, :now)
ON CONFLICT (whose) DO UPDATE SET
failed = CASE WHEN last_at < :before THEN 1 ELSE failed + 1 END, last_at = :now;

-- forgive
-- Forget wrong ones after a right one.
DELETE FROM tries WHERE whose = :whose;

-- keep_caller
-- Keep where whoever raised a call is told how it stands.
INSERT INTO caller (call, medium, address, person, language)
VALUES (:call, :medium, :address, :person, :language)
ON CONFLICT (call) DO NOTHING;

-- callers
-- Read where everybody who raised a call is told how it stands, the oldest first.
SELECT call, person, medium, address, language FROM caller ORDER BY rowid;
