"""Make the gazetteer's file from its sources.

    towns ........ a row each, under every name GeoNames has for them
    airfields .... a row each, under their own names and codes; one that is called
                   like a town near it answers to every name of that town, one that
                   only serves a town does so where its kind is said
    countries .... under their codes and their names in many languages
    areas ........ under the name of their largest place, or the state's in the USA

The same sources give the same bytes: everything is put in one order, and nothing of
the day, the machine or the folder enters. (SQLite writes its own version into a
file, and names are compared by Python's tables of characters: another of either may
give other bytes.)
"""

import contextlib
import math
import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path

import apsw
import msgspec

from clearline.adapters.gazetteer_sources import Airfield, Sources, Town
from clearline.adapters.queries import queries, script
from clearline.geo.gazetteer import AIRFIELD
from clearline.geo.names import key_of, words_of

APPLICATION_ID = 0x434C475A
"""What marks a SQLite file as a gazetteer of ours: "CLGZ"."""

NEAR_KM = 50.0
"""How far from a town an airfield may lie to be taken as that town's."""

SAME_KM = 5.0
"""Within which two rows of one name and country are counted as likely one place."""

_Progress = Callable[[int, int], None]
_STEP = 5_000
_OF_KINDS = """
    airport airfield airbase aerodrome airstrip air base field port strip heliport
    seaplane international regional municipal domestic national county military
    memorial army naval raf afb station
"""
_KIND_WORDS = frozenset(_OF_KINDS.split())
_EARTH_KM = 6_371.0088


class Counts(msgspec.Struct, kw_only=True):
    """Say how much is in a gazetteer, and how good it is.

    Attributes:
        towns: Places where people live.
        airfields: Airfields.
        names: Different names, each place apart, as they are compared.
        towns_named_in: Towns that have a name in a script.
        without_people: Towns of which nobody says how many people live there.
        likely_twice: Pairs of towns of one name and country within `SAME_KM`.
        airfields_called_like_a_town: Answer to all its names, within `NEAR_KM`.
        airfields_serving_a_town: Called otherwise, within `NEAR_KM` of it.
        areas: First-order areas of countries.
        country_names: Names of countries.
    """

    towns: int = 0
    airfields: int = 0
    names: int = 0
    towns_named_in: dict[str, int] = {}
    without_people: int = 0
    likely_twice: int = 0
    airfields_called_like_a_town: int = 0
    airfields_serving_a_town: int = 0
    areas: int = 0
    country_names: int = 0


class _Keyed(msgspec.Struct, gc=False):
    """Hold a town beside the keys of its names, the first of its first name."""

    town: Town
    keys: tuple[str, ...]


def make(sources: Sources, path: Path, progress: _Progress = lambda *_: None) -> Counts:
    """Make the file at `path`, which must not be there; whole on return.

    Args:
        sources: What it is made from.
        path: A new file.
        progress: Is told how many places are done, of how many.
    """
    making = _Making(sources, progress)
    with contextlib.closing(apsw.Connection(str(path))) as file:
        file.pragma("journal_mode", "off")
        file.pragma("synchronous", 0)
        file.pragma("application_id", APPLICATION_ID)
        with file:
            file.execute(script("gazetteer_schema"))
            making.write(file)
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return making.counts


