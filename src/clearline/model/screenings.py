"""Hold the results of screening: what a plan meets, and what nobody looked at.

    conflict      a notice and the plan meet for certain, margins included
    none found    nothing that stood at `as_of` meets it; never "clear"
    cannot tell   something may meet it, or something could not be looked at

A result informs. It permits nothing and forbids nothing, it says nothing about
people, and it ends.
"""

from enum import StrEnum

import msgspec

from clearline.model.instants import Instant, Window


class Verdict(StrEnum):
    """Name what a screening found."""

    CONFLICT = "conflict"
    NONE_FOUND = "none_found"
    CANNOT_TELL = "cannot_tell"


class Severity(StrEnum):
    """Say how much of a conflict lies in the margins; the first that fits."""

    DIRECT = "direct"
    """Footprints touch, and windows overlap, without any margin."""
    NEAR = "near"
    """Windows overlap without margin; footprints come within the margins."""
    BEFORE_OR_AFTER = "before_or_after"
    """Windows overlap only with their margins, wherever the footprints are."""


class Met(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one notice that meets a plan, or may.

    Attributes:
        notice: The notice; empty where it may only be known coarsely.
        verdict: `CONFLICT` or `CANNOT_TELL`.
        separation_m: Least distance between the footprints, radius and half width
            included, buffers not; 0 where they overlap. `None` where nobody knows.
        overlap: When both are there, margins included.
        severity: For a conflict.
        why: One sentence.
    """

    notice: str
    verdict: Verdict
    separation_m: float | None
    overlap: Window | None
    severity: Severity | None
    why: str


class Screening(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold what one plan met.

    Attributes:
        verdict: The gravest of `met`; `CANNOT_TELL` too where anything was missing.
        as_of: The instant of the data it rests on.
        expires_at: When it is worth nothing any more, if nothing changes before.
        met: By beginning of the overlap, then certainty, then separation.
        missing: What could not be looked at and might have changed the verdict.
        not_checked: What no screening looks at.
        said: The result in a sentence or two.
    """

    verdict: Verdict
    as_of: Instant
    expires_at: Instant
    met: tuple[Met, ...]
    missing: tuple[str, ...]
    not_checked: tuple[str, ...]
    said: str
