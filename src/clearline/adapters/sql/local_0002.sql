-- Who raised a call by telephone, message or mailbox, and is told there how it stands.
-- The number does not belong into the log; losing it loses only the telling.

CREATE TABLE caller (
    call TEXT PRIMARY KEY,
    medium TEXT NOT NULL,
    address TEXT NOT NULL,
    person TEXT NOT NULL,
    language TEXT NOT NULL
) STRICT;
