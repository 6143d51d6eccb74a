"""Places written with no more digits than they deserve, and said for voice."""

import pytest

from clearline.geo.angles import METRES_A_DEGREE
from clearline.geo.lengths import say_apart, say_length
from clearline.geo.voice import hear, spell
from clearline.geo.writing import (
    bearing_and_range_from,
    from_two_origins,
    write_all,
    write_ddm,
    write_decimal,
    write_dms,
    write_geo,
    write_mgrs,
    write_packed,
    write_utm,
)
from clearline.model.places import Interval, NamedOrigin, Position
from unit.geo.founding import AIRFIELD, CITY, ORIGINS

HERE = AIRFIELD.position


@pytest.mark.parametrize(
    ("precision_m", "decimal", "dms", "mgrs"),
    [
        (
            0.0,
            "35.2854000 N 40.1760000 E",
            "35°17'07.4400\"N 40°10'33.6000\"E",
            "37S FV 06940 05327",
        ),
        (
            1.0,
            "35.28540 N 40.17600 E",
            "35°17'07.4\"N 40°10'33.6\"E",
            "37S FV 0694 0532",
        ),
        (11.13, "35.2854 N 40.1760 E", "35°17'07\"N 40°10'34\"E", "37S FV 069 053"),
        (70.75, "35.285 N 40.176 E", "35°17.1'N 40°10.6'E", "37S FV 069 053"),
        (500.0, "35.29 N 40.18 E", "35°17'N 40°11'E", "37S FV 06 05"),
        (1_113.2, "35.29 N 40.18 E", "35°17'N 40°11'E", "37S FV 0 0"),
        (9_000.0, "35.3 N 40.2 E", "35°N 40°E", None),
        (200_000.0, "35 N 40 E", "35°N 40°E", None),
    ],
)
def test_digits_follow_the_precision(precision_m, decimal, dms, mgrs):
    """The last unit written is never finer than the precision."""
    assert write_decimal(HERE, precision_m) == decimal
    assert write_dms(HERE, precision_m) == dms
    assert write_mgrs(HERE, precision_m) == mgrs


def test_tenths_of_a_minute_stand_between_seconds_and_minutes():
    """A tenth of a minute is 186 m: up to that it is deserved, beyond it is not."""
    assert write_dms(HERE, 31.0) == "35°17.1'N 40°10.6'E"
    assert write_dms(HERE, 185.0) == "35°17.1'N 40°10.6'E"
    assert write_dms(HERE, 187.0) == "35°17'N 40°11'E"
    assert write_dms(HERE, METRES_A_DEGREE / 36_000) == "35°17'07.4\"N 40°10'33.6\"E"


def test_sixty_seconds_are_carried():
    """Rounding up never writes 60 seconds or 60 minutes."""
    position = Position(lon=-59.99999999, lat=-0.9999999)
    assert write_dms(position, 31.0) == "1°00.0'S 60°00.0'W"
    assert write_dms(position, 10.0) == "1°00'00\"S 60°00'00\"W"
    assert write_dms(position, 1_000.0) == "1°00'S 60°00'W"


def test_a_position_is_said_from_two_places():
    """Two bearings and distances, nearest origin first, check each other."""
    south = Position(lon=40.15, lat=35.2522)
    assert from_two_origins(south, ORIGINS) == (
        "4.4 km at 213° true from Deir ez-Zor (airfield), not from Deir ez-Zor (city)",
        "9.0 km at 180° true from Deir ez-Zor (city), not from Deir ez-Zor (airfield)",
    )
    assert from_two_origins(south, [CITY]) == (
        "9.0 km at 180° true from Deir ez-Zor (city)",
    )
    assert from_two_origins(south, []) == ()


@pytest.mark.parametrize(
    ("precision_m", "said"),
    [
        (70.0, "4.4 km at 213° true from Deir ez-Zor (airfield)"),
        (600.0, "about 4.5 km at 210° true from Deir ez-Zor (airfield)"),
        (1_500.0, "about 4 km at 210° true from Deir ez-Zor (airfield)"),
        (6_000.0, "within 10.4 km of Deir ez-Zor (airfield)"),
    ],
)
def test_a_rough_position_is_said_roughly(precision_m, said):
    """Range and bearing have no more digits than the position deserves."""
    south = Position(lon=40.15, lat=35.2522)
    assert bearing_and_range_from(south, AIRFIELD, precision_m) == said


