"""Measure a node that does a humanitarian cell's whole notification work.

Workload, drawn from a seed: sites at airports of the `airportsdata` list, each moved by
up to 20 km in a drawn direction and named by a number: realistic in where facilities
lie, and none of them is one. Movements run from such a place to a point 20 to 60 km
away within the day; activities are circles of 0.5 to 3 km about such places for one to
three hours of the day. Of sites and movements, three in ten are told exactly to the
party that plans, five coarsely, two not at all; activities are told to the cell.

    import     sites handed to the writer as fast as it takes them, each durable
    screened   until everything imported has its verdict in the log
    filing     an activity filed: from the command to its durable answer
    screening  from that answer until what was found is durable too
    plan       a plan screened for the planning party, nothing filed
    paired     the same plan over HTTP, with and without a hidden site there, in turn
    restart    from opening the folder until plans are screened again, step by step
    beside     the same places in an R*Tree of SQLite, which proposes for the same plans
"""

import gc
import os
import random
import tempfile
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Final

import airportsdata
import httpx
import msgspec
from msgspec.structs import replace

from clearline.bench.beside_notices import Beside, measure_beside
from clearline.bench.machine import Machine, Spread, describe, spread
from clearline.bench.serving import served
from clearline.compose.node import open_node
from clearline.compose.own import Own
from clearline.compose.service import Service
from clearline.geo.geodesy import destination
from clearline.geo.warm import warm
from clearline.model.commands import Enter
from clearline.model.entries import DeskSet, PartySet, PersonSet
from clearline.model.extents import Corridor, Extent
from clearline.model.instants import Duration, Instant, Window
from clearline.model.notice_commands import FileNotice, WithdrawNotice
from clearline.model.notice_details import (
    ActivityDetails,
    Admin,
    Bearer,
    Contact,
    Details,
    Marking,
    Measured,
    Mode,
    MovementDetails,
    Post,
    SiteDetails,
    Vehicle,
)
from clearline.model.notices import Consent, NoticeId, Precision, Revision
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
    Standing,
    Strength,
)
from clearline.model.passages import Passage, span
from clearline.model.places import Circle, Place, PlaceFormat, Position
from clearline.rules.disclosure import Viewer
from clearline.service.questions import Questions
from clearline.service.writer import NotNow, Written

_AT_ONCE: Final = 2_048
_PAIRS: Final = 2_000
_PLANS: Final = 500
_BLOCKS: Final = 40
_HOUR: Final = Duration(hours=1)
_SETTLES_WITHIN_S: Final = 3_600.0
_CELL, _ARMY = DeskId("cell"), DeskId("army-ops")
_CONTACTS: Final = (
    Contact(bearer=Bearer.MOBILE),
    Contact(bearer=Bearer.SATELLITE),
    Contact(bearer=Bearer.LANDLINE, post=Post.HEADQUARTERS, is_day_and_night=True),
)


class Restarted(msgspec.Struct, frozen=True, kw_only=True):
    """Hold how long each step of a start takes, seconds.

    Attributes:
        opened_s: The folder opened, and what rings standing again.
        notices_s: Notices read from their snapshot, and what came after it.
        whereabouts_s: What is where, in both logs, and what is told coarsely.
    """

    opened_s: float
    notices_s: float
    whereabouts_s: float

    @property
    def all_s(self) -> float:
        """Return how long it takes until plans are screened again."""
        return self.opened_s + self.notices_s + self.whereabouts_s


