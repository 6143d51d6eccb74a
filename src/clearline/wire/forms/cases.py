"""Hold the API's forms of cases: harm, acts, statements, and a case as it stands."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from clearline.model.calls import CallId
from clearline.model.casework import (
    Allegation,
    Audience,
    Case,
    CaseId,
    FindingHeld,
    Lesson,
)
from clearline.model.instants import Instant
from clearline.model.notices import NoticeId
from clearline.model.parties import PartyId
from clearline.wire.forms.calls import Named, Text

Said = Annotated[str, Meta(min_length=1, max_length=4_000)]


class HarmGiven(msgspec.Struct, frozen=True, kw_only=True):
    """Report harm on a call or on a notice; its evidence is held from now on.

    Attributes:
        case: What your party calls the case it belongs to; opened if it is not there.
        says: What happened, in a sentence.
        title: What a new case is called.
    """

    case: Named
    says: Said
    call: CallId | None = None
    notice: NoticeId | None = None
    title: Text = ""


class CaseActGiven(msgspec.Struct, frozen=True, kw_only=True):
    """Enter an act of a case as the reference of entries has it, without `by`.

    Attributes:
        type: Its type there: `finding_made`.
        act: What it holds; `case` is the one of the path.
    """

    type: Annotated[str, Meta(max_length=64)]
    act: dict[str, Any]


class StatementGiven(msgspec.Struct, frozen=True, kw_only=True):
    """Take what somebody says, as a role and a pseudonym.

    Attributes:
        id: The statement's own; taken twice under one id it is one.
        said_at: When they said it, as precisely as known.
        name: Who they are; sealed beside the log, in no answer and no report.
    """

    id: Named
    role: Said
    pseudonym: Said
    said: Said
    said_at: Text = ""
    name: Text = ""


class HoldReleased(msgspec.Struct, frozen=True, kw_only=True):
    """Let a hold go: whoever asks, and a second person of another party.

    Attributes:
        second: The second person; they type their own password.
    """

    second: Named
    secret: Named
    why: Said


class CaseDone(msgspec.Struct, frozen=True, kw_only=True):
    """Say what came of an act: how many entries; none where it stands already.

    Attributes:
        case: The case's id: its party's, and what that party calls it.
    """

    case: CaseId
    entries: int


class CaseLine(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a case as a line of a list."""

    id: CaseId
    title: str
    opened_at: Instant
    is_held: bool
    claims: int
    harm: int
    statements: int


class Cases(msgspec.Struct, frozen=True, kw_only=True):
    """Hold the cases a viewer's party keeps."""

    cases: tuple[CaseLine, ...]
    legal: str


class CaseShown(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a case as it stands; sealed names are in it by their digest alone.

    Attributes:
        claims: How many claims it has; `laid-out` tells them.
    """

    case: Case
    lessons: tuple[Lesson, ...]
    claims: int
    legal: str


class AllegationPut(msgspec.Struct, frozen=True, kw_only=True):
    """Hold an allegation as the party it is against sees it, and nothing else."""

    case: CaseId
    allegation: Allegation


class Allegations(msgspec.Struct, frozen=True, kw_only=True):
    """Hold the allegations that were put to a viewer's party."""

    allegations: tuple[AllegationPut, ...]


class FindingProposed(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a finding as a party sees it that is asked whether it agrees."""

    case: CaseId
    finding: FindingHeld


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    """Hold the findings that wait for a viewer's party, or had its word."""

    findings: tuple[FindingProposed, ...]


class ReportOf(msgspec.Struct, frozen=True, kw_only=True):
    """Say for whom a report is.

    Attributes:
        body: A body the case was referred to: it sees what the referral says, and
            `audience` says nothing then.
    """

    audience: Audience = Audience.PARTIES
    body: Text = ""


class ReferredCase(msgspec.Struct, frozen=True, kw_only=True):
    """Hold that a case was referred to a viewer's party.

    Attributes:
        case: Its id, under which its report is read.
        by: The party that keeps it.
        sees: How much of it the report shows.
    """

    case: CaseId
    title: str
    by: PartyId
    at: Instant
    sees: Audience
    why: str


class ReferredCases(msgspec.Struct, frozen=True, kw_only=True):
    """Hold the cases that were referred to a viewer's party, the newest first."""

    cases: tuple[ReferredCase, ...]
