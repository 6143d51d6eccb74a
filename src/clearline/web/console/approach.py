"""Draw the closest approach of two that meet, from what its viewer may see alone.

    both known exactly    both extents with their margins, where they come nearest, how
                          near that is, when contact begins and when they are nearest
    one by its cell       the own extent and the other's cell; nothing is measured
    else                  nothing to draw: the desk to call is on the page

The plane lies about where they come nearest; distances and bearings from there are
true. What is drawn is cut at the frame, so that a long way off does not make it small.
"""

import math
from collections.abc import Sequence
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from clearline.geo.geodesy import cut_points, destination, inverse, laid_flat
from clearline.geo.meeting import Meeting, meet
from clearline.model.conflicts import ConflictId
from clearline.model.instants import FOREVER, Duration, Instant, Window
from clearline.model.notice_details import NoticeKind
from clearline.model.notice_seen import NoticeSeen
from clearline.model.places import Position
from clearline.model.rings import NotAnExtent
from clearline.rules.disclosure import may_see_conflict, notice_for
from clearline.web.console.pages import Visit
from clearline.web.mapped import drawn, of_cell

WIDE: Final = 640.0
HIGH: Final = 400.0
_MIDDLE: Final = (WIDE / 2, HIGH / 2)
_KILOMETRE_M: Final = 1_000.0
_LEAST_M: Final = 400.0
_EDGE: Final = 90.0
_PIECES: Final = 40
_LEAST_PAD: Final = Duration(minutes=30)
_SCALES: Final = (1, 2, 5)
_SCALE_PX: Final = 160.0

