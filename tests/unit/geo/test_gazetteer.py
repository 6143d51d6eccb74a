"""A phrase names places of the gazetteer whole, or not at all."""

import pytest

from clearline.geo.gazetteer import (
    AIRFIELD_EXTENT_M,
    EXTENTS,
    MOST,
    look_up,
    nearest_places,
    suggest,
)
from clearline.geo.origins import Known, find_origins, nearest_origins, rivals_of
from clearline.geo.reading import NoReading, read_place
from clearline.geo.writing import from_two_origins
from clearline.model.places import NamedOrigin, Point, Position
from gazetteers import small_gazetteer

AIRFIELD = "Deir ez-Zor Airport, Syria (airfield)"
CITY = "Deir ez-Zor, Syria (city)"
LIBYA, LEBANON = "Tripoli, Libya (city)", "Tripoli, Lebanon (city)"
IOWA = "Tripoli, United States (village)"


@pytest.fixture(scope="module")
def gazetteer(tmp_path_factory):
    """A gazetteer of a few places."""
    made = small_gazetteer(tmp_path_factory.mktemp("gazetteer"))
    yield made
    made.close()


@pytest.mark.parametrize(
    ("phrase", "labels"),
    [
        ("Deir ez-Zor", [CITY, AIRFIELD]),
        ("DEIR EZ ZOR", [CITY, AIRFIELD]),
        ("Dayr az Zawr", [CITY, AIRFIELD]),
        ("دير الزور", [CITY, AIRFIELD]),
        ("ديرَ الزّور", [CITY, AIRFIELD]),
        ("Дейр-эз-Зор", [CITY, AIRFIELD]),
        ("देइर एज़-ज़ोर", [CITY, AIRFIELD]),
        ("Deir ez-Zor airport", [AIRFIELD]),
        ("Deir ez-Zor air base", [AIRFIELD]),
        ("مطار دير الزور", [AIRFIELD]),
        ("аэропорт Дейр-эз-Зор", [AIRFIELD]),
        ("the city of Deir ez-Zor", [CITY]),
        ("مدينة دير الزور", [CITY]),
        ("OSDZ", [AIRFIELD]),
        ("Kunduz", ["Kunduz, Afghanistan (city)", "Artova, Turkey (village)"]),
        ("قندوز", ["Kunduz, Afghanistan (city)"]),
        ("Tripoli", [LIBYA, LEBANON, IOWA]),
        ("Tripoli, LB", [LEBANON]),
        ("Tripoli (Lebanon)", [LEBANON]),
        ("Tripoli Lebanon", [LEBANON]),
        ("Tripoli, Libya", [LIBYA]),
        ("طرابلس، ليبيا", [LIBYA]),
        ("Триполи, Ливия", [LIBYA]),
        ("Tripoli, Iowa", [IOWA]),
        ("Tripoli United States", [IOWA]),
        ("Tripoli airport, Lebanon", ["Rene Mouawad Air Base, Lebanon (airfield)"]),
        ("Kansas City", ["Kansas City, United States"]),
        ("city of Kansas", ["Kansas, United States (village)"]),
        (CITY, [CITY]),
        (AIRFIELD, [AIRFIELD]),
    ],
)
def test_a_phrase_names(gazetteer, phrase, labels):
    """Name, kind, country and area in any script; what is not said is offered."""
    found = look_up(phrase.replace("،", ","), gazetteer)
    assert [origin.label for origin in found] == labels


@pytest.mark.parametrize(
    "phrase",
    [
        "Deir",
        "Kunduzz",
        "Tripoli, Syria",
        "Tripoli, Atlantis",
        "airport",
        "",
        "()",
        "-",
    ],
)
def test_part_of_a_name_is_no_name(gazetteer, phrase):
    """Neither part of it, a near spelling, another country nor mere figures find it."""
    assert look_up(phrase, gazetteer) == ()


def test_a_town_is_no_point(gazetteer):
    """What a town is known to is the class of its extent, and the source says why."""
    city, airfield = look_up("Deir ez-Zor", gazetteer)
    assert city.precision_m == 8_000.0
    assert "100,000 to 1,000,000 people" in city.source
    assert city.source.endswith("GeoNames 1")
    assert airfield.precision_m == AIRFIELD_EXTENT_M
    assert airfield.source.startswith("an airfield is no point; airportsdata OSDZ")
    (large,) = look_up("Aleppo", gazetteer)
    assert large.precision_m == 15_000.0
    assert [least for least, *_ in EXTENTS] == sorted(
        (least for least, *_ in EXTENTS), reverse=True
    )


def test_another_name_is_said_to_be_one(gazetteer):
    """Whoever asks for Kunduz and is offered Artova learns why."""
    _, artova = look_up("Kunduz", gazetteer)
    assert "found under another of its names" in artova.source


def test_many_of_one_name_are_counted(gazetteer):
    """The largest are offered, told apart by their areas; the rest are counted."""
    found = look_up("Springfield", gazetteer)
    assert len(found) == MOST
    assert found[0].name == "Springfield, Iowa, United States"
    assert all(
        "2 more are called so: add the country or area" in o.source for o in found
    )
    (one,) = look_up("Springfield, Missouri", gazetteer)
    assert "more are called so" not in one.source


