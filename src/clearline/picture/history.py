"""Keep every value a key ever had, and read the past without rebuilding it.

A value holds from the entry that gave it until the next one for the same key,
`[from, to)`. Reading at size `n` means: after the first `n` entries were folded.
Values are frozen, so the past costs one reference a change, and looking back
costs one search in the key's own list.
"""

from collections.abc import Hashable, Iterator
from typing import Generic, Protocol, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
V_co = TypeVar("V_co", covariant=True)
K_contra = TypeVar("K_contra", bound=Hashable, contravariant=True)


class Shelf(Protocol[K_contra, V_co]):
    """Read values by key, as they stand or as they stood."""

    def get(self, key: K_contra) -> V_co | None:
        """Return the value of `key`, or nothing."""

    def values(self) -> Iterator[V_co]:
        """Return every value, in the order the keys first came."""


class History(Generic[K, V]):
    """Keep the values of keys, newest last, each with the entry that gave it."""

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        """Start with nothing."""
        # per key: [entry, value, entry, value, ...], entries ascending
        self._kept: dict[K, list[int | V]] = {}

    def put(self, key: K, value: V, entry: int) -> None:
        """Let `key` have `value` from `entry` on; `entry` is not before the last."""
        kept = self._kept.get(key)
        if kept is None:
            self._kept[key] = [entry, value]
        elif kept[-2] == entry:
            kept[-1] = value
        else:
            kept += (entry, value)

    def get(self, key: K) -> V | None:
        """Return what `key` has now."""
        kept = self._kept.get(key)
        return None if kept is None else kept[-1]  # type: ignore[return-value]

    def get_at(self, key: K, size: int) -> V | None:
        """Return what `key` had after the first `size` entries."""
        kept = self._kept.get(key)
        return None if kept is None else _value_at(kept, size)

    def history_of(self, key: K) -> list[tuple[int, V]]:
        """Return every value a key had, each with the entry that gave it."""
        kept = self._kept.get(key, [])
        return list(zip(kept[::2], kept[1::2], strict=True))  # type: ignore[arg-type]

    def given(self, key: K, entry: int) -> V | None:
        """Return what an entry gave a key; safe beside a thread that puts values."""
        had = tuple(self._kept.get(key, ()))  # one step, so that pairs stay pairs
        for at in range(0, len(had), 2):
            if had[at] == entry:
                return had[at + 1]  # type: ignore[return-value]
        return None

    def changed_since(self, size: int) -> list[K]:
        """Name the keys that entries from `size` on gave a value."""
        return [key for key, kept in list(self._kept.items()) if kept[-2] >= size]  # type: ignore[operator]

    def values(self) -> Iterator[V]:
        """Return every value as it stands now."""
        for kept in self._kept.values():
            yield kept[-1]  # type: ignore[misc]

    def values_at(self, size: int) -> Iterator[V]:
        """Return every value as it stood after the first `size` entries."""
        for kept in self._kept.values():
            if kept[0] >= size:  # type: ignore[operator]
                return  # keys come in the order of their first entry
            value = _value_at(kept, size)
            if value is not None:
                yield value

    def forget_from(self, key: K, size: int) -> None:
        """Take back what `key` was given by entries from `size` on."""
        kept = self._kept.get(key)
        if kept is None:
            return
        while kept and kept[-2] >= size:  # type: ignore[operator]
            del kept[-2:]
        if not kept:
            del self._kept[key]

    def instead(self, key: K, value: V) -> "History[K, V]":
        """Return a history in which `key` has `value`; this one stays as it is."""
        other: History[K, V] = History()
        other._kept = {**self._kept, key: [0, value]}
        return other

    def __len__(self) -> int:
        """Count the keys."""
        return len(self._kept)

    def dump_at(self, size: int) -> Iterator[tuple[K, list[tuple[int, V]]]]:
        """Give out everything kept after the first `size` entries, for a snapshot.

        Another thread may put values meanwhile: keys are listed in one step, and
        what a key had by then is only ever added to.
        """
        for key, kept in list(self._kept.items()):
            had = tuple(kept)  # one step, so that entries and values stay pairs
            pairs = [
                (had[at], had[at + 1])
                for at in range(0, len(had), 2)
                if had[at] < size  # type: ignore[operator]
            ]
            if pairs:
                yield key, pairs  # type: ignore[misc]

    def load(self, kept: list[tuple[K, list[tuple[int, V]]]]) -> None:
        """Add what a snapshot gave out; its keys are not here yet."""
        for key, pairs in kept:
            one = len(pairs) == 1  # as most have, of a million
            self._kept[key] = (
                list(pairs[0]) if one else [part for pair in pairs for part in pair]
            )


class Past(Generic[K, V]):
    """Read a history as it stood after the first `size` entries."""

    __slots__ = ("_history", "_size")

    def __init__(self, history: History[K, V], size: int) -> None:
        """Look at `history` from `size`."""
        self._history = history
        self._size = size

    def get(self, key: K) -> V | None:
        """Return what `key` had then."""
        return self._history.get_at(key, self._size)

    def values(self) -> Iterator[V]:
        """Return every value as it stood then."""
        return self._history.values_at(self._size)


def _value_at(kept: list[int | V], size: int) -> V | None:
    low, high = 0, len(kept) // 2
    while low < high:  # bisect over the entries, which stand at even places
        middle = (low + high) // 2
        if kept[2 * middle] < size:  # type: ignore[operator]
            low = middle + 1
        else:
            high = middle
    return kept[2 * low - 1] if low else None  # type: ignore[return-value]
