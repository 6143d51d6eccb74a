"""Speak the reader's language: texts from gettext catalogues, dates from CLDR.

    languages/ar.po    a language; its file is all there is to add

What the code says wherever it is (an error, a reading) stands in it too, with the
context `sentence`: see `sentences`. The English text is the key of each message. What
the line itself says (STOP, WILCO, the card's lines) is coded, and its phrases are those
of `service.phrases`. `en-XA` is no language: every letter accented and every text
longer, to find what was not translated or does not fit.
"""

import io
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec
from babel import Locale
from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from clearline.model.instants import Instant

_FOLDER: Final = Path(__file__).parent / "languages"
ENGLISH: Final = "en"
PSEUDO: Final = "en-XA"
SENTENCE: Final = "sentence"
"""Context of what the code says wherever it is, and a page says anew."""
_ACCENTED: Final = str.maketrans(
    "aceinosuyzACEINOSUYZ",
    "\u00e1\u00e7\u00e9\u00ef\u00f1\u00f6\u0161\u00fb\u00fd\u017e"
    "\u00c1\u00c7\u00c9\u00cf\u00d1\u00d6\u0160\u00db\u00dd\u017d",
)


class Language(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one language of the console.

    Attributes:
        tag: BCP 47.
        name: What it calls itself.
        direction: `ltr` or `rtl`.
    """

    tag: str
    name: str
    direction: str


class _Pseudo(NullTranslations):
    """Accent every letter that is not part of a placeholder, and make it longer."""

    def gettext(self, message: str) -> str:
        parts = message.replace("%%", "\0").split("%(")
        said = parts[0].translate(_ACCENTED)
        for part in parts[1:]:
            name, _, rest = part.partition(")")
            said += f"%({name}){rest[:1]}{rest[1:].translate(_ACCENTED)}"
        return _longer(said).replace("\0", "%%")

    def ngettext(self, msgid1: str, msgid2: str, num: int) -> str:
        return self.gettext(msgid1 if num == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        del context
        return self.gettext(message)


def accented(text: str) -> str:
    """Accent a text without gaps as the pseudo-locale does."""
    return _longer(text.translate(_ACCENTED))


def _longer(text: str) -> str:
    return f"[{text}\u00b7\u00b7\u00b7]"


@lru_cache(maxsize=1)
def languages() -> dict[str, Language]:
    """List the languages there are texts in, English first."""
    tags = ["en", *sorted(path.stem for path in _FOLDER.glob("*.po"))]
    return {tag: _language(tag) for tag in tags}


def language(tag: str) -> Language:
    """Return a language by its tag, English where there is none."""
    if tag == PSEUDO:
        return Language(tag=PSEUDO, name="Pseudo", direction="ltr")
    return languages().get(tag) or languages()["en"]


def chosen(wanted: Sequence[str]) -> Language:
    """Return the first language that is there of those wanted."""
    for tag in wanted:
        if tag == PSEUDO or tag in languages():
            return language(tag)
        short = tag.partition("-")[0]
        if short in languages():
            return language(short)
    return language("en")


def accepted(header: str) -> list[str]:
    """List the tags of an `Accept-Language` header, best first (RFC 9110 12.5.4)."""
    weighed = []
    for part in header.split(","):
        tag, _, rest = part.strip().partition(";")
        weight = rest.strip().removeprefix("q=") or "1"
        try:
            weighed.append((-float(weight), tag.strip()))
        except ValueError:
            continue
    return [tag for _, tag in sorted(weighed, key=lambda one: one[0])]


@lru_cache(maxsize=16)
def texts(tag: str) -> NullTranslations:
    """Return the texts of a language."""
    if tag == PSEUDO:
        return _Pseudo()
    path = _FOLDER / f"{tag}.po"
    if not path.exists():
        return NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, _catalogue(tag))
    compiled.seek(0)
    return Translations(compiled)


@lru_cache(maxsize=16)
def sentences(tag: str) -> dict[str, str]:
    """Return what the code says, by its form, as a language has it.

    The pseudo-locale has every form as it is in English.
    """
    known = next((one for one in languages() if one != ENGLISH), ENGLISH)
    read = known if tag == PSEUDO else tag
    if not (_FOLDER / f"{read}.po").exists():
        return {}
    return {
        str(one.id): str(one.id) if tag == PSEUDO else str(one.string)
        for one in _catalogue(read)
        if one.context == SENTENCE and one.string
    }


def _catalogue(tag: str) -> Catalog:
    with (_FOLDER / f"{tag}.po").open("rb") as file:
        return read_po(file, locale=tag)


def say_day(at: Instant, tag: str) -> str:
    """Write the day an instant falls on, UTC, as the language writes days."""
    known = "en" if tag == PSEUDO else tag
    locale = Locale.parse(known, sep="-")
    pattern = "EEE d MMM"
    return format_date(at, pattern, locale=locale)


def _language(tag: str) -> Language:
    locale = Locale.parse(tag, sep="-")
    return Language(
        tag=tag,
        name=locale.get_display_name(tag) or tag,
        direction=locale.text_direction,
    )
