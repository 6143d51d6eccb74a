"""Ring browsers by web push (RFC 8030), whatever page is open or none.

| answer                | what it means                                     |
|-----------------------|---------------------------------------------------|
| 201, 2xx              | sent: the service holds it; nobody has seen it    |
| 404, 410              | failed, and the subscription is taken out         |
| 413, other 4xx, 3xx   | failed; the same would be answered again          |
| 429, 5xx, silence     | tried again on its own clock                      |

The push is encrypted, but it is shown on locked screens: it holds the word and number
of a call, whose it is, and never a place, a reason or a code.
"""

from collections.abc import Callable
from typing import Final

import msgspec

from clearline.adapters.couriers.digests import digest_of
from clearline.adapters.couriers.posting import Poster
from clearline.adapters.couriers.queue import Carried, Queue, Refused
from clearline.adapters.couriers.sealing_push import (
    NotASubscription,
    encrypt,
    make_key,
    public_key,
    read_subscription,
    vapid,
)
from clearline.adapters.local import LocalStore
from clearline.adapters.settings import Push
from clearline.model.calls import AttemptId
from clearline.model.parties import Medium
from clearline.service.calling import (
    CourierStanding,
    CourierState,
    Message,
    Ring,
    Switchboard,
)
from clearline.service.ports import Chance, Clock

SPARE: Final = 24
"""How many more at once, while receivers hang: each lies where it wants."""

HANDS: Final = 8
"""How many services are posted to at once."""

RING_FOR_S: Final = 60
"""How long a service keeps a ring for a browser it cannot reach, seconds."""

TELL_FOR_S: Final = 1800
"""How long it keeps what somebody is told, seconds."""

Drop = Callable[[Medium, str], None]

_KEY: Final = "push key"
_GONE: Final = frozenset({404, 410})
_NOT_SET_UP: Final = "no contact is set in [push]"
_SEED_BYTES: Final = 40


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what a browser shows of a ring or a telling."""

    call: str
    number: int | None
    kind: str
    subject: str
    language: str
    attempt: str = ""


def push_seed(store: LocalStore, chance: Chance) -> bytes:
    """Return what the node's push key is made from; drawn and kept at first.

    Losing it loses every subscription: browsers hold the public half.

    Raises:
        StoreRefused: The disk refused.
    """
    kept = store.value(_KEY)
    if kept is None:
        kept = chance.draw(_SEED_BYTES)
        store.keep_value(_KEY, kept)
    return kept


class PushCourier:
    """Push rings and messages; the contract is `service.calling.Courier`."""

    medium = Medium.PUSH

    def __init__(
        self,
        settings: Push,
        *,
        seed: bytes,
        drop: Drop,
        clock: Clock,
        chance: Chance,
    ) -> None:
        """Push by `settings`; nothing runs before `start`.

        Args:
            settings: Its section of the settings.
            seed: What the node's key is made from.
            drop: Takes an address out of the book.
            clock: What tells node time, and the wall time tokens end by.
            chance: Where salts, keys and jitter come from.
        """
        self._contact = settings.contact
        self._key = make_key(seed)
        self._drop = drop
        self._clock = clock
        self._chance = chance
        self._poster = Poster(settings, clock)
        self.queue = Queue(
            self.medium,
            self._carry,
            clock=clock,
            chance=chance,
            hands=HANDS,
            spare=SPARE,
        )

    @property
    def public_key(self) -> str:
        """Return what a page gives as `applicationServerKey`."""
        return public_key(self._key)

    def start(self, switchboard: Switchboard) -> None:
        """Begin to push."""
        self.queue.start(switchboard)

    def ring(self, ring: Ring) -> None:
        """Take a ring; returns at once."""
        self.queue.put(ring)

    def tell(self, message: Message) -> None:
        """Take a message; returns at once."""
        self.queue.put(message)

    def let_go(self, attempt: AttemptId) -> None:
        """Push an attempt no more."""
        self.queue.let_go(attempt)

    def test(self) -> CourierState:
        """Say how pushing went last: there is no gateway between to be asked."""
        return self.state()

    def state(self) -> CourierState:
        """Say how it stands; returns at once."""
        found = self.queue.state()
        if self._contact:
            return found
        return msgspec.structs.replace(
            found, standing=CourierStanding.NOT_SET_UP, trouble=_NOT_SET_UP
        )

    def stop(self) -> None:
        """Push nothing more."""
        self.queue.stop()
        self._poster.close()

    def _carry(self, item: Ring | Message) -> Carried:
        if not self._contact:
            raise Refused(_NOT_SET_UP)
        try:
            to = read_subscription(item.address)
        except NotASubscription as error:
            raise Refused(error.what) from error
        sealed = encrypt(
            msgspec.json.encode(_shown(item)),
            to.keys,
            salt=self._chance.draw(16),
            ours=make_key(self._chance.draw(_SEED_BYTES)),
        )
        kept_for_s = RING_FOR_S if isinstance(item, Ring) else TELL_FOR_S
        headers = {
            "Authorization": vapid(
                to.endpoint, self._contact, self._key, self._clock.read().wall
            ),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": f"{kept_for_s}",
            "Urgency": "high",
            "Topic": digest_of(f"{type(item).__name__} {item.call}"),
        }
        status = self._poster.post(to.endpoint, sealed, headers)
        if status in _GONE:
            self._drop(self.medium, item.address)
            raise Refused(f"{status}: the subscription is over and was taken out")
        return Carried(detail=f"{status}")


def _shown(item: Ring | Message) -> Shown:
    """Choose what may stand on a locked screen: never a place, never a code."""
    if isinstance(item, Ring):
        return Shown(
            call=item.call,
            number=item.number,
            kind=item.kind,
            subject=item.words.subject,
            language=item.words.language,
            attempt=item.attempt,
        )
    return Shown(
        call=item.call or "",
        number=None,
        kind="",
        subject=item.words.subject,
        language=item.words.language,
    )
