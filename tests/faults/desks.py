"""Open whole nodes with desks and people on them, on disks that fail."""

from pathlib import Path

from msgspec.structs import replace

from clearline.adapters.data_folder import DataFolder, Equipment
from clearline.compose.node import Node, open_node
from clearline.model.calls import CallId, Card, Kind
from clearline.model.commands import Acknowledge, Command, Enter, RaiseCall
from clearline.model.entries import DeskSet, PartySet, PersonSet
from clearline.model.instants import Instant
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
from clearline.model.places import Place, PlaceFormat, Unlocated
from clearline.service.ports import Clock, Reading
from clearline.service.writer import Asked, Outcome, Written
from faults.nodes import ORIGIN, START, CountedChance

NORTH, SOUTH = PartyId("north"), PartyId("south")

LINE = (
    Enter(act=PartySet(party=Party(id=NORTH, name="North"))),
    Enter(act=PartySet(party=Party(id=SOUTH, name="South"))),
    Enter(act=DeskSet(desk=Desk(id=DeskId("n"), party=NORTH, name="North"))),
    Enter(act=DeskSet(desk=Desk(id=DeskId("s"), party=SOUTH, name="South"))),
    Enter(
        act=PersonSet(
            person=Person(
                id=PersonId("duty"),
                desk=DeskId("s"),
                pseudonym="duty",
                roles=(Role.DUTY_OFFICER,),
                media=(Medium.SCREEN,),
            )
        )
    ),
)
"""Two parties, a desk each, and somebody at the second."""


class Dial:
    """Tell the time a test sets."""

    def __init__(self, now: Instant = START) -> None:
        self.now = now

    def read(self) -> Reading:
        """Read it."""
        return Reading(at=self.now, wall=self.now, error_s=None)


def open_desks(
    folder: Path,
    *,
    clock: Clock,
    heard: list[Written],
    is_threaded: bool = False,
    **equipment: object,
) -> Node:
    """Open a node, in one thread unless said, on test equipment where given.

    A folder that holds a log is opened as the log it holds.
    """
    fitted = {"ballast_bytes": 0, "chance": CountedChance(), **equipment}
    return open_node(
        folder,
        origin=None if DataFolder(path=folder).has_log else ORIGIN,
        hear=heard.append,
        clock=clock,
        equipment=Equipment(**fitted),
        is_threaded=is_threaded,
    )


def ask(node: Node, *commands: Command) -> list[Outcome]:
    """Ask for commands in one batch and list the replies."""
    replies: list[Outcome] = []
    node.writer.write([Asked(command=one, reply=replies.append) for one in commands])
    return replies


def stop(call: str, kind: Kind = Kind.STOP) -> RaiseCall:
    """Let north raise a call at south's desk."""
    return RaiseCall(
        call=CallId(call),
        kind=kind,
        by=Actor(party=NORTH, desk=DeskId("n"), strength=Strength.DEVICE_ONLY),
        to_desk=DeskId("s"),
    )


def stop_at(call, name=None):
    """Raise a STOP about a place of its own, or of this name."""
    name = name or call
    told = Place(footprint=Unlocated(name=name), text=name, format=PlaceFormat.NAME)
    return replace(stop(call), card=Card(where=told))


def acknowledge(call: str) -> Acknowledge:
    """Let south's duty officer have it."""
    return Acknowledge(
        call=CallId(call),
        by=Actor(
            party=SOUTH,
            desk=DeskId("s"),
            strength=Strength.PASSWORD,
            person=PersonId("duty"),
        ),
    )
