"""Hold coded phrases by language: a TOML file for each, named by its BCP 47 tag.

Whoever adds a language adds a file with the keys of `en.toml`. A phrase nobody has
written in a language is said in English, and one nobody has written at all by its
name: better a bare word than silence.
"""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Final

ENGLISH: Final = "en"


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """List the languages there are phrases in."""
    names = (item.name for item in resources.files(__name__).iterdir())
    return tuple(
        sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))
    )


@lru_cache(maxsize=256)
def known(language: str) -> str:
    """Return the language to speak to somebody who asked for `language`."""
    first = language.casefold().split("-")[0]
    return first if first in languages() else ENGLISH


def say(language: str, key: str, **values: object) -> str:
    """Say a phrase in a language, with its values put in.

    Args:
        language: BCP 47 tag; its first part counts.
        key: Section and name: `short.head`.
        values: What stands for the names in braces.
    """
    table, english = phrases(known(language)), phrases(ENGLISH)
    found = table.get(key) or english.get(key) or key.partition(".")[2]
    return found.format_map(values) if values else found


@lru_cache(maxsize=16)
def phrases(language: str) -> Mapping[str, str]:
    """Read the phrases of a language, by key."""
    file = resources.files(__name__).joinpath(f"{language}.toml")
    sections = tomllib.loads(file.read_text(encoding="utf-8"))
    return {
        f"{section}.{name}": phrase
        for section, names in sections.items()
        for name, phrase in names.items()
    }
