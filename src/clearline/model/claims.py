"""Hold claims: what somebody says about an incident, and how well it stands.

    Claim    says    one thing, in words of our own
             what    of which kind it is, with what that kind needs
             by      who says that who says it, outermost first
             links   answers a question; contradicts, refines, characterises,
                     corrects another claim
    Voice    somebody in such a chain: what it is, which way it leans, whom it is of
    Question what the claims are about, and what record would have settled it

A claim is never changed: a correction is a new claim that names the old one. That a
claim is contested is never said of it; it follows from another one that contradicts
it. No claim wins.
"""

from enum import StrEnum
from typing import Final, NewType, TypeAlias

import msgspec

from clearline.model.beats import PlaceId
from clearline.model.calls import Kind as CallKind
from clearline.model.facts import (
    Flag,
    Measure,
    Modality,
    SourceId,
    SourceKind,
    ToldTime,
    Unfit,
)
from clearline.model.grades import Credibility, Reliability
from clearline.model.places import FactStatus

ClaimId = NewType("ClaimId", str)
VoiceId = NewType("VoiceId", str)
QuestionId = NewType("QuestionId", str)

MOST_QUOTED_WORDS: Final = 8
"""Words of a quotation at most: what a claim is about, never the source itself."""

NEVER: Final = "never"
"""Stands in `settled_by` where no record of a line can decide."""


class Certainty(StrEnum):
    """Say how sure whoever keeps the case is that it was so."""

    CONFIRMED = "confirmed"
    PROBABLE = "probable"
    POSSIBLE = "possible"
    RUMOUR = "rumour"
    NOT_ASSESSED = "not_assessed"


class _Kind(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag_field="is"):
    """Be the root of the kinds of claim."""


class Event(_Kind, frozen=True, kw_only=True, gc=False, tag="event"):
    """Say that something happened, or that it did not."""

    did_not_happen: bool = False


class Count(_Kind, frozen=True, kw_only=True, gc=False, tag="measure"):
    """Say how many or how much; the claim has the number."""


class Where(_Kind, frozen=True, kw_only=True, gc=False, tag="place"):
    """Say where; the claim names the place, located, vague or unlocated."""


class When(_Kind, frozen=True, kw_only=True, gc=False, tag="time"):
    """Say when; the claim has the time, with the source's own words."""


class Relating(StrEnum):
    """Name how two parties, or two things, stand to each other."""

    ALLY_OF = "ally_of"
    ADVERSARY_OF = "adversary_of"
    COORDINATES_WITH = "coordinates_with"
    TALKS_TO = "talks_to"
    SUPPORTS = "supports"
    SEEKS_REMOVAL_OF = "seeks_removal_of"
    REPRESENTS = "represents"
    BESIEGES = "besieges"
    OVERLOOKS = "overlooks"


class Relation(_Kind, frozen=True, kw_only=True, gc=False, tag="relation"):
    """Say how two stand to each other, or that they do not.

    Attributes:
        is_denied: The relation is said *not* to hold: never coordinated with.
    """

    subject: str
    relation: Relating
    object: str
    is_denied: bool = False


class Force(StrEnum):
    """Say whether a rule binds."""

    IN_FORCE = "in_force"
    CONDITIONAL = "conditional"
    NEVER_IN_FORCE = "never_in_force"


class RuleSaid(_Kind, frozen=True, kw_only=True, gc=False, tag="rule"):
    """Say that a rule exists, or would.

    Attributes:
        actor: Whom it binds.
        activity: What it bars or allows.
        over: Where, in the words it was told in.
        consent_of: Who must agree, or may forbid.
        guarantor: Who sees to it.
    """

    force: Force
    actor: str
    activity: str
    over: str = ""
    consent_of: str = ""
    guarantor: str = ""


class Grip(StrEnum):
    """Say what became of ground."""

    HOLDS = "holds"
    TAKES = "takes"
    RETAKES = "retakes"
    LOSES = "loses"
    BESIEGED = "besieged"


