"""Decide what is said to other parties' nodes, and what follows from what they say.

    an act here --disclosure--> PeerTold n --link--> PeerHeard n, and what follows
    PeerReceipted n <--------- signed receipt <----- (the entry PeerHeard, proven)

What a peer says is held against the same rules as what our own people say, as an act
of its party: it can raise calls at our desks and act on calls between it and us
(`far_calls`), tell our desks of notices and answer ours (`far_notices`). It can do
nothing else. Whatever it says, taken or refused, is kept with its signature.

A STOP or HOLD waits for nothing: neither for what was said before it, nor for a desk
it names rightly, nor for a number of its own. Everything else is taken in the order in
which it was said.
"""

import base64
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, cast

from msgspec.structs import replace

from clearline.model.calls import Call, Ending, Kind, Telling, Why
from clearline.model.commands import HearPeer, KeepReceipt, RevokePeer, SetPeer
from clearline.model.entries import (
    CALL_ACTS,
    Act,
    CallRaised,
    DeskSet,
    PartySet,
    PeerHeard,
    PeerReceipted,
    PeerRevoked,
    PeerSet,
    PeerTold,
    PersonSet,
    Rang,
    Received,
)
from clearline.model.errors import BadInput
from clearline.model.instants import Instant
from clearline.model.links import (
    URGENT,
    CallSaid,
    Desks,
    GoesOnAs,
    HeardAs,
    Message,
    Peer,
    PeerId,
    Reach,
    is_at,
    is_urgent_message,
)
from clearline.model.notice_acts import (
    NOTICE_ACTS,
    MovementReported,
    NoticeAct,
    NoticeAmended,
    NoticeDisposed,
    NoticeFiled,
    NoticeRouted,
    NoticeWithdrawn,
)
from clearline.model.notices import Notice, NoticeId
from clearline.model.parties import Party
from clearline.picture.notices import notice_after, notice_filed
from clearline.picture.picture import Picture, View, hearing_key
from clearline.rules.disclosure_to_peers import (
    act_for,
    call_for,
    desks_for,
    disposed_for,
    moved_for,
    notice_for,
    withdrawn_for,
)
from clearline.rules.escalation import ring_own
from clearline.rules.far_calls import OF_CALLS
from clearline.rules.far_notices import OF_NOTICES, received
from clearline.rules.hearing import NODE, Hearing, hear_desks
from clearline.rules.refusals import UnknownCall, refuse
from clearline.rules.succession import pin_successor, said_again
from clearline.rules.turn import Turn


class UnknownPeer(BadInput):
    """Refuse a node that is not linked with this one, or no longer."""


class PartyTaken(BadInput):
    """Refuse a link to a party that is our own, or that another node stands for."""


class OutOfOrder(BadInput):
    """Refuse what a peer said before something it said earlier has arrived."""


class VeilUnread(BadInput):
    """Refuse a link whose secret, which people's tags come of, cannot be read."""


class SignedTwice(BadInput):
    """Refuse two different things a peer signed under one number."""


# --- links -------------------------------------------------------------------------


def set_peer(picture: Picture, asked: SetPeer, now: Instant) -> tuple[Act, ...]:
    """Pin a node, or the new keys of one; from now on it is told our desks.

    Raises:
        UnknownPeer: Our own party of the link is not on the line here.
        PartyTaken: Its party is ours, or another node's.
        VeilUnread: What its people's tags are to come of is not base64.
    """
    del now
    peer = asked.peer
    try:
        base64.b64decode(peer.veil)
    except ValueError as error:
        raise refuse(
            VeilUnread,
            "The veil of the link is not base64.",
            "Make the link with `clearline link`, which draws one.",
        ) from error
    if picture.parties.get(peer.ours) is None or picture.peer_of(peer.ours):
        raise refuse(
            UnknownPeer,
            f"{peer.ours!r} is no party of this node's own.",
            "Name the party here that the link is for.",
        )
    linked = picture.peer_of(peer.party)
    if (linked is not None and linked.id != peer.id) or peer.party == peer.ours:
        raise refuse(
            PartyTaken,
            f"The party {peer.party!r} is our own, or another node stands for it.",
            "Revoke the other link first, or have the other side name its party.",
        )
    party = picture.parties.get(peer.party)
    entered = () if party else (PartySet(party=Party(id=peer.party, name=peer.name)),)
    return (PeerSet(peer=peer), *entered)


