"""Decide what a plan meets among what was notified, and say what was not looked at.

The first that fits decides each pair:

1. The place of either is a name nobody located: *cannot tell*.
2. Altitude bands, windows or footprints are surely apart, margins and precisions
   included: the pair is not listed.
3. The footprints lie beyond the margins, but within what their precisions leave
   open: *cannot tell*.
4. The bands are counted from unlike levels and may meet or not: *cannot tell*.
5. Otherwise: *conflict*, direct where nothing of it is margin.

The plan's verdict is *conflict* if any pair is; else *cannot tell* if any pair is or
anything could not be looked at; else *none found*, as of the data it rests on. It is
never "clear". Nothing here counts people, and nothing here permits.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from clearline.geo.codes import BAND_UNSURE, PLACE_UNSURE
from clearline.geo.lengths import say_length
from clearline.geo.meeting import meet
from clearline.model.extents import (
    AltitudeBand,
    Corridor,
    Datum,
    Extent,
    Shape,
    ends_at,
    starts_at,
)
from clearline.model.instants import FOREVER, Duration, Instant, Window, write_instant
from clearline.model.places import Unlocated
from clearline.model.screenings import Met, Screening, Severity, Verdict

if TYPE_CHECKING:  # it loads compiled code, which a node does last
    from clearline.picture.whereabouts import Candidate, Whereabouts

VALID_FOR: Final = Duration(minutes=15)
"""How long a result is worth anything where nothing else ends it."""

NOT_CHECKED: Final = (
    "What nobody notified here.",
    "Whether what was notified is true, or still is.",
    "Anything but space and time: no orders, no rules of airspace, no weather.",
)
"""What no screening looks at."""

TAKEN: Final = {
    Datum.WGS84: "the sea may lie 110 m above or below the ellipsoid",
    Datum.AGL: "the ground lies where its owner says, or anywhere from -430 to 8,849 m",
    Datum.FL: "a flight level moves with pressure and temperature",
}
"""What is taken of each datum where it is compared with another."""

LOADING: Final = "Notices are still being loaded after a start."

_SHOWN: Final = 3


def screen(
    where: "Whereabouts | None",
    plan: Extent,
    *,
    as_of: Instant,
    size: int | None = None,
    missing: Sequence[str] = (),
) -> Screening:
    """Screen a plan against what stands, or stood after an earlier entry.

    Args:
        where: What stands, caught up; `None` while notices are being loaded.
        plan: Where and when.
        as_of: The instant of the data, UTC.
        size: After how many entries; `None` for now.
        missing: What else the caller knows it could not look at, in sentences: a
            peer that is silent, a feed that is stale.
    """
    absent = list(missing)
    met: list[Met] = []
    if where is None:
        absent.append(LOADING)
    elif isinstance(plan.footprint, Unlocated):
        absent.append(f"The plan's own place, {plan.footprint.name!r}, is not located.")
    else:
        met = [judge_pair(plan, found) for found in where.near(plan, size)]
    return conclude(plan, met, as_of=as_of, missing=absent)


def conclude(
    plan: Extent, met: Iterable[Met], *, as_of: Instant, missing: Sequence[str]
) -> Screening:
    """Put together what a plan meets, or may.

    Args:
        plan: Where and when.
        met: In any order.
        as_of: The instant of the data, UTC.
        missing: What could not be looked at, in sentences.
    """
    absent, found = list(missing), sorted(met, key=_order)
    verdict = _verdict(found, absent)
    return Screening(
        verdict=verdict,
        as_of=as_of,
        expires_at=max(as_of, min(as_of + VALID_FOR, ends_at(plan))),
        met=tuple(found),
        missing=tuple(absent),
        not_checked=_not_checked(plan, as_of),
        said=_said(verdict, found, absent, as_of),
    )


def judge_pair(plan: Extent, found: "Candidate") -> Met:
    """Say what one notice is to a plan."""
    notice, revision = found.stood.notice, found.stood.revision
    if found.code is None:
        nowhere = Extent(
            footprint=Unlocated(name=revision.where.text or "a place without words"),
            window=revision.window,
            buffer_s=revision.buffer_s,
        )
        return Met(
            notice=notice,
            verdict=Verdict.CANNOT_TELL,
            separation_m=None,
            overlap=overlap_of(plan, nowhere),
            severity=None,
            why=say_unlocated(_name(revision.where.footprint) or revision.where.text),
        )
    extent = revision.extent
    verdict, why = explain(
        found.code,
        found.separation_m,
        plan.buffer_m + extent.buffer_m,
        _precision_m(plan.footprint) + _precision_m(extent.footprint),
        (say_band(plan.band), say_band(extent.band)),
    )
    is_conflict = verdict is Verdict.CONFLICT
    return Met(
        notice=notice,
        verdict=verdict,
        separation_m=found.separation_m,
        overlap=overlap_of(plan, extent),
        severity=severity(plan, extent, found.separation_m) if is_conflict else None,
        why=why,
    )


def explain(
    code: int,
    separation_m: float,
    margin_m: float,
    precision_m: float,
    bands: tuple[str, str],
) -> tuple[Verdict, str]:
    """Turn what was judged of a pair into a verdict and a sentence.

    Args:
        code: Of `geo.standing.MEETING`: neither `APART` nor `CLOSE`.
        separation_m: Between the footprints, metres.
        margin_m: Both buffers together.
        precision_m: Both precisions together.
        bands: Both altitude bands, in words.
    """
    apart, margin = say_length(separation_m), say_length(margin_m)
    doubts = []
    if code & PLACE_UNSURE:
        doubts.append(
            f"they are told as {apart} apart, with margins of {margin}, and both "
            f"places together are only certain to {say_length(precision_m)}"
        )
    if code & BAND_UNSURE:
        words = " and ".join(bands)
        taken = [
            said for datum, said in TAKEN.items() if any(datum in one for one in bands)
        ]
        doubts.append(
            f"{words} are counted from unlike levels and may meet or not: "
            f"{' and '.join(taken)}"
        )
    if doubts:
        return Verdict.CANNOT_TELL, f"Cannot tell: {'; '.join(doubts)}."
    if separation_m <= 0.0:
        return Verdict.CONFLICT, "The footprints overlap."
    told = f"The footprints are {apart} apart, within the margins of {margin}."
    return Verdict.CONFLICT, told


def say_unlocated(name: str) -> str:
    """Say why nothing can be told of a place that is a name only."""
    return f"Its place, {name!r}, is not located."


def say_band(band: AltitudeBand | None) -> str:
    """Say an altitude band and what it is measured from."""
    if band is None:
        return "all altitudes"
    return f"{band.floor_m:g} to {band.ceiling_m:g} m {band.datum}"


def overlap_of(plan: Extent, notice: Extent) -> Window | None:
    """Return from when to when both may be there, margins included.

    Where one of them moves, it is when both may be near enough.
    """
    if _moves(plan) or _moves(notice):
        return meet(plan, notice).contact
    start = max(starts_at(plan), starts_at(notice))
    end = min(ends_at(plan), ends_at(notice))
    return Window(start=start, end=end) if start < end else None


def severity(plan: Extent, notice: Extent, separation_m: float) -> Severity:
    """Say how much of a conflict is margin."""
    if not _meet_in_time(plan, notice):
        return Severity.BEFORE_OR_AFTER
    return Severity.NEAR if separation_m > 0.0 else Severity.DIRECT


def _meet_in_time(plan: Extent, notice: Extent) -> bool:
    """Say whether they conflict without any margin in time.

    What moves is only where it can be then, whatever its whole window says.
    """
    if plan.window.overlap(notice.window) is None:
        return False
    if not (plan.buffer_s or notice.buffer_s) or not (_moves(plan) or _moves(notice)):
        return True
    found = meet(replace(plan, buffer_s=0.0), replace(notice, buffer_s=0.0))
    return found.is_conflict


def _moves(extent: Extent) -> bool:
    return isinstance(extent.footprint, Corridor) and bool(extent.footprint.passages)


def _verdict(met: Iterable[Met], missing: Sequence[str]) -> Verdict:
    verdicts = {one.verdict for one in met}
    if Verdict.CONFLICT in verdicts:
        return Verdict.CONFLICT
    return Verdict.CANNOT_TELL if verdicts or missing else Verdict.NONE_FOUND


def _order(met: Met) -> tuple[datetime, bool, float, str]:
    """Order by time, then certainty, then separation."""
    return (
        met.overlap.start if met.overlap else FOREVER,
        met.verdict is not Verdict.CONFLICT,
        met.separation_m if met.separation_m is not None else 0.0,
        met.notice,
    )


def _not_checked(plan: Extent, as_of: Instant) -> tuple[str, ...]:
    later = f"What was filed, amended or withdrawn after {write_instant(as_of)}."
    if plan.band is None:
        return (
            *NOT_CHECKED,
            later,
            "Altitude: the plan names none, so all were taken.",
        )
    return (*NOT_CHECKED, later)


def _said(
    verdict: Verdict, met: list[Met], missing: Sequence[str], as_of: Instant
) -> str:
    at = write_instant(as_of)
    match verdict:
        case Verdict.NONE_FOUND:
            return f"None found as of {at} among what was notified here."
        case Verdict.CONFLICT:
            sure = [one for one in met if one.verdict is Verdict.CONFLICT]
            told = " ".join(_say(one) for one in sure[:_SHOWN])
            unsure = len(met) - len(sure)
            first = f"Conflict as of {at}. {told}"
            parts = [first, _say_more(len(sure) - _SHOWN)]
            if unsure or missing:
                parts.append("Others cannot be told.")
            return " ".join(part for part in parts if part)
        case Verdict.CANNOT_TELL:
            told = " ".join([*missing, *(_say(one) for one in met[:_SHOWN])])
            more = _say_more(len(met) - _SHOWN)
            return f"Cannot tell as of {at}. {told} {more}".rstrip()


def _say(met: Met) -> str:
    when = ""
    if met.overlap is not None:
        end = met.overlap.end
        until = "until withdrawn" if end >= FOREVER else f"to {write_instant(end)}"
        when = f" from {write_instant(met.overlap.start)} {until}"
    why = met.why[:1].lower() + met.why[1:]
    what = f"Notice {met.notice}" if met.notice else "Something told coarsely"
    return f"{what}{when}: {why}"


def _say_more(more: int) -> str:
    return f"And {more} more." if more > 0 else ""


def _precision_m(footprint: Shape) -> float:
    return 0.0 if isinstance(footprint, Unlocated) else footprint.precision_m


def _name(footprint: Shape) -> str:
    return footprint.name if isinstance(footprint, Unlocated) else ""