class Control(_Kind, frozen=True, kw_only=True, gc=False, tag="control"):
    """Say who holds ground, or that it changed hands; the claim names the place.

    Attributes:
        by: Who besieges, or whom it was taken from.
        access: How it can be reached.
    """

    holder: str
    grip: Grip
    by: str = ""
    access: str = ""


class Statement(_Kind, frozen=True, kw_only=True, gc=False, tag="statement"):
    """Say that somebody said something, whether or not it is so."""

    occasion: str = ""


class Intent(_Kind, frozen=True, kw_only=True, gc=False, tag="intent"):
    """Say what somebody meant to bring about; no record of a line decides it."""

    of: str
    aim: str


class Category(StrEnum):
    """Name what became of people."""

    KILLED = "killed"
    WOUNDED = "wounded"
    MISSING = "missing"


class Casualties(_Kind, frozen=True, kw_only=True, gc=False, tag="casualties"):
    """Count people of one category; the claim has the number.

    Attributes:
        whose: Whose people.
        covers_more: The number covers more than this incident.
    """

    category: Category
    whose: str
    covers_more: bool = False


class Conclusion(_Kind, frozen=True, kw_only=True, gc=False, tag="finding"):
    """Say what an inquiry found; it is that inquiry's, never ours."""

    inquiry: str


class LegalBasis(_Kind, frozen=True, kw_only=True, gc=False, tag="legal_basis"):
    """Say what law or rule somebody calls something in accordance with.

    Attributes:
        nations: For which nations; none where the text names none.
    """

    basis: tuple[str, ...]
    nations: tuple[str, ...] = ()


class LessonSaid(_Kind, frozen=True, kw_only=True, gc=False, tag="lesson"):
    """Say what is to be learned.

    Attributes:
        owner: Who is to see to it; empty where nobody says.
        due: When, in the part of EDTF we read; empty likewise.
    """

    owner: str = ""
    due: str = ""


class Consequence(_Kind, frozen=True, kw_only=True, gc=False, tag="consequence"):
    """Say that one thing led to another; the edge is attributed like any claim."""

    cause: ClaimId
    effect: ClaimId


Kind: TypeAlias = (
    Event
    | Count
    | Where
    | When
    | Relation
    | RuleSaid
    | Control
    | Statement
    | Intent
    | Casualties
    | Conclusion
    | LegalBasis
    | LessonSaid
    | Consequence
)


