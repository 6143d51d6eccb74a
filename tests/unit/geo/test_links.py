"""geo: URIs and links of web maps: marks, views, and what cannot be read in them."""

import pytest

from clearline.geo.plain import NoReading
from clearline.geo.reading import read_place
from clearline.model.places import PlaceFormat

LAT, LON = 35.2854, 40.1760


def only(text):
    """Return the only reading."""
    (reading,) = read_place(text)
    return reading


def assert_here(reading):
    """The reading is the airfield."""
    position = reading.place.footprint.position
    assert (round(position.lat, 4), round(position.lon, 4)) == (LAT, LON)


@pytest.mark.parametrize(
    ("text", "precision_m"),
    [
        ("geo:35.2854,40.1760", 11.13),
        ("GEO:35.2854,40.1760", 11.13),
        ("geo:35.2854,40.1760;u=50", 50.0),
        ("geo:35.2854,40.1760;u=0", 11.13),
        ("geo:35.2854,40.1760;crs=wgs84;u=50", 50.0),
        ("geo:35.2854,40.1760;crs=WGS84;foo=bar;U=50", 50.0),
        ("geo:35.2854000,40.1760000", 0.01),
        (" <geo:35.2854,40.1760> ", 11.13),
    ],
)
def test_a_geo_uri_is_a_point(text, precision_m):
    """Latitude first (RFC 5870); its uncertainty holds where digits are finer."""
    reading = only(text)
    assert_here(reading)
    assert reading.place.precision_m == precision_m
    assert reading.place.format is PlaceFormat.GEO
    assert reading.place.text == text


def test_the_altitude_of_a_geo_uri_is_kept():
    """The third number is metres above the ellipsoid, kept and said."""
    reading = only("geo:35.2854,40.1760,-12.5")
    assert reading.place.altitude_m == -12.5
    assert "-12.5 m above the ellipsoid" in reading.understood
    assert only("geo:35.2854,40.1760").place.altitude_m is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("geo:35.2854", "no geo: URI"),
        ("geo:", "no geo: URI"),
        ("geo:35.2854,40.1760;crs=nad27", "counts in 'nad27'"),
        ("geo:35.2854,40.1760;u=far", "uncertain by 'far'"),
        ("geo:95,40", "latitude of 95"),
    ],
)
def test_a_bad_geo_uri_is_refused(text, why):
    """What is no geo: URI of WGS 84 is refused, and says what is wrong."""
    with pytest.raises(Exception, match=why):
        read_place(text)


MARKS = [
    "https://www.google.com/maps?q=35.2854,40.1760",
    "https://maps.google.com/?q=loc:35.2854,40.1760",
    "https://www.google.com/maps/search/?api=1&query=35.2854%2C40.1760",
    "https://www.google.de/maps/place/35.2854,+40.1760/@35.28,40.17,15z",
    "https://www.google.com/maps/search/35.2854,+40.1760?entry=tts",
    "google.com/maps/place/X/@35.20,40.10,15z/data=!3m1!4b1!8m2!3d35.2854!4d40.1760",
    "https://www.openstreetmap.org/?mlat=35.2854&mlon=40.1760#map=15/35.20/40.10",
    "https://osm.org/?mlat=35.2854&mlon=40.1760",
    "https://www.bing.com/maps?sp=point.35.2854_40.1760_Here&cp=35.1~40.1&lvl=12",
    "https://maps.apple.com/?ll=35.2854,40.1760&q=Dropped%20Pin",
    "https://maps.apple.com/?q=35.2854,40.1760",
    "https://maps.apple.com/place?coordinate=35.2854,40.1760&name=Here",
    "https://yandex.com/maps/?pt=40.1760,35.2854&z=15&ll=40.1,35.1",
    "https://yandex.ru/maps/?whatshere%5Bpoint%5D=40.1760%2C35.2854&z=15",
    "https://yandex.com/maps/?text=35.2854%2C40.1760",
]