def revoke_peer(picture: Picture, asked: RevokePeer, now: Instant) -> tuple[Act, ...]:
    """Break a link; its desks cannot be rung through it any more.

    Raises:
        UnknownPeer: There is no such link.
    """
    del now
    peer = known_peer(picture, asked.peer)
    silenced = (
        PersonSet(person=replace(person, media=()))
        for person in picture.persons.values()
        if person.id.startswith(NODE) and person.id.endswith(f"@{peer.party}")
    )
    return (PeerRevoked(peer=peer.id, why=asked.why), *silenced)


def known_peer(view: View, peer: PeerId) -> Peer:
    """Return a peer that is linked.

    Raises:
        UnknownPeer: It is not.
    """
    known = view.peers.get(peer)
    if known is None or known.is_revoked:
        raise refuse(
            UnknownPeer,
            f"The node {peer!r} is not linked with this one.",
            "Link the two nodes: `clearline link invite`.",
        )
    return known


# --- telling -----------------------------------------------------------------------


def tell_peers(
    picture: Picture, acts: Sequence[Act], now: Instant
) -> tuple[PeerTold, ...]:
    """Say to each peer what it may know of what was just decided."""
    peers = [peer for peer in picture.peers.values() if not peer.is_revoked]
    pinned = [act.peer for act in acts if isinstance(act, PeerSet)]
    told: list[PeerTold] = []
    for peer in (*(p for p in peers if p.id not in {q.id for q in pinned}), *pinned):
        reach = picture.reach.get(peer.id) or Reach()
        for number, says in enumerate(
            _said_to(picture, peer, acts, now), reach.told + 1
        ):
            told.append(PeerTold(peer=peer.id, number=number, says=says))
    return tuple(told)


def _said_to(
    picture: Picture, peer: Peer, acts: Sequence[Act], now: Instant
) -> Iterator[Message]:
    if any(_changes_desks(act, peer) for act in acts):
        desks = {desk.id: desk for desk in picture.desks.values()}
        desks |= {act.desk.id: act.desk for act in acts if isinstance(act, DeskSet)}
        yield desks_for(picture, peer, desks.values())
    if peer.follows is not None and any(_pins(act, peer) for act in acts):
        yield from said_again(picture, peer, now)
    notices: dict[NoticeId, Notice] = {}
    for act in acts:
        says: Message | None = None
        if isinstance(act, CallRaised):
            says = call_for(picture, peer, act, now)
        elif isinstance(act, CALL_ACTS):
            call = picture.calls.get(act.call)
            says = act_for(picture, peer, call, act, now) if call else None
        elif isinstance(act, NOTICE_ACTS):
            says = _said_of_notice(picture, peer, act, notices, now)
        if says is not None:
            yield says


def _said_of_notice(
    picture: Picture,
    peer: Peer,
    act: NoticeAct,
    notices: dict[NoticeId, Notice],
    now: Instant,
) -> Message | None:
    """Say an act about a notice; `notices` are those acts have changed so far."""
    before = notices.get(act.notice) or picture.notices.get(act.notice)
    notice = _notice_then(before, act, now)
    if notice is None:
        return None
    notices[act.notice] = notice
    says: Message | None = None
    match act:
        case NoticeFiled() | NoticeAmended():
            says = notice_for(picture, peer, notice, act.by)
        case NoticeRouted(to=to) if to is not None and is_at(to, peer.party):
            says = notice_for(picture, peer, notice, act.by)
        case NoticeWithdrawn():
            says = withdrawn_for(picture, peer, notice, act.by)
        case MovementReported():
            says = moved_for(picture, peer, notice, act)
        case NoticeDisposed() if before is not None:
            says = disposed_for(picture, peer, before, act)
        case _:
            pass
    return says


def _notice_then(before: Notice | None, act: NoticeAct, now: Instant) -> Notice | None:
    if isinstance(act, NoticeFiled):
        return notice_filed(act, now)
    return notice_after(before, act, now) if before is not None else None


def _pins(act: Act, peer: Peer) -> bool:
    return isinstance(act, PeerSet) and act.peer.id == peer.id


def _changes_desks(act: Act, peer: Peer) -> bool:
    match act:
        case PeerSet():
            return _pins(act, peer)
        case DeskSet():
            return act.desk.party == peer.ours
        case PartySet():
            return act.party.id == peer.ours
        case _:
            return False


# --- hearing -----------------------------------------------------------------------


