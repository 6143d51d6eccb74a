"""Decide what becomes of a spoken-call sheet; one left alone rings its own desk.

Hanging up loses nothing: from the moment a sheet is opened it has a clock, and every
note winds it up again. When it runs out, the desk that opened it is rung with a WARN
that says what was understood so far.
"""

from typing import Final

from clearline.model.calls import CallId, Card, Kind
from clearline.model.commands import EndSheet, NoteSheet, OpenSheet, RaiseCall
from clearline.model.entries import Act, SheetEnded, SheetNoted, SheetOpened
from clearline.model.errors import BadInput
from clearline.model.instants import Duration, Instant
from clearline.model.parties import Actor
from clearline.model.sheets import Sheet, SheetEnding, SheetId
from clearline.picture.picture import Picture
from clearline.rules.raising import free_id, id_taken, open_call
from clearline.rules.refusals import UnknownDesk, refuse

LEFT_FOR: Final = Duration(seconds=60)
"""How long a sheet may be left alone before its own desk is rung."""


class UnknownSheet(BadInput):
    """Refuse an act about a sheet this node does not know, or that has ended."""


def open_sheet(picture: Picture, asked: OpenSheet, now: Instant) -> tuple[Act, ...]:
    """Open a sheet; the same one opened again changes nothing.

    Raises:
        UnknownDesk: Whoever picked up belongs to no desk of this line.
        IdTaken: Something else has the id.
    """
    if picture.desks.get(asked.by.desk) is None:
        raise refuse(
            UnknownDesk,
            f"There is no desk {asked.by.desk!r} on this line.",
            "Open the sheet as a member of a desk.",
        )
    known = picture.waiting_for(asked.sheet)
    if isinstance(known, Sheet) and known.by == asked.by:
        return ()
    if known is not None:
        raise id_taken(asked.sheet)
    return (SheetOpened(sheet=asked.sheet, by=asked.by, due_at=now + LEFT_FOR),)


def note_sheet(picture: Picture, asked: NoteSheet, now: Instant) -> tuple[Act, ...]:
    """Write something down, and wind the clock up again.

    Raises:
        UnknownSheet: There is none, it has ended, or it is another desk's.
    """
    _open_sheet(picture, asked.sheet, asked.by)
    return (
        SheetNoted(
            sheet=asked.sheet,
            by=asked.by,
            due_at=now + LEFT_FOR,
            words=asked.words,
            caller=asked.caller,
            where=asked.where,
            what=asked.what,
        ),
    )


def end_sheet(picture: Picture, asked: EndSheet, now: Instant) -> tuple[Act, ...]:
    """Put a sheet away: it was raised as `call`, or nothing came of it.

    Raises:
        UnknownSheet: There is none, it has ended, or it is another desk's.
    """
    del now
    _open_sheet(picture, asked.sheet, asked.by)
    ending = SheetEnding.RAISED if asked.call else SheetEnding.FINISHED
    return (SheetEnded(sheet=asked.sheet, by=asked.by, ending=ending, call=asked.call),)


def abandon(picture: Picture, sheet: Sheet, now: Instant) -> tuple[Act, ...]:
    """Ring the sheet's own desk about it, once its clock has run out."""
    if sheet.due_at is None or sheet.due_at > now:
        return ()
    call = free_id(picture, f"{sheet.id}-left")
    ended = SheetEnded(sheet=sheet.id, ending=SheetEnding.ABANDONED, call=call)
    desk = picture.desks.get(sheet.desk)
    if desk is None:
        return (ended,)
    what = sheet.what or "nothing was written down"
    asked = RaiseCall(
        call=call,
        kind=Kind.WARN,
        by=sheet.by,
        card=Card(
            where=sheet.where,
            what=f"Somebody telephoned and the sheet was left: {what}",
            why="The first words lie sealed beside the log, under the sheet's id.",
        ),
    )
    return (ended, *open_call(picture, asked, desk, now).acts)


def call_of(sheet: Sheet, kind: Kind, by: Actor, call: CallId) -> RaiseCall:
    """Make the STOP or HOLD that a sheet becomes."""
    return RaiseCall(
        call=call,
        kind=kind,
        by=by,
        card=Card(
            where=sheet.where,
            what=sheet.what,
            why="Heard on an ordinary telephone.",
        ),
    )


def _open_sheet(picture: Picture, sheet: SheetId, by: Actor) -> Sheet:
    known = picture.sheets.get(sheet)
    if known is None or known.ending is not None or known.desk != by.desk:
        raise refuse(
            UnknownSheet,
            f"The desk {by.desk!r} has no open sheet {sheet!r}.",
            "Open a new one; what was written on an ended one stands in the log.",
        )
    return known
