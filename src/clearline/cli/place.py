"""Print how a place is understood: `clearline place TEXT`."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec
from cyclopts import Parameter

from clearline.cli.gazetteer import installed
from clearline.geo.alphabets import ALPHABETS, Alphabet
from clearline.geo.origins import Known
from clearline.geo.reading import NoReading, UnknownName, read_place
from clearline.geo.separation import (
    located,
    middle,
    reach_from_middle_m,
    separations,
)
from clearline.geo.voice import spell
from clearline.geo.writing import from_two_origins, write_all
from clearline.model.errors import BadInput
from clearline.model.placechecks import PlaceCheck, PlaceFinding, PlaceVerdict
from clearline.model.places import (
    Footprint,
    Interval,
    NamedOrigin,
    Point,
    Position,
    Reading,
)
from clearline.rules.toldright import check_place
from clearline.wire.problems import problem

ONE, NOT_THE_SAME, SEVERAL = 0, 1, 3
"""Exit codes of one reading, of two that do not agree, and of several readings; none
is bad input, which is 2."""


class _ReadingRow(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One reading as machines get it.

    For a footprint with an extent, `lon` and `lat` are its middle and
    `precision_m` reaches from there to its farthest part.
    """

    lon: float | None
    lat: float | None
    precision_m: float | None
    format: str
    understood: str
    footprint: Footprint
    written: dict[str, str]
    spoken: dict[str, str] = {}
    bearings: list[str] = []
    origin: str | None = None
    altitude_m: float | None = None
    lines: "list[_ReadingRow]" = []


class _Answer(msgspec.Struct, kw_only=True):
    readings: list[_ReadingRow]
    ambiguous: bool
    apart_m: list[list[float]]


class _Refusal(msgspec.Struct, kw_only=True, omit_defaults=True):
    """No reading, with the problem as every command shows it."""

    readings: list[_ReadingRow]
    ambiguous: bool
    error: dict[str, object]
    unlocated: str | None = None


class _Comparison(msgspec.Struct, kw_only=True):
    """One reading of each text, compared."""

    told: str
    against: str
    verdict: PlaceVerdict
    why: str
    separation_m: Interval | None
    combined_precision_m: float | None
    findings: tuple[PlaceFinding, ...]
    assumption: str


class _Compared(msgspec.Struct, kw_only=True):
    """Every reading of one text against every reading of the other."""

    told: _Answer
    against: _Answer
    comparisons: list[_Comparison]
    verdict: PlaceVerdict


class _Wanted(NamedTuple):
    """What is said of each reading beside what was understood.

    The gazetteer's places are landmarks only once it has been made: nobody who gave
    figures waits for that.
    """

    origins: Known
    landmarks: Sequence[NamedOrigin]
    alphabets: list[Alphabet]


