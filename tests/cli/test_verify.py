"""What `clearline verify` says, and with which exit code."""

import base64
import json
import shutil

import apsw
import pytest

from clearline.adapters.data_folder import DataFolder, open_folder
from clearline.adapters.proving import export_log, prove_entry
from clearline.cli import main
from clearline.ledger.keys import SignerKey
from contract.batches import part
from faults.nodes import START, erasing, payload, payloads, sealing, start

SIZE = 300
OTHER = SignerKey(name="south.example/clearline/exercise", seed=bytes(range(32)))


class Desk:
    """Hold a node's folder, its key as a file, and checkpoints seen before."""

    def __init__(self, root):
        self.folder = root / "node"
        node = start(self.folder)
        node.log.append(payloads(0, 100), now=START, is_urgent=True)
        self.early = node.log.checkpoint()
        node.close()
        self.early_folder = shutil.copytree(self.folder, root / "early")
        node = start(self.folder)
        node.log.append(payloads(100, SIZE - 100), now=START, is_urgent=True)
        self.late = node.log.checkpoint()
        self.key = str(node.log.key)
        node.close()
        export_log(self.folder, root / "export", discloses=lambda index: index < 10)
        self.export = root / "export"
        self.receipt = root / "receipt.json"
        self.receipt.write_bytes(prove_entry(self.folder, 42))
        self.seen = root / "seen"
        self.seen.write_bytes(self.early)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Make a node's folder, an export and a receipt once."""
    return Desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def folder(whole, tmp_path):
    """Copy the node's folder, to be spoiled."""
    return shutil.copytree(whole.folder, tmp_path / "node")


@pytest.fixture
def run(capsys):
    """Run a command; return its exit code, standard output and standard error."""

    def run(*words):
        with pytest.raises(SystemExit) as left:
            main([str(word) for word in words])
        told = capsys.readouterr()
        return left.value.code or 0, told.out, told.err

    return run


@pytest.fixture
def verify(run):
    """Run `verify --json`; return the exit code and what was told."""

    def verify(*words):
        code, out, _ = run("verify", *words, "--json")
        return code, json.loads(out)

    return verify


def test_a_sound_folder_is_well(whole, verify):
    """All five keys are there, and the exit code is 0."""
    code, told = verify(whole.folder, "--key", whole.key)
    assert code == 0
    assert told["ok"] is True
    assert told["size"] == SIZE
    assert told["origin"] == "north.example/clearline/exercise"
    assert told["first_bad"] is None
    root = whole.late.decode().split("\n")[2]
    assert told["root"] == root


@pytest.mark.parametrize("what", ["folder", "ledger", "export", "receipt"])
def test_everything_somebody_may_hold_is_verified(whole, verify, what):
    """A folder, its file, a written-out log and a receipt lead to the same root."""
    path = {
        "folder": whole.folder,
        "ledger": DataFolder(path=whole.folder).ledger,
        "export": whole.export,
        "receipt": whole.receipt,
    }[what]
    code, told = verify(path, "--key", whole.key)
    assert (code, told["ok"], told["size"]) == (0, True, SIZE)
    assert told["root"] == whole.late.decode().split("\n")[2]


def test_the_key_may_be_a_file(whole, verify):
    """A key handed out as a file is given by its name."""
    vkey = DataFolder(path=whole.folder).verifier
    assert verify(whole.export, "--key", vkey)[0] == 0


def test_a_receipt_is_never_verified_without_a_key(whole, run):
    """Without a key from outside a receipt proves nothing, and that is said."""
    code, out, error = run("verify", whole.receipt)
    assert code == 2
    assert out == ""
    assert "--key" in error


def test_a_receipt_shows_its_entry(whole, verify):
    """What was proven is printed with it."""
    _, told = verify(whole.receipt, "--key", whole.key)
    assert told["entry"]["index"] == 42
    assert told["entry"]["payload"]["act"]["number"] == 42


@pytest.mark.parametrize("path", ["folder", "export", "receipt"])
def test_another_key_does_not_verify(whole, run, path):
    """Whatever was signed by somebody else is not well."""
    code, _, _ = run("verify", getattr(whole, path), "--key", OTHER.verifier)
    assert code == (65 if path == "receipt" else 1)


def test_without_a_key_the_one_beside_is_used_and_that_is_said(whole, run):
    """A key lying beside the log shows damage, not a rewritten log."""
    code, out, _ = run("verify", whole.folder)
    assert code == 0
    assert "No key was given" in out


def test_without_a_checkpoint_seen_an_absent_end_is_not_excluded(whole, run):
    """What cannot be known from the log alone is said."""
    _, out, _ = run("verify", whole.folder, "--key", whole.key)
    assert "an absent end cannot be excluded" in out


def test_a_checkpoint_seen_before_is_compared(whole, verify):
    """A log that has only grown since is well."""
    code, told = verify(whole.folder, "--key", whole.key, "--seen", whole.seen)
    assert code == 0
    assert not any("No earlier checkpoint" in note for note in told["caveats"])


def test_a_log_shorter_than_seen_is_not_well(verify, tmp_path):
    """A tail cut off together with its high-water file shows against a checkpoint."""
    node = start(tmp_path / "node")
    node.close()
    early = tmp_path / "early"
    shutil.copytree(tmp_path / "node", early)
    node = start(tmp_path / "node")
    node.log.append(payloads(0, 9), now=START, is_urgent=True)
    (tmp_path / "seen").write_bytes(node.log.checkpoint())
    key = str(node.log.key)
    node.close()
    assert verify(early, "--key", key)[0] == 0
    code, told = verify(early, "--key", key, "--seen", tmp_path / "seen")
    assert (code, told["ok"], told["first_bad"]) == (1, False, 0)


