"""Hold the API's forms of places as they are typed."""

from typing import Annotated

import msgspec
from msgspec import Meta

from clearline.model.places import Place


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """Give a place as told."""

    text: Annotated[str, Meta(min_length=1, max_length=2_000)]


class ReadingShown(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one reading.

    Attributes:
        lon: Longitude of its middle, degrees east, WGS 84; empty if unlocated.
        lat: Latitude of its middle, degrees north.
        understood: How it was read, and what was assumed.
        place: The reading whole, to give back in a card.
    """

    lon: float | None
    lat: float | None
    precision_m: float | None
    format: str
    understood: str
    place: Place


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """List the readings of a text; with several, somebody has to choose.

    Attributes:
        apart_m: Least distance of each reading from the first, metres.
    """

    readings: tuple[ReadingShown, ...]
    is_ambiguous: bool
    apart_m: tuple[float | None, ...]
