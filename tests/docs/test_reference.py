"""The reference pages say what the code says now."""

import json
import re

import msgspec
import pytest

from clearline.adapters.settings import Settings
from clearline.model.calls import (
    ANSWERS,
    LONGEST_WAIT,
    RESPONSES,
    SHORTEST_WAIT,
    Answer,
    ClockName,
    Kind,
    Ladder,
    Rung,
    Telling,
    UnableReason,
)
from clearline.model.calls import (
    Line as CheckedLine,
)
from clearline.model.entries import Entry, Realm, WallStepped
from clearline.model.errors import BadInput
from clearline.model.instants import Duration, parse_instant
from clearline.model.parties import DeskId
from clearline.rules.clocks import (
    ENDS,
    HOLD_FOR,
    PEER_SILENT_AFTER,
    PEER_SPEAKS_WITHIN,
    STEPS,
)
from clearline.rules.ladders import PRECEDENCES, ladder_for
from clearline.rules.lines import CHECK_WITHIN
from clearline.rules.raising import ANSWER_WITHIN, HOLD_AT_MOST, RELEASE_FOR
from clearline.wire.entries import NAMES, read_entry, write_entry
from docs.generated import (
    PAGES,
    REFERENCE,
    ROOT,
    _meant,
    errors,
    messages,
    settings_page,
)
from docs.written import ENTRIES, ERRORS
from phone import Line

(_EVERY,) = (
    field for field in msgspec.structs.fields(CheckedLine) if field.name == "every"
)
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


def test_every_error_says_what_it_comes_to() -> None:
    """Whoever is on duty finds for each error what holds and what to do."""
    said = messages()
    known = {error.__name__: error for error in errors()}
    assert set(ERRORS) <= set(known), "written about what is gone"
    for name, error in known.items():
        assert name in ERRORS or issubclass(error, BadInput), name
        assert name in ERRORS or said.get(name), f"{name} is never raised by name"


def test_every_setting_says_what_it_does() -> None:
    """No setting is left without its sentence."""
    for section in msgspec.structs.fields(Settings):
        for field in msgspec.structs.fields(section.type):
            said = f"{section.name}.{field.name}"
            assert f"`{field.name}`" in settings_page(), said
            assert _meant(field.type).endswith("."), said


def test_every_entry_says_who_writes_it() -> None:
    """Each act has its author and its effect, and no act that is gone has one."""
    assert set(ENTRIES) == set(NAMES.values())


def test_what_an_error_says_is_found_where_it_is_raised() -> None:
    """The page's sentences are the code's: the search finds each way to say one."""
    said = messages()
    assert any(
        m.what.startswith("The ladder cannot be used") for m in said["BadLadder"]
    )
    assert any(m.state == "Nothing was recorded." for m in said["UnknownDesk"])
    assert any("…" in m.what for m in said["EntryDamaged"])


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
    for name, wait in {
        "a HOLD ends at most": HOLD_AT_MOST,
        "a check of a line is due": CHECK_WITHIN,
        "no wait is shorter than": SHORTEST_WAIT,
        "no wait is longer than": LONGEST_WAIT,
        "a line is checked every": _EVERY.default,
        "another party's node is silent after": PEER_SILENT_AFTER,
        "after its receipt": PEER_SPEAKS_WITHIN,
    }.items():
        assert said.pop(name) == wait.total_seconds(), name
    waits = {field for field in Ladder.__struct_fields__ if field != "rungs"}
    assert set(said) == waits - {"repeat_after"}
    for name, seconds in said.items():
        assert getattr(plain, name).total_seconds() == seconds


def test_every_clock_is_explained() -> None:
    """Whatever a call can wait for stands in the table, and nothing else."""
    assert set(rows("What waits")) == {clock.value for clock in ClockName}


def test_every_word_a_desk_is_told_is_explained() -> None:
    """Each thing a desk is told without asking says when."""
    told = rows("What a desk is told without asking")
    assert set(told) == {telling.value for telling in Telling}


def test_every_answer_is_explained() -> None:
    """What each answer does stands in the table of acts."""
    acts = " ".join(rows("What an act does"))
    for answer in Answer:
        assert answer.value in acts, answer


def test_the_specified_payloads_are_what_is_written() -> None:
    """Each artefact of the specification is read, and written to the byte."""
    page = (ROOT / "docs" / "spec" / "entry.md").read_text(encoding="utf-8")
    first, second = re.findall(r"```json\n(.*?)\n```", page, re.DOTALL)
    entry = Entry(
        at=parse_instant("2016-09-17T13:55:00Z"),
        realm=Realm.LIVE,
        act=WallStepped(by_s=2.0),
        clock_error_s=0.5,
    )
    assert write_entry(entry) == first.encode()
    assert read_entry(first.encode()) == entry
    assert write_entry(read_entry(second.encode())) == second.encode()
    members = set(json.loads(second)["act"])
    assert members == set(
        re.findall(r"^\| `(\w+)` \|", page.split("## An act")[1], re.MULTILINE)
    )