def test_what_is_almost_a_name_is_only_suggested(gazetteer):
    """One letter off is said, never read; a country that is wrong is said too."""
    assert suggest("Kunduzz", gazetteer) == (
        "Spelled almost like it: Kunduz, Afghanistan; Artova, Turkey."
    )
    assert "Aleppo, Syria" in suggest("حلبب", gazetteer)
    assert suggest("Tripoli, Syria", gazetteer) == (
        "That name is known in Libya, Lebanon, United States."
    )
    assert suggest("Xyzzy", gazetteer) == suggest("x", gazetteer) == ""
    assert suggest("", gazetteer) == suggest("k" * 400, gazetteer) == ""
    with pytest.raises(NoReading) as refused:
        read_place("Kunduzz", Known((), gazetteer))
    assert refused.value.next.startswith("Spelled almost like it: Kunduz")
    with pytest.raises(NoReading) as refused:
        read_place("9 km south of Kunduzz", Known((), gazetteer))
    assert "Spelled almost like it: Kunduz" in refused.value.next


def test_the_founding_case_reads_from_the_gazetteer(gazetteer):
    """9 km south of Deir ez-Zor is two readings, each with its rival and distances."""
    known = Known((), gazetteer)
    city, airfield = read_place("9 km south of Deir ez-Zor", known)
    assert city.place.origin == CITY
    assert airfield.place.origin == AIRFIELD
    assert f"{AIRFIELD} shares the name: 6.4 km from there." in city.understood
    assert f"{CITY} shares the name: 6.4 km from there." in airfield.understood
    assert "from reading 2" in city.understood
    assert f"{CITY} is known to 8.0 km: a city of 100,000" in city.understood
    assert city.place.precision_m == 8_500.0
    (only,) = read_place("9 km due south of Deir ez-Zor airfield", known)
    assert f"{CITY} shares the name" in only.understood


def test_a_bare_name_is_as_precise_as_its_class(gazetteer):
    """A name alone is a position that may be off by the town's extent."""
    readings = read_place("طرابلس", Known((), gazetteer))
    assert [r.place.footprint for r in readings[:1]] == [
        Point(position=Position(lon=13.18733, lat=32.88743), precision_m=15_000.0)
    ]
    assert readings[0].place.text == "طرابلس"


def test_ones_own_origins_win_and_rivals_are_still_named(gazetteer):
    """A name one's own origins have is not looked up; who else has it is said."""
    own = NamedOrigin(
        name="Deir ez-Zor", kind="airfield", position=Position(lon=40.177, lat=35.286)
    )
    known = Known([own], gazetteer)
    assert find_origins("Deir ez-Zor", known) == (own,)
    assert [o.label for o in rivals_of(own, known)] == [CITY]
    (reading,) = read_place("9 km south of Deir ez-Zor", known)
    assert f"{CITY} shares the name" in reading.understood
    assert [*known] == [own]
    assert known[0:1] == (own,)


def test_an_origin_of_ones_own_is_not_its_own_rival(gazetteer):
    """The gazetteer's row of the same kind and place is no rival; a far one is."""
    city = NamedOrigin(
        name="Deir ez-Zor", kind="city", position=Position(lon=40.15, lat=35.3333)
    )
    assert [o.label for o in rivals_of(city, Known([city], gazetteer))] == [AIRFIELD]
    elsewhere = NamedOrigin(
        name="Tripoli", kind="city", position=Position(lon=22.37, lat=37.51)
    )
    assert [o.label for o in rivals_of(elsewhere, Known([], gazetteer))] == [
        LIBYA,
        LEBANON,
        IOWA,
    ]


@pytest.mark.parametrize(
    ("position", "names"),
    [
        (Position(lon=40.2, lat=35.3), ["Deir ez-Zor, Syria", "Aleppo, Syria"]),
        (Position(lon=180.0, lat=-16.7), ["Waiyevo, Fiji", "Labasa, Fiji"]),
        (Position(lon=-179.9, lat=-16.4), ["Waiyevo, Fiji", "Labasa, Fiji"]),
    ],
)
def test_the_nearest_two_are_found_anywhere(gazetteer, position, names):
    """Across the antimeridian too; airfields are no places to be near of."""
    near = nearest_places(position, gazetteer)
    assert [origin.name for origin in near] == names
    first, second = from_two_origins(position, near)
    assert "true from" in first
    assert names[1] in second


@pytest.mark.parametrize("lat", [-90.0, 0.0, 90.0])
def test_there_is_a_nearest_at_the_poles(gazetteer, lat):
    """At a pole, as anywhere, there are two nearest places."""
    assert len(nearest_places(Position(lon=0.0, lat=lat), gazetteer)) == 2


def test_a_place_that_is_ones_own_counts_once(gazetteer):
    """The nearest are one's own and the gazetteer's, without naming a town twice."""
    here = Position(lon=40.14, lat=35.3)
    city = NamedOrigin(
        name="Deir ez-Zor", kind="city", position=Position(lon=40.15, lat=35.3333)
    )
    bridge = NamedOrigin(
        name="Kasra", kind="bridge", position=Position(lon=39.92, lat=35.55)
    )
    assert nearest_origins(here, Known([bridge, city], gazetteer)) == (city, bridge)
    near = nearest_origins(here, Known([city], gazetteer))
    assert [origin.name for origin in near] == ["Deir ez-Zor", "Aleppo, Syria"]
    assert nearest_origins(here, [bridge, city]) == (city, bridge)
    assert nearest_origins(here, []) == ()
    assert len(nearest_origins(here, Known([], gazetteer), 3)) == 3
