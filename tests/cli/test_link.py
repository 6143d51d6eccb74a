"""Two operators link their nodes at two terminals, and see what stands."""

import json
import os
import re
import socket
import subprocess
import sys

import pytest
from msgspec.structs import replace

from clearline.adapters.peers.meeting import NobodyCame, host
from clearline.cli.call import _name
from clearline.model.entries import PeerHeard
from clearline.model.parties import Actor, DeskId, PartyId, PersonId, Strength
from clearline.service.pairing import Inviting
from peer_nodes import PeerNode
from unit.service.test_pairing import card, nonce

WAIT_S = 60


def start(*words: str) -> subprocess.Popen[str]:
    """Start a command as an operator does."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "clearline", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "CLEARLINE_CALLED_AS": "clearline"},
    )


def run(*words: str) -> tuple[int, str, str]:
    """Run a command to its end."""
    process = start(*words)
    out, err = process.communicate(timeout=WAIT_S)
    return process.returncode, out, err


@pytest.fixture
def nodes(tmp_path):
    """Two running nodes that do not know of each other."""
    north, south = (PeerNode(tmp_path / name, name) for name in ("north", "south"))
    north.enter()
    south.enter()
    yield north, south
    north.stop()
    south.stop()


def url(node: PeerNode) -> str:
    """Say where peers reach a node."""
    return f"https://127.0.0.1:{node.port}"


def meet(north: PeerNode, south: PeerNode, said: tuple[str, str]):
    """Let two operators link their nodes, and say what each then sees."""
    invite = start(
        *("link", "invite", "north", "--data", str(north.data), "--url", url(north)),
        *("--listen", "127.0.0.1", "--port", "0"),
    )
    port = re.search(r"port (\d+)", invite.stdout.readline()).group(1)
    accept = start(
        *("link", "accept", f"127.0.0.1:{port}", "south", "--data", str(south.data)),
        *("--url", url(south)),
    )
    seen = []
    for process, answer in zip((invite, accept), said, strict=True):
        out, err = process.communicate(f"{answer}\n", timeout=WAIT_S)
        seen.append((process.returncode, out, err))
    return seen


def test_two_operators_compare_eight_digits_and_the_nodes_are_linked(nodes):
    """The running nodes take the link up, and tell each other their desks."""
    north, south = nodes
    (code, out, _), (code_there, out_there, _) = meet(north, south, ("yes", "yes"))
    assert (code, code_there) == (0, 0)
    digits = [re.search(r"\d{4} \d{4}", text).group() for text in (out, out_there)]
    assert digits[0] == digits[1]
    assert north.until(lambda: north.acts(PeerHeard))
    assert south.until(lambda: south.acts(PeerHeard))
    north.stops("south", "s1")
    assert south.until(lambda: south.is_rung("s1@north"))
    assert north.until(lambda: not north.unreceipted())
    code, out, _ = run("link", "show", "--data", str(north.data), "--json")
    (link,) = json.loads(out)["links"]
    assert (code, link["party"], link["told"], link["receipted"]) == (0, "south", 2, 2)
    code, out, _ = run("link", "test", "south", "--data", str(north.data), "--json")
    assert code == 0
    assert json.loads(out)["said_there"] == 1
    code, out, _ = run("link", "revoke", "south", "--data", str(north.data))
    assert code == 0
    assert north.until(lambda: not north.station.links.peers())
    code, _, err = run("link", "test", "south", "--data", str(north.data))
    assert code == 2
    assert "no link with 'south'" in err


def test_an_operator_who_says_no_pins_nothing(nodes):
    """Each side decides for itself."""
    north, south = nodes
    (code, _, err), (code_there, _, _) = meet(north, south, ("no", ""))
    assert (code, code_there) == (65, 65)
    assert "Nothing was pinned on this side." in err
    assert not list(north.data.glob("links/*"))


def test_a_party_the_node_does_not_have_is_refused_before_anybody_is_called(nodes):
    """And so is a node nobody could reach."""
    north, _ = nodes
    code, _, err = run(
        *("link", "invite", "west", "--data", str(north.data), "--url", url(north))
    )
    assert code == 2
    assert "has no party 'west'" in err
    code, _, err = run("link", "invite", "north", "--data", str(north.data))
    assert code == 78
    assert "Nothing says where peers reach this node" in err


def test_links_of_a_node_that_has_none(nodes):
    """The way to make one is said."""
    north, _ = nodes
    code, out, _ = run("link", "show", "--data", str(north.data))
    assert code == 0
    assert "clearline link invite PARTY" in out


def test_a_scanner_at_the_port_changes_nothing():
    """Whoever hangs up or talks nonsense is let go, and nobody came."""
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        socket.create_connection(taken.getsockname()) as scanner,
    ):
        scanner.sendall(b"GET / HTTP/1.1\r\n\r\n")
        with pytest.raises(NobodyCame):
            host(Inviting(card("north"), nonce(1)), taken, seconds=0.5)


@pytest.mark.parametrize("desk", ["south-ops", "south-ops@south"])
def test_a_person_of_another_node_is_named_by_desk_and_party(desk):
    """What tells their persons apart over a link says nothing to whoever reads it."""
    far = Actor(
        party=PartyId("south"),
        desk=DeskId(desk),
        person=PersonId("5f3a91@south"),
        strength=Strength.PASSKEY,
    )
    assert _name(far) == "somebody at south-ops (south)"
    near = replace(far, person=PersonId("duty"))
    assert _name(near) == "duty"
