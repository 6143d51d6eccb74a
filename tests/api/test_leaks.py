"""No face says more than was disclosed: before and after something hidden is filed.

Every operation that reads is asked by every kind of caller, in a world without the
hidden site and position and in the same world with them. What may differ stands in
one table; anything else that moves is a leak.
"""

import json
import re
from datetime import timedelta

import pytest
from msgspec.structs import replace

from clearline.model.access import Scope
from clearline.model.instants import Window
from clearline.model.notice_commands import AmendNotice, FileNotice
from clearline.model.notice_details import Request
from clearline.model.notices import (
    ActivityDetails,
    NoticeId,
    PositionDetails,
    Precision,
)
from clearline.model.parties import Actor, DeskId, PartyId, PersonId, Strength
from clearline.web.app import ENDPOINTS
from notice_forms import SITE
from two_logs import HOSPITAL, revision

HOUR = timedelta(hours=1)
OK = 200
HIDDEN = ("hidden-site", "hidden-post")

MAY_DIFFER = {
    "size", "root", "index", "first", "next_index", "checkpoint", "uptime_s", "now",
    "at", "wall", "as_of", "expires_at", "cycled_at", "due_at", "clock_offset_s",
}  # fmt: skip
"""Fields that follow from the size of the first log, or from the clock."""

OF_THE_SIZE = {"checkpoint", "metrics", "health", "node"}
"""Operations that say how long the first log is, and how the machine does."""

NOT_READ = {"follow", "openapi", "trustPage", "authority"}
"""An endless stream, which has its own test; and what no log is in."""

VIEWERS = (
    "nobody", "duty", "director", "chief", "controller", "auditor", "observer",
    "device", "key read", "key notices",
)  # fmt: skip
"""Everybody but the owner's own people and the node's operator."""


def _by(person, desk, party):
    return Actor(
        party=PartyId(party),
        desk=DeskId(desk),
        person=PersonId(person),
        strength=Strength.PASSWORD,
    )


NORTH = _by("lina", "north-ops", "north")
SOUTH = _by("duty", "south-ops", "south")


class World:
    """Hold the node, and ask it as anybody."""

    def __init__(self, node):
        self.node, self.own = node, node.service.own
        self.now = node.service.node.clock.read().at
        self.clients = {"nobody": node.anybody()}
        for viewer in VIEWERS:
            if viewer not in ("nobody", "device", "key read", "key notices"):
                self.clients[viewer] = node.as_person(viewer)
        with node.as_person("admin") as admin:
            device = {"desk": "south-ops", "name": "wall"}
            token = admin.post("/api/v1/devices", json=device).json()["token"]
            self.clients["device"] = node.anybody(token)
            for scope in (Scope.READ, Scope.NOTICES):
                given = {"desk": "south-ops", "name": scope, "scopes": [scope]}
                token = admin.post("/api/v1/keys", json=given).json()["token"]
                self.clients[f"key {scope}"] = node.anybody(token)

    def file(self, name, by, details, *, tells=None, window=None, command=FileNotice):
        """File a notice at the hospital and wait until it is screened."""
        told = revision(
            details,
            tells={DeskId(desk): level for desk, level in (tells or {}).items()},
            window=window or Window(start=self.now, end=self.now + 48 * HOUR),
        )
        asked = command(notice=NoticeId(name), by=by, revision=told)
        self.own.log.ask_either(asked).result(10)
        assert self.own.screener.settle()
        assert self.own.screener.trouble is None

    def ask(self, viewer, method, path, body=None):
        """Ask something; return what may not differ."""
        self.node.app.shared.limits._left.clear()
        said = self.clients[viewer].request(method, path, json=body)
        if path.endswith("/receipt") and said.status_code == OK:
            return said.status_code, ""  # it proves the entry in the log of its size
        return said.status_code, _scrubbed(said.text)

    def everything(self):
        """Ask every operation that reads, as everybody, about what is there or not."""
        said = {}
        for endpoint in ENDPOINTS:
            if endpoint.method != "GET" or endpoint.name in NOT_READ | OF_THE_SIZE:
                continue
            for path in _paths(endpoint.path):
                for viewer in VIEWERS:
                    said[viewer, path] = self.ask(viewer, "GET", path)
        for viewer in ("duty", "observer"):
            said[viewer, "screen"] = self.ask(
                viewer, "POST", "/api/v1/screenings", _plan(self.now)
            )
            for name in HIDDEN:
                for act in ("talk", "accept", "release"):
                    path = f"/api/v1/conflicts/{name}/{act}"
                    said[viewer, path] = self.ask(viewer, "POST", path, {"why": "x"})
        return said


def _paths(path):
    """Fill a path in with what is hidden, and with what is not there at all."""
    names = re.findall(r"{(\w+)(?::int)?}", path)
    if not names:
        return [path]
    values = [*HIDDEN, "plan", "south-ops", "south", "duty", "0"]
    if "index" in names:
        values = [str(index) for index in range(40)]
    return [re.sub(r"{\w+(:int)?}", value, path) for value in values]


