"""Names of origins, their kinds and their rivals."""

import pytest

from clearline.geo.origins import find_origins, rivals_of
from clearline.model.places import NamedOrigin, Position
from unit.geo.founding import AIRFIELD, CITY, ORIGINS

RAQQA = NamedOrigin(
    name="Raqqa city", kind="city", position=Position(lon=39.01, lat=35.95)
)
ALL = (*ORIGINS, RAQQA)


@pytest.mark.parametrize(
    ("phrase", "found"),
    [
        ("the airfield", [AIRFIELD]),
        ("airport", [AIRFIELD]),
        ("the Deir ez-Zor air base", [AIRFIELD]),
        ("deir ezzor airfield", [AIRFIELD]),
        ("airfield of Deir ez-Zor", [AIRFIELD]),
        ("DEIR EZ ZOR CITY", [CITY]),
        ("Dayr az-Zawr", [CITY]),
        ("Déir ez-Zor town", [CITY]),
        ("Deir ez-Zor", [AIRFIELD, CITY]),
        ("the city", [CITY, RAQQA]),
        ("Raqqa", [RAQQA]),
        ("Raqqa city", [RAQQA]),
        ("Deir", []),
        ("Zor airfield", []),
        ("Raqqa airfield", []),
        ("the", []),
        ("", []),
    ],
)
def test_a_phrase_names_whole_names(phrase, found):
    """Whole names in any spelling, with or without kind; a part of a name is none."""
    assert list(find_origins(phrase, ALL)) == found


def test_rivals_share_a_name_and_not_a_place():
    """City and airfield are each other's rivals; other cities are not."""
    assert rivals_of(AIRFIELD, ALL) == (CITY,)
    assert rivals_of(CITY, ALL) == (AIRFIELD,)
    assert rivals_of(RAQQA, ALL) == ()


def test_a_name_with_its_kind_in_it_has_rivals_too():
    """An origin called "Raqqa city" and one called "Raqqa" share the name."""
    airfield = NamedOrigin(
        name="Raqqa", kind="airfield", position=Position(lon=38.9, lat=35.9)
    )
    assert rivals_of(RAQQA, (RAQQA, airfield)) == (airfield,)


def test_the_same_place_twice_is_no_rival():
    """One position known under two spellings cannot be mistaken for itself."""
    twin = NamedOrigin(name="Dayr Az Zawr", kind="town", position=CITY.position)
    assert rivals_of(CITY, (CITY, twin)) == ()
