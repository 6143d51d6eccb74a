"""Draw extents as shapes about a middle, in pixels.

The plane is azimuthal equidistant about that middle, so the antimeridian and the poles
are drawn like any other place. Nothing is drawn finer than it is known: around each
shape lies its margin, its buffer and precision together.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from clearline.cli.screened.collected import Shape
from clearline.geo.cutting import to_lon_lat
from clearline.geo.geodesy import laid_flat
from clearline.geo.kernels import AREA
from clearline.model.places import Position
from clearline.replay.page.labels import Box, Wish, place_labels

WIDE_PX: Final = 1_080.0
NARROW_PX: Final = 344.0

_PAD_PX: Final = 26.0
_TALLEST: Final = 0.8
_TALLEST_NARROW: Final = 1.3
_FLATTEST: Final = 0.35
_LEAST_SPAN_M: Final = 400.0
_LEAST_PX: Final = 3.0
_MOST_LABELS: Final = 14
_LONGEST_LABEL: Final = 22
_BAR_SHARE: Final = 0.25


class Mark(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one shape, in pixels from the top left.

    Attributes:
        name: Its id.
        role: `plan` or `notice`.
        verdict: `conflict`, `cannot_tell` or `none`.
        kind: `round`, `path` or `area`.
        path: The outline or the way; empty where it is round.
        x: The middle of what is round.
        y: The same.
        across: Diameter of what is round, width of a way.
        margin: The same with the margin; of an area, twice the margin.
    """

    name: str
    role: str
    verdict: str
    kind: str
    path: str
    x: float
    y: float
    across: float
    margin: float


