"""Say what one side may see of what another said: the one door everything leaves by.

A desk of this node may see a call that reached it: the desk that raised it, the one it
went to, each its ladder rings, each that was named as having authority or that it was
handed down to, and the desks above these in their own party's tree; and an auditor
of either party. Nobody sees a call that is kept from their desk: one that warns of
somebody under duress is kept from where they sit.

What of a case may be seen stands in `case_sight`, which asks here what of the log.

What a linked node is told, of calls and of notices, is in the other half of the door:
`rules.disclosure_to_peers`.

A notice is known as its owner agreed (`notice_for`):

| viewer | of a notice | knows |
|---|---|---|
| a desk of the owner; its auditor | any of theirs | all, and who was told what |
| the desk it goes through | that is not over | the same |
| a desk told, and those below it | reached by it | exactly, coarsely or its existence |
| a desk told before | dropped from it | that it no longer holds |
| a desk told | a plan, or what was withdrawn, that was purged | that there was one |
| anybody else | any | nothing, not even that there is one |

A position is its owner's alone.

Never told: who is rung and by what, a ladder, a desk below the one that was called,
a device, a person's id, what a desk was told unasked, whatever concerns a third party.
"""

from collections.abc import Iterator
from typing import Final, assert_never

import msgspec
from msgspec.structs import replace

from clearline.geo.cells import box_of, box_over, coarse_told
from clearline.model.agreement_acts import AGREEMENT_ACTS
from clearline.model.calls import Call
from clearline.model.case_acts import CASE_ACTS
from clearline.model.conflict_acts import CONFLICT_ACTS
from clearline.model.conflicts import Conflict
from clearline.model.control_acts import CONTROL_ACTS
from clearline.model.disclosures import ProbingSeen
from clearline.model.entries import (
    CALL_ACTS,
    Act,
    EntryCarried,
    PeerHeard,
    PeerTold,
    PeerUnproven,
    SheetEnded,
    SheetNoted,
    SheetOpened,
)
from clearline.model.instants import Instant
from clearline.model.notice_acts import (
    MovementReported,
    NoticeAct,
    NoticeAmended,
    NoticeDisposed,
    NoticeFiled,
    NoticeRouted,
    NoticeTold,
    NoticeWithdrawn,
)
from clearline.model.notice_details import (
    AreaDetails,
    MovementDetails,
    NoticeKind,
    Personal,
    SiteDetails,
)
from clearline.model.notice_life import Moved, Status
from clearline.model.notice_seen import Cell, NoticeSeen
from clearline.model.notices import Notice, Precision, Revision
from clearline.model.parties import Actor, DeskId, PartyId
from clearline.picture.hours import coarse_window
from clearline.picture.picture import OF_NOTICES, View
from clearline.rules.notice_life import status_of
from clearline.rules.recipients import unread_at
from clearline.wire.entries import read_entry

_EXACTLY: Final = tuple(Precision)

_SHEET_ACTS: Final = (SheetOpened, SheetNoted, SheetEnded)

_OF_THEIRS: Final = (
    *OF_NOTICES,
    *CASE_ACTS,
    *CONTROL_ACTS,
    *_SHEET_ACTS,
    *AGREEMENT_ACTS,
)
"""Acts that one party alone may have whole."""


class Viewer(msgspec.Struct, frozen=True, kw_only=True):
    """Say who looks from a desk of this node.

    Attributes:
        is_auditor: Whether they look as an auditor of their party.
    """

    party: PartyId
    desk: DeskId
    is_auditor: bool = False


def may_see_call(view: View, viewer: Viewer, call: Call) -> bool:
    """Say whether a viewer may see a call, its card and what came of it."""
    if viewer.desk in call.kept_from:
        return False
    if viewer.is_auditor and viewer.party in (call.raised_by.party, call.to_party):
        return True
    return any(
        desk == viewer.desk or view.is_under(desk, viewer.desk)
        for desk in dict.fromkeys(_desks_of(view, call))
    )


