"""Tell whoever raised a call by telephone how it stands, as that changes."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final, Protocol

from clearline.model.calls import Call, CallId, Telling
from clearline.model.entries import DeskTold
from clearline.model.instants import Duration, Instant
from clearline.model.parties import Medium
from clearline.picture.picture import View
from clearline.service.calling import (
    SHORT_CHARACTERS,
    Address,
    AddressBook,
    Message,
    Words,
)
from clearline.service.phones.heard import spoken
from clearline.service.phones.replies import say
from clearline.service.told import is_told, readers

AGAIN_AFTER: Final = Duration(minutes=5)
"""How soon a caller is told the same thing again."""

_REMEMBERED: Final = 10_000


class Callers(Protocol):
    """Keep where whoever raised a call is; asked without waiting for a disk."""

    def keep(self, call: CallId, at: Address) -> None:
        """Keep where the caller of a call is."""

    def of(self, call: CallId) -> Address | None:
        """Say where the caller of a call is; nothing if it came another way."""

    def calls_from(self, medium: Medium, address: str) -> tuple[CallId, ...]:
        """List the calls raised from an address, newest first."""


class Tellings:
    """Turn what the caller's desk is told into messages to the caller."""

    def __init__(
        self, callers: Callers, addresses: AddressBook, tell: Callable[[Message], None]
    ) -> None:
        """Tell through `tell`, and not the same thing over and over."""
        self._callers = callers
        self._addresses = addresses
        self._tell = tell
        self._told: OrderedDict[CallId, tuple[Telling, Instant]] = OrderedDict()

    def tell(self, view: View, call: Call, act: DeskTold, now: Instant) -> None:
        """Tell the caller of `call` what its desk is told, if it came by telephone.

        Whoever is reached as a reader of that desk is not told a second time here.
        """
        at = self._callers.of(call.id)
        if at is None or act.desk != call.raised_by.desk:
            return
        if not is_told(call, act.desk) or self._reaches(view, call, act, at, now):
            return
        before, when = self._told.get(call.id, (None, now))
        if before is act.telling and now - when < AGAIN_AFTER:
            return
        self._told[call.id] = (act.telling, now)
        while len(self._told) > _REMEMBERED:
            self._told.popitem(last=False)
        text = say(
            at.language,
            "told",
            kind=call.kind,
            number=call.number,
            telling=act.telling.upper(),
            text=act.text,
        )
        words = Words(
            language=at.language,
            subject=f"{call.kind} {call.number}: {act.telling}",
            short=text[:SHORT_CHARACTERS],
            text=text,
            spoken=spoken(text),
        )
        self._tell(
            Message(
                call=call.id,
                person=at.person,
                desk=act.desk,
                medium=at.medium,
                address=at.address,
                words=words,
            )
        )

    def _reaches(
        self, view: View, call: Call, act: DeskTold, at: Address, now: Instant
    ) -> bool:
        """Say whether the caller is told the same as one of the desk's readers."""
        return any(
            person.id == at.person and self._addresses.of(person.id, medium)
            for person, medium in readers(view, call, act.desk, now)
        )
