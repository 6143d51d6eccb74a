"""Decide and fold as a node does, with no log: for the runs that are only counted.

It has a writer's face and nothing behind it: no signature, no tree, no disk. The
rules, the fold and what comes due are the node's own, and a test holds that the
acts are the same, one by one, as those of the real writer.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from clearline.model.commands import Advance
from clearline.model.entries import Entry, Realm
from clearline.model.errors import ClearlineError
from clearline.model.instants import Instant
from clearline.picture.picture import Picture
from clearline.rules.decide import decide
from clearline.service.ports import Clock
from clearline.service.writer import MOST_AT_ONCE, Asked, Outcome, Written


class Writes(Protocol):
    """Be a writer, as far as a replay needs one."""

    picture: Picture

    def write(self, asked: Sequence[Asked]) -> None:
        """Decide a batch of commands; every reply is called once."""

    def run_due(self) -> Instant | None:
        """Do everything that is due, and say when something is due next."""


class LeanWriter:
    """Write to a picture alone."""

    def __init__(self, clock: Clock, hear: Callable[[Written], None]) -> None:
        """Start with an empty picture; `hear` is given what was decided."""
        self.picture = Picture()
        self._clock = clock
        self._hear = hear

    def write(self, asked: Sequence[Asked]) -> None:
        """Decide commands one after the other and fold what follows."""
        now = self._clock.read().at
        for one in asked:
            try:
                outcome: Outcome = self._decide(one, now)
            except ClearlineError as error:
                outcome = error
            one.reply(outcome)
            if isinstance(outcome, Written) and outcome.entries:
                self._hear(outcome)

    def run_due(self) -> Instant | None:
        """Do everything that is due, and say when something is due next."""
        now, done = self._clock.read().at, set[str]()
        while due := [
            key
            for key in self.picture.due(now, MOST_AT_ONCE + len(done))
            if key not in done
        ]:
            done.update(due)
            self.write(
                [Asked(command=Advance(waiting=key), reply=_unheard) for key in due]
            )
        return self.picture.next_due()

    def _decide(self, asked: Asked, now: Instant) -> Written:
        acts = decide(self.picture, asked.command, now)
        entries = tuple(Entry(at=now, realm=Realm.MODEL, act=act) for act in acts)
        first = self.picture.size
        for entry in entries:
            self.picture.fold(entry)
        return Written(
            entries=entries, first=first if entries else None, is_durable=True
        )


def _unheard(outcome: Outcome) -> None:
    """Let nobody wait for an outcome."""
    del outcome
