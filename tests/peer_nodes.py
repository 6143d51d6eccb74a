"""Run whole nodes that are linked: real log, real disk, real TLS.

`PeerNode` is a node as it is put together to be called, without its screens: rings
by the link go to its courier, and nobody else is rung.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from clearline.adapters.attachments import Attachments
from clearline.adapters.data_folder import DataFolder
from clearline.adapters.peers.identity import identity
from clearline.adapters.settings import PeerPort, Settings
from clearline.compose.node import open_node
from clearline.compose.service import open_links
from clearline.ledger.text64 import encode64
from clearline.model.calls import AttemptId, CallId, Card, Kind, Outcome
from clearline.model.commands import (
    Acknowledge,
    Command,
    Enter,
    RaiseCall,
    ReportAttempt,
    SayBack,
    SetPeer,
    TakeWatch,
)
from clearline.model.entries import DeskSet, Entry, PartySet, PersonSet, Rang
from clearline.model.instants import Duration, Window
from clearline.model.links import Peer, PeerId
from clearline.model.notice_commands import Dispose, FileNotice
from clearline.model.notice_life import Attached, Disposition
from clearline.model.notices import Consent, Notice, NoticeId, Precision, Revision
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
from clearline.model.places import Circle, Place, PlaceFormat, Position
from clearline.rules.answering import elements_of
from clearline.service.calling import CameIn, Ring, Said, Words
from clearline.service.restore import restore_notices
from clearline.service.writer import Written
from clearline.wire.forms.notices import LONGEST_FILE

PATIENCE_S = 30.0
"""How long a test waits for what must come, at most."""


class PeerNode:
    """Run one party's node: a desk `X-ops`, and `X-duty` on watch there."""

    def __init__(self, data: Path, party: str, port: PeerPort | None = None) -> None:
        """Open the node of a folder and start all of it."""
        self.data, self.party = data, PartyId(party)
        self.heard: list[Entry] = []
        self._rang: dict[CallId, Written] = {}
        self._moved = threading.Condition()
        port = port or PeerPort(host="127.0.0.1", port=0)
        origin = f"{party}.example/clearline/exercise"
        if DataFolder(path=data).has_log:
            origin = None  # it may go on under another name after a restore
        self.node = open_node(data, origin=origin, hear=self._hear)
        self.node.writer.patience = Duration(seconds=20)  # a busy disk is no fault here
        self.station = open_links(self.node, data, Settings(peer=port))
        self.node.begin()
        if not self.node.picture.has_notices:
            restore_notices(self.node.log, self.node.store, self.node.picture)
        self.node.runner.start()
        self.station.courier.start(self)
        self.station.start()

    @property
    def id(self) -> PeerId:
        """Name the node as a peer."""
        return PeerId(self.node.log.origin)

    @property
    def port(self) -> int:
        """Return the port peers call."""
        assert self.station.listener is not None
        return self.station.listener.port

    # --- setting up ---------------------------------------------------------------

    def enter(self) -> None:
        """Enter the party, its desk and who keeps it, and let them take the watch."""
        duty = PersonId(f"{self.party}-duty")
        desk = DeskId(f"{self.party}-ops")
        for act in (
            PartySet(party=Party(id=self.party, name=self.party.title())),
            DeskSet(desk=Desk(id=desk, party=self.party, name=desk)),
            PersonSet(
                person=Person(
                    id=duty,
                    desk=desk,
                    pseudonym=f"{self.party} 1",
                    roles=(Role.DUTY_OFFICER,),
                )
            ),
        ):
            self.do(Enter(act=act))
        until = self.node.clock.read().at + Duration(days=1)
        self.do(TakeWatch(by=self.actor(), role=Role.DUTY_OFFICER, until=until))

    def as_peer(self, ours: str, url: str = "") -> Peer:
        """Show what another node pins of this one."""
        mine = identity(self.data / "keys")
        return Peer(
            id=self.id,
            party=self.party,
            ours=PartyId(ours),
            name=self.party.title(),
            key=str(self.node.log.key),
            certificate=mine.text,
            url=url or f"https://127.0.0.1:{self.port}",
            veil=encode64(bytes(32)),
        )

    def pins(self, peer: Peer) -> None:
        """Pin another node."""
        self.do(SetPeer(peer=peer))

    # --- saying -------------------------------------------------------------------

    def actor(self) -> Actor:
        """Let the duty officer act."""
        return Actor(
            party=self.party,
            desk=DeskId(f"{self.party}-ops"),
            strength=Strength.PASSWORD,
            person=PersonId(f"{self.party}-duty"),
        )

    def do(self, command: Command) -> Written:
        """Ask for a command and wait for what follows."""
        return self.node.runner.ask(command).result(PATIENCE_S)

    def stops(self, other: str, call: str, **more: object) -> Written:
        """Raise a STOP at the desk of another party."""
        return self.do(self.stop_of(other, call, **more))

    def stop_of(self, other: str, call: str, **more: object) -> RaiseCall:
        """Make the command that raises a STOP at the desk of another party."""
        return RaiseCall(
            call=CallId(call),
            kind=Kind.STOP,
            by=self.actor(),
            to_desk=DeskId(f"{other}-ops@{other}"),
            card=Card(what="the shelling"),
            **more,  # type: ignore[arg-type]
        )

    @property
    def kept(self) -> Attachments:
        """Return where its files lie."""
        return Attachments(self.data, LONGEST_FILE, self.node.clock)

    def files(
        self,
        other: str,
        notice: str,
        *attached: Attached,
        precision: Precision = Precision.EXACT,
    ) -> Written:
        """Tell the desk of another party where something is planned, exactly."""
        desk = DeskId(f"{other}-ops@{other}")
        consent = Consent(
            desk=desk, precision=precision, by="its owner", source="a form"
        )
        now = self.node.clock.read().at
        told = Revision(
            number=1,
            what="a clearance",
            where=Place(
                footprint=Circle(centre=Position(lon=40.0, lat=35.0), radius_m=100.0),
                text="35 N 40 E",
                format=PlaceFormat.GEOMETRY,
            ),
            window=Window(start=now, end=now + Duration(hours=20)),
            tells=(desk,),
            consents=(consent,),
            attached=attached,
        )
        return self.do(
            FileNotice(notice=NoticeId(notice), by=self.actor(), revision=told)
        )

    def disposes(self, notice: str, disposition: Disposition) -> Written:
        """Let the duty officer read or answer a notice."""
        return self.do(
            Dispose(notice=NoticeId(notice), by=self.actor(), disposition=disposition)
        )

    def notice(self, notice: str) -> Notice | None:
        """Look at a notice as it stands."""
        return self.node.picture.notices.get(NoticeId(notice))

    def dispositions(self, notice: str) -> list[Disposition]:
        """List what came of a notice."""
        known = self.notice(notice)
        return [one.disposition for one in known.dispositions] if known else []

    def has(self, call: str) -> None:
        """Let the duty officer have a call."""
        self.do(Acknowledge(call=CallId(call), by=self.actor()))

    def reads_back(self, call: str) -> None:
        """Let the duty officer read a call back rightly."""
        known = self.node.picture.calls.get(CallId(call))
        assert known is not None
        said = elements_of(known)
        self.do(SayBack(call=CallId(call), by=self.actor(), said=said))

    # --- hearing ------------------------------------------------------------------

    def until(self, what: Callable[[], object], seconds: float = PATIENCE_S) -> bool:
        """Wait until something holds; whether it came to."""
        with self._moved:
            return bool(self._moved.wait_for(what, seconds))

    def acts(self, kind: type) -> list[object]:
        """List the acts of a kind that were heard since the start."""
        return [one.act for one in tuple(self.heard) if isinstance(one.act, kind)]

    def is_rung(self, call: str) -> bool:
        """Say whether anybody here was rung for a call."""
        return any(
            act.call == call and act.attempts  # type: ignore[attr-defined]
            for act in self.acts(Rang)
        )

    def call(self, call: str):
        """Look at a call as it stands."""
        return self.node.picture.calls.get(CallId(call))

    def unreceipted(self) -> int:
        """Count what was said and has no receipt."""
        told = list(self.node.picture.told.values())
        return sum(not one.is_receipted for one in told)

    def is_settled(self) -> bool:
        """Say whether everything said is receipted, and that is durable."""
        is_durable = self.node.log.size == self.node.picture.size
        return is_durable and not self.unreceipted()

    def told(self) -> int:
        """Count what was said to peers."""
        return len(list(self.node.picture.told.values()))

    def _hear(self, written: Written) -> None:
        self.station.hear(written)
        for entry in written.entries:
            act = entry.act
            for made in act.attempts if isinstance(act, Rang) else ():
                if made.medium is Medium.LINK:
                    self.station.courier.ring(_ring(act, made, written.is_durable))
        with self._moved:
            self.heard += written.entries
            self._moved.notify_all()

    # --- what a courier reports -----------------------------------------------------

    def report(self, ring: Ring, outcome: Outcome, detail: str = "") -> None:
        """Keep what became of a ring, as a switchboard does."""
        self._ask(
            ReportAttempt(
                call=ring.call, attempt=ring.attempt, outcome=outcome, detail=detail
            )
        )

    def came_in(self, came: CameIn) -> Said:
        """Take no calls."""
        raise AssertionError(came)

    def _ask(self, command: Command) -> "Future[Written]":
        return self.node.runner.ask(command)

    # --- stopping -------------------------------------------------------------------

    def stop(self) -> None:
        """Stop in order."""
        self.station.stop()
        self.node.runner.stop()
        self.node.close()


