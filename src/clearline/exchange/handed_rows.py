"""Write notices of sites and movements as rows, and name what has no column."""

import re
from typing import Any, Final

from clearline.exchange.cells import joined
from clearline.exchange.layouts import MOST_PLACES
from clearline.geo.writing import write_decimal
from clearline.model.instants import FOREVER, Duration, Instant, write_instant
from clearline.model.notice_details import Request
from clearline.model.notices import MovementDetails, Revision, SiteDetails
from clearline.model.places import (
    Circle,
    Corridor,
    Place,
    PlaceFormat,
    Point,
    Polygon,
    Position,
    Unlocated,
)

Left = list[tuple[str, str]]
"""What a row leaves out, and why."""

_NO_COLUMN: Final = "the sheet has no column for it"
_MOST_CONTACTS: Final = 2
_DEGREE_DECIMALS: Final = 7
_TOLD: Final = re.compile(
    r"(?P<lat>\d+(?:\.\d+)?)°? ?(?P<ns>[NS]),? ?(?P<lon>\d+(?:\.\d+)?)°? ?(?P<ew>[EW])"
)


def cells_of(revision: Revision) -> tuple[dict[str, str], Left]:
    """Return the cells of a row by their keys, and what they leave out."""
    left: Left = []
    details = revision.details
    cells: dict[str, Any] = {
        "what": revision.what,
        "zone": "UTC",
        "recipients": joined(
            f"{one.desk}: {one.precision}" for one in revision.consents
        ),
        "consent_by": _consent_by(revision, left),
    }
    if isinstance(details, SiteDetails):
        cells |= _site(revision, details, left)
    elif isinstance(details, MovementDetails):
        cells |= _movement(revision, details, left)
    if revision.buffer_m or revision.buffer_s:
        left.append(("margins", _NO_COLUMN))
    return {key: text for key, text in cells.items() if text not in ("", None)}, left


def _consent_by(revision: Revision, left: Left) -> str:
    by = {one.by for one in revision.consents}
    if len(by) > 1:
        left.append(("who consented, desk by desk", "the sheet has one cell for all"))
    if {one.desk for one in revision.consents} != set(revision.tells):
        left.append(("recipients without a consent", "the sheet says both as one"))
    return next(iter(sorted(by)), "")


def _admin(details: SiteDetails | MovementDetails) -> dict[str, str]:
    names = dict(enumerate(details.admin.names, 1))
    return {
        **{f"admin{level}": names.get(level, "") for level in range(1, 5)},
        "pcode": details.admin.pcode,
        "is_outside": _yes_no(details.admin.is_outside or None),
    }


def _site(revision: Revision, details: SiteDetails, left: Left) -> dict[str, Any]:
    measured, marking, seen = details.measured, details.marking, details.verification
    if seen.method:
        left.append(("how it was verified", _NO_COLUMN))
    if revision.band is not None:
        left.append(("altitudes", _NO_COLUMN))
    return {
        "ref": details.ref,
        "request": Request.AMEND,  # it is notified already: a copy corrects it
        "organisation": details.organisation,
        "operator": details.operator,
        "function": details.function,
        "is_function_now": _yes_no(details.is_function_now),
        "since": _at(details.since),
        "name_en": details.name_en,
        "name_local": details.name_local,
        **_admin(details),
        **_place(revision, left),
        "accuracy_m": _number(measured.accuracy_m),
        "measured_how": measured.method,
        "measured_by": measured.by,
        "measured_at": _at(measured.at),
        "marked_by_day": _yes_no(marking.is_seen_by_day),
        "marked_by_night": _yes_no(marking.is_seen_by_night),
        "marking": marking.says,
        "occupants": details.occupants,
        **_contacts(details, left),
        "valid_from": _at(revision.window.start),
        "valid_until": _end(revision, left),
        "verified": seen.state,
        "verified_by": seen.by,
        "verified_at": _at(seen.at),
    }


def _place(revision: Revision, left: Left) -> dict[str, str]:
    shape = revision.shape
    found: dict[str, str] = {}
    if isinstance(shape, Polygon):
        found["footprint"] = _wkt(shape)
        if shape.precision_m:
            left.append(("how far the outline may be off", _NO_COLUMN))
    elif shape is not None:
        left.append(("an outline of several parts, or a way", _NO_COLUMN))
    where, again = revision.where, revision.where_again
    told: dict[str, str] | None = None
    match where.footprint:
        case Point(position=at):
            told = _as_written(where, at)
            found |= told or _degrees(at)
        case Circle(centre=at, radius_m=radius_m):
            told = _as_written(where, at)
            found |= (told or _degrees(at)) | {"radius_m": _number(radius_m)}
        case Unlocated():
            return {**found, "place": where.text}
        case _:
            # Only the words say it: a sector from a named place, for one.
            return {**found, "place": where.text}
    if again is None and told is not None:
        return found  # said once: a second form of the same words checks nothing
    return {**found, "place": again.text if again is not None else where.text}


def _as_written(where: Place, at: Position) -> dict[str, str] | None:
    """Return the degrees a place was told in, figure by figure.

    More decimals would say more than anybody measured, and would be read so.
    """
    said = _TOLD.fullmatch(where.text)
    if said is None or where.format is not PlaceFormat.DECIMAL:
        return None
    lat = f"{'-' if said['ns'] == 'S' else ''}{said['lat']}"
    lon = f"{'-' if said['ew'] == 'W' else ''}{said['lon']}"
    if (float(lat), float(lon)) != (at.lat, at.lon):
        return None
    return {"latitude": lat, "longitude": lon}


