"""Measure a large case: read from its document, laid out, and written as a page.

Workload `claims`: sources, voices of a few parties, questions and places in the
proportions of the case that ships, scaled up; one claim in five contradicts the one
before it, one in ten says who holds a place. Drawn from a seed; nothing of it is real.
"""

import os
import random
import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from clearline.bench.machine import Machine, Spread, describe, spread
from clearline.model.beats import AtPoint, PlaceId, ToldPlace
from clearline.model.casefiles import FORMAT, CaseFile
from clearline.model.casework import Audience
from clearline.model.claims import (
    Claim,
    ClaimId,
    Consequence,
    Control,
    Count,
    Event,
    Grip,
    Question,
    QuestionId,
    Voice,
    VoiceId,
)
from clearline.model.facts import (
    Measure,
    Source,
    SourceId,
    SourceKind,
    ToldTime,
)
from clearline.model.notices import LEGAL_LINE
from clearline.model.places import FactStatus
from clearline.record import views
from clearline.record.dossier import Dossier
from clearline.record.page import render
from clearline.record.views import Teller
from clearline.wire.casefiles import read_case, write_case

PARTIES: Final = ("north", "south", "east")
_TIMES: Final = 5
_START: Final = datetime(2016, 9, 17, 12, tzinfo=UTC)


class CaseBench(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what was measured on one case; milliseconds unless its name says more.

    Attributes:
        read_s: The document, YAML, read and held against every rule, once.
        question_ms: The view by question; the others likewise.
        page_ms: The whole page, every view in it.
        page_mb: What the page takes, 10^6 bytes.
        most_mb: The most memory the process ever took, 10^6 bytes.
        load: Load average of the machine over the last minute.
    """

    claims: int
    seed: int
    document_mb: float
    read_s: float
    question_ms: Spread
    time_ms: Spread
    place_ms: Spread
    consequence_ms: Spread
    page_ms: Spread
    page_mb: float
    most_mb: float
    load: float
    machine: Machine


def run(*, claims: int, seed: int) -> CaseBench:
    """Measure a case of so many claims."""
    case = draw(claims, seed)
    document = write_case(case)
    start = time.perf_counter()
    read = read_case(document, "bench.case.yaml")
    read_s = time.perf_counter() - start
    dossier = Dossier(case=read, audience=Audience.WHOLE)
    page = render(dossier, "0" * 64)
    return CaseBench(
        claims=claims,
        seed=seed,
        document_mb=round(len(document) / 1e6, 2),
        read_s=round(read_s, 2),
        question_ms=_timed(lambda: views.by_question(Teller(read))),
        time_ms=_timed(lambda: views.by_time(Teller(read))),
        place_ms=_timed(lambda: views.by_place(Teller(read))),
        consequence_ms=_timed(lambda: views.by_consequence(Teller(read))),
        page_ms=_timed(lambda: render(dossier, "0" * 64)),
        page_mb=round(len(page.encode()) / 1e6, 2),
        most_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3, 1),
        load=round(os.getloadavg()[0], 2),
        machine=describe(),
    )


def draw(claims: int, seed: int) -> CaseFile:
    """Draw a case; the same seed draws the same one."""
    chance = random.Random(seed)  # noqa: S311 (a workload, no secret)
    few = max(4, claims // 50)
    return CaseFile(
        format=FORMAT,
        name="bench",
        title=f"A case of {claims} claims",
        summary="Drawn from a seed; nothing of it happened.",
        legal=LEGAL_LINE,
        sources=tuple(_source(number) for number in range(few)),
        voices=tuple(
            Voice(
                id=VoiceId(f"voice-{number}"),
                name=f"Voice {number}",
                kind=SourceKind.PRESS,
                of=PARTIES[number] if number < len(PARTIES) else "",
            )
            for number in range(few)
        ),
        questions=tuple(
            Question(
                id=QuestionId(f"question-{number}"),
                asks=f"What of {number}?",
                settled_by="never",
                because="It is drawn.",
            )
            for number in range(few)
        ),
        places=tuple(_place(chance, number) for number in range(few)),
        claims=tuple(_claim(chance, number, few) for number in range(claims)),
    )


def _timed(what: Callable[[], object]) -> Spread:
    took = []
    for _ in range(_TIMES):
        start = time.perf_counter()
        what()
        took.append(round((time.perf_counter() - start) * 1e3, 2))
    return spread(took)


def _source(number: int) -> Source:
    return Source(
        id=SourceId(f"source-{number}"),
        title=f"Report {number}",
        date="2016-09-20",
        kind=SourceKind.PRESS,
        leaning="none known",
    )


def _place(chance: random.Random, number: int) -> ToldPlace:
    lon, lat = round(chance.uniform(39, 41), 4), round(chance.uniform(34, 36), 4)
    return ToldPlace(
        id=PlaceId(f"place-{number}"),
        name=f"Place {number}",
        kind="village",
        text=f"{lat:.4f} N {lon:.4f} E",
        where=AtPoint(lon=lon, lat=lat, precision_m=500.0),
        sources=(SourceId("source-0"),),
        status=FactStatus.STATED,
    )


def _claim(chance: random.Random, number: int, few: int) -> Claim:
    """Draw a claim; a fifth contradict the one before, a tenth are about control."""
    start = _START + timedelta(seconds=chance.randrange(86_400))
    what: Event | Control | Count | Consequence = Event()
    if number % 10 == 1:
        what = Control(holder=chance.choice(PARTIES), grip=chance.choice(list(Grip)))
    elif number % 10 == 2:  # noqa: PLR2004 (the next in ten)
        what = Count()
    elif number % 50 == 3:  # noqa: PLR2004 (one in fifty)
        what = Consequence(
            cause=ClaimId(f"claim-{number - 3}"), effect=ClaimId(f"claim-{number - 1}")
        )
    return Claim(
        id=ClaimId(f"claim-{number}"),
        says=f"What was seen by {number} of those who were there.",
        what=what,
        sources=(SourceId(f"source-{chance.randrange(few)}"),),
        by=(VoiceId(f"voice-{chance.randrange(few)}"),),
        measure=Measure(value=float(number), unit="loads"),
        time=ToldTime(text="that day", zone="UTC", start=start),
        places=(PlaceId(f"place-{chance.randrange(few)}"),),
        answers=(QuestionId(f"question-{chance.randrange(few)}"),),
        contradicts=(ClaimId(f"claim-{number - 1}"),) if number % 5 == 4 else (),  # noqa: PLR2004 (one in five)
    )
