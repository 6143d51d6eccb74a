"""Enter who is on the line: parties, desks, ladders, named origins."""

import msgspec

from clearline.model.calls import Ladder, Precedence
from clearline.model.commands import Enter
from clearline.model.entries import (
    DecisionTimeDeclared,
    DeskSet,
    LadderSet,
    OriginNamed,
    PartySet,
)
from clearline.model.instants import Duration
from clearline.model.parties import (
    DecisionTime,
    Desk,
    DeskId,
    Party,
    PartyId,
)
from clearline.model.places import NamedOrigin
from clearline.rules.ladders import ladder_for
from clearline.web.endpoints import (
    ADMINISTRATOR,
    LOOKING,
    WRITING,
    Answered,
    Asking,
    Endpoint,
)
from clearline.web.refusals import BadRequest, not_there
from clearline.wire.forms.line import (
    DecisionTimeGiven,
    DeskGiven,
    Desks,
    Origins,
    Parties,
    PartyGiven,
)
from clearline.wire.forms.setup import Id


def id_of(asking: Asking, name: str) -> str:
    """Return an id from the path.

    Raises:
        BadRequest: Nobody could read it aloud.
    """
    try:
        return msgspec.convert(asking.path[name], Id)
    except msgspec.ValidationError as error:
        raise BadRequest(
            f"{asking.path[name]!r} cannot be an id.",
            state="Nothing was done.",
            next="Use small letters, digits, dots, dashes; at most 64 of them.",
        ) from error


async def _parties(asking: Asking) -> Parties:
    with asking.looking() as view:
        return Parties(items=tuple(view.parties.values()))


async def _party(asking: Asking) -> Party:
    with asking.looking() as view:
        found = view.parties.get(PartyId(asking.path["party"]))
    if found is None:
        raise not_there("party")
    return found


async def _set_party(asking: Asking) -> Party:
    given: PartyGiven = asking.body
    id_ = PartyId(id_of(asking, "party"))
    with asking.looking() as view:
        known = view.parties.get(id_)
    needs_two = given.needs_two_to_file
    if needs_two is None:
        needs_two = known is not None and known.needs_two_to_file
    party = Party(
        id=id_,
        name=given.name,
        standing=given.standing,
        needs_two_to_file=needs_two,
    )
    await asking.ask(Enter(act=PartySet(party=party)))
    return party


async def _declare(asking: Asking) -> DecisionTime:
    given: DecisionTimeGiven = asking.body
    said = DecisionTime(
        party=PartyId(id_of(asking, "party")),
        action=given.action,
        decides_within=Duration(seconds=given.decides_within_s),
    )
    await asking.ask(Enter(act=DecisionTimeDeclared(declared=said)))
    return said


async def _desks(asking: Asking) -> Desks:
    with asking.looking() as view:
        return Desks(items=tuple(view.desks.values()))


async def _desk(asking: Asking) -> Desk:
    with asking.looking() as view:
        found = view.desks.get(DeskId(asking.path["desk"]))
    if found is None:
        raise not_there("desk")
    return found


async def _set_desk(asking: Asking) -> Desk:
    given: DeskGiven = asking.body
    with asking.looking() as view:
        if view.parties.get(PartyId(given.party)) is None:
            raise not_there(f"party {given.party!r}")
    desk = Desk(
        id=DeskId(id_of(asking, "desk")),
        party=PartyId(given.party),
        name=given.name,
        under=DeskId(given.under) if given.under else None,
        is_single_handed=given.is_single_handed,
    )
    await asking.ask(Enter(act=DeskSet(desk=desk)))
    return desk


async def _ladder(asking: Asking) -> Ladder:
    desk, precedence = await _desk(asking), _precedence(asking)
    with asking.looking() as view:
        return ladder_for(view, desk.id, precedence)


async def _set_ladder(asking: Asking) -> Ladder:
    desk, precedence, ladder = await _desk(asking), _precedence(asking), asking.body
    set_ = LadderSet(desk=desk.id, precedence=precedence, ladder=ladder)
    await asking.ask(Enter(act=set_))
    return ladder  # type: ignore[no-any-return]


def _precedence(asking: Asking) -> Precedence:
    try:
        return Precedence(asking.path["precedence"].upper())
    except ValueError as error:
        raise not_there(f"precedence {asking.path['precedence']!r}") from error


async def _origins(asking: Asking) -> Origins:
    with asking.looking() as view:
        return Origins(items=tuple(view.origins.values()))


async def _name_origin(asking: Asking) -> Answered:
    await asking.ask(Enter(act=OriginNamed(origin=asking.body)))
    return Answered(body=asking.body, status=201)


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/parties",
        name="listParties",
        does="List the parties on this line.",
        handle=_parties,
        may=LOOKING,
        gives=Parties,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/parties/{party}",
        name="readParty",
        does="Read one party.",
        handle=_party,
        may=LOOKING,
        gives=Party,
    ),
    Endpoint(
        method="PUT",
        path="/api/v1/parties/{party}",
        name="setParty",
        does="Enter or change a party.",
        handle=_set_party,
        may=ADMINISTRATOR,
        takes=PartyGiven,
        gives=Party,
        rate=WRITING,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/parties/{party}/decision-times",
        name="declareDecisionTime",
        does="Keep how fast a party says it decides, so that the line can say where it "
        "is too slow.",
        handle=_declare,
        may=ADMINISTRATOR,
        takes=DecisionTimeGiven,
        gives=DecisionTime,
        rate=WRITING,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/desks",
        name="listDesks",
        does="List the desks on this line.",
        handle=_desks,
        may=LOOKING,
        gives=Desks,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/desks/{desk}",
        name="readDesk",
        does="Read one desk.",
        handle=_desk,
        may=LOOKING,
        gives=Desk,
    ),
    Endpoint(
        method="PUT",
        path="/api/v1/desks/{desk}",
        name="setDesk",
        does="Enter or change a desk.",
        handle=_set_desk,
        may=ADMINISTRATOR,
        takes=DeskGiven,
        gives=Desk,
        rate=WRITING,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/desks/{desk}/ladders/{precedence}",
        name="readLadder",
        does="Read whom a desk's calls of a precedence ring, and when.",
        handle=_ladder,
        may=LOOKING,
        gives=Ladder,
    ),
    Endpoint(
        method="PUT",
        path="/api/v1/desks/{desk}/ladders/{precedence}",
        name="setLadder",
        does="Set whom a desk's calls of a precedence ring; no ringing call changes.",
        handle=_set_ladder,
        may=ADMINISTRATOR,
        takes=Ladder,
        gives=Ladder,
        rate=WRITING,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/origins",
        name="listOrigins",
        does="List the named points that bearings and ranges start from.",
        handle=_origins,
        may=LOOKING,
        gives=Origins,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/origins",
        name="nameOrigin",
        does="Name a point that bearings and ranges may start from.",
        handle=_name_origin,
        may=ADMINISTRATOR,
        takes=NamedOrigin,
        gives=NamedOrigin,
        status=201,
        rate=WRITING,
    ),
)
