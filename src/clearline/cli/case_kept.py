"""Keep cases on a node from its own machine, and hand them out."""

from pathlib import Path
from typing import Annotated, Literal

import msgspec
from cyclopts import Parameter

from clearline.cli import Switch, called_as, written
from clearline.cli.connection import HERE, At, Node
from clearline.cli.prove import DATA

CHANGED = 1
"""Exit code where an attachment is not what was added."""

Names = Annotated[tuple[str, ...], Parameter(negative="")]
Ledgers = Annotated[tuple[Path, ...], Parameter(negative="")]


def keep(  # noqa: PLR0913 (each an option of the command)
    file: Path,
    *,
    call: Names = (),
    notice: Names = (),
    desk: str = "",
    person: str = "",
    data: Path = DATA,
    node: Node = None,
    json: Switch = False,
) -> int:
    """Enter a case file into a node's log: the case, what it names, every claim.

    Each claim becomes an entry, and where the sentences of its text stand, by offset
    and hash, another; the text itself does not. What is in the log already is left as
    it is, so the same file may be entered again after it has grown. A claim under an
    id that says something else is refused: correct it with a new one.

    A case is its party's own: what north calls `ferry` is `north:ferry` in the log.

    Exit code: 0 if entered; 2 if something was refused: what came before it stays;
    65 if the log has lost certainty; 74 if the disk refuses.

    Parameters
    ----------
    file
        The case file.
    call
        A call the case is about; may be given more than once. What the log holds of
        it can settle the case's questions.
    notice
        A notice it is about, likewise.
    desk
        Whose desk enters it, at the node's own machine; the node must not be running.
    person
        Who of that desk. The entry says that nobody proved it. Without both it is
        whoever signed in at the node.
    data
        The node's data folder.
    node
        A node elsewhere, by its URL.
    json
        Print one JSON object: case, entered.
    """
    from clearline.cli.case_away import keeping  # noqa: PLC0415
    from clearline.model.calls import CallId  # noqa: PLC0415
    from clearline.model.notices import NoticeId  # noqa: PLC0415
    from clearline.record.kept import acts_of  # noqa: PLC0415
    from clearline.replay.records import load_case  # noqa: PLC0415

    name = str(file) if file.suffix or file.exists() else file.name
    case = load_case(name).case
    with keeping(data, node, desk, person) as keeper:
        calls, notices = map(CallId, call), map(NoticeId, notice)
        entered = keeper.enter(acts_of(case, keeper.by, tuple(calls), tuple(notices)))
    if json:
        print(written(case=case.name, entered=entered))
        return 0
    print(f"{case.title}: {entered} entries written to the case {case.name}.")
    return 0


def harm(  # noqa: PLR0913 (each an option of the command)
    case: str,
    says: str,
    *,
    desk: str = "",
    person: str = "",
    call: str | None = None,
    notice: str | None = None,
    data: Path = DATA,
    node: Node = None,
    json: Switch = False,
) -> int:
    """Report harm on a call or a notice; open its case and hold the evidence.

    Exit code: 0 if recorded; 2 if it was refused.

    Parameters
    ----------
    case
        The case it belongs to; it is opened if it is not there.
    says
        What happened, in a sentence.
    desk
        Whose desk reports it.
    person
        Who of that desk; without both, whoever signed in at the node.
    call
        The call it is about.
    notice
        The notice it is about; the one or the other.
    data
        The node's data folder.
    node
        A node elsewhere, by its URL.
    json
        Print one JSON object: case, entries.
    """
    from clearline.cli.case_away import keeping  # noqa: PLC0415
    from clearline.model.calls import CallId  # noqa: PLC0415
    from clearline.model.casework import CaseId  # noqa: PLC0415
    from clearline.model.commands import ReportHarm  # noqa: PLC0415
    from clearline.model.notices import NoticeId  # noqa: PLC0415

    with keeping(data, node, desk, person) as keeper:
        command = ReportHarm(
            case=CaseId(case),
            by=keeper.by,
            says=says,
            call=CallId(call) if call else None,
            notice=NoticeId(notice) if notice else None,
        )
        entries = keeper.ask(command)
    if json:
        print(written(case=case, entries=entries))
        return 0
    print(f"Recorded in the case {case}; its evidence is held.")
    return 0


def enter(  # noqa: PLR0913 (each an option of the command)
    act: Path,
    *,
    desk: str = "",
    person: str = "",
    data: Path = DATA,
    node: Node = None,
    json: Switch = False,
) -> int:
    """Enter any act of a case from a JSON file, as the reference of entries has it.

    `{"type": "finding_made", "act": {"case": "ferry", "says": "...", ...}}`, without
    `by`: that is DESK and PERSON. So statements, allegations, queries, replies,
    findings, lessons, referrals and withdrawals are entered where no screen is.

    Exit code: 0 if recorded or already so; 2 if it was refused.

    Parameters
    ----------
    act
        The file.
    desk
        Whose desk enters it.
    person
        Who of that desk; without both, whoever signed in at the node.
    data
        The node's data folder.
    node
        A node elsewhere, by its URL.
    json
        Print one JSON object: entries.
    """
    from clearline.cli.case_away import keeping  # noqa: PLC0415
    from clearline.cli.verify import read_file  # noqa: PLC0415
    from clearline.record.acts import read_act  # noqa: PLC0415

    given = read_file(act)
    with keeping(data, node, desk, person) as keeper:
        entries = keeper.enter([read_act(given, str(act), keeper.by)])
    if json:
        print(written(entries=entries))
        return 0
    print("Recorded." if entries else "That is recorded already; nothing changed.")
    return 0


