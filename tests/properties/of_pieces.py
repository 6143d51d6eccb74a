"""Make caps with windows and bands, anywhere on Earth, for laws about the index."""

import math

import numpy as np
from hypothesis import strategies as st

from clearline.geo.altitudes import CODES
from clearline.geo.ellipsoid import from_degrees
from clearline.geo.kernels import PIECE
from clearline.model.extents import Datum

FOREVER_US = 253_370_764_800_000_000

# Where grids go wrong: the poles, the antimeridian, the edges and corners of the
# faces, the equator, and a theatre in which everything is near everything.
_AWKWARD = (
    (0.0, 90.0),
    (30.0, 89.99),
    (-120.0, -90.0),
    (180.0, 10.0),
    (-179.99, -65.0),
    (45.0, 0.0),
    (45.0, 35.2643896),
    (-135.0, -35.2643896),
    (0.0, 0.0),
    (40.1, 35.3),
)

positions = st.one_of(
    st.tuples(st.floats(-180, 180), st.floats(-90, 90)),
    st.builds(
        lambda at, east, north: (at[0] + east, max(-90.0, min(90.0, at[1] + north))),
        st.sampled_from(_AWKWARD),
        st.floats(-0.2, 0.2),
        st.floats(-0.2, 0.2),
    ),
)
reaches_m = st.one_of(
    st.sampled_from([0.0, 1.0, 8_192.0]), st.floats(0, 4.3).map(lambda p: 10.0**p),
    st.floats(4.3, 7.1).map(lambda p: 10.0**p),
)  # fmt: skip
starts_us = st.one_of(
    st.integers(1_474_000_000_000_000, 1_474_300_000_000_000),
    st.integers(-62_000_000_000_000_000, 250_000_000_000_000_000),
)
lengths_us = st.one_of(
    st.floats(0, 14.5).map(lambda p: int(10.0**p)), st.just(FOREVER_US)
)
altitudes_mm = st.one_of(
    st.integers(-500_000, 12_000_000), st.integers(-(2**30), 2**30)
)
bands = st.one_of(
    st.just((-(2**31) + 1, 2**31 - 1, 0)),
    st.tuples(altitudes_mm, st.integers(0, 5_000_000), st.sampled_from([1, 2, 3, 4])),
)


@st.composite
def pieces(draw: st.DrawFn, most: int = 30):
    """Draw an array of PIECE of which only caps, windows and bands matter."""
    count = draw(st.integers(1, most))
    made = np.zeros(count, PIECE)
    for row in made:
        row["x_m"], row["y_m"], row["z_m"] = from_degrees(*draw(positions))
        row["reach_m"] = draw(reaches_m)
        row["from_us"] = draw(starts_us)
        row["until_us"] = min(FOREVER_US, row["from_us"] + draw(lengths_us) + 1)
        row["until_us"] = max(row["until_us"], row["from_us"] + 1)
        row["buffer_us"] = draw(st.sampled_from([0, 0, 1, 60_000_000, 10**13]))
        low, more, datum = draw(bands)
        row["datum"] = datum
        row["floor_mm"] = row["least_mm"] = low
        row["ceiling_mm"] = row["most_mm"] = low + more if datum else more
        if datum == CODES[Datum.AGL]:
            ground_mm = draw(st.integers(-430_000, 8_000_000))
            row["least_mm"] += ground_mm
            row["most_mm"] += ground_mm + 1_000
    return made


def may_meet(a, b) -> bool:
    """Say, plainly, whether caps, windows and bands of two pieces meet."""
    apart_m = math.dist(
        [a[name] for name in ("x_m", "y_m", "z_m")],
        [b[name] for name in ("x_m", "y_m", "z_m")],
    )
    widen = int(a["buffer_us"]) + int(b["buffer_us"])
    return (
        apart_m <= a["reach_m"] + b["reach_m"]
        and int(a["from_us"]) < int(b["until_us"]) + widen
        and int(b["from_us"]) < int(a["until_us"]) + widen
        and _bands_meet(a, b)
    )


def _bands_meet(a, b) -> bool:
    if not a["datum"] or not b["datum"]:
        return True
    low, high = (
        ("floor_mm", "ceiling_mm")
        if a["datum"] == b["datum"]
        else ("least_mm", "most_mm")
    )
    return bool(a[low] <= b[high] and b[low] <= a[high])
