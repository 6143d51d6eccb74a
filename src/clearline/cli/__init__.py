"""Print what the line says; decide nothing.

One file per noun. Commands are imported when they are called, so that `--help`
answers at once. Every error is shown the same way: what happened, what state
things are in, what to do next; with `--json` as one object on standard output.
"""

import json
import sys
from importlib import metadata
from typing import Final

from cyclopts import App

from clearline.model.errors import ClearlineError

ERRORS_PAGE: Final = "docs/reference/errors.md"

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


def build() -> App:
    """Name every command; none is imported before it is called."""
    app = App(name="clearline", help=HELP, version=_version, help_format="markdown")
    for name, where, does in (
        ("demo", "replay:demo", "Replay 17 September 2016 and write a page about it."),
        ("replay", "replay:replay", "Replay a scenario: as recorded, with the line."),
        ("verify", "verify:verify", "Check a log, an export or a receipt."),
        ("prove", "prove:prove", "Write an offline receipt for one entry."),
        ("place", "place:place", "Read a place and say what was understood."),
    ):
        app.command(f"clearline.cli.{where}", name=name, help=does)
    ledger = App(name="ledger", help="Hand out a log in files others can verify.")
    ledger.command(
        "clearline.cli.ledger:export",
        name="export",
        help="Write a log as static tiles, with the content that may be disclosed.",
    )
    bench = App(name="bench", help="Measure a budget on this machine, beside a peer.")
    bench.command(
        "clearline.cli.bench:ledger",
        name="ledger",
        help="Signed durable appends, restart, and the picture at a past instant.",
    )
    bench.command(
        "clearline.cli.bench:escalation",
        name="escalation",
        help="How late a ring leaves after it is due, with 20,000 pending.",
    )
    app.command(ledger)
    app.command(bench)
    return app


def main(argv: list[str] | None = None) -> None:
    """Run one command and end with its exit code."""
    given = sys.argv[1:] if argv is None else argv
    try:
        sys.exit(build()(given, result_action="return_value"))
    except ClearlineError as error:
        show(error, as_json="--json" in given)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)
    except KeyboardInterrupt:
        sys.exit(130)


def show(error: ClearlineError, *, as_json: bool) -> None:
    """Show an error the one way errors are shown."""
    if as_json:
        problem = {
            "type": f"{ERRORS_PAGE}#{error.name.lower()}",
            "title": error.what,
            "detail": error.state,
            "next": error.next,
            "exit_code": error.exit_code,
        }
        print(json.dumps(problem, ensure_ascii=False))
        return
    print(f"clearline: {error.what}", file=sys.stderr)
    print(f"  now:  {error.state}", file=sys.stderr)
    print(f"  next: {error.next}", file=sys.stderr)
