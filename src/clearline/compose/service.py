"""Put everything around a node together that people call.

writer --> listeners --> dispatch --> couriers --> people, peers
             |                          |
             '--> feed of screens       '--> switchboard --> writer
"""

import base64
import contextlib
import os
import threading
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from clearline.adapters.addresses import LocalAddresses
from clearline.adapters.answers import Answers
from clearline.adapters.attachments import Attachments
from clearline.adapters.basemap.installed import InstalledBasemap
from clearline.adapters.basemap.layers import Layers
from clearline.adapters.challenges import Challenges
from clearline.adapters.chance import SystemChance
from clearline.adapters.codes import LocalCodes
from clearline.adapters.couriers.email import EmailCourier
from clearline.adapters.couriers.push import PushCourier, push_seed
from clearline.adapters.couriers.sealing_push import (
    make_key,
    public_key,
    read_subscription,
)
from clearline.adapters.couriers.sms import SmsCourier
from clearline.adapters.couriers.voice import VoiceCourier
from clearline.adapters.couriers.webhook import WebhookCourier, WebhookSecrets
from clearline.adapters.desk_numbers import DeskNumbers
from clearline.adapters.drafts import KeptDrafts
from clearline.adapters.gazetteer import InstalledGazetteer
from clearline.adapters.local import LOCAL_FILE, LocalStore
from clearline.adapters.operator import Operator
from clearline.adapters.peers.kept_heads import KeptHeads
from clearline.adapters.peers.orders import Orders
from clearline.adapters.peers.station import Station
from clearline.adapters.phones import LocalCallers, LocalPins, LocalTries
from clearline.adapters.proving import prove_entry
from clearline.adapters.secrets import Secrets
from clearline.adapters.settings import Settings, read_settings
from clearline.adapters.sqlite import LEDGER_FILE
from clearline.adapters.sqlite_copy import SqliteCopy
from clearline.adapters.tokens import Tokens
from clearline.adapters.zones import SystemZones
from clearline.compose.node import Hear, Node, open_node
from clearline.compose.own import Own
from clearline.geo.origins import Known
from clearline.ledger.envelope import open_envelope
from clearline.model.calls import CallId
from clearline.model.commands import ReadZones
from clearline.model.entries import Entry
from clearline.model.instants import Duration
from clearline.model.parties import DeskId, Medium
from clearline.model.places import NamedOrigin
from clearline.model.watchplans import UnknownZone
from clearline.service.calling import (
    Address,
    Courier,
    CourierStanding,
    CourierState,
    Message,
)
from clearline.service.dispatch import Dispatch
from clearline.service.erasing import Erasing
from clearline.service.forwarding import Forwarding
from clearline.service.imports import Imports
from clearline.service.line_keeper import LineKeeper
from clearline.service.links import Links
from clearline.service.own import FOLDER as OWN_FOLDER
from clearline.service.ports import Chance, Clock, Zones
from clearline.service.sheets import Sheets
from clearline.service.switchboard import Switchboard as PhoneSwitchboard
from clearline.service.writer import Written
from clearline.wire.entries import read_entry
from clearline.wire.forms.notices import LONGEST_FILE


class Listeners:
    """Let everybody who has to hear what was decided; one's fault stops no other."""

    def __init__(self) -> None:
        """Start with nobody."""
        self._all: list[Hear] = []
        self.trouble: Exception | None = None

    def add(self, hear: Hear) -> None:
        """Let one more listener hear."""
        self._all.append(hear)

    def __call__(self, written: Written) -> None:
        """Let everybody hear; called in the writer's thread."""
        for hear in self._all:
            try:
                hear(written)
            except Exception as error:  # noqa: BLE001 (a listener stops no other)
                self.trouble = error


