"""Be many screens: a process of its own that follows a feed and notes when things came.

Times are CLOCK_MONOTONIC, which every process of one machine shares. A peer is
followed in the same way: `mqtt` subscribes to a topic instead.
"""

import asyncio
import contextlib
import multiprocessing
import struct
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from typing import Final

_AT_ONCE: Final = 50
_FOLLOWERS: Final = 120.0
_LONGEST: Final = 1 << 20


def follow_feed(count: int, port: int, token: str, pipe: Connection) -> None:
    """Follow a node's feed `count` times; send for each id the times it came.

    Args:
        count: How many screens.
        port: Where the node listens, on loopback, without TLS.
        token: Who follows.
        pipe: Says `ready`, then takes the ids to report, one batch at a time.
    """
    hello = (
        f"GET /api/v1/feed HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Bearer {token}\r\n\r\n"
    ).encode()
    asyncio.run(_follow(count, port, hello, b"event: hello", _mark_feed, pipe))


def follow_mqtt(count: int, port: int, token: str, pipe: Connection) -> None:
    """Subscribe to a broker `count` times (MQTT 3.1.1); arguments as `follow_feed`."""
    del token
    asyncio.run(_follow(count, port, b"", b"", _mark_mqtt, pipe))


Follow = Callable[[int, int, str, Connection], None]
Mark = Callable[[bytes], list[str]]


def _mark_feed(said: bytes) -> list[str]:
    """Find the ids of the calls that were raised, in what a feed sent."""
    return [
        part.split(b'"id":"', 1)[1].split(b'"', 1)[0].decode()
        for part in said.split(b"event: call\n")[1:]
        if b'"act":"call_raised"' in part
    ]


def _mark_mqtt(said: bytes) -> list[str]:
    """Find the ids that were published."""
    return [part.split(b"|", 1)[0].decode() for part in said.split(b"|id:")[1:]]


async def _follow(  # noqa: PLR0913, PLR0917 (what one kind of screen differs by)
    count: int, port: int, hello: bytes, answer: bytes, mark: Mark, pipe: Connection
) -> None:
    came: dict[str, list[float]] = {}
    ready = asyncio.Semaphore(_AT_ONCE)
    waiting = asyncio.Event()
    left = count

    async def one(number: int) -> None:
        nonlocal left
        async with ready:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            if hello:
                writer.write(hello)
                await reader.readuntil(answer)
            else:
                await _subscribe(number, reader, writer)
        left -= 1
        if not left:
            waiting.set()
        rest = b""
        while said := await reader.read(_LONGEST):
            now = time.monotonic()
            rest += said
            whole, cut, rest = rest.rpartition(b"\n\n")
            for id_ in mark(whole + cut):
                came.setdefault(id_, []).append(now)

    screens = [asyncio.create_task(one(number)) for number in range(count)]
    await waiting.wait()
    loop = asyncio.get_running_loop()
    pipe.send("ready")
    while True:
        asked = await loop.run_in_executor(None, pipe.recv)
        if asked is None:
            break
        pipe.send({id_: came.get(id_, []) for id_ in asked})
    for screen in screens:
        screen.cancel()


async def _subscribe(
    number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Connect and subscribe to `calls` (OASIS MQTT 3.1.1, sections 3.1 and 3.8)."""
    name = f"s{number}".encode()
    variable = b"\x00\x04MQTT\x04\x02" + struct.pack("!H", 0)
    writer.write(_packet(0x10, variable + struct.pack("!H", len(name)) + name))
    await reader.readexactly(4)
    topic = struct.pack("!H", 5) + b"calls"
    writer.write(_packet(0x82, struct.pack("!H", 1) + topic + b"\x00"))
    await reader.readexactly(5)


def _packet(kind: int, body: bytes) -> bytes:
    size, length = len(body), b""
    while True:
        size, byte = divmod(size, 128)
        length += bytes([byte | (0x80 if size else 0)])
        if not size:
            return bytes([kind]) + length + body


def publication(id_: str, content: bytes) -> bytes:
    """Write one publication to `calls` at quality of service 0 (section 3.3)."""
    return _packet(
        0x30,
        struct.pack("!H", 5)
        + b"calls"
        + b"|id:"
        + id_.encode()
        + b"|"
        + content
        + b"\n\n",
    )


def connection() -> bytes:
    """Write what the publisher connects with (section 3.1)."""
    variable = b"\x00\x04MQTT\x04\x02" + struct.pack("!H", 0)
    return _packet(0x10, variable + struct.pack("!H", 3) + b"pub")


@contextlib.contextmanager
def following(
    follow: Callable[[int, int, str, Connection], None],
    count: int,
    port: int,
    token: str,
) -> Iterator[Callable[[list[str]], dict[str, list[float]]]]:
    """Run followers in a process of their own; ask them when ids came."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=follow, args=(count, port, token, theirs))
    process.start()
    try:
        if not ours.poll(_FOLLOWERS) or ours.recv() != "ready":
            raise TimeoutError(f"{count} followers were not ready in {_FOLLOWERS} s")

        def came(ids: list[str]) -> dict[str, list[float]]:
            ours.send(ids)
            found: dict[str, list[float]] = ours.recv()
            return found

        yield came
    finally:
        with contextlib.suppress(OSError):
            ours.send(None)
        process.join(5)
        process.kill()
