"""Make notices and plans to screen, from a seed.

    theatre  1,000 x 1,000 km about 35 N 40 E, 150 towns of unlike size (Zipf); 60 in
             100 lie about a town. Of notices 70 in 100 are circles of 0.2 to 2 km for
             60 to 180 days, 20 are corridors 10 to 100 km long and 0.5 to 1 km to
             either side for 1 to 6 hours of 30 days, 10 are polygons 5 to 20 km wide
             for 1 to 12 hours. Plans are circles of 1 to 5 km or polygons of 4 to 8
             corners as wide, 300 m of altitude, for one hour.
    city     50 x 50 km, one day: flights of 1 to 8 km, 25 to 50 m to either side, 25 m
             of altitude, 5 to 30 minutes. Plans are flights as well.

No place of it is anything real.
"""

import math
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from clearline.model.extents import AltitudeBand, Corridor, Extent, Polygon
from clearline.model.instants import Duration, Window
from clearline.model.places import Circle, Position

START: Final = datetime(2026, 3, 1, tzinfo=UTC)

_MIDDLE_LON_DEG: Final = 40.0
_MIDDLE_LAT_DEG: Final = 35.0
_DEGREE_M: Final = 111_000.0
_TOWNS: Final = 150
_IN_TOWN: Final = 0.6
_DAY_S: Final = 86_400.0


class Kind(StrEnum):
    """Name a workload."""

    THEATRE = "theatre"
    CITY = "city"


class Workload:
    """Draw extents; the same seed draws the same."""

    def __init__(self, kind: Kind, seed: int) -> None:
        """Lay out the towns."""
        self._kind = kind
        self._chance = random.Random(seed)  # noqa: S311 (a workload, no secret)
        draw = self._chance.uniform
        half_m = 500_000.0
        self._towns = [
            (draw(-half_m, half_m), draw(-half_m, half_m), draw(15_000.0, 50_000.0))
            for _ in range(_TOWNS)
        ]
        self._weights = [1.0 / (rank + 1) for rank in range(_TOWNS)]

    def notices(self, count: int) -> Iterator[Extent]:
        """Draw so many notices."""
        draw = self._flight if self._kind is Kind.CITY else self._notice
        return (draw() for _ in range(count))

    def plans(self, count: int) -> Iterator[Extent]:
        """Draw so many plans."""
        draw = self._flight if self._kind is Kind.CITY else self._plan
        return (draw() for _ in range(count))

    def _notice(self) -> Extent:
        chance = self._chance
        x, y = self._spot()
        drawn = chance.random()
        if drawn < 0.7:  # noqa: PLR2004 (the shares the module tells of)
            circle = Circle(centre=_at(x, y), radius_m=chance.uniform(200, 2_000))
            return self._lasting(circle, 30, chance.uniform(60, 180) * _DAY_S)
        if drawn < 0.9:  # noqa: PLR2004
            path = self._path(x, y, chance.uniform(10_000, 100_000), 30_000.0)
            corridor = Corridor(path=path, half_width_m=chance.uniform(500, 1_000))
            return self._lasting(corridor, 30, chance.uniform(1, 6) * 3_600)
        polygon = self._polygon(x, y, chance.uniform(2_500, 10_000))
        return self._lasting(polygon, 30, chance.uniform(1, 12) * 3_600)

    def _plan(self) -> Extent:
        chance = self._chance
        x, y = self._spot()
        radius_m = chance.uniform(1_000, 5_000)
        shape: Circle | Polygon = (
            Circle(centre=_at(x, y), radius_m=radius_m)
            if chance.random() < 0.5  # noqa: PLR2004 (one in two)
            else self._polygon(x, y, radius_m)
        )
        return self._lasting(shape, 30, 3_600)

    def _flight(self) -> Extent:
        chance = self._chance
        x, y = chance.uniform(-25_000, 25_000), chance.uniform(-25_000, 25_000)
        path = self._path(x, y, chance.uniform(1_000, 8_000), 3_000.0)
        corridor = Corridor(path=path, half_width_m=chance.uniform(25, 50))
        return self._lasting(corridor, 1, chance.uniform(300, 1_800), 25.0)

    def _spot(self) -> tuple[float, float]:
        """Draw a place, metres east and north of the middle."""
        chance = self._chance
        if chance.random() >= _IN_TOWN:
            return chance.uniform(-500_000, 500_000), chance.uniform(-500_000, 500_000)
        ((x, y, spread_m),) = chance.choices(self._towns, self._weights)
        return chance.gauss(x, spread_m), chance.gauss(y, spread_m)

    def _path(
        self, x: float, y: float, length_m: float, leg_m: float
    ) -> tuple[Position, ...]:
        legs = max(1, round(length_m / leg_m))
        heading = self._chance.uniform(0, 2 * math.pi)
        path = [_at(x, y)]
        for _ in range(legs):
            heading += self._chance.gauss(0, 0.3)
            x += length_m / legs * math.sin(heading)
            y += length_m / legs * math.cos(heading)
            path.append(_at(x, y))
        return tuple(path)

    def _polygon(self, x: float, y: float, radius_m: float) -> Polygon:
        corners = self._chance.randint(4, 8)
        ring = []
        for corner in range(corners):
            turn = 2 * math.pi * (corner + self._chance.uniform(-0.3, 0.3)) / corners
            out_m = radius_m * self._chance.uniform(0.7, 1.0)
            ring.append(_at(x + out_m * math.sin(turn), y + out_m * math.cos(turn)))
        return Polygon(outer=tuple(ring))

    def _lasting(
        self,
        shape: Circle | Corridor | Polygon,
        days: float,
        lasts_s: float,
        band_m: float = 300.0,
    ) -> Extent:
        chance = self._chance
        start = START + Duration(seconds=chance.uniform(0, days * _DAY_S))
        floor_m = chance.uniform(0, 120 if band_m < 100 else 1_500)  # noqa: PLR2004
        is_site = isinstance(shape, Circle) and lasts_s > _DAY_S
        return Extent(
            footprint=shape,
            window=Window(start=start, end=start + Duration(seconds=lasts_s)),
            band=AltitudeBand(
                floor_m=0.0 if is_site else floor_m, ceiling_m=floor_m + band_m
            ),
        )


def _at(x_m: float, y_m: float) -> Position:
    """Place metres east and north of the middle; how truly does not matter here."""
    lat = _MIDDLE_LAT_DEG + y_m / _DEGREE_M
    return Position(
        lon=_MIDDLE_LON_DEG + x_m / (_DEGREE_M * math.cos(math.radians(lat))), lat=lat
    )
