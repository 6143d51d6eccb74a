"""Hold a replay against what its document says it must find, and never may."""

from collections.abc import Sequence
from typing import Any

import msgspec

from clearline.model.scenarios import Expectation, Holds, Scenario
from clearline.replay.result import ExpectationShown, Found, Replay

NOTHING = "null"
"""How an expectation writes a value that is not there."""


def judge(scenario: Scenario, replay: Replay) -> tuple[ExpectationShown, ...]:
    """Judge every expectation of a document against a replay of it."""
    written = msgspec.to_builtins(replay)
    return tuple(
        _judge(expected, replay.findings, written, must=must)
        for must, group in ((True, scenario.must_find), (False, scenario.must_not_find))
        for expected in group
    )


def _judge(
    expected: Expectation, findings: Sequence[Found], written: Any, *, must: bool
) -> ExpectationShown:
    if expected.finding is not None:
        holds, got = _finds(expected, findings)
    else:
        value = look(written, expected.look_at)
        holds = compares(value, expected.holds or Holds.IS, expected.value)
        got = _text(value)
    return ExpectationShown(
        id=expected.id,
        says=expected.says,
        requirements=expected.requirements,
        must=must,
        play=expected.play,
        is_met=holds is must,
        got=got,
        adverse=expected.adverse,
        finding=expected.finding,
        look_at=expected.look_at,
        holds=expected.holds,
        value=expected.value,
    )


def _finds(expected: Expectation, findings: Sequence[Found]) -> tuple[bool, str]:
    for found in findings:
        if (found.finding, found.play, found.adverse) == (
            expected.finding,
            expected.play,
            expected.adverse,
        ):
            return True, found.says
    return False, "not found"


def look(written: Any, path: str) -> Any:
    """Follow a dotted path into a result; nothing where it leads nowhere."""
    value = written
    for word in path.split("."):
        if isinstance(value, dict):
            value = value.get(word)
        elif isinstance(value, list | tuple) and word.isdigit():
            value = value[int(word)] if int(word) < len(value) else None
        else:
            return None
    return value


def compares(value: Any, holds: Holds, text: str) -> bool:
    """Compare a value of a result with one in a document, numbers as numbers."""
    number, other = _number(value), _number(text)
    if holds is Holds.IS or holds is Holds.IS_NOT:
        is_same = (
            number == other
            if number is not None and other is not None
            else _text(value) == text
        )
        return is_same is (holds is Holds.IS)
    if number is None or other is None:
        return False
    return number >= other if holds is Holds.AT_LEAST else number <= other


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _text(value: Any) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)
