"""Propose, confirm, end and read agreements between two parties.

Only the two that are in one see it. Nothing here touches a call, a ladder or what was
told before.
"""

from typing import Final

from clearline.model.agreement_acts import (
    ConfirmAgreement,
    EndAgreement,
    ProposeAgreement,
)
from clearline.model.agreements import (
    Agreement,
    AgreementId,
    AgreementVersion,
    Margin,
    Terms,
)
from clearline.model.instants import FOREVER, Duration, Instant
from clearline.model.parties import PartyId, Role
from clearline.picture.picture import View
from clearline.rules.agreeing import (
    agreements_of,
    is_alone,
    require_meant,
    standing_with,
)
from clearline.service.foreseeing import Foreseen, Meets, foresee
from clearline.web.endpoints import (
    LOOKING,
    WRITING,
    Answered,
    Asking,
    Endpoint,
    May,
    Repeat,
)
from clearline.web.refusals import not_there
from clearline.wire.forms.agreements import (
    AgreementEnd,
    AgreementGiven,
    AgreementList,
    AgreementPreview,
    AgreementRead,
    AgreementShown,
    KeptShown,
    MarginGiven,
    MeetsShown,
    PreviewWanted,
    VersionShown,
)

BINDING: Final = May(
    roles=frozenset(
        {Role.ADMINISTRATOR, Role.BATTLE_DIRECTOR, Role.COMMANDER, Role.LIAISON}
    )
)
"""Who proposes an agreement for their party, and ends one."""
CONFIRMING: Final = May(roles=BINDING.roles | {Role.DUTY_OFFICER})
"""Who confirms for their party what the other side proposes."""

_DAY: Final = Duration(days=1)
_HOUR: Final = Duration(hours=1)


async def _list(asking: Asking) -> AgreementList:
    now = _now(asking)
    with asking.looking() as view:
        found = tuple(agreements_of(view, asking.caller.party))
    return AgreementList(items=tuple(_shown(one, now) for one in found))


async def _read(asking: Asking) -> AgreementShown:
    with asking.looking() as view:
        found = _known(view, asking)
    return _shown(found, _now(asking))


async def _propose(asking: Asking) -> Answered:
    given: AgreementGiven = asking.body
    other, own = PartyId(given.other), asking.caller.party
    terms = _terms(given, _now(asking))
    await asking.ask(
        ProposeAgreement(other=other, terms=terms, by=asking.caller.actor())
    )
    with asking.looking() as view:
        found = standing_with(view, own, other, _now(asking))
    if found is None:
        raise not_there("agreement")
    return Answered(body=_shown(found, _now(asking)), status=201)


async def _confirm(asking: Asking) -> AgreementShown:
    given: AgreementRead = asking.body
    await asking.ask(
        ConfirmAgreement(
            agreement=_id(asking), version=given.version, by=asking.caller.actor()
        )
    )
    return await _read(asking)


async def _end(asking: Asking) -> AgreementShown:
    given: AgreementEnd = asking.body
    await asking.ask(
        EndAgreement(
            agreement=_id(asking),
            by=asking.caller.actor(),
            ends_at=given.ends_at,
            why=given.why,
        )
    )
    return await _read(asking)


async def _preview(asking: Asking) -> AgreementPreview:
    given: AgreementGiven = asking.body
    now, other = _now(asking), PartyId(given.other)
    terms = _terms(given, now)
    with asking.looking() as view:
        require_meant(view, asking.caller.party, other, terms, now)
    return await _foreseen(asking, other, terms)


async def _preview_waiting(asking: Asking) -> AgreementPreview:
    with asking.looking() as view:
        found = _known(view, asking)
    wanted: PreviewWanted = asking.query
    other = found.other_than(asking.caller.party)
    if wanted.ends:
        return await _foreseen(asking, other, Terms(starts_at=_now(asking)))
    if found.waits is None:
        raise not_there("version that waits")
    return await _foreseen(asking, other, found.waits.terms)


async def _foreseen(asking: Asking, other: PartyId, terms: Terms) -> AgreementPreview:
    now, viewer, node = _now(asking), asking.caller.viewer(), asking.service.node
    with asking.looking() as view:
        found = standing_with(view, viewer.party, other, now)
        alone = found is not None and is_alone(found, terms, now)
    seen: Foreseen = await asking.aside(
        lambda: foresee(node, viewer, other, terms, now)
    )
    return AgreementPreview(
        as_of=seen.as_of,
        needs_confirmation=not alone,
        meets=tuple(_met(one) for one in seen.meets),
        parts=tuple(_met(one) for one in seen.parts),
        keeps=tuple(
            KeptShown(notice=one.notice, now=one.now, then=one.then)
            for one in seen.keeps
        ),
        more=seen.more,
        plans=seen.plans,
        is_all=seen.is_all,
    )


