"""What holds for every decision: refusals change nothing, nothing is a surprise."""

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from clearline.model.calls import (
    BadLadder,
    CallId,
    Kind,
    Ladder,
    Precedence,
    Rung,
)
from clearline.model.commands import Advance, Enter, RaiseCall, Show
from clearline.model.entries import (
    DeskSet,
    Entry,
    LadderSet,
    NodeStarted,
    Realm,
    Shown,
)
from clearline.model.errors import BadInput
from clearline.model.instants import Duration
from clearline.model.parties import Desk, DeskId, Role
from clearline.picture.picture import SHELVES, Picture
from clearline.rules.decide import decide, is_urgent
from clearline.rules.refusals import UnknownCall, UnknownDesk
from phone import NOON, NORTH, SOUTH, STOP, Line, rung
from properties.strategies import COMMANDS, anything

PEOPLE = ("duty", "director", "lina", "observer", "controller", "chief")
CALLS = ("stop-1", "hold-1", "query-1", "warn-1", "release-1", "stop-1/south-air")


def busy() -> Line:
    """A line with a call of every kind, one held and passed on."""
    line = Line()
    line.raises()
    line.raises(Kind.HOLD, call="hold-1")
    line.raises(Kind.QUERY, call="query-1")
    line.raises(Kind.WARN, call="warn-1")
    line.raises(Kind.RELEASE, call="release-1", of=STOP)
    line.acknowledges("duty")
    line.passes_on("duty", "south-air")
    return line


def everything(picture: Picture) -> dict[str, list[object]]:
    """List all a picture keeps."""
    return {name: list(getattr(picture, name).values()) for name in SHELVES}


# --- whatever anybody asks --------------------------------------------------------
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_command_is_decided_or_refused_by_name(data: st.DataObject) -> None:
    """However malformed, a command ends in acts or in a refusal, the same ones twice.

    Anything else would stop the one writer, and with it every ring there is.
    """
    line = busy()
    for _ in range(3):
        command = data.draw(anything(data.draw(st.sampled_from(COMMANDS))))
        fields = {field.name for field in msgspec.structs.fields(type(command))}
        if "by" in fields and data.draw(st.booleans()):
            actor = line.actor(data.draw(st.sampled_from(PEOPLE)))
            command = replace(command, by=actor)
        names_a_notice = getattr(command, "notice", None) is not None
        if "call" in fields and not names_a_notice and data.draw(st.booleans()):
            command = replace(command, call=CallId(data.draw(st.sampled_from(CALLS))))
        size, before = line.picture.size, everything(line.picture)
        try:
            acts = decide(line.picture, command, line.now)
        except BadInput as refused:
            said = refused
        else:
            assert decide(line.picture, command, line.now) == acts
            assert everything(line.picture) == before
            for act in acts:
                at, realm = line.now, Realm.EXERCISE
                line.picture.fold(Entry(at=at, realm=realm, act=act))
            line.after(seconds=data.draw(st.sampled_from([0, 15, 100, 4000])))
            continue
        assert all((said.what, said.state, said.next))
        assert line.picture.size == size
        assert everything(line.picture) == before


def test_deciding_changes_nothing_by_itself() -> None:
    """The same picture, command and instant give the same acts, however often."""
    line = Line()
    before = everything(line.picture)
    command = RaiseCall(
        call=STOP, kind=Kind.STOP, by=line.actor("lina"), to_desk=DeskId("south-ops")
    )
    first = decide(line.picture, command, NOON)
    assert first
    assert decide(line.picture, command, NOON) == first
    assert everything(line.picture) == before
    assert line.picture.next_due() is None


def test_advancing_what_is_unknown_or_over_does_nothing() -> None:
    """A wake-up that comes late finds nothing to do and says nothing."""
    line = Line()
    line.raises(Kind.WARN)
    line.acknowledges("duty")
    assert line.ending() is not None
    line.now += Duration(days=1)
    for waiting in (STOP, "nobody knows this", ""):
        assert line.do(Advance(waiting=waiting)) == ()


# --- desks, persons, ladders ------------------------------------------------------
@pytest.mark.parametrize(
    ("desk", "under"),
    [
        ("south-hq", "south-hq"),
        ("south-hq", "south-air"),
        ("south-hq", "north-ops"),
        ("south-hq", "nowhere"),
    ],
)
def test_a_tree_of_desks_has_no_loop_and_no_stranger(desk: str, under: str) -> None:
    """A desk stands under a desk of its own party that does not stand below it."""
    line = Line()
    size = line.picture.size
    with pytest.raises(UnknownDesk, match="cannot stand under"):
        line.desk(desk, SOUTH, under=under)
    assert line.picture.size == size


def test_a_desk_stays_with_its_party() -> None:
    """No change of a desk takes a ringing call to another party's people."""
    line = Line()
    line.raises()
    with pytest.raises(UnknownDesk, match="belongs to south"):
        line.desk("south-hq", NORTH)
    assert "chief" in rung(line.after(seconds=30))


