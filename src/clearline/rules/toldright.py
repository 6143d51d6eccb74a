"""Check a place before it is told: is what will be said what is meant?

Two ways of telling one place are compared: the words about to go out against the
geometry they stand for, or a first encoding against a second one. With

    apart      least and greatest distance between the two footprints
    precision  the sum of both precisions, plus what was agreed as tolerance

the verdict follows by these rules, the first that fits:

1. One of them is a name that is nowhere yet: *cannot tell*.
2. The least distance exceeds the precision: *disagree*. No pair of places that
   the two can mean is the same place.
3. Neither lies within the precision of the other as a whole: *cannot tell*. They
   overlap, and part of each is outside the other.
4. The precision is worse than `COARSEST_M`: *cannot tell*. Words that vague agree
   with everything near.
5. Otherwise *agree*: one of them, as a whole, lies within the other, widened by
   the precision. A told point inside a planned area agrees; the greatest distance
   says how far the area reaches beyond it.

Two places told from one origin move together: wherever in a town or on an airfield it
is counted from, that is one spot for both, and how well it is known counts for neither.

Whatever the verdict, a told bearing and range is read again from every origin that
shares the name of its own, and from any other that would make the two meet: if on
17 September 2016 the place told was nine kilometres south of the airfield, it lay
kilometres from what was planned, and nine kilometres south of the city inside it.
"""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from clearline.geo.containment import is_within
from clearline.geo.directions import place_from, say_told_from
from clearline.geo.grid import in_next_squares, share_digits
from clearline.geo.insides import is_inside
from clearline.geo.lengths import say_apart, say_length
from clearline.geo.origins import rivals_of
from clearline.geo.separation import (
    Located,
    error_m,
    located,
    middle,
    separation,
)
from clearline.model.placechecks import (
    PlaceCheck,
    PlaceFinding,
    PlaceVerdict,
    RivalReading,
    Side,
    Slip,
)
from clearline.model.places import (
    BearingAndRange,
    Interval,
    NamedOrigin,
    Place,
    Point,
    Position,
)

COARSEST_M = 2_000.0
"""Combined precision beyond which two vague places are never said to agree."""

_RIGHT_ANGLE_DEG = 90.0


def check_place(
    told: Place,
    meant: Place,
    origins: Sequence[NamedOrigin] = (),
    *,
    tolerance_m: float = 0.0,
) -> PlaceCheck:
    """Compare a told place with the place meant.

    Args:
        told: The place as it was or will be told.
        meant: The geometry it stands for, or a second encoding of it.
        origins: The named positions known here, among which rivals are sought.
        tolerance_m: What both sides agreed to treat as the same place, metres,
            on top of both precisions.
    """
    one, other = _from_one_spot(told, meant)
    a, b = located(one.footprint), located(other.footprint)
    if a is None or b is None:
        nowhere = " and ".join(
            repr(place.text)
            for place, footprint in ((told, a), (meant, b))
            if footprint is None
        )
        return PlaceCheck(
            told=told,
            meant=meant,
            separation_m=None,
            combined_precision_m=None,
            verdict=PlaceVerdict.CANNOT_TELL,
            why=f"Cannot tell: {nowhere} is not located yet.",
            assumption=_assumption(told, meant),
        )
    apart_m = separation(a, b)
    precision_m = a.precision_m + b.precision_m + tolerance_m
    verdict, why = _judge(a, b, apart_m, precision_m)
    rivals = tuple(_rivals(told, meant, origins, precision_m))
    slips = tuple(_slips(a, b, precision_m)) if verdict is PlaceVerdict.DISAGREE else ()
    mistaken = (
        PlaceFinding(slip=Slip.RIVAL_ORIGIN, says=_say_rival(rival)) for rival in rivals
    )
    findings = (*mistaken, *slips)
    return PlaceCheck(
        told=told,
        meant=meant,
        separation_m=apart_m,
        combined_precision_m=precision_m,
        verdict=verdict,
        why=" ".join([why, *(finding.says for finding in findings)]),
        assumption=_assumption(told, meant),
        rival_origins=rivals,
        likely_slips=tuple(slip.says for slip in slips),
        findings=findings,
    )


def _from_one_spot(told: Place, meant: Place) -> tuple[Place, Place]:
    """Take the origin both are told from for one spot; others stay as they are."""
    if not _is_from_one_origin(told, meant):
        return told, meant
    return _pinned(told), _pinned(meant)


def _is_from_one_origin(told: Place, meant: Place) -> bool:
    """Say whether both hang on one origin that is no point."""
    if told.told_from is None or meant.told_from is None:
        return False
    one, other = told.told_from.origin, meant.told_from.origin
    is_one = (one.label, one.position) == (other.label, other.position)
    return is_one and min(one.precision_m, other.precision_m) > 0.0


def _pinned(place: Place) -> Place:
    if place.told_from is None:
        return place
    spot = replace(place.told_from.origin, precision_m=0.0)
    return place_from(_moved(place.told_from, spot), place.text, place.method)


