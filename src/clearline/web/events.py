"""Make the events a desk's screens are told of one entry, as far as that desk may know.

| entry about | event | told to |
|---|---|---|
| a call | `call` | desks it has reached, and those above them |
| a notice | `notice` | its owner, and whom it is told, as exactly as that |
| a conflict | `conflict` | owners that may know of it |
| what a screening told its owner | `screening` | that owner |
| who is on the line, on watch | `changed` | everybody, by name alone |

What stands in the node's own log (`service.own`) is told to the party it is kept for,
without an id and with no number of that log: its pace is nobody else's to know.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

import msgspec

from clearline.model.calls import Call
from clearline.model.conflict_acts import CONFLICT_ACTS, ConflictAct, NoticeScreened
from clearline.model.entries import (
    CALL_ACTS,
    Act,
    CallAct,
    DeskSet,
    Entry,
    LineCheckCalled,
    LineSet,
    NodeStarted,
    PartySet,
    PersonSet,
    RecordedLate,
    WallStepped,
    WatchLeft,
    WatchLookedAhead,
    WatchOverridden,
    WatchOverrideDropped,
    WatchPlanSet,
    WatchTaken,
)
from clearline.model.instants import Instant
from clearline.model.notice_acts import NOTICE_ACTS, NoticeAct, NoticeTold
from clearline.model.notice_seen import NoticeSeen
from clearline.model.notices import NoticeId
from clearline.model.screenings import Verdict
from clearline.picture.picture import View
from clearline.rules.disclosure import (
    Viewer,
    may_see_call,
    may_see_conflict,
    may_see_entry,
    notice_event_for,
    telling_for,
)
from clearline.web.shown import conflict_shown, shown
from clearline.wire.entries import NAMES
from clearline.wire.forms.calls import CallShown
from clearline.wire.forms.conflicts import ConflictShown

KEPT_OWN: Final = "kept_own"
"""The act of the event that says: what only you know of may have changed meanwhile."""

_encoder = msgspec.json.Encoder()
_OF_ALL: Final = (
    PartySet,
    DeskSet,
    PersonSet,
    WatchTaken,
    WatchLeft,
    WatchPlanSet,
    WatchOverridden,
    WatchOverrideDropped,
    WatchLookedAhead,
    LineSet,
    LineCheckCalled,
    NodeStarted,
    WallStepped,
)
"""Acts that every desk of the node is told of, by name alone."""


class _Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    prev: int | None = None
    act: str
    at: Instant


class _CallEvent(_Event, frozen=True, kw_only=True, omit_defaults=True):
    call: CallShown
    is_durable: bool = True
    entry: Act | None = None


class _NoticeEvent(_Event, frozen=True, kw_only=True, omit_defaults=False):
    notice: NoticeSeen
    told: NoticeTold | None = None


class _ConflictEvent(_Event, frozen=True, kw_only=True):
    conflict: ConflictShown


class _ScreeningEvent(_Event, frozen=True, kw_only=True):
    notice: NoticeId
    revision: int
    verdict: Verdict
    said: str


class Flood(NamedTuple):
    """Say how much of the same there was when an entry was decided.

    Attributes:
        times: How many open STOPs said the same.
        last_minute: How many STOPs and HOLDs its source raised in the last minute.
    """

    times: int = 1
    last_minute: int = 0


def events_of(  # noqa: PLR0913, PLR0917 (what an event is made of)
    viewer: Viewer,
    last: int,
    view: View,
    entry: Entry,
    index: int | None,
    flood: Flood = Flood(),  # noqa: B008 (a value that never changes)
) -> Iterator[bytes]:
    """Make the events a viewer gets of one entry of the node's log.

    Args:
        viewer: Whose eyes.
        last: The event before in their stream.
        view: What stood after the entry.
        entry: The entry.
        index: Its index; nothing for what rings from memory.
        flood: How much of the same there was then.
    """
    for number, (name, said) in enumerate(_said(viewer, view, entry, index, flood)):
        prev = None
        if index is not None:
            prev = index if number else last
        yield event_of(name, msgspec.structs.replace(said, prev=prev), index)


def own_events_of(viewer: Viewer, view: View, entry: Entry) -> Iterator[bytes]:
    """Make the events a viewer gets of one entry of the node's own log."""
    if isinstance(entry.act, _OF_ALL):
        return  # entered there so that somebody can be rung; they know it already
    for name, said in _said(viewer, view, entry, view.size, Flood()):
        yield event_of(name, said, None)


