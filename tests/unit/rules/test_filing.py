"""Everything that is wrong with a notice is said at its field, all of it at once."""

from typing import Any

import pytest
from msgspec.structs import replace

from clearline.geo.gazetteer import Area, Named
from clearline.geo.names import key_of
from clearline.model.calls import CallId
from clearline.model.entries import PartySet
from clearline.model.extents import Corridor
from clearline.model.faults import Fault, FilingRefused, Severity
from clearline.model.instants import FOREVER, Duration, Window
from clearline.model.notice_commands import AmendNotice, FileNotice, WithdrawNotice
from clearline.model.notice_details import (
    Admin,
    AreaDetails,
    Mode,
    PositionDetails,
    Request,
    Stop,
    Vehicle,
)
from clearline.model.notices import Consent, NoticeId, Precision, Revision
from clearline.model.parties import DeskId, Strength
from clearline.model.passages import Passage
from clearline.model.places import Place, PlaceFormat, Point, Position, Unlocated
from clearline.rules.admin_areas import admin_faults
from clearline.rules.filing import FASTEST_KMH, faults_of, usual_end
from clearline.rules.notices import look_over
from notice_forms import (
    AT,
    CONTACTS,
    CONVOY,
    FLIGHT,
    ROAD,
    SITE,
    a_flight,
    a_movement,
    a_site,
)
from phone import NOON, NORTH, Line

SOUTH_OPS = DeskId("south-ops")
REFUSE, WARN = Severity.REFUSE, Severity.WARN


def site(**more: Any) -> Revision:
    """A site with something else in its details."""
    return a_site(details=replace(SITE, **more))


def convoy(**more: Any) -> Revision:
    """A convoy with something else in its details."""
    return a_movement(details=replace(CONVOY, **more))


def where(text: str, lat: float = AT.lat) -> Place:
    """A place told in decimal degrees."""
    return Place(
        footprint=Point(position=Position(lon=AT.lon, lat=lat), precision_m=5.0),
        text=text,
        format=PlaceFormat.DECIMAL,
    )


def drawn(minutes: float, **more: Any) -> Corridor:
    """The road of 22 km, driven in so many minutes."""
    first = Passage(eta=NOON + Duration(hours=6), **more)
    last = Passage(eta=NOON + Duration(hours=6, minutes=minutes))
    return replace(ROAD, passages=(first, last))


@pytest.mark.parametrize("whole", [a_site(), a_movement(), a_flight()])
def test_a_whole_notice_has_nothing_wrong(whole: Revision) -> None:
    """The forms the other tests spoil are whole."""
    assert faults_of(whole, None, NOON) == ()


