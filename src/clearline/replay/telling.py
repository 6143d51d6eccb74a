"""Tell a run as a transcript, from what the line wrote and what no log holds."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, Final, cast

from clearline.model.calls import CallId, Why
from clearline.model.entries import (
    Acknowledged,
    AcknowledgementWithdrawn,
    AnswerGiven,
    AttemptReported,
    CallEnded,
    CallRaised,
    Ceased,
    ClosedBy,
    DeskTold,
    Entry,
    HeardFrom,
    PassedOn,
    Rang,
    ReadBack,
    Shown,
)
from clearline.model.instants import Instant, write_instant
from clearline.model.notice_acts import NoticeAmended, NoticeDisposed, NoticeFiled
from clearline.model.parties import Actor, DeskId, PersonId
from clearline.replay.players import Players
from clearline.replay.result import StepKind, TranscriptStep
from clearline.replay.scene import Note
from clearline.service.writer import Written

LINE: Final = "line"
"""The lane of what the line does by itself."""

_RINGS: Final = {
    Why.RAISED: "rings",
    Why.NEXT_RUNG: "rings the next rung",
    Why.REPEATED: "rings everybody again",
    Why.NOT_READ_BACK: "rings again, not read back",
    Why.READBACK_DIFFERS: "rings again, the readback differs",
    Why.NOT_PASSED_ON: "rings again, not passed on",
    Why.NOT_CEASED: "rings again, not reported as ceased",
    Why.NOT_ANSWERED: "rings again, not answered",
    Why.UNABLE: "rings on, somebody was unable",
    Why.LET_GO: "rings again, nobody holds it",
    Why.REVIEW: "rings both desks for review",
}


class Teller:
    """Listen to a run and keep what a reader needs; `scene.Listener`.

    Attributes:
        steps: The transcript so far.
        entries: Every entry heard, with its index in the log.
    """

    def __init__(self, players: Players, t0: Instant, *, has_log: bool) -> None:
        """Tell of a day of `players`; entries are named only where there is a log."""
        self._players = players
        self._t0 = t0
        self._has_log = has_log
        self._numbers: dict[CallId, int] = {}
        self._called_at: Instant | None = None
        self._desks = {desk.id: desk.name for desk in players.scenario.cast.desks}
        self._titles = {who.id: who.title for who in players.scenario.cast.people}
        self.steps: list[TranscriptStep] = []
        self.entries: list[tuple[int, Entry]] = []

    def written(self, written: Written) -> None:
        """Hear what the line decided and wrote."""
        first = written.first or 0
        for index, entry in enumerate(written.entries, first):
            self.entries.append((index, entry))
            tell = _TELLS.get(type(entry.act))
            if tell is not None:
                self._begin(entry)
                kind, by, says = tell(self, entry.act)
                self._add(kind, entry.at, by, says, index=index, act=entry.act)

    def note(self, what: Note) -> None:
        """Hear what no log holds."""
        lane = self._players.person(what.who).desk if what.who else LINE
        self.steps.append(
            TranscriptStep(
                at_s=self._at_s(what.at),
                after_call_s=self._after_call_s(what.at),
                lane=lane,
                who=what.who or LINE,
                kind=what.kind,
                says=what.says,
                call=self._numbers.get(what.call) if what.call else None,
            )
        )

    def _begin(self, entry: Entry) -> None:
        act = entry.act
        if isinstance(act, CallRaised):
            self._numbers[act.call] = act.number
            self._called_at = self._called_at or act.said_at or entry.at

    def _add(  # noqa: PLR0913 (one step, field by field)
        self,
        kind: StepKind,
        at: Instant,
        by: Actor | None,
        says: str,
        *,
        index: int,
        act: Any,
    ) -> None:
        self.steps.append(
            TranscriptStep(
                at_s=self._at_s(at),
                after_call_s=self._after_call_s(at),
                lane=by.desk if by else LINE,
                who=(by.person if by else None) or LINE,
                kind=kind,
                says=says,
                entry=index if self._has_log else None,
                call=self._numbers.get(getattr(act, "call", CallId(""))),
                readback=act.result.elements if isinstance(act, ReadBack) else (),
            )
        )

    def _at_s(self, at: Instant) -> float:
        return round((at - self._t0).total_seconds(), 1)

    def _after_call_s(self, at: Instant) -> float | None:
        if self._called_at is None or at < self._called_at:
            return None
        return round((at - self._called_at).total_seconds(), 1)

    # --- sentences ------------------------------------------------------------------

    def desk(self, desk: DeskId) -> str:
        """Name a desk."""
        return self._desks.get(desk, desk)

    def title(self, person: PersonId | None) -> str:
        """Name a person by what they are."""
        return self._titles.get(person, person) if person else "nobody"

    def raised(self, act: CallRaised) -> tuple[StepKind, Actor | None, str]:
        """Tell of a call raised."""
        card = act.card
        where = f", {card.where.text}" if card.where else ""
        what = f": {card.what}{where}" if card.what else where
        why = f" ({card.why})" if card.why else ""
        how = "passes down" if act.passed_from else "raises"
        says = f"{how} {act.kind} {act.number} to {self.desk(act.to_desk)}{what}{why}"
        return StepKind.RAISED, act.by, says

    def rang(self, act: Rang) -> tuple[StepKind, Actor | None, str]:
        """Tell of a ring, person by person with their media."""
        media = defaultdict[PersonId, list[str]](list)
        for attempt in act.attempts:
            media[attempt.person].append(attempt.medium)
        whom = "; ".join(
            f"{self.title(person)} ({', '.join(by)})" for person, by in media.items()
        )
        return StepKind.RING, None, f"{_RINGS[act.why]}: {whom or 'nobody is there'}"

    def told(self, act: DeskTold) -> tuple[StepKind, Actor | None, str]:
        """Tell of a desk being told, unasked."""
        says = f"tells {self.desk(act.desk)}: {act.telling}. {act.text}"
        return StepKind.TOLD, None, says

    def shown(self, act: Shown) -> tuple[StepKind, Actor | None, str]:
        """Tell of a card on a screen."""
        return StepKind.CARRIED, None, f"shown on the {act.device}"

    def delivered(self, act: AttemptReported) -> tuple[StepKind, Actor | None, str]:
        """Tell of what a courier reports."""
        return StepKind.CARRIED, None, f"ring {act.attempt} is {act.outcome}"

    def acknowledged(self, act: Acknowledged) -> tuple[StepKind, Actor | None, str]:
        """Tell of an acknowledgement and how surely it is whose."""
        return StepKind.ACKNOWLEDGED, act.by, f"has it (known by {act.by.strength})"

    def read_back(self, act: ReadBack) -> tuple[StepKind, Actor | None, str]:
        """Tell of a readback and what differed."""
        wrong = [part.name for part in act.result.elements if part.say_again]
        says = (
            f"reads back otherwise: {', '.join(wrong)}" if wrong else "reads back right"
        )
        return StepKind.READ_BACK, act.by, says

    def answered(self, act: AnswerGiven) -> tuple[StepKind, Actor | None, str]:
        """Tell of an answer."""
        reason = f": {act.reason}" if act.reason else ""
        return StepKind.ANSWERED, act.by, f"answers {act.answer}{reason}"

    def passed_on(self, act: PassedOn) -> tuple[StepKind, Actor | None, str]:
        """Tell of a call handed down."""
        return StepKind.PASSED_ON, act.by, f"passes it on to {self.desk(act.to_desk)}"

    def ceased(self, act: Ceased) -> tuple[StepKind, Actor | None, str]:
        """Tell of an effect reported."""
        return StepKind.CEASED, act.by, "reports that it has ceased"

    def closed(self, act: ClosedBy) -> tuple[StepKind, Actor | None, str]:
        """Tell of one side saying it is over."""
        return StepKind.CLOSED, act.by, "says that it is over"

    def ended(self, act: CallEnded) -> tuple[StepKind, Actor | None, str]:
        """Tell of a call's end."""
        return StepKind.ENDED, None, f"call ended: {act.ending}"

    def heard(self, act: HeardFrom) -> tuple[StepKind, Actor | None, str]:
        """Tell of words nobody proved to be theirs."""
        return StepKind.HEARD, None, f"heard from {act.number}: {act.words}"

    def withdrawn(
        self, act: AcknowledgementWithdrawn
    ) -> tuple[StepKind, Actor | None, str]:
        """Tell of an acknowledgement taken back."""
        return StepKind.ACKNOWLEDGED, act.by, "takes the acknowledgement back"

    def notice(
        self, act: NoticeFiled | NoticeAmended
    ) -> tuple[StepKind, Actor | None, str]:
        """Tell of a notice."""
        revision = act.revision
        desks = ", ".join(self.desk(desk) for desk in revision.tells)
        window = revision.window
        says = (
            f"tells {desks}: {revision.what}, {revision.where.text}, from "
            f"{write_instant(window.start)} to {write_instant(window.end)}"
        )
        return StepKind.NOTICE, act.by, says

    def disposed(self, act: NoticeDisposed) -> tuple[StepKind, Actor | None, str]:
        """Tell of what a desk did with a notice."""
        detail = f" ({act.detail})" if act.detail else ""
        return StepKind.NOTICE, act.by, f"{act.disposition} the notice{detail}"


_TELLS: Final = cast(
    "dict[type, Callable[[Teller, Any], tuple[StepKind, Actor | None, str]]]",
    {
        CallRaised: Teller.raised,
        Rang: Teller.rang,
        DeskTold: Teller.told,
        Shown: Teller.shown,
        AttemptReported: Teller.delivered,
        Acknowledged: Teller.acknowledged,
        AcknowledgementWithdrawn: Teller.withdrawn,
        ReadBack: Teller.read_back,
        AnswerGiven: Teller.answered,
        PassedOn: Teller.passed_on,
        Ceased: Teller.ceased,
        ClosedBy: Teller.closed,
        CallEnded: Teller.ended,
        HeardFrom: Teller.heard,
        NoticeFiled: Teller.notice,
        NoticeAmended: Teller.notice,
        NoticeDisposed: Teller.disposed,
    },
)
"""How each act is told; who is on the line is not part of a transcript."""
