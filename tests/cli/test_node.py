"""A node worked from the command line, by two people at two desks."""

import io
import json
import re

import pytest

from api.nodes import PASSWORD, running
from clearline.cli import main


class Desk:
    """One person's command line: their own state folder, one node."""

    def __init__(self, served, home, monkeypatch, capsys):
        self.served = served
        self.home = home
        self.monkeypatch = monkeypatch
        self.capsys = capsys

    def says(self, *words, typed="", code=0):
        """Run a command as this person and return what it printed."""
        self.monkeypatch.setenv("XDG_STATE_HOME", str(self.home))
        self.monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([*words, "--data", str(self.served.service.folder)])
        said = self.capsys.readouterr()
        assert ended.value.code == code, said.err + said.out
        return said.out + said.err

    def signs_in(self, person, typed=PASSWORD):
        """Sign in, the password typed where it is asked for."""
        return self.says("sign-in", person, typed=f"{typed}\n")


@pytest.fixture
def desks(tmp_path, monkeypatch, capsys):
    """Give two command lines beside a running node."""
    with running(tmp_path / "data") as served:
        served.service.operator.listens(served.url)
        yield tuple(
            Desk(served, tmp_path / name, monkeypatch, capsys)
            for name in ("north", "south")
        )


def test_a_call_from_stop_to_close(desks):
    """One desk stops, the other has it, reads it back, reports and closes."""
    north, south = desks
    north.signs_in("lina")
    south.signs_in("duty")
    said = north.says(
        *("call", "raise", "STOP", "south-ops", "--where", "37S FV 048 031", "--json")
    )
    (call,) = json.loads(said)["calls"]
    assert "RINGING" in south.says("call", "list")
    assert "HELD, duty has it" in south.says("call", "acknowledge", call["id"])
    assert "37S FV 048 031" in south.says("call", "read-back", call["id"])
    wrong = south.says(
        *("call", "read-back", call["id"], "kind=STOP", "where=37S FV 048 131"), code=3
    )
    assert "differs" in wrong
    right = ("kind=STOP", f"number={call['number']}", "where=37S FV 048 031")
    south.says("call", "read-back", call["id"], *right)
    south.says("call", "pass-on", call["id"], "south-air")
    assert "CEASED" in south.says("call", "ceased", call["id"])
    south.says("call", "close", call["id"])
    assert "OVER" in north.says("call", "close", call["id"])
    shown = north.says("call", "show", call["id"])
    assert "call_raised" in shown
    assert "call_ended" in shown
    assert re.search(r"desk_told +north-ops, somebody has this", shown), shown


def test_a_raised_call_says_what_its_places_are_taken_for(desks):
    """Words that are no place, and two that disagree, ring; the caller is told."""
    north, _ = desks
    north.signs_in("lina")
    stop = ("call", "raise", "stop", "south-ops", "--where")
    assert "goes out as words" in north.says(*stop, "behind the old mill")
    said = north.says(*stop, "35.2854N 40.1760E", "--where-again", "37S FV 169 053")
    assert "RINGING" in said
    assert "THE TWO PLACES DISAGREE" in said
    said = north.says(*stop, "35.2854N 40.1760E", "--where-again", "37S FV 0694 0532")
    assert "is taken for" in said
    assert "DISAGREE" not in said
    assert "line-check" in north.says("call", "raise", "--help", code=None)
    assert "none is named" in north.says("call", "raise", "warn", code=2)


def test_the_operator_enters_everybody_and_says_nothing(desks):
    """Whoever may read the folder sets the node up; they raise and answer nothing."""
    north, south = desks
    north.says("party", "set", "west", "--name", "West")
    north.says("desk", "set", "west-ops", "--party", "west")
    north.says("person", "set", "wanda", "--desk", "west-ops", "--role", "operator")
    assert "wanda" in north.says("person", "list")
    assert "west-ops" in north.says("desk", "list")
    north.says("person", "reach", "wanda", "sms", "+15550100")
    assert "+15550100" in north.says("person", "reach", "wanda")
    posted = north.says("person", "reach", "wanda", "webhook", "https://w.example/a")
    assert "https://w.example/a  whsec_" in posted
    assert "whsec_" not in north.says("person", "reach", "wanda")
    north.says("person", "pin", "wanda", "4711")
    code = north.says("person", "code", "wanda").strip()
    assert "Set a password" in south.signs_in("wanda", code)
    south.says("password", typed="\na sentence of other words\n")
    south.signs_in("wanda", "a sentence of other words")
    refused = north.says("call", "raise", "STOP", code=2)
    assert "may not" in refused


