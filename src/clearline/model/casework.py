"""Hold a case as it is kept on a node: what was opened, taken, found and learned.

    harm reported --> case, and a hold on the evidence
    statements        who said what, as a role and a pseudonym; the name is sealed
    attachments       by hash, with who had them in hand
    allegation --> query --> reply --> finding of one side, or joint once each agreed
    lessons           tracked until they are closed, with reminders
    referral          to a higher body, with what it may see

Claims, and what they may name, are kept beside it, one by one.
"""

import re
from enum import StrEnum
from typing import NewType, TypeAlias

import msgspec

from clearline.model.annotation import SourceText
from clearline.model.beats import ToldPlace
from clearline.model.calls import CallId
from clearline.model.claims import ClaimId, Question, Voice
from clearline.model.errors import BadInput
from clearline.model.facts import Source, SourceId
from clearline.model.instants import Instant
from clearline.model.notices import NoticeId
from clearline.model.parties import Actor, DeskId, PartyId
from clearline.model.sealed import Sealed

CaseId = NewType("CaseId", str)
StatementId = NewType("StatementId", str)
AttachmentId = NewType("AttachmentId", str)
LessonId = NewType("LessonId", str)
AllegationId = NewType("AllegationId", str)
FindingId = NewType("FindingId", str)

Term: TypeAlias = Source | Voice | Question | ToldPlace
"""What a claim may name: a source, a voice, a question, a place."""


class NotADigest(BadInput):
    """Refuse a SHA-256 that is none."""


class Audience(StrEnum):
    """Say how much of a case somebody may see, widest first."""

    WHOLE = "whole"
    """Everything but sealed names."""
    PARTIES = "parties"
    """No statements' words and no attachments."""
    PUBLIC = "public"
    """As for parties, and no places finer than their name, no roles or desks."""


class Handling(StrEnum):
    """Name what somebody did with an attachment."""

    RECEIVED = "received"
    VIEWED = "viewed"
    COPIED = "copied"
    HANDED_OVER = "handed_over"
    CHECKED = "checked"


