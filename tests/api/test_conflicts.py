"""Conflicts, screenings and who was told what, as the API says them."""

from datetime import timedelta

import pytest

from clearline.model.commands import Advance
from clearline.model.instants import Window
from clearline.model.notice_commands import FileNotice
from clearline.model.notices import (
    ActivityDetails,
    NoticeId,
    PositionDetails,
    Precision,
)
from clearline.model.parties import Actor, DeskId, PartyId, PersonId, Strength
from notice_forms import SITE
from two_logs import HOSPITAL, revision

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


class Filed:
    """Hold a node on which notices are filed and screened."""

    def __init__(self, node):
        self.node = node
        self.own = node.service.own
        self.now = node.service.node.clock.read().at

    def file(self, name, by, details, tells=None, window=None):
        """File a notice at the hospital and wait until it is screened."""
        told = revision(
            details,
            tells={DeskId(desk): level for desk, level in (tells or {}).items()},
            window=window or Window(start=self.now, end=self.now + 48 * HOUR),
        )
        command = FileNotice(notice=NoticeId(name), by=by, revision=told)
        self.own.log.ask_either(command).result(10)
        assert self.own.screener.settle()
        assert self.own.screener.trouble is None

    def plan(self, name="plan", tells=None):
        """Let the south plan something there, in three hours."""
        start = self.now + 3 * HOUR
        window = Window(start=start, end=start + HOUR)
        self.file(name, SOUTH, ActivityDetails(type="strike"), tells, window)

    def get(self, person, path):
        """Read something as a person."""
        with self.node.as_person(person) as client:
            return client.get(f"/api/v1/{path}")

    def post(self, person, path, body=None):
        """Say something as a person."""
        with self.node.as_person(person) as client:
            return client.post(f"/api/v1/{path}", json=body)


@pytest.fixture
def filed(node):
    """A node whose notices are loaded."""
    node.service._loading.join()
    return Filed(node)


def test_a_conflict_lives_from_being_found_to_being_accepted(filed):
    """Both owners read the same conflict, each with its own call and ways out."""
    filed.file("hospital", NORTH, SITE, {"south-ops": Precision.EXACT})
    filed.plan(tells={"north-ops": Precision.EXACT})
    (south,) = filed.get("duty", "conflicts").json()["items"]
    (north,) = filed.get("lina", "conflicts").json()["items"]
    assert (south["own"]["notice"], north["own"]["notice"]) == ("plan", "hospital")
    assert set(south["calls"]).isdisjoint(north["calls"])
    path = f"conflicts/{south['id']}"
    read = filed.get("duty", path).json()
    assert [way["kind"] for way in read["ways_out"]] == [
        "shift the time",
        "move the edge",
    ]
    assert read["changes"] == "plan"
    seen = filed.get("lina", path).json()  # a hospital gives no way: the plan may
    assert (seen["changes"], seen["ways_out"]) == ("plan", read["ways_out"])
    assert filed.post("duty", f"{path}/talk").json()["state"] == "being talked about"
    why = {"why": "moved by hand"}
    assert filed.post("duty", f"{path}/accept", why).json()["state"] != "accepted"
    assert filed.post("lina", f"{path}/accept", why).json()["state"] == "accepted"
    assert filed.get("observer", path).status_code == 404
    (call,) = north["calls"]
    assert filed.get("lina", f"calls/{call}").json()["kind"] == "WARN"
    assert filed.get("duty", f"calls/{call}").status_code == 404


