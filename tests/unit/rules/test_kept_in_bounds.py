"""What nobody can ask for by mistake: too slow a STOP, too long a card or watch."""

import pytest

from clearline.model.calls import Answer, CallId, Card, Ending, Kind, Precedence
from clearline.model.commands import Enter, LeaveWatch, TakeWatch
from clearline.model.entries import DeskSet
from clearline.model.instants import FOREVER, Duration, Window
from clearline.model.notice_commands import AmendNotice, Dispose, FileNotice
from clearline.model.notices import Disposition, NoticeId, Revision
from clearline.model.parties import Desk, DeskId, PartyId, Role
from clearline.model.places import Place, PlaceFormat, Unlocated
from clearline.rules.cards import LONGEST_LINE, LONGEST_PLACE
from clearline.rules.refusals import (
    CardTooLong,
    NotYourCall,
    NotYourNotice,
    UnknownParty,
    WrongOrder,
)
from clearline.rules.watches import LONGEST_WATCH
from phone import NOON, STOP, Line

AIR, OPS = DeskId("south-air"), DeskId("south-ops")


# --- precedence -------------------------------------------------------------------
@pytest.mark.parametrize("kind", [Kind.STOP, Kind.HOLD])
@pytest.mark.parametrize("said", list(Precedence))
def test_a_stop_or_hold_is_flash_whatever_its_caller_says(kind, said):
    """A wrong word in a form never makes half an hour of fifteen seconds."""
    line = Line()
    line.raises(kind, precedence=said)
    assert line.call().precedence is Precedence.FLASH


def test_a_query_keeps_the_precedence_its_caller_says():
    """Only what may not wait is raised above what was asked."""
    line = Line()
    line.raises(Kind.QUERY, precedence=Precedence.ROUTINE)
    assert line.call().precedence is Precedence.ROUTINE


# --- cards ------------------------------------------------------------------------
@pytest.mark.parametrize("kind", [Kind.STOP, Kind.HOLD])
def test_a_stop_too_long_to_read_is_cut_and_says_so(kind):
    """Its first words stand, how many were said stands, and it rings."""
    line = Line()
    hill = "the hill " * 100
    where = Place(
        footprint=Unlocated(name=hill), text=hill, format=PlaceFormat.NAME, method=hill
    )
    long = "cease fire " * 10_000
    card = Card(what=long, why=long, where=where, where_again=where)
    line.raises(kind, card=card)
    told = line.call().card
    for text in (told.what, told.why):
        assert text.startswith("cease fire cease fire ")
        assert text.endswith(" [cut here: 110,000 characters were said]")
        assert len(text) == LONGEST_LINE
    for place in (told.where, told.where_again):
        for text in (place.text, place.footprint.name, place.method):
            assert text.startswith("the hill the hill ")
            assert len(text) == LONGEST_PLACE
    assert line.raises(kind, card=card) == ()  # said again, it is the same call


def test_a_card_that_fits_is_told_as_it_was_said():
    """Not one character more or less."""
    line = Line()
    line.raises(card=Card(what="x" * LONGEST_LINE, why="why"))
    assert line.call().card == Card(what="x" * LONGEST_LINE, why="why")


def test_any_other_card_too_long_is_refused_by_its_line():
    """Whoever warns or asks can shorten it; nothing is recorded meanwhile."""
    line = Line()
    with pytest.raises(CardTooLong, match="'why' has 1,001 characters; 1,000 fit"):
        line.raises(Kind.WARN, card=Card(why="x" * 1_001))
    assert line.picture.calls.get(STOP) is None


# --- a STOP within one party ------------------------------------------------------
def _inner():
    """The watch of south-ops stops south-air, of its own party."""
    line = Line()
    line.raises(by="duty", to="south-air")
    return line


def test_a_stop_within_a_party_is_lifted_by_its_desk_and_another_person():
    """There is no other side, so a second person of the party is one."""
    line = _inner()
    line.raises(Kind.RELEASE, by="duty", to=None, call="release-1", of=STOP)
    line.answers("controller", Answer.AFFIRM, "release-1")
    assert line.ending() is Ending.RELEASED


