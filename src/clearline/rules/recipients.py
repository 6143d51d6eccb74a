"""Say which desks a notice is for, down to the last, and which have not read it.

A party is told at a desk, and whoever may be asked to shoot sits at a desk below it.
"Read" is what counts there: a receipt of the desk above says nothing of it.
"""

from collections.abc import Iterator

from clearline.model.notice_life import Disposition
from clearline.model.notices import Notice
from clearline.model.parties import DeskId
from clearline.picture.picture import View


def desks_reached(view: View, notice: Notice) -> tuple[DeskId, ...]:
    """Name the desks told by now and all below them, each once, told ones first."""
    told = [desk for desk in notice.revision.tells if notice.reaches(desk)]
    below = (
        desk.id
        for desk in view.desks.values()
        for top in told
        if view.is_under(desk.id, top)
    )
    return tuple(dict.fromkeys((*told, *below)))


def is_told(view: View, notice: Notice, desk: DeskId) -> bool:
    """Say whether a desk is told, itself or through one above it in its party."""
    return any(
        desk == told or view.is_under(desk, told)
        for told in (*notice.revision.tells, *notice.dropped)
        if told in notice.dropped or notice.reaches(told)
    )


def told_desk(view: View, notice: Notice, desk: DeskId) -> DeskId | None:
    """Name the desk through which a desk is told: itself, or one above it."""
    told = (*notice.revision.tells, *notice.dropped)
    return next((top for top in told if desk == top or view.is_under(desk, top)), None)


def unread_at(view: View, notice: Notice) -> tuple[DeskId, ...]:
    """Name the desks at the ends of the tree that have not read what now stands.

    Also those it has not been forwarded to yet, and desks of another node that has
    not said that every desk there has read it.
    """
    since = notice.changed_at or notice.filed_at
    read = {
        done.desk
        for done in notice.dispositions
        if done.revision == notice.revision.number
        and done.at >= since
        and done.disposition is not Disposition.DELIVERED
        and not done.unread_below
    }
    return tuple(
        desk for desk in dict.fromkeys(_ends(view, notice)) if desk not in read
    )


def _ends(view: View, notice: Notice) -> Iterator[DeskId]:
    above = {desk.under for desk in view.desks.values()}
    for told in notice.revision.tells:
        if told not in above:
            yield told
            continue
        for desk in view.desks.values():
            if desk.id not in above and view.is_under(desk.id, told):
                yield desk.id
