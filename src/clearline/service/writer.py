"""Write: decide, fold, store, and only then answer, publish and ring.

    asked --decide, fold--> batch --disk--> durable --> answered, heard
                              |
                              '-- refused, or silent for 50 ms:
                                    STOP and HOLD ring from memory (durable: no)
                                    everything else is refused, folds taken back

| if the disk                   | STOP, HOLD and their rings        | all else  |
|-------------------------------|-----------------------------------|-----------|
| answers                       | recorded, then answered and rung  | the same  |
| refuses (full, read-only)     | rung at once, kept in memory      | refused   |
| says nothing for 50 ms        | rung at once, kept in memory      | waits     |
| returns                       | recorded first, with both times   | goes on   |
| never returns; process dies   | rung, and not in any record       | refused   |

One writer per log, one thread per writer. The picture is folded before the disk
answers and taken back if it refuses, so one batch may hold commands that follow
from one another. Whoever reads the picture from another thread holds `gate`
meanwhile; the writer holds it while it decides and folds, never while the disk works.
"""

import threading
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from clearline.ledger.sealed import SealedPart, seal
from clearline.model.calls import Call, CallId
from clearline.model.commands import Advance, Command, Enter
from clearline.model.entries import (
    CALL_ACTS,
    Entry,
    PeerTold,
    Realm,
    RecordedLate,
    SealedErased,
    WallStepped,
)
from clearline.model.errors import BrokenPromise, ClearlineError
from clearline.model.instants import Duration, Instant
from clearline.model.notice_life import NoticeClockName
from clearline.model.notices import Notice
from clearline.picture.picture import Picture
from clearline.rules.decide import decide, is_urgent
from clearline.service.disk import Disk
from clearline.service.evidence import with_checked_evidence
from clearline.service.log import Log, Prepared
from clearline.service.ports import Clock, Reading, StoreRefused
from clearline.service.waitlist import in_turn
from clearline.wire.entries import Unwritable, sayable, write_entry

PATIENCE: Final = Duration(milliseconds=50)
"""How long a STOP waits for the disk before it rings from memory."""

TRY_AGAIN_AFTER: Final = Duration(seconds=1)
"""How soon a disk that refused is tried again."""

STEP_AFTER: Final = Duration(seconds=1)
"""How far the wall clock may part from node time before that is a step."""

LAST_PATIENCE: Final = Duration(seconds=5)
"""How long a node that is being stopped waits for a disk that says nothing."""

MOST_AT_ONCE: Final = 256
"""How many commands one batch takes."""

MOST_DUE_AT_ONCE: Final = 64
"""How much of what is due one batch takes: what comes meanwhile waits for no more."""

MOST_DUE: Final = 20_000
"""Among how much of what is due everybody has a turn."""


class NotNow(BrokenPromise):
    """Refuse, because the disk does not answer and only STOP and HOLD go on."""


class OurFault(BrokenPromise):
    """Admit that a fault of ours kept one command from being decided."""


class NodeStopped(BrokenPromise):
    """Refuse, because the node writes nothing any more and has to be started anew."""


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """Say what followed from a command.

    Attributes:
        entries: What was decided, in order; none where nothing changed.
        first: Index of the first of them in the log; `None` if not yet recorded.
        is_durable: Whether they would survive power loss now. If not, the call is
            RINGING, NOT YET RECORDED, and everyone who sees it is told so.
    """

    entries: tuple[Entry, ...]
    first: int | None
    is_durable: bool


