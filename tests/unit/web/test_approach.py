"""The picture of a closest approach is true to scale, and made of what may be seen."""

import math
from datetime import UTC, datetime

import pytest

from clearline.geo.reading import read_place
from clearline.model.instants import Duration, Window
from clearline.model.notice_details import ActivityDetails, MovementDetails, NoticeKind
from clearline.model.notice_life import Status
from clearline.model.notice_seen import Cell, NoticeSeen
from clearline.model.notices import NoticeId, Precision, Revision
from clearline.model.parties import DeskId, PartyId
from clearline.model.passages import Passage
from clearline.model.places import Circle, Place, PlaceFormat, Position, Unlocated
from clearline.model.shapes import Corridor
from clearline.web.console.approach import draw

NOW = datetime(2026, 3, 1, 14, 0, tzinfo=UTC)
WINDOW = Window(start=NOW, end=NOW + Duration(hours=6))


def seen(name, *, is_own=False, revision=None, **said) -> NoticeSeen:
    """Return a notice as somebody sees it."""
    usual = {
        "owner": PartyId("south" if is_own else "north"),
        "call": DeskId("desk"),
        "level": Precision.EXACT if revision else Precision.COARSE,
        "number": 1,
        "status": Status.ACTIVE,
        "window": WINDOW,
    }
    return NoticeSeen(
        id=NoticeId(name), is_own=is_own, revision=revision, **{**usual, **said}
    )


def circle(name, lon, *, radius_m=1_000.0, buffer_m=0.0, is_own=True) -> NoticeSeen:
    """Return an activity within a circle on one parallel."""
    centre = Position(lon=lon, lat=35.3)
    place = Place(
        footprint=Circle(centre=centre, radius_m=radius_m),
        text="a circle",
        format=PlaceFormat.DECIMAL,
    )
    revision = Revision(
        number=1,
        what="practice",
        where=place,
        window=WINDOW,
        buffer_m=buffer_m,
        details=ActivityDetails(),
    )
    return seen(name, is_own=is_own, revision=revision, kind=NoticeKind.ACTIVITY)


def convoy(name="M-1") -> NoticeSeen:
    """Return a convoy that passes south of the circle in its second hour."""
    path = (Position(lon=39.9, lat=35.26), Position(lon=40.5, lat=35.26))
    passages = tuple(Passage(eta=NOW + Duration(hours=at)) for at in (1, 3))
    revision = Revision(
        number=1,
        what="convoy",
        where=read_place("35.26 N 39.9 E", ())[0].place,
        window=WINDOW,
        shape=Corridor(path=path, half_width_m=200, passages=passages),
        details=MovementDetails(),
    )
    return seen(name, revision=revision, kind=NoticeKind.MOVEMENT)


def long_of(text: str) -> float:
    """Read the length a scale's bar says, metres."""
    figure, unit = text.split()
    return float(figure) * (1_000 if unit == "km" else 1)


def test_what_is_drawn_is_as_far_apart_as_was_measured():
    """The line between the two, by the picture's own scale, plus both half widths."""
    made = draw(circle("A-1", 40.2, buffer_m=4_000), convoy())
    assert made is not None
    assert made.met is not None
    bar, says = made.scale
    (ax, ay), (bx, by) = (side.at for side in made.sides)
    drawn_m = math.hypot(ax - bx, ay - by) * long_of(says) / bar
    assert drawn_m == pytest.approx(made.met.separation_m + 1_000 + 200, rel=0.01)
    assert made.apart == f"{made.met.separation_m:,.0f} m"
    assert ay < by  # north is up, and the convoy passes south of it


def test_when_it_happens_lies_between_both_windows():
    """First contact, nearest, apart again: in this order, on one axis."""
    made = draw(circle("A-1", 40.2, buffer_m=4_000), convoy())
    met = made.met
    assert met.contact.start < met.closest_at < met.contact.end
    own, other, both = made.bars
    assert both.x < made.closest_x < both.x + both.width
    assert own.width > both.width
    assert other.of == "other"


def test_of_what_is_known_by_its_cell_nothing_is_measured():
    """The cell is drawn whole; no nearest point, no length, no time."""
    cell = Cell(west=40.3, south=35.2, east=40.4, north=35.3)
    other = seen("M-1", cell=cell, kind=NoticeKind.MOVEMENT)
    made = draw(circle("A-1", 40.2, buffer_m=4_000), other)
    assert made.met is None
    assert made.apart == ""
    assert made.bars == ()
    assert [side.at for side in made.sides] == [None, None]
    assert made.sides[1].is_coarse


def test_what_is_nowhere_is_not_drawn():
    """Known to exist, or told in words nobody can place: there is no picture."""
    words = "by the old mill"
    nowhere = Place(
        footprint=Unlocated(name=words), text=words, format=PlaceFormat.NAME
    )
    told = Revision(number=1, what="site", where=nowhere, window=WINDOW)
    own = circle("A-1", 40.2)
    assert draw(own, seen("S-1", revision=told)) is None
    assert draw(own, seen("S-1", level=Precision.EXISTENCE)) is None


def test_the_smaller_of_the_two_is_shown_whole():
    """A long way off does not make it small: the rest is cut at the frame."""
    made = draw(circle("A-1", 40.2), circle("A-2", 40.21, radius_m=90_000))
    (x, y), radius = made.sides[0].dot, made.sides[0].radius
    assert x - radius > 0
    assert x + radius < made.wide
    assert y - radius > 0
    assert radius > made.high / 8
