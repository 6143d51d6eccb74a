"""Who is planned for the watch when, and what a gap ahead does: it rings."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from clearline.adapters.zones import SystemZones
from clearline.model.calls import CallId, Kind, Precedence
from clearline.model.commands import (
    DropOverride,
    Enter,
    OverrideWatch,
    PlanWatch,
    RaiseCall,
    ReadZones,
    TakeWatch,
)
from clearline.model.entries import PersonSet, Rang, ZoneRead
from clearline.model.instants import FOREVER, Duration, Instant, Window
from clearline.model.parties import DeskId, PersonId, Role
from clearline.model.watchplans import (
    BadPlan,
    Override,
    OverrideId,
    Rotation,
    UnknownZone,
    WatchPlan,
)
from clearline.picture.picture import Picture
from clearline.picture.snapshot import DUTY, read_snapshot, write_snapshot
from clearline.rules.planned import gaps, not_taken, planned
from clearline.rules.refusals import IdTaken, UnknownPerson
from clearline.rules.watchplans import NoOverride
from phone import NOON, Line, rung

OPS = DeskId("south-ops")
DUTY_OFFICER = Role.DUTY_OFFICER
ZONES = SystemZones()


def wall(text: str) -> datetime:
    """Read a time on the wall."""
    return datetime.fromisoformat(text)


def utc(text: str) -> Instant:
    """Read an instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def rotation(**more: object) -> Rotation:
    """`duty` and `spare` take turns of twelve hours, from the noon of the tests."""
    said = {
        "name": "turns",
        "role": DUTY_OFFICER,
        "persons": (PersonId("duty"), PersonId("spare")),
        "zone": "UTC",
        "first": wall("2026-03-01T12:00"),
        "shift_for": Duration(hours=12),
    }
    return Rotation(**(said | more))  # type: ignore[arg-type]


def plans(line: Line, *rotations: Rotation) -> WatchPlan:
    """Set the plan of the desk and return it."""
    zones = dict.fromkeys(one.zone for one in rotations)
    line.do(
        PlanWatch(
            desk=OPS,
            rotations=rotations,
            zones=tuple(ZONES.read(zone, line.now) for zone in zones),
            by=line.actor("duty"),
        )
    )
    return plan(line)


def plan(line: Line) -> WatchPlan:
    """Return the plan as it stands."""
    found = line.picture.plans.get(OPS)
    assert found is not None
    return found


def override(line: Line, since: str, until: str, **more: object) -> Override:
    """Change the plan in a window; `spare` comes."""
    said = {
        "id": OverrideId("o1"),
        "since": utc(since),
        "until": utc(until),
        "by": line.actor("duty"),
    }
    made = Override(**(said | more))  # type: ignore[arg-type]
    line.do(OverrideWatch(desk=OPS, override=made))
    return made


def shifts(line: Line, since: str, until: str) -> list[tuple[str, str, str]]:
    """List who is planned in a window: person, from, until, in UTC."""
    window = Window(start=utc(since), end=utc(until))
    return [
        (one.person, f"{one.since:%d %H:%M}", f"{one.until:%d %H:%M}")
        for one in planned(line.picture, plan(line), window)
    ]


def warns(line: Line) -> list[str]:
    """List the gaps the desk was warned of, by the words of the call."""
    return [what for what in warned(line) if what.startswith("Nobody is planned")]


def warned(line: Line) -> list[str]:
    """List all the desk was warned of, by the words of the call."""
    return [
        call.card.what for call in line.picture.calls.values() if call.kind is Kind.WARN
    ]


# --- who is planned ----------------------------------------------------------------
def test_persons_take_turns_in_their_order() -> None:
    """Each keeps a shift, then the next; after the last comes the first."""
    line = Line()
    plans(line, rotation())
    assert shifts(line, "2026-03-01T12:00", "2026-03-03T00:00") == [
        ("duty", "01 12:00", "02 00:00"),
        ("spare", "02 00:00", "02 12:00"),
        ("duty", "02 12:00", "03 00:00"),
    ]


