"""Hold two hosts, each with a network of its own, and the cable between them.

A host is a network namespace; the cable is a pair of virtual devices that can be
pulled. Root and iproute2 are needed (`.ci/run` installs it).
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

import pytest

ADDRESSES = {"north": "10.231.77.1", "south": "10.231.77.2"}
PATIENCE_S = 45.0
HERE = Path(__file__).parents[2]

needs_hosts = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("ip") is None,
    reason="network namespaces need root and iproute2",
)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)  # noqa: S607


class Hosts:
    """Make two hosts and a cable, and take everything down again."""

    def __init__(self) -> None:
        """Name what is made after this process, so that runs do not meet."""
        self._spaces = {name: f"clearline-{os.getpid()}-{name}" for name in ADDRESSES}
        self._ends = {"north": f"cl{os.getpid()}n", "south": f"cl{os.getpid()}s"}
        self._running: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Self:
        """Plug the cable in."""
        north, south = self._spaces.values()
        for space in (north, south):
            _ip("netns", "add", space)
            _ip("-n", space, "link", "set", "lo", "up")
        _ip(
            *("link", "add", self._ends["north"], "netns", north, "type", "veth"),
            *("peer", "name", self._ends["south"], "netns", south),
        )
        for name, address in ADDRESSES.items():
            space, end = self._spaces[name], self._ends[name]
            _ip("-n", space, "addr", "add", f"{address}/30", "dev", end)
            _ip("-n", space, "link", "set", end, "up")
        return self

    def __exit__(self, *_: object) -> None:
        """End what runs there and remove the hosts."""
        for process in self._running:
            if process.poll() is None:
                process.kill()
            process.wait(PATIENCE_S)
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(BrokenPipeError):
                        pipe.close()
        for space in self._spaces.values():
            _ip("netns", "del", space)

    def cable(self, state: str) -> None:
        """Pull the cable (`down`) or plug it in (`up`)."""
        _ip("-n", self._spaces["north"], "link", "set", self._ends["north"], state)

    def start(self, host: str, *words: str, **env: str) -> subprocess.Popen[str]:
        """Start a Python module on a host."""
        process = subprocess.Popen(
            [
                *("ip", "netns", "exec", self._spaces[host]),
                *(sys.executable, "-P", "-m", *words),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={
                **os.environ,
                "PYTHONPATH": f"{HERE / 'src'}:{HERE / 'tests'}",
                **env,
            },
        )
        self._running.append(process)
        return process


class Told:
    """Hold a node that runs on a host, and tell it what to do."""

    def __init__(self, hosts: Hosts, party: str, folder: Path) -> None:
        """Start nothing yet."""
        self.party, self.data = party, folder / party
        self._hosts = hosts
        self.armed = folder / f"{party}.armed"
        self.port = 0
        self.process: subprocess.Popen[str] | None = None

    def start(self, kill_at: str = "") -> None:
        """Start the node's process, perhaps to die at a step once it is armed."""
        words = (str(self.data), self.party, ADDRESSES[self.party])
        self.process = self._hosts.start(
            self.party,
            "faults.linked_node",
            *words,
            *((kill_at,) if kill_at else ()),
            ARMED=str(self.armed),
        )
        self.port = self._line()["port"]

    def asks(self, do: str, **given: Any) -> Any:
        """Tell the node to do something, and hear what came of it."""
        assert self.process is not None
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": do, **given}) + "\n")
        self.process.stdin.flush()
        return self._line()

    def waits(self, what: str, call: str = "", seconds: float = PATIENCE_S) -> bool:
        """Wait until something is so there."""
        found: bool = self.asks("wait", what=what, call=call, seconds=seconds)
        return found

    def kill(self) -> None:
        """Kill the node as a power cut would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE_S)

    def is_killed(self) -> bool:
        """Wait until the node has died of its own step."""
        assert self.process is not None
        return self.process.wait(PATIENCE_S) == -signal.SIGKILL

    def stop(self) -> None:
        """Stop the node in order."""
        assert self.process is not None
        assert self.process.stdin is not None
        self.process.stdin.close()
        assert self.process.wait(PATIENCE_S) == 0

    def _line(self) -> Any:
        assert self.process is not None
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"{self.party} ended"
        return json.loads(line)
