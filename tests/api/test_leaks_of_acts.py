"""What somebody does says no more than was told: ids hit upon, where a list goes on.

The same two worlds; what is asked here is asked by somebody who guesses names.
"""

import json

from msgspec.structs import replace

from api.test_leaks import HIDDEN, NORTH, World, world
from clearline.model.notice_details import PositionDetails
from notice_forms import SITE

__all__ = ["world"]

NOTICES = "/api/v1/notices"
PLAN = {
    "what": "a plan of ours",
    "where": "35.1000N 40.1000E",
    "details": {"kind": "activity", "type": "strike"},
}
OF_ONE = {
    "revisions": PLAN,
    "withdrawal": {"why": "x"},
    "confirmation": {},
    "shown": {},
    "answers": {"disposition": "acknowledged"},
    "routing": {"routing": "received"},
    "movements": {"state": "departed"},
    "outcome": {"outcome": "impeded"},
}
POST = "patrol-2@own.north"
"""What a position of north's is called that was filed as `patrol-2`."""


def _guess(world: World, viewer: str) -> dict:
    """Do everything a caller can do to a notice, by names it may have."""
    said = {}
    for name in (*HIDDEN, POST, "patrol-2"):
        for path, body in OF_ONE.items():
            said[name, path] = world.ask(
                viewer, "POST", f"{NOTICES}/{name}/{path}", body
            )
        said[name, "after"] = world.ask(viewer, "GET", f"{NOTICES}?after={name}")
        checked = {"id": name, **PLAN}
        said[name, "check"] = world.ask(
            viewer, "POST", "/api/v1/notice-checks", checked
        )
        harm = {"case": "harm-1", "says": "it was hit", "notice": name}
        said[name, "harm"] = world.ask(viewer, "POST", "/api/v1/harm", harm)
    return said


def _file_under(world: World, name: str) -> list:
    """File under an id, amend that and withdraw it."""
    return [
        world.ask("duty", "POST", NOTICES, {"id": name, **PLAN}),
        world.ask("duty", "POST", f"{NOTICES}/{name}/revisions", PLAN),
        world.ask("duty", "POST", f"{NOTICES}/{name}/withdrawal", {"why": "x"}),
    ]


def _hide(world: World) -> None:
    world.file("hidden-site", NORTH, replace(SITE, ref="N-18", name_en="Other"))
    world.file("hidden-post", NORTH, PositionDetails())
    world.file(POST, NORTH, PositionDetails())


def test_whoever_guesses_an_id_is_answered_as_if_nothing_had_it(world):
    """Amended, answered, routed, listed after: hidden or not there, the same."""
    before = {viewer: _guess(world, viewer) for viewer in ("duty", "observer")}
    _hide(world)
    after = {viewer: _guess(world, viewer) for viewer in ("duty", "observer")}
    moved = [
        (viewer, asked)
        for viewer, said in before.items()
        for asked in said
        if said[asked] != after[viewer][asked]
    ]
    assert moved == []


def test_a_plan_filed_under_the_id_of_a_hidden_position_is_filed_as_any(world):
    """Taken, amended and withdrawn; the position's owner keeps and withdraws theirs."""
    with world.node.as_person("lina") as lina:
        filed = lina.post(
            NOTICES,
            json={
                "id": "patrol-2",
                "what": "a patrol of ours",
                "where": "35.0456N 40.0123E",
                "details": {"kind": "position", "unit": "patrol 2"},
            },
        )
        assert filed.status_code == 201, filed.text
        assert filed.json()["notice"]["id"] == POST
        for name, free in (("patrol-2", "free-2"), (POST, "free-2@own.north")):
            said = json.dumps(_file_under(world, name)).replace(name, free)
            assert said == json.dumps(_file_under(world, free))
        kept = lina.get(f"{NOTICES}/{POST}").json()
        assert (kept["kind"], kept["is_own"]) == ("position", True)
        again = lina.post(f"{NOTICES}/{POST}/withdrawal", json={"why": "over"})
        assert "notice" in again.json(), again.text


def test_a_call_raised_under_the_id_of_a_hidden_warning_is_raised_as_any(world):
    """Even its id follows from what nobody was told: it rings, and joins nothing."""
    _hide(world)
    hidden = next(iter(world.own.node.picture.calls.values()))
    asked = {"id": hidden.id, "kind": "QUERY", "to_desk": "north-ops"}
    code, said = world.ask("duty", "POST", "/api/v1/calls", asked)
    free = {**asked, "id": "conflict-0-0"}
    as_free, _ = world.ask("duty", "POST", "/api/v1/calls", free)
    assert code == as_free, said
    assert world.own.node.picture.calls.get(hidden.id) == hidden
