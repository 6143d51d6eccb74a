"""What is kept of a peer's log: the newest head its own key signed, and no other."""

import pytest
from msgspec.structs import replace

from clearline.adapters.peers.kept_heads import KeptHeads
from clearline.ledger.checkpoint import Checkpoint, sign_checkpoint
from clearline.ledger.keys import SignerKey
from clearline.ledger.note import NoteRefused
from clearline.model.links import Peer, PeerId
from clearline.model.parties import PartyId
from clearline.service.heads import HeadForked, Heads, NoShelf

ORIGIN = "south.example/clearline/exercise"
KEY = SignerKey(name=ORIGIN, seed=bytes(range(32)))
PEER = Peer(
    id=PeerId(ORIGIN),
    party=PartyId("south"),
    ours=PartyId("north"),
    name="South",
    key=str(KEY.verifier),
    certificate="",
    url="https://south.example",
    veil="",
)


def head(size, mark=1, key=KEY):
    """Sign a head of so many entries."""
    return sign_checkpoint(
        Checkpoint(origin=ORIGIN, size=size, root=bytes([mark] * 32)), key
    )


def test_the_newest_head_is_handed_back_and_outlives_a_restart(tmp_path):
    """An older one that comes later changes nothing."""
    heads = Heads(KeptHeads(tmp_path))
    assert heads.newest(PEER) == ""
    for size in (3, 7, 5):
        heads.saw(PEER, head(size))
    assert heads.newest(PEER).splitlines()[1] == "7"
    heads.keep((PEER.id,))
    assert Heads(KeptHeads(tmp_path)).newest(PEER) == heads.newest(PEER)


def test_two_heads_of_one_size_are_a_fork_and_the_first_is_kept():
    """Whoever signs two histories under one name is found out by the second."""
    heads = Heads(NoShelf())
    heads.saw(PEER, head(7))
    heads.saw(PEER, head(7))
    with pytest.raises(HeadForked):
        heads.saw(PEER, head(7, mark=2))
    assert heads.newest(PEER) == head(7).decode()


def test_what_the_peers_own_key_has_not_signed_is_no_head_of_its(tmp_path):
    """Nor is a file somebody put where heads are kept."""
    heads = Heads(KeptHeads(tmp_path))
    other = SignerKey(name=ORIGIN, seed=bytes(32))
    with pytest.raises(NoteRefused):
        heads.saw(PEER, head(9, key=other))
    assert heads.newest(PEER) == ""
    KeptHeads(tmp_path).keep(PEER.id, head(9, key=other))
    assert Heads(KeptHeads(tmp_path)).newest(PEER) == ""
    heads.saw(PEER, head(2))
    heads.keep((replace(PEER, id=PeerId("nobody")).id,))
    assert Heads(KeptHeads(tmp_path)).newest(PEER) == ""
