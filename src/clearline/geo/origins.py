"""Find the origin a phrase names, and the rivals it could be mistaken for.

A phrase names an origin by its name, by its name and its kind ("Deir ez-Zor
airfield"), or by its kind alone ("the airfield"). Spelling is compared as `names`
says; whole names only, never parts of names.

One's own origins come first: a gazetteer is asked only for a name none of them has.
It is asked for rivals in any case.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import overload

from clearline.geo.gazetteer import (
    Gazetteer,
    look_up,
    nearest_places,
    rivals_in,
    suggest,
)
from clearline.geo.geodesy import distance_m
from clearline.geo.lengths import say_length
from clearline.geo.names import words_of
from clearline.model.places import NameAsked, NamedOrigin, Position

MOST_RIVALS = 3
"""Rivals from a gazetteer that are named: the nearest."""

_IDLE = frozenset({"the", "of", "a", "an"})

_KINDS = {
    "airbase": "airfield",
    "aerodrome": "airfield",
    "airport": "airfield",
    "airstrip": "airfield",
    "center": "city",
    "centre": "city",
    "town": "city",
}
"""Words taken as one kind; whoever says the airport may mean the airfield."""

_TWO_WORD_KINDS = re.compile(r"\bair (base|field|port|strip)\b")


class Known(Sequence[NamedOrigin]):
    """Hold the origins known here, with a gazetteer to ask beside them.

    As a sequence it is one's own origins; what the gazetteer knows is only asked.
    """

    def __init__(self, own: Sequence[NamedOrigin], gazetteer: Gazetteer) -> None:
        """Put both together."""
        self._own = tuple(own)
        self.gazetteer = gazetteer

    @overload
    def __getitem__(self, index: int) -> NamedOrigin: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[NamedOrigin, ...]: ...
    def __getitem__(self, index: int | slice) -> NamedOrigin | tuple[NamedOrigin, ...]:
        """Return one's own origin of that number."""
        return self._own[index]

    def __len__(self) -> int:
        return len(self._own)

    def look_up(self, phrase: str) -> tuple[NamedOrigin, ...]:
        """Return what the gazetteer knows by a phrase."""
        return look_up(phrase, self.gazetteer)

    def rivals(self, origin: NamedOrigin) -> tuple[NamedOrigin, ...]:
        """Return what the gazetteer knows by the names of an origin, elsewhere."""
        return tuple(_apart_in(self.gazetteer, (origin, *_own_rivals(origin, self))))


class _Noting(Known):
    """Ask, and note what was said."""

    def __init__(self, known: Known) -> None:
        super().__init__(tuple(known), known.gazetteer)
        self.noted: list[NameAsked] = []

    def look_up(self, phrase: str) -> tuple[NamedOrigin, ...]:
        found = super().look_up(phrase)
        self.noted.append(NameAsked(phrase=phrase, found=found))
        return found

    def rivals(self, origin: NamedOrigin) -> tuple[NamedOrigin, ...]:
        found = super().rivals(origin)
        self.noted.append(NameAsked(rivals_of=origin, found=found))
        return found


class _Silent:
    """Know nothing that was not asked before."""

    def named(self, key: str) -> tuple[()]:
        del key
        return ()

    areas = named

    def known(self, keys: Sequence[str]) -> tuple[()]:
        del keys
        return ()

    def nearest(self, position: Position, count: int) -> tuple[()]:
        del position, count
        return ()


class _Noted(Known):
    """Answer from what was noted."""

    def __init__(self, own: Sequence[NamedOrigin], noted: Sequence[NameAsked]) -> None:
        super().__init__(own, _Silent())
        self._noted = noted

    def look_up(self, phrase: str) -> tuple[NamedOrigin, ...]:
        return self._found(NameAsked(phrase=phrase))

    def rivals(self, origin: NamedOrigin) -> tuple[NamedOrigin, ...]:
        return self._found(NameAsked(rivals_of=origin))

    def _found(self, asked: NameAsked) -> tuple[NamedOrigin, ...]:
        said = (
            one.found
            for one in self._noted
            if (one.phrase, one.rivals_of) == (asked.phrase, asked.rivals_of)
        )
        return next(said, ())


def asked_before(
    work: Callable[[Sequence[NamedOrigin]], object], known: Sequence[NamedOrigin]
) -> tuple[NameAsked, ...]:
    """Do some work for the names it asks a gazetteer for, and return those alone.

    Whoever decides may not wait for a disk: a gazetteer is asked beforehand, and what
    it said goes along with what is to be decided.

    Args:
        work: Given the origins known; what it returns is dropped.
        known: One's own origins, and `Known` where there is a gazetteer.
    """
    if not isinstance(known, Known):
        return ()
    noting = _Noting(known)
    work(noting)
    return tuple(noting.noted)


def with_asked(
    own: Sequence[NamedOrigin], noted: Sequence[NameAsked]
) -> Sequence[NamedOrigin]:
    """Return one's own origins beside what a gazetteer was asked before."""
    return _Noted(own, noted) if noted else own


def find_origins(
    phrase: str, origins: Sequence[NamedOrigin]
) -> tuple[NamedOrigin, ...]:
    """Return every origin the phrase may name, in the order given.

    More than one means that the phrase is ambiguous and somebody has to choose.
    """
    asked = _words(phrase)
    own = tuple(o for o in origins if asked and _may_name(asked, o))
    if own or not isinstance(origins, Known):
        return own
    return origins.look_up(phrase)


def rivals_of(
    origin: NamedOrigin, origins: Sequence[NamedOrigin]
) -> tuple[NamedOrigin, ...]:
    """Return the origins that share a name with `origin` and lie elsewhere.

    One's own first, then the nearest the gazetteer knows. A row of the gazetteer that
    may be the origin itself, of its kind and as near as the row is certain to, is none.
    """
    own = _own_rivals(origin, origins)
    if not isinstance(origins, Known):
        return own
    near = sorted(
        origins.rivals(origin),
        key=lambda other: (distance_m(origin.position, other.position), other.label),
    )
    return (*own, *near[:MOST_RIVALS])


def _own_rivals(
    origin: NamedOrigin, origins: Iterable[NamedOrigin]
) -> tuple[NamedOrigin, ...]:
    names = _cores(origin)
    return tuple(
        other
        for other in origins
        if other.position != origin.position and names & _cores(other)
    )


def nearest_origins(
    position: Position, origins: Sequence[NamedOrigin], count: int = 2
) -> tuple[NamedOrigin, ...]:
    """Return the origins nearest to a position, nearest first.

    Fewer come back where fewer are known. With a gazetteer its places where people
    live count too, and there are always enough; one that is an origin of one's own
    counts once, as that.
    """
    near = list(origins)
    if isinstance(origins, Known):
        near += [
            place
            for place in nearest_places(position, origins.gazetteer, count)
            if not any(_is_row_of(place, own) for own in origins)
        ]
    near.sort(key=lambda o: (distance_m(position, o.position), o.name))
    return tuple(near[:count])


def say_extent(origin: NamedOrigin) -> str:
    """Say how well an origin is known and why; empty for one that is a point."""
    if not origin.precision_m:
        return ""
    why = f": {origin.source}" if origin.source else ""
    return f" {origin.label} is known to {say_length(origin.precision_m)}{why}."


def suggestion(phrase: str, origins: Sequence[NamedOrigin]) -> str:
    """Say what a name that is not known may have meant; empty where nothing is near."""
    return suggest(phrase, origins.gazetteer) if isinstance(origins, Known) else ""


def _apart_in(
    gazetteer: Gazetteer, origins: Sequence[NamedOrigin]
) -> Iterator[NamedOrigin]:
    """Yield the gazetteer's rivals of the first origin, without those named already."""
    seen: set[tuple[str, Position]] = set()
    for other in rivals_in(origins[0], gazetteer):
        is_known = any(
            _is_airfield(other) == _is_airfield(origin)
            and distance_m(other.position, origin.position) <= other.precision_m
            for origin in origins
        )
        if not is_known and (other.name, other.position) not in seen:
            seen.add((other.name, other.position))
            yield other


def _is_row_of(place: NamedOrigin, own: NamedOrigin) -> bool:
    """Say whether a place of the gazetteer is an origin of one's own."""
    apart_m = distance_m(place.position, own.position)
    return bool(_cores(place) & _cores(own)) and apart_m <= place.precision_m


def _is_airfield(origin: NamedOrigin) -> bool:
    return "airfield" in _words(origin.kind)


def _may_name(asked: list[str], origin: NamedOrigin) -> bool:
    kinds = set(_words(origin.kind))
    core = "".join(word for word in asked if word not in kinds)
    if not core:
        return True  # "the airfield"
    return core in _cores(origin) or "".join(asked) in _full_names(origin)


def _cores(origin: NamedOrigin) -> set[str]:
    """Return the names of an origin without the words of its kind."""
    kinds = set(_words(origin.kind))
    names = ([w for w in _words(n) if w not in kinds] for n in _names(origin))
    return {"".join(words) for words in names} - {""}


def _full_names(origin: NamedOrigin) -> set[str]:
    return {"".join(_words(name)) for name in _names(origin)}


def _names(origin: NamedOrigin) -> tuple[str, ...]:
    return (origin.name, *origin.aliases)


def _words(text: str) -> list[str]:
    """Cut a text into comparable words, kinds brought to one word each."""
    joined = _TWO_WORD_KINDS.sub(r"air\1", " ".join(words_of(text)))
    return [_KINDS.get(word, word) for word in joined.split() if word not in _IDLE]