@pytest.mark.parametrize("text", MARKS)
def test_a_mark_is_where_somebody_set_it(text):
    """A mark is read whatever the view shows, each map's order of numbers kept."""
    reading = only(text)
    assert_here(reading)
    assert reading.place.precision_m == 11.13
    assert reading.place.format is PlaceFormat.MAP_LINK
    assert "a mark of" in reading.understood


def test_a_mark_is_never_finer_than_the_maps_are():
    """Seven decimals of a mark on the web are not a centimetre."""
    reading = only("https://maps.google.com/?q=35.2854000,40.1760000")
    assert reading.place.precision_m == 10.0


VIEWS = [
    ("https://www.google.com/maps/@35.2854,40.1760,15z", 1_997.0),
    ("https://www.google.com/maps/@35.2854,40.1760,1200m/data=!3m1!1e3", 1_200.0),
    ("https://www.google.com/maps/@35.2854,40.1760,3a,75y,90h/data=x", 50.0),
    ("https://maps.google.com/?ll=35.2854,40.1760&z=15", 1_997.0),
    ("https://www.openstreetmap.org/#map=15/35.2854/40.1760", 1_997.0),
    ("https://www.openstreetmap.org/?lat=35.2854&lon=40.1760&zoom=15", 1_997.0),
    ("https://www.bing.com/maps?cp=35.2854~40.1760&lvl=15", 1_997.0),
    ("https://maps.apple.com/?ll=35.2854,40.1760&z=15", 1_997.0),
    ("https://yandex.com/maps/?ll=40.1760%2C35.2854&z=15", 1_997.0),
]


@pytest.mark.parametrize(("text", "precision_m"), VIEWS)
def test_the_middle_of_a_view_is_no_mark(text, precision_m):
    """The middle of a view is read as that, worth half of what was in sight."""
    reading = only(text)
    assert_here(reading)
    assert reading.place.precision_m == pytest.approx(precision_m, abs=1.0)
    assert "where nothing is marked" in reading.understood


def test_two_marks_are_two_readings():
    """A link with two marks is two places; nobody chooses for the sender."""
    text = "https://yandex.com/maps/?pt=40.1760,35.2854~40.2,35.3&z=15"
    first, second = read_place(text)
    assert_here(first)
    assert second.place.footprint.position.lat == 35.3


def test_coordinates_in_words_within_a_link_are_read():
    """Degrees, minutes and seconds in the search of a link are read as written."""
    reading = only(
        "https://www.google.com/maps/place/35%C2%B017'07.4%22N+40%C2%B010'33.6%22E"
    )
    assert_here(reading)
    assert reading.place.format is PlaceFormat.DMS


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("https://maps.app.goo.gl/AbCdEf", "shortened"),
        ("https://goo.gl/maps/AbCdEf", "shortened"),
        ("https://example.org/?q=35.2854,40.1760", "Links of example.org"),
        ("https://www.google.com/maps?q=Deir+ez-Zor", "no coordinates"),
        ("https://www.google.com/maps/dir/A/B", "no coordinates"),
        ("https://www.openstreetmap.org/node/1234", "no coordinates"),
        ("https://maps.apple.com/?ll=35.2854,40.1760", "no mark and no scale"),
        ("https://maps.google.com/?ll=35.2854,40.1760", "no mark and no scale"),
        ("https://notgoogle.com.evil.org/?q=35,40", "Links of notgoogle"),
    ],
)
def test_a_link_without_coordinates_says_what_to_send(text, why):
    """Nothing is fetched: short links and names alone are asked about."""
    with pytest.raises(NoReading, match=why) as refusal:
        read_place(text)
    assert refusal.value.next


def test_a_link_too_long_is_refused():
    """A link beyond any map's length is refused before it is cut up."""
    with pytest.raises(NoReading, match="too long"):
        read_place("https://www.google.com/maps?q=" + "1" * 4_000)
