"""Say what is said back to a telephone, in the languages there is a file for."""

import tomllib
from functools import cache
from importlib import resources
from typing import Final

DEFAULT: Final = "en"
"""What is spoken where somebody's language has no file."""


def say(language: str, key: str, /, **names: object) -> str:
    """Say one thing in a language, or in English where there is no such file.

    Args:
        language: BCP 47 tag; only its first part counts.
        key: Which thing, as the files name it.
        names: What stands in its braces.
    """
    return _phrases(language.split("-", maxsplit=1)[0].casefold())[key].format(**names)


@cache
def languages() -> tuple[str, ...]:
    """Return the languages there is a file for."""
    names = (item.name for item in resources.files(__name__).iterdir())
    return tuple(
        sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))
    )


@cache
def _phrases(language: str) -> dict[str, str]:
    known = language if language in languages() else DEFAULT
    text = resources.files(__name__).joinpath(f"{known}.toml").read_text("utf-8")
    return {key: str(value) for key, value in tomllib.loads(text).items()}
