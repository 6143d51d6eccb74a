"""How a desk comes to trust a node: its own authority, over real TLS."""

import ssl
import threading

import httpx
import pytest
import uvicorn
from msgspec.structs import replace

from clearline.adapters.certificates import certificates
from clearline.compose.service import open_service
from clearline.web.app import App
from clearline.web.feed import Feed
from clearline.web.server import OpenToAll, PortTaken, listen

ORIGIN = "north.example/clearline/exercise"


@pytest.fixture
def over_tls(tmp_path):
    """Run a node that speaks TLS by its own authority."""
    feed = Feed()
    service = open_service(
        tmp_path / "data",
        origin=ORIGIN,
        environment={},
        web={"port": 0},
        hear=feed.hear,
    )
    taken = listen(service)
    now = service.node.clock.read().wall
    made = certificates(service.folder, service.settings.web.names, now)
    service.begin()
    feed.look_back(service.node)
    config = uvicorn.Config(
        App(service, feed).asgi,
        log_config=None,
        ssl_certfile=made.certificate,
        ssl_keyfile=made.key,
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]})
    thread.start()
    yield f"https://localhost:{taken.getsockname()[1]}", made, service
    server.should_exit = True
    thread.join()
    service.stop()


def test_whoever_trusts_the_authority_is_let_through_and_nobody_else(over_tls):
    """A device that was told of the authority sees no warning; any other refuses."""
    url, made, _ = over_tls
    trust = ssl.create_default_context(cafile=str(made.authority))
    with httpx.Client(verify=trust, trust_env=False) as desk:
        page = desk.get(f"{url}/trust")
        assert page.status_code == 200
        assert made.fingerprint in page.text
        assert desk.get(f"{url}/authority.pem").content == made.authority.read_bytes()
        cookie_free = desk.get(f"{url}/api/v1/calls")
        assert cookie_free.status_code == 401
    with (
        httpx.Client(trust_env=False) as stranger,
        pytest.raises(httpx.ConnectError, match="certificate"),
    ):
        stranger.get(f"{url}/trust")


def test_a_telephone_is_given_the_page_by_a_code_where_it_could_reach_it(over_tls):
    """On loopback there is none; in a network the page shows one, with no secret."""
    url, made, service = over_tls
    trust = ssl.create_default_context(cafile=str(made.authority))
    with httpx.Client(verify=trust, trust_env=False) as desk:
        assert "<svg" not in desk.get(f"{url}/trust").text
        web = replace(service.settings.web, host="192.0.2.20", names=("192.0.2.20",))
        service.settings = replace(service.settings, web=web)
        shown = desk.get(f"{url}/trust").text
    assert f"https://192.0.2.20:{service.port}/trust" in shown
    assert shown.count("<svg") == 1
    assert service.setup_code not in shown


def test_certificates_are_kept_and_made_anew_only_when_they_must(over_tls):
    """The authority stays for good; a new name gets a new certificate under it."""
    _, made, service = over_tls
    now = service.node.clock.read().wall
    again = certificates(service.folder, service.settings.web.names, now)
    assert again.fingerprint == made.fingerprint
    before = made.certificate.read_bytes()
    certificates(service.folder, ("localhost", "desk.example"), now)
    assert made.certificate.read_bytes() != before
    assert (service.folder / "tls" / "authority.key").stat().st_mode & 0o077 == 0


def test_without_tls_a_node_listens_on_loopback_only(tmp_path):
    """Nothing is ever said in the clear beyond this machine."""
    service = open_service(
        tmp_path / "data", origin=ORIGIN, environment={},
        web={"tls": False, "host": "0.0.0.0", "port": 0},  # noqa: S104 (refused)
    )  # fmt: skip
    try:
        with pytest.raises(OpenToAll):
            listen(service)
    finally:
        service.stop()


def test_a_port_that_is_taken_is_said_to_be(tmp_path, over_tls):
    """Two nodes on one port: the second says which, and does not start."""
    url, _, _ = over_tls
    port = int(url.rpartition(":")[2])
    service = open_service(
        tmp_path / "other", origin=ORIGIN, environment={}, web={"port": port}
    )
    try:
        with pytest.raises(PortTaken, match=str(port)):
            listen(service)
    finally:
        service.stop()
