"""Hold what came out when a told place was compared with the place meant."""

from enum import StrEnum

import msgspec

from clearline.model.places import Interval, NamedOrigin, Place


class PlaceVerdict(StrEnum):
    """Say whether two ways of telling a place can be the same place."""

    AGREE = "agree"
    DISAGREE = "disagree"
    CANNOT_TELL = "cannot_tell"


class Side(StrEnum):
    """Say which of the two compared places something is about."""

    TOLD = "told"
    MEANT = "meant"


class Slip(StrEnum):
    """Name what may have gone wrong between a place meant and the place told."""

    RIVAL_ORIGIN = "rival origin"
    """Right bearing and range, from another origin of the same name."""
    SWAPPED_ORDER = "swapped order"
    """Latitude and longitude exchanged."""
    WRONG_HEMISPHERE = "wrong hemisphere"
    """North for south, or east for west."""
    WRONG_SQUARE = "wrong grid square"
    """The same grid digits in another square of 100 km."""


class PlaceFinding(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one thing that would explain why two places differ, or could be mistaken.

    Attributes:
        slip: What kind of slip it is.
        says: The sentence that says so.
    """

    slip: Slip
    says: str


class RivalReading(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold the same bearing and range read from another origin.

    Attributes:
        of: Which side was read again.
        origin: The origin it was read from instead.
        place: What it says then.
        separation_m: Least and greatest distance from there to the other side.
        falls_inside: Its middle lies inside the other side's area, or within the
            combined precision of the other side's point.
    """

    of: Side
    origin: NamedOrigin
    place: Place
    separation_m: Interval
    falls_inside: bool


class PlaceCheck(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold how a told place compares with the place meant.

    Attributes:
        told: The place as told, or about to be told.
        meant: The place meant, or the same place encoded a second time.
        separation_m: Least and greatest distance between the two, metres, before
            precision; `None` where one of them is nowhere yet.
        combined_precision_m: How far the two together may be off, metres.
        verdict: What follows.
        why: The sentences that say so.
        assumption: What the readings took for granted; empty if nothing.
        rival_origins: The readings from other origins, those of the same name
            first; origins of other names only where the reading falls inside.
        likely_slips: What else would explain a disagreement, a sentence each.
        findings: The rivals and the slips, each with its kind.
    """

    told: Place
    meant: Place
    separation_m: Interval | None
    combined_precision_m: float | None
    verdict: PlaceVerdict
    why: str
    assumption: str = ""
    rival_origins: tuple[RivalReading, ...] = ()
    likely_slips: tuple[str, ...] = ()
    findings: tuple[PlaceFinding, ...] = ()
