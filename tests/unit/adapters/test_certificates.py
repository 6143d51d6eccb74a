"""The node's own authority signs for the node, and for nothing else."""

import ipaddress
import socket
import ssl
import threading
from contextlib import contextmanager

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from clearline.adapters import certificates as module
from clearline.adapters.certificates import NamesNotPermitted, certificates
from clearline.adapters.clock import SystemClock

NAMES = ("line.north.example", "192.0.2.7")
NOW = SystemClock().read().wall


@contextmanager
def serving(made):
    """Speak TLS once on loopback."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.certificate, made.key)
    listening = socket.create_server(("127.0.0.1", 0))

    def answer():
        taken, _ = listening.accept()
        try:
            context.wrap_socket(taken, server_side=True).close()
        except OSError:
            taken.close()

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        thread.join(10)
        listening.close()


def greet(made, port, name):
    """Connect as a device that trusts the authority."""
    context = ssl.create_default_context(cafile=str(made.authority))
    with (
        socket.create_connection(("127.0.0.1", port), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname=name) as line,
    ):
        return line.version()


@pytest.mark.parametrize("name", [*NAMES, "localhost", "127.0.0.1", "::1"])
def test_devices_trust_the_node_by_each_of_its_names(tmp_path, name):
    """Its names, its addresses, and its own machine are what it is known as."""
    made = certificates(tmp_path, (*NAMES, "localhost", "127.0.0.1", "::1"), NOW)
    with serving(made) as port:
        assert greet(made, port, name)


@pytest.mark.parametrize("name", ["192.0.2.7", "127.0.0.1", "2001:db8::7"])
def test_a_node_that_has_only_an_address_is_trusted_by_it(tmp_path, name):
    """Many have no name: the address alone is permitted, and is taken for no host."""
    made = certificates(tmp_path, (name,), NOW)
    with serving(made) as port:
        assert greet(made, port, name)


@pytest.mark.parametrize("name", ["bank.example", "north.example", "198.51.100.9"])
def test_whoever_has_its_key_can_be_no_other_site(tmp_path, monkeypatch, name):
    """A certificate for another name, signed with the stolen key, is refused."""
    certificates(tmp_path, NAMES, NOW)
    monkeypatch.setattr(module, "_is_enough", lambda *_: True)
    forged = certificates(tmp_path, (name,), NOW)
    with serving(forged) as port, pytest.raises(ssl.SSLError, match="violation"):
        greet(forged, port, name)


def test_the_constraint_is_critical(tmp_path):
    """Whoever does not understand it refuses the authority and does not pass it by."""
    made = certificates(tmp_path, NAMES, NOW)
    authority = x509.load_pem_x509_certificate(made.authority.read_bytes())
    found = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert found.critical
    permitted = [one.value for one in found.value.permitted_subtrees]
    assert permitted[:2] == ["line.north.example", ipaddress.ip_network("192.0.2.7")]


def test_a_name_within_keeps_the_authority(tmp_path):
    """One name fewer, or one below another, and nobody trusts anew."""
    first = certificates(tmp_path, NAMES, NOW).fingerprint
    assert certificates(tmp_path, NAMES[:1], NOW).fingerprint == first
    below = ("screen.line.north.example",)
    assert certificates(tmp_path, below, NOW).fingerprint == first


def test_a_name_beyond_is_refused_and_says_how_to_go_on(tmp_path):
    """Devices trust the old authority: it is never replaced behind their backs."""
    first = certificates(tmp_path, NAMES, NOW).fingerprint
    with pytest.raises(NamesNotPermitted, match=r"line\.south\.example") as refused:
        certificates(tmp_path, (*NAMES, "line.south.example"), NOW)
    assert "trusts anew" in refused.value.next
    assert certificates(tmp_path, NAMES, NOW).fingerprint == first


def test_what_was_only_reached_at_home_gets_another_by_itself(tmp_path):
    """A node tried out on its own machine, then given its name, just starts."""
    first = certificates(tmp_path, ("localhost", "127.0.0.1"), NOW).fingerprint
    made = certificates(tmp_path, NAMES, NOW)
    assert made.fingerprint != first
    with serving(made) as port:
        assert greet(made, port, NAMES[0])


def test_an_authority_made_before_this_goes_on(tmp_path, monkeypatch):
    """One without constraints still signs: no device has to trust anew."""

    def unbound(key, names, now):
        name = module._subject(f"clearline authority of {names[0]}")
        return (
            module._builder(name, name, key.public_key(), now, module.AUTHORITY_FOR)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(module._usage(is_authority=True), critical=True)
            .sign(key, hashes.SHA256())
        )

    monkeypatch.setattr(module, "_authority", unbound)
    first = certificates(tmp_path, NAMES, NOW).fingerprint
    monkeypatch.undo()
    made = certificates(tmp_path, (*NAMES, "line.south.example"), NOW)
    assert made.fingerprint == first


def test_a_certificate_of_another_authority_is_made_again(tmp_path):
    """The same first name and another key: devices would refuse what lies there."""
    certificates(tmp_path, ("localhost",), NOW)
    made = certificates(tmp_path, ("localhost", *NAMES), NOW)
    with serving(made) as port:
        assert greet(made, port, "localhost")
