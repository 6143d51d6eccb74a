"""Tell a made-up time that moves only when it is set."""

from clearline.model.instants import Instant
from clearline.service.ports import Reading


class VirtualClock:
    """Tell the time of a replay; the contract is `service.ports.Clock`."""

    def __init__(self, at: Instant) -> None:
        """Stand at `at`, UTC."""
        self._at = at

    @property
    def at(self) -> Instant:
        """Return what it shows."""
        return self._at

    def go_to(self, at: Instant) -> None:
        """Show a later instant; an earlier one changes nothing."""
        self._at = max(self._at, at)

    def start_again(self, at: Instant) -> None:
        """Stand at `at` for the next draw of the same day."""
        self._at = at

    def read(self) -> Reading:
        """Read node time; the wall shows the same, and is not off by anything known."""
        return Reading(at=self._at, wall=self._at, error_s=None)
