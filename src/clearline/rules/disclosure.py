"""Say what one side may see of what another said: the one door everything leaves by.

A desk of this node may see a call that reached it: the desk that raised it, the one it
went to, each its ladder rings, each that was named as having authority or that it was
handed down to, and the desks above these in their own party's tree; and an auditor
of either party. Nobody sees a call that is kept from their desk: one that warns of
somebody under duress is kept from where they sit.

What of a case may be seen stands in `case_sight`, which asks here what of the log.

A linked peer gets less:

| what happens here | who may know of it | as |
|---|---|---|
| our top desks | a linked peer | id, name, whether one person keeps it |
| we raise a call at a peer's desk | that peer | the card as given, our number |
| our people act on a call of the peer's | that peer | the act, a role and a pseudonym |
| we close or renew a call of ours there | that peer | the same |
| anything else | nobody | nothing |

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

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, assert_never, cast

import msgspec
from msgspec.structs import replace

from clearline.geo.cells import box_of
from clearline.model.calls import Call
from clearline.model.conflict_acts import CONFLICT_ACTS
from clearline.model.conflicts import Conflict
from clearline.model.control_acts import ControlClaimed, ControlWithdrawn
from clearline.model.disclosures import ProbingSeen
from clearline.model.entries import (
    CALL_ACTS,
    Acknowledged,
    AcknowledgementWithdrawn,
    Act,
    AnswerGiven,
    CallRaised,
    Ceased,
    ClosedBy,
    HoldRenewed,
    PassedOn,
    PeerHeard,
    PeerTold,
    PeerUnproven,
    ReadBack,
    Shown,
)
from clearline.model.instants import Duration, Instant, Window
from clearline.model.links import (
    Answers,
    CallRef,
    CallSaid,
    Closes,
    Desks,
    FarActor,
    FarDesk,
    Has,
    HasNoMore,
    Message,
    PassesOn,
    Peer,
    Renews,
    ReportsCeased,
    SaysBack,
    ShownThere,
    at_home,
)
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
from clearline.model.notice_life import Status
from clearline.model.notice_seen import NoticeSeen
from clearline.model.notices import Notice, Precision, Revision
from clearline.model.parties import Actor, Desk, DeskId, PartyId, PersonId
from clearline.picture.picture import OF_NOTICES, View
from clearline.rules.notice_life import status_of
from clearline.rules.recipients import unread_at

_EXACTLY: Final = tuple(Precision)

TAG_CHARACTERS: Final = 16
"""Length of the tag that tells a person apart for one peer."""


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

    An entry about a notice holds all of it, so only its owner may; one about a
    conflict, whoever may know of that; an auditor, whatever else concerns nobody's
    notices and nobody's calls.
    """
    if isinstance(act, CALL_ACTS):
        call = view.calls.get(act.call)
        return call is not None and may_see_call(view, viewer, call)
    if isinstance(act, OF_NOTICES):
        notice = view.notices.get(act.notice)
        return notice is not None and notice.owner == viewer.party
    if isinstance(act, CONFLICT_ACTS):
        conflict = view.conflicts.get(act.conflict)
        return conflict is not None and may_see_conflict(viewer, conflict)
    if isinstance(act, (ControlClaimed, ControlWithdrawn)):
        return act.by.party == viewer.party
    if isinstance(act, (ProbingSeen, PeerTold, PeerHeard, PeerUnproven)):
        return False
    return viewer.is_auditor


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
                window=_whole_hours(revision.window),
                cell=box_of(revision.shape or revision.where.footprint),
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
                moves=notice.moves,
            )
        case _:
            assert_never(level)


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


def _whole_hours(window: Window) -> Window:
    """Widen a window to whole hours."""
    hour = Duration(hours=1)
    start = window.start.replace(minute=0, second=0, microsecond=0)
    end = window.end.replace(minute=0, second=0, microsecond=0)
    return Window(start=start, end=end if end == window.end else end + hour)


def desks_for(view: View, peer: Peer, desks: Iterable[Desk]) -> Desks:
    """Say which desks a peer may call: those at the top of our party's tree."""
    party = view.parties.get(peer.ours)
    return Desks(
        name=party.name if party else peer.ours,
        desks=tuple(
            FarDesk(id=desk.id, name=desk.name, is_single_handed=desk.is_single_handed)
            for desk in desks
            if desk.party == peer.ours and desk.under is None
        ),
    )


def call_for(view: View, peer: Peer, act: CallRaised, now: Instant) -> CallSaid | None:
    """Say a call to the peer it is for, and to no other."""
    if act.to_party != peer.party or act.by.party != peer.ours or act.passed_from:
        return None
    return CallSaid(
        call=act.call,
        number=act.number,
        kind=act.kind,
        precedence=act.precedence,
        by=actor_for(view, peer, act.by, top_of(view, act.by.desk)),
        to_desk=DeskId(at_home(act.to_desk, peer.party)),
        card=act.card,
        said_at=min(act.said_at, now) if act.said_at else now,
        of=act.of,
        ends_in=act.ends_at - now if act.ends_at else None,
    )


