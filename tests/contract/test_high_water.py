"""What keeps the newest checkpoint apart, whatever it is made of."""

import pytest

from clearline.adapters.high_water import HighWaterFile
from clearline.adapters.memory import MemoryHighWater


@pytest.fixture(params=["memory", "file"])
def high_water(request, tmp_path):
    """Make a fresh one of each kind."""
    if request.param == "memory":
        return MemoryHighWater()
    return HighWaterFile(tmp_path / "high-water")


def test_nothing_is_kept_at_first(high_water):
    """On first start there is no checkpoint, and that is no error."""
    assert high_water.read() is None


def test_the_newest_is_read(high_water):
    """Whatever was kept last is read, however often."""
    for number in range(7):
        high_water.keep(b"checkpoint %d\n" % number)
        assert high_water.read() == b"checkpoint %d\n" % number
        assert high_water.read() == b"checkpoint %d\n" % number
