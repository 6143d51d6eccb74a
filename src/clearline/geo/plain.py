"""Bring told words into plain characters before anybody reads them.

Digits of every script become 0-9, the many dashes, primes and degree signs become
`-`, `'`, `"` and `°`, invisible direction marks and accents that stand alone go.
Nothing else is changed: case and words stay. The text as told is kept elsewhere,
untouched.
"""

import unicodedata

from clearline.geo.names import is_part_of_letter
from clearline.model.errors import BadInput

LONGEST = 500
"""Characters that a place may take; a longer text is no place."""

WRITE_AS = (
    "Write it as 35.2854 N 40.1760 E, as 35°17'07\"N 40°10'34\"E, as "
    "37S FV 069 053, or as a bearing and range from a named place."
)

_SAME = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—−﹣－", "-"),  # noqa: RUF001 (the look-alikes are the point)
        **dict.fromkeys("′’‘ʹ´`‛ʼ", "'"),  # noqa: RUF001
        **dict.fromkeys("″”“ʺ‟", '"'),
        **dict.fromkeys("˚º", "°"),
        "٫": ".",  # noqa: RUF001
        "،": ",",
        "；": ";",  # noqa: RUF001
        "׳": "'",  # noqa: RUF001
        "״": '"',
        "〃": '"',
    }
)


class NoReading(BadInput):
    """Say why a text is no place, or what has to be asked before it is one."""


class UnknownName(NoReading):
    """Say that nobody here can locate a name; it may still be filed as one."""

    def __init__(self, what: str, text: str, next_step: str) -> None:
        """Keep the words, so that a face can offer to file them as a name."""
        super().__init__(
            what,
            state="No place was made; the words stay a name without a position.",
            next=f"{next_step} Or file it as a name: what is compared with it then "
            f"comes out as cannot tell.",
        )
        self.text = text


def refuse(what: str, next_step: str = WRITE_AS) -> NoReading:
    """Make the error for a text that cannot be read as a place."""
    return NoReading(what, state="No place was made.", next=next_step)


def plain(text: str) -> str:
    """Return the text in plain characters, runs of blanks as one space.

    Raises:
        NoReading: Nothing is left, or it is longer than `LONGEST`.
    """
    if len(text) > LONGEST:
        raise refuse(f"A text of {len(text)} characters is too long for a place.")
    even = unicodedata.normalize("NFKC", text.translate(_SAME)).translate(_SAME)
    kept = (_plain_character(character) for character in even)
    words = "".join(kept).replace("''", '"').split()
    if not words:
        raise refuse("The text is empty.")
    return " ".join(words)


def _plain_character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf" or (category == "Mn" and not is_part_of_letter(character)):
        return ""
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)
