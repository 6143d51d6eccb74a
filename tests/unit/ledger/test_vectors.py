"""The vectors in tests/vectors are answered as they say.

They are written without the product (`vectors.plain`), so they are what another
language's implementation can be held against, and what ours is held against here.
"""

import base64
import hashlib
import json
from pathlib import Path

import pytest

from clearline.ledger.audit import AuditRow, audit
from clearline.ledger.checkpoint import open_checkpoint
from clearline.ledger.envelope import commitment, open_envelope
from clearline.ledger.keys import parse_key_file, parse_verifier_key
from clearline.ledger.note import open_note
from clearline.ledger.proof import parse_proof, verify_proof
from clearline.ledger.receipt import verify_receipt
from clearline.ledger.report import Fault
from clearline.ledger.sealed import SealedPart, open_seal
from clearline.ledger.tiles import (
    TILE_WIDTH,
    Edge,
    bundles_of,
    grow,
    parse_tile_path,
    tiles_of,
    write_bundle,
)
from clearline.ledger.tree import (
    Frontier,
    hash_leaf,
    verify_consistency,
    verify_inclusion,
)
from clearline.model.errors import ClearlineError
from unit.ledger.made_log import make_log
from vectors.make_vectors import FILES, written
from vectors.plain import drawn

FOLDER = Path(__file__).parents[2] / "vectors"
ENTRIES = [drawn(f"entry {index}") for index in range(600)]
LEAVES = [hash_leaf(entry) for entry in ENTRIES]


def cases(name):
    """Read a file of vectors."""
    found = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))["cases"]
    names = [case["name"] for case in found]
    assert len(set(names)) == len(names)
    return [pytest.param(case, id=case["name"]) for case in found]


def raw(text):
    """Read base64."""
    return base64.b64decode(text, validate=True)


def raws(texts):
    """Read a list of base64."""
    return [raw(text) for text in texts]


def keys(case):
    """Read the keys given with a case."""
    return [parse_verifier_key(line) for line in case["keys"]]


def answer(case, check, *given):
    """Check something; return what came out, or nothing where it was refused."""
    if case["ok"]:
        return check(*given)
    with pytest.raises(ClearlineError):
        check(*given)
    return None


@pytest.mark.parametrize("name", FILES)
def test_the_files_are_what_the_plain_writer_writes(name):
    """What is committed is what the specification's plain reading gives."""
    path = FOLDER / f"{name}.json"
    assert path.read_text(encoding="utf-8") == written(name)


def test_no_file_is_forgotten():
    """Every file of vectors is made and run."""
    assert {path.stem for path in FOLDER.glob("*.json")} == set(FILES)


@pytest.mark.parametrize("case", cases("tree"))
def test_tree(case):
    """Roots and leaf hashes are the vectors'."""
    size = case["size"]
    assert Frontier().extend(LEAVES[:size]).root() == raw(case["root"])
    if size:
        assert LEAVES[size - 1] == raw(case["last_leaf_hash"])


@pytest.mark.parametrize("case", cases("inclusion"))
def test_inclusion(case):
    """Inclusion proofs are taken and refused as the vectors say."""
    answer(
        case,
        verify_inclusion,
        case["index"],
        case["size"],
        raw(case["leaf_hash"]),
        raws(case["proof"]),
        raw(case["root"]),
    )


@pytest.mark.parametrize("case", cases("consistency"))
def test_consistency(case):
    """Consistency proofs are taken and refused as the vectors say."""
    answer(
        case,
        verify_consistency,
        case["old"],
        case["new"],
        raws(case["proof"]),
        raw(case["old_root"]),
        raw(case["new_root"]),
    )


@pytest.mark.parametrize("case", cases("verifier-keys"))
def test_verifier_keys(case):
    """Verifier keys are read as the vectors say."""
    key = answer(case, parse_verifier_key, case["vkey"])
    if key is not None:
        assert (key.name, key.id.hex()) == (case["key_name"], case["key_id"])
        assert key.public == raw(case["public"])
        assert str(key) == case["vkey"]


@pytest.mark.parametrize("case", cases("key-files"))
def test_key_files(case):
    """Key files are read as the vectors say."""
    key = answer(case, parse_key_file, case["file"])
    if key is not None:
        assert str(key.verifier) == case["vkey"]
        assert raw(case["seed"]) in raw(key.private_line().split("+", 4)[-1])


@pytest.mark.parametrize("case", cases("notes"))
def test_notes(case):
    """Notes are opened as the vectors say."""
    opened = answer(case, open_note, case["note"].encode(), keys(case))
    if opened is not None:
        assert opened.text == case["text"]
        assert [key.name for key in opened.signers] == case["signers"]


