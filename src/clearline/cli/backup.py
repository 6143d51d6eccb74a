"""Copy a node's folder while it runs, and put a copy back: `backup`, `restore`."""

from pathlib import Path

import msgspec

from clearline.cli import Switch, called_as
from clearline.cli.progress import Progress
from clearline.cli.prove import DATA


def backup(to: Path, *, data: Path = DATA, json: Switch = False) -> int:
    """Copy a node's folder, running or not, and verify the copy.

    The copy holds the node's private keys: keep it as secret as the folder itself. It
    is there whole and verified, or not at all. Check it later with `clearline verify`.

    Exit code: 0 if it is there; 2 if something else is; 65 if what was copied is not
    what was signed; 74 if the disk refuses.

    Parameters
    ----------
    to
        The folder to make; it is not there yet.
    data
        The node's data folder.
    """
    from clearline.adapters.backup import back_up  # noqa: PLC0415
    from clearline.adapters.clock import SystemClock  # noqa: PLC0415

    with Progress("verifying") as progress:
        now = SystemClock().read().wall
        made = back_up(data, to, now=now, progress=progress.update)
    if json:
        print(msgspec.json.encode(made).decode())
        return 0
    print(f"{made.origin}: {made.size} entries in {to}, verified.")
    print(f"Restore it with: {called_as()} restore {to} --data FOLDER")
    return 0


def restore(
    backup: Path,
    *,
    data: Path,
    seen: Path | None = None,
    origin: str | None = None,
    json: Switch = False,
) -> int:
    """Put a backup in place, verified, and never let its log fork.

    The nodes it is linked with are asked what they last saw of its log. It goes on as
    it was only where the newest checkpoint anybody holds is the backup's own. Otherwise
    a new log is opened under a name of its own, whose first entry names the old one;
    who is on the line, watches, lines, links and notices are carried over, and peers
    are told. Everybody signs in anew.

    Exit code: 0 if it is in place; 2 if the backup may be behind and no new name was
    given, or something is at the folder; 65 if it is not what was signed; 74 if the
    disk refuses.

    Parameters
    ----------
    backup
        The folder that `backup` made.
    data
        The data folder to make; it is not there, or empty.
    seen
        The newest checkpoint anybody holds: a note a peer or witness has, or the
        `high-water` of the node that was lost, or its folder.
    origin
        Name of the new log, where one has to be opened.
    """
    from clearline.compose.restoring import restore as put_back  # noqa: PLC0415

    done = put_back(backup, data, seen=seen, origin=origin)
    if json:
        print(msgspec.json.encode(done).decode())
        return 0
    for one in done.asked:
        saw = "nothing of it" if one.size is None else f"{one.size} entries"
        print(f"{one.peer}: {one.trouble or f'saw {saw}'}")
    if not done.follows:
        print(f"{done.origin} goes on at {done.size} entries in {data}.")
        return 0
    print(f"{done.origin} takes over from {done.follows} at {done.size} entries.")
    print(
        f"{done.entered} facts and {done.notices} notices were carried over, "
        f"{done.calls} calls ring again, {done.peers} linked nodes are told."
    )
    print(
        f"{done.said} entries were carried as they were said: {done.cases} cases, "
        "claims about control, open sheets."
    )
    print("The old log lies in `before/` to be read.")
    return 0