SPOILED = [
    ("details.request", site(request=Request.REMOVE), REFUSE),
    ("details.is_function_now", site(is_function_now=None), REFUSE),
    ("details.is_function_now", site(is_function_now=False), REFUSE),
    ("details.name_en", site(name_en=" "), REFUSE),
    ("details.name_local", site(name_local=""), WARN),
    ("details.admin", site(admin=Admin()), REFUSE),
    ("details.measured", site(measured=type(SITE.measured)()), WARN),
    ("details.marking", site(marking=type(SITE.marking)()), WARN),
    ("details.contacts", site(contacts=CONTACTS[::2]), REFUSE),
    ("details.contacts", convoy(contacts=CONTACTS[1:]), REFUSE),
    ("details.contacts", site(contacts=CONTACTS[:2]), WARN),
    (
        "details.contacts[0].tested_at",
        site(contacts=(replace(CONTACTS[0], tested_at=None), *CONTACTS[1:])),
        WARN,
    ),
    ("personal.phones", a_site(personal=type(a_site().personal)()), WARN),
    ("where", a_site(where=where("35.5678N 40.1234E")), WARN),
    ("where_again", a_site(where_again=None), WARN),
    (
        "where",
        a_site(
            where=Place(
                footprint=Unlocated(name="mill"), text="mill", format=PlaceFormat.NAME
            )
        ),
        WARN,
    ),
    ("window.end", a_site(window=Window(start=NOON, end=FOREVER)), REFUSE),
    (
        "window.end",
        a_site(window=Window(start=NOON - Duration(days=9), end=NOON)),
        REFUSE,
    ),
    (
        "consents[0].desk",
        a_site(consents=(Consent(desk=DeskId("x"), by="a", source="b"),)),
        REFUSE,
    ),
    ("consents[0].by", a_site(consents=(Consent(desk=SOUTH_OPS),)), WARN),
    (
        "consents[0].by",
        a_site(consents=(Consent(desk=SOUTH_OPS, precision=Precision.EXACT),)),
        REFUSE,
    ),
    (
        "tells",
        a_site(
            details=PositionDetails(),
            window=Window(start=NOON, end=NOON + Duration(hours=1)),
        ),
        REFUSE,
    ),
    ("details.code", a_site(details=AreaDetails(established_by="hq")), REFUSE),
    ("details.established_by", a_site(details=AreaDetails(code="A1")), REFUSE),
    ("details.purpose", convoy(purpose=""), REFUSE),
    ("details.armed_escort", convoy(armed_escort=None), REFUSE),
    ("details.escort_by", convoy(armed_escort=True), REFUSE),
    ("details.vehicles", convoy(vehicles=()), REFUSE),
    ("details.vehicles[0]", convoy(vehicles=(Vehicle(type="lorry"),)), WARN),
    ("personal.plates", a_movement(personal=type(a_site().personal)()), WARN),
    ("shape", a_movement(shape=None), REFUSE),
    ("shape", a_movement(shape=replace(ROAD, passages=())), REFUSE),
    ("shape.passages[1].eta", a_movement(shape=drawn(9)), REFUSE),
    (
        "shape.passages[0].dwell_for",
        a_movement(
            shape=drawn(60 * 48, dwell_for=Duration(hours=25)),
            window=Window(start=NOON, end=NOON + Duration(days=4)),
        ),
        WARN,
    ),
    ("details.stops[0].at", convoy(stops=(Stop(at=2, name="the bridge"),)), REFUSE),
    (
        "window.end",
        a_movement(window=Window(start=NOON, end=NOON + Duration(days=15))),
        REFUSE,
    ),
    ("details.flight.type", a_flight(details=replace(FLIGHT, flight=None)), REFUSE),
    ("details.flight.callsign", a_flight(details=replace(FLIGHT, flight=None)), REFUSE),
    (
        "details.flight.landing_zone",
        a_flight(details=replace(FLIGHT, flight=None)),
        REFUSE,
    ),
    ("band", a_flight(band=None), REFUSE),
    (
        "details.flight.windows[0]",
        a_flight(
            details=replace(
                FLIGHT,
                flight=replace(
                    FLIGHT.flight,
                    windows=(Window(start=NOON, end=NOON + Duration(hours=1)),),
                ),
            )
        ),
        REFUSE,
    ),
]


@pytest.mark.parametrize(("field", "spoiled", "severity"), SPOILED)
def test_each_rule_speaks_at_its_field(
    field: str, spoiled: Revision, severity: Severity
) -> None:
    """It says what is wrong and what would be right, and how much that matters."""
    found = [one for one in faults_of(spoiled, None, NOON) if one.field == field]
    assert [one.severity for one in found] == [severity]
    assert found[0].wrong.strip()
    assert found[0].right.strip()


def test_all_that_is_wrong_comes_at_once() -> None:
    """A form is corrected once, not fault by fault."""
    line = Line()
    with pytest.raises(FilingRefused) as refused:
        line.do(
            FileNotice(
                notice=NoticeId("m"),
                by=line.actor("lina"),
                revision=convoy(purpose="", armed_escort=None, vehicles=()),
            )
        )
    fields = {one.field for one in refused.value.faults}
    assert fields >= {"details.purpose", "details.armed_escort", "details.vehicles"}
    assert "2 more" in refused.value.what
    assert line.picture.notices.get(NoticeId("m")) is None