@pytest.mark.parametrize("case", cases("checkpoints"))
def test_checkpoints(case):
    """Checkpoints are opened as the vectors say."""
    head = answer(case, open_checkpoint, case["note"].encode(), keys(case))
    if head is not None:
        assert (head.origin, head.size) == (case["origin"], case["size"])
        assert head.root == raw(case["root"])


@pytest.mark.parametrize("case", cases("tile-paths"))
def test_tile_paths(case):
    """Paths are read and written as the vectors say."""
    name = answer(case, parse_tile_path, case["path"])
    if name is not None:
        assert (name.level, name.number) == (case["level"], case["number"])
        assert (name.width, name.path) == (case["width"], case["path"])


@pytest.mark.parametrize("case", cases("tiles"))
def test_tiles(case):
    """Every tile and bundle of a log is byte for byte the vectors'."""
    size = case["size"]
    edge, full = grow(Edge(), LEAVES[:size])
    assert edge.root() == raw(case["root"])
    known = {(tile.level, tile.number): tile.hashes for tile in full}
    found = []
    for name in tiles_of(size):
        is_full = name.width == TILE_WIDTH
        level = name.level or 0
        found.append((name, known[level, name.number] if is_full else edge.open[level]))
    for name in bundles_of(size):
        start = name.number * TILE_WIDTH
        found.append((name, write_bundle(ENTRIES[start : start + name.width])))
    told = [
        {"path": name.path, "bytes": len(data), "sha256": digest_of(data)}
        for name, data in found
    ]
    assert told == case["tiles"] + case["bundles"]


def digest_of(data):
    """Tell bytes by their digest."""
    return hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("case", cases("envelopes"))
def test_envelopes(case):
    """Envelopes are opened as the vectors say."""
    payload = answer(case, open_envelope, case["envelope"].encode(), keys(case))
    if payload is not None:
        assert payload.decode() == case["payload"]


@pytest.mark.parametrize("case", cases("commitments"))
def test_commitments(case):
    """Commitments and leaves are the vectors'."""
    data = commitment(raw(case["salt"]), case["envelope"].encode())
    assert data == raw(case["commitment"])
    assert hash_leaf(data) == raw(case["leaf_hash"])


@pytest.mark.parametrize("case", cases("proofs"))
def test_proofs(case):
    """Proofs are taken and refused as the vectors say."""

    def check():
        proof = parse_proof(case["proof"].encode())
        return proof, verify_proof(proof, raw(case["entry"]), keys(case))

    found = answer(case, check)
    if found is not None:
        proof, head = found
        assert (proof.index, head.size) == (case["index"], case["size"])


@pytest.mark.parametrize("case", cases("receipts"))
def test_receipts(case):
    """Receipts are taken and refused as the vectors say."""
    proven = answer(case, verify_receipt, case["receipt"].encode(), keys(case))
    if proven is not None:
        assert proven.payload.decode() == case["payload"]
        assert (proven.index, proven.checkpoint.size) == (case["index"], case["size"])
        assert proven.checkpoint.origin == case["origin"]


@pytest.mark.parametrize("case", cases("sealed-parts"))
def test_sealed_parts(case):
    """Sealed parts are taken and refused as the vectors say."""
    part = SealedPart(salt=raw(case["salt"]), data=raw(case["part"]))
    answer(case, open_seal, raw(case["digest"]), part)


@pytest.mark.parametrize("case", cases("evidence"))
def test_evidence(case):
    """A person's evidence is taken and refused as the vectors say."""
    log = make_log([payload.encode() for payload in case["payloads"]])
    report = log.report()
    assert report.ok is case["ok"]
    assert {problem.fault for problem in report.problems} <= {Fault.EVIDENCE}
    assert report.evidence_checked >= case["ok"]


@pytest.mark.parametrize("case", cases("logs"))
def test_logs(case):
    """Whole logs are judged as the vectors say."""
    rows = [
        AuditRow(
            index=row["index"],
            commitment=raw(row["commitment"]),
            salt=None if row["salt"] is None else raw(row["salt"]),
            envelope=None if row["envelope"] is None else row["envelope"].encode(),
        )
        for row in case["rows"]
    ]
    parts = {
        raw(part["digest"]): SealedPart(salt=raw(part["salt"]), data=raw(part["part"]))
        for part in case.get("parts", ())
    }
    report = audit(
        rows,
        checkpoint=case["checkpoint"].encode(),
        keys=keys(case),
        seen=case["seen"].encode() if "seen" in case else None,
        find_sealed=parts.get,
    )
    assert report.ok is case["ok"]
    assert report.left_out == 0
    bad = report.first_bad
    if case["first_bad"] is not None:
        assert bad is not None
        assert bad.start == case["first_bad"]
    elif bad is not None:
        assert bad.fault in {Fault.CHECKPOINT, Fault.SEEN, Fault.ROOT}
