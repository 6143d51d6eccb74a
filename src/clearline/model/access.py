"""Name how persons prove themselves to a node, and what software may do there."""

from enum import StrEnum


class SecretKind(StrEnum):
    """Name what somebody may prove themselves with."""

    PASSWORD = "password"  # noqa: S105 (no secret: the name of one)
    DURESS = "duress"
    PIN = "pin"
    ONCE = "once"


class Scope(StrEnum):
    """Name what a machine client may do for its desk."""

    READ = "read"
    CALLS = "calls"
    NOTICES = "notices"
    ADMIN = "admin"
