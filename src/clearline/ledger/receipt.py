r"""Hand one entry out so that it can be checked alone.

    {"receipt":1,
     "envelope":"{\"payload\":\"eyJ0...\",...}",     the envelope's bytes, as text
     "salt":"<base64, 32 bytes>",
     "tlog_proof":"c2sp.org/tlog-proof@v1\nindex 5\n..."}

A receipt shows what was said, that the node signed it, and that it stands in the
node's log at an index, under a checkpoint the node also signed. It proves nothing
by itself: the key has to come from elsewhere, and where no key is given there is
nothing to check it with.
"""

from collections.abc import Iterable

import msgspec

from clearline.ledger.checkpoint import Checkpoint
from clearline.ledger.envelope import SALT_BYTES, commitment, open_envelope
from clearline.ledger.header import Header, read_header, realm_of
from clearline.ledger.keys import VerifierKey
from clearline.ledger.proof import LogProof, parse_proof, verify_proof, write_proof
from clearline.ledger.strict_json import NotStrictJson, read_object
from clearline.ledger.text64 import NotBase64, decode64, encode64
from clearline.model.errors import BadInput, LostCertainty

MAX_RECEIPT_BYTES = 16_000_000
"""Longest receipt we read, bytes."""


class ReceiptMalformed(BadInput):
    """Refuse bytes that are not a receipt."""


class ReceiptRefused(LostCertainty):
    """Refuse a receipt whose parts do not belong together."""


class KeyMissing(BadInput):
    """Refuse to check without a key: there is nothing to check against."""


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one entry and the proof that it is in its log.

    Attributes:
        envelope: The envelope's bytes, as they were signed.
        salt: The 32 bytes in front of it in the commitment.
        proof: That the commitment is in the log.
    """

    envelope: bytes
    salt: bytes
    proof: LogProof


class Proven(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what a receipt has proven.

    Attributes:
        payload: The exact bytes that were signed.
        header: What they say first.
        index: Where the entry stands in the log, from 0.
        checkpoint: The head of the log it was proven against.
    """

    payload: bytes
    header: Header
    index: int
    checkpoint: Checkpoint


class _Written(msgspec.Struct, frozen=True, kw_only=True):
    receipt: int
    envelope: str
    salt: str
    tlog_proof: str


def write_receipt(receipt: Receipt) -> bytes:
    """Write a receipt as one line of JSON, ended by a newline.

    Raises:
        ReceiptMalformed: The envelope or the checkpoint is not UTF-8.
    """
    try:
        written = _Written(
            receipt=1,
            envelope=receipt.envelope.decode(),
            salt=encode64(receipt.salt),
            tlog_proof=write_proof(receipt.proof).decode(),
        )
    except UnicodeDecodeError as error:
        raise _malformed("Its envelope or checkpoint is not UTF-8.") from error
    return msgspec.json.encode(written) + b"\n"


def parse_receipt(data: bytes) -> Receipt:
    """Read a receipt; whether it holds is not asked here.

    Raises:
        ReceiptMalformed: The bytes are not a receipt.
        ProofMalformed: The proof within is not one.
    """
    if len(data) > MAX_RECEIPT_BYTES:
        raise _malformed(f"It is longer than {MAX_RECEIPT_BYTES} bytes.")
    try:
        written = msgspec.convert(read_object(data), _Written)
        salt = decode64(written.salt)
    except (NotStrictJson, msgspec.ValidationError, NotBase64) as error:
        raise _malformed(str(error)) from error
    if written.receipt != 1:
        raise _malformed(f"It is of version {written.receipt}, unknown here.")
    if len(salt) != SALT_BYTES:
        raise _malformed(f"Its salt is {len(salt)} bytes long, not {SALT_BYTES}.")
    return Receipt(
        envelope=written.envelope.encode(),
        salt=salt,
        proof=parse_proof(written.tlog_proof.encode()),
    )


def verify_receipt(data: bytes, keys: Iterable[VerifierKey]) -> Proven:
    """Check a receipt against keys that came from elsewhere.

    Args:
        data: The receipt's bytes.
        keys: Keys the caller trusts, of the log the receipt is from: the one it
            signs with now, and older ones where it changed keys.

    Raises:
        KeyMissing: No key is given.
        ReceiptMalformed: The bytes are not a receipt.
        ReceiptRefused: The payload is of another realm than its log.
        ClearlineError: Whatever `verify_proof`, `open_envelope` and
            `read_header` refuse.
    """
    trusted = tuple(keys)
    if not trusted:
        raise KeyMissing(
            "No key was given to check the receipt with.",
            state="The receipt was not checked.",
            next="Get the log's verifier key from its owner and give it with --key.",
        )
    receipt = parse_receipt(data)
    entry_data = commitment(receipt.salt, receipt.envelope)
    checkpoint = verify_proof(receipt.proof, entry_data, trusted)
    own = [key for key in trusted if key.name == checkpoint.origin]
    payload = open_envelope(receipt.envelope, own)
    header = read_header(payload)
    if header.realm != realm_of(checkpoint.origin):
        raise ReceiptRefused(
            f"The entry is {header.realm}, its log is {checkpoint.origin}.",
            state="The receipt was not believed.",
            next="Keep it, and ask the log's owner how one came into the other.",
        )
    return Proven(
        payload=payload, header=header, index=receipt.proof.index, checkpoint=checkpoint
    )


def _malformed(what: str) -> ReceiptMalformed:
    return ReceiptMalformed(
        f"The bytes are not a receipt. {what}",
        state="Nothing was taken from them.",
        next="Copy the receipt again, whole, or ask its log for another.",
    )
