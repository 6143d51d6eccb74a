"""Start a running exercise and open the console on it: `clearline demo`."""

import base64
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

from cyclopts import Parameter

from clearline.cli import Switch

if TYPE_CHECKING:
    from collections.abc import Callable

    from clearline.compose.service import Service
    from clearline.web.server import Listening

ORIGIN = "valley.example/clearline/exercise"


def demo(
    *,
    port: int = 0,
    data: Path | None = None,
    browser: Annotated[bool, Parameter(negative="--no-browser")] = True,
    json: Switch = False,
) -> int:
    """Start an exercise and open the console on it.

    An invented valley: a clinic, a convoy on its way, live fire planned where it will
    pass, and a STOP twelve seconds after you have signed in. You stand the watch of one
    desk; everybody else is played. Nothing leaves this machine and nothing of it is
    real. The day of 17 September 2016 is replayed with `clearline replay
    deir-ez-zor-2016`.

    Exit code: 0 when it is stopped with Ctrl-C; as `clearline serve` otherwise.

    Parameters
    ----------
    port
        Port to listen on, loopback only; 0 for any that is free.
    data
        Folder to keep the exercise in; one that is deleted afterwards unless said.
    browser
        Whether to open a browser.
    json
        Say where it listens as one JSON object.
    """
    import tempfile  # noqa: PLC0415 (loaded when asked, so that --help is quick)

    started = time.monotonic()
    step = _Steps(started, is_quiet=json)
    if data is not None:
        return _run(data, port, step, opens=browser, as_json=json)
    with tempfile.TemporaryDirectory(prefix="clearline-exercise-") as folder:
        return _run(Path(folder) / "data", port, step, opens=browser, as_json=json)


def _run(data: Path, port: int, step: "_Steps", *, opens: bool, as_json: bool) -> int:
    from clearline.adapters.chance import SystemChance  # noqa: PLC0415
    from clearline.exercise.playing import Exercise  # noqa: PLC0415
    from clearline.web.running import run  # noqa: PLC0415

    code = base64.b32encode(SystemChance().draw(10)).decode().lower()

    def begun(service: "Service") -> "Callable[[], None]":
        step("a log with its own key, realm exercise")
        exercise = Exercise(service, code)
        exercise.start()
        step("three parties, five desks, everybody but you played")
        return exercise.stop

    def said(service: "Service", where: "Listening") -> None:
        del service
        step("the console")
        page = f"{where.url}/sign-in?{urlencode({'person': 'you', 'code': code})}"
        _say(where.url, page, code, as_json=as_json)
        if opens:
            import webbrowser  # noqa: PLC0415 (loaded when asked)

            webbrowser.open(page)

    web = {"host": "127.0.0.1", "port": port, "tls": False}
    return run(data, origin=ORIGIN, web=web, as_json=as_json, said=said, begun=begun)


def _say(url: str, page: str, code: str, *, as_json: bool) -> None:
    if as_json:
        import json  # noqa: PLC0415 (loaded when asked)

        print(json.dumps({"url": url, "page": page, "person": "you", "code": code}))
        sys.stdout.flush()
        return
    print(f"\n  {page}\n", f"  person  you\n   code    {code}\n", sep="\n")
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
