"""Hold the API's forms of following the feed."""

from typing import Annotated

import msgspec
from msgspec import Meta


class Following(msgspec.Struct, frozen=True, kw_only=True):
    """Say where to begin.

    Attributes:
        last_event_id: As the header `Last-Event-ID`, for a client that cannot set it.
        beat_s: A beat comes every so many seconds; 5 suits a narrow line.
    """

    last_event_id: str = ""
    beat_s: Annotated[int, Meta(ge=1, le=30)] = 1
