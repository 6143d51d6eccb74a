"""File the notices of a whole file: all of them or none, or row by row.

    file --read--> wanted --which is meant--> pieces --every one tried--> kept --> filed
                                                |                          |
                           whole, one refused: -'                          '- killed:
                           nothing is filed                                   it goes on

The file is read in the thread that files it: whoever gave it is answered at once, and
asks how far it is. Where a party has a site filed by one person and approved by
another, what is kept waits for that other one.

What is to be filed is kept beside the log before the first of it is, and put away after
the last: so a node that dies in the middle goes on where it was, and no file stands by
half. Filing the same piece again changes nothing. A few are asked at a time, so that a
STOP never waits for a file. Should the line have changed between trying and filing, so
that one is refused after all, what was filed is withdrawn or put back, and says why.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from enum import StrEnum
from typing import Final, TypeAlias

import msgspec
from msgspec.structs import replace

from clearline.ledger.sealed import SealedPart
from clearline.model.commands import Command
from clearline.model.errors import BrokenPromise, ClearlineError
from clearline.model.faults import FilingRefused, Severity
from clearline.model.instants import Instant
from clearline.model.notice_commands import AmendNotice, FileNotice, WithdrawNotice
from clearline.model.notice_details import Request
from clearline.model.notices import NoticeId, NoticeKind
from clearline.model.parties import Actor, PartyId, PersonId, Strength
from clearline.rules.refusals import NotLoaded
from clearline.service.beside import Beside
from clearline.service.import_meaning import Meant
from clearline.service.import_rows import Piece, Refusal, Wanted, is_same, mixed
from clearline.service.phones.asking import Ask, Looking
from clearline.service.ports import Chance, Clock, Shelf
from clearline.service.writer import Written

__all__ = ["Import", "ImportState", "Imports", "Piece", "Refusal", "Wanted"]

AT_ONCE: Final = 16
"""How many pieces are asked of the writer together."""

KEPT: Final = "import/"
"""What the names of imports under way begin with, beside the log."""

_REMEMBERED: Final = 16
_AGAIN_AFTER_S: Final = 1.0
_ANSWER_WITHIN_S: Final = 30.0


class ImportState(StrEnum):
    """Name how far an import is."""

    READING = "reading"
    CHECKING = "checking"
    WAITING = "waiting"
    FILING = "filing"
    DONE = "done"
    REFUSED = "refused"
    TAKEN_BACK = "taken back"


class Import(msgspec.Struct, kw_only=True):
    """Hold how far an import is.

    Attributes:
        is_whole: All or nothing; otherwise row by row.
        is_trial: Only tried; nothing is filed.
        total: Rows that ask for something; 0 while nobody knows.
        done: Rows that were dealt with in this state.
        unchanged: Rows that say what stands already.
        refusals: Why rows were not taken.
        approved_by: The second person, where its party asks for one.
        ended_at: When it was over.
    """

    id: str
    by: Actor
    name: str
    is_whole: bool
    is_trial: bool = False
    state: ImportState = ImportState.READING
    total: int = 0
    done: int = 0
    filed: int = 0
    amended: int = 0
    withdrawn: int = 0
    unchanged: int = 0
    refusals: list[Refusal] = []
    approved_by: Actor | None = None
    began_at: Instant
    ended_at: Instant | None = None


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    """Hold an import under way, as it lies beside the log."""

    id: str
    by: Actor
    name: str
    is_whole: bool
    began_at: Instant
    pieces: tuple[Piece, ...]
    refusals: tuple[Refusal, ...] = ()
    total: int
    waits: bool = False
    approved_by: Actor | None = None


Rows: TypeAlias = tuple[Sequence[Wanted], Sequence[Refusal]]
"""What the rows of a file ask for, and why some of them cannot be taken."""

Read: TypeAlias = Callable[[Import], Rows]
"""Reads a file; may say in the import how many rows it is through, of how many."""


_decoder: Final = msgspec.json.Decoder(_Kept)


class Imports:
    """Take files in, one after the other, in a thread of their own."""

    def __init__(  # noqa: PLR0913 (what it is made of, by name)
        self,
        *,
        ask: Ask,
        looking: Looking,
        would: Callable[[Command], None],
        every: Callable[[], Sequence[NoticeId]],
        shelf: Shelf,
        clock: Clock,
        chance: Chance,
    ) -> None:
        """Take files in.

        Args:
            ask: Gives a command to the writer.
            looking: Opens a view of what stands, for a moment.
            would: Tries a command and changes nothing; raises why it is refused.
            every: Names every notice there is, without reading one.
            shelf: Keeps what is under way beside the log.
            clock: What tells node time.
            chance: What ids and salts are drawn from.
        """
        self._ask, self._looking = ask, looking
        self._would = would
        self._shelf, self._clock, self._chance = shelf, clock, chance
        self._meant = Meant(looking=looking, every=every, shelf=shelf, chance=chance)
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="imports")
        self._is_closing = threading.Event()
        self._turn = threading.Lock()
        self._known: dict[str, Import] = {}

    def begin(
        self,
        read: Read,
        *,
        by: Actor,
        name: str,
        is_whole: bool,
        is_trial: bool = False,
    ) -> Import:
        """Begin to take a file in; `find` says how far it is.

        Args:
            read: Reads it, in the thread that files it; what it raises refuses the
                whole file.
            by: Who imports: the owner of every notice.
            name: What the file is called.
            is_whole: Nothing is filed unless everything can be.
            is_trial: Nothing is filed whatever comes out.
        """
        one = Import(
            id=f"import-{self._chance.draw(8).hex()}",
            by=by,
            name=name,
            is_whole=is_whole,
            is_trial=is_trial,
            began_at=self._clock.read().at,
        )
        self._remember(one)
        self._worker.submit(self._run, one, read)
        return one

    def find(self, id_: str) -> Import | None:
        """Return an import, as far as it is."""
        return self._known.get(id_)

    def waiting(self, party: PartyId) -> tuple[Import, ...]:
        """Return what waits for a second person of a party."""
        known = tuple(self._known.values())
        return tuple(
            one
            for one in known
            if one.by.party == party and one.state is ImportState.WAITING
        )

    def asked(self, one: Import) -> tuple[Wanted, ...]:
        """Return what an import that waits asks for, row by row, but for the sealed."""
        data = self._shelf.value(f"{KEPT}{one.id}")
        pieces = () if data is None else _decoder.decode(data).pieces
        return tuple(
            Wanted(
                row=each.row,
                ref=each.ref,
                kind=each.revision.kind if each.revision else NoticeKind.SITE,
                request=each.request,
                revision=each.revision,
            )
            for each in pieces
        )

    def approve(self, one: Import, by: Actor) -> bool:
        """File what waits, in the name of two; says whether it still waited.

        Raises:
            StoreRefused: The disk refused; it waits on.
        """
        with self._turn:
            kept = self._waiting(one)
            if kept is None:
                return False
            approved = replace(kept, waits=False, approved_by=by)
            self._shelf.keep_value(f"{KEPT}{one.id}", msgspec.json.encode(approved))
            one.state, one.approved_by, one.done = ImportState.FILING, by, 0
        self._worker.submit(self._file_guarded, one, kept.pieces)
        return True

    def drop(self, one: Import) -> bool:
        """Put away what waits: nothing of it is filed; says whether it still waited.

        Raises:
            StoreRefused: The disk refused; it waits on.
        """
        with self._turn:
            if self._waiting(one) is None:
                return False
            self._shelf.drop_value(f"{KEPT}{one.id}")
            self._end(one, ImportState.REFUSED)
        return True

    def _waiting(self, one: Import) -> "_Kept | None":
        data = self._shelf.value(f"{KEPT}{one.id}")
        if one.state is not ImportState.WAITING or data is None:
            return None
        return _decoder.decode(data)

    def resume(self) -> None:
        """Go on with what was under way when the node went down."""
        for data in self._shelf.values(KEPT).values():
            kept = _decoder.decode(data)
            one = Import(
                id=kept.id,
                by=kept.by,
                name=kept.name,
                is_whole=kept.is_whole,
                state=ImportState.WAITING if kept.waits else ImportState.FILING,
                total=kept.total,
                refusals=list(kept.refusals),
                approved_by=kept.approved_by,
                began_at=kept.began_at,
            )
            self._remember(one)
            if not kept.waits:
                self._worker.submit(self._file_guarded, one, kept.pieces)

    def close(self) -> None:
        """Stop after the pieces under way; the rest goes on at the next start."""
        self._is_closing.set()
        self._worker.shutdown(cancel_futures=True)

    def _remember(self, one: Import) -> None:
        self._known[one.id] = one
        over = [key for key, each in self._known.items() if each.ended_at is not None]
        for key in over[: max(0, len(self._known) - _REMEMBERED)]:
            del self._known[key]

    # --- checking ----------------------------------------------------------------

    def _run(self, one: Import, read: Read) -> None:
        try:
            wanted, refusals = read(one)
            one.refusals += refusals
            self._take(one, tuple(wanted))
        except ClearlineError as error:
            self._refuse(one, error.what, error.next)
        except Exception as error:  # noqa: BLE001 (a fault of ours is told, not hidden)
            self._refuse(one, f"A fault of ours: {error!r}.", "Report it.")

    def _file_guarded(self, one: Import, pieces: tuple[Piece, ...]) -> None:
        """File what is kept; a fault of ours is told, and the next start goes on."""
        try:
            self._file_kept(one, pieces)
        except Exception as error:  # noqa: BLE001 (the same)
            self._refuse(one, f"A fault of ours: {error!r}.", "Report it.")

    def _refuse(self, one: Import, what: str, next_step: str) -> None:
        one.refusals.append(Refusal(row=0, what=what, next=next_step))
        self._end(one, ImportState.REFUSED)

    def _take(self, one: Import, wanted: tuple[Wanted, ...]) -> None:
        unread = {said.row for said in one.refusals}
        one.total, one.done = len(wanted) + len(unread), len(unread)
        one.state = ImportState.CHECKING
        one.refusals += mixed(wanted)
        bad = {said.row for said in one.refusals}
        second = self._second(one.by)
        pieces = []
        known = self._meant.numbered(one.by.party, wanted)
        for each in wanted:
            if self._is_closing.is_set():
                return
            one.done += 1
            if each.row in bad:
                continue
            found = self._meant.piece(each, one.by, known)
            if isinstance(found, Refusal):
                one.refusals.append(found)
            elif why := list(self._tried(found, one.by, second)):
                one.refusals += why
            else:
                pieces.append(found)
        if one.is_trial or (one.is_whole and one.refusals):
            self._end(one, ImportState.REFUSED if one.refusals else ImportState.DONE)
            return
        waits = second is not None and any(
            each.request is Request.ADD
            and each.revision is not None
            and each.revision.kind is NoticeKind.SITE
            for each in pieces
        )
        kept = _Kept(
            id=one.id,
            by=one.by,
            name=one.name,
            is_whole=one.is_whole,
            began_at=one.began_at,
            pieces=tuple(pieces),
            refusals=tuple(one.refusals),
            total=one.total,
            waits=waits,
        )
        self._shelf.keep_value(f"{KEPT}{one.id}", msgspec.json.encode(kept))
        if waits:
            one.state = ImportState.WAITING
        else:
            self._file_kept(one, kept.pieces)

    def _second(self, by: Actor) -> Actor | None:
        """Return whoever may yet approve it, where the party asks for a second person.

        Nobody is named: what is tried for them is filed only with one who is.
        """
        with self._looking() as view:
            party = view.parties.get(by.party)
        if party is None or not party.needs_two_to_file:
            return None
        other = PersonId(f"not {by.person}")
        return replace(by, person=other, strength=Strength.PASSWORD)

    def _tried(
        self, piece: Piece, by: Actor, second: Actor | None
    ) -> Iterator[Refusal]:
        """Say why a piece would be refused, field by field, if it would."""
        command = self._command(piece, by, second)
        if command is None:
            return
        try:
            self._would(command)
        except BrokenPromise:
            raise
        except FilingRefused as error:
            for fault in error.faults:
                if fault.severity is Severity.REFUSE:
                    yield Refusal(
                        row=piece.row,
                        ref=piece.ref,
                        column=fault.field,
                        what=fault.wrong,
                        next=fault.right,
                    )
        except ClearlineError as error:
            yield Refusal(
                row=piece.row, ref=piece.ref, what=error.what, next=error.next
            )

    def _command(self, piece: Piece, by: Actor, second: Actor | None) -> Command | None:
        """Return what a piece asks of the writer; nothing where it stands already."""
        with self._looking() as view:
            notice = view.notices.get(piece.notice)
        if piece.request is Request.REMOVE:
            if notice is not None and notice.withdrawn_at is not None:
                return None
            return WithdrawNotice(notice=piece.notice, by=by, why="removed by a file")
        if piece.revision is None:
            return None
        if notice is not None and is_same(notice.revision, piece.revision):
            return None
        if piece.request is Request.ADD:
            return FileNotice(
                notice=piece.notice,
                by=by,
                revision=piece.revision,
                approved_by=second,
            )
        return AmendNotice(notice=piece.notice, by=by, revision=piece.revision)

    # --- filing --------------------------------------------------------------------

    def _file_kept(self, one: Import, pieces: tuple[Piece, ...]) -> None:
        """File what is kept, all of it, and put it away."""
        name = f"{KEPT}{one.id}"
        one.state, one.done = ImportState.FILING, one.total - len(pieces)
        undo: list[Command] = []
        for start in range(0, len(pieces), AT_ONCE):
            some = pieces[start : start + AT_ONCE]
            refusals = self._file_some(one, some, undo)
            if self._is_closing.is_set():
                return  # it is kept, and goes on at the next start
            one.refusals += refusals
            if refusals and one.is_whole:
                self._take_back(undo)
                self._shelf.drop_value(name)
                self._end(one, ImportState.TAKEN_BACK)
                return
            one.done += len(some)
        self._shelf.drop_value(name)
        self._end(one, ImportState.DONE)

    def _file_some(
        self, one: Import, some: Sequence[Piece], undo: list[Command]
    ) -> list[Refusal]:
        """Ask for a few pieces, and wait for all of them."""
        asked: list[tuple[Piece, Command, Command | None, Future[Written]]] = []
        for piece in some:
            command = self._command(piece, one.by, one.approved_by)
            if command is None:
                one.unchanged += 1
                continue
            before = self._undoing(command)
            answer = self._ask(command, _beside(piece))
            asked.append((piece, command, before, answer))
        refusals = []
        for piece, command, before, answer in asked:
            why = self._answered(piece, one, answer)
            if why is not None:
                refusals.append(why)
                continue
            _count(one, command)
            if before is not None:
                undo.append(before)
        return refusals

    def _undoing(self, command: Command) -> Command | None:
        """Return what takes a command back; what is withdrawn stays withdrawn."""
        if isinstance(command, FileNotice):
            why = "the file it came in could not be taken whole"
            return WithdrawNotice(notice=command.notice, by=command.by, why=why)
        if not isinstance(command, AmendNotice):
            return None
        with self._looking() as view:
            notice = view.notices.get(command.notice)
        if notice is None:
            return None
        return AmendNotice(
            notice=command.notice, by=command.by, revision=notice.revision
        )

    def _answered(
        self, piece: Piece, one: Import, answer: "Future[Written]"
    ) -> Refusal | None:
        """Wait for an answer; where the node cannot now, ask again until it can."""
        while not self._is_closing.is_set():
            try:
                answer.result(_ANSWER_WITHIN_S)
            except (BrokenPromise, NotLoaded, TimeoutError):
                self._is_closing.wait(_AGAIN_AFTER_S)
                command = self._command(piece, one.by, one.approved_by)
                if command is None:
                    return None  # it was taken, and only the answer was lost
                answer = self._ask(command, _beside(piece))
            except ClearlineError as error:
                return Refusal(
                    row=piece.row, ref=piece.ref, what=error.what, next=error.next
                )
            else:
                return None
        return None

    def _take_back(self, undo: Sequence[Command]) -> None:
        for command in reversed(undo):
            while not self._is_closing.is_set():
                try:
                    self._ask(command).result(_ANSWER_WITHIN_S)
                except (BrokenPromise, TimeoutError):
                    self._is_closing.wait(_AGAIN_AFTER_S)
                    continue
                except ClearlineError:
                    pass  # it is over already, which is what is wanted
                break

    def _end(self, one: Import, state: ImportState) -> None:
        one.state = state
        one.ended_at = self._clock.read().at  # last: what is over is whole


def _beside(piece: Piece) -> Beside:
    return tuple(SealedPart(salt=salt, data=data) for salt, data in piece.sealed)


def _count(one: Import, command: Command) -> None:
    match command:
        case FileNotice():
            one.filed += 1
        case AmendNotice():
            one.amended += 1
        case _:
            one.withdrawn += 1
