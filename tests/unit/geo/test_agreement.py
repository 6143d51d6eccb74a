"""Where the gazetteer and another list differ is counted and named."""

import pytest

from clearline.geo.agreement import AGREES_M, Apart, Listed, compare
from clearline.model.places import Position
from gazetteers import small_gazetteer

ROWS = [
    Listed(name="Kunduz", country="AF", position=Position(lon=68.8681, lat=36.7286)),
    Listed(
        name="DAYR AZ ZAWR", country="SY", position=Position(lon=40.15, lat=35.3333)
    ),
    Listed(name="Aleppo", country="SY", position=Position(lon=37.2, lat=37.2)),
    Listed(name="Aleppo", country="LB", position=Position(lon=37.2, lat=36.2)),
    Listed(
        name="OSDZ",
        country="SY",
        position=Position(lon=40.186807, lat=35.287551),
        is_airfield=True,
    ),
    Listed(
        name="Tripoli",
        country="LB",
        position=Position(lon=36.0, lat=34.6),
        is_airfield=True,
    ),
]


def test_each_row_is_counted_once(tmp_path):
    """Agree, differ and not found make up the list; classes say how well they hold."""
    said = compare(ROWS, small_gazetteer(tmp_path))
    assert (said.listed, said.not_found, said.agree, said.differ) == (6, 2, 3, 1)
    city = said.classes["a city of 100,000 to 1,000,000 people"]
    assert (city.compared, city.within_extent) == (2, 2)
    assert city.median_m <= city.most_m <= AGREES_M
    large = said.classes["a city of 1,000,000 to 5,000,000 people"]
    assert (large.compared, large.within_extent) == (1, 0)
    assert said.classes["an airfield"].compared == 1


def test_what_differs_is_named(tmp_path):
    """The row, how far, and which row of the gazetteer it was held against."""
    (one,) = compare(ROWS, small_gazetteer(tmp_path)).farthest
    assert one == Apart(
        name="Aleppo",
        country="SY",
        apart_m=pytest.approx(110_900, abs=300),
        source="GeoNames 4",
    )


def test_an_empty_list_agrees_with_nothing(tmp_path):
    """Nothing listed, nothing said."""
    assert compare([], small_gazetteer(tmp_path)).classes == {}