def call_again(view: View, peer: Peer, call: Call, now: Instant) -> CallSaid | None:
    """Say a call of ours that is still open once more to the peer it is for."""
    is_over = call.ends_at is not None and call.ends_at <= now
    if call.to_party != peer.party or call.passed_from or is_over:
        return None
    return CallSaid(
        call=call.id,
        number=call.number,
        kind=call.kind,
        precedence=call.precedence,
        by=actor_for(view, peer, call.raised_by, top_of(view, call.raised_by.desk)),
        to_desk=DeskId(at_home(call.to_desk, peer.party)),
        card=call.card,
        said_at=call.said_at or call.raised_at,
        of=call.of,
        ends_in=call.ends_at - now if call.ends_at else None,
    )


def act_for(
    view: View, peer: Peer, call: Call, act: Act, now: Instant
) -> Message | None:
    """Say an act about a call between us and a peer, as far as it may know it."""
    ours = {call.raised_by.party, call.to_party} == {peer.ours, peer.party}
    by = getattr(act, "by", None)
    if not ours or (by is not None and by.party != peer.ours):
        return None
    is_called = call.to_party == peer.ours
    saying = (_OF_THE_CALLED | _OF_BOTH if is_called else _OF_BOTH).get(type(act))
    if saying is None:
        return None
    desk = call.to_desk if is_called else top_of(view, call.raised_by.desk)
    return saying(_Sayer(view, peer, call, desk, now), act)


def actor_for(view: View, peer: Peer, by: Actor, desk: DeskId) -> FarActor:
    """Make a role and a pseudonym of an actor of ours."""
    person = view.persons.get(by.person) if by.person else None
    return FarActor(
        desk=desk,
        strength=by.strength,
        tag=_tag(peer, by.person) if by.person else None,
        pseudonym=person.pseudonym if person else "",
        roles=person.roles if person else (),
    )


def top_of(view: View, desk: DeskId) -> DeskId:
    """Name the desk at the top of the tree a desk stands in."""
    here, seen = view.desks.get(desk), {desk}
    while here is not None and here.under is not None and here.under not in seen:
        seen.add(here.under)
        desk = here.under
        here = view.desks.get(desk)
    return desk


def _tag(peer: Peer, person: PersonId) -> PersonId:
    veiled = hashlib.sha256(base64.b64decode(peer.veil) + person.encode())
    return PersonId(veiled.hexdigest()[:TAG_CHARACTERS])


class _Sayer:
    """Hold what every act about one call is said with."""

    def __init__(
        self, view: View, peer: Peer, call: Call, desk: DeskId, now: Instant
    ) -> None:
        self._view, self._peer, self._desk = view, peer, desk
        self.number, self.now, self.desk = call.number, now, desk
        self.call = CallRef(
            raised_by=call.raised_by.party,
            call=type(call.id)(at_home(call.id, peer.party)),
        )

    def by(self, actor: Actor) -> FarActor:
        """Make a role and a pseudonym of whoever acts."""
        return actor_for(self._view, self._peer, actor, self._desk)


def _shown(say: _Sayer, act: Shown) -> Message:
    del act
    return ShownThere(call=say.call, desk=say.desk)


def _has(say: _Sayer, act: Acknowledged) -> Message:
    return Has(call=say.call, by=say.by(act.by))


def _has_no_more(say: _Sayer, act: AcknowledgementWithdrawn) -> Message:
    return HasNoMore(call=say.call, by=say.by(act.by))


def _answers(say: _Sayer, act: AnswerGiven) -> Message:
    return Answers(
        call=say.call,
        by=say.by(act.by),
        answer=act.answer,
        reason=act.reason,
        detail=act.detail,
    )


def _says_back(say: _Sayer, act: ReadBack) -> Message:
    return SaysBack(call=say.call, by=say.by(act.by), number=say.number, said=act.said)


def _passes_on(say: _Sayer, act: PassedOn) -> Message:
    return PassesOn(call=say.call, by=say.by(act.by))


def _reports_ceased(say: _Sayer, act: Ceased) -> Message:
    return ReportsCeased(
        call=say.call, by=say.by(act.by), ceased_at=act.ceased_at, detail=act.detail
    )


def _closes(say: _Sayer, act: ClosedBy) -> Message:
    return Closes(call=say.call, by=say.by(act.by), why=act.why)


def _renews(say: _Sayer, act: HoldRenewed) -> Message:
    return Renews(call=say.call, by=say.by(act.by), ends_in=act.ends_at - say.now)


_Saying = Callable[[_Sayer, Any], Message]

_OF_THE_CALLED: Final = cast(
    "dict[type, _Saying]",
    {
        Shown: _shown,
        Acknowledged: _has,
        AcknowledgementWithdrawn: _has_no_more,
        AnswerGiven: _answers,
        ReadBack: _says_back,
        PassedOn: _passes_on,
        Ceased: _reports_ceased,
    },
)

_OF_BOTH: Final = cast("dict[type, _Saying]", {ClosedBy: _closes, HoldRenewed: _renews})
