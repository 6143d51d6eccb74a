"""The page of the scenario format, held against the code it describes."""

import re
from enum import Enum
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from clearline.model.scalars import plain
from clearline.model.scenarios import Scenario
from clearline.wire.scenarios import ScenarioMistake, read_scenario

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/reference/scenario-format.md").read_text()
SMALL = (ROOT / "tests/unit/wire/small-scenario.yaml").read_text()


def parts_of(kind: Any, found: dict[str, Any]) -> dict[str, Any]:
    """Collect every struct and enum a scenario is made of, by name."""
    for one in get_args(kind) or (kind,):
        if get_args(one):
            parts_of(one, found)
            continue
        bare = plain(one)
        if not isinstance(bare, type) or bare.__name__ in found:
            continue
        if issubclass(bare, Enum):
            found[bare.__name__] = bare
        elif issubclass(bare, msgspec.Struct):
            found[bare.__name__] = bare
            for field in msgspec.structs.fields(bare):
                parts_of(field.type, found)
    return found


PARTS = parts_of(Scenario, {})
STRUCTS = [part for part in PARTS.values() if issubclass(part, msgspec.Struct)]
ENUMS = [part for part in PARTS.values() if issubclass(part, Enum)]


def rows(marker: str) -> list[list[str]]:
    """Return the cells of the table under a marker, without its head."""
    assert PAGE.count(f"<!-- {marker} -->") == 1, marker
    after = PAGE.split(f"<!-- {marker} -->\n\n")[1].split("\n\n")[0]
    lines = [line for line in after.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines][
        2:
    ]


def test_the_page_shows_a_whole_document_first():
    """The artefact stands whole before it is explained, and it reads."""
    shown = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL).group(1)

    assert shown == SMALL
    assert read_scenario(shown.encode(), "drill.yaml").name == "river-drill"


def test_the_page_shows_what_a_mistake_looks_like():
    """The message shown is the message given."""
    wrong = SMALL.replace("      desk: battery\n", "      desk: batery\n")
    wrong = wrong.replace("    by: skipper\n", "    by: skiper\n", 1)

    with pytest.raises(ScenarioMistake) as caught:
        read_scenario(wrong.encode(), "drill.yaml")

    assert f"```text\n{caught.value}\n```" in PAGE


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda one: one.__name__)
def test_every_word_of_a_mapping_is_on_the_page(struct):
    """Each field in its order, with whether it is required and what it means."""
    table = rows(f"fields: {struct.__name__}")
    fields = msgspec.structs.fields(struct)

    assert [row[0] for row in table] == [f"`{field.name}`" for field in fields]
    assert [row[2] for row in table] == [
        "yes" if field.required else "" for field in fields
    ]
    assert all(row[3] for row in table)


@pytest.mark.parametrize("words", ENUMS, ids=lambda one: one.__name__)
def test_every_word_of_a_closed_set_is_on_the_page(words):
    """Each word of a closed set, with what it means."""
    table = rows(f"words: {words.__name__}")

    assert [row[0] for row in table] == [f"`{member.value}`" for member in words]
    assert all(row[1] for row in table)