def _plan(now):
    return {
        "where": f"{HOSPITAL.lat}N {HOSPITAL.lon}E",
        "window": {
            "start": (now + HOUR).isoformat(),
            "end": (now + 2 * HOUR).isoformat(),
        },
    }


def _scrubbed(text):
    try:
        value = json.loads(text)
    except ValueError:
        return re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "T", text)
    said = json.dumps(_without(value), sort_keys=True)
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "T", said)


def _without(value):
    if isinstance(value, dict):
        kept = {k: v for k, v in value.items() if k not in MAY_DIFFER}
        return {key: _without(one) for key, one in kept.items()}
    return [_without(one) for one in value] if isinstance(value, list) else value


@pytest.fixture
def world(node):
    """A node on which a plan is told to the north, and a hospital coarsely to all."""
    node.service._loading.join()
    made = World(node)
    window = Window(start=made.now + HOUR, end=made.now + 2 * HOUR)
    told = {"north-ops": Precision.EXACT}
    made.file("plan", SOUTH, ActivityDetails(type="strike"), tells=told, window=window)
    told = {"south-ops": Precision.COARSE, "monitor-ops": Precision.COARSE}
    made.file("hospital", NORTH, SITE, tells=told)
    yield made
    for client in made.clients.values():
        client.close()


def test_what_is_hidden_moves_no_answer_of_any_face(world):
    """A site told to nobody and a position at the plan: every answer is as before."""
    before = world.everything()
    size = world.node.service.node.log.size
    world.file("hidden-site", NORTH, replace(SITE, ref="N-18", name_en="Other"))
    world.file("hidden-post", NORTH, PositionDetails())
    assert list(world.own.node.picture.conflicts.values())  # north was rung for both
    after = world.everything()
    moved = [asked for asked in before if before[asked] != after[asked]]
    assert moved == []
    assert world.node.service.node.log.size > size  # the site's; in the table


def test_a_position_moves_not_even_the_size(world):
    """Filed, met and rung: the first log's checkpoint is the same to the byte."""
    checkpoint = world.node.service.node.log.checkpoint()
    world.file("hidden-post", NORTH, PositionDetails())
    assert list(world.own.node.picture.calls.values())
    assert world.node.service.node.log.checkpoint() == checkpoint


def test_a_plan_moves_the_log_alike_whatever_it_meets_unseen(world):
    """Amended where its owner knows of nothing more: as many entries, site or none.

    The site's owner is told of the plan, and reads at once that they meet.
    """
    told, grown = {"north-ops": Precision.EXACT}, []
    for shift in (3, 4):
        size = world.node.service.node.log.size
        window = Window(start=world.now + HOUR, end=world.now + shift * HOUR)
        world.file(
            "plan", SOUTH, ActivityDetails(type="strike"),
            tells=told, window=window, command=AmendNotice,
        )  # fmt: skip
        grown.append(world.node.service.node.log.size - size)
        if len(grown) == 1:
            world.file("hidden-site", NORTH, replace(SITE, ref="N-18", name_en="Other"))
    assert grown[0] == grown[1] > 1
    with world.node.as_person("lina") as lina:
        said = lina.get("/api/v1/notices/hidden-site/screening").json()
    assert "plan" in json.dumps(said["met"])


def test_the_owner_alone_reads_what_was_hidden(world):
    """The test above can fail: to its owner the same operations do say it."""
    world.file("hidden-post", NORTH, PositionDetails())
    with world.node.as_person("lina") as lina:
        found = lina.get("/api/v1/conflicts").json()["items"]
    assert "hidden-post" in json.dumps(found)


def test_a_coarse_notice_moves_nothing_when_it_moves_within_its_cell(world):
    """Its recipients read the same but for the number of the revision."""
    paths = ("/api/v1/conflicts", "/api/v1/disclosures", "/api/v1/calls")
    before = [world.ask("duty", "GET", path) for path in paths]
    screened = world.ask("duty", "POST", "/api/v1/screenings", _plan(world.now))
    amended = replace(SITE, request=Request.AMEND)
    told = {"south-ops": Precision.COARSE, "monitor-ops": Precision.COARSE}
    world.file("hospital", NORTH, amended, tells=told, command=AmendNotice)
    assert [world.ask("duty", "GET", path) for path in paths] == before
    again = world.ask("duty", "POST", "/api/v1/screenings", _plan(world.now))
    assert again == screened


def test_no_receipt_of_an_entry_about_a_notice_but_to_its_owner(world):
    """A signed entry holds all of a notice; an auditor of another party has none."""
    world.file("hidden-site", NORTH, replace(SITE, ref="N-18", name_en="Other"))
    log = world.node.service.node.log
    size = log.size
    of_it = [index for index, said in log.read(0, size) if b'"hidden-site"' in said]
    assert of_it
    with world.node.as_person("lina") as lina:
        for index in of_it:
            path = f"/api/v1/ledger/entries/{index}/receipt"
            assert lina.get(path).status_code == OK
            for viewer in ("auditor", "observer", "duty"):
                code, _ = world.ask(viewer, "GET", path)
                assert code in (403, 404)
        last = [
            lina.get(f"/api/v1/ledger/entries/{index}/receipt").status_code
            for index in range(size)
        ]
    assert 200 in last
