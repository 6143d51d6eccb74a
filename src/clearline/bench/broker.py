"""Stand a kept messaging server beside what is measured: Mosquitto, from Debian.

It fans the same number of bytes out to as many subscribers over the same loopback. It
writes nothing to a disk, signs nothing, and knows nobody's rights: what is between its
figure and ours is the price of all that.
"""

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from clearline.bench.screens import connection, follow_mqtt, following, publication

MOSQUITTO: Final = "mosquitto"
NOT_INSTALLED: Final = "mosquitto is not installed: apt-get install it"
_MESSAGE: Final = b"x" * 1_500

Published = tuple[dict[str, float], dict[str, list[float]]]
"""When each message was published, and when each subscriber had it; monotonic."""


def publish_all(
    folder: Path, subscribers: int, messages: int, *, every: float
) -> Published | None:
    """Publish messages to subscribers in a process of their own.

    Args:
        folder: Where the broker's settings lie meanwhile.
        subscribers: How many take every message.
        messages: How many are published.
        every: How long after one the next is, seconds.

    Returns:
        When they were published and when they came; nothing where no broker is
        installed.
    """
    broker = shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    if broker is None:
        return None
    with (
        _running(broker, folder) as port,
        following(follow_mqtt, subscribers, port, "") as came,
    ):
        published: dict[str, float] = {}
        with socket.create_connection(("127.0.0.1", port)) as line:
            line.sendall(connection())
            line.recv(4)
            for number in range(messages):
                published[f"p{number}"] = time.monotonic()
                line.sendall(publication(f"p{number}", _MESSAGE))
                time.sleep(every)
            time.sleep(1.0)
        return published, came(list(published))


@contextlib.contextmanager
def _running(broker: str, folder: Path) -> Iterator[int]:
    """Run a broker of this run's own; gives the port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = folder / "mosquitto.conf"
    settings.write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n"
    )
    serving = subprocess.Popen(  # noqa: S603 (a broker of this run's own)
        [broker, "-c", str(settings)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield port
    finally:
        serving.terminate()
        serving.wait()


def _wait_for(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.05)
    raise TimeoutError("the broker did not come up")
