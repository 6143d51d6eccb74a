"""Play one day with the line: the earliest thing first, until nothing is left.

    next = min(what the line has due, what people and couriers are about to do)

The line is a writer with the real rules; it is told things and it rings. Couriers
carry its rings, people answer them (`people`), callers call. What came out is
measured from what the line wrote, not from what people meant to do.
"""

from collections import Counter
from itertools import pairwise
from typing import Final

import msgspec

from clearline.model.beats import Offset
from clearline.model.calls import Attempt, Call, CallId, Card, Outcome, Telling
from clearline.model.cast import Step, Tongue
from clearline.model.commands import RaiseCall, ReportAttempt, Show
from clearline.model.entries import (
    Acknowledged,
    Act,
    Ceased,
    DeskTold,
    PassedOn,
    Rang,
)
from clearline.model.instants import Duration, Instant
from clearline.model.parties import Medium
from clearline.model.scenarios import Raise
from clearline.replay.agenda import Doing
from clearline.replay.people import Answering
from clearline.replay.result import StepKind
from clearline.replay.scene import Scene
from clearline.service.writer import Written

AFTER_END: Final = Duration(minutes=30)
"""How long after the day's last event a run goes on; what comes later is never."""

SPOKEN: Final = frozenset({Medium.VOICE, Medium.RADIO})
"""Media on which a caller speaks with somebody, and can insist and hang up."""

_DIALS: Final = 20
"""How often a caller tries one medium before the next."""

_NOBODY: Final = frozenset({Telling.NOBODY_HAS_THIS, Telling.NOBODY_TO_RING})


class Measured(msgspec.Struct, kw_only=True):
    """Hold what is measured of one run; instants are node time.

    Attributes:
        called_at: When the caller pressed or dialled.
        told_nobody_at: When the caller was first told that nobody has it.
        hung_up_at: When the caller hung up.
        has_rung_on: Whether the call went on after that.
        is_silent: Whether the call was ever open with nobody rung and the caller
            not told.
    """

    called_at: Instant | None = None
    acknowledged_at: Instant | None = None
    right_at: Instant | None = None
    ceased_at: Instant | None = None
    told_nobody_at: Instant | None = None
    hung_up_at: Instant | None = None
    has_rung_on: bool = False
    is_silent: bool = False


