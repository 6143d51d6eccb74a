"""What is told before anything happens, and what those told do with it."""

import pytest
from msgspec.structs import replace

from clearline.geo.reading import read_place
from clearline.model.commands import Enter
from clearline.model.entries import OriginNamed
from clearline.model.extents import AltitudeBand, Corridor, Extent
from clearline.model.instants import Duration, Window
from clearline.model.notice_acts import NoticeAmended, NoticeFiled
from clearline.model.notice_commands import (
    AmendNotice,
    Dispose,
    FileNotice,
    WithdrawNotice,
)
from clearline.model.notices import Disposition, Notice, NoticeId, Revision
from clearline.model.parties import DeskId, Strength
from clearline.model.passages import Passage
from clearline.model.placechecks import PlaceVerdict
from clearline.model.places import (
    Interval,
    NamedOrigin,
    NotAPlace,
    Place,
    PlaceFormat,
    Position,
    Sector,
    Unlocated,
)
from clearline.model.rings import NotAnExtent
from clearline.rules.refusals import (
    IdTaken,
    NotLoaded,
    NotProven,
    NotYourNotice,
    PlaceDisagrees,
    UnknownDesk,
    UnknownNotice,
    WrongOrder,
)
from phone import NOON, Line

PLAN = NoticeId("plan-1")
SOUTH_OPS, SOUTH_AIR = DeskId("south-ops"), DeskId("south-air")
CITY = NamedOrigin(
    name="Ford", kind="city", position=Position(lon=40.0, lat=35.0), source="test"
)
AIRFIELD = NamedOrigin(
    name="Ford",
    kind="airfield",
    position=Position(lon=40.0, lat=34.95),
    source="test",
)


def place(text: str) -> Place:
    """Read a place that has one reading."""
    (reading,) = read_place(text, [CITY, AIRFIELD])
    return reading.place


HERE, NEAR = place("35.0000N 40.0000E"), place("35.0000N 40.0001E")
HERE_AT = Position(lon=40.0, lat=35.0)
FAR = place("35.0000N 41.0000E")
NOWHERE = Place(
    footprint=Unlocated(name="the hill"), text="the hill", format=PlaceFormat.NAME
)


def revision(where: Place = HERE, **more: object) -> Revision:
    """Make what a notice says."""
    told = {
        "number": 7,
        "what": "a convoy of four",
        "window": Window(start=NOON, end=NOON + Duration(hours=2)),
        "tells": (SOUTH_OPS, SOUTH_AIR),
    }
    return Revision(where=where, **(told | more))  # type: ignore[arg-type]


def files(line: Line, said: Revision | None = None, **more: object) -> tuple:
    """Let lina file a notice."""
    command = FileNotice(
        notice=PLAN, by=line.actor("lina"), revision=said or revision()
    )
    return line.do(replace(command, **more))


def filed(line: Line | None = None) -> Line:
    """A line on which a notice was filed."""
    line = line or Line()
    files(line)
    return line


def answers(line: Line, name: str, disposition: Disposition, detail: str = "") -> tuple:
    """Let somebody say what their desk does with it."""
    return line.do(
        Dispose(
            notice=PLAN,
            by=line.actor(name),
            disposition=disposition,
            detail=detail,
        )
    )


def notice(line: Line) -> Notice:
    """Look at the notice as it stands."""
    found = line.picture.notices.get(PLAN)
    assert found is not None
    return found


# --- filing -----------------------------------------------------------------------
def test_a_notice_is_filed_as_its_first_revision() -> None:
    """Whatever number a filer gives, the log counts revisions itself."""
    line = Line()
    act, _ = files(line)  # the second says whom it is disclosed to
    assert isinstance(act, NoticeFiled)
    assert act.revision.number == 1
    assert act.owner == "north"
    assert notice(line).filed_at == NOON


def test_filing_the_same_notice_again_changes_nothing() -> None:
    """Sending again after a lost answer is harmless, amended or not meanwhile."""
    line = filed()
    assert files(line) == ()
    line.do(AmendNotice(notice=PLAN, by=line.actor("lina"), revision=revision(NEAR)))
    assert files(line) == ()
    assert notice(line).revision.where == NEAR


def test_another_notice_under_an_id_that_is_taken_is_refused() -> None:
    """Nobody is told that a notice was filed which was not."""
    line = filed()
    with pytest.raises(IdTaken):
        files(line, revision(what="something else"))
    with pytest.raises(IdTaken):
        files(line, by=line.actor("observer"))
    assert notice(line).revision.what == "a convoy of four"


def test_a_notice_tells_only_desks_that_are_there() -> None:
    """A mistyped desk is said at once: nobody thinks it was told."""
    line = Line()
    with pytest.raises(UnknownDesk, match="suoth"):
        files(line, revision(tells=(DeskId("suoth-ops"),)))
    assert line.picture.notices.get(PLAN) is None


