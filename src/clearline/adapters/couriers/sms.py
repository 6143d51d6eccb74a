"""Carry rings and messages as short messages, over an SMPP 3.4 gateway.

    ring --parts--> submit_sm --ok--> SENT --receipt--> DELIVERED, or FAILED
                        |
                        +-- throttled, queue full, no answer --> again, by its clock
                        '-- wrong number, refused --> FAILED, with the gateway's words

A receipt is a provider's word and no more: it is kept as *delivered*, and nobody has
the call for it. One for nothing we sent, or a second of the same kind, is left out.
What comes in goes to the switchboard, and its answer goes back to where it came from.
The protocol gives it no id, so a message that is delivered twice is taken twice: the
same STOP said again rings once more and is counted as a repeat.
"""

import contextlib
import re
import threading
from collections import OrderedDict
from typing import Any, Final

import msgspec
from msgspec.structs import replace
from smpplib import consts

from clearline.adapters.couriers.backlog import Item
from clearline.adapters.couriers.queue import Carried, Later, Queue, Refused
from clearline.adapters.couriers.smpp import Broken, Session, status_words
from clearline.adapters.couriers.sms_text import (
    HAS_HEADER,
    Gathering,
    Piece,
    part,
    read_text,
    unpart,
)
from clearline.adapters.settings import Alphabet, Sms
from clearline.model.calls import AttemptId, Kind, Outcome
from clearline.model.parties import DeskId, Medium, PersonId
from clearline.service.calling import (
    SHORT_CHARACTERS,
    CameIn,
    CourierStanding,
    CourierState,
    Message,
    Ring,
    Said,
    Switchboard,
    Words,
)
from clearline.service.ports import Chance, Clock

TEST_WITHIN_S: Final = 10.0
"""How long a test of the line waits for the gateway."""

BOUND_WITHIN_S: Final = 5.0
"""How long a ring in hand waits for a gateway that is away; then it rests. Waiting
keeps its place: what is most urgent goes out first when the gateway is back."""

_HANDS: Final = 8
_REMEMBERED: Final = 20_000
_INTERNATIONAL, _NATIONAL, _NAME, _ISDN = 1, 2, 5, 1
_RECEIPT: Final = 0x04
_TYPE_BITS: Final = 0x3C
_WAIT: Final = frozenset(
    {consts.SMPP_ESME_RTHROTTLED, consts.SMPP_ESME_RMSGQFUL, consts.SMPP_ESME_RSYSERR}
)
_DELIVERED: Final = frozenset({"DELIVRD", "ACCEPTD", "2", "6"})
_FAILED: Final = frozenset(
    {"EXPIRED", "DELETED", "UNDELIV", "REJECTD", "3", "4", "5", "8"}
)
_PHONE: Final = re.compile(r"\+?[0-9]{5,20}")
_FIELD: Final = re.compile(r"\b(id|stat|err):(\S*)", re.IGNORECASE)


class _Sent(msgspec.Struct, kw_only=True):
    """Hold a ring that is on its way in so many parts."""

    ring: Ring
    waiting: set[str]
    reported: set[Outcome]


