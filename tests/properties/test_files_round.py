"""What a format can carry comes back the same; nothing is lost in silence."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from clearline.exchange.drawing import draw
from clearline.exchange.formats import FileFormat, split
from clearline.exchange.packed import packed_kmz
from clearline.model.extents import Extent
from clearline.model.places import Interval, Sector, Unlocated, clockwise
from clearline.wire.cot import Event, write_cot
from clearline.wire.features import BadFeature
from clearline.wire.geojson import Edges, extent_of, write_feature
from clearline.wire.kml import Placemark, write_kml
from clearline.wire.told import Feature, feature, taken_apart
from properties.of_extents import (
    bands,
    extents,
    footprints,
    movers,
    places,
    sizes,
    windows,
)

NOW = datetime(2026, 3, 1, tzinfo=UTC)

_TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=20)
_WORDS = st.dictionaries(
    st.sampled_from(["ref", "name_en", "name_local", "what", "description"]),
    st.one_of(
        _TEXTS, st.sampled_from(["a\nb\tc\r\n", "]]>", "<&>\"'", "=1+1", "null"])
    ),
)


@st.composite
def _sectors(draw_):
    least = draw_(st.floats(0.0, 5_000.0))
    most = least + draw_(st.floats(1.0, 5_000.0))
    turn = draw_(st.floats(1.0, 359.0))
    start = draw_(st.floats(0.0, 359.0))
    return Sector(
        origin=draw_(places()),
        bearing_deg=clockwise(start, start + turn),
        range_m=Interval(least=least, most=most),
    )


@st.composite
def _any_extent(draw_):
    kind = draw_(st.integers(0, 4))
    if kind == 0:
        return draw_(movers(draw_(places()), draw_(sizes(20_000.0))))
    if kind == 1:
        return Extent(
            footprint=draw_(_sectors()), window=draw_(windows()), band=draw_(bands())
        )
    return draw_(extents(draw_(footprints(draw_(places()), draw_(sizes())))))


def _told(extent: Extent, words: dict[str, str]) -> Feature:
    plain = taken_apart(write_feature("n-1", extent))
    plain.properties |= words
    return plain


def _came_back(data: bytes, form: FileFormat) -> Feature:
    (told,) = split(data, form)
    assert not isinstance(told, BadFeature), (told, data)
    assert told.notes == ()
    return taken_apart(told.feature)


def _is_same(one: Feature, other: Feature) -> bool:
    read = [
        extent_of(feature("n-1", each.geometry, each.properties), Edges.GEODESIC)
        for each in (one, other)
    ]
    keys = ("ref", "name_en", "name_local", "what", "description")
    said = [[each.properties.get(key) for key in keys] for each in (one, other)]
    return read[0] == read[1] and said[0] == said[1]


@given(_any_extent(), _WORDS)
def test_kml_and_kmz_carry_every_extent_and_every_word(extent, words):
    """Circles, sectors, holes, bands, margins and passages survive a map program."""
    told = _told(extent, words)
    mark = Placemark(
        id=told.id,
        geometry=told.geometry,
        properties=told.properties,
        title="<x>",
        says="&",
        outline=draw(told.geometry, told.properties),
    )
    kml = write_kml([mark], name="n", says="s")
    assert _is_same(_came_back(kml, FileFormat.KML), told)
    assert _is_same(_came_back(packed_kmz(kml), FileFormat.KMZ), told)


@given(_any_extent(), _WORDS)
def test_cot_carries_every_extent_and_every_word(extent, words):
    """What TAK cannot draw rides in its detail, and comes back if nobody moved it."""
    told = _told(extent, words)
    rings = draw(told.geometry, told.properties)
    event = Event(
        id=told.id,
        geometry=told.geometry,
        properties=told.properties,
        title="<x>",
        says="&",
        outline=rings[0] if rings else (),
    )
    assert _is_same(_came_back(write_cot([event], NOW), FileFormat.COT), told)


@given(windows(), _WORDS)
def test_what_is_nowhere_stays_nowhere_in_kml(window, words):
    """A name nobody can locate gets no pin on anybody's map."""
    told = _told(Extent(footprint=Unlocated(name="Kroum"), window=window), words)
    mark = Placemark(id="n-1", geometry=None, properties=told.properties, title="Kroum")
    found = _came_back(write_kml([mark], name="n", says=""), FileFormat.KML)
    assert found.geometry is None
    assert _is_same(found, told)
