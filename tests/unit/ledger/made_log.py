"""Make small logs in memory, whole ones and damaged ones, always the same."""

import base64
import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from clearline.ledger.audit import AuditRow, audit
from clearline.ledger.checkpoint import Checkpoint, sign_checkpoint
from clearline.ledger.envelope import commitment, seal_envelope
from clearline.ledger.keys import SignerKey
from clearline.ledger.proof import LogProof
from clearline.ledger.receipt import Receipt
from clearline.ledger.report import Report
from clearline.ledger.sealed import SealedPart, seal
from clearline.ledger.tiles import Edge, TileName, grow, subtree_of_tiles
from clearline.ledger.tree import hash_leaf, inclusion_proof
from clearline.model.instants import parse_instant, write_instant

ORIGIN = "north.example/clearline/exercise"
STARTS_AT = parse_instant("2016-09-17T13:55:00Z")


def drawn(*words: object) -> bytes:
    """Draw 32 bytes that are always the same for the same words."""
    return hashlib.sha256("/".join(map(str, words)).encode()).digest()


def signer(name: str = ORIGIN, seed: str = "one") -> SignerKey:
    """Make a key of that name."""
    return SignerKey(name=name, seed=drawn("key", seed))


def payload(index: int = 0, **changes: Any) -> bytes:
    """Write a payload as a node would."""
    content = {
        "type": "shown",
        "v": 1,
        "realm": "exercise",
        "at": write_instant(STARTS_AT + timedelta(seconds=index)),
        "act": {"call": "k1", "device": f"screen {index}"},
    }
    return json.dumps(content | changes, separators=(",", ":")).encode()


def sealed_part(word: str) -> SealedPart:
    """Make a sealed part with that word in it."""
    return SealedPart(salt=drawn("seal", word), data=word.encode())


def b64(data: bytes) -> str:
    """Write base64."""
    return base64.b64encode(data).decode()


@dataclass(frozen=True)
class MadeLog:
    """Hold everything a verifier is given."""

    rows: tuple[AuditRow, ...]
    tiles: dict[tuple[int, int], bytes]
    edge: Edge
    checkpoint: bytes
    key: SignerKey
    parts: dict[bytes, SealedPart] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Return how many rows there are."""
        return len(self.rows)

    def with_row(self, index: int, **changes: Any) -> "MadeLog":
        """Change one row as it is stored."""
        row = self.rows[index]
        changed = AuditRow(
            **{name: getattr(row, name) for name in row.__struct_fields__} | changes
        )
        rows = (*self.rows[:index], changed, *self.rows[index + 1 :])
        return replace(self, rows=rows)

    def with_tile(self, level: int, number: int, tile: bytes | None) -> "MadeLog":
        """Change one tile as it is stored, or take it away."""
        tiles = {k: v for k, v in self.tiles.items() if k != (level, number)}
        if tile is not None:
            tiles[level, number] = tile
        return replace(self, tiles=tiles)

    def without_rows(self, start: int, end: int) -> "MadeLog":
        """Take rows away."""
        return replace(self, rows=self.rows[:start] + self.rows[end:])

    def report(self, **changes: Any) -> Report:
        """Walk over it as it is."""
        given: dict[str, Any] = {
            "checkpoint": self.checkpoint,
            "keys": [self.key.verifier],
            "find_tile": lambda level, number: self.tiles.get((level, number)),
            "find_sealed": self.parts.get,
        }
        return audit(self.rows, **given | changes)

    def tile(self, name: TileName) -> bytes:
        """Return a tile at its width."""
        whole = self.tiles.get((name.level or 0, name.number))
        return whole or self.edge.open[name.level or 0]

    def receipt(self, index: int) -> Receipt:
        """Make a receipt for a row."""
        subtree = subtree_of_tiles(self.size, self.tile)
        proof = LogProof(
            index=index,
            hashes=inclusion_proof(index, self.size, subtree),
            checkpoint=self.checkpoint,
        )
        row = self.rows[index]
        return Receipt(envelope=row.envelope or b"", salt=row.salt or b"", proof=proof)


def make_log(
    payloads: list[bytes] | int,
    key: SignerKey | None = None,
    parts: list[SealedPart] | None = None,
) -> MadeLog:
    """Make a log of payloads, or of so many plain ones."""
    key = key or signer()
    if isinstance(payloads, int):
        payloads = [payload(index) for index in range(payloads)]
    rows = tuple(_row(index, data, key) for index, data in enumerate(payloads))
    edge, full = grow(Edge(), [hash_leaf(row.commitment) for row in rows])
    return MadeLog(
        rows=rows,
        tiles={(tile.level, tile.number): tile.hashes for tile in full},
        edge=edge,
        checkpoint=head(edge, key),
        key=key,
        parts={seal(part): part for part in parts or []},
    )


def head(edge: Edge, key: SignerKey) -> bytes:
    """Sign the checkpoint of an edge."""
    checkpoint = Checkpoint(origin=key.name, size=edge.size, root=edge.root())
    return sign_checkpoint(checkpoint, key)


def flip(data: bytes, bit: int) -> bytes:
    """Flip one bit."""
    at = bit // 8 % len(data)
    return data[:at] + bytes([data[at] ^ 1 << bit % 8]) + data[at + 1 :]


def _row(index: int, data: bytes, key: SignerKey) -> AuditRow:
    salt, envelope = drawn("salt", index), seal_envelope(data, key)
    return AuditRow(
        index=index,
        commitment=commitment(salt, envelope),
        salt=salt,
        envelope=envelope,
    )
