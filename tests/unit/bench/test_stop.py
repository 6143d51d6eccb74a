"""A STOP measured from the press to the last screen, small."""

import pytest

from clearline.bench.screens import publication
from clearline.bench.stop import run


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_every_screen_sees_every_stop():
    """The bench counts each screen, and none is without a STOP."""
    found = run(screens=5, people=2, stops=3, every=0.01)
    assert found.unseen == 0
    assert found.answered_ms.n == 3 - found.unrecorded
    assert found.last_screen_ms.p50 >= found.first_screen_ms.p50 > 0
    assert found.handed_ms.p50 > 0


def test_a_publication_is_a_packet_of_its_own_length():
    """The peer is spoken to in its own format (OASIS MQTT 3.1.1, section 2.2.3)."""
    small, large = publication("p", b"x"), publication("p", b"x" * 300)
    assert small[0] == large[0] == 0x30
    assert small[1] == len(small) - 2
    assert (large[1] & 0x7F) + large[2] * 128 == len(large) - 3