def test_a_desk_renamed_while_it_is_rung_is_still_rung() -> None:
    """A desk is known by its id; a new name, or a new place, changes no call."""
    line = Line()
    line.raises()
    desk = Desk(id=DeskId("south-ops"), party=SOUTH, name="Operations")
    line.do(Enter(act=DeskSet(desk=desk)))
    assert rung(line.after(seconds=15)) == ["spare"]
    assert "chief" in rung(line.after(seconds=15))


def test_a_person_needs_a_desk_that_is_there() -> None:
    """Nobody is entered at a desk that nobody could call."""
    with pytest.raises(UnknownDesk, match="nowhere"):
        Line().person("guard", "nowhere", Role.OPERATOR)


def ladder(*afters: float, **waits: float) -> Ladder:
    """Make a ladder of the one desk."""
    return Ladder(
        rungs=tuple(
            Rung(desk=DeskId("south-ops"), after=Duration(seconds=after))
            for after in afters
        ),
        **{name: Duration(seconds=wait) for name, wait in waits.items()},
    )


def test_a_ladder_without_a_rung_is_no_ladder() -> None:
    """A ladder on which nobody would ever be rung cannot be made."""
    with pytest.raises(BadLadder, match="no rung"):
        ladder()


@pytest.mark.parametrize(
    "wait",
    [
        "repeat_after",
        "read_back_for",
        "pass_on_for",
        "cease_for",
        "answer_for",
        "close_for",
        "review_before",
    ],
)
@pytest.mark.parametrize("seconds", [-1, 0, 0.5, 86_400.5])
def test_a_ladder_waits_neither_never_nor_for_ever(wait: str, seconds: float) -> None:
    """A wait of nothing would ring without end, a long one would be silence."""
    with pytest.raises(BadLadder, match=wait):
        ladder(0, **{"repeat_after": 30, wait: seconds})


@pytest.mark.parametrize("after", [-1, 31, 86_400])
def test_no_rung_waits_longer_than_people_are_rung_again(after: float) -> None:
    """Between two rungs nobody is left alone longer than the ladder repeats."""
    with pytest.raises(BadLadder, match="rung 2"):
        ladder(0, after, repeat_after=30)


def test_a_ladder_is_for_desks_that_are_there() -> None:
    """A ladder kept under a mistyped name would never be rung, so it is refused."""
    line = Line()
    for name, made in (
        ("suoth-ops", ladder(0)),
        ("south-ops", Ladder(rungs=(Rung(desk=DeskId("x"), after=Duration(0)),))),
    ):
        act = LadderSet(desk=DeskId(name), precedence=Precedence.FLASH, ladder=made)
        with pytest.raises(UnknownDesk):
            line.do(Enter(act=act))


def test_a_ladder_frozen_into_a_call_is_not_changed_under_it() -> None:
    """Whoever edits a ladder changes no call that is ringing."""
    line = Line()
    line.raises()
    before = line.call().ladder
    act = LadderSet(
        desk=DeskId("south-ops"), precedence=Precedence.FLASH, ladder=ladder(0)
    )
    line.do(Enter(act=act))
    assert line.call().ladder == before
    line.raises(call="stop-2")
    assert line.call("stop-2").ladder == act.ladder


# --- urgency ----------------------------------------------------------------------
def test_only_stop_and_hold_and_their_rings_are_urgent() -> None:
    """Nothing else may ring before the disk has it."""
    line = busy()
    urgent = {
        call: is_urgent(line.picture, Advance(waiting=call))
        for call in (*CALLS, "nobody knows this")
    }
    assert urgent == {
        "stop-1": True,
        "hold-1": True,
        "query-1": False,
        "warn-1": False,
        "release-1": False,
        "stop-1/south-air": True,
        "nobody knows this": False,
    }
    for kind in Kind:
        command = RaiseCall(call=CallId("x"), kind=kind, by=line.actor("lina"))
        assert is_urgent(line.picture, command) is (kind in (Kind.STOP, Kind.HOLD))


@pytest.mark.parametrize(
    ("kind", "is_held", "expected"),
    [
        (Kind.STOP, False, True),
        (Kind.HOLD, False, True),
        (Kind.WARN, False, False),
        (Kind.STOP, True, False),
    ],
)
def test_a_node_that_comes_up_rings_a_stop_before_its_disk(
    kind: Kind, *, is_held: bool, expected: bool
) -> None:
    """What was ringing rings at once, although the disk may be what went wrong."""
    line = Line()
    line.raises(kind)
    if is_held:
        line.acknowledges("duty")
    assert is_urgent(line.picture, Enter(act=NodeStarted(size=9))) is expected
    desk = DeskSet(desk=Desk(id=DeskId("x"), party=SOUTH, name="x"))
    assert not is_urgent(line.picture, Enter(act=desk))


# --- what is noted ----------------------------------------------------------------
def test_what_a_screen_showed_is_kept_of_a_call_that_has_ended() -> None:
    """A report that comes late is kept, and wakes nobody."""
    line = Line()
    line.raises(Kind.WARN)
    line.acknowledges("duty")
    shown = Show(call=STOP, device="wall", desk=DeskId("south-ops"))
    (act,) = line.do(shown)
    assert isinstance(act, Shown)
    assert act.clocks == ()
    with pytest.raises(UnknownCall):
        line.do(replace(shown, call=CallId("never raised")))
