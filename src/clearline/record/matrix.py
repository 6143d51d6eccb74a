"""Say who knew what when: item by role, from signed entries alone.

An item is a notice or a call. A person is a role at a desk, by the watch they had or
else by what they are entered as, and the pseudonym they are entered under, never a
name. What is not in the log is an empty cell: *not shown* and *not known to have been
shown* are the same to a log, and it says neither.
"""

from collections.abc import Callable, Sequence

import msgspec

from clearline.model.calls import CallId
from clearline.model.entries import (
    Acknowledged,
    Act,
    CallRaised,
    DeskTold,
    PersonSet,
    Rang,
    ReadBack,
    Shown,
    WatchTaken,
)
from clearline.model.instants import Instant, write_instant
from clearline.model.notice_acts import NoticeDisposed, NoticeFiled
from clearline.model.notices import Disposition
from clearline.model.parties import DeskId, Person, PersonId, Role
from clearline.record.settling import Logged


class Knew(msgspec.Struct, frozen=True, kw_only=True):
    """Hold the first times one desk, or one person of it, had an item.

    Attributes:
        told: When it was first rung, told or told of.
        shown: When a screen of theirs first showed it.
        acknowledged: When they first said they had it.
        read_back: When they first read it back as it was.
    """

    who: str
    told: str = ""
    shown: str = ""
    acknowledged: str = ""
    read_back: str = ""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """Hold an item and who had it."""

    item: str
    says: str
    rows: tuple[Knew, ...]


class _Item:
    def __init__(self, says: str) -> None:
        self.says = says
        self.cells: dict[str, dict[str, Instant]] = {}

    def note(self, who: str, what: str, at: Instant) -> None:
        self.cells.setdefault(who, {}).setdefault(what, at)


class _People:
    """Follow who is who, and who has the watch as what."""

    def __init__(self) -> None:
        self._persons: dict[PersonId, Person] = {}
        self._watches: dict[tuple[DeskId, PersonId], Role] = {}

    def follow(self, act: Act) -> None:
        if isinstance(act, PersonSet):
            self._persons[act.person.id] = act.person
        elif isinstance(act, WatchTaken):
            watch = act.watch
            self._watches[watch.desk, watch.person] = watch.role

    def say(self, desk: DeskId, id_: PersonId | None) -> str:
        if id_ is None:
            return f"{desk}: a device"
        person = self._persons.get(id_)
        role = self._watches.get((desk, id_)) or next(
            iter(person.roles if person else ()), ""
        )
        name = (person.pseudonym if person else "") or id_
        said = f"{role.replace('_', ' ')} ({name})" if role else name
        return f"{desk}: {said}"


def knowledge(
    entries: Sequence[Logged], shows: Callable[[Logged], bool] = lambda _: True
) -> tuple[Known, ...]:
    """Return the matrix of the notices and calls in a ledger.

    Args:
        entries: All of it; roles and watches are read from it too.
        shows: Which entries may be shown; nothing else comes of the others.
    """
    items: dict[str, _Item] = {}
    people = _People()
    for logged in entries:
        people.follow(logged.entry.act)
        if shows(logged):
            _note(items, people, logged)
    return tuple(
        Known(
            item=name,
            says=item.says,
            rows=tuple(
                Knew(
                    who=who,
                    **{what: _face(at) for what, at in cells.items()},
                )
                for who, cells in item.cells.items()
            ),
        )
        for name, item in items.items()
    )


def _note(  # noqa: C901 (one case an act)
    items: dict[str, _Item], people: _People, logged: Logged
) -> None:
    act, at = logged.entry.act, logged.entry.at
    match act:
        case NoticeFiled():
            item = items.setdefault(
                act.notice, _Item(f"notice: {act.revision.where.text}")
            )
            for desk in act.revision.tells:
                item.note(desk, "told", at)
        case NoticeDisposed():
            item = items.setdefault(act.notice, _Item("notice"))
            what = {
                Disposition.DELIVERED: "told",
                Disposition.SHOWN: "shown",
            }.get(act.disposition, "acknowledged")
            item.note(act.desk, what, at)
        case CallRaised():
            items.setdefault(act.call, _Item(f"{act.kind} to {act.to_desk}"))
        case Rang():
            for attempt in act.attempts:
                who = people.say(attempt.desk, attempt.person)
                _call(items, act.call).note(who, "told", at)
        case Shown():
            _call(items, act.call).note(act.desk, "shown", at)
        case Acknowledged():
            who = people.say(act.by.desk, act.by.person)
            _call(items, act.call).note(who, "acknowledged", at)
        case ReadBack():
            if act.result.is_match:
                who = people.say(act.by.desk, act.by.person)
                _call(items, act.call).note(who, "read_back", at)
        case DeskTold():
            _call(items, act.call).note(act.desk, "told", at)
        case _:
            pass


def _call(items: dict[str, _Item], call: CallId) -> _Item:
    return items.setdefault(call, _Item("call"))


def _face(at: Instant) -> str:
    return write_instant(at.replace(microsecond=0))
