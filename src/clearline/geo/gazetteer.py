"""Ask a gazetteer which places a phrase may name.

    phrase     Deir ez-Zor airport, Syria
    head       name and kind ........... Deir ez-Zor + airfield
    inside     country or area ......... Syria

A name counts whole or not at all, compared as `names` says. A phrase without a kind
names every town of that name, and each airfield called like one of them: whoever
says *9 km south of Deir ez-Zor* may mean either. Several come back most people
first, at most `MOST` of them, and each says how many there are.

A town is no point. What it is known to is the class of its extent, by the number of
its people (`EXTENTS`).

The gazetteer itself is data and enters as a port: nothing here reads a file.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import msgspec

from clearline.geo.names import key_of, words_of
from clearline.model.places import NamedOrigin, Position

MOST = 6
"""Places of one name that are offered at once."""

AIRFIELD = "airfield"
AIRFIELD_EXTENT_M = 3_000.0
"""How far an airfield reaches from its reference point: half a long runway and more."""

EXTENTS = (
    (5_000_000, 25_000.0, "city", "a city of 5,000,000 people or more"),
    (1_000_000, 15_000.0, "city", "a city of 1,000,000 to 5,000,000 people"),
    (100_000, 8_000.0, "city", "a city of 100,000 to 1,000,000 people"),
    (10_000, 5_000.0, "town", "a town of 10,000 to 100,000 people"),
    (1, 5_000.0, "village", "a place of fewer than 10,000 people"),
    (0, 8_000.0, "town", "a place of unknown size"),
)
"""From how many people on, how far the place reaches from its middle in metres, what
kind it is, and how that is said."""

_AIRFIELDS = """
    airport airfield airbase aerodrome airstrip aéroport aeropuerto aerodromo flughafen
    مطار فرودگاه аэропорт аэродром авиабаза аеропорт летище havalimanı 机场
"""
_TOWNS = """
    city town village centre center ville stadt ciudad şehir مدينة بلدة قرية شهر
    город село посёлок деревня місто 市
"""
_KINDS = {
    **{key_of(word): AIRFIELD for word in _AIRFIELDS.split()},
    **{key_of(word): "town" for word in _TOWNS.split()},
}
"""Words for a kind, and which of two each means: an airfield, or where people live."""

_IDLES = """
    the of area province governorate international military civil
    دولي عسكري محافظة международный военный область
"""
_IDLE = frozenset(map(key_of, _IDLES.split()))
"""Words beside a name, a kind or an area that tell nothing apart."""

_PARTS = re.compile(r"[,;()]+")
_MOST_AREA_WORDS = 4
_SHORTEST_GUESS, _LONGEST_GUESS = 3, 40
"""Letters of a name that is compared with names almost like it."""
_ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz",
    "ابتثجحخدذرزسشصضطظعغفقكلمنهويپچژگ",
    "абвгдежзиклмнопрстуфхцчшщъыьэюяіїєў",
)


class Named(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one place of a gazetteer.

    Attributes:
        name: As the gazetteer writes it first.
        kind: `airfield`, or anything else for a place where people live.
        people: How many live there; 0 where nobody says.
        country: ISO 3166 letters.
        country_name: In English.
        area: The code of the first-order area of the country; empty where none.
        area_name: What tells the area apart.
        position: WGS 84.
        source: Which row of which data it is.
        is_served: An airfield that answers to this name only where its kind is
            said, because it serves a town of that name and is called otherwise.
    """

    name: str
    kind: str
    people: int
    country: str
    country_name: str
    area: str
    area_name: str
    position: Position
    source: str
    is_served: bool = False


