"""Say spans, offsets, shares and kinds in words a reader takes in at once.

Between a number and its unit stands a no-break space, so that no line ends between
them.
"""

from collections.abc import Sequence
from typing import Final

from clearline.model.beats import BeatKind, write_offset
from clearline.model.cast import Delay, Fixed, Lognormal, Uniform
from clearline.model.facts import Comparator, Measure
from clearline.model.instants import Duration, Instant, write_instant
from clearline.model.places import (
    Circle,
    Corridor,
    Footprint,
    MultiPolygon,
    Point,
    Polygon,
    Sector,
    Unlocated,
)
from clearline.replay.result import Bar, Found, StepKind

_TIGHT: Final = "\N{NO-BREAK SPACE}"
_MINUTE_S: Final = 60
_HOUR_S: Final = 3600
_KILOMETRE_M: Final = 1000.0
_TENTHS_BELOW_S: Final = 10

BEATS: Final = {
    BeatKind.NOTE: "note",
    BeatKind.NOTICE: "notice told",
    BeatKind.DOUBT: "doubt",
    BeatKind.FIRST_EVENT: "first",
    BeatKind.CALL: "call",
    BeatKind.HANG_UP: "hangs up",
    BeatKind.HOLD: "on hold",
    BeatKind.MESSAGE: "message",
    BeatKind.ANSWER: "answer",
    BeatKind.REACHED: "reached",
    BeatKind.PASSED_ON: "order",
    BeatKind.LAST_EVENT: "last",
}
"""What a beat is called beside its mark; the first and last also name the event."""

STEPS: Final = {
    StepKind.CHECK: "check",
    StepKind.NOTICE: "notice",
    StepKind.CALL: "call",
    StepKind.RAISED: "raised",
    StepKind.RING: "ring",
    StepKind.CARRIED: "rings",
    StepKind.NOT_HEARD: "not heard",
    StepKind.LOST: "ring lost",
    StepKind.HEARD: "heard",
    StepKind.ACKNOWLEDGED: "acknowledged",
    StepKind.READ_BACK: "read back",
    StepKind.ANSWERED: "answered",
    StepKind.PASSED_ON: "passed on",
    StepKind.CEASED: "ceased",
    StepKind.TOLD: "caller told",
    StepKind.CLOSED: "closed",
    StepKind.HUNG_UP: "hung up",
    StepKind.ENDED: "ended",
    StepKind.REFUSED: "refused",
}
"""What a step of a run is called beside its mark."""

_COMPARED: Final = {
    Comparator.EXACTLY: "{0}",
    Comparator.ABOUT: "about {0}",
    Comparator.AT_LEAST: "at least {0}",
    Comparator.AT_MOST: "at most {0}",
    Comparator.MORE_THAN: "more than {0}",
    Comparator.LESS_THAN: "less than {0}",
    Comparator.BETWEEN: "{0} to {1}",
}


def number(value: float) -> str:
    """Say a number without needless decimals, thousands apart."""
    shown = f"{value:,.2f}".rstrip("0").rstrip(".")
    return "0" if shown in {"-0", ""} else shown


def span(seconds: float) -> str:
    """Say how long: tenths below ten seconds, then seconds, minutes, hours."""
    if seconds < 0:
        return f"\N{MINUS SIGN}{span(-seconds)}"
    if seconds < _TENTHS_BELOW_S and round(seconds, 1) != round(seconds):
        return f"{seconds:.1f}{_TIGHT}s"
    whole = round(seconds)
    if whole < _MINUTE_S:
        return f"{whole}{_TIGHT}s"
    hours, rest = divmod(whole, _HOUR_S)
    minutes, left = divmod(rest, _MINUTE_S)
    parts = [(hours, "h"), (minutes, "min"), (left, "s")]
    return " ".join(f"{count}{_TIGHT}{unit}" for count, unit in parts if count)


def offset(seconds: float) -> str:
    """Say an offset from T0 as `T+mm:ss`."""
    return write_offset(Duration(seconds=seconds)).replace("-", "\N{MINUS SIGN}")


def after(seconds: float) -> str:
    """Say an offset from the call, signed, tenths kept below a minute."""
    sign = "\N{MINUS SIGN}" if seconds < 0 else "+"
    return f"{sign}{span(abs(seconds))}"


def instant(at: Instant) -> str:
    """Say an instant in UTC, date and time apart."""
    return write_instant(at).replace("T", " ")


