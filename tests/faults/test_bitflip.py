"""Flip one bit in every kind of file there is: it is noticed, or it is harmless.

Harmless means: `verify` finds all well and every entry still reads as it was said.
Noticed means: a clear error or a verdict that is not well; and where entries are
touched, the range it names holds every entry that differs.
"""

import base64
import random
import shutil

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from clearline.adapters.data_folder import DataFolder
from clearline.adapters.proving import export_log, prove_entry
from clearline.adapters.sqlite_copy import SqliteCopy
from clearline.adapters.verification import verify_path
from clearline.ledger.keys import parse_verifier_key
from clearline.model.errors import ClearlineError
from contract.batches import part
from faults.nodes import START, payload, payloads, start

SIZE = 530
PROFILE = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def fill(folder):
    """Run a node that has said `SIZE` things; leave it open."""
    node = start(folder)
    digest, sealed = part(b"a caller's name" * 40)
    named = {"sealed": base64.b64encode(digest).decode()}
    first = [payload(0, name=named), *payloads(1, 299)]
    node.log.append(first, now=START, sealed={digest: sealed}, is_urgent=True)
    for number in range(300, SIZE - 100, 10):
        node.log.append(payloads(number, 10), now=START, is_urgent=True)
    node.store.keep_local("cursor", b"value" * 100)
    node.log.append(payloads(SIZE - 100, 100), now=START, is_urgent=True)
    return node


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Make every kind of file once: at rest, in the middle of work, handed out."""
    root = tmp_path_factory.mktemp("whole")
    node = fill(root / "node")
    shutil.copytree(root / "node", root / "running")
    said = [said for _, said in node.log.read(0, SIZE)]
    node.close()
    export_log(root / "node", root / "export", discloses=lambda _index: True)
    (root / "receipts").mkdir()
    (root / "receipts" / "receipt.json").write_bytes(prove_entry(root / "node", 270))
    key = (root / "node" / "keys" / "log.vkey").read_text().strip()
    return Whole((root, parse_verifier_key(key), said))


class Whole(tuple):
    """Hold the folders, the key and what was said, and do not print all of it."""

    __slots__ = ()

    def __repr__(self):
        return "Whole(...)"


def flipped(source, name, place, tmp_path):
    """Copy a folder and flip one bit in one of its files."""
    target = tmp_path / "flipped"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    content = bytearray((target / name).read_bytes())
    bit = place % (len(content) * 8)
    content[bit // 8] ^= 1 << bit % 8
    (target / name).write_bytes(content)
    return target


def differing(folder, said):
    """List the entries that do not read as they were said."""
    try:
        copy = SqliteCopy(DataFolder(path=folder).ledger)
    except ClearlineError:
        return set(range(SIZE))
    carried = msgspec.json.Decoder(dict)
    found = {}
    for row in copy.audit_rows():
        try:
            body = carried.decode(row.envelope or b"")["payload"]
            found.setdefault(row.index, base64.b64decode(body))
        except (msgspec.MsgspecError, ValueError, KeyError, TypeError):
            found.setdefault(row.index, b"")
    copy.close()
    return {index for index in range(SIZE) if found.get(index) != said[index]}


def judge(folder, key, said):
    """Verify a folder with the right key; check the verdict against the truth."""
    wrong = differing(folder, said)
    try:
        verdict = verify_path(folder, keys=[key])
    except ClearlineError:
        return "refused"
    if verdict.ok:
        assert not wrong, f"entries {sorted(wrong)[:5]} differ and nobody said so"
        assert verdict.size == SIZE
        return "harmless"
    problems = () if verdict.report is None else verdict.report.problems
    spans = [range(one.start, one.end) for one in (*problems, *verdict.files)]
    loose = [index for index in wrong if not any(index in span for span in spans)]
    assert not loose, f"entries {sorted(loose)[:5]} differ outside of {spans}"
    if wrong:
        assert verdict.first_bad is not None
        assert verdict.first_bad <= min(wrong)
    return "noticed"


def start_is_certain(folder, said):
    """Start a node on a folder: it refuses, or it holds what was said."""
    try:
        node = start(folder)
    except ClearlineError:
        return False
    try:
        found = [said for _, said in node.log.read(0, SIZE + 1)]
    except ClearlineError:
        return False
    finally:
        node.close()
    assert found == said, "a node started on another log than was acknowledged"
    return True


@PROFILE
@given(st.integers(min_value=0))
@example(8 * 20)
@example(8 * 28 + 3)
def test_a_flip_in_the_ledger_file_is_noticed_or_harmless(folders, tmp_path, place):
    """No flipped bit in a page of the log's file changes what is read in silence."""
    root, key, said = folders
    place *= random.Random(place).randrange(1, 10**6)  # noqa: S311 (spread, seeded)
    folder = flipped(root / "node", "ledger.sqlite", place, tmp_path)
    judge(folder, key, said)
    start_is_certain(folder, said)


@pytest.mark.parametrize("byte", range(100))
def test_a_flip_in_the_ledger_files_header_is_noticed(folders, tmp_path, byte):
    """The first hundred bytes say how to read the rest; none may lie in silence."""
    root, key, said = folders
    folder = flipped(root / "node", "ledger.sqlite", byte * 8 + byte % 8, tmp_path)
    judge(folder, key, said)
    start_is_certain(folder, said)