def _ring(act: Rang, made: object, is_durable: bool) -> Ring:  # noqa: FBT001
    return Ring(
        attempt=AttemptId(made.id),  # type: ignore[attr-defined]
        call=act.call,
        number=0,
        kind=Kind.STOP,
        precedence="FLASH",  # type: ignore[arg-type]
        person=made.person,  # type: ignore[attr-defined]
        desk=made.desk,  # type: ignore[attr-defined]
        medium=Medium.LINK,
        address=made.desk,  # type: ignore[attr-defined]
        code="",
        words=Words(language="en", subject="", short="", text="", spoken=""),
        is_durable=is_durable,
    )


def linked(folder: Path) -> tuple[PeerNode, PeerNode]:
    """Run two linked nodes on loopback, each told the other's desk."""
    north = PeerNode(folder / "north", "north")
    south = PeerNode(folder / "south", "south")
    for one in (north, south):
        one.enter()
    north.pins(south.as_peer("north"))
    south.pins(north.as_peer("south"))
    for one, other in ((north, south), (south, north)):
        desk = DeskId(f"{other.party}-ops@{other.party}")
        assert one.until(lambda one=one, desk=desk: one.node.picture.desks.get(desk))
    for one in (north, south):
        assert one.until(one.is_settled)
    return north, south
