"""File the notices of a whole file: all of them or none, or row by row.

    wanted --which is meant--> pieces --whole: every one tried--> kept --> filed
                                         |                          |
                                         '-- one is refused:        '-- killed here:
                                             nothing is filed           it goes on

What is to be filed is kept beside the log before the first of it is, and put away after
the last: so a node that dies in the middle goes on where it was, and no file stands by
half. Filing the same piece again changes nothing. A few are asked at a time, so that a
STOP never waits for a file. Should the line have changed between trying and filing, so
that one is refused after all, what was filed is withdrawn or put back, and says why.
"""

import hashlib
import hmac
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from enum import StrEnum
from typing import Final, Protocol

import msgspec
from msgspec.structs import replace

from clearline.ledger.sealed import SEAL_SALT_BYTES, SealedPart, seal
from clearline.ledger.text64 import encode64
from clearline.model.commands import Command
from clearline.model.errors import BrokenPromise, ClearlineError
from clearline.model.faults import FilingRefused, Severity
from clearline.model.instants import Instant, Window
from clearline.model.notice_commands import AmendNotice, FileNotice, WithdrawNotice
from clearline.model.notice_details import Request, SiteDetails
from clearline.model.notices import Notice, NoticeId, NoticeKind, Revision
from clearline.model.parties import Actor, PartyId
from clearline.model.places import Place, PlaceFormat
from clearline.model.sealed import Sealed
from clearline.picture.twins import number_mark
from clearline.rules.refusals import NotLoaded
from clearline.service.beside import Beside
from clearline.service.phones.asking import Ask, Looking
from clearline.service.ports import Chance, Clock
from clearline.service.writer import Written

AT_ONCE: Final = 16
"""How many pieces are asked of the writer together."""

KEPT: Final = "import/"
"""What the names of imports under way begin with, beside the log."""

_LOOKED_AT_ONCE: Final = 100
_SALTING: Final = "import-salt"
_REMEMBERED: Final = 16
_AGAIN_AFTER_S: Final = 1.0
_ANSWER_WITHIN_S: Final = 30.0


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what one row asks for.

    Attributes:
        row: Where it stands in its file.
        ref: The owner's own number, or the id a file of shapes gives.
        request: `None` where the file does not say: add, or amend what is there.
        revision: Nothing where it is to be removed.
        phones: Sealed, in the order of the contacts; the others likewise.
        is_start_said: Whether the row says from when; else what stands is kept.
        is_end_said: The same of its end.
    """

    row: int
    ref: str
    kind: NoticeKind
    request: Request | None = None
    revision: Revision | None = None
    phones: tuple[str, ...] = ()
    plates: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    is_start_said: bool = True
    is_end_said: bool = True


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """Say why a row was not taken."""

    row: int
    ref: str = ""
    column: str = ""
    what: str
    next: str = ""


class ImportState(StrEnum):
    """Name how far an import is."""

    CHECKING = "checking"
    FILING = "filing"
    DONE = "done"
    REFUSED = "refused"
    TAKEN_BACK = "taken back"


class Import(msgspec.Struct, kw_only=True):
    """Hold how far an import is.

    Attributes:
        is_whole: All or nothing; otherwise row by row.
        is_trial: Only tried; nothing is filed.
        total: Rows that ask for something.
        done: Rows that were dealt with.
        unchanged: Rows that say what stands already.
        refusals: Why rows were not taken.
        ended_at: When it was over.
    """

    id: str
    by: Actor
    name: str
    is_whole: bool
    is_trial: bool = False
    state: ImportState = ImportState.CHECKING
    total: int = 0
    done: int = 0
    filed: int = 0
    amended: int = 0
    withdrawn: int = 0
    unchanged: int = 0
    refusals: list[Refusal] = []
    began_at: Instant
    ended_at: Instant | None = None


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one row once it is known which notice it means."""

    row: int
    ref: str
    notice: NoticeId
    request: Request
    revision: Revision | None = None
    sealed: tuple[tuple[bytes, bytes], ...] = ()


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


