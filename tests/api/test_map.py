"""The map shows what its viewer may know, as exactly as they may, and no more."""

import json

import pytest

from browser.desks import raise_call
from clearline.model.calls import CallId, Card, Kind
from clearline.model.commands import RaiseCall
from clearline.model.instants import Duration, Window
from clearline.model.layers import DISCLAIMER
from clearline.model.notice_details import MovementDetails, Stop
from clearline.model.notices import Precision
from clearline.model.passages import Passage
from clearline.model.places import Place, PlaceFormat, Position, Unlocated
from clearline.model.shapes import Corridor
from mapped import NORTH, SOUTH, actor, area, consent, convoy, file


def seen(node, person):
    """Ask for the map of a person, once all is loaded and screened."""
    node.service._loading.join(30)
    assert node.service.own.screener.settle()
    with node.as_person(person) as client:
        said = client.get("/api/v1/map").json()
    assert said["type"] == "FeatureCollection"
    return said, {one["id"]: one for one in said["features"]}


def test_a_site_is_a_point_as_wide_as_it_may_be_off(node):
    """Nothing is drawn finer than it was told."""
    file(node, "S-014")
    said, found = seen(node, "duty")
    site = found["S-014"]
    assert site["geometry"]["type"] == "Point"
    assert site["properties"]["at"] == pytest.approx([40.1408, 35.3359], abs=1e-4)
    assert site["properties"]["radius_m"] >= 5
    assert site["properties"]["kind"] == "site"
    assert site["properties"]["is_active"]
    assert said["disclaimer"] == DISCLAIMER


def test_a_stranger_sees_an_empty_map(node):
    """Whom nobody told knows of none of it, not even that there is one."""
    file(node, "S-014")
    convoy(node)
    said, found = seen(node, "observer")
    assert found == {}
    assert said["not_checked"] == []


def test_what_is_known_coarsely_is_a_cell(node):
    """The cell holds the place; the words and the place as told stay away."""
    file(node, "S-014", consents=consent(Precision.COARSE))
    _, found = seen(node, "duty")
    ((*ring,),) = found["S-014"]["geometry"]["coordinates"]
    assert len(ring) == 5
    assert found["S-014"]["properties"]["level"] == "coarse"
    text = json.dumps(found)
    assert "as told" not in text
    assert "40.1408" not in text


def test_what_is_known_to_exist_has_no_place(node):
    """It is in the list, with the desk to call, and nowhere on the map."""
    file(node, "S-014", consents=consent(Precision.EXISTENCE))
    _, found = seen(node, "duty")
    assert found["S-014"]["geometry"] is None
    properties = found["S-014"]["properties"]
    assert properties["call"] == "north-ops"
    assert "at" not in properties
    assert "starts_at" not in properties


def test_two_that_meet_conflict_for_who_knows_both(node):
    """The ring lies where they meet, names both, and says how far apart they are."""
    convoy(node)
    area(node, person="duty", tells=(), consents=())
    _, found = seen(node, "duty")
    (conflict,) = (one for id_, one in found.items() if id_.startswith("conflict"))
    lon, lat = conflict["geometry"]["coordinates"]
    assert 40.1 < lon < 40.3
    assert 35.2 < lat < 35.36
    assert conflict["properties"]["between"] == ["A-031", "M-107"]
    assert conflict["properties"]["apart_m"] == 0.0
    assert conflict["properties"]["radius_m"] > 0
    with node.as_person("duty") as client:
        (listed,) = client.get("/api/v1/conflicts").json()["items"]
        assert conflict["properties"]["to"] == f"/conflicts/{listed['id']}"
    # South kept its plan to itself: North has no conflict on its map.
    _, found = seen(node, "lina")
    assert not [one for one in found if one.startswith("conflict")]


def test_a_conflict_stands_on_the_map_of_the_entry_that_found_it(node):
    """What both may know is in the log, and so on the map as it stood."""
    convoy(node)
    area(node, person="duty", tells=(NORTH,), consents=consent(to=NORTH))
    _, found = seen(node, "duty")
    assert [one for one in found if one.startswith("conflict")]
    with node.as_person("duty") as duty:
        last = node.service.node.log.size - 1
        entries = range(last + 1)
        maps = [duty.get("/api/v1/map", params={"entry": one}) for one in entries]
    shown = [
        any(one["id"].startswith("conflict") for one in said.json()["features"])
        for said in maps
        if said.status_code == 200
    ]
    assert shown[0] is False
    assert shown[-1] is True