class Label(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a name where it found room, by its middle."""

    text: str
    role: str
    x: float
    y: float


class Drawing(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a drawing, in pixels.

    Attributes:
        middle: What lies in the middle, WGS 84.
        bar_px: Length of the scale bar.
        is_labelled: Whether names stand on it: there is only room for a few.
    """

    width: float
    height: float
    middle: Position
    marks: tuple[Mark, ...]
    labels: tuple[Label, ...]
    bar_px: float
    bar_label: str
    is_labelled: bool


class _Laid(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a way or an area in the plane: (n, 2) metres, NaN between rings."""

    shape: Shape
    is_area: bool
    flat: NDArray[np.float64]
    radius_m: float
    margin_m: float


class _Frame(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold how metres become pixels."""

    width: float
    height: float
    left_m: float
    top_m: float
    m_per_px: float

    def to_px(self, flat: NDArray[np.float64]) -> NDArray[np.float64]:
        east, north = flat.T
        x, y = east - self.left_m, self.top_m - north
        return np.column_stack((x, y)) / self.m_per_px


def draw(shapes: Sequence[Shape], width: float) -> Drawing | None:
    """Draw what is located; nothing where nothing is.

    Args:
        shapes: What to draw, what matters most last.
        width: How wide, pixels.
    """
    middle = _middle(shapes)
    if middle is None:
        return None
    laid = [one for shape in shapes for one in _laid(shape, middle)]
    frame = _frame(laid, width)
    marks = tuple(_mark(one, frame) for one in laid)
    step_m = _bar_m(_BAR_SHARE * width * frame.m_per_px)
    is_labelled = len({(one.role, one.name) for one in marks}) <= _MOST_LABELS
    return Drawing(
        width=frame.width,
        height=frame.height,
        middle=middle,
        marks=marks,
        labels=tuple(_labels(laid, frame)) if is_labelled else (),
        bar_px=round(step_m / frame.m_per_px, 1),
        bar_label=f"{step_m / 1000:g} km" if step_m >= 1000 else f"{step_m:g} m",  # noqa: PLR2004 (a kilometre)
        is_labelled=is_labelled,
    )


def _middle(shapes: Sequence[Shape]) -> Position | None:
    """Return what lies between the farthest of all centres, as the crow flies."""
    pieces = [shape.packed.pieces for shape in shapes if len(shape.packed.pieces)]
    if not pieces:
        return None
    every = np.concatenate(pieces)
    centres = np.column_stack([every[name] for name in ("x_m", "y_m", "z_m")])
    middle = (centres.min(axis=0) + centres.max(axis=0)) / 2
    if np.linalg.norm(middle) < 1.0:
        middle = centres[0]
    ((lon, lat),) = to_lon_lat(*middle[:, None])
    return Position(lon=float(lon), lat=float(lat))


def _laid(shape: Shape, middle: Position) -> Iterator[_Laid]:
    """Lay every area of an extent out, or its whole way as one."""
    pieces = shape.packed.pieces
    if len(pieces) == 0:
        return
    is_area = bool(pieces[0]["kind"] == AREA)
    runs = [np.arange(one["first"], one["first"] + one["count"]) for one in pieces]
    # A way goes on where the piece before ended.
    rows = [runs[0], *(run if is_area else run[1:] for run in runs[1:])]
    for some in rows if is_area else [np.concatenate(rows)]:
        lon_lat = to_lon_lat(*shape.packed.vertices[some].T.copy())
        flat = np.full(lon_lat.shape, math.nan)
        is_place = ~np.isnan(lon_lat[:, 0])
        flat[is_place] = laid_flat(middle, lon_lat[is_place])
        yield _Laid(
            shape=shape,
            is_area=is_area,
            flat=flat,
            radius_m=float(pieces[0]["radius_m"]),
            margin_m=float(pieces[0]["buffer_m"] + pieces[0]["precision_m"]),
        )


def _frame(laid: Sequence[_Laid], width: float) -> _Frame:
    """Fit everything with its margin, between the flattest and the tallest frame."""
    lows, highs = [], []
    for one in laid:
        reach_m = one.radius_m + one.margin_m
        lows.append(np.nanmin(one.flat, axis=0) - reach_m)
        highs.append(np.nanmax(one.flat, axis=0) + reach_m)
    low, high = np.min(lows, axis=0), np.max(highs, axis=0)
    across, along = np.maximum(high - low, _LEAST_SPAN_M)
    tallest = _TALLEST if width > NARROW_PX else _TALLEST_NARROW
    inner = width - 2 * _PAD_PX
    m_per_px = float(max(across / inner, along / (tallest * width - 2 * _PAD_PX)))
    height = max(_FLATTEST * width, float(along) / m_per_px + 2 * _PAD_PX)
    east, north = (low + high) / 2
    return _Frame(
        width=width,
        height=round(height, 1),
        left_m=float(east) - width / 2 * m_per_px,
        top_m=float(north) + height / 2 * m_per_px,
        m_per_px=m_per_px,
    )


def _mark(one: _Laid, frame: _Frame) -> Mark:
    at = frame.to_px(one.flat)
    is_round = len(at) == 1
    across = 2.0 * one.radius_m / frame.m_per_px
    margin = 2.0 * one.margin_m / frame.m_per_px
    kind = "area" if one.is_area else "round" if is_round else "path"
    least = 0.0 if one.is_area else _LEAST_PX if is_round else _LEAST_PX / 2
    return Mark(
        name=one.shape.name,
        role=one.shape.role,
        verdict=one.shape.verdict,
        kind=kind,
        path="" if is_round else _path(at, is_closed=one.is_area),
        x=round(float(at[0, 0]), 1),
        y=round(float(at[0, 1]), 1),
        across=round(max(across, least), 1),
        margin=round(max(across, least) + margin, 1) if margin else 0.0,
    )


def _path(at: NDArray[np.float64], *, is_closed: bool) -> str:
    """Write rings or a way, leaving out what falls on the pixel before it."""
    words: list[str] = []
    last, command = "", "M"
    for x, y in at.round(1).tolist():
        if math.isnan(x):
            words.append("Z")
            last, command = "", "M"
            continue
        here = f"{x:g} {y:g}"
        if here != last:
            words.append(command + here)
        last, command = here, "L"
    if len(words) == 1:
        words.append(f"L{last}")
    return "".join(words) + ("Z" if is_closed else "")


def _labels(laid: Sequence[_Laid], frame: _Frame) -> Iterator[Label]:
    """Yield a label for each shape, where it covers as little as it can."""
    boxes: dict[tuple[str, str], Box] = {}
    for one in laid:
        at = frame.to_px(one.flat)
        reach = one.radius_m / frame.m_per_px
        left, top = np.nanmin(at, axis=0) - reach
        right, bottom = np.nanmax(at, axis=0) + reach
        key = one.shape.role, one.shape.name
        a = boxes.get(key, Box(math.inf, math.inf, -math.inf, -math.inf))
        boxes[key] = Box(
            min(a.left, left),
            min(a.top, top),
            max(a.right, right),
            max(a.bottom, bottom),
        )
    texts = [_short(name) for _, name in boxes]
    wishes = [
        Wish(
            x=(box.left + box.right) / 2,
            y=(box.top + box.bottom) / 2,
            across_px=(box.right - box.left) / 2,
            along_px=(box.bottom - box.top) / 2,
            width=8.6 * len(text) + 10.0,
            may_cover=True,
        )
        for box, text in zip(boxes.values(), texts, strict=True)
    ]
    bar = Box(0.0, frame.height - 30.0, 0.45 * frame.width, frame.height)
    spots = place_labels(wishes, [bar], [*boxes.values()], frame.width, frame.height)
    for (role, _), text, spot in zip(boxes, texts, spots, strict=True):
        yield Label(
            text=text,
            role=role,
            x=round((spot.left + spot.right) / 2, 1),
            y=round((spot.top + spot.bottom) / 2, 1),
        )


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_LABEL else f"{name[: _LONGEST_LABEL - 1]}…"


def _bar_m(most_m: float) -> float:
    """Return the longest round length that is not longer."""
    power = 10.0 ** math.floor(math.log10(most_m))
    return next(n * power for n in (5, 2, 1) if n * power <= most_m * (1 + 1e-9))