@pytest.mark.parametrize("strength", [Strength.HEARD, Strength.DEVICE_ONLY])
def test_a_notice_has_somebody_who_said_it(strength: Strength) -> None:
    """Nobody files, amends, withdraws or answers without being known."""
    line = filed()
    lina, duty = line.actor("lina", strength), line.actor("duty", strength)
    for command in (
        FileNotice(notice=NoticeId("plan-2"), by=lina, revision=revision()),
        AmendNotice(notice=PLAN, by=lina, revision=revision()),
        WithdrawNotice(notice=PLAN, by=lina),
        Dispose(notice=PLAN, by=duty, disposition=Disposition.ACKNOWLEDGED),
    ):
        size = line.picture.size
        with pytest.raises(NotProven):
            line.do(command)
        assert line.picture.size == size


@pytest.mark.parametrize("buffer_m", [-1.0, float("nan"), float("inf")])
def test_a_buffer_is_a_length(buffer_m: float) -> None:
    """A margin that is none cannot be said."""
    with pytest.raises(NotAPlace, match="buffer"):
        revision(buffer_m=buffer_m)


def test_notices_that_are_still_loading_are_not_guessed_at() -> None:
    """After a start nothing is filed twice and nothing called unknown by mistake."""
    line = filed()
    line.picture.has_notices = False
    lina, duty = line.actor("lina"), line.actor("duty")
    for command in (
        FileNotice(notice=PLAN, by=lina, revision=revision()),
        AmendNotice(notice=PLAN, by=lina, revision=revision()),
        WithdrawNotice(notice=PLAN, by=lina),
        Dispose(notice=PLAN, by=duty, disposition=Disposition.ACKNOWLEDGED),
    ):
        with pytest.raises(NotLoaded):
            line.do(command)


# --- told right -------------------------------------------------------------------
def test_a_place_told_in_two_ways_that_agree_says_so() -> None:
    """The check stands in the notice, whoever reads it later."""
    line = Line()
    files(line, revision(where_again=NEAR))
    check = notice(line).revision.check
    assert check is not None
    assert check.verdict is PlaceVerdict.AGREE


@pytest.mark.parametrize(
    ("again", "meant"),
    [(FAR, None), (None, FAR), (FAR, NEAR), (NEAR, FAR), (FAR, NOWHERE)],
    ids=[
        "again",
        "meant",
        "again, not meant",
        "meant, not again",
        "again, beside none",
    ],
)
def test_a_place_that_is_two_places_is_refused_and_nobody_is_told(
    again: Place | None, meant: Place | None
) -> None:
    """Whichever of the ways to tell it disagrees, nothing is recorded."""
    line = Line()
    size = line.picture.size
    with pytest.raises(PlaceDisagrees) as refused:
        files(line, revision(where_again=again), meant=meant)
    assert refused.value.state == "Nothing was recorded."
    assert line.picture.size == size
    assert line.picture.notices.get(PLAN) is None


def test_an_amendment_is_checked_like_a_first_filing() -> None:
    """A place goes wrong in a correction as easily as in the first telling."""
    line = filed()
    with pytest.raises(PlaceDisagrees):
        line.do(
            AmendNotice(
                notice=PLAN, by=line.actor("lina"), revision=revision(), meant=FAR
            )
        )
    assert notice(line).revision.number == 1


def test_a_check_that_cannot_tell_is_not_hidden_by_one_that_agrees() -> None:
    """What stays open is what stands in the notice."""
    line = Line()
    files(line, revision(where_again=NEAR), meant=NOWHERE)
    check = notice(line).revision.check
    assert check is not None
    assert check.verdict is PlaceVerdict.CANNOT_TELL


def test_a_check_the_filer_brings_along_is_not_taken() -> None:
    """Only the line's own comparison says that a place agrees."""
    line = Line()
    files(line, revision(where_again=NEAR))
    forged = notice(line).revision.check
    other = Line()
    files(other, revision(FAR, check=forged))
    assert notice(other).revision.check is None


def test_a_rival_of_the_origin_is_named_before_anybody_is_told() -> None:
    """Nine kilometres from the airfield is not nine from the city of that name."""
    line = Line()
    for origin in (CITY, AIRFIELD):
        line.do(Enter(act=OriginNamed(origin=origin)))
    told, meant = (
        place("9 km south of Ford (airfield)"),
        place("9 km south of Ford (city)"),
    )
    with pytest.raises(PlaceDisagrees, match="city"):
        files(line, revision(told), meant=meant)


# --- what it takes up -------------------------------------------------------------
ROAD = Corridor(path=(HERE_AT, Position(lon=40.2, lat=35.0)), half_width_m=200.0)


def test_a_notice_may_take_up_more_than_the_words_of_its_place() -> None:
    """A path or an area, altitudes and a margin in time go into its extent."""
    line = Line()
    band = AltitudeBand(floor_m=0.0, ceiling_m=300.0)
    said = revision(shape=ROAD, band=band, buffer_s=600.0, buffer_m=50.0)
    files(line, said)
    assert notice(line).revision.extent == Extent(
        footprint=ROAD, window=said.window, band=band, buffer_m=50.0, buffer_s=600.0
    )
    assert revision().extent.footprint == HERE.footprint