def kept_own(at: Instant) -> bytes:
    """Make the event that says: load anew what only you know of."""
    return event_of("changed", _Event(act=KEPT_OWN, at=at), None)


def knows_own(view: View, viewer: Viewer) -> bool:
    """Say whether anything in the node's own log is for a viewer to know."""
    return any(
        may_see_conflict(viewer, conflict) for conflict in view.conflicts.values()
    ) or any(may_see_call(view, viewer, call) for call in view.calls.values())


def event_of(name: str, said: msgspec.Struct, index: int | None) -> bytes:
    """Write one event as it goes over the line."""
    id_ = b"" if index is None else b"id: %d\n" % index
    return b"%sevent: %s\ndata: %s\n\n" % (id_, name.encode(), _encoder.encode(said))


def _said(
    viewer: Viewer, view: View, entry: Entry, index: int | None, flood: Flood
) -> Iterator[tuple[str, _Event]]:
    act = entry.act
    if isinstance(act, CALL_ACTS):
        call = view.calls.get(act.call)
        yield from _of_call(viewer, view, entry, call, act, index, flood)
    elif isinstance(act, RecordedLate):
        for key in act.calls:
            call = view.calls.get(key)
            yield from _of_call(viewer, view, entry, call, None, index, flood)
    elif index is None:
        return
    elif isinstance(act, NOTICE_ACTS):
        yield from _of_notice(viewer, view, entry, act)
    elif isinstance(act, CONFLICT_ACTS):
        yield from _of_conflict(viewer, view, entry, act)
    elif isinstance(act, NoticeScreened) and may_see_entry(view, viewer, act):
        yield (
            "screening",
            _ScreeningEvent(
                act=NAMES[type(act)],
                at=entry.at,
                notice=act.notice,
                revision=act.revision,
                verdict=act.told.verdict,
                said=act.told.said,
            ),
        )
    elif isinstance(act, _OF_ALL):
        yield "changed", _Event(act=NAMES[type(act)], at=entry.at)


def _of_call(  # noqa: PLR0913, PLR0917 (one event's own particulars)
    viewer: Viewer,
    view: View,
    entry: Entry,
    call: Call | None,
    act: CallAct | None,
    index: int | None,
    flood: Flood,
) -> Iterator[tuple[str, _Event]]:
    if call is None or not may_see_call(view, viewer, call):
        return
    is_durable = index is not None
    yield (
        "call",
        _CallEvent(
            act=NAMES[type(entry.act)],
            at=entry.at,
            call=shown(
                call,
                is_durable=is_durable,
                times=flood.times,
                last_minute=flood.last_minute,
            ),
            is_durable=is_durable,
            entry=act,
        ),
    )


def _of_notice(
    viewer: Viewer, view: View, entry: Entry, act: NoticeAct
) -> Iterator[tuple[str, _Event]]:
    seen = notice_event_for(view, viewer, act, entry.at)
    if seen is None:
        return
    yield (
        "notice",
        _NoticeEvent(
            act=NAMES[type(act)],
            at=entry.at,
            notice=seen,
            told=telling_for(seen, act) if isinstance(act, NoticeTold) else None,
        ),
    )


def _of_conflict(
    viewer: Viewer, view: View, entry: Entry, act: ConflictAct
) -> Iterator[tuple[str, _Event]]:
    conflict = view.conflicts.get(act.conflict)
    if conflict is None or not may_see_conflict(viewer, conflict):
        return
    yield (
        "conflict",
        _ConflictEvent(
            act=NAMES[type(act)],
            at=entry.at,
            conflict=conflict_shown(view, viewer, conflict),
        ),
    )
