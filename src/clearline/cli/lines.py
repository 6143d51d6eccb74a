"""Check lines and see how they stand: `clearline line set|check|list`."""

import msgspec

from clearline.cli.connection import HERE, At
from clearline.model.linetests import ChannelStands, Stands
from clearline.model.parties import Medium
from clearline.wire.forms.line import LineGiven


def line_set(
    from_desk: str,
    to_desk: str,
    medium: Medium | None = None,
    *,
    hours: float = 12.0,
    at: At = HERE,
) -> int:
    """Let lines be checked, from now on: twice a day unless said otherwise.

    Parameters
    ----------
    from_desk
        The desk whose line it is; it is rung where a check is missed.
    to_desk
        The desk that is called.
    medium
        By which medium; by each its members have, if left out.
    hours
        From one check to the next.
    """
    with at.connect() as client:
        every = [row.medium for row in client.line_matrix(to_desk).items]
        for one in (medium,) if medium else every:
            given = LineGiven(
                from_desk=from_desk,
                to_desk=to_desk,
                medium=one,
                every_s=round(hours * 3600),
            )
            made = client.set_line(given)
            at.say(made, f"{from_desk} checks {to_desk} by {one} every {hours:g} h.")
    return 0


def line_check(to_desk: str, medium: Medium | None = None, *, at: At = HERE) -> int:
    """Check your own desk's line to a desk, now; `line list` says what came of it.

    Exit code: 0 if the checks ring; 1 if this node cannot carry one of them.

    Parameters
    ----------
    to_desk
        The desk that is called.
    medium
        By which medium; by each its members have, if left out.
    """
    with at.connect() as client:
        called = client.check_line(to_desk, medium)
    if at.json:
        print(msgspec.json.encode(called).decode())
    else:
        for one in called.items:
            state = f"call {one.call}" if one.call else "being checked already"
            print(f"{one.medium:<8} {one.trouble or state}")
    return 1 if any(one.trouble for one in called.items) else 0


def line_list(desk: str | None = None, *, at: At = HERE) -> int:
    """Say how every channel to every desk stands; dead ones are last of a desk's.

    Exit code: 0 if none is dead; 1 if one is.

    Parameters
    ----------
    desk
        Only this desk's.
    """
    with at.connect() as client:
        found = client.line_matrix(desk)
    for one in found.items:
        print(msgspec.json.encode(one).decode() if at.json else _line(one))
    return 1 if any(one.stands is Stands.DEAD for one in found.items) else 0


def _line(one: ChannelStands) -> str:
    times = one.times
    took = (
        f"median {times.median_s:.0f} s, nine of ten {times.p90_s:.0f} s"
        if times.median_s is not None and times.p90_s is not None
        else "no good check"
    )
    last = f"last good {times.last_good_at:%FT%RZ}, " if times.last_good_at else ""
    due = f"next {one.next_at:%FT%RZ}" if one.next_at else "not checked regularly"
    return (
        f"{one.desk} {one.place} {one.medium:<8} {one.stands:<5} {last}{took}, "
        f"missed {times.missed}, {due}"
    )
