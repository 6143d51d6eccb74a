"""A place is checked before it is told: verdicts, rivals and slips."""

import msgspec
import pytest

from clearline.geo.directions import taken_exactly
from clearline.geo.reading import read_name, read_place
from clearline.model.placechecks import PlaceCheck, PlaceVerdict, Side, Slip
from clearline.model.places import (
    Circle,
    Interval,
    NamedOrigin,
    Place,
    PlaceFormat,
    Position,
    Sector,
)
from clearline.rules.toldright import check_place
from unit.geo.founding import AIRFIELD, CITY, ORIGINS

PLANNED = Place(
    footprint=Sector(
        origin=AIRFIELD.position,
        bearing_deg=Interval(least=202.5, most=247.5),
        range_m=Interval(least=3_000.0, most=6_000.0),
    ),
    text="approximately 3 to 6 km southwest of the airfield",
    format=PlaceFormat.GEOMETRY,
    method="southwest read as a sector of 45 degrees",
)


def told(text):
    """Return the place of the only reading."""
    (reading,) = read_place(text, ORIGINS)
    return reading.place


DUE_SOUTH = taken_exactly(told("9 km south of the airfield"))
AIRFIELD_DECIMAL = told("35.2854 N 40.1760 E")


def test_the_founding_case():
    """Nine kilometres south of the airfield is refused before it is told.

    It lies 4.1 to 8.7 km from the planned band, on the stated assumption that south
    was due south; the same words from the city fall inside the band.
    """
    check = check_place(DUE_SOUTH, PLANNED, ORIGINS)
    assert check.verdict is PlaceVerdict.DISAGREE
    assert check.separation_m.least == pytest.approx(4_150, abs=5)
    assert check.separation_m.most == pytest.approx(8_699, abs=5)
    assert check.combined_precision_m == 500.0
    (rival,) = check.rival_origins
    assert rival.of is Side.TOLD
    assert rival.origin == CITY
    assert rival.falls_inside
    assert rival.separation_m.least == 0.0
    assert "assumed to be exactly 180° true" in check.assumption
    assert "157.5° to 202.5°" in check.assumption
    assert check.why == (
        "They disagree: the place told lies 4.1 to 8.7 km from the place meant, and "
        "the two together are certain to 500 m. Read from another origin, 9 km at "
        "180° true from Deir ez-Zor (city), the place told would fall inside the place "
        "meant."
    )


def test_the_founding_case_with_south_left_vague():
    """Taken as the 45 degrees about south, the words disagree all the same."""
    check = check_place(told("9 km south of the airfield"), PLANNED, ORIGINS)
    assert check.verdict is PlaceVerdict.DISAGREE
    assert check.separation_m.least == pytest.approx(3_000, abs=5)
    assert check.separation_m.most == pytest.approx(10_817, abs=5)
    assert check.rival_origins[0].falls_inside


def test_what_should_have_been_told_agrees():
    """The same words from the city lie in the planned band: they agree."""
    check = check_place(
        taken_exactly(told("9 km south of Deir ez-Zor city")), PLANNED, ORIGINS
    )
    assert check.verdict is PlaceVerdict.AGREE
    assert "0.0 to 3.5 km" in check.why
    (rival,) = check.rival_origins
    assert rival.origin == AIRFIELD
    assert not rival.falls_inside
    assert "would lie 4.1 to 8.7 km from the place meant" in check.why


def test_two_encodings_of_one_place_agree():
    """Grid and degrees of one place agree within their combined precision."""
    check = check_place(told("37S FV 069 053"), AIRFIELD_DECIMAL)
    assert check.verdict is PlaceVerdict.AGREE
    assert check.combined_precision_m == pytest.approx(81.88)
    assert check.separation_m.most < 81.88


