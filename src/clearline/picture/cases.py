"""Fold the acts of a case into the case as it stands; every function is pure."""

from typing import TypeAlias

from msgspec.structs import replace

from clearline.model.case_acts import (
    AllegationAnswered,
    AllegationMade,
    AllegationQueried,
    AttachmentAdded,
    CaseAct,
    CaseOpened,
    CaseReferred,
    CaseTermSet,
    CaseTextAnnotated,
    CaseWidened,
    CustodyLogged,
    EvidenceHeld,
    EvidenceReleased,
    FindingAnswered,
    FindingMade,
    HarmReported,
    LessonClosed,
    LessonReminded,
    LessonSet,
    SourceWithdrawn,
    StatementTaken,
)
from clearline.model.casework import (
    Allegation,
    Attachment,
    Audience,
    Case,
    Custody,
    FindingHeld,
    FindingReply,
    Lesson,
    Referral,
    StatementHeld,
)
from clearline.model.instants import Instant

LessonAct: TypeAlias = LessonSet | LessonReminded | LessonClosed


def opened(act: CaseOpened, at: Instant) -> Case:
    """Return a case as it is opened."""
    return Case(
        id=act.case,
        title=act.title,
        opened_at=at,
        opened_by=act.by,
        why=act.why,
        zone=act.zone,
        calls=act.calls,
        notices=act.notices,
        text_sha256=act.text_sha256,
    )


def changed(case: Case, act: CaseAct, at: Instant) -> Case:  # noqa: C901, PLR0911 (one case an act)
    """Return a case as an act leaves it; claims, terms and lessons lie beside it."""
    match act:
        case HarmReported() | CaseWidened():
            return _wider(case, act)
        case CaseTextAnnotated():
            return replace(case, text=act.text, text_sha256=act.text.sha256)
        case EvidenceHeld():
            return replace(case, is_held=True, is_let_go=False)
        case EvidenceReleased():
            return replace(case, is_held=False, is_let_go=True)
        case SourceWithdrawn():
            return replace(case, withdrawn=(*case.withdrawn, (act.source, act.why)))
        case StatementTaken():
            return replace(case, statements=(*case.statements, _statement(act, at)))
        case AttachmentAdded():
            return replace(case, attachments=(*case.attachments, _attachment(act)))
        case CustodyLogged():
            return replace(case, attachments=_handled(case, act, at))
        case AllegationMade() | AllegationQueried() | AllegationAnswered():
            return replace(case, allegations=_alleged(case, act, at))
        case FindingMade() | FindingAnswered():
            return replace(case, findings=_found(case, act, at))
        case CaseReferred():
            sees = act.sees or Audience.PUBLIC
            referral = Referral(at=at, by=act.by, to=act.to, sees=sees, why=act.why)
            return replace(case, referrals=(*case.referrals, referral))
        case _:
            return case


def lesson_after(lesson: Lesson | None, act: LessonAct, at: Instant) -> Lesson | None:
    """Return a lesson as an act leaves it; nothing where its setting was not shown."""
    match act:
        case LessonSet():
            return Lesson(
                case=act.case,
                id=act.lesson,
                says=act.says,
                owner=act.owner,
                due_at=act.due_at,
                next_at=act.due_at,
            )
        case LessonReminded():
            return lesson and replace(
                lesson, next_at=act.next_at, reminded=lesson.reminded + 1
            )
        case LessonClosed():
            return lesson and replace(lesson, next_at=None, closed_at=at, how=act.how)


def term_key(act: CaseTermSet) -> str:
    """Name a term among those of its case: `source founding-text`."""
    term = act.term
    return "" if term is None else f"{type(term).__name__.lower()} {term.id}"


def _wider(case: Case, act: HarmReported | CaseWidened) -> Case:
    if isinstance(act, CaseWidened):
        harm, calls, notices = case.harm, act.calls, act.notices
    else:
        harm = (*case.harm, act.says)
        calls = (act.call,) if act.call else ()
        notices = (act.notice,) if act.notice else ()
    return replace(
        case,
        harm=harm,
        calls=tuple(dict.fromkeys((*case.calls, *calls))),
        notices=tuple(dict.fromkeys((*case.notices, *notices))),
    )


def _statement(act: StatementTaken, at: Instant) -> StatementHeld:
    return StatementHeld(
        id=act.statement,
        at=at,
        by=act.by,
        role=act.role,
        pseudonym=act.pseudonym,
        said=act.said,
        said_at=act.said_at,
        name=act.name,
    )


def _attachment(act: AttachmentAdded) -> Attachment:
    return Attachment(
        id=act.attachment,
        name=act.name,
        media_type=act.media_type,
        sha256=act.sha256,
        bytes_long=act.bytes_long,
    )


def _handled(case: Case, act: CustodyLogged, at: Instant) -> tuple[Attachment, ...]:
    log = Custody(at=at, by=act.by, did=act.did, to=act.to, sha256=act.sha256)
    return tuple(
        replace(one, custody=(*one.custody, log)) if one.id == act.attachment else one
        for one in case.attachments
    )


def _alleged(
    case: Case,
    act: AllegationMade | AllegationQueried | AllegationAnswered,
    at: Instant,
) -> tuple[Allegation, ...]:
    if isinstance(act, AllegationMade):
        made = Allegation(
            id=act.allegation, at=at, by=act.by, says=act.says, against=act.against
        )
        return (*case.allegations, made)
    return tuple(
        _asked(one, act, at) if one.id == act.allegation else one
        for one in case.allegations
    )


def _asked(
    one: Allegation, act: AllegationQueried | AllegationAnswered, at: Instant
) -> Allegation:
    if isinstance(act, AllegationQueried):
        return replace(one, asks=act.asks, queried_at=at)
    return replace(one, replies=(*one.replies, act.says))


def _found(
    case: Case, act: FindingMade | FindingAnswered, at: Instant
) -> tuple[FindingHeld, ...]:
    if isinstance(act, FindingMade):
        made = FindingHeld(
            at=at,
            by=act.by,
            says=act.says,
            parties=act.parties,
            rests_on=act.rests_on,
            legal_basis=act.legal_basis,
            allegation=act.allegation,
            id=act.finding,
        )
        return (*case.findings, made)
    reply = FindingReply(at=at, by=act.by, agrees=act.agrees, says=act.says)
    return tuple(
        replace(one, replies=(*one.replies, reply)) if one.id == act.finding else one
        for one in case.findings
    )
