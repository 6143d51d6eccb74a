"""A place told from a name of the gazetteer is checked with all that name can mean."""

import pytest

from clearline.geo.origins import Known, asked_before, with_asked
from clearline.geo.reading import read_place
from clearline.model.placechecks import PlaceVerdict
from clearline.model.readback import ElementKind, ElementOutcome, ReadbackElement
from clearline.rules.readback import compare_readback
from clearline.rules.toldright import check_place
from gazetteers import small_gazetteer

CITY = "Deir ez-Zor, Syria (city)"
AIRFIELD = "Deir ez-Zor Airport, Syria (airfield)"


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """Nothing of one's own, and a gazetteer of a few places."""
    gazetteer = small_gazetteer(tmp_path_factory.mktemp("gazetteer"))
    yield Known((), gazetteer)
    gazetteer.close()


def test_the_other_of_one_name_is_tried(known):
    """Told from the airfield, the founding words never agree; the city explains why."""
    (band,) = read_place("3 to 6 km southwest of Deir ez-Zor airfield", known)
    (told,) = read_place("9 km due south of Deir ez-Zor airfield", known)
    check = check_place(told.place, band.place, known)
    assert check.verdict is PlaceVerdict.DISAGREE
    assert check.separation_m is not None
    assert 4_000.0 < check.separation_m.least < 4_200.0, "as from a point (DESIGN 1)"
    assert "taken as one spot" in check.assumption
    city = next(r for r in check.rival_origins if r.origin.label == CITY)
    assert city.falls_inside
    assert f"from {CITY}, the place told would fall inside the place meant" in check.why


def test_a_town_never_agrees_to_a_kilometre(known):
    """A verdict is no finer than the class of the town it hangs on."""
    (meant,) = read_place("35.255 N 40.1408 E", known)
    (told,) = read_place("9 km due south of the city of Deir ez-Zor", known)
    check = check_place(told.place, meant.place, known)
    assert check.verdict is PlaceVerdict.CANNOT_TELL
    assert check.combined_precision_m > 8_000.0
    assert [r.origin.label for r in check.rival_origins] == [AIRFIELD]


def test_a_name_read_back_is_asked_about(known):
    """A name of two places that comes back is not taken for the one that was sent."""
    (sent,) = read_place("9 km south of Deir ez-Zor airfield", known)
    element = ReadbackElement(
        name="place", kind=ElementKind.PLACE, text="as sent", place=sent.place
    )
    said = ReadbackElement(
        name="place", kind=ElementKind.PLACE, text="9 km south of Deir ez-Zor"
    )
    (compared,) = compare_readback((element,), (said,), known).elements
    assert compared.outcome is ElementOutcome.CANNOT_TELL
    assert "can be 2 places; ask which" in compared.why


def test_what_was_asked_before_is_as_good_as_asking(known):
    """Who decides reads no file: what the gazetteer said goes along, no more."""
    (band,) = read_place("3 to 6 km southwest of Deir ez-Zor airfield", known)
    (told,) = read_place("9 km due south of Deir ez-Zor airfield", known)

    def work(origins):
        return check_place(told.place, band.place, origins)

    noted = asked_before(work, known)
    assert work(with_asked((), noted)) == work(known)
    assert work(with_asked((), ())).rival_origins == ()
    assert asked_before(work, ()) == ()


def test_a_name_read_back_is_looked_up_before_it_is_decided(known):
    """A readback in words of the gazetteer is compared as a place, from notes alone."""
    (sent,) = read_place("9 km south of Deir ez-Zor airfield", known)
    elements = (
        ReadbackElement(
            name="place", kind=ElementKind.PLACE, text="as sent", place=sent.place
        ),
    )
    for words, outcome in (
        ("9 km south of Deir ez-Zor airfield", ElementOutcome.MATCHES),
        ("4 km south of Deir ez-Zor airfield", ElementOutcome.DIFFERS),
        ("9 km south of the city of Deir ez-Zor", ElementOutcome.CANNOT_TELL),
    ):
        said = (ReadbackElement(name="place", kind=ElementKind.PLACE, text=words),)
        noted = asked_before(
            lambda origins, said=said: compare_readback(elements, said, origins), known
        )
        (compared,) = compare_readback(elements, said, with_asked((), noted)).elements
        assert compared.outcome is outcome, compared.why
