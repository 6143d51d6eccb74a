"""Check lines, when they are due or now; say how each channel to a desk stands."""

from msgspec.structs import replace

from clearline.model.calls import CallId, Line
from clearline.model.commands import CheckLine, SetLine
from clearline.model.instants import Duration
from clearline.model.linetests import ChannelStands
from clearline.model.parties import DeskId, DeskNumber, Medium
from clearline.picture.picture import View
from clearline.rules.linestands import channels_of
from clearline.rules.refusals import WrongOrder
from clearline.service.calling import CourierStanding
from clearline.service.phones.enrolling import fitted
from clearline.web.endpoints import (
    ADMINISTRATOR,
    CALLING,
    LOOKING,
    WRITING,
    Answered,
    Asking,
    Endpoint,
)
from clearline.web.refusals import not_there
from clearline.wire.forms.line import (
    CheckCalled,
    CheckGiven,
    ChecksCalled,
    LineGiven,
    LineMatrix,
    Lines,
    MatrixWanted,
    NumbersGiven,
    PhoneCard,
    PhoneCards,
)


async def _lines(asking: Asking) -> Lines:
    with asking.looking() as view:
        return Lines(items=tuple(view.lines.values()))


async def _set_line(asking: Asking) -> Answered:
    given: LineGiven = asking.body
    line = Line(
        from_desk=DeskId(given.from_desk),
        to_desk=DeskId(given.to_desk),
        medium=given.medium,
        next_at=given.next_at or asking.service.node.clock.read().at,
        every=Duration(seconds=given.every_s),
    )
    await asking.ask(SetLine(line=line))
    return Answered(body=line, status=201)


async def _matrix(asking: Asking) -> LineMatrix:
    wanted: MatrixWanted = asking.query
    now = asking.service.node.clock.read().at
    with asking.looking() as view:
        desks = [desk.id for desk in view.desks.values()]
        if wanted.desk is not None:
            desks = [desk for desk in desks if desk == wanted.desk]
        if wanted.desk is not None and not desks:
            raise not_there(f"desk {wanted.desk!r}")
        rows = [row for desk in desks for row in channels_of(view, desk, now)]
    return LineMatrix(at=now, items=tuple(_disclosed(asking, row) for row in rows))


async def _cards(asking: Asking) -> PhoneCards:
    wanted: MatrixWanted = asking.query
    now = asking.service.node.clock.read().at
    numbers = asking.service.desk_numbers.every()
    with asking.looking() as view:
        cards = [
            PhoneCard(
                desk=desk.id,
                name=desk.name,
                party=desk.party,
                numbers=numbers.get(desk.id, ()),
                channels=tuple(
                    _disclosed(asking, row) for row in channels_of(view, desk.id, now)
                ),
            )
            for desk in view.desks.values()
            if wanted.desk in (None, desk.id)
        ]
    if wanted.desk is not None and not cards:
        raise not_there(f"desk {wanted.desk!r}")
    return PhoneCards(at=now, items=tuple(cards))


async def _set_numbers(asking: Asking) -> Answered:
    given: NumbersGiven = asking.body
    desk = DeskId(asking.path["desk"])
    with asking.looking() as view:
        if view.desks.get(desk) is None:
            raise not_there(f"desk {desk!r}")
    numbers = tuple(
        DeskNumber(number=fitted(Medium.VOICE, one.number), says=one.says)
        for one in given.numbers
    )
    kept = asking.service.desk_numbers
    await asking.aside(lambda: kept.keep(desk, numbers))
    return Answered(body=None, status=204)


def _disclosed(asking: Asking, row: ChannelStands) -> ChannelStands:
    """Leave persons out of another party's row: across parties they are nobody's."""
    caller = asking.caller
    if caller.is_administrator or caller.party == row.party:
        return row
    last = row.last and replace(row.last, by=None, rung=())
    return replace(row, persons=(), last=last)


async def _check(asking: Asking) -> Answered:
    given: CheckGiven = asking.body
    desk = DeskId(given.to_desk)
    with asking.looking() as view:
        if view.desks.get(desk) is None:
            raise not_there(f"desk {desk!r}")
        media = (given.medium,) if given.medium else _media(view, desk)
    called = [await _call(asking, desk, medium, given) for medium in media]
    return Answered(body=ChecksCalled(items=tuple(called)), status=201)


async def _call(
    asking: Asking, desk: DeskId, medium: Medium, given: CheckGiven
) -> CheckCalled:
    """Call one check; of all media at once, one that is under way is left alone."""
    drawn = CallId(f"check-{asking.service.chance.draw(9).hex()}")
    call: CallId | None = drawn
    try:
        await asking.ask(
            CheckLine(call=drawn, to_desk=desk, medium=medium, by=asking.caller.actor())
        )
    except WrongOrder:
        if given.medium is not None:
            raise
        call = None
    return CheckCalled(medium=medium, call=call, trouble=_trouble(asking, medium))


def _trouble(asking: Asking, medium: Medium) -> str:
    """Say why this node's own courier carries nothing by a medium, if it does not."""
    if medium is Medium.SCREEN:
        return ""  # no courier: the feed carries it
    for state in asking.service.courier_states():
        if state.medium is medium:
            is_able = state.standing is not CourierStanding.NOT_SET_UP
            return "" if is_able else f"{state.standing}: {state.trouble}".rstrip(": ")
    return "this node has no courier for it"


def _media(view: View, desk: DeskId) -> tuple[Medium, ...]:
    """List the media that members of a desk have."""
    had = {medium for one in view.members_of(desk) for medium in one.media}
    return tuple(medium for medium in Medium if medium in had)


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/lines",
        name="listLines",
        does="List the lines that are checked, and when each is next.",
        handle=_lines,
        may=LOOKING,
        gives=Lines,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/lines",
        name="setLine",
        does="Let a line be checked, from now on or as from an instant.",
        handle=_set_line,
        may=ADMINISTRATOR,
        takes=LineGiven,
        gives=Line,
        status=201,
        rate=WRITING,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/lines/matrix",
        name="lineMatrix",
        does="Say how every channel to every desk stands, by its last checks.",
        says="A row for each desk and medium, in the order of the desk's phone card: "
        "by the last good check, channels that are dead below all others. Persons "
        "stand only in rows of your own party.",
        handle=_matrix,
        may=LOOKING,
        query=MatrixWanted,
        refuses=(404,),
        gives=LineMatrix,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/phone-cards",
        name="phoneCards",
        does="Say how every desk is reached: its telephone numbers, and its channels.",
        says="For when the link is down. Channels stand by their last good check, dead "
        "ones below all others.",
        handle=_cards,
        may=LOOKING,
        query=MatrixWanted,
        refuses=(404,),
        gives=PhoneCards,
    ),
    Endpoint(
        method="PUT",
        path="/api/v1/desks/{desk}/numbers",
        name="setNumbers",
        does="Set the telephone numbers of a desk, all of them.",
        says="They are shown to every party on the line, and stand in no log. A number "
        "that is a person's own is an address of that person instead.",
        handle=_set_numbers,
        may=ADMINISTRATOR,
        takes=NumbersGiven,
        status=204,
        rate=WRITING,
        refuses=(404,),
    ),
    Endpoint(
        method="POST",
        path="/api/v1/lines/checks",
        name="checkLine",
        does="Check your own desk's line to a desk, now.",
        says="It rings the desk by that medium and no other. Unanswered for ten "
        "minutes it is missed, and your desk is rung with a WARN.",
        handle=_check,
        may=CALLING,
        takes=CheckGiven,
        gives=ChecksCalled,
        status=201,
        rate=WRITING,
    ),
)