def granted(view: View, viewer: Viewer, notice: Notice) -> Precision | None:
    """Say how exactly a viewer may know a notice that stands; `None` for not at all.

    Its owner's own desks know it exactly. Another party's desk knows what its owner
    agreed that it, or a desk above it in that party's tree, may know: the most exact
    of these; of what is purged and over, that there was one. A position is known to
    its own party alone.
    """
    if notice.owner == viewer.party:
        return Precision.EXACT
    if notice.revision.kind is NoticeKind.POSITION:
        return None
    levels = [
        level
        for desk in notice.revision.tells
        if notice.reaches(desk)
        and is_of(view, viewer, desk)
        and (level := notice.revision.precision_for(desk)) is not None
    ]
    if levels and notice.is_forgotten:
        return Precision.EXISTENCE
    return min(levels, key=_EXACTLY.index, default=None)


def may_see_conflict(viewer: Viewer, conflict: Conflict) -> bool:
    """Say whether a viewer may know of a conflict: their party's notice is in it."""
    return viewer.party in conflict.known_to


def may_see_entry(view: View, viewer: Viewer, act: Act) -> bool:
    """Say whether a viewer may have an entry whole, as it is signed.

    An entry about a notice holds all of it, so only its owner may; one of a case, the
    party that keeps it, and whoever said it; one of a sheet, the party whose telephone
    rang; one about a conflict, whoever may know of that; one about an agreement, the
    two that are in it; an auditor, whatever else concerns nobody's notices and nobody's
    calls. One that was carried over is seen as it was.
    """
    if isinstance(act, EntryCarried):
        return may_see_entry(view, viewer, read_entry(bytes(act.entry)).act)
    if isinstance(act, CALL_ACTS):
        call = view.calls.get(act.call)
        return call is not None and may_see_call(view, viewer, call)
    if isinstance(act, CONFLICT_ACTS):
        conflict = view.conflicts.get(act.conflict)
        return conflict is not None and may_see_conflict(viewer, conflict)
    if isinstance(act, _OF_THEIRS):
        return viewer.party in (*_whose(view, act), _said_in_case(act))
    is_kept = isinstance(act, (ProbingSeen, PeerTold, PeerHeard, PeerUnproven))
    return viewer.is_auditor and not is_kept


def _whose(view: View, act: Act) -> tuple[PartyId, ...]:
    """Name the one party that may have an entry whole; of an agreement, its two."""
    if isinstance(act, OF_NOTICES):
        notice = view.notices.get(act.notice)
        return (notice.owner,) if notice else ()
    if isinstance(act, CASE_ACTS):
        case = view.cases.get(act.case)
        return (case.opened_by.party,) if case else ()
    if isinstance(act, _SHEET_ACTS):
        sheet = view.sheets.get(act.sheet)
        return (sheet.by.party,) if sheet else ()
    if isinstance(act, AGREEMENT_ACTS):
        agreement = view.agreements.get(act.agreement)
        return agreement.parties if agreement else ()
    return (act.by.party,) if isinstance(act, CONTROL_ACTS) else ()


def _said_in_case(act: Act) -> PartyId | None:
    """Name who said something of a case, be it in one that another party keeps."""
    by: Actor | None = getattr(act, "by", None) if isinstance(act, CASE_ACTS) else None
    return by.party if by else None


def _desks_of(view: View, call: Call) -> Iterator[DeskId]:
    """Name every desk a call has reached, first those it is between."""
    yield call.raised_by.desk
    yield call.to_desk
    yield from (rung.desk for rung in call.ladder.rungs)
    yield from (given.whom for given in call.answers if given.whom is not None)
    yield from (passed.to_desk for passed in call.passed)
    above = view.calls.get(call.passed_from) if call.passed_from else None
    if above is not None:
        yield above.to_desk


