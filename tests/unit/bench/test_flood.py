"""Other desks' STOPs measured while one desk's flood waits, small."""

import pytest

from clearline.bench.flood import run


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_every_other_stop_is_answered_rung_and_seen():
    """Each is measured to the last of its rings and screens, and none is without."""
    found = run(flood=100, others=2, screens=3, people=2, every=0.01)
    assert found.unseen == 0
    assert found.answered_ms.n == found.first_ring_ms.n == 2
    assert found.every_ring_ms.most >= found.first_ring_ms.most > 0
    assert found.last_screen_ms.n == 2
