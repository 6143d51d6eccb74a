"""What `clearline replay` prints, writes and refuses."""

import json
import re
from pathlib import Path

import pytest

from clearline.cli import main
from clearline.replay.folder import PAGE, RESULT
from days import DRILL


def run(*args: str) -> int:
    """Run the command in this process and return its exit code."""
    with pytest.raises(SystemExit) as ended:
        main([*args])
    return int(ended.value.code or 0)


@pytest.fixture(scope="module")
def drilled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Replay the drill once through the command."""
    place = tmp_path_factory.mktemp("cli") / "out"
    assert run("replay", DRILL, "--runs=4", "--workers=1", f"--out={place}") == 0
    return place


def test_json_is_the_whole_result_and_nothing_else(
    drilled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Standard output holds one object, the same that was written to the folder."""
    code = run("replay", DRILL, "--runs=4", "--workers=1", f"--out={drilled}", "--json")
    out = capsys.readouterr().out
    assert code == 0
    told = json.loads(out)
    assert out == (drilled / RESULT).read_text()
    assert told["as_recorded"]["waited_s"] == 240
    assert told["with_line"]["runs"] == 4


def test_the_three_blocks_read_without_colour_at_80_columns(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Record, model and where they part; statuses in words; no control codes."""
    place = tmp_path / "o"
    run("replay", "wck-convoy-2024", "--runs=4", "--workers=1", f"--out={place}")
    out = capsys.readouterr().out
    blocks = re.findall(r"^=== (.+?) =", out, flags=re.MULTILINE)
    assert blocks == [
        "WHAT WAS RECORDED",
        "THE SAME DAY WITH THE LINE (MODEL)",
        "WHERE THE TWO PART (MODEL AGAINST THE RECORD)",
        "KEPT",
    ]
    assert "\x1b" not in out
    body = out.split("=== KEPT")[0]
    assert max(len(line) for line in body.splitlines()) <= 80
    assert "[unverified]" in out
    assert "No call to stop was ever made." in out
    assert f"page     {place / PAGE}" in out


def test_everything_said_to_be_kept_is_there(
    drilled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Page, result, ledgers and receipts; and the ledger verifies as told."""
    capsys.readouterr()
    assert (drilled / PAGE).read_text().lstrip().startswith("<!")
    assert run("verify", str(drilled / "as-recorded")) == 0
    assert run("verify", str(drilled / "with-line")) == 0
    receipts = sorted((drilled / "receipts").iterdir())
    key = (drilled / "with-line" / "keys" / "log.vkey").read_text().strip()
    mine = [one for one in receipts if one.name.startswith("with-line")]
    assert run("verify", str(mine[0]), f"--key={key}") == 0


def test_a_knob_is_turned_and_said_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was changed stands at the top, with what the document says."""
    code = run(
        "replay",
        DRILL,
        "--runs=3",
        "--workers=1",
        "--what-if",
        "staffed=false",
        f"--out={tmp_path / 'o'}",
    )
    out = capsys.readouterr().out
    assert code == 0
    assert "CHANGED: Somebody has the watch: false (document: true)." in out
    assert re.search(r"a person acknowledges, after +never +never +never +3", out)


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("replay", "kunduz"), "No scenario called 'kunduz' ships."),
        (("replay", "./nowhere.yaml"), "./nowhere.yaml cannot be read"),
        (("replay", DRILL, "--what-if", "luck=1"), "has no knob `luck`"),
        (("replay", DRILL, "--what-if", "staffed"), "expected KNOB=VALUE"),
        (("replay", DRILL, "--what-if", "staffed=maybe"), "`true` or `false`"),
    ],
)
def test_a_mistake_is_answered_with_what_to_do(
    args: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """What happened, what state things are in, what to do next; nothing is made."""
    code = run(*args, f"--out={tmp_path / 'o'}")
    err = " ".join(capsys.readouterr().err.split())
    assert code == 2
    assert says.casefold() in err.casefold()
    assert "next:" in err
    assert list(tmp_path.iterdir()) == []


def test_a_mistake_in_a_document_names_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """File, line, column, found and expected."""
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(Path(DRILL).read_text().replace("by: skipper", "by: skiper", 1))
    assert run("replay", str(wrong)) == 2
    err = capsys.readouterr().err
    assert re.search(r"wrong\.yaml:\d+:\d+: found `skiper`", err)
    assert "did you mean `skipper`?" in err


def test_a_folder_that_is_not_ours_is_refused_before_any_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing in it is touched, and nothing was played."""
    (tmp_path / "thesis.txt").write_text("years of work")
    assert run("replay", DRILL, f"--out={tmp_path}") == 2
    assert "no replay made it" in capsys.readouterr().err
    assert [one.name for one in tmp_path.iterdir()] == ["thesis.txt"]


def test_an_expectation_that_is_not_met_is_the_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """1, and which one; but not where somebody turned a knob."""
    wrong = tmp_path / "drill.yaml"
    text = Path(DRILL).read_text()
    wrong.write_text(text.replace('value: "240"', 'value: "300"'))
    args = ("replay", str(wrong), "--runs=2", "--workers=1", f"--out={tmp_path / 'o'}")
    assert run(*args) == 1
    said = capsys.readouterr()
    assert "not as the document says: The wait is four minutes." in said.err
    assert "NOT MET" in said.out
    assert run(*args, "--what-if", "stop-at=T+01:00") == 0


def test_the_founding_day_tells_its_story_and_says_where_its_page_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The founding incident: 27 minutes, 15 of 37, and a page."""
    place = tmp_path / "demo"
    assert run("replay", "deir-ez-zor-2016", "--runs=4", f"--out={place}") == 0
    out = capsys.readouterr().out
    assert "A telephone line between" in out
    assert re.search(r"waited +27:00", out)
    assert re.search(r"strikes in that wait +15", out)
    assert re.search(r"strikes in all +37", out)
    assert (place / PAGE).is_file()
    assert str(place / PAGE) in out


def test_both_days_go_on_paper_and_the_same_replay_is_the_same_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--pdf` writes the same bytes for the same seed; another day is another file."""
    written = []
    for out, more in (("a", ()), ("b", ()), ("c", ("--what-if", "stop-at=T+01:00"))):
        place = tmp_path / out
        args = ("--runs=2", "--workers=1", f"--out={place}", "--pdf", *more)
        assert run("replay", DRILL, *args) == 0
        written.append((place / "replay.pdf").read_bytes())
    assert written[0][:5] == b"%PDF-"
    assert written[0] == written[1] != written[2]
    assert "replay.pdf" in capsys.readouterr().out


def test_without_the_package_for_it_no_day_is_played_for_a_pdf(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It says so before anything is played, and what to do instead."""
    monkeypatch.setattr("clearline.record.pdf.can_write_pdf", lambda: False)
    place = tmp_path / "out"
    assert run("replay", DRILL, f"--out={place}", "--pdf") == 2
    said = capsys.readouterr().err
    assert "The package typst is not installed." in said
    assert "print the HTML page" in said
    assert not place.exists()