class Notices(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what was measured.

    Attributes:
        import_per_s: Sites filed in a second, each signed, in-tree and durable.
        screened_s: From the first filing until all sites have their verdict.
        filing_ms: An activity, until its durable answer.
        screening_ms: From there until what was found is durable.
        plan_ms: A plan, as an endpoint asks for it.
        paired_ms: Median of the same plan with and without a hidden site.
        paired_apart: By which share the two medians differ.
        refused: Filings the disk was too silent for, which were filed again.
        conflicts: Found among what both sides may know, and in the own log.
        rss_mb: By how much the process grew, 10^6 bytes.
        ledger_mb: How large the log's file is.
        restart_s: Until plans are screened again.
        restarted: What of that each step takes.
        beside: A peer that holds the same places, in the same run.
        load: Load average of the machine over the last minute, when measured.
    """

    sites: int
    movements: int
    activities: int
    seed: int
    import_per_s: int
    screened_s: float
    filing_ms: Spread
    screening_ms: Spread
    plan_ms: Spread
    paired_ms: tuple[float, float]
    paired_apart: float
    refused: int
    conflicts: tuple[int, int]
    rss_mb: float
    ledger_mb: float
    restart_s: float
    restarted: Restarted
    beside: Beside
    load: float
    machine: Machine


def run(*, sites: int, movements: int, activities: int, seed: int = 1) -> Notices:
    """Fill a node in a temporary folder, and measure it.

    Args:
        sites: How many are imported.
        movements: How many are under way.
        activities: How many are filed one by one.
        seed: Of the workload.
    """
    warm()
    gc.collect()
    before_mb = _rss_mb()
    with tempfile.TemporaryDirectory() as folder:
        desk = _Desk(Path(folder), seed)
        began = time.perf_counter()
        desk.file_all(desk.drawn.site(number) for number in range(sites))
        import_s = time.perf_counter() - began
        desk.settle()
        screened_s = time.perf_counter() - began
        desk.file_all(desk.drawn.movement(number) for number in range(movements))
        desk.settle()
        filing, screening = desk.file_singly(activities)
        plans = desk.screen(_PLANS)
        with_it, without = _paired(seed)
        rss_mb = _rss_mb() - before_mb
        found = desk.conflicts()
        ledger_mb = (Path(folder) / "ledger.sqlite").stat().st_size / 1e6
        desk.close()
        restarted = _restarted(Path(folder))
    beside = measure_beside(
        _extents(_Drawn(seed, desk.drawn.now), sites, movements),
        _plans(_Drawn(seed + 1, desk.drawn.now), _PLANS),
        _rss_mb,
    )
    return Notices(
        sites=sites,
        movements=movements,
        activities=activities,
        seed=seed,
        import_per_s=round(sites / import_s),
        screened_s=round(screened_s, 1),
        filing_ms=spread(filing),
        screening_ms=spread(screening),
        plan_ms=spread(plans),
        paired_ms=(round(with_it, 4), round(without, 4)),
        paired_apart=round(abs(with_it - without) / without, 4),
        refused=desk.refused,
        conflicts=found,
        rss_mb=round(rss_mb, 1),
        ledger_mb=round(ledger_mb, 1),
        restart_s=round(restarted.all_s, 2),
        restarted=restarted,
        beside=beside,
        load=round(os.getloadavg()[0], 2),
        machine=describe(),
    )


class _Drawn:
    """Draw what two parties file."""

    def __init__(self, seed: int, now: Instant) -> None:
        self._chance = random.Random(seed)  # noqa: S311 (a workload, no secret)
        ports = airportsdata.load("ICAO").values()
        self._ports = [Position(lon=port["lon"], lat=port["lat"]) for port in ports]
        self.now = now

    def site(self, number: int) -> FileNotice:
        """Draw a site."""
        details = SiteDetails(
            ref=f"S-{number}",
            is_function_now=True,
            name_en=f"Facility {number}",
            admin=Admin(names=("drawn",)),
            measured=Measured(accuracy_m=10.0, method="drawn"),
            marking=Marking(is_seen_by_day=True, is_seen_by_night=False),
            contacts=_CONTACTS,
        )
        window = Window(start=self.now, end=self.now + Duration(days=90))
        return self._filed(f"site-{number}", _CELL, details, self.place(100.0), window)

    def hidden(self, number: int) -> FileNotice:
        """Draw a site nobody is told of."""
        filed = self.site(1_000_000 + number)
        return replace(filed, revision=replace(filed.revision, tells=(), consents=()))

    def movement(self, number: int) -> FileNotice:
        """Draw a convoy of the day."""
        start = self._port()
        turn, away_m = self._chance.uniform(0, 360), self._chance.uniform(2e4, 6e4)
        leaves = self.now + Duration(minutes=self._chance.uniform(60, 1_200))
        passages = tuple(
            Passage(eta=at, late_for=Duration(minutes=20))
            for at in (leaves, leaves + Duration(hours=1.5))
        )
        road = Corridor(
            path=(start, destination(start, turn, away_m)),
            half_width_m=100.0,
            passages=passages,
        )
        details = MovementDetails(
            ref=f"M-{number}",
            mode=Mode.ROAD,
            purpose="drawn",
            people=4,
            vehicles=(Vehicle(type="lorry", photo="ab" * 32),),
            armed_escort=False,
            contacts=_CONTACTS,
            admin=Admin(names=("drawn",)),
        )
        place = Place(footprint=road, text="drawn", format=PlaceFormat.GEOMETRY)
        return self._filed(
            f"move-{number}", _CELL, details, place, span(passages), shape=road
        )

    def activity(self, number: int) -> FileNotice:
        """Draw a plan of the day."""
        window, place = self.hours(), self.place(self._chance.uniform(500, 3_000))
        details = ActivityDetails(type="drawn")
        return self._filed(f"plan-{number}", _ARMY, details, place, window)

    def hours(self) -> Window:
        start = self.now + Duration(minutes=self._chance.uniform(60, 1_200))
        return Window(
            start=start, end=start + Duration(hours=self._chance.uniform(1, 3))
        )

    def _filed(  # noqa: PLR0913, PLR0917 (what a notice says, in order)
        self,
        name: str,
        desk: DeskId,
        details: Details,
        place: Place,
        window: Window,
        shape: Corridor | None = None,
    ) -> FileNotice:
        levels: tuple[Precision | None, ...] = (Precision.EXACT,)
        other = _CELL if desk == _ARMY else _ARMY
        if desk == _CELL:
            levels = (*[Precision.EXACT] * 3, *[Precision.COARSE] * 5, None, None)
        level = self._chance.choice(levels)
        consent = (
            None
            if level is None
            else Consent(desk=other, precision=level, by="drawn", source="drawn")
        )
        return FileNotice(
            notice=NoticeId(name),
            by=_actor(desk),
            revision=Revision(
                number=1,
                what="drawn",
                where=place,
                window=window,
                shape=shape,
                tells=(other,) if consent else (),
                consents=(consent,) if consent else (),
                details=details,
            ),
        )

    def _port(self) -> Position:
        port = self._chance.choice(self._ports)
        turn, away_m = self._chance.uniform(0, 360), self._chance.uniform(0, 20_000)
        return destination(port, turn, away_m)

    def place(self, radius_m: float) -> Place:
        circle = Circle(centre=self._port(), radius_m=radius_m)
        return Place(footprint=circle, text="drawn", format=PlaceFormat.GEOMETRY)


class _Desk:
    """Hold a node with two parties that file what is drawn."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.node = open_node(
            folder, origin="bench.example/notices/exercise", hear=self._hear
        )
        self.own = Own(self.node, folder, lambda _: None)
        self.node.begin()
        self.own.begin()
        self.node.runner.start()
        self.own.run()
        self.node.load_notices()
        self.own.load()
        self.drawn = _Drawn(seed, self.node.clock.read().at)
        self.refused = 0
        for command in _line():
            self.node.ask(command).result()

    def _hear(self, written: Written) -> None:
        if hasattr(self, "own"):
            self.own.screener.hear(written)

    # --- what is measured ----------------------------------------------------------

    def file_all(self, commands: Iterable[FileNotice]) -> None:
        """File as fast as the writer takes it."""
        asked: deque[tuple[FileNotice, Future[Written]]] = deque()
        for command in commands:
            asked.append((command, self.node.ask(command)))
            if len(asked) > _AT_ONCE:
                self._answered(*asked.popleft())
        while asked:
            self._answered(*asked.popleft())

    def _answered(self, command: FileNotice, said: Future[Written]) -> None:
        """Wait for an answer; ask again where another's work held up the disk."""
        try:
            said.result()
        except NotNow:
            self.refused += 1
            self._answered(command, self.node.ask(command))

    def settle(self) -> None:
        """Wait until everything is screened."""
        if not self.own.screener.settle(_SETTLES_WITHIN_S):
            raise TimeoutError
        if self.own.screener.trouble is not None:
            raise self.own.screener.trouble

    def file_singly(self, count: int) -> tuple[list[float], list[float]]:
        """File activities one by one; until durable, and from there until screened."""
        filing, screening = [], []
        for number in range(count):
            self.forget_questions()
            command = self.drawn.activity(number)
            began = time.perf_counter()
            self._answered(command, self.node.ask(command))
            answered = time.perf_counter()
            self.settle()
            filing.append((answered - began) * 1e3)
            screening.append((time.perf_counter() - answered) * 1e3)
        return filing, screening

    def screen(self, count: int) -> list[float]:
        """Screen plans for the planning party."""
        took = []
        for _ in range(count):
            self.forget_questions()
            place, window = self.drawn.place(2_000.0), self.drawn.hours()
            plan = Extent(footprint=place.footprint, window=window)
            began = time.perf_counter()
            self.own.screener.plan(_VIEWER, plan)
            took.append((time.perf_counter() - began) * 1e3)
        return took

    def conflicts(self) -> tuple[int, int]:
        """Count what was found, in either log."""
        return len(self.node.picture.conflicts), len(self.own.node.picture.conflicts)

    def forget_questions(self) -> None:
        """Begin a new hour: what slows a prober is not what is measured."""
        self.own.screener.questions = Questions()

    def close(self) -> None:
        """Keep snapshots, and let go of the folder."""
        self.own.stop()
        self.node.runner.stop()
        self.own.node.close()
        self.node.close()