def test_a_shift_is_cut_off_at_the_ends_of_what_is_looked_at() -> None:
    """Nobody is planned before the first hand-over, or outside the window."""
    line = Line()
    plans(line, rotation())
    assert shifts(line, "2026-03-01T00:00", "2026-03-01T13:00") == [
        ("duty", "01 12:00", "01 13:00")
    ]
    assert shifts(line, "2026-02-01T00:00", "2026-03-01T12:00") == []


@pytest.mark.parametrize(
    ("zone", "day", "until", "hours"),
    [
        ("Europe/Berlin", "2026-03-28T08:00", "2026-03-29T06:00", 23),
        ("Europe/Berlin", "2026-10-24T08:00", "2026-10-25T07:00", 25),
        ("America/New_York", "2026-03-07T08:00", "2026-03-08T12:00", 23),
        ("Australia/Lord_Howe", "2026-04-04T08:00", "2026-04-04T21:30", 24.5),
        ("Asia/Damascus", "2026-03-28T08:00", "2026-03-29T05:00", 24),
    ],
)
def test_hand_overs_stay_at_the_same_time_on_the_wall(
    zone: str, day: str, until: str, hours: float
) -> None:
    """The day the clocks change has 23, 25 or other hours, and one person has them."""
    line = Line()
    plans(line, rotation(zone=zone, first=wall("2026-03-02T08:00"), shift_for=days(1)))
    around = Window(start=utc(day) - days(2), end=utc(day) + days(3))
    found = planned(line.picture, plan(line), around)
    (shift,) = [one for one in found if one.until == utc(until)]
    assert (shift.until - shift.since) == Duration(hours=hours)


def days(count: int) -> Duration:
    """Count days."""
    return Duration(days=count)


def test_a_hand_over_the_clocks_leave_out_is_when_they_go_forward() -> None:
    """At 02:30 on the day there is none: both shifts meet at 03:00, nobody missing."""
    line = Line()
    first = wall("2026-03-28T02:30")
    plans(line, rotation(zone="Europe/Berlin", first=first, shift_for=days(1)))
    found = shifts(line, "2026-03-28T01:30", "2026-03-30T00:30")
    assert found == [
        ("duty", "28 01:30", "29 01:00"),
        ("spare", "29 01:00", "30 00:30"),
    ]


def test_a_hand_over_the_clocks_say_twice_is_at_the_first() -> None:
    """At 02:30 on the day there are two: the incoming person does not wait an hour."""
    line = Line()
    first = wall("2026-10-24T02:30")
    plans(line, rotation(zone="Europe/Berlin", first=first, shift_for=days(1)))
    found = shifts(line, "2026-10-24T00:30", "2026-10-26T01:30")
    assert found == [
        ("duty", "24 00:30", "25 00:30"),
        ("spare", "25 00:30", "26 01:30"),
    ]


def test_an_override_stands_in_adds_and_takes_out() -> None:
    """For its window only; a later one wins over an earlier one."""
    line = Line()
    plans(line, rotation())
    override(
        line,
        "2026-03-01T18:00",
        "2026-03-02T06:00",
        person=PersonId("spare"),
        instead_of=PersonId("duty"),
    )
    assert shifts(line, "2026-03-01T12:00", "2026-03-02T12:00") == [
        ("duty", "01 12:00", "01 18:00"),
        ("spare", "01 18:00", "02 00:00"),
        ("spare", "02 00:00", "02 12:00"),
    ]
    override(
        line,
        "2026-03-01T20:00",
        "2026-03-01T21:00",
        id=OverrideId("o2"),
        instead_of=PersonId("spare"),
    )
    override(
        line,
        "2026-03-01T20:30",
        "2026-03-01T21:00",
        id=OverrideId("o3"),
        person=PersonId("duty"),
        role=DUTY_OFFICER,
    )
    assert shifts(line, "2026-03-01T18:00", "2026-03-02T00:00") == [
        ("spare", "01 18:00", "01 20:00"),
        ("duty", "01 20:30", "01 21:00"),
        ("spare", "01 21:00", "02 00:00"),
    ]
    line.do(DropOverride(desk=OPS, override=OverrideId("o2"), by=line.actor("duty")))
    assert ("spare", "01 18:00", "02 00:00") in shifts(
        line, "2026-03-01T18:00", "2026-03-02T00:00"
    )


