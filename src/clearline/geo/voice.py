"""Say letters and digits for voice, and take back what was heard.

Words follow ICAO Annex 10 volume II, 5.2.1.3 (letters) and 5.2.1.4.3.1 (digits);
what is heard may also use everyday digits and the usual other spellings.
"""

_LETTERS = """
    alfa bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike
    november oscar papa quebec romeo sierra tango uniform victor whiskey x-ray
    yankee zulu
"""
_DIGITS = "zero wun too tree fower fife six seven ait niner"
_EVERYDAY_DIGITS = "zero one two three four five six seven eight nine"

SPOKEN = {
    **{word[0].upper(): word for word in _LETTERS.split()},
    **{str(i): word for i, word in enumerate(_DIGITS.split())},
    ".": "decimal",
    "-": "minus",
    "+": "plus",
    "/": "slant",
    "°": "degrees",
    "'": "minutes",
    '"': "seconds",
}
"""The word to say for each character."""

HEARD_DIGITS = {
    **{word: str(i) for i, word in enumerate(_DIGITS.split())},
    **{word: str(i) for i, word in enumerate(_EVERYDAY_DIGITS.split())},
}
"""The digit for each word that means one."""

_HEARD = {
    **{word: character for character, word in SPOKEN.items()},
    **HEARD_DIGITS,
    "alpha": "A",
    "juliet": "J",
    "whisky": "W",
    "xray": "X",
    "point": ".",
    **{word: word[0].upper() for word in ("north", "south", "east", "west")},
}


def spell(text: str) -> str:
    """Spell a text for voice, a word for each character.

    A comma stands between groups, where the speaker pauses. Characters without a
    spoken word stay as they are.
    """
    groups = text.replace(",", " ").upper().split()
    return ", ".join(" ".join(SPOKEN.get(c, c) for c in group) for group in groups)


def hear(text: str) -> str:
    """Turn spelled words back into characters; any other text stays as it is.

    Commas part groups, as `spell` sets them. Single characters and figures may
    stand between the words. One word that spells nothing leaves all unchanged, and
    so does a text without a digit: Lima is a city.
    """
    groups = [group.split() for group in text.casefold().split(",")]
    words = [word for group in groups for word in group]
    if not any(word in _HEARD for word in words):
        return text
    if not all(word in _HEARD or _is_plain(word) for word in words):
        return text
    said = (
        "".join(_HEARD.get(word, word.upper()) for word in group) for group in groups
    )
    characters = " ".join(group for group in said if group)
    return characters if any(c.isdigit() for c in characters) else text


def _is_plain(word: str) -> bool:
    return word.isascii() and (word.isdigit() or len(word) == 1)
