"""A receipt is checked alone, and never without a key from elsewhere."""

import json
from dataclasses import replace

import pytest

from clearline.ledger.envelope import EnvelopeRefused
from clearline.ledger.header import HeaderMalformed
from clearline.ledger.receipt import (
    KeyMissing,
    ReceiptMalformed,
    ReceiptRefused,
    parse_receipt,
    verify_receipt,
    write_receipt,
)
from clearline.ledger.tree import InclusionRefused
from clearline.model.errors import ClearlineError
from unit.ledger.made_log import b64, drawn, flip, head, make_log, payload, signer

LOG = make_log(9)
DATA = write_receipt(LOG.receipt(5))
KEYS = [LOG.key.verifier]


def changed(**changes):
    """Write the receipt again with some of it changed."""
    parts = json.loads(DATA) | changes
    return json.dumps({k: v for k, v in parts.items() if v is not None}).encode()


def test_a_receipt_proves_what_was_said_and_where_it_stands():
    """Payload, index, log and size come out of a receipt alone."""
    proven = verify_receipt(DATA, KEYS)
    assert proven.payload == payload(5)
    assert proven.header.type == "shown"
    assert proven.index == 5
    assert proven.checkpoint.size == 9
    assert proven.checkpoint.origin == LOG.key.name


def test_every_entry_can_have_its_receipt():
    """No entry is beyond proof."""
    for index in range(LOG.size):
        proven = verify_receipt(write_receipt(LOG.receipt(index)), KEYS)
        assert proven.payload == payload(index)


def test_a_receipt_is_read_back():
    """What was written is read again."""
    assert parse_receipt(DATA) == LOG.receipt(5)
    assert DATA.count(b"\n") == 1


def test_without_a_key_nothing_is_checked():
    """A receipt does not vouch for itself."""
    with pytest.raises(KeyMissing):
        verify_receipt(DATA, [])


def test_a_key_from_elsewhere_refuses_it():
    """Another log's key, or another key of that name, does not fit."""
    for other in (signer(seed="two"), signer("o.example/live", "one")):
        with pytest.raises(ClearlineError) as caught:
            verify_receipt(DATA, [other.verifier])
        assert not isinstance(caught.value, KeyMissing)


def test_an_older_key_of_the_log_may_be_given_too():
    """After a change of keys both are given, and either kind of entry passes."""
    proven = verify_receipt(DATA, [signer(seed="two").verifier, *KEYS])
    assert proven.index == 5


def test_another_logs_key_does_not_sign_this_logs_entries():
    """That we trust two logs does not let one write in the other's name."""
    other = signer("other.example/clearline/exercise", "two")
    forged = make_log([payload(0)], other)
    mixed = replace(forged, checkpoint=head(forged.edge, LOG.key))
    with pytest.raises(EnvelopeRefused):
        verify_receipt(
            write_receipt(mixed.receipt(0)), [LOG.key.verifier, other.verifier]
        )


def test_an_entry_of_another_realm_than_its_log_is_refused():
    """An exercise cannot be shown as the real thing, whoever signed it."""
    log = make_log([payload(0, realm="live")])
    with pytest.raises(ReceiptRefused):
        verify_receipt(write_receipt(log.receipt(0)), [log.key.verifier])


def test_a_log_that_names_no_realm_is_refused():
    """A receipt from a log that does not say whether it is earnest is none."""
    log = make_log([payload(0)], signer("north.example/log"))
    with pytest.raises(HeaderMalformed):
        verify_receipt(write_receipt(log.receipt(0)), [log.key.verifier])


def test_a_payload_that_cannot_be_read_is_refused():
    """Signed nonsense proves nothing."""
    log = make_log([b"nonsense"])
    with pytest.raises(HeaderMalformed):
        verify_receipt(write_receipt(log.receipt(0)), [log.key.verifier])


def test_every_flipped_bit_is_refused():
    """No bit within a receipt can change unnoticed."""
    for bit in range(8 * (len(DATA) - 1)):
        with pytest.raises(ClearlineError):
            verify_receipt(flip(DATA, bit), KEYS)


def test_a_receipt_put_together_from_two_is_refused():
    """Envelope of one entry, salt or proof of another: refused."""
    other = json.loads(write_receipt(LOG.receipt(6)))
    for part in ("envelope", "salt", "tlog_proof"):
        with pytest.raises(InclusionRefused):
            verify_receipt(changed(**{part: other[part]}), KEYS)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        changed(receipt=None),
        changed(receipt=2),
        changed(receipt="1"),
        changed(envelope=None),
        changed(envelope={}),
        changed(salt=None),
        changed(salt="AA"),
        changed(salt=b64(bytes(31))),
        changed(salt=b64(bytes(33))),
        changed(tlog_proof=None),
        changed(tlog_proof=1),
        DATA.replace(b'"salt":', b'"salt":"","salt":'),
        DATA + DATA,
        b" " * 16_000_000 + DATA,
        "é".encode("latin-1") + DATA,
    ],
)
def test_bytes_that_are_no_receipt_are_refused(data):
    """Four fields, each once, each of its kind."""
    with pytest.raises(ReceiptMalformed):
        verify_receipt(data, KEYS)


def test_an_empty_proof_within_is_refused():
    """A receipt without its proof is no receipt."""
    with pytest.raises(ClearlineError):
        verify_receipt(changed(tlog_proof=""), KEYS)


def test_an_envelope_that_is_no_text_is_not_written():
    """A receipt is text; what is not is refused before it is handed out."""
    receipt = LOG.receipt(5)
    with pytest.raises(ReceiptMalformed):
        write_receipt(
            type(receipt)(envelope=b"\xff", salt=drawn(1), proof=receipt.proof)
        )
