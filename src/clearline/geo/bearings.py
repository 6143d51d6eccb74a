"""Read a bearing, in a compass word, degrees or mils, and turn it to true north.

    due south      southwest      215 true      200 to 230 grid
    215 magnetic (declination 5.2 E)      3822 mils grid      35-83 Soviet mils

- A compass word is a sector, *due* within `DUE_DEG`. North is the map's, true, and
  the reading says that this was assumed: the sector is wider than any doubt of it.
- Figures are a line, and their north is said or asked. Declination moves a place by
  a kilometre in ten where it is six degrees; no field model is asked, because a
  wrong year would go unseen.
- Mils are 6400 to the turn unless the text says Soviet, 6000, or writes them in
  pairs with a hyphen; where it says nothing, the reading tells what the other kind
  would have been.
"""

import re
from typing import NamedTuple

from clearline.geo.compass import read_word
from clearline.geo.geodesy import grid_to_true_deg
from clearline.geo.grid import zone_of
from clearline.geo.plain import refuse
from clearline.geo.ranges import NUMBER, number
from clearline.model.places import (
    ALL_ROUND,
    Interval,
    NamedOrigin,
    North,
    clockwise,
    exactly,
)

DUE_DEG = 5.0
ABOUT_DEG = 5.0
NATO_MILS = 6400.0
SOVIET_MILS = 6000.0

FULL_TURN_DEG = 360.0

FIGURES = (
    rf"(?P<bearing>{NUMBER})(?: ?(?:to|and|-) ?(?P<bearing_to>{NUMBER}))? ?"
    r"(?:°|degrees?\b|deg\b|(?P<mils>(?:(?:nato|soviet|russian) )?mils?\b"
    r"(?: \((?:nato|soviet|russian|6400|6000)\))?))? ?"
    r"(?:(?P<north>true\b|magnetic\b|mag\b|grid\b|(?-i:[TMG]N?\b))(?: north\b)?)?"
    rf"(?: ?\(?(?:declination|variation) (?P<turn>{NUMBER}) ?°? ?(?P<side>[ew])\b\)?)?"
)
"""A bearing in figures; the groups are read by `read_bearing`."""

_PAIR = re.compile(r"\d{2}")


class Bearing(NamedTuple):
    """A bearing before it is turned to true north."""

    interval: Interval
    said: str
    precision_deg: float = 0.0
    north: North = North.TRUE
    is_north_said: bool = False
    declination_deg: float | None = None
    soviet_deg: float | None = None
    """What it would be in Soviet mils, where the text does not say whose."""


def read_bearing(parts: dict[str, str]) -> Bearing:
    """Read the groups that `FIGURES` or `compass.WORD` found; all round if none did.

    Raises:
        NoReading: There is no such bearing, or its north is not said.
    """
    if parts.get("bearing"):
        return _in_figures(parts)
    if parts.get("compass"):
        return _in_words(parts["compass"], is_due=bool(parts["due"]))
    return Bearing(ALL_ROUND, "no bearing said", is_north_said=True)


def to_true(origin: NamedOrigin, bearing: Bearing, range_m: float) -> Interval:
    """Return the bearings counted from true north.

    Args:
        origin: Where they are measured.
        bearing: As told.
        range_m: How far they go, for the grid's own slight bend.

    Raises:
        NoReading: The declination is not said, or there is no grid.
    """
    bearings = bearing.interval
    match bearing.north:
        case North.TRUE:
            return bearings
        case North.MAGNETIC:
            if bearing.declination_deg is None:
                raise refuse(
                    "The bearing is magnetic and its declination is not said.",
                    "Ask for the true bearing, or write for example "
                    "215 magnetic (declination 5.2 E).",
                )
            turn_deg = bearing.declination_deg
            return clockwise(bearings.least + turn_deg, bearings.most + turn_deg)
        case North.GRID:
            zone = zone_of(origin.position)
            if zone is None:
                raise refuse(
                    f"{origin.label} lies in no UTM zone, so it has no grid north.",
                    "Ask for the true bearing.",
                )
            ends = (bearings.least, bearings.most)
            return clockwise(
                *(grid_to_true_deg(origin.position, zone, e, range_m) for e in ends)
            )


