"""Take a realistic load of facilities in, screen against it, and hand it out again.

Stand-ins: rows of the public list of airfields, each moved by up to a kilometre,
renamed and given a function by chance. No place of it is anything real, and no list
of real sites is used.
"""

import os
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from clearline.adapters.chance import SystemChance
from clearline.adapters.local import LOCAL_FILE, LocalStore
from clearline.bench.machine import Machine, Spread, describe, spread
from clearline.compose.node import Node, open_node
from clearline.exchange.formats import FileFormat
from clearline.exchange.handing import Going, hand_out, hand_out_rows, own
from clearline.exchange.intake import Intake, read_file
from clearline.exchange.layouts import LAYOUTS
from clearline.exchange.sheets import write_rows
from clearline.exchange.taking import Taking
from clearline.geo.geodesy import destination
from clearline.model.commands import Enter
from clearline.model.entries import DeskSet, PartySet, PersonSet
from clearline.model.extents import Extent
from clearline.model.instants import Instant, Window
from clearline.model.notices import NoticeKind
from clearline.model.parties import (
    Actor,
    Desk,
    DeskId,
    Medium,
    Party,
    PartyId,
    Person,
    PersonId,
    Role,
    Strength,
)
from clearline.model.places import Circle, Position
from clearline.service.imports import Import, Imports

T = TypeVar("T")

_PARTY: Final = PartyId("bench")
_DESK: Final = DeskId("bench-ops")
_BY: Final = Actor(
    party=_PARTY, desk=_DESK, strength=Strength.PASSWORD, person=PersonId("bench")
)
_FORMS: Final = (FileFormat.KML, FileFormat.GEOJSON, FileFormat.COT)
_MOVED_M: Final = 1_000.0
_POLE_DEG: Final = 85.0


