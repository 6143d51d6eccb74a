"""Draw from the system's source of what must not be guessed."""

import os


class SystemChance:
    """Draw from the kernel; the contract is `service.ports.Chance`."""

    def draw(self, size: int) -> bytes:
        """Draw `size` bytes (getrandom(2))."""
        return os.urandom(size)
