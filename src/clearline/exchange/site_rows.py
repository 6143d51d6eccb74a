"""Make notices of sites from the rows of a sheet."""

from functools import partial

from msgspec.structs import replace

from clearline.exchange.cells import (
    Unfit,
    read_choice,
    read_number,
    read_yes_no,
)
from clearline.exchange.layouts import SITE, column
from clearline.exchange.sheets import Row
from clearline.exchange.taking import (
    Cells,
    Private,
    Taken,
    Taking,
    chosen,
    several,
    taken_of,
)
from clearline.geo.plain import plain
from clearline.model.errors import BadInput
from clearline.model.extents import Polygon
from clearline.model.instants import Window
from clearline.model.notice_details import (
    Admin,
    Bearer,
    Contact,
    Marking,
    Measured,
    Post,
    Request,
    SiteDetails,
    SiteFunction,
    Verification,
    VerificationState,
)
from clearline.model.notices import NoticeKind, Revision
from clearline.model.places import Circle, Place, Point
from clearline.wire.geojson import Edges, Wrong, extent_of
from clearline.wire.rows import read_wkt
from clearline.wire.told import feature

_FEWEST_DECIMALS = 5


def take_site(row: Row, taking: Taking) -> Taken:
    """Make a notice of one row."""
    cells = Cells(row, taking, SITE)
    request = request_of(cells, NoticeKind.SITE)
    if request is Request.REMOVE:
        if not cells.text("ref"):
            cells.wrong("ref", "Nothing stands here.", "Say which one to remove.")
        return taken_of(NoticeKind.SITE, cells, request, None)
    cells.require()
    where, again = _place(cells)
    radius_m = cells.get("radius_m", read_number, 0.0)
    accuracy_m = cells.get("accuracy_m", read_number, 0.0)
    footprint = _outline(cells)
    details = _details(cells, request)
    private = numbers(cells)
    window = _window(cells)
    consents = cells.recipients()
    if where is None or window is None or cells.mistakes:
        return taken_of(NoticeKind.SITE, cells, request, None)
    try:
        revision = Revision(
            number=1,
            what=cells.text("what") or cells.text("name_en"),
            where=_widened(where, radius_m, accuracy_m),
            where_again=again,
            shape=footprint,
            window=window,
            tells=tuple(one.desk for one in consents),
            consents=consents,
            details=details,
        )
    except BadInput as error:
        cells.wrong("", error.what, error.next)
        return taken_of(NoticeKind.SITE, cells, request, None)
    return taken_of(NoticeKind.SITE, cells, request, revision, private)


def request_of(cells: Cells, kind: NoticeKind) -> Request:
    """Return what a row asks for; adding, where nothing is said."""
    label = column(kind, "request")
    return Request(
        cells.get("request", lambda text: read_choice(text, label), Request.ADD)
    )


def _place(cells: Cells) -> tuple[Place | None, Place | None]:
    """Return the place, and the same told in another way, where both stand."""
    degrees = _degrees(cells)
    readings = cells.readings("place")
    if degrees is None:
        if not readings:
            if not any(said.column in _PLACED for said in cells.mistakes):
                cells.wrong(
                    "place",
                    "No place stands in this row.",
                    "Fill in latitude and longitude, or the place in another form.",
                )
            return None, None
        if len(readings) > 1:
            cells.wrong("place", *several(readings))
            return None, None
        return readings[0].place, None
    if not readings:
        return degrees, None
    if len(readings) == 1:
        return degrees, readings[0].place
    again = chosen(degrees, readings, cells.taking.origins)
    if again is None:
        cells.wrong("place", *several(readings))
    return degrees, again


_PLACED = ("latitude", "longitude", "place")


def _degrees(cells: Cells) -> Place | None:
    """Return the place its degrees tell, with what their digits are worth."""
    said = [cells.text(key).strip() for key in ("latitude", "longitude")]
    if not any(said):
        return None
    if not all(said):
        key = "latitude" if not said[0] else "longitude"
        cells.wrong(key, "One of the two degrees is missing.", "Fill in both.")
        return None
    numbers_ = [cells.get(key, read_number, None) for key in ("latitude", "longitude")]
    if any(number is None for number in numbers_):
        return None
    text = " ".join(
        f"{_digits(text)} {letters[number < 0]}"
        for text, number, letters in zip(said, numbers_, ("NS", "EW"), strict=True)
        if number is not None
    )
    few = min(len(_digits(one).partition(".")[2]) for one in said)
    if few < _FEWEST_DECIMALS:
        cells.notes.append(
            f"Its degrees have {few} decimals: five or more tell a building."
        )
    try:
        (reading,) = cells.read_text(text)
    except (Unfit, BadInput) as error:
        cells.wrong("latitude", error.what, error.next)
        return None
    return reading.place


def _digits(text: str) -> str:
    """Return the digits of degrees as they were written, without their sign."""
    return plain(text).replace(",", ".").lstrip("+-").strip()