class Delays(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold the six delays of a run, seconds, along the chain that gave the order."""

    notice: float | None = None
    reach: float | None = None
    understand: float | None = None
    authority: float | None = None
    belief: float | None = None
    propagation: float | None = None


class Day:
    """Play every call of a day; the first one is measured.

    Attributes:
        measured: What is measured of it so far.
    """

    def __init__(
        self,
        scene: Scene,
        raises: tuple[Raise, ...],
        others: tuple[tuple[Offset, Doing], ...] = (),
    ) -> None:
        """Get ready to raise each of `raises`, and do `others`, in their time."""
        self._scene = scene
        self._raises = raises
        self._answering: dict[CallId, Answering] = {}
        self._rings: Counter[tuple[CallId, str, Medium]] = Counter()
        self._left = len(raises)
        self.measured = Measured()
        for number, act in enumerate(raises):
            self._prepare(act, is_first=number == 0)
        for at, doing in others:
            scene.agenda.put(scene.t0 + at, doing)

    def play(self) -> None:
        """Play until the calls are over, or nothing more counts."""
        scene = self._scene
        end = scene.t0 + scene.players.scenario.events.end + AFTER_END
        is_over = False
        while not is_over:
            due, doing = scene.writer.picture.next_due(), scene.agenda.next_at()
            soonest = doing if due is None or (doing and doing < due) else due
            if soonest is None or soonest > end:
                break
            scene.clock.go_to(soonest)
            if due is not None and due <= soonest:
                scene.writer.run_due()
            else:
                scene.agenda.take()()
            is_over = scene.hear(self._hear) and self._is_over()
        scene.agenda.clear()

    def delays(self) -> Delays:
        """Return the six delays of the first call, as far as it came."""
        measured = self.measured
        called = measured.called_at
        if called is None:
            return Delays()
        notice = (called - self._scene.t0).total_seconds()
        answering = self._answering.get(_call_of(self._raises[0]))
        order = answering.order if answering else None
        if order is None:
            return Delays(notice=notice)
        chain = order.chain
        marks = (
            called,
            chain.since,
            chain.read_back,
            chain.may_since,
            order.at,
            measured.ceased_at,
        )
        spans = [
            (after - before).total_seconds() if before and after else None
            for before, after in pairwise(marks)
        ]
        reach, understand, authority, belief, propagation = spans
        return Delays(
            notice=notice,
            reach=reach,
            understand=understand,
            authority=authority,
            belief=belief,
            propagation=propagation,
        )

    # --- calling -----------------------------------------------------------------

    def _prepare(self, act: Raise, *, is_first: bool) -> None:
        at = self._scene.t0 + self._pressed(act)
        if is_first:
            self.measured.called_at = at
        self._scene.agenda.put(at, lambda: self._dials(act, 0, 1, is_first=is_first))

    def _pressed(self, act: Raise) -> Offset:
        """Say when somebody calls: as the document says, or drawn."""
        if act.at is not None:
            return act.at
        scene, name = self._scene, (act.id, Step.NOTICE)
        model = scene.players.response(Step.NOTICE, act.by, act.medium, Tongue.SHARED)
        takes = scene.draws.seconds(model.takes, *name)
        if scene.draws.happens(model.fails, *name):
            again = model.then_takes or model.takes
            takes += scene.draws.seconds(again, *name, "then")
        return Duration(seconds=takes)

    def _dials(self, act: Raise, choice: int, number: int, *, is_first: bool) -> None:
        """Try the caller's media, the chosen one first, until one carries the call."""
        scene = self._scene
        media = _media(act, scene.players.person(act.by).media)
        if choice == len(media):
            scene.note(StepKind.LOST, act.by, "has no way left to call")
            self._left -= 1
            return
        medium = scene.players.medium(media[choice])
        name = (act.id, "dials", medium.id)
        takes = scene.draws.seconds(medium.takes, *name, number=number)
        is_lost = scene.draws.happens(medium.lost, *name, number=number)
        if medium.works and not is_lost:
            scene.after(
                takes, lambda: self._raises_call(act, medium.id, is_first=is_first)
            )
            return
        scene.note(StepKind.LOST, act.by, f"does not get through by {medium.id}")
        following = (
            (choice, number + 1)
            if medium.works and number < _DIALS
            else (choice + 1, 1)
        )
        scene.after(takes, lambda: self._dials(act, *following, is_first=is_first))

    def _raises_call(self, act: Raise, medium: Medium, *, is_first: bool) -> None:
        scene, call = self._scene, _call_of(act)
        caller = scene.players.person(act.by)
        is_insisting = medium in SPOKEN and caller.insists_on is not None
        pressed = self.measured.called_at if is_first else None
        self._answering[call] = Answering(scene, act, call, is_insisting=is_insisting)
        self._left -= 1
        scene.does(
            RaiseCall(
                call=call,
                kind=act.call,
                by=scene.players.actor(act.by, medium),
                to_desk=act.to,
                card=Card() if is_insisting else self._card(act),
                precedence=act.precedence,
                said_at=pressed,
            )
        )
        if medium in SPOKEN and caller.hangs_up_after_s is not None:
            scene.after(
                caller.hangs_up_after_s,
                lambda: self._hangs_up(act, call, is_first=is_first),
            )

    def _card(self, act: Raise) -> Card:
        where = act.card.where
        return Card(
            where=self._scene.whereabouts.place(where) if where else None,
            what=act.card.what,
            why=act.card.why,
            confidence=act.card.confidence,
        )

    def _hangs_up(self, act: Raise, call: CallId, *, is_first: bool) -> None:
        """Let the caller hang up, unless whom they want has come."""
        known = self._scene.writer.picture.calls.get(call)
        caller = self._scene.players.person(act.by)
        if known is None or not known.is_open:
            return
        has_come = (
            known.holds(caller.insists_on) if caller.insists_on else bool(known.holders)
        )
        if has_come:
            return
        self._scene.note(StepKind.HUNG_UP, act.by, "hangs up", call)
        if is_first:
            self.measured.hung_up_at = self._scene.now

    # --- carrying ----------------------------------------------------------------

    def _carry(self, attempt: Attempt, call: CallId) -> None:
        """Hand a ring to its courier; a dead or losing one says nothing."""
        scene = self._scene
        if not scene.has_reports and scene.players.is_never_there(attempt.person):
            return  # nobody will ever know whether it arrived
        key = (call, attempt.person, attempt.medium)
        self._rings[key] += 1
        number = self._rings[key]
        medium = scene.players.medium(attempt.medium)
        name, draws = ("carries", *key), scene.draws
        if not medium.works or draws.happens(medium.lost, *name, number=number):
            scene.note(StepKind.LOST, attempt.person, "is not reached", call)
            return
        takes = draws.seconds(medium.takes, *name, number=number)
        scene.after(takes, lambda: self._arrives(attempt, call, number))

    def _arrives(self, attempt: Attempt, call: CallId, number: int) -> None:
        known = self._scene.writer.picture.calls.get(call)
        if known is None or not known.is_open:
            return
        if self._scene.has_reports:
            self._scene.does(_report(attempt, call))
        self._answering[call].rings(call, attempt, number)

    # --- hearing -----------------------------------------------------------------

    def _hear(self, written: Written) -> None:
        for entry in written.entries:
            act = entry.act
            self._measure(act, entry.at)
            if isinstance(act, Rang):
                for attempt in act.attempts:
                    if attempt.joins is None:
                        self._carry(attempt, act.call)
            elif isinstance(act, PassedOn):
                self._answering[act.child] = self._answering[act.call]
        self._look_for_silence(written)

    def _measure(self, act: Act, at: Instant) -> None:
        first, measured = self._raises[0], self.measured
        if getattr(act, "call", None) != _call_of(first):
            return
        if measured.hung_up_at is not None and isinstance(act, Rang | Acknowledged):
            measured.has_rung_on = True
        match act:
            case Acknowledged(by=by):
                measured.acknowledged_at = measured.acknowledged_at or at
                if by.person and self._scene.players.is_right(first, by.person):
                    measured.right_at = measured.right_at or at
            case Ceased(ceased_at=ceased_at):
                measured.ceased_at = measured.ceased_at or ceased_at
            case DeskTold(telling=telling) if telling in _NOBODY:
                measured.told_nobody_at = measured.told_nobody_at or at
            case _:
                pass

    def _look_for_silence(self, written: Written) -> None:
        """Look for a call that nobody is rung for and whose caller was not told."""
        for call in self._scene.writer.picture.open_calls():
            if not call.clocks or _is_unheard(call, written):
                self.measured.is_silent = True

    def _is_over(self) -> bool:
        calls = self._scene.writer.picture.calls
        known = (calls.get(_call_of(act)) for act in self._raises)
        return self._left == 0 and all(
            call is None or not call.is_open for call in known
        )


def _is_unheard(call: Call, written: Written) -> bool:
    """Say whether a ring went to nobody and the caller was not told with it."""
    acts = [
        entry.act
        for entry in written.entries
        if getattr(entry.act, "call", "") == call.id
    ]
    rang_nobody = any(isinstance(act, Rang) and not act.attempts for act in acts)
    told = any(
        isinstance(act, DeskTold) and act.desk == call.raised_by.desk for act in acts
    )
    return rang_nobody and not told


def _report(attempt: Attempt, call: CallId) -> Show | ReportAttempt:
    """Report what a courier knows of a ring that arrived."""
    if attempt.medium is Medium.SCREEN:
        device = f"screen of {attempt.person}"
        return Show(call=call, device=device, desk=attempt.desk)
    return ReportAttempt(call=call, attempt=attempt.id, outcome=Outcome.DELIVERED)


def _call_of(act: Raise) -> CallId:
    return CallId(act.id)


def _media(act: Raise, media: tuple[Medium, ...]) -> tuple[Medium, ...]:
    """List what a caller tries: what the document says, then whatever else there is."""
    return (act.medium, *(medium for medium in media if medium is not act.medium))