@pytest.mark.parametrize("mode", [Mode.ROAD, Mode.FOOT, Mode.BOAT, Mode.RAIL])
def test_what_is_as_fast_as_its_mode_may_be_is_taken(mode: Mode) -> None:
    """Faster by a tenth is not; the rule has no other edge."""
    length_km, fastest = 22.19, FASTEST_KMH[mode]
    for minutes, wrong in (
        (length_km / fastest * 60 * 1.01, False),
        (length_km / fastest * 60 / 1.1, True),
    ):
        moving = a_movement(
            details=replace(CONVOY, mode=mode),
            shape=drawn(minutes),
            window=Window(start=NOON, end=NOON + Duration(hours=20)),
        )
        fields = [one.field for one in faults_of(moving, None, NOON)]
        assert ("shape.passages[1].eta" in fields) is wrong


def test_a_notice_stays_of_its_kind() -> None:
    """A site is not amended into a movement."""
    (fault, *_) = faults_of(a_movement(), a_site(), NOON)
    assert fault.field == "details.kind"
    amended = a_site(details=replace(SITE, request=Request.AMEND))
    assert faults_of(amended, a_site(), NOON) == ()
    (fault,) = faults_of(a_site(), a_site(), NOON)
    assert fault.field == "details.request"


def test_what_says_no_end_has_the_usual_one() -> None:
    """Each kind by its own; none for ever."""
    assert usual_end(a_site().kind, NOON) == NOON + Duration(days=180)
    assert usual_end(a_movement().kind, NOON) == NOON + Duration(hours=12)


# --- filed twice ------------------------------------------------


def files(line: Line, notice: str, revision: Revision, by: str = "lina") -> None:
    """Let somebody file."""
    line.do(FileNotice(notice=NoticeId(notice), by=line.actor(by), revision=revision))


def found(line: Line, revision: Revision, by: str = "lina") -> list[Fault]:
    """List what would be said of a filing."""
    asked = FileNotice(notice=NoticeId("new"), by=line.actor(by), revision=revision)
    return list(look_over(line.picture, asked, None, NOON))


def test_the_same_place_in_other_words_is_found() -> None:
    """Forty metres away under another name is told; a kilometre away is not."""
    line = Line()
    files(line, "old", a_site())
    near = replace(SITE, ref="N-18", name_en="Mill clinic")
    (fault,) = found(
        line,
        a_site(
            details=near, where=where("35.56825N 40.12345E", 35.56825), where_again=None
        ),
    )[-1:]
    assert (fault.field, fault.severity) == ("where", WARN)
    assert "'old'" in fault.wrong
    far = where("35.57789N 40.12345E", 35.57789)
    again = a_site(details=near, where=far, where_again=None)
    assert [one.field for one in found(line, again)] == ["where_again"]


def test_a_number_is_given_once() -> None:
    """Under any spelling of it; until what had it is over."""
    line = Line()
    files(line, "old", a_site())
    other = a_site(
        details=replace(SITE, ref=" n-17"),
        where=where("36.56789N 40.12345E", 36.56789),
        where_again=None,
    )
    assert "details.ref" in [one.field for one in found(line, other)]
    line.do(WithdrawNotice(notice=NoticeId("old"), by=line.actor("lina")))
    assert "details.ref" not in [one.field for one in found(line, other)]


def test_what_others_filed_is_not_found() -> None:
    """A party learns nothing of another's sites by filing near them."""
    line = Line()
    files(line, "old", a_site())
    assert found(line, a_site(tells=()), by="observer") == []


# --- two persons ------------------------------------------------


def careful() -> Line:
    """A line whose north has a site filed by two."""
    line = Line()
    known = line.picture.parties.get(NORTH)
    assert known is not None
    line._enter(PartySet(party=replace(known, needs_two_to_file=True)))
    return line


@pytest.mark.parametrize(
    ("second", "strength"),
    [
        (None, Strength.PASSWORD),
        ("lina", Strength.PASSWORD),
        ("observer", Strength.PASSWORD),
        ("second", Strength.HEARD),
    ],
)
def test_a_site_needs_two_where_its_party_asks(
    second: str | None, strength: Strength
) -> None:
    """Nobody, oneself, a stranger, or somebody unproven is no second person."""
    line = careful()
    line.person("second", "north-ops", role=line.picture.persons.get("lina").roles[0])  # type: ignore[union-attr, arg-type]
    approved = line.actor(second, strength) if second else None
    asked = FileNotice(
        notice=NoticeId("s"),
        by=line.actor("lina"),
        revision=a_site(),
        approved_by=approved,
    )
    with pytest.raises(FilingRefused, match="approved"):
        line.do(asked)
    line.do(replace(asked, approved_by=line.actor("second")))
    kept = line.picture.notices.get(NoticeId("s"))
    assert kept is not None
    assert kept.approved_by is not None


