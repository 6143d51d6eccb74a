"""Turn places into a sketch: told against meant, with everything that is located.

Nothing is drawn finer than it is known: an area is its outline, a position a ring
as wide as its precision, and a name nobody can place is not on the sketch at all
but in the list beside it. There is no map beneath.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from clearline.geo.separation import middle
from clearline.model.places import Circle, FactStatus, Point, Sector
from clearline.replay.page.keyed import Keyed, centre_of, keys
from clearline.replay.page.labels import Box, Wish, place_labels
from clearline.replay.page.projection import Flat, flatten, rings
from clearline.replay.page.words import length
from clearline.replay.result import PlaceChecked, Replay

WIDE_PX: Final = 600.0
NARROW_PX: Final = 288.0

_LEAST_GRID_PX: Final = 58.0
_TALLEST: Final = 1.2
_TALLEST_NARROW: Final = 1.5
_FLATTEST: Final = 0.55
_PAD_PX: Final = 34.0
_LEAST_SPAN_M: Final = 200.0
_STEPS: Final = (1, 2, 5)


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one place as drawn, in pixels from the top left.

    Attributes:
        letter: What it is called on the sketch.
        role: `told`, `meant`, `rival`, `origin` or `other`.
        path: Its outline, empty for a position.
        x: Its middle.
        halo_px: How far its precision reaches beyond its edge.
        box: What it covers, its precision included.
    """

    letter: str
    role: str
    name: str
    path: str
    x: float
    y: float
    halo_px: float
    box: Box
    status: FactStatus | None


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a label where it found room.

    Attributes:
        text: Words beside the letter; empty where there is room for none.
    """

    letter: str
    text: str
    x: float
    y: float
    width: float


class Measured(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a line between two places with the length it stands for."""

    x1: float
    y1: float
    x2: float
    y2: float
    x: float
    y: float
    label: str
    width: float


class GridLine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a line of the grid, `at` pixels, so many kilometres off the centre."""

    at: float
    label: str


class Sketch(msgspec.Struct, frozen=True, kw_only=True):
    """Hold the drawing, in pixels.

    Attributes:
        centre: The name of the place that the grid counts from.
        east: Lines that run north, kilometres east of the centre.
        north: Lines that run east, kilometres north of the centre.
        bar_px: Length of the scale bar.
    """

    width: float
    height: float
    centre: str
    shapes: tuple[Shape, ...]
    named: tuple[Named, ...]
    measured: tuple[Measured, ...]
    east: tuple[GridLine, ...]
    north: tuple[GridLine, ...]
    bar_px: float
    bar_label: str


class _Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a located place before it is scaled; rings in metres about the centre."""

    key: Keyed
    footprint: Point | Circle | Sector
    rings: tuple[tuple[Flat, ...], ...]
    middle: Flat
    status: FactStatus | None


