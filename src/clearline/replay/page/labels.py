"""Find room for labels on a small drawing, so that they stay readable."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

_HEIGHT_PX: Final = 24.0
_EDGE_PX: Final = 3.0
_CLEAR_PX: Final = 6.0
_WORSE: Final = 100.0


class Box(NamedTuple):
    """A rectangle, pixels from the top left."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def about(cls, x: float, y: float, width: float, height: float) -> "Box":
        """Return the rectangle of this size about a middle."""
        return cls(x - width / 2, y - height / 2, x + width / 2, y + height / 2)

    def covers(self, other: "Box") -> float:
        """Return how much of `other` it covers, square pixels."""
        across = min(self.right, other.right) - max(self.left, other.left)
        along = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, across) * max(0.0, along)


class Wish(NamedTuple):
    """A label's wish for room.

    Attributes:
        x: The middle of what it names.
        across_px: How far that reaches to the left and right of its middle.
        along_px: How far it reaches up and down.
        width: How long the label is.
        may_cover: Whether it may stand on what it names: on an area, not a point.
    """

    x: float
    y: float
    across_px: float
    along_px: float
    width: float
    may_cover: bool


def place_labels(
    wishes: Sequence[Wish],
    words: Sequence[Box],
    shapes: Sequence[Box],
    width: float,
    height: float,
) -> list[Box]:
    """Give each label, in order, the first spot that covers least of anything else.

    Args:
        wishes: The labels.
        words: What else is written; covered only where there is no way around it.
        shapes: What is drawn; better covered than words.
        width: The drawing's size, pixels; no label leaves it.
        height: The same, downwards.
    """
    placed: list[Box] = []

    def covered(spot: Box) -> float:
        over_words = sum(spot.covers(box) for box in (*words, *placed))
        return _WORSE * over_words + sum(spot.covers(box) for box in shapes)

    for wish in wishes:
        spots = [_kept(spot, width, height) for spot in _spots(wish)]
        placed.append(min(spots, key=covered))
    return placed


def _spots(wish: Wish) -> Iterator[Box]:
    """Yield where it may stand: beside what it names, then over it, then on it."""
    beside = wish.across_px + wish.width / 2 + _CLEAR_PX
    over = wish.along_px + _HEIGHT_PX / 2 + _CLEAR_PX
    steps = [
        *((beside, 0.0), (-beside, 0.0), (0.0, -over), (0.0, over)),
        *((beside, -over), (beside, over), (-beside, -over), (-beside, over)),
        *((0.0, -2 * over), (0.0, 2 * over)),
    ]
    if wish.may_cover:
        steps += [(0.0, by * _HEIGHT_PX) for by in (0.0, 1.2, -1.2, 2.4, -2.4)]
    for dx, dy in steps:
        yield Box.about(wish.x + dx, wish.y + dy, wish.width, _HEIGHT_PX)


def _kept(spot: Box, width: float, height: float) -> Box:
    """Move a spot inside the drawing."""
    dx = max(0.0, _EDGE_PX - spot.left) - max(0.0, spot.right - width + _EDGE_PX)
    dy = max(0.0, _EDGE_PX - spot.top) - max(0.0, spot.bottom - height + _EDGE_PX)
    return Box(spot.left + dx, spot.top + dy, spot.right + dx, spot.bottom + dy)
