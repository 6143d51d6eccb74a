"""Laws of what stands: with an index or without, the same pairs meet."""

import math
from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearline.geo.codes import APART
from clearline.geo.geodesy import destination
from clearline.geo.packing import pack
from clearline.geo.standing import Standing, certain, near_together
from clearline.model.extents import AltitudeBand, Corridor, Datum, Extent, Polygon
from clearline.model.instants import FOREVER, Window
from clearline.model.passages import Pace, Passage, span
from clearline.model.places import Circle, Point, Position, Unlocated
from properties import slow_meeting
from properties.of_extents import footprints, movers
from properties.of_extents import windows as day_windows

START = datetime(2026, 3, 1, tzinfo=UTC)

_centres = st.sampled_from(
    [
        Position(lon=lon, lat=lat)
        for lon, lat in ((180.0, 10.0), (-179.99, 10.02), (30.0, 89.99), (-150.0, 90.0))
    ]
)
_metres = st.sampled_from([50.0, 900.0, 4_000.0, 15_000.0])
_bearings = st.sampled_from([0.0, 77.0, 160.0, 290.0])


def _moves(footprint):
    return isinstance(footprint, Corridor) and bool(footprint.passages)


def _polygon(centre, radius_m, turn_deg):
    corners = (0.0, 90.0, 170.0, 260.0)
    return Polygon(
        outer=tuple(destination(centre, turn_deg + at, radius_m) for at in corners)
    )


_footprints = st.one_of(
    st.builds(lambda at, r: Circle(centre=at, radius_m=r), _centres, _metres),
    st.builds(lambda at, p: Point(position=at, precision_m=p), _centres, _metres),
    st.builds(_polygon, _centres, _metres, _bearings),
    st.builds(
        lambda at, turn, away, wide: Corridor(
            path=(at, destination(at, turn, 3 * away)), half_width_m=wide
        ),
        _centres, _bearings, _metres, st.sampled_from([0.0, 300.0]),
    ),
    st.just(Unlocated(name="points 1 and 2 on the hill")),
)  # fmt: skip


def _convoy(start, turn_deg, away_m, pace):
    """Something that leaves at six, or somewhat later, and stops half way."""
    middle = destination(start, turn_deg, 2 * away_m)
    passages = tuple(
        Passage(eta=START + timedelta(hours=6 + hours), **more)
        for hours, more in (
            (0, {"late_for": timedelta(minutes=40)}),
            (4, {"late_for": timedelta(minutes=40), "dwell_for": timedelta(hours=1)}),
            (9, {"late_for": timedelta(hours=1)}),
        )
    )
    path = (start, middle, destination(middle, turn_deg + 70.0, away_m))
    return Corridor(path=path, half_width_m=100.0, passages=passages, pace=pace)


_movers = st.builds(
    _convoy,
    _centres,
    _bearings,
    _metres,
    st.sampled_from([None, Pace(fastest_mps=30.0)]),
)
_windows = st.builds(
    lambda start, lasts: Window(
        start=START + timedelta(hours=start),
        end=FOREVER if not lasts else START + timedelta(hours=start + lasts),
    ),
    st.integers(0, 30),
    st.sampled_from([0, 1, 9]),
)
_bands = st.one_of(
    st.none(),
    st.builds(
        lambda low, datum: AltitudeBand(floor_m=low, ceiling_m=low + 100, datum=datum),
        st.sampled_from([0.0, 99.0, 5_000.0]),
        st.sampled_from(list(Datum)),
    ),
)
extents = st.builds(
    lambda where, when, band, buffer_m, buffer_s: Extent(
        footprint=where,
        window=span(where.passages) if _moves(where) else when,
        band=band,
        buffer_m=buffer_m,
        buffer_s=buffer_s,
    ),
    st.one_of(_footprints, _movers), _windows, _bands, st.sampled_from([0.0, 400.0]),
    st.sampled_from([0.0, 3_600.0]),
)  # fmt: skip


@st.composite
def karney_extents(draw):
    """Extents about one spot of the four, of kinds the slow reference knows."""
    centre = draw(_centres)
    if draw(st.integers(0, 3)) == 0:
        return draw(movers(centre, draw(_metres)))
    return Extent(
        footprint=draw(footprints(centre, draw(_metres))),
        window=draw(day_windows()),
        buffer_m=draw(st.sampled_from([0.0, 300.0, 20_000.0])),
        buffer_s=draw(st.sampled_from([0.0, 900.0])),
    )


