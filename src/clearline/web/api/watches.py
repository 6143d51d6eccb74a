"""Take the watch, see who has it, hand it over."""

from clearline.model.commands import LeaveWatch, TakeWatch
from clearline.model.parties import (
    Actor,
    DeskId,
    PersonId,
    Strength,
)
from clearline.rules.planned import not_taken
from clearline.web.duress import signs_here
from clearline.web.endpoints import (
    LOOKING,
    SIGNED_IN,
    WRITING,
    Answered,
    Asking,
    Endpoint,
    Repeat,
)
from clearline.web.refusals import WrongProof, not_there
from clearline.wire.forms.watches import DeskWatched, HandOver, WatchWanted


async def _watched(asking: Asking) -> DeskWatched:
    desk = DeskId(asking.path["desk"])
    now = asking.service.node.clock.read().at
    with asking.looking() as view:
        if view.desks.get(desk) is None:
            raise not_there("desk")
        held = tuple(
            watch
            for watch in view.watches.get(desk) or ()
            if watch.since <= now < watch.until
        )
        has_nobody = not view.on_watch(desk, (), now)
        plan = view.plans.get(desk)
        missing = not_taken(view, plan, now) if plan else ()
        is_own = asking.caller.desk == desk
        handover = view.handovers.get(desk) if is_own else None
    return DeskWatched(
        desk=desk,
        watches=held,
        has_nobody=has_nobody,
        not_taken=missing,
        handover=handover,
    )


async def _take(asking: Asking) -> Answered:
    asking.require_own_desk(asking.path["desk"])
    wanted: WatchWanted = asking.body
    await asking.ask(
        TakeWatch(
            by=asking.caller.actor(),
            role=wanted.role,
            until=wanted.until,
            has_read=wanted.has_read,
        )
    )
    return Answered(body=await _watched(asking), status=201)


async def _leave(asking: Asking) -> DeskWatched:
    asking.require_own_desk(asking.path["desk"])
    given: HandOver = asking.body
    to = await _incoming(asking, given) if given.to else None
    left = LeaveWatch(
        by=asking.caller.actor(), to=to, taken=given.taken, notes=given.notes
    )
    await asking.ask(left)
    return await _watched(asking)


async def _incoming(asking: Asking, given: HandOver) -> Actor:
    """Let the incoming person sign with their own password."""
    person = PersonId(given.to or "")
    if await signs_here(asking, person, given.secret, "a handover") is None:
        raise WrongProof(
            "The incoming person and this password do not belong together.",
            state="You still have the watch.",
            next="Let them type it again, or sign in themselves and take the watch.",
        )
    caller = asking.caller
    return Actor(
        party=caller.party,
        desk=caller.desk,
        strength=Strength.PASSWORD,
        person=person,
        device=caller.device,
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/desks/{desk}/watch",
        name="readWatch",
        does="Say who has the watch at a desk.",
        handle=_watched,
        may=LOOKING,
        gives=DeskWatched,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/desks/{desk}/watch",
        name="takeWatch",
        does="Take the watch at your own desk.",
        handle=_take,
        may=SIGNED_IN,
        takes=WatchWanted,
        gives=DeskWatched,
        status=201,
        rate=WRITING,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/desks/{desk}/watch/handover",
        name="handOver",
        does="Leave the watch, handing it over or not.",
        handle=_leave,
        may=SIGNED_IN,
        takes=HandOver,
        gives=DeskWatched,
        rate=WRITING,
        repeat=Repeat.BY_ID,
        refuses=(429,),
    ),
)
