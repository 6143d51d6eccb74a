"""Hold what is said of each of the five kinds of notice, besides place and time.

    site       a place with a humanitarian or civilian function, where it stays
    movement   a convoy, a flight, an airdrop: a path, with times
    activity   something planned that may do harm
    position   a party's own people; never told by filing
    area       ground with a status: a zone, a siege, a closure

Everything here is said by somebody: what is left out was not said, and is not no.
Telephone numbers, names and plates lie sealed beside the log (`Personal`); what can
be read without them says only which way somebody can be reached.
"""

from enum import StrEnum
from typing import TypeAlias

import msgspec

from clearline.model.instants import Instant, Window
from clearline.model.places import Place
from clearline.model.sealed import Sealed


class NoticeKind(StrEnum):
    """Name the five kinds of notice."""

    SITE = "site"
    MOVEMENT = "movement"
    ACTIVITY = "activity"
    POSITION = "position"
    AREA = "area"


class Request(StrEnum):
    """Name what a submission about a site asks to be done with it."""

    ADD = "add"
    AMEND = "amend"
    REMOVE = "remove"


class SiteFunction(StrEnum):
    """Name what a site is for."""

    HEALTH = "health"
    SCHOOL = "school"
    WAREHOUSE = "warehouse"
    OFFICE = "office"
    GUESTHOUSE = "guesthouse"
    WATER = "water"
    SHELTER = "shelter"
    DISTRIBUTION = "distribution"
    CRITICAL_INFRASTRUCTURE = "critical infrastructure"
    OTHER = "other"


class VerificationState(StrEnum):
    """Name how far somebody other than its owner looked at a site."""

    NOT_VERIFIED = "not verified"
    FROM_AFAR = "from afar"
    VISITED = "visited"
    DISPUTED = "disputed"


class Mode(StrEnum):
    """Name how a movement moves."""

    ROAD = "road"
    FOOT = "foot"
    BOAT = "boat"
    RAIL = "rail"
    HELICOPTER = "helicopter"
    AEROPLANE = "aeroplane"
    AIRDROP = "airdrop"


class Bearer(StrEnum):
    """Name a way of reaching somebody in the field."""

    MOBILE = "mobile"
    SATELLITE = "satellite"
    VHF = "vhf"
    HF = "hf"
    INTERNET = "internet"
    LANDLINE = "landline"


class Post(StrEnum):
    """Say where somebody who can be reached is."""

    FIELD = "field"
    HEADQUARTERS = "headquarters"


class AccessState(StrEnum):
    """Name how far people and goods get in."""

    OPEN = "open"
    RESTRICTED = "restricted"
    HARD_TO_REACH = "hard to reach"
    BESIEGED = "besieged"
    CLOSED = "closed"


