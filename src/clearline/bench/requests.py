"""Ask a server over HTTP as fast as it answers: a process of its own.

Each line is kept open and asks again once it was answered; times are of this process's
monotonic clock. The answer is not looked into but for its status.
"""

import asyncio
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Final

_LONGEST: Final = 1 << 22


def ask_all(pipe: Connection) -> None:
    """Take `(port, lines, requests)` from a pipe, and send back what came of them.

    What is sent back is the seconds all took, seconds of each, and each status. Ends
    with a `None`.
    """
    pipe.send("ready")
    while (asked := pipe.recv()) is not None:
        port, lines, requests = asked
        pipe.send(asyncio.run(_ask(port, lines, requests)))


async def _ask(
    port: int, lines: int, requests: list[bytes]
) -> tuple[float, list[float], list[int]]:
    took: list[float] = []
    statuses: list[int] = []
    left = iter(requests)
    opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(lines)]
    begun = time.monotonic()
    await asyncio.gather(
        *(_line(reader, writer, left, took, statuses) for reader, writer in opened)
    )
    whole = time.monotonic() - begun
    for _, writer in opened:
        writer.close()
    return whole, took, statuses


async def _line(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    left: Iterator[bytes],
    took: list[float],
    statuses: list[int],
) -> None:
    """Ask what is left, one after the other, on one line."""
    for request in left:
        at = time.monotonic()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = _length(head)
        if length:
            await reader.readexactly(length)
        took.append(time.monotonic() - at)
        statuses.append(int(head.split(b" ", 2)[1]))


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return min(int(value), _LONGEST)
    return 0


def request(
    method: str,
    path: str,
    *,
    token: str = "",
    body: bytes | None = None,
    more: str = "",
) -> bytes:
    """Write a request as it goes over the line."""
    said = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{more}"
    if token:
        said += f"Authorization: Bearer {token}\r\n"
    if body is not None:
        said += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return said.encode() + b"\r\n" + (body or b"")