Outcome = Written | ClearlineError
Reply = Callable[[Outcome], None]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a command and who waits for its outcome.

    Attributes:
        sealed: Parts that lie beside the entries it leads to, and can be erased.
        request: Digest of the request it came in, where that had a key of its own.
    """

    command: Command
    reply: Reply
    sealed: tuple[SealedPart, ...] = ()
    request: str | None = None


class _Decided(msgspec.Struct, kw_only=True):
    """Hold one command of a batch, what follows from it, and who knows that."""

    asked: Asked
    first: int
    is_urgent: bool
    entries: tuple[Entry, ...] = ()
    payloads: tuple[bytes, ...] = ()
    refused: ClearlineError | None = None
    is_out: bool = False


class _Flight(msgspec.Struct, kw_only=True):
    """Hold a batch the disk was asked to store and has not answered for."""

    decided: list[_Decided]
    prepared: Prepared
    writing: Future[None]
    is_late: bool = False


class Writer:
    """Take commands, one batch at a time, for the one log of a node.

    Attributes:
        held_beside: Says what another log holds a notice of this one by, or nothing.
    """

    def __init__(  # noqa: PLR0913 (what it is made of, by name)
        self,
        *,
        log: Log,
        picture: Picture,
        clock: Clock,
        disk: Disk,
        realm: Realm,
        hear: Callable[[Written], None],
        is_durable: Callable[[int], None] | None = None,
    ) -> None:
        """Write to `log` what follows from commands, and let `hear` know of it.

        Args:
            log: Where entries go.
            picture: What stands after the log's entries; owned by the writer.
            clock: What tells node time.
            disk: What stores batches.
            realm: Whether this is earnest; the log's own.
            hear: Is given everything that was decided, once each, when it may be
                acted on: rung, shown, published. What it raises is kept in `trouble`
                and stops nobody.
            is_durable: Is told how many entries are, before anybody is answered;
                what it raises is kept too.
        """
        self._log = log
        self._disk = disk
        self._clock = clock
        self.realm = realm
        self._hear = hear
        self._is_durable = is_durable or _unheard
        self._flight: _Flight | None = None
        self._unrecorded: list[Entry] = []
        self._rang_early: list[Entry] = []
        self._disk_said = ""
        self._try_at: Instant | None = None
        self._apart = Duration(0)
        self._lost: BaseException | None = None
        self._is_closing = False
        self.gate = threading.RLock()
        self.patience = PATIENCE
        self.picture = picture
        self.held_beside: Callable[[Notice], str] = _held_by_nothing
        self.trouble: Exception | None = None

    @property
    def is_recording(self) -> bool:
        """Say whether the disk takes what is said."""
        return not (self._flight or self._unrecorded or self._rang_early)

    def unrecorded(self) -> frozenset[CallId]:
        """Name the calls of which something rang and is not recorded yet."""
        entries = [*self._unrecorded, *self._rang_early]
        if self._flight is not None:
            early = (one for one in self._flight.decided if one.is_out)
            entries += [entry for one in early for entry in one.entries]
        acts = (entry.act for entry in entries)
        return frozenset(act.call for act in acts if isinstance(act, CALL_ACTS))

    @property
    def waits_since(self) -> Instant | None:
        """Return since when the disk has owed an answer, or nothing."""
        return self._flight.prepared.now if self._flight else None

    def write(self, asked: Sequence[Asked]) -> None:
        """Decide a batch of commands; every reply is called once, now or later.

        A command that cannot be decided for a fault of ours is answered `OurFault`,
        and `trouble` keeps what happened; the others go on.

        Raises:
            LostCertainty: The log is no longer what was signed, or no longer ours.
        """
        reading = self._read()
        self.look_at_disk(reading)
        if self._lost is not None:
            for one in asked:
                one.reply(stopped(self._lost))
        elif not self.is_recording:
            self._write_without_disk(asked, reading)
        else:
            with self.gate:
                every = self._decide_all(asked, reading)
            if decided := self._answer_certain(every):
                self._fly(decided, reading)

    def run_due(self, between: Callable[[], None] | None = None) -> Instant | None:
        """Do everything that is due, and say when something is due next.

        Args:
            between: Called after each batch, so that a STOP waits for one at most,
                and whatever else is asked does not wait for all that is due.
        """
        reading = self._read()
        self.look_at_disk(reading)
        self._note_step(reading)
        done = set[str]()
        while due := self._due_in_turn(reading.at, done):
            done.update(due)
            self.write(
                [Asked(command=self._advance(key), reply=_unheard) for key in due]
            )
            if between is not None:
                between()
                reading = self._read()  # what came due meanwhile has its turn too
        return self._next_at(reading)

    def _advance(self, key: str) -> Advance:
        """Ask for what is due; where a purge is, say what the other log holds of it."""
        waiting = self.picture.waiting_for(key)
        is_purge = isinstance(waiting, Notice) and any(
            clock.name is NoticeClockName.PURGE for clock in waiting.clocks
        )
        if not isinstance(waiting, Notice) or not is_purge:
            return Advance(waiting=key)
        return Advance(waiting=key, held_by=self.held_beside(waiting))

    def _due_in_turn(self, now: Instant, done: set[str]) -> list[str]:
        """Name some of what is due: of each source one before any source's second.

        Ten thousand calls of one desk, due at once, do not keep another desk's from
        being rung in time.
        """
        due = self.picture.due(now, MOST_DUE + len(done))
        left = [key for key in due if key not in done]
        return in_turn(left, self._source_of)[:MOST_DUE_AT_ONCE]

    def _source_of(self, key: str) -> Hashable:
        waiting = self.picture.waiting_for(key)
        return waiting.raised_by.desk if isinstance(waiting, Call) else key

    def _next_at(self, reading: Reading) -> Instant | None:
        """Say when there is something to do next; what is overdue is tried again."""
        waits = [self.picture.next_due(), self._log.tend_at()]
        if not self.is_recording:
            waits.append(self._try_at)
        again = reading.at + TRY_AGAIN_AFTER
        ahead = (at if at > reading.at else again for at in waits if at is not None)
        return min(ahead, default=None)

    def _read(self) -> Reading:
        """Read the clock; no entry is ever before the one it follows."""
        reading, last = self._clock.read(), self.picture.last_at()
        return replace(reading, at=last) if last and last > reading.at else reading

    def _note_step(self, reading: Reading) -> None:
        """Write down that the wall clock jumped; nothing that is due moves."""
        apart = reading.wall - reading.at
        by = apart - self._apart
        if abs(by) > STEP_AFTER and self.is_recording:
            self._apart = apart  # a slow drift is told as well, once it is that far
            stepped = WallStepped(by_s=by.total_seconds())
            self.write([Asked(command=Enter(act=stepped), reply=_unheard)])

    def look_at_disk(self, reading: Reading | None = None) -> None:
        """See whether the disk has answered, and try again what it refused."""
        if self._lost is not None:
            return
        reading = reading or self._read()
        if self._flight is not None and self._flight.writing.done():
            self._land(reading)
        if self._flight is not None or self._is_closing:
            return
        is_time = self._try_at is None or reading.at >= self._try_at
        if not self.is_recording and is_time:
            self._record_late(reading)
        if self._flight is None:
            self._log.tend(reading.at)

    def close(self) -> None:
        """Record what rang from memory, if the disk takes it, and let go of the disk.

        The log itself is the opener's to close.
        """
        try:
            self._try_at = None
            self.look_at_disk()
            while self._flight is not None:
                if not self._disk.wait(self._flight.writing, LAST_PATIENCE):
                    break
                self.look_at_disk()
        finally:
            self._is_closing = True
            self._disk.close()
            self.look_at_disk()

    # --- deciding ---------------------------------------------------------------

    def _decide_all(self, asked: Sequence[Asked], reading: Reading) -> list[_Decided]:
        size = self.picture.size
        try:
            return [self._decide(one, reading) for one in asked]
        except BaseException:
            self.picture.take_back(size)  # broken off: as if nothing was asked
            raise

    def _decide(self, asked: Asked, reading: Reading) -> _Decided:
        """Decide one command and fold what follows, or keep why it is refused."""
        first = self.picture.size
        decided = _Decided(
            asked=asked,
            first=first,
            is_urgent=is_urgent(self.picture, asked.command),
        )
        try:
            self._follow_or_rephrase(decided, reading)
        except ClearlineError as error:
            decided.refused = error
        except Exception as error:  # noqa: BLE001 (one command's fault stops no other)
            self.picture.take_back(first)
            self.trouble = error
            decided.refused = _our_fault(error)
        return decided

    def _follow_or_rephrase(self, decided: _Decided, reading: Reading) -> None:
        """Follow a command; a STOP in text nobody can write rings all the same."""
        command = decided.asked.command
        try:
            self._follow(decided, command, reading)
        except Unwritable:
            if not decided.is_urgent:
                raise
            self._follow(decided, sayable(command), reading)

    def _follow(self, decided: _Decided, command: Command, reading: Reading) -> None:
        """Write out and fold what follows from a command."""
        request = decided.asked.request
        entries = tuple(
            with_checked_evidence(
                self.picture,
                Entry(
                    at=reading.at,
                    realm=self.realm,
                    act=act,
                    clock_error_s=reading.error_s,
                    request=None if isinstance(act, PeerTold) else request,
                ),
            )
            for act in decide(self.picture, command, reading.at)
        )
        for entry in entries:
            if isinstance(entry.act, SealedErased):
                self._log.require_sealed(entry.act.entry, entry.act.part)
        payloads = tuple(write_entry(entry) for entry in entries)
        for entry in entries:
            self.picture.fold(entry)
        decided.entries, decided.payloads = entries, payloads

    def _answer_certain(self, decided: list[_Decided]) -> list[_Decided]:
        """Answer what changes nothing and rests on nothing still to be stored.

        The rest waits for the disk: what is refused, or is as it was, because of a
        command before it is only so once that one is durable.
        """
        for at, one in enumerate(decided):
            if one.entries:
                return decided[at:]
            self._out(one, is_durable=True)
        return []

    # --- storing ------------------------------------------------------------------

    def _fly(
        self, decided: list[_Decided], reading: Reading, *, is_late: bool = False
    ) -> None:
        entries = [entry for one in decided for entry in one.entries]
        prepared = self._log.prepare(
            [payload for one in decided for payload in one.payloads],
            now=reading.at,
            is_urgent=any(isinstance(entry.act, CALL_ACTS) for entry in entries),
            sealed={
                seal(part): (part.salt, part.data)
                for one in decided
                if one.entries
                for part in one.asked.sealed
            },
        )
        self._flight = _Flight(
            decided=decided,
            prepared=prepared,
            writing=self._disk.begin(prepared),
            is_late=is_late,
        )
        if self._disk.wait(self._flight.writing, self.patience):
            self._land(reading)
            return
        self._disk_said = self._disk_said or "the disk says nothing"
        for one in decided:
            if one.is_urgent and not is_late:
                self._out(one, is_durable=False)

    def _land(self, reading: Reading) -> None:
        """Take the disk's answer to the batch under way."""
        flight = self._flight
        if flight is None:
            return
        self._flight = None
        said = flight.writing.exception()
        if said is None:
            self._landed(flight)
        elif isinstance(said, StoreRefused):
            self._refused(flight, said, reading)
        else:
            self._lost = said
            for one in flight.decided:  # certainty is lost: ring what may not wait
                if one.is_urgent:
                    self._out(one, is_durable=False)
                else:
                    self._reply(one, stopped(said))
            raise said

    def _landed(self, flight: _Flight) -> None:
        self._log.settle(flight.prepared)
        self._guarded(self._is_durable, flight.prepared.size)
        if flight.is_late:
            self._unrecorded = self._unrecorded[len(flight.prepared.rows) - 1 :]
            self._rang_early.clear()
            self._disk_said, self._try_at = "", None
            (late,) = flight.decided
            self._guarded(  # whoever was told "not yet recorded" is told that it is
                self._hear,
                Written(
                    entries=late.entries[-1:],
                    first=flight.prepared.size - 1,
                    is_durable=True,
                ),
            )
        for one in flight.decided:
            if one.is_out and not flight.is_late:
                self._rang_early += one.entries
            self._out(one, is_durable=True)
        if self.is_recording:
            self.picture.settle()

    def _refused(self, flight: _Flight, error: StoreRefused, reading: Reading) -> None:
        """Take the batch back; keep and ring what may not wait."""
        self._disk_said = error.what.rstrip(".")
        self._try_at = reading.at + TRY_AGAIN_AFTER
        with self.gate:
            self.picture.take_back(flight.prepared.first)
        kept, self._unrecorded = self._unrecorded, []
        for one in flight.decided:
            if flight.is_late:
                break  # its entries are the ones kept
            if one.is_out:
                self._keep_unrecorded(one.entries)
            elif one.is_urgent:
                self._ring_unrecorded(one.asked, reading)
            else:
                self._reply(one, error)
        self._keep_unrecorded(kept)

    # --- without the disk ---------------------------------------------------------

    def _write_without_disk(self, asked: Sequence[Asked], reading: Reading) -> None:
        for one in asked:
            if is_urgent(self.picture, one.command):
                self._ring_unrecorded(one, reading)
            else:
                one.reply(self._not_now())

    def _ring_unrecorded(self, asked: Asked, reading: Reading) -> None:
        with self.gate:
            decided = self._decide(asked, reading)
        self._unrecorded += decided.entries
        self._out(decided, is_durable=False)

    def _keep_unrecorded(self, entries: Sequence[Entry]) -> None:
        with self.gate:
            for entry in entries:
                self.picture.fold(entry)
        self._unrecorded += entries

    def _record_late(self, reading: Reading) -> None:
        """Record first what was rung from memory, with both of its times."""
        said = self._said_late([*self._rang_early, *self._unrecorded], reading)
        with self.gate:
            self.picture.fold(said)
        recorded = [
            replace(entry, recorded_at=reading.at) for entry in self._unrecorded
        ]
        entries = (*recorded, said)
        late = _Decided(
            asked=Asked(command=Advance(waiting=""), reply=_unheard),
            entries=entries,
            payloads=tuple(write_entry(entry) for entry in entries),
            first=self._log.size,
            is_urgent=True,
            is_out=True,
        )
        self._fly([late], reading, is_late=True)

    def _said_late(self, rung: Sequence[Entry], reading: Reading) -> Entry:
        """Say which calls rang from memory, since when, and what the disk said."""
        acts = [entry.act for entry in rung]
        calls = dict.fromkeys(act.call for act in acts if isinstance(act, CALL_ACTS))
        return Entry(
            at=reading.at,
            realm=self.realm,
            act=RecordedLate(
                calls=tuple(calls),
                decided_at=min(entry.at for entry in rung),
                why=self._disk_said,
            ),
            clock_error_s=reading.error_s,
        )

    def _not_now(self) -> NotNow:
        return NotNow(
            f"The disk does not take it: {self._disk_said}.",
            state="Nothing was recorded. Only STOP and HOLD go out, from memory.",
            next="Free the disk, then say it again; it is tried every second.",
        )

    # --- answering -----------------------------------------------------------------

    def _out(self, one: _Decided, *, is_durable: bool) -> None:
        """Answer a command and let what followed from it be heard, once."""
        if one.is_out:
            return
        if one.refused is not None:
            self._reply(one, one.refused)
            return
        is_recorded = is_durable and bool(one.entries)
        written = Written(
            entries=one.entries,
            first=one.first if is_recorded else None,
            is_durable=is_durable,
        )
        self._reply(one, written)
        if one.entries:
            self._guarded(self._hear, written)

    def _reply(self, one: _Decided, outcome: Outcome) -> None:
        if not one.is_out:
            one.is_out = True
            self._guarded(one.asked.reply, outcome)

    def _guarded(self, told: Callable[[Any], None], what: object) -> None:
        """Tell somebody; a fault of theirs is kept, and the others are told."""
        try:
            told(what)
        except Exception as error:  # noqa: BLE001 (one listener's fault stops no ring)
            self.trouble = error


def stopped(why: object) -> NodeStopped:
    """Refuse a command because nothing is written any more."""
    return NodeStopped(
        f"The node has stopped: {why}",
        state="Nothing was recorded and nobody is rung from here.",
        next="Use voice now. Start the node again, or mend what it names.",
    )


def _our_fault(error: Exception) -> OurFault:
    return OurFault(
        f"A fault of ours kept this from being decided: {error!r}.",
        state="Nothing was recorded; everything else goes on.",
        next="Use voice now, and report the fault with what was said.",
    )


def _held_by_nothing(notice: Notice) -> str:
    """Hold nothing: there is no other log."""
    del notice
    return ""


def _unheard(outcome: object) -> None:
    """Let nobody wait for it."""
    del outcome
