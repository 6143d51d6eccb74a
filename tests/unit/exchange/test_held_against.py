"""Points of a file are held against the areas its rows state, as a form's are."""

from msgspec.structs import replace

from clearline.exchange.formats import FileFormat
from clearline.exchange.intake import Intake, held_against
from clearline.model.notice_details import Admin
from clearline.model.notices import NoticeKind
from clearline.model.places import Place, PlaceFormat, Point, Position
from clearline.service.imports import Wanted
from notice_forms import SITE, a_site
from unit.rules.test_filing import Towns

TOWN = Position(lon=40.12, lat=35.56)
FAR = Position(lon=36.8, lat=34.2)


def a_row(row, at=TOWN, *names, pcode=""):
    """A site at a position, said to lie in these areas."""
    where = Place(
        footprint=Point(position=at, precision_m=5.0),
        text="as told",
        format=PlaceFormat.DECIMAL,
    )
    details = replace(SITE, admin=Admin(names=names, pcode=pcode))
    revision = a_site(where=where, where_again=None, details=details)
    return Wanted(row=row, ref=f"N-{row}", kind=NoticeKind.SITE, revision=revision)


def a_file(*rows):
    """A sheet of these rows with nothing wrong in reading them."""
    return Intake(
        form=FileFormat.CSV,
        kind=NoticeKind.SITE,
        wanted=rows,
        refusals=(),
        notes=((2, "N-2", "was read so"),),
    )


def test_a_point_of_another_country_is_refused_at_its_row():
    """The others are taken, and how many were looked at is told."""
    told = []
    given = a_file(a_row(2, TOWN, "Deir ez-Zor"), a_row(3, FAR, "Xland"))
    held = held_against(given, Towns(), lambda done, total: told.append((done, total)))
    assert [each.row for each in held.wanted] == [2]
    (refused,) = held.refusals
    assert (refused.row, refused.column) == (3, "details.admin")
    assert "none of the 8 nearest" in refused.what
    assert told == [(0, 2), (1, 2)]


def test_longitude_and_latitude_exchanged_are_said_at_the_place():
    """What would fit the other way round is most likely meant so."""
    held = held_against(a_file(a_row(2, TOWN, "Xland")), Towns())
    assert [(said.column, said.row) for said in held.refusals] == [("where", 2)]
    assert "exchanged" in held.refusals[0].what


def test_what_nobody_could_check_is_said_once_for_the_file():
    """A P-code, an area nobody knows here: taken, and not called checked."""
    given = a_file(a_row(2, pcode="SY09"), a_row(3, pcode="SY10"))
    held = held_against(given, Towns())
    assert [each.row for each in held.wanted] == [2, 3]
    (said, kept) = held.notes
    assert said[0] == 0
    assert said[2].startswith("Not checked in 2 rows, first in row 2: ")
    assert kept == (2, "N-2", "was read so")


def test_what_is_doubtful_is_a_note_at_its_row():
    """Another area of the same country is taken, and told."""
    held = held_against(a_file(a_row(2, TOWN, "Hama")), Towns())
    assert [each.row for each in held.wanted] == [2]
    assert "none of the 8 nearest" in held.notes[-1][2]
    assert held.notes[-1][:2] == (2, "N-2")


def test_without_a_list_of_places_nothing_is_called_checked():
    """Every row is taken, and the file says why none was looked at."""
    held = held_against(a_file(a_row(2, TOWN, "Deir ez-Zor")), None)
    assert len(held.wanted) == 1
    assert "no list of places" in held.notes[0][2]
