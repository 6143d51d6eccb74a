"""Show every line that is checked, how its last check went, and start one by hand."""

from collections.abc import Mapping
from typing import Final

import msgspec

from clearline.model.calls import Call, Kind, Line
from clearline.model.instants import Duration
from clearline.model.parties import DeskId
from clearline.web.console.board import standing
from clearline.web.console.pages import Form, Page, Shown, Visit
from clearline.web.endpoints import LOOKING, SIGNED_IN, Answered
from clearline.wire.forms.calls import CallGiven, CardGiven


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one line and how its last check went.

    Attributes:
        round_trip_s: From the check to the first acknowledgement, seconds.
        standing: `good`, `waiting`, `missed` or `never`.
    """

    line: Line
    from_name: str
    to_name: str
    call: Call | None
    standing: str
    round_trip_s: float | None
    by: str


async def _see(visit: Visit) -> Shown:
    calls = {one.id: one for one in standing(visit)}
    with visit.looking() as view:
        names = {one.id: one.name for one in view.desks.values()}
        persons = {one.id: one.pseudonym for one in view.persons.values()}
        lines = sorted(view.lines.values(), key=lambda one: one.key)
        others = [one for one in view.desks.values() if one.id != visit.caller.desk]
    by_hand = [
        one
        for one in sorted(calls.values(), key=lambda one: one.raised_at, reverse=True)
        if one.kind is Kind.LINE_CHECK
    ][:12]
    checked = [
        _checked(line, calls.get(line.checked_by) if line.checked_by else None, names)
        for line in lines
    ]
    return Shown(
        template="lines.html",
        has={
            "checked": checked,
            "dead": [one for one in checked if one.standing == "missed"],
            "by_hand": by_hand,
            "others": others,
            "names": {**names, **persons},
            "trip": _trip_s,
        },
    )


def _checked(line: Line, call: Call | None, names: Mapping[DeskId, str]) -> Checked:
    first = call.acknowledgements[0] if call and call.acknowledgements else None
    if call is None:
        how = "never"
    elif first is not None:
        how = "good"
    else:
        how = "waiting" if call.is_open else "missed"
    return Checked(
        line=line,
        from_name=names.get(line.from_desk, line.from_desk),
        to_name=names.get(line.to_desk, line.to_desk),
        call=call,
        standing=how,
        round_trip_s=_trip_s(call) if call else None,
        by=str(first.by.person) if first and first.by.person else "",
    )


def _trip_s(call: Call) -> float | None:
    if not call.acknowledgements:
        return None
    took: Duration = call.acknowledgements[0].at - call.raised_at
    return took.total_seconds()


async def _check(visit: Visit) -> str:
    given = CallGiven(
        kind=Kind.LINE_CHECK,
        id=f"check-{visit.said('once') or visit.once()}"[:120],
        to_desk=visit.said("to") or None,
        card=CardGiven(what="Line check by hand."),
    )
    answered: Answered = await visit.do("raiseCall", given)
    return f"/calls/{answered.body.calls[0].id}"


PAGES: Final = (Page(path="/lines", see=_see, may=LOOKING),)
FORMS: Final = (Form(path="/lines/check", do=_check, on=_see, may=SIGNED_IN),)
