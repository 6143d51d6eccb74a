"""List what of this node's own log one viewer may see, moment by moment.

A moment is an entry that changed a call or a notice this viewer may see, said as what
stood after it: the same door as everywhere (`rules.disclosure`). What an entry holds
beyond that is not shown.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from clearline.compose.node import Node
from clearline.compose.service import Service
from clearline.model.calls import Call
from clearline.model.instants import Instant
from clearline.model.notices import Notice
from clearline.picture.picture import View
from clearline.rules.disclosure import Viewer, may_see_call, notice_for
from clearline.web.shown import is_by_line, phase_of

MOST: Final = 300
"""How many moments are listed, the newest."""
LOOKED_AT: Final = 2_000
"""How many notices are looked at, the newest."""


class LogMoment(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one moment of the log.

    Attributes:
        entry: Its index; the map of it is as of one entry more.
        what: `call` or `notice`.
        stands: Where it stood after it, a coded word.
        to: Where its page is; empty where there is none.
        is_ours: Whether the line said it, and nobody of any desk.
    """

    number: int
    entry: int
    at: Instant
    what: str
    label: str
    stands: str
    says: str
    to: str = ""
    is_ours: bool = False


class Logged(msgspec.Struct, frozen=True, kw_only=True):
    """Hold the moments a viewer may see, oldest first."""

    moments: tuple[LogMoment, ...]
    is_cut: bool


def is_seen(node: Node, viewer: Viewer, entry: int) -> bool:
    """Say whether an entry changed something a viewer may see."""
    return any(one[0] == entry for one in _found(node, viewer))


def logged(service: Service, viewer: Viewer) -> Logged:
    """List the moments; the log's file is read for when each was."""
    found = _found(service.node, viewer)
    kept = sorted(found, key=lambda one: one[0])[-MOST:]
    entries = dict(service.entries([entry for entry, *_ in kept]))
    return Logged(
        moments=tuple(
            LogMoment(
                number=number,
                entry=entry,
                at=entries[entry].at,
                what=what,
                label=label,
                stands=stands,
                says=says,
                to=to,
                is_ours=is_ours,
            )
            for number, (entry, what, label, stands, says, to, is_ours) in enumerate(
                (one for one in kept if one[0] in entries), 1
            )
        ),
        is_cut=len(found) > len(kept),
    )


_Found = tuple[int, str, str, str, str, str, bool]


def _found(node: Node, viewer: Viewer) -> list[_Found]:
    with node.writer.gate:
        size, view = node.log.size, node.picture
        calls = [call.id for call in view.calls.values()]
        keys = view.notices.newest_keys(LOOKED_AT)
    found: list[_Found] = []
    for call in calls:
        with node.writer.gate:
            found += _of_call(view, viewer, node.picture.calls.history_of(call), size)
    for key in keys:
        with node.writer.gate:
            found += _of_notice(
                view, viewer, node.picture.notices.history_of(key), size
            )
    return found


def _of_call(
    view: View, viewer: Viewer, history: list[tuple[int, Call]], size: int
) -> Iterator[_Found]:
    said = ""
    for entry, call in history:
        stands = str(phase_of(call))
        if entry >= size or stands == said or not may_see_call(view, viewer, call):
            continue
        said = stands
        label = f"{call.kind} {call.number}"
        to, is_ours = f"/calls/{call.id}", is_by_line(call)
        yield entry, "call", label, stands, call.card.what, to, is_ours


def _of_notice(
    view: View, viewer: Viewer, history: list[tuple[int, Notice]], size: int
) -> Iterator[_Found]:
    said = ""
    for entry, notice in history:
        seen = notice_for(view, viewer, notice, notice.filed_at)
        if entry >= size or seen is None:
            continue
        stands = f"{seen.status} {seen.number}"
        if stands == said:
            continue
        said = stands
        words = seen.revision.what if seen.revision is not None else seen.says
        is_ours = seen.revision is None
        yield entry, "notice", seen.id, str(seen.status), words, "", is_ours
