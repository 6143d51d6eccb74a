"""Fold one act each into a picture: who is on the line, peers, sheets, control.

Acts of calls, notices, conflicts and cases have rooms of their own.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, cast

from msgspec.structs import replace

from clearline.model.conflict_acts import NoticeScreened
from clearline.model.control import ControlHeld
from clearline.model.control_acts import ControlClaimed, ControlWithdrawn
from clearline.model.disclosures import Disclosed, NoticeDisclosed, Probed, ProbingSeen
from clearline.model.entries import (
    Act,
    ChannelCarried,
    DecisionTimeDeclared,
    DeskSet,
    LadderSet,
    LineCheckCalled,
    LineSet,
    OriginNamed,
    PartySet,
    PeerHeard,
    PeerReceipted,
    PeerRevoked,
    PeerSet,
    PeerTold,
    PersonSet,
    SheetEnded,
    SheetNoted,
    SheetOpened,
    WatchLeft,
    WatchLookedAhead,
    WatchOverridden,
    WatchOverrideDropped,
    WatchPlanSet,
    WatchTaken,
    ZoneRead,
)
from clearline.model.instants import Instant
from clearline.model.links import (
    OF_OUR_NOTICES,
    CallSaid,
    Heard,
    NoticeSaid,
    Reach,
    Told,
    is_urgent_message,
)
from clearline.model.parties import HandedOver
from clearline.model.sheets import Sheet
from clearline.picture.keys import hearing_key
from clearline.picture.watchplans import plan_after

if TYPE_CHECKING:
    from clearline.picture.picture import Picture


def _party_set(picture: "Picture", act: PartySet, at: Instant) -> None:
    del at
    picture.keep(picture.parties, act.party.id, act.party)


def _desk_set(picture: "Picture", act: DeskSet, at: Instant) -> None:
    del at
    picture.keep(picture.desks, act.desk.id, act.desk)


def _person_set(picture: "Picture", act: PersonSet, at: Instant) -> None:
    del at
    person, before = act.person, picture.persons.get(act.person.id)
    if before is not None and before.desk != person.desk:
        left = picture.members.get(before.desk) or ()
        picture.keep(
            picture.members, before.desk, tuple(who for who in left if who != person.id)
        )
    members = picture.members.get(person.desk) or ()
    if person.id not in members:
        picture.keep(picture.members, person.desk, (*members, person.id))
    picture.keep(picture.persons, person.id, person)


def _watch_taken(picture: "Picture", act: WatchTaken, at: Instant) -> None:
    watch = act.watch
    others = tuple(
        held
        for held in picture.watches.get(watch.desk) or ()
        if (held.person, held.role) != (watch.person, watch.role) and held.until > at
    )
    picture.keep(picture.watches, watch.desk, (*others, watch))
    handed = picture.handovers.get(watch.desk)
    if handed is not None and act.has_read == handed.at:
        read = replace(handed, read=(*handed.read, (watch.person, at)))
        picture.keep(picture.handovers, watch.desk, read)


def _watch_left(picture: "Picture", act: WatchLeft, at: Instant) -> None:
    held = picture.watches.get(act.desk) or ()
    picture.keep(
        picture.watches,
        act.desk,
        tuple(watch for watch in held if watch.person != act.person),
    )
    handed = HandedOver(
        desk=act.desk, person=act.person, at=at, to=act.to, notes=act.notes
    )
    picture.keep(picture.handovers, act.desk, handed)


def _zone_read(picture: "Picture", act: ZoneRead, at: Instant) -> None:
    del at
    picture.keep(picture.zones, act.clocks.zone, act.clocks)


def _plan_changed(
    picture: "Picture",
    act: WatchPlanSet | WatchOverridden | WatchOverrideDropped | WatchLookedAhead,
    at: Instant,
) -> None:
    plan = plan_after(picture.plans.get(act.desk), act, at)
    picture.keep(picture.plans, plan.desk, plan)
    picture.index(plan.key)


def _ladder_set(picture: "Picture", act: LadderSet, at: Instant) -> None:
    del at
    picture.keep(picture.ladders, (act.desk, act.precedence), act.ladder)


def _origin_named(picture: "Picture", act: OriginNamed, at: Instant) -> None:
    del at
    picture.keep(picture.origins, act.origin.label, act.origin)


def _declared(picture: "Picture", act: DecisionTimeDeclared, at: Instant) -> None:
    del at
    said = act.declared
    picture.keep(picture.declared, (said.party, said.action), said)


def _line(picture: "Picture", act: LineSet | LineCheckCalled, at: Instant) -> None:
    del at
    picture.keep(picture.lines, act.line.key, act.line)
    picture.index(act.line.key)


def _peer_set(picture: "Picture", act: PeerSet, at: Instant) -> None:
    del at
    picture.keep(picture.peers, act.peer.id, act.peer)


def _peer_revoked(picture: "Picture", act: PeerRevoked, at: Instant) -> None:
    del at
    peer = picture.peers.get(act.peer)
    if peer is not None:
        picture.keep(picture.peers, peer.id, replace(peer, is_revoked=True))


def _peer_told(picture: "Picture", act: PeerTold, at: Instant) -> None:
    del at
    told = Told(
        peer=act.peer,
        number=act.number,
        entry=picture.size,
        call=act.says.call if isinstance(act.says, CallSaid) else None,
        is_urgent=is_urgent_message(act.says),
        notice=act.says.notice if isinstance(act.says, OF_OUR_NOTICES) else None,
        revision=act.says.revision.number if isinstance(act.says, NoticeSaid) else 0,
    )
    picture.keep(picture.told, (act.peer, act.number), told)
    reach = picture.reach.get(act.peer) or Reach()
    picture.keep(picture.reach, act.peer, replace(reach, told=act.number))


def _peer_heard(picture: "Picture", act: PeerHeard, at: Instant) -> None:
    del at
    heard = Heard(
        peer=act.peer, number=act.number, entry=picture.size, digest=act.digest
    )
    picture.keep(picture.heard, hearing_key(act.peer, act.number, act.digest), heard)
    reach = before = picture.reach.get(act.peer) or Reach()
    while picture.heard.get((act.peer, str(reach.heard + 1))) is not None:
        reach = replace(reach, heard=reach.heard + 1)
    if reach != before:
        picture.keep(picture.reach, act.peer, reach)


def _peer_receipted(picture: "Picture", act: PeerReceipted, at: Instant) -> None:
    del at
    told = picture.told.get((act.peer, act.number))
    if told is not None:
        receipted = replace(told, is_receipted=True)
        picture.keep(picture.told, (act.peer, act.number), receipted)


def _screened(picture: "Picture", act: NoticeScreened, at: Instant) -> None:
    del at
    picture.keep(picture.screened, act.notice, act)


def _disclosed(picture: "Picture", act: NoticeDisclosed, at: Instant) -> None:
    told = tuple(
        Disclosed(
            desk=one.desk,
            revision=act.revision,
            precision=one.precision,
            how=act.how,
            at=at,
        )
        for one in act.to
    )
    before = picture.disclosures.get(act.notice) or ()
    picture.keep(picture.disclosures, act.notice, (*before, *told))


def _probing(picture: "Picture", act: ProbingSeen, at: Instant) -> None:
    before = picture.probing.get(act.party) or ()
    picture.keep(picture.probing, act.party, (*before, Probed(seen=act, at=at)))


def _control_claimed(picture: "Picture", act: ControlClaimed, at: Instant) -> None:
    held = ControlHeld(claim=act.claim, by=act.by, at=at)
    picture.keep(picture.control, act.claim.id, held)
    older = act.claim.instead_of
    before = picture.control.get(older) if older is not None else None
    if before is not None:
        followed = replace(before, followed_by=act.claim.id)
        picture.keep(picture.control, before.claim.id, followed)


def _control_withdrawn(picture: "Picture", act: ControlWithdrawn, at: Instant) -> None:
    held = picture.control.get(act.claim)
    if held is not None:
        picture.keep(picture.control, act.claim, replace(held, withdrawn_at=at))


def _channel_carried(picture: "Picture", act: ChannelCarried, at: Instant) -> None:
    del at
    channel = act.stands
    picture.keep(picture.channels, (channel.desk, channel.medium), channel)


def _sheet_opened(picture: "Picture", act: SheetOpened, at: Instant) -> None:
    sheet = Sheet(
        id=act.sheet, desk=act.by.desk, by=act.by, opened_at=at, due_at=act.due_at
    )
    _keep_sheet(picture, sheet)


def _sheet_changed(
    picture: "Picture", act: SheetNoted | SheetEnded, at: Instant
) -> None:
    del at
    sheet = picture.sheets.get(act.sheet)
    if sheet is None:
        return  # an act about a sheet whose opening we were never shown
    match act:
        case SheetNoted():
            sheet = replace(
                sheet,
                due_at=act.due_at,
                words=sheet.words + ((act.words,) if act.words else ()),
                caller=sheet.caller + ((act.caller,) if act.caller else ()),
                where=act.where or sheet.where,
                what=act.what or sheet.what,
            )
        case SheetEnded():
            sheet = replace(sheet, due_at=None, ending=act.ending, call=act.call)
    _keep_sheet(picture, sheet)


def _keep_sheet(picture: "Picture", sheet: Sheet) -> None:
    picture.keep(picture.sheets, sheet.id, sheet)
    picture.index(sheet.id)


FOLDS: Final = cast(
    "dict[type, Callable[[Picture, Act, Instant], None]]",
    {
        PartySet: _party_set,
        DeskSet: _desk_set,
        PersonSet: _person_set,
        WatchTaken: _watch_taken,
        WatchLeft: _watch_left,
        ZoneRead: _zone_read,
        WatchPlanSet: _plan_changed,
        WatchOverridden: _plan_changed,
        WatchOverrideDropped: _plan_changed,
        WatchLookedAhead: _plan_changed,
        LadderSet: _ladder_set,
        OriginNamed: _origin_named,
        DecisionTimeDeclared: _declared,
        LineSet: _line,
        LineCheckCalled: _line,
        PeerSet: _peer_set,
        PeerRevoked: _peer_revoked,
        PeerTold: _peer_told,
        PeerHeard: _peer_heard,
        PeerReceipted: _peer_receipted,
        NoticeScreened: _screened,
        NoticeDisclosed: _disclosed,
        ProbingSeen: _probing,
        ControlClaimed: _control_claimed,
        ControlWithdrawn: _control_withdrawn,
        ChannelCarried: _channel_carried,
        SheetOpened: _sheet_opened,
        SheetNoted: _sheet_changed,
        SheetEnded: _sheet_changed,
    },
)
"""By the type of an act, how it is folded; it tells nothing of any other."""
