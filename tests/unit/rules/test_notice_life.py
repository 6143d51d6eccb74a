"""What becomes of a notice after it was filed, told as a day on the line."""

from typing import Any

import pytest
from msgspec.structs import replace

from clearline.model.calls import Kind
from clearline.model.casework import CaseId
from clearline.model.commands import Enter, ReportHarm
from clearline.model.entries import SealedErased
from clearline.model.extents import Corridor
from clearline.model.instants import Duration, Window
from clearline.model.notice_acts import NoticeTold
from clearline.model.notice_commands import (
    AmendNotice,
    ConfirmNotice,
    Dispose,
    FileNotice,
    ReportMovement,
    RouteNotice,
    StateOutcome,
    WithdrawNotice,
)
from clearline.model.notice_details import Personal
from clearline.model.notice_life import (
    Attached,
    Disposition,
    Facilitation,
    MovementState,
    NoticeTelling,
    Routing,
    Status,
)
from clearline.model.notices import Consent, Notice, NoticeId, Precision
from clearline.model.parties import DeskId, PersonId, Strength
from clearline.model.sealed import Sealed
from clearline.rules.cases import EvidenceIsHeld
from clearline.rules.notice_life import status_of
from clearline.rules.recipients import unread_at
from clearline.rules.refusals import NotYourNotice, UnknownDesk, WrongOrder
from notice_forms import a_movement, a_site
from phone import NOON, NORTH, Line

CONVOY = NoticeId("convoy-1")
SOUTH_HQ, SOUTH_OPS, SOUTH_AIR = map(DeskId, ("south-hq", "south-ops", "south-air"))
AT_SIX = NOON + Duration(hours=6)


def filed(**more: Any) -> Line:
    """A line on which lina has filed a convoy to the south's headquarters."""
    line = Line()
    line.do(
        FileNotice(notice=CONVOY, by=line.actor("lina"), revision=a_movement(**more))
    )
    return line


def notice(line: Line) -> Notice:
    """Look at the convoy as it stands."""
    found = line.picture.notices.get(CONVOY)
    assert found is not None
    return found


def says(line: Line, name: str, did: Disposition, **more: Any) -> None:
    """Let somebody of a recipient's desk do something with it."""
    by = line.actor(name, more.pop("strength", Strength.PASSWORD))
    line.do(Dispose(notice=CONVOY, by=by, disposition=did, **more))


def moves(line: Line, state: MovementState, **more: Any) -> None:
    """Let lina report how far it is."""
    by = line.actor("lina")
    line.do(ReportMovement(notice=CONVOY, by=by, state=state, **more))


def tellings(line: Line) -> list[tuple[str, NoticeTelling]]:
    """List what was told unasked, to whom."""
    return [(act.desk, act.telling) for act in line.acts if isinstance(act, NoticeTold)]


def warned(line: Line) -> list[str]:
    """Name the desks rung by a WARN."""
    calls = line.picture.calls.values()
    return sorted(call.to_desk for call in calls if call.kind is Kind.WARN)


# --- silence, and who has read it -------------------------------


def test_silence_has_a_clock_and_its_end_tells_the_owner() -> None:
    """Half of the time left without an answer: the owner hears who is silent."""
    line = filed()
    line.after(hours=2, minutes=59)
    assert tellings(line) == []
    line.after(minutes=1)
    assert tellings(line) == [("north-ops", NoticeTelling.SILENT)]


def test_the_owner_may_say_until_when_answers_are_waited_for() -> None:
    """The usual time gives way to the one in the notice."""
    line = filed(answer_by=NOON + Duration(minutes=20))
    line.after(minutes=20)
    assert tellings(line) == [("north-ops", NoticeTelling.SILENT)]


def test_receipts_of_the_desk_above_say_nothing_of_the_desk_that_shoots() -> None:
    """It is read at headquarters and unread at south-air, and that shows in time."""
    line = filed()
    says(line, "chief", Disposition.ACKNOWLEDGED)
    assert unread_at(line.picture, notice(line)) == (SOUTH_AIR,)
    line.after(hours=4)
    assert ("north-ops", NoticeTelling.UNREAD) in tellings(line)
    assert ("south-air", NoticeTelling.UNREAD) in tellings(line)
    assert warned(line) == ["north-ops", "south-air"]


def test_read_by_every_desk_is_told_too() -> None:
    """The owner knows before it leaves that whoever may shoot has seen it."""
    line = filed()
    says(line, "chief", Disposition.ACKNOWLEDGED)
    says(line, "controller", Disposition.SHOWN, strength=Strength.DEVICE_ONLY)
    line.after(hours=4)
    assert tellings(line) == [("north-ops", NoticeTelling.READ)]
    assert warned(line) == []


def leaving(minutes: int, precision: Precision) -> Line:
    """File a convoy that leaves some minutes past six, told so exactly to the south."""
    start = NOON + Duration(hours=6, minutes=minutes)
    shape = a_movement().shape
    assert isinstance(shape, Corridor)
    later = Duration(minutes=minutes)
    passages = tuple(replace(one, eta=one.eta + later) for one in shape.passages)
    moved = replace(shape, passages=passages)
    consent = Consent(
        desk=DeskId("south-hq"), precision=precision, by="lina", source="a form"
    )
    return filed(
        window=Window(start=start, end=start + Duration(hours=4)),
        shape=moved,
        where=replace(a_movement().where, footprint=moved),
        consents=(consent,),
    )


