"""Turn what somebody gives of a notice into a revision: read, sealed, with an end.

Places in words are read against the origins known here; a name nobody can locate is
kept as one, and screening says *cannot tell*. Figures that are no place, and words that
may be several, are asked about. Numbers, plates and names are sealed.
"""

from collections.abc import Sequence

import msgspec

from clearline.geo.plain import NoReading, UnknownName, refuse
from clearline.geo.reading import read_place
from clearline.model.extents import Corridor
from clearline.model.faults import Fault, FilingRefused
from clearline.model.instants import Instant, Window
from clearline.model.notice_details import KINDS, Personal
from clearline.model.notices import Revision
from clearline.model.parties import DeskId
from clearline.model.places import NamedOrigin, Place, PlaceFormat, Unlocated
from clearline.model.sealed import Sealed
from clearline.rules.filing import usual_end
from clearline.service.beside import Beside, seal_words
from clearline.service.ports import Chance
from clearline.wire.forms.notices import NoticeGiven, PersonalGiven

_MOST_READINGS = 3


def as_filed(
    given: NoticeGiven,
    origins: Sequence[NamedOrigin],
    now: Instant,
    chance: Chance,
    before: Revision | None = None,
) -> tuple[Revision, Beside]:
    """Make a revision of what was given, and what lies sealed beside it.

    Args:
        given: As somebody filled it in.
        origins: The origins of the log, and the gazetteer beside them.
        now: When, for a window that says no beginning.
        chance: What salts are drawn from.
        before: What stands, for an amendment.

    Raises:
        FilingRefused: It says no place, or one that may be several; times that run
            backwards; a shape that cannot be compared with anything.
    """
    personal, beside = _sealed(given.personal, before, chance)
    revision = Revision(
        number=1 if before is None else before.number + 1,
        what=given.what,
        where=_where(given, origins),
        where_again=None
        if given.where_again is None
        else _read("where_again", given.where_again, origins),
        window=_window(given, now),
        shape=given.shape,
        band=given.band,
        buffer_m=given.buffer_m,
        buffer_s=given.buffer_s,
        tells=tuple(dict.fromkeys(DeskId(desk) for desk in given.tells)),
        consents=given.consents,
        through=DeskId(given.through) if given.through else None,
        answer_by=given.answer_by,
        details=given.details,
        personal=personal,
        attached=given.attached,
    )
    return revision, beside


def read_told(told: str | Place, origins: Sequence[NamedOrigin]) -> Place:
    """Read a place; what has several readings, or none, stays in its words."""
    try:
        return read_clear(told, origins)
    except NoReading:
        return _in_words(str(told))


def read_clear(told: str | Place, origins: Sequence[NamedOrigin]) -> Place:
    """Read a place, or keep a name that nobody can locate yet.

    Raises:
        NoReading: Its figures are no place, or it may be several.
    """
    if isinstance(told, Place):
        return told
    try:
        readings = read_place(told, origins)
    except UnknownName:
        return _in_words(told)
    if len(readings) == 1:
        return readings[0].place
    found = [f"({at}) {one.understood}" for at, one in enumerate(readings, 1)]
    more = len(found) - _MOST_READINGS
    others = f" And {more} more." if more > 0 else ""
    raise refuse(
        f"{told!r} may be {len(found)} places. {' '.join(found[:_MOST_READINGS])}"
        f"{others}",
        "Write the one that is meant, with N or S, E or W, or the whole name.",
    )


def _in_words(told: str) -> Place:
    return Place(footprint=Unlocated(name=told), text=told, format=PlaceFormat.NAME)


def _read(field: str, told: str | Place, origins: Sequence[NamedOrigin]) -> Place:
    try:
        return read_clear(told, origins)
    except NoReading as error:
        raise _refused(field, error.what, error.next) from error


def _where(given: NoticeGiven, origins: Sequence[NamedOrigin]) -> Place:
    if isinstance(given.where, Place) or (given.where or "").strip():
        return _read("where", given.where or "", origins)
    if given.shape is None:
        raise _refused(
            "where",
            "It says no place.",
            "Give it in words or figures, or as a shape; a name nobody can locate yet "
            "is one too.",
        )
    return Place(footprint=given.shape, text="as drawn", format=PlaceFormat.GEOMETRY)


def _window(given: NoticeGiven, now: Instant) -> Window:
    """Return its window; an end that is not said follows from its kind."""
    kind = KINDS[type(given.details)]
    passages = given.shape.passages if isinstance(given.shape, Corridor) else ()
    start = given.start or (passages[0].arrives_from if passages else now)
    since = passages[-1].leaves_by if passages else start
    end = given.end or usual_end(kind, since)
    if end <= start:
        raise _refused(
            "end",
            "It ends before it begins.",
            "Give its beginning and its end in UTC, the end after the beginning.",
        )
    return Window(start=start, end=end)


def _sealed(
    given: PersonalGiven | None, before: Revision | None, chance: Chance
) -> tuple[Personal, Beside]:
    """Seal what is personal; an amendment that says nothing of it keeps it."""
    if given is None:
        return (Personal() if before is None else before.personal), ()
    phones, a = _seal(given.phones, chance)
    plates, b = _seal(given.plates, chance)
    names, c = _seal(given.names, chance)
    return Personal(phones=phones, plates=plates, names=names), (*a, *b, *c)


def _seal(said: tuple[str, ...], chance: Chance) -> tuple[Sealed | None, Beside]:
    if not said:
        return None, ()
    return seal_words(msgspec.json.encode(said).decode(), chance)


def _refused(field: str, wrong: str, right: str) -> FilingRefused:
    return FilingRefused((Fault(field=field, wrong=wrong, right=right),))
