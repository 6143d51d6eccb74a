"""Say who is known to speak from a number, and how surely.

A ring's code and a PIN count only from an address enrolled for their person: a
telephone number can be forged, and a code can be seen over a shoulder; whoever
wants to acknowledge for somebody else needs both.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotInTime
from typing import Final, Protocol

import msgspec

from clearline.model.calls import AttemptId, CallId
from clearline.model.parties import Medium, PersonId, Strength
from clearline.service.calling import Address, AddressBook, CameIn, Codes
from clearline.service.phones.asking import ANSWER_WITHIN_S
from clearline.service.phones.heard import Heard
from clearline.service.ports import StoreRefused

_TELEPHONES: Final = (Medium.SMS, Medium.VOICE)


PROVE_WITHIN_S: Final = 1.0
"""How long a STOP waits for its PIN; then it is a HOLD until the PIN is known."""

_HASHING: Final = 2


def media_of(medium: Medium) -> tuple[Medium, ...]:
    """List the media an address of one speaks by; a telephone speaks and writes."""
    others = (one for one in _TELEPHONES if medium in _TELEPHONES)
    return tuple(dict.fromkeys((medium, *others)))


class Pins(Protocol):
    """Know whose PIN is which."""

    def is_pin(self, person: PersonId, pin: str) -> bool:
        """Say whether `pin` is the person's."""


class Tries(Protocol):
    """Count wrong codes and PINs by where they came from."""

    def is_locked(self, whose: str) -> bool:
        """Say whether too many were wrong from there, and lately."""

    def fail(self, whose: str) -> None:
        """Count a wrong one."""

    def forgive(self, whose: str) -> None:
        """Start to count anew."""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """Say who speaks.

    Attributes:
        person: Empty where nobody proved who they are.
        attempt: The ring whose code they gave.
        call: The call that ring was for.
        is_locked: Nothing secret is taken from there for now.
        is_wrong: Something secret was given and was not right.
        later: Says the same once it is known, where that takes too long.
    """

    strength: Strength = Strength.HEARD
    person: PersonId | None = None
    attempt: AttemptId | None = None
    call: CallId | None = None
    is_locked: bool = False
    is_wrong: bool = False
    later: "Future[Known] | None" = None


class Prover:
    """Look at codes and PINs, and count wrong ones."""

    def __init__(
        self, addresses: AddressBook, codes: Codes, pins: Pins, tries: Tries
    ) -> None:
        """Know people by these."""
        self._addresses = addresses
        self._codes = codes
        self._pins = pins
        self._tries = tries
        self._aside = ThreadPoolExecutor(_HASHING, thread_name_prefix="pins")

    def stop(self) -> None:
        """Look at no more."""
        self._aside.shutdown(wait=False, cancel_futures=True)

    def enrolled(self, came: CameIn) -> tuple[Address, ...]:
        """List who is enrolled under an address; a telephone speaks and writes."""
        address, found = came.address, dict[PersonId, Address]()
        if came.medium is Medium.EMAIL:
            address = address.casefold()
        for medium in media_of(came.medium):
            for one in self._addresses.whose(medium, address):
                found.setdefault(one.person, one)
        return tuple(found.values())

    def prove(self, heard: Heard) -> Known:
        """Say who speaks; for a STOP or HOLD a lock is not looked at.

        Looking a PIN up takes a disk and a slow hash. Neither keeps a STOP: after
        `PROVE_WITHIN_S` it is one that nobody proved, and `later` says who did.
        """
        if not heard.meaning.secret or not heard.enrolled:
            return Known()
        within_s = PROVE_WITHIN_S if heard.meaning.is_urgent else ANSWER_WITHIN_S
        try:
            proving = self._aside.submit(self._prove, heard)
        except RuntimeError:  # the node is stopping
            return Known()
        try:
            return proving.result(within_s)
        except NotInTime:
            return Known(later=proving)
        except StoreRefused:
            return Known()

    def _prove(self, heard: Heard) -> Known:
        secret, enrolled = heard.meaning.secret, heard.enrolled
        whose = f"{heard.came.medium} {heard.came.address}"
        is_locked = self._tries.is_locked(whose)
        if is_locked and not heard.meaning.is_urgent:
            return Known(is_locked=True)
        known = self._known(secret, enrolled)
        if known is None:
            self._tries.fail(whose)
            return Known(is_wrong=True)
        if not is_locked:
            self._tries.forgive(whose)
        return known

    def _known(self, secret: str, enrolled: tuple[Address, ...]) -> Known | None:
        found = self._codes.whose(secret)
        if found is not None:
            attempt, call, person = found
            if any(one.person == person for one in enrolled):
                return Known(
                    strength=Strength.CODE,
                    person=person,
                    attempt=attempt,
                    call=call,
                )
        for one in enrolled:
            if self._pins.is_pin(one.person, secret):
                return Known(strength=Strength.PIN, person=one.person)
        return None
