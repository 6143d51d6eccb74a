"""Tell other software of rings, signed by Standard Webhooks.

    POST URL
    webhook-id: follows from the attempt, so that a repeat is known
    webhook-timestamp: now, webhook-signature: v1,...
    {"type": "call.ring", "timestamp": ..., "data": {...}}

| answer                     | what it means                                 |
|----------------------------|-----------------------------------------------|
| 2xx                        | delivered                                     |
| 410                        | failed, and the address is taken out          |
| 3xx, other 4xx             | failed; the same would be answered again      |
| 408, 425, 429, 5xx, silence| tried again on its own clock                  |

Nothing is answered here: a machine acknowledges nothing. No code leaves this way.
"""

import base64
from collections.abc import Callable
from typing import Final

import msgspec
from standardwebhooks import Webhook as Signer

from clearline.adapters.couriers.digests import digest_of
from clearline.adapters.couriers.posting import Poster
from clearline.adapters.couriers.queue import Carried, Queue, Refused
from clearline.adapters.local import LocalStore
from clearline.adapters.settings import Webhook
from clearline.model.calls import AttemptId, Outcome
from clearline.model.instants import Instant
from clearline.model.parties import Medium
from clearline.service.calling import CourierState, Message, Ring, Switchboard
from clearline.service.ports import Chance, Clock

SPARE: Final = 24
"""How many more at once, while receivers hang: each lies where it wants."""

HANDS: Final = 8
"""How many receivers are posted to at once."""

GONE: Final = 410
"""What a receiver answers that wants nothing more."""

Drop = Callable[[Medium, str], None]

_PREFIX: Final = "webhook secret "
_SECRET_BYTES: Final = 32


class WebhookSecrets:
    """Keep each receiver's secret, in memory and in the local store."""

    def __init__(self, store: LocalStore, chance: Chance) -> None:
        """Read them all, so that no ring waits for the disk."""
        self._store = store
        self._chance = chance
        self._secrets = {
            name.removeprefix(_PREFIX): value.decode()
            for name, value in store.values(_PREFIX).items()
        }

    def of(self, url: str) -> str | None:
        """Return a receiver's secret, `whsec_...`, or nothing."""
        return self._secrets.get(digest_of(url))

    def make(self, url: str) -> str:
        """Make a receiver's secret anew, and return it to be handed over.

        Raises:
            StoreRefused: The disk refused; the old secret stays.
        """
        drawn = base64.b64encode(self._chance.draw(_SECRET_BYTES)).decode()
        secret = f"whsec_{drawn}"
        self._store.keep_value(_PREFIX + digest_of(url), secret.encode())
        self._secrets[digest_of(url)] = secret
        return secret


class WebhookCourier:
    """Post rings and messages; the contract is `service.calling.Courier`."""

    medium = Medium.WEBHOOK

    def __init__(
        self,
        settings: Webhook,
        *,
        secrets: WebhookSecrets,
        drop: Drop,
        clock: Clock,
        chance: Chance,
    ) -> None:
        """Post by `settings`; nothing runs before `start`.

        Args:
            settings: Its section of the settings.
            secrets: What each receiver's posts are signed with.
            drop: Takes an address out of the book.
            clock: What tells node time, and the wall time signatures carry.
            chance: Where jitter comes from.
        """
        self._secrets = secrets
        self._drop = drop
        self._clock = clock
        self._poster = Poster(settings, clock)
        self.queue = Queue(
            self.medium,
            self._carry,
            clock=clock,
            chance=chance,
            hands=HANDS,
            spare=SPARE,
        )

    def start(self, switchboard: Switchboard) -> None:
        """Begin to post."""
        self.queue.start(switchboard)

    def ring(self, ring: Ring) -> None:
        """Take a ring; returns at once."""
        self.queue.put(ring)

    def tell(self, message: Message) -> None:
        """Take a message; returns at once."""
        self.queue.put(message)

    def let_go(self, attempt: AttemptId) -> None:
        """Post an attempt no more."""
        self.queue.let_go(attempt)

    def test(self) -> CourierState:
        """Say how posting went last: there is no gateway between to be asked."""
        return self.state()

    def state(self) -> CourierState:
        """Say how it stands; returns at once."""
        return self.queue.state()

    def stop(self) -> None:
        """Post nothing more."""
        self.queue.stop()
        self._poster.close()

    def _carry(self, item: Ring | Message) -> Carried:
        secret = self._secrets.of(item.address)
        if secret is None:
            raise Refused("this address has no secret: enter it anew")
        now = self._clock.read().wall
        body = msgspec.json.encode(_body(item, now)).decode()
        name = _id(item)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "clearline",
            "webhook-id": name,
            "webhook-timestamp": f"{int(now.timestamp())}",
            "webhook-signature": Signer(secret).sign(name, now, body),
        }
        status = self._poster.post(item.address, body.encode(), headers)
        if status == GONE:
            self._drop(self.medium, item.address)
            raise Refused("410: it wants nothing more, and the address was taken out")
        if status == 404:  # noqa: PLR2004 (not found)
            raise Refused("it answered 404")
        return Carried(outcome=Outcome.DELIVERED, detail=f"{status}")


class RingData(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what a receiver is told of a ring."""

    call: str
    number: int
    kind: str
    precedence: str
    attempt: str
    person: str
    desk: str
    times: int
    is_durable: bool
    language: str
    subject: str
    text: str


class ToldData(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what a receiver is told without being asked to answer."""

    call: str | None
    person: str
    desk: str
    language: str
    subject: str
    text: str


class Posted(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a whole post (Standard Webhooks, "Payload structure")."""

    type: str
    timestamp: Instant
    data: RingData | ToldData


def _body(item: Ring | Message, now: Instant) -> Posted:
    words = item.words
    if isinstance(item, Message):
        told = ToldData(
            call=item.call,
            person=item.person,
            desk=item.desk,
            language=words.language,
            subject=words.subject,
            text=words.text,
        )
        return Posted(type="call.told", timestamp=now, data=told)
    ring = RingData(
        call=item.call,
        number=item.number,
        kind=item.kind,
        precedence=item.precedence,
        attempt=item.attempt,
        person=item.person,
        desk=item.desk,
        times=item.times,
        is_durable=item.is_durable,
        language=words.language,
        subject=words.subject,
        text=words.text,
    )
    return Posted(type="call.ring", timestamp=now, data=ring)


def _id(item: Ring | Message) -> str:
    """Name a post, the same each time it is tried; an id may hold no full stop."""
    if isinstance(item, Ring):
        return f"ring_{digest_of(item.attempt)}"
    said = f"{item.call} {item.person} {item.address} {item.words.text}"
    return f"told_{digest_of(said)}"
