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
from clearline.model.places import Circle, FactStatus, Point, Position, Sector
from clearline.replay.page.labels import Box, Wish, place_labels
from clearline.replay.page.projection import Flat, flatten, rings
from clearline.replay.page.words import length
from clearline.replay.result import PlaceChecked, PlaceShown, Replay, RivalShown

WIDE_PX: Final = 600.0
NARROW_PX: Final = 288.0

_LEAST_GRID_PX: Final = 58.0
_TALLEST: Final = 1.2
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
    """

    letter: str
    role: str
    name: str
    path: str
    x: float
    y: float
    halo_px: float
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


class Keyed(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what a letter of the sketch stands for.

    Attributes:
        rival: The reading from another origin, where it is one.
    """

    letter: str
    role: str
    name: str
    place: PlaceShown | None = None
    rival: RivalShown | None = None


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


def keys(replay: Replay) -> tuple[Keyed, ...]:
    """Return everything the sketch shows, with its letter, in the order told."""
    check = replay.place_check
    located = [p for p in replay.places if _is_drawn(p)]
    keyed = [
        Keyed(
            letter=_letter(number),
            role=_role(place, check, replay),
            name=_label(place, replay.places),
            place=place,
        )
        for number, place in enumerate(located)
    ]
    by_id = {key.place.id: key.letter for key in keyed if key.place is not None}
    for rival in check.rival_origins:
        side = check.told_place if rival.of == "told" else check.meant_place
        letter = by_id.get(side or "", rival.of[:1].upper())
        marks = 1 + sum(1 for key in keyed if key.letter.startswith(f"{letter}\u2032"))
        keyed.append(
            Keyed(
                letter=f"{letter}{chr(0x2032) * marks}",
                role="rival",
                name=f"{letter} read from {rival.origin}",
                rival=rival,
            )
        )
    return tuple(keyed)


def unlocated(replay: Replay) -> tuple[PlaceShown, ...]:
    """Return the places that nobody can put on a map, in the order told."""
    return tuple(place for place in replay.places if not _is_located(place))


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
    frame = _frame(drawn, width)
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


def _is_located(place: PlaceShown) -> bool:
    return isinstance(place.footprint, Point | Circle | Sector)


def _is_drawn(place: PlaceShown) -> bool:
    """Say whether a place has a shape of its own; one said to be another has none."""
    return _is_located(place) and place.same_as is None


def _letter(number: int) -> str:
    """Return A to Z, then A1 and on."""
    turn, letter = divmod(number, 26)
    return chr(ord("A") + letter) + (str(turn) if turn else "")


def _role(place: PlaceShown, check: PlaceChecked, replay: Replay) -> str:
    if place.id == check.told_place:
        return "told"
    if place.id == check.meant_place:
        return "meant"
    if any(other.origin == place.id for other in replay.places):
        return "origin"
    is_rival = any(place.id in other.rivals for other in replay.places)
    return "origin" if is_rival else "other"


def _label(place: PlaceShown, places: Sequence[PlaceShown]) -> str:
    """Name a place; with its kind where another goes by the same name."""
    if sum(1 for other in places if other.name == place.name) > 1 and place.kind:
        return f"{place.name} ({place.kind})"
    return place.name


def _drawn(replay: Replay) -> tuple[list[_Drawn], str]:
    """Return everything located, in metres about a centre, and the centre's name."""
    keyed = keys(replay)
    centre_key = _centre(replay, keyed)
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


def _centre(replay: Replay, keyed: Sequence[Keyed]) -> Keyed | None:
    """Return what the grid counts from: where the place told hangs, or the first."""
    by_id = {key.place.id: key for key in keyed if key.place is not None}
    check = replay.place_check
    for place in replay.places:
        is_checked = place.id in {check.told_place, check.meant_place}
        if is_checked and place.origin in by_id:
            return by_id[place.origin]
    return next(iter(by_id.values()), None)


def _located(footprint: object) -> Point | Circle | Sector:
    if not isinstance(footprint, Point | Circle | Sector):
        msg = "only what is located has a middle"
        raise TypeError(msg)
    return footprint


# --- metres to pixels ---------------------------------------------------------------


def _frame(drawn: Sequence[_Drawn], width: float) -> _Frame:
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
    m_per_px = max(across / inner, along / (_TALLEST * width - 2 * _PAD_PX))
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
    return Shape(
        letter=one.key.letter,
        role=one.key.role,
        name=one.key.name,
        path="" if is_position else "".join(_closed(ring, frame) for ring in one.rings),
        x=x,
        y=y,
        halo_px=round(one.footprint.precision_m / frame.m_per_px, 1),
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
            km = n * step_m / 1000
            yield GridLine(at=at, label=f"{km:g}".replace("-", "\N{MINUS SIGN}"))


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
            x=shape.x,
            y=shape.y,
            clear_px=(shape.halo_px if not shape.path else 0.0) + 8.0,
            width=_named_px(shape, has_words=has_words),
            may_cover=bool(shape.path),
        )
        for shape in shapes
    ]
    taken = [
        *(Box.about(m.x, m.y, m.width, 24.0) for m in measured),
        *(Box.about(s.x, s.y, 18.0, 18.0) for s in shapes if not s.path),
        Box.about(frame.width - 26, 34, 44, 60),
        Box.about(90, frame.height - 22, 170, 44),
    ]
    boxes = place_labels(wishes, taken, frame.width, frame.height)
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
    return badge + (7.8 * len(shape.name) + 9 if has_words else 2)
