"""Print what a bench measured, with the machine it was measured on."""

import json as json_text
from typing import Annotated, Any, Literal

import msgspec
from cyclopts import Parameter


def escalation(
    *,
    pending: int = 20_000,
    seconds: float = 30.0,
    burst: int = 1_000,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """Measure how late a ring leaves after it is due, with many calls pending.

    Calls are spread over ten minutes on a real ledger in a temporary folder; the
    first SECONDS of those are measured on the wall clock, then a burst. Takes about
    a minute to set up with 20,000 pending.

    Args:
        pending: Calls pending at the start.
        seconds: How long of the ten minutes to measure.
        burst: Calls that then fall due at one instant.
        json: Print one JSON object instead of a table.
    """
    from clearline.bench.escalation import run  # noqa: PLC0415 (loaded when asked)

    _show(run(pending=pending, seconds=seconds, burst=burst), as_json=json)


def stop(  # noqa: PLR0913 (what is measured, by name)
    *,
    screens: int = 1_000,
    people: int = 4,
    stops: int = 200,
    every: float = 0.25,
    flood: int = 0,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """Measure a STOP from the press to the last screen.

    A node on this disk, each STOP signed and durable before it is answered, handed to
    two couriers beside the screens, which follow from a process of their own. A kept
    message broker publishes as many messages to as many subscribers in the same run,
    where it is installed.

    Args:
        screens: How many screens follow.
        people: How many persons each STOP rings.
        stops: How many STOPs are raised.
        every: How long after one the next is raised, seconds.
        flood: Measure other desks' STOPs instead, while so many of one desk's wait;
            eight of them, a second apart, before twenty screens at most.
        json: Print one JSON object instead of a table.
    """
    from clearline.bench.flood import run as run_flood  # noqa: PLC0415
    from clearline.bench.stop import run  # noqa: PLC0415 (loaded when asked)

    if flood:
        found = run_flood(flood=flood, screens=min(screens, 20), people=people)
        _show(found, as_json=json)
        return
    _show(run(screens=screens, people=people, stops=stops, every=every), as_json=json)


def api(
    *,
    requests: int = 5_000,
    acts: int = 1_000,
    calls: int = 200,
    lines: int = 8,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """Measure the API: reads, acts, sign-in, each beside the least that could do it.

    A node on this disk is asked over HTTP by a process of its own. Beside it, on the
    same server in the same run: a bare Starlette route with the same bytes, the same
    route with one SQLite commit, and the hash of a password alone. Limits on how
    often a caller may ask are off.

    Args:
        requests: How many reads of each kind.
        acts: How many acts of each kind.
        calls: How many calls are open meanwhile.
        lines: How many kept connections ask at once.
        json: Print one JSON object instead of a table.
    """
    from clearline.bench.api import run  # noqa: PLC0415 (loaded when asked)

    result = run(requests=requests, acts=acts, calls=calls, lines=lines)
    _show(result, as_json=json)


def notices(
    *,
    sites: int = 100_000,
    movements: int = 5_000,
    activities: int = 2_000,
    seed: int = 1,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """Measure a node that holds a theatre's notices: filing, screening, restart.

    SITES are imported and screened, MOVEMENTS filed beside them, ACTIVITIES filed one
    by one, on this disk. Where facilities lie is drawn from a list of airports, each
    moved by up to 20 km: realistic, and none of them is one.

    Args:
        sites: How many sites are imported.
        movements: How many movements are under way.
        activities: How many activities are filed one by one.
        seed: Of the workload.
        json: Print one JSON object instead of a table.
    """
    from clearline.bench.notices import run  # noqa: PLC0415 (loaded when asked)

    result = run(sites=sites, movements=movements, activities=activities, seed=seed)
    _show(result, as_json=json)


def ledger(
    *,
    entries: int = 20_000,
    history: int = 1_000_000,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """Measure signed durable appends, restart, and the picture at a past instant.

    Appends are measured one by one and in batches, beside bare SQLite inserts of the
    same bytes in the same run; restart and `at` on a log of HISTORY entries.

    Args:
        entries: How many entries to append in each way of appending.
        history: How long a log is restarted and looked back in.
        json: Print one JSON object instead of a table.
    """
    from clearline.bench.ledger import run  # noqa: PLC0415 (loaded when asked)

    _show(run(entries=entries, history=history), as_json=json)


def files(
    *,
    rows: int = 20_000,
    plans: int = 500,
    seed: int = 1,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """Measure a load of facilities taken in, screened against, and handed out again.

    The facilities are stand-ins: airfields of a public list, moved and renamed. A
    sheet of them is read and filed on a node in a temporary folder; plans are screened
    against them; then they are written and read in every format.

    Args:
        rows: How many facilities.
        plans: How many plans to screen.
        seed: Draws the same load again.
        json: Print one JSON object instead of a table.
    """
    from clearline.bench.files import run  # noqa: PLC0415 (loaded when asked)

    _show(run(rows=rows, plans=plans, seed=seed), as_json=json)


def link(
    *,
    stops: int = 200,
    burst: int = 100,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """Measure from a STOP raised on one node to its ring at another party's node.

    Two processes on this machine, each with its own log on disk, over pinned TLS on
    loopback: STOPS are raised one by one, then BURST at once.

    Args:
        stops: How many STOPs to raise one after the other.
        burst: How many to raise at once.
        json: Print one JSON object instead of a table.
    """
    from clearline.bench.link import run  # noqa: PLC0415 (loaded when asked)

    _show(run(stops=stops, burst=burst), as_json=json)


def screening(  # noqa: PLR0913 (each is an option of the command)
    *,
    n: int = 1_000_000,
    plans: int = 5_000,
    sample: int = 50,
    seed: int = 1,
    workload: Literal["theatre", "city"] = "theatre",
    bulk: Annotated[bool, Parameter(negative="")] = False,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """Measure screening plans against live notices, beside SQLite and shapely.

    A seeded workload is built in memory: no place of it is anything real. For
    SAMPLE plans every notice is judged without any index, and some by Karney's
    geodesics; one difference fails the run. A million notices take some minutes and
    about 2 GB, most of both for the peers.

    Args:
        n: Notices that stand.
        plans: Plans screened one by one, then all at once.
        sample: Plans whose answers are held against judging every notice.
        seed: Draws the same workload again.
        workload: theatre (circles, corridors, polygons about towns) or city (drones).
        bulk: Screen N plans against the N notices as well, from files.
        json: Print one JSON object instead of a table.
    """
    from clearline.bench.screening import run  # noqa: PLC0415 (loaded when asked)
    from clearline.bench.workload import Kind  # noqa: PLC0415

    kind = Kind.CITY if workload == "city" else Kind.THEATRE
    result = run(
        n=n, plans=plans, sample=sample, seed=seed, workload=kind, is_bulk=bulk
    )
    _show(result, as_json=json)


def case(
    *,
    claims: int = 10_000,
    seed: int = 1,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """Measure a large case: read, laid out in every view, and written as a page.

    Args:
        claims: How many claims the case has.
        seed: Draws the same case again.
        json: Print one JSON object instead of a table.
    """
    from clearline.bench.case import run  # noqa: PLC0415 (loaded when asked)

    _show(run(claims=claims, seed=seed), as_json=json)


def _show(result: Any, *, as_json: bool) -> None:
    plain = msgspec.to_builtins(result)
    if as_json:
        print(json_text.dumps(plain))
        return
    from rich.console import Console  # noqa: PLC0415 (loaded when printed)
    from rich.table import Table  # noqa: PLC0415 (loaded when printed)

    table = Table("what", "measured", box=None, pad_edge=False)
    for name, value in _rows(plain):
        table.add_row(name, value)
    Console().print(table)


def _rows(plain: dict[str, Any], before: str = "") -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for name, value in plain.items():
        label = f"{before}{name.replace('_', ' ')}"
        if value is None:
            continue
        if isinstance(value, dict):
            rows += _rows(value, f"{label}: ")
        elif isinstance(value, list | tuple):
            for at, each in enumerate(value, 1):
                known = each if isinstance(each, dict) else {str(at): each}
                rows += _rows(
                    known, f"{label}: {known.get('name') or known.get('form', '')}: "
                )
        else:
            rows.append((label, f"{value:,}" if isinstance(value, int) else str(value)))
    return rows
