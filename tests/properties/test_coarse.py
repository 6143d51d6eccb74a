"""What is told less than exactly: entered all at once or one by one, it is the same."""

from collections import Counter
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from clearline.model.extents import Extent
from clearline.model.instants import FOREVER, Duration, Window
from clearline.model.notices import Consent, Notice, NoticeId, Precision, Revision
from clearline.model.parties import Actor, DeskId, PartyId, Strength
from clearline.model.places import Circle, Place, PlaceFormat, Position
from clearline.model.positions import Unlocated
from clearline.picture.coarse import Coarse, told_alike

DAY = datetime(2016, 9, 17, tzinfo=UTC)
NORTH, DESK = PartyId("north"), DeskId("north-ops")
BY = Actor(party=NORTH, desk=DESK, strength=Strength.PASSWORD)
SOUTH, MONITOR = DeskId("south-ops"), DeskId("monitor")


@st.composite
def notices(draw):
    """A few notices, many of them told alike, some nowhere located or told nobody."""
    return [
        Notice(
            id=NoticeId(f"n{number}"),
            owner=NORTH,
            filed_at=DAY,
            filed_by=BY,
            revision=Revision(
                number=1,
                what="a clinic",
                where=Place(
                    footprint=draw(places()), text="there", format=PlaceFormat.GEOMETRY
                ),
                window=draw(spans()),
                tells=draw(st.sampled_from([(), (SOUTH,), (SOUTH, MONITOR)])),
                consents=(
                    Consent(
                        desk=MONITOR,
                        precision=draw(st.sampled_from(list(Precision))),
                        by="the head of the clinic",
                        source="said so",
                    ),
                ),
            ),
        )
        for number in range(draw(st.integers(1, 12)))
    ]


def places():
    """A place among a few near each other, across a border of cells, or nowhere."""
    at = st.builds(
        Position, lon=st.sampled_from([39.95, 40.0, 40.3]), lat=st.just(35.0)
    )
    return st.one_of(
        st.builds(Circle, centre=at, radius_m=st.sampled_from([10.0, 9_000.0])),
        st.just(Unlocated(name="the hill")),
    )


def spans():
    """An hour or two of one day, or from then on."""
    start = st.integers(0, 3).map(lambda hour: DAY + Duration(hours=hour))
    return st.one_of(
        start.map(lambda at: Window(start=at, end=at + Duration(minutes=90))),
        start.map(lambda at: Window(start=at, end=FOREVER)),
    )


def dumped(some):
    """Give notices out as a picture's history does."""
    return [(notice.id, [(0, notice)]) for notice in some]


def met(coarse):
    """Find what may meet each of a few plans, whatever its order."""
    return [
        Counter(
            coarse.near(
                Extent(
                    footprint=Circle(centre=Position(lon=lon, lat=35.0), radius_m=10.0),
                    window=Window(start=at, end=at + Duration(hours=1)),
                )
            )
        )
        for lon in (39.9, 40.05, 40.6)
        for at in (DAY, DAY + Duration(hours=3))
    ]


@given(notices(), st.data())
def test_all_at_once_or_one_by_one_it_is_the_same(some, data):
    """What was withdrawn leaves nothing, and its rows hold what comes next."""
    gone = data.draw(st.lists(st.sampled_from(some), unique_by=lambda one: one.id))
    at_once, one_by_one, stayed = Coarse(), Coarse(), Coarse()
    at_once.load(dumped(some))
    for pair in dumped(some):
        one_by_one.follow([pair])
    assert met(at_once) == met(one_by_one)
    for coarse in (at_once, one_by_one):
        coarse.follow([(notice.id, []) for notice in gone])
    stayed.load(dumped([notice for notice in some if notice not in gone]))
    assert met(at_once) == met(one_by_one) == met(stayed)
    assert len(at_once) == len(one_by_one) == len(stayed)
    at_once.follow(dumped(gone))
    assert met(at_once) == met(loaded_with(some))


@given(notices())
def test_what_is_told_alike_is_found_once(some):
    """However many there are that are told so: their number is in no answer."""
    for found in met(loaded_with(some)):
        assert set(found.values()) <= {1}
        assert set(found) <= {group for one in some for group in told_alike(one)}


def loaded_with(some):
    """Load notices."""
    coarse = Coarse()
    coarse.load(dumped(some))
    return coarse
