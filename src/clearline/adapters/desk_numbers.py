"""Keep the telephone numbers a desk is called by; they stand on its phone card.

They are no log and nobody's own: what stands on the door of a desk. A number of a
person is an address (`adapters.addresses`), and is shown to nobody else.
"""

from typing import Final

import msgspec

from clearline.adapters.local import LocalStore
from clearline.model.parties import DeskId, DeskNumber

_PREFIX: Final = "numbers "

_numbers = msgspec.json.Decoder(tuple[DeskNumber, ...])


class DeskNumbers:
    """Keep them in the local store, and at hand: a page with STOP waits for no disk."""

    def __init__(self, store: LocalStore) -> None:
        """Read what the store keeps."""
        self._store = store
        kept = store.values(_PREFIX)
        self._every = {
            DeskId(name.removeprefix(_PREFIX)): _numbers.decode(value)
            for name, value in kept.items()
        }

    def every(self) -> dict[DeskId, tuple[DeskNumber, ...]]:
        """List the numbers of all desks that have one, the first to try first."""
        return dict(self._every)

    def keep(self, desk: DeskId, numbers: tuple[DeskNumber, ...]) -> None:
        """Keep a desk's numbers in place of those before; none drops them.

        Raises:
            StoreRefused: The disk refused; nothing was kept.
        """
        name = f"{_PREFIX}{desk}"
        if numbers:
            self._store.keep_value(name, msgspec.json.encode(numbers))
            self._every = {**self._every, desk: numbers}
        else:
            self._store.drop_value(name)
            self._every = {k: v for k, v in self._every.items() if k != desk}
