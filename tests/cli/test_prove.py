"""What `clearline prove` and `clearline ledger` write, and what they refuse."""

import base64
import hashlib
import json
import shutil

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from clearline.adapters.data_folder import DataFolder
from clearline.adapters.sqlite_copy import SqliteCopy
from clearline.cli import main
from clearline.cli.ledger import key as show_key
from clearline.cli.ledger import parse_content
from clearline.ledger.keys import parse_verifier_key
from clearline.ledger.receipt import verify_receipt
from clearline.ledger.tiles import bundles_of, tiles_of
from clearline.model.errors import BadInput
from faults.nodes import START, payload, payloads, start

SIZE = 300


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Make a node that has said a few things; it is not running."""
    folder = tmp_path_factory.mktemp("desk") / "node"
    node = start(folder)
    node.log.append(payloads(0, SIZE), now=START, is_urgent=True)
    node.close()
    return folder


@pytest.fixture
def key(whole):
    """Read the node's key as it is handed out."""
    text = DataFolder(path=whole).verifier.read_text()
    return parse_verifier_key(text.removesuffix("\n"))


@pytest.fixture
def run(capsys):
    """Run a command; return its exit code, standard output and standard error."""

    def run(*words):
        with pytest.raises(SystemExit) as left:
            main([str(word) for word in words])
        told = capsys.readouterr()
        return left.value.code or 0, told.out, told.err

    return run


def spoil(folder, words):
    """Change one byte behind some words in the log's file."""
    path = folder / "ledger.sqlite"
    content = bytearray(path.read_bytes())
    content[content.index(words) + len(words) + 4] ^= 2
    path.write_bytes(content)


@pytest.mark.parametrize("entry", [0, 255, 256, SIZE - 1])
def test_a_receipt_is_written_to_a_file_or_out(whole, key, run, tmp_path, entry):
    """Both ways give the same receipt, and it verifies alone."""
    out = tmp_path / "receipt.json"
    assert run("prove", entry, "--data", whole, "--out", out)[0] == 0
    code, printed, _ = run("prove", entry, "--data", whole)
    assert code == 0
    assert printed.encode() == out.read_bytes()
    proven = verify_receipt(out.read_bytes(), [key])
    assert (proven.index, proven.payload) == (entry, payload(entry))
    assert run("verify", out, "--key", key)[0] == 0


@pytest.mark.parametrize("entry", [SIZE, -1, 10**9])
def test_an_entry_that_is_not_there_has_no_receipt(whole, run, entry):
    """Asking beyond the end is bad input."""
    code, out, error = run("prove", f"--entry={entry}", "--data", whole)
    assert (code, out) == (2, "")
    assert "next:" in error


def test_a_changed_entry_has_no_receipt(whole, run, tmp_path):
    """No receipt leaves that would not verify; the error says which entry."""
    folder = shutil.copytree(whole, tmp_path / "node")
    spoil(folder, b'{"payload"')
    codes = {run("prove", entry, "--data", folder)[0] for entry in range(SIZE)}
    assert codes == {0, 65}


def test_a_folder_without_a_log_has_no_receipts(run, tmp_path):
    """Where no node has kept a log, that is said."""
    code, _, error = run("prove", 0, "--data", tmp_path)
    assert code == 2
    assert "No node has kept a log" in error


def test_an_export_holds_every_tile_the_specification_names(whole, run, tmp_path):
    """Any C2SP tlog-tiles client finds checkpoint, tiles and bundles."""
    out = tmp_path / "export"
    assert run("ledger", "export", out, "--data", whole)[0] == 0
    written = {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()}
    named = {name.path for name in (*tiles_of(SIZE), *bundles_of(SIZE))}
    assert written == named | {"checkpoint", "log.vkey"}
    assert (out / "tile/0/001.p/44").stat().st_size == 44 * 32
    assert (out / "tile/entries/001.p/44").stat().st_size == 44 * 34


