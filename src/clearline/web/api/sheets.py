"""Write down what somebody says who rings on an ordinary telephone.

A sheet is open from the moment somebody picks up. One that is left alone rings its
own desk after a minute: hanging up loses nothing, and neither does being called away.
"""

from clearline.model.calls import CallId
from clearline.model.sheets import SheetId
from clearline.service.phones.asking import raised
from clearline.service.phrases import ENGLISH
from clearline.service.sheets import Noted, Shown
from clearline.web.endpoints import (
    WRITING,
    Answered,
    Asking,
    Endpoint,
    May,
    Repeat,
)
from clearline.web.refusals import not_there
from clearline.wire.forms.sheets import (
    PlaceHeard,
    SheetCall,
    SheetNote,
    SheetRaised,
    SheetShowing,
    SheetShown,
    SheetWanted,
)

PICKING_UP = May(has_device=True)


async def _open(asking: Asking) -> Answered:
    wanted: SheetWanted = asking.body
    by, sheets = asking.caller.actor(), asking.service.sheets
    id_ = SheetId(wanted.id) if wanted.id else None
    found = await asking.aside(lambda: sheets.open(by, id_))
    return Answered(body=_shown(found), status=201)


async def _read(asking: Asking) -> SheetShown:
    return _shown(await _own(asking, asking.query.language))


async def _note(asking: Asking) -> SheetShown:
    given: SheetNote = asking.body
    kept = (await _own(asking)).sheet
    by, sheets = asking.caller.actor(), asking.service.sheets
    noted = Noted(
        words=given.words,
        caller=given.caller,
        place=given.place,
        choice=given.choice,
        what=given.what,
        language=given.language,
    )
    return _shown(await asking.aside(lambda: sheets.note(kept.id, by, noted)))


async def _raise(asking: Asking) -> Answered:
    given: SheetCall = asking.body
    kept = (await _own(asking)).sheet
    by, sheets = asking.caller.actor(), asking.service.sheets
    call = CallId(given.id or f"{kept.id}-{asking.service.chance.draw(6).hex()}")
    written = await asking.aside(lambda: sheets.make(kept.id, by, given.kind, call))
    calls = raised(written)
    return Answered(
        body=SheetRaised(
            calls=tuple(one.call for one in calls),
            numbers=tuple(one.number for one in calls),
            is_durable=written.is_durable,
        ),
        status=201 if written.is_durable else 202,
    )


async def _end(asking: Asking) -> SheetShown:
    kept = (await _own(asking)).sheet
    by, sheets = asking.caller.actor(), asking.service.sheets
    return _shown(await asking.aside(lambda: sheets.put_away(kept.id, by)))


async def _own(asking: Asking, language: str = ENGLISH) -> Shown:
    """Find a sheet of the caller's own desk; another's is not there."""
    sheet = SheetId(asking.path["sheet"])
    with asking.looking() as view:
        kept = view.sheets.get(sheet)
    if kept is None or kept.desk != asking.caller.desk:
        raise not_there(f"sheet {sheet!r}")
    return asking.service.sheets.show(sheet, language=language)


def _shown(found: Shown) -> SheetShown:
    sheet = found.sheet
    return SheetShown(
        id=sheet.id,
        desk=sheet.desk,
        by=sheet.by,
        opened_at=sheet.opened_at,
        heard=len(sheet.words),
        where=sheet.where,
        what=sheet.what,
        readings=tuple(
            PlaceHeard(understood=one.understood, place=one.place)
            for one in found.readings
        ),
        due_at=sheet.due_at,
        read_back=found.read_back,
        ending=sheet.ending,
        call=sheet.call,
    )


ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/api/v1/sheets",
        name="openSheet",
        does="Open a sheet for somebody on an ordinary telephone.",
        handle=_open,
        may=PICKING_UP,
        takes=SheetWanted,
        gives=SheetShown,
        status=201,
        rate=WRITING,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/sheets/{sheet}",
        name="readSheet",
        does="Show a sheet of your own desk.",
        handle=_read,
        may=PICKING_UP,
        query=SheetShowing,
        gives=SheetShown,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/sheets/{sheet}/notes",
        name="noteOnSheet",
        does="Write something down; the place is read, the clock runs from anew.",
        handle=_note,
        may=PICKING_UP,
        takes=SheetNote,
        gives=SheetShown,
        rate=None,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/sheets/{sheet}/call",
        name="raiseSheet",
        does="Make a STOP or HOLD of a sheet, in one act.",
        handle=_raise,
        may=PICKING_UP,
        takes=SheetCall,
        gives=SheetRaised,
        status=201,
        also={202: "It rings from memory, because the disk is silent."},
        rate=None,
        repeat=Repeat.BY_ID,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/sheets/{sheet}/end",
        name="endSheet",
        does="Put a sheet away: nothing has to be stopped.",
        handle=_end,
        may=PICKING_UP,
        gives=SheetShown,
        rate=WRITING,
    ),
)
