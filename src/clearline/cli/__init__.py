"""Print what the line says; decide nothing.

One file per noun. Commands are imported when they are called, so that `--help`
answers at once. Every error is shown the same way: what happened, what state
things are in, what to do next; with `--json` as one object on standard output.
"""

import json
import os
import sys
from collections.abc import Sequence
from importlib import metadata
from typing import Annotated, Final

from cyclopts import App, Parameter

from clearline.cli.compiled import keep_versions_apart
from clearline.model.errors import ClearlineError
from clearline.wire.problems import problem

Switch = Annotated[bool, Parameter(negative="")]
"""An option that is on where it is named."""

HELP: Final = """\
The open deconfliction line: say what is where, learn when two things meet, and get
STOP to somebody who can act.

Start with `clearline demo`: the 17th of September 2016, as recorded and with the
line. Every command takes --json and has a --help worth reading.

Notifying creates no protection and takes none away; not notifying removes none.
"""


def _version() -> str:
    try:
        return metadata.version("clearline")
    except metadata.PackageNotFoundError:
        return "0.1.0 (from a checkout)"


COMMANDS: Final = {
    "demo": ("replay:demo", "Replay 17 September 2016 and write a page about it."),
    "replay": ("replay:replay", "Replay a scenario: as recorded, with the line."),
    "serve": ("serve:serve", "Run a node that people call."),
    "verify": ("verify:verify", "Check a log, an export or a receipt."),
    "prove": ("prove:prove", "Write an offline receipt for one entry."),
    "place": ("place:place", "Read a place and say what was understood."),
    "gazetteer show": (
        "gazetteer:show",
        "Say what names are known from, and how well.",
    ),
    "gazetteer compare": (
        "gazetteer:compare",
        "Hold the gazetteer against another list of places.",
    ),
    "gazetteer make": ("gazetteer:make", "Make the gazetteer now, not at first use."),
    "ledger export": ("ledger:export", "Write a log as files others can verify."),
    "ledger key": ("ledger:key", "Print the key a log is verified with."),
    "case open": ("case:open_", "Open a case from a text."),
    "case coverage": (
        "case:coverage",
        "Say which sentences are told, and what is left.",
    ),
    "case show": ("case:show", "Show a case by question, time, place or consequence."),
    "screen": ("screen:screen", "Screen plans against notices, from files."),
    "bench ledger": ("bench:ledger", "Measure durable appends, restart, looking back."),
    "bench screening": ("bench:screening", "Measure plans against live notices."),
    "bench escalation": ("bench:escalation", "Measure how late a ring leaves."),
}
"""Every command: where it lies in this folder, and what it does in a line."""

GROUPS: Final = {
    "gazetteer": "Names of places, offline, and where they come from.",
    "case": "Keep what was claimed side by side, and what a record settles.",
    "ledger": "Hand a log out.",
    "bench": "Measure a budget on this machine, beside a peer.",
}


def build(given: Sequence[str] = ()) -> App:
    """Name every command; the one that was given tells of itself, at length."""
    app = App(name="clearline", help=HELP, version=_version, help_format="markdown")
    groups = {name: App(name=name, help=help_) for name, help_ in GROUPS.items()}
    for group in groups.values():
        app.command(group)
    for words, (where, does) in COMMANDS.items():
        *above, name = words.split()
        parent = groups[above[0]] if above else app
        is_given = list(given[: len(above) + 1]) == [*above, name]
        parent.command(
            f"clearline.cli.{where}", name=name, help=None if is_given else does
        )
    return app


def main(argv: list[str] | None = None) -> None:
    """Run one command and end with its exit code."""
    given = sys.argv[1:] if argv is None else argv
    keep_versions_apart()
    try:
        sys.exit(build(given)(given, result_action="return_value"))
    except ClearlineError as error:
        show(error, as_json="--json" in given)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)
    except KeyboardInterrupt:
        sys.exit(130)


def written(**result: object) -> str:
    """Lay a small result out as the one JSON object of `--json`."""
    return json.dumps(result, ensure_ascii=False)


def called_as() -> str:
    """Say how this command was called, so that what we tell people to type works."""
    return os.environ.get("CLEARLINE_CALLED_AS", "clearline")


def show(error: ClearlineError, *, as_json: bool) -> None:
    """Show an error the one way errors are shown."""
    if as_json:
        print(json.dumps(problem(error), ensure_ascii=False))
        return
    print(f"clearline: {error.what}", file=sys.stderr)
    print(f"  now:  {error.state}", file=sys.stderr)
    print(f"  next: {error.next}", file=sys.stderr)
