"""KML as the field writes it is read; what is left out is said."""

import pytest

from clearline.exchange.drawing import draw
from clearline.wire.features import BadFeature
from clearline.wire.geojson import Edges, extent_of
from clearline.wire.kml import split_kml
from clearline.wire.told import feature, taken_apart
from clearline.wire.xml import NotXml

_WINDOW = (
    "<TimeSpan><begin>2026-03-01T06:00:00+03:00</begin><end>2026-03-02</end></TimeSpan>"
)


def _split(body: str, above: str = "") -> list:
    text = (
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{above}{body}'
        "</Document></kml>"
    )
    return list(split_kml(text.encode(), draw))


def _one(body: str, above: str = ""):
    (told,) = _split(body, above)
    assert not isinstance(told, BadFeature), told
    return taken_apart(told.feature), told.notes


def _mark(body: str, more: str = _WINDOW) -> str:
    return f'<Placemark id="p"><name>Clinic</name>{more}{body}</Placemark>'


_RING = "40,35 40.1,35 40.1,35.1 40,35"


def test_a_placemark_tells_place_time_and_name():
    """Longitude first; a day as an end is over when the next begins, UTC."""
    found, notes = _one(
        _mark(
            "<description>ward</description><Point><coordinates>40.5,35.2,120"
            "</coordinates></Point>"
        )
    )
    assert found.geometry == {"type": "Point", "coordinates": [40.5, 35.2]}
    assert found.properties == {
        "start": "2026-03-01T03:00:00Z",
        "end": "2026-03-03T00:00:00Z",
        "label": "Clinic",
        "description": "ward",
    }
    assert notes == ()


def test_a_hole_stays_a_hole():
    """What is left out of an area is not taken up."""
    hole = "40.05,35.01 40.08,35.01 40.08,35.04 40.05,35.01"
    found, _ = _one(
        _mark(
            "<Polygon><outerBoundaryIs><LinearRing><coordinates>"
            f"{_RING}</coordinates></LinearRing></outerBoundaryIs><innerBoundaryIs>"
            f"<LinearRing><coordinates>{hole}</coordinates></LinearRing>"
            "</innerBoundaryIs></Polygon>"
        )
    )
    assert len(found.geometry["coordinates"]) == 2


def test_what_a_folder_says_of_time_holds_for_what_is_in_it():
    """A window told once for all is not lost."""
    found, _ = _one(
        "<Folder><TimeSpan><end>2026-12</end></TimeSpan>"
        f"{_mark('<Point><coordinates>40,35</coordinates></Point>', '')}</Folder>"
    )
    assert (found.properties["start"], found.properties["end"]) == (
        None,
        "2027-01-01T00:00:00Z",
    )


@pytest.mark.parametrize(
    ("mode", "band"),
    [
        ("relativeToGround", {"floor_m": 0.0, "ceiling_m": 300.0, "datum": "AGL"}),
        ("absolute", {"ceiling_m": 300.0, "datum": "AMSL"}),
    ],
)
def test_what_is_extruded_reaches_from_the_ground(mode, band):
    """Only what reaches down to the ground says which altitudes it takes up."""
    line = "<coordinates>40,35,300 40.1,35,300</coordinates>"
    found, notes = _one(
        _mark(
            f"<LineString><extrude>1</extrude><altitudeMode>{mode}</altitudeMode>"
            f"{line}</LineString>"
        )
    )
    assert {k: v for k, v in found.properties.items() if k in band} == band
    assert notes == ()


@pytest.mark.parametrize("mode", ["relativeToGround", "absolute", "relativeToSeaFloor"])
def test_an_altitude_it_is_drawn_at_takes_nothing_away_and_is_said(mode):
    """A pin drawn at 300 m stands in the way at every altitude."""
    found, notes = _one(
        _mark(
            f"<Point><altitudeMode>{mode}</altitudeMode>"
            "<coordinates>40,35,300</coordinates></Point>"
        )
    )
    assert "datum" not in found.properties
    assert "all altitudes" in notes[0]


def test_a_track_is_a_path_with_its_times():
    """Who moved when is not drawn as one long street."""
    found, _ = _one(
        _mark(
            "<gx:Track><when>2026-03-01T06:00:00Z</when>"
            "<when>2026-03-01T07:00:00Z</when><gx:coord>40 35 0</gx:coord>"
            "<gx:coord>40.1 35 0</gx:coord></gx:Track>",
            "",
        )
    )
    again = feature(found.id, found.geometry, found.properties)
    _, extent = extent_of(again, Edges.GEODESIC)
    assert len(extent.footprint.passages) == 2


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("<Point><coordinates>40, 35</coordinates></Point>", "no position"),
        ("<Point><coordinates/></Point>", "no coordinates"),
        ("<Model/>", "not read"),
        (
            (
                "<MultiGeometry><Point><coordinates>1,1</coordinates></Point><Point>"
                "<coordinates>2,2</coordinates></Point></MultiGeometry>"
            ),
            "mixes",
        ),
        (
            "<gx:Track><when>2026-03-01T06:00:00Z</when></gx:Track>",
            "1 times and 0 positions",
        ),
    ],
)
def test_what_cannot_be_one_notice_is_said_of_its_own_line(body, says):
    """One bad placemark hides no other."""
    good = _mark("<Point><coordinates>40,35</coordinates></Point>")
    bad, told = _split(f"\n{_mark(body)}{good}")
    assert isinstance(bad, BadFeature)
    assert says in bad.what
    assert bad.line == 2
    assert not isinstance(told, BadFeature)


def test_a_time_without_a_zone_is_asked_about():
    """An hour that may be three hours off is not guessed."""
    span = "<TimeSpan><begin>2026-03-01T06:00:00</begin></TimeSpan>"
    (bad,) = _split(_mark("<Point><coordinates>40,35</coordinates></Point>", span))
    assert isinstance(bad, BadFeature)
    assert "zone" in bad.what


def test_what_lies_elsewhere_is_not_fetched():
    """A link is no placemark, and says so."""
    (bad,) = _split(
        "<NetworkLink><Link><href>http://127.0.0.1:9</href></Link></NetworkLink>"
    )
    assert isinstance(bad, BadFeature)
    assert "not fetched" in bad.what


def test_a_file_of_another_kind_is_refused_whole():
    """An empty answer to a wrong file would look like an empty file."""
    with pytest.raises(NotXml):
        list(split_kml(b"<gpx/>", draw))