def test_a_plan_that_nobody_could_keep_is_refused() -> None:
    """Persons and zones it names are there; names of rotations differ."""
    line = Line()
    refused: list[tuple[type[Exception], Rotation | None]] = [
        (UnknownPerson, rotation(persons=(PersonId("lina"),))),
        (UnknownPerson, rotation(role=Role.BATTLE_DIRECTOR)),
        (UnknownZone, rotation(zone="Mars/Olympus")),
    ]
    for error, one in refused:
        with pytest.raises(error):
            plans(line, one)
    with pytest.raises(BadPlan):
        plans(line, rotation(), rotation())
    with pytest.raises(UnknownZone):  # nothing was read of it
        line.do(
            PlanWatch(
                desk=OPS, rotations=(rotation(),), zones=(), by=line.actor("duty")
            )
        )
    assert line.picture.plans.get(OPS) is None


@pytest.mark.parametrize(
    "more",
    [
        {"persons": ()},
        {"shift_for": Duration(minutes=59)},
        {"shift_for": Duration(weeks=5)},
        {"until": wall("2026-03-01T12:00")},
        {"first": utc("2026-03-01T12:00")},
        {"first": wall("9999-12-31T12:00")},
    ],
)
def test_a_rotation_nobody_can_mean_cannot_be_built(more: dict[str, object]) -> None:
    """Nobody, no length, no beginning: refused where it is read."""
    with pytest.raises(BadPlan):
        rotation(**more)


def test_overrides_that_mean_nothing_are_refused() -> None:
    """Over already, of nobody, under an id that is taken; the same again is fine."""
    line = Line()
    plans(line, rotation())
    out = {"instead_of": PersonId("duty")}
    made = override(line, "2026-03-01T13:00", "2026-03-01T14:00", **out)
    assert line.do(OverrideWatch(desk=OPS, override=made)) == ()
    with pytest.raises(IdTaken):
        line.do(OverrideWatch(desk=OPS, override=replace(made, why="other")))
    with pytest.raises(BadPlan):
        override(
            line, "2026-03-01T10:00", "2026-03-01T12:00", id=OverrideId("x"), **out
        )
    with pytest.raises(BadPlan):
        override(line, "2026-03-01T13:00", "2026-03-01T14:00", id=OverrideId("y"))
    with pytest.raises(UnknownPerson):
        override(
            line,
            "2026-03-01T13:00",
            "2026-03-01T14:00",
            id=OverrideId("z"),
            person=PersonId("lina"),
            role=DUTY_OFFICER,
        )
    with pytest.raises(NoOverride):
        line.do(DropOverride(desk=OPS, override=OverrideId("?"), by=line.actor("duty")))


# --- gaps ahead ----------------------------------------------------------------------
def test_who_left_or_lost_the_role_fills_no_gap() -> None:
    """A plan is only as good as the people in it."""
    line = Line()
    plans(line, rotation())
    window = Window(start=NOON, end=NOON + Duration(hours=24))
    assert gaps(line.picture, plan(line), window) == ()
    line.person("spare", "south-hq", DUTY_OFFICER, has_watch=False)
    (gap,) = gaps(line.picture, plan(line), window)
    assert (gap.since, gap.until) == (NOON + Duration(hours=12), FOREVER)


