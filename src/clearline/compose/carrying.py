"""List what a new log is given of the one it takes over from, in an order it takes.

| carried | how |
|---|---|
| parties, desks, persons, ladders, named places, decision times | entered again |
| lines that are checked, plans of watches, watches still kept | entered again |
| links | pinned again; each peer is told that the log goes on |
| cases, the closed calls they are about, claims about control | as they were said |
| agreements of two parties, and what became of them | as they were said |
| sheets that are open, or whose call is | as they were said |
| what came of checks of lines | as it stood |
| notices that are not over, or that a case is about | as they stood |
| STOPs and HOLDs still open | raised again: they ring |

What is carried as it was said is carried entry by entry, with the words and the time
of the log it was signed in, and its index there; what lies sealed beside it goes along.

Other calls, sheets and notices that are over, and conflicts stay in the old log, which
lies beside the new one to be read. Conflicts are found again when notices are screened.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

import msgspec

from clearline.ledger.sealed import SealedPart
from clearline.ledger.text64 import decode64
from clearline.model.agreement_acts import AGREEMENT_ACTS
from clearline.model.calls import CallId, Kind
from clearline.model.case_acts import CASE_ACTS
from clearline.model.commands import (
    Command,
    Enter,
    OverrideWatch,
    PlanWatch,
    RaiseCall,
    SetLine,
    SetPeer,
)
from clearline.model.control_acts import CONTROL_ACTS
from clearline.model.entries import (
    CALL_ACTS,
    Act,
    ChannelCarried,
    DecisionTimeDeclared,
    DeskSet,
    Entry,
    EntryCarried,
    LadderSet,
    OriginNamed,
    PartySet,
    PersonSet,
    SheetEnded,
    SheetNoted,
    SheetOpened,
    WatchTaken,
)
from clearline.model.instants import Instant
from clearline.model.notice_acts import NoticeCarried
from clearline.model.notices import Notice
from clearline.model.parties import Actor, Desk, DeskId, PartyId, Strength
from clearline.model.sealed import Sealed
from clearline.model.sheets import SheetId
from clearline.picture.picture import Picture
from clearline.rules.case_sight import about
from clearline.wire.entries import NAMES, read_entry, said_first, type_of, write_entry

_SHEET_ACTS: Final = (SheetOpened, SheetNoted, SheetEnded)

_MAYBE: Final = frozenset(
    NAMES[kind]
    for kind in (
        *CASE_ACTS,
        *CONTROL_ACTS,
        *AGREEMENT_ACTS,
        *CALL_ACTS,
        *_SHEET_ACTS,
        EntryCarried,
    )
)
"""Types of entries that may be carried as they were said."""

Carried = tuple[Command, tuple[SealedPart, ...]]
"""What is written into the new log, and what lies sealed beside it."""

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


def said(
    picture: Picture, origin: str, log: Iterable[tuple[int, bytes]], find: Find
) -> Iterator[Carried]:
    """List what is carried as it was said, in the order it was said in.

    Args:
        picture: What the old log comes to.
        origin: Its name.
        log: Its payloads with their index.
        find: Finds what lies sealed beside it.
    """
    sheets, calls = _sheets(picture), _closed_calls(picture)
    for index, payload in log:
        if type_of(payload) not in _MAYBE:
            continue
        entry = read_entry(payload)
        first = said_first(entry)
        if not _goes_along(first.act, sheets, calls):
            continue
        kept, beside = _without_erased(first, find)
        act = entry.act
        if not isinstance(act, EntryCarried):  # it was not carried here already
            act = EntryCarried(origin=origin, index=index, entry=msgspec.Raw(payload))
        if kept != first:
            act = msgspec.structs.replace(act, entry=msgspec.Raw(write_entry(kept)))
        yield Enter(act=act), beside


def channels(picture: Picture) -> Iterator[Command]:
    """List what came of the checks of lines; one that rang then rings no more."""
    for channel in picture.channels.values():
        stands = msgspec.structs.replace(channel, under_way=None)
        yield Enter(act=ChannelCarried(stands=stands))


def notices(picture: Picture, find: Find) -> Iterator[Carried]:
    """List the notices that are not over, or that a case is about.

    Each goes with what lies sealed beside it.
    """
    of_cases = {one for case in picture.cases.values() for one in case.notices}
    for notice in picture.notices.values():
        if notice.is_over and notice.id not in of_cases:
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


def _goes_along(act: Act, sheets: frozenset[SheetId], calls: frozenset[CallId]) -> bool:
    if isinstance(act, _SHEET_ACTS):
        return act.sheet in sheets
    if isinstance(act, CALL_ACTS):
        return act.call in calls
    return isinstance(act, (*CASE_ACTS, *CONTROL_ACTS, *AGREEMENT_ACTS))


def _sheets(picture: Picture) -> frozenset[SheetId]:
    """Name the sheets that are open, or whose call is."""
    rung = {call.id for call in picture.open_calls()}
    rung |= {CallId(call.partition(":")[0]) for call in rung}  # one raised to several
    return frozenset(
        sheet.id
        for sheet in picture.sheets.values()
        if sheet.ending is None or sheet.call in rung
    )


def _closed_calls(picture: Picture) -> frozenset[CallId]:
    """Name the calls cases are about that ring nobody any more."""
    named = {
        call for case in picture.cases.values() for call in about(picture, case).calls
    }
    known = (picture.calls.get(call) for call in named)
    return frozenset(call.id for call in known if call and not call.is_open)


def _without_erased(entry: Entry, find: Find) -> tuple[Entry, tuple[SealedPart, ...]]:
    """Find what lies sealed beside an entry; what was erased it names no more."""
    act, parts = entry.act, dict[str, SealedPart]()
    for name in act.__struct_fields__:
        named = getattr(act, name)
        if not isinstance(named, Sealed):
            continue
        found = find(decode64(named.sealed))
        if found is None:
            act = msgspec.structs.replace(act, **{name: None})
        else:
            parts[named.sealed] = found
    return msgspec.structs.replace(entry, act=act), tuple(parts.values())


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
