"""Make notices of what a file tells, row by row, and say what is wrong with the rest.

    sheet   -> rows -> site or movement          `exchange.site_rows`, `movement_rows`
    shapes  -> features -> any of the five kinds `exchange.shapes`

Nothing is guessed: a place that can mean two is a mistake that names both, two ways
of telling it that are two places are a mistake, a time without a zone is one. What is
taken with some doubt is taken with a note.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from typing import TypeVar

import msgspec

from clearline.exchange.cells import Unfit, When, end_of, read_when, read_zone
from clearline.exchange.layouts import Column
from clearline.exchange.sheets import Mistake, Row
from clearline.geo.reading import NoReading, UnknownName, read_name, read_place
from clearline.model.errors import BadInput
from clearline.model.instants import Instant
from clearline.model.notice_details import Request
from clearline.model.notices import Consent, NoticeKind, Precision, Revision
from clearline.model.parties import DeskId
from clearline.model.placechecks import PlaceVerdict
from clearline.model.places import NamedOrigin, Place, Reading
from clearline.rules.filing import usual_end
from clearline.rules.toldright import check_place

T = TypeVar("T")
D = TypeVar("D")


class Private(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what is sealed beside the log: in the order of what it belongs to."""

    phones: tuple[str, ...] = ()
    plates: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what one row asks for, or what is wrong with it.

    Attributes:
        row: Where it stands: a row of a sheet, a line of any other file, from 1.
        ref: The owner's own number; the id a file of shapes gives it.
        request: What is asked; a file of shapes adds, or amends what it names.
        revision: What it says; nothing where it asks to remove, or is wrong.
        notes: What was decided in reading it.
    """

    row: int
    ref: str = ""
    kind: NoticeKind = NoticeKind.SITE
    request: Request | None = None
    revision: Revision | None = None
    private: Private = Private()
    mistakes: tuple[Mistake, ...] = ()
    notes: tuple[str, ...] = ()
    is_start_said: bool = True
    is_end_said: bool = True


class Taking(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what everything of one file is read with.

    Attributes:
        origins: Named positions places are told from.
        zone: Of times that say none; `None` where whoever imports said none.
        until: Until when what says no end holds; what is usual
            for its kind, where nobody says.
        tells: Desks told of everything in the file, and how exactly.
        kind: What features of no kind are.
        sets: What is said of every shape that does not say it, by the field's name.
    """

    origins: Sequence[NamedOrigin]
    now: Instant
    zone: tzinfo | None = None
    until: Instant | None = None
    tells: tuple[Consent, ...] = ()
    kind: NoticeKind = NoticeKind.SITE
    sets: Mapping[str, str] = {}

    def ends_at(self, kind: NoticeKind, start: Instant) -> Instant:
        """Return the end of what says none."""
        return self.until or usual_end(kind, start)


