"""Bring names of places to the form in which they are compared.

Two spellings are one name where they differ only in what people leave out, or
cannot type:

    case, accents, blanks, hyphens, apostrophes .. DEIR EZ ZOR = Deir ez-Zor
    Arabic vowel signs, tatweel .................. قُنْدُوز = قندوز
    forms of alif, hamza, ya, ta marbuta, kaf .... أ إ آ = ا, ى ی = ي, ة = ه, ک = ك
    the Arabic article before a word ............. الزور = زور
    Cyrillic ё and й, Greek accents .............. ё = е, й = и
    the Greek iota below a letter, as its capital .. ᾳ = αι
    Latin letters with a stroke, ligatures ....... ø = o, ł = l, ß = ss, ə = e
    digits of every script ....................... ٣ = 3

Nothing else is: a letter more or fewer is another name. Vowel signs that carry the
vowel of a syllable, as in Devanagari, Thai or kana, stay.
"""

import unicodedata

_APOSTROPHES = "'’‘`´ʼʻʾʿˈˌ׳״"
_NOT_HEARD = _APOSTROPHES + "ـء"
_ALSO = {
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "ħ": "h",
    "ı": "i",
    "ŧ": "t",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    "ə": "e",
    "ґ": "г",
    "\u0345": "ι",
    "ٱ": "ا",
    "ى": "ي",
    "ی": "ي",
    "ې": "ي",
    "ۍ": "ي",
    "ێ": "ي",
    "ے": "ي",
    "ک": "ك",
    "ة": "ه",
    "ہ": "ه",
    "ھ": "ه",
    "ە": "ه",
    "ۆ": "و",
    "ڕ": "ر",
    "ڵ": "ل",
    "ټ": "ت",
    "ډ": "د",
    "ړ": "ر",
    "ښ": "ش",
    "ږ": "ژ",
    "ګ": "گ",
}
"""Letters that Unicode does not take apart, and what they are compared as."""

_ARTICLE = "ال"
_SHORTEST_STEM = 2
_KEPT_MARKS = frozenset({0, 7, 8, 9})
"""Combining classes of signs that are part of a letter: vowels of a syllable, nukta,
the kana voicing marks, virama."""


class _Folding(dict[int, str]):
    """Say what a character is compared as; worked out once for each."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold(chr(code))
        return folded


_FOLDED = _Folding()


def words_of(name: str) -> list[str]:
    """Return the words of a name as they are compared, Arabic articles off."""
    even = unicodedata.normalize("NFKD", name).translate(_FOLDED)
    words = unicodedata.normalize("NFC", even).split()
    return [_bare(word) for word in words] if _ARTICLE in even else words


def key_of(name: str) -> str:
    """Return the whole name as it is compared; empty where no letter is in it."""
    return _bare("".join(words_of(name)))


def is_part_of_letter(mark: str) -> bool:
    """Say whether a combining sign carries a sound that no spelling leaves out."""
    is_chosen_form = 0xFE00 <= ord(mark) <= 0xFE0F or mark == "\u034f"  # noqa: PLR2004 (variation selectors)
    return unicodedata.combining(mark) in _KEPT_MARKS and not is_chosen_form


def _bare(word: str) -> str:
    while word.startswith(_ARTICLE) and len(word) >= len(_ARTICLE) + _SHORTEST_STEM:
        word = word.removeprefix(_ARTICLE)
    return word


def _fold(character: str) -> str:
    """Return what one character is compared as: nothing, a blank, or letters."""
    if character in _ALSO:
        return _ALSO[character]
    category = unicodedata.category(character)
    if character in _NOT_HEARD or category == "Cf":
        return ""
    if category.startswith("M"):
        return character if is_part_of_letter(character) else ""
    if not character.isalnum():
        return " "
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    even = unicodedata.normalize("NFKD", character.casefold())
    return character if even == character else "".join(map(_fold, even))