Flat = NDArray[np.float64]


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one of the two as it is drawn; lengths in the picture's own unit.

    Attributes:
        name: The notice, or its owner where no more is known.
        kind: Of the five, or nothing.
        is_own: Whether it is the viewer's.
        is_coarse: Whether only its cell is known.
        outline: An SVG path of its area, or of its middle line.
        is_line: Whether it is a path, as wide as `width`.
        dot: Where it stands, if it is a place with a radius.
        radius: How far it reaches from there, what it may be off included.
        width: Of a path.
        buffer: The margin around it.
        at: Where it comes nearest.
        window: When.
    """

    name: str
    kind: NoticeKind | None
    is_own: bool
    is_coarse: bool
    outline: str = ""
    is_line: bool = False
    dot: tuple[float, float] | None = None
    radius: float = 0.0
    width: float = 0.0
    buffer: float = 0.0
    at: tuple[float, float] | None = None
    label: tuple[float, float] = _MIDDLE
    window: Window | None = None


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """Hold from when to when one is there, percent of the axis.

    Attributes:
        of: `own`, `other` or `both`: while they may be within the margins.
    """

    of: str
    name: str
    x: float
    width: float


class Approach(msgspec.Struct, frozen=True, kw_only=True):
    """Hold the picture, and what was measured for it.

    Attributes:
        met: How they meet, where both are known exactly.
        scale: How long the bar of the scale is, and what that is on the ground.
        bars: Both windows and the contact, on one axis of time.
        closest_x: When on that axis they are nearest, percent.
    """

    sides: tuple[Side, ...]
    scale: tuple[float, str]
    met: Meeting | None = None
    bars: tuple[Bar, ...] = ()
    closest_x: float | None = None
    wide: float = WIDE
    high: float = HIGH

    @property
    def apart(self) -> str:
        """Say how far apart they are, in metres."""
        if self.met is None or self.met.separation_m is None:
            return ""
        return f"{self.met.separation_m:,.0f} m"

    @property
    def middle(self) -> tuple[float, float]:
        """Return where the length between the two is written."""
        points = [side.at for side in self.sides if side.at is not None]
        if not points:
            return _MIDDLE
        return (
            sum(x for x, _ in points) / len(points),
            sum(y for _, y in points) / len(points),
        )


async def approach(visit: Visit, key: ConflictId) -> Approach | None:
    """Draw a conflict; nothing where there is none, or nothing to draw."""
    seen = _both(visit, key)
    if len(seen) < 2:  # noqa: PLR2004 (both)
        return None
    made: Approach | None = await visit.asking.aside(lambda: draw(*seen))
    return made


def _both(visit: Visit, key: ConflictId) -> tuple[NoticeSeen, ...]:
    """Return both notices as this viewer may know them, the own one first."""
    viewer, now = visit.caller.viewer(), visit.now
    with visit.looking() as view:
        conflict = view.conflicts.get(key)
        if conflict is None or not may_see_conflict(viewer, conflict):
            return ()
        notices = [
            view.notices.get(side.notice) for side in (conflict.one, conflict.other)
        ]
        found = [
            notice_for(view, viewer, notice, now)
            for notice in notices
            if notice is not None
        ]
    seen = [one for one in found if one is not None]
    return tuple(sorted(seen, key=lambda one: not one.is_own))


def draw(own: NoticeSeen, other: NoticeSeen) -> Approach | None:
    """Draw two notices as they are seen; nothing where one of them is nowhere."""
    lines = [_lines(one) for one in (own, other)]
    if not all(lines):
        return None
    met = _met(own, other)
    nearest = met.nearest if met is not None else None
    centre = _between(nearest) if nearest else _middle_of([*lines[0], *lines[1]])
    flat = [[laid_flat(centre, line) for line in one] for one in lines]
    reach_m = [_reach_m(flat[at], one) for at, one in enumerate((own, other))]
    frame = _Frame(_half_m(reach_m, met))
    points = [
        frame.to_px(laid_flat(centre, np.array([[at.lon, at.lat]]))[0])
        for at in nearest or ()
    ]
    sides = [
        _side(one, flat[at], frame, points[at] if points else None)
        for at, one in enumerate((own, other))
    ]
    bars, closest_x = _in_time(sides, met)
    return Approach(
        sides=_labelled(sides),
        scale=frame.scale(),
        met=met,
        bars=bars,
        closest_x=closest_x,
    )


def _met(own: NoticeSeen, other: NoticeSeen) -> Meeting | None:
    """Measure how they meet, where both are known exactly."""
    if own.revision is None or other.revision is None:
        return None
    try:
        met = meet(own.revision.extent, other.revision.extent)
    except NotAnExtent:
        return None
    return met if met.separation_m is not None else None


# --- what lies where ------------------------------------------------------------------


def _geometry(seen: NoticeSeen) -> tuple[dict[str, Any] | None, float, float]:
    if seen.revision is not None:
        return drawn(seen.revision.shape or seen.revision.where.footprint)
    return of_cell(seen.cell) if seen.cell is not None else (None, 0.0, 0.0)


def _lines(seen: NoticeSeen) -> list[Flat]:
    """Return the lines it is drawn by, longitude and latitude, cut into short legs."""
    geometry, _, _ = _geometry(seen)
    if geometry is None:
        return []
    given = geometry["coordinates"]
    match geometry["type"]:
        case "Point":
            return [np.array([given], dtype=np.float64)]
        case "LineString":
            lines = [given]
        case "Polygon":
            lines = given
        case _:
            lines = [ring for part in given for ring in part]
    return [_cut(np.array(line, dtype=np.float64)) for line in lines]


def _cut(line: Flat) -> Flat:
    starts, ends = line[:-1], line[1:]
    longest = max(1_000.0, float(np.ptp(line[:, 1])) * 111_000 / _PIECES)
    rows, _, between = cut_points(starts, ends, longest)
    parts = []
    for row in range(len(starts)):
        parts += [starts[row : row + 1], between[rows == row]]
    return np.vstack([*parts, ends[-1:]])


def _between(nearest: tuple[Position, Position]) -> Position:
    apart_m, bearing = inverse(*nearest)
    return destination(nearest[0], bearing, apart_m / 2) if apart_m else nearest[0]


def _middle_of(lines: Sequence[Flat]) -> Position:
    every = np.vstack(lines)
    lon, lat = (every.min(axis=0) + every.max(axis=0)) / 2
    return Position(lon=float(lon), lat=float(lat))


def _reach_m(lines: Sequence[Flat], seen: NoticeSeen) -> float:
    """Say how far from the middle of the picture it reaches, metres."""
    _, radius_m, half_width_m = _geometry(seen)
    buffer_m = seen.revision.buffer_m if seen.revision else 0.0
    every = np.vstack(lines)
    return float(np.hypot(every[:, 0], every[:, 1]).max()) + max(
        radius_m + buffer_m, half_width_m + buffer_m
    )


def _half_m(reach_m: Sequence[float], met: Meeting | None) -> float:
    """Say how much is shown to each side: the smaller of the two whole, if it may."""
    whole = max(reach_m)
    near = 0.0 if met is None else (met.separation_m or 0.0) + met.limit_m
    return min(whole, max(_LEAST_M, 1.15 * min(reach_m), 3.0 * near)) * 1.05


def _in_time(
    sides: Sequence[Side], met: Meeting | None
) -> tuple[tuple[Bar, ...], float | None]:
    """Lay both windows and the contact on one axis, the contact in its middle."""
    if met is None or met.contact is None or met.contact.end >= FOREVER:
        return (), None
    contact = met.contact
    pad = max(_LEAST_PAD, (contact.end - contact.start) / 2)
    begins, long = contact.start - pad, contact.end - contact.start + 2 * pad

    def share(at: Instant) -> float:
        return round(100 * min(1.0, max(0.0, (at - begins) / long)), 2)

    there = [
        ("own" if at == 0 else "other", side.name, side.window)
        for at, side in enumerate(sides)
    ]
    bars = tuple(
        Bar(
            of=of,
            name=name,
            x=share(window.start),
            width=round(max(0.4, share(window.end) - share(window.start)), 2),
        )
        for of, name, window in (*there, ("both", "", contact))
        if window is not None
    )
    return bars, share(met.closest_at) if met.closest_at else None


# --- on the picture -------------------------------------------------------------------


class _Frame:
    """Turn metres about the middle into the picture's own unit."""

    def __init__(self, half_m: float) -> None:
        self.per_m = (min(WIDE, HIGH) / 2) / max(half_m, 1.0)

    def to_px(self, at: Flat) -> tuple[float, float]:
        x, y = _MIDDLE
        return (
            _figure(x + float(at[0]) * self.per_m),
            _figure(y - float(at[1]) * self.per_m),
        )

    def long(self, length_m: float) -> float:
        return _figure(length_m * self.per_m)

    def scale(self) -> tuple[float, str]:
        """Return a bar of a round length that is easily compared."""
        most_m = _SCALE_PX / self.per_m
        power = 10 ** math.floor(math.log10(most_m))
        length_m = max(one * power for one in _SCALES if one * power <= most_m)
        return self.long(length_m), _say_round(length_m)


