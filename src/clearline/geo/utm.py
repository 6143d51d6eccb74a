"""Read and write Universal Transverse Mercator coordinates (NGA.STND.0037).

    37 north 606900 mE 3905300 mN                  37S 606900 3905300
    UTM zone 37N E606900 N3905300                  606900E 3905300N 37 north

The letter behind the zone is a latitude band or, with most civil tools, a hemisphere.
The two are the same but for N and S, and the text cannot say which it uses: 37S is
Syria by its band and the southern ocean by its hemisphere. Each meaning that the
northing fits is a reading of its own. What is written here says the word in full.

Eastings have six figures. Metres are read to one unit of the last figure; a round
number of them says nothing about its precision, so what is written here adds it.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from clearline.geo.geodesy import distance_m, from_utm, to_utm
from clearline.geo.grid import BANDS, NORTH_END_DEG, SOUTH_END_DEG, meridians, zone_of
from clearline.geo.lengths import say_length
from clearline.geo.plain import refuse
from clearline.model.places import Place, PlaceFormat, Point, Position, Reading

OVERLAP_M = 40_000.0
"""How far beyond its own meridians a zone may be used, metres."""

_LEAST_EASTING_M, _MOST_EASTING_M = 100_000.0, 900_000.0
_MOST_NORTHING_M = 10_000_000.0
_MOST_ZONE = 60
_BAND_SLACK_DEG = 0.01
_EDGE_DEG = 0.15
"""How far beyond 80 south and 84 north metres may lie that were rounded to 10 km."""
_COARSEST_M = 10_000.0
_MOST_DECIMALS = 2

_METRES = r"(?: ?m)?"
_E = rf"(?:e(?:asting)?[ :=]*)?(?P<easting>\d{{6}}(?:\.\d+)?){_METRES}(?: ?e)?"
_N = rf"(?:n(?:orthing)?[ :=]*)?(?P<northing>\d{{1,8}}(?:\.\d+)?){_METRES}(?: ?n)?"
_ZONE = (
    r"(?:zone )?(?P<zone>\d{1,2}) ?-?(?P<letter>north|south|[a-z])?"
    r"(?: hemisphere)?"
)
_GAP = r"(?:[ ,;/]+)"
_FORMS = tuple(
    re.compile(rf"(?:utm[ :]*)?{form}", re.IGNORECASE)
    for form in (
        rf"{_ZONE}{_GAP}{_E}{_GAP}{_N}",
        rf"{_ZONE}{_GAP}(?=n){_N}{_GAP}(?=e){_E}",
        rf"{_E}{_GAP}{_N}{_GAP}{_ZONE}",
    )
)
_NO_ZONE = re.compile(rf"(?:utm[ :]*)?{_E}{_GAP}{_N}", re.IGNORECASE)


class _Told(NamedTuple):
    """UTM coordinates as told."""

    zone: int
    letter: str
    easting: str
    northing: str
    text: str


class _Meaning(NamedTuple):
    """One meaning of the letter behind the zone."""

    is_south: bool
    band: str
    how: str


def read_utm(words: str, text: str) -> tuple[Reading, ...]:
    """Read UTM coordinates; nothing if the words are of another form.

    Args:
        words: The text in plain characters.
        text: The text as told, kept in the place.

    Raises:
        NoReading: Zone or hemisphere is missing, or no such coordinates exist.
    """
    match = next((m for form in _FORMS if (m := form.fullmatch(words))), None)
    if match is None:
        _ask_for_zone(words)
        return ()
    told = _Told(
        zone=int(match["zone"]),
        letter=(match["letter"] or "").upper(),
        easting=match["easting"],
        northing=match["northing"],
        text=text,
    )
    _require_possible(told)
    refused: list[str] = []
    readings = tuple(_readings(told, refused))
    if not readings:
        raise refuse(
            f"These UTM coordinates lie nowhere: {'; '.join(refused)}.",
            "Ask for zone, letter, easting and northing again, figure by figure.",
        )
    return readings


def write_utm(position: Position, precision_m: float) -> str | None:
    """Write UTM: `37 north 606900 mE 3905300 mN ±100 m`.

    Returns:
        Nothing beyond 80° south or 84° north, and nothing where the precision is
        worse than 10 km. Coarser than a metre it is written behind, because zeros
        at the end of metres say nothing.
    """
    zone = zone_of(position)
    if zone is None or precision_m > _COARSEST_M * (1 + 1e-6):
        return None
    unit_m = 10.0**-_MOST_DECIMALS
    while unit_m < precision_m * (1 - 1e-6):
        unit_m *= 10
    decimals = 0 if unit_m >= 1.0 else 1 if unit_m > 0.05 else _MOST_DECIMALS  # noqa: PLR2004 (half a decimetre)
    half = "south" if position.lat < 0.0 else "north"
    easting, northing = (
        f"{round(metres / unit_m) * unit_m:.{decimals}f}"
        for metres in to_utm(position, zone)
    )
    worth = f" ±{unit_m:.0f} m" if unit_m > 1.0 + 1e-6 else ""
    return f"{zone} {half} {easting} mE {northing} mN{worth}"


def _ask_for_zone(words: str) -> None:
    if _NO_ZONE.fullmatch(words) and not re.fullmatch(r"\d{6} \d{6}", words):
        raise refuse(
            f"Which zone? {words!r} has metres and no UTM zone.",
            "Ask for the zone and its hemisphere, for example 37 north.",
        )


def _require_possible(told: _Told) -> None:
    if not told.letter:
        raise refuse(
            f"Which hemisphere? Zone {told.zone} stands without a letter.",
            f"Ask, and write {told.zone} north or {told.zone} south.",
        )
    if not 1 <= told.zone <= _MOST_ZONE:
        raise refuse(
            f"There is no UTM zone {told.zone}.", "Ask again; the zones are 1 to 60."
        )
    if not _LEAST_EASTING_M <= float(told.easting) <= _MOST_EASTING_M:
        raise refuse(
            f"An easting of {told.easting} m does not exist.",
            "Ask again; eastings run from 100000 to 900000 m.",
        )
    if float(told.northing) > _MOST_NORTHING_M:
        raise refuse(
            f"A northing of {told.northing} m does not exist.",
            "Ask again; northings run from 0 to 10000000 m.",
        )
    if told.letter not in {"NORTH", "SOUTH", *BANDS}:
        raise refuse(
            f"There is no UTM latitude band {told.letter}.",
            f"Ask again; the bands are {BANDS}.",
        )


def _meanings(letter: str) -> Iterator[_Meaning]:
    """Yield what the letter behind a zone can mean."""
    match letter:
        case "NORTH" | "N":
            # Band N lies in the north, so the place is the same either way.
            yield _Meaning(is_south=False, band="", how="northern hemisphere")
        case "SOUTH":
            yield _Meaning(is_south=True, band="", how="southern hemisphere")
        case "S":
            yield _Meaning(is_south=False, band="S", how="S read as latitude band S")
            yield _Meaning(
                is_south=True, band="", how="S read as the southern hemisphere"
            )
        case _:
            yield _Meaning(
                is_south=letter < "N", band=letter, how=f"latitude band {letter}"
            )


def _readings(told: _Told, refused: list[str]) -> Iterator[Reading]:
    """Yield a reading for each meaning that fits; note why the others do not."""
    for meaning in _meanings(told.letter):
        position = from_utm(
            told.zone,
            float(told.easting),
            float(told.northing),
            is_south=meaning.is_south,
        )
        misfit, beyond = _misfit(position, told, meaning)
        if misfit:
            refused.append(misfit)
            continue
        yield _reading(told, position, f"{meaning.how}{beyond}")


def _misfit(position: Position, told: _Told, meaning: _Meaning) -> tuple[str, str]:
    """Say why a meaning does not fit, or what is odd about it; both may be empty."""
    lat = position.lat
    if not SOUTH_END_DEG - _EDGE_DEG <= lat <= NORTH_END_DEG + _EDGE_DEG:
        return f"in the {meaning.how} it would lie at {lat:.0f}°, beyond UTM", ""
    if meaning.band:
        south = SOUTH_END_DEG + 8 * BANDS.index(meaning.band)
        north = NORTH_END_DEG if meaning.band == "X" else south + 8
        if not south - _BAND_SLACK_DEG <= lat <= north + _BAND_SLACK_DEG:
            return f"its latitude {lat:.1f}° is not in band {meaning.band}", ""
    off_m = _off_zone_m(position, told.zone)
    if off_m > OVERLAP_M:
        return f"it would lie {say_length(off_m)} outside zone {told.zone}", ""
    if off_m > 0.0:
        return "", f", {say_length(off_m)} beyond the edge of its zone"
    return "", ""


def _off_zone_m(position: Position, zone: int) -> float:
    """Return how far beyond the meridians of a zone a position lies, metres.

    Around Norway a zone may be used as the rule has it or as the exception has it,
    and at the edge of a band, where metres were rounded, as either band has it.
    """
    plain_west = -180.0 + 6.0 * (zone - 1)
    lats = (position.lat - _EDGE_DEG, position.lat + _EDGE_DEG)
    ranges = [meridians(zone, _band(lat)) for lat in lats]
    return min(
        _off_m(position, west, east)
        for west, east in [*ranges, (plain_west, plain_west + 6.0)]
    )


def _band(lat: float) -> str:
    return BANDS[max(0, min(len(BANDS) - 1, int((lat - SOUTH_END_DEG) // 8)))]


def _off_m(position: Position, west: float, east: float) -> float:
    half = (east - west) / 2
    from_middle = (position.lon - west - half + 180.0) % 360.0 - 180.0
    if abs(from_middle) <= half:
        return 0.0
    edge = (east if from_middle > 0.0 else west) + 180.0
    return distance_m(position, Position(lon=edge % 360.0 - 180.0, lat=position.lat))


def _reading(told: _Told, position: Position, how: str) -> Reading:
    decimals = min(
        len(figures.partition(".")[2]) for figures in (told.easting, told.northing)
    )
    unit_m = 10.0 ** -min(decimals, _MOST_DECIMALS)
    ns = "S" if position.lat < 0.0 else "N"
    ew = "W" if position.lon < 0.0 else "E"
    shown = f"{abs(position.lat):.4f}° {ns}, {abs(position.lon):.4f}° {ew}"
    return Reading(
        place=Place(
            footprint=Point(position=position, precision_m=unit_m),
            text=told.text,
            format=PlaceFormat.UTM,
            method=f"{how}; one unit of the last figure as precision",
        ),
        understood=(
            f"UTM zone {told.zone}, {how}, {told.easting} m east, {told.northing} m "
            f"north: {shown}; within {unit_m:g} m."
        ),
    )
