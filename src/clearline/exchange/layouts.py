"""Name the columns of the sheets for sites and movements, in English and Arabic.

They follow the fields that notification forms of humanitarian cells ask for. A heading
is known by its English words, its Arabic words, both in one cell, or its key; case,
blanks and punctuation do not count. `docs/reference/sheets.md` is made from this.
"""

import re
import unicodedata
from typing import Final

from clearline.exchange.columns import EXAMPLE, Cell, Column
from clearline.exchange.movement_columns import MOST_PLACES, MOVEMENT
from clearline.exchange.site_columns import SITE
from clearline.model.notices import NoticeKind

__all__ = [
    "EXAMPLE",
    "LAYOUTS",
    "MOST_PLACES",
    "MOVEMENT",
    "SITE",
    "TITLES",
    "WRONG_AR",
    "WRONG_EN",
    "Cell",
    "Column",
    "column",
    "folded",
    "is_wrong_column",
    "kind_of",
    "known_heading",
]

WRONG_EN: Final = "What is wrong"
WRONG_AR: Final = "ما الخطأ"

LAYOUTS: Final = {NoticeKind.SITE: SITE, NoticeKind.MOVEMENT: MOVEMENT}
"""The layouts there are."""

TITLES: Final = {
    NoticeKind.SITE: ("Sites", "المواقع"),
    NoticeKind.MOVEMENT: ("Movements", "التنقلات"),
}
"""What a sheet of each is called."""


def column(kind: NoticeKind, key: str) -> Column:
    """Return a column by its key."""
    return next(one for one in LAYOUTS[kind] if one.key == key)


def known_heading(kind: NoticeKind, text: str) -> str | None:
    """Return the key of the column a heading names; `None` for any other column."""
    return _HEADINGS[kind].get(folded(text))


def folded(text: str) -> str:
    """Return a text without case, blanks, punctuation, and marks of vowels."""
    even = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\W_ـً-ْ]+", "", even)


def _known(columns: tuple[Column, ...]) -> dict[str, str]:
    known: dict[str, str] = {}
    for one in columns:
        for text in (one.key, one.en, one.ar, one.heading, f"{one.en} / {one.ar}"):
            known.setdefault(folded(text), one.key)
    return known


_HEADINGS: Final = {kind: _known(columns) for kind, columns in LAYOUTS.items()}


def is_wrong_column(text: str) -> bool:
    """Say whether a heading is that of the column we put mistakes into."""
    return folded(text) in {
        folded(one) for one in (WRONG_EN, WRONG_AR, f"{WRONG_EN}{WRONG_AR}")
    }


def kind_of(headings: list[str]) -> NoticeKind | None:
    """Say what a sheet is of, by its headings; `None` where they are of neither."""
    counts = {
        kind: sum(
            key not in _SHARED
            for text in headings
            if (key := known_heading(kind, text)) is not None
        )
        for kind in LAYOUTS
    }
    best = max(counts, key=lambda kind: counts[kind])
    return best if counts[best] else None


_SHARED: Final = {one.key for one in SITE} & {one.key for one in MOVEMENT}
