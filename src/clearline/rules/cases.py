"""Decide what follows when a case is opened, filled, referred or learned from.

    harm on a call or notice --> case + hold on the evidence
    claim        may name only what the case has; never changes another one
    correction   a new claim, once for each claim: the second is told of the first
    allegation --> query --> reply --> finding; a finding before a reply says why not
    lesson       set, reminded of, closed: `rules.lessons`

Nothing here decides who is right, and no claim is refused for what it says.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, cast

from clearline.model.calls import ACKNOWLEDGING
from clearline.model.case_acts import (
    AllegationAnswered,
    AllegationMade,
    AllegationQueried,
    AttachmentAdded,
    CaseAct,
    CaseOpened,
    CaseReferred,
    CaseTermSet,
    ClaimMade,
    CustodyLogged,
    EvidenceHeld,
    EvidenceReleased,
    FindingMade,
    HarmReported,
    LessonClosed,
    LessonReminded,
    LessonSet,
    SourceWithdrawn,
    StatementTaken,
)
from clearline.model.caselinks import question_of
from clearline.model.casework import (
    Allegation,
    Attachment,
    Case,
    CaseId,
    require_digest,
)
from clearline.model.claims import Claim, ClaimId, Question
from clearline.model.commands import OnCase, ReportHarm
from clearline.model.entries import Act, SealedErased
from clearline.model.errors import BadInput
from clearline.model.instants import Instant
from clearline.model.parties import Actor, Strength
from clearline.picture.cases import term_key
from clearline.picture.picture import Picture
from clearline.rules.lessons import close_lesson, set_lesson
from clearline.rules.refusals import (
    NotProven,
    UnknownCall,
    UnknownInCase,
    UnknownNotice,
    WrongOrder,
    refuse,
    taken_in_case,
    unknown_in_case,
)
from clearline.wire.entries import NAMES

_ENTRIES: Final = frozenset(NAMES.values())


class UnknownCase(BadInput):
    """Refuse an act on a case this node does not know."""


class AlreadyCorrected(BadInput):
    """Refuse a second correction of one claim."""


class Unsettleable(BadInput):
    """Refuse a claim that contradicts another where nothing says what would settle."""


class EvidenceIsHeld(BadInput):
    """Refuse to erase what a case holds as evidence."""


def on_case(picture: Picture, asked: OnCase, now: Instant) -> tuple[Act, ...]:
    """Decide one act on a case; doing the same twice changes nothing.

    Raises:
        UnknownCase, UnknownInCase: It names what is not there.
        IdTaken: Its id is another one's.
        AlreadyCorrected: Somebody else corrected that claim first.
        Unsettleable, WrongOrder, NotProven: As their names say.
    """
    act = asked.act
    _require_author(act)
    if isinstance(act, CaseOpened):
        return _open(picture, act)
    case = _known(picture, act.case)
    return _RULES[type(act)](picture, case, act, now)


def report_harm(picture: Picture, asked: ReportHarm, now: Instant) -> tuple[Act, ...]:
    """Report harm: open the case if it is not there, and hold the evidence.

    Raises:
        UnknownCall, UnknownNotice: It names what this node does not know.
    """
    del now
    _require_person(asked.by)
    _require_about(
        picture,
        () if asked.call is None else (asked.call,),
        () if asked.notice is None else (asked.notice,),
    )
    case = picture.cases.get(asked.case)
    report = HarmReported(
        case=asked.case,
        by=asked.by,
        says=asked.says,
        call=asked.call,
        notice=asked.notice,
    )
    if case is not None and asked.says in case.harm:
        return ()
    acts: list[Act] = []
    if case is None:
        acts.append(
            CaseOpened(
                case=asked.case,
                by=asked.by,
                title=asked.title or f"Harm: {asked.says[:60]}",
                why="harm was reported",
            )
        )
    if case is None or not case.is_held:
        acts.append(EvidenceHeld(case=asked.case, by=asked.by, why="harm was reported"))
    return (*acts, report)


def require_not_held(picture: Picture, act: SealedErased) -> None:
    """Refuse to erase a sealed part that is evidence of a held case.

    That is the names of its statements, and whatever any revision of a notice it is
    about has sealed.

    Raises:
        EvidenceIsHeld: It is evidence of such a case.
    """
    for case in picture.cases.values():
        if case.is_held and act.part in _sealed_parts(picture, case):
            raise refuse(
                EvidenceIsHeld,
                f"The sealed part is evidence of the case {case.id!r}, which is held.",
                "Two people of two parties let the hold go first, if it may.",
            )


def _sealed_parts(picture: Picture, case: Case) -> Iterator[str]:
    yield from (one.name.sealed for one in case.statements if one.name)
    for notice in case.notices:
        for _, known in picture.notices.history_of(notice):
            held = known.revision.personal
            parts = (held.phones, held.plates, held.names)
            yield from (part.sealed for part in parts if part)


# --- one act at a time ----------------------------------------------------------


def _open(picture: Picture, act: CaseOpened) -> tuple[Act, ...]:
    known = picture.cases.get(act.case)
    if known is not None:
        if known.title == act.title:
            return ()
        raise taken_in_case("case", act.case)
    _require_about(picture, act.calls, act.notices)
    return (act,)


def _term(
    picture: Picture, case: Case, act: CaseTermSet, now: Instant
) -> tuple[Act, ...]:
    del now
    term = act.term
    if term is None:
        raise refuse(
            UnknownInCase,
            "It enters nothing, or several things at once.",
            "Enter one source, voice, question or place.",
        )
    for need in act.question.needs if act.question else ():
        if need.entry and need.entry not in _ENTRIES:
            raise refuse(
                UnknownInCase,
                f"No entry is called {need.entry!r}, so it would be missing for ever.",
                "Name a type of docs/reference/entries.md, or none.",
            )
    known = picture.case_terms.get((case.id, term_key(act)))
    if known is None:
        return (act,)
    if known.term == term:
        return ()
    raise taken_in_case("term", term.id)


def _claim(
    picture: Picture, case: Case, act: ClaimMade, now: Instant
) -> tuple[Act, ...]:
    del now
    claim = act.claim
    known = picture.claims.get((case.id, claim.id))
    if known is not None:
        if known == claim:
            return ()
        raise taken_in_case("claim", claim.id)
    _require_terms(picture, case.id, claim)
    for other in claim.links:
        if picture.claims.get((case.id, other)) is None:
            raise unknown_in_case(case, "claim", other)
    if claim.corrects is not None:
        _require_uncorrected(picture, case, claim.corrects)
    _require_settleable(picture, case, claim)
    return (act,)


def _require_terms(picture: Picture, case: CaseId, claim: Claim) -> None:
    named = [
        *(("source", one) for one in claim.sources),
        *(("voice", one) for one in claim.by),
        *(("question", one) for one in claim.answers),
        *(("toldplace", one) for one in claim.places),
    ]
    for kind, name in named:
        if picture.case_terms.get((case, f"{kind} {name}")) is None:
            raise refuse(
                UnknownInCase,
                f"The case {case!r} has no {kind.removeprefix('told')} {name!r}.",
                "Enter it first, then the claim.",
            )


def _require_uncorrected(picture: Picture, case: Case, claim: ClaimId) -> None:
    by = picture.corrections.get((case.id, claim))
    if by is not None:
        raise refuse(
            AlreadyCorrected,
            f"The claim {claim!r} is corrected already, by {by!r}.",
            f"Correct {by!r}, or make a claim that contradicts it.",
        )


def _require_settleable(picture: Picture, case: Case, claim: Claim) -> None:
    """Refuse a contest over which nobody says what would settle it."""
    if not claim.contradicts:
        return
    others = [picture.claims.get((case.id, one)) for one in claim.contradicts]
    for one in (claim, *others):
        if one is None:
            continue
        asked = [
            found.question
            for name in one.answers
            if (found := picture.case_terms.get((case.id, f"question {name}")))
        ]
        questions: list[Question] = [one for one in asked if one is not None]
        question = question_of(one, questions)
        if question is not None and question.settled_by:
            return
    raise refuse(
        Unsettleable,
        f"The claim {claim.id!r} contradicts another, and neither answers a question "
        "that says what would settle it.",
        "Let it answer such a question; `never`, with its reason, is one.",
    )


def _withdraw(
    picture: Picture, case: Case, act: SourceWithdrawn, now: Instant
) -> tuple[Act, ...]:
    del now
    if picture.case_terms.get((case.id, f"source {act.source}")) is None:
        raise unknown_in_case(case, "source", act.source)
    is_gone = any(source == act.source for source, _ in case.withdrawn)
    return () if is_gone else (act,)


def _hold(
    picture: Picture, case: Case, act: EvidenceHeld, now: Instant
) -> tuple[Act, ...]:
    del picture, now
    return () if case.is_held else (act,)


def _release(
    picture: Picture, case: Case, act: EvidenceReleased, now: Instant
) -> tuple[Act, ...]:
    del picture, now
    _require_proven(act.by)
    _require_proven(act.second)
    if act.by.party == act.second.party:
        raise refuse(
            NotProven,
            "Both people who let the hold go are of one party.",
            "Let somebody of another party, or of the neutral, be the second.",
        )
    return (act,) if case.is_held else ()


def _statement(
    picture: Picture, case: Case, act: StatementTaken, now: Instant
) -> tuple[Act, ...]:
    del picture, now
    known = next((one for one in case.statements if one.id == act.statement), None)
    if known is None:
        return (act,)
    if (known.said, known.pseudonym) == (act.said, act.pseudonym):
        return ()
    raise taken_in_case("statement", act.statement)


def _attach(
    picture: Picture, case: Case, act: AttachmentAdded, now: Instant
) -> tuple[Act, ...]:
    del picture, now
    require_digest(act.sha256)
    known = next((one for one in case.attachments if one.id == act.attachment), None)
    if known is None:
        return (act,)
    if known.sha256 == act.sha256:
        return ()
    raise taken_in_case("attachment", act.attachment)


def _custody(
    picture: Picture, case: Case, act: CustodyLogged, now: Instant
) -> tuple[Act, ...]:
    del picture, now
    _one_of(case, "attachment", case.attachments, act.attachment)
    if act.sha256:
        require_digest(act.sha256)
    return (act,)


def _allege(
    picture: Picture, case: Case, act: AllegationMade, now: Instant
) -> tuple[Act, ...]:
    del now
    if picture.parties.get(act.against) is None:
        raise unknown_in_case(case, "party", act.against)
    known = next((one for one in case.allegations if one.id == act.allegation), None)
    if known is None:
        return (act,)
    if (known.says, known.against) == (act.says, act.against):
        return ()
    raise taken_in_case("allegation", act.allegation)


def _query(
    picture: Picture, case: Case, act: AllegationQueried, now: Instant
) -> tuple[Act, ...]:
    del picture, now
    known = _one_of(case, "allegation", case.allegations, act.allegation)
    return () if known.asks == act.asks and known.queried_at else (act,)


def _reply(
    picture: Picture, case: Case, act: AllegationAnswered, now: Instant
) -> tuple[Act, ...]:
    del picture, now
    known = _one_of(case, "allegation", case.allegations, act.allegation)
    if known.queried_at is None:
        raise refuse(
            WrongOrder,
            f"The allegation {known.id!r} was not put to {known.against} yet.",
            "Query it first.",
        )
    if act.by.party != known.against:
        raise refuse(
            WrongOrder,
            f"The allegation {known.id!r} is against {known.against}, "
            f"not {act.by.party}.",
            "The party it is against answers it.",
        )
    return () if act.says in known.replies else (act,)


def _find(
    picture: Picture, case: Case, act: FindingMade, now: Instant
) -> tuple[Act, ...]:
    del now
    for party in act.parties:
        if picture.parties.get(party) is None:
            raise unknown_in_case(case, "party", party)
    if act.by.party not in act.parties:
        raise refuse(
            WrongOrder,
            f"The finding is said to be of {', '.join(act.parties) or 'nobody'}, and "
            f"{act.by.party} makes it.",
            "A party makes its own finding, or one together with others.",
        )
    for claim in act.rests_on:
        if picture.claims.get((case.id, claim)) is None:
            raise unknown_in_case(case, "claim", claim)
    if act.allegation is not None:
        known = _one_of(case, "allegation", case.allegations, act.allegation)
        if not known.replies:
            raise refuse(
                WrongOrder,
                f"{known.against} has not answered the allegation {known.id!r}.",
                "Query it and wait for the reply; where none comes, make the finding "
                "without naming the allegation, and say so in it.",
            )
    return (act,)


def _refer(
    picture: Picture, case: Case, act: CaseReferred, now: Instant
) -> tuple[Act, ...]:
    del picture, now
    is_known = any((one.to, one.sees) == (act.to, act.sees) for one in case.referrals)
    return () if is_known else (act,)


# --- what they ask --------------------------------------------------------------


def _known(picture: Picture, case: CaseId) -> Case:
    known = picture.cases.get(case)
    if known is None:
        raise refuse(
            UnknownCase,
            f"This node knows no case {case!r}.",
            "Open it first, or check its id.",
        )
    return known


def _require_about(
    picture: Picture, calls: Iterable[Any], notices: Iterable[Any]
) -> None:
    for call in calls:
        if picture.calls.get(call) is None:
            raise refuse(
                UnknownCall,
                f"This node knows no call {call!r}.",
                "Check the id of the call.",
            )
    for notice in notices:
        if picture.notices.get(notice) is None:
            raise refuse(
                UnknownNotice,
                f"This node knows no notice {notice!r}.",
                "Check the id of the notice.",
            )


def _require_author(act: CaseAct) -> None:
    if isinstance(act, LessonReminded | HarmReported):
        raise refuse(
            WrongOrder,
            "The node itself writes this.",
            "Report harm with its own command; reminders come when they are due.",
        )
    _require_person(act.by)


def _require_person(by: Actor) -> None:
    """Ask who it is; at the node's own machine nobody is asked to prove it.

    The entry says `device_only` then. Only what lifts a hold needs more.
    """
    if by.person is None or by.strength is Strength.HEARD:
        raise refuse(
            NotProven,
            f"Nobody is known to have said this: it came as {by.strength}.",
            "Say who it is; words that were only heard enter no case.",
        )


def _require_proven(by: Actor) -> None:
    if by.person is None or by.strength not in ACKNOWLEDGING:
        raise refuse(
            NotProven,
            f"Nobody is known to have said this: it came as {by.strength}.",
            "Sign in, or use a PIN.",
        )


def _one_of(case: Case, noun: str, there: Iterable[Any], name: str) -> Any:
    found = next((one for one in there if one.id == name), None)
    if found is None:
        raise unknown_in_case(case, noun, name)
    known: Attachment | Allegation = found
    return known


_RULES: Final = cast(
    "dict[type, Callable[[Picture, Case, CaseAct, Instant], tuple[Act, ...]]]",
    {
        CaseTermSet: _term,
        ClaimMade: _claim,
        SourceWithdrawn: _withdraw,
        EvidenceHeld: _hold,
        EvidenceReleased: _release,
        StatementTaken: _statement,
        AttachmentAdded: _attach,
        CustodyLogged: _custody,
        AllegationMade: _allege,
        AllegationQueried: _query,
        AllegationAnswered: _reply,
        FindingMade: _find,
        LessonSet: set_lesson,
        LessonClosed: close_lesson,
        CaseReferred: _refer,
    },
)
