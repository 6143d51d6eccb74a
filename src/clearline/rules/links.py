"""Decide what is said to other parties' nodes, and what follows from what they say.

    an act here --disclosure--> PeerTold n --link--> PeerHeard n, and what follows
    PeerReceipted n <--------- signed receipt <----- (the entry PeerHeard, proven)

What a peer says is held against the same rules as what our own people say, as an act
of its party: it can raise calls at our desks, and act on calls between it and us. It
can do nothing else. Whatever it says, taken or refused, is kept with its signature.

A STOP or HOLD waits for nothing: neither for what was said before it, nor for a desk
it names rightly, nor for a number of its own. Everything else is taken in the order in
which it was said.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, cast

from msgspec.structs import replace

from clearline.model.calls import (
    Answer,
    Call,
    CallId,
    Ending,
    Kind,
    Telling,
    Why,
)
from clearline.model.commands import (
    Acknowledge,
    Close,
    GiveAnswer,
    HearPeer,
    KeepReceipt,
    RaiseCall,
    RenewHold,
    ReportCeased,
    RevokePeer,
    SayBack,
    SetPeer,
    WithdrawAcknowledgement,
)
from clearline.model.entries import (
    CALL_ACTS,
    Act,
    CallRaised,
    DeskSet,
    PartySet,
    PassedOn,
    PeerHeard,
    PeerReceipted,
    PeerRevoked,
    PeerSet,
    PeerTold,
    PersonSet,
    Rang,
    Received,
    Shown,
)
from clearline.model.errors import BadInput
from clearline.model.instants import Duration, Instant, write_instant
from clearline.model.links import (
    URGENT,
    Answers,
    CallRef,
    CallSaid,
    Closes,
    Desks,
    FarActor,
    GoesOnAs,
    Has,
    HasNoMore,
    HeardAs,
    Message,
    PassesOn,
    Peer,
    PeerId,
    Reach,
    Renews,
    ReportsCeased,
    SaysBack,
    ShownThere,
    at_party,
    is_urgent_message,
)
from clearline.model.parties import (
    Actor,
    Desk,
    DeskId,
    Medium,
    Party,
    PartyId,
    Person,
    PersonId,
)
from clearline.picture.picture import Picture, View, hearing_key
from clearline.rules import answering, raising
from clearline.rules.disclosure import act_for, call_for, desks_for
from clearline.rules.escalation import ring_own
from clearline.rules.refusals import (
    NotYourCall,
    ReleaseRefused,
    UnknownCall,
    UnknownDesk,
    WrongOrder,
    over,
    refuse,
)
from clearline.rules.release import is_confirmed_in_time, lift_late
from clearline.rules.succession import pin_successor, said_again
from clearline.rules.turn import Turn

AHEAD_AT_MOST: Final = Duration(seconds=60)
"""How far ahead of our clock a peer's RELEASE may say it was proposed."""


class UnknownPeer(BadInput):
    """Refuse a node that is not linked with this one, or no longer."""


class PartyTaken(BadInput):
    """Refuse a link to a party that is our own, or that another node stands for."""


class OutOfOrder(BadInput):
    """Refuse what a peer said before something it said earlier has arrived."""


class SignedTwice(BadInput):
    """Refuse two different things a peer signed under one number."""


# --- links -------------------------------------------------------------------------


def set_peer(picture: Picture, asked: SetPeer, now: Instant) -> tuple[Act, ...]:
    """Pin a node, or the new keys of one; from now on it is told our desks.

    Raises:
        UnknownPeer: Our own party of the link is not on the line here.
        PartyTaken: Its party is ours, or another node's.
    """
    del now
    peer = asked.peer
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
        if person.id.startswith(_NODE) and person.id.endswith(f"@{peer.party}")
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
    for act in acts:
        if isinstance(act, CallRaised):
            says: Message | None = call_for(picture, peer, act, now)
        elif isinstance(act, CALL_ACTS):
            call = picture.calls.get(act.call)
            says = act_for(picture, peer, call, act, now) if call else None
        else:
            says = None
        if says is not None:
            yield says


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
        at = _Hearing(picture, peer, asked.said_at, now)
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


