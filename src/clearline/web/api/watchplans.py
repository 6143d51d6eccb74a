"""Plan who takes turns at a desk's watch; show who is planned, and when nobody is."""

from clearline.model.commands import DropOverride, OverrideWatch, PlanWatch
from clearline.model.instants import Duration, Instant, Window, utc
from clearline.model.parties import DeskId
from clearline.model.watchplans import (
    FIRST_YEAR,
    LAST_YEAR,
    BadPlan,
    Override,
    OverrideId,
    Rotation,
    WatchPlan,
)
from clearline.picture.picture import View
from clearline.rules.planned import gaps, not_taken, planned
from clearline.rules.refusals import refuse
from clearline.web.endpoints import (
    ADMINISTRATOR,
    LOOKING,
    SIGNED_IN,
    WRITING,
    Answered,
    Asking,
    Endpoint,
)
from clearline.web.refusals import not_there
from clearline.wire.forms.watches import (
    AheadWanted,
    OverrideGiven,
    PlanGiven,
    PlanShown,
    RotationGiven,
    WatchAhead,
    WatchesAhead,
)


async def _plan(asking: Asking) -> PlanShown:
    with asking.looking() as view:
        return _shown(_party_plan(asking, view))


async def _set_plan(asking: Asking) -> PlanShown:
    given: PlanGiven = asking.body
    with asking.looking() as view:
        desk = _party_plan(asking, view).desk
    rotations = tuple(_rotation(one) for one in given.rotations)
    names = dict.fromkeys(one.zone for one in rotations)
    now, zones = asking.service.node.clock.read().at, asking.service.zones
    read = await asking.aside(lambda: tuple(zones.read(name, now) for name in names))
    await asking.ask(
        PlanWatch(desk=desk, rotations=rotations, zones=read, by=asking.caller.actor())
    )
    return await _plan(asking)


async def _ahead(asking: Asking) -> WatchAhead:
    window = _window(asking)
    now = asking.service.node.clock.read().at
    with asking.looking() as view:
        return _looked(view, _party_plan(asking, view), window, now)


async def _all_ahead(asking: Asking) -> WatchesAhead:
    window, caller = _window(asking), asking.caller
    now = asking.service.node.clock.read().at
    with asking.looking() as view:
        return WatchesAhead(
            items=tuple(
                _looked(view, plan, window, now)
                for plan in view.plans.values()
                if plan.rotations
                and (
                    caller.is_administrator
                    or _party_of(view, plan.desk) == caller.party
                )
            )
        )


async def _override(asking: Asking) -> Answered:
    asking.require_own_desk(asking.path["desk"])
    given: OverrideGiven = asking.body
    drawn = asking.service.chance.draw(6).hex()
    override = Override(
        id=OverrideId(given.id or f"o{drawn}"),
        since=given.since,
        until=given.until,
        by=asking.caller.actor(),
        person=given.person,
        instead_of=given.instead_of,
        role=given.role,
        why=given.why,
    )
    await asking.ask(OverrideWatch(desk=DeskId(asking.path["desk"]), override=override))
    return Answered(body=await _plan(asking), status=201)


async def _drop(asking: Asking) -> PlanShown:
    asking.require_own_desk(asking.path["desk"])
    await asking.ask(
        DropOverride(
            desk=DeskId(asking.path["desk"]),
            override=OverrideId(asking.path["override"]),
            by=asking.caller.actor(),
        )
    )
    return await _plan(asking)


def _party_plan(asking: Asking, view: View) -> WatchPlan:
    """Return the plan of a desk of the caller's own party; an empty one if unplanned.

    Raises:
        NotThere: There is no such desk, or it is another party's.
    """
    desk, caller = DeskId(asking.path["desk"]), asking.caller
    party = _party_of(view, desk)
    if party is None or not (caller.is_administrator or party == caller.party):
        raise not_there(f"desk {desk!r}")
    return view.plans.get(desk) or WatchPlan(desk=desk)


def _party_of(view: View, desk: DeskId) -> str | None:
    known = view.desks.get(desk)
    return known.party if known else None


def _looked(view: View, plan: WatchPlan, window: Window, now: Instant) -> WatchAhead:
    return WatchAhead(
        desk=plan.desk,
        since=window.start,
        until=window.end,
        planned=planned(view, plan, window),
        gaps=gaps(view, plan, window),
        not_taken=not_taken(view, plan, now),
    )


def _window(asking: Asking) -> Window:
    wanted: AheadWanted = asking.query
    since = utc(wanted.since or asking.service.node.clock.read().at)
    if not FIRST_YEAR <= since.year <= LAST_YEAR:
        raise refuse(
            BadPlan,
            f"Nothing is planned in the year {since.year}.",
            "Look nearer to now.",
        )
    return Window(start=since, end=since + Duration(days=wanted.days))


def _rotation(given: RotationGiven) -> Rotation:
    return Rotation(
        name=given.name,
        role=given.role,
        persons=given.persons,
        zone=given.zone,
        first=given.first,
        shift_for=Duration(seconds=given.shift_s),
        until=given.until,
    )


def _shown(plan: WatchPlan) -> PlanShown:
    return PlanShown(
        desk=plan.desk,
        rotations=tuple(
            RotationGiven(
                name=one.name,
                role=one.role,
                persons=one.persons,
                zone=one.zone,
                first=one.first,
                shift_s=int(one.shift_for.total_seconds()),
                until=one.until,
            )
            for one in plan.rotations
        ),
        overrides=plan.overrides,
        told=plan.told,
        next_at=plan.next_at,
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/desks/{desk}/watch/plan",
        name="readWatchPlan",
        does="Read who takes turns at the watch of a desk of your party.",
        handle=_plan,
        may=LOOKING,
        gives=PlanShown,
    ),
    Endpoint(
        method="PUT",
        path="/api/v1/desks/{desk}/watch/plan",
        name="planWatch",
        does="Set who takes turns at a desk's watch.",
        says="Hand-overs stay at the same time on the wall, whatever the clocks do. "
        "Twelve hours and one hour before nobody is planned, the desk and its party's "
        "administrators are rung.",
        handle=_set_plan,
        may=ADMINISTRATOR,
        takes=PlanGiven,
        gives=PlanShown,
        rate=WRITING,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/desks/{desk}/watch/ahead",
        name="readWatchAhead",
        does="Say who is planned at a desk of your party, and when nobody is.",
        handle=_ahead,
        may=LOOKING,
        query=AheadWanted,
        refuses=(422,),
        gives=WatchAhead,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/watches/ahead",
        name="listWatchesAhead",
        does="Say for every desk of your party who is planned, and when nobody is.",
        handle=_all_ahead,
        may=LOOKING,
        query=AheadWanted,
        refuses=(422,),
        gives=WatchesAhead,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/desks/{desk}/watch/overrides",
        name="overrideWatch",
        does="Change who is planned at your own desk in a window.",
        handle=_override,
        may=SIGNED_IN,
        takes=OverrideGiven,
        gives=PlanShown,
        status=201,
        rate=WRITING,
    ),
    Endpoint(
        method="DELETE",
        path="/api/v1/desks/{desk}/watch/overrides/{override}",
        name="dropOverride",
        does="Take a change of the plan at your own desk away.",
        handle=_drop,
        may=SIGNED_IN,
        gives=PlanShown,
        rate=WRITING,
    ),
)
