"""CoT as TAK writes it is read; what TAK shows of ours is what we say."""

from datetime import UTC, datetime, timedelta

import pytest

from clearline.exchange.drawing import draw
from clearline.wire.cot import (
    CIRCLE,
    DRAWING,
    MARKER,
    ROUTE,
    Event,
    cot_lines,
    split_cot,
    write_cot,
)
from clearline.wire.features import BadFeature
from clearline.wire.told import taken_apart

NOW = datetime(2026, 3, 1, tzinfo=UTC)
_SPAN = {"start": "2026-03-01T06:00:00Z", "end": "2026-03-01T09:00:00Z"}


def _event(detail: str, kind: str = "u-d-f", point: str = "") -> bytes:
    point = point or '<point lat="35.2" lon="40.1" hae="200" ce="25.0" le="9999999"/>'
    return (
        f'<?xml version="1.0"?><event version="2.0" uid="u-1" type="{kind}" how="h-e" '
        f'time="2026-03-01T06:00:00.000Z" start="2026-03-01T06:00:00.000Z" '
        f'stale="2026-03-01T07:00:00.000Z">{point}<detail>{detail}</detail></event>'
    ).encode()


def _one(data: bytes):
    (told,) = split_cot(data, draw)
    assert not isinstance(told, BadFeature), told
    return taken_apart(told.feature), told.notes


def test_a_marker_tells_place_doubt_window_and_words():
    """`ce` is how far it may be off, `stale` when it no longer holds."""
    words = '<contact callsign="Clinic 4"/><remarks>two wards</remarks>'
    found, notes = _one(_event(words, "a-n-G-I"))
    assert found.geometry == {"type": "Point", "coordinates": [40.1, 35.2]}
    assert found.properties == {
        "start": "2026-03-01T06:00:00.000Z",
        "end": "2026-03-01T07:00:00.000Z",
        "precision_m": 25.0,
        "label": "Clinic 4",
        "description": "two wards",
        "cot_type": "a-n-G-I",
    }
    assert notes == ()


def test_a_doubt_nobody_knows_is_said_to_be_unknown():
    """9999999 is no length."""
    _, notes = _one(
        _event("", "a-n-G", '<point lat="1" lon="2" hae="0" ce="9999999" le="0"/>')
    )
    assert "Nobody says" in notes[0]


@pytest.mark.parametrize(
    ("detail", "kind", "geometry"),
    [
        (
            (
                '<link point="35,40"/><link point="35,41"/><link point="36,41"/>'
                '<link point="35,40"/>'
            ),
            "u-d-f",
            "Polygon",
        ),
        (
            (
                '<link point="35,40,0"/><link point="35,41,0"/><link point="36,41,0"/>'
                '<link point="36,40,0"/>'
            ),
            "u-d-r",
            "Polygon",
        ),
        (
            (
                '<link uid="a" type="b-m-p-w" point="35,40,12"/>'
                '<link uid="b" type="b-m-p-w" point="35.1,40.2,12"/>'
            ),
            "b-m-r",
            "LineString",
        ),
        (
            (
                '<shape><polyline closed="true"><vertex lat="35" lon="40"/>'
                '<vertex lat="35" lon="41"/><vertex lat="36" lon="41"/></polyline>'
                "</shape>"
            ),
            "u-d-p",
            "Polygon",
        ),
    ],
)
def test_areas_and_routes_are_told_apart(detail, kind, geometry):
    """What closes is an area, what does not is a way."""
    found, _ = _one(_event(detail, kind))
    assert found.geometry["type"] == geometry


def test_an_ellipse_is_taken_as_the_circle_around_it_and_says_so():
    """What is taken up is never less than what was drawn."""
    found, notes = _one(
        _event('<shape><ellipse major="500" minor="200" angle="0"/></shape>', CIRCLE)
    )
    assert found.properties["radius_m"] == 500.0
    assert "circle around" in notes[0]


def test_events_follow_each_other_without_anything_around_them():
    """A stream saved to a file is a file."""
    assert len(list(split_cot(_event("") * 3, draw))) == 3


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (_event("").replace(b'stale="2026', b'old="2026'), "no `stale`"),
        (_event("").replace(b'lat="35.2"', b'lat="x"'), "point"),
        (_event('<link point="35"/>'), "no position"),
        (_event("<__clearline>{</__clearline>"), "damaged"),
    ],
)
def test_what_cannot_be_read_is_named(broken, says):
    """One bad event hides no other."""
    bad, good = split_cot(broken + _event(""), draw)
    assert isinstance(bad, BadFeature)
    assert (says in bad.what, bad.id) == (True, "u-1")
    assert not isinstance(good, BadFeature)


def _ours(geometry, **more) -> Event:
    return Event(
        id="n-1", geometry=geometry, properties=_SPAN | more, title="Clinic", says="x"
    )


_POINT = {"type": "Point", "coordinates": [40.1, 35.2]}
_RING = [[40.0, 35.0], [40.1, 35.0], [40.1, 35.1], [40.0, 35.0]]


@pytest.mark.parametrize(
    ("event", "kinds"),
    [
        (_ours(_POINT), [MARKER]),
        (_ours(_POINT, radius_m=300.0), [CIRCLE]),
        (_ours({"type": "LineString", "coordinates": _RING[:2]}), [ROUTE]),
        (_ours({"type": "Polygon", "coordinates": [_RING]}), [DRAWING]),
        (_ours({"type": "MultiPolygon", "coordinates": [[_RING]] * 2}), [DRAWING] * 2),
        (_ours(None), []),
    ],
)
def test_a_notice_is_a_marker_or_a_drawing_and_never_friend_or_foe(event, kinds):
    """No affiliation leaves; what is nowhere is not drawn somewhere."""
    lines = cot_lines(event, NOW)
    assert len(lines) == len(kinds)
    for line, kind in zip(lines, kinds, strict=True):
        assert f'type="{kind}"'.encode() in line


def test_what_was_moved_in_tak_counts_as_it_is_drawn():
    """Hidden words never overrule what a desk sees."""
    line = write_cot([_ours(_POINT, radius_m=300.0, ref="R7")], NOW)
    moved = line.replace(b'lat="35.2"', b'lat="35.3"')
    found, notes = _one(moved)
    assert found.geometry["coordinates"] == [40.1, 35.3]
    assert found.properties["ref"] == "R7"
    assert "changed in TAK" in notes[0]


def test_a_later_stale_is_a_later_end():
    """What TAK says of time counts over what we said."""
    line = write_cot([_ours(_POINT)], NOW).replace(b"T09:00:00.000Z", b"T11:00:00.000Z")
    found, _ = _one(line)
    assert found.properties["end"] == "2026-03-01T11:00:00.000Z"


def test_what_holds_until_withdrawn_is_stale_within_a_year_and_stays_open():
    """TAK has no word for it; ours is carried beside."""
    open_ended = _ours(_POINT)
    open_ended.properties = _SPAN | {"end": None}
    line = write_cot([open_ended], NOW)
    assert b'stale="2027-03-01T06:00:00.000Z"' in line
    assert _one(line)[0].properties["end"] is None


def test_parts_of_one_area_come_back_as_one():
    """Three drawings of one notice are not three notices."""
    area = _ours({"type": "MultiPolygon", "coordinates": [[_RING]] * 3})
    (told,) = split_cot(write_cot([area], NOW + timedelta(hours=1)), draw)
    assert taken_apart(told.feature).geometry["type"] == "MultiPolygon"
