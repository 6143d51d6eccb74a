"""Keep spoken-call sheets for whoever picks up an ordinary telephone.

    open --> note (words, who, place, what) --> place read live, text to read back
                                            --> one act: STOP or HOLD

What people said is sealed; what was understood of it stands in the log. A sheet that
is left alone rings its own desk (`rules.sheets`).
"""

import contextlib
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from clearline.geo.reading import read_name, read_place
from clearline.model.calls import CallId, Kind
from clearline.model.commands import EndSheet, NoteSheet, OpenSheet
from clearline.model.errors import BadInput, ClearlineError
from clearline.model.parties import Actor
from clearline.model.places import NamedOrigin, Place, Reading
from clearline.model.sealed import Sealed
from clearline.model.sheets import Sheet, SheetId
from clearline.rules.refusals import refuse
from clearline.rules.sheets import UnknownSheet, call_of
from clearline.service.beside import Beside, seal_words
from clearline.service.phones.asking import Ask, Looking, do
from clearline.service.phrases import ENGLISH
from clearline.service.ports import Chance
from clearline.service.words import sheet_words
from clearline.service.writer import Written

_URGENT: Final = (Kind.STOP, Kind.HOLD)
_ID_BYTES: Final = 8


class Noted(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what somebody writes down; what is empty stays as it was.

    Attributes:
        words: What was heard; the first words first.
        caller: Who they say they are, and their number.
        place: The place, as it was said.
        choice: Which of several readings of it is meant, from 1.
        what: What is to stop.
        language: In which the text to read back is written, BCP 47; kept by nobody.
    """

    words: str = ""
    caller: str = ""
    place: str = ""
    choice: int | None = None
    what: str = ""
    language: str = ENGLISH


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a sheet as its screen shows it.

    Attributes:
        readings: What the place said last can mean; somebody has to choose where
            there are several.
        read_back: What to read back, word for word.
    """

    sheet: Sheet
    readings: tuple[Reading, ...] = ()
    read_back: str


class Sheets:
    """Open, note and raise sheets."""

    def __init__(
        self,
        ask: Ask,
        looking: Looking,
        chance: Chance,
        known: Callable[[Sequence[NamedOrigin]], Sequence[NamedOrigin]] = tuple,
    ) -> None:
        """Write sheets down.

        Args:
            ask: Gives a command to the writer.
            looking: Opens a view of what stands, for a moment.
            chance: What ids and salts are drawn from.
            known: Adds to the origins of the log those known beside it.
        """
        self._ask = ask
        self._looking = looking
        self._chance = chance
        self._known = known

    def open(self, by: Actor, sheet: SheetId | None = None) -> Shown:
        """Open a sheet; its clock runs from now.

        Args:
            by: Who picked up.
            sheet: An id of the screen's own, so that opening twice opens one.

        Raises:
            ClearlineError: It was refused.
        """
        sheet = sheet or SheetId(f"sheet-{self._chance.draw(_ID_BYTES).hex()}")
        do(self._ask, OpenSheet(sheet=sheet, by=by))
        return self.show(sheet)

    def note(self, sheet: SheetId, by: Actor, noted: Noted) -> Shown:
        """Write something down; the place is read at once.

        Raises:
            ClearlineError: It was refused.
        """
        with self._looking() as view:
            own = tuple(view.origins.values())
        origins = self._known(own)
        readings, where = _read(noted, origins)
        words, beside = self._seal(noted.words)
        caller, more = self._seal(noted.caller)
        asked = NoteSheet(
            sheet=sheet,
            by=by,
            words=words,
            caller=caller,
            where=where,
            what=noted.what,
        )
        do(self._ask, asked, sealed=(*beside, *more))
        return self.show(sheet, readings, noted.language)

    def make(self, sheet: SheetId, by: Actor, kind: Kind, call: CallId) -> Written:
        """Make a STOP or HOLD of it, in one act; the call rings before all else.

        Raises:
            ClearlineError: Nothing rings; the sheet stays open and its clock runs.
        """
        if kind not in _URGENT:
            raise refuse(
                UnknownSheet,
                f"A sheet becomes a STOP or a HOLD, and no {kind}.",
                "Raise the other call from the board, and put the sheet away.",
            )
        with self._looking() as view:
            kept = view.sheets.get(sheet)
        if kept is None or kept.desk != by.desk:
            raise refuse(
                UnknownSheet,
                f"The desk {by.desk!r} has no sheet {sheet!r}.",
                "Raise the call from the board; it needs no sheet.",
            )
        written = do(self._ask, call_of(kept, kind, by, call))
        with contextlib.suppress(ClearlineError):  # it rings; that is what counts
            do(self._ask, EndSheet(sheet=sheet, by=by, call=call))
        return written

    def put_away(self, sheet: SheetId, by: Actor) -> Shown:
        """Put it away: nothing has to be stopped.

        Raises:
            ClearlineError: It was refused.
        """
        do(self._ask, EndSheet(sheet=sheet, by=by))
        return self.show(sheet)

    def show(
        self,
        sheet: SheetId,
        readings: tuple[Reading, ...] = (),
        language: str = ENGLISH,
    ) -> Shown:
        """Show a sheet as it stands; the text to read back is in `language`.

        Raises:
            UnknownSheet: There is none.
        """
        with self._looking() as view:
            kept = view.sheets.get(sheet)
        if kept is None:
            raise refuse(
                UnknownSheet,
                f"There is no sheet {sheet!r}.",
                "Open a new one.",
            )
        read_back = sheet_words(kept, language)
        return Shown(sheet=kept, readings=readings, read_back=read_back)

    def _seal(self, text: str) -> tuple[Sealed | None, Beside]:
        return seal_words(text, self._chance) if text else (None, ())


def _read(
    noted: Noted, origins: Sequence[NamedOrigin]
) -> tuple[tuple[Reading, ...], Place | None]:
    """Read a place; one that nobody can put on a map is kept by its name."""
    if not noted.place:
        return (), None
    try:
        readings = read_place(noted.place, origins)
    except BadInput:
        return (), _named(noted.place)
    if len(readings) == 1:
        return readings, readings[0].place
    chosen = noted.choice
    if chosen is not None and 1 <= chosen <= len(readings):
        return readings, readings[chosen - 1].place
    return readings, None


def _named(text: str) -> Place | None:
    try:
        return read_name(text)
    except BadInput:
        return None
