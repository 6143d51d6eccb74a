"""Laws of planned watches: whatever the clocks do, somebody follows somebody."""

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from clearline.adapters.zones import SystemZones
from clearline.model.instants import Duration, Window
from clearline.model.parties import DeskId, PersonId, Role
from clearline.model.watchplans import Rotation, WatchPlan
from clearline.picture.picture import Picture
from clearline.rules.planned import planned
from clearline.rules.wallclock import instant_of, local_at

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NAMES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Africa/Casablanca",
    "Asia/Damascus",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
)
CLOCKS = {name: SystemZones().read(name, NOW) for name in NAMES}
ZONES = st.sampled_from(NAMES)
WALLS = st.datetimes(datetime(2025, 6, 1), datetime(2028, 1, 1))  # noqa: DTZ001
SHIFTS = st.integers(60, 14 * 24 * 60).map(lambda some: Duration(minutes=some))


@given(zone=ZONES, wall=WALLS)
def test_what_clocks_say_is_what_the_database_says(zone: str, wall: datetime) -> None:
    """Both ways, at any time; a time that is left out is when clocks go forward."""
    clocks, known = CLOCKS[zone], ZoneInfo(zone)
    at = instant_of(clocks, wall)
    assert at is not None
    assert local_at(clocks, at) == at.astimezone(known).replace(tzinfo=None)
    said = wall.replace(tzinfo=known, fold=0)
    if said.astimezone(UTC).astimezone(known).replace(tzinfo=None) == wall:
        assert at == said.astimezone(UTC)
    else:
        before, after = at - Duration(seconds=1), at
        assert local_at(clocks, before) < wall < local_at(clocks, after)


@given(
    zone=ZONES,
    first=WALLS,
    shift=SHIFTS,
    people=st.integers(1, 4),
    ahead=st.integers(0, 400),
    days=st.integers(1, 20),
)
def test_every_instant_after_the_first_hand_over_is_somebodys(  # noqa: PLR0917
    zone: str, first: datetime, shift: Duration, people: int, ahead: int, days: int
) -> None:
    """Shifts follow one another without a gap or an overlap, persons in their order.

    And looking at a part of a window says of it what looking at the whole says.
    """
    persons = tuple(PersonId(f"p{number}") for number in range(people))
    rotation = Rotation(
        name="turns",
        role=Role.DUTY_OFFICER,
        persons=persons,
        zone=zone,
        first=first,
        shift_for=shift,
    )
    plan = WatchPlan(desk=DeskId("ops"), rotations=(rotation,))
    view = Picture()
    view.keep(view.zones, zone, CLOCKS[zone])
    begins = instant_of(CLOCKS[zone], first)
    assert begins is not None
    window = Window(
        start=begins + Duration(days=ahead), end=begins + Duration(days=ahead + days)
    )
    found = planned(view, plan, window)
    assert found[0].since == window.start
    assert found[-1].until == window.end
    for one, other in pairwise(found):
        assert one.until == other.since
        turns = (persons.index(other.person) - persons.index(one.person)) % people
        assert turns in (1 % people, 2 % people), "a shift no clock shows is left out"
    middle = window.start + (window.end - window.start) / 2
    half = planned(view, plan, Window(start=window.start, end=middle))
    assert [(one.person, one.since) for one in half] == [
        (one.person, one.since) for one in found[: len(half)]
    ]
