"""Strategies for extents anywhere on Earth, valid by the way they are drawn."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from clearline.geo.geodesy import destination
from clearline.model.extents import (
    AltitudeBand,
    Corridor,
    Datum,
    Extent,
    MultiPolygon,
    Polygon,
)
from clearline.model.instants import FOREVER, Window
from clearline.model.passages import Passage, span
from clearline.model.places import Circle, Point, Position
from clearline.model.rings import LONGEST_EDGE_M, LONGEST_LEG_M
from properties.of_places import positions

DAY = datetime(2026, 3, 1, tzinfo=UTC)

_WORST = [
    Position(lon=180.0, lat=10.0),
    Position(lon=-179.999, lat=-65.0),
    Position(lon=30.0, lat=89.9),
    Position(lon=0.0, lat=90.0),
    Position(lon=0.0, lat=-90.0),
    Position(lon=0.0, lat=0.0),
    Position(lon=40.0, lat=35.0),
]


def places():
    """Anywhere, with a liking for what breaks maps."""
    return st.one_of(st.sampled_from(_WORST), positions())


def sizes(most_m=50_000.0):
    """A length from a step to a day's drive, as many short ones as long."""
    return st.floats(0.0, 1.0).map(lambda share: 5.0 * (most_m / 5.0) ** share)


@st.composite
def rings(draw, centre, size_m, share=1.0):
    """A ring that can be seen all over from a centre, so it never crosses itself.

    None of its edges is as long as an edge may be.
    """
    size_m = min(size_m, 0.45 * LONGEST_EDGE_M)
    corners = draw(st.integers(3, 7))
    turns = [(k + draw(st.floats(-0.2, 0.2))) * 360.0 / corners for k in range(corners)]
    reaches = [draw(st.floats(0.6, 1.0)) * size_m for _ in range(corners)]
    return [
        tuple(
            destination(centre, turn, reach * part)
            for turn, reach in zip(turns, reaches, strict=True)
        )
        for part in (share, 0.35 * share)
    ]


@st.composite
def polygons(draw, centre, size_m):
    """A polygon, with a hole in every second one."""
    outer, hole = draw(rings(centre, size_m))
    return Polygon(outer=outer, holes=(hole,) if draw(st.booleans()) else ())


@st.composite
def multi_polygons(draw, centre, size_m):
    """Two polygons side by side."""
    beside = destination(centre, draw(st.floats(0.0, 360.0)), 2.5 * size_m)
    return MultiPolygon(
        parts=(draw(polygons(centre, size_m)), draw(polygons(beside, size_m)))
    )


@st.composite
def paths(draw, start, size_m, legs=3):
    """Positions one after the other, each leg about as long as the size.

    None is as long as a leg may be; what is longer is refused, as its own tests say.
    """
    path = [start]
    for _ in range(draw(st.integers(1, legs))):
        leg_m = min(size_m * draw(st.floats(0.2, 3.0)), 0.9 * LONGEST_LEG_M)
        path.append(destination(path[-1], draw(st.floats(0.0, 360.0)), leg_m))
    return tuple(path)


@st.composite
def corridors(draw, centre, size_m):
    """A corridor of one to three legs that stands still."""
    width_m = draw(st.one_of(st.just(0.0), st.floats(0.0, 0.3 * size_m)))
    return Corridor(path=draw(paths(centre, size_m)), half_width_m=width_m)


def footprints(centre, size_m):
    """Any footprint that the slow reference knows."""
    return st.one_of(
        st.just(Point(position=centre, precision_m=0.0)),
        st.floats(1.0, max(1.0, size_m)).map(
            lambda radius_m: Circle(centre=centre, radius_m=radius_m)
        ),
        corridors(centre, size_m),
        polygons(centre, size_m),
        multi_polygons(centre, size_m),
    )


@st.composite
def neighbours(draw, most_m=50_000.0):
    """Two footprints, near each other more often than not."""
    centre, size_m = draw(places()), draw(sizes(most_m))
    away_m = size_m * draw(st.floats(0.0, 6.0))
    there = destination(centre, draw(st.floats(0.0, 360.0)), away_m)
    other_m = size_m * draw(st.floats(0.1, 2.0))
    return draw(footprints(centre, size_m)), draw(footprints(there, other_m))


@st.composite
def windows(draw):
    """A window on one day, some without an end."""
    start = DAY + timedelta(minutes=draw(st.integers(0, 1_440)))
    if draw(st.integers(0, 9)) == 0:
        return Window(start=start, end=FOREVER)
    return Window(start=start, end=start + timedelta(minutes=draw(st.integers(1, 600))))


@st.composite
def bands(draw):
    """A band of any datum, or none."""
    datum = draw(st.sampled_from([None, *Datum]))
    if datum is None:
        return None
    floor_m = draw(st.integers(-100, 9_000)) + draw(st.sampled_from([0.0, 0.1]))
    height_m = draw(st.integers(0, 3_000))
    return AltitudeBand(floor_m=floor_m, ceiling_m=floor_m + height_m, datum=datum)


@st.composite
def passages(draw, path):
    """Passages along a path, some late, some stopping."""
    minutes, late, made = draw(st.integers(0, 300)), 0, []
    for _ in path:
        early = draw(st.integers(0, 20))
        late += draw(st.integers(0, 10))
        stops = draw(st.booleans())
        dwell = draw(st.integers(0, 30)) if stops else 0
        overstay = draw(st.integers(0, 10)) if stops else 0
        made.append(
            Passage(
                eta=DAY + timedelta(minutes=minutes),
                early_for=timedelta(minutes=early),
                late_for=timedelta(minutes=late),
                dwell_for=timedelta(minutes=dwell),
                overstay_for=timedelta(minutes=overstay),
            )
        )
        minutes += dwell + overstay + 21 + draw(st.integers(0, 90))
    return tuple(made)


@st.composite
def movers(draw, start, size_m):
    """Something that moves along a path, as an extent."""
    path = draw(paths(start, size_m))
    passed = draw(passages(path))
    corridor = Corridor(
        path=path, half_width_m=draw(st.floats(0.0, 200.0)), passages=passed
    )
    return Extent(
        footprint=corridor,
        window=span(passed),
        buffer_m=draw(st.floats(0.0, 2_000.0)),
        buffer_s=draw(st.sampled_from([0.0, 60.0, 900.0])),
    )


@st.composite
def extents(draw, footprint):
    """An extent with a given footprint."""
    return Extent(
        footprint=footprint,
        window=draw(windows()),
        band=draw(bands()),
        buffer_m=draw(st.sampled_from([0.0, 10.0, 1_000.0, 20_000.0])),
        buffer_s=draw(st.sampled_from([0.0, 60.0, 3_600.0])),
    )


@st.composite
def pairs(draw):
    """Two extents near each other; some move."""
    one, other = draw(neighbours())
    first, second = draw(extents(one)), draw(extents(other))
    if draw(st.booleans()):
        here = _anywhere_on(one)
        first = draw(movers(here, draw(sizes(20_000.0))))
    if draw(st.booleans()):
        second = draw(movers(_anywhere_on(other), draw(sizes(20_000.0))))
    return first, second


def _anywhere_on(footprint):
    match footprint:
        case Point(position=at) | Circle(centre=at):
            return at
        case Corridor(path=path):
            return path[0]
        case Polygon(outer=outer):
            return outer[0]
        case MultiPolygon(parts=parts):
            return parts[0].outer[0]