def place(  # noqa: PLR0913 (each is an option of the command)
    text: Annotated[str, Parameter(allow_leading_hyphen=True)],
    *,
    against: Annotated[str | None, Parameter(allow_leading_hyphen=True)] = None,
    origin: Annotated[tuple[str, ...], Parameter(negative="")] = (),
    alphabet: Annotated[tuple[str, ...], Parameter(negative="")] = ("icao",),
    map: Path | None = None,  # noqa: A002 (the option's name)
    json: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Say how a place is understood, and write it in every form it deserves.

    Reads decimal degrees, degrees-minutes, DMS, packed figures, MGRS and USNG with
    square letters, UTM, geo: URIs, links of web maps, names of places in any script,
    and a bearing and range from a named origin, for example "3 to 6 km southwest of
    the airfield". Several lines are a route or an area. What can be meant in several
    ways is listed, never chosen. Names no --origin has are looked up in the gazetteer,
    which is made from installed packages at the first name (see clearline gazetteer).

    Exit code 0: one reading. 3: several; somebody has to choose. 2: none, and why.
    With --against, 0: the two agree. 1: they do not, or nobody can tell.

    Args:
        text: The place as told; - reads it from standard input, for several lines.
        against: The same place in another form, compared with the first.
        origin: A named position that bearings start from, "NAME=LAT,LON" or
            "NAME (KIND)=LAT,LON", as often as needed.
        alphabet: Spelling alphabet for voice, as often as needed: icao, fr, de, es,
            ru, uk, ar, he.
        map: Write a page that draws what was understood, and with --against both, to
            this file.
        json: Print one JSON object.
    """
    try:
        wanted = _wanted(origin, alphabet)
        readings = read_place(_given(text), wanted.origins)
        if against is not None:
            others = read_place(against, wanted.origins)
            return _compare(readings, others, wanted, map, as_json=json)
        if map is not None:
            _draw(map, readings)
    except BadInput as error:
        if not json:
            raise
        print(msgspec.json.encode(_refusal(error)).decode())
        return error.exit_code
    answer = _answer(readings, wanted)
    if json:
        print(msgspec.json.encode(answer).decode())
    else:
        _print(answer)
    return SEVERAL if answer.ambiguous else ONE


def _wanted(origin: Sequence[str], alphabet: Sequence[str]) -> _Wanted:
    own, gazetteer = [_origin(given) for given in origin], installed()
    known = Known(own, gazetteer)
    return _Wanted(
        origins=known,
        landmarks=known if gazetteer.is_made else own,
        alphabets=[_alphabet(name) for name in alphabet],
    )


def _given(text: str) -> str:
    return sys.stdin.read() if text == "-" else text


def _alphabet(name: str) -> Alphabet:
    known = ALPHABETS.get(name.casefold())
    if known is None:
        raise NoReading(
            f"There is no spelling alphabet {name!r} here.",
            state="Nothing was read.",
            next=f"Give one of {', '.join(ALPHABETS)}.",
        )
    return known


def _origin(given: str) -> NamedOrigin:
    """Read one `--origin`; its position must be one reading, latitude first."""
    name, _, where = given.rpartition("=")
    lat, _, lon = where.partition(",")
    try:
        position = Position(lon=float(lon), lat=float(lat))
    except ValueError as error:
        raise NoReading(
            f"--origin {given!r} is not NAME=LAT,LON.",
            state="Nothing was read.",
            next='Write it as "Deir ez-Zor (airfield)=35.2854,40.1760".',
        ) from error
    bare, _, kind = name.partition("(")
    return NamedOrigin(
        name=bare.strip(),
        kind=kind.strip(" )"),
        position=position,
        source="given on the command line",
    )


def _answer(readings: tuple[Reading, ...], wanted: _Wanted) -> _Answer:
    shapes = (located(reading.place.footprint) for reading in readings)
    rows = separations([shape for shape in shapes if shape is not None])
    return _Answer(
        readings=[_row(reading, wanted) for reading in readings],
        ambiguous=len(readings) > 1,
        apart_m=[[round(apart_m.least, 1) for apart_m in row] for row in rows],
    )


def _row(reading: Reading, wanted: _Wanted) -> _ReadingRow:
    told = reading.place
    shape = located(told.footprint)
    if shape is None:
        position, precision_m = None, None
    else:
        position = middle(shape)
        precision_m = shape.precision_m
        if not isinstance(shape, Point):
            precision_m += reach_from_middle_m(shape)
    written: dict[str, str] = {}
    bearings: tuple[str, ...] = ()
    if position is not None and precision_m is not None and not reading.lines:
        written = write_all(position, precision_m)
        bearings = from_two_origins(position, wanted.landmarks, precision_m)
    said = written.get("mgrs") or written.get("packed", "")
    return _ReadingRow(
        lon=position.lon if position else None,
        lat=position.lat if position else None,
        precision_m=None if precision_m is None else round(precision_m, 2),
        format=told.format,
        understood=reading.understood,
        footprint=told.footprint,
        written=written,
        spoken={one.name: spell(said, one) for one in wanted.alphabets} if said else {},
        bearings=list(bearings),
        origin=told.origin,
        altitude_m=told.altitude_m,
        lines=[_row(line, wanted) for line in reading.lines],
    )


def _print(answer: _Answer) -> None:
    if answer.ambiguous:
        print(f"{len(answer.readings)} readings; choose one:")
    for number, reading in enumerate(answer.readings, 1):
        head = f"{number}. " if answer.ambiguous else ""
        print(f"{head}{reading.understood}")
        _print_forms(reading)
        for line, told in enumerate(reading.lines, 1):
            print(f"   line {line}: {told.understood}")
            print(f"      {told.written.get('mgrs') or told.written['packed']}")


def _print_forms(reading: _ReadingRow) -> None:
    for name, text in reading.written.items():
        print(f"   {name:8}{text}")
    for name, text in reading.spoken.items():
        label = "say" if name == "icao" else f"say {name}"
        print(f"   {label:8}{text}")
    for bearing in reading.bearings:
        print(f"   {'from':8}{bearing}")


def _compare(
    told: tuple[Reading, ...],
    against: tuple[Reading, ...],
    wanted: _Wanted,
    drawn: Path | None,
    *,
    as_json: bool,
) -> int:
    """Compare each reading of one text with each of the other."""
    checks = [
        check_place(a.place, b.place, wanted.origins) for a in told for b in against
    ]
    if drawn is not None:
        _draw(drawn, told, against, checks)
    compared = _Compared(
        told=_answer(told, wanted),
        against=_answer(against, wanted),
        comparisons=[_comparison(check) for check in checks],
        verdict=_verdict({check.verdict for check in checks}),
    )
    if as_json:
        print(msgspec.json.encode(compared).decode())
    else:
        _print_compared(compared)
    if len(checks) > 1 and compared.verdict is PlaceVerdict.CANNOT_TELL:
        return SEVERAL
    return ONE if compared.verdict is PlaceVerdict.AGREE else NOT_THE_SAME


def _draw(
    path: Path,
    told: Sequence[Reading],
    against: Sequence[Reading] = (),
    checks: Sequence[PlaceCheck] = (),
) -> None:
    from clearline.cli.place_map import write_map  # noqa: PLC0415 (it loads much)

    write_map(path, told, against, checks)


def _verdict(verdicts: set[PlaceVerdict]) -> PlaceVerdict:
    """Return the verdict that all readings share; else nobody can tell."""
    return verdicts.pop() if len(verdicts) == 1 else PlaceVerdict.CANNOT_TELL


def _comparison(check: PlaceCheck) -> _Comparison:
    return _Comparison(
        told=check.told.text,
        against=check.meant.text,
        verdict=check.verdict,
        why=check.why,
        separation_m=check.separation_m,
        combined_precision_m=check.combined_precision_m,
        findings=check.findings,
        assumption=check.assumption,
    )


def _print_compared(compared: _Compared) -> None:
    many = len(compared.comparisons) > 1
    pairs = [(a, b) for a in compared.told.readings for b in compared.against.readings]
    for number, (row, (a, b)) in enumerate(
        zip(compared.comparisons, pairs, strict=True), 1
    ):
        head = f"{number}. " if many else ""
        print(f"{head}{row.why}")
        print(f"   told    {a.understood}")
        print(f"   against {b.understood}")
    if many and compared.verdict is PlaceVerdict.CANNOT_TELL:
        print("Cannot tell: choose one reading of each text first.")


def _refusal(error: BadInput) -> _Refusal:
    return _Refusal(
        readings=[],
        ambiguous=False,
        error=problem(error),
        unlocated=error.text if isinstance(error, UnknownName) else None,
    )
