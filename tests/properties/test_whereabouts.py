"""Laws of what stands where: it follows the log, forwards and back."""

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from clearline.geo.codes import APART
from clearline.geo.kernels import judge_pairs
from clearline.geo.packing import pack
from clearline.model.entries import Entry, Realm
from clearline.model.extents import Corridor, Extent
from clearline.model.instants import FOREVER, Window
from clearline.model.notice_acts import NoticeAmended, NoticeFiled, NoticeWithdrawn
from clearline.model.notices import NoticeId, Revision
from clearline.model.parties import Actor, DeskId, PartyId, Strength
from clearline.model.places import Circle, Place, PlaceFormat, Position, Unlocated
from clearline.picture.picture import Picture
from clearline.picture.whereabouts import Whereabouts
from clearline.picture.whereabouts_snapshot import (
    copy_of,
    read_whereabouts,
    resume,
    write_whereabouts,
)

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
BY = Actor(party=PartyId("north"), desk=DeskId("north"), strength=Strength.PASSWORD)

# A few places near each other, across the antimeridian, so that many meet.
_places = st.builds(
    lambda lon, lat, radius_m: Circle(
        centre=Position(lon=lon, lat=lat), radius_m=radius_m
    ),
    st.sampled_from([179.98, 180.0, -179.99, 10.0]),
    st.sampled_from([0.0, 0.03]),
    st.sampled_from([100.0, 3_000.0]),
)
_windows = st.builds(
    lambda start, lasts: Window(
        start=START + timedelta(hours=start),
        end=FOREVER if lasts == 0 else START + timedelta(hours=start + lasts),
    ),
    st.integers(0, 20),
    st.sampled_from([0, 1, 5]),
)
_shapes = st.builds(
    lambda lon, half_width_m: Corridor(
        path=(Position(lon=lon, lat=0.0), Position(lon=-179.9, lat=0.1)),
        half_width_m=half_width_m,
    ),
    st.sampled_from([179.98, -179.99]),
    st.sampled_from([0.0, 300.0]),
)
_footprints = st.one_of(
    _places, _shapes, st.just(Unlocated(name="points 1 and 2 on the hill"))
)
_acts = st.lists(
    st.tuples(st.sampled_from("FAAW"), st.integers(0, 4), _footprints, _windows),
    min_size=1,
    max_size=12,
)
_plans = st.builds(
    lambda place, window: Extent(footprint=place, window=window), _places, _windows
)


@settings(max_examples=120, deadline=None)
@given(_acts, _acts, _plans, st.integers(0, 30), st.data())
def test_screening_as_of_any_entry_is_a_look_at_all_that_stood(
    before, after, plan, hours, data
):
    """Loaded, followed, tidied: as of any entry, what is found is what then stood."""
    picture, numbers = Picture(), {}
    _fold(picture, before, numbers)
    where = Whereabouts(picture)
    _fold(picture, after, numbers)
    where.catch_up()
    where.expire(START + timedelta(hours=hours))
    size = data.draw(st.integers(0, picture.size))
    assert _ids(where.near(plan, size)) == _plainly(picture, size, plan)
    assert _ids(where.near(plan)) == _plainly(picture, picture.size, plan)


@settings(max_examples=80, deadline=None)
@given(_acts, _acts, _plans, st.data())
def test_what_is_taken_back_never_stood(durable, lost, plan, data):
    """Entries that never became durable leave no trace of where anything stood."""
    picture, numbers = Picture(), {}
    where = Whereabouts(picture)
    _fold(picture, durable, numbers)
    kept = picture.size
    picture.settle()
    _fold(picture, lost, dict(numbers))
    if data.draw(st.booleans()):
        where.catch_up()
    picture.take_back(kept)
    where.catch_up()
    assert _ids(where.near(plan)) == _plainly(picture, kept, plan)


@settings(max_examples=80, deadline=None)
@given(_acts, _acts, _plans, st.integers(0, 30), st.data())
def test_what_was_kept_goes_on_where_it_stopped(before, after, plan, hours, data):
    """Read again as packed arrays and caught up, it answers as if it never stopped."""
    picture, numbers = Picture(), {}
    _fold(picture, before, numbers)
    where = Whereabouts(picture)
    where.expire(START + timedelta(hours=hours))
    kept = copy_of(where)
    _fold(picture, after, numbers)
    last, read = read_whereabouts(write_whereabouts(kept, b"last"))
    assert last == b"last"
    again = resume(read, picture)
    assert (again.size, again.looked_back_to) == (picture.size, where.looked_back_to)
    size = data.draw(st.integers(0, picture.size))
    assert _ids(again.near(plan, size)) == _plainly(picture, size, plan)
    assert _ids(again.near(plan)) == _plainly(picture, picture.size, plan)
    _fold(picture, before, numbers)
    again.catch_up()
    assert _ids(again.near(plan)) == _plainly(picture, picture.size, plan)


def _fold(picture, acts, numbers):
    for kind, which, footprint, window in acts:
        notice = NoticeId(f"n{which}")
        numbers[notice] = numbers.get(notice, 0) + 1
        is_shape = isinstance(footprint, Corridor)
        told = Unlocated(name="the road") if is_shape else footprint
        said = Revision(
            number=numbers[notice],
            what="a visit",
            where=Place(footprint=told, text="there", format=PlaceFormat.GEOMETRY),
            window=window,
            shape=footprint if is_shape else None,
        )
        match kind:
            case "F" if picture.notices.get(notice) is None:
                act = NoticeFiled(notice=notice, owner=BY.party, by=BY, revision=said)
            case "W":
                act = NoticeWithdrawn(notice=notice, by=BY, why="over")
            case _:
                act = NoticeAmended(notice=notice, by=BY, revision=said)
        picture.fold(Entry(at=START, realm=Realm.EXERCISE, act=act))


def _ids(found):
    ids = [(one.stood.notice, one.stood.revision.number) for one in found]
    assert len(ids) == len(set(ids))
    return set(ids)


def _plainly(picture, size, plan):
    """Look at every notice that stood, one by one."""
    found = set()
    for notice in picture.at(size).notices.values():
        if notice.withdrawn_at is not None:
            continue
        extent = notice.revision.extent
        if isinstance(extent.footprint, Unlocated):
            is_met = plan.window.overlap(extent.window) is not None
        else:
            asked, there = pack([plan]), pack([extent])
            every = np.arange(len(there.pieces))
            codes, _ = judge_pairs(*asked, 0 * every, *there, every)
            is_met = bool(np.any(codes != APART))
        if is_met:
            found.add((notice.id, notice.revision.number))
    return found
