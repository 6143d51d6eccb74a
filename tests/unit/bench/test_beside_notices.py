"""The peer beside `bench notices` holds the same places and is asked the same plans."""

from clearline.bench.beside_notices import measure_beside
from notice_forms import a_movement, a_site


def test_the_peer_is_asked_for_every_plan():
    """Its figures are of what was entered and asked, and of nothing else."""
    extents = [a_site().extent, a_movement().extent]
    sizes = iter((100.0, 101.5))
    beside = measure_beside(extents, extents, lambda: next(sizes))
    assert (beside.plan_ms.n, beside.rss_mb) == (2, 1.5)
    assert beside.name.startswith("SQLite")