class Custody(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one time somebody had an attachment in hand.

    Attributes:
        sha256: What its bytes hashed to then, hex; empty where nobody looked.
    """

    at: Instant
    by: Actor
    did: Handling
    to: str = ""
    sha256: str = ""


class Attachment(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold an attachment by its hash; the bytes lie elsewhere.

    Attributes:
        sha256: Of the bytes as they were added, hex.
        bytes_long: How many there are.
    """

    id: AttachmentId
    name: str
    media_type: str
    sha256: str
    bytes_long: int
    custody: tuple[Custody, ...] = ()

    @property
    def changed(self) -> tuple[Custody, ...]:
        """Return each time its bytes were found to be others."""
        return tuple(
            one for one in self.custody if one.sha256 and one.sha256 != self.sha256
        )


class StatementHeld(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold what somebody said to whoever keeps the case.

    Attributes:
        role: What the person was there: `operator`, `driver`, `nurse`.
        pseudonym: What they are called in the case.
        name: Their name, sealed; nothing where it was not taken.
        said_at: When they said it, as precisely as known.
    """

    id: StatementId
    at: Instant
    by: Actor
    role: str
    pseudonym: str
    said: str
    said_at: str = ""
    name: Sealed | None = None


class FindingReply(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold whether a party agreed that a finding is its own too."""

    at: Instant
    by: Actor
    agrees: bool
    says: str = ""


class FindingHeld(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold what one side found, or several together; it is theirs.

    Attributes:
        parties: Whose finding it is said to be, by one of them.
        rests_on: Claims it rests on.
        legal_basis: What law or rule it names, per nation where said.
        replies: What the others of them said to it, in order.
    """

    at: Instant
    by: Actor
    says: str
    parties: tuple[PartyId, ...]
    rests_on: tuple[ClaimId, ...] = ()
    legal_basis: tuple[str, ...] = ()
    allegation: AllegationId | None = None
    id: FindingId | None = None
    replies: tuple[FindingReply, ...] = ()

    @property
    def agreed(self) -> tuple[PartyId, ...]:
        """Name the parties whose finding it is by their own word."""
        return tuple(
            party
            for party in self.parties
            if party == self.by.party
            or ((last := self.reply_of(party)) is not None and last.agrees)
        )

    @property
    def is_joint(self) -> bool:
        """Say whether it is of several parties, each by its own word."""
        return len(self.parties) > 1 and self.agreed == self.parties

    @property
    def whose(self) -> str:
        """Say whose finding it is: `joint`, or one side's, and who has not agreed."""
        if self.is_joint:
            return f"Joint finding of {' and '.join(self.parties)}"
        asked = [one for one in self.parties if one not in self.agreed]
        words = [f"Finding of {' and '.join(self.agreed)}"]
        for party in asked:
            last = self.reply_of(party)
            no = f"{party} does not agree" + (f": {last.says}" if last else "")
            words.append(no if last else f"{party} has not said whether it agrees")
        return "; ".join(words)

    def reply_of(self, party: PartyId) -> FindingReply | None:
        """Return the newest word of a party on it."""
        said = (one for one in reversed(self.replies) if one.by.party == party)
        return next(said, None)


class Allegation(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold that somebody is said to have broken something, and what came of it.

    Attributes:
        queried_at: When the other side was asked.
        replies: What it answered, in order.
    """

    id: AllegationId
    at: Instant
    by: Actor
    says: str
    against: PartyId
    asks: str = ""
    queried_at: Instant | None = None
    replies: tuple[str, ...] = ()


class Referral(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold that a case was referred, to whom, and what they may see."""

    at: Instant
    by: Actor
    to: str
    sees: Audience
    why: str = ""


class Lesson(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold something to be done differently, until it is done.

    Attributes:
        owner: The desk that sees to it.
        due_at: When it is to be done.
        next_at: When its owner is reminded next; nothing once it is closed.
        reminded: How often they have been.
    """

    case: CaseId
    id: LessonId
    says: str
    owner: DeskId
    due_at: Instant
    next_at: Instant | None
    reminded: int = 0
    closed_at: Instant | None = None
    how: str = ""

    @property
    def key(self) -> str:
        """Name the lesson among everything that waits."""
        return lesson_key(self.case, self.id)


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a case as it stands, without its claims, terms and lessons.

    Attributes:
        text_sha256: The text it was opened from, if it was; the text is not here.
        text: Where the sentences of that text stand, once that was entered.
        is_held: Whether evidence may not be erased.
        is_let_go: Whether two people of two parties let the last hold go.
        withdrawn: Sources that no longer stand by what they said, with why.
    """

    id: CaseId
    title: str
    opened_at: Instant
    opened_by: Actor
    why: str = ""
    zone: str = "+00:00"
    calls: tuple[CallId, ...] = ()
    notices: tuple[NoticeId, ...] = ()
    text_sha256: str = ""
    text: SourceText | None = None
    harm: tuple[str, ...] = ()
    is_held: bool = False
    is_let_go: bool = False
    withdrawn: tuple[tuple[SourceId, str], ...] = ()
    statements: tuple[StatementHeld, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    findings: tuple[FindingHeld, ...] = ()
    allegations: tuple[Allegation, ...] = ()
    referrals: tuple[Referral, ...] = ()


def lesson_key(case: CaseId, lesson: LessonId) -> str:
    """Name a lesson among everything that waits."""
    return f"lesson {case} {lesson}"


def require_digest(text: str) -> str:
    """Return a SHA-256 in hex.

    Raises:
        NotADigest: It is none.
    """
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise NotADigest(
            f"{text[:70]!r} is no SHA-256.",
            state="Nothing was recorded.",
            next="Give 64 hex digits in lower case, as sha256sum prints them.",
        )
    return text
