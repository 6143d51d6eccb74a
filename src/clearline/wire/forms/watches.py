"""Hold the API's forms of watches."""

import msgspec

from clearline.model.calls import CallId
from clearline.model.instants import Instant
from clearline.model.parties import (
    DeskId,
    Role,
    Watch,
)


class WatchWanted(msgspec.Struct, frozen=True, kw_only=True):
    """Take the watch in a role until an instant."""

    role: Role
    until: Instant


class HandOver(msgspec.Struct, frozen=True, kw_only=True):
    """Leave the watch; where somebody takes over, they prove it is them.

    Attributes:
        to: Who takes over; nobody if empty.
        secret: The incoming person's password.
        taken: The open calls they take, one by one; the others ring again.
    """

    to: str = ""
    secret: str = ""
    taken: tuple[CallId, ...] = ()


class DeskWatched(msgspec.Struct, frozen=True, kw_only=True):
    """Say who has the watch at a desk now.

    Attributes:
        has_nobody: Whether nobody has; a call then rings every member.
    """

    desk: DeskId
    watches: tuple[Watch, ...]
    has_nobody: bool