_VIEWER: Final = Viewer(party=PartyId("army"), desk=_ARMY)


def _paired(seed: int) -> tuple[float, float]:
    """Ask over HTTP where a site is hidden, and where there is none, in turn.

    The site is filed, told to nobody, and withdrawn again, forty times; a request of
    one world stands beside one of the other made within the second.
    """
    took: tuple[list[float], list[float]] = ([], [])  # there, and not
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as (node, port):
        for command in _line():
            node.node.ask(command).result()
        drawn = _Drawn(seed, node.node.clock.read().at)
        for number in range(1, 1_000):
            node.node.ask(drawn.site(number)).result()
        token, _ = node.tokens.begin(PersonId("army-duty"), Strength.PASSWORD, "bench")
        client = httpx.Client(
            base_url=f"http://127.0.0.1:{port}",
            headers={"authorization": f"Bearer {token}"},
        )
        with client:
            for block in range(_BLOCKS):
                hidden = drawn.hidden(block)
                gone = WithdrawNotice(notice=hidden.notice, by=hidden.by)
                if block % 2:  # each world comes first as often as the other
                    took[1].extend(_asked(client, node, hidden))
                node.node.ask(hidden).result()
                node.own.screener.settle()
                took[0].extend(_asked(client, node, hidden))
                node.node.ask(gone).result()
                node.own.screener.settle()
                if not block % 2:
                    took[1].extend(_asked(client, node, hidden))
    return median(took[0]), median(took[1])


