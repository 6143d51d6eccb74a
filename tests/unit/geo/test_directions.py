"""Bearings and ranges from named origins, vague where the words are."""

import math

import pytest

from clearline.geo.directions import say_told_from, taken_exactly
from clearline.geo.geodesy import destination, distance_m, to_utm
from clearline.geo.plain import NoReading
from clearline.geo.reading import read_place
from clearline.model.errors import BadInput
from clearline.model.places import (
    Circle,
    Interval,
    NamedOrigin,
    North,
    PlaceFormat,
    Point,
    Position,
    Sector,
)
from unit.geo.founding import AIRFIELD, CITY, ORIGINS


def only(text, origins=ORIGINS):
    """Return the place of the only reading."""
    (reading,) = read_place(text, origins)
    return reading.place


SOUTHWEST = Interval(least=202.5, most=247.5)
BAND = Interval(least=3_000.0, most=6_000.0)


@pytest.mark.parametrize(
    ("text", "precision_m"),
    [
        ("3 to 6 km southwest of the airfield", 500.0),
        ("3-6 km SW of the airport", 500.0),
        ("3–6 km south-west of the airbase", 500.0),  # noqa: RUF001 (an en dash)
        ("between 3 and 6 km to the south west of the air base", 500.0),
        ("southwest of Deir ez-Zor airfield, 3 to 6 km", 500.0),
        ("southwest, 3 to 6 km from the airfield", 500.0),
        ("3.0 to 6.0 km southwest of the airfield", 50.0),
        ("3000 m to 6 km southwest of the airfield", 500.0),
        ("approximately 3 to 6 km southwest of the airfield", 1_000.0),
        ("about 3.0 to 6.0 km southwest of the airfield", 600.0),
    ],
)
def test_a_vague_place_stays_vague(text, precision_m):
    """Two ranges and a compass word are a sector with an interval, never a point."""
    place = only(text)
    assert place.footprint == Sector(
        origin=AIRFIELD.position,
        bearing_deg=SOUTHWEST,
        range_m=BAND,
        precision_m=precision_m,
    )
    assert place.format is PlaceFormat.BEARING_RANGE
    assert place.origin == "Deir ez-Zor (airfield)"


@pytest.mark.parametrize(
    ("word", "least", "most"),
    [
        ("north", 337.5, 382.5),
        ("N", 337.5, 382.5),
        ("east", 67.5, 112.5),
        ("south", 157.5, 202.5),
        ("NW", 292.5, 337.5),
        ("SSW", 191.25, 213.75),
        ("north-north-east", 11.25, 33.75),
        ("west south west", 236.25, 258.75),
    ],
)
def test_a_compass_word_is_the_sector_about_it(word, least, most):
    """Eight points take 45 degrees each, the points between them half of that."""
    told = only(f"9 km {word} of the airfield").told_from
    assert told.bearing_deg == Interval(least=least, most=most)
    assert not told.is_north_said


def test_due_south_is_a_point_with_its_precision():
    """Due south is 180 degrees within 5: half a kilometre out, 785 m aside."""
    place = only("9 km due south of the airfield")
    expected = destination(AIRFIELD.position, 180.0, 9_000.0)
    assert isinstance(place.footprint, Point)
    assert distance_m(place.footprint.position, expected) < 1e-6
    assert place.precision_m == pytest.approx(931, abs=1)


@pytest.mark.parametrize(
    "text",
    [
        "215 true/6 km from Deir ez-Zor airfield",
        "215°T/6 km from the airfield",
        "215 true, 6 km from the airfield",
        "bearing 215 true, 6 km from the airfield",
        "bearing of 215 degrees true at 6 km from the airfield",
        "6 km on a bearing of 215 true from the airfield",
        "6 km at 215° true north from the airfield",
        "6 kilometres 215 deg TN from the airfield",
    ],
)
def test_figures_are_a_point(text):
    """A bearing in figures and one range are a point, its north as said."""
    (reading,) = read_place(text, ORIGINS)
    place = reading.place
    expected = destination(AIRFIELD.position, 215.0, 6_000.0)
    assert distance_m(place.footprint.position, expected) < 1e-6
    assert place.precision_m == pytest.approx(503, abs=1)
    assert place.told_from.is_north_said
    assert "true north as said" in reading.understood


