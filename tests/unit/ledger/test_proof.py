"""Proofs are those of C2SP tlog-proof, and hold only for what they prove."""

import msgspec
import pytest

from clearline.ledger.checkpoint import CheckpointRefused
from clearline.ledger.note import NoteMalformed, NoteRefused, add_signature
from clearline.ledger.proof import (
    LogProof,
    ProofMalformed,
    parse_proof,
    verify_proof,
    write_proof,
)
from clearline.ledger.tree import InclusionRefused
from clearline.model.errors import ClearlineError
from unit.ledger.made_log import drawn, flip, make_log, signer

LOG = make_log(9)
PROOF = LOG.receipt(5).proof
DATA = LOG.rows[5].commitment
TEXT = write_proof(PROOF)


def test_a_proof_is_written_as_the_standard_says():
    """Head, index, hashes, empty line, checkpoint: in that order, verbatim."""
    head, _, checkpoint = TEXT.partition(b"\n\n")
    lines = head.decode().split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[1] == "index 5"
    assert len(lines) == 2 + 4
    assert checkpoint == LOG.checkpoint


def test_a_proof_is_read_back_and_holds():
    """What was written is read, and leads to the signed root."""
    proof = parse_proof(TEXT)
    assert proof == PROOF
    checkpoint = verify_proof(proof, DATA, [LOG.key.verifier])
    assert checkpoint.size == 9
    assert checkpoint.root == LOG.edge.root()


def test_the_extra_line_comes_back_and_proves_nothing():
    """Extra data are kept; changing them changes no verdict."""
    for extra in (b"\x00", b"words"):
        proof = msgspec.structs.replace(PROOF, extra=extra)
        assert parse_proof(write_proof(proof)) == proof
        verify_proof(proof, DATA, [LOG.key.verifier])


def test_a_proof_of_the_only_entry_has_no_hashes():
    """In a log of one, the leaf is the root."""
    log = make_log(1)
    proof = log.receipt(0).proof
    assert proof.hashes == ()
    assert parse_proof(write_proof(proof)) == proof
    verify_proof(proof, log.rows[0].commitment, [log.key.verifier])


def test_a_witness_below_the_checkpoint_does_no_harm():
    """Signatures of witnesses we do not know are passed over."""
    note = add_signature(PROOF.checkpoint, signer("witness.example", "w"))
    proof = msgspec.structs.replace(PROOF, checkpoint=note)
    assert parse_proof(write_proof(proof)) == proof
    verify_proof(proof, DATA, [LOG.key.verifier])


def test_a_proof_of_something_else_is_refused():
    """Another entry, index, key or log: nothing passes."""
    key = LOG.key.verifier
    with pytest.raises(InclusionRefused):
        verify_proof(PROOF, drawn("other"), [key])
    with pytest.raises(InclusionRefused):
        verify_proof(msgspec.structs.replace(PROOF, index=4), DATA, [key])
    with pytest.raises(InclusionRefused):
        verify_proof(msgspec.structs.replace(PROOF, index=9), DATA, [key])
    with pytest.raises(NoteRefused):
        verify_proof(PROOF, DATA, [signer(seed="two").verifier])
    with pytest.raises(NoteRefused):
        verify_proof(PROOF, DATA, [])


def test_a_checkpoint_its_log_did_not_sign_does_not_count():
    """Another log's key cannot vouch for this one."""
    other = signer("other.example/clearline/exercise", "two")
    text, _, _ = PROOF.checkpoint.rpartition(b"\n\n")
    line = add_signature(PROOF.checkpoint, other).splitlines(keepends=True)[-1]
    proof = msgspec.structs.replace(PROOF, checkpoint=text + b"\n\n" + line)
    with pytest.raises(CheckpointRefused):
        verify_proof(proof, DATA, [other.verifier])


def test_every_flipped_bit_is_refused():
    """No bit of a proof without extra data can change unnoticed."""
    for bit in range(8 * len(TEXT)):
        with pytest.raises(ClearlineError):
            verify_proof(parse_proof(flip(TEXT, bit)), DATA, [LOG.key.verifier])


HASH = TEXT.split(b"\n")[2]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"c2sp.org/tlog-proof@v1",
        b"c2sp.org/tlog-proof@v1\n\n",
        TEXT.replace(b"@v1", b"@v2"),
        b"\n" + TEXT,
        TEXT.replace(b"index 5", b"index 05"),
        TEXT.replace(b"index 5", b"index -5"),
        TEXT.replace(b"index 5", b"index +5"),
        TEXT.replace(b"index 5", b"index  5"),
        TEXT.replace(b"index 5", b"index 5 "),
        TEXT.replace(b"index 5", b"index"),
        TEXT.replace(b"index 5", b"Index 5"),
        TEXT.replace(b"index 5\n", b""),
        TEXT.replace(b"index 5", b"index 9223372036854775807"),
        TEXT.replace(b"index 5", b"index 99999999999999999999"),
        TEXT.replace(b"index 5", b"index 5\nindex 5"),
        TEXT.replace(b"index 5", b"index 5\nextra AA=="),
        TEXT.replace(b"index 5", b"extra \nindex 5"),
        TEXT.replace(b"index 5", b"extra A\nindex 5"),
        TEXT.replace(b"index 5", b"extra\nindex 5"),
        TEXT.replace(b"index 5", b"extra AA==\nextra AA==\nindex 5"),
        TEXT.replace(b"index 5", "index \u0665".encode()),
        TEXT.replace(HASH, HASH[:-1]),
        TEXT.replace(HASH, HASH + b" "),
        TEXT.replace(HASH, b"AAAA"),
        TEXT.replace(HASH, b"\xff"),
        TEXT.replace(HASH, b"\n".join([HASH] * 64)),
        TEXT.replace(b"\n", b"\r\n"),
    ],
)
def test_a_text_that_is_no_proof_is_refused(text):
    """One head, one index in decimal, whole hashes, an empty line."""
    with pytest.raises(ProofMalformed):
        parse_proof(text)


def test_a_proof_with_a_broken_checkpoint_is_refused():
    """What stands below the empty line has to be a signed note."""
    with pytest.raises(NoteMalformed):
        verify_proof(parse_proof(TEXT[:-1]), DATA, [LOG.key.verifier])


@pytest.mark.parametrize(
    ("index", "hashes"), [(-1, ()), (2**63, ()), (0, (b"short",)), (0, (HASH,) * 64)]
)
def test_a_proof_that_cannot_be_is_not_built(index, hashes):
    """Values that make no proof do not become one."""
    with pytest.raises(ProofMalformed):
        LogProof(index=index, hashes=hashes, checkpoint=b"")
