"""Hold what everybody in one run shares: time, luck, the line, and who listens."""

from collections.abc import Callable
from typing import Protocol

import msgspec

from clearline.model.beats import Offset
from clearline.model.calls import CallId
from clearline.model.commands import Command
from clearline.model.errors import ClearlineError
from clearline.model.instants import Duration, Instant
from clearline.model.parties import PersonId
from clearline.replay.agenda import Agenda, Doing
from clearline.replay.chance import Draws
from clearline.replay.clock import VirtualClock
from clearline.replay.lean import Writes
from clearline.replay.players import Players
from clearline.replay.result import StepKind
from clearline.replay.whereabouts import Whereabouts
from clearline.service.writer import Asked, Outcome, Written


class Listener(Protocol):
    """Hear everything that happens in a run, in order."""

    def written(self, written: Written) -> None:
        """Hear what the line decided and wrote."""

    def note(self, what: "Note") -> None:
        """Hear what no log holds: a ring nobody heard, a caller hanging up."""


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """Hold something that happened outside the log."""

    at: Instant
    kind: StepKind
    who: PersonId | None
    says: str
    call: CallId | None = None


class Scene:
    """Hold one run's world; the line in it is a real one, everybody else is played."""

    def __init__(  # noqa: PLR0913 (what a world is made of, by name)
        self,
        *,
        players: Players,
        whereabouts: Whereabouts,
        t0: Instant,
        clock: VirtualClock,
        writer: Writes,
        draws: Draws,
        inbox: list[Written],
        listener: Listener | None = None,
        has_reports: bool = True,
    ) -> None:
        """Put a world together.

        Args:
            players: The cast.
            whereabouts: The places.
            t0: The first event, UTC.
            clock: The clock the writer reads; moved by the run.
            writer: What takes commands.
            draws: The luck of this run.
            inbox: Where the writer's `hear` puts what was written.
            listener: Who hears everything, if anybody.
            has_reports: Whether couriers report that a ring arrived; the line keeps
                such reports, and nothing it does depends on them.
        """
        self.has_reports = has_reports
        self.players = players
        self.whereabouts = whereabouts
        self.t0 = t0
        self.clock = clock
        self.writer = writer
        self.draws = draws
        self.agenda = Agenda()
        self.inbox = inbox
        self._listener = listener

    @property
    def now(self) -> Instant:
        """Return the present instant."""
        return self.clock.at

    @property
    def offset(self) -> Offset:
        """Return the present instant, counted from T0."""
        return self.clock.at - self.t0

    def ask(self, command: Command) -> Outcome:
        """Say something to the line now, and hear what it answers."""
        replies: list[Outcome] = []
        self.writer.write([Asked(command=command, reply=replies.append)])
        return replies[0]

    def does(self, command: Command) -> bool:
        """Say something to the line now; say whether it took it."""
        return not isinstance(self.ask(command), ClearlineError)

    def after(self, seconds: float, doing: Doing) -> None:
        """Let something happen so much later."""
        self.agenda.put(self.now + Duration(seconds=seconds), doing)

    def note(
        self,
        kind: StepKind,
        who: PersonId | None,
        says: str,
        call: CallId | None = None,
    ) -> None:
        """Let the listener know of something no log holds."""
        if self._listener is not None:
            self._listener.note(
                Note(at=self.now, kind=kind, who=who, says=says, call=call)
            )

    def hear(self, take: Callable[[Written], None]) -> bool:
        """Let the listener, and then `take`, hear what was written since, if any."""
        was_written = bool(self.inbox)
        while self.inbox:
            written = self.inbox.pop(0)
            if self._listener is not None:
                self._listener.written(written)
            take(written)
        return was_written