def statements(  # noqa: PLR0913 (each an option of the command)
    table: Path,
    *,
    case: str,
    desk: str = "",
    person: str = "",
    data: Path = DATA,
    node: Node = None,
    json: Switch = False,
) -> int:
    """Take statements from a CSV or XLSX table into a case.

    The first row names the columns: role, pseudonym and said; id, said_at and name may
    be left out. A name is sealed: its digest enters the log, the name lies beside it
    and can be erased. A formula in a cell is text; nothing is computed.

    Exit code: 0 if taken; 2 if a row cannot be taken, and then none is.

    Parameters
    ----------
    table
        The table.
    case
        The case, as the node keeps it.
    desk
        Whose desk takes them.
    person
        Who of that desk; without both, whoever signed in at the node.
    data
        The node's data folder.
    node
        A node elsewhere, by its URL.
    json
        Print one JSON object: case, taken.
    """
    from clearline.cli.case_away import keeping  # noqa: PLC0415
    from clearline.record.acts import take_statements  # noqa: PLC0415
    from clearline.record.sheets import read_statements  # noqa: PLC0415

    rows = read_statements(table)
    with keeping(data, node, desk, person) as keeper:
        taken = take_statements(keeper, case, rows)
    if json:
        print(written(case=case, taken=taken))
        return 0
    there = len(rows) - taken
    known = f"; {there} were there already" if there else ""
    print(f"{taken} of {len(rows)} statements taken{known}.")
    return 0


def attach(  # noqa: PLR0913 (each an option of the command)
    file: Path,
    *,
    case: str,
    desk: str = "",
    person: str = "",
    data: Path = DATA,
    node: Node = None,
    json: Switch = False,
) -> int:
    """Add a file to a case by its hash, or check one that was added.

    The file stays where it is. Added the first time; from then on each call looks at
    it again and logs who had it in hand and what its bytes hashed to.

    Exit code: 0 if it is what was added; 1 if its bytes have changed: that is recorded
    and both hashes are kept; 2 if it cannot be read.

    Parameters
    ----------
    file
        The file; its name is the attachment's.
    case
        The case, as the node keeps it.
    desk
        Whose desk adds it.
    person
        Who of that desk; without both, whoever signed in at the node.
    data
        The node's data folder.
    node
        A node elsewhere, by its URL.
    json
        Print one JSON object: attachment, sha256, added, changed.
    """
    from clearline.cli.case_away import keeping  # noqa: PLC0415
    from clearline.record.acts import attach_file  # noqa: PLC0415

    with keeping(data, node, desk, person) as keeper:
        done = attach_file(keeper, case, file)
    if json:
        print(
            written(
                attachment=done.name,
                sha256=done.sha256,
                added=done.is_new,
                changed=done.was != done.sha256,
            )
        )
    elif done.was != done.sha256:
        print(f"{done.name} has CHANGED: it was added as {done.was},")
        print(f"and is {done.sha256} now. Both are in the log.")
    else:
        print(f"{done.name}: {done.sha256}, {'added' if done.is_new else 'unchanged'}.")
    return 0 if done.was == done.sha256 else CHANGED


def list_(*, data: Path = DATA, node: Node = None, json: Switch = False) -> int:
    """List the cases a node keeps. The node may be running.

    From its folder, which whoever may read it may read whole, those of every party;
    of a node elsewhere, those of your own.

    Parameters
    ----------
    data
        The node's data folder.
    node
        A node elsewhere, by its URL, as whoever signed in there.
    json
        Print one JSON object: cases.
    """
    from clearline.cli.case_away import cases_of  # noqa: PLC0415

    cases = cases_of(data, node)
    if json:
        print(written(cases=msgspec.to_builtins(cases)))
        return 0
    for one in cases:
        held = ", evidence held" if one.is_held else ""
        print(f"{one.id}: {one.title} ({one.claims} claims{held})")
    if not cases:
        print("No case is kept here.")
    return 0