class Contact(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say that somebody can be reached; the number itself is sealed.

    Attributes:
        bearer: By which way.
        post: Where they are.
        callsign: What they answer to, where it is said openly.
        is_day_and_night: Whether somebody answers at any hour.
        tested_at: When it was last tried and answered.
    """

    bearer: Bearer
    post: Post = Post.FIELD
    callsign: str = ""
    is_day_and_night: bool = False
    tested_at: Instant | None = None


class Personal(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Name the sealed parts; each is a JSON list of strings beside the log.

    Attributes:
        phones: Numbers, in the order of the contacts.
        plates: Plates, in the order of the vehicles.
        names: People on board, or answering.
    """

    phones: Sealed | None = None
    plates: Sealed | None = None
    names: Sealed | None = None


class Marking(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say how something is marked; `None` where nobody said.

    Attributes:
        is_seen_by_day: Whether the marking is seen from the air by day.
        is_seen_by_night: Whether at night or by a thermal sight.
        says: What it is: a flag, a painted roof, lights.
    """

    is_seen_by_day: bool | None = None
    is_seen_by_night: bool | None = None
    says: str = ""


class Measured(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say how a position was found, by whom, when, and how exact that is.

    Attributes:
        accuracy_m: How far off it may be, metres.
        method: In words: a receiver on the roof, an image, a map.
    """

    accuracy_m: float | None = None
    method: str = ""
    by: str = ""
    at: Instant | None = None


class Verification(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say who looked, other than the owner, and how."""

    state: VerificationState = VerificationState.NOT_VERIFIED
    by: str = ""
    at: Instant | None = None
    method: str = ""


class Admin(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Name the administrative area a place is said to lie in.

    Attributes:
        names: From the widest, level 1, to at most level 4.
        pcode: Its code, as the humanitarian lists give it.
        is_outside: Whether the owner says the point lies outside it all the same.
    """

    names: tuple[str, ...] = ()
    pcode: str = ""
    is_outside: bool = False


class Vehicle(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a vehicle, without its plate.

    Attributes:
        photo: SHA-256 of an attachment that shows it, hex.
    """

    type: str
    colour: str = ""
    marking: str = ""
    is_armoured: bool = False
    photo: str = ""


class Stop(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Name a position of a movement's path; its times are the corridor's passages.

    Attributes:
        at: Which position of the path, from 0.
        name: What it is called.
        is_alternate: Whether it is only passed if another is not.
    """

    at: int
    name: str
    is_alternate: bool = False


class Flight(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold what is said of a flight or an airdrop; its altitudes are the band's.

    Attributes:
        type: Of aircraft.
        landing_zone: Where it lands or drops.
        windows: When it is over or at the landing zone, one or several.
    """

    type: str = ""
    callsign: str = ""
    landing_zone: Place | None = None
    windows: tuple[Window, ...] = ()


class SiteDetails(
    msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="site", tag_field="kind"
):
    """Hold what is said of a site.

    Attributes:
        ref: The owner's own number for it.
        operator: Who runs it, where that is not the owner.
        function: What it is for, when this is said.
        since: Since when it is that.
        is_function_now: Whether it is in use for that now.
        occupants: About how many, in words: a band.
    """

    ref: str = ""
    request: Request = Request.ADD
    organisation: str = ""
    operator: str = ""
    function: SiteFunction = SiteFunction.OTHER
    is_function_now: bool | None = None
    since: Instant | None = None
    name_en: str = ""
    name_local: str = ""
    admin: Admin = Admin()
    measured: Measured = Measured()
    marking: Marking = Marking()
    occupants: str = ""
    contacts: tuple[Contact, ...] = ()
    verification: Verification = Verification()


class MovementDetails(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    gc=False,
    tag="movement",
    tag_field="kind",
):
    """Hold what is said of a movement; its path and times are the revision's shape.

    Attributes:
        purpose: What for, and with what.
        people: How many.
        armed_escort: Whether armed people go with it; `None` where nobody said.
        escort_by: Who they are.
        returns_as: Id of the notice of the way back: a way back is a notice too.
        flight: For what flies.
        access: How open the place is that it goes to.
    """

    ref: str = ""
    organisation: str = ""
    mode: Mode = Mode.ROAD
    purpose: str = ""
    cargo: str = ""
    people: int | None = None
    vehicles: tuple[Vehicle, ...] = ()
    armed_escort: bool | None = None
    escort_by: str = ""
    stops: tuple[Stop, ...] = ()
    contacts: tuple[Contact, ...] = ()
    tracker: str = ""
    returns_as: str = ""
    flight: Flight | None = None
    access: AccessState | None = None
    admin: Admin = Admin()


class ActivityDetails(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    gc=False,
    tag="activity",
    tag_field="kind",
):
    """Hold what is said of an activity besides the words of the notice.

    Attributes:
        type: A word for it: strike, clearance, exercise.
    """

    ref: str = ""
    type: str = ""


class PositionDetails(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    gc=False,
    tag="position",
    tag_field="kind",
):
    """Hold what is said of a party's own people; never told by filing."""

    ref: str = ""
    unit: str = ""


class AreaDetails(
    msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="area", tag_field="kind"
):
    """Hold what is said of an area.

    Attributes:
        code: What it is called on maps and on the air.
        established_by: The headquarters that established it.
        status: A word for it: no-strike, restricted, ceasefire.
        access: How open it is to people and goods, where that is what is told.
        residents: About how many live there, in words.
    """

    code: str = ""
    established_by: str = ""
    status: str = ""
    access: AccessState | None = None
    residents: str = ""
    admin: Admin = Admin()


Details: TypeAlias = (
    SiteDetails | MovementDetails | ActivityDetails | PositionDetails | AreaDetails
)
"""What is said of a notice, by its kind."""

KINDS: dict[type[Details], NoticeKind] = {
    SiteDetails: NoticeKind.SITE,
    MovementDetails: NoticeKind.MOVEMENT,
    ActivityDetails: NoticeKind.ACTIVITY,
    PositionDetails: NoticeKind.POSITION,
    AreaDetails: NoticeKind.AREA,
}
"""The kind of each."""
