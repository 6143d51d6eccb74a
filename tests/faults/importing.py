"""Open a node that takes files in, and give it one of a few hundred rows."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from clearline.adapters.chance import SystemChance
from clearline.adapters.local import LOCAL_FILE, LocalStore
from clearline.compose.node import Node, open_node
from clearline.model.instants import Window
from clearline.model.notices import ActivityDetails, NoticeKind, Revision
from clearline.model.parties import Actor, DeskId, PersonId, Strength
from clearline.model.places import Place, PlaceFormat, Point, Position
from clearline.service.imports import Import, Imports, Wanted
from faults.desks import LINE, SOUTH
from faults.nodes import ORIGIN

AT_ALL = 200
START = datetime(2036, 1, 1, tzinfo=UTC)
BY = Actor(
    party=SOUTH,
    desk=DeskId("s"),
    strength=Strength.PASSWORD,
    person=PersonId("duty"),
)


def opened(folder: Path) -> tuple[Node, Imports]:
    """Open the node of a folder, and what takes files in there."""
    node = open_node(folder, origin=ORIGIN, hear=lambda _: None)
    node.begin()
    node.load_notices()
    node.runner.start()
    if node.log.size < len(LINE):
        for command in LINE:
            node.runner.ask(command).result()
    imports = Imports(
        ask=node.runner.ask,
        looking=node.looking,
        would=node.would,
        every=node.notices_since,
        shelf=LocalStore(folder / LOCAL_FILE),
        clock=node.clock,
        chance=SystemChance(),
    )
    return node, imports


def begin(imports: Imports) -> Import:
    """Begin to take the file in, all of it or nothing."""
    rows = [wanted(number) for number in range(AT_ALL)]
    return imports.begin(lambda _: (rows, ()), by=BY, name="plans.csv", is_whole=True)


def wanted(number: int, desk: str = "") -> Wanted:
    """Make a row: something planned for an hour, each a little farther east."""
    at = Position(lon=40.0 + number / 1_000, lat=35.0)
    return Wanted(
        row=number + 2,
        ref=f"P-{number}",
        kind=NoticeKind.ACTIVITY,
        revision=Revision(
            number=1,
            what=f"plan {number}",
            where=Place(
                footprint=Point(position=at, precision_m=1.0),
                text=f"35.000000 N {at.lon:.6f} E",
                format=PlaceFormat.DECIMAL,
            ),
            window=Window(start=START, end=START + timedelta(hours=1)),
            details=ActivityDetails(ref=f"P-{number}"),
            tells=(DeskId(desk),) if desk else (),
        ),
    )
