"""Bring a desk's plan of its watch to where an act leaves it."""

from typing import Final

from msgspec.structs import replace

from clearline.model.entries import (
    WatchLookedAhead,
    WatchOverridden,
    WatchOverrideDropped,
    WatchPlanSet,
)
from clearline.model.instants import Duration, Instant
from clearline.model.parties import DeskId
from clearline.model.watchplans import WatchPlan, plan_key

KEPT_FOR: Final = Duration(days=60)
"""How long an override that is over stays in the plan, to be looked back at."""

PlanAct = WatchPlanSet | WatchOverridden | WatchOverrideDropped | WatchLookedAhead


def plan_after(before: WatchPlan | None, act: PlanAct, at: Instant) -> WatchPlan:
    """Return the plan as it stands after an act."""
    plan = replace(before or WatchPlan(desk=act.desk), next_at=act.next_at)
    match act:
        case WatchPlanSet():
            return replace(plan, rotations=act.rotations)
        case WatchOverridden():
            kept = (one for one in plan.overrides if at - one.until < KEPT_FOR)
            return replace(plan, overrides=(*kept, act.override))
        case WatchOverrideDropped():
            left = (one for one in plan.overrides if one.id != act.override)
            return replace(plan, overrides=tuple(left))
        case WatchLookedAhead():
            return replace(plan, told=act.told, looked=act.looked)


def desk_planned(key: str) -> DeskId | None:
    """Say whose plan is named so among everything that waits, if one is."""
    desk = DeskId(key.removeprefix(plan_key(DeskId(""))))
    return desk if plan_key(desk) == key else None
