"""Find everything that is wrong with a notice before anybody is told of it.

The rules are those forms of humanitarian notification learned the hard way: a wrong
point, a name nobody can ring, a guard nobody mentioned. Each says at which field, what
is wrong and what would be right; all come at once, so that a form is corrected once.
An *activity* is held to what any notice needs and no more: it is filed in a hurry, by
parties with plans of their own.

What only a list of places could tell is in `admin_areas`; duplicates in `twins`.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from clearline.geo.geodesy import distance_m
from clearline.model.extents import Corridor
from clearline.model.faults import Fault, Severity
from clearline.model.instants import FOREVER, Duration, Instant, Window
from clearline.model.notice_details import (
    AreaDetails,
    Contact,
    Mode,
    MovementDetails,
    Post,
    Request,
    SiteDetails,
)
from clearline.model.notices import NoticeKind, Precision, Revision
from clearline.model.places import PlaceFormat, Point, Unlocated

DAY: Final = Duration(days=1)

USUAL: Final = {
    NoticeKind.SITE: 180 * DAY,
    NoticeKind.MOVEMENT: Duration(hours=12),
    NoticeKind.ACTIVITY: DAY,
    NoticeKind.POSITION: Duration(hours=12),
    NoticeKind.AREA: 30 * DAY,
}
"""How long a notice stands unless its owner says otherwise; a movement, after its
last passage."""

LONGEST: Final = {
    NoticeKind.SITE: 366 * DAY,
    NoticeKind.MOVEMENT: 14 * DAY,
    NoticeKind.POSITION: 3 * DAY,
    NoticeKind.AREA: 366 * DAY,
}
"""How long one may stand at most before it is filed anew."""

FASTEST_KMH: Final = {
    Mode.ROAD: 130.0,
    Mode.FOOT: 8.0,
    Mode.BOAT: 60.0,
    Mode.RAIL: 200.0,
    Mode.HELICOPTER: 330.0,
    Mode.AEROPLANE: 950.0,
    Mode.AIRDROP: 950.0,
}
"""Faster than this, a leg's times or positions are wrong."""

LONGEST_DWELL: Final = DAY
TESTED_WITHIN: Final = 30 * DAY
"""How long a tried line counts as tried."""

_FLIES: Final = (Mode.HELICOPTER, Mode.AEROPLANE, Mode.AIRDROP)
_BEARERS: Final = 2
_DECIMALS: Final = 5
_FIGURES: Final = re.compile(r"\d+[.,](\d+)")
_KMH: Final = 3.6


def usual_end(kind: NoticeKind, since: Instant) -> Instant:
    """Return when a notice ends that does not say so."""
    return min(FOREVER, since + USUAL[kind])


def faults_of(
    revision: Revision, before: Revision | None, now: Instant
) -> tuple[Fault, ...]:
    """List all that is wrong with a notice, field by field.

    Args:
        revision: What is to be filed.
        before: What stands, where it amends something.
        now: When.
    """
    return tuple(_faults(revision, before, now))


def _faults(
    revision: Revision, before: Revision | None, now: Instant
) -> Iterator[Fault]:
    yield from _kind(revision, before)
    yield from _place(revision)
    yield from _window(revision, now)
    yield from _recipients(revision)
    match revision.details:
        case SiteDetails():
            yield from _site(revision.details, before)
            yield from _contacts(revision.details.contacts, revision, now)
        case MovementDetails():
            yield from _movement(revision, revision.details)
            yield from _contacts(revision.details.contacts, revision, now)
        case AreaDetails():
            yield from _area(revision, revision.details)
        case _:
            pass


# --- of every kind ----------------------------------------------


def _kind(revision: Revision, before: Revision | None) -> Iterator[Fault]:
    if before is not None and before.kind is not revision.kind:
        yield Fault(
            field="details.kind",
            wrong=f"It was filed as a {before.kind} and is amended as a "
            f"{revision.kind}.",
            right=f"Withdraw the {before.kind}, and file the {revision.kind} anew.",
        )


def _place(revision: Revision) -> Iterator[Fault]:
    where = revision.where
    if isinstance(where.footprint, Unlocated) and revision.shape is None:
        yield Fault(
            field="where",
            wrong=f"Nobody can locate {where.text!r} yet.",
            right="Amend it once it is located; until then screening says "
            "*cannot tell*.",
            severity=Severity.WARN,
        )
        return
    digits = _FIGURES.findall(where.text)
    is_short = digits and min(len(one) for one in digits) < _DECIMALS
    if revision.kind is NoticeKind.SITE and where.format is PlaceFormat.DECIMAL:
        if is_short:
            yield Fault(
                field="where",
                wrong=f"{where.text!r} has fewer than {_DECIMALS} decimals.",
                right="Give five: a metre; four are eleven metres, three a hundred.",
                severity=Severity.WARN,
            )
        if revision.where_again is None:
            yield Fault(
                field="where_again",
                wrong="The place is told in one way only.",
                right="Give it in a second one, as MGRS: two figures exchanged, or a "
                "sign, then show at once.",
                severity=Severity.WARN,
            )


