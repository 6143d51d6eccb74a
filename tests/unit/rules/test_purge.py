"""What is over is purged on schedule, unless somebody may need it again."""

import pytest
from msgspec.structs import replace

from clearline.model.calls import Card, Kind
from clearline.model.case_acts import AttachmentAdded, CaseOpened, EvidenceReleased
from clearline.model.casework import AttachmentId, CaseId
from clearline.model.commands import OnCase, ReportHarm
from clearline.model.entries import SealedErased
from clearline.model.instants import Duration, Window
from clearline.model.notice_acts import NoticePurged
from clearline.model.notice_commands import (
    AmendNotice,
    Dispose,
    FileNotice,
    WithdrawNotice,
)
from clearline.model.notice_details import Request
from clearline.model.notice_life import Attached, Disposition
from clearline.model.notices import (
    ActivityDetails,
    Consent,
    NoticeId,
    Personal,
    Precision,
)
from clearline.model.parties import DeskId, Strength
from clearline.model.places import Place, PlaceFormat, Point, Position, Unlocated
from clearline.rules.disclosure import Viewer, notice_for
from clearline.rules.holding import NEAR_M, held
from clearline.rules.notice_clocks import PURGE_AFTER
from notice_forms import AT, PERSONAL, SEALED, SITE, a_site
from phone import NOON, NORTH, SOUTH, STOP, Line

CLINIC = NoticeId("clinic")
MONTH = PURGE_AFTER.days
AGREED = (
    Consent(
        desk=DeskId("south-ops"),
        precision=Precision.EXACT,
        by="the clinic",
        source="a letter",
    ),
)


def place(east_deg=0.0):
    """Tell a place so far east of the clinic."""
    return Place(
        footprint=Point(
            position=Position(lon=AT.lon + east_deg, lat=AT.lat), precision_m=5.0
        ),
        text="as told",
        format=PlaceFormat.DECIMAL,
    )


def filed(revision=None):
    """A line on which a clinic was filed by lina."""
    line = Line()
    told = revision or a_site(consents=AGREED)
    line.do(FileNotice(notice=CLINIC, by=line.actor("lina"), revision=told))
    return line


def withdrawn(revision=None):
    """The same, withdrawn at once."""
    line = filed(revision)
    line.do(WithdrawNotice(notice=CLINIC, by=line.actor("lina")))
    return line


def after(line, days):
    """What is written of it in so many days."""
    acts = line.after(days=days)
    erased = [act for act in acts if isinstance(act, SealedErased)]
    return erased, [act for act in acts if isinstance(act, NoticePurged)]


def seen_by_south(line):
    """What the south's desk may know of it."""
    viewer = Viewer(party=SOUTH, desk=DeskId("south-ops"))
    notice = line.picture.notices.get(CLINIC)
    return notice_for(line.picture, viewer, notice, line.now)


def harmed(line, says="It was hit."):
    """Let the north report harm."""
    told = ReportHarm(
        case=CaseId("harm"), by=line.actor("lina"), says=says, notice=CLINIC
    )
    line.do(told)


def let_go(line, case="harm"):
    """Let two people of two parties let the hold go."""
    act = EvidenceReleased(
        case=CaseId(case),
        by=line.actor("lina", Strength.PASSKEY),
        second=line.actor("observer", Strength.PASSKEY),
        why="it is told",
    )
    line.do(OnCase(act=act))


# --- what is erased, and what others lose sight of ---


def test_numbers_names_and_plates_are_erased_thirty_days_after_it_is_over():
    """Each by an entry of its own that names the entry it lay beside."""
    line = withdrawn()
    assert after(line, MONTH - 1) == ([], [])
    erased, (purged,) = after(line, 1)
    parts = {p.sealed for p in (PERSONAL.phones, PERSONAL.plates, PERSONAL.names) if p}
    assert {act.part for act in erased} == set(purged.parts) == parts
    entry = line.picture.notices.history_of(CLINIC)[0][0]
    assert {act.entry for act in erased} == {entry}
    assert line.picture.notices.get(CLINIC).clocks == ()


def test_what_an_earlier_revision_sealed_goes_as_well():
    """A notice amended so that it seals nothing more is purged of what it sealed."""
    line = filed()
    details = replace(SITE, request=Request.AMEND)
    bare = a_site(personal=Personal(), consents=AGREED, details=details)
    line.do(AmendNotice(notice=CLINIC, by=line.actor("lina"), revision=bare))
    line.do(WithdrawNotice(notice=CLINIC, by=line.actor("lina")))
    erased, _ = after(line, MONTH)
    assert {act.part for act in erased} == {SEALED.sealed}