def notice_for(
    view: View, viewer: Viewer, notice: Notice, now: Instant
) -> NoticeSeen | None:
    """Say what a viewer may know of a notice; nothing where they may not at all.

    Whatever is shown, counted, compared or measured for a viewer begins here.
    """
    revision = notice.revision
    is_own = viewer.party == notice.owner
    if not is_own and revision.kind is NoticeKind.POSITION:
        return None
    if is_own or (viewer.desk == revision.through and not notice.is_over):
        return _whole(view, notice, now)
    level = granted(view, viewer, notice)
    if level is not None:
        return _told(viewer, notice, level, now)
    if any(is_of(view, viewer, desk) for desk in notice.dropped):
        gone = _told(viewer, notice, Precision.EXISTENCE, now)
        return replace(gone, is_withdrawn=True)
    return None


def in_a_list(
    view: View, viewer: Viewer, notice: Notice, now: Instant
) -> NoticeSeen | None:
    """Say what a viewer may take away of a notice among many at once.

    As `notice_for`, but that a site of another party leaves by its cell, however
    exactly it was told: a list of exact sites is what nobody should lose.
    """
    seen = notice_for(view, viewer, notice, now)
    if seen is None or notice.owner == viewer.party:
        return seen
    if seen.kind is NoticeKind.SITE and seen.level is Precision.EXACT:
        return _told(viewer, notice, Precision.COARSE, now)
    return seen


def as_told(
    view: View, notice: Notice, desk: DeskId, now: Instant
) -> NoticeSeen | None:
    """Say a notice as a desk it tells may know it: what is sent there by other means.

    For who files it or forwards it; whether it has gone there yet is not asked.
    """
    told, level = view.desks.get(desk), notice.revision.precision_for(desk)
    if told is None or level is None:
        return None
    return _told(Viewer(party=told.party, desk=desk), notice, level, now)


def files_for(seen: NoticeSeen) -> frozenset[str]:
    """Name the files whose bytes go with what is shown of a notice, by their hashes.

    Those of what is shown exactly, and originals of answers; its owner and the desk it
    goes through have all there are.
    """
    if seen.notice is not None:
        return frozenset(seen.notice.files)
    originals = (done.original for done in seen.dispositions)
    beside = (one.sha256 for one in originals if one is not None)
    return frozenset((*(seen.revision.files if seen.revision else ()), *beside))


def notice_event_for(
    view: View, viewer: Viewer, act: NoticeAct, now: Instant
) -> NoticeSeen | None:
    """Say a notice to a viewer as an act leaves it; nothing where it is not theirs.

    Of what others do with it a recipient hears nothing, not even that they did; and
    how far a movement is, only where it may be known exactly.
    """
    notice = view.notices.get(act.notice)
    if notice is None or not _may_hear_of(view, viewer, notice, act):
        return None
    seen = notice_for(view, viewer, notice, now)
    is_coarse = seen is not None and seen.level is not Precision.EXACT
    return None if isinstance(act, MovementReported) and is_coarse else seen


def telling_for(seen: NoticeSeen, act: NoticeTold) -> NoticeTold:
    """Say to a viewer what a desk of theirs was told unasked, as far as they may know.

    What a notice waits for says to the second when it begins; and that it is delayed,
    that it moves.
    """
    if seen.is_own:
        return act
    text = act.text
    if seen.level is Precision.EXISTENCE:
        text = f"Something about it has changed: call {seen.call}."
    return replace(act, clocks=(), text=text)


def _may_hear_of(view: View, viewer: Viewer, notice: Notice, act: NoticeAct) -> bool:
    if viewer.party == notice.owner or viewer.desk == notice.revision.through:
        return not isinstance(act, NoticeTold) or _is_party_of(view, viewer, act.desk)
    match act:
        case NoticeFiled() | NoticeAmended() | NoticeWithdrawn() | MovementReported():
            return True
        case NoticeTold() | NoticeDisposed():
            return viewer.desk == act.desk
        case NoticeRouted():
            return act.to is not None and is_of(view, viewer, act.to)
        case _:
            return False


