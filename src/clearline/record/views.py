"""Lay a case out: by question, by time, by place, by consequence.

No view has a column for who is right. Versions that contradict each other stand side
by side, in the order in which they were entered, each with who says it and how well
it stands.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta, timezone

import msgspec

from clearline.model.beats import (
    AtPoint,
    FromOrigin,
    Nowhere,
    PlaceId,
    SameAs,
    ToldPlace,
)
from clearline.model.casefiles import CaseFile
from clearline.model.caselinks import contested, grade_of, orphaned, standing
from clearline.model.claims import (
    Claim,
    ClaimId,
    Consequence,
    Control,
    Grip,
    Question,
)
from clearline.model.drawing import said_by, voice_names
from clearline.model.edtf import read_edtf
from clearline.model.facts import Comparator, Measure
from clearline.model.instants import Instant, write_instant

OTHERS = "others"
"""The column of whoever belongs to no party of the case."""


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a claim as a view shows it.

    Attributes:
        by: Who says it, outermost first; nothing where the sources say it themselves.
        marks: What a reader must see beside it, in a few words each.
    """

    claim: ClaimId
    says: str
    by: tuple[str, ...]
    sources: tuple[str, ...]
    grade: str
    certainty: str
    is_contested: bool
    marks: tuple[str, ...]


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a question and what each column says to it."""

    question: str
    asks: str
    cells: tuple[tuple[Version, ...], ...]


class ByQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Hold questions as rows and parties as columns; no column is a verdict."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a claim's place in time.

    Attributes:
        utc: The instant or days, UTC, as text.
        local: The same by the clock of the place, where it is an instant.
        told: The source's own words and zone.
        reads_as: Which reading of a contested time this is.
        parallel: Claims about the same time that contradict this one.
    """

    version: Version
    utc: str
    local: str
    told: str
    sorts_at: str
    parallel: tuple[ClaimId, ...]


class Holding(msgspec.Struct, frozen=True, kw_only=True):
    """Hold who is said to have had a place in hand, and when.

    Attributes:
        says: Holder and grip: `ISIL takes`, `Syrian army retakes from ISIL`.
        utc: When, UTC, as text; empty where no source says.
        told: The source's own words for the time.
        sorts_at: What it is sorted by; what nobody dates comes last.
    """

    version: Version
    says: str
    utc: str
    told: str
    sorts_at: str


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a place with everything said about it.

    Attributes:
        put: What its words come to, in a line; or why nobody can put it.
        shape: `point`, `sector`, `same as` or `unlocated`.
        control: Who is said to hold it: by time, undated ones last, as entered.
    """

    place: str
    name: str
    told: str
    shape: str
    put: str
    versions: tuple[Version, ...]
    control: tuple[Holding, ...]


class Edge(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a consequence: what led to what, by whose word."""

    cause: ClaimId
    effect: ClaimId
    cause_says: str
    effect_says: str
    version: Version


