"""Run a node: `clearline serve`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from clearline.cli import Switch, called_as
from clearline.cli.prove import DATA
from clearline.cli.scanned import show_code

if TYPE_CHECKING:
    from clearline.compose.service import Service
    from clearline.web.server import Listening


def serve(  # noqa: PLR0913 (what may be said on the command line, by name)
    *,
    data: Path = DATA,
    origin: str | None = None,
    host: str | None = None,
    port: int | None = None,
    tls: Annotated[bool | None, Parameter(negative="--no-tls")] = None,
    json: Switch = False,
) -> int:
    """Run a node that people call, until it is told to stop.

    Everything lies in one folder, made on first start together with the node's key and
    a small certificate authority of its own. What was ringing when it stopped rings
    first. SIGTERM and Ctrl-C stop it in order: what was asked is finished and recorded.

    Settings stand in `clearline.toml` in the folder, and in the environment; what is
    said here wins.

    Exit code: 0 when told to stop; 65 when the log is not what was signed or nothing
    can be recorded any more (start it again, or see what it says); 69 if the folder or
    the port is taken; 74 if the disk refuses; 78 for settings that cannot be meant.

    Parameters
    ----------
    data
        The node's data folder.
    origin
        Name of the log, needed on first start: a name of yours, then the realm, as in
        `north.example/clearline/live` (or `/exercise`).
    host
        Address to listen on; loopback unless said.
    port
        Port to listen on; 0 for any that is free.
    tls
        Whether to speak TLS; without it, on loopback only.
    json
        Say where it listens as one JSON object, and log one object a line.
    """
    from clearline.web.running import run  # noqa: PLC0415 (so that --help is quick)

    given = {"host": host, "port": port, "tls": tls}
    settings = {name: value for name, value in given.items() if value is not None}
    return run(
        data,
        origin=origin,
        web=settings,
        as_json=json,
        said=_say_as_object if json else _say,
    )


def _say_as_object(service: "Service", where: "Listening") -> None:
    from clearline.web.running import as_object  # noqa: PLC0415

    print(as_object(service, where), flush=True)


def _say(service: "Service", where: "Listening") -> None:
    """Say where it listens; to whoever sets it up, as a code for a telephone too."""
    from clearline.web.qr import for_phones  # noqa: PLC0415
    from clearline.web.running import as_text  # noqa: PLC0415

    print(as_text(service, where, called_as()))
    far = for_phones(service.settings.web, service.port)
    if service.setup_code is not None and far is not None:
        print(f"  telephone {far}/trust")
        show_code(f"{far}/trust")
    sys.stdout.flush()
