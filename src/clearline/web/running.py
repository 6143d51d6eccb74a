"""Run a node from its folder to its last word: open, begin, listen, stop."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from clearline.adapters.certificates import Certificates, certificates
from clearline.compose.service import Service, open_service
from clearline.web.feed import Feed
from clearline.web.logs import LibrariesHeard, Logbook
from clearline.web.server import Listening, listen, serve


def run(  # noqa: PLR0913 (what a command line may say, by name)
    data: Path,
    *,
    origin: str | None,
    web: dict[str, Any],
    as_json: bool,
    said: Callable[[Service, Listening], None],
    begun: Callable[[Service], Callable[[], None]] | None = None,
) -> int:
    """Run a node until it is told to stop.

    Args:
        data: The data folder.
        origin: The log's name, needed on first start.
        web: Settings of the section `web` that win over file and environment.
        as_json: Whether to log one JSON object a line.
        said: Is told where it listens.
        begun: Is told once it has begun, and gives back what to do before it stops.

    Raises:
        ClearlineError: It cannot start, or can record nothing any more.
    """
    feed, logbook, over = Feed(), Logbook(as_json=as_json), _nothing
    has_begun = False
    service = open_service(data, origin=origin, web=web, hear=feed.hear)
    service.listeners.add(logbook.hear)
    try:
        taken = listen(service)
        made = _certificates(service) if service.settings.web.tls else None
        service.begin()
        has_begun = True
        if not service.gazetteer.is_made:
            service.gazetteer.make_beside()
        feed.look_back(service.node)
        if begun is not None:
            over = begun(service)

        def listens(where: Listening) -> None:
            said(service, where)
            logbook.say("node_listens", url=where.url, size=service.node.log.size)

        with LibrariesHeard(logbook).hearing():
            serve(service, feed, taken, made, said=listens)
    finally:
        over()
        service.stop()
        if has_begun:
            logbook.say("node_stopped", size=service.node.log.size)
    return 0


def _nothing() -> None:
    """Do nothing more before it stops."""


def _certificates(service: Service) -> Certificates:
    names = service.settings.web.names
    return certificates(service.folder, names, service.node.clock.read().wall)


def as_object(service: Service, where: Listening) -> str:
    """Say where a node listens, as one JSON object."""
    made = where.certificates
    return json.dumps(
        {
            "url": where.url,
            "origin": service.node.log.origin,
            "authority": str(made.authority) if made else None,
            "fingerprint": made.fingerprint if made else None,
            "setup_code": service.setup_code,
        }
    )


def as_text(service: Service, where: Listening, called: str) -> str:
    """Say where a node listens, and what to do next."""
    lines = [
        f"{service.node.log.origin} listens at {where.url}",
        f"  log       {service.node.log.size} entries in {service.folder}",
        f"  log key   {service.node.log.key}",
    ]
    if where.certificates is not None:
        lines += [
            f"  trust     {where.certificates.authority}",
            f"            SHA-256 {where.certificates.fingerprint}",
        ]
    if service.setup_code is not None:
        lines += [
            f"  set up    nobody is entered yet; the code is {service.setup_code}",
            f"            {called} setup --data {service.folder}",
        ]
    return "\n".join(lines)
