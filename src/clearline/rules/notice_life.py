"""Decide what may be said of a notice after it was filed, by whom.

| said | by | of |
|---|---|---|
| received, returned, forwarded | the desk it goes through | the newest revision |
| delivered, shown | a screen at a desk it reaches | the same |
| any answer | a person there; where nobody is, owner or way write it down | the same |
| still so | its owner | what stands |
| how far it is, how it went | its owner | a movement |

Nothing here permits anything, and nobody's silence does either.
"""

from typing import Final

from clearline.model.calls import ACKNOWLEDGING
from clearline.model.entries import Act
from clearline.model.instants import Instant
from clearline.model.notice_acts import (
    MovementReported,
    NoticeConfirmed,
    NoticeDisposed,
    NoticeRouted,
    NoticeTold,
    OutcomeStated,
)
from clearline.model.notice_commands import (
    ConfirmNotice,
    Dispose,
    ReportMovement,
    RouteNotice,
    StateOutcome,
)
from clearline.model.notice_life import (
    UNANSWERED,
    MovementState,
    NoticeTelling,
    Routing,
    Status,
)
from clearline.model.notices import Notice, NoticeId, NoticeKind
from clearline.model.parties import Actor, DeskId
from clearline.picture.notices import CHANGES
from clearline.picture.picture import Picture
from clearline.rules.mailed import goes_by_mail
from clearline.rules.margins import kept_for
from clearline.rules.notice_clocks import NoticeTurn, is_under_way
from clearline.rules.recipients import is_told
from clearline.rules.refusals import (
    NotLoaded,
    NotProven,
    NotYourNotice,
    UnknownDesk,
    UnknownNotice,
    WrongOrder,
    refuse,
)

_BY_A_CLOCK: Final = (
    MovementState.PLANNED,
    MovementState.DWELL_EXCEEDED,
    MovementState.OVERDUE,
)
"""What nobody reports: it follows from a notice and its clocks."""


def status_of(notice: Notice, now: Instant) -> Status:  # noqa: PLR0911 (one a status)
    """Say where a notice stands in its life; never a permission."""
    if notice.withdrawn_at is not None:
        return Status.WITHDRAWN
    if notice.outcome is not None or _has_arrived(notice):
        return Status.COMPLETED
    if notice.expired_at is not None:
        return Status.EXPIRED
    routed = [r.routing for r in notice.routed if r.revision == notice.revision.number]
    if routed and routed[-1] is Routing.RETURNED:
        return Status.RETURNED
    window = notice.revision.window
    if is_under_way(notice) or window.start <= now < window.end:
        return Status.ACTIVE
    if now >= window.end:
        return Status.EXPIRED
    if notice.revision.number > 1:
        return Status.AMENDED
    if Routing.FORWARDED in routed:
        return Status.FORWARDED
    return Status.RECEIVED if routed else Status.SUBMITTED


def dispose(picture: Picture, asked: Dispose, now: Instant) -> tuple[Act, ...]:
    """Keep what a recipient's desk does with the newest revision.

    What a screen does twice is kept once. An answer is told to the owner.

    Raises:
        UnknownNotice: This node knows no such notice.
        NotYourNotice: The desk was not told of it, or has people here to say it.
        NotProven: Nobody is known to have said this.
    """
    notice = known_notice(picture, asked.notice)
    desk = asked.desk or asked.by.desk
    is_answer = asked.disposition not in UNANSWERED
    if is_answer:
        require_proven(asked.by)
    if not is_told(picture, notice, desk):
        raise refuse(
            NotYourNotice,
            f"The desk {desk!r} was not told of notice {notice.id!r}.",
            "Only desks that were told answer it.",
        )
    if desk != asked.by.desk:
        _require_may_write_down(picture, notice, desk, asked.by)
    if not is_answer and _is_kept(notice, asked, desk):
        return ()
    turn = NoticeTurn(notice, now)
    turn.do(
        NoticeDisposed(
            notice=notice.id,
            revision=notice.revision.number,
            desk=desk,
            disposition=asked.disposition,
            by=asked.by,
            detail=asked.detail,
            original=asked.original,
        )
    )
    return tuple(turn.acts)