class Shelf(Protocol):
    """Keep single values beside the log; durable on return."""

    def value(self, name: str) -> bytes | None:
        """Read a value."""

    def keep_value(self, name: str, value: bytes) -> None:
        """Keep a value in place of the one before."""

    def drop_value(self, name: str) -> None:
        """Let go of a value."""

    def values(self, prefix: str) -> dict[str, bytes]:
        """Read every value whose name begins with `prefix`."""


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
        self._would, self._every = would, every
        self._shelf, self._clock, self._chance = shelf, clock, chance
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="imports")
        self._is_closing = threading.Event()
        self._known: dict[str, Import] = {}

    def begin(  # noqa: PLR0913 (what is asked, by name)
        self,
        wanted: Sequence[Wanted],
        refusals: Sequence[Refusal],
        *,
        by: Actor,
        name: str,
        is_whole: bool,
        is_trial: bool = False,
    ) -> Import:
        """Begin to take a file in; `find` says how far it is.

        Args:
            wanted: What its rows ask for.
            refusals: Why some rows cannot be taken, as far as reading them told.
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
            total=len(wanted) + len({said.row for said in refusals}),
            refusals=list(refusals),
            began_at=self._clock.read().at,
        )
        self._remember(one)
        self._worker.submit(self._run, one, tuple(wanted))
        return one

    def find(self, id_: str) -> Import | None:
        """Return an import, as far as it is."""
        return self._known.get(id_)

    def resume(self) -> None:
        """Go on with what was under way when the node went down."""
        for name, data in self._shelf.values(KEPT).items():
            kept = msgspec.json.decode(data, type=_Kept)
            one = Import(
                id=kept.id,
                by=kept.by,
                name=kept.name,
                is_whole=kept.is_whole,
                state=ImportState.FILING,
                total=kept.total,
                refusals=list(kept.refusals),
                began_at=kept.began_at,
            )
            self._remember(one)
            self._worker.submit(self._file_kept, one, kept.pieces, name)

    def close(self) -> None:
        """Stop after the pieces under way; the rest goes on at the next start."""
        self._is_closing.set()
        self._worker.shutdown(cancel_futures=True)

    def _remember(self, one: Import) -> None:
        self._known[one.id] = one
        while len(self._known) > _REMEMBERED:
            self._known.pop(next(iter(self._known)))

    # --- checking ----------------------------------------------------------------

    def _run(self, one: Import, wanted: tuple[Wanted, ...]) -> None:
        try:
            self._take(one, wanted)
        except ClearlineError as error:
            self._end(one, ImportState.REFUSED)
            one.refusals.append(Refusal(row=0, what=error.what, next=error.next))
        except Exception as error:  # noqa: BLE001 (a fault of ours is told, not hidden)
            self._end(one, ImportState.REFUSED)
            one.refusals.append(
                Refusal(row=0, what=f"A fault of ours: {error!r}.", next="Report it.")
            )

    def _take(self, one: Import, wanted: tuple[Wanted, ...]) -> None:
        one.refusals += _mixed(wanted)
        bad = {said.row for said in one.refusals}
        pieces = []
        known = self._numbered(one.by.party, wanted)
        for each in wanted:
            if each.row in bad:
                continue
            found = self._piece(each, one.by, known)
            if isinstance(found, Refusal):
                one.refusals.append(found)
            elif why := list(self._tried(found, one.by)):
                one.refusals += why
            else:
                pieces.append(found)
            if one.is_trial or one.is_whole:
                one.done += 1
            if self._is_closing.is_set():
                return
        if one.is_trial or (one.is_whole and one.refusals):
            self._end(one, ImportState.REFUSED if one.refusals else ImportState.DONE)
            return
        kept = _Kept(
            id=one.id,
            by=one.by,
            name=one.name,
            is_whole=one.is_whole,
            began_at=one.began_at,
            pieces=tuple(pieces),
            refusals=tuple(one.refusals),
            total=one.total,
        )
        name = f"{KEPT}{one.id}"
        self._shelf.keep_value(name, msgspec.json.encode(kept))
        self._file_kept(one, kept.pieces, name)

    def _numbered(
        self, party: PartyId, wanted: Sequence[Wanted]
    ) -> dict[tuple[NoticeKind, str], NoticeId]:
        """Return a party's notices that go on, by the numbers a file names.

        Sites are kept by their number; what is filed by the day is looked through.
        """
        found: dict[tuple[NoticeKind, str], NoticeId] = {}
        for each in wanted:
            mark = number_mark(party, each.ref)
            if each.kind is not NoticeKind.SITE or mark is None:
                continue
            with self._looking() as view:
                for id_ in view.twins.get(mark) or ():
                    _keep_own(found, view.notices.get(id_), party, each.ref)
        if all(each.kind is NoticeKind.SITE for each in wanted):
            return found
        ids = self._every()
        for start in range(0, len(ids), _LOOKED_AT_ONCE):
            with self._looking() as view:  # for a moment each, so that nobody waits
                for id_ in ids[start : start + _LOOKED_AT_ONCE]:
                    _keep_own(found, view.notices.get(id_), party)
        return found

    def _piece(
        self,
        each: Wanted,
        by: Actor,
        known: dict[tuple[NoticeKind, str], NoticeId],
    ) -> Piece | Refusal:
        """Say which notice a row means, and whether it may ask that of it."""
        standing = self._standing(each, by, known)
        revision, sealed = self._sealed(each)
        request = each.request
        if request is None:
            request = Request.ADD if standing is None else Request.AMEND
        if standing is not None and revision is not None:
            revision = _keeping(standing.revision, revision, each)
        if standing is None and request is not Request.ADD:
            return _refusal(
                each,
                "request",
                f"No notice of yours has the number {each.ref!r}.",
                "Ask to add it, or correct the number.",
            )
        if standing is not None and request is Request.ADD:
            if _is_same(standing.revision, revision):
                request = Request.AMEND
            else:
                return _refusal(
                    each,
                    "request",
                    f"{each.ref!r} is notified already, in other words.",
                    "Ask to amend it, or give this one a number of its own.",
                )
        id_ = standing.id if standing is not None else self._free_id(each, by)
        return Piece(
            row=each.row,
            ref=each.ref,
            notice=id_,
            request=request,
            revision=_asking(revision, request),
            sealed=sealed,
        )

    def _standing(
        self,
        each: Wanted,
        by: Actor,
        known: dict[tuple[NoticeKind, str], NoticeId],
    ) -> Notice | None:
        with self._looking() as view:
            notice = view.notices.get(NoticeId(each.ref)) if each.ref else None
            if notice is not None and notice.owner == by.party and not notice.is_over:
                return notice
            id_ = known.get((each.kind, each.ref))
            return view.notices.get(id_) if id_ is not None else None

    def _free_id(self, each: Wanted, by: Actor) -> NoticeId:
        """Name a notice by its owner and number; one that is over keeps its own."""
        said = f"{each.kind} {each.ref or msgspec.json.encode(each.revision)!r}"
        digest = hashlib.sha256(said.encode()).hexdigest()[:16]
        base = f"{by.party}-{each.kind}-{digest}"
        number, id_ = 1, NoticeId(base)
        with self._looking() as view:
            while view.notices.get(id_) is not None:
                number += 1
                id_ = NoticeId(f"{base}-{number}")
        return id_

    def _sealed(
        self, each: Wanted
    ) -> tuple[Revision | None, tuple[tuple[bytes, bytes], ...]]:
        """Seal numbers, plates and names once, so that filing again is the same."""
        if each.revision is None:
            return None, ()
        personal, parts = each.revision.personal, list[SealedPart]()
        for name in ("phones", "plates", "names"):
            if texts := getattr(each, name):
                data = msgspec.json.encode(texts)
                part = SealedPart(salt=self._salt(each, name, data), data=data)
                sealed = Sealed(sealed=encode64(seal(part)))
                personal = replace(personal, **{name: sealed})
                parts.append(part)
        return (
            replace(each.revision, personal=personal),
            tuple((part.salt, part.data) for part in parts),
        )

    def _salt(self, each: Wanted, name: str, data: bytes) -> bytes:
        """Return the salt of a sealed part: the same for the same words of a row.

        So a file that is taken in again says the same, and is known to. Nobody can
        try numbers without the key, which lies beside the log and never leaves.
        """
        key = self._shelf.value(_SALTING)
        if key is None:
            key = self._chance.draw(SEAL_SALT_BYTES)
            self._shelf.keep_value(_SALTING, key)
        said = f"{each.kind}\n{each.ref}\n{name}\n".encode() + data
        return hmac.digest(key, said, "sha256")

    def _tried(self, piece: Piece, by: Actor) -> Iterator[Refusal]:
        """Say why a piece would be refused, field by field, if it would."""
        command = self._command(piece, by)
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

    def _command(self, piece: Piece, by: Actor) -> Command | None:
        """Return what a piece asks of the writer; nothing where it stands already."""
        with self._looking() as view:
            notice = view.notices.get(piece.notice)
        if piece.request is Request.REMOVE:
            if notice is not None and notice.withdrawn_at is not None:
                return None
            return WithdrawNotice(notice=piece.notice, by=by, why="removed by a file")
        if piece.revision is None:
            return None
        if notice is not None and _is_same(notice.revision, piece.revision):
            return None
        if piece.request is Request.ADD:
            return FileNotice(notice=piece.notice, by=by, revision=piece.revision)
        return AmendNotice(notice=piece.notice, by=by, revision=piece.revision)

    # --- filing --------------------------------------------------------------------

    def _file_kept(self, one: Import, pieces: tuple[Piece, ...], name: str) -> None:
        """File what is kept, all of it, and put it away."""
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
            command = self._command(piece, one.by)
            if command is None:
                one.unchanged += 1
                continue
            before = self._undoing(command)
            answer = self._ask(command, _beside(piece))
            asked.append((piece, command, before, answer))
        refusals = []
        for piece, command, before, answer in asked:
            why = self._answered(piece, one.by, answer)
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
        self, piece: Piece, by: Actor, answer: "Future[Written]"
    ) -> Refusal | None:
        """Wait for an answer; where the node cannot now, ask again until it can."""
        while not self._is_closing.is_set():
            try:
                answer.result(_ANSWER_WITHIN_S)
            except (BrokenPromise, NotLoaded, TimeoutError):
                self._is_closing.wait(_AGAIN_AFTER_S)
                command = self._command(piece, by)
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
        one.state, one.ended_at = state, self._clock.read().at


def _keep_own(
    found: dict[tuple[NoticeKind, str], NoticeId],
    notice: Notice | None,
    party: PartyId,
    ref: str = "",
) -> None:
    if notice is None or notice.owner != party or notice.is_over:
        return
    number = ref or getattr(notice.revision.details, "ref", "")
    if number:
        found[notice.revision.kind, number] = notice.id


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


def _refusal(each: Wanted, column: str, what: str, next_step: str) -> Refusal:
    return Refusal(row=each.row, ref=each.ref, column=column, what=what, next=next_step)


def _mixed(wanted: Sequence[Wanted]) -> Iterator[Refusal]:
    """Refuse a second kind of request in one file, and a number that comes twice."""
    first = next((each for each in wanted if each.request is not None), None)
    seen: dict[tuple[NoticeKind, str], int] = {}
    for each in wanted:
        if first is not None and each.request not in (None, first.request):
            yield _refusal(
                each,
                "request",
                f"It asks to {each.request}, and row {first.row} to {first.request}: "
                "one file asks for one of them only.",
                "Put it into a file of its own.",
            )
        elif each.ref and (each.kind, each.ref) in seen:
            yield _refusal(
                each,
                "ref",
                f"The number {each.ref!r} stands in row {seen[each.kind, each.ref]} "
                "already.",
                "Give each row a number of its own.",
            )
        else:
            seen[each.kind, each.ref] = each.row


def _keeping(standing: Revision, said: Revision, each: Wanted) -> Revision:
    """Return a revision with what its file cannot say as it stands.

    A file of shapes says nothing of who is told. Sealed parts lie beside the entry
    that first named them, and are named again.
    """
    personal = said.personal
    for name in ("phones", "plates", "names"):
        if getattr(personal, name) is None:
            personal = replace(personal, **{name: getattr(standing.personal, name)})
    is_shape = each.request is None and not said.tells
    return replace(
        said,
        window=_window(standing.window, said.window, each),
        personal=personal,
        attached=standing.attached,
        through=standing.through,
        answer_by=standing.answer_by,
        tells=standing.tells if is_shape else said.tells,
        consents=standing.consents if is_shape else said.consents,
    )


def _window(standing: Window, said: Window, each: Wanted) -> Window:
    """Return a window whose ends stay as they are where a row does not say them."""
    start = said.start if each.is_start_said else standing.start
    end = said.end if each.is_end_said else standing.end
    return Window(start=start, end=end) if start < end else said


def _is_same(one: Revision, other: Revision | None) -> bool:
    """Say whether two revisions say the same, whoever consented when.

    A place is what it takes up and the words for it, by whichever way it came in.
    """
    return other is not None and _bare(one) == _bare(other)


def _bare(revision: Revision) -> Revision:
    return replace(
        _asking(revision, Request.ADD) or revision,
        number=1,
        check=None,
        where=_plain(revision.where),
        where_again=_plain(revision.where_again) if revision.where_again else None,
        consents=tuple(replace(said, at=None, source="") for said in revision.consents),
    )


def _asking(revision: Revision | None, request: Request) -> Revision | None:
    """Return a revision that asks for what its row asks for: sites say it."""
    if revision is None or not isinstance(revision.details, SiteDetails):
        return revision
    return replace(revision, details=replace(revision.details, request=request))


def _plain(place: Place) -> Place:
    return Place(
        footprint=place.footprint, text=place.text, format=PlaceFormat.GEOMETRY
    )
