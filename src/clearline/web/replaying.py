"""Replay a day beside the node: in a process of its own, which gives way to it.

A ring would be late by seconds if a day were played in the node's own interpreter. So
`clearline replay` runs beside it, one at a time, and what it says is kept while the
node runs: the same day with the same knobs turned is the same.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from clearline.model.errors import BadInput, BrokenPromise
from clearline.replay.result import Replay

FIRST: Final = 1
"""Draws of a day that is only looked at: the screen shows the first, told whole."""

RUNS: Final = 25
"""Draws where something is changed: the screen shows the medians as well."""

MOST_KEPT: Final = 12
PATIENCE_S: Final = 120.0


class NotReplayed(BrokenPromise):
    """Say that a day could not be replayed; the calls are not touched by it."""


class KnobRefused(BadInput):
    """Refuse a knob that is not there, or a value it does not take."""


class Replays:
    """Keep what was replayed, and replay what was not; from the web's loop only."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._kept: dict[tuple[int, str, tuple[str, ...]], Replay] = {}
        self._turn: asyncio.Lock | None = None

    async def play(
        self, name: str, settings: Sequence[str] = (), runs: int = FIRST
    ) -> Replay:
        """Return a replay of a scenario that ships, with knobs turned.

        Args:
            name: The scenario's name, one of those that ship.
            settings: KNOB=VALUE each.
            runs: How many draws at least.

        Raises:
            KnobRefused: A knob or its value cannot be meant.
            NotReplayed: The process failed, or took too long.
        """
        wanted = (runs, name, tuple(settings))
        if self._turn is None:
            self._turn = asyncio.Lock()
        async with self._turn:
            if wanted not in self._kept:
                said = await _played(wanted)
                if len(self._kept) >= MOST_KEPT:
                    self._kept.pop(next(iter(self._kept)))
                self._kept[wanted] = said
            return self._kept[wanted]


async def _played(wanted: tuple[int, str, tuple[str, ...]]) -> Replay:
    runs, name, settings = wanted
    turned = [part for one in settings for part in ("--what-if", one)]
    with tempfile.TemporaryDirectory(prefix="clearline-replay-") as folder:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-c", _GENTLY, _less(runs), name, "--json"),
            *("--runs", str(runs), "--workers", "1"),
            *("--out", str(Path(folder) / "out"), *turned),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, "NO_COLOR": "1"},
        )
        try:
            said, _ = await asyncio.wait_for(process.communicate(), PATIENCE_S)
        except TimeoutError as error:
            process.kill()
            await process.wait()
            raise _not_replayed(name, f"it took over {PATIENCE_S:.0f} s") from error
    return _read(name, said, process.returncode)


def _read(name: str, said: bytes, code: int | None) -> Replay:
    try:
        return msgspec.json.decode(said, type=Replay)
    except msgspec.DecodeError:
        pass
    try:
        problem = msgspec.json.decode(said)
        raise KnobRefused(
            problem["title"], state="Nothing was replayed.", next=problem["next"]
        )
    except (msgspec.DecodeError, KeyError, TypeError) as error:
        raise _not_replayed(name, f"the process ended with {code}") from error


def _not_replayed(name: str, why: str) -> NotReplayed:
    return NotReplayed(
        f"{name} could not be replayed: {why}.",
        state="Calls go on as before; a replay touches none of them.",
        next=f"Try again, or call `clearline replay {name}` on the node's machine.",
    )


def _less(runs: int) -> str:
    """Say how far it gives way: somebody waits for one draw, and less for many."""
    return "5" if runs == FIRST else "19"


_GENTLY: Final = """
import os, sys
os.nice(int(sys.argv[1]))
from clearline.cli import main
main(["replay", *sys.argv[2:]])
"""
