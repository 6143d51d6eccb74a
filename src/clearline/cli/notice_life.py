"""Say what becomes of notices from the command line: `clearline notice ...`."""

from pathlib import Path

import msgspec

from clearline.cli import Switch
from clearline.cli.connection import Data, Json, Node, connect
from clearline.cli.notice import (
    NotAForm,
    read_files,
    read_form,
    say_faults,
    told,
)
from clearline.cli.prove import DATA
from clearline.client import Client
from clearline.model.instants import parse_instant
from clearline.model.notice_life import (
    Attached,
    Disposition,
    Facilitation,
    MovementState,
    Routing,
)
from clearline.model.notices import LEGAL_LINE
from clearline.wire.forms.notices import (
    AnswerToNotice,
    MovementGiven,
    OutcomeGiven,
    RouteGiven,
)


def notice_answer(  # noqa: PLR0913 (an answer's own parts)
    notice: str,
    answer: Disposition,
    *,
    detail: str = "",
    desk: str | None = None,
    original: Path | None = None,
    data: Data = DATA,
    node: Node = None,
    json: Json = False,
) -> int:
    """Answer a notice. No answer is a permission, and none takes one away.

    Parameters
    ----------
    notice
        Its id.
    answer
        `acknowledged`, `queried`, `objected`, `not-objected`, `denied`.
    detail
        What is asked, or why.
    desk
        Whose answer you write down, where that desk has nobody on this node.
    original
        Their answer as it came: a message, a scan.
    """
    with connect(data, node) as client:
        given = AnswerToNotice(
            disposition=answer,
            detail=detail,
            desk=desk,
            original=None if original is None else _added(client, original),
        )
        return told(lambda: client.answer_notice(notice, given), json=json)


def notice_forward(  # noqa: PLR0913 (each an option of the command)
    notice: str,
    to: str | None = None,
    *,
    routing: Routing = Routing.FORWARDED,
    why: str = "",
    sheet: Path | None = None,
    data: Data = DATA,
    node: Node = None,
    json: Json = False,
) -> int:
    """Receive a notice that goes through your desk, return it, or forward it.

    Parameters
    ----------
    notice
        Its id.
    to
        The desk it is forwarded to, of those its owner names.
    routing
        `received`, `returned`, `forwarded`.
    why
        What is to be corrected, or by which way it goes: `by e-mail`.
    sheet
        What was sent, where it left as a file.
    """
    with connect(data, node) as client:
        given = RouteGiven(
            routing=routing,
            to=to,
            why=why,
            sheet=None if sheet is None else _added(client, sheet),
        )
        return told(lambda: client.route(notice, given), json=json)


def notice_sheet(  # noqa: PLR0913 (each an option of the command)
    notice: str,
    desk: str,
    *,
    short: Switch = False,
    data: Data = DATA,
    node: Node = None,
    json: Json = False,
) -> int:
    """Write a notice down for a desk without a node, as that desk may know it.

    Mail it or print it, then record that it went with `notice forward --sheet`.

    Parameters
    ----------
    notice
        Its id: one of yours, or one that goes through your desk.
    desk
        Whom it is for.
    short
        The short form, for two text messages.
    """
    with connect(data, node) as client:
        written = client.sheet_for(notice, desk)
    if json:
        print(msgspec.json.encode(written).decode())
    else:
        print(written.short_form if short else written.sheet.rstrip())
    return 0


def notice_life(  # noqa: PLR0913 (each an option of the command)
    notice: str,
    state: MovementState,
    *,
    where: str = "",
    stop: int | None = None,
    expected: str = "",
    detail: str = "",
    data: Data = DATA,
    node: Node = None,
    json: Json = False,
) -> int:
    """Say how far a movement is; a delay or another way is told to everybody again.

    Parameters
    ----------
    notice
        Its id.
    state
        `departed`, `at-stop`, `delayed`, `diverted`, `arrived`.
    where
        Where, in words or figures.
    stop
        At which position of its path, from 0.
    expected
        When it is now expected at its end: `2026-03-01T15:00Z`.
    detail
        What there is to say.
    """
    given = MovementGiven(
        state=state,
        where=where or None,
        stop=stop,
        expected_at=parse_instant(expected) if expected else None,
        detail=detail,
    )
    with connect(data, node) as client:
        return told(lambda: client.report_movement(notice, given), json=json)


def notice_outcome(  # noqa: PLR0913 (each an option of the command)
    notice: str,
    outcome: Facilitation,
    *,
    detail: str = "",
    data: Data = DATA,
    node: Node = None,
    json: Json = False,
) -> int:
    """Say how a movement went in the end; it is counted for its month.

    Parameters
    ----------
    notice
        Its id.
    outcome
        `facilitated`, `partially-facilitated`, `impeded`, `denied`, `postponed`.
    detail
        What happened.
    """
    given = OutcomeGiven(outcome=outcome, detail=detail)
    with connect(data, node) as client:
        return told(lambda: client.state_outcome(notice, given), json=json)


def notice_count(
    month: str = "", *, data: Data = DATA, node: Node = None, json: Json = False
) -> int:
    """Count your party's notices that begin in a month, by kind, status and outcome.

    Parameters
    ----------
    month
        As `2026-03`; this month, unless said.
    """
    with connect(data, node) as client:
        counts = client.count_notices(month)
    if json:
        print(msgspec.json.encode(counts).decode())
        return 0
    for one in counts.counts:
        print(
            f"{one.count:>6}  {one.kind}, {one.status}, {one.outcome or 'no outcome'}"
        )
    print(f"{counts.total:>6}  in {counts.month}")
    print(LEGAL_LINE)
    return 0


def notice_attach(
    file: Path,
    *,
    shows: str = "",
    data: Data = DATA,
    node: Node = None,
    json: Json = False,
) -> int:
    """Add a photo, a map or a paper, and print what a notice names it by.

    Parameters
    ----------
    file
        A JPEG, PNG, WebP, PDF, message or plain text of up to 700,000 bytes.
    shows
        What it shows.
    """
    with connect(data, node) as client:
        attached = _added(client, file, shows)
    if json:
        print(msgspec.json.encode(attached).decode())
    else:
        print(f"{attached.sha256}  {attached.media_type}  {attached.name}")
    return 0


def notice_draft(
    form: str | None = None,
    *,
    data: Data = DATA,
    node: Node = None,
    json: Json = False,
) -> int:
    """Keep a draft, told to nobody; without a form, list the drafts of your party.

    Parameters
    ----------
    form
        A file with the notice in JSON, its `id` in it.
    """
    with connect(data, node) as client:
        if form is None:
            found = client.drafts()
        else:
            given = read_form(form)
            if not given.id:
                raise NotAForm(
                    f"{form} has no `id`.",
                    state="Nothing was kept.",
                    next="Give it one, so that others of your party find it.",
                )
            found = (client.keep_draft(given.id, given),)
    for one in found:
        if json:
            print(msgspec.json.encode(one).decode())
        else:
            print(f"draft by {one.by}: {one.given.what}  [{one.id}]")
            say_faults(one.faults)
    return 0


def notice_approve(
    notice: str, *, data: Data = DATA, node: Node = None, json: Json = False
) -> int:
    """Approve another person's draft: it is filed, with both your names.

    Parameters
    ----------
    notice
        The draft's id.
    """
    with connect(data, node) as client:
        return told(lambda: client.approve(notice), json=json)


def _added(client: Client, file: Path, shows: str = "") -> Attached:
    ((name, content),) = read_files((file,))
    return client.add_file(name, content, shows)
