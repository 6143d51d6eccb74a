"""Read the points of the compass, all thirty-two.

A word is the directions nearer to it than to its neighbours of the same rank: the
eight of *south* and *southwest* take 45 degrees each, the points between them, such
as SSW, 22.5, and those called *by*, such as southwest by south, 11.25.
"""

from typing import NamedTuple

from clearline.geo.plain import refuse

_SIDE = "(?:north|south|east|west)"
WORD = (
    rf"(?P<due>due )?(?P<compass>{_SIDE}(?:[ -]?{_SIDE}){{0,2}}(?:[ -]by[ -]{_SIDE})?"
    r"|[nsew]{1,3}(?:b[nsew])?)\b"
)
"""A compass word, perhaps with *due*."""

_SIXTEEN = (
    "north",
    "north north east",
    "north east",
    "east north east",
    "east",
    "east south east",
    "south east",
    "south south east",
    "south",
    "south south west",
    "south west",
    "west south west",
    "west",
    "west north west",
    "north west",
    "north north west",
)
_BY = (
    "north by east",
    "north east by north",
    "north east by east",
    "east by north",
    "east by south",
    "south east by east",
    "south east by south",
    "south by east",
    "south by west",
    "south west by south",
    "south west by west",
    "west by south",
    "west by north",
    "north west by west",
    "north west by north",
    "north by west",
)


class Points(NamedTuple):
    """The directions a compass word stands for, degrees."""

    middle_deg: float
    half_deg: float


def _spellings(name: str) -> tuple[str, str]:
    words = name.split()
    letters = "".join(word[0] for word in words)
    return "".join(words), letters


_COMPASS = {
    spelling: Points(i * 22.5, 11.25 if name.count(" ") > 1 else 22.5)
    for i, name in enumerate(_SIXTEEN)
    for spelling in _spellings(name)
} | {
    spelling: Points(11.25 + i * 22.5, 5.625)
    for i, name in enumerate(_BY)
    for spelling in _spellings(name)
}


def read_word(word: str) -> Points:
    """Read a compass word.

    Raises:
        NoReading: There is no such point.
    """
    points = _COMPASS.get(word.casefold().replace("-", "").replace(" ", ""))
    if points is None:
        raise refuse(
            f"{word!r} is no point of the compass.",
            "Say one of thirty-two, for example southwest, SSW or south by west.",
        )
    return points
