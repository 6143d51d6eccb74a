"""Start an SMPP gateway on loopback: the npm package `smpp`, told what to do.

What it is made of comes from its registry, by the lock file in `smpp/`, into
`build/peers`; where that cannot be had, the tests that need it are left out and say so.
"""

import json
import os
import queue
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

from peers import free_port

HERE = Path(__file__).parent
BUILT = HERE.parent.parent / "build" / "peers"


def node_modules(peer: str) -> Path:
    """Return where a peer's packages are, installing them on first use."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip(f"the {peer} peer needs nodejs and npm: apt-get install nodejs npm")
    folder, source = BUILT / peer, HERE / peer
    lock = (source / "package-lock.json").read_text()
    done = folder / "installed-lock.json"
    if not done.exists() or done.read_text() != lock:
        folder.mkdir(parents=True, exist_ok=True)
        own = folder / f"for-{os.getpid()}"
        shutil.rmtree(own, ignore_errors=True)
        own.mkdir()
        for name in ("package.json", "package-lock.json"):
            shutil.copy(source / name, own / name)
        said = subprocess.run(
            ["npm", "ci", "--no-audit", "--no-fund", "--silent", "--ignore-scripts"],  # noqa: S607
            cwd=own,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if said.returncode:
            pytest.skip(f"the {peer} peer cannot be installed: {said.stderr[-300:]}")
        shutil.rmtree(folder / "node_modules", ignore_errors=True)
        shutil.move(own / "node_modules", folder / "node_modules")
        shutil.rmtree(own)
        done.write_text(lock)
    return folder / "node_modules"


class SmppGateway:
    """Hold a running gateway: tell it what to do, wait for what it saw."""

    def __init__(self, port: int = 0) -> None:
        """Start it on a port of loopback, any free one where none is named."""
        modules = node_modules("smpp")
        self._process = subprocess.Popen(
            ["node", str(HERE / "smpp" / "gateway.js"), str(port)],  # noqa: S607
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "NODE_PATH": str(modules)},
        )
        self._events: queue.Queue[dict] = queue.Queue()
        self._told: queue.Queue[dict] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.port = self.wait("listening")["port"]

    def do(self, what: str, **more: object) -> None:
        """Tell it what to do, and wait until it does so."""
        stdin = self._process.stdin
        assert stdin is not None
        stdin.write(json.dumps({"do": what, **more}) + "\n")
        stdin.flush()
        try:
            self._told.get(timeout=30.0)
        except queue.Empty:
            pytest.fail(f"the gateway never did {what}")

    def wait(self, event: str, seconds: float = 30.0) -> dict:
        """Wait for the next event of a kind, and pass over others."""
        while True:
            try:
                found = self._events.get(timeout=seconds)
            except queue.Empty:
                pytest.fail(f"the gateway never said {event}")
            if found["event"] == event:
                return found

    def seen(self, event: str) -> list[dict]:
        """Take every event there is now, and return those of a kind."""
        found = []
        while not self._events.empty():
            found.append(self._events.get())
        return [one for one in found if one["event"] == event]

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(10)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _read(self) -> None:
        stdout = self._process.stdout
        assert stdout is not None
        for line in stdout:
            said = json.loads(line)
            (self._told if said["event"] == "told" else self._events).put(said)


class _Answers(list):
    """Pass each answer on to the gateway as it is added."""

    def __init__(self, peer: "SmsPeer") -> None:
        super().__init__()
        self._peer = peer

    def append(self, answer: str) -> None:
        """Let the gateway answer the next message so."""
        super().append(answer)
        self._peer.answer(answer)

    def __iadd__(self, answers):
        """Let it answer the next messages so."""
        for answer in answers:
            self.append(answer)
        return self


class SmsPeer:
    """Hold a gateway that may be down, as one peer of the couriers' suite."""

    STATUSES = {"Throttling error": 0x58, "Invalid Destination": 0x0B}  # noqa: RUF012
    GARBAGE = "garbage"

    def __init__(self) -> None:
        """Choose where it will listen."""
        self.port = free_port()
        self.answers = _Answers(self)
        self.taken: list[dict] = []
        self._gateway: SmppGateway | None = None

    def start(self) -> None:
        """Listen."""
        self._gateway = SmppGateway(self.port)

    def stop(self) -> None:
        """Listen no more."""
        if self._gateway is not None:
            self._gateway.stop()
            self._gateway = None

    def answer(self, words: str) -> None:
        """Answer the next message with the status of that name, or with garbage."""
        assert self._gateway is not None
        if words == self.GARBAGE:
            self._gateway.do("garbage", times=1)
        else:
            self._gateway.do("status", status=self.STATUSES[words], times=1)

    def never_answer(self, number: str) -> None:
        """Take messages to a number and say nothing."""
        assert self._gateway is not None
        self._gateway.do("slow", to=number)

    def wait_for(self, count: int) -> None:
        """Wait until so many messages were taken."""
        assert self._gateway is not None
        while len(self.taken) < count:
            self._keep(self._gateway.wait("submit"))

    def all_taken(self) -> list[dict]:
        """List what was taken so far."""
        if self._gateway is not None:
            for event in self._gateway.seen("submit"):
                self._keep(event)
        return self.taken

    def _keep(self, event: dict) -> None:
        if event["status"] == 0 and not event["unanswered"]:
            self.taken.append(event)
