"""Make notices of movements from the rows of a sheet."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from clearline.exchange.cells import (
    read_choice,
    read_lines,
    read_number,
    read_whole,
    read_yes_no,
)
from clearline.exchange.layouts import MOST_PLACES, MOVEMENT, column, folded
from clearline.exchange.sheets import Row
from clearline.exchange.site_rows import admin_of, contacts, numbers, request_of
from clearline.exchange.taking import Cells, Private, Taken, Taking, taken_of
from clearline.model.errors import BadInput
from clearline.model.extents import (
    HIGHEST_M,
    LOWEST_M,
    AltitudeBand,
    Corridor,
    Datum,
    span,
)
from clearline.model.notice_details import (
    AccessState,
    Flight,
    Mode,
    MovementDetails,
    Request,
    Stop,
    Vehicle,
)
from clearline.model.notices import NoticeKind, Revision
from clearline.model.passages import Passage
from clearline.model.places import Circle, Place, Point, Position

USUAL_HALF_WIDTH_M: Final = 100.0
"""How far to either side a movement keeps that does not say."""

_KIND: Final = NoticeKind.MOVEMENT
_ARMOURED: Final = folded("armoured"), folded("armored"), folded("مصفحة")


class _Spot(NamedTuple):
    """Hold one place of a way and when it is passed."""

    number: int
    place: Place
    at: Position
    passage: Passage


def take_movement(row: Row, taking: Taking) -> Taken:
    """Make a notice of one row."""
    cells = Cells(row, taking, MOVEMENT)
    request = request_of(cells, _KIND)
    if request is Request.REMOVE:
        if not cells.text("ref"):
            cells.wrong("ref", "Nothing stands here.", "Say which one to remove.")
        return taken_of(_KIND, cells, request, None)
    cells.require()
    spots = _spots(cells)
    vehicles, plates = _vehicles(cells)
    details = _details(cells, spots, vehicles)
    consents = cells.recipients()
    band = _band(cells)
    private = Private(phones=numbers(cells).phones, plates=plates)
    if cells.mistakes or len(spots) < 2:  # noqa: PLR2004 (from somewhere to somewhere)
        return taken_of(_KIND, cells, request, None)
    try:
        shape = _corridor(cells, spots)
        revision = Revision(
            number=1,
            what=cells.text("what") or cells.text("purpose"),
            where=spots[0].place,
            shape=shape,
            band=band,
            window=span(shape.passages),
            tells=tuple(one.desk for one in consents),
            consents=consents,
            details=details,
        )
    except BadInput as error:
        cells.wrong("", error.what, error.next)
        return taken_of(_KIND, cells, request, None)
    return taken_of(_KIND, cells, request, revision, private)


def _spots(cells: Cells) -> list[_Spot]:
    """Return the places of the way in order; one without its time is a mistake."""
    found = []
    early, late = (
        timedelta(minutes=cells.get(key, read_number, 0.0))
        for key in ("early_min", "late_min")
    )
    for number in range(1, MOST_PLACES + 1):
        key = f"place_{number}"
        if not cells.text(key):
            if cells.text(f"{key}_at"):
                cells.wrong(key, "A time has no place.", "Say where it is then.")
            continue
        place, at = cells.place(key), cells.at(f"{key}_at")
        if at is None and not cells.text(f"{key}_at"):
            cells.wrong(f"{key}_at", "A place has no time.", "Say when it is there.")
        if place is None or at is None:
            continue
        position = _position(place)
        if position is None:
            cells.wrong(
                key,
                "It is no point, so a way cannot be drawn through it.",
                "Give a position, or leave the place out.",
            )
            continue
        stays = timedelta(minutes=cells.get(f"{key}_stays_min", read_number, 0.0))
        passage = Passage(eta=at, early_for=early, late_for=late, dwell_for=stays)
        found.append(_Spot(number, place, position, passage))
    return found


def _position(place: Place) -> Position | None:
    match place.footprint:
        case Point(position=at) | Circle(centre=at):
            return at
        case _:
            return None


def _corridor(cells: Cells, spots: Sequence[_Spot]) -> Corridor:
    half_width_m = cells.get("half_width_m", read_number, None)
    if half_width_m is None:
        half_width_m = USUAL_HALF_WIDTH_M
        cells.notes.append(
            f"It does not say how far to the side it keeps: {half_width_m:g} m is "
            "taken."
        )
    doubts = [spot.place.precision_m or 0.0 for spot in spots]
    return Corridor(
        path=tuple(spot.at for spot in spots),
        half_width_m=half_width_m,
        passages=tuple(spot.passage for spot in spots),
        precision_m=max(doubts),
    )


def _band(cells: Cells) -> AltitudeBand | None:
    label = column(_KIND, "datum")
    datum = cells.get("datum", lambda text: read_choice(text, label), None)
    floor_m, ceiling_m = (
        cells.get(key, read_number, None) for key in ("floor_m", "ceiling_m")
    )
    if datum is None:
        if (floor_m, ceiling_m) != (None, None) and not cells.text("datum"):
            cells.wrong("datum", "Altitudes are counted from nothing.", label.says)
        return None
    try:
        return AltitudeBand(
            floor_m=LOWEST_M if floor_m is None else floor_m,
            ceiling_m=HIGHEST_M if ceiling_m is None else ceiling_m,
            datum=Datum(datum),
        )
    except BadInput as error:
        cells.wrong("ceiling_m", error.what, error.next)
        return None


def _vehicles(cells: Cells) -> tuple[tuple[Vehicle, ...], tuple[str, ...]]:
    """Return the vehicles, and their plates, which are sealed."""
    vehicles, plates = [], []
    for line in read_lines(cells.text("vehicles")):
        kind, colour, plate, marking, *rest = (
            *(part.strip() for part in line.split(";")),
            *[""] * 4,
        )
        is_armoured = any(folded(word) in _ARMOURED for word in rest)
        vehicles.append(
            Vehicle(type=kind, colour=colour, marking=marking, is_armoured=is_armoured)
        )
        plates.append(plate)
    return tuple(vehicles), tuple(plates) if any(plates) else ()


def _details(
    cells: Cells, spots: Sequence[_Spot], vehicles: tuple[Vehicle, ...]
) -> MovementDetails:
    def choice(key: str) -> str | None:
        label = column(_KIND, key)
        return cells.get(key, lambda text: read_choice(text, label), None)

    access = choice("access")
    return MovementDetails(
        ref=cells.text("ref"),
        organisation=cells.text("organisation"),
        mode=Mode(choice("mode") or Mode.ROAD),
        purpose=cells.text("purpose"),
        cargo=cells.text("cargo"),
        people=cells.get("people", read_whole, None),
        vehicles=vehicles,
        armed_escort=cells.get("armed_escort", read_yes_no, None),
        escort_by=cells.text("escort_by"),
        stops=tuple(
            Stop(at=at, name=name)
            for at, spot in enumerate(spots)
            if (name := cells.text(f"place_{spot.number}_name"))
        ),
        contacts=contacts(cells, _KIND),
        tracker=cells.text("tracker"),
        returns_as=cells.text("returns_as"),
        flight=_flight(cells),
        access=AccessState(access) if access else None,
        admin=admin_of(cells),
    )


def _flight(cells: Cells) -> Flight | None:
    said = [cells.text(key) for key in ("aircraft", "flight_callsign", "landing_zone")]
    if not any(said):
        return None
    return Flight(
        type=said[0], callsign=said[1], landing_zone=cells.place("landing_zone")
    )
