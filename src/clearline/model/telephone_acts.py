"""Hold what came in by telephone, and the sheets it was written down on."""

import msgspec

from clearline.model.calls import CallId
from clearline.model.instants import Instant
from clearline.model.parties import Actor, Medium, PersonId
from clearline.model.places import Place
from clearline.model.sealed import Sealed
from clearline.model.sheets import SheetEnding, SheetId


class _Act(msgspec.Struct, frozen=True, kw_only=True):
    """Be the root of every act about what was heard."""


class WordsHeard(_Act, frozen=True, kw_only=True):
    """Keep by their hash the first words that came in by telephone or mailbox.

    Attributes:
        words: What was said, a PIN struck out; sealed beside the log.
        enrolled: For whom the number is enrolled; proves nothing.
        calls: What was raised or answered by it.
    """

    medium: Medium
    words: Sealed
    enrolled: tuple[PersonId, ...] = ()
    calls: tuple[CallId, ...] = ()


class SheetOpened(_Act, frozen=True, kw_only=True):
    """Open a sheet for somebody on an ordinary telephone.

    Attributes:
        due_at: When it counts as abandoned, if nothing is noted before.
    """

    sheet: SheetId
    by: Actor
    due_at: Instant


class SheetNoted(_Act, frozen=True, kw_only=True):
    """Write something down on a sheet; what is left out stays as it was.

    Attributes:
        due_at: When it counts as abandoned, if nothing more is noted before.
        words: What was heard; sealed beside the log.
        caller: Who they say they are, and their number; sealed beside the log.
    """

    sheet: SheetId
    by: Actor
    due_at: Instant
    words: Sealed | None = None
    caller: Sealed | None = None
    where: Place | None = None
    what: str = ""


class SheetEnded(_Act, frozen=True, kw_only=True):
    """Put a sheet away.

    Attributes:
        by: Empty where it was abandoned.
        call: What was raised of it.
    """

    sheet: SheetId
    ending: SheetEnding
    by: Actor | None = None
    call: CallId | None = None
