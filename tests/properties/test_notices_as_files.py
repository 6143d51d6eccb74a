"""What a file of notices carries comes back the same; what it does not, it says."""

import typing
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from clearline.exchange.formats import FileFormat
from clearline.exchange.handing import hand_out, hand_out_rows, own
from clearline.exchange.movement_rows import take_movement
from clearline.exchange.shapes import take_shapes
from clearline.exchange.sheets import read_sheet
from clearline.exchange.site_rows import take_site
from clearline.exchange.taking import Taking
from clearline.model.extents import Corridor, Extent, MultiPolygon, Polygon
from clearline.model.instants import FOREVER, Window
from clearline.model.notice_details import KINDS, Contact, Request
from clearline.model.notices import (
    AreaDetails,
    Consent,
    MovementDetails,
    NoticeKind,
    Precision,
    Revision,
    SiteDetails,
)
from clearline.model.parties import DeskId
from clearline.model.places import Circle, Place, PlaceFormat, Point, Position
from properties.of_extents import bands, footprints, movers, places, sizes
from properties.strategies import anything

NOW = datetime(2026, 3, 1, tzinfo=UTC)
TAKING = Taking(origins=(), now=NOW)
SHAPES = [FileFormat.KML, FileFormat.KMZ, FileFormat.GEOJSON, FileFormat.COT]

_WORDS = st.text(
    st.characters(categories=["L", "Nd", "Sm", "Po"], exclude_characters=";'"),
    min_size=1,
    max_size=12,
)
_SAID = st.sampled_from(["", "=1+1", "+963", "-x", "@a", 'a "b", c', "عيادة", "<&>"])
_TEXT = _WORDS | _SAID
_WHEN = st.integers(0, 10**6).map(lambda some: NOW + timedelta(minutes=some))


def _plain(kind: type) -> st.SearchStrategy:  # noqa: C901, PLR0911 (a case a type)
    """Any value of a type, its texts plain enough to stand in a cell."""
    if kind is str:
        return _TEXT
    if kind is datetime:
        return _WHEN
    if kind is float:
        return st.integers(0, 10**6).map(lambda some: some / 8)
    if kind is int:
        return st.integers(0, 10**6)
    if kind is Place:
        return _places()
    if kind is Window:
        return _WHEN.map(lambda at: Window(start=at, end=at + timedelta(hours=1)))
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        hints = typing.get_type_hints(kind)
        return st.builds(kind, **{name: _plain(hints[name]) for name in hints})
    inner = typing.get_args(kind)
    if typing.get_origin(kind) is tuple:
        return st.lists(_plain(inner[0]), max_size=2).map(tuple)
    if inner and typing.get_origin(kind) is not typing.Annotated:
        return st.one_of([_plain(one) for one in inner])
    if inner:
        return _plain(inner[0])
    return anything(kind)


@st.composite
def _places(draw) -> Place:
    at = Position(
        lon=draw(st.integers(-179_000_000, 179_000_000)) / 1e6,
        lat=draw(st.integers(-89_000_000, 89_000_000)) / 1e6,
    )
    return Place(
        footprint=Point(position=at, precision_m=0.12),
        text=f"{at.lat:.6f} {at.lon:.6f}",
        format=PlaceFormat.DECIMAL,
    )


def _details(kind: NoticeKind) -> st.SearchStrategy:
    return _plain(next(one for one in KINDS if KINDS[one] is kind))


@st.composite
def _drawn(draw) -> Revision:
    """Any notice whose place was drawn, of any kind but a position."""
    kind = draw(st.sampled_from([k for k in NoticeKind if k != NoticeKind.POSITION]))
    if draw(st.booleans()):
        extent = draw(movers(draw(places()), draw(sizes(20_000.0))))
    else:
        start = draw(_WHEN)
        end = draw(st.sampled_from([FOREVER, start + timedelta(hours=3)]))
        extent = Extent(
            footprint=draw(footprints(draw(places()), draw(sizes()))),
            window=Window(start=start, end=end),
            band=draw(bands()),
            buffer_m=draw(st.sampled_from([0.0, 250.0])),
        )
    shape = extent.footprint
    is_more = isinstance(shape, Corridor | Polygon | MultiPolygon)
    return Revision(
        number=1,
        what=draw(_TEXT),
        where=Place(
            footprint=draw(_places()).footprint if is_more else shape,
            text=draw(_WORDS),
            format=PlaceFormat.GEOMETRY,
        ),
        shape=shape if is_more else None,
        window=extent.window,
        band=extent.band,
        buffer_m=extent.buffer_m,
        buffer_s=extent.buffer_s,
        details=draw(_details(kind)),
    )


@pytest.mark.parametrize("form", SHAPES)
@given(revision=_drawn())
def test_a_file_of_shapes_brings_back_every_word_and_every_metre(form, revision):
    """Kind, words, details, shape, window, altitudes and margins survive."""
    mine = own("n-1", revision)
    assert mine is not None
    handed = hand_out([mine], form, NOW)
    (taken,) = take_shapes(handed.data, form, TAKING)
    assert taken.mistakes == ()
    found = taken.revision
    assert found is not None
    assert found.extent == revision.extent
    assert (found.what, found.details) == (revision.what, revision.details)
    assert found.where.text == revision.where.text
    assert (found.tells, found.consents) == ((), ())


@given(revision=_drawn())
def test_a_position_leaves_in_no_file(revision):
    """Whatever is asked for, own people are not in it."""
    details = next(one for one in KINDS if KINDS[one] is NoticeKind.POSITION)()
    assert own("n-1", replace(revision, details=details)) is None