class _Frame(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold how metres become pixels."""

    width: float
    height: float
    left_m: float
    top_m: float
    m_per_px: float

    def to_px(self, flat: Flat) -> tuple[float, float]:
        return (
            round((flat.east_m - self.left_m) / self.m_per_px, 1),
            round((self.top_m - flat.north_m) / self.m_per_px, 1),
        )


def sketch(replay: Replay, width: float, *, has_words: bool) -> Sketch | None:
    """Draw everything located; nothing where nothing is.

    Args:
        replay: What to draw.
        width: How wide, pixels.
        has_words: Whether labels have words beside their letters.
    """
    drawn, centre = _drawn(replay)
    if not drawn:
        return None
    frame = _frame(drawn, width, _TALLEST if has_words else _TALLEST_NARROW)
    measured = tuple(_measured(replay.place_check, drawn, frame))
    shapes = tuple(_shape(one, frame) for one in drawn)
    step = _grid_step_m(frame)
    return Sketch(
        width=frame.width,
        height=frame.height,
        centre=centre,
        shapes=shapes,
        named=tuple(_named(shapes, measured, frame, has_words=has_words)),
        measured=measured,
        east=tuple(_grid(frame.left_m, frame.width, frame.m_per_px, step, 1)),
        north=tuple(_grid(frame.top_m, frame.height, frame.m_per_px, step, -1)),
        bar_px=round(step / frame.m_per_px, 1),
        bar_label=_bar_label(step),
    )


# --- what is drawn ------------------------------------------------------------------


def _drawn(replay: Replay) -> tuple[list[_Drawn], str]:
    """Return everything located, in metres about a centre, and the centre's name."""
    keyed = keys(replay)
    centre_key = centre_of(replay, keyed)
    if centre_key is None or centre_key.place is None:
        return [], ""
    centre = middle(_located(centre_key.place.footprint))
    drawn = []
    for key in keyed:
        held = key.place or key.rival
        if held is None:
            continue
        if not isinstance(held.footprint, Point | Circle | Sector):
            continue
        shape = held.footprint
        drawn.append(
            _Drawn(
                key=key,
                footprint=shape,
                rings=tuple(
                    tuple(flatten(centre, position) for position in ring)
                    for ring in rings(shape)
                ),
                middle=flatten(centre, middle(shape)),
                status=None if key.place is None else key.place.status,
            )
        )
    return drawn, centre_key.name


def _located(footprint: object) -> Point | Circle | Sector:
    if not isinstance(footprint, Point | Circle | Sector):
        msg = "only what is located has a middle"
        raise TypeError(msg)
    return footprint


# --- metres to pixels ---------------------------------------------------------------


def _frame(drawn: Sequence[_Drawn], width: float, tallest: float) -> _Frame:
    """Fit everything with its precision, between the flattest and tallest frame."""
    reach = [
        (flat, one.footprint.precision_m)
        for one in drawn
        for ring in one.rings
        for flat in ring
    ]
    west = min(flat.east_m - by for flat, by in reach)
    east = max(flat.east_m + by for flat, by in reach)
    south = min(flat.north_m - by for flat, by in reach)
    north = max(flat.north_m + by for flat, by in reach)
    across = max(east - west, _LEAST_SPAN_M)
    along = max(north - south, _LEAST_SPAN_M)
    inner = width - 2 * _PAD_PX
    m_per_px = max(across / inner, along / (tallest * width - 2 * _PAD_PX))
    height = max(_FLATTEST * width, along / m_per_px + 2 * _PAD_PX)
    return _Frame(
        width=width,
        height=round(height, 1),
        left_m=(west + east) / 2 - width / 2 * m_per_px,
        top_m=(south + north) / 2 + height / 2 * m_per_px,
        m_per_px=m_per_px,
    )


def _shape(one: _Drawn, frame: _Frame) -> Shape:
    x, y = frame.to_px(one.middle)
    is_position = isinstance(one.footprint, Point)
    halo = one.footprint.precision_m / frame.m_per_px
    corners = [frame.to_px(flat) for ring in one.rings for flat in ring]
    return Shape(
        letter=one.key.letter,
        role=one.key.role,
        name=one.key.name,
        path="" if is_position else "".join(_closed(ring, frame) for ring in one.rings),
        x=x,
        y=y,
        halo_px=round(halo, 1),
        box=Box(
            min(east for east, _ in corners) - halo,
            min(south for _, south in corners) - halo,
            max(east for east, _ in corners) + halo,
            max(south for _, south in corners) + halo,
        ),
        status=one.status,
    )


def _closed(ring: Sequence[Flat], frame: _Frame) -> str:
    points = (frame.to_px(flat) for flat in ring)
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z"


def _grid_step_m(frame: _Frame) -> float:
    """Return the smallest round step that keeps the grid's lines apart."""
    least = _LEAST_GRID_PX * frame.m_per_px
    power = 10.0 ** math.floor(math.log10(least))
    return next(n * power for n in (*_STEPS, 10) if n * power >= least * (1 - 1e-9))


def _grid(
    start_m: float, span_px: float, m_per_px: float, step_m: float, sign: int
) -> Iterator[GridLine]:
    """Yield the lines across one side; `sign` is -1 where metres fall with pixels."""
    ends = sorted((start_m, start_m + sign * span_px * m_per_px))
    for n in range(math.ceil(ends[0] / step_m), math.floor(ends[1] / step_m) + 1):
        at = round(sign * (n * step_m - start_m) / m_per_px, 1)
        if _PAD_PX / 2 <= at <= span_px - _PAD_PX / 2:
            km = f"{n * step_m / 1000:g}".replace("-", "\N{MINUS SIGN}")
            # The scale stands at the foot on the left, where a row's label would.
            is_covered = sign < 0 and at > span_px - 2 * _PAD_PX
            yield GridLine(at=at, label="" if is_covered else km)


def _bar_label(step_m: float) -> str:
    if step_m < 1000:  # noqa: PLR2004 (a kilometre)
        return f"{step_m:g}\N{NO-BREAK SPACE}m"
    return f"{step_m / 1000:g}\N{NO-BREAK SPACE}km"


# --- told against meant -------------------------------------------------------------


def _measured(
    check: PlaceChecked, drawn: Sequence[_Drawn], frame: _Frame
) -> Iterator[Measured]:
    """Yield the shortest and the longest way from the place told to the one meant."""
    by_role = {one.key.role: one for one in reversed(drawn)}
    told, meant = by_role.get("told"), by_role.get("meant")
    if told is None or meant is None or check.separation_m is None:
        return
    pairs = [
        (math.dist(a, b), a, b)
        for ring in told.rings
        for a in ring
        for other in meant.rings
        for b in other
    ]
    least, most = check.separation_m
    if least > 0:
        words = "" if least == most else "at least "
        yield _line(min(pairs)[1:], f"{words}{length(least)}", frame)
    if most > least:
        yield _line(max(pairs)[1:], f"at most {length(most)}", frame)


def _line(ends: tuple[Flat, Flat], label: str, frame: _Frame) -> Measured:
    (x1, y1), (x2, y2) = (frame.to_px(end) for end in ends)
    width = 8.4 * len(label) + 10
    return Measured(
        x1=x1,
        y1=y1,
        x2=x2,
        y2=y2,
        x=round(min(max((x1 + x2) / 2, width / 2), frame.width - width / 2), 1),
        y=round((y1 + y2) / 2, 1),
        label=label,
        width=round(width, 1),
    )


def _named(
    shapes: Sequence[Shape],
    measured: Sequence[Measured],
    frame: _Frame,
    *,
    has_words: bool,
) -> Iterator[Named]:
    """Yield a label for each shape, where it covers as little as it can."""
    wishes = [
        Wish(
            x=(shape.box.left + shape.box.right) / 2,
            y=(shape.box.top + shape.box.bottom) / 2,
            across_px=(shape.box.right - shape.box.left) / 2,
            along_px=(shape.box.bottom - shape.box.top) / 2,
            width=_named_px(shape, has_words=has_words),
            may_cover=bool(shape.path),
        )
        for shape in shapes
    ]
    written = [
        *(Box.about(m.x, m.y, m.width, 24.0) for m in measured),
        Box.about(frame.width - 26, 34, 44, 60),
        Box.about(90, frame.height - 22, 170, 44),
    ]
    covered = [shape.box for shape in shapes]
    boxes = place_labels(wishes, written, covered, frame.width, frame.height)
    for shape, box in zip(shapes, boxes, strict=True):
        yield Named(
            letter=shape.letter,
            text=shape.name if has_words else "",
            x=round(box.left, 1),
            y=round((box.top + box.bottom) / 2, 1),
            width=round(box.right - box.left, 1),
        )


def _named_px(shape: Shape, *, has_words: bool) -> float:
    badge = 12.0 + 10.0 * len(shape.letter)
    return badge + (7.4 * len(shape.name) + 9 if has_words else 2)
