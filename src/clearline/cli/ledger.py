"""Write a log out for others, and show the key it is verified with."""

from collections.abc import Callable
from pathlib import Path

from clearline.cli import Switch, called_as, written
from clearline.cli.progress import Progress
from clearline.cli.prove import DATA


def export(
    folder: Path,
    *,
    data: Path = DATA,
    content: str = "none",
    json: Switch = False,
) -> int:
    """Write the log out as plain files that any C2SP tlog-tiles client can read.

    Writes `checkpoint`, `tile/...`, `tile/entries/...` and `log.vkey`; put the
    folder behind any web server, or on a stick. Doing it again later brings the
    same folder up to date. What is written shows how long the log is and that it
    only grows; what an entry says is in it only where `--content` says so, and what
    has been handed out cannot be called back. Sealed parts are never written out.

    Exit code: 0 if written; 2 if the folder holds something else; 65 if the log is
    not what was signed; 74 if the disk refuses.

    Parameters
    ----------
    folder
        Where to write; made if need be.
    data
        The node's data folder, or a ledger.sqlite. The node may be running.
    content
        Which entries' contents to disclose: `none`, `all`, or indexes and ranges
        such as `0-120,300` (both ends included).
    json
        Print one JSON object: origin, size, folder.
    """
    from clearline.adapters.proving import export_log  # noqa: PLC0415

    discloses = parse_content(content)
    with Progress("writing") as progress:
        head = export_log(data, folder, discloses=discloses, progress=progress.update)
    if json:
        print(written(origin=head.origin, size=head.size, folder=str(folder)))
        return 0
    print(f"{head.origin}: {head.size} entries written to {folder}.")
    print(f"Check it with: {called_as()} verify {folder} --key VKEY")
    return 0


def key(*, data: Path = DATA, json: Switch = False) -> int:
    """Print the key others verify this node's log with.

    It is public. Let whoever gets it compare it with you aloud, character by
    character: a key that came by the same way as the log proves nothing.

    Parameters
    ----------
    data
        The node's data folder.
    json
        Print one JSON object: key.
    """
    from clearline.adapters.data_folder import DataFolder  # noqa: PLC0415
    from clearline.adapters.keys import load_verifier  # noqa: PLC0415

    found = str(load_verifier(DataFolder(path=data).verifier))
    print(written(key=found) if json else found)
    return 0


def parse_content(text: str) -> Callable[[int], bool]:
    """Read which entries' contents are to be disclosed.

    Raises:
        BadInput: The text is no such list.
    """
    from clearline.model.errors import BadInput  # noqa: PLC0415

    if text in ("none", "all"):
        return lambda _index: text == "all"
    spans = []
    for piece in text.split(","):
        start, dash, end = piece.strip().partition("-")
        end = end if dash else start
        is_span = all(one.isascii() and one.isdecimal() for one in (start, end))
        if not is_span or int(end) < int(start):
            raise BadInput(
                f"{piece.strip()!r} names no entries.",
                state="Nothing was written.",
                next="Say none, all, or indexes and ranges such as 0-120,300.",
            )
        spans.append(range(int(start), int(end) + 1))
    return lambda index: any(index in span for span in spans)
