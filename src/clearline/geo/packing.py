"""Pack extents into arrays, once, for the compiled judges and the index."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from clearline.geo.kernels import Clocks, Pieces, Vertices
from clearline.model.extents import Extent
from clearline.model.places import Interval, Position

Undulation: TypeAlias = Callable[[Position], Interval]
"""Height of the geoid above the ellipsoid at a position, metres, with its error."""


class Packed(NamedTuple):
    """Extents as arrays; `pieces["extent"]` counts the extents in order given."""

    pieces: Pieces
    vertices: Vertices
    clocks: Clocks


def pack(
    extents: Sequence[Extent],
    *,
    undulation: Undulation | None = None,
    first_extent: int = 0,
) -> Packed:
    """Pack extents in order; an unlocated one gets no piece.

    Paths are cut so that a piece is at most ten times its width with buffer, at
    least 1.5 and at most 8 km long (the ends of its cuts lie on the geodesic).
    """
    raise NotImplementedError
