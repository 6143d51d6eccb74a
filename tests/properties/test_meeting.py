"""Laws of how extents meet, anywhere on Earth, and agreement with a slow reference."""

from datetime import timedelta

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from clearline.geo.codes import APART, CLOSE
from clearline.geo.geodesy import destination, distance_m
from clearline.geo.kernels import CLOSE_M, judge
from clearline.geo.meeting import Bands, meet, separation_m
from clearline.geo.microseconds import microseconds
from clearline.geo.packing import instant, pack
from clearline.model.extents import Corridor, Datum, Extent, MultiPolygon, Polygon
from clearline.model.instants import FOREVER, Window
from clearline.model.places import Circle, Point, Position
from properties import slow_meeting
from properties.of_extents import (
    DAY,
    bands,
    footprints,
    movers,
    neighbours,
    pairs,
    places,
    polygons,
    rings,
    sizes,
    windows,
)

ALL_DAY = Window(start=DAY, end=DAY + timedelta(days=1))

slowly = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60
)
quickly = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def still(footprint, **rest):
    """An extent that stands all day at every altitude."""
    return Extent(footprint=footprint, window=ALL_DAY, **rest)


def tolerance_m(apart_m):
    """What the issue allows: a metre up to 100 km, a thousandth beyond."""
    return max(1.0, 1e-3 * apart_m)


@slowly
@given(neighbours())
def test_the_separation_is_what_karney_says(both):
    """Points, circles, corridors and areas with holes, anywhere: 1 m, or 0.1 %.

    What is asserted is tighter: 10 cm within 100 km, nearly all of it the reference's,
    which walks along edges and is centimetres above 0 where two of them cross.
    """
    one, other = both
    apart_m = separation_m(still(one), still(other))
    slow_m = slow_meeting.separation_m(one, other)
    assert abs(apart_m - slow_m) <= max(0.1, 2e-4 * max(0.0, slow_m - 1e5))


@slowly
@given(neighbours(most_m=3_000_000.0))
def test_large_shapes_are_within_a_thousandth(both):
    """The same for what is as large as an ocean."""
    one, other = both
    apart_m = separation_m(still(one), still(other))
    slow_m = slow_meeting.separation_m(one, other)
    assert abs(apart_m - slow_m) <= tolerance_m(slow_m)


@slowly
@given(st.data(), places(), sizes(30_000.0))
def test_what_moves_is_as_near_as_a_slow_search_of_time_finds(data, here, size_m):
    """Legs, stops and uncertain hours: the least distance at one time."""
    there = destination(
        here, data.draw(st.floats(0.0, 360.0)), size_m * data.draw(st.floats(0.0, 3.0))
    )
    one, other = data.draw(movers(here, size_m)), data.draw(movers(there, size_m))
    slow_m = slow_meeting.moving_separation_m(one, other)
    found = meet(one, other)
    if found.separation_m is None:
        assert slow_m == float("inf")
        return
    assert abs(found.separation_m - slow_m) <= tolerance_m(slow_m)


@slowly
@given(st.data(), places(), sizes(30_000.0))
def test_what_moves_past_an_area_is_as_near_as_it_comes_in_its_window(
    data, here, size_m
):
    """Only the part of the way counts that can be passed while the area is there."""
    there = destination(
        here, data.draw(st.floats(0.0, 360.0)), size_m * data.draw(st.floats(0.0, 3.0))
    )
    mover = data.draw(movers(here, size_m))
    area = Extent(
        footprint=data.draw(polygons(there, size_m)),
        window=data.draw(windows()),
        buffer_s=60.0,
    )
    slow_m = slow_meeting.separation_from_area_m(mover, area)
    found = meet(mover, area)
    if found.separation_m is None:
        assert slow_m == float("inf")
        return
    assert abs(found.separation_m - slow_m) <= tolerance_m(slow_m)
    if found.is_conflict:
        assert found.contact.start >= area.window.start - timedelta(minutes=1)
        assert found.contact.end <= area.window.end + timedelta(minutes=1)


@slowly
@given(st.data(), places(), sizes(30_000.0))
def test_first_and_last_contact_are_the_first_and_the_last(data, here, size_m):
    """A second before the first and after the last, both are too far apart."""
    there = destination(
        here, data.draw(st.floats(0.0, 360.0)), size_m * data.draw(st.floats(0.0, 1.5))
    )
    one, other = data.draw(movers(here, size_m)), data.draw(movers(there, size_m))
    found = meet(one, other)
    assume(found.contact is not None)
    start = (found.contact.start - DAY).total_seconds()
    end = (found.contact.end - DAY).total_seconds()
    for t in (start, end - 1e-6):
        assert slow_meeting.separation_at_m(one, other, t) <= found.limit_m + 0.5
    for t in (start - 1.0, end + 1.0):
        assert slow_meeting.separation_at_m(one, other, t) > found.limit_m - 0.5
    assert start <= (found.closest_at - DAY).total_seconds() <= end