class _Hearing:
    """Hold what something a peer says is taken with.

    Attributes:
        picture: What stands, whoever acts there entered.
        entered: What enters them, to be written before what follows.
    """

    def __init__(
        self, picture: Picture, peer: Peer, said_at: Instant, now: Instant
    ) -> None:
        self.picture, self.peer = picture, peer
        self.said_at, self.now = said_at, now
        self.entered: tuple[Act, ...] = ()

    def actor(self, far: FarActor) -> Actor:
        """Enter whoever acts as a pseudonym of their desk, on first sight."""
        party = self.peer.party
        desk = DeskId(at_party(far.desk, party))
        if self.picture.desks.get(desk) is None:
            raise refuse(
                UnknownDesk,
                f"{self.peer.id} speaks for {far.desk!r}, which it has not told of.",
                "Say first which desks may be called.",
            )
        if far.tag is None:
            return Actor(party=party, desk=desk, strength=far.strength)
        person = Person(
            id=PersonId(at_party(far.tag, party)),
            desk=desk,
            pseudonym=far.pseudonym,
            roles=far.roles,
            media=(),
        )
        if self.picture.persons.get(person.id) != person:
            self.entered += (PersonSet(person=person),)
            self.picture = self.picture.as_entered(person)
        return Actor(party=party, desk=desk, strength=far.strength, person=person.id)

    def call(self, ref: CallRef) -> CallId:
        """Find a call between the peer and us by the id it has at its raiser."""
        peer = self.peer
        is_ours = ref.raised_by == peer.ours
        call = ref.call if is_ours else CallId(at_party(ref.call, peer.party))
        known = self.picture.calls.get(call)
        if known is None:
            raise refuse(
                UnknownCall,
                f"This node knows no call {ref.call!r} of {ref.raised_by}.",
                "A STOP that never arrived must be raised again.",
            )
        sides = (known.raised_by.party, known.to_party)
        if sides != ((peer.ours, peer.party) if is_ours else (peer.party, peer.ours)):
            raise refuse(
                NotYourCall,
                f"Call {ref.call!r} is not between {peer.party} and {peer.ours}.",
                "Only the two sides of a call act on it.",
            )
        return call


def _desks(at: _Hearing, says: Desks) -> tuple[Act, ...]:
    """Enter a peer's desks, each with a node that can be rung there by the link."""
    party = at.peer.party
    acts: list[Act] = [PartySet(party=_party(at.picture, party, says.name))]
    for far in says.desks:
        desk = Desk(
            id=DeskId(at_party(far.id, party)),
            party=party,
            name=far.name,
            is_single_handed=far.is_single_handed,
        )
        node = Person(
            id=PersonId(f"{_NODE}{desk.id}"),
            desk=desk.id,
            pseudonym=f"the node of {says.name}",
            roles=(),
            media=(Medium.LINK,),
        )
        acts += (DeskSet(desk=desk), PersonSet(person=node))
    return tuple(acts)


_NODE: Final = "node:"


def _party(picture: Picture, party: PartyId, name: str) -> Party:
    known = picture.parties.get(party)
    return replace(known, name=name) if known else Party(id=party, name=name)


def _goes_on_as(at: _Hearing, says: GoesOnAs) -> tuple[Act, ...]:
    return pin_successor(at.picture, at.peer, says, at.now)


def _call(at: _Hearing, says: CallSaid) -> tuple[Act, ...]:
    """Raise a peer's call at our desk, by our own ladder.

    The desk is ours or the call goes to no other: a STOP that names none of ours
    rings the one at the top of our tree.
    """
    is_urgent = says.kind in URGENT
    by = _caller(at, says)
    desk = _desk_of_ours(at, says.to_desk, is_urgent=is_urgent)
    if says.kind is Kind.RELEASE and says.said_at > at.now + AHEAD_AT_MOST:
        raise refuse(
            ReleaseRefused,
            f"The RELEASE says it was proposed at {write_instant(says.said_at)}, "
            "which lies ahead.",
            "Set the clocks right, then propose it anew. The STOP stands.",
        )
    party = at.peer.party
    asked = RaiseCall(
        call=CallId(at_party(says.call, party)),
        kind=says.kind,
        by=by,
        to_desk=desk.id,
        card=says.card,
        precedence=says.precedence,
        said_at=says.said_at,
        of=CallId(at_party(says.of, party)) if says.of else None,
        ends_in=says.ends_in if says.kind is not Kind.RELEASE else None,
    )
    raised = raising.raise_call(at.picture, asked, at.now)
    return (*at.entered, *raised)


def _caller(at: _Hearing, says: CallSaid) -> Actor:
    """Say who calls; a STOP from a desk we were not told of is no reason to wait."""
    try:
        return at.actor(says.by)
    except BadInput:
        if says.kind not in URGENT:
            raise
        desk = DeskId(at_party(says.by.desk, at.peer.party))
        return Actor(party=at.peer.party, desk=desk, strength=says.by.strength)