def _judge(
    told: Located, meant: Located, apart_m: Interval, precision_m: float
) -> tuple[PlaceVerdict, str]:
    """Apply rules 2 to 5."""
    facts = (
        f"the place told lies {say_apart(apart_m)} from the place meant, and the two "
        f"together are certain to {say_length(precision_m)}"
    )
    if apart_m.least > precision_m + error_m(told, meant):
        return PlaceVerdict.DISAGREE, f"They disagree: {facts}."
    told_inside = is_within(told, meant, precision_m)
    if not told_inside and not is_within(meant, told, precision_m):
        return (
            PlaceVerdict.CANNOT_TELL,
            f"Cannot tell: {facts}; they overlap in part only.",
        )
    if precision_m > COARSEST_M:
        return (
            PlaceVerdict.CANNOT_TELL,
            f"Cannot tell: {facts}, which is too coarse to agree on anything.",
        )
    return PlaceVerdict.AGREE, f"They agree: {facts}."


def _rivals(
    told: Place, meant: Place, origins: Sequence[NamedOrigin], precision_m: float
) -> Iterator[RivalReading]:
    """Read each side again from the other origins it may have been told from."""
    for side, place, other in (
        (Side.TOLD, told, meant),
        (Side.MEANT, meant, told),
    ):
        if place.told_from is None:
            continue
        named = rivals_of(place.told_from.origin, origins)
        rest = [o for o in origins if o not in named and o != place.told_from.origin]
        for rival in (*named, *rest):
            reading = _read_from(rival, side, place, other, precision_m)
            is_due = side is Side.TOLD and rival in named
            if reading and (is_due or reading.falls_inside):
                yield reading


def _read_from(
    rival: NamedOrigin, side: Side, place: Place, other: Place, precision_m: float
) -> RivalReading | None:
    told_from, there = place.told_from, located(other.footprint)
    if told_from is None or there is None:
        return None
    moved = place_from(_moved(told_from, rival), place.text, place.method)
    here = located(moved.footprint)
    if here is None:
        return None
    if isinstance(there, Point):
        centre = Point(position=middle(here), precision_m=0.0)
        falls_inside = separation(centre, there).most <= precision_m
    else:
        falls_inside = is_inside(middle(here), there)
    return RivalReading(
        of=side,
        origin=rival,
        place=moved,
        separation_m=separation(here, there),
        falls_inside=falls_inside,
    )


def _moved(told_from: BearingAndRange, origin: NamedOrigin) -> BearingAndRange:
    return BearingAndRange(
        origin=origin,
        bearing_deg=told_from.bearing_deg,
        range_m=told_from.range_m,
        north=told_from.north,
        is_north_said=told_from.is_north_said,
        bearing_precision_deg=told_from.bearing_precision_deg,
        range_precision_m=told_from.range_precision_m,
    )


def _slips(told: Located, meant: Located, precision_m: float) -> Iterator[PlaceFinding]:
    """Say which slip of the pen would make a told point agree."""
    if not isinstance(told, Point):
        return
    lon, lat = told.position.lon, told.position.lat
    exchanged = [
        (Slip.WRONG_HEMISPHERE, "east and west", -lon, lat),
        (Slip.WRONG_HEMISPHERE, "north and south", lon, -lat),
        (Slip.WRONG_HEMISPHERE, "both hemispheres", -lon, -lat),
    ]
    if abs(lon) <= _RIGHT_ANGLE_DEG:
        exchanged.append((Slip.SWAPPED_ORDER, "latitude and longitude", lat, lon))
    for slip, what, other_lon, other_lat in exchanged:
        if _meets(Position(lon=other_lon, lat=other_lat), told, meant, precision_m):
            yield PlaceFinding(
                slip=slip, says=f"With {what} exchanged they would agree."
            )
    if _is_in_another_square(told, meant, precision_m):
        yield PlaceFinding(
            slip=Slip.WRONG_SQUARE,
            says="The grid digits are the same, in another 100 km square.",
        )


def _meets(position: Position, told: Point, meant: Located, precision_m: float) -> bool:
    slipped = Point(position=position, precision_m=told.precision_m)
    return separation(slipped, meant).least <= precision_m


def _is_in_another_square(told: Point, meant: Located, precision_m: float) -> bool:
    """Say whether only the letters of the square differ; for an area, the next ones."""
    if isinstance(meant, Point):
        return share_digits(told.position, meant.position, precision_m)
    return any(
        _meets(position, told, meant, precision_m)
        for position in in_next_squares(told.position)
    )


def _say_rival(rival: RivalReading) -> str:
    told_from = rival.place.told_from
    if told_from is None:
        return ""
    other = Side.MEANT if rival.of is Side.TOLD else Side.TOLD
    words = (
        f"Read from another origin, {say_told_from(told_from)}, the place {rival.of}"
    )
    if rival.falls_inside:
        return f"{words} would fall inside the place {other}."
    return f"{words} would lie {say_apart(rival.separation_m)} from the place {other}."


def _assumption(told: Place, meant: Place) -> str:
    """Say what both readings took for granted."""
    parts = [
        f"{side} place: {place.method}."
        for side, place in (("Told", told), ("Meant", meant))
        if place.method
    ]
    if _is_from_one_origin(told, meant) and told.told_from is not None:
        parts.append(
            f"Both are told from {told.told_from.origin.label}, taken as one spot, "
            "wherever in it that is."
        )
    return " ".join(parts)
