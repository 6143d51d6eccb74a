"""Two nodes on two hosts: cables pulled, wires that lie, processes killed.

Whatever happens in between, once both run and the wire carries: every STOP that was
taken rings at the other node, each has a receipt of the other for all it said, and
both logs verify.
"""

import contextlib
import subprocess
import sys

import pytest

from faults.linked_node import STEPS
from faults.two_hosts import ADDRESSES, HERE, Hosts, Told, needs_hosts

pytestmark = needs_hosts


@pytest.fixture
def hosts():
    """Two hosts and a cable."""
    with Hosts() as made:
        yield made


@pytest.fixture
def pair(hosts, tmp_path):
    """Two linked nodes, one on each host."""
    north, south = Told(hosts, "north", tmp_path), Told(hosts, "south", tmp_path)
    for one in (north, south):
        one.start()
        one.asks("enter")
    link(north, south)
    return north, south


def link(north: Told, south: Told, through: dict[str, int] | None = None) -> None:
    """Let each pin the other, through a port of a bad wire if one is given."""
    for one, other in ((north, south), (south, north)):
        port = (through or {}).get(other.party)
        address = ADDRESSES[one.party] if port else ADDRESSES[other.party]
        url = f"https://{address}:{port or other.port}"
        peer = other.asks("show", ours=one.party, url=url)
        one.asks("pin", peer=peer)
    for one, other in ((north, south), (south, north)):
        assert one.waits("desk", f"{other.party}-ops@{other.party}")
        assert one.waits("all is receipted")


def agree(north: Told, south: Told) -> None:
    """Let both finish, and hold their logs against each other."""
    states = []
    for one in (north, south):
        assert one.waits("all is receipted")
        states.append(one.asks("state"))
    for mine, theirs in (states, states[::-1]):
        assert sorted(mine["told"]) == list(range(1, len(mine["told"]) + 1))
        assert set(theirs["heard"]) == set(mine["told"])
        assert len(theirs["heard"]) == len(mine["told"])
    for one in (north, south):
        one.stop()
        verify(one)