def _degrees(at: Position) -> dict[str, str]:
    lat, lon = (f"{one:.{_DEGREE_DECIMALS}f}" for one in (at.lat, at.lon))
    return {"latitude": lat, "longitude": lon}


def _wkt(shape: Polygon) -> str:
    rings = ", ".join(
        "(" + ", ".join(f"{at.lon!r} {at.lat!r}" for at in (*ring, ring[0])) + ")"
        for ring in shape.rings()
    )
    return f"POLYGON ({rings})"


def _contacts(details: SiteDetails | MovementDetails, left: Left) -> dict[str, str]:
    if len(details.contacts) > _MOST_CONTACTS:
        left.append(("contacts after the second", _NO_COLUMN))
    if any(one.tested_at is not None for one in details.contacts):
        left.append(("when a contact was last tried", _NO_COLUMN))
    found: dict[str, str] = {}
    for number, one in enumerate(details.contacts[:_MOST_CONTACTS], 1):
        found |= {
            f"contact_{number}_bearer": one.bearer,
            f"contact_{number}_callsign": one.callsign,
            f"contact_{number}_post": one.post,
            f"contact_{number}_day_and_night": _yes_no(one.is_day_and_night),
        }
    return found


def _movement(
    revision: Revision, details: MovementDetails, left: Left
) -> dict[str, Any]:
    for what, is_said in (
        ("photos of vehicles", any(one.photo for one in details.vehicles)),
        ("alternate stops", any(one.is_alternate for one in details.stops)),
        ("a second place for its start", revision.where_again is not None),
    ):
        if is_said:
            left.append((what, _NO_COLUMN))
    return {
        "ref": details.ref,
        "request": Request.AMEND,
        "organisation": details.organisation,
        "mode": details.mode,
        "purpose": details.purpose,
        "cargo": details.cargo,
        "people": "" if details.people is None else str(details.people),
        "vehicles": joined(
            "; ".join(
                (one.type, one.colour, "", one.marking, "armoured")
                if one.is_armoured
                else (one.type, one.colour, "", one.marking)
            )
            for one in details.vehicles
        ),
        "armed_escort": _yes_no(details.armed_escort),
        "escort_by": details.escort_by,
        **_way(revision, details, left),
        **_contacts(details, left),
        "tracker": details.tracker,
        "returns_as": details.returns_as,
        **_flight(details, left),
        **_band(revision),
        "access": details.access or "",
        **_admin(details),
    }


def _way(revision: Revision, details: MovementDetails, left: Left) -> dict[str, str]:
    shape = revision.shape or revision.where.footprint
    if not isinstance(shape, Corridor) or not shape.passages:
        left.append(("its way", "the sheet has places with times"))
        return {"place_1": revision.where.text}
    if len(shape.path) > MOST_PLACES:
        left.append((f"places after number {MOST_PLACES}", _NO_COLUMN))
    if shape.pace is not None:
        left.append(("its pace", _NO_COLUMN))
    passages = shape.passages
    if len({(one.early_for, one.late_for) for one in passages}) > 1:
        left.append(("doubt of time, place by place", "the sheet has one for all"))
    if any(one.overstay_for for one in passages):
        left.append(("how much longer it may stay", _NO_COLUMN))
    names = {one.at: one.name for one in details.stops}
    found = {
        "half_width_m": _number(shape.half_width_m),
        "early_min": _minutes(max(one.early_for for one in passages)),
        "late_min": _minutes(max(one.late_for for one in passages)),
    }
    legs = zip(shape.path, passages, strict=True)
    for number, (at, passage) in enumerate(list(legs)[:MOST_PLACES], 1):
        is_told = number == 1 and _is_at(revision, at)
        found |= {
            f"place_{number}": _words(revision.where)
            if is_told
            else write_decimal(at, shape.precision_m or 0.01),
            f"place_{number}_name": names.get(number - 1, ""),
            f"place_{number}_at": write_instant(passage.eta),
            f"place_{number}_stays_min": _minutes(passage.dwell_for),
        }
    return found


def _words(place: Place) -> str:
    """Return the words of a place; degrees with their letters, so that they are one."""
    at = place.footprint
    if isinstance(at, Point) and place.format is PlaceFormat.DECIMAL:
        return write_decimal(at.position, at.precision_m)
    return place.text


def _is_at(revision: Revision, at: Position) -> bool:
    footprint = revision.where.footprint
    return isinstance(footprint, Point) and footprint.position == at


def _flight(details: MovementDetails, left: Left) -> dict[str, str]:
    flight = details.flight
    if flight is None:
        return {}
    if flight.windows:
        left.append(("windows of a flight", _NO_COLUMN))
    zone = flight.landing_zone
    return {
        "aircraft": flight.type,
        "flight_callsign": flight.callsign,
        "landing_zone": _words(zone) if zone is not None else "",
    }


def _band(revision: Revision) -> dict[str, str]:
    band = revision.band
    if band is None:
        return {}
    return {
        "floor_m": _number(band.floor_m),
        "ceiling_m": _number(band.ceiling_m),
        "datum": band.datum,
    }


def _end(revision: Revision, left: Left) -> str:
    if revision.window.end >= FOREVER:
        left.append(("that it holds until withdrawn", "every row has an end"))
        return ""
    return _at(revision.window.end)


def _at(at: Instant | None) -> str:
    return "" if at is None else write_instant(at)


def _yes_no(is_so: bool | None) -> str:  # noqa: FBT001 (a word for a truth)
    return "" if is_so is None else "yes" if is_so else "no"


def _number(number: float | None) -> str:
    if number is None:
        return ""
    return f"{number:.15f}".rstrip("0").rstrip(".") if number else "0"


def _minutes(some: Duration) -> str:
    return _number(some.total_seconds() / 60) if some else ""
