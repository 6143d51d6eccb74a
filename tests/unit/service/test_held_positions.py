"""A private position is held by what stands in the node's other log."""

import pytest

from clearline.model.calls import CallId, Card, Kind
from clearline.model.commands import RaiseCall
from clearline.model.instants import Duration
from clearline.model.notices import NoticeId
from two_logs import HOUR, NOON, NORTH_OPS, SOUTH_OPS, TwoLogs, actor, position


@pytest.mark.parametrize("is_while_it_stands", [True, False])
def test_a_stop_at_its_place_holds_a_private_position(is_while_it_stands):
    """The STOP is in the first log, and the position in the own one."""
    logs = TwoLogs()
    logs.file("p1", position())
    if not is_while_it_stands:
        logs.withdraw("p1")
        logs.go_to(NOON + HOUR)
    stop = RaiseCall(
        call=CallId("stop"),
        kind=Kind.STOP,
        by=actor(NORTH_OPS),
        to_desk=SOUTH_OPS,
        card=Card(where=position().where),
    )
    logs.do(stop)
    if is_while_it_stands:
        logs.withdraw("p1")
    for day in range(1, 40):
        logs.go_to(NOON + Duration(days=day))
    known = logs.own.picture.notices.get(NoticeId("p1"))
    assert (known.looked_at is not None) is is_while_it_stands
    assert (known.purged_at is None) is is_while_it_stands
