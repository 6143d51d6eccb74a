"""What the sketch promises: outlines and rings, and never a false point."""

import math
import re

import msgspec
import pytest

from clearline.geo.geodesy import destination, distance_m
from clearline.model.places import Circle, Interval, Point, Sector
from clearline.replay.page.keyed import keys, unlocated
from clearline.replay.page.labels import Box, Wish, place_labels
from clearline.replay.page.projection import flatten, rings
from clearline.replay.page.sketch import NARROW_PX, WIDE_PX, sketch
from unit.replay.page.example import AIRFIELD, CITY, PLANNED, TOLD, document, founding

change = msgspec.structs.replace


@pytest.fixture(scope="module", params=[(WIDE_PX, True), (NARROW_PX, False)])
def drawn(request):
    """Draw the founding day, wide with words and narrow with letters."""
    width, has_words = request.param
    found = sketch(founding(), width, has_words=has_words)
    assert found is not None
    return found


def shape(drawn, letter):
    """Return a shape by its letter."""
    return next(one for one in drawn.shapes if one.letter == letter)


def m_per_px(drawn):
    """Return the scale of a sketch, by its own bar."""
    number, unit = drawn.bar_label.split()
    return float(number) * (1000 if unit == "km" else 1) / drawn.bar_px


def test_only_what_is_located_is_drawn(drawn) -> None:
    """Every shape stands for a place somebody located, or for the same words again."""
    located = {"airfield", "city", "told", "planned"}
    keyed = {key.letter: key for key in keys(founding())}
    shown = [keyed[one.letter] for one in drawn.shapes]
    assert {key.place.id for key in shown if key.place} == located
    assert [key.rival.origin for key in shown if key.rival] == ["Deir ez-Zor (city)"]


def test_every_place_is_drawn_or_listed() -> None:
    """No place of the day is lost between the sketch and the list beside it."""
    shown = {key.place.id for key in keys(founding()) if key.place}
    listed = {place.id for place in unlocated(founding())}
    assert shown | listed == {place.id for place in document().places}
    assert not shown & listed


def test_an_area_is_an_outline_and_not_a_point(drawn) -> None:
    """The planned areas are drawn as their whole sector."""
    planned = shape(drawn, "D")
    numbers = [float(n) for n in re.findall(r"-?\d+\.?\d*", planned.path)]
    xs, ys = numbers[::2], numbers[1::2]
    scale = m_per_px(drawn)
    # From 202.5 to 247.5 degrees, 3 to 6 km out: these are its corners' bounds.
    across = 6000 * math.sin(math.radians(67.5)) - 3000 * math.sin(math.radians(22.5))
    assert (max(xs) - min(xs)) * scale == pytest.approx(across, rel=0.02)
    along = 6000 * math.cos(math.radians(22.5)) - 3000 * math.cos(math.radians(67.5))
    assert (max(ys) - min(ys)) * scale == pytest.approx(along, rel=0.02)


def test_a_position_is_as_wide_as_its_precision(drawn) -> None:
    """A position is a ring of its precision, to scale."""
    told = shape(drawn, "C")
    assert told.path == ""
    assert told.halo_px * m_per_px(drawn) == pytest.approx(500, rel=0.02)


def test_distances_are_to_scale(drawn) -> None:
    """Places lie as far apart as they do on the ellipsoid, north up, east right."""
    airfield, city, told = (shape(drawn, letter) for letter in "ABC")
    scale = m_per_px(drawn)
    for one, other, truth in (
        (airfield, city, distance_m(AIRFIELD, CITY)),
        (airfield, told, distance_m(AIRFIELD, TOLD)),
    ):
        apart = math.dist((one.x, one.y), (other.x, other.y)) * scale
        assert apart == pytest.approx(truth, rel=0.01)
    assert city.y < airfield.y < told.y
    assert city.x < airfield.x


def test_everything_stays_in_the_frame(drawn) -> None:
    """No shape, halo or label leaves the drawing."""
    for one in drawn.shapes:
        assert one.box.left >= 0
        assert one.box.top >= 0
        assert one.box.right <= drawn.width
        assert one.box.bottom <= drawn.height
    for named in drawn.named:
        assert named.x >= 0
        assert named.x + named.width <= drawn.width


