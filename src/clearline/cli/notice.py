"""File notices and look at them from the command line: `clearline notice ...`.

A notice is a form in JSON, as the API takes it; `docs/how-to/file-notices.md` has a
whole one of each kind.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from clearline.cli import Switch
from clearline.cli.connection import Data, Json, Node, connect
from clearline.cli.prove import DATA
from clearline.client import Client, Refused
from clearline.model.errors import BadInput
from clearline.model.faults import Fault, FilingRefused
from clearline.model.notice_details import NoticeKind
from clearline.model.notice_seen import NoticeSeen
from clearline.model.notices import LEGAL_LINE
from clearline.wire.forms.closed import read_notice
from clearline.wire.forms.notices import (
    LONGEST_FILE,
    Confirmation,
    LookedOver,
    NoticeDone,
    NoticeGiven,
    Withdrawal,
)
from clearline.wire.problems import problem


class NotAForm(BadInput):
    """Refuse a file that is no form of a notice."""


def notice_file(
    form: str,
    *,
    attach: tuple[Path, ...] = (),
    data: Data = DATA,
    node: Node = None,
    json: Json = False,
) -> int:
    """File a notice: it informs the desks it names, and asks for nothing.

    All that is wrong with it is printed at once, at its field. Exit code: 2 where it
    was refused; nobody was told then.

    Parameters
    ----------
    form
        A file with the notice in JSON; `-` reads it from standard input.
    attach
        A photo, a map or a paper to go with it; may be given several times.
    """
    files = read_files(attach)
    with connect(data, node) as client:
        return told(
            lambda: client.file_notice(with_files(client, read_form(form), files)),
            json=json,
        )


def notice_check(
    form: str, *, data: Data = DATA, node: Node = None, json: Json = False
) -> int:
    """Say what would be said of a notice; nothing is recorded.

    Exit code: 0 if it would be filed, 3 if not.

    Parameters
    ----------
    form
        A file with the notice in JSON; `-` reads it from standard input.
    """
    try:
        given = read_form(form)
        with connect(data, node) as client:
            looked = client.check_notice(given)
    except FilingRefused as error:
        looked = LookedOver(is_taken=False, faults=error.faults)
    if json:
        print(msgspec.json.encode(looked).decode())
    else:
        say_faults(looked.faults)
        print("It would be filed." if looked.is_taken else "It would be refused.")
        print(LEGAL_LINE)
    return 0 if looked.is_taken else 3


def notice_amend(  # noqa: PLR0913 (each an option of the command)
    notice: str,
    form: str,
    *,
    attach: tuple[Path, ...] = (),
    data: Data = DATA,
    node: Node = None,
    json: Json = False,
) -> int:
    """Amend a notice: everybody is told again, and must answer again.

    Parameters
    ----------
    notice
        Its id.
    form
        A file with the whole notice as it is now; what is left out is left out.
    attach
        A photo, a map or a paper to go with it; may be given several times.
    """
    files = read_files(attach)
    with connect(data, node) as client:
        return told(
            lambda: client.amend(notice, with_files(client, read_form(form), files)),
            json=json,
        )


def notice_withdraw(
    notice: str,
    *,
    why: str = "",
    data: Data = DATA,
    node: Node = None,
    json: Json = False,
) -> int:
    """Withdraw a notice; what was told cannot be untold.

    Parameters
    ----------
    notice
        Its id.
    why
        Why, in a sentence.
    """
    given = Withdrawal(why=why)
    with connect(data, node) as client:
        return told(lambda: client.withdraw_notice(notice, given), json=json)


def notice_confirm(
    notice: str, *, data: Data = DATA, node: Node = None, json: Json = False
) -> int:
    """Say that a notice is still so; you are asked again when its time comes.

    Parameters
    ----------
    notice
        Its id.
    """
    given = Confirmation()
    with connect(data, node) as client:
        return told(lambda: client.confirm(notice, given), json=json)


def notice_show(
    notice: str, *, data: Data = DATA, node: Node = None, json: Json = False
) -> int:
    """Show a notice, as exactly as its owner lets you know it.

    Of your own: who was told what and when, who is silent, and who has not read it.

    Parameters
    ----------
    notice
        Its id.
    """
    with connect(data, node) as client:
        seen = client.notice(notice)
    if json:
        print(msgspec.json.encode(seen).decode())
        return 0
    say(seen)
    return 0


def notice_list(  # noqa: PLR0913 (each an option of the command)
    *,
    own: Switch = False,
    told: Switch = False,
    kind: NoticeKind | None = None,
    every: Switch = False,
    data: Data = DATA,
    node: Node = None,
    json: Json = False,
) -> int:
    """List your party's notices and those your desk was told of, newest first.

    Parameters
    ----------
    own
        Only your party's.
    told
        Only those your desk was told of.
    kind
        `site`, `movement`, `activity`, `position`, `area`.
    every
        Also those that are over.
    """
    whose = "own" if own and not told else "told" if told and not own else ""
    with connect(data, node) as client:
        for seen in _listed(client, whose, kind, every=every):
            print(msgspec.json.encode(seen).decode() if json else line(seen))
    if not json:
        print(LEGAL_LINE)
    return 0


def _listed(
    client: Client, whose: str, kind: NoticeKind | None, *, every: bool
) -> list[NoticeSeen]:
    found = list(client.every_notice(whose, kind))
    if every:
        found += client.every_notice(whose, kind, is_over=True)
    return found


def told(do: Callable[[], NoticeDone], *, json: bool) -> int:
    """Do something with a notice and say how it stands; a refusal at its fields."""
    try:
        done = do()
    except (Refused, FilingRefused) as error:
        said = error.problem if isinstance(error, Refused) else problem(error)
        faults = said.get("faults")
        if not faults:
            raise
        if json:
            print(msgspec.json.encode(said).decode())
        else:
            say_faults(msgspec.convert(faults, tuple[Fault, ...]))
            print("It was refused: nothing was recorded, and nobody was told.")
        return error.exit_code
    if json:
        print(msgspec.json.encode(done).decode())
        return 0
    say_faults(done.faults)
    say(done.notice)
    return 0


def say(seen: NoticeSeen) -> None:
    """Say a notice in lines, the legal line last."""
    print(line(seen))
    if seen.revision is not None:
        print(f"  what      {seen.revision.what}")
        print(f"  where     {seen.revision.where.text}")
    elif seen.cell is not None:
        cell = seen.cell
        print(
            f"  where     within {cell.south:.1f} to {cell.north:.1f} N, "
            f"{cell.west:.1f} to {cell.east:.1f} E"
        )
    if seen.window is not None:
        start, end = seen.window.start, seen.window.end
        print(f"  when      {start:%Y-%m-%d %H:%M}Z to {end:%Y-%m-%d %H:%M}Z")
    for one in seen.notice.routed if seen.notice is not None else ():
        to = f" to {one.to}" if one.to else ""
        of = _of_revision(one.revision, seen)
        print(f"  {one.by.desk}: {one.routing}{to}{of} {one.at:%m-%d %H:%M}Z {one.why}")
    for done in seen.dispositions:
        of = _of_revision(done.revision, seen)
        print(
            f"  {done.desk}: {done.disposition}{of} {done.at:%m-%d %H:%M}Z "
            f"{done.detail}"
        )
    for move in seen.moves:
        print(f"  {move.state} {move.at:%m-%d %H:%M}Z {move.detail}")
    if seen.notice is not None and (silent := seen.notice.silent()):
        print(f"  silent    {', '.join(silent)}")
    if seen.unread:
        print(f"  unread at {', '.join(seen.unread)}")
    if not seen.is_own:
        print(f"  call      {seen.call}")
    print(LEGAL_LINE)


def _of_revision(number: int, seen: NoticeSeen) -> str:
    """Say of which revision something was said, where another stands now."""
    return "" if number == seen.number else f" (of revision {number})"


def line(seen: NoticeSeen) -> str:
    """Say a notice in a line: what it is, whose, where it stands."""
    kind = seen.kind or "notice"
    words = f" ({seen.says})" if seen.says else ""
    return (
        f"{kind}{words} of {seen.owner}, revision {seen.number}: {seen.status}"
        f"{', no longer holds' if seen.is_withdrawn else ''}  [{seen.id}]"
    )


def say_faults(faults: tuple[Fault, ...]) -> None:
    """Say each fault at its field: what is wrong, and what would be right."""
    for fault in faults:
        print(f"{fault.severity:<11} {fault.field}: {fault.wrong} {fault.right}")


def read_form(form: str) -> NoticeGiven:
    """Read a form from a file or standard input.

    Raises:
        NotAForm: It cannot be read, or is no form of a notice.
        FilingRefused: A field is not known, or holds what it does not take.
    """
    try:
        text = sys.stdin.read() if form == "-" else Path(form).read_text("utf-8")
        return read_notice(text.encode())
    except (OSError, ValueError) as error:
        raise NotAForm(
            f"{form} is no form of a notice: {error}.",
            state="Nothing was sent.",
            next="See `docs/how-to/file-notices.md` for a whole one of each kind.",
        ) from error


def read_files(paths: Sequence[Path]) -> tuple[tuple[str, bytes], ...]:
    """Read files that are to be attached, each checked as the node will check it.

    Raises:
        NotAForm: One cannot be read.
        NotAnAttachment: One is empty, too long, or of a kind nobody looks at.
    """
    from clearline.adapters.attachments import checked  # noqa: PLC0415 (--help is quick)

    found = []
    for path in paths:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise NotAForm(
                f"{path} cannot be read: {error}.",
                state="Nothing was sent.",
                next="Name a file that is there.",
            ) from error
        checked(content, LONGEST_FILE)
        found.append((path.name, content))
    return tuple(found)


def with_files(
    client: Client, given: NoticeGiven, files: Sequence[tuple[str, bytes]]
) -> NoticeGiven:
    """Add files to a node, and name them in a form."""
    added = tuple(client.add_file(name, content) for name, content in files)
    return msgspec.structs.replace(given, attached=(*given.attached, *added))
