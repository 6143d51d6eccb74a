"""Say on standard error what a node does: named facts, one object a line.

    {"event": "call_raised", "at": "...", "call": "c1f...", "number": 7, "kind": "STOP"}

It is for whoever keeps the machine, and no record: the ledger is. No secret, address,
place, name or word of a card is ever in it; calls are ids and numbers.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TextIO

import structlog

from clearline.model.entries import CallRaised, Entry, Rang
from clearline.service.writer import Written
from clearline.wire.entries import NAMES

_FIELDS: Final = ("call", "desk", "outcome", "telling", "ending", "notice", "by_s")
"""What of an act may be logged where it has it: ids and fixed words."""


class Logbook:
    """Write what happened, as it happens."""

    def __init__(self, out: TextIO | None = None, *, as_json: bool = False) -> None:
        """Write to `out`; as JSON, or for a person to read."""
        form: structlog.typing.Processor = structlog.dev.ConsoleRenderer(colors=False)
        if as_json:
            form = structlog.processors.JSONRenderer(ensure_ascii=False)
        self._log = structlog.wrap_logger(
            structlog.PrintLogger(out or sys.stderr),
            processors=[structlog.processors.add_log_level, form],
            wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        )

    def hear(self, written: Written) -> None:
        """Say what was decided; called in the writer's thread."""
        for at, entry in enumerate(written.entries):
            index = None if written.first is None else written.first + at
            self._log.info(NAMES[type(entry.act)], **_facts(entry, index))

    def say(self, event: str, **facts: str | float | bool | None) -> None:
        """Say one fact about the node itself."""
        self._log.info(event, **facts)


class LibrariesHeard(logging.Handler):
    """Write what the server's libraries warn of in the node's own form."""

    def __init__(self, logbook: Logbook) -> None:
        """Write to `logbook`; nothing is heard before the handler is added."""
        super().__init__(logging.WARNING)
        self._logbook = logbook

    @contextmanager
    def hearing(self) -> Iterator[None]:
        """Hear every library until this ends."""
        root = logging.getLogger()
        root.addHandler(self)
        try:
            yield
        finally:
            root.removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Say one warning, and where it came from."""
        facts = {"of": record.name, "said": record.getMessage()}
        if record.exc_info:
            facts["trace"] = logging.Formatter().formatException(record.exc_info)
        self._logbook.say("library_warned", **facts)


def _facts(entry: Entry, index: int | None) -> dict[str, str | int | float | None]:
    """Return what may be logged of an entry."""
    act = entry.act
    facts: dict[str, str | int | float | None] = {
        "at": entry.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "index": index,
    }
    for name in _FIELDS:
        value = getattr(act, name, None)
        if isinstance(value, str | int | float):
            facts[name] = str(value) if isinstance(value, str) else value
    if isinstance(act, CallRaised):
        facts |= {"number": act.number, "kind": act.kind.value, "to": act.to_desk}
    elif isinstance(act, Rang):
        facts |= {"why": act.why.value, "attempts": len(act.attempts)}
    return facts