class _Making:
    """Hold what is gathered while a file is made."""

    def __init__(self, sources: Sources, progress: _Progress) -> None:
        self.counts = Counts(towns_named_in={})
        self._sources = sources
        self._progress = progress
        self._total = len(sources.towns) + len(sources.airfields)
        self._places: list[tuple[object, ...]] = []
        self._names: list[tuple[str, int, int]] = []
        self._arabic: list[tuple[int, str]] = []
        self._largest: dict[tuple[str, str], _Keyed] = {}
        # Towns are kept by name only under the names that airfields ask for.
        self._asked: dict[tuple[str, str], list[_Keyed]] = {
            (key, airfield.country): []
            for airfield in sources.airfields
            for key in (_core(airfield.name), key_of(airfield.city))
        }

    def write(self, file: apsw.Connection) -> None:
        """Write every table in the order of its key."""
        sql = queries("gazetteer")
        self._add_towns()
        self._add_airfields()
        self.counts.names = len(self._names)
        areas, area_names = self._areas()
        file.executemany(sql["add_place"], sorted(self._places))
        file.executemany(sql["add_name"], sorted(self._names))
        file.executemany(sql["add_arabic"], sorted(self._arabic))
        file.executemany(sql["add_area"], sorted(areas))
        file.executemany(sql["add_area_name"], sorted(area_names))
        file.execute(sql["add_order"])
        about = {"counts": self.counts, "sources": self._sources.read_from}
        for name, value in about.items():
            file.execute(sql["add_about"], (name, msgspec.json.encode(value).decode()))

    def _add_towns(self) -> None:
        first: dict[tuple[str, str], list[Town]] = defaultdict(list)
        scripts: Counter[str] = Counter()
        for done, town in enumerate(self._sources.towns):
            if done % _STEP == 0:
                self._progress(done, self._total)
            keys = dict.fromkeys(map(key_of, (town.name, *town.alternatenames)))
            keys.pop("", None)
            keyed = _Keyed(town, tuple(keys))
            self._names += [(key, town.geonameid, 0) for key in keyed.keys]
            for key in keyed.keys:
                if (asked := self._asked.get((key, town.countrycode))) is not None:
                    asked.append(keyed)
            first[next(iter(keys), ""), town.countrycode].append(town)
            at = (town.countrycode, town.admin1code)
            if at not in self._largest or _size(town) > _size(self._largest[at].town):
                self._largest[at] = keyed
            scripts.update(set(map(_script, {key[0] for key in keyed.keys})))
            self._places.append(_row_of_town(town))
            if (arabic := _arabic(town)) is not None:
                self._arabic.append((town.geonameid, arabic))
        self.counts.towns = len(self._sources.towns)
        self.counts.towns_named_in = dict(
            sorted(scripts.items(), key=lambda item: (-item[1], item[0]))
        )
        self.counts.without_people = sum(t.population <= 0 for t in self._sources.towns)
        self.counts.likely_twice = sum(map(_twice, first.values()))

    def _add_airfields(self) -> None:
        towns = len(self._sources.towns)
        for number, airfield in enumerate(self._sources.airfields, 1):
            own = _core(airfield.name)
            alike = self._nearest(own, airfield)
            served = alike or self._nearest(key_of(airfield.city), airfield)
            is_served = int(alike is None)
            keys = dict.fromkeys((own, *(served.keys if served else ())), is_served)
            whole = map(key_of, (airfield.name, airfield.icao, airfield.iata))
            keys |= dict.fromkeys(whole, 0)
            keys.pop("", None)
            self._names += [(key, -number, role) for key, role in keys.items()]
            self._places.append(
                _row_of_airfield(-number, airfield, served.town if served else None)
            )
            self.counts.airfields_called_like_a_town += alike is not None
            self.counts.airfields_serving_a_town += alike is None and served is not None
        self.counts.airfields = len(self._sources.airfields)
        self._progress(towns + self.counts.airfields, self._total)

    def _nearest(self, key: str, airfield: Airfield) -> _Keyed | None:
        """Return the nearest town of a name and the airfield's country, if near."""
        near = [
            (km, keyed.town.geonameid, keyed)
            for keyed in self._asked[key, airfield.country]
            if (
                km := _km(
                    airfield.lat,
                    airfield.lon,
                    keyed.town.latitude,
                    keyed.town.longitude,
                )
            )
            <= NEAR_KM
        ]
        return min(near, key=lambda found: found[:2])[2] if near else None

    def _areas(self) -> tuple[set[tuple[str, str, str]], set[tuple[str, str, str]]]:
        """Return the areas with their names, and the keys they are found by."""
        areas: set[tuple[str, str, str]] = set()
        found_by: set[tuple[str, str, str]] = set()
        for (country, area), keyed in self._largest.items():
            if not area:
                continue
            state = self._sources.states.get(area) if country == "US" else None
            areas.add((country, area, state or f"area of {keyed.town.name}"))
            keys = map(key_of, (state, area)) if state else keyed.keys
            found_by.update((key, country, area) for key in keys)
        self.counts.areas = len(areas)
        for code, land in self._sources.countries.items():
            areas.add((code, "", land.name))
        lands = {
            (key, code, "")
            for code, name in self._sources.country_names
            if (key := key_of(name))
        }
        self.counts.country_names = len(lands)
        return areas, found_by | lands


