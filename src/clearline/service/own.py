"""Keep what a node never shows anybody else: a second log beside the first.

    in it   own positions; conflicts only one owner may know of; the WARNs about them
    never   mirrored, exported, given as tiles, told to a peer, counted in the first

So the first log is the same, entry for entry, whether a filed plan meets something its
filer may not know of or not, and so are the numbers of its calls. Calls of the own log
are numbered above 9,000; they ring and are answered like any other.

Who is on the line is entered here too before anything rings: the party whose conflict
it is, its desks and people, and no one else's.
"""

from collections.abc import Hashable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager
from itertools import chain
from typing import Final, Generic, TypeVar

from clearline.ledger.sealed import SealedPart
from clearline.model.commands import Command, Enter, RaiseCall
from clearline.model.conflict_acts import ConflictReleased, NoticeScreened
from clearline.model.conflict_commands import (
    AcceptConflict,
    NoteScreening,
    ReleaseConflict,
    TalkAbout,
    TellReleased,
)
from clearline.model.conflicts import Conflict, ConflictId, Side, conflict_id
from clearline.model.entries import (
    DeskSet,
    PartySet,
    PersonSet,
    WatchTaken,
)
from clearline.model.notice_commands import FileNotice
from clearline.model.notices import Notice, NoticeId, NoticeKind
from clearline.model.parties import Desk, PartyId
from clearline.picture.history import Shelf
from clearline.picture.picture import SHELVES, Picture, View
from clearline.rules.holding import held
from clearline.service.lookout import Lookout
from clearline.service.screener import Kept, newer
from clearline.service.writer import Written

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

NUMBERS_FROM: Final = 9_000
"""Calls of the own log are numbered above this."""

_WITHIN_S: Final = 30.0

FOLDER: Final = "own"
"""Where it lies in a node's data folder."""

_SHOWN_TOO: Final = ("calls", "notices", "conflicts", "conflicts_of")
_OF_A_CONFLICT: Final = (TalkAbout, AcceptConflict, ReleaseConflict)


class OwnLog:
    """Stand before a node's two logs: each command goes to the one it belongs to."""

    def __init__(self, *, first: Kept, own: Kept, picture: Picture) -> None:
        """Stand before two logs.

        Args:
            first: The one everybody's notices are in.
            own: The node's own.
            picture: Of the own log; only single values are read from it, without a
                lock, so that no STOP waits for it.
        """
        self._first, self._own, self._picture = first, own, picture

    # --- what the screener works with ---------------------------------------------

    def looking(self) -> AbstractContextManager[View]:
        """Look at what stands in the own log."""
        return self._own.looking()

    @property
    def picture(self) -> Picture:
        """Return what stands in the own log."""
        return self._picture

    @property
    def lookout(self) -> Lookout:
        """Return what says what is where in the own log."""
        return self._own.lookout

    def ask(
        self,
        command: Command,
        sealed: tuple[SealedPart, ...] = (),
        request: str | None = None,
    ) -> "Future[Written]":
        """Ask the own log; who may be rung is entered first, and durable.

        A conflict noted before its owner's desk is known would ring nobody.

        Raises:
            ClearlineError: The disk takes nothing now; nothing was asked.
        """
        if isinstance(command, NoteScreening):
            parties = {party for found in command.found for party in found.known_to}
            for party in sorted(parties):
                self._enter_line(party)
        return self._own.ask(command, sealed, request)

    # --- what everybody else works with -------------------------------------------

    def ask_either(
        self,
        command: Command,
        sealed: tuple[SealedPart, ...] = (),
        request: str | None = None,
    ) -> "Future[Written]":
        """Ask whichever log a command belongs to."""
        log = self._own if self.belongs_here(command) else self._first
        return log.ask(command, sealed, request)

    def belongs_here(self, command: Command) -> bool:
        """Say whether a command belongs to the own log."""
        return _belongs(self._picture, command)

    @contextmanager
    def looking_at_both(self, size: int | None = None) -> Iterator[View]:
        """Look at what stands in both; only what one's own party keeps is added.

        Args:
            size: How much of the first log is looked at; all of it if nothing.
        """
        with self._first.looking() as first, self._own.looking() as own:
            if size is not None:
                first = self._first.picture.at(size)  # noqa: PLW2901 (the same, before)
            both = View()
            both.size = first.size
            for name in SHELVES:
                setattr(both, name, getattr(first, name))
            for name in _SHOWN_TOO:
                setattr(both, name, _Both(getattr(first, name), getattr(own, name)))
            both.screened = _LastTold(first.screened, own.screened)
            yield both

    def held_by_first(self, notice: Notice) -> str:
        """Say which case or STOP of the first log holds a notice of this one."""
        with self._first.looking() as view:
            return held(view, notice)

    def hear(self, written: Written) -> None:
        """Tell the other owner of a conflict that was released; own writer calls it."""
        for entry in written.entries:
            if isinstance(entry.act, ConflictReleased):
                self._tell_released(entry.act.conflict)

    def tell_again(self) -> None:
        """Tell of whatever was released, once more; what was told changes nothing."""
        with self._own.looking() as view:
            released = [c.id for c in view.conflicts.values() if c.released is not None]
        for key in released:
            self._tell_released(key)

    def _tell_released(self, key: ConflictId) -> None:
        with self._own.looking() as view:
            conflict = view.conflicts.get(key)
        if conflict is not None and conflict.released is not None:
            self._first.ask(_told_of(conflict))

    def _enter_line(self, party: PartyId) -> None:
        """Enter a party, its desks and people as they are now, where they changed."""
        with self._first.looking() as first, self._own.looking() as own:
            acts = list(_line_of(first, own, party))
        asked = [self._own.ask(Enter(act=act)) for act in acts]
        for entered in asked:
            entered.result(_WITHIN_S)


