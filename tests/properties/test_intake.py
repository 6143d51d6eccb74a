"""Features taken in together are, to the last bit, what reading one by one makes."""

import json

import msgspec
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from clearline.geo.packing import pack
from clearline.geo.simple import surely_simple
from clearline.model.errors import BadInput
from clearline.model.extents import Extent, Polygon
from clearline.model.places import Position, Unlocated
from clearline.service.bulk import Notices, Row
from clearline.service.intake import parcel_of, take_in
from clearline.wire.columns import columns
from clearline.wire.features import (
    BadFeature,
    Edges,
    Feature,
    Format,
    read_features,
    write_feature,
)
from properties import of_extents

_ODD_NUMBERS = st.sampled_from(
    [0, 1, -1, 0.0005, 12.5, 180, -180, 180.5, 89.9, 90, -0.0, 3e7, 1e300, 366 * 86400]
)
_ODD = st.one_of(
    _ODD_NUMBERS,
    st.none(),
    st.booleans(),
    st.sampled_from(["", "5", "AMSL", "agl", "planar", "geodesic", "no", "Point"]),
    st.sampled_from(
        [
            "2026-03-01T12:00:00Z",
            "2026-03-01T12:00:00.25+03:00",
            "2026-03-01T12:00:00",
            "0001-01-01T00:00:00+05:00",
            "9999-12-31T23:59:59Z",
            "2026-03-01",
        ]
    ),
    st.lists(_ODD_NUMBERS, max_size=3),
)
_NAMES = st.sampled_from(
    [
        *("start", "end", "radius_m", "half_width_m", "floor_m", "ceiling_m", "datum"),
        *("buffer_m", "buffer_s", "precision_m", "edges", "passages", "bearing_deg"),
        *("range_m", "name", "radius", "Buffer", "colour", "width"),
    ]
)


@st.composite
def _written(draw):
    """A feature as somebody might write it: right, or wrong in a place or two."""
    extent = draw(
        st.one_of(
            of_extents.places()
            .flatmap(lambda at: of_extents.footprints(at, draw(of_extents.sizes())))
            .flatmap(of_extents.extents),
            of_extents.movers(draw(of_extents.places()), 5_000.0),
        )
    )
    name = draw(st.sampled_from(["a", "b", "c", "d", "e", "\u0639\u0646", 'q"\\\n']))
    feature = json.loads(write_feature(name, extent))
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
        match draw(st.integers(0, 4)):
            case 0 | 1:
                feature["properties"][draw(_NAMES)] = draw(_ODD)
            case 2:
                feature[draw(st.sampled_from(["id", "type", "radius_m", "bbox"]))] = (
                    draw(_ODD)
                )
            case 3:
                feature["geometry"] = draw(
                    st.one_of(
                        st.none(),
                        st.builds(
                            lambda kind, at: {"type": kind, "coordinates": at},
                            st.sampled_from(["Point", "LineString", "Polygon", "Arc"]),
                            st.recursive(_ODD_NUMBERS, st.lists, max_leaves=12),
                        ),
                    )
                )
            case _:
                feature.pop(draw(st.sampled_from([*feature])))
                break
    return json.dumps(feature).encode()


def _lines():
    whole = st.lists(_written(), min_size=1, max_size=6)
    broken = st.lists(
        st.one_of(_written(), _written().map(lambda line: line[: len(line) // 2])),
        min_size=1,
        max_size=5,
    )
    joined = whole.map(lambda some: [b" ".join(some)])
    return st.one_of(whole, whole, broken, joined)


@given(_lines(), st.sampled_from(Edges))
def test_together_is_as_one_by_one(lines, edges):
    """The same ids, arrays and complaints, whichever way a feature was read."""
    data = [line + b"\n" for line in lines]
    slow = list(read_features(data, Format.NDJSON, edges=edges))
    fine = [one for one in slow if isinstance(one, Feature)]
    (fast,) = take_in(data, Format.NDJSON, edges=edges)
    assert fast.ids == [one.id for one in fine]
    needed = pack([one.extent for one in fine])
    for array, wanted in zip(fast.packed, needed, strict=True):
        assert array.dtype == wanted.dtype
        assert np.array_equal(array, wanted) or _same(array, wanted)
    assert fast.unlocated == [
        (at, one.extent)
        for at, one in enumerate(fine)
        if isinstance(one.extent.footprint, Unlocated)
    ]
    bad = [one for one in slow if isinstance(one, BadFeature)]
    assert [_told(one) for one in fast.bad] == [_told(one) for one in bad]


def _same(array, wanted):
    """Whether two arrays are equal where gaps between rings are equal too."""
    return array.dtype.names is None and np.array_equal(array, wanted, equal_nan=True)


def _told(bad):
    return bad.line, bad.id, bad.what, bad.next


@given(st.lists(of_extents.places(), min_size=1, max_size=5), st.data())
def test_what_is_usual_is_taken_together(places, data):
    """Ordinary features go the quick way: it is not quick by refusing everything."""
    lines = [
        write_feature(
            str(at),
            data.draw(of_extents.extents(data.draw(of_extents.corridors(place, 4e3)))),
        )
        for at, place in enumerate(places)
    ]
    lon = [abs(place.lon) for place in places]
    if max(lon) < 170.0 and all(abs(place.lat) < 70.0 for place in places):
        assert len(columns(lines, Edges.GEODESIC).ids) == len(lines)


@given(
    of_extents.places(),
    st.lists(st.tuples(st.integers(-6, 6), st.integers(-6, 6)), min_size=3, max_size=8),
    st.sampled_from([1e-7, 1e-4, 0.01, 0.2]),
)
def test_a_ring_that_is_surely_simple_bounds_an_area(place, corners, step_deg):
    """Whatever the compiled look lets through, the careful one allows."""
    lon, lat = 0.98 * place.lon, 0.98 * place.lat  # whoever asks has looked for Earth
    ring = [(lon + x * step_deg, lat + y * step_deg) for x, y in corners]
    ring.append(ring[0])
    (is_simple,) = surely_simple(np.array(ring), np.array([len(ring)]))
    try:
        made = Polygon(outer=tuple(Position(lon=x, lat=y) for x, y in ring[:-1]))
    except BadInput:
        made = None
    assert made is not None or not is_simple


@given(st.lists(of_extents.pairs(), min_size=1, max_size=4), st.booleans())
def test_a_row_is_written_as_its_value_would_be(pairs, is_lost):
    """Rows are put together as text: what is read back is written the same."""
    lost = Extent(footprint=Unlocated(name='the "hill"'), window=pairs[0][0].window)
    notices = Notices()
    named = [(f"n\u00e4{at}", one) for at, (one, _) in enumerate(pairs)]
    list(notices.file([parcel_of(named + [('"', lost)] * is_lost)]))
    plans = [(f"p\\{at}", other) for at, (_, other) in enumerate(pairs)]
    for some in notices.screen([parcel_of(plans)]):
        rows = [
            msgspec.json.decode(line, type=Row)
            for line in bytes(some.rows).splitlines()
        ]
        assert b"".join(msgspec.json.encode(row) + b"\n" for row in rows) == some.rows
        assert len(rows) == len(some.asked) == len(some.is_sure)
        assert [row.plan for row in rows] == [plans[at][0] for at in some.asked]
        assert [row.verdict == "conflict" for row in rows] == some.is_sure.tolist()