def test_a_position_rings_its_owner_and_is_answered_from_the_own_log(filed):
    """A call of the own log is read and acknowledged like any other."""
    filed.file("post", NORTH, PositionDetails())
    filed.plan(tells={"north-ops": Precision.EXACT})
    (found,) = filed.get("lina", "conflicts").json()["items"]
    assert filed.get("duty", "conflicts").json()["items"] == []
    (call,) = found["calls"]
    assert filed.get("lina", f"calls/{call}").json()["number"] > 9_000
    assert filed.get("duty", f"calls/{call}").status_code == 404
    said = filed.post("lina", f"calls/{call}/acknowledgement", {})
    assert said.status_code == 200
    assert filed.get("lina", f"calls/{call}/entries").json()["items"]
    released = filed.post("lina", f"conflicts/{found['id']}/release", {})
    assert released.json()["released_at"]
    filed.own.log.tell_again()  # it is on its way from one log to the other
    filed.node.service.node.ask(Advance(waiting="nothing")).result(10)
    (told,) = filed.get("duty", "conflicts").json()["items"]
    assert (told["separation_m"], told["other"]["notice"]) == (None, "")
    assert told["other"]["desk"] == "north-ops"


def test_a_plan_is_screened_on_what_the_party_may_see(filed):
    """The same plan is answered to each party on its own."""
    filed.file("hospital", NORTH, SITE, {"south-ops": Precision.COARSE})
    start = filed.now + HOUR
    plan = {
        "where": f"{HOSPITAL.lat}N {HOSPITAL.lon}E",
        "window": {
            "start": start.isoformat(),
            "end": (start + HOUR).isoformat(),
        },
    }
    verdicts = {
        person: filed.post(person, "screenings", plan).json()["verdict"]
        for person in ("lina", "duty", "observer")
    }
    assert verdicts == {
        "lina": "conflict",
        "duty": "cannot_tell",
        "observer": "none_found",
    }


def test_an_owner_reads_who_was_told_what(filed):
    """For each notice: whom, when, at which precision; nobody else reads that."""
    told = {"south-ops": Precision.EXACT, "monitor-ops": Precision.COARSE}
    filed.file("hospital", NORTH, SITE, told)
    items = filed.get("lina", "notices/hospital/disclosures").json()["items"]
    assert {(one["desk"], one["precision"], one["holds"]) for one in items} == {
        ("south-ops", "exact", True),
        ("monitor-ops", "coarse", True),
    }
    assert filed.get("duty", "notices/hospital/disclosures").status_code == 404
    assert filed.get("duty", "disclosures").json()["items"] == []
    assert len(filed.get("lina", "disclosures").json()["items"]) == 2


def test_claims_of_control_stand_side_by_side_and_put_a_plan_in_doubt(filed):
    """Near contested ground a plan is told to ask, not that it is clear."""
    for source, holder in (("an outlet", "the army"), ("an observer", "militants")):
        given = {
            "where": f"{HOSPITAL.lat}N {HOSPITAL.lon}E",
            "holder": holder,
            "source": source,
            "source_kind": "press",
            "as_of": (filed.now - HOUR).isoformat(),
        }
        assert filed.post("duty", "control", given).status_code == 201
    assert len(filed.get("duty", "control").json()["items"]) == 2
    assert filed.get("lina", "control").json()["items"] == []
    filed.plan()
    told = filed.get("duty", "notices/plan/screening").json()
    assert told["verdict"] == "cannot_tell"
    assert "contested" in told["said"]


def test_probing_is_slowed_and_seen_by_owner_and_neutral(filed, monkeypatch):
    """Whoever walks a grid of small areas is seen by those who live there."""
    filed.file("hospital", NORTH, SITE)
    questions = filed.own.screener.questions
    for at in range(12):
        filed.plan(f"plan-{at}")
    assert questions.waits_s(DeskId("south-ops"), filed.now) > 0.0
    for person, count in (("lina", 1), ("observer", 1), ("duty", 0)):
        items = filed.get(person, "probing").json()["items"]
        assert len(items) == count, person
    plan = {
        "where": f"{HOSPITAL.lat}N {HOSPITAL.lon}E",
        "window": {
            "start": filed.now.isoformat(),
            "end": (filed.now + HOUR).isoformat(),
        },
    }
    # half a second after twelve: less than a busy machine takes to come here
    monkeypatch.setattr(questions, "waits_s", lambda *_: 30.0)
    said = filed.post("duty", "screenings", plan)
    assert said.status_code == 429
    assert "retry-after" in said.headers
