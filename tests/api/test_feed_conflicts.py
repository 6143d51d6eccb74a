"""What a screen is told of conflicts, of the own log, and of notices told coarsely."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from api.test_feed import following
from clearline.model.instants import Window
from clearline.model.notice_commands import FileNotice, ReportMovement
from clearline.model.notice_details import Personal
from clearline.model.notice_life import MovementState
from clearline.model.notices import ActivityDetails, NoticeId, Precision
from clearline.model.parties import Actor, DeskId, PartyId, PersonId, Strength
from notice_forms import SITE, a_movement
from two_logs import revision

HOUR = timedelta(hours=1)


def _by(person, desk, party):
    return Actor(
        party=PartyId(party),
        desk=DeskId(desk),
        person=PersonId(person),
        strength=Strength.PASSWORD,
    )


NORTH = _by("lina", "north-ops", "north")
SOUTH = _by("duty", "south-ops", "south")


@pytest.fixture
def loaded(node):
    """A node whose notices are loaded."""
    node.service._loading.join()
    return node


def file(node, name, by, details, tells):
    """File a notice at the hospital, told to some, and wait until it is screened."""
    now = node.service.node.clock.read().at
    told = revision(
        details,
        tells={DeskId(desk): level for desk, level in tells.items()},
        window=Window(start=now, end=now + 48 * HOUR),
    )
    asked = FileNotice(notice=NoticeId(name), by=by, revision=told)
    node.service.own.log.ask_either(asked).result(10)
    assert node.service.own.screener.settle()


def test_a_conflict_both_may_know_of_comes_to_both_with_its_place_in_the_log(loaded):
    """Each is shown its own side first; the screening that found it comes beside."""
    with (
        loaded.as_person("lina") as lina,
        loaded.as_person("duty") as duty,
        loaded.as_person("observer") as observer,
        following(lina) as north,
        following(duty) as south,
        following(observer) as monitor,
    ):
        for screen in (north, south, monitor):
            screen.next("hello")
        file(loaded, "hospital", NORTH, SITE, {"south-ops": Precision.EXACT})
        told = {"north-ops": Precision.EXACT}
        file(loaded, "plan", SOUTH, ActivityDetails(type="strike"), told)
        for screen, own in ((north, "hospital"), (south, "plan")):
            _, id_, said = screen.next("conflict")
            assert id_ is not None
            assert said["act"] == "conflict_found"
            assert said["conflict"]["own"]["notice"] == own
        _, id_, said = south.next("screening", "call")
        assert id_ is not None
        _say_something(loaded)
        name, _, said = monitor.next()
        assert (name, said["call"]["id"]) == ("call", "to-monitor-ops")


def test_what_only_one_may_know_comes_to_its_party_alone_and_has_no_id(loaded):
    """Found, rung, and told again to a screen that comes; the planner hears nothing."""
    with (
        loaded.as_person("lina") as lina,
        loaded.as_person("duty") as duty,
        following(lina) as north,
        following(duty) as south,
    ):
        north.next("hello")
        south.next("hello")
        file(loaded, "hidden", NORTH, SITE, {})
        told = {"north-ops": Precision.EXACT}
        file(loaded, "plan", SOUTH, ActivityDetails(type="strike"), told)
        came = {}
        while set(came) < {"conflict", "call"}:
            name, id_, said = north.next("conflict", "call")
            came[name] = said
            assert id_ is None
            assert "prev" not in said
        assert came["conflict"]["conflict"]["other"]["notice"] == "plan"
        assert came["call"]["call"]["number"] > 9_000
        with following(lina) as again:
            again.next("hello")
            _, id_, said = again.next("changed")
            assert (id_, said["act"]) == (None, "kept_own")
        _say_something(loaded)
        heard = []
        while "call" not in heard:
            name, id_, said = south.next()
            heard.append(name)
            assert id_ is not None
        assert said["call"]["id"] == "to-south-ops"
        assert set(heard) == {"notice", "screening", "call"}
        with following(duty) as again:
            again.next("hello")
            assert again.next("changed", "beat")[0] == "beat"


def test_a_delay_told_coarsely_says_no_minute(loaded):
    """Neither the clocks of the notice, nor where it is, nor who said it."""
    leaves = loaded.service.node.clock.read().at + 6 * HOUR
    shape = a_movement().shape
    moved = leaves - shape.passages[0].eta
    later = tuple(replace(one, eta=one.eta + moved) for one in shape.passages)
    shape = replace(shape, passages=later)
    told = replace(
        a_movement(),
        personal=Personal(),
        shape=shape,
        where=replace(a_movement().where, footprint=shape),
        window=Window(start=leaves, end=leaves + 4 * HOUR),
    )
    ask = loaded.service.own.log.ask_either
    ask(FileNotice(notice=NoticeId("c"), by=NORTH, revision=told)).result(10)
    with loaded.as_person("chief") as chief, following(chief) as south:
        south.next("hello")
        ask(
            ReportMovement(notice=NoticeId("c"), by=NORTH, state=MovementState.DELAYED)
        ).result(10)
        _, _, said = south.next("notice")
    assert said["act"] == "notice_told"
    assert said["told"]["clocks"] == []
    assert said["told"]["text"] == "It is delayed."
    assert said["notice"]["moves"] == []


def _say_something(node):
    """Raise a call to each of two desks, so that a feed has something to say."""
    with node.as_person("lina") as lina:
        for desk in ("south-ops", "monitor-ops"):
            call = {"id": f"to-{desk}", "to_desk": desk, "kind": "WARN"}
            lina.post("/api/v1/calls", json=call)