def _is_party_of(view: View, viewer: Viewer, desk: DeskId) -> bool:
    told = view.desks.get(desk)
    return told is not None and told.party == viewer.party


def is_of(view: View, viewer: Viewer, desk: DeskId) -> bool:
    """Say whether what a desk was told may be known by a viewer."""
    told = view.desks.get(desk)
    is_auditor = viewer.is_auditor and told is not None and told.party == viewer.party
    return is_auditor or viewer.desk == desk or view.is_under(viewer.desk, desk)


def _whole(view: View, notice: Notice, now: Instant) -> NoticeSeen:
    return NoticeSeen(
        id=notice.id,
        owner=notice.owner,
        call=notice.filed_by.desk,
        level=Precision.EXACT,
        is_own=True,
        number=notice.revision.number,
        kind=notice.revision.kind,
        status=status_of(notice, now),
        window=notice.revision.window,
        says=fixed_words(notice.revision),
        revision=notice.revision,
        dispositions=notice.dispositions,
        moves=notice.moves,
        notice=notice,
        unread=unread_at(view, notice),
        is_withdrawn=notice.withdrawn_at is not None,
    )


def _told(viewer: Viewer, notice: Notice, level: Precision, now: Instant) -> NoticeSeen:
    revision = notice.revision
    is_withdrawn = notice.withdrawn_at is not None
    existence = NoticeSeen(
        id=notice.id,
        owner=notice.owner,
        call=notice.filed_by.desk,
        level=level,
        number=revision.number,
        # any other word would say by its time when exactly it begins and ends
        status=Status.WITHDRAWN if is_withdrawn else Status.FORWARDED,
        dispositions=tuple(
            done for done in notice.dispositions if done.desk == viewer.desk
        ),
        is_withdrawn=is_withdrawn,
    )
    match level:
        case Precision.EXISTENCE:
            return existence
        case Precision.COARSE:
            return replace(
                existence,
                kind=revision.kind,
                window=coarse_window(revision, Precision.COARSE),
                cell=_cell(revision),
                says=fixed_words(revision),
            )
        case Precision.EXACT:
            return replace(
                existence,
                kind=revision.kind,
                status=status_of(notice, now),
                window=revision.window,
                says=fixed_words(revision),
                revision=_for_recipients(revision, viewer),
                moves=tuple(_without_person(move) for move in notice.moves),
            )
        case _:
            assert_never(level)


def _without_person(move: Moved) -> Moved:
    """Leave out who of another party reported it, and from which device."""
    if move.by is None:
        return move
    return replace(move, by=replace(move.by, person=None, device=""))


def _for_recipients(revision: Revision, viewer: Viewer) -> Revision:
    """Leave out who else is told, and by which way it came."""
    own = tuple(one for one in revision.consents if one.desk == viewer.desk)
    tells = tuple(desk for desk in revision.tells if desk == viewer.desk)
    return replace(
        revision,
        tells=tells,
        consents=own,
        through=None,
        answer_by=None,
        personal=Personal(),
    )


def fixed_words(revision: Revision) -> str:
    """Say of a notice what is said in fixed words, and nothing of its owner's own."""
    details = revision.details
    match details:
        case SiteDetails():
            return str(details.function)
        case MovementDetails():
            guards = {True: ", armed escort", False: ", no armed escort", None: ""}
            return f"by {details.mode}{guards[details.armed_escort]}"
        case AreaDetails():
            return str(details.access or "")
        case _:
            return ""


def _cell(revision: Revision) -> Cell | None:
    """Return the box over the cells a notice lies in, or was told to lie in."""
    if revision.cells is not None:
        return box_over(coarse_told(revision.cells))
    return box_of(revision.shape or revision.where.footprint)
