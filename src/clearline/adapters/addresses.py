"""Keep where persons are reached; the contract is `service.calling.AddressBook`."""

from typing import Any

from clearline.adapters.local import LocalStore
from clearline.adapters.queries import queries
from clearline.model.parties import Medium, PersonId
from clearline.service.calling import Address


class LocalAddresses:
    """Keep addresses in the local store."""

    def __init__(self, store: LocalStore) -> None:
        """Use the store; nothing is read before somebody asks."""
        self._store = store
        self._sql = queries("addresses")

    def of(self, person: PersonId, medium: Medium) -> tuple[Address, ...]:
        """List a person's addresses of a medium, the first to try first."""
        rows = self._store.ask(self._sql["of_person"], person=person, medium=medium)
        return tuple(_address(row) for row in rows)

    def all_of(self, person: PersonId) -> tuple[Address, ...]:
        """List all of a person's addresses."""
        rows = self._store.ask(self._sql["all_of_person"], person=person)
        return tuple(_address(row) for row in rows)

    def whose(self, medium: Medium, address: str) -> tuple[Address, ...]:
        """List who is enrolled under an address: several people may share one."""
        rows = self._store.ask(self._sql["of_address"], medium=medium, address=address)
        return tuple(_address(row) for row in rows)

    def keep(self, address: Address) -> None:
        """Enter an address, or change its place or language.

        Raises:
            StoreRefused: The disk refused; nothing was kept.
        """
        self._store.ask(
            self._sql["keep"],
            person=address.person,
            medium=address.medium,
            address=address.address,
            place=address.place,
            language=address.language,
        )

    def drop(self, address: Address) -> None:
        """Take an address out.

        Raises:
            StoreRefused: The disk refused; it stands as before.
        """
        self._store.ask(
            self._sql["drop"],
            person=address.person,
            medium=address.medium,
            address=address.address,
        )


def _address(row: tuple[Any, ...]) -> Address:
    person, medium, address, place, language = row
    return Address(
        person=PersonId(person),
        medium=Medium(medium),
        address=address,
        place=place,
        language=language,
    )
