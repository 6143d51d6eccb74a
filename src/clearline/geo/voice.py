"""Say letters and digits for voice, and take back what was heard.

The words stand in `alphabets`. What is heard may also use everyday digits and the
usual other spellings; accents are not listened for.
"""

import unicodedata

from clearline.geo.alphabets import ALPHABETS, ICAO, Alphabet

SPOKEN = ICAO.words
"""The ICAO word to say for each character."""


def _folded(word: str) -> str:
    """Return a word as it is compared: small letters, no accents, plain quotes."""
    apart = unicodedata.normalize("NFKD", word.casefold().replace("’", "'"))  # noqa: RUF001 (the quote people type)
    return "".join(c for c in apart if not unicodedata.combining(c))


def _heard(alphabet: Alphabet) -> dict[str, str]:
    """Return the character for each word that means one in an alphabet."""
    said = {word: character for character, word in alphabet.words.items()}
    return {
        _folded(word): character for word, character in (said | alphabet.also).items()
    }


_HEARD = {name: _heard(ICAO) | _heard(alphabet) for name, alphabet in ALPHABETS.items()}

HEARD_DIGITS = {
    word: character for word, character in _heard(ICAO).items() if character.isdigit()
}
"""The digit for each ICAO or everyday word that means one."""


KEYS = {
    letter: key
    for key, letters in (
        *(("2", "ABC"), ("3", "DEF"), ("4", "GHI"), ("5", "JKL")),
        *(("6", "MNO"), ("7", "PQRS"), ("8", "TUV"), ("9", "WXYZ")),
    )
    for letter in letters
}
"""The key of a telephone that each letter stands on (ITU-T E.161)."""


def keys(text: str) -> str:
    """Say with which keys of a telephone a text is pressed; other signs have none.

    A key stands for a figure and up to four letters: two texts with the same keys need
    not be the same.
    """
    even = unicodedata.normalize("NFKD", text).upper()
    return "".join(KEYS.get(c, c if c in "0123456789" else "") for c in even)


def spell(text: str, alphabet: Alphabet = ICAO) -> str:
    """Spell a text for voice, a word for each character.

    A comma stands between groups, where the speaker pauses. Characters the alphabet
    has no word for get the ICAO word; those without any stay as they are.
    """
    words = ICAO.words | alphabet.words
    groups = text.replace(",", " ").upper().split()
    return ", ".join(" ".join(words.get(c, c) for c in group) for group in groups)


def hear(text: str) -> str:
    """Turn spelled words back into characters; any other text stays as it is.

    Commas part groups, as `spell` sets them. Single characters and figures may
    stand between the words. All words must be of one alphabet, or ICAO's. One word
    that spells nothing leaves all unchanged, and so does a text without a digit:
    Lima is a city.
    """
    groups = [group.split() for group in _folded(text).split(",")]
    words = [word for group in groups for word in group]
    for heard in _HEARD.values():
        if not any(word in heard for word in words):
            continue
        if not all(word in heard or _is_plain(word) for word in words):
            continue
        said = (
            "".join(heard.get(word, word.upper()) for word in group) for group in groups
        )
        characters = " ".join(group for group in said if group)
        return characters if any(c.isdigit() for c in characters) else text
    return text


def _is_plain(word: str) -> bool:
    return word.isascii() and (word.isdigit() or len(word) == 1)