def test_nobody_lifts_a_stop_of_their_own_party_alone():
    """Who proposed it does not confirm it, and no other desk proposes it."""
    line = _inner()
    with pytest.raises(NotYourCall, match="by the desk 'south-ops'"):
        line.raises(Kind.RELEASE, by="controller", to=None, call="r", of=STOP)
    line.raises(Kind.RELEASE, by="duty", to=None, call="release-1", of=STOP)
    with pytest.raises(NotYourCall, match="not the other side"):
        line.answers("duty", Answer.AFFIRM, "release-1")
    with pytest.raises(NotYourCall):
        line.answers("lina", Answer.AFFIRM, "release-1")
    assert line.ending() is None
    line.answers("director", Answer.AFFIRM, "release-1")
    assert line.ending() is Ending.RELEASED


# --- watches ----------------------------------------------------------------------
def _takes(line, until):
    line.do(TakeWatch(by=line.actor("duty"), role=Role.DUTY_OFFICER, until=until))


@pytest.mark.parametrize("until", [NOON + LONGEST_WATCH + Duration(seconds=1), FOREVER])
def test_a_watch_longer_than_anybody_keeps_is_refused(until):
    """A forgotten watch would ring somebody who has gone home, and nobody else."""
    with pytest.raises(WrongOrder, match="more than 24 hours ahead"):
        _takes(Line(), until)


def test_a_watch_of_a_day_is_taken():
    """The bound itself is within it."""
    line = Line()
    _takes(line, NOON + LONGEST_WATCH)
    held = line.picture.watches.get(OPS)
    assert held is not None
    assert max(watch.until for watch in held) == NOON + LONGEST_WATCH


def test_a_watch_is_handed_only_to_somebody_entered_in_its_role():
    """A rung that rings the duty officer would ring nobody who is one."""
    line = Line()
    line.person("trainee", "south-ops", Role.OPERATOR, has_watch=False)
    handed = LeaveWatch(by=line.actor("duty"), to=line.actor("trainee"))
    with pytest.raises(WrongOrder, match="trainee is not entered as duty_officer"):
        line.do(handed)
    assert [one.id for one in line.picture.on_watch(OPS, (), NOON)] == [
        "duty",
        "director",
    ]


# --- desks ------------------------------------------------------------------------
def test_a_desk_belongs_to_a_party_that_is_on_the_line():
    """A mistyped party would be one nobody can answer for."""
    line = Line()
    desk = Desk(id=DeskId("x"), party=PartyId("suoth"), name="x")
    with pytest.raises(UnknownParty, match="no party 'suoth'"):
        line.do(Enter(act=DeskSet(desk=desk)))


# --- a desk that is told no more --------------------------------------------------
def _revision(*tells):
    place = Place(
        footprint=Unlocated(name="the hill"), text="the hill", format=PlaceFormat.NAME
    )
    return Revision(
        number=1,
        what="a visit",
        where=place,
        window=Window(start=NOON, end=FOREVER),
        tells=tells,
    )


def test_a_desk_dropped_by_an_amendment_has_to_hear_of_it():
    """It holds a revision that no longer stands; it stays listed until it knows."""
    line, visit = Line(), NoticeId("visit")
    lina = line.actor("lina")
    line.do(FileNotice(notice=visit, by=lina, revision=_revision(OPS, AIR)))
    act, *_ = line.do(AmendNotice(notice=visit, by=lina, revision=_revision(OPS)))
    assert act.dropped == (AIR,)
    again, *_ = line.do(AmendNotice(notice=visit, by=lina, revision=_revision(OPS)))
    assert again.dropped == (AIR,)
    notice = line.picture.notices.get(visit)
    assert notice is not None
    assert notice.silent() == (OPS, AIR)
    line.do(
        Dispose(
            notice=visit,
            by=line.actor("controller"),
            disposition=Disposition.ACKNOWLEDGED,
        )
    )
    known = line.picture.notices.get(visit)
    assert known is not None
    assert known.silent() == (OPS,)
    back, *_ = line.do(AmendNotice(notice=visit, by=lina, revision=_revision(AIR)))
    assert back.dropped == (OPS,)
    with pytest.raises(NotYourNotice):
        line.do(
            Dispose(
                notice=visit,
                by=line.actor("observer"),
                disposition=Disposition.ACKNOWLEDGED,
            )
        )


def test_what_is_raised_within_a_party_is_a_call_like_any_other():
    """It rings the desk it is for, under an id of its own."""
    line = _inner()
    assert line.call().to_desk == AIR
    assert line.call().id == CallId("stop-1")