def test_a_movement_waits_for_no_second_person() -> None:
    """An ambulance is not held up."""
    line = careful()
    files(line, "m", a_movement())
    line.do(
        AmendNotice(notice=NoticeId("m"), by=line.actor("lina"), revision=a_movement())
    )


# --- where it is said to lie ------------------------------------


class Towns:
    """Two towns in one country, and one in another."""

    HERE = Area(country="SY", area="DZ")
    NAMES = (
        ("Mill Town", "SY", "DZ", 40.12, 35.56),
        ("Far Town", "SY", "HA", 36.8, 34.2),
        ("Other Land", "XX", "", 35.56, 40.12),
    )

    def named(self, key: str) -> list[Named]:
        """Nothing is looked up by name."""
        del key
        return []

    def areas(self, key: str) -> list[Area]:
        """Three areas, by their names."""
        known = {"Deir ez-Zor": ("SY", "DZ"), "Hama": ("SY", "HA"), "Xland": ("XX", "")}
        return [
            Area(country=country, area=area)
            for name, (country, area) in known.items()
            if key_of(name) == key
        ]

    def known(self, keys: list[str]) -> list[str]:
        """Nothing is suggested."""
        del keys
        return []

    def nearest(self, position: Position, count: int) -> list[Named]:
        """The one nearest town."""
        del count
        return [
            Named(
                name=name, kind="town", people=9, country=country, country_name=country,
                area=area, area_name=area, source="test",
                position=Position(lon=lon, lat=lat),
            )
            for name, country, area, lon, lat in self.NAMES
            if abs(lon - position.lon) < 1 and abs(lat - position.lat) < 1
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("admin", "field", "severity"),
    [
        (Admin(names=("Deir ez-Zor Region",)), "details.admin",
         Severity.NOT_CHECKED),
        (Admin(names=("Hama",)), "details.admin", WARN),
        (Admin(names=("Xland",)), "where", REFUSE),
        (Admin(pcode="SY09"), "details.admin", Severity.NOT_CHECKED),
        (Admin(names=("Nowhere at all",)), "details.admin", Severity.NOT_CHECKED),
    ],
)  # fmt: skip
def test_a_point_lies_where_it_is_said_to(
    admin: Admin, field: str, severity: Severity
) -> None:
    """Another area is doubtful, exchanged figures are named, the rest not checked."""
    (fault,) = admin_faults(site(admin=admin), Towns())
    assert (fault.field, fault.severity) == (field, severity)
    if field == "where":
        assert "exchanged" in fault.wrong


def test_another_country_is_refused_unless_it_is_said() -> None:
    """`is_outside` is what its owner says of it; then nobody asks again."""
    there = where("34.2N 36.8E", 34.2)
    moved = a_site(where=replace(there, footprint=Point(
        position=Position(lon=36.8, lat=34.2), precision_m=5.0)))  # fmt: skip
    other = replace(moved, details=replace(SITE, admin=Admin(names=("Xland",))))
    (fault,) = admin_faults(other, Towns())
    assert (fault.field, fault.severity) == ("details.admin", REFUSE)
    said = replace(SITE, admin=Admin(names=("Xland",), is_outside=True))
    assert admin_faults(replace(moved, details=said), Towns()) == ()


def test_without_a_list_of_places_it_says_so() -> None:
    """Not checked is not the same as right."""
    (fault,) = admin_faults(a_site(), None)
    assert fault.severity is Severity.NOT_CHECKED


def test_no_notice_is_a_call() -> None:
    """Filing rings nobody."""
    line = Line()
    files(line, "old", a_site())
    assert line.picture.calls.get(CallId("old")) is None