def plain_root(leaves):
    """Hash leaves into a root as RFC 6962 section 2.1 defines it, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    cut = 1
    while cut * 2 < len(leaves):
        cut *= 2
    left, right = plain_root(leaves[:cut]), plain_root(leaves[cut:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def test_an_export_is_verified_by_somebody_elses_reading(whole, run, tmp_path):
    """A reader written from the C2SP pages alone, with none of our code, is content."""
    out = tmp_path / "export"
    run("ledger", "export", out, "--data", whole)
    name, key_id, key = (out / "log.vkey").read_text().strip().split("+", 2)
    public = base64.b64decode(key)
    assert public[0] == 1
    named = name.encode() + b"\n" + public
    assert hashlib.sha256(named).digest()[:4].hex() == key_id
    text, _, signatures = (out / "checkpoint").read_text().rpartition("\n\n")
    _, signer, signature = signatures.split(" ")
    signed = base64.b64decode(signature)
    assert (signer, signed[:4].hex()) == (name, key_id)
    verifier = Ed25519PublicKey.from_public_bytes(public[1:])
    verifier.verify(signed[4:], f"{text}\n".encode())
    origin, size, root = text.split("\n")
    data = (out / "tile/entries/000").read_bytes()
    data += (out / f"tile/entries/001.p/{int(size) - 256}").read_bytes()
    leaves = []
    while data:
        length = int.from_bytes(data[:2], "big")
        leaves.append(hashlib.sha256(b"\x00" + data[2 : 2 + length]).digest())
        data = data[2 + length :]
    assert (origin, len(leaves)) == (name, int(size))
    assert plain_root(leaves) == base64.b64decode(root)
    assert (out / "tile/0/000").read_bytes() == b"".join(leaves[:256])
    assert (out / "tile/1/000.p/1").read_bytes() == plain_root(leaves[:256])


def test_an_export_discloses_nothing_unless_told(whole, run, tmp_path):
    """Without --content, not one word of an entry is in what was written."""
    out = tmp_path / "export"
    run("ledger", "export", out, "--data", whole)
    assert not (out / "content").exists()
    everything = b"".join(p.read_bytes() for p in out.rglob("*") if p.is_file())
    assert b"payload" not in everything


def test_an_export_discloses_what_was_told(whole, key, run, tmp_path):
    """Exactly the entries named are disclosed, and they verify."""
    out = tmp_path / "export"
    run("ledger", "export", out, "--data", whole, "--content", "3,254-257")
    lines = [
        json.loads(line)
        for path in sorted((out / "content").iterdir())
        for line in path.read_text().splitlines()
    ]
    assert [line["index"] for line in lines] == [3, 254, 255, 256, 257]
    code, told, _ = run("verify", out, "--key", key, "--json")
    assert code == 0
    assert json.loads(told)["undisclosed"] == SIZE - 5


def test_an_export_is_brought_up_to_date(whole, key, run, tmp_path):
    """Writing out again adds what is new, and an older state is built upon."""
    folder, out = shutil.copytree(whole, tmp_path / "node"), tmp_path / "export"
    run("ledger", "export", out, "--data", folder)
    full = (out / "tile/0/000").stat().st_mtime_ns
    node = start(folder)
    node.log.append(payloads(SIZE, 300), now=START, is_urgent=True)
    node.close()
    assert run("ledger", "export", out, "--data", folder)[0] == 0
    code, told, _ = run("verify", out, "--key", key, "--json")
    assert (code, json.loads(told)["size"]) == (0, SIZE + 300)
    assert (out / "tile/0/000").stat().st_mtime_ns == full


@pytest.mark.parametrize("there", ["a letter", "another log"])
def test_an_export_does_not_go_over_something_else(whole, run, tmp_path, there):
    """A folder that holds anything but this log is left as it is."""
    out = tmp_path / "export"
    out.mkdir()
    if there == "a letter":
        (out / "letter").write_text("dear")
    else:
        start(tmp_path / "other").close()
        run("ledger", "export", out, "--data", tmp_path / "other")
    before = {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}
    code, _, error = run("ledger", "export", out, "--data", whole)
    assert code == 2
    assert "Nothing was written" in error
    assert {p: p.read_bytes() for p in out.rglob("*") if p.is_file()} == before


def test_a_damaged_log_is_not_written_out(whole, run, tmp_path):
    """An export whose tiles would not fit its entries is stopped before its head."""
    folder, out = shutil.copytree(whole, tmp_path / "node"), tmp_path / "export"
    path = folder / "ledger.sqlite"
    content = bytearray(path.read_bytes())
    copy = SqliteCopy(DataFolder(path=whole).ledger)
    (row,) = copy.rows(5, 6)
    copy.close()
    content[content.index(row.commitment) + 3] ^= 1
    path.write_bytes(content)
    assert run("ledger", "export", out, "--data", folder)[0] == 65
    assert not (out / "checkpoint").exists()


@pytest.mark.parametrize("text", ["", "some", "1-", "-3", "3-x", "1;2", "5-3"])
def test_content_that_names_nothing_is_refused(text):
    """What to disclose is never guessed."""
    with pytest.raises(BadInput):
        parse_content(text)


def test_the_key_is_shown_for_handing_out(whole, key, capsys):
    """The public line is printed as others have to type it."""
    assert show_key(data=whole) == 0
    assert capsys.readouterr().out == f"{key}\n"
