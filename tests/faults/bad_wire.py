"""Carry bytes between two nodes badly: late, in drips, broken off, or altered.

    python -m faults.bad_wire LISTEN_HOST TO_HOST TO_PORT

The first line out is the port. A line in changes what the wire does from then on:

    pass             as they come
    slow             300 ms late, 8 kB a second
    shuffle          each connection late by another time, up to 1.5 s
    deaf             whatever is answered is lost, and the connection with it
    spoil            one bit of what is carried is turned, in each direction
    hole             bytes go in and none come out
"""

import asyncio
import random
import sys

LATE_S = 0.3
DRIP = 800


class Wire:
    """Carry connections as the mode of the moment says."""

    def __init__(self, host: str, port: int) -> None:
        """Carry to a node."""
        self.mode = "pass"
        self._to = (host, port)
        self._chance = random.Random(4)  # noqa: S311 (a wire, no secret)

    async def carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Carry one connection, both ways."""
        late = self._chance.uniform(0, 1.5) if self.mode == "shuffle" else 0.0
        await asyncio.sleep(late)
        try:
            there, to = await asyncio.open_connection(*self._to)
        except OSError:
            writer.close()
            return
        sent = asyncio.create_task(self._pump(reader, to, is_answer=False))
        back = asyncio.create_task(self._pump(there, writer, is_answer=True))
        await asyncio.wait([sent, back], return_when=asyncio.FIRST_COMPLETED)
        for one in (writer, to):
            one.close()
        for task in (sent, back):
            task.cancel()

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        is_answer: bool,
    ) -> None:
        carried = 0
        try:
            while data := await reader.read(65_536):
                carried += len(data)
                # a handshake's worth passes, so that what is lost is the answer
                if self.mode == "deaf" and is_answer and carried > 1_800:
                    return
                await self._pass(data, writer)
        except OSError:
            return

    async def _pass(self, data: bytes, writer: asyncio.StreamWriter) -> None:
        match self.mode:
            case "hole":
                await asyncio.sleep(3600)
            case "spoil":
                at = self._chance.randrange(len(data))
                data = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
            case "slow":
                await asyncio.sleep(LATE_S)
                for at in range(0, len(data), DRIP):
                    writer.write(data[at : at + DRIP])
                    await writer.drain()
                    await asyncio.sleep(0.1)
                return
        writer.write(data)
        await writer.drain()


async def main() -> None:
    """Carry until standard input ends."""
    listen, host, port = sys.argv[1:4]
    wire = Wire(host, int(port))
    server = await asyncio.start_server(wire.carry, listen, 0)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 (read by the test)
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(lines), sys.stdin
    )
    while line := await lines.readline():
        wire.mode = line.decode().strip()
        print("ok", flush=True)  # noqa: T201 (the same)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