def _in_words(word: str, *, is_due: bool) -> Bearing:
    middle_deg, half_deg = read_word(word)
    if is_due:
        said = f"due {word} taken as {middle_deg:g}° within {DUE_DEG:g}°"
        bearing, precision_deg = exactly(middle_deg), DUE_DEG
    else:
        said = f"{word} taken as the {2 * half_deg:g}° about it"
        bearing = clockwise(middle_deg - half_deg, middle_deg + half_deg)
        precision_deg = 0.0
    return Bearing(bearing, f"{said}, true north assumed", precision_deg)


def _in_figures(parts: dict[str, str]) -> Bearing:
    turn = _turn(parts)
    ends = [_degrees(text, turn) for text in turn.told]
    precision_deg = max(_precision_deg(text, turn) for text in turn.told)
    if parts["about"]:
        precision_deg = max(ABOUT_DEG, precision_deg)
    if not parts["north"]:
        raise refuse(
            f"From which north? {turn.shown} is counted from true, magnetic or grid "
            f"north, and the text does not say.",
            "Ask, and write for example 215 true, 215 grid or "
            "215 magnetic (declination 5.2 E).",
        )
    north = _NORTHS[parts["north"][0].casefold()]
    declination_deg = None
    if parts["turn"]:
        east_deg = number(parts["turn"])
        declination_deg = -east_deg if parts["side"].casefold() == "w" else east_deg
    is_open = turn.units == NATO_MILS and not turn.is_said
    soviet_deg = ends[0] * NATO_MILS / SOVIET_MILS
    return Bearing(
        clockwise(ends[0], ends[1]) if len(ends) > 1 else exactly(ends[0]),
        ", ".join(filter(None, (turn.said, f"{north} north as said"))),
        precision_deg,
        north,
        is_north_said=True,
        declination_deg=declination_deg,
        soviet_deg=soviet_deg if is_open and soviet_deg <= FULL_TURN_DEG else None,
    )


class _Turn(NamedTuple):
    """The figures of a bearing, and how many of its units make a turn."""

    told: tuple[str, ...]
    units: float
    shown: str
    said: str = ""
    is_said: bool = True


_NORTHS = {"t": North.TRUE, "m": North.MAGNETIC, "g": North.GRID}


def _turn(parts: dict[str, str]) -> _Turn:
    first, second, words = parts["bearing"], parts["bearing_to"], parts["mils"]
    told = (first, second) if second else (first,)
    if not words:
        return _Turn(told, FULL_TURN_DEG, f"{' to '.join(told)}°")
    named = words.casefold()
    is_soviet = any(word in named for word in ("soviet", "russian", "6000"))
    is_nato = "nato" in named or "6400" in named
    if second and _PAIR.fullmatch(second) and len(first) <= 2 and not is_nato:  # noqa: PLR2004 (35-83)
        # Written in pairs, as only the Soviet division is.
        told, is_soviet = (first + second,), True
    shown = f"{' to '.join(told)} mils"
    if is_soviet:
        return _Turn(told, SOVIET_MILS, shown, "Soviet mils, 6000 to the turn")
    how = "" if is_nato else ", assumed"
    return _Turn(told, NATO_MILS, shown, f"NATO mils, 6400 to the turn{how}", is_nato)


def _degrees(text: str, turn: _Turn) -> float:
    degrees = number(text) * FULL_TURN_DEG / turn.units
    if degrees > FULL_TURN_DEG:
        unit = "degrees" if turn.units == FULL_TURN_DEG else "mils"
        raise refuse(
            f"A bearing of {text} {unit} does not exist.",
            f"Give {unit} from 0 to {turn.units:.0f}; write mils behind mils.",
        )
    return degrees % FULL_TURN_DEG


def _precision_deg(text: str, turn: _Turn) -> float:
    """Return half the last digit; of mils that end in zero half of ten."""
    decimals = len(text.replace(",", ".").partition(".")[2])
    half_unit = 0.5 * 10.0**-decimals
    if turn.units != FULL_TURN_DEG and not decimals and text.endswith("0"):
        half_unit = 5.0
    return half_unit * FULL_TURN_DEG / turn.units
