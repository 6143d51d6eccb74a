"""Start telephones on a network of our own: nothing in it leaves this machine.

A SIP program cannot call where only `lo` exists, so the thread that uses `network` is
put into a network namespace of its own with a pair of virtual interfaces; what it
starts from there lives in it too.
"""

import contextlib
import ctypes
import os
import queue
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator

import pytest

from clearline.adapters.couriers.baresip import Event, Line
from clearline.adapters.settings import Voice

NODE, PHONE = "10.99.0.1", "10.99.0.2"
_CLONE_NEWNET = 0x40000000


@contextlib.contextmanager
def network() -> Iterator[None]:
    """Put this thread into a network namespace of its own, and take it out again."""
    for program in ("baresip", "espeak-ng", "ip"):
        if shutil.which(program) is None:
            pytest.skip(
                f"voice needs {program}: apt-get install baresip-core espeak-ng"
            )
    libc = ctypes.CDLL(None, use_errno=True)
    before = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    if libc.unshare(_CLONE_NEWNET):
        os.close(before)
        pytest.skip("a network namespace needs root")
    try:
        for words in (
            "link set lo up",
            "link add v0 type veth peer name v1",
            f"addr add {NODE}/24 dev v0",
            f"addr add {PHONE}/24 dev v0",
            "link set v0 up",
            "link set v1 up",
        ):
            subprocess.run(["ip", *words.split()], check=True)  # noqa: S607
        yield
    finally:
        assert libc.setns(before, _CLONE_NEWNET) == 0
        os.close(before)


class Telephone:
    """Hold a SIP telephone that a test speaks through."""

    def __init__(self, user: str = "basil", port: int = 5060) -> None:
        """Start it; it calls the node's port 5080."""
        settings = Voice(
            server=f"{NODE}:5080",
            user=user,
            domain=PHONE,
            register=False,
            address=PHONE,
            port=port,
        )
        self.line = Line(settings, port, is_registered=False)
        self.line.ensure()

    def wait(self, kind: str, seconds: float = 30.0) -> Event:
        """Wait for something to happen on it."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            with contextlib.suppress(queue.Empty):
                event = self.line.events.get(timeout=left)
                if event.kind == kind:
                    return event
        pytest.fail(f"the telephone never was {kind}")

    def press(self, keys: str) -> None:
        """Press keys, as fast as a person does."""
        for key in keys:
            self.line._tell("sndcode", key)
            time.sleep(0.25)  # a key has a length; nothing says when it was heard

    def call(self, number: str) -> None:
        """Ring somebody."""
        self.line.dial(number)

    def pick_up(self) -> None:
        """Take the call that rings."""
        self.wait("incoming")
        self.line.accept()
        self.wait("established")

    def hang_up(self) -> None:
        """End the call."""
        self.line.hang_up()

    def stop(self) -> None:
        """Switch it off."""
        self.line.stop()


class SaysNo:
    """Answer every call with one status, as a trunk does that will not carry it."""

    def __init__(self, status: str, port: int, asks: str = "INVITE") -> None:
        """Listen on the telephones' address; answer what `asks` names."""
        self._status = status
        self._asks = asks.encode()
        self.asked: list[bytes] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((PHONE, port))
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._answer, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop listening; the port is free when this returns."""
        self._is_over.set()
        self._socket.sendto(b"", self._socket.getsockname())  # whoever waits, wakes
        self._thread.join(10)
        self._socket.close()

    def _answer(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                data, peer = self._socket.recvfrom(65536)
                if self._is_over.is_set():
                    return
                if not data.startswith(self._asks):
                    continue
                self.asked.append(data)
                names = ("Via", "From", "To", "Call-ID", "CSeq", "Contact")
                kept = [
                    line
                    for line in data.decode().split("\r\n")
                    if line.split(":")[0] in names
                ]
                head = [f"SIP/2.0 {self._status}", *kept, "Content-Length: 0", "", ""]
                self._socket.sendto("\r\n".join(head).encode(), peer)
