"""Compile everything that is compiled, once, so that no user waits for it.

Compiled code is kept on disk for the processor it was made on. The first call on a
new machine takes most of a minute; every later one a fraction of a second.
"""

from datetime import UTC, datetime, timedelta

import numpy as np

from clearline.geo.certify import certify
from clearline.geo.codes import CLOSE, NEAR
from clearline.geo.cutting import to_lon_lat
from clearline.geo.meeting import meet
from clearline.geo.nearest import edges_within
from clearline.geo.packing import pack
from clearline.geo.simple import surely_simple
from clearline.geo.standing import Standing, certain, near_together
from clearline.model.extents import AltitudeBand, Corridor, Extent, Polygon
from clearline.model.instants import Window
from clearline.model.passages import Passage
from clearline.model.places import Circle, Position


def warm() -> None:
    """Run every compiled path once, on a handful of extents."""
    extents = _extents()
    packed = pack(extents)
    standing = Standing(room=1)
    standing.file_all(packed, len(extents))
    for extent in extents * 12:  # enough for the table and the pool to grow
        standing.withdraw(standing.file(pack([extent])))
        standing.file(pack([extent]))
    standing.meet(near_together(packed))
    ring = np.array([[40.0, 35.0], [40.1, 35.0], [40.1, 35.1], [40.0, 35.0]])
    surely_simple(ring, np.array([len(ring)]))
    to_lon_lat(*packed.vertices[:1].T.copy())
    edges_within(*packed, 0, *packed, 1, 1.0)  # what nearly touches is rare
    for extent in extents:
        certain(pack([extent]), packed)
        meet(extent, extents[0])
        certify(pack([extent]), 0, packed, 0, NEAR + CLOSE)


def _extents() -> list[Extent]:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    here, there = Position(lon=40.0, lat=35.0), Position(lon=40.1, lat=35.0)
    path = (here, there, Position(lon=40.1, lat=35.1))
    passages = tuple(
        Passage(eta=start + timedelta(minutes=10 * at)) for at in range(len(path))
    )
    footprints = (
        Circle(centre=here, radius_m=100.0),
        Corridor(path=path, half_width_m=50.0, passages=passages),
        Polygon(outer=path),
    )
    return [
        Extent(
            footprint=footprint,
            window=Window(start=start, end=start + timedelta(hours=1)),
            band=AltitudeBand(floor_m=0.0, ceiling_m=100.0),
            buffer_m=10.0,
        )
        for footprint in footprints
    ]


if __name__ == "__main__":
    warm()