def verify(node: Told) -> None:
    """Verify a node's log as anybody would."""
    key = (node.data / "keys" / "log.vkey").read_text().strip()
    done = subprocess.run(
        [
            *(sys.executable, "-P", "-m", "clearline", "verify", str(node.data)),
            *("--key", key),
        ],
        check=False,
        capture_output=True,
        text=True,
        cwd=HERE,
        env={"PYTHONPATH": "src", "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_call_between_two_hosts_reads_as_a_conversation(pair):
    """STOP; rung; I have it; read back; both know."""
    north, south = pair
    north.asks("stop", to="south", call="s1")
    assert south.waits("is rung", "s1@north")
    south.asks("has", call="s1@north")
    assert north.waits("is held", "s1")
    south.asks("read back", call="s1@north")
    assert north.waits("is read back", "s1")
    agree(north, south)


def test_with_the_cable_pulled_the_callers_people_are_alarmed(hosts, pair):
    """The caller learns in seconds; plugged in again, it rings without being said."""
    north, south = pair
    hosts.cable("down")
    north.asks("stop", to="south", call="s1")
    assert north.waits("peer is silent", seconds=15)
    assert not south.waits("is known", "s1@north", seconds=0.1)
    hosts.cable("up")
    assert south.waits("is rung", "s1@north")
    agree(north, south)


def test_pulled_in_the_middle_what_was_said_meanwhile_arrives(hosts, pair):
    """Both sides go on for themselves, and know the same afterwards."""
    north, south = pair
    north.asks("stop", to="south", call="s1")
    assert south.waits("is rung", "s1@north")
    hosts.cable("down")
    south.asks("has", call="s1@north")
    north.asks("stop", to="south", call="s2")
    south.asks("read back", call="s1@north")
    south.asks("stop", to="north", call="s3")
    hosts.cable("up")
    assert north.waits("is read back", "s1")
    assert south.waits("is rung", "s2@north")
    assert north.waits("is rung", "s3@south")
    agree(north, south)


@pytest.mark.parametrize("step", list(STEPS))
def test_killed_at_any_step_nothing_is_lost(hosts, pair, step, tmp_path):
    """A STOP that was taken rings at the other node once both run."""
    del hosts, tmp_path
    north, south = pair
    dies = north if step in list(STEPS)[:3] else south
    dies.kill()
    dies.start(kill_at=step)
    dies.armed.touch()
    with contextlib.suppress(AssertionError):  # it may die before it answers
        north.asks("stop", to="south", call="s1")
    assert dies.is_killed()
    dies.armed.unlink()
    dies.start()
    assert north.waits("is known", "s1")
    assert south.waits("is known", "s1@north")
    south.asks("has", call="s1@north")
    assert north.waits("is held", "s1")
    agree(north, south)


@pytest.mark.parametrize(
    "step", ["before it is sent", "after the receipt was kept", "after it was heard"]
)
def test_a_notice_is_told_once_whoever_is_killed(hosts, pair, step):
    """Killed at any step: it stands there once, and its owner knows that it is read."""
    del hosts
    north, south = pair
    dies = south if step == "after it was heard" else north
    dies.kill()
    dies.start(kill_at=step)
    dies.armed.touch()
    with contextlib.suppress(AssertionError):  # it may die before it answers
        north.asks("file", to="south", call="n1")
    assert dies.is_killed()
    dies.armed.unlink()
    dies.start()
    assert north.waits("is told of", "n1")
    assert south.waits("is told of", "n1@north")
    south.asks("read", call="n1@north")
    assert north.waits("is known as read", "n1")
    agree(north, south)


@pytest.fixture
def wired(hosts, tmp_path):
    """Two linked nodes, each calling the other through a wire of its own."""
    north, south = Told(hosts, "north", tmp_path), Told(hosts, "south", tmp_path)
    wires, ports = [], {}
    for one in (north, south):
        one.start()
        one.asks("enter")
    for one, other in ((north, south), (south, north)):
        wire = hosts.start(
            one.party,
            "faults.bad_wire",
            *(ADDRESSES[one.party], ADDRESSES[other.party], str(other.port)),
        )
        ports[other.party] = int(wire.stdout.readline())
        wires.append(wire)
    link(north, south, ports)

    def behave(mode: str) -> None:
        for wire in wires:
            wire.stdin.write(f"{mode}\n")
            wire.stdin.flush()
            assert wire.stdout.readline() == "ok\n"

    return north, south, behave


@pytest.mark.parametrize("mode", ["slow", "shuffle"])
def test_a_slow_or_reordering_wire_carries_a_whole_conversation(wired, mode):
    """It takes longer, and nothing is heard twice or in the wrong place."""
    north, south, behave = wired
    behave(mode)
    for number in range(3):
        north.asks("stop", to="south", call=f"s{number}")
    for number in range(3):
        assert south.waits("is rung", f"s{number}@north")
    south.asks("has", call="s1@north")
    south.asks("read back", call="s1@north")
    assert north.waits("is read back", "s1")
    behave("pass")
    agree(north, south)


@pytest.mark.parametrize("mode", ["deaf", "spoil", "hole"])
def test_a_wire_that_loses_answers_or_lies_is_survived(wired, mode):
    """What is lost is said again, what is altered refused, and duplicates are one."""
    north, south, behave = wired
    behave(mode)
    for number in range(3):
        north.asks("stop", to="south", call=f"s{number}")
    assert north.waits("peer is silent", seconds=20)
    if mode == "deaf":
        assert south.waits("is rung", "s0@north")
    behave("pass")
    for number in range(3):
        assert south.waits("is known", f"s{number}@north")
    south.asks("has", call="s1@north")
    assert north.waits("is held", "s1")
    agree(north, south)
