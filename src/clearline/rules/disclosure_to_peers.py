"""Say what a linked node may know of calls and notices: the other half of the door.

| what happens here | who may know of it | as |
|---|---|---|
| our top desks | a linked peer | id, name, whether one person keeps it |
| we raise a call at a peer's desk | that peer | the card as given, our number |
| our people act on a call of the peer's | that peer | the act, who by role |
| we close or renew a call of ours there | that peer | the same |
| our notice tells desks of a peer's | that peer | as far as any of them may know |
| it is withdrawn, or tells them no more | that peer | that |
| it moves, and is told exactly | that peer | where and when |
| it is delayed or diverted | that peer | that |
| a file of a notice told so is asked for| that peer | its bytes                 |
| our people read or answer their notice | that peer | the act, who by role, (1) |
| anything else | nobody | nothing |

(1) and at how many desks below the one told it is unread; not at which.
A person is a role and a pseudonym.

Less than exactly is told as it is on one node (`rules.disclosure`): the cells of the
fixed grid, whole hours or days, fixed words. The place itself does not leave; nor do
a position, sealed numbers and names, other recipients, or the way it came.

Never told: who is rung and by what, a ladder, a desk below the one that was called or
told, a device, a person's id, what a desk was told unasked, whatever concerns a third
party.
"""

import base64
import hashlib
from collections.abc import Callable, Iterable
from typing import Any, Final, cast

from msgspec.structs import replace

from clearline.geo.cells import cells_told, coarse_of
from clearline.model.calls import Call
from clearline.model.entries import (
    Acknowledged,
    AcknowledgementWithdrawn,
    Act,
    AnswerGiven,
    CallRaised,
    Ceased,
    ClosedBy,
    HoldRenewed,
    PassedOn,
    ReadBack,
    Shown,
)
from clearline.model.instants import Instant
from clearline.model.links import (
    Answers,
    CallRef,
    CallSaid,
    Closes,
    Desks,
    Disposes,
    FarActor,
    FarDesk,
    Has,
    HasByPhone,
    HasNoMore,
    Message,
    Moves,
    NoticeSaid,
    PassesOn,
    Peer,
    Reach,
    Renews,
    ReportsCeased,
    SaysBack,
    ShownThere,
    TakesBack,
    at_home,
    is_at,
)
from clearline.model.notice_acts import MovementReported, NoticeDisposed
from clearline.model.notice_details import (
    ActivityDetails,
    AreaDetails,
    Details,
    MovementDetails,
    Personal,
    SiteDetails,
)
from clearline.model.notice_life import Disposition
from clearline.model.notices import (
    CellsTold,
    Consent,
    Notice,
    NoticeId,
    NoticeKind,
    Precision,
    Revision,
)
from clearline.model.parties import Actor, Desk, DeskId, PersonId
from clearline.model.places import Place, PlaceFormat, Unlocated
from clearline.picture.hours import coarse_window
from clearline.picture.marks import file_mark, named_under
from clearline.picture.notices import CHANGES
from clearline.picture.picture import View
from clearline.rules.recipients import told_desk, unread_at

TAG_CHARACTERS: Final = 16
"""Length of the tag that tells a person apart for one peer."""

UNTOLD: Final = Place(
    footprint=Unlocated(name="not told exactly"), text="", format=PlaceFormat.NAME
)
"""The place of a notice that another node told less than exactly."""

_EXACTLY: Final = tuple(Precision)


# --- calls -------------------------------------------------------------------------


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
    if ours and by is not None and by.party == peer.party == call.to_party:
        return _by_phone(view, peer, call, act, now)
    if not ours or (by is not None and by.party != peer.ours):
        return None
    is_called = call.to_party == peer.ours
    saying = (_OF_THE_CALLED | _OF_BOTH if is_called else _OF_BOTH).get(type(act))
    if saying is None:
        return None
    desk = call.to_desk if is_called else top_of(view, call.raised_by.desk)
    return saying(_Sayer(view, peer, call, desk, now), act)


