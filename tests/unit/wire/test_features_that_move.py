"""What moves is written with its times and its pace, and read again as it was."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from clearline.model.extents import Corridor, Extent
from clearline.model.passages import Pace, Passage, span
from clearline.model.places import Position
from clearline.wire.features import BadFeature, read_feature, write_feature

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PASSAGES = (
    Passage(eta=NOON, dwell_for=timedelta(minutes=10)),
    Passage(eta=NOON + timedelta(hours=2), late_for=timedelta(minutes=30)),
)
CORRIDOR = Corridor(
    path=(Position(lon=40.0, lat=35.0), Position(lon=40.5, lat=35.0)),
    half_width_m=200.0,
    passages=PASSAGES,
    pace=Pace(fastest_mps=20.0, slowest_mps=1.0),
)
CONVOY = Extent(footprint=CORRIDOR, window=span(PASSAGES))


def test_a_movement_is_read_as_it_was_written():
    """Times, dwell, and how fast it may be in between."""
    assert read_feature(write_feature("convoy", CONVOY)).extent == CONVOY


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"fastest_mps": None}, "says nothing without `fastest_mps`"),
        ({"passages": None}, "A pace without times"),
        ({"fastest_mps": 5.0}, "45.6 km long and takes 110.0 min as expected: 25 km/h"),
        ({"fastest": 20.0}, "`fastest_mps` would be"),
    ],
)
def test_what_cannot_be_driven_comes_out_with_its_line(more, says):
    """A pace nobody can keep, or that says nothing, is a mistake of its feature."""
    feature = json.loads(write_feature("convoy", CONVOY))
    feature["properties"] |= more
    with pytest.raises(BadFeature, match="in line 7") as bad:
        read_feature(json.dumps(feature).encode(), line=7)
    assert says in str(bad.value)