@st.composite
def _consents(draw) -> tuple[Consent, ...]:
    desks = draw(st.lists(st.sampled_from(["south-ops", "monitor-ops"]), unique=True))
    by = draw(_TEXT)
    return tuple(
        Consent(desk=DeskId(desk), precision=draw(st.sampled_from(Precision)), by=by)
        for desk in desks
    )


@st.composite
def _sites(draw) -> Revision:
    where = draw(_places())
    if radius_m := draw(st.sampled_from([0.0, 80.0, 12.5])):
        circle = Circle(
            centre=where.footprint.position, radius_m=radius_m, precision_m=0.12
        )
        where = replace(where, footprint=circle)
    details = replace(
        draw(_plain(SiteDetails)),
        ref=draw(_WORDS),
        name_en=draw(_WORDS),
        is_function_now=draw(st.booleans()),
        contacts=tuple(draw(_plain(Contact)) for _ in range(2)),
    )
    start = draw(_WHEN)
    end = draw(st.sampled_from([FOREVER, start + timedelta(days=30)]))
    consents = draw(_consents())
    return Revision(
        number=1,
        what=draw(_WORDS),
        where=where,
        window=Window(start=start, end=end),
        details=details,
        consents=consents,
        tells=tuple(one.desk for one in consents),
        buffer_m=draw(st.sampled_from([0.0, 100.0])),
    )


@st.composite
def _movements(draw) -> Revision:
    extent = draw(movers(draw(places()), draw(sizes(20_000.0))))
    return Revision(
        number=1,
        what=draw(_WORDS),
        where=draw(_places()),
        shape=extent.footprint,
        window=extent.window,
        details=replace(
            draw(_plain(MovementDetails)),
            ref=draw(_WORDS),
            purpose=draw(_WORDS),
            armed_escort=draw(st.booleans()),
            contacts=tuple(draw(_plain(Contact)) for _ in range(2)),
        ),
        buffer_s=draw(st.sampled_from([0.0, 60.0])),
    )


_SITE_LEFT = {
    "how it was verified": lambda d: replace(
        d, verification=replace(d.verification, method="")
    ),
    "when a contact was last tried": lambda d: replace(
        d, contacts=tuple(replace(one, tested_at=None) for one in d.contacts)
    ),
}


@pytest.mark.parametrize("form", [FileFormat.XLSX, FileFormat.CSV])
@settings(max_examples=40)
@given(revision=_sites())
def test_a_row_of_a_site_brings_back_all_but_what_the_report_names(form, revision):
    """A field that is lost without being named fails here."""
    details = revision.details
    mine = own("n-1", revision)
    handed = hand_out_rows([mine], NoticeKind.SITE, form)
    left = {one.what for one in handed.left_out}
    (row,) = read_sheet(handed.data, form).rows
    taken = take_site(row, TAKING)
    assert taken.mistakes == (), taken
    found = taken.revision
    for what, without in _SITE_LEFT.items():
        if what in left:
            details = without(details)
    asked = replace(_without_gaps(details), request=Request.AMEND)
    assert found.details == asked
    assert found.what == revision.what
    assert found.where.footprint.precision_m >= 0.01
    assert _centre(found.where.footprint) == _centre(revision.where.footprint)
    assert [(c.desk, c.precision, c.by) for c in found.consents] == [
        (c.desk, c.precision, c.by) for c in revision.consents
    ]
    if "that it holds until withdrawn" not in left:
        assert found.window == revision.window
    assert ("margins" in left) == bool(revision.buffer_m)


def _centre(footprint):
    match footprint:
        case Circle(centre=at, radius_m=radius_m):
            return at, radius_m
        case Point(position=at):
            return at, 0.0


def _without_gaps(details):
    """Return details as a row says them: an empty name at the end is none."""
    names = list(details.admin.names)
    while names and not names[-1]:
        names.pop()
    return replace(details, admin=replace(details.admin, names=tuple(names)))


@settings(max_examples=40)
@given(revision=_movements())
def test_a_row_of_a_movement_brings_back_its_way_and_names_the_rest(revision):
    """Places and times of the way survive a sheet."""
    details = revision.details
    mine = own("n-1", revision)
    handed = hand_out_rows([mine], NoticeKind.MOVEMENT, FileFormat.XLSX)
    left = {one.what for one in handed.left_out}
    (row,) = read_sheet(handed.data, FileFormat.XLSX).rows
    taken = take_movement(row, TAKING)
    if taken.mistakes:
        # Only what nobody can drive in whole minutes, or at a pole, is refused.
        assert {one.column for one in taken.mistakes} <= {""}, taken
        return
    found, given_ = taken.revision.shape, revision.shape
    assert [one.eta for one in found.passages] == [one.eta for one in given_.passages]
    assert [one.dwell_for for one in found.passages] == [
        one.dwell_for for one in given_.passages
    ]
    if "doubt of time, place by place" not in left:
        assert [one.late_for for one in found.passages] == [
            one.late_for for one in given_.passages
        ]
    assert ("margins" in left) == bool(revision.buffer_s)
    assert taken.revision.details.purpose == details.purpose


def test_every_kind_of_details_is_laid_flat_without_two_names_meeting():
    """A field that hides another would be lost."""
    from clearline.exchange.fields import paths  # noqa: PLC0415

    for kind in NoticeKind:
        flat = paths(kind)
        assert len(set(flat.values())) == len(flat)
    assert AreaDetails in KINDS
