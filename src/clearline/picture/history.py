"""Keep every value a key ever had, and read the past without rebuilding it.

A value holds from the entry that gave it until the next one for the same key,
`[from, to)`. Reading at size `n` means: after the first `n` entries were folded.
Values are frozen, so the past costs one reference a change, and looking back
costs one search in the key's own list.

What a snapshot gave out may stay as it was written until somebody asks for it: a
node starts on a million notices and reads the few that matter today. Reading never
changes what is kept, so that any thread may; only who gives a key a value does.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import islice
from typing import Any, Final, Generic, Protocol, TypeAlias, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
V_co = TypeVar("V_co", covariant=True)
K_contra = TypeVar("K_contra", bound=Hashable, contravariant=True)


Unread: TypeAlias = tuple[int, int, bytes]
"""What a key had, as it was written, with its first and its last entry."""

_FIRST: Final = 0
_LAST: Final = 1
_WRITTEN: Final = 2


class Shelf(Protocol[K_contra, V_co]):
    """Read values by key, as they stand or as they stood."""

    def get(self, key: K_contra) -> V_co | None:
        """Return the value of `key`, or nothing."""

    def values(self) -> Iterator[V_co]:
        """Return every value, in the order the keys first came."""


class History(Generic[K, V]):
    """Keep the values of keys, newest last, each with the entry that gave it."""

    __slots__ = ("_kept", "_newest", "_read")

    def __init__(self) -> None:
        """Start with nothing."""
        # per key: [entry, value, entry, value, ...], entries ascending, or `Unread`
        self._kept: dict[K, list[int | V] | Unread] = {}
        self._newest = -1
        self._read: Callable[[bytes], Sequence[int | V]] = _read_nothing

    def put(self, key: K, value: V, entry: int) -> None:
        """Let `key` have `value` from `entry` on; `entry` is not before the last."""
        self._newest = max(self._newest, entry)
        kept = self._own(key)
        if kept is None:
            self._kept[key] = [entry, value]
        elif kept[-2] == entry:
            kept[-1] = value
        else:
            kept += (entry, value)

    def get(self, key: K) -> V | None:
        """Return what `key` has now."""
        kept = self._had(key)
        return None if kept is None else kept[-1]  # type: ignore[return-value]

    def get_at(self, key: K, size: int) -> V | None:
        """Return what `key` had after the first `size` entries."""
        kept = self._had(key)
        return None if kept is None else _value_at(kept, size)

    def last_of(self, key: K) -> int:
        """Return the entry that last gave a key a value, or -1; nothing is read."""
        kept = self._kept.get(key)
        return -1 if kept is None else _last(kept)

    def history_of(self, key: K) -> list[tuple[int, V]]:
        """Return every value a key had, each with the entry that gave it."""
        kept = self._had(key) or ()
        return list(zip(kept[::2], kept[1::2], strict=True))  # type: ignore[arg-type]

    def given(self, key: K, entry: int) -> V | None:
        """Return what an entry gave a key; safe beside a thread that puts values."""
        had = tuple(self._had(key) or ())  # one step, so that pairs stay pairs
        for at in range(0, len(had), 2):
            if had[at] == entry:
                return had[at + 1]  # type: ignore[return-value]
        return None

    def changed_since(self, size: int) -> list[K]:
        """Name the keys that entries from `size` on gave a value."""
        if self._newest < size:
            return []
        return [key for key, kept in list(self._kept.items()) if _last(kept) >= size]

    def keys(self) -> list[K]:
        """Name every key, in the order they first came."""
        return list(self._kept)

    def newest_keys(self, count: int) -> list[K]:
        """Name the keys that came last, the newest first, at most `count`."""
        return list(islice(reversed(self._kept), count))

    def values(self) -> Iterator[V]:
        """Return every value as it stands now."""
        for kept in self._kept.values():
            yield self._open(kept)[-1]  # type: ignore[misc]

    def newest(self) -> Iterator[V]:
        """Return every value as it stands now, the key that came last first."""
        for kept in reversed(self._kept.values()):
            yield kept[-1]  # type: ignore[misc]

    def values_at(self, size: int) -> Iterator[V]:
        """Return every value as it stood after the first `size` entries."""
        for kept in self._kept.values():
            if kept[0] >= size:  # type: ignore[operator]
                return  # keys come in the order of their first entry
            value = _value_at(self._open(kept), size)
            if value is not None:
                yield value

    def forget_from(self, key: K, size: int) -> None:
        """Take back what `key` was given by entries from `size` on."""
        kept = self._own(key)
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
        other._newest, other._read = self._newest, self._read
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
            if pairs := self._pairs_at(kept, size):
                yield key, pairs

    def dump_unread_at(
        self, size: int, write: Callable[[list[tuple[int, V]]], bytes]
    ) -> Iterator[tuple[K, Unread]]:
        """Give out the same as it is written; what nobody read goes as it came."""
        for key, kept in list(self._kept.items()):
            if isinstance(kept, tuple) and kept[_LAST] < size:
                yield key, kept
            elif pairs := self._pairs_at(kept, size):
                yield key, (pairs[0][0], pairs[-1][0], write(pairs))

    def load(self, kept: list[tuple[K, list[tuple[int, V]]]]) -> None:
        """Add what a snapshot gave out; its keys are not here yet."""
        for key, pairs in kept:
            self._newest = max(self._newest, pairs[-1][0])
            one = len(pairs) == 1  # as most have, of a million
            self._kept[key] = (
                list(pairs[0]) if one else [part for pair in pairs for part in pair]
            )

    def load_unread(
        self, kept: dict[K, Unread], read: Callable[[bytes], Sequence[int | V]]
    ) -> None:
        """Add what a snapshot gave out, to be read when it is asked for.

        Args:
            kept: As `dump_unread_at` gave it; its keys are not here yet.
            read: Turns what was written into entry, value, entry, value, and so on;
                the same for all that is loaded, and safe in any thread.
        """
        if kept:
            self._newest = max(self._newest, *(one[_LAST] for one in kept.values()))
        self._kept.update(kept)
        self._read = read

    def _had(self, key: K) -> Sequence[int | V] | None:
        """Return what a key had, entry by entry; what is kept stays as it is."""
        kept = self._kept.get(key)
        return None if kept is None else self._open(kept)

    def _open(self, kept: list[int | V] | Unread) -> Sequence[int | V]:
        return self._read(kept[_WRITTEN]) if isinstance(kept, tuple) else kept

    def _own(self, key: K) -> list[int | V] | None:
        """Return what a key had as a list to change, for who puts values alone."""
        kept = self._kept.get(key)
        if isinstance(kept, tuple):
            kept = self._kept[key] = list(self._read(kept[_WRITTEN]))
        return kept

    def _pairs_at(self, kept: list[int | V] | Unread, size: int) -> list[tuple[int, V]]:
        had = tuple(self._open(kept))  # one step, so that entries and values stay pairs
        return [
            (had[at], had[at + 1])  # type: ignore[misc]
            for at in range(0, len(had), 2)
            if had[at] < size  # type: ignore[operator]
        ]


def _read_nothing(_: bytes) -> Sequence[Any]:
    return ()


def _last(kept: Any) -> int:
    """Return the entry that last gave a key a value."""
    last: int = kept[_LAST] if isinstance(kept, tuple) else kept[-2]
    return last


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


def _value_at(kept: Sequence[int | V], size: int) -> V | None:
    low, high = 0, len(kept) // 2
    while low < high:  # bisect over the entries, which stand at even places
        middle = (low + high) // 2
        if kept[2 * middle] < size:  # type: ignore[operator]
            low = middle + 1
        else:
            high = middle
    return kept[2 * low - 1] if low else None  # type: ignore[return-value]
