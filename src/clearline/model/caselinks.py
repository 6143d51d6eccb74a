"""Say what follows from the links between a case's claims, and what does not fit.

Nothing here is written down anywhere: which claims stand, which are contested, which
rest on a withdrawn source alone is found anew from the claims each time.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from clearline.model.casefiles import CaseFile
from clearline.model.claims import NEVER, Claim, ClaimId, Consequence, Question
from clearline.model.coherence import Misfit, misnamed, sources
from clearline.model.facts import Source, SourceId
from clearline.model.grades import Reliability
from clearline.model.references import Path


def standing(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """Return the claims no other one corrects, in order."""
    corrected = {claim.corrects for claim in claims}
    return tuple(claim for claim in claims if claim.id not in corrected)


def contested(claims: Sequence[Claim]) -> frozenset[ClaimId]:
    """Return the claims that stand and that another one that stands contradicts."""
    stands = {claim.id for claim in standing(claims)}
    pairs = [
        (claim.id, other)
        for claim in claims
        if claim.id in stands
        for other in claim.contradicts
        if other in stands
    ]
    return frozenset(one for pair in pairs for one in pair)


def orphaned(case: CaseFile) -> frozenset[ClaimId]:
    """Return the claims every source of which has been withdrawn."""
    gone = {one.source for one in case.withdrawn}
    return frozenset(
        claim.id for claim in case.claims if gone and set(claim.sources) <= gone
    )


def heads(claims: Sequence[Claim]) -> dict[ClaimId, ClaimId]:
    """Return for every claim the one it is, in the end, another version of.

    A claim that contradicts or characterises another is a version of it; any other is
    its own. Of several such links the first one leads.
    """
    by_id = {claim.id: claim for claim in claims}
    found: dict[ClaimId, ClaimId] = {}
    for claim in claims:
        here, passed = claim, set[ClaimId]()
        while here.id not in passed:
            passed.add(here.id)
            up = (*here.characterises, *here.contradicts)
            if not up or up[0] not in by_id:
                break
            here = by_id[up[0]]
        found[claim.id] = here.id
    return found


def question_of(claim: Claim, questions: Sequence[Question]) -> Question | None:
    """Return the first question a claim answers that says what would settle it."""
    asked = {question.id: question for question in questions}
    answered = [asked[one] for one in claim.answers if one in asked]
    settled = [question for question in answered if question.settled_by]
    return next(iter([*settled, *answered]), None)


UNGRADED: Final = "F6"
"""The grade of what nobody has judged: neither who says it nor what is said."""


def grade_of(claim: Claim, sources: Mapping[SourceId, Source]) -> str:
    """Return a claim's Admiralty grade, as `B2`.

    Its sources count as the best of them does, where the claim says nothing else.
    """
    best = min(
        (sources[one].reliability for one in claim.sources if one in sources),
        default=Reliability.F,
    )
    return f"{claim.reliability or best}{claim.credibility}"


def case_misfits(case: CaseFile) -> tuple[Misfit, ...]:
    """Return everything in a case that does not hold together, unknown ids first."""
    found = tuple(misnamed(case))
    if found:
        return found
    checks = (sources, _circles, _corrected_once, _settled, _sentences)
    return tuple(misfit for check in checks for misfit in check(case))


_LINKS = ("rests_on", "contradicts", "refines", "characterises", "corrects")


def _circles(case: CaseFile) -> Iterator[Misfit]:
    links = {
        claim.id: [one for name in _LINKS for one in _linked(claim, name)]
        for claim in case.claims
    }
    edges: dict[ClaimId, list[ClaimId]] = defaultdict(list)
    for claim in case.claims:
        if isinstance(claim.what, Consequence):
            edges[claim.what.cause].append(claim.what.effect)
    circling = on_circles(links)
    caused = on_circles(edges)
    for index, claim in enumerate(case.claims):
        path: Path = ("claims", index)
        if claim.id in circling:
            yield Misfit(
                path=path,
                found=f"`{claim.id}`, whose links in the end lead back to it",
                expected="links from later claims to earlier ones, in no circle",
            )
        if (
            isinstance(claim.what, Consequence)
            and {
                claim.what.cause,
                claim.what.effect,
            }
            <= caused
        ):
            yield Misfit(
                path=(*path, "what"),
                found=f"`{claim.what.effect}`, which in the end causes itself",
                expected="consequences in no circle",
            )


def _linked(claim: Claim, name: str) -> Iterable[ClaimId]:
    value: Any = getattr(claim, name)
    return value if isinstance(value, tuple) else (value,) if value else ()


def on_circles(links: Mapping[ClaimId, Sequence[ClaimId]]) -> frozenset[ClaimId]:
    """Return what lies on a circle of links, or leads only into one.

    Whatever points at nothing is taken away, again and again; what is left circles.
    """
    left = {one: links.keys() & others for one, others in links.items()}
    into: dict[ClaimId, list[ClaimId]] = defaultdict(list)
    for one, others in left.items():
        for other in others:
            into[other].append(one)
    ends = [one for one, others in left.items() if not others]
    while ends:
        end = ends.pop()
        del left[end]
        for one in into[end]:
            left[one].discard(end)
            if not left[one]:
                ends.append(one)
    return frozenset(left)


def _corrected_once(case: CaseFile) -> Iterator[Misfit]:
    first: dict[ClaimId, ClaimId] = {}
    for index, claim in enumerate(case.claims):
        if claim.corrects is None:
            continue
        before = first.setdefault(claim.corrects, claim.id)
        if before != claim.id:
            yield Misfit(
                path=("claims", index, "corrects"),
                found=f"`{claim.corrects}`, which `{before}` corrects already",
                expected=f"a correction of `{before}`, or a claim that contradicts it",
            )


def _settled(case: CaseFile) -> Iterator[Misfit]:
    """Find contested claims of which nobody says what would have settled them."""
    disputed, head = contested(case.claims), heads(case.claims)
    by_id = {claim.id: claim for claim in case.claims}
    for index, claim in enumerate(case.claims):
        if claim.id not in disputed:
            continue
        asked = [
            question_of(one, case.questions) for one in (claim, by_id[head[claim.id]])
        ]
        if not any(one is not None and one.settled_by for one in asked):
            yield Misfit(
                path=("claims", index),
                found=f"`{claim.id}`, which is contested and answers no question that "
                "says what would settle it",
                expected=f"`answers` with such a question; `{NEVER}` is one",
            )


def _sentences(case: CaseFile) -> Iterator[Misfit]:
    most = len(case.text.sentences) if case.text else 0
    for index, claim in enumerate(case.claims):
        for place, number in enumerate(claim.sentences):
            if not 1 <= number <= most:
                yield Misfit(
                    path=("claims", index, "sentences", place),
                    found=f"sentence {number}",
                    expected=f"1 to {most}" if most else "a `text` with sentences",
                )
