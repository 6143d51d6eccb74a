"""Hold the API's forms of spoken-call sheets."""

from typing import Annotated

import msgspec
from msgspec import Meta

from clearline.model.calls import CallId, Kind
from clearline.model.instants import Instant
from clearline.model.parties import Actor, DeskId
from clearline.model.places import Place
from clearline.model.sheets import SheetEnding, SheetId
from clearline.wire.forms.calls import Named, Text

Language = Annotated[str, Meta(max_length=35)]
"""A BCP 47 tag; English where there are no phrases in it."""


class SheetWanted(msgspec.Struct, frozen=True, kw_only=True):
    """Open a sheet; with an id of its own, opening it twice opens one."""

    id: Named | None = None


class SheetNote(msgspec.Struct, frozen=True, kw_only=True):
    """Write something down; what is left empty stays as it was.

    Attributes:
        words: What was heard; the first words first. They are sealed.
        caller: Who they say they are, and their number. It is sealed.
        place: The place, as it was said; it is read at once.
        choice: Which of several readings of it is meant, from 1.
        what: What is to stop.
        language: In which the text to read back is written.
    """

    words: Text = ""
    caller: Text = ""
    place: Annotated[str, Meta(max_length=2_000)] = ""
    choice: Annotated[int, Meta(ge=1, le=100)] | None = None
    what: Text = ""
    language: Language = "en"


class SheetShowing(msgspec.Struct, frozen=True, kw_only=True):
    """Choose the language of the text to read back, a BCP 47 tag."""

    language: Language = "en"


class SheetCall(msgspec.Struct, frozen=True, kw_only=True):
    """Make a STOP or a HOLD of it, in one act."""

    kind: Kind = Kind.STOP
    id: Named | None = None


class PlaceHeard(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one thing that the place can mean."""

    understood: str
    place: Place


class SheetShown(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a sheet as its desk sees it.

    Attributes:
        heard: How many times words were written down; they lie sealed.
        where: The place, as far as it was understood.
        readings: What the place said last can mean; with several, one is chosen.
        due_at: When its own desk is rung, if nobody writes any more.
        read_back: What to read back to whoever is on the telephone, word for word.
        call: What was raised of it.
    """

    id: SheetId
    desk: DeskId
    by: Actor
    opened_at: Instant
    heard: int
    where: Place | None
    what: str
    readings: tuple[PlaceHeard, ...]
    due_at: Instant | None
    read_back: str
    ending: SheetEnding | None
    call: CallId | None


class SheetRaised(msgspec.Struct, frozen=True, kw_only=True):
    """Say what rings now.

    Attributes:
        numbers: The spoken numbers of its calls.
        is_durable: Whether they are recorded; if not, they ring from memory.
    """

    calls: tuple[CallId, ...]
    numbers: tuple[int, ...]
    is_durable: bool
