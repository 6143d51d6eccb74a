"""Laws of names, and of the gazetteer that is really installed."""

import contextlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearline.adapters.gazetteer import InstalledGazetteer
from clearline.adapters.gazetteer_sources import read_sources
from clearline.geo.gazetteer import look_up, nearest_places, suggest
from clearline.geo.geodesy import distance_m
from clearline.geo.names import key_of
from clearline.geo.origins import Known
from clearline.geo.reading import read_place
from clearline.model.errors import BadInput
from clearline.model.places import Position
from properties.of_places import positions

EVERY = 211
"""Of the places installed, each so many-th is tried."""


@pytest.fixture(scope="module")
def gazetteer():
    """The gazetteer of the packages, made if it is not there."""
    installed = InstalledGazetteer()
    yield installed
    installed.close()


@given(st.text())
def test_a_key_is_its_own_key(text):
    """Bringing a name to its compared form twice changes nothing the second time."""
    assert key_of(key_of(text)) == key_of(text)


@given(st.text(), st.sampled_from([" ", "-", "'", "ـ", "\u200f", "\u0301", "\u064b"]))
def test_what_is_left_out_makes_no_name(text, sign):
    """A blank, hyphen, apostrophe or accent between words changes no key."""
    assert key_of(f"Deir{sign}ez Zor {text}") == key_of(f"Deir ez Zor {text}")


@given(st.text())
def test_case_makes_no_name(text):
    """Upper and lower case are one, letter for letter."""
    assert key_of(text.casefold()) == key_of(text)


def test_every_name_finds_its_own_row(gazetteer):
    """Whatever name GeoNames has for a place, the place is found under it."""
    towns = read_sources().towns
    for town in itertools.islice(towns, None, None, EVERY):
        for name in (town.name, *town.alternatenames):
            key = key_of(name)
            sources = {place.source for place in gazetteer.named(key)}
            assert not key or f"GeoNames {town.geonameid}" in sources, name


@given(text=st.text(max_size=60))
def test_no_text_breaks_a_look_up(gazetteer, text):
    """Any text is read, refused or looked up; nothing else happens."""
    look_up(text, gazetteer)
    suggest(text, gazetteer)
    with contextlib.suppress(BadInput):
        assert read_place(text, Known((), gazetteer))


@given(position=positions())
def test_the_nearest_place_is_near_and_the_next_no_nearer(gazetteer, position):
    """Anywhere on Earth there are two, in order within half a percent."""
    first, second = nearest_places(position, gazetteer)
    near, next_ = (distance_m(position, o.position) for o in (first, second))
    assert near <= next_ * 1.006 + 1.0


def test_a_name_is_read_in_three_scripts(gazetteer):
    """The founding town is one place in Latin, Arabic and Cyrillic."""
    known = Known((), gazetteer)
    latin, arabic, cyrillic = (
        [reading.place.footprint for reading in read_place(name, known)]
        for name in ("Deir ez-Zor", "دير الزور", "Дейр-эз-Зор")
    )
    assert latin == arabic == cyrillic
    assert len(latin) == 2
    here = Position(lon=40.14, lat=35.33)
    assert nearest_places(here, gazetteer)[0].name == "Deir ez-Zor, Syria"