def test_a_desk_told_the_hour_is_rung_by_the_hour() -> None:
    """When it is rung says no more than what it was told; exactly told, to the minute.

    Of what it only knows to exist it is not rung: that would say what it is, and when.
    """
    coarse, exact = leaving(20, Precision.COARSE), leaving(20, Precision.EXACT)
    existing = leaving(20, Precision.EXISTENCE)
    for line in (coarse, exact, existing):
        line.after(hours=4)
    assert "south-air" in warned(coarse)
    assert warned(exact) == []
    exact.after(minutes=20)
    assert "south-air" in warned(exact)
    existing.after(hours=3)
    assert warned(existing) == ["north-ops", "north-ops", "north-ops"]


def test_what_a_screen_does_twice_is_kept_once() -> None:
    """Reloading a page writes nothing."""
    line = filed()
    says(line, "controller", Disposition.SHOWN, strength=Strength.DEVICE_ONLY)
    size = line.picture.size
    says(line, "controller", Disposition.SHOWN, strength=Strength.DEVICE_ONLY)
    assert line.picture.size == size


# --- how far it is ----------------------------------------------


def test_a_delay_must_be_acknowledged_again() -> None:
    """What was answered before it was delayed is not an answer to the delay."""
    line = filed()
    says(line, "chief", Disposition.ACKNOWLEDGED)
    assert notice(line).silent() == ()
    line.after(minutes=1)
    moves(line, MovementState.DELAYED, expected_at=AT_SIX + Duration(hours=2))
    assert notice(line).silent() == (SOUTH_HQ,)
    assert tellings(line) == [("south-hq", NoticeTelling.CHANGED)]
    says(line, "chief", Disposition.ACKNOWLEDGED)
    assert notice(line).silent() == ()


def test_a_movement_that_does_not_arrive_rings_its_owner() -> None:
    """Overdue is said by the clock, and rings until somebody has it."""
    line = filed()
    line.after(hours=6)
    moves(line, MovementState.DEPARTED)
    before = len(line.acts)
    line.after(hours=1, minutes=29)
    assert not any(isinstance(act, NoticeTold) for act in line.acts[before:])
    line.after(minutes=1)
    assert notice(line).moves[-1].state is MovementState.OVERDUE
    assert tellings(line)[-1] == ("north-ops", NoticeTelling.OVERDUE)
    assert "north-ops" in warned(line)


def test_it_does_not_expire_while_it_is_under_way() -> None:
    """A convoy that is out there at the end of its window is not over."""
    line = filed()
    line.after(hours=6)
    moves(line, MovementState.DEPARTED)
    line.after(hours=9)
    assert notice(line).expired_at is None
    assert status_of(notice(line), line.now) is Status.ACTIVE
    moves(line, MovementState.ARRIVED)
    line.after(minutes=1)
    assert notice(line).expired_at is not None


def test_standing_still_too_long_rings_its_owner() -> None:
    """A stop has the dwell its notice gave it, half an hour where it gave none."""
    line = filed()
    line.after(hours=6)
    moves(line, MovementState.DEPARTED)
    line.after(minutes=10)
    moves(line, MovementState.AT_STOP, stop=7)
    line.after(minutes=30)
    assert notice(line).moves[-1].state is MovementState.DWELL_EXCEEDED
    assert tellings(line)[-1] == ("north-ops", NoticeTelling.DWELL_EXCEEDED)


def test_what_has_not_left_is_told() -> None:
    """A quarter of an hour after its latest departure the owner is asked."""
    line = filed()
    line.after(hours=6, minutes=45)
    assert ("north-ops", NoticeTelling.NOT_DEPARTED) in tellings(line)


@pytest.mark.parametrize(
    "state", [MovementState.ARRIVED, MovementState.AT_STOP, MovementState.OVERDUE]
)
def test_what_cannot_come_next_is_refused(state: MovementState) -> None:
    """Nothing arrives that never left, and nobody reports what a clock says."""
    with pytest.raises(WrongOrder):
        moves(filed(), state)


def test_an_outcome_ends_it_once() -> None:
    """How it went is stated once; only what it sealed waits to be erased."""
    line = filed()
    said = StateOutcome(
        notice=CONVOY, by=line.actor("lina"), outcome=Facilitation.IMPEDED
    )
    line.do(said)
    assert status_of(notice(line), line.now) is Status.COMPLETED
    assert [clock.name for clock in notice(line).clocks] == ["purge"]
    with pytest.raises(WrongOrder):
        line.do(said)


# --- its way ----------------------------------------------------