def _window(revision: Revision, now: Instant) -> Iterator[Fault]:
    longest, window = LONGEST.get(revision.kind), revision.window
    if longest is None:
        return
    if window.end - window.start > longest:
        days = longest.days
        yield Fault(
            field="window.end",
            wrong="It does not expire."
            if window.end >= FOREVER
            else f"It stands for more than {days} days.",
            right=f"Give an end within {days} days, and file it anew if it goes on.",
        )
    if window.end <= now:
        yield Fault(
            field="window.end",
            wrong="It is over already.",
            right="Give the time it is for; the year and the zone too.",
        )


def _recipients(revision: Revision) -> Iterator[Fault]:
    if revision.kind is NoticeKind.POSITION and revision.tells:
        yield Fault(
            field="tells",
            wrong="A position of one's own people is never told by filing it.",
            right="Name nobody; a person of your party releases it where it matters.",
        )
    for number, consent in enumerate(revision.consents):
        path = f"consents[{number}]"
        if consent.desk not in revision.tells:
            yield Fault(
                field=f"{path}.desk",
                wrong=f"There is consent for {consent.desk!r}, which is not told.",
                right="Name it in `tells` as well, or leave the consent out.",
            )
        if not (consent.by.strip() and consent.source.strip()):
            is_exact = consent.precision is Precision.EXACT
            yield Fault(
                field=f"{path}.by",
                wrong=f"Nobody is said to have agreed that {consent.desk!r} knows it "
                f"{'exactly' if is_exact else consent.precision}.",
                right="Say who agreed and how that is known; telling cannot be undone.",
                severity=Severity.REFUSE if is_exact else Severity.WARN,
            )


def _contacts(
    contacts: tuple[Contact, ...], revision: Revision, now: Instant
) -> Iterator[Fault]:
    in_field = {one.bearer for one in contacts if one.post is Post.FIELD}
    if len(in_field) < _BEARERS:
        yield Fault(
            field="details.contacts",
            wrong=f"In the field there {'is' if len(in_field) == 1 else 'are'} "
            f"{len(in_field)} way(s) of being reached.",
            right="Give two different ones at least: a network may be down when it "
            "counts.",
        )
    at_home = [
        one for one in contacts if one.post is not Post.FIELD and one.is_day_and_night
    ]
    if not at_home:
        yield _warn(
            "details.contacts",
            "Nobody at headquarters answers day and night.",
            "Give who does, by two ways if you can.",
        )
    for number, one in enumerate(contacts):
        if one.tested_at is None or now - one.tested_at > TESTED_WITHIN:
            yield _warn(
                f"details.contacts[{number}].tested_at",
                f"This line was not tried within {TESTED_WITHIN.days} days.",
                "Ring it, and say when it was answered.",
            )
    if contacts and revision.personal.phones is None:
        yield _warn(
            "personal.phones",
            "There are ways of being reached and no numbers.",
            "Give the numbers; they are sealed, and can be erased.",
        )


# --- sites ------------------------------------------------------


def _site(details: SiteDetails, before: Revision | None) -> Iterator[Fault]:
    yield from _request(details, before)
    if details.is_function_now is not True:
        yield Fault(
            field="details.is_function_now",
            wrong="It is not said to be in use now."
            if details.is_function_now is None
            else "It is not in use.",
            right="File it once it is in use for what it says; say so.",
        )
    if not details.name_en.strip():
        yield _missing("details.name_en", "a name in Latin letters")
    if not details.name_local.strip():
        yield _warn(
            "details.name_local",
            "There is no name in the script people use there.",
            "Give it as it stands over the door.",
        )
    if not (details.admin.names or details.admin.pcode):
        yield _missing("details.admin", "the administrative area it lies in")
    measured = details.measured
    if measured.accuracy_m is None or not measured.method.strip():
        yield _warn(
            "details.measured",
            "It is not said how the point was measured, and how exactly.",
            "Say how, by whom and when: a receiver on the roof, an image of a date.",
        )
    marking = details.marking
    if marking.is_seen_by_day is None or marking.is_seen_by_night is None:
        yield _warn(
            "details.marking",
            "It is not said whether its marking is seen by day and by night.",
            "Say both: a painted roof is not seen by a thermal sight.",
        )


def _request(details: SiteDetails, before: Revision | None) -> Iterator[Fault]:
    """Two kinds of request are never one submission."""
    if before is None and details.request is not Request.ADD:
        yield Fault(
            field="details.request",
            wrong=f"A first filing asks to {details.request}.",
            right="File it to add it; amend or withdraw one that stands, by itself.",
        )
    if before is not None and details.request is not Request.AMEND:
        yield Fault(
            field="details.request",
            wrong=f"An amendment asks to {details.request}.",
            right="Say `amend`; withdraw it to remove it.",
        )