ROOF = Attached(name="roof.png", media_type="image/png", sha256="ab" * 32, bytes_long=9)


def test_its_files_are_named_as_erased_of_every_revision_and_answer():
    """Photos it had before it was amended, and an answer's original, go with it."""
    line = filed(a_site(personal=Personal(), attached=(ROOF,), consents=AGREED))
    reply = replace(ROOF, name="reply.eml", sha256="cd" * 32)
    answer = Dispose(
        notice=CLINIC,
        by=line.actor("duty"),
        disposition=Disposition.ACKNOWLEDGED,
        original=reply,
    )
    line.do(answer)
    details = replace(SITE, request=Request.AMEND)
    bare = a_site(personal=Personal(), consents=AGREED, details=details)
    line.do(AmendNotice(notice=CLINIC, by=line.actor("lina"), revision=bare))
    line.do(WithdrawNotice(notice=CLINIC, by=line.actor("lina")))
    _, (purged,) = after(line, MONTH)
    assert set(purged.files) == {ROOF.sha256, reply.sha256}


def test_a_site_that_merely_expired_lets_go_of_its_photos():
    """As of its numbers: it is still shown where it is."""
    line = filed(a_site(personal=Personal(), attached=(ROOF,), consents=AGREED))
    line.after(days=91)
    _, (purged,) = after(line, MONTH)
    assert purged.files == (ROOF.sha256,)
    assert seen_by_south(line).revision is not None


def test_a_file_that_a_case_names_is_not_let_go():
    """The bytes are evidence of that case, whichever notice they came with."""
    line = filed(a_site(personal=Personal(), attached=(ROOF,), consents=AGREED))
    by = line.actor("lina")
    opened = CaseOpened(case=CaseId("look"), by=by, title="Look")
    line.do(OnCase(act=opened))
    added = AttachmentAdded(
        case=CaseId("north:look"),
        by=by,
        attachment=AttachmentId("roof"),
        name="roof.png",
        media_type="image/png",
        sha256=ROOF.sha256,
        bytes_long=9,
    )
    line.do(OnCase(act=added))
    line.do(WithdrawNotice(notice=CLINIC, by=by))
    _, (purged,) = after(line, MONTH)
    assert (purged.files, purged.is_held) == ((), False)


def test_whoever_was_told_loses_sight_of_a_plan_thirty_days_after_it_is_over():
    """Its place, window and words leave every view of others; that it was stays."""
    begins = NOON + Duration(hours=1)
    plan = a_site(
        details=ActivityDetails(),
        personal=Personal(),
        consents=AGREED,
        window=Window(start=begins, end=begins + Duration(hours=2)),
    )
    line = filed(plan)
    assert seen_by_south(line).revision is not None
    line.after(hours=12)
    assert line.picture.notices.get(CLINIC).is_over
    assert seen_by_south(line).revision is not None
    _, (purged,) = after(line, MONTH)
    assert (purged.parts, purged.is_held) == ((), False)
    seen = seen_by_south(line)
    assert (seen.level, seen.window, seen.cell, seen.revision, seen.moves) == (
        Precision.EXISTENCE,
        None,
        None,
        None,
        (),
    )
    own = notice_for(
        line.picture,
        Viewer(party=NORTH, desk=DeskId("north-ops")),
        line.picture.notices.get(CLINIC),
        line.now,
    )
    assert own.notice.revision.window == plan.window
    assert own.notice.revision.where == plan.where


def test_a_site_that_merely_expired_stays_shown():
    """Expiry makes it neither untrue nor unprotected: only what it sealed goes."""
    line = filed()
    line.after(days=91)
    assert line.picture.notices.get(CLINIC).expired_at is not None
    erased, _ = after(line, MONTH)
    assert erased
    assert seen_by_south(line).revision is not None


def test_a_site_that_was_withdrawn_is_no_longer_shown():
    """A month after its owner took it back nobody else reads its place."""
    line = withdrawn()
    assert seen_by_south(line).revision is not None
    line.after(days=MONTH)
    seen = seen_by_south(line)
    assert (seen.level, seen.is_withdrawn, seen.cell) == (
        Precision.EXISTENCE,
        True,
        None,
    )


# --- what holds it ---


def test_nothing_is_erased_of_what_harm_was_reported_on():
    """It is evidence; it is looked at again a month later, and kept again."""
    line = filed()
    harmed(line)
    line.do(WithdrawNotice(notice=CLINIC, by=line.actor("lina")))
    for _ in range(2):
        erased, (purged,) = after(line, MONTH)
        assert (erased, purged.is_held, purged.parts) == ([], True, ())
        assert purged.held_by == "case north:harm"
    assert seen_by_south(line).revision is not None