def test_until_it_is_forwarded_nobody_else_is_told() -> None:
    """A desk that looks through it first receives, returns, or forwards it."""
    line = filed(through=DeskId("monitor-ops"), tells=(SOUTH_OPS,))
    by = line.actor("observer")
    with pytest.raises(NotYourNotice):
        says(line, "duty", Disposition.ACKNOWLEDGED)
    line.do(RouteNotice(notice=CONVOY, by=by, routing=Routing.RECEIVED))
    assert status_of(notice(line), line.now) is Status.RECEIVED
    line.do(RouteNotice(notice=CONVOY, by=by, routing=Routing.FORWARDED, to=SOUTH_OPS))
    assert status_of(notice(line), line.now) is Status.FORWARDED
    says(line, "duty", Disposition.NOT_OBJECTED)


def test_a_notice_is_returned_with_what_to_correct() -> None:
    """Returned says why, to whoever filed it."""
    line = filed(through=DeskId("monitor-ops"))
    by = line.actor("observer")
    with pytest.raises(WrongOrder):
        line.do(RouteNotice(notice=CONVOY, by=by, routing=Routing.RETURNED))
    line.do(
        RouteNotice(
            notice=CONVOY, by=by, routing=Routing.RETURNED, why="no second bearer"
        )
    )
    assert status_of(notice(line), line.now) is Status.RETURNED
    assert tellings(line) == [("north-ops", NoticeTelling.RETURNED)]


def test_only_whom_the_owner_named_is_forwarded_to() -> None:
    """The desk it goes through cannot widen who knows."""
    line = filed(through=DeskId("monitor-ops"))
    with pytest.raises(UnknownDesk):
        line.do(
            RouteNotice(
                notice=CONVOY,
                by=line.actor("observer"),
                routing=Routing.FORWARDED,
                to=SOUTH_AIR,
            )
        )


def test_a_party_without_people_here_is_answered_for_with_the_original() -> None:
    """What it mailed back is kept by its hash; a desk with people says it itself."""
    line = Line()
    line.desk("far-hq", NORTH)
    far = DeskId("far-hq")
    line.do(
        FileNotice(
            notice=CONVOY,
            by=line.actor("lina"),
            revision=a_movement(tells=(far, SOUTH_OPS)),
        )
    )
    mail = Attached(
        name="answer.eml", media_type="message/rfc822", sha256="ab" * 32, bytes_long=9
    )
    says(line, "lina", Disposition.NOT_OBJECTED, desk=far, original=mail)
    done = notice(line).dispositions[-1]
    assert (done.desk, done.by.person, done.original) == (far, "lina", mail)
    with pytest.raises(NotYourNotice):
        says(line, "lina", Disposition.NOT_OBJECTED, desk=SOUTH_OPS)


# --- still so, and over -----------------------------------------


def site(line: Line, days: int = 365) -> None:
    """Let lina file a clinic that stands for some days."""
    end = NOON + Duration(days=days)
    line.do(
        FileNotice(
            notice=CONVOY,
            by=line.actor("lina"),
            revision=a_site(window=Window(start=NOON, end=end), tells=()),
        )
    )


def test_an_owner_is_asked_whether_a_site_is_still_so() -> None:
    """Every ninety days, from the last time that it was said."""
    line = Line()
    site(line)
    line.after(days=90)
    assert tellings(line) == [("north-ops", NoticeTelling.CONFIRM)]
    line.do(ConfirmNotice(notice=CONVOY, by=line.actor("lina")))
    line.after(days=90)
    assert len(tellings(line)) == 2


def test_a_notice_expires_and_stays() -> None:
    """Its time being over deletes nothing, and its owner is told."""
    line = Line()
    site(line, days=10)
    line.after(days=10)
    assert notice(line).expired_at == line.now
    assert status_of(notice(line), line.now) is Status.EXPIRED
    assert tellings(line) == [("north-ops", NoticeTelling.EXPIRED)]


def test_nothing_waits_for_what_was_withdrawn() -> None:
    """Withdrawn ends every clock; what it sealed is erased, and then nothing waits."""
    line = filed()
    line.do(WithdrawNotice(notice=CONVOY, by=line.actor("lina")))
    assert [clock.name for clock in notice(line).clocks] == ["purge"]
    line.after(days=30)
    assert line.picture.next_due() is None
    assert status_of(notice(line), line.now) is Status.WITHDRAWN


def test_doing_what_is_due_twice_changes_nothing() -> None:
    """The second time at the same instant decides nothing."""
    line = filed()
    line.after(hours=4)
    size = line.picture.size
    line.run_due()
    assert line.picture.size == size


def test_what_a_held_notice_sealed_is_not_erased() -> None:
    """Names and plates of every revision are evidence, once harm was reported."""
    old, new = Sealed(sealed="b2xk"), Sealed(sealed="bmV3")
    line = filed(personal=Personal(names=old))
    revision = a_movement(number=2, personal=Personal(names=new))
    line.do(AmendNotice(notice=CONVOY, by=line.actor("lina"), revision=revision))
    line.do(
        ReportHarm(
            case=CaseId("hit"), by=line.actor("lina"), says="Hit.", notice=CONVOY
        )
    )
    for part in (old, new):
        act = SealedErased(
            entry=1,
            part=part.sealed,
            rule="its window is over",
            person=PersonId("lina"),
        )
        with pytest.raises(EvidenceIsHeld):
            line.do(Enter(act=act))
