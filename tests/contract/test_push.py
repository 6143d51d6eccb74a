"""Web push as a service and a browser take it; both are simulated, and called so."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from clearline.adapters.chance import SystemChance
from clearline.adapters.couriers.push import push_seed
from clearline.adapters.couriers.sealing_push import (
    NotASubscription,
    PushKeys,
    b64,
    encrypt,
    make_key,
    public_key,
    read_subscription,
    unb64,
)
from clearline.adapters.local import LocalStore
from clearline.model.calls import Outcome
from clearline.model.parties import Medium
from clearline.service.calling import CourierStanding
from contract.rigs import PushRig
from peers.web import Browser, read_token


@pytest.fixture
def rig():
    """Have it running."""
    found = PushRig()
    found.peer.start()
    found.start()
    yield found
    found.close()


def private(scalar):
    """Make a key from the scalar a vector gives."""
    return ec.derive_private_key(int.from_bytes(unb64(scalar), "big"), ec.SECP256R1())


def test_the_vector_of_rfc_8291_comes_out_exactly():
    """RFC 8291 appendix A: the very bytes, from the very keys."""
    sealed = encrypt(
        b"When I grow up, I want to be a watermelon",
        PushKeys(
            p256dh="BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8"
            "pZGH6SRpkNtoIAiw4",
            auth="BTBZMqHH6r4Tts7J_aSIgg",
        ),
        salt=unb64("DGv6ra1nlYgDCS1FRnbzlw"),
        ours=private("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
    )
    assert b64(sealed) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3v"
        "CYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXP"
        "XLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_another_hand_reads_what_we_encrypted():
    """A browser's own decryption gets the words back, whatever their length."""
    browser = Browser()
    keys = read_subscription(browser.subscription("https://push.example/1")).keys
    for length in (0, 1, 100, 3000):
        sealed = encrypt(
            json.dumps("a" * length).encode(),
            keys,
            salt=SystemChance().draw(16),
            ours=make_key(SystemChance().draw(40)),
        )
        assert browser.read(sealed) == "a" * length


def test_a_push_says_who_posts_it_and_for_how_long(rig):
    """The token verifies, is for this service, and ends within a day."""
    rig.courier.ring(rig.ring())
    _, headers, _ = rig.peer.wait_for(1)[0]
    claims, key = read_token(headers["authorization"], rig.peer.url)
    assert claims["sub"] == "mailto:duty@north.example"
    assert 0 < claims["exp"] - rig.clock.read().wall.timestamp() <= 24 * 3600
    assert key == rig.courier.public_key
    assert headers["content-encoding"] == "aes128gcm"
    assert (headers["ttl"], headers["urgency"]) == ("60", "high")
    assert len(headers["topic"]) <= 32


def test_a_push_shows_a_word_and_a_number_and_no_more(rig):
    """What stands on a locked screen holds no place, no reason and no code."""
    rig.courier.ring(rig.ring())
    rig.wait_for_report(Outcome.SENT)
    assert rig.browsers["amal"].read(rig.peer.posts[0][2]) == {
        "call": "c",
        "number": 12,
        "kind": "STOP",
        "subject": "STOP for c.1.1",
        "language": "en",
        "attempt": "c.1.1",
    }


def test_a_newer_ring_replaces_the_older_at_the_service(rig):
    """Rings of one call share a topic; other calls and tellings have their own."""
    rig.courier.ring(rig.ring(attempt="c.1.1"))
    rig.peer.wait_for(1)
    rig.courier.ring(rig.ring(attempt="c.2.1"))
    rig.peer.wait_for(2)
    rig.courier.ring(rig.ring(attempt="d.1.1", call="d"))
    rig.peer.wait_for(3)
    rig.courier.tell(rig.message())
    topics = [headers["topic"] for _, headers, _ in rig.peer.wait_for(4)]
    assert topics[0] == topics[1]
    assert len(set(topics)) == 3


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_is_over_is_taken_out(rig, status):
    """The browser is gone: the attempt is failed and its address dropped."""
    rig.peer.answers.append(status)
    address = rig.address("amal")
    rig.courier.ring(rig.ring())
    assert str(status) in rig.wait_for_report(Outcome.FAILED)
    assert rig.dropped == [(Medium.PUSH, address)]


def test_without_a_contact_it_is_not_set_up():
    """A service wants to know whom to ask; without that nothing is pushed."""
    rig = PushRig(contact="")
    rig.start()
    assert rig.courier.test().standing is CourierStanding.NOT_SET_UP
    rig.courier.ring(rig.ring())
    assert "contact" in rig.wait_for_report(Outcome.FAILED)
    rig.close()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        '{"endpoint": "https://p", "keys": {"p256dh": "", "auth": ""}}',
        '{"endpoint": "https://p", "keys": {"p256dh": "BAAA", "auth": "AAAA"}}',
    ],
)
def test_what_no_browser_gave_is_refused(text):
    """A subscription is read whole or not at all."""
    with pytest.raises(NotASubscription):
        read_subscription(text)


def test_the_nodes_key_stays():
    """Browsers hold its public half, so it is drawn once."""
    store = LocalStore(None)
    seed = push_seed(store, SystemChance())
    assert push_seed(store, SystemChance()) == seed
    assert len(unb64(public_key(make_key(seed)))) == 65
    store.close()
