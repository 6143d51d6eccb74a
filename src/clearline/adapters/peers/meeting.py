"""Let two nodes meet once, over plain TCP, to exchange their keys.

The port is open while two people talk, and answers one caller at a time. What passes
is public and trusted by nobody until the code has been compared (`service/pairing.py`).
"""

import contextlib
import socket
import time
from collections.abc import Iterator
from typing import Final

from clearline.model.errors import BadInput, BrokenPromise
from clearline.service.pairing import LONGEST_LINE, Accepting, Agreed, Inviting

EACH_S: Final = 10.0
"""How long one caller may take."""


class NobodyCame(BrokenPromise):
    """Admit that the two nodes did not meet."""


def host(inviting: Inviting, taken: socket.socket, *, seconds: float) -> Agreed:
    """Wait for the other side to call, and exchange keys.

    Whoever calls and does not go through with it is let go, and the next is heard.

    Args:
        inviting: Our half.
        taken: A socket that listens.
        seconds: How long to wait.

    Raises:
        NobodyCame: In that time nobody did.
        CommitmentBroken: Somebody showed other keys than committed to.
    """
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        taken.settimeout(left)
        try:
            sock, _ = taken.accept()
        except TimeoutError:
            break
        with contextlib.closing(sock):
            try:
                lines = _Lines(sock)
                lines.send(inviting.show(lines.read()))
                return inviting.take(lines.read())
            except (OSError, BadInput):
                continue  # a scanner, or somebody who hung up
    raise NobodyCame(
        f"Nobody called within {seconds:g} s.",
        state="Nothing was pinned.",
        next="Begin again once the other side is ready to `clearline link accept`.",
    )


def visit(accepting: Accepting, address: tuple[str, int]) -> Agreed:
    """Call the side that invites, and exchange keys.

    Raises:
        NobodyCame: It is not there, or hung up.
        PairingBroken: It says something else.
    """
    try:
        with _connected(address) as sock:
            lines = _Lines(sock)
            lines.send(accepting.commit())
            last, agreed = accepting.take(lines.read())
            lines.send(last)
            return agreed
    except OSError as error:
        raise NobodyCame(
            f"{address[0]} port {address[1]} does not answer: {error}.",
            state="Nothing was pinned.",
            next="Ask the other side to run `clearline link invite`, then try again.",
        ) from error


@contextlib.contextmanager
def _connected(address: tuple[str, int]) -> Iterator[socket.socket]:
    with contextlib.closing(socket.create_connection(address, EACH_S)) as sock:
        yield sock


class _Lines:
    """Read and write lines, each and all of them bounded."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock, self._until = sock, time.monotonic() + EACH_S
        self._held = b""

    def send(self, line: bytes) -> None:
        """Send a line."""
        self._sock.sendall(line)

    def read(self) -> bytes:
        """Read a line."""
        while b"\n" not in self._held:
            left = self._until - time.monotonic()
            if left <= 0 or len(self._held) > LONGEST_LINE:
                raise TimeoutError("it took too long, or was too long")
            self._sock.settimeout(left)
            data = self._sock.recv(4096)
            if not data:
                raise ConnectionError("it hung up")
            self._held += data
        line, _, self._held = self._held.partition(b"\n")
        return line
