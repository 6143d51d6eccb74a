"""The bench of screening: the same seed draws the same, and a wrong answer fails."""

import pytest

from clearline.bench import bulk, screening
from clearline.bench.exactness import NotExact
from clearline.bench.screening import run
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


def test_as_many_plans_as_notices_are_screened_from_files():
    """The bulk part reads both files, screens, and holds a sample against all."""
    told = run(n=2_000, plans=50, sample=50, seed=3, is_bulk=True).bulk
    assert told.plans == told.notices == 2_000
    assert told.rows > 0
    assert told.sampled_plans == 50


def test_bulk_that_misses_fails_the_run(monkeypatch):
    """Rows that are wrong fail the run as much as a single answer does."""
    whole = bulk.Notices.screen

    def careless(self, parcels):
        for some in whole(self, parcels):
            yield some._replace(notices=some.notices[1:], asked=some.asked[1:])

    monkeypatch.setattr(bulk.Notices, "screen", careless)
    with pytest.raises(NotExact):
        bulk.run(Kind.THEATRE, 2_000, 3, 2_000)
