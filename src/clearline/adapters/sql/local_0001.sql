-- What a node keeps that is not log: who can sign in, from where people are reached,
-- and the codes of what rings. Losing this file loses no word anybody said.
-- application_id says "CLRN"; user_version counts these migration files.
-- Instants are RFC 3339 text, UTC; secrets stand here as hashes alone.

-- Where a person is reached. The same number may serve several people of a desk.
CREATE TABLE address (
    person TEXT NOT NULL,
    medium TEXT NOT NULL,
    address TEXT NOT NULL,
    place INTEGER NOT NULL DEFAULT 0,
    language TEXT NOT NULL DEFAULT 'en',
    PRIMARY KEY (person, medium, address)
) STRICT, WITHOUT ROWID;

CREATE INDEX address_by_itself ON address (medium, address);

-- The one-time code of an attempt.
CREATE TABLE code (
    code TEXT PRIMARY KEY,
    attempt TEXT NOT NULL UNIQUE,
    call TEXT NOT NULL,
    person TEXT NOT NULL,
    made_at TEXT NOT NULL,
    used_at TEXT
) STRICT, WITHOUT ROWID;

-- How a person proves who they are: at most one of each kind but passkeys, whose
-- public halves stand in the log. `duress` signs in as usual and alarms others.
CREATE TABLE secret (
    person TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('password', 'duress', 'pin', 'once')),
    hash TEXT NOT NULL,
    made_at TEXT NOT NULL,
    ends_at TEXT,
    PRIMARY KEY (person, kind)
) STRICT, WITHOUT ROWID;

-- Failed tries to sign in, so that guessing gets slow.
CREATE TABLE tries (
    whose TEXT PRIMARY KEY,
    failed INTEGER NOT NULL,
    last_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A signed-in person at a screen; the token itself is only with them.
CREATE TABLE session (
    token_hash BLOB PRIMARY KEY CHECK (length(token_hash) = 32),
    person TEXT NOT NULL,
    strength TEXT NOT NULL,
    device TEXT NOT NULL,
    csrf TEXT NOT NULL,
    under_duress INTEGER NOT NULL CHECK (under_duress IN (0, 1)),
    begun_at TEXT NOT NULL,
    ends_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX session_by_person ON session (person);

-- A screen or telephone enrolled at a desk: it may raise STOP and HOLD alone.
CREATE TABLE device (
    id TEXT PRIMARY KEY,
    token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    desk TEXT NOT NULL,
    name TEXT NOT NULL,
    enrolled_at TEXT NOT NULL,
    revoked_at TEXT
) STRICT, WITHOUT ROWID;

-- The key of a machine client: it acts for a desk within its scopes.
CREATE TABLE api_key (
    id TEXT PRIMARY KEY,
    secret_hash BLOB NOT NULL CHECK (length(secret_hash) = 32),
    desk TEXT NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    made_at TEXT NOT NULL,
    revoked_at TEXT
) STRICT, WITHOUT ROWID;

-- What was answered to a request that may be sent again.
CREATE TABLE idempotency (
    whose TEXT NOT NULL,
    key TEXT NOT NULL,
    request_hash BLOB NOT NULL CHECK (length(request_hash) = 32),
    status INTEGER NOT NULL,
    body BLOB NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (whose, key)
) STRICT, WITHOUT ROWID;

-- Single values: how far a reader of the log has come, keys of our own making.
CREATE TABLE value (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
