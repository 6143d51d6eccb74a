"""Directions in the languages of the line mean what their English means."""

import pytest

from clearline.geo.plain import UnknownName
from clearline.geo.reading import read_place
from clearline.geo.ways import in_english
from clearline.model.places import NamedOrigin, Position

POINTS = {
    "north": ("nord", "norte", "к северу", "на північ", "شمال", "צפונית"),
    "northeast": (
        *("nord-est", "noreste", "к северо-востоку", "на північний схід"),
        *("شمال شرق", "צפונית-מזרחית"),
    ),
    "east": ("est", "este", "к востоку", "на схід", "شرق", "מזרחית"),
    "southeast": (
        *("sud-est", "sureste", "к юго-востоку", "на південний схід"),
        *("جنوب شرق", "דרומית-מזרחית"),
    ),
    "south": ("sud", "sur", "к югу", "на південь", "جنوب", "דרומית"),
    "southwest": (
        *("sud-ouest", "suroeste", "к юго-западу", "на південний захід"),
        *("جنوب غرب", "דרומית-מערבית"),
    ),
    "west": ("ouest", "oeste", "к западу", "на захід", "غرب", "מערבית"),
    "northwest": (
        *("nord-ouest", "noroeste", "к северо-западу", "на північний захід"),
        *("شمال غرب", "צפונית-מערבית"),
    ),
}
SAID = (
    "{} km au {} de Kunduz",
    "{} km al {} de Kunduz",
    "{} км {} от Kunduz",
    "{} км {} від Kunduz",
    "{} كم {} Kunduz",
    '{} ק"מ {} ל-Kunduz',
)
ORIGINS = (
    NamedOrigin(name="Kunduz", position=Position(lon=68.857, lat=36.729)),
    NamedOrigin(name="Le Caire", position=Position(lon=31.24, lat=30.06)),
    NamedOrigin(
        name="حلب", position=Position(lon=37.16, lat=36.2), aliases=("Алеппо", "Alep")
    ),
    NamedOrigin(name="حمص", position=Position(lon=36.72, lat=34.73), aliases=("Homs",)),
    NamedOrigin(name="النيل", position=Position(lon=32.6, lat=15.6)),
    NamedOrigin(name="شرق النيل", position=Position(lon=32.7, lat=15.7)),
)


def _footprints(text):
    return [reading.place.footprint for reading in read_place(text, ORIGINS)]


@pytest.mark.parametrize("english", POINTS)
def test_eight_points_in_six_languages(english):
    """Each of the eight is the same sector as in English, and no other."""
    wanted = _footprints(f"9 km {english} of Kunduz")
    for form, point in zip(SAID, POINTS[english], strict=True):
        said = form.format(9, point)
        assert _footprints(said) == wanted, said


@pytest.mark.parametrize(
    ("said", "english"),
    [
        ("à 3 à 6 km au sud-ouest d'Alep", "3 to 6 km southwest of Alep"),
        ("environ 9 km plein sud de Kunduz", "about 9 km due south of Kunduz"),
        ("9 km au sud du Caire", "9 km south of Le Caire"),
        ("a unos 9 km al sur de Kunduz", "about 9 km south of Kunduz"),
        ("в 9 км южнее Kunduz", "9 km south of Kunduz"),
        ("примерно в 9 км к югу от Алеппо", "about 9 km south of Алеппо"),
        (
            "от 3 до 6 километров к юго-западу от Алеппо",
            "3 to 6 km southwest of Алеппо",
        ),
        ("за 900 метрів південніше Kunduz", "900 m south of Kunduz"),
        ("على بعد 9 كيلومترات جنوب حلب", "9 km south of حلب"),
        ("حوالي ٩ كم جنوب غربي حلب", "about 9 km southwest of حلب"),
        ("من 3 إلى 6 كم جنوب حلب", "3 to 6 km south of حلب"),
        ('כ-9 ק"מ דרומה מ-Kunduz', "about 9 km south of Kunduz"),
        ("entre Alep et Homs", "between Alep and Homs"),
        ("a medio camino entre Alep y Homs", "halfway between Alep and Homs"),
        ("между Алеппо и Homs", "between Алеппо and Homs"),
        ("між Алеппо та Homs", "between Алеппо and Homs"),
        ("بين حلب وحمص", "between حلب and حمص"),
        ("في منتصف الطريق بين حلب وحمص", "halfway between حلب and حمص"),
        ("בין Alep ל-Homs", "between Alep and Homs"),
    ],
)
def test_what_is_said_is_what_its_english_says(said, english):
    """Ranges, about, due and between come through; names as they are told."""
    assert _footprints(said) == _footprints(english)


def test_a_name_that_begins_with_a_direction_is_asked_about():
    """North-east of the Nile, or north of Sharq an-Nil: both, and nobody guesses."""
    assert _footprints("9 كم شمال شرق النيل") == [
        *_footprints("9 km north of شرق النيل"),
        *_footprints("9 km northeast of النيل"),
    ]


def test_an_unknown_name_is_said_to_be_one():
    """A form that is understood with a name that is not never becomes a place."""
    with pytest.raises(UnknownName, match="Идлиба"):
        read_place("9 км к югу от Идлиба", ORIGINS)


@pytest.mark.parametrize(
    "text", ["Entre Ríos", "Sudan", "35.2 N 40.1 E", "9 km south of Kunduz", "между"]
)
def test_other_texts_are_left_alone(text):
    """Names that look like a form, and what is English already, stay as they are."""
    assert in_english(text) == ()