class SmsCourier:
    """Carry short messages; the contract is `service.calling.Courier`."""

    medium: Medium = Medium.SMS

    def __init__(self, settings: Sms, *, clock: Clock, chance: Chance) -> None:
        """Use these settings; nothing connects before `start`.

        Args:
            settings: Where the gateway is; without a host nothing is carried.
            clock: What tells node time.
            chance: Where jitter and references come from.
        """
        self._settings = settings
        self._clock = clock
        self._chance = chance
        self.queue = Queue(
            Medium.SMS, self._carry, clock=clock, chance=chance, hands=_HANDS
        )
        self.session = Session(settings, self._take, self.queue.note)
        self._switchboard: Switchboard | None = None
        self._lock = threading.Lock()
        self._sent: OrderedDict[str, _Sent] = OrderedDict()
        self._gathering = Gathering()
        self._late = threading.Thread(target=self._give_out, daemon=True)
        self._stopping = threading.Event()

    # --- the contract -------------------------------------------------------------

    def start(self, switchboard: Switchboard) -> None:
        """Begin to carry; what comes in goes to the switchboard."""
        self._switchboard = switchboard
        self.queue.start(switchboard)
        if self._settings.host:
            self.session.start()
            self._late.start()

    def ring(self, ring: Ring) -> None:
        """Take a ring; returns at once."""
        self.queue.put(ring)

    def tell(self, message: Message) -> None:
        """Take a message; returns at once."""
        self.queue.put(message)

    def let_go(self, attempt: AttemptId) -> None:
        """Stop ringing: what was sent cannot be taken back, what waits is dropped."""
        self.queue.let_go(attempt)

    def test(self) -> CourierState:
        """Ask the gateway whether it is there; at most ten seconds."""
        if self._settings.host and self.session.wait_until_bound(TEST_WITHIN_S / 2):
            try:
                link = self.session.make("enquire_link")
                self.session.ask(link, within_s=TEST_WITHIN_S / 2)
            except Broken as error:
                self.queue.note(str(error))
            else:
                self.queue.note("")
        return self.state()

    def state(self) -> CourierState:
        """Say how it stands, without asking anybody."""
        state = self.queue.state()
        if not self._settings.host:
            return replace(
                state,
                standing=CourierStanding.NOT_SET_UP,
                trouble="no gateway is named in the section [sms] of the settings",
            )
        if state.standing is CourierStanding.READY and not self.session.is_bound:
            return replace(
                state,
                standing=CourierStanding.TROUBLED,
                trouble=state.trouble or "not connected to the gateway yet",
            )
        return state

    def stop(self) -> None:
        """Stop carrying."""
        self._stopping.set()
        self.session.stop()
        self.queue.stop()

    # --- out ------------------------------------------------------------------------

    def _carry(self, item: Item) -> Carried:
        """Send one text in all its parts.

        Raises:
            Later: The gateway is not there, or asks to wait.
            Refused: It will never take this.
        """
        if not self._settings.host:
            raise Refused("no gateway for short messages is set up on this node")
        if _PHONE.fullmatch(item.address) is None:
            raise Refused(f"{item.address[:40]!r} is no telephone number")
        if not self.session.wait_until_bound(BOUND_WITHIN_S):
            raise Later(self.queue.state().trouble or "the gateway is not there")
        text = item.words.short if isinstance(item, Ring) else item.words.text
        parts = part(
            text.strip(),
            self._chance.draw(1)[0],
            is_plain=self._settings.alphabet is Alphabet.GSM,
        )
        sent = (
            _Sent(ring=item, waiting=set(), reported=set())
            if isinstance(item, Ring)
            else None
        )
        is_urgent = isinstance(item, Ring) and item.kind in (Kind.STOP, Kind.HOLD)
        for body in parts.parts:
            request = self.session.make(
                "submit_sm",
                service_type="",
                source_addr_ton=self._settings.source_ton,
                source_addr_npi=_ISDN if self._settings.source_ton != _NAME else 0,
                source_addr=self._settings.source.removeprefix("+"),
                dest_addr_ton=_INTERNATIONAL,
                dest_addr_npi=_ISDN,
                destination_addr=item.address.removeprefix("+"),
                esm_class=HAS_HEADER if parts.has_header else 0,
                protocol_id=0,
                priority_flag=int(is_urgent),
                registered_delivery=int(self._settings.receipts),
                data_coding=parts.data_coding,
                short_message=body,
            )
            self._submit(request, sent)
        return Carried(detail=f"{len(parts.parts)} short messages")

    def _submit(self, request: Any, sent: _Sent | None) -> None:
        def heard(answer: Any) -> None:
            """Know the part by its id before its receipt can come."""
            if sent is not None and not answer.is_error():
                self._remember(_id(answer.message_id), sent)

        try:
            answer = self.session.ask(request, heard=heard)
        except Broken as error:
            raise Later(str(error)) from error
        if not answer.is_error():
            return
        words = f"the gateway said: {status_words(answer.status)}"
        if answer.status in _WAIT:
            raise Later(words)
        raise Refused(words)

    def _remember(self, id_: str, sent: _Sent) -> None:
        if not id_ or not self._settings.receipts:
            return
        with self._lock:
            sent.waiting.add(id_)
            self._sent[id_] = sent
            while len(self._sent) > _REMEMBERED:
                self._sent.popitem(last=False)

    # --- in -------------------------------------------------------------------------

    def _take(self, pdu: Any) -> None:
        """Take a receipt, a text, or a part of one."""
        esm_class = pdu.esm_class or 0
        body = getattr(pdu, "short_message", None) or b""
        body = body or getattr(pdu, "message_payload", None) or b""
        if esm_class & _TYPE_BITS == _RECEIPT:
            self._take_receipt(pdu, body)
            return
        piece, body = unpart(body, has_header=bool(esm_class & HAS_HEADER))
        piece = piece or _segment(pdu)
        text = read_text(body, pdu.data_coding or 0)
        address = self._number(pdu)
        now = self._clock.read().at
        if piece is not None and piece.count > 1:
            with self._lock:
                whole = self._gathering.put(address, piece, text, now)
            if whole is None:
                return
            text = whole
        self._came_in(address, text, body)

    def _came_in(self, address: str, text: str, raw: bytes) -> None:
        if self._switchboard is None:
            return
        said = self._switchboard.came_in(
            CameIn(
                medium=Medium.SMS,
                address=address,
                words=text,
                at=self._clock.read().at,
                raw=raw,
            )
        )
        if said.text:
            self.queue.put(_reply(address, said))

    def _give_out(self) -> None:
        """Give out long texts of which a part never came."""
        while not self._stopping.wait(1.0):
            with self._lock:
                late = self._gathering.overdue(self._clock.read().at)
            for address, text in late:
                self._came_in(address, text, text.encode("utf-8", "replace"))

    def _take_receipt(self, pdu: Any, body: bytes) -> None:
        fields = {k.lower(): v for k, v in _FIELD.findall(body.decode("latin-1"))}
        named = getattr(pdu, "receipted_message_id", None)
        state = getattr(pdu, "message_state", None)
        stat = str(state) if state is not None else fields.get("stat", "").upper()
        with self._lock:
            sent = self._find(_id(named) if named else fields.get("id", ""))
            if sent is None:
                return  # for nothing that was sent from here
            found, id_ = sent
            outcome = self._outcome(found, id_, stat)
        if outcome is not None and self._switchboard is not None:
            detail = f"the provider said {stat or 'nothing'} {fields.get('err', '')}"
            self._switchboard.report(found.ring, outcome, detail.strip())

    def _find(self, id_: str) -> tuple[_Sent, str] | None:
        """Find what a receipt is for; some say in decimal what they gave in hex."""
        for said in _spellings(id_):
            if said in self._sent:
                return self._sent[said], said
        return None

    def _outcome(self, found: _Sent, id_: str, stat: str) -> Outcome | None:
        """Say what a receipt adds: delivered once all parts are, failed once one is."""
        if stat in _DELIVERED:
            found.waiting.discard(id_)
            outcome = None if found.waiting else Outcome.DELIVERED
        else:
            outcome = Outcome.FAILED if stat in _FAILED else None
        if outcome is None or outcome in found.reported:
            return None
        found.reported.add(outcome)
        return outcome

    def _number(self, pdu: Any) -> str:
        """Write a sender as it is enrolled: E.164 with its plus, or a name."""
        address = (pdu.source_addr or b"").decode("latin-1").strip("\x00 ")
        ton, country = pdu.source_addr_ton or 0, self._settings.country
        if not address.isdigit() or ton == _NAME:
            return address
        if ton == _NATIONAL and country:
            return f"+{country}{address.removeprefix('0')}"
        if ton != _INTERNATIONAL and address.startswith("00"):
            return f"+{address[2:]}"
        if ton != _INTERNATIONAL and address.startswith("0") and country:
            return f"+{country}{address[1:]}"
        return f"+{address}"


