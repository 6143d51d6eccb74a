"""Follow conflicts, and see who was told what: `clearline conflict`, `disclosures`."""

import msgspec

from clearline.cli.connection import HERE, At
from clearline.model.instants import write_instant
from clearline.wire.forms.conflicts import (
    ConflictShown,
    DisclosuresShown,
    Reason,
    ReasonIfAny,
)


def conflict_list(*, all_: bool = False, at: At = HERE) -> int:
    """List the conflicts your party may know of, newest first.

    Exit code: 0 if none is open; 1 if one is.

    Parameters
    ----------
    all_
        Those that are none any more as well.
    """
    with at.connect() as client:
        found = client.own_conflicts(is_open=None if all_ else True)
    if at.json:
        print(msgspec.json.encode(found).decode())
    else:
        for one in found.items:
            print(_line(one))
        if not found.items:
            print("No conflict that your party may know of is open.")
    return int(any(one.resolution is None for one in found.items))


def conflict_show(conflict: str, *, at: At = HERE) -> int:
    """Show a conflict, and what would part the two.

    Parameters
    ----------
    conflict
        Its id.
    """
    with at.connect() as client:
        _say(client.conflict(conflict), at)
    return 0


def conflict_talk(conflict: str, *, at: At = HERE) -> int:
    """Say that your party talks about it with the other owner.

    Parameters
    ----------
    conflict
        Its id.
    """
    with at.connect() as client:
        _say(client.talk_about(conflict), at)
    return 0


def conflict_accept(conflict: str, why: str, *, at: At = HERE) -> int:
    """Say that your party goes on in spite of it; the other owner reads why.

    Parameters
    ----------
    conflict
        Its id.
    why
        What was agreed, with whom.
    """
    with at.connect() as client:
        _say(client.accept(conflict, Reason(why=why)), at)
    return 0


def conflict_release(conflict: str, *, why: str = "", at: At = HERE) -> int:
    """Let the other owner know of a conflict only your party knows of.

    They are told that there is one and which desk to call, and nothing else.

    Parameters
    ----------
    conflict
        Its id.
    why
        Kept in your own log.
    """
    with at.connect() as client:
        _say(client.let_know(conflict, ReasonIfAny(why=why)), at)
    return 0


def disclosures(notice: str = "", *, at: At = HERE) -> int:
    """Say who was told what of your notices, when, at which precision.

    Parameters
    ----------
    notice
        Of this one alone.
    """
    with at.connect() as client:
        found: DisclosuresShown = (
            client.disclosures_of(notice) if notice else client.disclosures()
        )
    if at.json:
        print(msgspec.json.encode(found).decode())
        return 0
    for one in found.items:
        level = one.precision or "no more"
        held = "" if one.holds else " (no longer so)"
        at_ = write_instant(one.at)
        print(f"{one.notice} rev {one.revision}: {one.desk} {level}, {at_}{held}")
    if not found.items:
        print("Nobody was told of anything.")
    return 0


def probing(*, at: At = HERE) -> int:
    """Say who asked so much, so finely, that it looks like a search for what is hidden.

    An owner sees who asked near its own notices, a neutral sees all of it.

    Exit code: 0 if nobody did; 1 if somebody did.
    """
    with at.connect() as client:
        found = client.probing()
    if at.json:
        at.list(found, ())
    for one in () if at.json else found:
        since, until = write_instant(one.since), write_instant(one.at)
        print(f"{one.desk} of {one.party}: {one.questions:,} questions, {one.small:,}")
        print(f"  of them small, from {since} to {until}, in {', '.join(one.cells)}")
    if not found and not at.json:
        print("Nobody asked more than a planner asks.")
    return int(bool(found))


def _say(found: ConflictShown, at: At) -> None:
    if at.json:
        print(msgspec.json.encode(found).decode())
        return
    print(_line(found))
    print(f"  {found.why}")
    if found.overlap is not None:
        start, end = found.overlap.start, found.overlap.end
        print(f"  both there from {write_instant(start)} to {write_instant(end)}")
    for party in found.accepted:
        print(f"  {party.party} goes on in spite of it: {party.why}")
    for way in found.ways_out:
        print(f"  way out: {found.changes}: {way.says}")
    print(f"  call {found.other.desk}")


def _line(found: ConflictShown) -> str:
    other = found.other.notice or found.other.owner
    state = found.resolution or found.state
    return f"{found.id}  {found.precedence}  {found.own.notice} / {other}  {state}"
