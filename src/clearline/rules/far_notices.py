"""Decide what follows from what a peer says of notices, its own and ours.

A peer's notice is kept here under its id and party, as far as we were told: its place
unlocated, its words left out where that is coarsely or as existing. It is its owner's
alone to change, and its clocks run at its owner's node, but for two:

| clock | at its end |
|---|---|
| read | our desks that have not read it are told, and rung for a movement |
| expiry | it stands no more |

What our desks do with it goes back to its owner; so it comes to us, of ours.
"""

from collections.abc import Callable
from typing import Any, Final, cast

from msgspec.structs import replace

from clearline.geo.cells import coarse_told
from clearline.model.commands import KeepReceipt
from clearline.model.entries import Act
from clearline.model.instants import Instant
from clearline.model.links import (
    Disposes,
    HeardAs,
    Moves,
    NoticeSaid,
    Peer,
    Reach,
    TakesBack,
    Told,
    at_party,
)
from clearline.model.notice_acts import (
    MovementReported,
    NoticeAmended,
    NoticeDisposed,
    NoticeFiled,
    NoticeTold,
    NoticeWithdrawn,
)
from clearline.model.notice_details import ActivityDetails, NoticeKind, Personal
from clearline.model.notice_life import (
    UNANSWERED,
    Disposition,
    NoticeTelling,
)
from clearline.model.notices import (
    CellsTold,
    Notice,
    NoticeId,
    Precision,
    Revision,
)
from clearline.model.parties import Actor, DeskId, Strength
from clearline.model.places import Unlocated
from clearline.picture.notices import CHANGES
from clearline.picture.picture import Picture
from clearline.rules.disclosure_to_peers import UNTOLD, desks_told
from clearline.rules.hearing import Hearing
from clearline.rules.notice_clocks import NoticeTurn
from clearline.rules.notice_life import known_notice, require_loaded, require_proven
from clearline.rules.recipients import is_told
from clearline.rules.refusals import (
    IdTaken,
    NotYourNotice,
    UnknownDesk,
    WrongOrder,
    refuse,
)

# --- theirs ------------------------------------------------------------------------


def _notice(at: Hearing, says: NoticeSaid) -> tuple[Act, ...]:
    """Keep a notice of theirs, or what it is now: to be read and answered anew."""
    require_loaded(at.picture)
    by = at.actor(says.by)
    revision = _taken(at, says.revision)
    name = NoticeId(at_party(says.notice, at.peer.party))
    known = at.picture.notices.get(name)
    if known is None:
        filed = NoticeFiled(notice=name, owner=at.peer.party, by=by, revision=revision)
        return (*at.entered, *NoticeTurn.start(filed, at.now).acts)
    _require_theirs(at, known)
    if revision.number < known.revision.number:
        raise refuse(
            WrongOrder,
            f"Revision {revision.number} of {says.notice!r} came after "
            f"{known.revision.number}.",
            "Tell the newest.",
        )
    return (*at.entered, *_amended(known, by, revision, at.now))


def _takes_back(at: Hearing, says: TakesBack) -> tuple[Act, ...]:
    """Keep that a notice of theirs stands no more, or is told here no more."""
    known = _theirs(at, says.notice)
    by = at.actor(says.by)
    if says.revision:
        untold = Revision(
            number=says.revision,
            what="",
            where=UNTOLD,
            window=known.revision.window,
            details=ActivityDetails(),
            cells=CellsTold(),
        )
        return (*at.entered, *_amended(known, by, untold, at.now))
    turn = NoticeTurn(known, at.now)
    turn.do(NoticeWithdrawn(notice=known.id, by=by))
    return (*at.entered, *turn.acts)


def _amended(
    known: Notice, by: Actor, revision: Revision, now: Instant
) -> tuple[Act, ...]:
    before = dict.fromkeys((*known.revision.tells, *known.dropped))
    dropped = tuple(desk for desk in before if desk not in revision.tells)
    turn = NoticeTurn(known, now)
    turn.do(NoticeAmended(notice=known.id, by=by, revision=revision, dropped=dropped))
    return tuple(turn.acts)


def _moves(at: Hearing, says: Moves) -> tuple[Act, ...]:
    """Keep how far a movement of theirs is; a delay is told to our desks again."""
    known = _theirs(at, says.notice)
    if known.revision.kind is not NoticeKind.MOVEMENT:
        raise refuse(
            WrongOrder,
            f"Notice {says.notice!r} is no movement: {known.revision.kind}.",
            "Only a movement moves.",
        )
    turn = NoticeTurn(known, at.now)
    turn.do(
        MovementReported(
            notice=known.id,
            state=says.state,
            by=at.actor(says.by) if says.by is not None else None,
            stop=says.stop,
            where=says.where,
            expected_at=says.expected_at,
            detail=says.detail,
        )
    )
    for desk in known.revision.tells if says.state in CHANGES else ():
        turn.do(
            NoticeTold(
                notice=known.id,
                revision=known.revision.number,
                desk=desk,
                telling=NoticeTelling.CHANGED,
                text=f"It is {says.state}.",
            )
        )
    return (*at.entered, *turn.acts)


