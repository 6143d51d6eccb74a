"""Who goes next of those who wait."""

from hypothesis import given
from hypothesis import strategies as st

from clearline.model.calls import Kind, Precedence
from clearline.service.waitlist import TOLD, Waitlist, in_turn, rank_of

STOP = rank_of(Kind.STOP, Precedence.FLASH)


def taken(waiting):
    """Take everything, in order."""
    found = []
    while (item := waiting.take()) is not None:
        found.append(item)
    return found


def test_stop_goes_before_hold_before_tellings_before_the_rest():
    """Kind and precedence say who goes first, whoever came first."""
    waiting = Waitlist()
    ranks = [
        ("routine", rank_of(Kind.QUERY, Precedence.ROUTINE)),
        ("warn", rank_of(Kind.WARN, Precedence.FLASH)),
        ("told", TOLD),
        ("hold", rank_of(Kind.HOLD, Precedence.FLASH)),
        ("stop later", rank_of(Kind.STOP, Precedence.IMMEDIATE)),
        ("stop", STOP),
    ]
    for name, rank in ranks:
        waiting.put(name, name, rank=rank, whose="lina")
    assert taken(waiting) == [name for name, _ in reversed(ranks)]


def test_everybody_has_a_first_before_anybody_has_a_second():
    """Ten thousand for one person hold up nobody's first."""
    waiting = Waitlist()
    for number in range(10_000):
        waiting.put(number, ("lina", number), rank=STOP, whose="lina")
    waiting.put("duty", ("duty", 0), rank=STOP, whose="duty")
    assert [waiting.take() for _ in range(3)] == [
        ("lina", 0),
        ("duty", 0),
        ("lina", 1),
    ]
    waiting.put("late", ("late", 0), rank=STOP, whose="late")
    assert ("late", 0) in [waiting.take() for _ in range(2)]


def test_the_newer_takes_the_place_of_the_older():
    """What was waiting under the same name is handed back, its place kept."""
    waiting = Waitlist()
    for name in ("a", "b"):
        waiting.put(name, name, rank=STOP, whose=name)
    assert waiting.put("a", "a again", rank=STOP, whose="a") == "a"
    assert taken(waiting) == ["a again", "b"]


def test_what_was_dropped_costs_nobody_a_turn():
    """After a hundred were dropped, the next one is as good as a first."""
    waiting = Waitlist()
    for number in range(100):
        waiting.put(number, number, rank=STOP, whose="lina")
        waiting.put(("o", number), ("o", number), rank=STOP, whose="other")
    for number in range(100):
        assert waiting.drop(number) == number
    waiting.put("new", "new", rank=STOP, whose="lina")
    assert waiting.take() == "new" or waiting.take() == "new"
    assert waiting.drop("unknown") is None


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(0, 2), st.booleans()), max_size=60
    )
)
def test_everything_is_taken_once_unless_dropped(steps):
    """Nothing is lost and nothing comes twice, whatever is put and dropped."""
    waiting, held = Waitlist(), {}
    for at, (whose, rank, is_put) in enumerate(steps):
        if is_put:
            waiting.put(at, at, rank=(rank, 0), whose=whose)
            held[at] = rank
        elif held and rank == 0:
            gone = next(iter(held))
            assert waiting.drop(gone) == gone
            del held[gone]
        elif (item := waiting.take()) is not None:
            assert held[item] == min(held.values())
            del held[item]
    rest = taken(waiting)
    assert len(waiting) == 0
    assert sorted(rest) == sorted(held)
    assert [steps[at][1] for at in rest] == sorted(steps[at][1] for at in rest)


@given(st.lists(st.integers(0, 4)))
def test_everybodys_first_goes_before_anybodys_second(owners):
    """All are there, each owner's in their order, and turns never fall."""
    items = list(enumerate(owners))
    ordered = in_turn(items, lambda item: item[1])
    assert sorted(ordered) == items
    had = {}
    turns = []
    for at, owner in ordered:
        own = had.setdefault(owner, [])
        turns.append(len(own))
        assert not own or own[-1] < at
        own.append(at)
    assert turns == sorted(turns)