@pytest.mark.parametrize(
    ("precision_m", "ddm", "packed", "utm", "geo"),
    [
        (
            0.0,
            "35°17.124000'N 40°10.560000'E",
            "351707.4400N0401033.6000E",
            "37 north 606940.53 mE 3905327.60 mN",
            "geo:35.2854000,40.1760000;u=0.00",
        ),
        (
            1.0,
            "35°17.124'N 40°10.560'E",
            "351707.4N0401033.6E",
            "37 north 606941 mE 3905328 mN",
            "geo:35.28540,40.17600;u=1",
        ),
        (
            31.0,
            "35°17.1'N 40°10.6'E",
            "3517.1N04010.6E",
            "37 north 606900 mE 3905300 mN ±100 m",
            "geo:35.285,40.176;u=31",
        ),
        (
            1_000.0,
            "35°17'N 40°11'E",
            "3517N04011E",
            "37 north 607000 mE 3905000 mN ±1000 m",
            "geo:35.29,40.18;u=1000",
        ),
        (20_000.0, "35°N 40°E", "35N040E", None, "geo:35,40;u=20000"),
    ],
)
def test_the_other_forms_follow_the_precision_too(precision_m, ddm, packed, utm, geo):
    """Degrees-minutes, packed figures, UTM and geo: URIs write what is deserved."""
    assert write_ddm(HERE, precision_m) == ddm
    assert write_packed(HERE, precision_m) == packed
    assert write_utm(HERE, precision_m) == utm
    assert write_geo(HERE, precision_m) == geo


def test_all_forms_are_written_at_once():
    """Each form that can say a position is there by its name, and no other."""
    assert list(write_all(HERE, 71.0)) == [
        *("decimal", "dms", "ddm", "packed", "mgrs", "utm", "geo")
    ]
    pole = write_all(Position(lon=0.0, lat=90.0), 5.0)
    assert "utm" not in pole
    assert pole["mgrs"] == "Z AH 0000 0000"
    assert "mgrs" not in write_all(HERE, 50_000.0)


def test_a_hair_below_zero_is_written_without_a_sign():
    """What is rounded to zero has no minus, and no second hemisphere."""
    position = Position(lon=-1e-9, lat=-1e-9)
    assert write_geo(position, 10.0) == "geo:0.0000,0.0000;u=10"


def test_near_and_at_an_origin():
    """Below a kilometre metres are said; at the origin there is no bearing."""
    north = NamedOrigin(name="Gate", position=Position(lon=40.1760, lat=35.2859))
    assert bearing_and_range_from(HERE, north) == "55 m at 180° true from Gate"
    assert bearing_and_range_from(HERE, AIRFIELD) == "at Deir ez-Zor (airfield)"


def test_a_bearing_of_north_is_000():
    """A bearing a hair west of north is said 000, never 360."""
    origin = NamedOrigin(name="South", position=Position(lon=40.17601, lat=35.2))
    assert "at 000° true" in bearing_and_range_from(HERE, origin)


def test_a_grid_reference_is_spelled():
    """Letters and digits are said in ICAO words, with a pause between groups."""
    assert spell("37S FV 069 053") == (
        "tree seven sierra, foxtrot victor, zero six niner, zero fife tree"
    )
    assert spell("35.2854 N") == "tree fife decimal too ait fife fower, november"
    assert spell("é") == "É"


@pytest.mark.parametrize(
    ("said", "written"),
    [
        (
            "tree seven sierra, foxtrot victor, zero six niner, zero fife tree",
            "37S FV 069 053",
        ),
        (
            "three seven sierra foxtrot victor zero six nine zero five three",
            "37SFV069053",
        ),
        ("Three Seven SIERRA, F V, 069, 053", "37S FV 069 053"),
        ("tree fife point too ait north, fower zero east", "35.28N 40E"),
        ("Lima", "Lima"),
        ("nine km south of the airfield", "nine km south of the airfield"),
        ("37S FV 069 053", "37S FV 069 053"),
        ("", ""),
    ],
)
def test_spelled_words_are_heard(said, written):
    """Spelled words become characters; everything else is left as it is."""
    assert hear(said) == written


def test_lengths_are_said_in_fitting_units():
    """Metres below a kilometre, else kilometres with a tenth; equal ends once."""
    assert say_length(999.4) == "999 m"
    assert say_length(1_500.0) == "1.5 km"
    assert say_apart(Interval(least=4_149.8, most=8_698.9)) == "4.1 to 8.7 km"
    assert say_apart(Interval(least=24.0, most=24.3)) == "24 m"
    assert say_apart(Interval(least=0.0, most=1_200_000.0)) == "0.0 to 1,200.0 km"


def test_a_place_that_has_a_twin_gives_way_to_one_that_can_be_told_apart():
    """*From Urbar, not from Urbar* helps nobody; the next place around does."""
    here = Position(lon=40.15, lat=35.2522)
    twin = NamedOrigin(name="Urbar", position=Position(lon=40.16, lat=35.26))
    other = NamedOrigin(name="Urbar", position=Position(lon=40.40, lat=35.40))
    said = from_two_origins(here, [twin, other, *ORIGINS])
    assert all("Deir ez-Zor" in one for one in said)
    alone = from_two_origins(here, [twin, other, CITY])
    assert alone[0].startswith("1.3 km")  # nearest first still, where it has to be said
    assert "Deir ez-Zor (city)" in alone[1]