def _say_round(length_m: float) -> str:
    is_long = length_m >= _KILOMETRE_M
    return f"{length_m / _KILOMETRE_M:g} km" if is_long else f"{length_m:g} m"


def _figure(value: float) -> float:
    return round(max(-20_000.0, min(20_000.0, value)), 1)


def _side(
    seen: NoticeSeen,
    lines: Sequence[Flat],
    frame: _Frame,
    at: tuple[float, float] | None,
) -> Side:
    geometry, radius_m, half_width_m = _geometry(seen)
    kind = geometry["type"] if geometry else ""
    is_point = kind == "Point"
    is_line = kind == "LineString"
    path = "" if is_point else "".join(_path(one, frame, not is_line) for one in lines)
    buffer_m = seen.revision.buffer_m if seen.revision else 0.0
    return Side(
        name=seen.id,
        kind=seen.kind,
        is_own=seen.is_own,
        is_coarse=seen.revision is None,
        outline=path,
        is_line=is_line,
        dot=frame.to_px(lines[0][0]) if is_point else None,
        radius=frame.long(radius_m),
        width=frame.long(2 * half_width_m),
        buffer=frame.long(buffer_m),
        at=at,
        window=seen.window,
    )


def _path(line: Flat, frame: _Frame, is_closed: bool) -> str:  # noqa: FBT001 (as is)
    points = [frame.to_px(at) for at in line]
    said = " ".join(f"{x:g},{y:g}" for x, y in points)
    return f"M{said}{'Z' if is_closed else ''}"


def _labelled(sides: Sequence[Side]) -> tuple[Side, ...]:
    """Put the two names apart: the upper one's above, the lower one's below."""
    upper = min(sides, key=lambda side: (side.at or _MIDDLE)[1])
    placed = []
    for side in sides:
        x, y = side.at or _MIDDLE
        away = -26.0 if side is upper else 38.0
        label = (
            min(WIDE - _EDGE, max(_EDGE, x)),
            min(HIGH - 44.0, max(24.0, y + away)),
        )
        placed.append(msgspec.structs.replace(side, label=label))
    return tuple(placed)
