"""Run one telephone line: a `baresip` process, told what to do over its control port.

    dial, accept, play, hang up  -->  JSON in netstrings (ctrl_tcp)  -->  baresip
    established, key pressed, closed  <--  events, in order, in a queue

The process has its own folder, which only we can read: the trunk's password stands
in it. A process that died is started anew when the line is next needed.
"""

import contextlib
import json
import queue
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from clearline.adapters.couriers.voice_speech import write_samples
from clearline.adapters.settings import Transport, Voice

PROGRAM: Final = "baresip"
START_WITHIN_S: Final = 5.0
"""How long a process may take to listen for what it is told."""

_MODULES: Final = (
    "/usr/lib/baresip/modules",
    "/usr/lib64/baresip/modules",
    "/usr/local/lib/baresip/modules",
)
_TOLD_WITHIN_S: Final = 5.0
_STOP_WITHIN_S: Final = 2.0

EventKind = Literal["incoming", "ringing", "established", "key", "closed", "registered"]

_KINDS: Final[dict[str, EventKind]] = {
    "CALL_INCOMING": "incoming",
    "CALL_RINGING": "ringing",
    "CALL_PROGRESS": "ringing",
    "CALL_ESTABLISHED": "established",
    "CALL_DTMF_START": "key",
    "CALL_CLOSED": "closed",
    "REGISTER_OK": "registered",
}


class LineDead(Exception):
    """Say that the process is not there, or does not do as it is told."""