def _taken(at: Hearing, told: Revision) -> Revision:
    """Take a revision as it was told, and no more of it than can be told.

    Raises:
        UnknownDesk: It tells a desk that cannot be reached over this link, or none.
        WrongOrder: It says more or less than its desks may know.
        NotAPlace: It lies in cells there are none of.
    """
    for desk in told.tells:
        known = at.picture.desks.get(desk)
        if known is None or known.party != at.peer.ours or known.under is not None:
            raise refuse(
                UnknownDesk,
                f"There is no desk {desk!r} here that may be told over the link.",
                "Name a desk this node has told of.",
            )
    levels = [told.precision_for(desk) for desk in told.tells]
    is_whole = told.cells is None
    is_placed = not isinstance(told.where.footprint, Unlocated) or told.shape
    is_right = (
        bool(levels)
        and (Precision.EXACT in levels) is is_whole
        and (is_whole or not is_placed)
        and told.kind is not NoticeKind.POSITION
        and told.number > 0
    )
    if not is_right:
        raise refuse(
            WrongOrder,
            "It says more or less than the desks it tells may know.",
            "Let both nodes run the same release; use voice meanwhile.",
        )
    if told.cells is not None:
        coarse_told(told.cells)
    return replace(told, through=None, answer_by=None, personal=Personal())


def _theirs(at: Hearing, notice: NoticeId) -> Notice:
    known = known_notice(at.picture, NoticeId(at_party(notice, at.peer.party)))
    _require_theirs(at, known)
    return known


def _require_theirs(at: Hearing, known: Notice) -> None:
    if known.owner != at.peer.party or not known.is_far:
        raise refuse(
            IdTaken,
            f"This node knows another notice by the id {known.id!r}.",
            "File it again under another id.",
        )
    if known.withdrawn_at is not None:
        raise refuse(
            WrongOrder, f"Notice {known.id!r} was withdrawn.", "File a new one."
        )


# --- ours --------------------------------------------------------------------------


def _disposes(at: Hearing, says: Disposes) -> tuple[Act, ...]:
    """Keep what a desk of theirs did with a notice of ours.

    What was done before they had heard of the last change answers what stood then.
    """
    notice = known_notice(at.picture, says.notice)
    by = at.actor(says.by)
    desk = DeskId(at_party(says.desk, at.peer.party))
    is_ours = notice.owner == at.peer.ours and not notice.is_far
    if not is_ours or not is_told(at.picture, notice, desk) or by.desk != desk:
        raise refuse(
            NotYourNotice,
            f"The desk {says.desk!r} was not told of notice {says.notice!r}.",
            "Only desks that were told answer it.",
        )
    if says.revision > notice.revision.number:
        raise refuse(
            WrongOrder,
            f"There is no revision {says.revision} of {says.notice!r}.",
            "Answer what was told.",
        )
    if says.disposition not in UNANSWERED:
        require_proven(by)
    if _is_known(notice, desk, by, says):
        return at.entered
    is_late = _was_changed_since(at, notice, says.heard)
    turn = NoticeTurn(notice, at.now)
    turn.do(
        NoticeDisposed(
            notice=notice.id,
            revision=says.revision,
            desk=desk,
            disposition=says.disposition,
            by=by,
            detail=says.detail,
            is_aside=says.is_below or is_late,
            unread_below=max(says.unread_below, 1 if is_late else 0),
        )
    )
    return (*at.entered, *turn.acts)


def _is_known(notice: Notice, desk: DeskId, by: Actor, says: Disposes) -> bool:
    """Say whether it is what that desk did last: a node restored anew is told again."""
    last = next(
        (one for one in reversed(notice.dispositions) if one.desk == desk), None
    )
    return (
        last is not None
        and (last.revision, last.disposition) == (says.revision, says.disposition)
        and (last.by, last.detail) == (by, says.detail)
        and not last.is_aside
    )


def _was_changed_since(at: Hearing, notice: Notice, heard: int) -> bool:
    """Say whether we said more of a notice than its recipient had heard."""
    last = (at.picture.reach.get(at.peer.id) or Reach()).told
    return any(
        told is not None and told.notice == notice.id
        for number in range(heard + 1, last + 1)
        for told in [at.picture.told.get((at.peer.id, number))]
    )


def received(
    picture: Picture, peer: Peer, told: Told, asked: KeepReceipt, now: Instant
) -> tuple[Act, ...]:
    """Keep that a peer's node holds a notice of ours, or does not take it.

    That is *delivered* to each of its desks told, and not that anybody there read it.
    """
    require_loaded(picture)
    notice = picture.notices.get(told.notice) if told.notice is not None else None
    if notice is None:
        return ()
    turn = NoticeTurn(notice, now)
    if asked.heard_as is HeardAs.REFUSED:
        turn.do(
            NoticeTold(
                notice=notice.id,
                revision=notice.revision.number,
                desk=notice.filed_by.desk,
                telling=NoticeTelling.NOT_TAKEN,
                text=f"The node of {peer.party} does not take it: {asked.why}",
            )
        )
        return tuple(turn.acts)
    is_newest = told.revision == notice.revision.number
    for desk in desks_told(peer, notice) if is_newest else ():
        turn.do(
            NoticeDisposed(
                notice=notice.id,
                revision=told.revision,
                desk=desk,
                disposition=Disposition.DELIVERED,
                by=Actor(party=peer.party, desk=desk, strength=Strength.DEVICE_ONLY),
                detail="Their node holds it.",
            )
        )
    return tuple(turn.acts)


OF_NOTICES: Final = cast(
    "dict[type, Callable[[Hearing, Any], tuple[Act, ...]]]",
    {
        NoticeSaid: _notice,
        TakesBack: _takes_back,
        Moves: _moves,
        Disposes: _disposes,
    },
)
