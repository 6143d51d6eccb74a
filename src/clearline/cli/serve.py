"""Run a node: `clearline serve`."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from clearline.cli import Switch, called_as
from clearline.cli.prove import DATA


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
    from clearline.web.running import (  # noqa: PLC0415 (so that --help is quick)
        as_object,
        as_text,
        run,
    )

    given = {"host": host, "port": port, "tls": tls}
    settings = {name: value for name, value in given.items() if value is not None}
    return run(
        data,
        origin=origin,
        web=settings,
        as_json=json,
        said=lambda service, where: print(
            as_object(service, where) if json else as_text(service, where, called_as()),
            flush=True,
        ),
    )