def _met(one: Meets) -> MeetsShown:
    return MeetsShown(
        plan=one.plan,
        notice=one.notice,
        separation_m=one.separation_m,
        overlap=one.overlap,
        why=one.why,
    )


def _terms(given: AgreementGiven, now: Instant) -> Terms:
    kept = given.kept_for_days
    return Terms(
        starts_at=given.starts_at or now,
        until=given.until or FOREVER,
        margins=tuple(
            Margin(
                buffer_m=one.buffer_m,
                buffer_s=one.buffer_s,
                actions=one.actions,
                kinds=one.kinds,
            )
            for one in given.margins
        ),
        kept_for=None if kept is None else kept * _DAY,
        alone=given.alone,
        ends_after=given.ends_after_h * _HOUR,
    )


def _shown(agreement: Agreement, now: Instant) -> AgreementShown:
    in_force, waits = agreement.in_force(now), agreement.waits
    return AgreementShown(
        id=agreement.id,
        parties=agreement.parties,
        state=agreement.state(now),
        in_force=in_force.number if in_force else None,
        waits=waits.number if waits else None,
        versions=tuple(_version(one) for one in agreement.versions),
        ended_by=agreement.ended_by.party if agreement.ended_by else None,
        ends_at=agreement.ends_at,
        why=agreement.why,
    )


def _version(one: AgreementVersion) -> VersionShown:
    terms = one.terms
    return VersionShown(
        number=one.number,
        margins=tuple(
            MarginGiven(
                buffer_m=margin.buffer_m,
                buffer_s=margin.buffer_s,
                actions=margin.actions,
                kinds=margin.kinds,
            )
            for margin in terms.margins
        ),
        kept_for_days=None if terms.kept_for is None else terms.kept_for / _DAY,
        alone=terms.alone,
        ends_after_h=terms.ends_after / _HOUR,
        starts_at=terms.starts_at,
        until=None if terms.until >= FOREVER else terms.until,
        proposed_by=one.proposed_by.party,
        proposed_at=one.proposed_at,
        confirmed_by=one.confirmed_by.party if one.confirmed_by else None,
        confirmed_at=one.confirmed_at,
        holds_from=one.holds_from,
    )


def _known(view: View, asking: Asking) -> Agreement:
    found = view.agreements.get(_id(asking))
    if found is None or asking.caller.party not in found.parties:
        raise not_there("agreement")
    return found


def _id(asking: Asking) -> AgreementId:
    return AgreementId(asking.path["agreement"])


def _now(asking: Asking) -> Instant:
    return asking.service.node.clock.read().at


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/agreements",
        name="listAgreements",
        does="List the agreements your party is in.",
        handle=_list,
        may=LOOKING,
        gives=AgreementList,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/agreements",
        name="proposeAgreement",
        does="Propose an agreement with a party, or another version of the one there "
        "is.",
        says="It binds nobody until a person of the other party confirms it, unless "
        "the version in force lets one side change that alone.",
        handle=_propose,
        may=BINDING,
        takes=AgreementGiven,
        gives=AgreementShown,
        status=201,
        rate=WRITING,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/agreements/preview",
        name="previewAgreement",
        does="Say what would follow from an agreement; nothing is entered.",
        says="It is computed on your own notices and those you were told exactly.",
        handle=_preview,
        may=CONFIRMING,
        takes=AgreementGiven,
        gives=AgreementPreview,
        rate=WRITING,
        repeat=Repeat.BY_ID,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/agreements/{agreement}",
        name="readAgreement",
        does="Read an agreement of your party, with all its versions.",
        handle=_read,
        may=LOOKING,
        gives=AgreementShown,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/agreements/{agreement}/preview",
        name="previewProposal",
        does="Say what would follow if the version that waits is confirmed, or if it "
        "ends.",
        handle=_preview_waiting,
        may=CONFIRMING,
        query=PreviewWanted,
        gives=AgreementPreview,
        rate=WRITING,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/agreements/{agreement}/confirm",
        name="confirmAgreement",
        does="Confirm, for your party, the version the other side proposed.",
        handle=_confirm,
        may=CONFIRMING,
        takes=AgreementRead,
        gives=AgreementShown,
        rate=WRITING,
        repeat=Repeat.BY_ID,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/agreements/{agreement}/end",
        name="endAgreement",
        does="End an agreement after the notice it names, or turn a proposal down.",
        handle=_end,
        may=BINDING,
        takes=AgreementEnd,
        gives=AgreementShown,
        rate=WRITING,
    ),
)