def _by_phone(
    view: View, peer: Peer, call: Call, act: Act, now: Instant
) -> Message | None:
    """Say what somebody of the peer's did by a telephone that is entered here.

    What the peer said of its people is not said back to it.
    """
    person = getattr(act, "by", call.raised_by).person
    known = view.persons.get(person) if person else None
    if known is None or not isinstance(act, Acknowledged):
        return None
    if known.id.endswith(f"@{peer.party}"):
        return None
    say = _Sayer(view, peer, call, call.to_desk, now)
    return HasByPhone(
        call=say.call, pseudonym=known.pseudonym, strength=act.by.strength
    )


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


# --- notices -----------------------------------------------------------------------


def notice_for(
    view: View, peer: Peer, notice: Notice, by: Actor
) -> NoticeSaid | TakesBack | None:
    """Say a notice of ours to a peer whose desks it tells, as far as they may know.

    Args:
        view: What stands.
        peer: Whom.
        notice: As it is to be known.
        by: Who filed or changed it.

    Returns:
        That it tells the peer's desks no more, where they hold an earlier revision;
        nothing where they were never told.
    """
    if not _is_ours(peer, notice):
        return None
    desks = desks_told(peer, notice)
    if desks:
        return NoticeSaid(
            notice=notice.id,
            by=_by(view, peer, notice, by),
            revision=_revision_for(peer, notice.revision, desks),
        )
    if any(is_at(desk, peer.party) for desk in notice.dropped):
        return TakesBack(
            notice=notice.id,
            by=_by(view, peer, notice, by),
            revision=notice.revision.number,
        )
    return None


def may_have_file(view: View, peer: Peer, sha256: str) -> bool:
    """Say whether a peer may have the bytes of a file, by its hash.

    Only of a notice of ours that stands and is told to a desk of theirs exactly, by
    its owner's consent; and only what its newest revision names.
    """
    found = (view.notices.get(one) for one in named_under(view, file_mark(sha256)))
    return any(
        _is_ours(peer, notice)
        and not notice.is_forgotten
        and notice.withdrawn_at is None
        and sha256 in notice.revision.files
        and _is_exact(peer, notice)
        for notice in found
        if notice is not None
    )


def _is_exact(peer: Peer, notice: Notice) -> bool:
    desks = desks_told(peer, notice)
    return bool(desks) and _level(notice.revision, desks) is Precision.EXACT


def withdrawn_for(
    view: View, peer: Peer, notice: Notice, by: Actor
) -> TakesBack | None:
    """Say to whoever holds a notice of ours that it no longer stands."""
    holds = desks_told(peer, notice) or any(
        is_at(desk, peer.party) for desk in notice.dropped
    )
    if not _is_ours(peer, notice) or not holds:
        return None
    return TakesBack(notice=notice.id, by=_by(view, peer, notice, by))


def moved_for(
    view: View, peer: Peer, notice: Notice, act: MovementReported
) -> NoticeSaid | TakesBack | Moves | None:
    """Say how far a movement of ours is: all of it only where it is told exactly.

    Coarsely it is told that it is delayed or diverted; of what is only known to
    exist, that it changed: it is told once more.
    """
    desks = desks_told(peer, notice)
    if not _is_ours(peer, notice) or not desks:
        return None
    level, by = _level(notice.revision, desks), None
    if act.by is not None:
        by = _by(view, peer, notice, act.by)
    if level is Precision.EXACT:
        return Moves(
            notice=notice.id,
            state=act.state,
            by=by,
            stop=act.stop,
            where=act.where,
            expected_at=act.expected_at,
            detail=act.detail,
        )
    if act.state not in CHANGES or act.by is None:
        return None
    if level is Precision.COARSE:
        return Moves(notice=notice.id, state=act.state)
    return notice_for(view, peer, notice, act.by)


