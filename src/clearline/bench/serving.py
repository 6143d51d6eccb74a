"""Serve what is measured, on loopback without TLS, in a thread of this process."""

import contextlib
import socket
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
import uvicorn

from clearline.compose.service import Service, open_service
from clearline.model.instants import Instant
from clearline.model.parties import Medium
from clearline.web.app import App
from clearline.web.feed import Feed
from clearline.web.limits import Limits, Rate
from clearline.web.protocol import Protocol

ORIGIN: Final = "bench.example/clearline/exercise"
BACKLOG: Final = 2048


class _NoLimits(Limits):
    """Let everybody ask as often as they like."""

    def take(self, caller: str, rate: Rate, now: Instant) -> None:
        """Take nothing."""


@contextlib.contextmanager
def served(
    path: Path, couriers: Mapping[Medium, Any] | None = None
) -> Iterator[tuple[Service, int]]:
    """Run a node on a folder, with couriers of the bench's own.

    Limits on how often a caller may ask are off: a few callers here stand for many.
    """
    feed = Feed()
    web = {"tls": False, "port": 0}
    service = open_service(
        path,
        origin=ORIGIN,
        environment={},
        web=web,
        hear=feed.hear,
        couriers=dict(couriers or {}),
    )
    service.begin()
    feed.look_back(service.node)
    app = App(service, feed)
    app.shared = msgspec.structs.replace(app.shared, limits=_NoLimits())
    try:
        with listening(app.asgi) as port:
            yield service, port
    finally:
        service.stop()


@contextlib.contextmanager
def listening(asgi: Any) -> Iterator[int]:
    """Serve an application with the node's own server; gives the port."""
    taken = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
    config = uvicorn.Config(
        asgi,
        http=Protocol,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]})
    thread.start()
    try:
        yield taken.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()