def window(start: Instant, end: Instant | None) -> str:
    """Say a span of instants; the date once where both ends share it."""
    if end is None:
        return instant(start)
    if start.date() == end.date():
        return f"{instant(start)} to {write_instant(end).partition('T')[2]}"
    return f"{instant(start)} to {instant(end)}"


def length(metres: float) -> str:
    """Say a length: whole metres below a kilometre, else tenths of a kilometre."""
    if metres < _KILOMETRE_M:
        return f"{metres:.0f}{_TIGHT}m"
    return f"{metres / _KILOMETRE_M:,.1f}{_TIGHT}km"


def apart(metres: tuple[float, float]) -> str:
    """Say a range of lengths in the unit of its upper end."""
    least, most = metres
    unit, by = ("km", _KILOMETRE_M) if most >= _KILOMETRE_M else ("m", 1.0)
    decimals = 1 if unit == "km" else 0
    low, high = f"{least / by:,.{decimals}f}", f"{most / by:,.{decimals}f}"
    return f"{high}{_TIGHT}{unit}" if low == high else f"{low} to {high}{_TIGHT}{unit}"


def share(of_one: float) -> str:
    """Say a share in per cent; what is rare and not nothing never reads as 0 %."""
    percent = 100 * of_one
    if 0 < percent < 0.1:  # noqa: PLR2004 (a tenth of a per cent is the last digit)
        return f"under 0.1{_TIGHT}%"
    if 99.9 < percent < 100:  # noqa: PLR2004 (as above)
        return f"over 99.9{_TIGHT}%"
    shown = f"{percent:.1f}".removesuffix(".0")
    return f"{shown}{_TIGHT}%"


def measure(told: Measure) -> str:
    """Say a measure the way it is meant."""
    most = "" if told.most is None else number(told.most)
    compared = _COMPARED[told.comparator].format(number(told.value), most)
    return f"{compared}{_TIGHT}{told.unit}"


def say_numbers(numbers: Sequence[int]) -> str:
    """Say ascending numbers, those that follow each other as first and last."""
    runs: list[list[int]] = []
    for one in numbers:
        if runs and one == runs[-1][-1] + 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    return ", ".join(
        str(run[0]) if len(run) == 1 else f"{run[0]}\N{EN DASH}{run[-1]}"
        for run in runs
    )


def counted(value: float, one: str, many: str) -> str:
    """Say how many, with the scenario's own word for one or several."""
    return f"{number(value)}{_TIGHT}{one if value == 1 else many}"


def stretch(counted_in: Bar) -> str:
    """Say the stretch of values a bar counts."""
    if counted_in.end - counted_in.start == 1:
        return number(counted_in.start)
    return f"{number(counted_in.start)} to {number(counted_in.end)}"


def footprint(shape: Footprint) -> str:
    """Say what is drawn for a place, and how sure it is."""
    match shape:
        case Unlocated():
            return "nowhere: nobody can put this name on a map"
        case Point():
            body = f"a position to within {length(shape.precision_m)}"
        case Sector():
            body = (
                f"a sector, bearings {number(shape.bearing_deg.least)} to "
                f"{number(shape.bearing_deg.most)} degrees and "
                f"{apart((shape.range_m.least, shape.range_m.most))} out, "
                f"which may reach {length(shape.precision_m)} beyond its edge"
            )
        case Circle():
            body = (
                f"a circle of {length(shape.radius_m)}, "
                f"which may reach {length(shape.precision_m)} beyond its edge"
            )
        case Corridor():
            body = (
                f"a route through {len(shape.path)} positions, "
                f"known to within {length(shape.half_width_m + shape.precision_m)}"
            )
        case Polygon() | MultiPolygon():
            body = (
                f"an area, which may reach {length(shape.precision_m)} beyond its edge"
            )
    return body


def beat_kind(kind: str) -> str:
    """Say what kind of beat it is; an unknown kind says itself."""
    return BEATS[BeatKind(kind)] if kind in set(BeatKind) else kind


def finding(found: Found) -> str:
    """Say a finding's name in plain words."""
    return found.finding.replace("_", " ")


def delay(takes: Delay) -> str:
    """Say how long something is drawn to take."""
    match takes:
        case Fixed(seconds=seconds):
            return span(seconds)
        case Uniform(least_s=least, most_s=most):
            return f"{span(least)} to {span(most)}, any alike"
        case Lognormal(median_s=median, sigma=sigma):
            return f"mostly short: median {span(median)}, log-normal sigma {sigma:g}"