def _row_of_town(town: Town) -> tuple[object, ...]:
    people = max(0, town.population)
    return (
        *(town.geonameid, town.name, "town", people, 2 * people + 1),
        *(town.countrycode, town.admin1code, town.longitude, town.latitude),
        f"GeoNames {town.geonameid}",
    )


def _row_of_airfield(
    number: int, airfield: Airfield, town: Town | None
) -> tuple[object, ...]:
    rank = 2 * max(0, town.population) if town else 0
    return (
        *(number, airfield.name, AIRFIELD, 0, rank),
        *(airfield.country, town.admin1code if town else ""),
        *(airfield.lon, airfield.lat),
        f"airportsdata {airfield.icao}",
    )


def _arabic(town: Town) -> str | None:
    """Return what a town of a country that speaks Arabic is called in Arabic.

    Names come without their languages, and Persian, Urdu and Uyghur share the letters.
    So a name with the article is taken before others, then the spelling most names
    agree with but for vowels, then fewer words, and letters the neighbours replace.
    """
    if not _speaks_arabic(town.countrycode):
        return None
    names = [
        name
        for name in map(str.strip, town.alternatenames)
        if name and set(name) <= _ARABIC and not _OTHERS(name)
    ]
    agreeing = Counter(map(_skeleton, names))

    def how_good(name: str) -> tuple[bool, int, int, int, int, str]:
        own = sum(map(name.count, _OWN_LETTERS))
        return (
            *(not name.startswith("ال"), -agreeing[_skeleton(name)], name.count(" ")),
            *(-own, len(name), name),
        )

    return min(names, key=how_good, default=None)


def _skeleton(name: str) -> str:
    """Return what is left of an Arabic name without vowels and articles."""
    words = (word.removeprefix("ال") for word in name.split())
    bare = " ".join(f"{w[:-1]}ة" if w.endswith("ه") else w for w in words)
    return "".join(letter for letter in bare if letter not in "اويىئءؤأإآ")


@cache
def _speaks_arabic(country: str) -> bool:
    from babel.languages import get_official_languages  # noqa: PLC0415

    spoken = get_official_languages(country, regional=False, de_facto=True)
    return any(one.partition("_")[0] == "ar" for one in spoken)


def _twice(towns: list[Town]) -> int:
    """Count the pairs of towns that are likely one."""
    return sum(
        _km(a.latitude, a.longitude, b.latitude, b.longitude) <= SAME_KM
        for i, a in enumerate(towns)
        for b in towns[i + 1 :]
    )


def _core(name: str) -> str:
    """Return the key of an airfield's name without the words for what it is."""
    return key_of(" ".join(w for w in words_of(name) if w not in _KIND_WORDS))


def _size(town: Town) -> tuple[int, int]:
    return town.population, -town.geonameid


_ARABIC = frozenset("ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي ")
"""The letters Arabic itself has; names of its neighbours have others beside them."""

_OWN_LETTERS = "عحصضطظقةغ"
_OTHERS = re.compile("^ئ|[ىة][^ ]").search
"""What Arabic does not write: letters that begin or end a word, elsewhere in it."""

_SCRIPTS = (
    ("Latin", "a", "z"),
    ("Greek", "α", "ω"),
    ("Cyrillic", "а", "ӿ"),
    ("Hebrew", "א", "ת"),
    ("Arabic", "ء", "ۿ"),
    ("Devanagari", "ऀ", "ॿ"),
    ("Han", "一", "鿿"),
    ("Hangul", "가", "힣"),
)


@cache
def _script(first: str) -> str:
    """Name the script of a letter."""
    return next((n for n, least, most in _SCRIPTS if least <= first <= most), "other")


def _km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the distance on a sphere, which is enough to tell near from far."""
    a, b = math.radians(lat), math.radians(other_lat)
    turn = math.radians(other_lon - lon)
    half = (
        math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(turn / 2) ** 2
    )
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(half)))
