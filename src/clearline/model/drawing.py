"""Draw a scenario's facts, places and clock readings from a case file.

    claim that stands for itself  -> fact
    claims that contradict or characterise it, in the end -> its rivals
    question it answers           -> what would settle it

The case file is where they are written; a scenario that names it has none of its own,
so no fact is written twice.
"""

from collections import defaultdict
from collections.abc import Mapping

from msgspec.structs import replace

from clearline.model.beats import ClockReading, ReadingId
from clearline.model.casefiles import CaseFile
from clearline.model.caselinks import contested, heads, question_of, standing
from clearline.model.claims import Claim, ClaimId, Consequence, VoiceId, When
from clearline.model.facts import Fact, FactId, Rival, Unfit
from clearline.model.places import FactStatus
from clearline.model.scenarios import Scenario


def draw(scenario: Scenario, case: CaseFile) -> Scenario:
    """Fill in what a scenario takes from the case file it names.

    Its own sources stand after the case's; its own facts and places likewise.

    Raises:
        Unfit: The clock's headline is no claim about a time in the case.
    """
    claims = [
        claim
        for claim in standing(case.claims)
        if not isinstance(claim.what, Consequence)
    ]
    placed: dict[str, list[FactId]] = defaultdict(list)
    head = heads(claims)
    for claim in claims:
        for place in claim.places:
            fact = FactId(head[claim.id])
            if fact not in placed[place]:
                placed[place].append(fact)
    places = [replace(place, facts=tuple(placed[place.id])) for place in case.places]
    clock = scenario.clock
    if not clock.readings:
        clock = replace(clock, readings=_readings(claims, head, clock.headline))
    return replace(
        scenario,
        sources=(*case.sources, *scenario.sources),
        facts=(*facts_of(case, claims), *scenario.facts),
        places=(*places, *scenario.places),
        clock=clock,
    )


def facts_of(case: CaseFile, claims: list[Claim]) -> tuple[Fact, ...]:
    """Return the claims as facts, each with its other versions beside it."""
    disputed, head = contested(claims), heads(claims)
    versions: dict[ClaimId, list[Claim]] = defaultdict(list)
    for claim in claims:
        if head[claim.id] != claim.id:
            versions[head[claim.id]].append(claim)
    return tuple(
        _fact(case, claim, versions[claim.id], disputed)
        for claim in claims
        if head[claim.id] == claim.id
    )


def voice_names(case: CaseFile) -> dict[VoiceId, str]:
    """Return what each voice of a case is called."""
    return {voice.id: voice.name for voice in case.voices}


def said_by(names: Mapping[VoiceId, str], claim: Claim) -> tuple[str, ...]:
    """Name who says a claim, outermost first."""
    return tuple(names[one] for one in claim.by)


def _fact(
    case: CaseFile, claim: Claim, versions: list[Claim], disputed: frozenset[ClaimId]
) -> Fact:
    is_contested = claim.status is FactStatus.STATED and any(
        one.id in disputed for one in (claim, *versions)
    )
    question, names = question_of(claim, case.questions), voice_names(case)
    sentences = [n for one in (claim, *versions) for n in one.sentences]
    return Fact(
        id=FactId(claim.id),
        text=claim.says,
        sources=claim.sources,
        status=FactStatus.CONTESTED if is_contested else claim.status,
        measure=claim.measure,
        time=claim.time,
        attribution=said_by(names, claim),
        modality=claim.modality,
        flags=claim.flags,
        reason=claim.reason,
        rests_on=tuple(FactId(one) for one in claim.rests_on),
        rivals=tuple(_rival(names, one) for one in versions),
        settled_by=question.settled_by if question and is_contested else "",
        sentences=tuple(dict.fromkeys(sentences)),
    )


def _rival(names: Mapping[VoiceId, str], claim: Claim) -> Rival:
    return Rival(
        text=claim.says,
        sources=claim.sources,
        status=claim.status,
        measure=claim.measure,
        time=claim.time,
        attribution=said_by(names, claim),
        reason=claim.reason,
    )


def _readings(
    claims: list[Claim], head: dict[ClaimId, ClaimId], headline: ReadingId
) -> tuple[ClockReading, ...]:
    """Return the headline and every claim about a time that is a version of it."""
    found = []
    for claim in claims:
        time = claim.time
        if ReadingId(head[claim.id]) != headline or not isinstance(claim.what, When):
            continue
        if time is None or time.start is None or time.end is None:
            continue
        is_stated = claim.status is FactStatus.STATED
        found.append(
            ClockReading(
                id=ReadingId(claim.id),
                text=time.text,
                zone=time.zone,
                start=time.start,
                end=time.end,
                sources=claim.sources,
                status=FactStatus.CONTESTED if is_stated else claim.status,
                reason=claim.reason,
            )
        )
    if not found:
        raise Unfit(
            "clock",
            found=f"`{headline}`, which is no claim about a time in the record",
            expected="a claim of kind `time` with `start` and `end`",
        )
    return tuple(found)
