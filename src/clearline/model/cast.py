"""Hold who plays in a scenario, how they can be rung, and how they respond.

    Parties have desks in a tree; desks have people, as roles and pseudonyms.
    Media carry rings, ladders say whom they reach and when.
    Responses say how long each of six steps takes people, and how often it fails.

Every number of a response is a model's: it says what it rests on and why, and a
number nobody published is called `assumed`.
"""

from enum import StrEnum
from typing import NewType, TypeAlias

import msgspec

from clearline.model.beats import Offset
from clearline.model.calls import Kind
from clearline.model.facts import FactId, SourceId, Unfit
from clearline.model.parties import (
    DeskId,
    Medium,
    PartyId,
    PersonId,
    Role,
    Standing,
)
from clearline.model.places import FactStatus

ResponseId = NewType("ResponseId", str)
DecisionId = NewType("DecisionId", str)
AbsenceId = NewType("AbsenceId", str)
LadderId = NewType("LadderId", str)
RungId = NewType("RungId", str)


class PlayedParty(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold an organisation of the day.

    Attributes:
        is_on_line: Whether the line reaches it at all.
        represented_by: The party that speaks for it on the line, if any.
    """

    id: PartyId
    name: str
    standing: Standing
    is_on_line: bool = True
    represented_by: PartyId | None = None
    facts: tuple[FactId, ...] = ()
    note: str = ""


class PlayedDesk(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a desk of a party, in its party's tree.

    Attributes:
        under: The desk above; empty at the top.
        is_staffed: Whether anybody has the watch there.
    """

    id: DeskId
    party: PartyId
    name: str
    under: DeskId | None = None
    is_staffed: bool = True
    is_single_handed: bool = False
    facts: tuple[FactId, ...] = ()
    note: str = ""


class Absence(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say that a person could not be reached, `[start, end)`."""

    id: AbsenceId
    start: Offset
    end: Offset
    status: FactStatus
    facts: tuple[FactId, ...] = ()
    reason: str = ""

    def __post_init__(self) -> None:
        if not self.start < self.end:
            raise Unfit("end", found="no span", expected="an offset after `start`")


class PlayedPerson(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a member of a desk as roles and a pseudonym; nobody is named.

    Attributes:
        id: The pseudonym.
        title: What this person is on the day, in a few words.
        away: When the person could not be reached.
        insists_on: The only person this one will speak to, if any.
        hangs_up_after_s: Ends a voice call after so long unless that person comes.
    """

    id: PersonId
    desk: DeskId
    title: str
    roles: tuple[Role, ...]
    media: tuple[Medium, ...]
    languages: tuple[str, ...]
    away: tuple[Absence, ...] = ()
    insists_on: PersonId | None = None
    hangs_up_after_s: float | None = None
    facts: tuple[FactId, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        if not self.roles:
            raise Unfit("roles", found="no role", expected="at least one role")
        if self.hangs_up_after_s is not None and not 0 <= self.hangs_up_after_s < 1e6:  # noqa: PLR2004 (days)
            raise Unfit(
                "hangs_up_after_s",
                found=f"{self.hangs_up_after_s:g}",
                expected="seconds, 0 or more",
            )


class Basis(StrEnum):
    """Say what a number of a model rests on."""

    STATED = "stated"
    INFERRED = "inferred"
    UNVERIFIED = "unverified"
    CONTESTED = "contested"
    ASSUMED = "assumed"
    """Chosen by us; no source gives it."""


class Fixed(
    msgspec.Struct, frozen=True, kw_only=True, gc=False, tag_field="shape", tag="fixed"
):
    """Take the same time always."""

    seconds: float

    def __post_init__(self) -> None:
        _require_seconds("seconds", self.seconds)


class Uniform(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    gc=False,
    tag_field="shape",
    tag="uniform",
):
    """Take any time between two ends alike."""

    least_s: float
    most_s: float

    def __post_init__(self) -> None:
        _require_seconds("least_s", self.least_s)
        _require_seconds("most_s", self.most_s)
        if self.most_s < self.least_s:
            raise Unfit(
                "most_s",
                found=f"{self.most_s:g}",
                expected=f"at least `least_s`, {self.least_s:g}",
            )


class Lognormal(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    gc=False,
    tag_field="shape",
    tag="lognormal",
):
    """Take a time whose logarithm is normal: mostly short, now and then long.

    Attributes:
        median_s: Half of all draws lie below it.
        sigma: Standard deviation of the natural logarithm.
    """

    median_s: float
    sigma: float

    def __post_init__(self) -> None:
        _require_seconds("median_s", self.median_s)
        if self.median_s == 0:
            raise Unfit("median_s", found="0", expected="more than 0 seconds")
        if not 0 < self.sigma <= 3:  # noqa: PLR2004 (past it the mean is 90 medians)
            raise Unfit("sigma", found=f"{self.sigma:g}", expected="above 0, at most 3")


def _require_seconds(field: str, seconds: float) -> None:
    if not 0 <= seconds <= 86_400:  # noqa: PLR2004 (a day)
        raise Unfit(field, found=f"{seconds:g}", expected="seconds from 0 to 86400")


def _require_probability(field: str, probability: float) -> None:
    if not 0 <= probability <= 1:
        raise Unfit(field, found=f"{probability:g}", expected="a number from 0 to 1")


Delay: TypeAlias = Fixed | Uniform | Lognormal


class PlayedMedium(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say how a medium carries a ring.

    Attributes:
        works: Whether it carries anything at all.
        takes: From handing over the ring to the device ringing.
        lost: Probability that a ring never arrives.
    """

    id: Medium
    takes: Delay
    lost: float
    sources: tuple[SourceId, ...]
    status: Basis
    reason: str
    works: bool = True

    def __post_init__(self) -> None:
        _require_probability("lost", self.lost)


class PlayedRung(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one step of a ladder.

    Attributes:
        after_s: Seconds after the rung before it, or after the call was raised.
        roles: Which roles on watch; empty for everyone on watch.
        media: Which media; empty for all a person has.
    """

    id: RungId
    desk: DeskId
    after_s: float
    roles: tuple[Role, ...] = ()
    media: tuple[Medium, ...] = ()

    def __post_init__(self) -> None:
        _require_seconds("after_s", self.after_s)


class PlayedLadder(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a desk's ladder for one kind of call; every other delay is the line's."""

    id: LadderId
    desk: DeskId
    kind: Kind
    rungs: tuple[PlayedRung, ...]
    repeat_after_s: float = 30.0

    def __post_init__(self) -> None:
        if not self.rungs:
            raise Unfit("rungs", found="no rung", expected="at least one rung")
        if not 1 <= self.repeat_after_s <= 3600:  # noqa: PLR2004 (an hour)
            raise Unfit(
                "repeat_after_s",
                found=f"{self.repeat_after_s:g}",
                expected="from 1 to 3600",
            )
        if late := [r for r in self.rungs if r.after_s > self.repeat_after_s]:
            raise Unfit(
                "rungs",
                found=f"`{late[0].id}` after {late[0].after_s:g} s",
                expected=f"at most `repeat_after_s`, {self.repeat_after_s:g}",
            )


class Cast(msgspec.Struct, frozen=True, kw_only=True):
    """Hold who plays and how they can be rung."""

    parties: tuple[PlayedParty, ...]
    desks: tuple[PlayedDesk, ...]
    people: tuple[PlayedPerson, ...]
    media: tuple[PlayedMedium, ...]
    ladders: tuple[PlayedLadder, ...]


class Step(StrEnum):
    """Name the six delays between harm and its end, kept apart.

    What `fails` means differs: a ring not heard; words not understood; somebody
    who may not; somebody who does not believe it; an order that does not arrive.
    """

    NOTICE = "notice"
    """The first event, until somebody calls."""
    REACH = "reach"
    """The device rings, until a person acknowledges. Fails: this ring is not heard."""
    UNDERSTAND = "understand"
    """Acknowledged, until read back. Fails: it comes back wrong and is said again."""
    AUTHORITY = "authority"
    """Read back, until whoever may stop it has it. Fails: unable, need authority."""
    BELIEF = "belief"
    """May stop it, until the order is given. Fails: first verifies, holds later."""
    PROPAGATION = "propagation"
    """Order given, until the desk that acts has ceased. Fails: told once more."""


class Tongue(StrEnum):
    """Say whether caller and listener share a language."""

    SHARED = "shared"
    OTHER = "other"


class ResponseModel(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say how long one step takes for whom, and how often it fails.

    For a person, medium and tongue the first entry in the document that fits holds.

    Attributes:
        desks: Whose people; empty for all.
        roles: Which roles; empty for all.
        medium: Which medium; empty for any.
        tongue: With or without a shared language; empty for either.
        fails: Probability that the step fails this time; see `Step`.
        then_takes: What a failure costs on top; empty for another draw of `takes`.
    """

    id: ResponseId
    step: Step
    takes: Delay
    fails: float
    sources: tuple[SourceId, ...]
    status: Basis
    reason: str
    then_takes: Delay | None = None
    desks: tuple[DeskId, ...] = ()
    roles: tuple[Role, ...] = ()
    medium: Medium | None = None
    tongue: Tongue | None = None

    def __post_init__(self) -> None:
        _require_probability("fails", self.fails)

    def fits(
        self, step: Step, person: PlayedPerson, medium: Medium | None, tongue: Tongue
    ) -> bool:
        """Say whether it holds for this person's step, on this medium and tongue.

        `medium` is what the step happens on; `None` for an order given in the room.
        """
        return (
            step is self.step
            and (not self.desks or person.desk in self.desks)
            and (not self.roles or bool(set(person.roles) & set(self.roles)))
            and self.medium in {None, medium}
            and self.tongue in {None, tongue}
        )


class DeclaredDecision(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say how fast a party says it decides, where the line cannot win against it.

    Attributes:
        action: What is decided.
        decides_in_s: Seconds, where the party gave a number.
        is_faster_than_line: Whether by its own word there is no time to ask.
    """

    id: DecisionId
    party: PartyId
    action: str
    is_faster_than_line: bool
    status: FactStatus
    facts: tuple[FactId, ...]
    reason: str
    decides_in_s: float | None = None