def _desk_of_ours(at: _Hearing, name: DeskId, *, is_urgent: bool) -> Desk:
    ours = at.peer.ours
    desk = at.picture.desks.get(name)
    if desk is not None and desk.party == ours and desk.under is None:
        return desk
    tops = (d for d in at.picture.desks.values() if d.party == ours and not d.under)
    top = next(tops, None)
    if is_urgent and top is not None:
        return top
    raise refuse(
        UnknownDesk,
        f"There is no desk {name!r} here that may be called over the link.",
        "Name a desk this node has told of. Use voice if it is urgent.",
    )


def _shown(at: _Hearing, says: ShownThere) -> tuple[Act, ...]:
    call = at.picture.calls.get(at.call(says.call))
    if call is None:
        return ()
    turn = Turn(call, at.now)
    turn.do(Shown(call=call.id, device="", desk=call.to_desk))
    return tuple(turn.acts)


def _has(at: _Hearing, says: Has) -> tuple[Act, ...]:
    asked = Acknowledge(call=at.call(says.call), by=at.actor(says.by))
    return (*at.entered, *answering.acknowledge(at.picture, asked, at.now))


def _has_no_more(at: _Hearing, says: HasNoMore) -> tuple[Act, ...]:
    asked = WithdrawAcknowledgement(call=at.call(says.call), by=at.actor(says.by))
    return (*at.entered, *answering.withdraw(at.picture, asked, at.now))


def _answers(at: _Hearing, says: Answers) -> tuple[Act, ...]:
    asked = GiveAnswer(
        call=at.call(says.call),
        by=at.actor(says.by),
        answer=says.answer,
        reason=says.reason,
        detail=says.detail,
    )
    call = at.picture.calls.get(asked.call)
    is_yes = says.answer is Answer.AFFIRM
    if call is not None and is_yes and is_confirmed_in_time(call, at.said_at):
        return (*at.entered, *lift_late(at.picture, call, asked, at.now))
    return (*at.entered, *answering.answer(at.picture, asked, at.now))


def _says_back(at: _Hearing, says: SaysBack) -> tuple[Act, ...]:
    """Compare what was read back there with what we sent.

    A call has a number at each node; theirs, rightly said, names ours.
    """
    call = at.call(says.call)
    known = at.picture.calls.get(call)
    if known is None:
        return ()
    said = tuple(
        replace(one, text=str(known.number), number=float(known.number))
        if one.name == "number" and one.text.strip() == str(says.number)
        else one
        for one in says.said
    )
    asked = SayBack(call=call, by=at.actor(says.by), said=said)
    return (*at.entered, *answering.say_back(at.picture, asked, at.now))


def _passes_on(at: _Hearing, says: PassesOn) -> tuple[Act, ...]:
    """Keep that a call was passed on there; to whom is not ours to know."""
    call = at.picture.calls.get(at.call(says.call))
    by = at.actor(says.by)
    if call is None or by.person is None or call.kind not in URGENT:
        raise refuse(
            WrongOrder,
            "Nobody passes on what is no STOP or HOLD.",
            "Only a person passes on a STOP or HOLD.",
        )
    if not call.is_open:
        raise over(call)
    answering.require_called_side(at.picture, call, by)
    turn = Turn(call, at.now)
    answering.have(turn, by)
    below = CallId(f"{call.id}/{len(call.passed) + 1}@{at.peer.party}")
    turn.do(PassedOn(call=call.id, by=by, to_desk=call.to_desk, child=below))
    return (*at.entered, *turn.acts)


def _ceased(at: _Hearing, says: ReportsCeased) -> tuple[Act, ...]:
    asked = ReportCeased(
        call=at.call(says.call),
        by=at.actor(says.by),
        ceased_at=min(says.ceased_at, at.now),  # their clock may be ahead of ours
        detail=says.detail,
    )
    return (*at.entered, *answering.report_ceased(at.picture, asked, at.now))


def _closes(at: _Hearing, says: Closes) -> tuple[Act, ...]:
    asked = Close(call=at.call(says.call), by=at.actor(says.by), why=says.why)
    return (*at.entered, *answering.close(at.picture, asked, at.now))


def _renews(at: _Hearing, says: Renews) -> tuple[Act, ...]:
    asked = RenewHold(
        call=at.call(says.call), by=at.actor(says.by), ends_in=says.ends_in
    )
    return (*at.entered, *answering.renew_hold(at.picture, asked, at.now))


_FOLLOWS: Final = cast(
    "dict[type, Callable[[_Hearing, Any], tuple[Act, ...]]]",
    {
        Desks: _desks,
        GoesOnAs: _goes_on_as,
        CallSaid: _call,
        ShownThere: _shown,
        Has: _has,
        HasNoMore: _has_no_more,
        Answers: _answers,
        SaysBack: _says_back,
        PassesOn: _passes_on,
        ReportsCeased: _ceased,
        Closes: _closes,
        Renews: _renews,
    },
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