class Voice(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold somebody who says something, or passes it on.

    Attributes:
        name: As a reader is told: *Syrian government*, *an unnamed diplomat*.
        kind: What kind of thing it is.
        leaning: Whose side it speaks for, or `none known`.
        of: The party it belongs to, for a column of its own; empty for the others.
    """

    id: VoiceId
    name: str
    kind: SourceKind
    leaning: str = "none known"
    of: str = ""


class Need(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Name a receipt that would settle a question.

    Attributes:
        shows: What it shows, as the end of a sentence.
        entry: The type of entry, as `docs/reference/entries.md` names it; empty
            where no line keeps such a thing.
        call: Of a call of this kind only.
    """

    shows: str
    entry: str = ""
    call: CallKind | None = None


class Question(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Ask what several claims are about.

    Attributes:
        settled_by: What record would have settled it, in words; `never` where no
            record of a line can; empty where nothing is contested.
        because: Why no line can; with `never` only, and then required.
        needs: The receipts that together settle it.
    """

    id: QuestionId
    asks: str
    settled_by: str = ""
    because: str = ""
    needs: tuple[Need, ...] = ()

    def __post_init__(self) -> None:
        is_never = self.settled_by == NEVER
        if is_never != bool(self.because):
            raise Unfit(
                "because",
                found="`never` without it, or it without `never`",
                expected="`because` beside `settled_by: never`, and nowhere else",
            )
        if bool(self.needs) != bool(self.settled_by and not is_never):
            raise Unfit(
                "needs",
                found=f"{len(self.needs)} receipts",
                expected="receipts where `settled_by` names a record, and only there",
            )


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one thing somebody says.

    Attributes:
        says: What is said, in words of our own.
        what: Its kind, with what that kind needs.
        sources: Where we have it from; never empty.
        by: Who says it, outermost first: an outlet, then the government it quotes.
            Empty where the sources say it themselves.
        status: How well we have it; `contested` is never said but found.
        reliability: How far its sources are relied on for this, where that is other
            than for the best of them.
        quotes: Words of the source the claim is about, a few at most.
        reason: Why it has its status; required for `inferred`.
        rests_on: Claims an inference follows from.
        corrects: The claim this one stands in the place of.
        sentences: Sentences of the annotated text it comes from, counted from 1.
        graded: Why its credibility is judged so.
    """

    id: ClaimId
    says: str
    what: Kind
    sources: tuple[SourceId, ...]
    by: tuple[VoiceId, ...] = ()
    status: FactStatus = FactStatus.STATED
    reliability: Reliability | None = None
    credibility: Credibility = Credibility.NOT_JUDGED
    certainty: Certainty = Certainty.NOT_ASSESSED
    modality: Modality = Modality.STATED
    flags: tuple[Flag, ...] = ()
    measure: Measure | None = None
    time: ToldTime | None = None
    places: tuple[PlaceId, ...] = ()
    quotes: tuple[str, ...] = ()
    reason: str = ""
    rests_on: tuple[ClaimId, ...] = ()
    answers: tuple[QuestionId, ...] = ()
    contradicts: tuple[ClaimId, ...] = ()
    refines: tuple[ClaimId, ...] = ()
    characterises: tuple[ClaimId, ...] = ()
    corrects: ClaimId | None = None
    sentences: tuple[int, ...] = ()
    graded: str = ""

    def __post_init__(self) -> None:
        if not self.sources:
            raise Unfit("sources", found="no source", expected="at least one source id")
        if self.status is FactStatus.CONTESTED:
            raise Unfit(
                "status",
                found="`contested`, which follows from `contradicts`",
                expected="one of `stated`, `inferred`, `unverified`",
            )
        if self.status is FactStatus.INFERRED and not self.reason:
            raise Unfit(
                "status",
                found="`inferred` without a `reason`",
                expected="the `reason` it follows by",
            )
        self._require_whole()
        self._require_short_quotes()
        if self.id in self.links:
            raise Unfit(
                "id",
                found=f"`{self.id}`, which points at itself",
                expected="links to other claims only",
            )

    @property
    def links(self) -> tuple[ClaimId, ...]:
        """Return every claim this one points at, by whatever link."""
        found = (*self.rests_on, *self.contradicts, *self.refines, *self.characterises)
        own = () if self.corrects is None else (self.corrects,)
        if isinstance(self.what, Consequence):
            own = (*own, self.what.cause, self.what.effect)
        return (*found, *own)

    def _require_whole(self) -> None:
        needed: tuple[tuple[type | tuple[type, ...], str, object], ...] = (
            ((Count, Casualties), "measure", self.measure),
            (When, "time", self.time),
            ((Where, Control), "places", self.places),
        )
        for kinds, field, value in needed:
            if isinstance(self.what, kinds) and not value:
                raise Unfit(
                    "what",
                    found=f"`{self.what.__struct_config__.tag}` without `{field}`",
                    expected=f"`{field}` beside it",
                )
        if self.modality is Modality.QUOTED and not self.quotes:
            raise Unfit(
                "modality",
                found="`quoted` without `quotes`",
                expected="the few words quoted, under `quotes`",
            )

    def _require_short_quotes(self) -> None:
        for quote in self.quotes:
            if not 0 < len(quote.split()) <= MOST_QUOTED_WORDS:
                raise Unfit(
                    "quotes",
                    found=f"a quotation of {len(quote.split())} words",
                    expected=f"1 to {MOST_QUOTED_WORDS} words; the text stays outside",
                )
