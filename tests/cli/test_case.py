"""`clearline case` opens, covers and shows, and says how each ends."""

import json
from pathlib import Path

import pytest

from clearline.cli import main
from clearline.cli.case import coverage, open_, show
from clearline.record.opening import NoCaseForText, NotText
from clearline.record.writing import OtherFileThere
from clearline.rules.coverage import OtherText
from founding import NAME, the_text

OWN = "Ferry drill\n\nA ferry called at 17:00. Somebody waited.\n"


def text_of(folder: Path, said: str = OWN) -> Path:
    """Write a text of our own."""
    path = folder / "ferry drill.txt"
    path.write_text(said, encoding="utf-8")
    return path


def test_the_founding_text_opens_with_its_annotation(tmp_path, capsys):
    """The text a shipped case annotates opens with that case, whole."""
    out = tmp_path / "case.json"
    assert open_(the_text(), out=out) == 0
    assert "19 sentences, 88 claims" in capsys.readouterr().out
    assert coverage(the_text(), case=str(out)) == 0
    assert capsys.readouterr().out.startswith("19/19 sentences, 0 unmapped\n")


def test_the_founding_text_is_covered(capsys):
    """Orphan citations and lost referents are listed; exit 0."""
    assert coverage(the_text()) == 0
    said = capsys.readouterr().out
    assert said.startswith("19/19 sentences, 0 unmapped\n6 orphan citations")
    assert '  sentence 16: "the corridor"' in said


def test_another_text_is_begun_and_unmapped(tmp_path, capsys):
    """A text of one's own: proposals, no claims, and coverage ends with 1."""
    text, out = text_of(tmp_path), tmp_path / "own.json"
    assert open_(text, out=out, json=True) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["case"], told["sentences"], told["claims"]) == ("ferry-drill", 2, 0)
    assert {one["looks_like"] for one in told["proposals"]} >= {"time"}
    assert coverage(text, case=str(out)) == 1
    said = capsys.readouterr().out
    assert said.startswith("0/2 sentences, 2 unmapped\n  unmapped: sentence 1")
    assert OWN.split("\n\n")[1][:10] not in out.read_text()


def test_an_edited_text_is_refused(tmp_path):
    """One letter changed after opening: which sentence, and nothing is mapped."""
    text, out = text_of(tmp_path), tmp_path / "own.json"
    open_(text, out=out)
    text_of(tmp_path, OWN.replace("waited", "waited long"))
    with pytest.raises(OtherText) as refused:
        coverage(text, case=str(out))
    assert refused.value.what.endswith("as they were: 2.")


def test_a_text_no_case_annotates_needs_one_named(tmp_path):
    """Without --case only a shipped case can be meant."""
    with pytest.raises(NoCaseForText):
        coverage(text_of(tmp_path))


def test_what_is_no_text_is_refused(tmp_path):
    """Bytes that are no UTF-8 are named by their place."""
    path = tmp_path / "x.txt"
    path.write_bytes(b"ab\xff")
    with pytest.raises(NotText) as refused:
        open_(path, out=tmp_path / "c.json")
    assert "byte 2 is 0xff" in refused.value.what


def test_a_case_is_never_written_over_another(tmp_path):
    """A file that holds something else is left as it is; the same is fine."""
    text, out = text_of(tmp_path), tmp_path / "own.json"
    open_(text, out=out)
    open_(text, out=out)
    out.write_text("mine")
    with pytest.raises(OtherFileThere):
        open_(text, out=out)
    assert out.read_text() == "mine"


@pytest.mark.parametrize("view", ["question", "time", "place", "consequence"])
def test_every_view_ends_with_the_legal_line(view, capsys):
    """Notifying creates no protection: on each page, in text and in JSON."""
    assert show(NAME, by=view) == 0
    assert "not notifying removes none" in capsys.readouterr().out
    assert show(NAME, by=view, json=True) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["view"] == view
    assert told[view]


def test_a_view_of_a_ledger_needs_one(tmp_path, capsys):
    """A case whose day cannot be replayed says that a ledger has to be named."""
    out = tmp_path / "own.json"
    open_(text_of(tmp_path), out=out)
    with pytest.raises(SystemExit) as end:
        main(["case", "show", str(out), "--by", "settled"])
    assert end.value.code == 2
    assert "--ledger" in capsys.readouterr().err