def test_own_positions_stand_on_the_map_of_their_party_alone(node):
    """They are kept in a log of its own; nobody else sees that there is one."""
    now = node.service.node.clock.read().at
    given = {
        "id": "P-1",
        "what": "second company",
        "where": "35.3359 N 40.1408 E",
        "end": (now + Duration(hours=4)).isoformat(),
        "details": {"kind": "position", "unit": "second company"},
    }
    with node.as_person("duty") as duty:
        duty.post("/api/v1/notices", json=given).raise_for_status()
    assert "P-1@own.south" in seen(node, "duty")[1]
    assert "P-1@own.south" not in seen(node, "lina")[1]


def test_a_movement_says_when_it_passes_each_of_its_positions(node):
    """For whom it is told exactly; whoever knows it coarsely learns no time of it."""
    now = node.service.node.clock.read().at
    passages = tuple(Passage(eta=now + Duration(hours=at)) for at in (1, 2, 3))
    path = tuple(Position(lon=40.0 + at / 10, lat=35.3) for at in range(3))
    shape = Corridor(path=path, half_width_m=100, passages=passages)
    window = Window(start=now, end=now + Duration(hours=4))
    details = MovementDetails(stops=(Stop(at=1, name="Depot"),))
    convoy(node, "M-1", shape=shape, window=window, details=details)
    _, found = seen(node, "duty")
    passed = found["M-1"]["properties"]["passes"]
    assert [one.get("name", "") for one in passed] == ["", "Depot", ""]
    coarse = consent(Precision.COARSE)
    convoy(node, "M-2", shape=shape, window=window, details=details, consents=coarse)
    _, found = seen(node, "duty")
    assert "passes" not in found["M-2"]["properties"]


@pytest.mark.parametrize("level", [Precision.COARSE, Precision.EXISTENCE])
def test_no_conflict_tells_where_something_is(node, level):
    """Who knows one of the two coarsely sees no conflict, and is told that."""
    convoy(node, consents=consent(level))
    area(node)
    said, found = seen(node, "duty")
    assert not [one for one in found if one.startswith("conflict")]
    assert any("coarsely" in one for one in said["not_checked"])


def test_what_does_not_hold_yet_says_so(node):
    """Not yet active is drawn otherwise, and what has ended is gone."""
    now = node.service.node.clock.read().at
    later = Window(start=now + Duration(hours=2), end=now + Duration(hours=3))
    file(node, "S-014", window=later)
    _, found = seen(node, "duty")
    assert "is_active" not in found["S-014"]["properties"]
    assert found["S-014"]["properties"]["starts_at"]


def test_a_call_stands_where_its_card_says(node):
    """For who may see the call, with where to open it."""
    raise_call(node, "lina")
    _, found = seen(node, "duty")
    call = found["call c1"]
    assert call["geometry"]["coordinates"] == pytest.approx([40.176, 35.2854])
    properties = call["properties"]
    assert properties["to"] == "/calls/c1"
    assert (properties["what"], properties["precedence"]) == ("call", "FLASH")
    assert properties["is_open"]
    _, found = seen(node, "observer")
    assert found == {}


def test_a_call_nobody_can_place_is_in_the_list(node):
    """It has words and no geometry: the table has it, the map cannot."""
    words = "by the old mill"
    nowhere = Place(
        footprint=Unlocated(name=words), text=words, format=PlaceFormat.NAME
    )
    command = RaiseCall(
        call=CallId("c1"),
        kind=Kind.STOP,
        by=actor("lina"),
        to_desk=SOUTH,
        card=Card(where=nowhere, what="Shelling"),
    )
    node.service.node.runner.ask(command).result(10)
    _, found = seen(node, "duty")
    assert found["call c1"]["geometry"] is None


def test_the_map_of_an_earlier_entry_is_as_it_stood(node):
    """Before the second notice there was one; an entry one may not see is not there."""
    file(node, "S-014")
    first = node.service.node.log.size
    file(node, "S-022")
    with node.as_person("duty") as duty, node.as_person("observer") as observer:
        found = [
            duty.get("/api/v1/map", params={"entry": entry})
            for entry in range(first + 3)
        ]
        shown = [
            [one["id"] for one in said.json()["features"]]
            for said in found
            if said.status_code == 200
        ]
        assert shown[0] == ["S-014"]
        assert sorted(shown[-1]) == ["S-014", "S-022"]
        assert len(shown) == 2
        for entry in range(first + 3):
            said = observer.get("/api/v1/map", params={"entry": entry})
            assert said.status_code == 404
