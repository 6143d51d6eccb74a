"""Say how each act changes a notice; nothing here decides anything."""

from typing import assert_never

from msgspec.structs import replace

from clearline.model.instants import Duration, Instant
from clearline.model.notice_acts import (
    MovementReported,
    NoticeAct,
    NoticeAmended,
    NoticeCarried,
    NoticeConfirmed,
    NoticeDisposed,
    NoticeExpired,
    NoticeFiled,
    NoticePurged,
    NoticeRouted,
    NoticeTold,
    NoticeWithdrawn,
    OutcomeStated,
)
from clearline.model.notice_details import Personal
from clearline.model.notice_life import (
    Disposed,
    Moved,
    MovementState,
    OutcomeSaid,
    Routed,
    WasTold,
)
from clearline.model.notices import Notice, Revision

CHANGES = (MovementState.DELAYED, MovementState.DIVERTED)
"""What is told again, and has to be acknowledged again, without a new revision."""


def notice_filed(act: NoticeFiled, at: Instant) -> Notice:
    """Begin a notice."""
    return Notice(
        id=act.notice,
        owner=act.owner,
        revision=act.revision,
        filed_at=at,
        filed_by=act.by,
        approved_by=act.approved_by,
        changed_at=at,
        confirmed_at=at,
        has_sealed=_lies_beside(act.revision),
        clocks=act.clocks,
    )


def notice_after(notice: Notice, act: NoticeAct, at: Instant) -> Notice:
    """Return what a notice is after an act about it."""
    return replace(_changed(notice, act, at), clocks=act.clocks)


def _changed(notice: Notice, act: NoticeAct, at: Instant) -> Notice:  # noqa: C901, PLR0911, PLR0912 (one case an act)
    match act:
        case NoticeFiled():
            return notice_filed(act, at)
        case NoticeAmended():
            return replace(
                notice,
                revision=act.revision,
                dropped=act.dropped,
                changed_at=at,
                confirmed_at=at,
                has_sealed=notice.has_sealed or _lies_beside(act.revision),
            )
        case NoticeWithdrawn():
            return replace(notice, withdrawn_at=at, kept_for=_longest(notice, act))
        case NoticeDisposed():
            return replace(
                notice,
                dispositions=(*notice.dispositions, _disposed(act, at)),
                has_sealed=notice.has_sealed or act.original is not None,
            )
        case NoticeRouted():
            return replace(
                notice,
                routed=(*notice.routed, _routed(act, at)),
                has_sealed=notice.has_sealed or act.sheet is not None,
            )
        case NoticeConfirmed():
            return replace(notice, confirmed_at=at)
        case NoticeExpired():
            return replace(notice, expired_at=at, kept_for=_longest(notice, act))
        case NoticeTold():
            told = WasTold(
                desk=act.desk,
                telling=act.telling,
                revision=act.revision,
                at=at,
                call=act.call,
            )
            return replace(notice, told=(*notice.told, told))
        case MovementReported():
            moved = replace(notice, moves=(*notice.moves, _moved(act, at)))
            return replace(moved, changed_at=at) if act.state in CHANGES else moved
        case NoticePurged():
            if act.is_held:
                return replace(notice, looked_at=at)
            return replace(notice, purged_at=at)
        case NoticeCarried():
            return act.stands
        case OutcomeStated():
            said = OutcomeSaid(outcome=act.outcome, by=act.by, at=at, detail=act.detail)
            return replace(notice, outcome=said, kept_for=_longest(notice, act))
        case _:
            assert_never(act)


def _longest(
    notice: Notice, act: NoticeWithdrawn | NoticeExpired | OutcomeStated
) -> Duration | None:
    """Return how long it is kept; what ends twice is not kept shorter for that."""
    said = [one for one in (notice.kept_for, act.kept_for) if one is not None]
    return max(said, default=None)


def _lies_beside(revision: Revision) -> bool:
    """Say whether anything of a revision lies beside the log, to be erased in time."""
    return revision.personal != Personal() or bool(revision.files)


def _disposed(act: NoticeDisposed, at: Instant) -> Disposed:
    return Disposed(
        desk=act.desk,
        revision=act.revision,
        disposition=act.disposition,
        by=act.by,
        at=at,
        detail=act.detail,
        original=act.original,
        is_aside=act.is_aside,
        unread_below=act.unread_below,
    )


def _routed(act: NoticeRouted, at: Instant) -> Routed:
    return Routed(
        routing=act.routing,
        revision=act.revision,
        by=act.by,
        at=at,
        to=act.to,
        why=act.why,
        sheet=act.sheet,
    )


def _moved(act: MovementReported, at: Instant) -> Moved:
    return Moved(
        state=act.state,
        at=at,
        by=act.by,
        stop=act.stop,
        where=act.where,
        expected_at=act.expected_at,
        detail=act.detail,
    )
