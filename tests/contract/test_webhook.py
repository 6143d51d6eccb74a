"""Webhooks as a receiver takes them, checked by the published scheme's library."""

import datetime as dt
import ipaddress
import json
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from msgspec.structs import replace
from standardwebhooks import Webhook, WebhookVerificationError

from clearline.adapters.chance import SystemChance
from clearline.adapters.couriers.webhook import WebhookSecrets
from clearline.adapters.settings import BadSettings
from clearline.model.calls import Outcome
from clearline.model.parties import Medium
from contract.rigs import PATIENCE_S, WebhookRig
from peers import Ahead
from peers.web import WebPeer


@pytest.fixture
def rig():
    """Have it running."""
    found = WebhookRig()
    found.peer.start()
    found.start()
    yield found
    found.close()


def posted(rig, count=1):
    """Wait for posts and check each as a receiver does."""
    found = []
    for path, headers, body in rig.peer.wait_for(count):
        secret = rig.secrets.of(f"{rig.peer.url}{path}")
        found.append((headers, Webhook(secret).verify(body, headers)))
    return found


def test_a_post_is_whole_and_signed(rig):
    """A receiver with the secret reads who is rung, for what, and in which words."""
    rig.courier.ring(rig.ring())
    ((headers, told),) = posted(rig)
    assert headers["webhook-id"].startswith("ring_")
    assert told["type"] == "call.ring"
    assert told["data"] == {
        "call": "c",
        "number": 12,
        "kind": "STOP",
        "precedence": "FLASH",
        "attempt": "c.1.1",
        "person": "amal",
        "desk": "s",
        "times": 1,
        "is_durable": True,
        "language": "en",
        "subject": "STOP for c.1.1",
        "text": "STOP for c.1.1\n",
    }
    assert rig.wait_for_report(Outcome.DELIVERED) == "200"


def test_no_code_leaves_by_webhook(rig):
    """A machine acknowledges nothing, and is given nothing to do it with."""
    rig.courier.ring(rig.ring())
    rig.peer.wait_for(1)
    assert b"481516" not in rig.peer.posts[0][2]


def test_a_receiver_knows_a_repeat_by_its_id(rig):
    """Tried again, the id is the same; a changed body no longer verifies."""
    rig.peer.answers.append(503)
    rig.courier.ring(rig.ring())
    rig.wait_for_trouble()
    rig.later(16)
    (first, _), (second, _) = posted(rig, 2)
    assert first["webhook-id"] == second["webhook-id"]
    path, headers, body = rig.peer.posts[0]
    secret = rig.secrets.of(f"{rig.peer.url}{path}")
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body.replace(b"STOP", b"HOLD"), headers)


def test_each_receiver_has_a_secret_of_its_own(rig):
    """Whoever holds one secret can forge no post to another."""
    rig.courier.ring(rig.ring("amal"))
    path, headers, body = rig.peer.wait_for(1)[0]
    assert path == "/amal"
    rig.address("basil")
    other = rig.secrets.of(f"{rig.peer.url}/basil")
    with pytest.raises(WebhookVerificationError):
        Webhook(other).verify(body, headers)


def test_secrets_stay_over_a_restart(rig):
    """What a receiver was given holds until it is made anew."""
    url = rig.address("amal")
    again = WebhookSecrets(rig.store, SystemChance())
    assert again.of(url) == rig.secrets.of(url)
    assert again.make(url) != rig.secrets.of(url)


def test_an_address_that_wants_nothing_more_is_taken_out(rig):
    """410 ends it: the attempt is failed and the address dropped."""
    rig.peer.answers.append(410)
    rig.courier.ring(rig.ring())
    assert "410" in rig.wait_for_report(Outcome.FAILED)
    assert rig.dropped == [(Medium.WEBHOOK, rig.address("amal"))]


def test_a_redirect_is_never_followed(rig):
    """A card goes where it was addressed and nowhere else."""
    rig.peer.answers.append((307, {"Location": f"{rig.peer.url}/elsewhere"}))
    rig.courier.ring(rig.ring())
    assert "redirects" in rig.wait_for_report(Outcome.FAILED)
    assert [path for path, _, _ in rig.peer.posts] == ["/amal"]


def test_a_receiver_may_ask_for_time_but_not_for_ever(rig):
    """Retry-After is obeyed up to half a minute."""
    rig.peer.answers.append((429, {"Retry-After": "86400"}))
    rig.courier.ring(rig.ring())
    rig.wait_for_trouble()
    rig.later(16)
    assert len(rig.peer.posts) == 1
    rig.later(15)
    rig.wait_for_report(Outcome.DELIVERED)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/",
        "https://127.0.0.1:1/",
        "https://[::1]:1/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/",
        "https://[::ffff:127.0.0.1]/",
        "https://localhost:1/",
        "ftp://example.org/",
        "https://user:pass@127.0.0.1/",
    ],
)
def test_nothing_inside_is_posted_to_unless_allowed(url):
    """An address entered by somebody cannot reach what lies behind our door."""
    rig = WebhookRig(allow_private=False)
    rig.start()
    rig.secrets.make(url)
    rig.courier.ring(replace(rig.ring(), address=url))
    assert rig.wait_for_report(Outcome.FAILED)
    rig.close()


def certificate(folder, name):
    """Make a certificate for 127.0.0.1; return its file and a server's context."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = Ahead().read().wall
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
            ),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    pem = folder / f"{name}.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    both = folder / f"{name}-key.pem"
    both.write_bytes(
        pem.read_bytes()
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return pem, context


@pytest.mark.parametrize("is_trusted", [True, False])
def test_a_receiver_has_to_show_a_certificate_we_trust(is_trusted, tmp_path):
    """Over TLS to the right receiver it is delivered, to another one never."""
    pem, context = certificate(tmp_path, "right")
    other, _ = certificate(tmp_path, "other")
    rig = WebhookRig(ca_file=str(pem if is_trusted else other))
    rig.peer = WebPeer(context=context).start()
    rig.start()
    rig.courier.ring(rig.ring())
    if is_trusted:
        rig.wait_for_report(Outcome.DELIVERED)
        assert json.loads(rig.peer.posts[0][2])["type"] == "call.ring"
    else:
        rig.wait_for_trouble()
        assert "CERTIFICATE_VERIFY_FAILED" in rig.courier.state().trouble
        assert rig.peer.posts == []
    rig.close()


def test_certificates_that_cannot_be_read_stop_the_start(tmp_path):
    """A misspelt path is named, and never a silent trust in something else."""
    with pytest.raises(BadSettings, match="nowhere"):
        WebhookRig(ca_file=str(tmp_path / "nowhere.pem"))


def test_what_is_told_is_no_ring(rig):
    """A telling has a type and an id of its own."""
    rig.courier.tell(rig.message())
    ((headers, told),) = posted(rig)
    assert told["type"] == "call.told"
    assert headers["webhook-id"].startswith("told_")
    assert rig.courier.queue.wait_until_idle(PATIENCE_S)
