"""A document that is cut as it comes gives what it gives when it is held whole."""

import json

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from clearline.wire import features, streamed
from clearline.wire.features import BadFeature, Format, NotFeatures, split_features

HEAD = 50
"""Just long enough for what stands before the first feature."""

texts = st.text('ab"\\{}[],: \n\té', max_size=8)
values = st.recursive(
    st.one_of(st.none(), st.integers(-9, 9), texts),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)
    ),
    max_leaves=8,
)
documents = st.builds(
    lambda members, after, indent: json.dumps(
        {
            "type": "FeatureCollection",
            "features": [{"type": "Feature", "id": one} for one in members],
            **after,
        },
        indent=indent,
        ensure_ascii=False,
    ).encode(),
    st.lists(values, max_size=6),
    st.dictionaries(texts.map("x{}".format), values, max_size=2),
    st.sampled_from([None, 1]),
)


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Let every document be a long one, and every block a short one."""
    monkeypatch.setattr(features, "MOST_HEAD", HEAD)
    monkeypatch.setattr(streamed, "BLOCK", 32)


def _in_pieces(data, size):
    return [data[at : at + size] for at in range(0, len(data), size)]


def _told(found):
    return [
        (one.line, "bad" if isinstance(one, BadFeature) else one.data) for one in found
    ]


@given(documents, st.integers(1, 40))
@settings(max_examples=300)
def test_cut_as_it_comes_is_cut_whole(data, size):
    """The same features in the same lines, however the document arrives."""
    streamed_ = _told(split_features(_in_pieces(data, size), Format.GEOJSON))
    assert streamed_ == _told(features._split_document(data))


@given(documents, st.integers(1, 40), st.data())
@settings(max_examples=300)
def test_a_damaged_document_never_passes_for_a_whole_one(data, size, drawn):
    """Cut short anywhere, it says so; what stood before is there."""
    assume(len(data) > HEAD + 2)
    at = drawn.draw(st.integers(HEAD + 1, len(data) - 1))
    whole = _told(split_features(_in_pieces(data, size), Format.GEOJSON))
    found = _told(split_features(_in_pieces(data[:at], size), Format.GEOJSON))
    assert any(said == "bad" for _, said in found)
    sound = [one for one in found if one[1] != "bad"]
    assert sound == whole[: len(sound)]


def test_another_coordinate_system_is_refused_wherever_it_stands():
    """A document on another datum is none of ours, even if it says so at its end."""
    data = (
        b'{"type":"FeatureCollection","features":[{"id":1}],"crs":{"name":"EPSG:3857"}}'
    )
    with pytest.raises(NotFeatures, match="another coordinate system"):
        list(split_features(_in_pieces(data, 7), Format.GEOJSON))
    head = data.replace(b'"features"', b'"crs":{"name":"EPSG:3857"},"features"', 1)
    with pytest.raises(NotFeatures, match="another coordinate system"):
        list(split_features(_in_pieces(head, 7), Format.GEOJSON))


def test_the_system_that_is_ours_may_be_named():
    """What other tools write at the head of a document on WGS 84 is read."""
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    for where in ("before", "behind"):
        document = {"type": "FeatureCollection", "features": [{"id": 1}, {"id": 2}]}
        if where == "before":
            document = {"type": "FeatureCollection", "crs": named} | document
        document["crs"] = named
        data = json.dumps(document).encode()
        whole = _told(features._split_document(data))
        assert [said for _, said in whole] == [b'{"id": 1}', b'{"id": 2}']
        assert _told(split_features(_in_pieces(data, 300), Format.GEOJSON)) == whole
