"""Make a node's own small certificate authority, and its certificate for screens.

    DATA/tls/authority.pem       what a desk's device is told to trust
    DATA/tls/authority.key 0600
    DATA/tls/node.pem            the node's certificate, signed by it, for its names
    DATA/tls/node.key      0600

A node certificate that runs out soon, or does not hold a name the node is reached by,
is made again at start; the authority stays, so that no desk has to trust anew.

Trusted for: being this node, on devices that were told so. Whoever reads
`authority.key` can be any site to those devices, because a name the node gets later
must not need another authority: keep the folder private, as the log's key is.
"""

import ipaddress
from pathlib import Path
from typing import Final

import msgspec
from cryptography import x509
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
from clearline.model.instants import Duration, Instant

FOLDER: Final = "tls"
AUTHORITY_FOR: Final = Duration(days=3650)
NODE_FOR: Final = Duration(days=397)
RENEW_BEFORE: Final = Duration(days=60)

_SKEW: Final = Duration(days=1)
_END: Final = x509.BasicConstraints(ca=False, path_length=None)


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
    """
    tls = folder / FOLDER
    make_private_folder(tls)
    authority, authority_key = tls / "authority.pem", tls / "authority.key"
    if not authority.exists() or not authority_key.exists():
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
    return (
        made.issuer == authority.subject
        and made.not_valid_after_utc - now > RENEW_BEFORE
        and {*held} >= {_name(name) for name in names}
    )


def _authority(
    key: ec.EllipticCurvePrivateKey, names: tuple[str, ...], now: Instant
) -> x509.Certificate:
    subject = _subject(f"clearline authority of {names[0]}")
    return (
        _builder(subject, subject, key.public_key(), now, AUTHORITY_FOR)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(is_authority=True), critical=True)
        .sign(key, hashes.SHA256())
    )


def _node(
    key: ec.EllipticCurvePrivateKey,
    names: tuple[str, ...],
    authority: x509.Certificate,
    signer: ec.EllipticCurvePrivateKey,
    now: Instant,
) -> x509.Certificate:
    made = _builder(
        _subject(names[0]), authority.subject, key.public_key(), now, NODE_FOR
    )
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