@quickly
@given(pairs())
def test_meeting_is_symmetric(both):
    """Which of two extents is called the plan changes nothing."""
    one, other = both
    there, back = meet(one, other), meet(other, one)
    assert there.bands == back.bands
    assert there.is_conflict == back.is_conflict
    assert there.is_unsure == back.is_unsure
    assert there.contact == back.contact
    if there.separation_m is not None:
        assert there.separation_m == pytest.approx(back.separation_m, abs=1e-4)


@quickly
@given(pairs(), st.floats(0.0, 50_000.0), st.floats(0.0, 7_200.0))
def test_widening_a_buffer_never_loses_a_conflict(both, more_m, more_s):
    """What was in conflict, or could not be told, is so with more margin."""
    one, other = both
    before = meet(one, other)
    wider = msgspec.structs.replace(
        one, buffer_m=one.buffer_m + more_m, buffer_s=one.buffer_s + more_s
    )
    after = meet(wider, other)
    assert not before.is_conflict or after.is_conflict
    assert not before.is_unsure or after.is_unsure or after.is_conflict
    if before.separation_m is not None:
        # it is searched anew each time; a metre is promised, a millimetre is asked
        assert after.separation_m <= before.separation_m + 1e-3
    if before.contact is not None:
        assert after.contact.start <= before.contact.start
        assert after.contact.end >= before.contact.end


def moved(extent, east_deg, later):
    """The same extent farther east and later."""
    return msgspec.structs.replace(
        extent,
        footprint=_turned(extent.footprint, east_deg, later),
        window=_later(extent.window, later),
    )


def _turned(footprint, east_deg, later):
    def turn(at):
        return Position(lon=(at.lon + east_deg + 180.0) % 360.0 - 180.0, lat=at.lat)

    replace = msgspec.structs.replace
    match footprint:
        case Point(position=at):
            return replace(footprint, position=turn(at))
        case Circle(centre=at):
            return replace(footprint, centre=turn(at))
        case Corridor(path=path, passages=passages):
            return replace(
                footprint,
                path=tuple(turn(at) for at in path),
                passages=tuple(
                    replace(passage, eta=passage.eta + later) for passage in passages
                ),
            )
        case Polygon(outer=outer, holes=holes):
            return replace(
                footprint,
                outer=tuple(turn(at) for at in outer),
                holes=tuple(tuple(turn(at) for at in hole) for hole in holes),
            )
        case MultiPolygon(parts=parts):
            return replace(
                footprint, parts=tuple(_turned(part, east_deg, later) for part in parts)
            )


def _later(window, later):
    end = window.end if window.end == FOREVER else window.end + later
    return Window(start=window.start + later, end=end)


@quickly
@given(pairs(), st.floats(-180.0, 180.0), st.integers(0, 100_000))
def test_moving_both_together_changes_nothing(both, east_deg, minutes):
    """Turned round the Earth's axis and put off by the same time, all stays."""
    one, other = both
    later = timedelta(minutes=minutes)
    here = meet(one, other)
    there = meet(moved(one, east_deg, later), moved(other, east_deg, later))
    assert here.bands == there.bands
    if here.separation_m is None:
        assert there.separation_m is None
        return
    # The turned degrees are rounded: a hundredth of a millimetre on the ground.
    assert there.separation_m == pytest.approx(here.separation_m, abs=1e-3, rel=1e-6)
    if abs(here.separation_m - here.limit_m) > 0.1:
        assert there.is_conflict == here.is_conflict


@quickly
@given(pairs(), st.floats(0.0, 1.0))
def test_splitting_a_window_loses_nothing(both, share):
    """Two notices for two halves of a window conflict where the whole does."""
    one, other = both
    assume(not (isinstance(one.footprint, Corridor) and one.footprint.passages))
    start, end = microseconds(one.window.start), microseconds(one.window.end)
    middle = start + int((end - start) * share)
    assume(start < middle < end)
    halves = [
        meet(
            msgspec.structs.replace(
                one, window=Window(start=instant(first), end=instant(last))
            ),
            other,
        )
        for first, last in ((start, middle), (middle, end))
    ]
    whole = meet(one, other)
    found = [half for half in halves if half.separation_m is not None]
    if whole.separation_m is None:
        assert not found
        return
    assert min(half.separation_m for half in found) == pytest.approx(
        whole.separation_m, abs=2e-3, rel=1e-6
    )
    if abs(whole.separation_m - whole.limit_m) > 0.1:
        assert whole.is_conflict == any(half.is_conflict for half in found)


