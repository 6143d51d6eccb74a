"""What a history promises: the past costs a look, and what was taken back never was."""

import ast

from hypothesis import given
from hypothesis import strategies as st

from clearline.picture.history import History, Past

KEYS = st.sampled_from("abc")
PUTS = st.lists(st.tuples(KEYS, st.integers(0, 3)), max_size=30)
"""Which key gets a value, and how many entries after the one before."""


def kept(puts: list[tuple[str, int]]) -> tuple[History[str, int], list[tuple]]:
    """Put values, and list them with the entries that gave them."""
    history: History[str, int] = History()
    entry, told = 0, []
    for value, (key, later) in enumerate(puts):
        entry += later
        history.put(key, value, entry)
        told.append((entry, key, value))
    return history, told


def plainly(told: list[tuple], size: int) -> dict[str, int]:
    """Say slowly what each key had after the first `size` entries."""
    return {key: value for entry, key, value in told if entry < size}


@given(puts=PUTS, size=st.integers(0, 100))
def test_looking_back_is_having_folded_less(puts: list, size: int) -> None:
    """Every key has at a size what the last entry before it gave."""
    history, told = kept(puts)
    past, expected = Past(history, size), plainly(told, size)
    for key in "abc":
        assert history.get_at(key, size) == expected.get(key)
        assert past.get(key) == expected.get(key)
    assert list(past.values()) == list(expected.values())
    assert list(history.values_at(size)) == list(expected.values())


@given(puts=PUTS)
def test_now_is_the_past_of_everything(puts: list) -> None:
    """What stands is what stood after all entries, keys in the order they came."""
    history, told = kept(puts)
    expected = plainly(told, 10**9)
    assert {key: history.get(key) for key in expected} == expected
    assert list(history.values()) == list(expected.values())
    assert len(history) == len(expected)
    assert history.get("never") is None


@given(puts=PUTS, size=st.integers(0, 100), more=PUTS)
def test_taking_back_is_never_having_said(puts: list, size: int, more: list) -> None:
    """What was forgotten leaves no trace, and the history goes on from there."""
    history, told = kept(puts)
    for key in "abc":
        history.forget_from(key, size)
    left = [one for one in told if one[0] < size]
    assert list(history.values()) == list(plainly(left, 10**9).values())
    entry = size
    for value, (key, later) in enumerate(more, 1000):
        entry += later
        history.put(key, value, entry)
        left.append((entry, key, value))
    for look in (0, size, entry, entry + 1):
        expected = plainly(left, look)
        assert list(history.values_at(look)) == list(expected.values())


@given(puts=PUTS, size=st.integers(0, 100))
def test_what_is_given_out_reads_as_what_it_was(puts: list, size: int) -> None:
    """A history given out at a size and taken in again has the same past."""
    history, told = kept(puts)
    again: History[str, int] = History()
    again.load(list(history.dump_at(size)))
    for look in range(size + 1):
        expected = plainly(told, look)
        assert list(again.values_at(look)) == list(expected.values())


@given(puts=PUTS, key=KEYS)
def test_a_history_looked_at_otherwise_stays_as_it_is(puts: list, key: str) -> None:
    """Supposing another value changes nothing that is kept."""
    history, told = kept(puts)
    supposed = history.instead(key, -1)
    assert supposed.get(key) == -1
    assert {one: history.get(one) for one in "abc"} == {
        one: plainly(told, 10**9).get(one) for one in "abc"
    }
    assert all(supposed.get(one) == history.get(one) for one in "abc" if one != key)


def test_one_entry_gives_a_key_its_last_value_only() -> None:
    """Within one entry nothing stood but its outcome."""
    history: History[str, int] = History()
    history.put("a", 1, 5)
    history.put("a", 2, 5)
    assert history.get_at("a", 5) is None
    assert history.get_at("a", 6) == 2
    history.forget_from("a", 5)
    assert history.get("a") is None
    assert len(history) == 0


def _written(pairs: list[tuple[int, int]]) -> bytes:
    return repr(pairs).encode()


def _read(written: bytes) -> tuple[int, ...]:
    return tuple(part for pair in ast.literal_eval(written.decode()) for part in pair)


@given(before=PUTS, after=PUTS, size=st.integers(0, 100), look=st.integers(0, 100))
def test_what_nobody_has_read_yet_is_there_all_the_same(
    before: list, after: list, size: int, look: int
) -> None:
    """A history given out as written goes on as the one that gave it out."""
    plain, told = kept(before)
    last = told[-1][0] if told else 0
    again: History[str, int] = History()
    again.load_unread(dict(plain.dump_unread_at(last + 1, _written)), _read)
    for history in (plain, again):
        entry = last
        for value, (key, later) in enumerate(after):
            entry += later
            history.put(key, value, entry)
    assert list(again.dump_at(look)) == list(plain.dump_at(look))
    assert dict(again.dump_unread_at(look, _written)) == dict(
        plain.dump_unread_at(look, _written)
    )
    assert again.changed_since(look) == plain.changed_since(look)
    assert list(again.values()) == list(plain.values())
    assert list(again.values_at(look)) == list(plain.values_at(look))
    for key in "abc":
        assert again.get(key) == plain.get(key)
        assert again.get_at(key, look) == plain.get_at(key, look)
        assert again.history_of(key) == plain.history_of(key)
        assert again.given(key, look) == plain.given(key, look)
        for history in (plain, again):
            history.forget_from(key, size)
    assert list(again.dump_at(look)) == list(plain.dump_at(look))
