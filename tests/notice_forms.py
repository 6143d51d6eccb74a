"""Make notices with nothing wrong with them, for tests to spoil one thing of."""

from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from clearline.model.extents import AltitudeBand, Corridor
from clearline.model.instants import Duration, Window
from clearline.model.notice_details import (
    Admin,
    Bearer,
    Contact,
    Flight,
    Marking,
    Measured,
    Mode,
    MovementDetails,
    Personal,
    Post,
    SiteDetails,
    SiteFunction,
    Vehicle,
)
from clearline.model.notices import Revision
from clearline.model.passages import Passage
from clearline.model.places import Place, PlaceFormat, Point, Position
from clearline.model.sealed import Sealed

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
AT = Position(lon=40.12345, lat=35.56789)
TRIED = NOON - Duration(days=2)
SEALED = Sealed(sealed="c2VhbGVk")

CONTACTS = (
    Contact(bearer=Bearer.MOBILE, tested_at=TRIED),
    Contact(bearer=Bearer.SATELLITE, tested_at=TRIED, callsign="mill one"),
    Contact(
        bearer=Bearer.LANDLINE,
        post=Post.HEADQUARTERS,
        is_day_and_night=True,
        tested_at=TRIED,
    ),
)

SITE = SiteDetails(
    ref="N-17",
    function=SiteFunction.HEALTH,
    is_function_now=True,
    name_en="Clinic by the old mill",
    name_local="العيادة",
    admin=Admin(names=("Deir ez-Zor",)),
    measured=Measured(accuracy_m=5.0, method="a receiver on the roof"),
    marking=Marking(is_seen_by_day=True, is_seen_by_night=False),
    contacts=CONTACTS,
)

ROAD = Corridor(
    path=(Position(lon=40.0, lat=35.0), Position(lon=40.0, lat=35.2)),
    half_width_m=50.0,
    passages=(
        Passage(eta=NOON + Duration(hours=6), late_for=Duration(minutes=30)),
        Passage(eta=NOON + Duration(hours=7), late_for=Duration(minutes=30)),
    ),
)

CONVOY = MovementDetails(
    ref="M-3",
    mode=Mode.ROAD,
    purpose="flour",
    people=9,
    vehicles=(Vehicle(type="lorry", colour="white", marking="roof", photo="ab" * 32),),
    armed_escort=False,
    contacts=CONTACTS,
    admin=Admin(names=("Deir ez-Zor",)),
)

FLIGHT = replace(
    CONVOY,
    mode=Mode.AIRDROP,
    vehicles=(),
    flight=Flight(
        type="C-130",
        callsign="MERCY 1",
        landing_zone=Place(
            footprint=Point(position=AT, precision_m=5.0),
            text="35.56789N 40.12345E",
            format=PlaceFormat.DECIMAL,
        ),
    ),
)

PERSONAL = Personal(phones=SEALED, plates=SEALED)


def a_site(**more: Any) -> Revision:
    """A clinic told to south-ops, in two encodings."""
    told = {
        "number": 1,
        "what": "the clinic by the old mill",
        "where": Place(
            footprint=Point(position=AT, precision_m=5.0),
            text="35.56789N 40.12345E",
            format=PlaceFormat.DECIMAL,
        ),
        "where_again": Place(
            footprint=Point(position=AT, precision_m=5.0),
            text="35 34 04.4 N 40 07 24.4 E",
            format=PlaceFormat.DMS,
        ),
        "window": Window(
            start=NOON + Duration(minutes=7), end=NOON + Duration(days=90, minutes=7)
        ),
        "tells": ("south-ops",),
        "details": SITE,
        "personal": PERSONAL,
    }
    return Revision(**(told | more))  # type: ignore[arg-type]


def a_movement(**more: Any) -> Revision:
    """A convoy told to the south's headquarters: it leaves at six, for an hour."""
    leaves = NOON + Duration(hours=6)
    told = {
        "number": 1,
        "what": "five trucks of flour",
        "where": Place(
            footprint=ROAD, text="the road north", format=PlaceFormat.GEOMETRY
        ),
        "window": Window(start=leaves, end=leaves + Duration(hours=4)),
        "shape": ROAD,
        "tells": ("south-hq",),
        "details": CONVOY,
        "personal": PERSONAL,
    }
    return Revision(**(told | more))  # type: ignore[arg-type]


def a_flight(**more: Any) -> Revision:
    """An airdrop, over the same ground."""
    band = AltitudeBand(floor_m=300.0, ceiling_m=3_000.0)
    return a_movement(**({"details": FLIGHT, "band": band} | more))