def test_one_digit_off_disagrees():
    """A grid reference one cell too far is beyond the precision."""
    check = check_place(told("37S FV 070 053"), told("37S FV 06940 05327"))
    assert check.verdict is PlaceVerdict.DISAGREE
    assert check.likely_slips == ()


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        (
            "35.2854 E 40.1760 N",
            "With latitude and longitude exchanged",
        ),
        ("35.2854 N 40.1760 W", "With east and west exchanged they would agree."),
        ("35.2854 S 40.1760 E", "With north and south exchanged they would agree."),
        ("35.2854 S 40.1760 W", "With both hemispheres exchanged they would agree."),
        ("37S FU 069 053", "The grid digits are the same, in another 100 km square"),
    ],
)
def test_slips_of_the_pen_are_named(text, slip):
    """Where one slip explains a disagreement, the check says which, and its kind."""
    check = check_place(told(text), AIRFIELD_DECIMAL)
    assert check.verdict is PlaceVerdict.DISAGREE
    (found,) = check.likely_slips
    assert found.startswith(slip)
    assert found in check.why
    (finding,) = check.findings
    assert finding.says == found
    assert finding.slip is KINDS[slip.split()[1]]


KINDS = {
    "latitude": Slip.SWAPPED_ORDER,
    "east": Slip.WRONG_HEMISPHERE,
    "north": Slip.WRONG_HEMISPHERE,
    "both": Slip.WRONG_HEMISPHERE,
    "grid": Slip.WRONG_SQUARE,
}


def test_a_rival_origin_is_a_finding():
    """The founding case names its rival as a finding of that kind."""
    check = check_place(DUE_SOUTH, PLANNED, ORIGINS)
    (finding,) = check.findings
    assert finding.slip is Slip.RIVAL_ORIGIN
    assert "Deir ez-Zor (city)" in finding.says
    assert finding.says in check.why


def test_the_wrong_square_is_found_for_areas_too():
    """A point told in the next square is found where an area is meant."""
    check = check_place(told("37S FU 048 020"), PLANNED, ORIGINS)
    assert check.verdict is PlaceVerdict.DISAGREE
    assert [finding.slip for finding in check.findings] == [Slip.WRONG_SQUARE]


ROUTE = "35.2854 N 40.1760 E\n35.2500 N 40.1500 E\n35.2000 N 40.1200 E"
AREA = f"area\n{ROUTE}"


def test_routes_agree_position_by_position():
    """The same route in another form agrees; with a corner moved or left out not."""
    same = ROUTE.replace("N", "north").replace("E", "east")
    assert check_place(told(same), told(ROUTE)).verdict is PlaceVerdict.AGREE
    moved = ROUTE.replace("40.1500", "40.1600")
    assert check_place(told(moved), told(ROUTE)).verdict is not PlaceVerdict.AGREE
    shorter = "\n".join(ROUTE.splitlines()[::2])
    assert check_place(told(shorter), told(ROUTE)).verdict is not PlaceVerdict.AGREE
    back = "\n".join(reversed(ROUTE.splitlines()))
    assert check_place(told(back), told(ROUTE)).verdict is not PlaceVerdict.AGREE


def test_an_area_may_begin_anywhere():
    """The same corners from another start, or the other way round, are one area."""
    lines = ROUTE.splitlines()
    turned = "\n".join(["area", lines[1], lines[2], lines[0]])
    back = "\n".join(["area", *reversed(lines)])
    for text in (turned, back):
        assert check_place(told(text), told(AREA)).verdict is PlaceVerdict.AGREE


def test_a_point_told_for_an_area():
    """A told point inside a planned area agrees, and one far outside does not."""
    inside = check_place(told("35.2450 N 40.1487 E"), told(AREA))
    assert inside.verdict is PlaceVerdict.AGREE
    outside = check_place(told("35.3500 N 40.1500 E"), told(AREA))
    assert outside.verdict is PlaceVerdict.DISAGREE


def test_a_longitude_beyond_90_cannot_have_been_exchanged():
    """A slip that would put a latitude beyond the pole is not tried."""
    check = check_place(told("35.2854 N 140.1760 E"), AIRFIELD_DECIMAL)
    assert check.likely_slips == ()