_REGISTERED: Final = "User Agents"
_TAKEN_IN: Final = "OK"
_TURNED_AWAY: Final = "ERR"
"""What the program says of where it is registered."""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what happened on the line.

    Attributes:
        detail: The key pressed, or why a call was closed.
        peer: The other side's address.
    """

    kind: EventKind
    detail: str = ""
    peer: str = ""


class Line:
    """Hold one process and its control connection."""

    def __init__(self, settings: Voice, port: int, *, is_registered: bool) -> None:
        """Use these settings; nothing runs before `ensure`.

        Args:
            settings: The trunk.
            port: Where it listens for SIP; 0 for any.
            is_registered: Whether it takes calls that come in.
        """
        self._settings = settings
        self._port = port
        self._is_registered = is_registered
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._folder: Path | None = None
        self._lock = threading.Lock()
        self._is_stopped = False
        self.events: queue.Queue[Event] = queue.Queue()
        self.is_registered = False
        self.register_said = ""

    @property
    def folder(self) -> Path:
        """Return its folder, where what it plays is put."""
        if self._folder is None:
            raise LineDead("the line was never started")
        return self._folder

    @property
    def is_running(self) -> bool:
        """Say whether the process is there."""
        return self._process is not None and self._process.poll() is None

    def ensure(self) -> None:
        """Start the process unless it runs.

        Raises:
            LineDead: It cannot be started.
        """
        with self._lock:
            if self._is_stopped:
                raise LineDead("the node is stopping")
            if self.is_running and self._control is not None:
                return
            self._end()
            self._start()

    def dial(self, number: str) -> None:
        """Call a number through the trunk."""
        self._tell("dial", f"sip:{number}@{self._settings.server}")

    def accept(self) -> None:
        """Take the call that rings here."""
        self._tell("accept")

    def play(self, path: Path) -> None:
        """Play a file, instead of what is playing."""
        self._tell("ausrc", f"aufile,{path}")

    def hang_up(self) -> None:
        """End the call, if there is one."""
        with contextlib.suppress(LineDead):
            self._tell("hangup")

    def forget(self) -> None:
        """Forget events of a call that is over."""
        with contextlib.suppress(queue.Empty):
            while True:
                self.events.get_nowait()

    def stop(self) -> None:
        """End the process and take its folder away."""
        with self._lock:
            self._is_stopped = True
            self._end()

    # --- the process ----------------------------------------------------------------

    def _start(self) -> None:
        modules = next((Path(m) for m in _MODULES if Path(m).is_dir()), None)
        if shutil.which(PROGRAM) is None or modules is None:
            raise LineDead(f"voice not installed: there is no {PROGRAM}")
        self._folder = Path(tempfile.mkdtemp(prefix="clearline-voice-"))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            control = free.getsockname()[1]
        try:
            self._write(modules, control)
        except (OSError, LineDead):
            self._end()
            raise
        self._process = subprocess.Popen(  # noqa: S603 (a fixed program)
            [PROGRAM, "-4", "-f", str(self._folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + START_WITHIN_S
        while self._control is None:
            try:
                self._control = socket.create_connection(("127.0.0.1", control), 1.0)
            except OSError as error:
                if time.monotonic() > until or not self.is_running:
                    self._end()
                    raise LineDead(f"{PROGRAM} does not start: {error}") from error
                time.sleep(0.05)  # nothing says when a process listens
        self._control.settimeout(None)
        threading.Thread(
            target=self._read, args=(self._control,), name="line", daemon=True
        ).start()

    def _write(self, modules: Path, control: int) -> None:
        folder, settings = self.folder, self._settings
        if any(sign in settings.password for sign in ';<>"\n'):
            raise LineDead("the password in [voice] holds a sign no account can: ;<>")
        host = settings.address or "0.0.0.0"  # noqa: S104 (a telephone has to be reached)
        (folder / "config").write_text(
            f"sip_listen {host}:{self._port}\n"
            "call_local_timeout 3600\n"
            "call_max_calls 1\n"
            f"audio_source aufile,{folder}/none.wav\n"
            "audio_player nothing,\n"
            "audio_alert nothing,\n"
            "ausrc_srate 8000\nauplay_srate 8000\n"
            "ausrc_channels 1\nauplay_channels 1\n"
            f"module_path {modules}\n"
            "module g711.so\nmodule aufile.so\n"
            "module_app account.so\nmodule_app menu.so\nmodule ctrl_tcp.so\n"
            f"ctrl_tcp_listen 127.0.0.1:{control}\n",
            encoding="utf-8",
        )
        own = f"sip:{settings.user}@{settings.domain or settings.server}"
        more = ["answermode=manual", "audio_codecs=pcmu,pcma"]
        is_registered = self._is_registered and settings.register
        more.append(f"regint={settings.register_s if is_registered else 0}")
        if settings.password:
            more.append(f"auth_pass={settings.password}")
        if settings.transport is not Transport.UDP:
            own += f";transport={settings.transport}"
        (folder / "accounts").write_text(
            f"<{own}>;{';'.join(more)}\n", encoding="utf-8"
        )
        (folder / "contacts").write_text("", encoding="utf-8")
        write_samples(folder / "none.wav", b"")

    def _end(self) -> None:
        control, self._control = self._control, None
        if control is not None:
            with contextlib.suppress(OSError):
                control.close()
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            try:
                process.wait(_STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(_STOP_WITHIN_S)
        folder, self._folder = self._folder, None
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)

    def ask_registered(self) -> None:
        """Ask the program whether the trunk has taken us in; `_take` hears it.

        It registers before anybody listens, and says nothing more for minutes.

        Raises:
            LineDead: The program is not running.
        """
        if self._is_registered and self._settings.register:
            self._tell("reginfo")

    # --- the control port -------------------------------------------------------------

    def _tell(self, command: str, params: str = "") -> None:
        data = json.dumps({"command": command, "params": params}).encode()
        control = self._control
        if control is None:
            raise LineDead(f"{PROGRAM} is not running")
        try:
            control.sendall(b"%d:%s," % (len(data), data))
        except OSError as error:
            raise LineDead(f"{PROGRAM} does not listen: {error}") from error

    def _read(self, control: socket.socket) -> None:
        data = b""
        with contextlib.suppress(OSError, ValueError):
            while more := control.recv(65536):
                data += more
                while (found := _netstring(data)) is not None:
                    one, data = found
                    self._take(json.loads(one))
        self.events.put(Event(kind="closed", detail=f"{PROGRAM} ended"))

    def _take(self, said: dict[str, Any]) -> None:
        name = str(said.get("type", ""))
        if name.startswith("REGISTER"):
            self.is_registered = name == "REGISTER_OK"
            self.register_said = "" if self.is_registered else str(said.get("param"))
        data = str(said.get("data", ""))
        if said.get("response") and _REGISTERED in data:
            self.is_registered = _TAKEN_IN in data
            if self.is_registered:
                self.register_said = ""
            elif _TURNED_AWAY in data:
                self.register_said = self.register_said or "the trunk turned us away"
        kind = _KINDS.get(name)
        if kind is not None:
            self.events.put(
                Event(
                    kind=kind,
                    detail=str(said.get("param", "")),
                    peer=str(said.get("peeruri", "")),
                )
            )


def _netstring(data: bytes) -> tuple[bytes, bytes] | None:
    """Take one netstring off the front; nothing while it is not whole.

    Raises:
        ValueError: It is none.
    """
    length, colon, rest = data.partition(b":")
    if not colon:
        return None
    size = int(length)
    return (rest[:size], rest[size + 1 :]) if len(rest) > size else None
