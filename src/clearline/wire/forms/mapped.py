"""Hold the API's form of the map: GeoJSON of what one viewer may see, as of an instant.

    what       notice, call, conflict
    geometry   as told: a point, a path, an area; `None` where it is known but not where

A circle and a corridor come as their middle with a length in metres beside it: whoever
draws them draws the margin, and nothing is drawn finer than it was told.
"""

from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from clearline.model.instants import Instant


class What(StrEnum):
    """Name what is on a map."""

    NOTICE = "notice"
    CALL = "call"
    CONFLICT = "conflict"


class Passing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Say when a movement passes a position of its path.

    Attributes:
        at: When it is expected there.
        until: When it has left at the latest.
        name: What the position is called, if anything.
    """

    at: Instant
    until: Instant
    name: str = ""


class OnMap(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Say what is drawn, in words and lengths.

    Attributes:
        what: Notice, call or conflict.
        kind: Of the five kinds of notice, or the kind of call; empty at *existence*.
        label: What stands beside it.
        sign: The letter of what a site is for; empty for others.
        says: More about it, in fixed words or as told.
        owner: Whose it is.
        call: The desk to call about it.
        to: The page of it, a path; empty where there is none.
        at: Where its sign stands, longitude and latitude.
        radius_m: How far it reaches from there, precision included, metres.
        half_width_m: Of a path, precision included.
        buffer_m: The margin around it.
        level: How exactly this viewer knows it.
        status: Where it stands in its life.
        starts_at, ends_at: When it holds.
        changed_at: When it was last told.
        is_active: Whether it holds now.
        is_own: Whether it is the viewer's own.
        precedence: Of a call.
        is_open: Whether a call still needs somebody.
        between: Of a conflict, the ids of both notices.
        apart_m: Of a conflict, the least separation, metres.
        passes: Of a movement, when it passes the positions of its path.
    """

    what: What
    kind: str = ""
    label: str = ""
    sign: str = ""
    says: str = ""
    owner: str = ""
    call: str = ""
    to: str = ""
    at: tuple[float, float] | None = None
    radius_m: float = 0.0
    half_width_m: float = 0.0
    buffer_m: float = 0.0
    level: str = ""
    status: str = ""
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    changed_at: Instant | None = None
    is_active: bool = False
    is_own: bool = False
    precedence: str = ""
    is_open: bool = False
    between: tuple[str, ...] = ()
    apart_m: float | None = None
    passes: tuple[Passing, ...] = ()


class OfMap(msgspec.Struct, frozen=True, kw_only=True):
    """Say which map is meant.

    Attributes:
        entry: As it stood right after this entry of the log; now unless said.
    """

    entry: Annotated[int, Meta(ge=0)] | None = None


class MapFeature(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one thing on the map, as GeoJSON."""

    id: str
    properties: OnMap
    geometry: dict[str, Any] | None
    type: Literal["Feature"] = "Feature"


class MapShown(msgspec.Struct, frozen=True, kw_only=True):
    """Hold all that one viewer's map shows.

    Attributes:
        as_of: Node time it stands for.
        size: How many entries of the log it rests on.
        is_cut: Whether there is more than is shown: only the newest are.
        not_checked: What was not looked at for conflicts, in sentences.
        disclaimer: Stands on every map.
    """

    as_of: Instant
    size: int
    features: tuple[MapFeature, ...]
    is_cut: bool
    not_checked: tuple[str, ...]
    disclaimer: str
    type: Literal["FeatureCollection"] = "FeatureCollection"
