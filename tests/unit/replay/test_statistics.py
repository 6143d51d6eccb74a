"""Percentiles by nearest rank, worked by hand; and what never happened."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from clearline.replay.statistics import distribution, median, share

DRAWS = st.lists(st.one_of(st.none(), st.floats(0, 1e5)), min_size=1, max_size=300)


def test_percentiles_of_ten_draws_worked_by_hand() -> None:
    """Rank ceil(p * n / 100): of ten, the 5th, the 10th, the 10th."""
    values = [50.0, 10.0, 40.0, 20.0, 30.0, 60.0, 100.0, 80.0, 70.0, 90.0]
    figure = distribution(values, never_says="never")
    assert (figure.p50, figure.p95, figure.p99) == (50.0, 100.0, 100.0)
    assert (figure.least, figure.most) == (10.0, 100.0)
    assert dict(figure.curve)[25] == 30.0  # ceil(2.5) = 3rd
    assert dict(figure.curve)[90] == 90.0
    assert (figure.never, figure.of, figure.why) == (0, 10, "")


def test_a_draw_in_which_it_never_happened_lies_above_all_others() -> None:
    """Four of twenty never stopped: the median stands, 95 and 99 are unknown."""
    values: list[float | None] = [float(number) for number in range(1, 17)]
    figure = distribution(values + [None] * 4, never_says="never stopped")
    assert (figure.p50, figure.p95, figure.p99) == (10.0, None, None)
    assert figure.never == 4
    assert figure.why == "never stopped"
    assert median([None, None, 1.0]) is None
    assert median([None, 1.0]) == 1.0


@given(values=DRAWS)
def test_a_histogram_loses_no_draw(values: list[float | None]) -> None:
    """Bars stand side by side and hold every draw in which it happened."""
    figure = distribution(values, never_says="")
    assert sum(bar.count for bar in figure.bars) == figure.of - figure.never
    for one, other in pairwise(figure.bars):
        assert one.end == other.start


@given(values=DRAWS)
def test_a_higher_percentile_is_never_a_smaller_value(
    values: list[float | None],
) -> None:
    """Once a percentile is unknown, so is every higher one."""
    curve = [value for _, value in distribution(values, never_says="").curve]
    for one, other in pairwise(curve):
        assert other is None or (one is not None and one <= other)


def test_a_share_is_of_all_draws() -> None:
    """One of three."""
    assert share([True, False, False]) == 0.3333
    assert share([]) == 0.0