def _widened(where: Place, radius_m: float, accuracy_m: float) -> Place:
    """Return a place with its radius, and not more exact than it was measured."""
    point = where.footprint
    if not isinstance(point, Point):
        return where
    precision_m = max(point.precision_m, accuracy_m)
    footprint = (
        Circle(centre=point.position, radius_m=radius_m, precision_m=precision_m)
        if radius_m
        else Point(position=point.position, precision_m=precision_m)
    )
    return replace(where, footprint=footprint)


def _outline(cells: Cells) -> Polygon | None:
    text = cells.text("footprint")
    if not text:
        return None
    try:
        ends = {"start": None, "end": None}
        _, extent = extent_of(feature("-", read_wkt(text), ends), Edges.GEODESIC)
    except (Wrong, BadInput) as error:
        cells.wrong("footprint", error.what, error.next)
        return None
    if not isinstance(extent.footprint, Polygon):
        cells.wrong("footprint", "It is no polygon.", "Write POLYGON ((lon lat, ...)).")
        return None
    return extent.footprint


def _window(cells: Cells) -> Window | None:
    start = cells.at("valid_from") or cells.taking.now
    end = cells.end("valid_until")
    if end is None:
        end = cells.taking.ends_at(NoticeKind.SITE, start)
        if not cells.text("valid_until"):
            cells.notes.append(f"It says no end: {end:%Y-%m-%d %H:%M} UTC is taken.")
    try:
        return Window(start=start, end=end)
    except BadInput as error:
        cells.wrong("valid_until", error.what, error.next)
        return None


def _details(cells: Cells, request: Request) -> SiteDetails:
    def choice(key: str, default: str) -> str:
        label = column(NoticeKind.SITE, key)
        return cells.get(key, lambda text: read_choice(text, label), default)

    return SiteDetails(
        ref=cells.text("ref"),
        request=request,
        organisation=cells.text("organisation"),
        operator=cells.text("operator"),
        function=SiteFunction(choice("function", SiteFunction.OTHER)),
        is_function_now=cells.get("is_function_now", read_yes_no, None),
        since=cells.at("since"),
        name_en=cells.text("name_en"),
        name_local=cells.text("name_local"),
        admin=admin_of(cells),
        measured=Measured(
            accuracy_m=_accuracy(cells),
            method=cells.text("measured_how"),
            by=cells.text("measured_by"),
            at=cells.at("measured_at"),
        ),
        marking=Marking(
            is_seen_by_day=cells.get("marked_by_day", read_yes_no, None),
            is_seen_by_night=cells.get("marked_by_night", read_yes_no, None),
            says=cells.text("marking"),
        ),
        occupants=cells.text("occupants"),
        contacts=contacts(cells, NoticeKind.SITE),
        verification=Verification(
            state=VerificationState(choice("verified", VerificationState.NOT_VERIFIED)),
            by=cells.text("verified_by"),
            at=cells.at("verified_at"),
        ),
    )


def _accuracy(cells: Cells) -> float | None:
    """Return how exactly it was measured; what is wrong with it was noted before."""
    try:
        return read_number(cells.text("accuracy_m"))
    except Unfit:
        return None


def admin_of(cells: Cells) -> Admin:
    """Return the administrative area a row names."""
    names = [cells.text(f"admin{level}") for level in range(1, 5)]
    while names and not names[-1]:
        names.pop()
    return Admin(
        names=tuple(names),
        pcode=cells.text("pcode"),
        is_outside=bool(cells.get("is_outside", read_yes_no, None)),
    )


def contacts(cells: Cells, kind: NoticeKind) -> tuple[Contact, ...]:
    """Return whom a row says can be reached, without their numbers."""
    found = []
    for number in (1, 2):
        bearer, post = (
            column(kind, f"contact_{number}_{name}") for name in ("bearer", "post")
        )
        said = cells.get(bearer.key, partial(read_choice, column=bearer), None)
        if said is None:
            if cells.text(f"contact_{number}_number") and not cells.text(bearer.key):
                cells.wrong(bearer.key, "A number has no way it is for.", bearer.says)
            continue
        where = cells.get(post.key, partial(read_choice, column=post), Post.FIELD)
        found.append(
            Contact(
                bearer=Bearer(said),
                post=Post(where),
                callsign=cells.text(f"contact_{number}_callsign"),
                is_day_and_night=cells.get(
                    f"contact_{number}_day_and_night", read_yes_no, default=False
                ),
            )
        )
    return tuple(found)


def numbers(cells: Cells) -> Private:
    """Return the numbers of a row, in the order of its contacts; they are sealed."""
    phones = tuple(
        cells.text(f"contact_{number}_number")
        for number in (1, 2)
        if cells.text(f"contact_{number}_bearer")
    )
    return Private(phones=phones if any(phones) else ())
