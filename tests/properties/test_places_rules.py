"""Laws of the check before telling and of the readback."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from clearline.geo.geodesy import destination, distance_m
from clearline.geo.reading import read_place
from clearline.geo.separation import error_m
from clearline.geo.voice import spell
from clearline.geo.writing import write_decimal, write_dms, write_mgrs
from clearline.model.instants import Window, parse_instant, write_instant
from clearline.model.placechecks import PlaceVerdict
from clearline.model.places import Place, PlaceFormat, Point
from clearline.model.readback import ElementKind, ElementOutcome, ReadbackElement
from clearline.rules.heard import read_number
from clearline.rules.readback import compare_readback
from clearline.rules.toldright import COARSEST_M, check_place
from properties.of_places import (
    circles,
    neighbours,
    parts_of,
    points,
    positions,
    sectors,
)

START = parse_instant("2016-09-17T13:55:00Z")
WORDS = [
    *("1355Z", "1456", "to", "until", "withdrawn", "zulu", "+03:00", "17", "SEP16"),
    *("and", "two", "hundred", ".", "-", "/", "km", "tree", "sierra"),
    *("37S", "FV", "069", "053", "2016-09-17T13:55:00Z"),
]


def place(footprint):
    """Return a place of a footprint, its words of no matter."""
    return Place(footprint=footprint, text="as told", format=PlaceFormat.GEOMETRY)


@given(neighbours(), st.floats(0.0, 5_000.0))
@settings(max_examples=30)
def test_who_told_and_who_meant_does_not_change_the_verdict(pair, tolerance_m):
    """Two places agree, disagree or cannot be judged, whichever is held against it."""
    first, second = (place(footprint) for footprint in pair)
    one = check_place(first, second, tolerance_m=tolerance_m)
    other = check_place(second, first, tolerance_m=tolerance_m)
    assert one.verdict is other.verdict
    assert one.separation_m == other.separation_m


@given(st.data(), neighbours())
@settings(max_examples=30)
def test_only_what_has_no_part_in_common_disagrees(data, pair):
    """Two parts within the precision of each other are never said to disagree."""
    first, second = pair
    check = check_place(place(first), place(second))
    apart_m = distance_m(data.draw(parts_of(first)), data.draw(parts_of(second)))
    if apart_m <= check.combined_precision_m - error_m(first, second):
        assert check.verdict is not PlaceVerdict.DISAGREE


@given(st.data(), st.one_of(points(), sectors(), circles()), st.floats(0.0, 900.0))
@settings(max_examples=60)
def test_a_part_of_what_was_meant_is_never_told_wrong(data, footprint, precision_m):
    """A point told inside the area meant agrees, unless the words are too coarse."""
    point = Point(position=data.draw(parts_of(footprint)), precision_m=precision_m)
    check = check_place(place(point), place(footprint))
    is_fine = check.combined_precision_m <= COARSEST_M
    expected = PlaceVerdict.AGREE if is_fine else PlaceVerdict.CANNOT_TELL
    assert check.verdict is expected


@given(sectors(), st.floats(0.0, 360.0), st.floats(1.0, 30_000.0))
@settings(max_examples=60)
def test_a_point_outside_beyond_the_precision_is_told_wrong(sector, bearing, beyond_m):
    """A point told farther out than the precision reaches disagrees."""
    reach_m = sector.range_m.most + beyond_m + 2.0 * error_m(sector, sector)
    there = destination(sector.origin, bearing, reach_m)
    point = Point(position=there, precision_m=beyond_m / 2)
    assert check_place(place(point), place(sector)).verdict is PlaceVerdict.DISAGREE


def where(text, value=None):
    """Return a place element."""
    return ReadbackElement(name="where", kind=ElementKind.PLACE, text=text, place=value)


def outcome(sent, said):
    """Compare one element."""
    (element,) = compare_readback([sent], [said]).elements
    return element.outcome


@given(positions(south=-80.0, north=83.9), st.sampled_from([0.8, 11.2, 80.0]))
def test_a_place_matches_in_every_form_it_can_be_written_in(position, precision_m):
    """Sent in one form and read back in another, spelled or not, a place matches."""
    forms = [
        write_decimal(position, precision_m),
        write_dms(position, precision_m),
        write_mgrs(position, precision_m),
    ]
    sent = where(forms[0], read_place(forms[0])[0].place)
    for said in forms:
        assert outcome(sent, where(said)) is ElementOutcome.MATCHES
    assert outcome(sent, where(spell(forms[2]))) is ElementOutcome.MATCHES


@given(positions(south=-79.0, north=83.0), st.floats(0.0, 360.0), st.floats(400.0, 1e6))
def test_another_place_never_matches(position, bearing_deg, range_m):
    """A place some hundred metres off is never taken for the one sent."""
    there = destination(position, bearing_deg, range_m)
    sent = where("sent", read_place(write_decimal(position, 12.0))[0].place)
    said = where(write_mgrs(there, 12.0) or write_decimal(there, 12.0))
    assert outcome(sent, said) is ElementOutcome.DIFFERS


@given(st.integers(-7 * 24 * 60, 7 * 24 * 60))
def test_only_the_same_minute_matches(minutes):
    """An instant said with its date matches only if it is the same minute."""
    said = write_instant(START + timedelta(minutes=minutes))
    sent = ReadbackElement(name="at", kind=ElementKind.INSTANT, text="1355Z", at=START)
    heard = ReadbackElement(name="at", kind=ElementKind.INSTANT, text=said)
    matches = outcome(sent, heard) is ElementOutcome.MATCHES
    assert matches is (minutes == 0)


@given(st.integers(-12 * 60, 12 * 60), st.integers(1, 12 * 60))
def test_a_window_comes_back_from_its_own_words(offset, minutes):
    """A window said as two times of day is that window, across midnight too."""
    start = START + timedelta(minutes=offset)
    value = Window(start=start, end=start + timedelta(minutes=minutes))
    words = f"{value.start:%H%M} to {value.end:%H%M} zulu"
    sent = ReadbackElement(name="w", kind=ElementKind.WINDOW, text=words, window=value)
    heard = ReadbackElement(name="w", kind=ElementKind.WINDOW, text=words)
    assert outcome(sent, heard) is ElementOutcome.MATCHES


@given(st.integers(0, 10**9), st.integers(0, 3))
def test_a_number_spelled_is_heard(whole, decimals):
    """Digits spelled for voice are the number they spell."""
    text = f"{whole}.{'7' * decimals}" if decimals else str(whole)
    assert read_number(spell(text)).number == float(text)


@given(
    st.sampled_from(list(ElementKind)),
    st.one_of(
        st.text(max_size=60),
        st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join),
    ),
)
def test_whatever_is_heard_has_an_outcome(kind, text):
    """No words crash a readback, and words of another kind are never a match."""
    values = {
        ElementKind.PLACE: {"place": read_place("35.2854 N 40.1760 E")[0].place},
        ElementKind.INSTANT: {"at": START},
        ElementKind.WINDOW: {
            "window": Window(start=START, end=START + timedelta(minutes=61))
        },
        ElementKind.NUMBER: {"number": 123456.5},
        ElementKind.TEXT: {},
    }
    sent = ReadbackElement(name="x", kind=kind, text="something", **values[kind])
    (element,) = compare_readback(
        [sent], [ReadbackElement(name="x", kind=kind, text=text)]
    ).elements
    assert element.why
    assert bool(element.say_again) is (element.outcome is not ElementOutcome.MATCHES)
