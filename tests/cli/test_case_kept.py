"""A case is kept in a node's log, and handed out so that others can check it."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from clearline.cli.case import coverage, open_, show
from clearline.cli.case_kept import (
    attach,
    enter,
    export,
    harm,
    keep,
    list_,
    report,
    statements,
)
from clearline.cli.verify import verify
from clearline.compose.node import open_node
from clearline.model.calls import Kind
from clearline.model.commands import Enter, RaiseCall
from clearline.model.entries import DeskSet, PartySet, PersonSet
from clearline.model.errors import BadInput, ClearlineError
from clearline.model.parties import (
    Actor,
    Desk,
    Party,
    Person,
    Role,
    Standing,
    Strength,
)
from clearline.record.dossier import NotReferred
from clearline.record.kept import CaseDesk
from clearline.record.writing import OtherFileThere
from clearline.rules.cases import UnknownCase
from clearline.rules.coverage import OtherText
from clearline.rules.refusals import IdTaken, UnknownPerson
from clearline.service.writer import Asked
from founding import NAME
from unit.wire.test_casefiles import SMALL

LINA = {"desk": "north-ops", "person": "lina"}


@pytest.fixture
def data(tmp_path) -> Path:
    """Make a node with two parties, a person each, and a STOP."""
    path = tmp_path / "data"
    node = open_node(
        path,
        origin="north.example/clearline/exercise",
        hear=lambda _: None,
        is_threaded=False,
    )
    node.begin()
    node.load_notices()
    acts = []
    for party, desk, person in (
        ("north", "north-ops", "lina"),
        ("north", "north-ops", "mate"),
        ("south", "s", "duty"),
    ):
        acts += [
            PartySet(party=Party(id=party, name=party, standing=Standing.PARTY)),
            DeskSet(desk=Desk(id=desk, party=party, name=desk)),
            PersonSet(
                person=Person(
                    id=person, desk=desk, pseudonym=person, roles=(Role.MONITOR,)
                )
            ),
        ]
    commands = [Enter(act=act) for act in acts]
    by = Actor(
        party="north", desk="north-ops", strength=Strength.PASSWORD, person="lina"
    )
    commands.append(RaiseCall(call="stop-1", kind=Kind.STOP, by=by, to_desk="s"))
    said = []
    node.writer.write([Asked(command=one, reply=said.append) for one in commands])
    node.close()
    assert not [one for one in said if isinstance(one, ClearlineError)]
    return path


@pytest.fixture
def document(tmp_path) -> Path:
    """Write the smallest case."""
    path = tmp_path / "river.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def test_a_case_file_enters_a_log_once(data, document, capsys):
    """Each claim an entry; again, nothing; listed and shown while it lies there."""
    assert keep(document, **LINA, data=data) == 0
    assert "6 entries" in capsys.readouterr().out
    keep(document, **LINA, data=data, json=True)
    assert json.loads(capsys.readouterr().out)["entered"] == 0
    list_(data=data)
    assert capsys.readouterr().out == "north:river-drill: River drill (2 claims)\n"
    show("river-drill", data=data)
    assert "answered at once.  [contested]" in capsys.readouterr().out
    with pytest.raises(UnknownCase):
        show("gone", data=data)


def test_the_founding_case_enters_a_log_whole(data, capsys):
    """Every claim of it comes in, in an order in which each may."""
    keep(Path(NAME), **LINA, data=data)
    assert list_(data=data, json=True) == 0
    (row,) = json.loads(capsys.readouterr().out.splitlines()[-1])["cases"]
    assert (row["id"], row["claims"]) == (f"north:{NAME}", 88)


def test_where_sentences_stand_enters_the_log_and_the_text_does_not(
    data, tmp_path, capsys
):
    """A case opened from a text is covered from what the node keeps, by its hashes."""
    text = tmp_path / "note.txt"
    text.write_text("The ferry called twice.\n\nNobody answered for long.\n")
    case = tmp_path / "note.case.json"
    open_(text, out=case)
    said = json.loads(case.read_bytes())
    said["claims"] = [
        {
            "id": "twice",
            "says": "It rang two times.",
            "what": {"is": "event"},
            "sources": ["the-text"],
            "sentences": [1],
        }
    ]
    case.write_text(json.dumps(said))
    keep(case, **LINA, data=data)
    capsys.readouterr()
    assert coverage(text, case="note", data=data) == 1
    assert "1/2 sentences, 1 unmapped" in capsys.readouterr().out
    inside = b"".join(one.read_bytes() for one in data.glob("ledger.sqlite*"))
    digest = hashlib.sha256(b"The ferry called twice.").hexdigest()
    assert digest.encode() in inside
    assert b"ferry called" not in inside
    text.write_text("The ferry called once.\n\nNobody answered for long.\n")
    with pytest.raises(OtherText):
        coverage(text, case="note", data=data)


def test_a_case_says_which_calls_it_is_about_and_the_record_settles_it(
    data, document, capsys
):
    """Named when it is entered, or later; then the log has its receipts."""
    keep(document, **LINA, data=data)
    capsys.readouterr()
    show("river-drill", by="settled", data=data)
    assert "MISSING: when it was raised" in capsys.readouterr().out
    keep(document, call=("stop-1",), **LINA, data=data)
    assert "1 entries" in capsys.readouterr().out
    show("river-drill", by="settled", data=data)
    assert "found: when it was raised" in capsys.readouterr().out
    show("river-drill", by="knowledge", data=data)
    assert "stop-1: STOP to s" in capsys.readouterr().out


def test_a_body_gets_what_the_referral_says_and_never_more(data, tmp_path, capsys):
    """Nobody chooses its audience by hand; a body it was not referred to gets none."""
    harm("ferry", "The ferry was hit.", **LINA, call="stop-1", data=data)
    table = tmp_path / "s.csv"
    table.write_text("role,pseudonym,said\nmaster,A,It fell\n")
    statements(table, case="ferry", **LINA, data=data)
    act = tmp_path / "refer.json"
    act.write_text(
        json.dumps({"type": "case_referred", "act": {"case": "ferry", "to": "south"}})
    )
    enter(act, **LINA, data=data)
    capsys.readouterr()
    out = tmp_path / "out"
    assert report("ferry", out, data=data, body="south") == 0
    assert "for: south (parties)" in capsys.readouterr().out
    assert "It fell" not in (out / "report.html").read_text()
    with pytest.raises(NotReferred, match="as parties, not as whole"):
        report("ferry", tmp_path / "o", data=data, body="south", audience="whole")
    with pytest.raises(NotReferred, match="not referred to 'z'"):
        report("ferry", tmp_path / "o", data=data, body="z")


def test_two_people_who_edit_one_case_lose_nothing(data, document):
    """The second is told that the claim says something else; the first stays."""
    keep(document, **LINA, data=data)
    document.write_text(SMALL.replace("waited about four", "waited about five"))
    with pytest.raises(IdTaken):
        keep(document, desk="north-ops", person="mate", data=data)
    with pytest.raises(UnknownPerson):
        keep(document, desk="s", person="lina", data=data)


def test_harm_statements_and_attachments_are_kept(data, tmp_path, capsys):
    """From a report to a folder others can check: all of it, names sealed."""
    assert harm("ferry", "The ferry was hit.", **LINA, call="stop-1", data=data) == 0
    table = tmp_path / "s.csv"
    table.write_text("role,pseudonym,said,name\nmaster,A,=It fell,Jo Doe\n")
    assert statements(table, case="ferry", **LINA, data=data) == 0
    photo = tmp_path / "photo.png"
    photo.write_bytes(b"one")
    assert attach(photo, case="ferry", **LINA, data=data) == 0
    assert attach(photo, case="ferry", **LINA, data=data) == 0
    photo.write_bytes(b"two")
    assert attach(photo, case="ferry", **LINA, data=data) == 1
    said = capsys.readouterr().out
    assert hashlib.sha256(b"one").hexdigest() in said.split("CHANGED")[1]
    beside = b"".join(one.read_bytes() for one in data.glob("ledger.sqlite*"))
    assert b"Jo Doe" in beside
    out = tmp_path / "out"
    assert report("ferry", out, data=data) == 0
    whole = (out / "report.html").read_text()
    assert "=It fell" in whole
    assert "found changed 1 times" in whole
    files = [one.read_bytes() for one in out.rglob("*") if one.is_file()]
    assert not any(b"Jo Doe" in one for one in files)
    assert "withheld: 1 names" in capsys.readouterr().out


def test_any_act_is_entered_from_a_file(data, tmp_path, capsys):
    """A lesson where no screen is; what is no act is refused by name."""
    harm("ferry", "Hit.", **LINA, call="stop-1", data=data)
    act = tmp_path / "lesson.json"
    lesson = {
        "case": "ferry",
        "lesson": "l1",
        "says": "Ring roles.",
        "owner": "s",
        "due_at": "2999-01-01T00:00:00Z",
    }
    act.write_text(json.dumps({"type": "lesson_set", "act": lesson}))
    assert enter(act, **LINA, data=data) == 0
    assert enter(act, **LINA, data=data) == 0
    assert "recorded already" in capsys.readouterr().out
    for wrong in (
        '{"type": "rang", "act": {}}',
        '{"type": "lesson_set", "act": {"case": "ferry"}}',
        '{"type": "lesson_set", "act": {"case": "ferry", "wrong": 1}}',
        "[]",
    ):
        act.write_text(wrong)
        with pytest.raises(ClearlineError):
            enter(act, **LINA, data=data)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory) -> Path:
    """Write the founding case out once."""
    out = tmp_path_factory.mktemp("bundle") / "out"
    assert report(NAME, out) == 0
    return out


def test_a_bundle_is_verified_by_others(bundle):
    """Every file has its hash; every ledger and receipt verifies by itself."""
    for line in (bundle / "SHA256SUMS").read_text().splitlines():
        digest, _, name = line.partition("  ")
        assert hashlib.sha256((bundle / name).read_bytes()).hexdigest() == digest
    for name in ("as-recorded", "with-the-line"):
        key = str(bundle / "ledgers" / name / "log.vkey")
        assert verify(bundle / "ledgers" / name, key=(key,)) == 0
    receipts = sorted((bundle / "receipts").iterdir())
    assert len(receipts) > 10
    key = str(bundle / "ledgers" / "with-the-line" / "log.vkey")
    assert verify(receipts[0], key=(key,)) == 0
    assert not list(bundle.parent.glob(".*.part"))


def test_a_bundle_is_verified_whole_and_says_what_was_done_to_it(
    bundle, tmp_path, capsys
):
    """One command looks at every file, ledger and receipt; one byte and it is told."""
    key = [str(one) for one in sorted(bundle.glob("ledgers/*/log.vkey"))]
    receipts = len(list((bundle / "receipts").iterdir()))
    assert verify(bundle, key=tuple(key)) == 0
    told = capsys.readouterr().out
    assert f"{receipts} receipts hold." in told
    assert "The case is as it was written." in told
    assert hashlib.sha256((bundle / "SHA256SUMS").read_bytes()).hexdigest() in told
    assert verify(bundle) == 0
    assert "No receipt was looked at" in capsys.readouterr().out
    assert verify(bundle, key=(key[0],)) == 1
    assert "no key of" in capsys.readouterr().out
    spoilt = tmp_path / "spoilt"
    shutil.copytree(bundle, spoilt)
    with (spoilt / "report.html").open("a", encoding="utf-8") as page:
        page.write(" ")
    (spoilt / "claims.csv").unlink()
    (spoilt / "more.txt").write_text("put in")
    (tile,) = sorted(spoilt.glob("ledgers/as-recorded/tile/entries/*"))[:1]
    tile = next(one for one in (tile, *tile.rglob("*")) if one.is_file())
    tile.write_bytes(tile.read_bytes()[:-1] + b"\x00")
    assert verify(spoilt, key=tuple(key), json=True) == 1
    found = json.loads(capsys.readouterr().out)
    assert [one.partition(" ")[2] for one in found["files"]] == [
        "is missing.",
        "is not what was written.",
        "is not what was written.",
        "was put in later.",
    ]
    assert not all(one["ok"] for one in found["ledgers"]) or found["refused"]
    with pytest.raises(BadInput):
        verify(bundle, seen=bundle / "ledgers" / "as-recorded" / "checkpoint")


def test_nothing_is_written_into_a_folder_that_is_there(bundle):
    """What was handed out is never changed afterwards."""
    with pytest.raises(OtherFileThere):
        report(NAME, bundle)


def test_a_receipt_that_was_altered_fails(bundle, tmp_path):
    """One space within what an entry says, and it verifies no more."""
    (receipt, *_) = sorted((bundle / "receipts").iterdir())
    text = receipt.read_text()
    assert '"envelope":"' in text
    spoilt = tmp_path / "receipt.json"
    spoilt.write_text(text.replace('"envelope":"', '"envelope":" ', 1))
    key = str(bundle / "ledgers" / "with-the-line" / "log.vkey")
    with pytest.raises(ClearlineError):
        verify(spoilt, key=(key,))


@pytest.mark.parametrize("form", ["csv", "geojson", "jsonld", "json"])
def test_claims_are_exported(form, tmp_path):
    """Each form is written, and never over something else."""
    file = tmp_path / "out"
    assert export(NAME, file, form=form) == 0
    assert file.stat().st_size > 1_000
    file.write_bytes(b"mine")
    with pytest.raises(OtherFileThere):
        export(NAME, file, form=form)


def test_a_running_node_is_not_written_beside(data, document):
    """Two processes never write one log."""
    with CaseDesk(data, "north-ops", "lina"), pytest.raises(ClearlineError):
        keep(document, **LINA, data=data)
