"""Laws of what stands: with an index or without, the same pairs meet."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from clearline.geo.geodesy import destination
from clearline.geo.kernels import APART
from clearline.geo.packing import pack
from clearline.geo.standing import Standing, certain, near_together
from clearline.model.extents import AltitudeBand, Corridor, Datum, Extent, Polygon
from clearline.model.instants import FOREVER, Window
from clearline.model.places import Circle, Point, Position, Unlocated

START = datetime(2026, 3, 1, tzinfo=UTC)

_centres = st.sampled_from(
    [
        Position(lon=lon, lat=lat)
        for lon, lat in ((180.0, 10.0), (-179.99, 10.02), (30.0, 89.99), (-150.0, 90.0))
    ]
)
_metres = st.sampled_from([50.0, 900.0, 4_000.0, 15_000.0])
_bearings = st.sampled_from([0.0, 77.0, 160.0, 290.0])


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
        footprint=where, window=when, band=band, buffer_m=buffer_m, buffer_s=buffer_s
    ),
    _footprints, _windows, _bands, st.sampled_from([0.0, 400.0]),
    st.sampled_from([0.0, 3_600.0]),
)  # fmt: skip


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
    located = [
        extent
        for extent in standing[1::2]
        if not isinstance(extent.footprint, Unlocated)
    ]
    assert _found(again, asked) == _plainly(dict(enumerate(located)), asked)


@settings(max_examples=60, deadline=None)
@given(st.lists(extents, max_size=8), st.integers(-2, 60))
def test_what_has_ended_is_named_and_nothing_else(standing, hours):
    """Over means over with its margin; until withdrawn is never over."""
    kept = Standing(room=1)
    kept.file_all(pack(standing), len(standing))
    now = START + timedelta(hours=hours)
    over = {
        number
        for number, extent in enumerate(standing)
        if not isinstance(extent.footprint, Unlocated)
        and extent.window.end != FOREVER
        and extent.window.end + timedelta(seconds=extent.buffer_s) <= now
    }
    at_us = (now - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    assert set(kept.ended(at_us).tolist()) == over


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
