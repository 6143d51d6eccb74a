"""Write down what somebody says who rings an ordinary telephone.

First words first, and one press makes it a STOP. The place is read as it is typed, and
what to read back stands ready.
A sheet that is left alone rings its own desk after a minute.
"""

from typing import Any, Final
from urllib.parse import quote

import msgspec

from clearline.geo.reading import read_place
from clearline.geo.separation import middle
from clearline.geo.voice import spell
from clearline.geo.writing import from_two_origins
from clearline.model.calls import Kind
from clearline.model.errors import BadInput
from clearline.model.places import Reading, Unlocated
from clearline.model.sheets import Sheet
from clearline.web.console.board import name_of
from clearline.web.console.pages import Form, Gone, Page, Shown, Visit
from clearline.web.endpoints import LOOKING, Answered, May
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

_PICKING_UP: Final = May(has_device=True)
_FINEST_M: Final = 1.0


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one thing a place may mean, as it is read out."""

    understood: str
    place: Any
    spelled: str
    bearings: tuple[str, ...]


async def _list(visit: Visit) -> Shown:
    desk = visit.caller.desk
    with visit.looking() as view:
        sheets = [one for one in view.sheets.values() if one.desk == desk]
        names = {one.id: name_of(view, one.by.person, one.by.device) for one in sheets}
    newest = sorted(sheets, key=lambda one: one.opened_at, reverse=True)
    return Shown(
        template="sheets.html",
        has={
            "open": [one for one in newest if one.ending is None],
            "ended": [one for one in newest if one.ending is not None][:20],
            "names": names,
        },
    )


async def _open(visit: Visit) -> str:
    once = visit.said("once") or visit.once()
    answered: Answered = await visit.do("openSheet", SheetWanted(id=f"sheet-{once}"))
    return f"/sheets/{quote(answered.body.id)}"


async def _see(visit: Visit) -> Shown:
    return await _shown(visit, ())


async def _shown(visit: Visit, readings: tuple[PlaceHeard, ...]) -> Shown:
    asked = SheetShowing(language=visit.language.tag)
    shown: SheetShown = await visit.do(
        "readSheet", query=asked, sheet=visit.part("sheet")
    )
    with visit.looking() as view:
        kept: Sheet | None = view.sheets.get(shown.id)
    if kept is None:
        raise not_there("sheet")
    return Shown(
        template="sheet.html",
        has={
            "sheet": shown,
            "kept": kept,
            "readings": tuple(heard(visit, one) for one in readings),
            "where": _heard_place(visit, shown),
        },
    )


def _heard_place(visit: Visit, shown: SheetShown) -> Heard | None:
    if shown.where is None:
        return None
    return heard(visit, PlaceHeard(understood="", place=shown.where))


def heard(visit: Visit, one: PlaceHeard | Reading) -> Heard:
    """Say a place as it is read out: figures, spelled, and from two named places."""
    with visit.looking() as view:
        own = tuple(view.origins.values())
    footprint, bearings = one.place.footprint, tuple[str, ...]()
    if not isinstance(footprint, Unlocated):
        off_m = max(one.place.precision_m or 0.0, _FINEST_M)
        known = visit.service.known(own)
        bearings = from_two_origins(middle(footprint), known, off_m)
    return Heard(
        understood=one.understood,
        place=one.place,
        spelled=spell(one.place.text),
        bearings=bearings,
    )


def _note_of(visit: Visit) -> SheetNote:
    choice = visit.said("choice")
    return SheetNote(
        words=visit.said("words"),
        caller=visit.said("caller"),
        place=visit.said("place")[:2_000],
        choice=int(choice) if choice.isdecimal() and int(choice) > 0 else None,
        what=visit.said("what"),
    )


async def _note(visit: Visit) -> str | Shown:
    """Write it down; where the place means several things, ask which."""
    sheet = visit.part("sheet")
    noted: SheetShown = await visit.do("noteOnSheet", _note_of(visit), sheet=sheet)
    is_unclear = len(noted.readings) > 1 and not visit.said("choice")
    return await _shown(visit, noted.readings) if is_unclear else f"/sheets/{sheet}"


async def _raise(visit: Visit) -> Gone:
    """Write down what is in the form, and make it a STOP or HOLD in the same press."""
    sheet, note = visit.part("sheet"), _note_of(visit)
    if note.words or note.caller or note.place or note.what:
        await visit.do("noteOnSheet", note, sheet=sheet)
    kind = Kind.HOLD if visit.said("kind") == Kind.HOLD else Kind.STOP
    wanted = SheetCall(kind=kind, id=f"{sheet}-{kind.lower()}"[:128])
    answered: Answered = await visit.do("raiseSheet", wanted, sheet=sheet)
    raised: SheetRaised = answered.body
    return Gone(to=f"/stop/{quote(raised.calls[0].partition(':')[0])}")


async def _end(visit: Visit) -> str:
    await visit.do("endSheet", sheet=visit.part("sheet"))
    return "/sheets"


async def _read(visit: Visit) -> Shown:
    """Read a place as it is typed; what cannot be read yet says why."""
    with visit.looking() as view:
        own = tuple(view.origins.values())
    known, text, why = visit.service.known(own), visit.said("text")[:2_000], ""
    found: tuple[Reading, ...] = ()
    if text:
        try:
            found = await visit.asking.aside(lambda: read_place(text, known))
        except BadInput as error:
            why = f"{error.what} {error.next}"
    return Shown(
        template="place_read.html",
        has={"readings": tuple(heard(visit, one) for one in found), "why": why},
    )


PAGES: Final = (
    Page(path="/sheets", see=_list, may=LOOKING),
    Page(path="/sheets/{sheet}", see=_see, may=_PICKING_UP),
)
FORMS: Final = (
    Form(path="/sheets", do=_open, on=_list, may=_PICKING_UP),
    Form(path="/sheets/{sheet}/note", do=_note, on=_see, may=_PICKING_UP),
    Form(path="/sheets/{sheet}/call", do=_raise, on=_see, may=_PICKING_UP),
    Form(path="/sheets/{sheet}/end", do=_end, on=_see, may=_PICKING_UP),
    Form(path="/places/reading", do=_read, on=_read, may=LOOKING),
)
