"""Hold the acts of a case: the entries that open, fill and close one."""

from typing import Final, TypeAlias, get_args

import msgspec

from clearline.model.annotation import SourceText
from clearline.model.beats import ToldPlace
from clearline.model.calls import CallId
from clearline.model.casework import (
    AllegationId,
    AttachmentId,
    Audience,
    CaseId,
    FindingId,
    Handling,
    LessonId,
    StatementId,
    Term,
)
from clearline.model.claims import Claim, ClaimId, Question, Voice
from clearline.model.facts import Source, SourceId
from clearline.model.instants import Instant
from clearline.model.notices import NoticeId
from clearline.model.parties import Actor, DeskId, PartyId
from clearline.model.sealed import Sealed


class _CaseAct(msgspec.Struct, frozen=True, kw_only=True):
    """Be the root of every act of a case.

    Attributes:
        case: Which case.
    """

    case: CaseId


class CaseOpened(_CaseAct, frozen=True, kw_only=True):
    """Open a case.

    Attributes:
        calls: Calls it is about.
        notices: Notices it is about.
        text_sha256: The text it was opened from, if it was; the text is not here.
        zone: UTC offset of the place, for local times.
    """

    by: Actor
    title: str
    why: str = ""
    calls: tuple[CallId, ...] = ()
    notices: tuple[NoticeId, ...] = ()
    text_sha256: str = ""
    zone: str = "+00:00"


class CaseTextAnnotated(_CaseAct, frozen=True, kw_only=True):
    """Enter where the sentences of a case's text stand, by offset and hash.

    Attributes:
        text: What stands where; the text itself stays with whoever has it.
    """

    by: Actor
    text: SourceText


class CaseWidened(_CaseAct, frozen=True, kw_only=True):
    """Say what else a case is about.

    Attributes:
        calls: Calls it is about from now on, besides those it was about.
        notices: Notices likewise.
    """

    by: Actor
    calls: tuple[CallId, ...] = ()
    notices: tuple[NoticeId, ...] = ()


class CaseTermSet(_CaseAct, frozen=True, kw_only=True):
    """Enter a source, a voice, a question or a place that claims may name; just one."""

    by: Actor
    source: Source | None = None
    voice: Voice | None = None
    question: Question | None = None
    place: ToldPlace | None = None

    @property
    def term(self) -> Term | None:
        """Return the one thing entered; nothing where it is none or several."""
        given = [
            one
            for one in (self.source, self.voice, self.question, self.place)
            if one is not None
        ]
        return given[0] if len(given) == 1 else None


class ClaimMade(_CaseAct, frozen=True, kw_only=True):
    """Enter what somebody says; with `corrects` in the claim, in place of another."""

    by: Actor
    claim: Claim


class SourceWithdrawn(_CaseAct, frozen=True, kw_only=True):
    """Say that a source no longer stands by what it said; its claims stay."""

    by: Actor
    source: SourceId
    why: str


class HarmReported(_CaseAct, frozen=True, kw_only=True):
    """Report harm on a call or a notice; evidence of both is kept from now on."""

    by: Actor
    says: str
    call: CallId | None = None
    notice: NoticeId | None = None


class EvidenceHeld(_CaseAct, frozen=True, kw_only=True):
    """Keep evidence: nothing of the case may be erased."""

    by: Actor
    why: str


class EvidenceReleased(_CaseAct, frozen=True, kw_only=True):
    """Let a hold on evidence go, by two people of two parties."""

    by: Actor
    second: Actor
    why: str


class StatementTaken(_CaseAct, frozen=True, kw_only=True):
    """Take a statement, from a role and a pseudonym.

    Attributes:
        name: The person's name, sealed; it can be erased once nothing is held.
        said_at: When they said it, as precisely as known.
    """

    statement: StatementId
    by: Actor
    role: str
    pseudonym: str
    said: str
    said_at: str = ""
    name: Sealed | None = None


class AttachmentAdded(_CaseAct, frozen=True, kw_only=True):
    """Add an attachment by the hash of its bytes; they lie elsewhere."""

    attachment: AttachmentId
    by: Actor
    name: str
    media_type: str
    sha256: str
    bytes_long: int


class CustodyLogged(_CaseAct, frozen=True, kw_only=True):
    """Say who had an attachment in hand, and what its bytes hashed to then.

    Attributes:
        to: Whom it was handed to.
        sha256: Of the bytes as found; another one than the attachment's is kept as
            found, and shown.
    """

    attachment: AttachmentId
    by: Actor
    did: Handling
    to: str = ""
    sha256: str = ""


class AllegationMade(_CaseAct, frozen=True, kw_only=True):
    """Say that a party broke something."""

    allegation: AllegationId
    by: Actor
    says: str
    against: PartyId


class AllegationQueried(_CaseAct, frozen=True, kw_only=True):
    """Ask the party that is alleged to have broken something."""

    allegation: AllegationId
    by: Actor
    asks: str


class AllegationAnswered(_CaseAct, frozen=True, kw_only=True):
    """Answer, for the party that was asked."""

    allegation: AllegationId
    by: Actor
    says: str


class FindingMade(_CaseAct, frozen=True, kw_only=True):
    """Say what one side found, or propose what several find together.

    Attributes:
        parties: Whose finding it is. One of several is joint only once each of them
            has said so.
        legal_basis: What law or rule it names, per nation where said.
        finding: What it is called, so that others can agree to it.
    """

    by: Actor
    says: str
    parties: tuple[PartyId, ...]
    rests_on: tuple[ClaimId, ...] = ()
    legal_basis: tuple[str, ...] = ()
    allegation: AllegationId | None = None
    finding: FindingId | None = None


class FindingAnswered(_CaseAct, frozen=True, kw_only=True):
    """Agree to a finding that is said to be one's party's too, or do not.

    The newest answer of a party counts; every one stays in the log.

    Attributes:
        says: Why not, where it does not agree.
    """

    finding: FindingId
    by: Actor
    agrees: bool
    says: str = ""


class LessonSet(_CaseAct, frozen=True, kw_only=True):
    """Set a lesson, with the desk that owns it and when it is to be done."""

    lesson: LessonId
    by: Actor
    says: str
    owner: DeskId
    due_at: Instant


class LessonReminded(_CaseAct, frozen=True, kw_only=True):
    """Remind the owner of a lesson that is not closed.

    Attributes:
        next_at: When they are reminded next.
    """

    lesson: LessonId
    owner: DeskId
    next_at: Instant


class LessonClosed(_CaseAct, frozen=True, kw_only=True):
    """Close a lesson, saying how it was met."""

    lesson: LessonId
    by: Actor
    how: str


class CaseReferred(_CaseAct, frozen=True, kw_only=True):
    """Refer a case to a higher body, with how much of it that body may see.

    Attributes:
        to: The body: a party of this line by its id, or one elsewhere by its name.
        sees: How much it may see; asked without, as follows from who it is.
    """

    by: Actor
    to: str
    sees: Audience | None = None
    why: str = ""


CaseAct: TypeAlias = (
    CaseOpened
    | CaseTextAnnotated
    | CaseWidened
    | CaseTermSet
    | ClaimMade
    | SourceWithdrawn
    | HarmReported
    | EvidenceHeld
    | EvidenceReleased
    | StatementTaken
    | AttachmentAdded
    | CustodyLogged
    | AllegationMade
    | AllegationQueried
    | AllegationAnswered
    | FindingMade
    | FindingAnswered
    | LessonSet
    | LessonReminded
    | LessonClosed
    | CaseReferred
)

CASE_ACTS: Final = get_args(CaseAct)
"""The types of every act of a case, for `isinstance`."""