def _belongs(own: View, command: Command) -> bool:
    """Say whether a command is about something kept in the own log."""
    if isinstance(command, FileNotice):
        return command.revision.kind is NoticeKind.POSITION
    if isinstance(command, RaiseCall):
        return False  # whatever id it is given: nobody raises a call in the own log
    if isinstance(command, _OF_A_CONFLICT):
        return own.conflicts.get(command.conflict) is not None
    call, notice = getattr(command, "call", None), getattr(command, "notice", None)
    if call is not None and own.calls.get(call) is not None:
        return True
    kept = own.notices.get(notice) if notice is not None else None
    by = getattr(command, "by", None)
    # who hit upon the id of somebody's position hears what everybody hears of an id
    return kept is not None and (by is None or by.party == kept.owner)


def _told_of(conflict: Conflict) -> TellReleased:
    """Say no more to the other owner than that there is one, and whom to call."""
    assert conflict.released is not None  # noqa: S101 (its caller looked)
    by = conflict.released.by
    own = conflict.side_of(by.party) or conflict.one
    other = conflict.other if own == conflict.one else conflict.one
    # from nothing the other owner does not know: no id of ours could be tried on it
    known = f"{other.notice} {other.revision}"
    name = conflict_id(NoticeId(known), NoticeId(f"told by {own.owner}"))
    return TellReleased(
        conflict=ConflictId(f"{name}-told"),
        own=Side(notice=NoticeId(""), revision=0, owner=own.owner, desk=own.desk),
        other=other,
        by=by,
    )


def _line_of(
    first: View, own: View, party: PartyId
) -> Iterator[PartySet | DeskSet | PersonSet | WatchTaken]:
    known = first.parties.get(party)
    if known is not None and own.parties.get(party) != known:
        yield PartySet(party=known)
    desks = _from_the_top([d for d in first.desks.values() if d.party == party])
    names = {desk.id for desk in desks}
    for desk in desks:
        if own.desks.get(desk.id) != desk:
            yield DeskSet(desk=desk)
    for person in first.persons.values():
        if person.desk in names and own.persons.get(person.id) != person:
            yield PersonSet(person=person)
    for desk in desks:
        held = own.watches.get(desk.id) or ()
        for watch in first.watches.get(desk.id) or ():
            if watch not in held:
                yield WatchTaken(watch=watch)


def _from_the_top(desks: list[Desk]) -> list[Desk]:
    """Order desks so that each comes after the one it stands under."""
    ordered: list[Desk] = []
    left = list(desks)
    while left:
        placed = {desk.id for desk in ordered}
        ready = [desk for desk in left if desk.under is None or desk.under in placed]
        if not ready:
            break
        ordered += ready
        left = [desk for desk in left if desk not in ready]
    return ordered


class _Both(Generic[K, V]):
    """Read two shelves as one."""

    def __init__(self, first: Shelf[K, V], second: Shelf[K, V]) -> None:
        self._first, self._second = first, second

    def get(self, key: K) -> V | None:
        """Return the value of `key` in either."""
        found = self._first.get(key)
        return found if found is not None else self._second.get(key)

    def values(self) -> Iterator[V]:
        """Return every value of both."""
        return chain(self._first.values(), self._second.values())


class _LastTold(_Both[NoticeId, NoticeScreened]):
    """Read what owners were told last, whichever log it is in."""

    def get(self, key: NoticeId) -> NoticeScreened | None:
        """Return what the owner of a notice was told last."""
        told, aside = self._first.get(key), self._second.get(key)
        return newer(told, aside) if told is not None else aside