def test_labels_do_not_cover_each_other(drawn) -> None:
    """No label stands on another, nor on a length that is told."""
    boxes = [Box(n.x, n.y - 12, n.x + n.width, n.y + 12) for n in drawn.named]
    boxes += [Box.about(m.x, m.y, m.width, 24) for m in drawn.measured]
    for number, one in enumerate(boxes):
        assert all(one.covers(other) == 0 for other in boxes[number + 1 :])


def test_lengths_are_those_of_the_check(drawn) -> None:
    """The shortest and longest way say the check's own lengths, and are as long."""
    least, most = drawn.measured
    assert least.label.replace("\N{NO-BREAK SPACE}", " ") == "at least 4.1 km"
    assert most.label.replace("\N{NO-BREAK SPACE}", " ") == "at most 8.7 km"
    for line, truth in ((least, 4149.8), (most, 8698.9)):
        long = math.dist((line.x1, line.y1), (line.x2, line.y2)) * m_per_px(drawn)
        assert long == pytest.approx(truth, rel=0.02)


def test_grid_counts_from_the_origin(drawn) -> None:
    """The grid's zero lines cross where the place told is measured from."""
    airfield = shape(drawn, "A")
    (zero,) = [line for line in drawn.east if line.label == "0"]
    assert zero.at == pytest.approx(airfield.x, abs=0.2)
    assert drawn.centre == "Deir ez-Zor (airfield)"


def test_nothing_located_is_nothing_drawn() -> None:
    """A day without a located place has no sketch."""
    replay = founding()
    places = tuple(
        change(place, footprint=None, origin=None) for place in replay.places
    )
    check = change(replay.place_check, rival_origins=())
    bare = change(replay, places=places, place_check=check)
    assert sketch(bare, WIDE_PX, has_words=True) is None
    assert keys(bare) == ()


def test_a_place_said_to_be_another_has_no_shape_of_its_own() -> None:
    """Two names of one place are drawn once."""
    replay = founding()
    twin = change(replay.places[0], id="twin", name="the runway", same_as="airfield")
    both = change(replay, places=(*replay.places, twin))
    assert "twin" not in [key.place.id for key in keys(both) if key.place]


def test_two_of_a_name_are_told_apart_by_kind() -> None:
    """The airfield and the city of one name are named with their kind."""
    names = [key.name for key in keys(founding())]
    assert names[:2] == ["Deir ez-Zor (airfield)", "Deir ez-Zor (city)"]


def test_a_ring_has_a_hole() -> None:
    """A sector all the way round is two rings; without a hole it is one."""
    around = Interval(least=0.0, most=360.0)
    ring = change(PLANNED, bearing_deg=around)
    disc = change(ring, range_m=Interval(least=0.0, most=6000.0))
    assert [len(rings(ring)), len(rings(disc))] == [2, 1]
    circle = Circle(centre=AIRFIELD, radius_m=2000.0)
    for position in rings(circle)[0]:
        assert distance_m(AIRFIELD, position) == pytest.approx(2000.0, abs=0.01)


def test_plane_keeps_bearing_and_distance_from_its_centre() -> None:
    """From the centre, distances and bearings are true."""
    east, north = flatten(AIRFIELD, destination(AIRFIELD, 90.0, 1234.0))
    assert (east, north) == pytest.approx((1234.0, 0.0), abs=0.01)


def test_a_point_has_one_position() -> None:
    """A position is outlined by itself."""
    assert rings(Point(position=CITY, precision_m=1.0)) == [[CITY]]


def test_narrow_sector_keeps_its_ends() -> None:
    """A sector that is one bearing is a line from its near to its far end."""
    line = Sector(
        origin=AIRFIELD,
        bearing_deg=Interval(least=180.0, most=180.0),
        range_m=Interval(least=1000.0, most=9000.0),
    )
    far, near = rings(line)[0]
    assert distance_m(AIRFIELD, far) == pytest.approx(9000.0, abs=0.01)
    assert distance_m(AIRFIELD, near) == pytest.approx(1000.0, abs=0.01)


def test_labels_yield_to_what_is_taken() -> None:
    """A label leaves its first spot where something stands there already."""
    wish = Wish(100.0, 100.0, 5.0, 5.0, 60.0, may_cover=False)
    (free,) = place_labels([wish], [], [], 300.0, 300.0)
    (moved,) = place_labels([wish], [], [free], 300.0, 300.0)
    assert moved.covers(free) == 0