def _area(revision: Revision, details: AreaDetails) -> Iterator[Fault]:
    if revision.shape is None and isinstance(revision.where.footprint, Point):
        yield Fault(
            field="shape",
            wrong="A point takes up no ground, and an area is ground.",
            right="Draw its outline; one that nobody can locate yet is filed by its "
            "name.",
        )
    if not details.code.strip():
        yield _missing("details.code", "what it is called on maps and on the air")
    if not details.established_by.strip():
        yield _missing("details.established_by", "the headquarters that established it")


# --- movements --------------------------------------------------


def _movement(revision: Revision, details: MovementDetails) -> Iterator[Fault]:
    if not details.purpose.strip():
        yield _missing("details.purpose", "what it is for, and with what")
    if details.armed_escort is None:
        yield Fault(
            field="details.armed_escort",
            wrong="It is not said whether armed people go with it.",
            right="Say yes or no. Guards nobody was told of have been taken for "
            "fighters.",
        )
    elif details.armed_escort and not details.escort_by.strip():
        yield _missing("details.escort_by", "who the armed people are")
    if details.mode in _FLIES:
        yield from _flight(revision, details)
    else:
        yield from _by_land(revision, details)
    yield from _path(revision, details)


def _by_land(revision: Revision, details: MovementDetails) -> Iterator[Fault]:
    if not isinstance(revision.shape, Corridor) or not revision.shape.passages:
        yield Fault(
            field="shape",
            wrong="It has no way with times.",
            right="Give each position it passes, when it is expected there and how "
            "long it stays.",
        )
    if details.mode is Mode.ROAD and not details.vehicles:
        yield _missing("details.vehicles", "each vehicle: type, colour, marking")
    for number, one in enumerate(details.vehicles):
        if not (one.colour and one.marking and one.photo):
            yield _warn(
                f"details.vehicles[{number}]",
                "Its colour, marking or photo is missing.",
                "Give all three: whoever looks down has to know it again.",
            )
    if details.vehicles and revision.personal.plates is None:
        yield _warn(
            "personal.plates", "There are no plates.", "Give them; they are sealed."
        )


def _flight(revision: Revision, details: MovementDetails) -> Iterator[Fault]:
    flight = details.flight
    if flight is None or not flight.type.strip():
        yield _missing("details.flight.type", "the type of aircraft")
    if flight is None or not flight.callsign.strip():
        yield _missing("details.flight.callsign", "its callsign")
    if flight is None or flight.landing_zone is None:
        yield _missing("details.flight.landing_zone", "where it lands or drops")
    if revision.band is None:
        yield _missing("band", "the altitudes it flies at, and from what they count")
    for number, window in enumerate(flight.windows if flight else ()):
        if not _is_within(window, revision.window):
            yield Fault(
                field=f"details.flight.windows[{number}]",
                wrong="It is not within the window of the notice.",
                right="Give the notice a window that holds every one of the flight.",
            )


def _path(revision: Revision, details: MovementDetails) -> Iterator[Fault]:
    shape = revision.shape
    if not isinstance(shape, Corridor):
        return
    for number, stop in enumerate(details.stops):
        if not 0 <= stop.at < len(shape.path):
            yield Fault(
                field=f"details.stops[{number}].at",
                wrong=f"The way has no position {stop.at}.",
                right=f"Count from 0 to {len(shape.path) - 1}.",
            )
    if len(shape.path) > _BEARERS and shape.path[0] == shape.path[-1]:
        yield _warn(
            "details.returns_as",
            "It ends where it begins.",
            "File the way back as a notice of its own, and name it here.",
        )
    legs = enumerate(pairwise(zip(shape.path, shape.passages, strict=False)))
    for number, ((start, left), (end, reached)) in legs:
        takes_s = (reached.eta - left.eta - left.dwell_for).total_seconds()
        length_m = distance_m(start, end)
        kmh = _KMH * length_m / takes_s if takes_s > 0 else 0.0
        if kmh > FASTEST_KMH[details.mode]:
            yield Fault(
                field=f"shape.passages[{number + 1}].eta",
                wrong=f"From position {number} it is {length_m / 1000:,.1f} km in "
                f"{takes_s / 60:,.0f} min: {kmh:,.0f} km/h by {details.mode}.",
                right="Correct the position or the time; "
                f"{FASTEST_KMH[details.mode]:.0f} km/h is the most by {details.mode}.",
            )
    for number, passage in enumerate(shape.passages):
        if passage.dwell_for > LONGEST_DWELL:
            yield _warn(
                f"shape.passages[{number}].dwell_for",
                "It stays longer than a day.",
                "File what goes on from there as a movement of its own.",
            )


def _is_within(inner: Window, outer: Window) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _missing(field: str, what: str) -> Fault:
    return Fault(field=field, wrong="It is missing.", right=f"Give {what}.")


def _warn(field: str, wrong: str, right: str) -> Fault:
    return Fault(field=field, wrong=wrong, right=right, severity=Severity.WARN)
