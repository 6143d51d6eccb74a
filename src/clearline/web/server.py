"""Serve a node until it is told to stop: uvicorn, with the node's own certificate."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec
import uvicorn

from clearline.adapters.certificates import Certificates
from clearline.compose.service import Service
from clearline.model.errors import BadInput, ClearlineError, LostCertainty
from clearline.web.app import App
from clearline.web.feed import Feed
from clearline.web.protocol import Protocol

PATIENCE_S: Final = 5
"""How long requests under way get to finish when the node stops."""

LOOK_EVERY_S: Final = 0.25


class PortTaken(BadInput):
    """Refuse to start where something else listens."""

    exit_code = 69


class OpenToAll(BadInput):
    """Refuse to listen beyond this machine without TLS."""

    exit_code = 78


class WriterStopped(LostCertainty):
    """Stop, because nothing is recorded any more; a supervisor starts it again."""


class Listening(msgspec.Struct, frozen=True, kw_only=True):
    """Say where a node listens."""

    url: str
    certificates: Certificates | None


SEND_BUFFER_BYTES: Final = 131_072
"""How much the kernel holds for a line that does not take it (it doubles this)."""


def listen(service: Service) -> socket.socket:
    """Take the address and port of the settings.

    Raises:
        PortTaken: Something else has them, or they are not this machine's.
        OpenToAll: They reach beyond this machine, and TLS is off.
    """
    web = service.settings.web
    if not web.tls and web.host not in ("127.0.0.1", "::1", "localhost"):
        raise OpenToAll(
            f"Without TLS the node listens on loopback only, not on {web.host}.",
            state="The node did not start.",
            next="Leave `tls` on; desks trust the node's own authority once.",
        )
    family = socket.AF_INET6 if ":" in web.host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # left to itself the kernel holds megabytes for each screen that has stopped reading
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
    try:
        taken.bind((web.host, web.port))
        taken.listen(1024)
    except OSError as error:
        taken.close()
        raise PortTaken(
            f"{web.host} port {web.port} cannot be listened on: {error}.",
            state="The node did not start.",
            next="Choose another with --port, or stop what listens there.",
        ) from error
    service.port = taken.getsockname()[1]
    return taken


def serve(
    service: Service,
    feed: Feed,
    taken: socket.socket,
    made: Certificates | None,
    *,
    said: Callable[[Listening], None],
) -> None:
    """Serve until SIGTERM or SIGINT, or until nothing is recorded any more.

    Args:
        service: A service that has begun; its runner starts with the server.
        feed: What tells its screens.
        taken: The socket to serve on.
        made: The certificates to speak TLS with; none for plain HTTP.
        said: Is told where the node listens, once it answers.

    Raises:
        WriterStopped: The writer lost certainty; what rang is in its error.
    """
    app = App(service, feed)
    tls: dict[str, Any] = {}
    if made is not None:
        tls = {"ssl_certfile": made.certificate, "ssl_keyfile": made.key}
    config = uvicorn.Config(
        app.asgi,
        http=Protocol,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        timeout_graceful_shutdown=PATIENCE_S,
        **tls,
    )
    port = taken.getsockname()[1]
    scheme = "http" if made is None else "https"
    url = f"{scheme}://{service.settings.web.names[0]}:{port}"
    asyncio.run(
        _run(
            _Server(config), taken, service, Listening(url=url, certificates=made), said
        )
    )
    failed = service.node.runner.failed
    if failed is not None:
        raise WriterStopped(
            f"The writer has stopped: {failed}",
            state="Nothing is recorded any more; what was ringing rings no further.",
            next=failed.next
            if isinstance(failed, ClearlineError)
            else "Use voice now, and start the node again.",
        ) from failed


class _Server(uvicorn.Server):
    """Leave signals to us: they stop the node in its own order."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


async def _run(
    server: uvicorn.Server,
    taken: socket.socket,
    service: Service,
    where: Listening,
    said: Callable[[Listening], None],
) -> None:
    loop = asyncio.get_running_loop()

    def stop() -> None:
        server.should_exit = True

    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop)
    serving = loop.create_task(server.serve(sockets=[taken]))
    while not server.started and not serving.done():
        await asyncio.wait([serving], timeout=0.01)
    if server.started:
        service.operator.listens(where.url)
        said(where)
    try:
        while not serving.done():
            await asyncio.wait([serving], timeout=LOOK_EVERY_S)
            if service.node.runner.failed is not None:
                stop()
    finally:
        service.operator.leaves()
    await serving