@PROFILE
@given(st.integers(min_value=0))
@example(0)
@example(8 * 24 + 1)
@example(8 * 40 + 1)
def test_a_flip_in_the_journal_is_noticed_or_harmless(folders, tmp_path, place):
    """A journal that lost its tail to a flipped bit does not pass for whole."""
    root, key, said = folders
    place *= random.Random(place).randrange(1, 10**6)  # noqa: S311 (spread, seeded)
    folder = flipped(root / "running", "ledger.sqlite-wal", place, tmp_path)
    judge(folder, key, said)
    start_is_certain(folder, said)


def test_the_journal_of_a_running_node_really_is_at_stake(folders, tmp_path):
    """Of flips spread over the journal, some lose a tail, and each is noticed."""
    root, key, said = folders
    told = []
    bits = (root / "running" / "ledger.sqlite-wal").stat().st_size * 8
    for step in range(20):
        folder = flipped(
            root / "running", "ledger.sqlite-wal", bits * step // 20, tmp_path
        )
        told.append((judge(folder, key, said), len(differing(folder, said))))
    assert any(lost for _, lost in told)
    assert all(how != "harmless" for how, lost in told if lost)


def test_a_flip_in_the_shared_index_is_harmless(folders, tmp_path):
    """The journal's index is built anew at every start."""
    root, key, said = folders
    size = (root / "running" / "ledger.sqlite-shm").stat().st_size
    for place in range(0, size * 8, size * 8 // 20):
        folder = flipped(root / "running", "ledger.sqlite-shm", place, tmp_path)
        assert judge(folder, key, said) == "harmless"
        assert start_is_certain(folder, said)


@settings(PROFILE, max_examples=12)
@given(st.integers(min_value=0, max_value=8191 * 8 + 7))
def test_a_flip_in_the_high_water_file_is_noticed(folders, tmp_path, place):
    """`verify` says which slot is spoiled; the node starts and renews it."""
    root, key, said = folders
    folder = flipped(root / "node", "high-water", place, tmp_path)
    verdict = verify_path(folder, keys=[key])
    assert not verdict.ok
    assert verdict.first_bad is None
    assert verdict.files[0].file == "high-water"
    assert start_is_certain(folder, said)
    assert verify_path(folder, keys=[key]).ok


@pytest.mark.parametrize("name", ["keys/log.key", "keys/log.vkey"])
def test_a_flip_in_a_key_file_is_noticed(folders, tmp_path, name):
    """A spoiled key neither signs nor verifies, and `verify` says so."""
    root, key, said = folders
    size = (root / "node" / name).stat().st_size
    for place in range(0, size * 8, 67):
        folder = flipped(root / "node", name, place, tmp_path)
        verdict = verify_path(folder, keys=[key])
        assert not verdict.ok
        assert verdict.files[0].file == "keys"
        assert not start_is_certain(folder, said)


def exported_files(root):
    """List the files of a written-out log that are not superseded."""
    export = root / "export"
    return sorted(
        str(path.relative_to(export)) for path in export.rglob("*") if path.is_file()
    )


def test_a_flip_in_any_file_handed_out_is_noticed(folders, tmp_path):
    """Tiles, bundles, contents, head and key: each shows, and where it can, bounds."""
    root, key, _ = folders
    names = exported_files(root)
    assert {"checkpoint", "log.vkey"} < set(names)
    dice = random.Random(1)  # noqa: S311 (a seed, so that a failure can be repeated)
    for name in names:
        size = (root / "export" / name).stat().st_size
        for _ in range(6):
            place = dice.randrange(size * 8)
            folder = flipped(root / "export", name, place, tmp_path)
            try:
                verdict = verify_path(folder, keys=[key])
            except ClearlineError:
                continue
            assert not verdict.ok, f"bit {place} of {name} flipped in silence"
            if name.startswith(("tile/0/", "tile/entries/", "content/")):
                assert verdict.first_bad is not None
                number = int(name.split(".")[0].rsplit("/", 1)[1])
                assert number * 256 <= verdict.first_bad < number * 256 + 256


@pytest.mark.parametrize(
    "name", ["tile/0/001", "tile/entries/001", "content/001.jsonl"]
)
def test_a_missing_file_handed_out_is_noticed(folders, tmp_path, name):
    """A file that is not there is bounded like one that is damaged."""
    root, key, _ = folders
    target = tmp_path / "missing"
    shutil.copytree(root / "export", target)
    (target / name).unlink()
    verdict = verify_path(target, keys=[key])
    if name.startswith("content"):
        assert verdict.ok
        assert verdict.report is not None
        assert verdict.report.undisclosed == 256
    else:
        assert verdict.first_bad == 256


def test_a_flip_in_a_receipt_is_noticed(folders, tmp_path):
    """No bit of a receipt can flip and still verify."""
    root, key, _ = folders
    size = (root / "receipts" / "receipt.json").stat().st_size
    for place in range(0, size * 8, 23):
        folder = flipped(root / "receipts", "receipt.json", place, tmp_path)
        with pytest.raises(ClearlineError):
            verify_path(folder / "receipt.json", keys=[key])


@settings(PROFILE, max_examples=10)
@given(st.integers(min_value=0, max_value=99))
def test_a_log_cut_short_is_noticed(folders, tmp_path, percent):
    """A file whose end is missing is not taken for a shorter log."""
    root, key, said = folders
    target = tmp_path / "cut"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(root / "node", target)
    path = target / "ledger.sqlite"
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * percent // 100])
    assert judge(target, key, said) != "harmless"
    assert not start_is_certain(target, said)
