"""Decide what follows when a peer's log goes on as another, after a restore.

    old log lost at 48 377 --old key signs--> goes_on_as (new name, new key)
                 old link broken, new one pinned in its place, desks and open calls
                 said anew; a WARN rings our people

The old key proves that whoever says it had the old node's backup, and no more: so our
people are rung, and asked to compare the new key aloud. What the peer heard from us
after its backup is lost there; what is still open between us is said again.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from clearline.ledger.header import realm_of
from clearline.ledger.keys import parse_verifier_key
from clearline.model.calls import Call, Card, Kind
from clearline.model.commands import RaiseCall
from clearline.model.entries import Acknowledged, Act, PeerRevoked, PeerSet
from clearline.model.instants import Instant
from clearline.model.links import GoesOnAs, Message, Peer
from clearline.model.notice_acts import NoticeDisposed
from clearline.model.notice_life import Disposed
from clearline.model.notices import Notice
from clearline.model.parties import Actor, Strength
from clearline.picture.picture import Picture, View
from clearline.rules.disclosure_to_peers import (
    act_for,
    call_again,
    disposed_for,
    notice_for,
    withdrawn_for,
)
from clearline.rules.notice_life import require_loaded
from clearline.rules.raising import free_id, open_call
from clearline.rules.refusals import WrongOrder, refuse


def pin_successor(
    picture: Picture, peer: Peer, says: GoesOnAs, now: Instant
) -> tuple[Act, ...]:
    """Pin the log a peer's goes on as, in place of the one it says so of.

    Raises:
        WrongOrder: It names the same log, one of another realm, or one pinned here.
        KeyMalformed: Its key is none.
    """
    require_loaded(picture)
    key = parse_verifier_key(says.key)
    is_new = says.origin != peer.id and picture.peers.get(says.origin) is None
    is_its = key.name == says.origin and realm_of(says.origin) is realm_of(peer.id)
    if not is_new or not is_its:
        raise refuse(
            WrongOrder,
            f"{peer.id} cannot go on as {says.origin!r}.",
            "Name a new log of the same realm, with its own key.",
        )
    pinned = replace(peer, id=says.origin, key=says.key, follows=peer.id)
    why = f"its log goes on as {says.origin}, from {says.size} entries"
    return (
        PeerRevoked(peer=peer.id, why=why),
        PeerSet(peer=pinned),
        *_warn(picture, peer, says, now),
    )


def said_again(view: View, peer: Peer, now: Instant) -> Iterator[Message]:
    """Say to a peer that lost its newest entries what is still open between us.

    Our calls there, and who of ours has theirs; what it was told of our notices, and
    what our desks did with its own.
    """
    for call in view.open_calls():
        if call.raised_by.party == peer.ours:
            says: Message | None = call_again(view, peer, call, now)
            if says is not None:
                yield says
        for held in call.holders if call.to_party == peer.ours else ():
            says = act_for(view, peer, call, _had(call, held.by), now)
            if says is not None:
                yield says
    yield from notices_again(view, peer)
    yield from answers_again(view, peer)


def notices_again(view: View, peer: Peer) -> Iterator[Message]:
    """Say every notice anew that was told under the peer's old name."""
    told = {one.notice: None for one in view.told.values() if one.peer == peer.follows}
    for key in told:
        notice = view.notices.get(key) if key is not None else None
        if notice is None:
            continue
        if notice.withdrawn_at is not None:
            says: Message | None = withdrawn_for(view, peer, notice, notice.filed_by)
        else:
            says = notice_for(view, peer, notice, notice.filed_by)
        if says is not None:
            yield says


def answers_again(view: View, peer: Peer) -> Iterator[Message]:
    """Say anew what our desks did with notices of a peer's: its backup may lack it."""
    for notice in view.notices.values():
        if notice.owner != peer.party or not notice.is_far or notice.is_over:
            continue
        for did in notice.dispositions:
            if did.revision == notice.revision.number:
                says = disposed_for(view, peer, notice, _did(notice, did))
                if says is not None:
                    yield says


def _did(notice: Notice, did: Disposed) -> NoticeDisposed:
    return NoticeDisposed(
        notice=notice.id,
        revision=did.revision,
        desk=did.desk,
        disposition=did.disposition,
        by=did.by,
        detail=did.detail,
    )


def _had(call: Call, by: Actor) -> Acknowledged:
    return Acknowledged(call=call.id, by=by)


def _warn(
    picture: Picture, peer: Peer, says: GoesOnAs, now: Instant
) -> tuple[Act, ...]:
    ours = (one for one in picture.desks.values() if one.party == peer.ours)
    desk = next((one for one in ours if one.under is None), None)
    if desk is None:
        return ()
    asked = RaiseCall(
        call=free_id(picture, f"goes on as {says.origin}"),
        kind=Kind.WARN,
        by=Actor(
            party=peer.ours,
            desk=desk.id,
            strength=Strength.DEVICE_ONLY,
            device="link",
        ),
        card=Card(
            what=f"{peer.name} was restored: its log goes on as {says.origin}, with "
            "another key. Compare the key with them aloud; say again what counts."
        ),
    )
    return tuple(open_call(picture, asked, desk, now).acts)