def asked(*, at: At = HERE) -> int:
    """List what other parties put to yours: allegations, findings, cases referred.

    Allegations and findings are answered on the screen *Cases*, or with `case enter`:
    allegation_answered, finding_answered.

    Exit code: 0.
    """
    with at.connect() as client:
        alleged = client.allegations()
        findings = client.findings_proposed()
        referred = client.referrals()
    if at.json:
        return at.list((*alleged, *findings, *referred), ())
    for one in alleged:
        print(f"{one.case}, allegation {one.allegation.id}: {one.allegation.says}")
        print(f"  asked: {one.allegation.asks}")
        print(f"  answered: {'; '.join(one.allegation.replies) or 'not yet'}")
    for found in findings:
        print(f"{found.case}, finding {found.finding.id}: {found.finding.says}")
        print(f"  {found.finding.whose}")
    for case in referred:
        print(f"{case.case}, referred by {case.by}: {case.title}")
    if not (alleged or findings or referred):
        print("Nothing was put to your party.")
    return 0


def report(  # noqa: PLR0913 (each an option of the command)
    case: str,
    out: Path,
    *,
    audience: Literal["whole", "parties", "public"] | None = None,
    body: Annotated[str, Parameter(name="--for")] = "",
    withhold: Names = (),
    data: Path | None = None,
    ledger: Ledgers = (),
    pdf: Switch = False,
    json: Switch = False,
) -> int:
    """Write a case out as a folder that others can check without us.

    One HTML page that loads nothing, the case as a document, claims as CSV and linked
    data, places as GeoJSON; each ledger that was read, as C2SP tlog-tiles, with a
    receipt for every entry the report cites; and the SHA-256 of every file. What an
    audience may not see is taken out first; how much is counted, where it stood is
    not hinted at.

    Exit code: 0 if written; 2 if something is in the way; 65 if a ledger is not what
    was signed; 74 if the disk refuses.

    Parameters
    ----------
    case
        One that ships, a file, or with --data the id of one a node keeps.
    out
        The folder to write; it must not be there yet.
    audience
        For whom: `whole` (sealed names are never in it), `parties` (no statements and
        attachments), `public` (no positions, no desks and people either). Without it
        `whole`, or what the body named with --for may see.
    body
        A body the case was referred to. It gets what the referral says it may see, or
        less if AUDIENCE says so; never more.
    withhold
        Claims to leave out besides, by their ids.
    data
        The data folder of the node that keeps the case. Of its log, entries about the
        calls and notices the case names, that its party may see, are read as a ledger.
    ledger
        Further ledgers to settle questions by. For a case whose day can be replayed
        and no ledger is named, that day's two ledgers.
    pdf
        Write report.pdf too; the package typst has to be installed.
    json
        Print one JSON object: folder, files, receipts, digest, withheld.
    """
    from clearline.model.casework import Audience  # noqa: PLC0415
    from clearline.record.dossier import at_most, redact  # noqa: PLC0415
    from clearline.record.folder import (  # noqa: PLC0415
        digest_of_case,
        write_bundle,
    )
    from clearline.record.gathering import gathered  # noqa: PLC0415
    from clearline.record.pdf import write_pdf  # noqa: PLC0415

    with gathered(case, data=data, ledgers=ledger) as (whole, ledgers):
        wanted = Audience(audience or Audience.WHOLE)
        if body:
            wanted = at_most(whole, body, Audience(audience) if audience else None)
        shown = redact(whole, wanted, withhold, body=body)
        drawn = write_pdf(shown, digest_of_case(shown)) if pdf else None
        done = write_bundle(out, shown, ledgers, pdf=drawn)
    if json:
        print(
            written(
                folder=str(done.place),
                files=done.files,
                receipts=done.receipts,
                digest=done.digest,
                withheld=shown.withheld,
            )
        )
        return 0
    print(f"{shown.case.title}, for: {shown.whom}: {done.files} files in {done.place}.")
    for kind, count in shown.withheld.items():
        print(f"  withheld: {count} {kind}")
    keys = " --key KEY" * len(ledgers)
    print(f"  {called_as()} verify {done.place}{keys}")
    print(f"SHA-256 of SHA256SUMS: {done.digest}")
    return 0


def export(
    case: str,
    file: Path,
    *,
    form: Literal["csv", "geojson", "jsonld", "json"] = "csv",
    data: Path | None = None,
    json: Switch = False,
) -> int:
    """Write a case's claims for other tools.

    `csv`: one row a claim; no cell begins as a formula does. `geojson`: the places;
    what nobody can locate has no geometry. `jsonld`: claims as linked data, with
    where in the text they come from, never the text. `json`: the case file itself.

    Exit code: 0 if written; 2 if something else is in the way.

    Parameters
    ----------
    case
        One that ships, a file, or with --data the id of one a node keeps.
    file
        Where to write.
    form
        The form.
    data
        The data folder of the node that keeps the case.
    json
        Print one JSON object: file, bytes.
    """
    from clearline.record.gathering import written_as  # noqa: PLC0415
    from clearline.record.writing import write_new  # noqa: PLC0415

    content = written_as(case, form, data=data)
    write_new(file, content)
    if json:
        print(written(file=str(file), bytes=len(content)))
        return 0
    print(f"{len(content)} bytes written to {file}.")
    return 0
