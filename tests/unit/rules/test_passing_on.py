"""Which desks a call can be passed on to."""

import pytest

from clearline.model.calls import CallId
from clearline.model.parties import Role
from clearline.rules.refusals import UnknownDesk
from phone import SOUTH, STOP, Line, rung


def test_a_ladder_reaches_above_and_whoever_has_it_there_passes_it_down() -> None:
    """The floor above the called desk passes a STOP to any desk of its own tree."""
    line = Line()
    line.raises(to="south-air")
    line.desk("south-aircraft", SOUTH, under="south-ops")
    line.person("crew", "south-aircraft", Role.OPERATOR)
    line.acknowledges("director")
    acts = line.passes_on("director", "south-aircraft")
    child = line.picture.calls.get(CallId(f"{STOP}/south-aircraft"))
    assert child is not None
    assert child.passed_from == STOP
    assert rung(acts) == ["crew"]


def test_a_call_is_not_passed_to_a_desk_beside_or_above_ones_own() -> None:
    """Handing a call sideways would let it leave the tree of those who answer."""
    line = Line()
    line.raises(to="south-air")
    line.acknowledges("controller")
    for desk in ("south-hq", "monitor-ops", "south-air"):
        with pytest.raises(UnknownDesk):
            line.passes_on("controller", desk)
