"""Write every format slowly and plainly, with nothing of the product."""

import base64
import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ORIGIN = "north.example/clearline/exercise"
OTHER = "south.example/clearline/exercise"
KIND = "application/vnd.clearline.entry+json"

Case = dict[str, Any]


def drawn(word: str) -> bytes:
    """Draw 32 bytes that are always the same for the same word."""
    return hashlib.sha256(b"clearline vectors: " + word.encode()).digest()


def sha256(*parts: bytes) -> bytes:
    """Hash parts joined."""
    return hashlib.sha256(b"".join(parts)).digest()


def b64(data: bytes) -> str:
    """Write base64 (RFC 4648 section 4)."""
    return base64.b64encode(data).decode()


def url64(data: bytes) -> str:
    """Write base64url without padding (RFC 4648 section 5)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def flipped(data: bytes, bit: int = 0) -> bytes:
    """Flip one bit."""
    at = bit // 8
    return data[:at] + bytes([data[at] ^ 1 << bit % 8]) + data[at + 1 :]


def compact(value: Any) -> str:
    """Write JSON without white space."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def right(name: str, **case: Any) -> Case:
    """Write down a case that has to be taken."""
    return {"name": name, "ok": True, **case}


def wrong(name: str, **case: Any) -> Case:
    """Write down a case that has to be refused."""
    return {"name": name, "ok": False, **case}


class Key:
    """Hold a key pair and its name."""

    def __init__(self, name: str, word: str = "one", kind: int = 1) -> None:
        self.name = name
        self.seed = drawn(f"key {word}")
        self.kind = bytes([kind])
        self.private = Ed25519PrivateKey.from_private_bytes(self.seed)
        self.public = self.private.public_key().public_bytes_raw()
        self.id = sha256(name.encode(), b"\n", self.kind, self.public)[:4]

    @property
    def vkey(self) -> str:
        """Write the verifier key."""
        return f"{self.name}+{self.id.hex()}+{b64(self.kind + self.public)}"

    @property
    def file(self) -> str:
        """Write the key file: public line, private line."""
        private = f"{self.name}+{self.id.hex()}+{b64(self.kind + self.seed)}"
        return f"{self.vkey}\nPRIVATE+KEY+{private}\n"

    def line(self, text: str, name: str | None = None) -> str:
        """Sign a text; write the signature line."""
        data = self.id + self.private.sign(text.encode())
        return f"\u2014 {name or self.name} {b64(data)}\n"

    def note(self, text: str) -> str:
        """Sign a text; write the note."""
        return f"{text}\n{self.line(text)}"


NORTH, NORTH_2 = Key(ORIGIN), Key(ORIGIN, "two")
SOUTH = Key(OTHER, "south")
WITNESS = Key("witness.example/w1", "witness", kind=4)


def leaf(data: bytes) -> bytes:
    """Hash an entry's data."""
    return sha256(b"\x00", data)


def split(n: int) -> int:
    """Return the largest power of two below `n`."""
    return 1 << (n - 1).bit_length() - 1


def mth(entries: list[bytes]) -> bytes:
    """Return the Merkle Tree Hash."""
    if not entries:
        return sha256(b"")
    if len(entries) == 1:
        return leaf(entries[0])
    k = split(len(entries))
    return sha256(b"\x01", mth(entries[:k]), mth(entries[k:]))


def path(m: int, entries: list[bytes]) -> list[bytes]:
    """Return the audit path of entry `m`."""
    if len(entries) == 1:
        return []
    k = split(len(entries))
    if m < k:
        return [*path(m, entries[:k]), mth(entries[k:])]
    return [*path(m - k, entries[k:]), mth(entries[:k])]


def subproof(m: int, entries: list[bytes], *, whole: bool = True) -> list[bytes]:
    """Return the consistency proof from the first `m` entries."""
    if m == len(entries):
        return [] if whole else [mth(entries)]
    k = split(len(entries))
    if m <= k:
        return [*subproof(m, entries[:k], whole=whole), mth(entries[k:])]
    return [*subproof(m - k, entries[k:], whole=False), mth(entries[:k])]


ENTRIES = [drawn(f"entry {i}") for i in range(70)]


def checkpoint_text(size: int, root: bytes, origin: str = ORIGIN) -> str:
    """Write the text of a checkpoint (C2SP tlog-checkpoint)."""
    return f"{origin}\n{size}\n{b64(root)}\n"


def payload(index: int = 0, **changes: Any) -> str:
    """Write a payload."""
    return compact(
        {
            "type": "shown",
            "v": 1,
            "realm": "exercise",
            "at": f"2016-09-17T13:55:{index:02}Z",
            "act": {"call": "k1", "device": f"screen {index}", "desk": "n1"},
        }
        | changes
    )


def pae(data: bytes, kind: str = KIND) -> bytes:
    """Write what is signed (DSSE protocol, PAE)."""
    head = f"DSSEv1 {len(kind.encode())} {kind} {len(data)} "
    return head.encode() + data


def envelope(data: str, key: Key = NORTH, **changes: Any) -> str:
    """Sign a payload; write its envelope as the product writes it."""
    body = data.encode()
    signature = {"keyid": key.id.hex(), "sig": b64(key.private.sign(pae(body)))}
    whole = {"payload": b64(body), "payloadType": KIND, "signatures": [signature]}
    return compact(whole | changes)


ENTRIES = [drawn(f"entry {index}") for index in range(70)]
"""The data of the entries in the vectors of the tree."""
