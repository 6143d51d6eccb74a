"""Read what lies between two named origins, and what lies halfway.

*Between* is a circle whose diameter runs from one to the other: from any place in it
the two lie a right angle apart or more, so that neither can be called beyond the
other. It is no line, because nobody says which road.

*Halfway* is the point in the middle, within `ABOUT_SHARE` of the distance.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import product

from clearline.geo.directions import require_origins
from clearline.geo.geodesy import destination, inverse
from clearline.geo.lengths import say_length
from clearline.geo.origins import find_origins
from clearline.geo.plain import refuse
from clearline.geo.ranges import ABOUT_SHARE
from clearline.model.places import (
    Circle,
    NamedOrigin,
    Place,
    PlaceFormat,
    Point,
    Reading,
)

MOST_READINGS = 20

_FORM = re.compile(
    r"(?:somewhere |(?:in )?the area )?(?P<halfway>halfway |half way |midway )?"
    r"(?:in )?between (?P<pair>.+)",
    re.IGNORECASE,
)
_AND = re.compile(r" and ", re.IGNORECASE)


def read_between(
    words: str, text: str, origins: Sequence[NamedOrigin]
) -> tuple[Reading, ...]:
    """Read "between A and B" from two named origins.

    Returns:
        A reading for each two origins the words may name; nothing if the words are
        of another form.

    Raises:
        NoReading: An origin is not known, or both are the same.
    """
    match = _FORM.fullmatch(words)
    if match is None or not _AND.search(match["pair"]):
        return ()
    pairs = [
        (a, b)
        for first, second in _names(match["pair"], origins)
        for a, b in product(
            require_origins(first, text, origins),
            require_origins(second, text, origins),
        )
        if a.position != b.position
    ]
    if not pairs:
        raise refuse(
            f"{words!r} names one place twice.", "Ask which two places are meant."
        )
    if len(pairs) > MOST_READINGS:
        raise refuse(
            f"{words!r} may mean {len(pairs)} pairs of places.",
            "Ask what kind of place each is, and in which region.",
        )
    read = _halfway if match["halfway"] else _between
    return tuple(read(a, b, text) for a, b in pairs)


def _names(pair: str, origins: Sequence[NamedOrigin]) -> list[tuple[str, str]]:
    """Part two names at an *and*, in every way that is known; a name may have one."""
    ways = list(_parted(pair))
    known = [way for way in ways if all(find_origins(name, origins) for name in way)]
    return known or ways[:1]


def _parted(pair: str) -> Iterator[tuple[str, str]]:
    for found in _AND.finditer(pair):
        yield pair[: found.start()].strip(" ,"), pair[found.end() :].strip(" .,;")


def _between(a: NamedOrigin, b: NamedOrigin, text: str) -> Reading:
    apart_m, bearing_deg = inverse(a.position, b.position)
    precision_m = max(a.precision_m, b.precision_m)
    method = "between taken as the circle whose diameter runs from one to the other"
    return Reading(
        place=Place(
            footprint=Circle(
                centre=destination(a.position, bearing_deg, apart_m / 2),
                radius_m=apart_m / 2,
                precision_m=precision_m,
            ),
            text=text,
            format=PlaceFormat.BETWEEN,
            method=method,
        ),
        understood=(
            f"Between {a.label} and {b.label}, {say_length(apart_m)} apart; {method}; "
            f"within {precision_m:,.0f} m."
        ),
    )


def _halfway(a: NamedOrigin, b: NamedOrigin, text: str) -> Reading:
    apart_m, bearing_deg = inverse(a.position, b.position)
    precision_m = round(ABOUT_SHARE * apart_m + max(a.precision_m, b.precision_m), 2)
    method = "halfway along the straight line, within a tenth of the distance"
    return Reading(
        place=Place(
            footprint=Point(
                position=destination(a.position, bearing_deg, apart_m / 2),
                precision_m=precision_m,
            ),
            text=text,
            format=PlaceFormat.BETWEEN,
            method=method,
        ),
        understood=(
            f"Halfway between {a.label} and {b.label}, {say_length(apart_m)} apart; "
            f"{method}; within {precision_m:,.0f} m."
        ),
    )
