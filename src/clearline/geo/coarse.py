"""Say in which coarse cell a place lies, for whoever may not know it exactly.

Cells are a tenth of a degree each way and the same for everybody: whoever asks twice,
or asks about two notices, learns no more. The cell is that of the middle of a point,
circle or sector, so that a place near an edge does not say so by taking up two; what
is drawn takes up every cell from its westernmost to its easternmost position.
"""

import math
from typing import Final

from clearline.geo.geodesy import destination
from clearline.geo.outlines import corners
from clearline.model.notice_seen import Cell
from clearline.model.places import Circle, Point, Sector, Unlocated
from clearline.model.shapes import Footprint

CELL_DEG: Final = 0.1
"""Width and height of a cell, degrees: some 11 km from south to north."""

_CELLS_A_DEGREE: Final = 10
_HALF_TURN_DEG: Final = 180.0
_TURN_DEG: Final = 360.0


def cell_of(footprint: Footprint) -> Cell | None:
    """Return the cell, or box of cells, a footprint lies in; none if unlocated."""
    match footprint:
        case Unlocated():
            return None
        case Point():
            middle = [footprint.position]
        case Circle():
            middle = [footprint.centre]
        case Sector():
            bearing, reach = footprint.bearing_deg, footprint.range_m
            middle = [
                destination(
                    footprint.origin,
                    (bearing.least + bearing.most) / 2,
                    (reach.least + reach.most) / 2,
                )
            ]
        case _:
            middle = list(corners(footprint))
    lons = [position.lon for position in middle]
    if max(lons) - min(lons) > _HALF_TURN_DEG:  # it crosses the antimeridian
        lons = [lon + _TURN_DEG if lon < 0 else lon for lon in lons]
    lats = [position.lat for position in middle]
    return Cell(
        west=_edge(min(lons)),
        south=_edge(min(lats)),
        east=_edge(max(lons)) + CELL_DEG,
        north=_edge(max(lats)) + CELL_DEG,
    )


def _edge(degrees: float) -> float:
    return math.floor(degrees * _CELLS_A_DEGREE) / _CELLS_A_DEGREE
