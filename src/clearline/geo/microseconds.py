"""Count instants in whole microseconds since 1970, exactly."""

from datetime import UTC, datetime
from typing import Final

from clearline.model.instants import Instant

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(at: Instant) -> int:
    """Return an instant as microseconds since 1970."""
    span = at - EPOCH
    return (span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds
