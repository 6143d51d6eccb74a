"""Find the origin a phrase names, and the rivals it could be mistaken for.

A phrase names an origin by its name, by its name and its kind ("Deir ez-Zor
airfield"), or by its kind alone ("the airfield"). Spelling is compared without
case, accents, blanks and hyphens; whole names only, never parts of names.
"""

import re
import unicodedata
from collections.abc import Sequence

from clearline.model.places import NamedOrigin

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


def find_origins(
    phrase: str, origins: Sequence[NamedOrigin]
) -> tuple[NamedOrigin, ...]:
    """Return every origin the phrase may name, in the order given.

    More than one means that the phrase is ambiguous and somebody has to choose.
    """
    asked = _words(phrase)
    return tuple(o for o in origins if asked and _may_name(asked, o))


def rivals_of(
    origin: NamedOrigin, origins: Sequence[NamedOrigin]
) -> tuple[NamedOrigin, ...]:
    """Return the origins that share a name with `origin` and lie elsewhere."""
    names = _cores(origin)
    return tuple(
        other
        for other in origins
        if other.position != origin.position and names & _cores(other)
    )


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
    bare = "".join(
        character
        for character in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(character)
    )
    joined = _TWO_WORD_KINDS.sub(r"air\1", bare.replace("'", "").replace("-", " "))
    words = re.findall(r"\w+", joined)
    return [_KINDS.get(word, word) for word in words if word not in _IDLE]
