-- keep_secret
-- Keep a secret's hash in place of the one before.
INSERT INTO secret (person, kind, hash, made_at, ends_at)
VALUES (:person, :kind, :hash, :now, :ends_at)
ON CONFLICT (person, kind) DO UPDATE SET
hash = excluded.hash, made_at = excluded.made_at, ends_at = excluded.ends_at;

-- secret
-- Read a secret's hash and when it ends.
SELECT hash, ends_at FROM secret WHERE person = :person AND kind = :kind;

-- drop_secret
-- Take a secret away; nothing comes back where there was none.
DELETE FROM secret WHERE person = :person AND kind = :kind RETURNING kind;

-- tries
-- Read how often somebody failed, and when last.
SELECT failed, last_at FROM tries WHERE whose = :whose;

-- count_failure
-- Count one more failure.
INSERT INTO tries (whose, failed, last_at) VALUES (:whose, 1, :now)
ON CONFLICT (whose) DO UPDATE SET failed = failed + 1, last_at = excluded.last_at;

-- forgive
-- Forget the failures of somebody who has proved who they are.
DELETE FROM tries WHERE whose = :whose;

-- keep_session
-- Keep a session.
INSERT INTO session
(token_hash, person, strength, device, csrf, under_duress, begun_at, ends_at)
VALUES
(:token_hash, :person, :strength, :device, :csrf, :under_duress, :now, :ends_at);

-- strengthen_session
-- Keep by what the person of a session is known now.
UPDATE session SET strength = :strength WHERE token_hash = :token_hash;

-- sessions
-- List the sessions that have not ended.
SELECT token_hash, person, strength, device, csrf, under_duress, begun_at, ends_at
FROM session WHERE ends_at > :now;

-- end_session
-- End one session.
DELETE FROM session WHERE token_hash = :token_hash;

-- end_sessions
-- End all sessions of a person.
DELETE FROM session WHERE person = :person;

-- forget_sessions
-- Forget what has ended.
DELETE FROM session WHERE ends_at <= :now;

-- keep_device
-- Keep a device enrolled at a desk.
INSERT INTO device (id, token_hash, desk, name, enrolled_at)
VALUES (:id, :token_hash, :desk, :name, :now);

-- devices
-- List every device, revoked ones too.
SELECT id, token_hash, desk, name, enrolled_at, revoked_at FROM device
ORDER BY enrolled_at, id;

-- revoke_device
-- Let a device act no more.
UPDATE device SET revoked_at = :now WHERE id = :id AND revoked_at IS NULL;

-- keep_key
-- Keep a machine client's key.
INSERT INTO api_key (id, secret_hash, desk, name, scopes, made_at)
VALUES (:id, :secret_hash, :desk, :name, :scopes, :now);

-- keys
-- List every key, revoked ones too.
SELECT id, secret_hash, desk, name, scopes, made_at, revoked_at FROM api_key
ORDER BY made_at, id;

-- revoke_key
-- Let a key act no more.
UPDATE api_key SET revoked_at = :now WHERE id = :id AND revoked_at IS NULL;

-- answered
-- Read what was answered to a request that came before.
SELECT request_hash, status, body FROM idempotency WHERE whose = :whose AND key = :key;

-- keep_answer
-- Keep what was answered, so that the same request gets it again.
INSERT INTO idempotency (whose, key, request_hash, status, body, at)
VALUES (:whose, :key, :request_hash, :status, :body, :now)
ON CONFLICT (whose, key) DO UPDATE SET status = excluded.status, body = excluded.body
WHERE request_hash = excluded.request_hash AND status = 0;

-- drop_begun
-- Forget a request that was begun and refused.
DELETE FROM idempotency WHERE whose = :whose AND key = :key AND status = 0;

-- forget_answers
-- Forget answers older than an instant.
DELETE FROM idempotency WHERE at < :before;
