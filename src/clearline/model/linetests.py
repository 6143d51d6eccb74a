"""Hold what came of checks of a line: who answered, how soon, what was missed."""

from enum import StrEnum
from typing import Final

import msgspec

from clearline.model.calls import CallId
from clearline.model.instants import Duration, Instant
from clearline.model.parties import DeskId, Medium, PartyId, PersonId

KEPT: Final = 60
"""How many checks of a channel are remembered beside the log: a month of two a day."""

BY_WORD: Final = frozenset({Medium.SMS, Medium.VOICE, Medium.EMAIL})
"""Media that an answer can come back by, with a code or a PIN."""


class LineOutcome(StrEnum):
    """Name what came of a check."""

    GOOD = "good"
    ELSEWHERE = "answered elsewhere"
    MISSED = "missed"


class LineTest(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold what came of one check.

    Attributes:
        from_desk: Whose check it was.
        raised_at: When it rang first.
        took: From there until it was answered; empty where it was missed.
        by: Who answered.
        rung: Who was rung by that medium when it ended.
    """

    call: CallId
    from_desk: DeskId
    raised_at: Instant
    outcome: LineOutcome
    took: Duration | None = None
    by: PersonId | None = None
    rung: tuple[PersonId, ...] = ()


class Channel(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold what is known of a desk's reach by one medium.

    Attributes:
        tests: The newest `KEPT`, oldest first.
        under_way: The check that rings now, if one does.
    """

    desk: DeskId
    medium: Medium
    tests: tuple[LineTest, ...] = ()
    under_way: CallId | None = None


class Stands(StrEnum):
    """Name how a channel stands."""

    GOOD = "good"
    LATE = "late"
    NEVER = "never"
    DEAD = "dead"


class AnswerTimes(msgspec.Struct, frozen=True, kw_only=True):
    """Hold how soon checks were answered, seconds, by those that were.

    Attributes:
        good: How many were, by the way that was checked.
        missed: How many were not.
        median_s: Half were answered at least so soon (nearest rank).
        p90_s: Nine of ten were.
        last_good_at: When the last good one rang.
    """

    good: int
    missed: int
    median_s: float | None = None
    p90_s: float | None = None
    last_good_at: Instant | None = None


class PersonAnswers(msgspec.Struct, frozen=True, kw_only=True):
    """Hold how soon one person answered checks; missed where they were rung too."""

    person: PersonId
    times: AnswerTimes


class ChannelStands(msgspec.Struct, frozen=True, kw_only=True):
    """Say how one channel to a desk stands.

    Attributes:
        place: On the desk's phone card, from 1; dead ones sink.
        last: The newest check, whatever came of it.
        from_desk: Who checks it regularly; nobody if empty.
        next_at: When it is checked next.
        under_way: The check that rings now.
        persons: Each person's own times.
    """

    party: PartyId
    desk: DeskId
    medium: Medium
    stands: Stands
    place: int
    times: AnswerTimes
    last: LineTest | None = None
    from_desk: DeskId | None = None
    next_at: Instant | None = None
    every_s: float | None = None
    under_way: CallId | None = None
    persons: tuple[PersonAnswers, ...] = ()
