"""Print how a place is understood: `clearline place TEXT`."""

from typing import Annotated

import msgspec
from cyclopts import Parameter

from clearline.cli.gazetteer import installed
from clearline.geo.origins import Known
from clearline.geo.reading import NoReading, read_place
from clearline.geo.separation import (
    located,
    middle,
    reach_from_middle_m,
    separation,
)
from clearline.geo.voice import spell
from clearline.geo.writing import write_decimal, write_dms, write_mgrs
from clearline.model.errors import BadInput
from clearline.model.places import Footprint, NamedOrigin, Point, Position, Reading
from clearline.wire.problems import problem

ONE, SEVERAL = 0, 3
"""Exit codes of one reading and of several; none is bad input, which is 2."""


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
    origin: str | None = None


class _Answer(msgspec.Struct, kw_only=True):
    readings: list[_ReadingRow]
    ambiguous: bool
    apart_m: list[list[float]]


class _Refusal(msgspec.Struct, kw_only=True):
    """No reading, with the problem as every command shows it."""

    readings: list[_ReadingRow]
    ambiguous: bool
    error: dict[str, object]


def place(
    text: str,
    *,
    origin: Annotated[tuple[str, ...], Parameter(negative="")] = (),
    json: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Say how a place is understood, and write it in every form it deserves.

    Reads decimal degrees, degrees-minutes, DMS, MGRS with its square letters, names
    of places in any script, and a bearing and range from a named origin, for
    example "3 to 6 km southwest of the airfield". What can be meant in several ways
    is listed, never chosen. Names no --origin has are looked up in the gazetteer,
    which is made from installed packages at the first name (see clearline gazetteer).

    Exit code 0: one reading. 3: several; somebody has to choose. 2: none, and why.

    Args:
        text: The place as told.
        origin: A named position that bearings start from, "NAME=LAT,LON" or
            "NAME (KIND)=LAT,LON", as often as needed.
        json: Print one JSON object.
    """
    try:
        own = [_origin(given) for given in origin]
        readings = read_place(text, Known(own, installed()))
    except BadInput as error:
        if not json:
            raise
        print(msgspec.json.encode(_refusal(error)).decode())
        return error.exit_code
    answer = _answer(readings)
    if json:
        print(msgspec.json.encode(answer).decode())
    else:
        _print(answer)
    return SEVERAL if answer.ambiguous else ONE


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


def _answer(readings: tuple[Reading, ...]) -> _Answer:
    shapes = [located(reading.place.footprint) for reading in readings]
    return _Answer(
        readings=[_row(reading) for reading in readings],
        ambiguous=len(readings) > 1,
        apart_m=[
            [round(separation(a, b).least, 1) for b in shapes if b is not None]
            for a in shapes
            if a is not None
        ],
    )


def _row(reading: Reading) -> _ReadingRow:
    told = reading.place
    shape = located(told.footprint)
    if shape is None:
        position, precision_m = None, None
    else:
        position = middle(shape)
        precision_m = shape.precision_m
        if not isinstance(shape, Point):
            precision_m += reach_from_middle_m(shape)
    return _ReadingRow(
        lon=position.lon if position else None,
        lat=position.lat if position else None,
        precision_m=None if precision_m is None else round(precision_m, 2),
        format=told.format,
        understood=reading.understood,
        footprint=told.footprint,
        written=_written(position, precision_m),
        origin=told.origin,
    )


def _written(position: Position | None, precision_m: float | None) -> dict[str, str]:
    if position is None or precision_m is None:
        return {}
    forms = {
        "decimal": write_decimal(position, precision_m),
        "dms": write_dms(position, precision_m),
        "mgrs": write_mgrs(position, precision_m),
    }
    return {name: text for name, text in forms.items() if text}


def _print(answer: _Answer) -> None:
    if answer.ambiguous:
        print(f"{len(answer.readings)} readings; choose one:")
    for number, reading in enumerate(answer.readings, 1):
        head = f"{number}. " if answer.ambiguous else ""
        print(f"{head}{reading.understood}")
        for name, text in reading.written.items():
            print(f"   {name:8}{text}")
        if grid := reading.written.get("mgrs"):
            print(f"   {'say':8}{spell(grid)}")


def _refusal(error: BadInput) -> _Refusal:
    return _Refusal(readings=[], ambiguous=False, error=problem(error))