def test_a_rewritten_log_is_not_well(whole, verify, tmp_path):
    """A second history signed with the same key shows against a checkpoint seen."""
    other = tmp_path / "other"
    (other / "keys").mkdir(parents=True, mode=0o700)
    other.chmod(0o700)
    for name in ("log.key", "log.vkey"):
        shutil.copy(whole.folder / "keys" / name, other / "keys" / name)
    node = start(other)
    node.log.append(payloads(50, 200), now=START, is_urgent=True)
    node.close()
    assert verify(other, "--key", whole.key)[0] == 0
    code, told = verify(other, "--key", whole.key, "--seen", whole.seen)
    assert (code, told["ok"]) == (1, False)


def spoil(folder, entry):
    """Change one byte of what an entry says."""
    path = folder / "ledger.sqlite"
    content = bytearray(path.read_bytes())
    content[content.index(base64.b64encode(payload(entry))) + 70] ^= 2
    path.write_bytes(content)


@pytest.mark.parametrize("entry", [0, 7, 255, 256, SIZE - 1])
def test_the_first_bad_entry_is_named(whole, verify, run, folder, entry):
    """A changed entry is told by its index, and no other is accused."""
    spoil(folder, entry)
    code, told = verify(folder, "--key", whole.key)
    assert (code, told["ok"], told["first_bad"]) == (1, False, entry)
    assert {(one["start"], one["end"]) for one in told["problems"]} == {
        (entry, entry + 1)
    }
    _, out, _ = run("verify", folder, "--key", whole.key)
    assert f"First bad entry: {entry}." in out


def test_a_tail_lost_from_the_folder_is_bounded(whole, verify, folder):
    """The high-water file shows how many entries are missing, and which."""
    shutil.copy(whole.early_folder / "ledger.sqlite", folder / "ledger.sqlite")
    code, told = verify(folder, "--key", whole.key)
    assert (code, told["ok"], told["first_bad"]) == (1, False, 100)
    (fault,) = told["files"]
    assert (fault["file"], fault["start"], fault["end"]) == ("ledger.sqlite", 100, SIZE)


@pytest.mark.parametrize("name", ["ledger.sqlite", "high-water"])
def test_a_missing_file_is_said(whole, run, folder, name):
    """A folder that lost a file is not well."""
    (folder / name).unlink()
    code, out, error = run("verify", folder, "--key", whole.key)
    assert code in (1, 2, 74)
    assert name in out + error


@pytest.mark.parametrize("make", ["nothing", "empty folder", "text", "other database"])
def test_what_is_no_log_is_refused(run, tmp_path, make):
    """A path that holds nothing of a log is bad input, and nothing is changed."""
    path = tmp_path / "thing"
    if make == "empty folder":
        path.mkdir()
    elif make == "text":
        path.write_text("minutes of a meeting\n")
    elif make == "other database":
        db = apsw.Connection(str(path), vfs="unix")
        db.execute("CREATE TABLE other (x)")
        db.close()
        (tmp_path / "keys").mkdir()
        (tmp_path / "keys" / "log.vkey").write_text(f"{OTHER.verifier}\n")
    code, _, error = run("verify", path)
    assert code == 2
    assert "next:" in error


def test_a_log_may_be_verified_while_its_node_runs(verify, tmp_path):
    """Verifying sees one moment of the log and does not disturb the node."""
    node = start(tmp_path / "node")
    node.log.append(payloads(0, 300), now=START, is_urgent=True)
    before = verify(tmp_path / "node")[1]["size"]
    node.log.append(payloads(300, 5), now=START, is_urgent=True)
    after = verify(tmp_path / "node")[1]["size"]
    node.close()
    assert (before, after) == (300, 305)


def test_verifying_changes_nothing(whole, verify):
    """Every byte of a folder is as it was before."""

    def state():
        return {
            path: path.read_bytes()
            for path in whole.folder.rglob("*")
            if path.is_file()
        }

    before = state()
    verify(whole.folder, "--key", whole.key)
    assert state() == before


def test_an_erased_part_is_listed_and_a_missing_one_is_not_well(verify, tmp_path):
    """A sealed part gone with its entry is told; one gone without it fails."""
    node = start(tmp_path / "node")
    one, sealed_one = part(b"first name")
    two, sealed_two = part(b"second name")
    naming = [sealing(number, digest) for number, digest in enumerate((one, two))]
    node.log.append(naming, now=START, sealed={one: sealed_one, two: sealed_two})
    node.log.append([erasing(0, one)], now=START, is_urgent=True)
    code, told = verify(tmp_path / "node")
    assert code == 0
    assert [item["entry"] for item in told["erased"]] == [0]
    node.store._writer.execute("DELETE FROM sealed_part WHERE digest = ?", (two,))
    code, told = verify(tmp_path / "node")
    assert (code, told["first_bad"]) == (1, 1)
    node.close()


def test_a_node_of_another_party_is_verified_with_its_key(verify, tmp_path):
    """Any node's log can be verified by whoever has its key."""
    node = open_folder(
        tmp_path / "south", now=START, origin="south.example/clearline/exercise"
    )
    node.log.append(payloads(0, 3), now=START, is_urgent=True)
    key = str(node.log.key)
    node.close()
    code, told = verify(tmp_path / "south", "--key", key)
    assert (code, told["origin"]) == (0, "south.example/clearline/exercise")
