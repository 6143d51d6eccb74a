"""Conflicts and disclosures from the command line, by the two whose notices meet."""

import json

from api.test_conflicts import NORTH, Filed
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
    assert "way out: " in shown
    assert "call north-ops" in shown
    south.says("conflict", "talk", found["id"])
    south.says("conflict", "accept", found["id"], "agreed by telephone")
    said = north.says("conflict", "accept", found["id"], "nobody is there")
    assert "accepted" in said
    assert "agreed by telephone" in said
    assert "south-ops exact" in north.says("disclosures", "hospital")