class LaidOut(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a case laid out in every way."""

    by_question: ByQuestion
    by_time: tuple[Moment, ...]
    by_place: tuple[Spot, ...]
    by_consequence: tuple[Edge, ...]
    legal: str


def lay_out(case: CaseFile) -> LaidOut:
    """Lay a case out in every way; nothing in it says who is right."""
    teller = Teller(case)
    return LaidOut(
        by_question=by_question(teller),
        by_time=by_time(teller),
        by_place=by_place(teller),
        by_consequence=by_consequence(teller),
        legal=case.legal,
    )


class Teller:
    """Tell a case's claims as views show them; one of it serves every view.

    Attributes:
        case: The case.
        claims: Those that stand, in order.
    """

    def __init__(self, case: CaseFile) -> None:
        """Look once at what follows from the case's links."""
        self.case = case
        self._names = voice_names(case)
        self._told: dict[ClaimId, Version] = {}
        self._sources = {source.id: source for source in case.sources}
        self._titles = {source.id: source.title for source in case.sources}
        self._contested = contested(case.claims)
        self._orphaned = orphaned(case)
        self.claims = standing(case.claims)

    def tell(self, claim: Claim) -> Version:
        """Tell one claim."""
        told = self._told.get(claim.id)
        if told is None:
            told = self._told[claim.id] = self._tell(claim)
        return told

    def _tell(self, claim: Claim) -> Version:
        return Version(
            claim=claim.id,
            says=claim.says,
            by=said_by(self._names, claim),
            sources=tuple(self._titles[one] for one in claim.sources),
            grade=grade_of(claim, self._sources),
            certainty=claim.certainty,
            is_contested=claim.id in self._contested,
            marks=tuple(self._marks(claim)),
        )

    def _marks(self, claim: Claim) -> Iterator[str]:
        if claim.id in self._contested:
            yield "contested"
        if claim.status != "stated":
            yield claim.status
        if claim.modality != "stated":
            yield claim.modality
        yield from (flag.replace("_", " ") for flag in claim.flags)
        if claim.id in self._orphaned:
            yield "its source was withdrawn"
        if claim.corrects is not None:
            yield f"corrects {claim.corrects}"
        if claim.measure is not None:
            yield say_measure(claim.measure)


def by_question(teller: Teller) -> ByQuestion:
    """Lay a case out by question."""
    case, answers = teller.case, defaultdict[str, list[Claim]](list)
    for claim in teller.claims:
        for asked in claim.answers:
            answers[asked].append(claim)
    sides = {voice.id: voice.of or OTHERS for voice in case.voices}
    columns = tuple(
        dict.fromkeys([*(voice.of for voice in case.voices if voice.of), OTHERS])
    )
    rows = []
    for question in case.questions:
        cells: dict[str, list[Version]] = defaultdict(list)
        for claim in answers[question.id]:
            side = sides[claim.by[-1]] if claim.by else OTHERS
            cells[side].append(teller.tell(claim))
        rows.append(
            Row(
                question=question.id,
                asks=question.asks,
                cells=tuple(tuple(cells[column]) for column in columns),
            )
        )
    return ByQuestion(columns=columns, rows=tuple(rows))


def by_time(teller: Teller) -> tuple[Moment, ...]:
    """Lay a case out as a chronology, contested readings beside each other."""
    moments, zone = [], _zone(teller.case.zone)
    against = _against(teller.claims)
    for claim in teller.claims:
        at = claim.time
        if at is None:
            continue
        utc, sorts_at = _when(at.start, at.end, at.edtf)
        moments.append(
            Moment(
                version=teller.tell(claim),
                utc=utc,
                local=_local(at.start, at.end, zone),
                told=at.text + (f" ({at.zone})" if at.zone else ""),
                sorts_at=sorts_at,
                parallel=tuple(against[claim.id]),
            )
        )
    return tuple(sorted(moments, key=lambda moment: moment.sorts_at))


def by_place(teller: Teller) -> tuple[Spot, ...]:
    """Lay a case out by place, located or not."""
    case = teller.case
    about: dict[str, list[Claim]] = defaultdict(list)
    for claim in teller.claims:
        for place in claim.places:
            about[place].append(claim)
    names = {place.id: place.name for place in case.places}
    return tuple(
        Spot(
            place=place.id,
            name=place.name,
            told=place.text,
            shape=_shape(place),
            put=_put(place, names),
            versions=tuple(teller.tell(one) for one in about[place.id]),
            control=_control(teller, about[place.id]),
        )
        for place in case.places
    )


def _control(teller: Teller, claims: Sequence[Claim]) -> tuple[Holding, ...]:
    """Order by time who is said to hold a place; nobody's word replaces another's."""
    held = []
    for claim in claims:
        if not isinstance(claim.what, Control):
            continue
        at = claim.time
        utc, sorts_at = _when(at.start, at.end, at.edtf) if at else _when(None, None)
        held.append(
            Holding(
                version=teller.tell(claim),
                says=say_control(claim.what),
                utc=utc,
                told=at.text if at else "",
                sorts_at=sorts_at,
            )
        )
    return tuple(sorted(held, key=lambda one: one.sorts_at))


def by_consequence(teller: Teller) -> tuple[Edge, ...]:
    """Lay a case out by what is said to have led to what, causes first."""
    says = {claim.id: claim.says for claim in teller.case.claims}
    edges = [
        (claim, claim.what)
        for claim in teller.claims
        if isinstance(claim.what, Consequence)
    ]
    depth = _depths([(what.cause, what.effect) for _, what in edges])
    edges.sort(key=lambda edge: (depth[edge[1].cause], depth[edge[1].effect]))
    return tuple(
        Edge(
            cause=what.cause,
            effect=what.effect,
            cause_says=says[what.cause],
            effect_says=says[what.effect],
            version=teller.tell(claim),
        )
        for claim, what in edges
    )


def say_control(control: Control) -> str:
    """Say who has ground in hand: `Syrian government besieged by ISIL`."""
    link = "by" if control.grip is Grip.BESIEGED else "from"
    tail = f" {link} {control.by}" if control.by else ""
    return f"{control.holder} {control.grip}{tail}"


def say_measure(measure: Measure) -> str:
    """Say a number as it is meant: `more than 9000 fighters`."""
    if measure.comparator is Comparator.BETWEEN:
        return f"{measure.value:g} to {measure.most:g} {measure.unit}"
    words = {Comparator.EXACTLY: ""}.get(
        measure.comparator, f"{measure.comparator.replace('_', ' ')} "
    )
    return f"{words}{measure.value:g} {measure.unit}"


def question_named(case: CaseFile, name: str) -> Question | None:
    """Return a question by its id."""
    return next((one for one in case.questions if one.id == name), None)


def _against(claims: Sequence[Claim]) -> dict[ClaimId, list[ClaimId]]:
    """Return for each claim those that contradict it, either way round."""
    found: dict[ClaimId, list[ClaimId]] = defaultdict(list)
    for claim in claims:
        for other in claim.contradicts:
            found[claim.id].append(other)
            found[other].append(claim.id)
    return found


def _when(
    start: Instant | None, end: Instant | None, edtf: str = ""
) -> tuple[str, str]:
    """Return the time in UTC as text, and what it is sorted by."""
    if start is not None:
        text = write_instant(start)
        return (f"{text} to {write_instant(end)}" if end else text), text
    if edtf:
        span = read_edtf(edtf)
        return edtf, (span.first or span.last or date.max).isoformat()
    return "", date.max.isoformat()


def _zone(text: str) -> timezone:
    sign = -1 if text[0] == "-" else 1
    face = time.fromisoformat(text[1:])
    return timezone(sign * timedelta(hours=face.hour, minutes=face.minute))


def _local(start: Instant | None, end: Instant | None, zone: timezone) -> str:
    def face(at: datetime) -> str:
        return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")

    if start is None:
        return ""
    return f"{face(start)} to {face(end)[11:]}" if end else face(start)


def _shape(place: ToldPlace) -> str:
    match place.where:
        case AtPoint():
            return "point"
        case FromOrigin():
            return "sector"
        case SameAs():
            return "same as"
        case Nowhere():
            return "unlocated"


def _put(place: ToldPlace, names: dict[PlaceId, str]) -> str:
    match place.where:
        case AtPoint() as at:
            return (
                f"{at.lat:.4f} N {at.lon:.4f} E, within {at.precision_m:g} m, "
                f"{place.status}"
            )
        case FromOrigin() as where:
            bearing, reach = where.bearing_deg, where.range_m
            return (
                f"{bearing.least:g} to {bearing.most:g} degrees true, "
                f"{reach.least / 1000:g} to {reach.most / 1000:g} km from "
                f"{names[where.origin]} ({where.origin})"
            )
        case SameAs() as where:
            return f"the same as {names[where.place]}"
        case Nowhere() as where:
            return f"nobody can put it on a map: {where.because}"


def _depths(edges: Sequence[tuple[ClaimId, ClaimId]]) -> dict[ClaimId, int]:
    """Return how many steps of cause lie before each claim, at most."""
    depth = {one: 0 for edge in edges for one in edge}
    for _ in depth:
        moved = False
        for cause, effect in edges:
            if depth[effect] < depth[cause] + 1:
                depth[effect], moved = depth[cause] + 1, True
        if not moved:
            break
    return depth
