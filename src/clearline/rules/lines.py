"""Decide when a line is checked, and what a missed check is: an alarm.

A check is an ordinary LINE CHECK call over that line, when it is due or when somebody
asks for it. Unanswered by its deadline it is missed, and a WARN rings the desk whose
line it is.
"""

from typing import Final

from msgspec.structs import replace

from clearline.model.calls import Call, CallId, Card, Ending, Kind, Line, Rung
from clearline.model.commands import CheckLine, RaiseCall
from clearline.model.entries import Act, LineCheckCalled
from clearline.model.instants import Duration, Instant
from clearline.model.parties import Actor, Desk, DeskId, Medium, Strength
from clearline.picture.picture import Picture
from clearline.rules.default_lines import is_needless
from clearline.rules.ladders import PRECEDENCES, ladder_for
from clearline.rules.raising import free_id, id_taken, open_call
from clearline.rules.refusals import UnknownDesk, WrongOrder, refuse

CHECKING: Final = "line check"
"""The device that stands on a line check nobody began by hand."""

CHECK_WITHIN: Final = Duration(minutes=10)
"""How long a line check may stay unanswered before it counts as missed."""


def check_line(picture: Picture, line: Line, now: Instant) -> tuple[Act, ...]:
    """Call the check that is due and set the next; one check, however late."""
    desk = picture.desks.get(line.to_desk)
    missed = max(0, (now - line.next_at) // line.every)
    call = free_id(picture, f"check {line.key} {line.next_at.isoformat()}")
    called = replace(
        line, next_at=line.next_at + (missed + 1) * line.every, checked_by=call
    )
    acts: tuple[Act, ...] = (LineCheckCalled(line=called),)
    if desk is None or is_needless(picture, line):
        return acts
    by = _machine(picture, line.from_desk)
    return (*acts, *_call(picture, desk, line.medium, call, by, now))


def check_now(picture: Picture, asked: CheckLine, now: Instant) -> tuple[Act, ...]:
    """Call a check that somebody asks for; those that are due stay due.

    Raises:
        UnknownDesk: There is no such desk.
        WrongOrder: A check of that channel rings already.
        IdTaken: Something else has the id.
    """
    desk = picture.desks.get(asked.to_desk)
    if desk is None:
        raise refuse(
            UnknownDesk,
            f"There is no desk {asked.to_desk!r} on this line.",
            "Name a desk that is on it.",
        )
    known = picture.waiting_for(asked.call)
    if isinstance(known, Call) and known.kind is Kind.LINE_CHECK:
        return ()
    if known is not None:
        raise id_taken(asked.call)
    channel = picture.channels.get((desk.id, asked.medium))
    if channel is not None and channel.under_way is not None:
        raise refuse(
            WrongOrder,
            f"{desk.id} is being checked by {asked.medium} now: {channel.under_way}.",
            f"Wait for its answer, at most {CHECK_WITHIN}.",
        )
    return _call(picture, desk, asked.medium, asked.call, asked.by, now)


def _call(  # noqa: PLR0913, PLR0917 (what a check is made of)
    picture: Picture, desk: Desk, medium: Medium, call: CallId, by: Actor, now: Instant
) -> tuple[Act, ...]:
    """Ring a desk by one medium and no other: that one is being checked."""
    asked = RaiseCall(
        call=call,
        kind=Kind.LINE_CHECK,
        by=by,
        card=Card(what=f"line check {medium}"),
        ends_in=CHECK_WITHIN,
    )
    ladder = replace(
        ladder_for(picture, desk.id, PRECEDENCES[Kind.LINE_CHECK]),
        rungs=(Rung(desk=desk.id, after=Duration(0), media=(medium,)),),
        repeat_after=CHECK_WITHIN / 2,
    )
    return tuple(open_call(picture, asked, desk, now, ladder=ladder).acts)


def alarm_missed(
    picture: Picture, check: Call, ended: tuple[Act, ...], now: Instant
) -> tuple[Act, ...]:
    """Ring the line's own desk where `ended` says its check was missed."""
    desk = picture.desks.get(check.raised_by.desk)
    is_missed = any(getattr(act, "ending", None) is Ending.MISSED for act in ended)
    if not is_missed or desk is None:
        return ()
    asked = RaiseCall(
        call=free_id(picture, f"missed {check.id}"),
        kind=Kind.WARN,
        by=check.raised_by,
        card=Card(what=f"{check.card.what} to {check.to_desk} was not answered"),
    )
    return tuple(open_call(picture, asked, desk, now).acts)


def require_desks(picture: Picture, line: Line) -> None:
    """Refuse a line between desks that are not on it, or one nothing could name.

    Raises:
        UnknownDesk: One of them is unknown.
        IdTaken: A call, or a line between other desks, has the line's key.
    """
    for desk in (line.from_desk, line.to_desk):
        if picture.desks.get(desk) is None:
            raise refuse(
                UnknownDesk,
                f"There is no desk {desk!r} on this line.",
                "Enter both desks first.",
            )
    known = picture.waiting_for(line.key)
    if known is not None and not (
        isinstance(known, Line) and known.from_desk == line.from_desk
    ):
        raise id_taken(line.key)


def _machine(picture: Picture, desk: DeskId) -> Actor:
    known: Desk | None = picture.desks.get(desk)
    party = known.party if known else ""
    return Actor(
        party=party,  # type: ignore[arg-type]
        desk=desk,
        strength=Strength.DEVICE_ONLY,
        device=CHECKING,
    )
