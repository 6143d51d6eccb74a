"""Start a running exercise and open the console on it: `clearline demo`."""

import base64
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

from cyclopts import Parameter

from clearline.cli import Switch
from clearline.cli.scanned import show_code

if TYPE_CHECKING:
    from collections.abc import Callable

    from clearline.compose.service import Service
    from clearline.model.exercises import Exercise as Script
    from clearline.web.server import Listening

ORIGIN = "valley.example/clearline/exercise"


def demo(  # noqa: PLR0913 (each an option of the command)
    *,
    scenario: str = "valley",
    host: str = "127.0.0.1",
    port: int = 0,
    data: Path | None = None,
    browser: Annotated[bool, Parameter(negative="--no-browser")] = True,
    json: Switch = False,
) -> int:
    """Start an exercise and open the console on it.

    An invented valley: a clinic, a convoy on its way, live fire planned where it will
    pass, and a STOP twelve seconds after you have signed in. You stand the watch of one
    desk; everybody else is played. Nothing leaves this machine and nothing of it is
    real. Told an address of this machine with --host, it speaks TLS there and shows a
    QR code, so that a telephone takes part. The day of 17 September 2016 is replayed
    with `clearline replay deir-ez-zor-2016`.

    Exit code: 0 when it is stopped with Ctrl-C; as `clearline serve` otherwise.

    Parameters
    ----------
    scenario
        What is played: the name of an exercise that ships, or a file.
    host
        Address to listen on; this machine's own in its network, for telephones.
    port
        Port to listen on; 0 for any that is free.
    data
        Folder to keep the exercise in; one that is deleted afterwards unless said.
    browser
        Whether to open a browser.
    json
        Say where it listens as one JSON object.
    """
    import tempfile  # noqa: PLC0415 (loaded when asked, so that --help is quick)

    from clearline.exercise.document import load  # noqa: PLC0415

    script = load(scenario)
    started = time.monotonic()
    step = _Steps(started, is_quiet=json)
    if data is not None:
        return _run(script, data, (host, port), step, opens=browser, as_json=json)
    with tempfile.TemporaryDirectory(prefix="clearline-exercise-") as folder:
        place = Path(folder) / "data"
        return _run(script, place, (host, port), step, opens=browser, as_json=json)


def _run(  # noqa: PLR0913 (what the command line says, by name)
    script: "Script",
    data: Path,
    at: tuple[str, int],
    step: "_Steps",
    *,
    opens: bool,
    as_json: bool,
) -> int:
    from clearline.adapters.chance import SystemChance  # noqa: PLC0415
    from clearline.exercise.playing import Exercise  # noqa: PLC0415
    from clearline.web.qr import for_phones  # noqa: PLC0415
    from clearline.web.running import run  # noqa: PLC0415

    code = base64.b32encode(SystemChance().draw(10)).decode().lower()

    def begun(service: "Service") -> "Callable[[], None]":
        step("a log with its own key, realm exercise")
        exercise = Exercise(service, code, script=script)
        exercise.start()
        counts = f"{len(script.parties)} parties, {len(script.desks)} desks"
        step(f"{counts}, everybody but you played")
        return exercise.stop

    def said(service: "Service", where: "Listening") -> None:
        step("the console")
        asked = f"/sign-in?{urlencode({'person': 'you', 'code': code})}"
        page = where.url + asked
        far = for_phones(service.settings.web, service.port)
        _say(where.url, page, code, far and far + asked, as_json=as_json)
        if opens:
            import webbrowser  # noqa: PLC0415 (loaded when asked)

            webbrowser.open(page)

    host, port = at
    is_here = host in ("127.0.0.1", "::1", "localhost")
    names = () if is_here else (host, "localhost", "127.0.0.1")
    web = {"host": host, "port": port, "tls": not is_here}
    if names:
        web["names"] = names
    return run(data, origin=ORIGIN, web=web, as_json=as_json, said=said, begun=begun)


def _say(url: str, page: str, code: str, far: str | None, *, as_json: bool) -> None:
    if as_json:
        import json  # noqa: PLC0415 (loaded when asked)

        print(json.dumps({"url": url, "page": page, "person": "you", "code": code}))
        sys.stdout.flush()
        return
    print(f"\n  {page}\n")
    if far is not None:
        show_code(far)
        print(
            "  On a telephone: scan it; its browser warns until it trusts this node.\n"
        )
    print(f"  person  you\n  code    {code}\n")
    if far is None:
        print("  For a telephone too: --host and this machine's own address.")
    print(
        "  Sign in, press W to take the watch and turn sound on. Ctrl-C ends it.",
        flush=True,
    )


class _Steps:
    """Tick off what is done, each with the time since the start."""

    def __init__(self, started: float, *, is_quiet: bool) -> None:
        self._started, self._is_quiet = started, is_quiet

    def __call__(self, what: str) -> None:
        """Say that something is done."""
        if not self._is_quiet:
            took = time.monotonic() - self._started
            print(f"  ✓ {what}, {took:.1f} s", flush=True)
