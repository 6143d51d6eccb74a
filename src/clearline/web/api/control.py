"""Enter and list claims about control: who says which ground is held by whom.

Several stand side by side; none of them is the truth, and none is ever changed.
"""

from clearline.model.conflict_commands import ClaimControl, WithdrawControl
from clearline.model.control import ControlClaim, ControlHeld, ControlId
from clearline.picture.picture import View
from clearline.rules.control import seen_by
from clearline.rules.disclosure import Viewer
from clearline.web.api.conflicts import read_where
from clearline.web.endpoints import (
    LOOKING,
    SIGNED_IN,
    WRITING,
    Answered,
    Asking,
    Endpoint,
    Repeat,
)
from clearline.web.refusals import not_there
from clearline.wire.forms.conflicts import (
    ControlGiven,
    ControlList,
    ControlShown,
    ReasonIfAny,
)


async def _list(asking: Asking) -> ControlList:
    with asking.looking() as view:
        held = sorted(
            seen_by(view, asking.caller.viewer()),
            key=lambda one: (one.claim.as_of, one.claim.id),
            reverse=True,
        )
    return ControlList(items=tuple(_shown(one) for one in held))


async def _enter(asking: Asking) -> Answered:
    given: ControlGiven = asking.body
    claim = ControlClaim(
        id=ControlId(given.id or f"g{asking.service.chance.draw(12).hex()}"),
        place=read_where(asking, given.where),
        holder=given.holder,
        source=given.source,
        source_kind=given.source_kind,
        as_of=given.as_of,
        grip=given.grip,
        reliability=given.reliability,
        credibility=given.credibility,
        certainty=given.certainty,
        tells=given.tells,
        instead_of=given.instead_of,
    )
    await asking.ask(ClaimControl(claim=claim, by=asking.caller.actor()))
    return Answered(body=_read(asking, claim.id), status=201)


async def _withdraw(asking: Asking) -> ControlShown:
    given: ReasonIfAny = asking.body
    key = ControlId(asking.path["claim"])
    _read(asking, key)
    await asking.ask(
        WithdrawControl(claim=key, by=asking.caller.actor(), why=given.why)
    )
    return _read(asking, key)


def _read(asking: Asking, key: ControlId) -> ControlShown:
    with asking.looking() as view:
        return _shown(_known(view, asking.caller.viewer(), key))


def _known(view: View, viewer: Viewer, key: ControlId) -> ControlHeld:
    found = next((one for one in seen_by(view, viewer) if one.claim.id == key), None)
    if found is None:
        raise not_there("claim")
    return found


def _shown(held: ControlHeld) -> ControlShown:
    claim = held.claim
    return ControlShown(
        id=claim.id,
        place=claim.place,
        holder=claim.holder,
        grip=claim.grip,
        source=claim.source,
        source_kind=claim.source_kind,
        grade=claim.grade,
        certainty=claim.certainty,
        as_of=claim.as_of,
        entered_by=held.by.party,
        entered_at=held.at,
        stands=held.stands,
        instead_of=claim.instead_of,
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/control",
        name="listControl",
        does="List who says which ground is held by whom, side by side.",
        handle=_list,
        may=LOOKING,
        gives=ControlList,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/control",
        name="claimControl",
        does="Enter who says which ground is held by whom.",
        handle=_enter,
        may=SIGNED_IN,
        takes=ControlGiven,
        gives=ControlShown,
        status=201,
        rate=WRITING,
        repeat=Repeat.BY_ID,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/control/{claim}/withdraw",
        name="withdrawControl",
        does="Take back a claim your party entered; it stays in the log.",
        handle=_withdraw,
        may=SIGNED_IN,
        takes=ReasonIfAny,
        gives=ControlShown,
        rate=WRITING,
        repeat=Repeat.BY_ID,
    ),
)
