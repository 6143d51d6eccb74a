"""Print what a bench measured, with the machine it was measured on."""

import json as json_text
from typing import Annotated, Any

import msgspec
from cyclopts import Parameter


def escalation(
    *,
    pending: int = 20_000,
    seconds: float = 30.0,
    burst: int = 1_000,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """Measure how late a ring leaves after it is due, with many calls pending.

    Calls are spread over ten minutes on a real ledger in a temporary folder; the
    first SECONDS of those are measured on the wall clock, then a burst. Takes about
    a minute to set up with 20,000 pending.

    Args:
        pending: Calls pending at the start.
        seconds: How long of the ten minutes to measure.
        burst: Calls that then fall due at one instant.
        json: Print one JSON object instead of a table.
    """
    from clearline.bench.escalation import run  # noqa: PLC0415 (loaded when asked)

    _show(run(pending=pending, seconds=seconds, burst=burst), as_json=json)


def ledger(
    *,
    entries: int = 20_000,
    history: int = 1_000_000,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """Measure signed durable appends, restart, and the picture at a past instant.

    Appends are measured one by one and in batches, beside bare SQLite inserts of the
    same bytes in the same run; restart and `at` on a log of HISTORY entries.

    Args:
        entries: How many entries to append in each way of appending.
        history: How long a log is restarted and looked back in.
        json: Print one JSON object instead of a table.
    """
    from clearline.bench.ledger import run  # noqa: PLC0415 (loaded when asked)

    _show(run(entries=entries, history=history), as_json=json)


def _show(result: Any, *, as_json: bool) -> None:
    plain = msgspec.to_builtins(result)
    if as_json:
        print(json_text.dumps(plain))
        return
    from rich.console import Console  # noqa: PLC0415 (loaded when printed)
    from rich.table import Table  # noqa: PLC0415 (loaded when printed)

    table = Table("what", "measured", box=None, pad_edge=False)
    for name, value in _rows(plain):
        table.add_row(name, value)
    Console().print(table)


def _rows(plain: dict[str, Any], before: str = "") -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for name, value in plain.items():
        label = f"{before}{name.replace('_', ' ')}"
        if isinstance(value, dict):
            rows += _rows(value, f"{label}: ")
        else:
            rows.append((label, f"{value:,}" if isinstance(value, int) else str(value)))
    return rows