def test_a_shape_the_place_told_does_not_lie_in_is_refused() -> None:
    """Words of one place and a drawing of another: nobody is told either."""
    line = Line()
    with pytest.raises(PlaceDisagrees, match=r"lies 72\.8 km from the shape"):
        files(line, revision(FAR, shape=ROAD))
    assert line.picture.notices.get(PLAN) is None
    files(line, revision(NOWHERE, shape=ROAD))  # words alone contradict nothing


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        (
            {
                "shape": Corridor(
                    path=ROAD.path,
                    half_width_m=1.0,
                    passages=(
                        Passage(eta=NOON),
                        Passage(eta=NOON + Duration(hours=3)),
                    ),
                )
            },
            "beyond the window",
        ),
        ({"buffer_s": -1.0}, "-1.0 s"),
    ],
    ids=["passages", "margin"],
)
def test_an_extent_that_cannot_be_is_no_revision(more: dict, wrong: str) -> None:
    """What is wrong is said where it is made, and nothing is recorded."""
    with pytest.raises(NotAnExtent, match=wrong):
        revision(**more)


def test_a_sector_too_wide_to_compare_is_refused_when_it_is_filed() -> None:
    """Half the Earth conflicts with everything and tells nothing."""
    wide = Place(
        footprint=Sector(
            origin=HERE_AT,
            bearing_deg=Interval(least=0.0, most=90.0),
            range_m=Interval(least=0.0, most=9_000_000.0),
        ),
        text="east of here",
        format=PlaceFormat.BEARING_RANGE,
    )
    with pytest.raises(NotAnExtent, match="9,000 km"):
        files(Line(), revision(wide))


# --- amending, withdrawing --------------------------------------------------------
def test_an_amended_notice_must_be_answered_again() -> None:
    """What somebody said of one revision says nothing of the next."""
    line = filed()
    answers(line, "duty", Disposition.ACKNOWLEDGED)
    assert notice(line).silent() == (SOUTH_AIR,)
    act, *_ = line.do(
        AmendNotice(notice=PLAN, by=line.actor("lina"), revision=revision(NEAR))
    )
    assert isinstance(act, NoticeAmended)
    assert act.revision.number == 2
    assert notice(line).silent() == (SOUTH_OPS, SOUTH_AIR)
    answers(line, "duty", Disposition.ACKNOWLEDGED)
    assert notice(line).silent() == (SOUTH_AIR,)
    assert [done.revision for done in notice(line).dispositions] == [1, 2]


def test_a_withdrawn_notice_stays_and_is_neither_amended_nor_withdrawn_again() -> None:
    """Withdrawn is not deleted, and what was told cannot be untold."""
    line = filed()
    line.now += Duration(minutes=5)
    line.do(WithdrawNotice(notice=PLAN, by=line.actor("lina"), why="called off"))
    assert notice(line).withdrawn_at == line.now
    assert notice(line).revision.what == "a convoy of four"
    for command in (
        AmendNotice(notice=PLAN, by=line.actor("lina"), revision=revision()),
        WithdrawNotice(notice=PLAN, by=line.actor("lina")),
    ):
        with pytest.raises(WrongOrder, match="withdrawn"):
            line.do(command)


def test_only_its_owner_changes_a_notice() -> None:
    """Nobody speaks for another party's plans."""
    line = filed()
    for command in (
        AmendNotice(notice=PLAN, by=line.actor("duty"), revision=revision()),
        WithdrawNotice(notice=PLAN, by=line.actor("duty")),
    ):
        with pytest.raises(NotYourNotice):
            line.do(command)


def test_a_notice_nobody_filed_is_named_as_unknown() -> None:
    """An act about a notice that never arrived says so."""
    line = Line()
    with pytest.raises(UnknownNotice, match=PLAN):
        line.do(WithdrawNotice(notice=PLAN, by=line.actor("lina")))


# --- what those told do with it ---------------------------------------------------
@pytest.mark.parametrize("disposition", list(Disposition))
def test_silence_is_a_state_until_a_person_has_answered(
    disposition: Disposition,
) -> None:
    """That a notice arrived, or stood on a screen, is not an answer."""
    line = filed()
    answers(line, "duty", disposition, detail="why")
    arrived = disposition in (Disposition.DELIVERED, Disposition.SHOWN)
    silent = (SOUTH_OPS, SOUTH_AIR) if arrived else (SOUTH_AIR,)
    assert notice(line).silent() == silent
    (done,) = notice(line).dispositions
    assert (done.desk, done.by.person, done.detail) == (SOUTH_OPS, "duty", "why")


def test_a_desk_that_was_not_told_does_not_answer() -> None:
    """Only those told have anything to say about it here."""
    line = filed()
    for name in ("observer", "chief", "lina"):
        with pytest.raises(NotYourNotice):
            answers(line, name, Disposition.NOT_OBJECTED)


def test_activities_ring_nobody() -> None:
    """An activity informs: its owner is told who is silent, and nobody is called."""
    line = filed()
    answers(line, "duty", Disposition.OBJECTED)
    line.after(hours=3)
    assert line.picture.next_due() > line.now + Duration(days=1)  # its purge alone
    assert list(line.picture.calls.values()) == []
