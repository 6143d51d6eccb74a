"""What is drawn: the same by the same name, whatever else is drawn."""

from hypothesis import given
from hypothesis import strategies as st

from clearline.model.cast import Delay, Fixed, Lognormal, Uniform
from clearline.replay.chance import Draws, SeededChance

SEEDS = st.integers(0, 2**31)
NAMES = st.lists(st.text("abc", min_size=1, max_size=4), min_size=2, max_size=5)


@given(seed=SEEDS, names=NAMES)
def test_what_is_drawn_for_a_name_does_not_depend_on_what_else_is(
    seed: int, names: list[str]
) -> None:
    """Leaving a draw out, or drawing in another order, changes no other draw."""
    one, other = Draws(seed, 3), Draws(seed, 3)
    forward = [one.share(name, number=2) for name in names]
    backward = [other.share(name, number=2) for name in reversed(names)]
    assert forward == backward[::-1]
    assert Draws(seed, 3).share(names[0], number=2) == forward[0]


@given(seed=SEEDS)
def test_another_draw_or_another_number_has_other_luck(seed: int) -> None:
    """No two draws, names or numbers share their luck."""
    shares = {
        Draws(seed, 0).share("a"),
        Draws(seed, 1).share("a"),
        Draws(seed, 0).share("b"),
        Draws(seed, 0).share("a", number=2),
    }
    assert len(shares) == 4


@given(seed=SEEDS, median_s=st.floats(1, 100), more=st.floats(1, 10))
def test_a_slower_delay_is_slower_in_every_draw(
    seed: int, median_s: float, more: float
) -> None:
    """So a knob turned up never helps somebody by luck."""
    draws = Draws(seed, 0)
    fast = draws.seconds(Lognormal(median_s=median_s, sigma=0.8), "reach")
    slow = draws.seconds(Lognormal(median_s=median_s * more, sigma=0.8), "reach")
    assert slow >= fast


@given(seed=SEEDS, often=st.floats(0, 1), rarely=st.floats(0, 1))
def test_what_happens_more_often_happens_whenever_the_rarer_does(
    seed: int, often: float, rarely: float
) -> None:
    """Probability 0 never, 1 always, and more is never less."""
    draws = Draws(seed, 0)
    often, rarely = max(often, rarely), min(often, rarely)
    assert draws.happens(often, "x") or not draws.happens(rarely, "x")
    assert not draws.happens(0.0, "x")
    assert draws.happens(1.0, "x")


def test_delays_have_the_shape_the_document_names() -> None:
    """A median is the median, an interval is kept, a fixed time is that time."""

    def values(delay: Delay) -> list[float]:
        return sorted(Draws(7, run).seconds(delay, "x") for run in range(2001))

    assert set(values(Fixed(seconds=5))) == {5}
    even = values(Uniform(least_s=2, most_s=4))
    assert 2 <= even[0] < 2.02
    assert 3.98 < even[-1] <= 4
    skewed = values(Lognormal(median_s=12, sigma=0.8))
    assert abs(skewed[1000] - 12) < 0.8
    # 90 per cent of a lognormal lie below median * exp(1.2816 sigma)
    assert abs(skewed[1800] - 12 * 2.7877) < 3.5


def test_keys_come_from_the_seed_and_the_name() -> None:
    """The same seed and name give the same bytes, another name others."""
    assert SeededChance(7, "a").draw(32) == SeededChance(7, "a").draw(32)
    assert SeededChance(7, "a").draw(32) != SeededChance(7, "b").draw(32)
    assert SeededChance(7, "a").draw(32) != SeededChance(8, "a").draw(32)