def test_the_watch_is_taken_and_handed_over(desks):
    """Whoever takes over signs with their own password."""
    north, south = desks
    south.signs_in("director")
    until = "2000-01-01T00:00:00Z"
    assert "ahead" in south.says("watch", "take", "battle_director", until, code=2)
    assert "NOBODY" in north.says("watch", "show", "south-air", code=1)
    south.signs_in("duty")
    south.says("watch", "leave", "--to", "director", typed="wrong words here\n", code=2)
    said = south.says("watch", "leave", "--to", "director", typed=f"{PASSWORD}\n")
    assert "director" in said


def test_the_watch_is_planned_changed_and_looked_ahead(desks):
    """An administrator plans, a member changes it, and a gap ends with 1."""
    north, south = desks
    turns = ("--zone", "Asia/Damascus", "--first", "2026-03-01T08:00", "--hours", "24")
    plan = ("watch", "plan", "south-ops", "turns", *turns)
    said = north.says(*plan, "--person", "duty", "--person", "director")
    assert "duty, director as duty_officer, every 24 h" in said
    assert "no time on the wall" in north.says(
        *("watch", "plan", "south-ops", "x", "--person", "duty", "--zone", "UTC"),
        *("--first", "2026-03-01T08:00Z"),
        code=2,
    )
    south.signs_in("duty")
    window = ("2090-01-01T00:00:00Z", "2090-01-02T00:00:00Z")
    said = south.says("watch", "override", *window, "--instead-of", "duty")
    override = said.splitlines()[-1].partition(":")[0]
    assert "nobody for duty" in said
    assert override not in south.says("watch", "override", "--drop", override)
    north.says(*plan, "--person", "duty", "--until", "2026-03-02T08:00")
    assert "NOBODY" in south.says("watch", "ahead", "south-ops", code=1)
    assert "Nobody is planned" in north.says(
        "watch", "plan", "south-ops", "turns", "--drop"
    )


def test_lines_are_set_checked_and_listed(desks):
    """What a check came to is listed; a line that was missed ends with 1."""
    north, south = desks
    said = north.says("line", "set", "north-ops", "south-ops", "sms", "--hours", "6")
    assert "every 6 h" in said
    north.signs_in("lina")
    assert "call check-" in north.says("line", "check", "south-ops", "screen")
    assert "not set up" in north.says("line", "check", "south-ops", "voice", code=1)
    said = north.says("line", "list", "south-ops")
    assert "sms" in said
    assert "never" in said
    said = south.says("line", "set", "north-ops", "south-ops")
    assert {line.split()[4] for line in said.splitlines()} >= {"screen", "sms"}


def test_devices_and_keys_are_made_listed_and_revoked(desks):
    """A token is told once, and opens nothing once it is revoked."""
    north, _ = desks
    made = json.loads(north.says("device", "enrol", "north-ops", "wall", "--json"))
    with north.served.anybody(made["token"]) as device:
        assert device.get("/api/v1/desks").status_code == 200
        north.says("device", "revoke", made["id"])
        assert device.get("/api/v1/desks").status_code == 401
    assert "revoked" in north.says("device", "list")
    key = json.loads(north.says("key", "make", "north-ops", "planner", "--json"))
    assert key["token"].startswith("clk_")
    assert key["token"] not in north.says("key", "list")


def test_nobody_signed_in_is_told_what_to_type(desks, capsys, monkeypatch, tmp_path):
    """A node elsewhere asks to sign in first; a folder without a node says so."""
    north, _ = desks
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "nobody"))
    for words, code in (
        (("call", "list", "--node", "http://127.0.0.1:9"), 77),
        (("call", "list", "--data", str(tmp_path / "nothing")), 2),
    ):
        with pytest.raises(SystemExit) as ended:
            main(list(words))
        assert ended.value.code == code
        assert "clearline s" in capsys.readouterr().err
    refused = north.says("call", "show", "no-such-call", code=2)
    assert "may see" in refused


def test_the_same_commands_work_a_node_elsewhere(desks, tmp_path):
    """With `--node URL` a command needs no folder of the node, only its address."""
    north, _ = desks
    at = ("--node", north.served.url)

    def says(*words, typed="", code=0):
        north.monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "far"))
        north.monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        north.capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([*words, *at])
        said = north.capsys.readouterr()
        assert ended.value.code == code, said.err + said.out
        return said.out + said.err

    assert "Nobody is signed in" in says("call", "list", code=77)
    says("sign-in", "lina", typed=f"{PASSWORD}\n")
    raised = says("call", "raise", "STOP", "south-ops", "--json")
    (call,) = json.loads(raised)["calls"]
    assert "RINGING" in says("call", "list")
    assert str(call["number"]) in says("call", "show", call["id"])
    assert "north-ops" in says("desk", "list")
    assert "no call" in says("call", "show", "no-such-call", code=2)
    says("sign-out")
    assert "Nobody is signed in" in says("call", "list", code=77)