@pytest.mark.parametrize(
    "text",
    [
        "215/6 km from Deir ez-Zor airfield",
        "6 km at 215° from the airfield",
        "3822 NATO mils, 6 km from the airfield",
        "200 to 230, 3 to 6 km from the airfield",
    ],
)
def test_the_north_of_figures_is_said_or_asked(text):
    """Figures count from some north; where the text does not say which, it is asked."""
    with pytest.raises(NoReading, match="From which north") as refusal:
        read_place(text, ORIGINS)
    assert "215 magnetic (declination 5.2 E)" in refusal.value.next


@pytest.mark.parametrize(
    ("text", "bearing_deg", "precision_deg"),
    [
        ("3822 NATO mils true, 6 km from the airfield", 214.9875, 0.028125),
        ("3822 mils (6400) true, 6 km from the airfield", 214.9875, 0.028125),
        ("3820 mils true/6 km from the airfield", 214.875, 0.28125),
        ("6 km at 3822 mils true from the airfield", 214.9875, 0.028125),
        ("3583 Soviet mils true, 6 km from the airfield", 214.98, 0.03),
        ("3583 mils (6000) true, 6 km from the airfield", 214.98, 0.03),
        ("35-83 mils true, 6 km from the airfield", 214.98, 0.03),
        ("6400 mils true, 6 km from the airfield", 0.0, 0.28125),
    ],
)
def test_mils_are_parts_of_a_turn(text, bearing_deg, precision_deg):
    """NATO mils are 6400 to the turn, Soviet ones, or those in pairs, 6000."""
    told = only(text).told_from
    assert told.bearing_deg.least == pytest.approx(bearing_deg)
    assert told.bearing_deg.width == 0.0
    assert told.bearing_precision_deg == pytest.approx(precision_deg)


def test_whose_mils_is_said_with_what_the_others_would_be():
    """Mils of nobody are NATO's, and the reading tells where Soviet ones point."""
    (reading,) = read_place("3822 mils true/6 km from the airfield", ORIGINS)
    assert "NATO mils, 6400 to the turn, assumed" in reading.understood
    assert "In Soviet mils it would be 229.3°, 1.5 km from there." in reading.understood
    (said,) = read_place("3822 NATO mils true/6 km from the airfield", ORIGINS)
    assert "assumed" not in said.understood
    assert "Soviet" not in said.understood
    (beyond,) = read_place("6300 mils true/6 km from the airfield", ORIGINS)
    assert "Soviet" not in beyond.understood


def test_two_bearings_are_a_sector():
    """Two bearings in figures are all between them, clockwise."""
    told = only("200 to 230 true, 3 to 6 km from the airfield").told_from
    assert told.bearing_deg == Interval(least=200.0, most=230.0)
    north = only("350 to 10 true, 3 to 6 km from the airfield").told_from
    assert north.bearing_deg == Interval(least=350.0, most=370.0)


@pytest.mark.parametrize(
    ("word", "least", "most"),
    [
        ("south by west", 185.625, 196.875),
        ("SbW", 185.625, 196.875),
        ("southwest by south", 208.125, 219.375),
        ("NbE", 5.625, 16.875),
        ("north-by-west", 343.125, 354.375),
    ],
)
def test_the_points_called_by_are_the_narrowest(word, least, most):
    """Thirty-two points: those called *by* take 11.25 degrees each."""
    told = only(f"9 km {word} of the airfield").told_from
    assert told.bearing_deg == Interval(least=least, most=most)


def test_true_is_taken_as_said():
    """Where the text says true, nothing was assumed."""
    told = only("215 true/6 km from the airfield").told_from
    assert told.is_north_said
    assert told == only("215T/6 km from the airfield").told_from


def test_magnetic_needs_its_declination():
    """A magnetic bearing is asked for its declination and turned by it."""
    with pytest.raises(NoReading, match="declination is not said"):
        read_place("215M/6 km from the airfield", ORIGINS)
    east = only("215 magnetic (declination 5.2 E), 6 km from the airfield").told_from
    west = only("215 mag variation 5.2 W/6 km from the airfield").told_from
    assert east.bearing_deg.least == pytest.approx(220.2)
    assert west.bearing_deg.least == pytest.approx(209.8)
    assert east.north is North.MAGNETIC


