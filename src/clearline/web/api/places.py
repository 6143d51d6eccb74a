"""Read places as they are typed, and say what was understood."""

from clearline.geo.reading import read_place
from clearline.geo.separation import middle, separation
from clearline.model.places import Unlocated
from clearline.web.endpoints import LOOKING, Asking, Endpoint, Repeat
from clearline.wire.forms.places import Read, ReadingShown, Told


async def _read(asking: Asking) -> Read:
    told: Told = asking.body
    with asking.looking() as view:
        own = tuple(view.origins.values())
    origins = asking.service.known(own)
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
        repeat=Repeat.BY_ID,
    ),
)
