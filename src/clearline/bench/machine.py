"""Describe the machine a figure was measured on; no figure stands without it."""

import os
import platform
import sqlite3
from pathlib import Path
from statistics import median

import msgspec


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what a reader needs to weigh a figure.

    Attributes:
        processor: As the kernel names it.
        cores: How many this process may use.
        memory_gb: Main memory, 10^9 bytes.
        sqlite: The interpreter's own SQLite; the ledger's is named by its bench.
    """

    processor: str
    cores: int
    memory_gb: float
    system: str
    python: str
    sqlite: str


def describe() -> Machine:
    """Look at this machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return Machine(
        processor=_processor(),
        cores=len(os.sched_getaffinity(0)),
        memory_gb=round(memory / 1e9, 1),
        system=platform.platform(),
        python=platform.python_version(),
        sqlite=sqlite3.sqlite_version,
    )


def percentile(values: list[float], share: float) -> float:
    """Return the value `share` of all values do not exceed (nearest rank)."""
    ordered = sorted(values)
    rank = max(1, -(-int(share * 1000) * len(ordered) // 1000))
    return ordered[min(rank, len(ordered)) - 1]


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """Hold how values spread, in the unit its name says."""

    n: int
    p50: float
    p99: float
    most: float


def spread(values: list[float]) -> Spread:
    """Sum up values, of which there is at least one."""
    return Spread(
        n=len(values),
        p50=round(median(values), 3),
        p99=round(percentile(values, 0.99), 3),
        most=round(max(values), 3),
    )


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or "unknown"
    names = [
        line.partition(":")[2] for line in text.splitlines() if "model name" in line
    ]
    return names[0].strip() if names else platform.machine()