def test_grid_north_is_turned_by_its_convergence():
    """A grid bearing is turned to true: what is drawn on the grid has that bearing."""
    for range_km in (1, 6, 60, 250):
        place = only(f"215 grid/{range_km} km from the airfield")
        east_m, north_m = to_utm(place.footprint.position, 37)
        from_east_m, from_north_m = to_utm(AIRFIELD.position, 37)
        drawn_deg = math.degrees(
            math.atan2(east_m - from_east_m, north_m - from_north_m)
        )
        assert drawn_deg % 360 == pytest.approx(215.0, abs=1e-6)
    told = only("215 grid/6 km from the airfield").told_from
    assert told.bearing_deg.least == pytest.approx(215.68, abs=0.01)
    assert told.north is North.GRID
    pole = NamedOrigin(name="Barneo", position=Position(lon=0.0, lat=89.0))
    with pytest.raises(NoReading, match="no grid north"):
        read_place("215 grid/6 km from Barneo", [pole])


def test_a_turned_bearing_may_cross_north():
    """A declination that carries a bearing over north keeps it within the turn."""
    told = only("358 magnetic variation 5 E/6 km from the airfield").told_from
    assert told.bearing_deg.least == pytest.approx(3.0)


def test_a_line_of_ranges():
    """Two ranges on one bearing are a line, not an area."""
    footprint = only("3 to 6 km at 225 true from the airfield").footprint
    assert isinstance(footprint, Sector)
    assert footprint.bearing_deg.width == 0.0
    assert footprint.range_m == BAND


def test_no_bearing_is_a_ring_and_within_is_a_disc():
    """Without a bearing a range is all round; "within" fills it."""
    ring = only("9 km from the airfield").footprint
    assert isinstance(ring, Sector)
    assert ring.bearing_deg.width == 360.0
    disc = only("within 5 km of the city").footprint
    assert disc == Circle(centre=CITY.position, radius_m=5_000.0, precision_m=500.0)
    wedge = only("up to 6 km southwest of the airfield").footprint
    assert wedge.range_m == Interval(least=0.0, most=6_000.0)
    assert wedge.bearing_deg == SOUTHWEST


@pytest.mark.parametrize(
    ("text", "most_m", "precision_m"),
    [
        ("350 m", 350.0, 17.5),
        ("9 km", 9_000.0, 500.0),
        ("9.0 km", 9_000.0, 50.0),
        ("10 km", 10_000.0, 500.0),
        ("100 km", 100_000.0, 5_000.0),
        ("9000 metres", 9_000.0, 450.0),
        ("12 NM", 22_224.0, 926.0),
        ("3 nautical miles", 5_556.0, 926.0),
        ("2 miles", 3_218.688, 804.672),
        ("500 ft", 152.4, 7.62),
        ("800 yards", 731.52, 36.576),
        ("2,5 km", 2_500.0, 50.0),
        ("0,500 km", 500.0, 0.5),
        ("1.500 km", 1_500.0, 0.5),
        ("5 км", 5_000.0, 500.0),
        ("٥ كم", 5_000.0, 500.0),  # noqa: RUF001 (an Arabic five)
        ("about 9 km", 9_000.0, 1_000.0),
        ("roughly 100 km", 100_000.0, 10_000.0),
    ],
)
def test_units_and_what_their_digits_are_worth(text, most_m, precision_m):
    """Half the last digit, or a twentieth of a round number; twice that for about."""
    told = only(f"{text} south of the airfield").told_from
    assert told.range_m.most == pytest.approx(most_m)
    assert told.range_precision_m == pytest.approx(precision_m)


def test_about_widens_a_bearing():
    """About a bearing in figures is within five degrees."""
    told = only("215 true/about 6 km from the airfield").told_from
    assert told.bearing_precision_deg == 5.0


def test_an_origin_known_roughly_makes_the_place_rough():
    """The precision of the origin adds to that of the words."""
    rough = NamedOrigin(name="Hill", position=CITY.position, precision_m=300.0)
    assert only("9 km south of Hill", [rough]).precision_m == pytest.approx(800.0)


