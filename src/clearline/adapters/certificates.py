"""Make a node's own small certificate authority, and its certificate for screens.

    DATA/tls/authority.pem       what a desk's device is told to trust
    DATA/tls/authority.key 0600
    DATA/tls/node.pem            the node's certificate, signed by it, for its names
    DATA/tls/node.key      0600

A node certificate that runs out soon, or does not hold a name the node is reached by,
is made again at start; the authority stays, so that no desk has to trust anew.

Trusted for: being this node, on devices that were told so. The authority is bound to
the node's names and loopback (name constraints, RFC 5280 section 4.2.1.10): whoever
reads `authority.key` can be this node to those devices, and no other site. A node that
gets a name beyond them needs another authority, and its devices trust anew; one that
was only ever reached on its own machine gets it by itself.
"""

import contextlib
import ipaddress
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from clearline.adapters.files import (
    PRIVATE,
    PUBLIC,
    SYSTEM_DISK,
    Disk,
    make_private_folder,
    write_whole,
)
from clearline.model.errors import BadInput
from clearline.model.instants import Duration, Instant

FOLDER: Final = "tls"
AUTHORITY_FOR: Final = Duration(days=3650)
NODE_FOR: Final = Duration(days=397)
RENEW_BEFORE: Final = Duration(days=60)

_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")

_SKEW: Final = Duration(days=1)
_END: Final = x509.BasicConstraints(ca=False, path_length=None)


class NamesNotPermitted(BadInput):
    """Refuse names that the authority devices trust may not sign for."""

    exit_code = 78


class Certificates(msgspec.Struct, frozen=True, kw_only=True):
    """Name the files a server speaks TLS with, and what to trust.

    Attributes:
        fingerprint: SHA-256 of the authority, pairs of hex digits, to compare aloud.
    """

    authority: Path
    certificate: Path
    key: Path
    fingerprint: str


def certificates(
    folder: Path, names: tuple[str, ...], now: Instant, *, disk: Disk = SYSTEM_DISK
) -> Certificates:
    """Return a node's certificates, making what is missing or runs out.

    Args:
        folder: The data folder.
        names: Host names and addresses the node is reached by.
        now: Wall time.
        disk: What does the effects; the system's own.

    Raises:
        StoreRefused: The disk refused.
        NamesNotPermitted: The authority was made for other names.
    """
    tls = folder / FOLDER
    make_private_folder(tls)
    authority, authority_key = tls / "authority.pem", tls / "authority.key"
    has_both = authority.exists() and authority_key.exists()
    if not has_both or not _is_enough(authority, names):
        key = ec.generate_private_key(ec.SECP256R1())
        made = _authority(key, names, now)
        _write_key(authority_key, key, disk)
        write_whole(authority, _pem(made), mode=PUBLIC, disk=disk)
    signed_by = x509.load_pem_x509_certificate(authority.read_bytes())
    node, node_key = tls / "node.pem", tls / "node.key"
    if not node_key.exists() or not _is_good(node, names, signed_by, now):
        signer = serialization.load_pem_private_key(authority_key.read_bytes(), None)
        if not isinstance(signer, ec.EllipticCurvePrivateKey):
            raise TypeError("the authority's key is of another kind")
        key = ec.generate_private_key(ec.SECP256R1())
        made = _node(key, names, signed_by, signer, now)
        _write_key(node_key, key, disk)
        write_whole(node, _pem(made) + _pem(signed_by), mode=PUBLIC, disk=disk)
    return Certificates(
        authority=authority,
        certificate=node,
        key=node_key,
        fingerprint=fingerprint_of(authority.read_bytes()),
    )


def fingerprint_of(authority: bytes) -> str:
    """Return the SHA-256 of a certificate (PEM) as people compare it aloud."""
    made = x509.load_pem_x509_certificate(authority)
    return made.fingerprint(hashes.SHA256()).hex(" ", 2).upper()


def _is_good(
    path: Path, names: tuple[str, ...], authority: x509.Certificate, now: Instant
) -> bool:
    """Say whether the node's certificate holds every name for a while yet."""
    if not path.exists():
        return False
    made = x509.load_pem_x509_certificate(path.read_bytes())
    held = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    try:
        made.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False  # the authority is another one by now
    return made.not_valid_after_utc - now > RENEW_BEFORE and {*held} >= {
        _name(name) for name in names
    }


def _is_enough(path: Path, names: tuple[str, ...]) -> bool:
    """Say whether an authority may sign for every name, or may simply be made anew.

    Raises:
        NamesNotPermitted: It may not, and devices elsewhere may trust it.
    """
    made = x509.load_pem_x509_certificate(path.read_bytes())
    try:
        found = made.extensions.get_extension_for_class(x509.NameConstraints)
    except x509.ExtensionNotFound:
        return True  # made before authorities were bound
    permitted = [str(one.value) for one in found.value.permitted_subtrees or ()]
    beyond = [name for name in names if not _is_permitted(name, permitted)]
    if not beyond:
        return True
    if all(_is_permitted(one.partition("/")[0], [*_LOOPBACK]) for one in permitted):
        return False  # nobody elsewhere can have reached it
    raise NamesNotPermitted(
        f"The authority in {path} may not sign for {', '.join(beyond)}.",
        state="The node did not start; it was reached as "
        f"{', '.join(one.partition('/')[0] for one in permitted)}.",
        next="Take those names out of `names`; or move authority.pem and "
        "authority.key away: a new authority is made, and every device trusts anew.",
    )


def _is_permitted(name: str, permitted: list[str]) -> bool:
    """Say whether a name or address lies within one of those permitted."""
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return any(name == one or name.endswith(f".{one}") for one in permitted)
    return any(address in network for network in _networks(permitted))


def _networks(
    permitted: list[str],
) -> Iterator[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    for one in permitted:
        with contextlib.suppress(ValueError):
            yield ipaddress.ip_network(one)


def _constraint(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_network(name))
    except ValueError:
        return x509.DNSName(name)


def _authority(
    key: ec.EllipticCurvePrivateKey, names: tuple[str, ...], now: Instant
) -> x509.Certificate:
    subject = _subject(f"clearline authority of {names[0]}")
    return (
        _builder(subject, subject, key.public_key(), now, AUTHORITY_FOR)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(is_authority=True), critical=True)
        .add_extension(
            x509.NameConstraints(
                [_constraint(name) for name in dict.fromkeys((*names, *_LOOPBACK))],
                None,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )


def _node(
    key: ec.EllipticCurvePrivateKey,
    names: tuple[str, ...],
    authority: x509.Certificate,
    signer: ec.EllipticCurvePrivateKey,
    now: Instant,
) -> x509.Certificate:
    # No host's name: one that looks like it is held against the constraints as DNS, and
    # an address then lies outside them.
    subject = _subject(f"clearline node {names[0]}")
    made = _builder(subject, authority.subject, key.public_key(), now, NODE_FOR)
    return (
        made.add_extension(_END, critical=True)
        .add_extension(_usage(is_authority=False), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False
        )
        .add_extension(
            x509.SubjectAlternativeName([_name(name) for name in names]), critical=False
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()),
            critical=False,
        )
        .sign(signer, hashes.SHA256())
    )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    now: Instant,
    lasts: Duration,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SKEW)
        .not_valid_after(now + lasts)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )


def _subject(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])


def _name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(made: x509.Certificate) -> bytes:
    return made.public_bytes(serialization.Encoding.PEM)


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey, disk: Disk) -> None:
    written = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    write_whole(path, written, mode=PRIVATE, disk=disk)