def _reply(address: str, said: Said) -> Message:
    words = Words(
        language="",
        subject="",
        short=said.text[:SHORT_CHARACTERS],
        text=said.text,
        spoken=said.spoken,
    )
    return Message(
        call=None,
        person=PersonId(""),
        desk=DeskId(""),
        medium=Medium.SMS,
        address=address,
        words=words,
    )


def _segment(pdu: Any) -> Piece | None:
    """Read where a part belongs from its optional fields (SMPP 3.4 5.3.2.22)."""
    of = getattr(pdu, "sar_msg_ref_num", None)
    count = getattr(pdu, "sar_total_segments", None)
    number = getattr(pdu, "sar_segment_seqnum", None)
    if of is None or not count or not number:
        return None
    return Piece(of=of, count=count, number=number)


def _id(value: bytes | str | None) -> str:
    text = value.decode("latin-1") if isinstance(value, bytes) else value or ""
    return text.strip("\x00 ")


def _spellings(id_: str) -> tuple[str, ...]:
    """List how a gateway may have written an id before."""
    spelled = [id_, id_.lower(), id_.upper(), id_.lstrip("0")]
    if id_.isdigit():
        spelled += [f"{int(id_):x}", f"{int(id_):X}", f"{int(id_):08X}"]
    with contextlib.suppress(ValueError):
        spelled.append(str(int(id_, 16)))
    return tuple(dict.fromkeys(one for one in spelled if one))
