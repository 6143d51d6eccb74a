"""Draw the places of a case that can be located, told beside real, to scale.

North is up, and a bar says the scale. What nobody can locate is not drawn; the page
lists it beside the drawing.
"""

import math
from typing import Final

import msgspec

from clearline.model.casefiles import CaseFile
from clearline.model.places import Point
from clearline.record.outlines import located
from clearline.replay.page.projection import Flat, flatten, rings

SIDE_PX: Final = 560.0
_MARGIN_PX: Final = 46.0
_GAP_PX: Final = 5.0
_LETTER_PX: Final = 7.0  # about how wide a letter of a name is
_BARS_M: Final = (100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one place as it is drawn, pixels from the upper left.

    Attributes:
        path: Outlines of a sector, as an SVG path; empty for a point.
        x: Where a point's mark stands.
        radius_px: A point's precision.
        label_x: Where its name begins, beside a mark; or its middle, in it.
        anchor: Which of the two, as SVG's `text-anchor`.
    """

    name: str
    path: str
    x: float
    y: float
    radius_px: float
    label_x: float
    label_y: float
    anchor: str


class Sketch(msgspec.Struct, frozen=True, kw_only=True):
    """Hold the drawing.

    Attributes:
        bar_px: Length of the scale's bar.
        bar_says: What length that is.
    """

    side_px: float
    shapes: tuple[Shape, ...]
    bar_px: float
    bar_says: str


def sketch(case: CaseFile) -> Sketch | None:
    """Draw what can be located; nothing where nothing can."""
    there = located(case)
    if not there:
        return None
    named = {place.id: place.name for place in case.places}
    outlines = {name: rings(where) for name, where in there.items()}
    centre = next(iter(next(iter(outlines.values()))))[0]
    flat = {
        name: [[flatten(centre, at) for at in ring] for ring in some]
        for name, some in outlines.items()
    }
    scale, middle = _fit([at for some in flat.values() for ring in some for at in ring])
    shapes = []
    for name, some in flat.items():
        where = there[name]
        drawn = [[_put(at, scale, middle) for at in ring] for ring in some]
        is_point = isinstance(where, Point)
        x, y = drawn[0][0] if is_point else _mean(drawn[0])
        radius = max(4.0, where.precision_m * scale) if is_point else 0.0
        name_says = f"{named[name]} ({name})"
        beside_px = x + radius + _GAP_PX
        is_beside = is_point and beside_px + len(name_says) * _LETTER_PX < SIDE_PX
        shapes.append(
            Shape(
                name=name_says,
                path="" if is_point else _path(drawn),
                x=round(x, 1),
                y=round(y, 1),
                radius_px=round(radius, 1),
                label_x=round(beside_px if is_beside else x, 1),
                label_y=round(y + _GAP_PX, 1),
                anchor="start" if is_beside else "middle",
            )
        )
    bar = max((m for m in _BARS_M if m * scale <= SIDE_PX / 3), default=_BARS_M[0])
    return Sketch(
        side_px=SIDE_PX,
        shapes=tuple(shapes),
        bar_px=round(bar * scale, 1),
        bar_says=f"{bar / 1000:g} km" if bar >= 1000 else f"{bar} m",  # noqa: PLR2004 (a kilometre)
    )


def _fit(points: list[Flat]) -> tuple[float, Flat]:
    """Return pixels a metre, and what stands in the middle."""
    east = [at.east_m for at in points]
    north = [at.north_m for at in points]
    wide = max(max(east) - min(east), max(north) - min(north), 1_000.0)
    scale = (SIDE_PX - 2 * _MARGIN_PX) / wide
    middle = Flat((max(east) + min(east)) / 2, (max(north) + min(north)) / 2)
    return scale, middle


def _put(at: Flat, scale: float, middle: Flat) -> tuple[float, float]:
    x = SIDE_PX / 2 + (at.east_m - middle.east_m) * scale
    y = SIDE_PX / 2 - (at.north_m - middle.north_m) * scale
    return x, y


def _mean(points: list[tuple[float, float]]) -> tuple[float, float]:
    count = len(points)
    return math.fsum(x for x, _ in points) / count, math.fsum(
        y for _, y in points
    ) / count


def _path(drawn: list[list[tuple[float, float]]]) -> str:
    parts = [
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z" for ring in drawn
    ]
    return "".join(parts)
