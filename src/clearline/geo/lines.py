"""Read several lines, a position each, as a route or an area.

    35.2854 N 40.1760 E          area:
    35.2500 N 40.1500 E          37S FV 069 053
    35.2000 N 40.1200 E          37S FV 048 031
                                 37S FV 027 010

Positions in order are a route. They are an area where the last is the first again, or
where the first line says *area*; where it says *route* they are a route in any case.
One line that cannot be read, or that may be several places, stops all of it and is
named by its number: a route without one of its corners is another route. Only where
every line is open in the same way, as bare numbers are, the whole is read once in
each of these ways.

Numbers in front of the lines go, where they count 1, 2, 3 from the first to the last.
"""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from clearline.geo.geodesy import distance_m
from clearline.geo.lengths import say_length
from clearline.geo.plain import NoReading, refuse
from clearline.model.errors import BadInput
from clearline.model.places import (
    Corridor,
    Place,
    PlaceFormat,
    Point,
    Polygon,
    Position,
    Reading,
)

MOST_LINES = 200
"""Positions a route or an area may have when it is told in lines."""
LONGEST_TEXT = 40_000
"""Characters in all lines together."""

_HEADING = re.compile(
    r"(?P<what>route|path|track|line|area|polygon|zone|boundary)[ :.]*", re.IGNORECASE
)
_AREAS = frozenset({"area", "polygon", "zone", "boundary"})
_NUMBERED = re.compile(
    r"(?:(?:point|pt|wp|waypoint|no)\.? ?)?(\d{1,3}) ?[.):]\s+(?=\S)", re.IGNORECASE
)
_LEAST_AREA = 3

_Read = Callable[[str], tuple[Reading, ...]]


def parted(text: str) -> list[str]:
    """Return the lines of a text that hold anything."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def read_lines(lines: Sequence[str], text: str, read: _Read) -> tuple[Reading, ...]:
    """Read lines as one route or one area.

    Args:
        lines: At least two, none empty.
        text: All of it as told, kept in the place.
        read: Reads one line.

    Returns:
        One reading, or one for each way in which all lines are open alike.

    Raises:
        NoReading: It says which line, and what has to be asked.
    """
    if len(text) > LONGEST_TEXT:
        raise refuse(f"A text of {len(text)} characters is too long for a route.")
    heading = _HEADING.fullmatch(lines[0])
    body = _without_numbers(lines[1:] if heading else lines)
    if not 1 <= len(body) <= MOST_LINES:
        raise refuse(
            f"{len(body)} lines are no route.",
            f"Give 2 to {MOST_LINES} lines, a position each.",
        )
    ways = _ways([_read_line(k, line, read) for k, line in enumerate(body, 1)])
    what = heading["what"].casefold() if heading else ""
    return tuple(_whole(list(way), what, text) for way in ways)


def _without_numbers(lines: Sequence[str]) -> list[str]:
    """Take the numbers off lines that are numbered from the first to the last."""
    numbered = [_NUMBERED.match(line) for line in lines]
    if all(m and int(m[1]) == k for k, m in enumerate(numbered, 1)):
        return [line[m.end() :] for line, m in zip(lines, numbered, strict=True) if m]
    return list(lines)


def _read_line(number: int, line: str, read: _Read) -> tuple[Reading, ...]:
    try:
        readings = read(line)
    except BadInput as error:
        raise refuse(
            f"Line {number} cannot be read: {error.what}",
            f"{error.next} Then give all lines again.",
        ) from error
    for reading in readings:
        if not isinstance(reading.place.footprint, Point):
            raise refuse(
                f"Line {number} is no position but an area: {reading.understood}",
                "Give a position in each line.",
            )
    return readings


def _ways(read: list[tuple[Reading, ...]]) -> list[tuple[Reading, ...]]:
    """Return the ways to read all lines: one, or those that all lines share.

    Raises:
        NoReading: A line is open in a way that others are not.
    """
    methods = {tuple(r.place.method for r in readings) for readings in read}
    if len(methods) == 1 or all(len(readings) == 1 for readings in read):
        return list(zip(*read, strict=True))
    number = next(k for k, readings in enumerate(read, 1) if len(readings) > 1)
    among = " or ".join(reading.understood for reading in read[number - 1])
    raise refuse(
        f"Line {number} may be {len(read[number - 1])} places: {among}",
        "Choose one, write that line so that it says which, and give all lines again.",
    )


def _whole(read: list[Reading], what: str, text: str) -> Reading:
    """Make a route or an area of the positions of all lines."""
    points = [_point(reading) for reading in read]
    path = tuple(point.position for point in points)
    precision_m = max(point.precision_m for point in points)
    is_closed = len(path) > _LEAST_AREA and path[0] == path[-1]
    is_area = what in _AREAS or (is_closed and not what)
    footprint: Corridor | Polygon
    try:
        if is_area:
            ring = path[:-1] if is_closed else path
            footprint = Polygon(outer=ring, precision_m=precision_m)
        else:
            footprint = Corridor(path=path, half_width_m=0.0, precision_m=precision_m)
    except BadInput as error:
        raise NoReading(error.what, state="No place was made.", next=error.next) from (
            error
        )
    method = _method(is_area=is_area, is_closed=is_closed, is_said=bool(what))
    return Reading(
        place=Place(
            footprint=footprint, text=text, format=PlaceFormat.LINES, method=method
        ),
        understood=(
            f"{_say(footprint)}; {method}; each position within "
            f"{precision_m:,.0f} m or better."
        ),
        lines=tuple(read),
    )


def _point(reading: Reading) -> Point:
    footprint = reading.place.footprint
    if not isinstance(footprint, Point):
        raise TypeError(footprint)  # refused with its line, above
    return footprint


def _method(*, is_area: bool, is_closed: bool, is_said: bool) -> str:
    if is_said:
        how = "as its first line says"
    elif is_area:
        how = "because the last is the first again"
    else:
        how = "in the order of the lines"
    drawn = "an area" if is_area else "a route"
    closed = ", closed from the last to the first" if is_area and not is_closed else ""
    return f"the positions taken as {drawn} {how}{closed}, with geodesics between them"


def _say(footprint: Corridor | Polygon) -> str:
    if isinstance(footprint, Polygon):
        ring = footprint.outer
        around_m = _length_m((*ring, ring[0]))
        return f"An area of {len(ring)} corners, {say_length(around_m)} around"
    path = footprint.path
    return f"A route through {len(path)} positions, {say_length(_length_m(path))} long"


def _length_m(path: Sequence[Position]) -> float:
    return sum(distance_m(p, q) for p, q in pairwise(path))
