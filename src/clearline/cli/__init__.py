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

Start with `clearline demo`: an exercise in which a STOP reaches you in a dozen
seconds. `clearline replay deir-ez-zor-2016` is the day this began with. Every command
takes --json and has a --help worth reading.

Notifying creates no protection and takes none away; not notifying removes none.
"""


def _version() -> str:
    try:
        return metadata.version("clearline")
    except metadata.PackageNotFoundError:
        return "0.1.0 (from a checkout)"


COMMANDS: Final = {
    "demo": ("demo:demo", "Start a running exercise and open the console on it."),
    "replay": ("replay:replay", "Replay a scenario: as recorded, with the line."),
    "serve": ("serve:serve", "Run a node that people call."),
    "backup": ("backup:backup", "Copy a node's folder while it runs, and verify it."),
    "restore": ("backup:restore", "Put a backup in place; its log never forks."),
    "setup": ("session:setup", "Enter the first person of a new node."),
    "sign-in": ("session:sign_in", "Sign in at a node."),
    "sign-out": ("session:sign_out", "Sign out at a node."),
    "password": ("session:password", "Set your password, duress word or PIN."),
    "call raise": ("call:call_raise", "Raise a call; with nothing given, a STOP."),
    "call list": ("call:call_list", "List calls."),
    "call show": ("call:call_show", "Show a call and every entry about it."),
    "call acknowledge": ("call:call_acknowledge", "Say that you have a call."),
    "call withdraw": ("call:call_withdraw", "Take your acknowledgement back."),
    "call answer": ("call:call_answer", "Answer a call in fixed words."),
    "call read-back": ("call:call_read_back", "Read a call back."),
    "call pass-on": ("call:call_pass_on", "Pass a call on to a desk below."),
    "call ceased": ("call:call_ceased", "Report that it has stopped."),
    "call close": ("call:call_close", "Say that a call is over."),
    "call renew": ("call:call_renew", "Give a HOLD a later end."),
    "conflict list": ("conflict:conflict_list", "List the conflicts that are yours."),
    "conflict show": ("conflict:conflict_show", "Show one, and the ways out of it."),
    "conflict talk": ("conflict:conflict_talk", "Say that you talk about it."),
    "conflict accept": ("conflict:conflict_accept", "Go on in spite of it, and why."),
    "conflict release": (
        "conflict:conflict_release",
        "Let the other owner know of it.",
    ),
    "control list": ("control:control_list", "List who says who holds which ground."),
    "control claim": ("control:control_claim", "Enter who says who holds some ground."),
    "control withdraw": ("control:control_withdraw", "Take such a claim back."),
    "agreement list": ("agreement:agreement_list", "List your party's agreements."),
    "agreement show": ("agreement:agreement_show", "Show one, with all its versions."),
    "agreement propose": (
        "agreement:agreement_propose",
        "Propose standing buffers and keeping to a party.",
    ),
    "agreement confirm": (
        "agreement:agreement_confirm",
        "Confirm what the other side proposed.",
    ),
    "agreement end": ("agreement:agreement_end", "End one, or turn a proposal down."),
    "probing": ("conflict:probing", "Say who asked as one asks who looks for things."),
    "disclosures": ("conflict:disclosures", "Say who was told what of your notices."),
    "notice file": ("notice:notice_file", "File a notice: inform whom it names."),
    "notice check": ("notice:notice_check", "Say what is wrong with a notice."),
    "notice amend": ("notice:notice_amend", "Amend a notice; all are told again."),
    "notice withdraw": ("notice:notice_withdraw", "Withdraw a notice."),
    "notice confirm": ("notice:notice_confirm", "Say that a notice is still so."),
    "notice show": ("notice:notice_show", "Show a notice, as far as it is yours."),
    "notice list": ("notice:notice_list", "List notices, own and told."),
    "notice answer": ("notice_life:notice_answer", "Answer a notice."),
    "notice forward": ("notice_life:notice_forward", "Receive, return or forward one."),
    "notice sheet": ("notice_life:notice_sheet", "Write one down for a desk."),
    "notice life": ("notice_life:notice_life", "Say how far a movement is."),
    "notice outcome": ("notice_life:notice_outcome", "Say how a movement went."),
    "notice count": ("notice_life:notice_count", "Count the notices of a month."),
    "notice attach": ("notice_life:notice_attach", "Add a file a notice may name."),
    "notice draft": ("notice_life:notice_draft", "Keep a draft, or list them."),
    "notice approve": ("notice_life:notice_approve", "Approve another's draft."),
    "notice import": ("exchange:import_", "Take a file of notices in."),
    "notice imports": ("exchange:imports", "Approve a file of another's, or drop it."),
    "notice export": ("exchange:export", "Hand notices out as a file."),
    "watch show": ("watch:watch_show", "Say who has the watch."),
    "watch take": ("watch:watch_take", "Take the watch."),
    "watch leave": ("watch:watch_leave", "Leave the watch, or hand it over."),
    "watch plan": ("watch_list:watch_plan", "Read or set who takes turns."),
    "watch override": ("watch_list:watch_override", "Change the plan for a while."),
    "watch ahead": ("watch_list:watch_ahead", "Say who is planned, and the gaps."),
    "line set": ("lines:line_set", "Let a line be checked, twice a day."),
    "line check": ("lines:line_check", "Check a line now."),
    "line list": ("lines:line_list", "Say how every channel stands."),
    "party set": ("line_up:party_set", "Enter or change a party."),
    "party list": ("line_up:party_list", "List the parties."),
    "desk set": ("line_up:desk_set", "Enter or change a desk."),
    "desk numbers": (
        "line_up:desk_numbers",
        "Set the telephone numbers on a desk's card.",
    ),
    "desk list": ("line_up:desk_list", "List the desks."),
    "person set": ("line_up:person_set", "Enter or change a person."),
    "person list": ("line_up:person_list", "List persons."),
    "person code": ("line_up:person_code", "Make a one-time code for a person."),
    "person pin": ("line_up:person_pin", "Set a person's PIN for telephones."),
    "person reach": ("line_up:person_reach", "Enter or list where one is reached."),
    "device enrol": ("line_up:device_enrol", "Enrol a device at a desk."),
    "device list": ("line_up:device_list", "List devices."),
    "device revoke": ("line_up:revoke", "Let a device act no more."),
    "key make": ("line_up:key_make", "Make a key for a machine client."),
    "key list": ("line_up:key_list", "List keys of machine clients."),
    "key revoke": ("line_up:revoke", "Let a key act no more."),
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
    "basemap build": (
        "basemap:build",
        "Make the base map from packages, offline after.",
    ),
    "basemap add": ("basemap:add", "Lay a map of yours over the base map of a node."),
    "basemap list": (
        "basemap:list_",
        "List what is laid over it, of what day, by whom.",
    ),
    "basemap drop": ("basemap:drop", "Take a map away again."),
    "basemap show": (
        "basemap:show",
        "Say what the base map is made from, and how good.",
    ),
    "ledger export": ("ledger:export", "Write a log as files others can verify."),
    "ledger key": ("ledger:key", "Print the key a log is verified with."),
    "case open": ("case:open_", "Open a case from a text."),
    "case coverage": (
        "case:coverage",
        "Say which sentences are told, and what is left.",
    ),
    "case keep": ("case_kept:keep", "Enter a case file into a node's log."),
    "case list": ("case_kept:list_", "List the cases a node keeps."),
    "case asked": ("case_kept:asked", "List what other parties put to yours."),
    "case harm": ("case_kept:harm", "Report harm; open a case, hold the evidence."),
    "case enter": ("case_kept:enter", "Enter any act of a case from a file."),
    "case statements": ("case_kept:statements", "Take statements from a table."),
    "case attach": ("case_kept:attach", "Add a file by its hash, or check it again."),
    "case report": ("case_kept:report", "Write a case out, to be checked by others."),
    "case export": ("case_kept:export", "Write claims as CSV, GeoJSON or linked data."),
    "case show": ("case:show", "Show a case by question, time, place or consequence."),
    "link invite": ("link:invite", "Wait for another party's node, and link with it."),
    "link accept": ("link:accept", "Call a node that invites, and link with it."),
    "link show": ("link:show", "Show the links of a node."),
    "link revoke": ("link:revoke", "Break a link."),
    "link test": ("link:try_out", "Ask another party's node whether it is there."),
    "import": ("exchange:import_", "Take a file of notices in."),
    "export": ("exchange:export", "Hand notices out as a file, or a template."),
    "tak": ("tak:tak", "Show notices on a TAK server, and take in what it draws."),
    "screen": (
        "screen:screen",
        "Screen plans, from files or at a node.",
    ),
    "bench stop": ("bench:stop", "Measure a STOP from the press to the last screen."),
    "bench api": ("bench:api", "Measure reads, acts and sign-in over HTTP."),
    "bench ledger": ("bench:ledger", "Measure durable appends, restart, looking back."),
    "bench notices": ("bench:notices", "Measure filing and screening of notices."),
    "bench files": ("bench:files", "Measure files of facilities, in and out."),
    "bench link": ("bench:link", "Measure a STOP from one node to another's ring."),
    "bench case": ("bench:case", "Measure a case of many claims."),
    "bench screening": ("bench:screening", "Measure plans against live notices."),
    "bench escalation": ("bench:escalation", "Measure how late a ring leaves."),
}
"""Every command: where it lies in this folder, and what it does in a line."""

GROUPS: Final = {
    "call": "Raise and answer calls.",
    "conflict": "Follow conflicts between notices, and settle them.",
    "control": "Who says which ground is held by whom, side by side.",
    "agreement": "Standing buffers and keeping that two parties agree.",
    "notice": "File notices, and say what becomes of them.",
    "watch": "Take the watch and hand it over; plan who has it when.",
    "line": "Check lines, and see which are dead.",
    "party": "Parties on the line.",
    "desk": "Their desks.",
    "person": "Persons, and how they are reached.",
    "device": "Screens and telephones enrolled at desks.",
    "key": "Keys of machine clients.",
    "gazetteer": "Names of places, offline, and where they come from.",
    "basemap": "The map under everything, offline, and what is laid over it.",
    "case": "Keep what was claimed side by side, and what a record settles.",
    "ledger": "Hand a log out.",
    "link": "Call another party's node, and be called by it.",
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
