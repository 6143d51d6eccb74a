"""Hold the acts by which a log takes over what another one held.

A notice is carried as it stands (`notice_acts.NoticeCarried`).
"""

import msgspec

from clearline.model.linetests import Channel


class EntryCarried(msgspec.Struct, frozen=True, kw_only=True):
    """Carry an entry over, as it was signed in a log before: its words and its time.

    Attributes:
        origin: The log it was signed in.
        index: Where it stands there.
        entry: Its payload, as it stands there; what was erased it names no more.
    """

    origin: str
    index: int
    entry: msgspec.Raw


class ChannelCarried(msgspec.Struct, frozen=True, kw_only=True):
    """Carry over what came of the checks of a line, with the times they had."""

    stands: Channel