def test_a_shared_name_is_two_readings():
    """City and airfield share the name: both readings come back, with distances."""
    readings = read_place("9 km south of Deir ez-Zor", ORIGINS)
    assert [r.place.origin for r in readings] == [
        "Deir ez-Zor (airfield)",
        "Deir ez-Zor (city)",
    ]
    assert "4.7 to 10.7 km from reading 2" in readings[0].understood


def test_a_rival_is_named_even_where_the_words_decide():
    """One origin was named clearly; its rival and distance are said all the same."""
    (reading,) = read_place("9 km south of the airfield", ORIGINS)
    assert "Deir ez-Zor (city) shares the name: 5.8 km" in reading.understood


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("9 km south", "From where"),
        ("9 km to the south west", "From where"),
        ("215/6 km", "From where"),
        ("6 km", "From where"),
        ("southwest of the airfield", "How far"),
        ("9 km south of Raqqa", "No origin called 'Raqqa'"),
        ("6401 NATO mils true/6 km from the airfield", "6401 mils"),
        ("61-00 mils true/6 km from the airfield", "6100 mils"),
        ("1,500 m south of the airfield", "comma may stand"),
        ("1.500 m south of the airfield", "point may stand"),
        ("near the airfield", "How near"),
        ("not far from the airfield", "How near"),
        ("somewhere around the airfield", "How near"),
        ("400/6 km from the airfield", "bearing of 400"),
        ("6 km northsouth of the airfield", "no point of the compass"),
        ("6 km nsw of the airfield", "no point of the compass"),
        ("0 km south of the airfield", "distance is zero"),
    ],
)
def test_what_is_missing_is_asked_for(text, why):
    """No origin, range or unit is supplied: the question to ask comes back."""
    with pytest.raises(NoReading, match=why):
        read_place(text, ORIGINS)


def test_the_origins_known_are_listed():
    """Whoever asked for an unknown origin is told which ones there are."""
    with pytest.raises(NoReading) as refusal:
        read_place("9 km south of Raqqa", ORIGINS)
    assert "Known: Deir ez-Zor (airfield), Deir ez-Zor (city)." in refusal.value.next
    with pytest.raises(NoReading) as refusal:
        read_place("9 km south of Raqqa")
    assert "Known: none." in refusal.value.next


def test_miles_are_said_to_be_statute_miles():
    """Miles are statute miles, and the reading says that this was assumed."""
    (reading,) = read_place("2 miles south of the airfield", ORIGINS)
    assert "miles taken as statute miles" in reading.understood


def test_a_range_beyond_the_earth_is_refused():
    """Ranges longer than the Earth are no places."""
    with pytest.raises(BadInput, match="fit on Earth"):
        read_place("99999 km south of the airfield", ORIGINS)


def test_a_vague_bearing_taken_exactly_says_so():
    """The compass word taken exactly is a point on its middle, and an assumption."""
    place = taken_exactly(only("9 km south of the airfield"))
    expected = destination(AIRFIELD.position, 180.0, 9_000.0)
    assert distance_m(place.footprint.position, expected) < 1e-6
    assert place.precision_m == 500.0
    assert place.text == "9 km south of the airfield"
    assert "assumed to be exactly 180° true" in place.method
    assert "157.5° to 202.5°" in place.method


def test_what_is_exact_stays_as_it_is():
    """Taking exactly changes nothing that was not told by a vague bearing."""
    for text in (
        "215 true/6 km from the airfield",
        "9 km from the airfield",
        "the city",
    ):
        place = only(text)
        assert taken_exactly(place) is place


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "9 km due south of the airfield",
            "9 km at 180° true from Deir ez-Zor (airfield)",
        ),
        ("9 km from the city", "9 km all round Deir ez-Zor (city)"),
        (
            "3 to 6 km N of the city",
            "3 to 6 km between 337.5° and 22.5° true from Deir ez-Zor (city)",
        ),
    ],
)
def test_a_bearing_and_range_is_said_plainly(text, said):
    """A sentence names range, bearing and origin."""
    assert say_told_from(only(text).told_from) == said