class Cells:
    """Read the cells of one row, and collect what is wrong with them."""

    def __init__(self, row: Row, taking: Taking, columns: Sequence[Column]) -> None:
        """Read the zone of the row first: its times need it."""
        self.taking = taking
        self.mistakes = list(row.mistakes)
        self.notes: list[str] = []
        self.row = row.number
        self._row = row
        self._columns = {one.key: one for one in columns}
        self.zone = self.get("zone", read_zone, taking.zone)

    def text(self, key: str) -> str:
        """Return a text; empty where nothing stands."""
        return self._row.cells.get(key, "")

    def get(self, key: str, read: Callable[[str], T], default: D) -> T | D:
        """Read a cell, or note what is wrong with it and go on."""
        text = self.text(key)
        if not text:
            return default
        try:
            return read(text)
        except (Unfit, BadInput) as error:
            self.wrong(key, error.what, error.next)
            return default

    def when(self, key: str) -> When | None:
        """Read a time."""
        return self.get(key, lambda text: read_when(text, self.zone), None)

    def at(self, key: str) -> Instant | None:
        """Read an instant; a day begins at its midnight."""
        found = self.when(key)
        return found.at if found is not None else None

    def end(self, key: str) -> Instant | None:
        """Read an end; a day ends at its last midnight."""
        found = self.when(key)
        return end_of(found, self.zone) if found is not None else None

    def wrong(self, key: str, what: str, next_step: str) -> None:
        """Note a mistake of a cell, or of the row where `key` is empty."""
        self.mistakes.append(
            Mistake(
                row=self._row.number,
                column=key,
                ref=self.text("ref"),
                what=what,
                next=next_step,
            )
        )

    def require(self) -> None:
        """Note every needed cell in which nothing stands."""
        for one in self._columns.values():
            is_noted = any(said.column == one.key for said in self.mistakes)
            if one.is_required and not self.text(one.key) and not is_noted:
                self.wrong(one.key, "Nothing stands here.", one.says)

    def place(self, key: str) -> Place | None:
        """Read a place in any form; one that can mean several is a mistake."""
        found = self.readings(key)
        if len(found) > 1:
            self.wrong(key, *several(found))
            return None
        return found[0].place if found else None

    def readings(self, key: str) -> tuple[Reading, ...]:
        """Return everything a place can mean; a name nobody can locate stays one."""
        text = self.text(key)
        if not text:
            return ()
        try:
            return read_place(text, self.taking.origins)
        except UnknownName:
            self.notes.append(f"{text!r} is kept as a name that nobody can locate.")
            place = read_name(text)
            return (Reading(place=place, understood=place.method),)
        except NoReading as error:
            self.wrong(key, error.what, error.next)
            return ()

    def read_text(self, text: str) -> tuple[Reading, ...]:
        """Read a place from words that are put together from several cells.

        Raises:
            NoReading: No place can be made of it.
        """
        return read_place(text, self.taking.origins)

    def recipients(self) -> tuple[Consent, ...]:
        """Return who is told, and how exactly."""
        by = self.text("consent_by")
        found = [
            self._recipient(line, by) for line in self.text("recipients").splitlines()
        ]
        named = [one for one in found if one is not None]
        known = {one.desk for one in named}
        return (*named, *(one for one in self.taking.tells if one.desk not in known))

    def _recipient(self, line: str, by: str) -> Consent | None:
        desk, _, word = line.partition(":")
        if not desk.strip():
            return None
        words = {one.value: one for one in Precision}
        precision = words.get(word.strip().lower() or Precision.COARSE)
        if precision is None:
            self.wrong(
                "recipients",
                f"{word.strip()[:40]!r} is no precision.",
                f"Write one of {', '.join(words)}.",
            )
            return None
        return Consent(
            desk=DeskId(desk.strip()),
            precision=precision,
            by=by,
            source="the imported sheet",
            at=self.taking.now,
        )


def several(readings: Sequence[Reading]) -> tuple[str, str]:
    """Say what a place can mean, and that somebody has to choose."""
    said = " ".join(f"({at}) {one.understood}" for at, one in enumerate(readings, 1))
    return (
        f"It can mean {len(readings)} places. {said}",
        "Write it so that it can mean one only.",
    )


def chosen(
    first: Place, readings: Sequence[Reading], origins: Sequence[NamedOrigin]
) -> Place | None:
    """Return the one reading that agrees with another way of telling the place."""
    agreeing = [
        one.place
        for one in readings
        if check_place(first, one.place, tuple(origins)).verdict is PlaceVerdict.AGREE
    ]
    return agreeing[0] if len(agreeing) == 1 else None


def taken_of(
    kind: NoticeKind,
    cells: Cells,
    request: Request,
    revision: Revision | None,
    private: Private | None = None,
) -> Taken:
    """Say what came of one row of a sheet: what it asks, or what is wrong with it.

    A movement says both its ends by the times of its places.
    """
    is_site = kind is NoticeKind.SITE
    return Taken(
        row=cells.row,
        ref=cells.text("ref"),
        kind=kind,
        request=request,
        revision=None if cells.mistakes else revision,
        private=private or Private(),
        mistakes=tuple(cells.mistakes),
        notes=tuple(cells.notes),
        is_start_said=bool(cells.text("valid_from")) if is_site else True,
        is_end_said=bool(cells.text("valid_until")) if is_site else True,
    )
