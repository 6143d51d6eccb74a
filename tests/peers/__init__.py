"""Peers a courier meets on loopback, each started and stopped by its test."""

import socket
from datetime import UTC, datetime, timedelta

from clearline.service.ports import Reading


def free_port() -> int:
    """Find a port nobody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


class Ahead:
    """Tell the time, as far ahead as a test says; node time never goes back."""

    def __init__(self) -> None:
        """Start with the time there is."""
        self.by = timedelta()

    def read(self) -> Reading:
        """Read node time, ahead, and the wall time there is."""
        wall = datetime.now(UTC)  # noqa: TID251 (peers hold signatures against it)
        return Reading(at=wall + self.by, wall=wall, error_s=None)
