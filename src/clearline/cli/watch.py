"""Take the watch, see who has it, hand it over: `clearline watch ...`."""

import msgspec

from clearline.cli.connection import HERE, At
from clearline.cli.session import ask_password
from clearline.model.calls import CallId
from clearline.model.instants import parse_instant
from clearline.model.parties import Role
from clearline.wire.forms.watches import DeskWatched, HandOver


def watch_show(desk: str, *, at: At = HERE) -> int:
    """Say who has the watch at a desk.

    Exit code: 0 if somebody has; 1 if nobody has, and a call rings every member.

    Parameters
    ----------
    desk
        The desk.
    """
    with at.connect() as client:
        found = client.watch(desk)
    _say(found, at)
    return 1 if found.has_nobody else 0


def watch_take(role: Role, until: str, *, at: At = HERE) -> int:
    """Take the watch at your own desk.

    Parameters
    ----------
    role
        In which role.
    until
        Until when: RFC 3339 with a zone, as in 2026-03-01T20:00:00Z.
    """
    ends_at = parse_instant(until)
    with at.connect() as client:
        desk = client.who_am_i().desk
        _say(client.take_watch(desk, role, ends_at), at)
    return 0


def watch_leave(
    *, to: str = "", taken: tuple[str, ...] = (), tell: str = "", at: At = HERE
) -> int:
    """Leave the watch, handing it over or not.

    Whoever takes over types their own password. Open calls not taken ring again.

    Parameters
    ----------
    to
        Who takes over.
    taken
        The open calls they take, each by its id.
    tell
        What the next has to know; both sign it.
    """
    secret = ask_password(f"Password of {to}: ") if to else ""
    calls = tuple(CallId(call) for call in taken)
    given = HandOver(to=to, secret=secret, taken=calls, notes=tell)
    with at.connect() as client:
        desk = client.who_am_i().desk
        _say(client.hand_over(desk, given), at)
    return 0


def _say(found: DeskWatched, at: At) -> None:
    if at.json:
        print(msgspec.json.encode(found).decode())
        return
    if found.has_nobody:
        print(f"NOBODY has the watch at {found.desk}: a call rings every member.")
    for watch in found.watches:
        print(
            f"{watch.desk}: {watch.person} as {watch.role} until {watch.until:%FT%RZ}"
        )