def disposed_for(
    view: View, peer: Peer, notice: Notice, act: NoticeDisposed
) -> Disposes | None:
    """Say to a notice's owner what our desks do with it, down to how many read it."""
    is_theirs = notice.is_far and notice.owner == peer.party
    top = told_desk(view, notice, act.desk)
    if not is_theirs or top is None or act.by.party != peer.ours:
        return None
    is_read = act.disposition is not Disposition.DELIVERED
    unread = [
        desk
        for desk in unread_at(view, notice)
        if desk != top and view.is_under(desk, top)
        if not (is_read and desk == act.desk)
    ]
    return Disposes(
        notice=NoticeId(at_home(notice.id, peer.party)),
        revision=act.revision,
        desk=top,
        disposition=act.disposition,
        by=actor_for(view, peer, act.by, top),
        heard=(view.reach.get(peer.id) or Reach()).heard,
        detail=act.detail,
        is_below=act.desk != top,
        unread_below=len(unread),
    )


def desks_told(peer: Peer, notice: Notice) -> tuple[DeskId, ...]:
    """Name the desks of a peer's that a notice tells by now."""
    return tuple(
        desk
        for desk in notice.revision.tells
        if is_at(desk, peer.party) and notice.reaches(desk)
    )


def _is_ours(peer: Peer, notice: Notice) -> bool:
    is_position = notice.revision.kind is NoticeKind.POSITION
    return notice.owner == peer.ours and not notice.is_far and not is_position


def _by(view: View, peer: Peer, notice: Notice, by: Actor) -> FarActor:
    return actor_for(view, peer, by, top_of(view, notice.filed_by.desk))


def _level(revision: Revision, desks: Iterable[DeskId]) -> Precision:
    """Return the most exact level of some desks: their node reads what any may."""
    levels = [level for one in desks if (level := revision.precision_for(one))]
    return min(levels, key=_EXACTLY.index)


def _revision_for(
    peer: Peer, revision: Revision, desks: tuple[DeskId, ...]
) -> Revision:
    """Leave out whatever desks of a peer may not know."""
    level = _level(revision, desks)
    tells = tuple(DeskId(at_home(desk, peer.party)) for desk in desks)
    consents = tuple(
        _consent(peer, revision, desk, is_whole=level is Precision.EXACT)
        for desk in desks
    )
    if level is Precision.EXACT:
        return replace(
            revision,
            tells=tells,
            consents=consents,
            through=None,
            answer_by=None,
            personal=Personal(),
        )
    cells = CellsTold()
    if level is Precision.COARSE:
        footprint = revision.shape or revision.where.footprint
        cells = cells_told(coarse_of(footprint, revision.buffer_m))
    return Revision(
        number=revision.number,
        what="",
        where=UNTOLD,
        window=coarse_window(revision, level),
        tells=tells,
        consents=consents,
        details=_in_fixed_words(revision, level),
        cells=cells,
    )


def _consent(
    peer: Peer, revision: Revision, desk: DeskId, *, is_whole: bool
) -> Consent:
    precision = revision.precision_for(desk) or Precision.EXISTENCE
    said = [one for one in revision.consents if one.desk == desk]
    home = DeskId(at_home(desk, peer.party))
    if said and is_whole and precision is Precision.EXACT:
        return replace(said[-1], desk=home)
    return Consent(desk=home, precision=precision)


def _in_fixed_words(revision: Revision, level: Precision) -> Details:
    """Keep of details what is said coarsely; of what only exists not even its kind."""
    details = revision.details
    if level is Precision.EXISTENCE:
        return ActivityDetails()
    match details:
        case SiteDetails():
            return SiteDetails(function=details.function)
        case MovementDetails():
            return MovementDetails(mode=details.mode, armed_escort=details.armed_escort)
        case AreaDetails():
            return AreaDetails(access=details.access)
        case _:
            return ActivityDetails()


# --- parts -------------------------------------------------------------------------


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
        until=act.until,
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