@settings(max_examples=120, deadline=None)
@given(
    st.lists(extents, max_size=12),
    st.lists(st.integers(0, 11), max_size=6),
    st.lists(extents, max_size=4),
)
def test_with_and_without_the_index_the_same_meet(standing, leaving, asked):
    """Filed together or singly, some withdrawn and filed anew: nothing is missed."""
    kept = Standing(room=1)
    numbers = dict(
        zip(kept.file_all(pack(standing), len(standing)), standing, strict=True)
    )
    for at in leaving:
        if at in numbers:
            again = numbers.pop(at)
            kept.withdraw(at)
            numbers[kept.file(pack([again]))] = again
    assert len(kept) == len(standing)
    assert _found(kept, asked) == _plainly(numbers, asked)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(karney_extents(), min_size=1, max_size=6), karney_extents())
def test_what_karney_finds_is_found(standing, asked):
    """From the index to the last metre: nothing Karney's geodesics find is missed.

    And nothing is found that they say is apart, anywhere, whatever moves.
    """
    kept = Standing(room=1)
    kept.file_all(pack(standing), len(standing))
    found = {int(row["extent"]): row for row in kept.meet(pack([asked]))}
    for number, extent in enumerate(standing):
        apart_m = _slowly_m(extent, asked)
        limit_m = extent.buffer_m + asked.buffer_m
        if apart_m <= limit_m - 1.0:
            assert number in found
        elif apart_m > limit_m + 1.0:
            assert number not in found
        if number in found:
            assert abs(found[number]["separation_m"] - apart_m) <= 1.0


def _slowly_m(one, other):
    """Ask the slow reference; infinity where both are never there at one time."""
    moving = [extent for extent in (one, other) if _moves(extent.footprint)]
    if len(moving) == 2:
        return slow_meeting.moving_separation_m(one, other)
    if not moving:
        widen = timedelta(seconds=one.buffer_s + other.buffer_s)
        is_met = (
            one.window.start < other.window.end + widen
            and other.window.start < one.window.end + widen
        )
        still_m = slow_meeting.separation_m(one.footprint, other.footprint)
        return still_m if is_met else math.inf
    (mover,) = moving
    return slow_meeting.separation_from_area_m(mover, other if mover is one else one)


@settings(max_examples=60, deadline=None)
@given(st.lists(extents, min_size=1, max_size=8), st.lists(extents, max_size=3))
def test_what_was_copied_stands_again(standing, asked):
    """A snapshot holds what stands, and nothing of what was withdrawn."""
    kept = Standing(room=1)
    kept.file_all(pack(standing), len(standing))
    for number in range(0, len(standing), 2):
        kept.withdraw(number)
    packed, count = kept.copy()
    again = Standing(room=1)
    again.file_all(packed, count)
    assert kept.numbers().tolist() == list(range(1, len(standing), 2))
    assert _found(again, asked) == _plainly(dict(enumerate(standing[1::2])), asked)


@settings(max_examples=15, deadline=None)
@given(st.lists(extents, min_size=2, max_size=8), st.data())
def test_years_of_coming_and_going_take_no_more_room(some, data):
    """Filed and withdrawn in any shapes, over and over: room for twice what stands.

    And what stands is found through every closing up.
    """
    chance = data.draw(st.randoms(use_true_random=False))
    kept, numbers, most = Standing(room=16), {}, 0
    for at in range(100):
        for extent in some:
            wider = msgspec.structs.replace(
                extent, footprint=_longer(extent.footprint, at % 30)
            )
            numbers[kept.file(pack([wider]))] = wider
            most = max(most, sum(_rows_used(one) for one in numbers.values()))
        for number in chance.sample(sorted(numbers), len(some)):
            kept.withdraw(number)
            del numbers[number]
        kept.withdraw(kept.file(pack([some[0]])))
    assert len(kept) == len(numbers)
    held = len(kept.pool.pieces) + len(kept.pool.vertices) + len(kept.pool.clocks)
    assert held <= 4 * most + 200
    assert len(kept.rows) <= 4 * len(some) + 64
    assert _found(kept, some[:2]) == _plainly(numbers, some[:2])


def _longer(footprint, legs):
    """A corridor of so many legs, so that hardly two extents have one shape."""
    if isinstance(footprint, Unlocated):
        return footprint
    path = [Position(lon=-179.98, lat=10.0)]
    for leg in range(1 + legs):
        path.append(destination(path[-1], 40.0 * leg, 900.0))
    return Corridor(path=tuple(path), half_width_m=10.0)


def _rows_used(extent):
    return sum(len(array) for array in pack([extent]))


def _found(kept, asked):
    packed = pack(asked)
    plain = _rows(kept.meet(packed))
    if len(packed.pieces):
        assert _rows(kept.meet(near_together(packed))) == plain
    return plain


def _rows(meetings):
    rows = {
        (int(row["asked"]), int(row["extent"])): (row["code"], row["separation_m"])
        for row in meetings
    }
    assert len(rows) == len(meetings), "each pair is told once"
    return rows


def _plainly(numbers, asked):
    found = {}
    for at, plan in enumerate(asked):
        for number, extent in numbers.items():
            told = certain(pack([plan]), pack([extent]))
            if told[0] != APART:
                found[at, number] = told
    return found
