"""Decide what is kept of a notice that this node forwards by e-mail.

    forwarded, with the node's own sheet --> sent --> delivered
                                          '--> failed: told, to be sent by hand

| the mail is | what is kept |
|---|---|
| sent: the mail server has it | forwarded once more, by the node, with the sheet |
| delivered: it lies in the mailbox | *delivered* to the desk it is for |
| failed | *not taken*, told to the desk that forwarded it and to the owner's |

That it was sent stands in the log, so that whoever starts again knows what has not
left. It discloses nothing anew: what was told was told as it was forwarded.
"""

from typing import Final

from clearline.model.calls import Outcome
from clearline.model.entries import Act
from clearline.model.instants import Instant
from clearline.model.notice_acts import NoticeDisposed, NoticeRouted, NoticeTold
from clearline.model.notice_commands import NoteMailed
from clearline.model.notice_life import (
    Attached,
    Disposition,
    NoticeTelling,
    Routed,
    Routing,
)
from clearline.model.notices import Notice
from clearline.model.parties import Actor, DeskId, Medium, Strength
from clearline.picture.picture import Picture
from clearline.picture.view import View
from clearline.rules.notice_clocks import NoticeTurn

MAILED: Final = "what this node sends by e-mail"
"""What stands on a sheet that this node wrote and sends; on no sheet given to it."""

BY_MAIL: Final = "this node's e-mail"
"""The device that stands on what became of a mail."""

SENT: Final = "sent by e-mail: the mail server has it"


def goes_by_mail(view: View, desk: DeskId) -> bool:
    """Say whether a desk has no node: everybody there is reached by e-mail alone."""
    members = view.members_of(desk)
    return bool(members) and all(one.media == (Medium.EMAIL,) for one in members)


def is_by_mail(by: Actor) -> bool:
    """Say whether this node's e-mail did something, and no person."""
    return by.person is None and by.device == BY_MAIL


def unsent(notice: Notice) -> tuple[Routed, ...]:
    """List what was forwarded to be sent by this node and is not known to have left."""
    waiting: dict[DeskId, Routed] = {}
    for one in notice.routed:
        if one.routing is not Routing.FORWARDED or one.to is None:
            continue
        waiting.pop(one.to, None)
        if _is_to_be_sent(one.by, one.sheet):
            waiting[one.to] = one
    return tuple(waiting.values())


def note_mailed(picture: Picture, asked: NoteMailed, now: Instant) -> tuple[Act, ...]:
    """Keep what became of a mail; what is said twice is kept once.

    Nothing is refused: it has happened.
    """
    notice = picture.notices.get(asked.notice)
    if notice is None:
        return ()
    turn = NoticeTurn(notice, now)
    if asked.outcome is Outcome.SENT:
        _sent(turn, asked)
    elif asked.outcome is Outcome.DELIVERED:
        _delivered(turn, asked)
    elif asked.outcome is Outcome.FAILED:
        _failed(turn, asked)
    return tuple(turn.acts)


def _sent(turn: NoticeTurn, asked: NoteMailed) -> None:
    left = [one for one in unsent(turn.notice) if one.to == asked.to]
    if not left or left[0].revision != asked.revision:
        return
    turn.do(
        NoticeRouted(
            notice=asked.notice,
            revision=asked.revision,
            routing=Routing.FORWARDED,
            by=asked.by,
            to=asked.to,
            why=SENT,
            sheet=left[0].sheet,
        )
    )


def _delivered(turn: NoticeTurn, asked: NoteMailed) -> None:
    before = [
        done
        for done in turn.notice.dispositions
        if done.desk == asked.to
        and done.revision == asked.revision
        and done.disposition is Disposition.DELIVERED
    ]
    if not before:
        turn.do(
            NoticeDisposed(
                notice=asked.notice,
                revision=asked.revision,
                desk=asked.to,
                disposition=Disposition.DELIVERED,
                by=asked.by,
                detail="It lies in their mailbox.",
            )
        )


def _failed(turn: NoticeTurn, asked: NoteMailed) -> None:
    notice = turn.notice
    for desk in dict.fromkeys((asked.by.desk, notice.filed_by.desk)):
        turn.do(
            NoticeTold(
                notice=notice.id,
                revision=asked.revision,
                desk=desk,
                telling=NoticeTelling.NOT_MAILED,
                text=f"Its e-mail to {asked.to} failed: {asked.detail}. "
                "They have not been told of it: send it by hand, or forward it again.",
            )
        )


def by_mail(through: DeskId, view: View) -> Actor | None:
    """Say who acts where this node's e-mail does, for the desk that forwarded."""
    desk = view.desks.get(through)
    if desk is None:
        return None
    return Actor(
        party=desk.party, desk=desk.id, strength=Strength.DEVICE_ONLY, device=BY_MAIL
    )


def _is_to_be_sent(by: Actor, sheet: Attached | None) -> bool:
    return sheet is not None and sheet.shows == MAILED and not is_by_mail(by)
