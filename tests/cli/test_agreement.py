"""Agreements from the command line, by the two that are in one."""

import json

from api.test_conflicts import HOUR, NORTH, SOUTH, Filed
from clearline.model.instants import Window, write_instant
from clearline.model.notices import ActivityDetails, Precision
from cli.test_node import desks  # noqa: F401 (a fixture)
from notice_forms import SITE


def test_two_parties_agree_change_and_part(desks):  # noqa: F811 (the fixture)
    """Looked at before, proposed by one, confirmed by the other, ended with notice."""
    north, south = desks
    north.served.service._loading.join()
    filed = Filed(north.served)
    filed.file("hospital", NORTH, SITE, {"south-ops": Precision.EXACT})
    start = filed.now + 60 * HOUR
    later = Window(start=start, end=start + HOUR)
    filed.file(
        "plan",
        SOUTH,
        ActivityDetails(type="strike"),
        {"north-ops": Precision.EXACT},
        later,
    )
    assert filed.own.screener.settle()
    north.signs_in("lina")
    south.signs_in("director")
    given = ("north", "--buffer", "2km,20h:strike:site", "--keep-days", "90")
    seen = south.says("agreement", "propose", *given, "--preview")
    assert "would meet: plan and hospital" in seen
    assert "Needs the other side." in seen
    assert "kept to" in seen
    assert json.loads(south.says("agreement", "list", "--json") or "[]") == []
    said = south.says("agreement", "propose", *given, "--alone", "wider")
    assert "A-1  south and north: proposed." in said
    assert "2000 m and 1200 min for strike to site; kept 90 days" in said
    assert "would meet: plan and hospital" in north.says("agreement", "confirm", "A-1")
    assert "in force" in north.says("agreement", "confirm", "A-1", "--version", "1")
    filed.own.screener.settle()
    made = json.loads(south.says("agreement", "show", "A-1", "--json"))
    assert (made["in_force"], made["waits"]) == (1, None)
    early = write_instant(filed.now + HOUR)
    said = south.says("agreement", "end", "A-1", "--when", early, code=2)
    assert "at the earliest" in said
    assert "ends at" in south.says("agreement", "end", "A-1", "--why", "a new one")
    said = south.says("agreement", "confirm", "A-1", "--version", "9", code=2)
    assert "does not wait" in said
    assert "500" in south.says(
        "agreement", "propose", "north", "--buffer", "500x", code=2
    )