def test_a_gap_ahead_rings_the_desk_and_its_administrators_twice() -> None:
    """Twelve hours and one hour before: a WARN each, in words that say when."""
    line = Line()
    line.person("boss", "south-hq", Role.ADMINISTRATOR, has_watch=False)
    plans(line, rotation(until=wall("2026-03-02T12:00")))
    line.after(hours=11, minutes=59)
    assert warns(line) == []
    acts = line.after(minutes=1)
    (said,) = warns(line)
    assert "2026-03-02T12:00:00Z" in said
    assert "Mon 12:00 UTC" in said
    reached = set(rung(acts))
    assert {"duty", "boss"} <= reached
    assert "chief" not in reached, "not an administrator, and the desk answers first"
    (warn,) = [c for c in line.picture.calls.values() if c.kind is Kind.WARN]
    assert warn.precedence is Precedence.PRIORITY
    line.after(hours=11)
    assert len(warns(line)) == 2
    line.after(hours=20)
    assert len(warns(line)) == 2, "a gap under way is not news"


def test_a_gap_that_is_filled_in_time_rings_nobody() -> None:
    """An override, or a longer plan, and the alarm that was due never comes."""
    line = Line()
    plans(line, rotation(until=wall("2026-03-02T12:00")))
    plans(line, rotation())
    line.after(hours=30)
    assert warns(line) == []


def test_a_plan_with_a_gap_near_rings_at_once() -> None:
    """Whoever plans nobody for the next half hour hears of it now, once."""
    line = Line()
    line.after(hours=25)
    plans(line, rotation(first=wall("2026-03-02T13:30")))
    line.after(seconds=1)
    assert len(warns(line)) == 1
    line.after(hours=2)
    assert len(warns(line)) == 1


def test_a_gap_that_grew_is_told_again() -> None:
    """Told for two hours, it now lasts four: that is news."""
    line = Line()
    line.after(hours=25)
    plans(line, rotation())
    out = {"instead_of": PersonId("duty")}
    override(line, "2026-03-02T20:00", "2026-03-02T22:00", **out)
    line.after(seconds=1)
    assert len(warns(line)) == 1
    override(line, "2026-03-02T19:00", "2026-03-03T00:00", id=OverrideId("o2"), **out)
    line.after(seconds=1)
    assert len(warns(line)) == 2


def test_somebody_unplanned_who_has_the_watch_fills_the_gap() -> None:
    """Who took the watch all through it keeps the alarm from ringing."""
    line = Line()
    line.do(
        TakeWatch(
            by=line.actor("spare"), role=DUTY_OFFICER, until=NOON + Duration(hours=20)
        )
    )
    plans(line, rotation())
    override(line, "2026-03-01T13:00", "2026-03-01T14:00", instead_of=PersonId("duty"))
    line.after(hours=3)
    assert warns(line) == []


def test_who_moves_away_leaves_a_gap_that_is_told() -> None:
    """The desk's people hear of it the moment the change is entered."""
    line = Line()
    plans(line, rotation())
    line.after(hours=25)
    moved = line.picture.persons.get(PersonId("spare"))
    assert moved is not None
    line.do(Enter(act=PersonSet(person=replace(moved, desk=DeskId("south-hq")))))
    line.after(seconds=1)
    assert len(warns(line)) == 1


def test_who_is_planned_and_has_not_taken_the_watch_is_shown() -> None:
    """A plan is not a watch: `duty` has taken it, `spare` has not yet."""
    line = Line()
    plans(line, rotation())
    assert not_taken(line.picture, plan(line), line.now) == ()
    later = NOON + Duration(hours=13)
    (missing,) = not_taken(line.picture, plan(line), later)
    assert (missing.person, missing.since) == ("spare", NOON + Duration(hours=12))


def missed(line: Line) -> list[str]:
    """List the watches that were not taken, by the words of the call."""
    return [what for what in warned(line) if "was not taken" in what]


