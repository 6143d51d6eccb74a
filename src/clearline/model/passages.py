"""Hold when a movement passes its path, and how fast it may be in between.

    arrives   [eta - early, eta + late]
    leaves    a dwell later, or as much as it overstays later than that
    under way between two positions, at a pace that lets it keep both ends

What cannot be driven is refused when it is made: times that run backwards, and legs
faster or slower than was said, with the figures.
"""

from datetime import timedelta
from itertools import pairwise

import msgspec

from clearline.model.instants import Duration, Instant, Window, utc, write_instant
from clearline.model.positions import Position
from clearline.model.rings import NotAnExtent, length_m, refuse, say

FASTEST_MPS = 1_000.0
"""Faster than anything that is notified, metres a second."""

_NOTHING = timedelta(0)
_TICK = timedelta(microseconds=1)
_ROUNDING = 0.01
"""Share of a length that is no reason to refuse: more than `length_m` is off."""


class Passage(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say when a movement passes one position of its path.

    Attributes:
        eta: When it is expected there, UTC.
        early_for: How much earlier it may come.
        late_for: How much later it may come.
        dwell_for: How long it stays at least.
        overstay_for: How much longer than that it may stay.
    """

    eta: Instant
    early_for: Duration = _NOTHING
    late_for: Duration = _NOTHING
    dwell_for: Duration = _NOTHING
    overstay_for: Duration = _NOTHING

    def __post_init__(self) -> None:
        utc(self.eta)
        for name in ("early_for", "late_for", "dwell_for", "overstay_for"):
            if getattr(self, name) < _NOTHING:
                raise refuse(
                    f"The `{name}` of the passage at {write_instant(self.eta)} is less "
                    f"than nothing.",
                    "Give zero or more.",
                )

    @property
    def arrives_from(self) -> Instant:
        """Return the first instant at which it may be there."""
        return self.eta - self.early_for

    @property
    def arrives_by(self) -> Instant:
        """Return the last instant at which it may arrive."""
        return self.eta + self.late_for

    @property
    def leaves_from(self) -> Instant:
        """Return the first instant at which it may go on."""
        return self.arrives_from + self.dwell_for

    @property
    def leaves_by(self) -> Instant:
        """Return the last instant at which it may still be there."""
        return self.arrives_by + self.dwell_for + self.overstay_for


class Pace(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say how fast something may be under way, metres a second along its path.

    Attributes:
        fastest_mps: More than zero.
        slowest_mps: Zero where it may halt anywhere between two positions.
    """

    fastest_mps: float
    slowest_mps: float = 0.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.slowest_mps <= self.fastest_mps <= FASTEST_MPS:
            raise refuse(
                f"A pace from {self.slowest_mps:g} to {self.fastest_mps:g} m/s means "
                "nothing.",
                f"Give metres a second, from zero to {FASTEST_MPS:g}, the slowest "
                "not above the fastest.",
            )
        if self.fastest_mps == 0.0:
            raise refuse(
                "What is never faster than 0 m/s does not move.",
                "Give its fastest pace, or an area it stays in.",
            )


def span(passages: tuple[Passage, ...]) -> Window:
    """Return the window from the first possible arrival to the last departure.

    Its end is a microsecond after that, because the last instant is still inside.
    """
    return Window(
        start=utc(passages[0].arrives_from), end=utc(passages[-1].leaves_by) + _TICK
    )


def require_passages(
    path: tuple[Position, ...], passages: tuple[Passage, ...], pace: Pace | None
) -> None:
    """Refuse passages that do not fit their path, or that nothing could keep.

    Raises:
        NotAnExtent: It says between which positions, and the figures.
    """
    if len(passages) != len(path):
        raise refuse(
            f"{len(passages)} passages do not fit {len(path)} positions.",
            "Give one for each position, or none.",
        )
    stops = list(zip(path, passages, strict=True))
    for (p, before), (q, after) in pairwise(stops):
        goes_on_at = before.eta + before.dwell_for
        if after.eta < goes_on_at or (after.eta == goes_on_at and p != q):
            raise refuse(
                f"It is expected at {say(q)} at {write_instant(after.eta)}, and goes "
                f"on from {say(p)} only at {write_instant(goes_on_at)}: its times run "
                "backwards.",
                "Give the positions in the order in which they are passed.",
            )
        _require_between(_Leg(p, before, q, after), pace)


class _Leg:
    """Two positions, and the times at which one is left and the other reached."""

    def __init__(
        self, start: Position, before: Passage, end: Position, after: Passage
    ) -> None:
        self.length_m = length_m(start, end)
        self.ends = f"from {say(start)} to {say(end)}"
        self.expected = before.eta + before.dwell_for, after.eta, "as expected"
        self.earliest = before.leaves_from, after.arrives_from, "at the earliest"
        self.latest = before.leaves_by, after.arrives_by, "at the latest"


def _require_between(leg: _Leg, pace: Pace | None) -> None:
    """Refuse a leg nobody can be as fast, or as slow, as it says."""
    fastest_mps = pace.fastest_mps if pace else FASTEST_MPS
    slowest_mps = pace.slowest_mps if pace else 0.0
    for times in (leg.expected, leg.earliest, leg.latest):
        leaves, arrives, how = times
        takes_s = (arrives - leaves).total_seconds()
        if takes_s < 0.0 or (takes_s == 0.0 and leg.length_m > 0.0):
            raise refuse(
                f"The leg {leg.ends} takes no time or less {how}: it is left at "
                f"{write_instant(leaves)}, its end reached at "
                f"{write_instant(arrives)}.",
                "Give later arrivals, a shorter dwell, or more lateness to later ones.",
            )
        if leg.length_m > takes_s * fastest_mps * (1 + _ROUNDING):
            raise _wrong_pace(leg, takes_s, how, f"faster than {_kmh(fastest_mps)}")
        # As expected it may still overstay, and so be quicker under way.
        is_slow = leg.length_m < takes_s * slowest_mps * (1 - _ROUNDING)
        if is_slow and times is not leg.expected:
            raise _wrong_pace(leg, takes_s, how, f"slower than {_kmh(slowest_mps)}")


def _wrong_pace(leg: _Leg, takes_s: float, how: str, than: str) -> NotAnExtent:
    return refuse(
        f"The leg {leg.ends} is {leg.length_m / 1000:,.1f} km long and takes "
        f"{takes_s / 60:,.1f} min {how}: {_kmh(leg.length_m / takes_s)}, {than}.",
        "Check both positions and both times; give what lets it arrive as early and "
        "as late as it may leave, or the pace it may really have.",
    )


def _kmh(speed_mps: float) -> str:
    return f"{speed_mps * 3.6:,.0f} km/h"