def _asked(client: httpx.Client, node: Service, hidden: FileNotice) -> list[float]:
    start = hidden.revision.window.start + Duration(hours=2)
    window = {"start": start.isoformat(), "end": (start + _HOUR).isoformat()}
    where = msgspec.to_builtins(hidden.revision.where)
    body = msgspec.json.encode({"where": where, "window": window})
    took = []
    for _ in range(_PAIRS // _BLOCKS):
        node.own.screener.questions = Questions()
        began = time.perf_counter()
        said = client.post(
            "/api/v1/screenings",
            content=body,
            headers={"content-type": "application/json"},
        )
        took.append((time.perf_counter() - began) * 1e3)
        said.raise_for_status()
    return took


def _extents(drawn: _Drawn, sites: int, movements: int) -> Iterator[Extent]:
    """Draw the same sites and movements again, for a peer."""
    yield from (drawn.site(number).revision.extent for number in range(sites))
    yield from (drawn.movement(number).revision.extent for number in range(movements))


def _plans(drawn: _Drawn, count: int) -> Iterator[Extent]:
    for _ in range(count):
        place, window = drawn.place(2_000.0), drawn.hours()
        yield Extent(footprint=place.footprint, window=window)


def _restarted(folder: Path) -> Restarted:
    """Open the folder again, until plans are screened."""
    steps = [time.perf_counter()]
    node = open_node(folder, hear=lambda _: None)
    own = Own(node, folder, lambda _: None)
    node.begin()
    own.begin()
    node.runner.start()
    own.run()
    steps.append(time.perf_counter())
    node.load_notices()
    steps.append(time.perf_counter())
    own.load()
    steps.append(time.perf_counter())
    own.stop()
    node.runner.stop()
    own.node.abandon()
    node.abandon()
    took = [round(end - start, 2) for start, end in pairwise(steps)]
    return Restarted(opened_s=took[0], notices_s=took[1], whereabouts_s=took[2])


def _line() -> tuple[Enter, ...]:
    acts: list[Enter] = []
    for party, desk, standing in (
        ("cell", _CELL, Standing.PARTICIPANT),
        ("army", _ARMY, Standing.PARTY),
    ):
        person = Person(
            id=PersonId(f"{party}-duty"),
            desk=desk,
            pseudonym="duty",
            roles=(Role.DUTY_OFFICER,),
            media=(Medium.SCREEN,),
        )
        known = Party(id=PartyId(party), name=party, standing=standing)
        acts += (
            Enter(act=PartySet(party=known)),
            Enter(act=DeskSet(desk=Desk(id=desk, party=known.id, name=desk))),
            Enter(act=PersonSet(person=person)),
        )
    return tuple(acts)


def _actor(desk: DeskId) -> Actor:
    party = "cell" if desk == _CELL else "army"
    return Actor(
        party=PartyId(party),
        desk=desk,
        strength=Strength.PASSWORD,
        person=PersonId(f"{party}-duty"),
    )


def _rss_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