def route(picture: Picture, asked: RouteNotice, now: Instant) -> tuple[Act, ...]:
    """Receive a notice on its way, return it, or forward it to a desk it tells.

    Raises:
        UnknownNotice, NotProven: As their names say.
        NotYourNotice: It does not go through this desk.
        UnknownDesk: It is forwarded to a desk its owner does not tell.
        WrongOrder: It is over, or forwarded there already.
    """
    notice = known_notice(picture, asked.notice)
    require_proven(asked.by)
    _require_going_on(notice)
    if asked.by.desk != notice.revision.through:
        raise refuse(
            NotYourNotice,
            f"Notice {notice.id!r} does not go through the desk {asked.by.desk!r}.",
            "Only the desk its owner named receives, returns or forwards it.",
        )
    if asked.routing is Routing.FORWARDED and asked.to not in notice.revision.tells:
        raise refuse(
            UnknownDesk,
            f"Its owner does not tell the desk {asked.to!r}.",
            "Forward it to a desk the notice names; nobody else may be told.",
        )
    if asked.routing is Routing.RETURNED and not asked.why.strip():
        raise refuse(
            WrongOrder,
            "A notice is returned with what is to be corrected.",
            "Say what is wrong and what would be right.",
        )
    turn = NoticeTurn(notice, now)
    turn.do(
        NoticeRouted(
            notice=notice.id,
            revision=notice.revision.number,
            routing=asked.routing,
            by=asked.by,
            to=asked.to,
            why=asked.why,
            sheet=asked.sheet,
        )
    )
    if asked.routing is Routing.RETURNED:
        _tell(turn, notice.filed_by.desk, NoticeTelling.RETURNED, asked.why)
    return tuple(turn.acts)


def confirm(picture: Picture, asked: ConfirmNotice, now: Instant) -> tuple[Act, ...]:
    """Keep that an owner says a notice is still so; its clock begins anew.

    Raises:
        UnknownNotice, NotYourNotice, NotProven, WrongOrder: As their names say.
    """
    turn = NoticeTurn(own_notice(picture, asked.notice, asked.by), now)
    turn.do(NoticeConfirmed(notice=asked.notice, by=asked.by))
    return tuple(turn.acts)


def report_movement(
    picture: Picture, asked: ReportMovement, now: Instant
) -> tuple[Act, ...]:
    """Keep how far a movement is; a delay or another way is told to everybody again.

    Raises:
        UnknownNotice, NotYourNotice, NotProven: As their names say.
        WrongOrder: It is no movement, has not left, or has arrived.
    """
    notice = own_notice(picture, asked.notice, asked.by)
    _require_movement(notice)
    _require_turn(notice, asked.state)
    turn = NoticeTurn(notice, now)
    turn.do(
        MovementReported(
            notice=notice.id,
            state=asked.state,
            by=asked.by,
            stop=asked.stop,
            where=asked.where,
            expected_at=asked.expected_at,
            detail=asked.detail,
        )
    )
    if asked.state in CHANGES:
        for desk in notice.revision.tells:
            if notice.reaches(desk):
                _tell(turn, desk, NoticeTelling.CHANGED, f"It is {asked.state}.")
    return tuple(turn.acts)


def state_outcome(
    picture: Picture, asked: StateOutcome, now: Instant
) -> tuple[Act, ...]:
    """Keep how a movement went in the end.

    Raises:
        UnknownNotice, NotYourNotice, NotProven: As their names say.
        WrongOrder: It is no movement, or its outcome was stated.
    """
    notice = known_notice(picture, asked.notice)
    require_owner(notice, asked.by)
    _require_kept_here(notice)
    _require_movement(notice)
    if notice.outcome is not None:
        raise refuse(
            WrongOrder,
            f"How notice {notice.id!r} went was stated: {notice.outcome.outcome}.",
            "It stands in the log; say what differs in a case.",
        )
    turn = NoticeTurn(notice, now)
    turn.do(
        OutcomeStated(
            notice=notice.id,
            by=asked.by,
            outcome=asked.outcome,
            detail=asked.detail,
            kept_for=kept_for(picture, notice, now),
        )
    )
    return tuple(turn.acts)


def known_notice(picture: Picture, notice: NoticeId) -> Notice:
    """Return a notice this node knows.

    Raises:
        UnknownNotice: It knows none of that id.
        NotLoaded: Notices are still being loaded.
    """
    require_loaded(picture)
    known = picture.notices.get(notice)
    if known is None:
        raise refuse(
            UnknownNotice,
            f"This node knows no notice {notice!r}.",
            "Check the id; a notice that never arrived must be filed again.",
        )
    return known