class Area(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a country, or one of its areas where `area` is not empty."""

    country: str
    area: str = ""

    def holds(self, place: Named) -> bool:
        """Say whether a place lies in it."""
        return place.country == self.country and self.area in {"", place.area}


class Gazetteer(Protocol):
    """What reading and writing need to know of named places."""

    def named(self, key: str) -> Sequence[Named]:
        """Return every place with this key among its names, most people first."""

    def areas(self, key: str) -> Sequence[Area]:
        """Return every country and area with this key among its names."""

    def known(self, keys: Sequence[str]) -> Sequence[str]:
        """Return labels of the largest places under any of the keys, a handful."""

    def nearest(self, position: Position, count: int) -> Sequence[Named]:
        """Return the nearest places where people live, nearest first."""


def look_up(phrase: str, gazetteer: Gazetteer) -> tuple[NamedOrigin, ...]:
    """Return the places a phrase may name, most people first, at most `MOST`."""
    found = _found(phrase, gazetteer)
    said = _PARTS.split(phrase)[0].strip()
    return tuple(
        _as_origin(place, gazetteer, said=said, of=len(found)) for place in found[:MOST]
    )


def nearest_places(
    position: Position, gazetteer: Gazetteer, count: int = 2
) -> tuple[NamedOrigin, ...]:
    """Return the nearest places where people live, anywhere on Earth, nearest first.

    `writing.from_two_origins` says bearing and distance from them.
    """
    near = gazetteer.nearest(position, count)
    return tuple(_as_origin(place, gazetteer, said=place.name) for place in near)


def rivals_in(origin: NamedOrigin, gazetteer: Gazetteer) -> Iterator[NamedOrigin]:
    """Return the places that share a name with an origin, itself among them.

    Country and area do not count, nor does the word for an airfield: what is asked is
    what the name alone could have meant.
    """
    for name in dict.fromkeys((origin.name, *origin.aliases)):
        head = _head(name)
        bare, kind = _kind_off(head)
        for words in (head, bare) if kind == AIRFIELD else (head,):
            for place in _called(words, gazetteer):
                yield _as_origin(place, gazetteer, said=name)


def suggest(phrase: str, gazetteer: Gazetteer) -> str:
    """Say what a phrase that names nothing may have meant; never used as read.

    Either the name is known and what it should lie in is not, or there are names
    one letter away. Empty where there is neither.
    """
    head = _head(phrase)
    if elsewhere := _called(head, gazetteer):
        lands = dict.fromkeys(place.country_name for place in elsewhere)
        return f"That name is known in {', '.join([*lands][:MOST])}."
    key = _key(head)
    if not _SHORTEST_GUESS <= len(key) <= _LONGEST_GUESS:
        return ""
    near = gazetteer.known(_one_letter_from(key))
    return f"Spelled almost like it: {'; '.join(near)}." if near else ""


def _as_origin(
    place: Named, gazetteer: Gazetteer, *, said: str, of: int = 1
) -> NamedOrigin:
    """Make an origin of a place, with what it is known to and why.

    Its name tells it apart: the country is in it, and the area where the country has
    several places of that name and of its kind.

    Args:
        place: The place.
        gazetteer: Where it is from.
        said: The name it was asked for by, kept beside its own.
        of: How many places have the name asked for.
    """
    key = key_of(place.name)
    alike = sum(
        other.country == place.country and _is_of(other.kind, place)
        for other in gazetteer.named(key)
    )
    within = (place.area_name if alike > 1 else "", place.country_name)
    reach_m, kind, why = extent(place)
    notes = [why, place.source]
    if key not in key_of(said):
        notes.append("found under another of its names")
    if of > MOST:
        notes.append(f"{of - MOST} more are called so: add the country or area")
    return NamedOrigin(
        name=", ".join([place.name, *filter(None, within)]),
        kind=kind,
        position=place.position,
        source="; ".join(notes),
        aliases=tuple(dict.fromkeys(filter(None, (place.name, said)))),
        precision_m=reach_m,
    )


def extent(place: Named) -> tuple[float, str, str]:
    """Return how far a place reaches from its middle, its kind, and why."""
    if place.kind == AIRFIELD:
        return AIRFIELD_EXTENT_M, AIRFIELD, "an airfield is no point"
    _, reach_m, kind, what = next(e for e in EXTENTS if place.people >= e[0])
    return reach_m, kind, f"{what} is no point"


def _found(phrase: str, gazetteer: Gazetteer) -> list[Named]:
    """Find a phrase as a whole name, or as a name and what the place lies in."""
    if whole := _called(words_of(phrase), gazetteer):
        return whole
    parts = [words for part in _PARTS.split(phrase) if (words := words_of(part))]
    if len(parts) > 1:
        return _inside(_called(parts[0], gazetteer), parts[1:], gazetteer)
    words = parts[0] if parts else []
    for cut in range(len(words) - 1, max(0, len(words) - 1 - _MOST_AREA_WORDS), -1):
        places = _called(words[:cut], gazetteer)
        if found := _inside(places, [words[cut:]], gazetteer):
            return found
    return []


def _head(phrase: str) -> list[str]:
    """Return the words of a phrase before its first comma."""
    return next((words for p in _PARTS.split(phrase) if (words := words_of(p))), [])


def _called(words: list[str], gazetteer: Gazetteer) -> list[Named]:
    """Find the places of a name, its kind said or not.

    A name that holds the word for a town is taken whole where it can be: *Kansas
    City* is no city called Kansas. One that holds the word for an airfield may be
    its own name or that of the town it serves. Figures alone, which are a name in some
    places, and single letters name nothing: they are parts of a position.
    """
    bare, kind = _kind_off(words)
    if not _is_name(_key(bare)):
        return []
    whole = [p for p in gazetteer.named(_key(words)) if not p.is_served]
    if (kind is None and bare == words) or (whole and kind != AIRFIELD):
        return whole
    called = gazetteer.named(_key(bare))
    if kind is None:
        return [p for p in called if not p.is_served]
    return whole + [p for p in called if p not in whole and _is_of(kind, p)]


def _is_name(key: str) -> bool:
    return len(key) > 1 and not key.isdigit()


def _kind_off(words: list[str]) -> tuple[list[str], str | None]:
    """Take the words for a kind, and idle ones beside them, off both ends."""
    joined = " ".join(words)
    for kind in ("base", "field", "port", "strip"):
        joined = joined.replace(f"air {kind}", f"air{kind}")
    bare, kinds = joined.split(), []
    for end in (-1, 0):
        while bare and (bare[end] in _KINDS or bare[end] in _IDLE):
            kinds.append(_KINDS.get(bare.pop(end)))
    return bare, next((kind for kind in kinds if kind), None)


def _inside(
    places: list[Named], within: Iterable[list[str]], gazetteer: Gazetteer
) -> list[Named]:
    """Keep the places that lie in all of the areas, and are of all of the kinds."""
    for words in within:
        bare, kind = _kind_off(words)
        if kind:
            places = [p for p in places if _is_of(kind, p)]
        if bare:
            areas = (*gazetteer.areas(_key(words)), *gazetteer.areas(_key(bare)))
            places = [p for p in places if any(area.holds(p) for area in areas)]
    return places


def _is_of(kind: str, place: Named) -> bool:
    """Say whether a place is of a kind, of the two kinds there are."""
    return (kind == AIRFIELD) == (place.kind == AIRFIELD)


def _key(words: list[str]) -> str:
    return key_of(" ".join(words))


def _one_letter_from(key: str) -> tuple[str, ...]:
    """Return what a key becomes by one letter left out, added, changed or swapped."""
    letters = next((a for a in _ALPHABETS if key[0] in a), "".join(sorted(set(key))))
    cuts = [(key[:i], key[i:]) for i in range(len(key) + 1)]
    near = dict.fromkeys(
        [
            *(a + b[1:] for a, b in cuts if b),
            *(a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1),
            *(a + c + b[1:] for a, b in cuts if b for c in letters),
            *(a + c + b for a, b in cuts for c in letters),
        ]
    )
    near.pop(key, None)
    return tuple(near)