def test_it_is_purged_once_two_parties_let_the_case_go():
    """The next look after the hold is let go erases what it kept."""
    line = filed()
    harmed(line)
    line.do(WithdrawNotice(notice=CLINIC, by=line.actor("lina")))
    after(line, MONTH)
    let_go(line)
    erased, (purged,) = after(line, MONTH)
    assert erased
    assert not purged.is_held


def held_after(kind, card, revision=None, *, by="lina", to="south-ops"):
    """Raise a call while a clinic stands, withdraw it, and ask what holds it."""
    line = filed(revision)
    line.after(hours=1)
    line.raises(kind, card=card, by=by, to=to)
    line.do(WithdrawNotice(notice=CLINIC, by=line.actor("lina")))
    return held(line.picture, line.picture.notices.get(CLINIC))


ONE_DEG_EAST_M = 90_600.0
"""Of longitude at the clinic's latitude, about."""


@pytest.mark.parametrize("kind", [Kind.STOP, Kind.HOLD])
def test_a_stop_at_its_place_holds_it(kind):
    """Wherever the wrong place may have been told, some kilometres count as there."""
    near = Card(where=place(0.9 * NEAR_M / ONE_DEG_EAST_M))
    far = Card(where=place(1.1 * NEAR_M / ONE_DEG_EAST_M))
    assert held_after(kind, near) == f"{kind} 1"
    assert held_after(kind, far) == ""


def test_a_warning_at_its_place_holds_nothing():
    """Only what was to stop somebody is evidence by itself."""
    assert held_after(Kind.WARN, Card(where=place())) == ""


@pytest.mark.parametrize("where", [None, Unlocated(name="the mill")])
def test_a_stop_nobody_can_locate_holds_what_its_parties_knew_of(where):
    """It may have been about any of theirs; a third party's is not held by it."""
    told = where and Place(footprint=where, text="mill", format=PlaceFormat.NAME)
    card = Card(where=told)
    assert held_after(Kind.STOP, card) == "STOP 1"
    untold = a_site(tells=(), consents=())
    assert held_after(Kind.STOP, card, untold, by="duty", to="monitor-ops") == ""


def test_a_stop_before_or_after_it_holds_nothing():
    """A STOP that was over when it was filed, or came after it, did not touch it."""
    line = Line()
    line.raises(Kind.HOLD, card=Card(where=place()))
    line.after(hours=1)
    assert not line.picture.calls.get(STOP).is_open
    line.do(FileNotice(notice=CLINIC, by=line.actor("lina"), revision=a_site()))
    line.do(WithdrawNotice(notice=CLINIC, by=line.actor("lina")))
    line.after(minutes=1)
    line.raises(Kind.HOLD, card=Card(where=place()), call="stop-2")
    assert held(line.picture, line.picture.notices.get(CLINIC)) == ""


def test_whose_owner_is_not_in_it_is_told_only_that_there_is_one():
    """A case of another party holds it, and is not named to its owner."""
    line = withdrawn()
    line.do(
        OnCase(
            act=CaseOpened(
                case=CaseId("look"),
                by=line.actor("duty"),
                title="Look",
                notices=(CLINIC,),
            )
        )
    )
    assert held(line.picture, line.picture.notices.get(CLINIC)) == "a case"


def test_what_a_stop_holds_goes_with_the_case_about_it():
    """Its owner alone lets nothing go; two parties do, in a case about the STOP."""
    line = filed()
    line.after(hours=1)
    line.raises(Kind.HOLD, card=Card(where=place()))
    line.do(WithdrawNotice(notice=CLINIC, by=line.actor("lina")))
    _, (kept,) = after(line, MONTH)
    assert kept.held_by == "HOLD 1"
    harm = ReportHarm(
        case=CaseId("harm"), by=line.actor("lina"), says="It was hit.", call=STOP
    )
    line.do(harm)
    _, (kept,) = after(line, MONTH)
    assert kept.is_held
    let_go(line)
    erased, (purged,) = after(line, MONTH)
    assert erased
    assert not purged.is_held


def test_a_case_nobody_held_holds_what_it_is_about():
    """To open a case is enough: nobody erases under an inquiry."""
    line = withdrawn()
    opened = CaseOpened(
        case=CaseId("look"), by=line.actor("lina"), title="Look", notices=(CLINIC,)
    )
    line.do(OnCase(act=opened))
    assert held(line.picture, line.picture.notices.get(CLINIC)) == "case north:look"
