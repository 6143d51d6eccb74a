"""Say how large a log is and what its root is, so that it can be signed.

    north.example/clearline/live                    origin
    12                                              size, decimal
    4JX6fcGMIQHgeCyHWSaodJFMFA7nJuotBzTLZkNyrcI=    root, base64

The text is that of C2SP tlog-checkpoint; signed as a note it is the log's head.
The origin is also the name of the log's key, so a checkpoint counts only where a
key of that very name has signed it.
"""

from collections.abc import Iterable

import msgspec

from clearline.ledger.keys import KeyMalformed, SignerKey, VerifierKey, require_name
from clearline.ledger.note import open_note, sign_note
from clearline.ledger.text64 import NotBase64, decode64, encode64
from clearline.ledger.tree import EMPTY_ROOT, HASH_BYTES, MAX_SIZE
from clearline.model.errors import BadInput, LostCertainty

_FIXED_LINES = 3


class CheckpointMalformed(BadInput):
    """Refuse a text that is not a checkpoint."""


class CheckpointRefused(LostCertainty):
    """Refuse a checkpoint its own log has not signed."""


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True):
    """Hold the head of a log at one size.

    Attributes:
        origin: The log's name, for example `north.example/clearline/live`.
        size: Entries in the log, at most `tree.MAX_SIZE`.
        root: Root of the tree at that size, 32 bytes.
        extensions: Further lines, as they stand; we write none.

    Raises:
        CheckpointMalformed: These values make no checkpoint.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        try:
            require_name(self.origin)
        except KeyMalformed as error:
            raise _malformed(f"{self.origin!r} cannot be an origin.") from error
        if not 0 <= self.size <= MAX_SIZE:
            raise _malformed(f"No log has {self.size} entries.")
        if len(self.root) != HASH_BYTES:
            raise _malformed("Its root is not 32 bytes long.")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise _malformed("Its root is not that of the empty log.")
        if any(not line or "\n" in line for line in self.extensions):
            raise _malformed("An extension line is empty or more than one line.")


def write_checkpoint(checkpoint: Checkpoint) -> str:
    """Write a checkpoint as the text of a note (C2SP tlog-checkpoint, "Note text")."""
    lines = (
        checkpoint.origin,
        str(checkpoint.size),
        encode64(checkpoint.root),
        *checkpoint.extensions,
    )
    return "".join(f"{line}\n" for line in lines)


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint; whether it is signed is not asked here.

    Raises:
        CheckpointMalformed: The text is not what C2SP tlog-checkpoint says, or
            its origin holds a space or a plus, which no origin of ours does.
    """
    if not text.endswith("\n"):
        raise _malformed("Its last line does not end.")
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < _FIXED_LINES:
        raise _malformed("It has fewer than three lines.")
    origin, size, root, *extensions = lines
    try:
        return Checkpoint(
            origin=origin,
            size=parse_decimal(size),
            root=decode64(root),
            extensions=tuple(extensions),
        )
    except (NotBase64, ValueError) as error:
        raise _malformed("Its size or its root cannot be read.") from error


def sign_checkpoint(checkpoint: Checkpoint, signer: SignerKey) -> bytes:
    """Sign a checkpoint as its log and return the note.

    Raises:
        CheckpointRefused: The key is not the log's: it has another name.
    """
    if signer.name != checkpoint.origin:
        raise _refused(f"{signer.name} is not the key of {checkpoint.origin}.")
    return sign_note(write_checkpoint(checkpoint), signer)


def open_checkpoint(note: bytes, keys: Iterable[VerifierKey]) -> Checkpoint:
    """Check that a log has signed its own checkpoint, and return it.

    Args:
        note: The checkpoint as a signed note.
        keys: Keys the caller trusts; one of them is the log's, under its name.

    Raises:
        NoteMalformed: The bytes are not a note.
        NoteRefused: No given key has signed it, or one of them wrongly.
        CheckpointMalformed: The note's text is not a checkpoint.
        CheckpointRefused: Its origin is not the name of a key that signed it.
    """
    opened = open_note(note, keys)
    checkpoint = parse_checkpoint(opened.text)
    if all(signer.name != checkpoint.origin for signer in opened.signers):
        raise _refused(f"The log {checkpoint.origin} has not signed it itself.")
    return checkpoint


def parse_decimal(text: str) -> int:
    """Read a non-negative number in ASCII decimal without leading zeroes.

    Raises:
        ValueError: The text is written in any other way, or has more digits
            than a size can have.
    """
    is_decimal = text.isascii() and text.isdigit() and len(text) <= len(str(MAX_SIZE))
    if not is_decimal or (text[0] == "0" and text != "0"):
        raise ValueError(text)
    return int(text)


def _malformed(what: str) -> CheckpointMalformed:
    return CheckpointMalformed(
        f"The text is not a checkpoint. {what}",
        state="Nothing was taken from it.",
        next="Fetch the checkpoint again from its log.",
    )


def _refused(what: str) -> CheckpointRefused:
    return CheckpointRefused(
        f"The checkpoint does not count. {what}",
        state="Its size and root were not believed.",
        next="Ask for a checkpoint signed by the log it names.",
    )
