"""Make small gazetteers, from a few rows, the way the large one is made."""

import itertools
from collections.abc import Iterable
from pathlib import Path

from clearline.adapters.gazetteer import InstalledGazetteer
from clearline.adapters.gazetteer_making import make
from clearline.adapters.gazetteer_sources import (
    Airfield,
    Country,
    Source,
    Sources,
    Town,
)

_ids = itertools.count(1)


def town(
    name: str,
    lat: float,
    lon: float,
    country: str,
    people: int,
    *others: str,
    area: str = "",
) -> Town:
    """Make a row as GeoNames has it."""
    return Town(next(_ids), name, lat, lon, country, people, area, list(others))


TOWNS = [
    town(
        *("Deir ez-Zor", 35.33588, 40.14084, "SY", 271_800),
        *("Dayr az Zawr", "دير الزور", "Дейр-эз-Зор", "देइर एज़-ज़ोर"),
        area="07",
    ),
    town("Kunduz", 36.72895, 68.857, "AF", 161_902, "Qunduz", "قندوز", "Кундуз"),
    town("Artova", 40.11528, 36.30139, "TR", 9_338, "Kunduz", area="60"),
    town("Aleppo", 36.20124, 37.16117, "SY", 2_098_210, "Halab", "حلب", area="09"),
    town("Tripoli", 34.43352, 35.84415, "LB", 229_398, "طرابلس", "Триполи"),
    town("Tripoli", 32.88743, 13.18733, "LY", 1_302_947, "طرابلس", "Триполи"),
    town("Tripoli", 42.80804, -92.25823, "US", 1_342, area="IA"),
    town("Kansas City", 39.09973, -94.57857, "US", 508_090, area="MO"),
    town("Kansas", 39.55281, -87.93920, "US", 704, area="IL"),
    town("--", 16.0, 46.0, "LY", 0),
    town("12", 15.0, 45.0, "LY", 900, "Y"),
    town("Labasa", -16.43320, 179.36451, "FJ", 27_949),
    town("Waiyevo", -16.78932, -179.97978, "FJ", 0),
    *(
        town("Springfield", 30.0 + i, -80.0 - i, "US", 1_000 * i, area=area)
        for i, area in enumerate(("MO", "MA", "IL", "OR", "OH", "NJ", "KS", "IA"), 1)
    ),
]
AIRFIELDS = [
    Airfield(
        *("OSDZ", "DEZ", "Deir ez-Zor Airport", "Deir ez-Zor", "SY"),
        *(35.2854, 40.176),
    ),
    Airfield(
        *("OLKA", "KYE", "Rene Mouawad Air Base", "Tripoli", "LB", 34.5893, 36.0113)
    ),
    Airfield("9XYZ", "", "Tripoli Airport", "Elsewhere", "LY", 25.0, 13.0),
]
COUNTRIES = {
    code: Country(name=name, iso=code, iso3=iso3)
    for code, name, iso3 in (
        ("SY", "Syria", "SYR"),
        ("AF", "Afghanistan", "AFG"),
        ("TR", "Turkey", "TUR"),
        ("LB", "Lebanon", "LBN"),
        ("LY", "Libya", "LBY"),
        ("US", "United States", "USA"),
        ("FJ", "Fiji", "FJI"),
    )
}
STATES = {
    "IA": "Iowa",
    "IL": "Illinois",
    "KS": "Kansas",
    "MA": "Massachusetts",
    "MO": "Missouri",
    "NJ": "New Jersey",
    "OH": "Ohio",
    "OR": "Oregon",
}


def sources(
    towns: Iterable[Town] = TOWNS, airfields: Iterable[Airfield] = AIRFIELDS
) -> Sources:
    """Put rows together as if packages had been read."""
    names = {(code, n) for code, c in COUNTRIES.items() for n in (code, c.name, c.iso3)}
    names |= {("LY", "ليبيا"), ("LY", "Ливия"), ("LB", "لبنان")}
    return Sources(
        towns=list(towns),
        countries=COUNTRIES,
        states=STATES,
        airfields=list(airfields),
        country_names=sorted(names),
        read_from=(
            Source(data="a few rows", package="none", licence="none", sha256={}),
        ),
    )


def small_gazetteer(folder: Path) -> InstalledGazetteer:
    """Make the gazetteer of `TOWNS` and `AIRFIELDS` in a folder."""
    path = folder / "small.sqlite"
    make(sources(), path)
    return InstalledGazetteer(path)