def test_a_watch_that_nobody_took_rings_whoever_is_planned() -> None:
    """Ten minutes into it: they, their desk and its administrators; once a shift."""
    line = Line()
    line.person("boss", "south-hq", Role.ADMINISTRATOR, has_watch=False)
    plans(line, rotation())
    line.after(hours=24, minutes=9)
    assert missed(line) == [], "duty keeps the watch until noon"
    acts = line.after(minutes=1)
    (said,) = missed(line)
    assert "duty, duty_officer since 2026-03-02T12:00:00Z" in said
    assert {"duty", "spare", "boss"} <= set(rung(acts))
    line.after(hours=11)
    assert len(missed(line)) == 1
    line.after(hours=1)
    assert len(missed(line)) == 2, "the next one has not taken it either"


def test_a_watch_that_was_taken_or_is_kept_by_another_rings_nobody() -> None:
    """A plan is kept by whoever sits there to its end."""
    line = Line()
    plans(line, rotation())
    taken = TakeWatch(
        by=line.actor("spare"), role=DUTY_OFFICER, until=NOON + Duration(hours=20)
    )
    line.after(hours=11)
    line.do(taken)
    line.after(hours=2)
    assert missed(line) == []
    line = Line()
    plans(line, rotation())
    line.after(hours=11)
    line.do(replace(taken, by=line.actor("duty"), until=NOON + Duration(hours=24)))
    line.after(hours=2)
    assert missed(line) == []


def test_with_nobody_on_watch_the_one_who_is_planned_rings_first() -> None:
    """All members ring at once; the first ring handed over is theirs."""
    line = Line()
    plans(line, rotation())
    line.after(hours=25)
    for who, hours in (("duty", 0), ("spare", 12)):
        line.after(hours=hours)
        acts = line.do(
            RaiseCall(
                call=CallId(f"s-{who}"),
                kind=Kind.STOP,
                by=line.actor("lina"),
                to_desk=OPS,
            )
        )
        (rang,) = [act for act in acts if isinstance(act, Rang)]
        assert rang.attempts[0].person == who


def test_a_desk_with_nobody_on_watch_rings_every_member_all_the_same() -> None:
    """Whatever was planned: only who took the watch keeps the others from ringing."""
    line = Line()
    plans(line, rotation())
    line.after(hours=25)
    acts = line.do(
        RaiseCall(call=CallId("s"), kind=Kind.STOP, by=line.actor("lina"), to_desk=OPS)
    )
    (rang,) = [act for act in acts if isinstance(act, Rang)]
    assert rang.nobody_on_watch == (OPS,)
    assert {"duty", "director", "spare"} <= {one.person for one in rang.attempts}


def test_clocks_read_anew_are_kept_where_they_changed_and_plans_follow() -> None:
    """A government moves its clocks: an entry says so, and hand-overs move with it."""
    line = Line()
    zone = "Europe/Berlin"
    plans(line, rotation(zone=zone, first=wall("2026-03-01T14:00")))
    again = ZONES.read(zone, line.now)
    assert line.do(ReadZones(zones=(again,))) == ()
    moved = replace(again, changes=again.changes[:1])
    acts = line.do(ReadZones(zones=(moved,)))
    assert isinstance(acts[0], ZoneRead)
    (shift,) = shifts(line, "2026-04-01T12:30", "2026-04-01T12:59")
    assert shift[0] == "spare", "without summer time it is not yet 14:00 there"
    assert line.picture.zones.get(zone) == moved


def test_a_plan_survives_a_snapshot() -> None:
    """What was planned and what was told of it is there after a restart."""
    line = Line()
    plans(line, rotation(until=wall("2026-03-02T12:00")))
    line.after(hours=12)
    data = write_snapshot(line.picture, DUTY, line.picture.size, b"last")
    other = Picture()
    read_snapshot(data, other)
    assert other.plans.get(OPS) == plan(line)
    assert other.zones.get("UTC") == line.picture.zones.get("UTC")
    assert other.next_due() == line.picture.next_due()
