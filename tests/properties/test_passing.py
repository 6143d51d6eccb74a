"""Laws of corridors in time: where something can be is taken up, and nothing else.

Whether it can be at a share of a leg at an instant is asked plainly: is there a time
at which it may have left, and one at which it may arrive, that are neither too near
nor too far for its pace?
"""

from datetime import timedelta

import msgspec
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from clearline.geo.geodesy import arrival, distance_m, inverse
from clearline.geo.meeting import meet
from clearline.model.extents import Corridor, Extent
from clearline.model.instants import FOREVER, Window
from clearline.model.passages import Pace, Passage, span
from clearline.model.places import Point
from properties.of_extents import DAY, paths, places

laws = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=150
)
TICK = timedelta(microseconds=1)


def seconds(value):
    """A span of so many seconds."""
    return timedelta(microseconds=round(value * 1e6))


@st.composite
def journeys(draw):
    """Something that keeps its pace, with early and late hours that can be kept."""
    path = draw(
        paths(draw(places()), draw(st.sampled_from([300.0, 9_000.0, 40_000.0])))
    )
    fastest = draw(st.floats(2.0, 40.0))
    slowest = draw(st.one_of(st.just(0.0), st.floats(1.0, fastest)))
    first_s = draw(st.floats(0.0, 3_600.0))
    last_s = first_s + draw(st.floats(0.0, 3_600.0))
    passages = []
    for k, at in enumerate(path):
        if k:
            length_m = distance_m(path[k - 1], at)
            least_s = 1.001 * length_m / fastest
            most_s = 0.999 * length_m / slowest if slowest else least_s + 7_200.0
            assume(most_s > least_s + 1.0)
            first_s += draw(st.floats(least_s, most_s))
            last_s = max(first_s, last_s + draw(st.floats(least_s, most_s)))
            assume(least_s <= last_s - passages[-1][3] <= most_s)
        dwell_s = draw(st.sampled_from([0.0, 0.0, 600.0]))
        overstay_s = draw(st.sampled_from([0.0, 900.0])) if dwell_s else 0.0
        leaves = first_s + dwell_s, last_s + dwell_s + overstay_s
        passages.append((first_s, last_s, dwell_s, leaves[1], overstay_s))
        first_s, last_s = leaves
    made = tuple(
        Passage(
            eta=DAY + seconds((first + last) / 2),
            early_for=seconds((last - first) / 2),
            late_for=seconds((last - first) / 2),
            dwell_for=seconds(dwell),
            overstay_for=seconds(overstay),
        )
        for first, last, dwell, _, overstay in passages
    )
    pace = Pace(fastest_mps=fastest, slowest_mps=slowest)
    corridor = Corridor(path=path, half_width_m=0.0, passages=made, pace=pace)
    return Extent(footprint=corridor, window=span(made))


def gap_s(extent, leg, share, t):
    """Say by how many seconds it cannot be at a share of a leg at t; 0: it can."""
    corridor = extent.footprint
    before, after = corridor.passages[leg : leg + 2]
    length_m = distance_m(*corridor.path[leg : leg + 2])
    quick_s = length_m / corridor.pace.fastest_mps
    slow_s = length_m / max(1e-9, corridor.pace.slowest_mps)
    left = (t - share * slow_s, t - share * quick_s)
    reaches = (t + (1 - share) * quick_s, t + (1 - share) * slow_s)
    return max(
        0.0,
        _apart(left, (before.leaves_from, before.leaves_by)),
        _apart(reaches, (after.arrives_from, after.arrives_by)),
    )


def _apart(reach, told):
    first, last = ((at - DAY).total_seconds() for at in told)
    return max(first - reach[1], reach[0] - last)


def apart_m(extent, at, t):
    """Return how far it is from a position at an instant; far where it is nowhere."""
    start = DAY + seconds(t)
    there = Extent(
        footprint=Point(position=at, precision_m=0.0),
        window=Window(start=start, end=start + TICK),
    )
    found = meet(extent, there).separation_m
    return 1e9 if found is None else found


@laws
@given(journeys(), st.data())
def test_where_it_can_be_is_taken_up_and_nowhere_else(extent, data):
    """Anywhere on a leg, at any time, to a second and a metre."""
    path = extent.footprint.path
    leg = data.draw(st.integers(0, len(path) - 2))
    share = data.draw(st.floats(0.05, 0.95))
    length_m, bearing = inverse(path[leg], path[leg + 1])
    at, _ = arrival(path[leg], bearing, share * length_m)
    end = (extent.window.end - DAY).total_seconds()
    t = data.draw(st.floats(-600.0, end + 600.0))
    off_s = gap_s(extent, leg, share, t)
    if off_s == 0.0:
        assert apart_m(extent, at, t) <= 1.0
    elif off_s > 1.0:
        assume(all(_still_m(path[k : k + 2], at) > 10.0 for k in _others(path, leg)))
        assert apart_m(extent, at, t) > 0.5


def _others(path, leg):
    return [k for k in range(len(path) - 1) if k != leg]


def _still_m(ends, at):
    """How near another leg comes at any time: a path may cross itself."""
    always = Window(start=DAY - timedelta(days=1), end=FOREVER)
    still = Extent(footprint=Corridor(path=ends, half_width_m=0.0), window=always)
    return apart_m(still, at, 0.0)


@laws
@given(journeys(), st.floats(1.0, 2.0))
def test_a_wider_pace_never_loses_a_place(extent, more):
    """Who may be faster and slower can be wherever it could be, and when."""
    corridor = extent.footprint
    wider = Pace(
        fastest_mps=corridor.pace.fastest_mps * more,
        slowest_mps=corridor.pace.slowest_mps / more,
    )
    loose = msgspec.structs.replace(
        extent, footprint=msgspec.structs.replace(corridor, pace=wider)
    )
    for at, passage in zip(corridor.path, corridor.passages, strict=True):
        there = Extent(
            footprint=Point(position=at, precision_m=0.0),
            window=Window(start=passage.arrives_from, end=passage.leaves_by + TICK),
        )
        narrow, wide = meet(extent, there).contact, meet(loose, there).contact
        assert wide.start <= narrow.start + timedelta(seconds=1)
        assert wide.end >= narrow.end - timedelta(seconds=1)
