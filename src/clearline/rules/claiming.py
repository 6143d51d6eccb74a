"""Decide what may be claimed in a case: of what it has, beside what stands."""

from typing import Final

from clearline.model.case_acts import (
    CaseTermSet,
    ClaimMade,
    SourceWithdrawn,
)
from clearline.model.caselinks import question_of
from clearline.model.casework import (
    Case,
    CaseId,
)
from clearline.model.claims import Claim, ClaimId, Question
from clearline.model.entries import Act
from clearline.model.errors import BadInput
from clearline.model.instants import Instant
from clearline.picture.cases import term_key
from clearline.picture.picture import Picture
from clearline.rules.refusals import (
    UnknownInCase,
    refuse,
    taken_in_case,
    unknown_in_case,
)
from clearline.wire.entries import NAMES

_ENTRIES: Final = frozenset(NAMES.values())


class AlreadyCorrected(BadInput):
    """Refuse a second correction of one claim."""


class Unsettleable(BadInput):
    """Refuse a claim that contradicts another where nothing says what would settle."""


def enter_term(
    picture: Picture, case: Case, act: CaseTermSet, now: Instant
) -> tuple[Act, ...]:
    """Enter what claims may name; the same twice changes nothing.

    Raises:
        UnknownInCase: It enters nothing, several things, or asks for an entry that
            does not exist.
        IdTaken: Something else has its id.
    """
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


def make_claim(
    picture: Picture, case: Case, act: ClaimMade, now: Instant
) -> tuple[Act, ...]:
    """Enter a claim: it names only what is there, and changes no other one.

    Raises:
        UnknownInCase: It names what the case does not have.
        IdTaken: Another claim has its id.
        AlreadyCorrected, Unsettleable: As their names say.
    """
    del now
    claim = act.claim
    known = picture.claims.get((case.id, claim.id))
    if known is not None:
        if known == claim:
            return ()
        raise taken_in_case("claim", claim.id)
    _require_terms(picture, case.id, claim)
    _require_sentences(case, claim)
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


def _require_sentences(case: Case, claim: Claim) -> None:
    most = len(case.text.sentences) if case.text else 0
    for number in claim.sentences:
        if not 1 <= number <= most:
            raise refuse(
                UnknownInCase,
                f"The case {case.id!r} has no sentence {number} of a text.",
                "Enter where the sentences stand first, then the claim.",
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


def withdraw_source(
    picture: Picture, case: Case, act: SourceWithdrawn, now: Instant
) -> tuple[Act, ...]:
    """Say that a source no longer stands by what it said.

    Raises:
        UnknownInCase: The case has no such source.
    """
    del now
    if picture.case_terms.get((case.id, f"source {act.source}")) is None:
        raise unknown_in_case(case, "source", act.source)
    is_gone = any(source == act.source for source, _ in case.withdrawn)
    return () if is_gone else (act,)
