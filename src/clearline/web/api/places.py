"""Read places as they are typed, and say what was understood."""

from typing import Annotated

import msgspec
from msgspec import Meta

from clearline.geo.reading import read_place
from clearline.geo.separation import middle, separation
from clearline.model.places import Place, Unlocated
from clearline.web.endpoints import LOOKING, Asking, Endpoint


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


async def _read(asking: Asking) -> Read:
    told: Told = asking.body
    with asking.looking() as view:
        origins = tuple(view.origins.values())
    readings = await asking.aside(lambda: read_place(told.text, origins))
    shown = []
    for reading in readings:
        footprint = reading.place.footprint
        at = None if isinstance(footprint, Unlocated) else middle(footprint)
        shown.append(
            ReadingShown(
                lon=at.lon if at else None,
                lat=at.lat if at else None,
                precision_m=reading.place.precision_m,
                format=reading.place.format,
                understood=reading.understood,
                place=reading.place,
            )
        )
    first = readings[0].place.footprint
    apart = [
        None
        if isinstance(first, Unlocated) or isinstance(other, Unlocated)
        else separation(first, other).least
        for other in (reading.place.footprint for reading in readings)
    ]
    return Read(
        readings=tuple(shown), is_ambiguous=len(shown) > 1, apart_m=tuple(apart)
    )


ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/api/v1/places/reading",
        name="readPlace",
        does="Read a place and say what was understood; nothing is guessed.",
        handle=_read,
        may=LOOKING,
        takes=Told,
        gives=Read,
        is_kept=False,
    ),
)
