"""What a node says of itself, to whom, and that it is true."""

from clearline.model.instants import Duration
from clearline.model.parties import Medium
from clearline.service.calling import CourierStanding, CourierState
from clearline.web import health
from clearline.web.health import look

MAILBOX = "550 no such mailbox lina@north.example"


class Troubled:
    """A courier whose gateway named a mailbox."""

    def state(self):
        """Say what the gateway said."""
        return CourierState(
            medium=Medium.EMAIL, standing=CourierStanding.TROUBLED, trouble=MAILBOX
        )

    def stop(self):
        """Stop."""


def test_a_node_that_works_says_so(shared):
    """200, the runner's last cycle, and what the disk does."""
    with shared.anybody() as anybody:
        said = anybody.get("/health").json()
    assert said["is_recording"] is True
    assert said["cycled_at"] is not None
    assert said["size"] == shared.service.node.log.size


def test_what_a_gateway_says_is_told_to_nobody_unknown(node):
    """A mailbox in a server's words comes to those who may look, and to no stranger."""
    node.service.couriers[Medium.EMAIL] = Troubled()
    with node.anybody() as stranger, node.as_person("lina") as lina:
        assert "mailbox" not in stranger.get("/health").text
        assert "mailbox" in lina.get("/health").text


def test_a_runner_without_a_fresh_cycle_is_not_well(node, monkeypatch):
    """Nothing is well by default: a cycle that is too long ago is trouble."""
    monkeypatch.setattr(health, "CYCLE_WITHIN", Duration(seconds=-1))
    said = look(node.app.shared)
    assert not said.is_well
    assert any("cycle" in one for one in said.troubles)


def test_figures_name_nothing(shared):
    """Prometheus gets numbers; an id, a place or a name is in none of them."""
    with shared.as_person("lina") as lina:
        lina.post("/api/v1/calls", json={"card": {"where": "the white house"}})
        text = lina.get("/metrics").text
    assert 'clearline_open_calls{held="false",kind="STOP"}' in text
    for word in ("white house", "lina", "south-ops"):
        assert word not in text
