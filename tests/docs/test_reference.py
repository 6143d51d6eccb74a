"""The reference pages say what the code says now."""

import re

import pytest

from clearline.model.calls import ANSWERS, RESPONSES, Kind, Ladder, Rung, UnableReason
from clearline.model.entries import Entry, Realm, WallStepped
from clearline.model.instants import Duration, parse_instant
from clearline.model.parties import DeskId
from clearline.rules.clocks import ENDS, STEPS
from clearline.rules.ladders import PRECEDENCES, ladder_for
from clearline.rules.raising import ANSWER_WITHIN, HOLD_FOR, RELEASE_FOR
from clearline.wire.entries import read_entry, write_entry
from docs.generated import PAGES, REFERENCE, ROOT
from phone import Line

CALLS = (REFERENCE / "calls.md").read_text(encoding="utf-8")


def rows(heading: str) -> dict[str, list[str]]:
    """Read the table below a heading of the page of calls."""
    part = CALLS.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")][1:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {name: rest for name, *rest in cells}


@pytest.mark.parametrize("name", PAGES)
def test_what_follows_from_the_code_is_on_the_page(name: str) -> None:
    """A page that is behind is written anew by `./run test reference`."""
    page = (REFERENCE / name).read_text(encoding="utf-8")
    assert page == PAGES[name](), "run `./run test reference`"


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_call_is_told_rightly(kind: Kind) -> None:
    """Response, answers, steps and end stand in the table as the rules have them."""
    response, answers, steps, ends = rows("Kinds")[kind.value]
    assert response == RESPONSES[kind].value
    assert set(answers.split(", ")) == {one.value for one in ANSWERS[RESPONSES[kind]]}
    expected = ", ".join(step.value for step in STEPS[kind]) or "none"
    assert steps == expected
    assert ends.startswith(ENDS[kind].value if kind in ENDS else "never")


def test_every_reason_of_unable_is_named() -> None:
    """The six reasons stand on the page."""
    for reason in UnableReason:
        assert reason.value in CALLS


def test_every_wait_is_told_rightly() -> None:
    """The figures of the page are those of a ladder nobody changed."""
    ladder = ladder_for(Line().picture, DeskId("south-ops"), PRECEDENCES[Kind.STOP])
    plain = Ladder(rungs=(Rung(desk=DeskId("d"), after=Duration(0)),))
    said = {name: float(cells[0]) for name, cells in rows("Waits").items()}
    assert said.pop("next rung, FLASH") == ladder.rungs[1].after.total_seconds()
    assert said.pop("repeat_after, FLASH") == ladder.repeat_after.total_seconds()
    assert said.pop("a HOLD binds") == HOLD_FOR.total_seconds()
    assert said.pop("a RELEASE can be confirmed") == RELEASE_FOR.total_seconds()
    due = said.pop("a QUERY or line check is due")
    assert due == ANSWER_WITHIN.total_seconds()
    for name, seconds in said.items():
        assert getattr(plain, name).total_seconds() == seconds


def test_the_specified_payload_is_what_is_written() -> None:
    """The artefact of the specification is written to the byte."""
    page = (ROOT / "docs" / "spec" / "entry.md").read_text(encoding="utf-8")
    found = re.search(r"```json\n(.*?)\n```", page, re.DOTALL)
    assert found is not None
    entry = Entry(
        at=parse_instant("2016-09-17T13:55:00Z"),
        realm=Realm.LIVE,
        act=WallStepped(by_s=2.0),
        clock_error_s=0.5,
    )
    assert write_entry(entry) == found[1].encode()
    assert read_entry(found[1].encode()) == entry
