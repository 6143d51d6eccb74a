"""List what a new log is given of the one it takes over from, in an order it takes.

| carried | how |
|---|---|
| parties, desks, persons, ladders, named places, decision times | entered again |
| lines that are checked, plans of watches, watches still kept | entered again |
| links | pinned again; each peer is told that the log goes on |
| notices that are not over | as they stood, with what lies sealed beside them |
| STOPs and HOLDs still open | raised again: they ring |

Cases, sheets, conflicts, claims of control, past checks of lines and notices that are
over stay in the old log, which lies beside the new one to be read. Conflicts are found
again when notices are screened.
"""

from collections.abc import Callable, Iterator

import msgspec

from clearline.ledger.sealed import SealedPart
from clearline.ledger.text64 import decode64
from clearline.model.calls import Kind
from clearline.model.commands import (
    Command,
    Enter,
    OverrideWatch,
    PlanWatch,
    RaiseCall,
    SetLine,
    SetPeer,
)
from clearline.model.entries import (
    DecisionTimeDeclared,
    DeskSet,
    LadderSet,
    OriginNamed,
    PartySet,
    PersonSet,
    WatchTaken,
)
from clearline.model.instants import Instant
from clearline.model.notice_acts import NoticeCarried
from clearline.model.notices import Notice
from clearline.model.parties import Actor, Desk, DeskId, PartyId, Strength
from clearline.picture.picture import Picture

Find = Callable[[bytes], SealedPart | None]
"""Finds what lies sealed in the old log, by its digest; nothing where it was erased."""


def set_up(picture: Picture) -> Iterator[Command]:
    """List what a node was set up with."""
    for party in picture.parties.values():
        yield Enter(act=PartySet(party=party))
    for desk in _from_the_top(picture):
        yield Enter(act=DeskSet(desk=desk))
    for person in picture.persons.values():
        yield Enter(act=PersonSet(person=person))
    for (name, precedence), kept in picture.ladders.dump_at(picture.size):
        _, ladder = kept[-1]
        yield Enter(act=LadderSet(desk=name, precedence=precedence, ladder=ladder))
    for named_origin in picture.origins.values():
        yield Enter(act=OriginNamed(origin=named_origin))
    for declared in picture.declared.values():
        yield Enter(act=DecisionTimeDeclared(declared=declared))
    for line in picture.lines.values():
        yield SetLine(line=msgspec.structs.replace(line, checked_by=None))
    zones = tuple(picture.zones.values())
    for plan in picture.plans.values():
        by = _machine(plan.desk, picture)
        yield PlanWatch(desk=plan.desk, rotations=plan.rotations, zones=zones, by=by)
        for override in plan.overrides:
            yield OverrideWatch(desk=plan.desk, override=override)


def watches(picture: Picture, now: Instant) -> Iterator[Command]:
    """List who still has a watch: it ends when it was to end."""
    for kept in picture.watches.values():
        for watch in kept:
            if watch.until > now:
                yield Enter(act=WatchTaken(watch=watch))


def links(picture: Picture) -> Iterator[SetPeer]:
    """List the nodes that were linked, as they were pinned."""
    for peer in picture.peers.values():
        if not peer.is_revoked:
            yield SetPeer(peer=peer)


def notices(
    picture: Picture, find: Find
) -> Iterator[tuple[Command, tuple[SealedPart, ...]]]:
    """List the notices that are not over, each with what lies sealed beside it."""
    for notice in picture.notices.values():
        if notice.is_over:
            continue
        stands, beside = _with_sealed(notice, find)
        act = NoticeCarried(
            notice=notice.id,
            clocks=notice.clocks,
            stands=stands,
            disclosed=picture.disclosures.get(notice.id) or (),
        )
        yield Enter(act=act), beside


def ringing(picture: Picture) -> Iterator[Command]:
    """List the STOPs and HOLDs that bound: a late STOP is always worth ringing."""
    for call in picture.open_calls():
        if call.kind in (Kind.STOP, Kind.HOLD) and call.passed_from is None:
            yield RaiseCall(
                call=call.id,
                kind=call.kind,
                by=call.raised_by,
                to_desk=call.to_desk,
                card=call.card,
                said_at=call.said_at or call.raised_at,
                kept_from=call.kept_from,
            )


def _with_sealed(notice: Notice, find: Find) -> tuple[Notice, tuple[SealedPart, ...]]:
    """Find what lies sealed beside a notice; what was erased it names no more."""
    personal = notice.revision.personal
    parts: dict[str, SealedPart] = {}
    for name in personal.__struct_fields__:
        named = getattr(personal, name)
        found = find(decode64(named.sealed)) if named is not None else None
        if found is None:
            personal = msgspec.structs.replace(personal, **{name: None})
        else:
            parts[named.sealed] = found
    revision = msgspec.structs.replace(notice.revision, personal=personal)
    stands = msgspec.structs.replace(notice, revision=revision)
    return stands, tuple(parts.values())


def _from_the_top(picture: Picture) -> Iterator[Desk]:
    entered = set[DeskId | None]({None})
    left = list(picture.desks.values())
    while left:
        ready = [desk for desk in left if desk.under in entered] or left
        yield from ready
        entered |= {desk.id for desk in ready}
        left = [desk for desk in left if desk.id not in entered]


def _machine(desk: DeskId, picture: Picture) -> Actor:
    known = picture.desks.get(desk)
    return Actor(
        party=known.party if known else PartyId(""),
        desk=desk,
        strength=Strength.DEVICE_ONLY,
        device="restore",
    )
