"""Conflicts and disclosures from the command line, by the two whose notices meet."""

import json

from api.test_conflicts import HOUR, NORTH, Filed
from clearline.geo.separation import middle
from clearline.model.notices import Precision
from cli.test_node import desks  # noqa: F401 (a fixture)
from notice_forms import SITE


def test_two_desks_settle_a_conflict(desks):  # noqa: F811 (the fixture)
    """Listed, shown with its ways out, accepted by one and then by the other."""
    north, south = desks
    north.served.service._loading.join()
    filed = Filed(north.served)
    filed.file("hospital", NORTH, SITE, {"south-ops": Precision.EXACT})
    filed.plan(tells={"north-ops": Precision.EXACT})
    north.signs_in("lina")
    south.signs_in("duty")
    (found,) = json.loads(south.says("conflict", "list", "--json", code=1))["items"]
    shown = south.says("conflict", "show", found["id"])
    assert "way out: plan: " in shown
    assert "call north-ops" in shown
    south.says("conflict", "talk", found["id"])
    south.says("conflict", "accept", found["id"], "agreed by telephone")
    said = north.says("conflict", "accept", found["id"], "nobody is there")
    assert "accepted" in said
    assert "agreed by telephone" in said
    assert "south-ops exact" in north.says("disclosures", "hospital")


def test_plans_of_a_file_are_screened_at_the_node(desks, tmp_path):  # noqa: F811
    """A row for each, on what one's party was told; what cannot be read is named."""
    north, south = desks
    north.served.service._loading.join()
    filed = Filed(north.served)
    filed.file("hospital", NORTH, SITE, {"south-ops": Precision.EXACT})
    south.signs_in("duty")
    notice = north.served.service.node.picture.notices.get("hospital")
    at, start = middle(notice.revision.where.footprint), filed.now + HOUR
    times = {"start": start.isoformat(), "end": (start + HOUR).isoformat()}
    near = {"type": "Point", "coordinates": [at.lon, at.lat]}
    away = {"type": "Point", "coordinates": [at.lon + 1, at.lat]}
    odd = {"type": "Point", "coordinates": [999, 0]}
    plans = tmp_path / "plans.ndjson"
    rows = [
        {"type": "Feature", "id": name, "geometry": shape, "properties": times}
        for name, shape in (("near", near), ("away", away), ("odd", odd))
    ]
    plans.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    said = south.says("screen", "--plans", str(plans), code=4)
    found = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert [(row["plan"], row["verdict"]) for row in found] == [
        ("near", "conflict"),
        ("away", "none_found"),
    ]
    assert "'odd'" in said
    assert "when the plan begins" in south.says("screen", "--where", "35N 40E", code=2)
    assert "Nothing is named" in south.says("screen", code=2)


def test_claims_of_control_are_entered_and_taken_back(desks):  # noqa: F811
    """Side by side, with their grade; a grade that is none is refused."""
    _, south = desks
    south.served.service._loading.join()
    south.signs_in("duty")
    said = ("control", "claim", "35.3N 40.1E", "the army", "--source", "an agency")
    when = ("--kind", "press", "--as-of", "2016-09-17T09:00:00Z")
    assert "no Admiralty grade" in south.says(*said, *when, "--grade", "Z9", code=2)
    made = json.loads(south.says(*said, *when, "--grade", "c3", "--json"))
    assert (made["grade"], made["stands"]) == ("C3", True)
    other = south.says("control", "claim", "35.3N 40.1E", "nobody", *said[4:], *when)
    assert "(press, F6): nobody holds" in other
    assert len(south.says("control", "list").splitlines()) == 2
    assert "taken back" in south.says("control", "withdraw", made["id"], "--why", "no")
    assert len(south.says("control", "list").splitlines()) == 1
    assert "no longer" in south.says("control", "list", "--all")
