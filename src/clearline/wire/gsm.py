"""Count what a text takes on a mobile network (3GPP TS 23.038, TS 23.040).

A short message carries 160 characters of the GSM 7 bit default alphabet, or 70
units of UCS-2 where one character lies outside it. A longer text is parted, and
each part carries 153 or 67, for its header says where it belongs.
"""

from typing import Final

_DEFAULT: Final = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The default alphabet, TS 23.038 6.2.1, without the escape."""

_EXTENDED: Final = "\f^{}\\[~]|€"
"""The extension table, 6.2.1.1: an escape and a character."""

_PLANE: Final = 0xFFFF
"""Beyond it a character takes a pair of units (UTF-16)."""

ALONE: Final = {True: 160, False: 70}
"""What one message carries, by whether the alphabet is GSM's."""

PARTED: Final = {True: 153, False: 67}
"""What each of several carries."""

_ALL: Final = frozenset(_DEFAULT + _EXTENDED)
_DOUBLE: Final = frozenset(_EXTENDED)
_PLAINER: Final = {
    0x2018: "'",
    0x2019: "'",
    0x201C: '"',
    0x201D: '"',
    0x2013: "-",
    0x2014: "-",
    0x2026: "...",
    0x00B0: " ",
    0x00D7: "x",
    0x00A0: " ",
    0x2009: " ",
    0x202F: " ",
    0x0009: " ",
    0x0060: "'",
}
"""What stands for the signs printing has: quotes, dashes, dots, degrees, spaces."""


def is_gsm(text: str) -> bool:
    """Say whether a text can be written in the GSM 7 bit alphabet."""
    return _ALL.issuperset(text)


def plainer(text: str) -> str:
    """Put the signs that printing added in the ones a telephone has."""
    return text.translate(_PLAINER)


def units(text: str) -> int:
    """Count septets where the alphabet is GSM's, else units of UCS-2."""
    if not is_gsm(text):
        return len(text.encode("utf-16-be")) // 2
    return len(text) + sum(map(text.count, _DOUBLE.intersection(text)))


def segments(text: str) -> int:
    """Count the short messages a text takes; a character is never cut in two."""
    has_septets = is_gsm(text)
    if units(text) <= ALONE[has_septets]:
        return 1
    count, room = 1, PARTED[has_septets]
    for character in text:
        size = 1 + (character in _DOUBLE if has_septets else ord(character) > _PLANE)
        if size > room:
            count, room = count + 1, PARTED[has_septets]
        room -= size
    return count
