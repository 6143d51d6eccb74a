"""The pages about replays, held against the code they describe."""

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from clearline.replay import result
from clearline.replay.granted import assumptions
from clearline.replay.moving import TRIED
from clearline.replay.result import write_replay
from days import DRILL, day, played

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/reference/replay-json.md").read_text(encoding="utf-8")
MODEL = (ROOT / "docs/explanation/how-the-model-works.md").read_text(encoding="utf-8")
STRUCTS = [
    one
    for one in vars(result).values()
    if isinstance(one, type)
    and issubclass(one, msgspec.Struct)
    and one.__module__ == result.__name__
    and not one.__name__.startswith("_")
]


def rows(page: str, marker: str) -> list[list[str]]:
    """Return the cells of the table under a marker, without its head."""
    assert page.count(f"<!-- {marker} -->") == 1, marker
    after = page.split(f"<!-- {marker} -->\n\n")[1].split("\n\n", maxsplit=1)[0]
    lines = [line.strip("|") for line in after.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.split(" | ")] for line in lines][2:]


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda one: one.__name__)
def test_every_word_of_the_result_is_on_its_page(struct: type[msgspec.Struct]) -> None:
    """Each field in its order, with what it is and what it means."""
    table = rows(PAGE, f"fields: {struct.__name__}")
    names = [f"`{field.name}`" for field in msgspec.structs.fields(struct)]
    assert [row[0] for row in table] == names
    assert all(len(row) == 3 and all(row) for row in table)


def test_the_result_shown_is_the_result_given(tmp_path: Path) -> None:
    """What the page shows of the drill is what replaying the drill gives."""
    (block,) = re.findall(r"```json\n(.*?)```", PAGE, flags=re.DOTALL)
    shown = json.loads(block)
    runs, seed = shown["with_line"]["runs"], shown["with_line"]["seed"]
    given = json.loads(write_replay(played(DRILL, tmp_path, runs=runs, seed=seed)))
    _require_within(shown, given)


def test_what_every_replay_takes_for_granted_is_explained() -> None:
    """The page lists each of them, in the words of the result."""
    ours = [one for one in assumptions(day(DRILL)) if one.by == "replay"]
    told = rows(MODEL, "assumptions of the replay")
    assert told == [[f"`{one.id}`", one.text, one.reason] for one in ours]
    assert f"at most {TRIED} of" in " ".join(MODEL.split())


def _require_within(shown: Any, given: Any) -> None:
    """Require every value of `shown` at its place in `given`."""
    if isinstance(shown, dict):
        for key, value in shown.items():
            _require_within(value, given[key])
    elif isinstance(shown, list):
        for one, other in zip(shown, given, strict=False):
            _require_within(one, other)
    else:
        assert shown == given
