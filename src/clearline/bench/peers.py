"""Stand other indexes beside ours: SQLite's R*Tree and shapely's STRtree.

Both propose pieces by boxes; the same judge decides. What differs is the index.

    SQLite    rtree, 5 dimensions of float32, which it rounds outward: x, y, z of the
              cap, time, altitude, each scaled so that 5 km, one hour and 300 m count
              alike (an R*Tree groups badly along an axis of large numbers)
    shapely   STRtree over boxes of longitude and latitude; it is built once, knows
              no time, and none that crosses the antimeridian or holds a pole
"""

import apsw
import numpy as np
import shapely
from numpy.typing import NDArray

from clearline.geo.altitudes import CODES, UNKNOWN_GROUND_M
from clearline.geo.ellipsoid import MINOR_M, to_degrees
from clearline.model.extents import Datum

_HOUR_US = 3_600_000_000.0
_BAND_MM = 300_000.0
_PLACE_M = 5_000.0


def boxes(pieces: NDArray[np.void]) -> NDArray[np.float64]:
    """Return the boxes of pieces, (n, 10): least and most of each dimension."""
    buffer_us = pieces["buffer_us"]
    above = pieces["datum"] == CODES[Datum.AGL]
    low = pieces["floor_mm"] + UNKNOWN_GROUND_M.least * 1000
    high = pieces["ceiling_mm"] + UNKNOWN_GROUND_M.most * 1000
    # A hair for what is lost in float64 while scaling.
    reach = (pieces["reach_m"] + 1e-3) * (1 + 1e-9)
    columns = []
    for name in ("x_m", "y_m", "z_m"):
        columns += [
            (pieces[name] - reach) / _PLACE_M,
            (pieces[name] + reach) / _PLACE_M,
        ]
    columns += [
        (pieces["from_us"] - buffer_us) / _HOUR_US,
        (pieces["until_us"] + buffer_us) / _HOUR_US,
        np.where(above, np.minimum(pieces["least_mm"], low), pieces["least_mm"])
        / _BAND_MM,
        np.where(above, np.maximum(pieces["most_mm"], high), pieces["most_mm"])
        / _BAND_MM,
    ]
    return np.column_stack(columns)


class SqliteTree:
    """Keep pieces in an R*Tree of SQLite, in memory."""

    def __init__(self, pieces: NDArray[np.void]) -> None:
        """Enter every piece in one transaction, by its row."""
        self._base = apsw.Connection(":memory:")
        self._base.execute(
            "CREATE VIRTUAL TABLE piece USING rtree"
            "(id, x0, x1, y0, y1, z0, z1, t0, t1, a0, a1)"
        )
        self.enter(pieces, 0, len(pieces))

    def enter(self, pieces: NDArray[np.void], start: int, stop: int) -> None:
        """Enter rows `[start, stop)` of `pieces`."""
        rows = boxes(pieces[start:stop]).tolist()
        with self._base:
            self._base.executemany(
                "INSERT INTO piece VALUES (?,?,?,?,?,?,?,?,?,?,?)",
                ((start + at, *row) for at, row in enumerate(rows)),
            )

    def leave(self, numbers: list[int]) -> None:
        """Take pieces out, in one transaction."""
        with self._base:
            self._base.executemany(
                "DELETE FROM piece WHERE id = ?", ((number,) for number in numbers)
            )

    def look(self, asked: np.void) -> NDArray[np.int32]:
        """Return every piece whose box meets that of one PIECE."""
        return self.look_in(boxes(np.array([asked]))[0].tolist())

    def look_in(self, box: list[float]) -> NDArray[np.int32]:
        """Return every piece whose box meets one of `boxes`."""
        x0, x1, y0, y1, z0, z1, t0, t1, a0, a1 = box
        found = self._base.execute(
            "SELECT id FROM piece WHERE x0 <= ? AND x1 >= ? AND y0 <= ? AND y1 >= ? "
            "AND z0 <= ? AND z1 >= ? AND t0 <= ? AND t1 >= ? AND a0 <= ? AND a1 >= ?",
            (x1, x0, y1, y0, z1, z0, t1, t0, a1, a0),
        )
        return np.fromiter((row[0] for row in found), np.int32)


class ShapelyTree:
    """Keep the pieces of a theatre in an STRtree, by longitude and latitude."""

    def __init__(self, pieces: NDArray[np.void]) -> None:
        """Build it, once."""
        self._tree = shapely.STRtree(shapely.box(*_flat_boxes(pieces).T))

    def look_in(self, box: list[float]) -> NDArray[np.int32]:
        """Return every piece whose box meets one of `flat_boxes`."""
        found: NDArray[np.int32] = self._tree.query(shapely.box(*box)).astype(np.int32)
        return found


def flat_boxes(pieces: NDArray[np.void]) -> list[list[float]]:
    """Return boxes in degrees, (n, 4): west, south, east, north."""
    return _flat_boxes(pieces).tolist()  # type: ignore[no-any-return]


def _flat_boxes(pieces: NDArray[np.void]) -> NDArray[np.float64]:
    centres = np.column_stack([pieces[name] for name in ("x_m", "y_m", "z_m")])
    at = np.array([to_degrees((x, y, z)) for x, y, z in centres])
    # Seen from the Earth's middle a reach is widest over its shortest radius.
    high = np.degrees(pieces["reach_m"] * 1.001 / (MINOR_M - 50_000.0))
    wide = high / np.cos(np.radians(np.minimum(np.abs(at[:, 1]) + high, 89.0)))
    return np.column_stack(
        [at[:, 0] - wide, at[:, 1] - high, at[:, 0] + wide, at[:, 1] + high]
    )