def hear_peer(picture: Picture, asked: HearPeer, now: Instant) -> tuple[Act, ...]:
    """Keep what a peer said, and let follow from it what the rules say.

    The same again changes nothing. What the rules refuse is kept as refused, and
    nothing follows.

    Returns:
        `PeerHeard` first, then what follows from it.

    Raises:
        UnknownPeer: It is not linked with us.
        SignedTwice: It signed something else under that number before.
        OutOfOrder: Something it said earlier is missing, and this can wait.
    """
    peer = known_peer(picture, asked.peer)
    told = asked.told
    before = picture.heard.get(hearing_key(peer.id, told.number, asked.digest))
    if before is not None and before.digest == asked.digest:
        return ()
    is_urgent = is_urgent_message(told.says)
    if before is not None and not is_urgent:
        raise refuse(
            SignedTwice,
            f"{peer.id} signed two different things as number {told.number}.",
            "Keep both: together they are evidence. Ask its people what was meant.",
        )
    heard = (picture.reach.get(peer.id) or Reach()).heard
    if told.number > heard + 1 and not is_urgent:
        raise refuse(
            OutOfOrder,
            f"Number {told.number} came, and {heard + 1} is missing.",
            f"Say everything after number {heard} again, in order.",
        )
    return _heard(picture, peer, asked, now)


def _heard(
    picture: Picture, peer: Peer, asked: HearPeer, now: Instant
) -> tuple[Act, ...]:
    says, why = asked.told.says, ""
    follows: tuple[Act, ...] = ()
    try:
        at = Hearing(picture, peer, asked.said_at, now)
        follows = _FOLLOWS[type(says)](at, says)
    except BadInput as refused:
        why = refused.what
    heard_as = HeardAs.REFUSED if why else HeardAs.TAKEN
    raised = next((act for act in follows if isinstance(act, CallRaised)), None)
    if isinstance(says, CallSaid) and not why and raised is None:
        heard_as = HeardAs.KNOWN
    if raised is not None and not _rings(follows):
        why = "Nobody can be rung here. Use voice now."
    kept = PeerHeard(
        peer=peer.id,
        number=asked.told.number,
        digest=asked.digest,
        heard_as=heard_as,
        why=why,
        call=raised.call if raised else None,
        call_number=raised.number if raised else None,
        envelope=asked.envelope,
        salt=asked.salt,
    )
    return (kept, *follows)


def _rings(acts: Sequence[Act]) -> bool:
    return any(isinstance(act, Rang) and act.attempts for act in acts)


def _goes_on_as(at: Hearing, says: GoesOnAs) -> tuple[Act, ...]:
    return pin_successor(at.picture, at.peer, says, at.now)


_FOLLOWS: Final = cast(
    "dict[type, Callable[[Hearing, Any], tuple[Act, ...]]]",
    {Desks: hear_desks, GoesOnAs: _goes_on_as, **OF_CALLS, **OF_NOTICES},
)


# --- receipts ----------------------------------------------------------------------


def keep_receipt(picture: Picture, asked: KeepReceipt, now: Instant) -> tuple[Act, ...]:
    """Keep a peer's receipt, and tell the caller what became of the call there.

    Raises:
        UnknownPeer: It is not linked with us.
        UnknownCall: Nothing was said to it under that number.
    """
    peer = known_peer(picture, asked.peer)
    told = picture.told.get((peer.id, asked.number))
    if told is None:
        raise refuse(
            UnknownCall,
            f"Nothing was said to {peer.id} as number {asked.number}.",
            "Look at what the peer sends: it receipts what nobody said.",
        )
    if told.is_receipted:
        return ()
    kept = PeerReceipted(
        peer=peer.id,
        number=asked.number,
        heard_as=asked.heard_as,
        receipt=asked.receipt,
        why=asked.why,
    )
    if told.notice is not None:
        return (kept, *received(picture, peer, told, asked, now))
    call = picture.calls.get(told.call) if told.call else None
    if call is None:
        return (kept,)
    return (kept, *_received(picture, call, asked, now))


def _received(
    picture: Picture, call: Call, asked: KeepReceipt, now: Instant
) -> tuple[Act, ...]:
    """Tell a caller that their node holds it, which is not that anybody has it."""
    turn = Turn(call, now)
    turn.do(Received(call=call.id, node=asked.peer))
    if not call.is_open:
        return tuple(turn.acts)
    if asked.heard_as is HeardAs.REFUSED:
        if call.kind in URGENT:
            ring_own(picture, turn, Why.NOT_TAKEN)
        turn.tell(
            Telling.NOT_TAKEN,
            f"Their node received it and does not take it: {asked.why} Use voice now.",
        )
        if call.kind is Kind.RELEASE:
            turn.end(Ending.REFUSED)
    elif not call.holders:
        there = f" It is number {asked.call_number} there." if asked.call_number else ""
        turn.tell(
            Telling.RECEIVED_THERE,
            f"Their node holds it.{there} Nobody there has it yet. {asked.why}".strip(),
        )
    return tuple(turn.acts)
