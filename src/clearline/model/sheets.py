"""Hold spoken-call sheets: what somebody wrote down who picked up a telephone.

    opened --noted, noted ...--> raised as a STOP or HOLD, or finished
       '------ left alone -----> abandoned: its own desk is rung

Words of people on the telephone are sealed: the log holds their digest, and what
they said lies beside it and can be erased.
"""

from enum import StrEnum
from typing import NewType

import msgspec

from clearline.model.calls import CallId
from clearline.model.instants import Instant
from clearline.model.parties import Actor, DeskId
from clearline.model.places import Place
from clearline.model.sealed import Sealed

SheetId = NewType("SheetId", str)


class SheetEnding(StrEnum):
    """Name how a sheet ended."""

    RAISED = "raised"
    FINISHED = "finished"
    ABANDONED = "abandoned"


class Sheet(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a sheet as it stands.

    Attributes:
        by: Who picked up.
        words: What was heard, first words first.
        caller: Who they say they are and where they call from, newest last.
        where: The place, as far as it was understood.
        what: What is to stop, in the words of whoever picked up.
        due_at: When it counts as abandoned; nothing once it has ended.
        call: The STOP, HOLD or WARN that came of it.
    """

    id: SheetId
    desk: DeskId
    by: Actor
    opened_at: Instant
    words: tuple[Sealed, ...] = ()
    caller: tuple[Sealed, ...] = ()
    where: Place | None = None
    what: str = ""
    due_at: Instant | None = None
    ending: SheetEnding | None = None
    call: CallId | None = None
