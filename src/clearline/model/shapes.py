"""Hold shapes of several positions: corridors and areas.

    Corridor       within a half width of a path; with passages, only where it can
                   be *when*, at the pace it may have
    Polygon        one ring, holes allowed
    MultiPolygon   several polygons as one area

Longitude before latitude. Every edge is a geodesic. The inside of a ring is the
smaller of the two parts it cuts the Earth into, whichever way round it is written,
so the antimeridian and the poles are ordinary places. What cannot be meant
(`model.rings`) is refused when it is made.
"""

from collections.abc import Iterator
from typing import TypeAlias

import msgspec

from clearline.model.passages import Pace, Passage, require_passages
from clearline.model.positions import (
    FARTHEST_M,
    Circle,
    Point,
    Position,
    Sector,
    Unlocated,
)
from clearline.model.rings import refuse, require_path, require_rings


class Corridor(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="corridor"):
    """Hold everything within a half width of a path of geodesic legs.

    Attributes:
        path: At least two positions.
        half_width_m: Zero or more.
        passages: When each position of the path is passed, one for each, or none:
            then the whole corridor is taken up for the whole window.
        precision_m: How far the corridor meant may reach beyond this one.
        pace: How fast it may be in between. It is then anywhere on a leg that it can
            have reached from the last position and from where it still reaches the
            next in its time. `None`: the earliest and the latest instant run evenly
            from one position to the next; who may halt or hurry in between says so.
    """

    path: tuple[Position, ...]
    half_width_m: float
    passages: tuple[Passage, ...] = ()
    precision_m: float = 0.0
    pace: Pace | None = None

    def __post_init__(self) -> None:
        require_length("half width", self.half_width_m)
        require_length("precision", self.precision_m)
        require_path(self.path)
        if self.passages:
            require_passages(self.path, self.passages, self.pace)
        elif self.pace is not None:
            raise refuse(
                "A pace without times says nothing.",
                "Give the passages of the path as well, or leave the pace out.",
            )


class Polygon(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="polygon"):
    """Hold the inside of a ring, without the insides of its holes.

    Attributes:
        outer: At least three positions, the first not repeated at the end.
        holes: Rings inside `outer`, apart from each other; their edges belong to
            the polygon.
        precision_m: How far the area meant may reach beyond this one.
    """

    outer: tuple[Position, ...]
    holes: tuple[tuple[Position, ...], ...] = ()
    precision_m: float = 0.0

    def __post_init__(self) -> None:
        require_length("precision", self.precision_m)
        require_rings(self.outer, self.holes)

    def rings(self) -> Iterator[tuple[Position, ...]]:
        """Yield every ring, the outer one first."""
        yield self.outer
        yield from self.holes


class MultiPolygon(
    msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="multi_polygon"
):
    """Hold several polygons as one area: what lies in any of them lies in it.

    Attributes:
        parts: At least one; they may touch and overlap.
        precision_m: How far the area meant may reach beyond this one. The parts'
            own is not looked at.
    """

    parts: tuple[Polygon, ...]
    precision_m: float = 0.0

    def __post_init__(self) -> None:
        require_length("precision", self.precision_m)
        if not self.parts:
            raise refuse("An area without parts is nowhere.", "Give at least one part.")


Area: TypeAlias = Polygon | MultiPolygon
Footprint: TypeAlias = (
    Point | Circle | Sector | Corridor | Polygon | MultiPolygon | Unlocated
)


def require_length(name: str, length_m: float) -> None:
    """Refuse a length that is none on Earth."""
    if not 0.0 <= length_m <= FARTHEST_M:
        raise refuse(
            f"A {name} of {length_m} m does not exist.",
            "Give metres, zero or more.",
        )