def own_notice(picture: Picture, notice: NoticeId, by: Actor) -> Notice:
    """Return a notice that is one's own and still goes on.

    Raises:
        UnknownNotice, NotYourNotice, NotProven: As their names say.
        WrongOrder: It was withdrawn, or is completed.
    """
    known = known_notice(picture, notice)
    require_owner(known, by)
    _require_going_on(known)
    _require_kept_here(known)
    return known


def require_owner(notice: Notice, by: Actor) -> None:
    """Refuse whoever is not of the party that filed it."""
    require_proven(by)
    if notice.owner != by.party:
        raise refuse(
            NotYourNotice,
            f"Notice {notice.id!r} belongs to {notice.owner}.",
            "Only its owner amends or withdraws it.",
        )


def require_loaded(picture: Picture) -> None:
    """Refuse while notices are not there yet."""
    if not picture.has_notices:
        raise NotLoaded(
            "Notices are still being loaded after a start.",
            state="Nothing was recorded; calls ring already.",
            next="Say it again in a few seconds.",
        )


def require_proven(by: Actor) -> None:
    """Refuse what nobody is known to have said."""
    if by.person is None or by.strength not in ACKNOWLEDGING:
        raise refuse(
            NotProven,
            f"Nobody is known to have said this: it came as {by.strength}.",
            "Sign in, or use a PIN.",
        )


def _require_going_on(notice: Notice) -> None:
    if notice.withdrawn_at is not None:
        raise refuse(
            WrongOrder, f"Notice {notice.id!r} was withdrawn.", "File a new one."
        )
    if notice.outcome is not None:
        raise refuse(
            WrongOrder, f"Notice {notice.id!r} is completed.", "File a new one."
        )


def _require_kept_here(notice: Notice) -> None:
    """Refuse to change what its owner's own node keeps."""
    if notice.is_far:
        raise refuse(
            NotYourNotice,
            f"Notice {notice.id!r} is kept at the node of {notice.owner}.",
            "Change it there; this node hears of it over the link.",
        )


def _require_movement(notice: Notice) -> None:
    if notice.revision.kind is not NoticeKind.MOVEMENT:
        raise refuse(
            WrongOrder,
            f"Notice {notice.id!r} is no movement: {notice.revision.kind}.",
            "Only a movement departs, arrives and has an outcome.",
        )


def _has_arrived(notice: Notice) -> bool:
    return any(move.state is MovementState.ARRIVED for move in notice.moves)


def _require_turn(notice: Notice, state: MovementState) -> None:
    """Refuse what cannot be the next thing that happens to a movement."""
    has_left = MovementState.DEPARTED in [move.state for move in notice.moves]
    if _has_arrived(notice):
        raise refuse(
            WrongOrder,
            f"Notice {notice.id!r} has arrived.",
            "State its outcome, or file the next movement.",
        )
    if state in _BY_A_CLOCK:
        raise refuse(
            WrongOrder,
            f"Nobody reports {state!r}: it follows from the times of the notice.",
            "Report what happened: departed, at stop, delayed, diverted, arrived.",
        )
    if not has_left and state in (MovementState.AT_STOP, MovementState.ARRIVED):
        raise refuse(
            WrongOrder,
            f"Notice {notice.id!r} has not departed.",
            "Report that it departed first, with when in the detail.",
        )


def _require_may_write_down(
    picture: Picture, notice: Notice, desk: DeskId, by: Actor
) -> None:
    """Refuse to answer for a desk whose own people can, or from somewhere else."""
    is_of_the_way = by.desk == notice.revision.through or by.party == notice.owner
    has_people = any(True for _ in picture.members_of(desk))
    if not is_of_the_way or (has_people and not goes_by_mail(picture, desk)):
        raise refuse(
            NotYourNotice,
            f"The desk {by.desk!r} does not answer for {desk!r}.",
            "A desk with people on this line answers itself; for another, the owner "
            "or the desk it went through writes down what it said.",
        )


def _is_kept(notice: Notice, asked: Dispose, desk: DeskId) -> bool:
    return any(
        done.desk == desk
        and done.disposition is asked.disposition
        and done.revision == notice.revision.number
        and (notice.changed_at is None or done.at >= notice.changed_at)
        for done in notice.dispositions
    )


def _tell(turn: NoticeTurn, desk: DeskId, telling: NoticeTelling, text: str) -> None:
    turn.do(
        NoticeTold(
            notice=turn.notice.id,
            revision=turn.notice.revision.number,
            desk=desk,
            telling=telling,
            text=text,
        )
    )
