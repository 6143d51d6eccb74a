"""Altitude bands: compared as they are, or as what they may be, and never guessed."""

from datetime import UTC, datetime

import numpy as np
import pytest

from clearline.geo.meeting import Bands, meet
from clearline.geo.packing import pack
from clearline.model.extents import AltitudeBand, Datum, Extent
from clearline.model.instants import FOREVER, Window
from clearline.model.places import Circle, Interval, Position

EVER = Window(start=datetime(2026, 1, 1, tzinfo=UTC), end=FOREVER)
HERE = Circle(centre=Position(lon=40.0, lat=35.0), radius_m=100.0)


class Geoid:
    """A geoid 19.7 m above the ellipsoid, as at 35 N 40 E, known to a metre."""

    def heights_m(self, lon_lat):
        """Return the same for every place."""
        return np.tile((18.7, 20.7), (len(lon_lat), 1))


def extent(floor_m, ceiling_m, datum, ground_m=None):
    """Something above one place."""
    band = AltitudeBand(
        floor_m=floor_m, ceiling_m=ceiling_m, datum=datum, ground_m=ground_m
    )
    return Extent(footprint=HERE, window=EVER, band=band)


def bands(one, other, geoid=None):
    """Say whether two meet in altitude, asked both ways."""
    there, back = meet(one, other, geoid=geoid), meet(other, one, geoid=geoid)
    assert there.bands == back.bands
    return there.bands


@pytest.mark.parametrize("datum", Datum)
def test_bands_of_one_datum_meet_at_their_ends(datum):
    """Both ends are inside; a millimetre higher they are apart."""
    assert bands(extent(0, 100.1, datum), extent(100.1, 200, datum)) is Bands.MEET
    assert bands(extent(0, 100.1, datum), extent(100.101, 200, datum)) is Bands.APART


def test_no_band_meets_every_band():
    """All altitudes meet whatever is above the same place."""
    everything = Extent(footprint=HERE, window=EVER)
    assert bands(everything, extent(9_000, 9_100, Datum.FL)) is Bands.MEET
    assert bands(everything, everything) is Bands.MEET


def test_the_ellipsoid_and_the_sea_are_110_m_apart_without_a_geoid():
    """Surely together, in doubt, surely apart: by 110 m either way."""
    sea = extent(1_000, 1_300, Datum.AMSL)
    assert bands(sea, extent(1_000, 1_300, Datum.WGS84)) is Bands.MEET
    assert bands(sea, extent(1_400, 1_500, Datum.WGS84)) is Bands.CANNOT_TELL
    assert bands(sea, extent(1_200, 1_201, Datum.WGS84)) is Bands.CANNOT_TELL
    assert bands(sea, extent(1_411, 1_500, Datum.WGS84)) is Bands.APART


def test_a_geoid_narrows_the_doubt_to_its_own():
    """With 19.7 m known to one, 1,320 m above the ellipsoid is 1,300 m of the sea."""
    sea = extent(1_000, 1_300, Datum.AMSL)
    known = Geoid()
    assert bands(sea, extent(1_318, 1_500, Datum.WGS84), known) is Bands.MEET
    assert bands(sea, extent(1_320, 1_500, Datum.WGS84), known) is Bands.CANNOT_TELL
    assert bands(sea, extent(1_322, 1_500, Datum.WGS84), known) is Bands.APART


def test_above_an_unknown_ground_little_can_be_told():
    """The ground may lie anywhere from the Dead Sea to Mount Everest."""
    drone = extent(0, 120, Datum.AGL)
    assert bands(drone, extent(3_000, 3_300, Datum.AMSL)) is Bands.CANNOT_TELL
    assert bands(drone, extent(9_000, 9_300, Datum.AMSL)) is Bands.APART


def test_an_owner_who_knows_the_ground_can_be_told():
    """With the ground from 200 to 350 m, a flight at 3,000 m passes well above."""
    ground = Interval(least=200.0, most=350.0)
    drone = extent(0, 120, Datum.AGL, ground)
    assert bands(drone, extent(3_000, 3_300, Datum.AMSL)) is Bands.APART
    assert bands(drone, extent(330, 340, Datum.AMSL)) is Bands.CANNOT_TELL
    assert bands(drone, extent(0, 360, Datum.AMSL)) is Bands.MEET


def test_a_flight_level_is_no_altitude():
    """Pressure and cold move a level by a fifth: it surely meets little."""
    level = extent(6_000, 6_200, Datum.FL)
    assert bands(level, extent(5_000, 5_100, Datum.AMSL)) is Bands.CANNOT_TELL
    assert bands(level, extent(0, 3_000, Datum.AMSL)) is Bands.APART
    assert bands(level, extent(0, 12_000, Datum.AMSL)) is Bands.MEET


@pytest.mark.parametrize("datum", Datum)
def test_what_an_index_is_told_holds_every_doubt(datum):
    """`least_mm` and `most_mm` are never inside the band where it is exact."""
    piece = pack([extent(100.0004, 200.0004, datum)]).pieces[0]
    assert piece["floor_mm"] == 100_000
    assert piece["ceiling_mm"] == 200_001
    is_exact = (piece["least_mm"], piece["most_mm"]) == (100_000, 200_001)
    assert is_exact == (datum is Datum.AMSL)
    assert piece["most_mm"] - piece["least_mm"] >= 100_001
