"""Hold the API's forms of following the feed."""

import msgspec


class Following(msgspec.Struct, frozen=True, kw_only=True):
    """Say where to begin.

    Attributes:
        last_event_id: As the header `Last-Event-ID`, for a client that cannot set it.
    """

    last_event_id: str = ""