class Service:
    """Hold a node with all that people reach it by."""

    def __init__(
        self,
        node: Node,
        folder: Path,
        settings: Settings,
        listeners: Listeners,
        couriers: dict[Medium, Courier] | None = None,
    ) -> None:
        """Open what is not log; nothing runs before `begin`.

        Raises:
            StoreRefused: The disk refused.
            NotLocal, NewerLedger: What lies there is not ours, or newer.
        """
        self.node = node
        self.folder = folder
        self.settings = settings
        self.local = LocalStore(folder / LOCAL_FILE)
        chance = SystemChance()
        self.secrets = Secrets(self.local, node.clock)
        self.tokens = Tokens(self.local, chance, node.clock)
        self.addresses = LocalAddresses(self.local)
        self.desk_numbers = DeskNumbers(self.local)
        self.codes = LocalCodes(self.local, chance, node.clock)
        self.answers = Answers(self.local, node.clock)
        self.challenges = Challenges(node.clock)
        self.listeners = listeners
        self.port = settings.web.port
        self.own_listeners = Listeners()
        self.webhook_secrets = WebhookSecrets(self.local, chance)
        self.push_key = public_key(make_key(push_seed(self.local, chance)))
        self.station = open_links(node, folder, settings)
        self.couriers = dict(
            couriers
            or couriers_for(
                settings,
                local=self.local,
                book=self.addresses,
                secrets=self.webhook_secrets,
                clock=node.clock,
                chance=chance,
            )
        )
        self.couriers.setdefault(Medium.LINK, self.station.courier)
        self.callers = LocalCallers(self.local)
        self.own = Own(node, folder, self._hear_own)
        self.own.screener.silent = self.station.courier.silent
        self.switchboard = PhoneSwitchboard(
            ask=self.own.log.ask_either,
            looking=self.own.log.looking_at_both,
            addresses=self.addresses,
            codes=self.codes,
            pins=LocalPins(self.local),
            tries=LocalTries(self.local, node.clock),
            callers=self.callers,
            clock=node.clock,
            chance=chance,
            tell=self._tell,
            duty_desk=DeskId(settings.phones.duty_desk)
            if settings.phones.duty_desk
            else None,
            known=self.known,
        )
        self.sheets = Sheets(node.runner.ask, node.looking, chance, self.known)
        self.imports = Imports(
            ask=self.own.log.ask_either,
            looking=self.own.log.looking_at_both,
            would=self.own.would,
            every=node.notices_since,
            shelf=self.local,
            clock=node.clock,
            chance=chance,
        )
        every_s = settings.lines.every_hours * 3600
        self.line_keeper = LineKeeper(
            ask=node.runner.ask,
            looking=node.looking,
            on=self._on,
            clock=node.clock,
            every=Duration(seconds=every_s) if every_s else None,
        )
        self.dispatch = Dispatch(
            couriers=self.couriers,
            book=self.addresses,
            codes=self.codes,
            switchboard=self.switchboard,
        )
        listeners.add(self.station.hear)
        listeners.add(self.dispatch.hear)
        listeners.add(self.switchboard.hear)
        listeners.add(self.own.screener.hear)
        self.operator = Operator(folder, chance)
        self.gazetteer = InstalledGazetteer()
        self.zones: Zones = SystemZones()
        self.basemap = InstalledBasemap()
        self.layers = Layers(folder)
        self.attachments = Attachments(folder, LONGEST_FILE, node.clock)
        self.forwarding = Forwarding(
            ask=node.runner.ask,
            looking=node.looking,
            courier=self.couriers.get(Medium.EMAIL),
            book=self.addresses,
            files=self.attachments,
            shelf=self.local,
            clock=node.clock,
        )
        listeners.add(self.forwarding.hear)
        self.drafts = KeptDrafts(self.local)
        self.erasing = Erasing(
            looking=(node.looking, self.own.node.looking),
            files=self.attachments,
            drafted=self.drafts.files,
            clock=node.clock,
        )
        listeners.add(self.erasing.hear)
        self.own_listeners.add(self.erasing.hear)
        self.chance = chance
        self.setup_code: str | None = None
        self._loading = threading.Thread(target=self._load, name="notices")

    @property
    def version(self) -> str:
        """Return which release this is."""
        try:
            return metadata.version("clearline")
        except metadata.PackageNotFoundError:
            return "0.1.0 (from a checkout)"

    @property
    def rp_id(self) -> str:
        """Return the name passkeys are made for: the first the node is reached by."""
        return self.settings.web.names[0]

    @property
    def origins(self) -> tuple[str, ...]:
        """Return the web origins passkeys may sign for, as a browser writes them.

        The port is the one that is listened on; a scheme's usual one is not written
        (RFC 6454 section 6.2).
        """
        web = self.settings.web
        scheme, usual = ("https", 443) if web.tls else ("http", 80)
        port = "" if self.port == usual else f":{self.port}"
        return tuple(f"{scheme}://{name}{port}" for name in web.names)

    def known(self, own: Sequence[NamedOrigin]) -> Sequence[NamedOrigin]:
        """Return the origins of the log, and once it is made the gazetteer beside them.

        Nobody waits here for its making.
        """
        return Known(own, self.gazetteer) if self.gazetteer.is_made else own

    def begin(self) -> None:
        """Ring what is due; commands are taken once the runner runs.

        Raises:
            StoreRefused: The disk refuses. What is due has rung all the same.
        """
        with self.own.log.looking_at_both() as view:
            self.dispatch.start(view)
        self.node.begin()
        self.own.begin()
        with self.node.looking() as view:
            is_new = next(iter(view.persons.values()), None) is None
        if is_new:
            self.setup_code = base64.b32encode(self.chance.draw(10)).decode()

    def run(self) -> None:
        """Take commands, and load notices beside that: until then nobody can tell."""
        self.node.runner.start()
        self.own.run()
        self.station.start()
        self._loading.start()
        self.imports.resume()
        self.line_keeper.start()
        self._read_zones()

    def _read_zones(self) -> None:
        """Read anew what clocks say in the zones that watches are planned in."""
        now = self.node.clock.read().at
        with self.node.looking() as view:
            names = [clocks.zone for clocks in view.zones.values()]
        read = []
        for name in names:
            with contextlib.suppress(UnknownZone):  # what was read before still holds
                read.append(self.zones.read(name, now))
        if read:
            self.node.runner.ask(ReadZones(zones=tuple(read)))

    def _load(self) -> None:
        self.node.load_notices()
        self.forwarding.start()
        self.own.load()
        self.erasing.start()

    def _hear_own(self, written: Written) -> None:
        """Ring what is decided in the own log, and tell its own party's screens."""
        self.dispatch.hear(written)
        self.own_listeners(written)

    def _on(self) -> frozenset[Medium]:
        """Say by which media this node can ring anybody."""
        on = {
            state.medium
            for state in self.courier_states()
            if state.standing is not CourierStanding.NOT_SET_UP
        }
        return frozenset({Medium.SCREEN, *on})  # no courier: the feed carries it

    def courier_states(self) -> tuple[CourierState, ...]:
        """Say how each medium stands; one that cannot be set up says why."""
        return tuple(courier.state() for courier in self.couriers.values())

    def keep_address(self, address: Address) -> str:
        """Keep where a person is reached.

        Returns:
            The secret a webhook's posts are signed with, made anew; empty for other
            media, and for a webhook that somebody else is reached by too.

        Raises:
            NotASubscription: It is no push subscription.
            StoreRefused: The disk refused; nothing was kept.
        """
        secret = ""
        if address.medium is Medium.PUSH:
            read_subscription(address.address)
        elif address.medium is Medium.WEBHOOK:
            there = self.addresses.whose(address.medium, address.address)
            if all(one.person == address.person for one in there):
                secret = self.webhook_secrets.make(address.address)
        self.addresses.keep(address)
        return secret

    def _tell(self, message: Message) -> None:
        courier = self.couriers.get(message.medium)
        if courier is not None:
            courier.tell(message)

    def node_of(self, call: CallId) -> Node:
        """Return the node whose log a call is in: this one, or its own log's."""
        return self.own.node if self.own.has_call(call) else self.node

    def entries(
        self, indexes: Sequence[int], node: Node | None = None
    ) -> list[tuple[int, Entry]]:
        """Read entries from the log's file; from any thread, beside the writer.

        Args:
            indexes: Which.
            node: The own log's, where they are in that one.

        Raises:
            StoreRefused, LedgerDamaged: The file cannot be read.
        """
        is_own = node is self.own.node
        folder = self.folder / OWN_FOLDER if is_own else self.folder
        copy = SqliteCopy(folder / LEDGER_FILE)
        try:
            rows = [(at, row) for at in indexes for row in copy.rows(at, at + 1)]
        finally:
            copy.close()
        keys = ((node or self.node).log.key,)
        return [
            (at, read_entry(open_envelope(row.envelope, keys)))
            for at, row in rows
            if row.envelope
        ]

    def receipt(self, index: int) -> bytes:
        """Write a receipt of an entry; from any thread, beside the writer.

        Raises:
            NoSuchRange: The log has no such entry.
            StoreRefused, LostCertainty: The file cannot be read or is not the log's.
        """
        return prove_entry(self.folder, index)

    def stop(self) -> None:
        """Finish what was asked, keep snapshots, and let go of the folder."""
        if self._loading.ident is not None:
            self._loading.join()
        self.line_keeper.stop()
        self.forwarding.stop()
        self.erasing.stop()
        self.own.stop()
        self.imports.close()
        self.station.stop()
        self.node.runner.stop()
        self.dispatch.stop()
        try:
            self.own.node.close()
            self.node.close()
        finally:
            self.gazetteer.close()
            self.switchboard.stop()
            self.callers.close()
            self.codes.close()
            self.local.close()