@quickly
@given(pairs())
def test_the_bulk_judge_says_what_one_pair_is_told(both):
    """Judged piece by piece, two extents meet exactly where `meet` says they do."""
    one, other = both
    a, b = pack([one]), pack([other])
    found = meet(one, other)
    codes, apart_m = set(), []
    for i in range(len(a.pieces)):
        for j in range(len(b.pieces)):
            code, piece_m = judge(*a, i, *b, j)
            if code != APART:
                codes.add(code & ~CLOSE)
                apart_m.append(piece_m)
    if found.separation_m is None:
        assert not codes
        return
    assume(abs(found.separation_m - found.limit_m) > CLOSE_M)
    assert bool(codes) == (found.is_conflict or found.is_unsure)
    if codes:
        assert min(apart_m) == pytest.approx(found.separation_m, abs=0.01, rel=1e-6)
        assert (min(codes) == 1) == found.is_conflict


@quickly
@given(places(), st.floats(0.0, 360.0), sizes(), st.floats(-0.04, 0.04))
@example(Position(lon=180.0, lat=0.0), 90.0, 100.0, 0.001)
@example(Position(lon=180.0, lat=0.0), 90.0, 100.0, -0.001)
def test_a_millimetre_decides_at_the_limit(here, turn, apart_m, more_m):
    """Two circles whose buffers just reach, or just do not, by a hair."""
    assume(abs(more_m) > 1e-6)
    there = destination(here, turn, apart_m)
    exact_m = distance_m(here, there)
    radius_m = exact_m / 4
    one = still(Circle(centre=here, radius_m=radius_m), buffer_m=exact_m / 4)
    buffer_m = exact_m / 4 + more_m
    assume(buffer_m >= 0.0)
    other = still(Circle(centre=there, radius_m=radius_m), buffer_m=buffer_m)
    assert meet(one, other).is_conflict == (more_m > 0.0)


@quickly
@given(neighbours())
def test_every_piece_lies_in_its_cap(both):
    """The index may trust the cap: no vertex, and no place near it, lies outside."""
    one, _ = both
    packed = pack([still(one, buffer_m=100.0)])
    for piece in packed.pieces:
        centre = slow_meeting.lon_lat(piece["x_m"], piece["y_m"], piece["z_m"])
        rows = packed.vertices[piece["first"] : piece["first"] + piece["count"]]
        for x, y, z in rows[np.isfinite(rows).all(axis=1)]:
            away_m = slow_meeting.distance_m(centre, slow_meeting.lon_lat(x, y, z))
            margin_m = piece["radius_m"] + piece["buffer_m"]
            assert away_m + margin_m <= piece["reach_m"] + 1e-6


@quickly
@given(st.data(), places(), sizes())
def test_a_hole_only_takes_away(data, here, size_m):
    """With its holes filled, an area is never farther from anything."""
    outer, hole = data.draw(rings(here, size_m))
    one, filled = Polygon(outer=outer, holes=(hole,)), Polygon(outer=outer)
    there = destination(here, data.draw(st.floats(0.0, 360.0)), size_m)
    other = data.draw(footprints(there, size_m))
    with_holes_m = separation_m(still(one), still(other))
    assert separation_m(still(filled), still(other)) <= with_holes_m + 1e-6


@quickly
@given(bands(), bands(), st.booleans())
def test_bands_of_one_datum_are_never_in_doubt(one, other, is_one_datum):
    """They meet or do not, ends included; unlike datums may leave it open."""
    assume(one is not None and other is not None)
    if is_one_datum:
        other = msgspec.structs.replace(other, datum=one.datum)
    circle = Circle(centre=Position(lon=40.0, lat=35.0), radius_m=10.0)
    found = meet(still(circle, band=one), still(circle, band=other)).bands
    is_met = one.floor_m <= other.ceiling_m and other.floor_m <= one.ceiling_m
    if one.datum == other.datum:
        assert found is (Bands.MEET if is_met else Bands.APART)
    elif is_met and {one.datum, other.datum} <= {Datum.AMSL, Datum.WGS84}:
        assert found is not Bands.APART
