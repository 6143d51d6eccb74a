"""A real TAK server on loopback: what goes out is what was told, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from api.nodes import running
from api.test_files import _import, _sheet, _site
from clearline.adapters.certificates import certificates
from clearline.adapters.clock import SystemClock
from clearline.adapters.tak import LONGEST_EVENT, NotSecured, TakStream, TakUnreached
from clearline.cli.tak import Gateway, Take
from clearline.client import Client
from clearline.exchange.drawing import draw
from clearline.model.handing import NoticesHandedOut
from clearline.model.notices import NoticeKind, Precision
from clearline.model.parties import PersonId, Strength
from clearline.wire.cot import Event, split_cot, write_cot
from clearline.wire.told import taken_apart
from peers.tak import tak_server

NOW = datetime(2026, 3, 1, tzinfo=UTC)
_AREA = (
    b'<event version="2.0" uid="drawn-1" type="u-d-f" how="h-e" '
    b'time="%(t)s" start="%(t)s" stale="%(s)s">'
    b'<point lat="35.1" lon="40.1" hae="0" ce="1" le="1"/><detail>'
    b'<contact callsign="Area 1"/><link point="35,40"/><link point="35,40.1"/>'
    b'<link point="35.1,40.1"/><link point="35,40"/></detail></event>'
)
_TRACK = _AREA.replace(b"u-d-f", b"a-f-G-U-C").replace(b"drawn-1", b"own-9")


@pytest.fixture
def port(tmp_path):
    """Run a TAK server; what one was shown, it shows whoever comes later."""
    with tak_server(tmp_path) as found:
        yield found


def _next(stream: TakStream) -> bytes:
    """Return the next event that comes to a stream."""
    for _ in range(50):
        for event in stream.receive(0.2):
            return event
    raise AssertionError("nothing came")


def test_what_a_tak_server_hands_on_is_the_notice_that_was_sent(port):
    """A server between two desks changes nothing that we would miss."""
    geometry = {"type": "Point", "coordinates": [40.15, 35.3333]}
    said = {"start": "2036-01-01T00:00:00Z", "end": "2036-02-01T00:00:00Z"}
    event = Event(
        id="n-1",
        geometry=geometry,
        properties=said | {"radius_m": 80.0, "kind": "site", "name_local": "عيادة"},
        title="Clinic",
        says="<&>",
    )
    with TakStream("127.0.0.1", port) as one, TakStream("127.0.0.1", port) as other:
        one.send(write_cot([event], NOW))
        (told,) = split_cot(_next(other), draw)
    assert told.notes == ()
    assert taken_apart(told.feature).properties["name_local"] == "عيادة"


def _token(served, person: str) -> str:
    token, _ = served.service.tokens.begin(
        PersonId(person), Strength.PASSWORD, "screen"
    )
    return token


def test_a_desk_shows_what_it_was_told_and_takes_in_what_is_drawn(port, tmp_path):
    """Exactly as told, with an entry; withdrawn is stale; tracks are left alone."""
    with running(tmp_path / "data") as served, served.as_person("lina") as lina:
        told = _site("K1", recipients="south-ops: exact", consent_by="the owner")
        assert _import(lina, "s.xlsx", _sheet(told, _site("K2")))["filed"] == 2
        client = Client(served.url, token=_token(served, "duty"))
        watcher = TakStream("127.0.0.1", port)
        gateway_side = TakStream("127.0.0.1", port)
        with client, watcher, gateway_side:
            gateway = Gateway(
                client,
                gateway_side,
                ("own", "told"),
                Take(NoticeKind.AREA, {"established_by": "south headquarters"}),
                json=True,
            )
            size = served.service.node.log.size
            gateway.carry_out()
            event = _next(watcher)
            (shown,) = split_cot(event, draw)
            place = taken_apart(shown.feature).geometry["coordinates"]
            assert place == [40.15, 35.3333]
            assert b"K2" not in event
            assert b"+000" not in event
            entry = _handed(served, size)
            ((gone),) = entry.notices
            assert (gone.precision, entry.own) == (Precision.EXACT, 0)

            gateway.carry_out()  # nothing changed: nothing goes, and no entry
            size = served.service.node.log.size
            gone = _sheet({"ref": "K1", "request": "remove"})
            assert _import(lina, "r.xlsx", gone)["withdrawn"] == 1
            gateway.carry_out()
            (again,) = split_cot(_next(watcher), draw)
            end = taken_apart(again.feature).properties["end"]
            assert end <= served.service.node.clock.read().at.isoformat()

            times = {
                b"t": b"%s" % _said(served, 0).encode(),
                b"s": b"%s" % _said(served, 3600).encode(),
            }
            watcher.send(_TRACK % times + _AREA % times)
            for _ in range(50):
                gateway.carry_in(0.2)
                if drawn := _areas(served):
                    break
            assert [one.revision.details.code for one in drawn] == ["Area 1"]
            assert all(one.revision.tells == () for one in drawn)


def _said(served, ahead_s: int) -> str:
    from datetime import timedelta  # noqa: PLC0415

    at = served.service.node.clock.read().at + timedelta(seconds=ahead_s)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _handed(served, size: int) -> NoticesHandedOut:
    found = served.service.node.log.size
    entries = served.service.entries(range(size, found))
    acts = [entry.act for _, entry in entries]
    return next(act for act in acts if isinstance(act, NoticesHandedOut))


def _areas(served):
    with served.service.node.looking() as view:
        found = [one for one in view.notices.values() if one.owner == "south"]
    return [one for one in found if one.revision.kind is NoticeKind.AREA]


def test_what_never_ends_is_dropped_and_a_server_that_is_gone_is_said(port):
    """A flood fills no memory; nobody waits for a server that is not there."""
    stream = TakStream("127.0.0.1", port)
    stream._buffer += b"x" * (LONGEST_EVENT + 1)
    assert list(stream._cut()) == []
    assert (stream.dropped, len(stream._buffer)) == (1, 0)
    with pytest.raises(TakUnreached):
        stream.send(b"<event/>")
    with pytest.raises(TakUnreached):
        TakStream("127.0.0.1", 1).connect()


# --- TLS ----------------------------------------------------------------------


def _certified(tls, folder, now):
    """Make a certificate for whoever comes, signed by an authority; it and its key."""
    signer = serialization.load_pem_private_key(
        (tls.authority.parent / "authority.key").read_bytes(), None
    )
    issuer = x509.load_pem_x509_certificate(tls.authority.read_bytes()).subject
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a gateway")])
    made = (
        x509.CertificateBuilder(issuer, name, key.public_key(), 1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(signer, hashes.SHA256())
    )
    certificate, private = folder / "gateway.pem", folder / "gateway.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, private


def test_over_tls_each_side_has_to_be_known_to_the_other(tmp_path):
    """Events go both ways; to a stranger, and from one, none do."""
    now = SystemClock().read().at
    tls = certificates(tmp_path / "ours", ("localhost", "127.0.0.1"), now)
    others = certificates(tmp_path / "other", ("127.0.0.1",), now)
    certificate, key = _certified(tls, tmp_path, now)

    def stream(authority=tls.authority, **more):
        return TakStream("127.0.0.1", port, authority=authority, **more)

    times = {b"t": b"2026-03-01T00:00:00Z", b"s": b"2036-01-01T00:00:00Z"}
    known = {"certificate": certificate, "key": key}
    with tak_server(tmp_path, tls) as port:
        with stream(**known) as one, stream(**known) as other:
            one.send(_AREA % times)
            assert b"drawn-1" in _next(other)
        with pytest.raises(TakUnreached, match="CERTIFICATE_VERIFY_FAILED"):
            stream(others.authority, **known).connect()
        with pytest.raises(TakUnreached), stream() as stranger:
            _next(stranger)


@pytest.mark.parametrize("named", ["certificate", "key"])
def test_nothing_goes_in_the_clear_where_a_certificate_was_named(tmp_path, named):
    """An authority left out by mistake is said before anything is sent."""
    with pytest.raises(NotSecured, match="missing"):
        TakStream("127.0.0.1", 1, **{named: tmp_path / "some.pem"})


def test_a_file_that_is_none_is_named(tmp_path):
    """It is not taken for a server that does not answer."""
    nothing = tmp_path / "nothing.pem"
    with pytest.raises(NotSecured, match=r"nothing\.pem"):
        TakStream("127.0.0.1", 1, authority=nothing)