def open_links(node: Node, folder: Path, settings: Settings) -> Station:
    """Put a node's links to other parties' nodes together.

    The node's `hear` has to reach `Station.hear` from the first entry on; the courier
    is started and stopped by whoever dispatches, or by hand where nobody does.

    Args:
        node: Opened, and not yet begun.
        folder: Its data folder.
        settings: Where peers reach it.

    Raises:
        PeerPortTaken: Something else listens on the port for peers.
        StoreRefused: The disk refused the node's certificate.
    """
    links = Links(
        log=node.log,
        store=node.store,
        picture=node.picture,
        gate=node.writer.gate,
        realm=node.writer.realm,
        ask=node.runner.ask,
        shelf=KeptHeads(folder),
    )
    orders = Orders(folder, node.runner.ask)
    return Station(
        links=links,
        looking=node.looking,
        clock=node.clock,
        orders=orders,
        data=folder,
        kept=Attachments(folder, LONGEST_FILE, node.clock),
        port=settings.peer,
    )


def couriers_for(  # noqa: PLR0913 (what they are made of, by name)
    settings: Settings,
    *,
    local: LocalStore,
    book: LocalAddresses,
    secrets: WebhookSecrets,
    clock: Clock,
    chance: Chance,
) -> dict[Medium, Courier]:
    """Make the courier of each medium; what is not set up says so of itself.

    Raises:
        StoreRefused: The disk refused.
        BadSettings: A file that settings name cannot be read.
    """

    def drop(medium: Medium, address: str) -> None:
        for one in book.whose(medium, address):
            book.drop(one)

    made: tuple[Courier, ...] = (
        EmailCourier(settings.email, clock=clock, chance=chance),
        WebhookCourier(
            settings.webhook,
            secrets=secrets,
            drop=drop,
            clock=clock,
            chance=chance,
        ),
        PushCourier(
            settings.push,
            seed=push_seed(local, chance),
            drop=drop,
            clock=clock,
            chance=chance,
        ),
        SmsCourier(settings.sms, clock=clock, chance=chance),
        VoiceCourier(settings.voice, addresses=book, clock=clock, chance=chance),
    )
    return {courier.medium: courier for courier in made}


def open_service(  # noqa: PLR0913 (every choice a caller may make, by name)
    path: Path,
    *,
    origin: str | None = None,
    environment: Mapping[str, str] | None = None,
    web: Mapping[str, Any] | None = None,
    hear: Hear | None = None,
    couriers: dict[Medium, Courier] | None = None,
) -> Service:
    """Open a data folder to serve people from it.

    Args:
        path: The data folder; made on first start.
        origin: The log's name, needed on first start.
        environment: Where settings may stand beside the file; the process's own.
        web: Settings of the section `web` that win over both.
        hear: Is given everything that was decided, beside those who ring people.
        couriers: In place of those that are set up; for benches.

    Raises:
        BadSettings: The settings cannot be meant.
        AlreadyRunning, OtherOrigin, LostCertainty, StoreRefused: As `open_node`.
    """
    named = os.environ if environment is None else environment
    settings = read_settings(path, named, web)
    listeners = Listeners()
    if hear is not None:
        listeners.add(hear)
    node = open_node(path, origin=origin, hear=listeners)
    try:
        return Service(node, path, settings, listeners, couriers)
    except BaseException:
        node.abandon()
        raise