class Handed(msgspec.Struct, frozen=True, kw_only=True):
    """Say how fast a format was written, how long it is, and how fast it is read."""

    form: str
    write_rows_per_s: float
    megabytes: float
    read_rows_per_s: float


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what was measured.

    Attributes:
        rows: Stand-ins for facilities.
        read_sheet_rows_per_s: XLSX, from bytes to notices not yet filed.
        file_rows_per_s: From notices to durable entries, each tried, then filed.
        filed: How many were taken.
        refused: How many were not.
        screen_ms: One plan against all of them.
        handed: Out and in again, format by format.
        peak_mb: Most memory this process had, 10^6 bytes.
        load: Load average over a minute, before and after.
    """

    rows: int
    read_sheet_rows_per_s: float
    file_rows_per_s: float
    filed: int
    refused: int
    screen_ms: Spread
    handed: tuple[Handed, ...]
    peak_mb: float
    load: tuple[float, float]
    machine: Machine


def run(*, rows: int, plans: int, seed: int) -> Figures:
    """Measure.

    Args:
        rows: How many facilities.
        plans: How many plans to screen against them.
        seed: Draws the same again.
    """
    before = os.getloadavg()[0]
    chance = random.Random(seed)  # noqa: S311 (a workload, no secret)
    with tempfile.TemporaryDirectory() as folder:
        node = _opened(Path(folder))
        try:
            now = node.clock.read().at
            sheet = write_rows(
                NoticeKind.SITE, facilities(rows, chance), FileFormat.XLSX
            )
            taking = Taking(origins=(), now=now)
            read_s, intake = _timed(lambda: read_file("load.xlsx", sheet, taking))
            one, file_s = _filed(node, Path(folder), intake)
            screened = [_screened(node, now, chance, intake) for _ in range(plans)]
            handed = tuple(_handed(node, taking))
        finally:
            node.runner.stop()
            node.close()
    return Figures(
        rows=rows,
        read_sheet_rows_per_s=round(rows / read_s),
        file_rows_per_s=round(one.filed / file_s),
        filed=one.filed,
        refused=len({said.row for said in one.refusals}),
        screen_ms=spread(screened),
        handed=handed,
        peak_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3, 1),
        load=(round(before, 1), round(os.getloadavg()[0], 1)),
        machine=describe(),
    )


def facilities(count: int, chance: random.Random) -> Iterator[dict[str, str]]:
    """Yield rows of a sheet: stand-ins, moved and renamed, and labelled as such."""
    import airportsdata  # noqa: PLC0415 (loaded when asked)

    places = [
        Position(lon=float(one["lon"]), lat=float(one["lat"]))
        for one in airportsdata.load("ICAO").values()
        if abs(float(one["lat"])) < _POLE_DEG
    ]
    example = {one.key: one.example for one in LAYOUTS[NoticeKind.SITE] if one.example}
    functions = ("health", "school", "warehouse", "water", "shelter")
    for number in range(count):
        place = chance.choice(places)
        at = destination(place, chance.uniform(0, 360), chance.uniform(0, _MOVED_M))
        yield example | {
            "ref": f"STAND-IN-{number}",
            "name_en": f"Stand-in {number}",
            "name_local": "",
            "function": chance.choice(functions),
            "latitude": f"{at.lat:.6f}",
            "longitude": f"{at.lon:.6f}",
            "place": "",
            "radius_m": str(chance.randint(20, 200)),
            "valid_from": "",
            "valid_until": "",
            "what": "a stand-in for a facility; no place of it is real",
        }


def _opened(folder: Path) -> Node:
    node = open_node(
        folder, origin="bench.example/clearline/exercise", hear=lambda _: None
    )
    node.begin()
    node.load_notices()
    node.runner.start()
    for act in (
        PartySet(party=Party(id=_PARTY, name="Bench")),
        DeskSet(desk=Desk(id=_DESK, party=_PARTY, name="Bench")),
        PersonSet(
            person=Person(
                id=PersonId("bench"),
                desk=_DESK,
                pseudonym="bench",
                roles=(Role.DUTY_OFFICER,),
                media=(Medium.SCREEN,),
            )
        ),
    ):
        node.runner.ask(Enter(act=act)).result()
    return node


def _filed(node: Node, folder: Path, intake: Intake) -> tuple[Import, float]:
    imports = Imports(
        ask=node.runner.ask,
        looking=node.looking,
        would=node.would,
        every=node.notices_since,
        shelf=LocalStore(folder / LOCAL_FILE),
        clock=node.clock,
        chance=SystemChance(),
    )
    start = time.perf_counter()
    one = imports.begin(
        lambda _: (intake.wanted, intake.refusals),
        by=_BY,
        name="load.xlsx",
        is_whole=False,
    )
    while one.ended_at is None:
        time.sleep(0.01)
    took_s = time.perf_counter() - start
    imports.close()
    return one, took_s


def _screened(node: Node, now: Instant, chance: random.Random, intake: Intake) -> float:
    """Screen a plan near one of the facilities; how long it took, ms."""
    revision = chance.choice(intake.wanted).revision
    footprint = revision.where.footprint if revision is not None else None
    if not isinstance(footprint, Circle):
        return 0.0
    plan = Extent(
        footprint=Circle(centre=footprint.centre, radius_m=chance.uniform(500, 5_000)),
        window=Window(start=now + timedelta(hours=1), end=now + timedelta(hours=2)),
    )
    took_s, _ = _timed(lambda: node.screen(plan))
    return took_s * 1e3


def _handed(node: Node, taking: Taking) -> Iterator[Handed]:
    some = [one for one in _own(node) if one is not None]
    for form in (*_FORMS, FileFormat.XLSX):
        if form is FileFormat.XLSX:
            write_s, made = _timed(lambda: hand_out_rows(some, NoticeKind.SITE, form))  # noqa: B023 (called at once)
        else:
            write_s, made = _timed(lambda: hand_out(some, form, taking.now))  # noqa: B023 (called at once)
        read_s, intake = _timed(lambda: read_file(f"load.{form}", made.data, taking))  # noqa: B023 (called at once)
        yield Handed(
            form=form,
            write_rows_per_s=round(made.count / write_s),
            megabytes=round(len(made.data) / 1e6, 2),
            read_rows_per_s=round(len(intake.wanted) / read_s),
        )


def _own(node: Node) -> Iterator[Going | None]:
    for id_ in node.notices_since():
        with node.looking() as view:
            notice = view.notices.get(id_)
        if notice is not None:
            yield own(notice.id, notice.revision)


def _timed(do: Callable[[], T]) -> tuple[float, T]:
    start = time.perf_counter()
    found = do()
    return time.perf_counter() - start, found
