"""Write down, in one text, that an entry is in a log.

    c2sp.org/tlog-proof@v1
    extra YWJj                                      optional, believed by nobody
    index 5
    gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=    the way up, lowest first
                                                    an empty line
    north.example/clearline/live                    the checkpoint, as signed
    ...

The format is that of C2SP tlog-proof. A proof is read without the log and
without a network; all it needs from outside is the log's verifier key.
"""

from collections.abc import Iterable

import msgspec

from clearline.ledger.checkpoint import Checkpoint, open_checkpoint, parse_decimal
from clearline.ledger.keys import VerifierKey
from clearline.ledger.text64 import NotBase64, decode64, encode64
from clearline.ledger.tree import HASH_BYTES, MAX_SIZE, hash_leaf, verify_inclusion
from clearline.model.errors import BadInput

PROOF_HEAD = "c2sp.org/tlog-proof@v1"
"""First line of every such proof."""

MAX_PROOF_HASHES = 63
"""Most hashes a proof within `MAX_SIZE` can have."""

_EXTRA = "extra "
_INDEX = "index "


class ProofMalformed(BadInput):
    """Refuse a text that is not a proof of inclusion."""


class LogProof(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what proves that one entry is in a log.

    Attributes:
        index: The entry's index in the log, from 0.
        hashes: Hashes beside the way up, the leaf's own sibling first.
        checkpoint: The signed checkpoint the way leads to, as a note.
        extra: What the application put beside it; nothing vouches for it.

    Raises:
        ProofMalformed: These values make no proof.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes = b""

    def __post_init__(self) -> None:
        if not 0 <= self.index < MAX_SIZE:
            raise _malformed(f"No entry has the index {self.index}.")
        if len(self.hashes) > MAX_PROOF_HASHES:
            raise _malformed(f"It has {len(self.hashes)} hashes, more than any can.")
        if any(len(node) != HASH_BYTES for node in self.hashes):
            raise _malformed("One of its hashes is not 32 bytes long.")


def write_proof(proof: LogProof) -> bytes:
    """Write a proof as text (C2SP tlog-proof, "Format")."""
    extra = [_EXTRA + encode64(proof.extra)] if proof.extra else []
    hashes = [encode64(node) for node in proof.hashes]
    lines = [PROOF_HEAD, *extra, f"{_INDEX}{proof.index}", *hashes]
    return "\n".join(lines).encode() + b"\n\n" + proof.checkpoint


def parse_proof(data: bytes) -> LogProof:
    """Read a proof; whether it holds is not asked here.

    Raises:
        ProofMalformed: The bytes are not what C2SP tlog-proof says.
    """
    head, gap, checkpoint = data.partition(b"\n\n")
    if not gap:
        raise _malformed("No checkpoint stands below an empty line.")
    if not head.isascii():
        raise _malformed("A line above the checkpoint is not ASCII.")
    first, *lines = head.decode("ascii").split("\n")
    if first != PROOF_HEAD:
        raise _malformed(f"Its first line is not {PROOF_HEAD}.")
    extra = lines.pop(0) if lines and lines[0].startswith(_EXTRA) else None
    if not lines or not lines[0].startswith(_INDEX):
        raise _malformed("It names no index.")
    try:
        index = parse_decimal(lines[0].removeprefix(_INDEX))
        hashes = tuple(decode64(line) for line in lines[1:])
        data = b"" if extra is None else decode64(extra.removeprefix(_EXTRA))
    except (NotBase64, ValueError) as error:
        raise _malformed("Its index, a hash or the extra line is not one.") from error
    if extra is not None and not data:
        raise _malformed("It has an extra line with nothing in it.")
    return LogProof(index=index, hashes=hashes, checkpoint=checkpoint, extra=data)


def verify_proof(
    proof: LogProof, entry_data: bytes, keys: Iterable[VerifierKey]
) -> Checkpoint:
    """Check that an entry is in the log its proof names.

    The steps are those of C2SP tlog-proof ("Verifying a tlog proof"); witnesses
    are not asked for.

    Args:
        proof: The proof.
        entry_data: The entry's data; with us, its commitment.
        keys: Keys the caller trusts; one is the log's, under the log's name.

    Returns:
        The checkpoint the proof leads to, signed by its log.

    Raises:
        NoteMalformed: The checkpoint is not a signed note.
        NoteRefused: No given key has signed the checkpoint, or one wrongly.
        CheckpointMalformed: The signed text is not a checkpoint.
        CheckpointRefused: The log it names has not signed it itself.
        InclusionRefused: The way up does not lead to the checkpoint's root.
    """
    checkpoint = open_checkpoint(proof.checkpoint, keys)
    leaf_hash = hash_leaf(entry_data)
    verify_inclusion(
        proof.index, checkpoint.size, leaf_hash, proof.hashes, checkpoint.root
    )
    return checkpoint


def _malformed(what: str) -> ProofMalformed:
    return ProofMalformed(
        f"The text is not a proof of inclusion. {what}",
        state="Nothing was taken from it.",
        next="Copy the proof again, whole, or ask its log for another.",
    )
