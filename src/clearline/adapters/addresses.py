"""Keep where persons are reached; the contract is `service.calling.AddressBook`.

The whole book lies in memory and is read from there, so that a ring waits for no
disk. A change is on the disk before it is in memory.
"""

import threading

from clearline.adapters.local import LocalStore
from clearline.adapters.queries import queries
from clearline.model.parties import Medium, PersonId
from clearline.service.calling import Address


class LocalAddresses:
    """Keep addresses in memory and in the local store."""

    def __init__(self, store: LocalStore) -> None:
        """Read the whole book; one book only may write to a store."""
        self._store = store
        self._sql = queries("addresses")
        self._changing = threading.Lock()
        self._of: dict[PersonId, tuple[Address, ...]] = {}
        self._whose: dict[tuple[Medium, str], tuple[Address, ...]] = {}
        for person, medium, address, place, language in store.ask(self._sql["all"]):
            self._enter(
                Address(
                    person=PersonId(person),
                    medium=Medium(medium),
                    address=address,
                    place=place,
                    language=language,
                )
            )

    def of(self, person: PersonId, medium: Medium) -> tuple[Address, ...]:
        """List a person's addresses of a medium, the first to try first."""
        return tuple(one for one in self.all_of(person) if one.medium is medium)

    def all_of(self, person: PersonId) -> tuple[Address, ...]:
        """List all of a person's addresses, each medium's first to try first."""
        return self._of.get(person, ())

    def whose(self, medium: Medium, address: str) -> tuple[Address, ...]:
        """List who is enrolled under an address: several people may share one."""
        return self._whose.get((medium, address), ())

    def keep(self, address: Address) -> None:
        """Enter an address, or change its place or language.

        Raises:
            StoreRefused: The disk refused; nothing was kept.
        """
        with self._changing:
            self._store.ask(
                self._sql["keep"],
                person=address.person,
                medium=address.medium,
                address=address.address,
                place=address.place,
                language=address.language,
            )
            self._enter(address)

    def drop(self, address: Address) -> None:
        """Take an address out.

        Raises:
            StoreRefused: The disk refused; it stands as before.
        """
        with self._changing:
            self._store.ask(
                self._sql["drop"],
                person=address.person,
                medium=address.medium,
                address=address.address,
            )
            self._take_out(address)

    def _enter(self, address: Address) -> None:
        self._take_out(address)
        person, key = address.person, (address.medium, address.address)
        self._of[person] = _in_order((*self._of[person], address))
        self._whose[key] = _in_order((*self._whose[key], address))

    def _take_out(self, address: Address) -> None:
        person, key = address.person, (address.medium, address.address)
        self._of[person] = _without(self._of.get(person, ()), address)
        self._whose[key] = _without(self._whose.get(key, ()), address)


def _in_order(book: tuple[Address, ...]) -> tuple[Address, ...]:
    return tuple(
        sorted(book, key=lambda one: (one.medium, one.place, one.address, one.person))
    )


def _without(book: tuple[Address, ...], address: Address) -> tuple[Address, ...]:
    same = (address.person, address.medium, address.address)
    return tuple(one for one in book if (one.person, one.medium, one.address) != same)
