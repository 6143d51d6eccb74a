"""Hold how much one desk is calling."""

import msgspec

from clearline.model.instants import Instant
from clearline.model.parties import DeskId, PartyId


class Source(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold the open STOPs and HOLDs of one desk, merged for the eye.

    Attributes:
        last_minute: How many it raised in the last minute, open or over.
        open: How many of its are open.
        places: How many different ones: by the desk called and the place named.
        unanswered: Of how many nobody has said "I have it".
    """

    party: PartyId
    desk: DeskId
    last_minute: int
    open: int
    places: int
    unanswered: int
    oldest_at: Instant
    newest_at: Instant
