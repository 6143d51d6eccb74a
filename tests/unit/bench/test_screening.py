"""The bench of screening: the same seed draws the same, and a wrong answer fails."""

import pytest

from clearline.bench import screening
from clearline.bench.screening import NotExact, run
from clearline.bench.workload import Kind, Workload


@pytest.mark.parametrize("kind", list(Kind))
def test_a_seed_draws_the_same_workload_again(kind):
    """Whoever repeats a run repeats its extents; another seed draws others."""
    first = list(Workload(kind, 7).notices(50))
    assert list(Workload(kind, 7).notices(50)) == first
    assert list(Workload(kind, 8).notices(50)) != first


@pytest.mark.parametrize("kind", list(Kind))
def test_a_small_run_is_exact_and_so_are_its_peers(kind):
    """Ours and both peers find the same, on every run."""
    told = run(n=3_000, plans=300, sample=300, seed=3, workload=kind)
    assert told.exact
    assert told.sampled_pairs > 0
    assert told.certified_pairs > 0
    assert [peer.exact for peer in told.peers] == [True, True]
    assert told.pieces >= told.n == 3_000


def test_an_index_that_misses_fails_the_run(monkeypatch):
    """A run whose answers are wrong prints no figures."""

    class Careless(screening.Standing):
        def meet(self, asked, desk=None):
            return super().meet(asked, desk)[1:]

    monkeypatch.setattr(screening, "Standing", Careless)
    with pytest.raises(NotExact):
        run(n=3_000, plans=300, sample=300, seed=3)
