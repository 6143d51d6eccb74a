"""Make and keep the certificate a node shows to its peers, and pin theirs.

    DATA/keys/peer.key   0600   private key, EC P-256, PEM
    DATA/keys/peer.pem   0644   self-signed certificate, PEM

A peer trusts this very certificate, because two people compared it; no authority
signs it, no name in it counts and it never runs out: a clock that is wrong must not
keep a STOP from arriving. Breaking a link, or making a new one, is how it ends.

Trusted for: being at the other end of the wire. What is said is signed by the log's
key, so whoever has `peer.key` alone can listen in this node's place and say nothing.
"""

import base64
import ssl
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from clearline.adapters.files import (
    PRIVATE,
    PUBLIC,
    SYSTEM_DISK,
    Disk,
    make_private_folder,
    write_whole,
)
from clearline.model.links import Peer

KEY_FILE: Final = "peer.key"
CERTIFICATE_FILE: Final = "peer.pem"

_FROM: Final = datetime(2000, 1, 1, tzinfo=UTC)
_UNTIL: Final = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
"""No well-defined end (RFC 5280 section 4.1.2.5)."""


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Name what a node shows to its peers.

    Attributes:
        key: File of the private key.
        certificate: File of the certificate.
        der: The certificate's bytes, as a peer pins them.
    """

    key: Path
    certificate: Path
    der: bytes

    @property
    def text(self) -> str:
        """Return the certificate as a link keeps it: DER, base64."""
        return base64.b64encode(self.der).decode()


def identity(keys: Path, *, disk: Disk = SYSTEM_DISK) -> Identity:
    """Read what a node shows to its peers; make it where it is missing.

    Args:
        keys: The folder of the node's keys.
        disk: What does the effects; the system's own.

    Raises:
        StoreRefused: The disk refused.
    """
    make_private_folder(keys)
    key_file, certificate_file = keys / KEY_FILE, keys / CERTIFICATE_FILE
    if not key_file.exists() or not certificate_file.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        made = _certificate(key)
        private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        pem = made.public_bytes(serialization.Encoding.PEM)
        write_whole(key_file, private, mode=PRIVATE, disk=disk)
        write_whole(certificate_file, pem, mode=PUBLIC, disk=disk)
    held = x509.load_pem_x509_certificate(certificate_file.read_bytes())
    return Identity(
        key=key_file,
        certificate=certificate_file,
        der=held.public_bytes(serialization.Encoding.DER),
    )


def listening(mine: Identity, peers: Iterable[Peer]) -> ssl.SSLContext:
    """Make what a listener speaks TLS with: pinned peers, and nobody else."""
    context = _context(ssl.PROTOCOL_TLS_SERVER, mine)
    context.num_tickets = 0
    context.verify_mode = ssl.CERT_REQUIRED
    for peer in peers:
        _pin(context, peer)
    return context


def calling(mine: Identity, peer: Peer) -> ssl.SSLContext:
    """Make what one peer is called with: its very certificate, and no other."""
    context = _context(ssl.PROTOCOL_TLS_CLIENT, mine)
    context.check_hostname = False  # the certificate is pinned; its name says nothing
    context.verify_mode = ssl.CERT_REQUIRED
    _pin(context, peer)
    return context


def _context(protocol: int, mine: Identity) -> ssl.SSLContext:
    context = ssl.SSLContext(protocol)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.verify_flags = ssl.VerifyFlags(ssl.VERIFY_X509_PARTIAL_CHAIN)
    context.load_cert_chain(mine.certificate, mine.key)
    return context


def _pin(context: ssl.SSLContext, peer: Peer) -> None:
    context.load_verify_locations(cadata=base64.b64decode(peer.certificate))


def _certificate(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    # a name of its own: OpenSSL finds a pinned certificate by its subject
    known = x509.SubjectKeyIdentifier.from_public_key(key.public_key()).digest.hex()
    common = x509.NameAttribute(NameOID.COMMON_NAME, f"clearline peer {known}")
    name = x509.Name([common])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_FROM)
        .not_valid_after(_UNTIL)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