def test_an_area_has_no_slip_of_the_pen():
    """Slips are sought for told points only; areas were not typed as numbers."""
    far = told("3 to 6 km northeast of the airfield")
    check = check_place(far, PLANNED, ORIGINS)
    assert check.verdict is PlaceVerdict.DISAGREE
    assert check.likely_slips == ()


def test_a_name_that_is_nowhere_cannot_be_told_right():
    """An unlocated name is neither right nor wrong, on either side."""
    nowhere = read_name("points 1 and 2 on Kroum hill")
    for a, b in ((nowhere, PLANNED), (PLANNED, nowhere), (nowhere, nowhere)):
        check = check_place(a, b, ORIGINS)
        assert check.verdict is PlaceVerdict.CANNOT_TELL
        assert check.separation_m is None
        assert "Kroum hill' is not located yet" in check.why


def test_words_too_coarse_agree_with_nothing():
    """Whole degrees lie near everything; that is not agreement."""
    check = check_place(told("35 N 40 E"), AIRFIELD_DECIMAL)
    assert check.verdict is PlaceVerdict.CANNOT_TELL
    assert "too coarse" in check.why


def test_coarse_words_can_still_disagree():
    """What lies beyond even a coarse precision disagrees for certain."""
    check = check_place(told("38 N 40 E"), AIRFIELD_DECIMAL)
    assert check.verdict is PlaceVerdict.DISAGREE


def test_areas_that_overlap_in_part_cannot_be_judged():
    """Two areas of which each reaches outside the other: nobody can tell."""
    check = check_place(told("5 to 9 km southwest of the airfield"), PLANNED)
    assert check.verdict is PlaceVerdict.CANNOT_TELL
    assert "overlap in part only" in check.why


def test_a_told_area_that_holds_the_plan_agrees():
    """Telling more than is planned, but all of it, agrees."""
    wider = Place(
        footprint=Circle(centre=AIRFIELD.position, radius_m=7_000.0),
        text="within 7 km of the airfield",
        format=PlaceFormat.GEOMETRY,
    )
    assert check_place(wider, PLANNED).verdict is PlaceVerdict.AGREE
    assert check_place(PLANNED, wider).verdict is PlaceVerdict.AGREE


def test_the_same_words_agree_with_themselves():
    """A vague place compared with itself agrees, though it is kilometres wide."""
    assert check_place(PLANNED, PLANNED, ORIGINS).verdict is PlaceVerdict.AGREE


def test_a_tolerance_agreed_beforehand_counts():
    """What both sides agreed to call one place is added to the precision."""
    apart = (told("37S FV 070 053"), told("37S FV 06940 05327"))
    assert check_place(*apart, tolerance_m=100.0).verdict is PlaceVerdict.AGREE
    assert check_place(*apart, tolerance_m=10.0).verdict is PlaceVerdict.DISAGREE


def test_the_meant_side_may_have_used_the_wrong_origin():
    """A grid reference told right shows that the plan was read from the wrong name."""
    meant = taken_exactly(told("9 km south of the airfield"))
    check = check_place(told("37S FV 046 016"), meant, ORIGINS)
    assert check.verdict is PlaceVerdict.DISAGREE
    (rival,) = check.rival_origins
    assert (rival.of, rival.origin, rival.falls_inside) == (Side.MEANT, CITY, True)


def test_an_origin_of_another_name_is_shown_only_where_it_explains():
    """Origins that share no name are tried too, and named only if they would meet."""
    mill = NamedOrigin(name="Mill", position=CITY.position)
    far = NamedOrigin(name="Raqqa", position=Position(lon=39.01, lat=35.95))
    check = check_place(DUE_SOUTH, PLANNED, (AIRFIELD, mill, far))
    assert [rival.origin for rival in check.rival_origins] == [mill]


def test_a_check_survives_the_wire():
    """What the log keeps of a check reads back the same."""
    check = check_place(DUE_SOUTH, PLANNED, ORIGINS)
    assert msgspec.json.decode(msgspec.json.encode(check), type=PlaceCheck) == check
