"""What a screen is told, as it happens, after it was away, and when it is slow."""

import asyncio
import json
from contextlib import contextmanager

import pytest

from api.nodes import running
from clearline.model.parties import DeskId, PartyId
from clearline.rules.disclosure import Viewer
from clearline.service.ports import DiskFull
from clearline.web import feed as feeds
from clearline.web.feed import (
    CHUNK_BYTES,
    QUEUE,
    SIGNED_OUT,
    TOO_SLOW,
    Screen,
    send_stream,
)

SOUTH = Viewer(party=PartyId("south"), desk=DeskId("south-ops"))


class Reader:
    """Read one stream, event by event."""

    def __init__(self, response):
        self.lines = response.iter_lines()

    def next(self, *names):
        """Return the next event of these names, or of any but a beat."""
        said = {}
        for line in self.lines:
            if line:
                name, _, value = line.partition(":")
                said[name] = value.strip()
                continue
            if "data" in said:
                name = said["event"]
                if name in names or (not names and name != "beat"):
                    id_ = int(said["id"]) if "id" in said else None
                    return name, id_, json.loads(said["data"])
            said = {}
        raise EOFError


@contextmanager
def following(client, after=None):
    """Follow the feed of a client."""
    headers = {} if after is None else {"last-event-id": str(after)}
    with client.stream("GET", "/api/v1/feed", headers=headers) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        yield Reader(response)


def test_a_call_comes_to_the_screens_it_concerns_and_to_no_other(node):
    """Each event names the one before; a desk the call never reached hears nothing."""
    with (
        node.as_person("lina") as lina,
        node.as_person("duty") as duty,
        node.as_person("observer") as observer,
        following(duty) as south,
        following(observer) as monitor,
    ):
        _, _, hello = south.next("hello")
        monitor.next("hello")
        lina.post("/api/v1/calls", json={"id": "s1", "to_desk": "south-ops"})
        _, id_, said = south.next("call")
        assert said["prev"] == hello["prev"]
        assert said["call"]["id"] == "s1"
        _, next_id, said = south.next("call")
        assert said["prev"] == id_
        assert said["act"] == "rang"
        lina.post("/api/v1/calls", json={"id": "s2", "to_desk": "monitor-ops"})
        _, _, said = monitor.next("call")
        assert said["call"]["id"] == "s2"
        beat = south.next("beat")
        assert beat[1] is None
        assert beat[2]["prev"] == next_id


def test_who_was_away_is_told_what_they_missed(node):
    """`Last-Event-ID` brings every event since, each once, in the same chain."""
    with node.as_person("lina") as lina, node.as_person("duty") as duty:
        with following(duty) as before:
            before.next("hello")
            lina.post("/api/v1/calls", json={"id": "s1", "to_desk": "south-ops"})
            _, seen, _ = before.next("call")
        duty.post("/api/v1/calls/s1/acknowledgement", json={})
        with following(duty, after=seen) as again:
            _, _, hello = again.next("hello")
            assert hello["prev"] == seen
            acts, last = [], seen
            while "acknowledged" not in acts:
                _, id_, said = again.next("call")
                assert said["prev"] == last
                last = id_
                acts.append(said["act"])
        assert acts == ["rang", "acknowledged"]
        with following(duty, after=10**9) as lost:
            assert lost.next()[0] == "reset"


def test_nothing_is_missed_over_a_restart(tmp_path):
    """A screen that comes back to a node that was restarted goes on where it was."""
    with running(tmp_path / "data") as node, node.as_person("duty") as duty:
        token = duty.headers["authorization"].removeprefix("Bearer ")
        with following(duty) as stream, node.as_person("lina") as lina:
            stream.next("hello")
            lina.post("/api/v1/calls", json={"id": "s1", "to_desk": "south-ops"})
            _, seen, _ = stream.next("call")
    again = running(tmp_path / "data", has_people=False)
    with again as node, node.anybody(token) as duty, following(duty, seen) as stream:
        assert stream.next("hello")[2]["prev"] == seen
        acts = [stream.next()[2]["act"] for _ in range(3)]
    assert acts == ["rang", "node_started", "rang"]


def test_signing_out_cuts_the_screens(node):
    """A stream ends with the session it was opened by."""
    with node.as_person("duty") as duty, following(duty) as stream:
        stream.next("hello")
        duty.delete("/api/v1/sessions/current")
        with pytest.raises(EOFError):
            stream.next("never")


def test_a_screen_takes_no_more_of_its_own_than_a_chunk():
    """However much waits, each screen has a chunk of it; the rest is shared by all."""

    async def plays():
        screen, event = Screen(SOUTH, "one"), b"x" * 1_000
        for _ in range(QUEUE):
            screen.give(event)
        taken = [await screen.take()]
        while sum(map(len, taken)) < QUEUE * len(event):
            taken.append(await screen.take())
        assert max(map(len, taken)) < CHUNK_BYTES + len(event)
        assert b"".join(taken) == event * QUEUE

    asyncio.run(plays())


class _Line:
    """Be a line that takes what it is given, until it is full."""

    def __init__(self):
        self.said, self.kept, self.is_ended = [], 0, False

    def write(self, data):
        """Note what was sent."""
        self.said.append(data)

    def get_write_buffer_size(self):
        """Say what a test says is kept."""
        return self.kept

    def is_closing(self):
        """Say what a test says."""
        return self.is_ended


def test_a_screen_that_takes_gets_the_next_at_once_and_in_its_order():
    """Nothing overtakes what still waits: not on the line, not on its way to it."""

    async def plays():
        screen, line = Screen(SOUTH, "one"), _Line()
        screen.line = line
        screen.give(b"first")
        assert await screen.take() == b"first"
        screen.give(b"second")  # the first may still be on its way
        assert (line.said, await screen.take()) == ([], b"second")
        waiting = asyncio.create_task(screen.take())
        await asyncio.sleep(0)
        screen.give(b"third")
        assert line.said == [b"5\r\nthird\r\n"]
        line.kept = 1
        screen.give(b"fourth")
        line.kept = 0
        screen.give(b"fifth")
        assert await waiting == b"fourthfifth"
        assert len(line.said) == 1

    asyncio.run(plays())


def test_a_line_that_ends_takes_nothing_more():
    """What comes after its end, or after a cut, is not written to it."""

    async def plays():
        screen, line = Screen(SOUTH, "one"), _Line()
        screen.line = line
        waiting = asyncio.create_task(screen.take())
        await asyncio.sleep(0)
        line.is_ended = True
        screen.give(b"one")
        assert await waiting == b"one"
        screen.cut("why")
        screen.give(b"two")
        assert line.said == []
        assert b"why" in await screen.take()

    asyncio.run(plays())


def test_who_is_cut_is_told_why(node):
    """A device that is revoked reads the reason, and the figures count it."""
    with node.as_person("admin") as admin:
        made = admin.post("/api/v1/devices", json={"desk": "south-ops", "name": "wall"})
        with (
            node.anybody(made.json()["token"]) as wall,
            following(wall) as stream,
        ):
            stream.next("hello")
            id_ = made.json()["id"]
            assert admin.delete(f"/api/v1/devices/{id_}").status_code == 204
            assert stream.next("cut")[2]["why"] == SIGNED_OUT
        assert node.app.shared.feed.cuts[SIGNED_OUT] == 1


def test_screens_that_come_back_together_are_told_what_they_missed_once(node):
    """What was missed is made once for a desk and a place, and shared."""
    feed = node.app.shared.feed
    with node.as_person("duty") as duty, node.as_person("lina") as lina:
        with following(duty) as stream:
            _, _, hello = stream.next("hello")
        for number in range(3):
            lina.post(
                "/api/v1/calls", json={"id": f"s{number}", "to_desk": "south-ops"}
            )
        for _ in range(3):
            with following(duty, hello["prev"]) as stream:
                assert stream.next("hello")[2]["prev"] == hello["prev"]
                assert stream.next("call")[2]["call"]["id"] == "s0"
    assert len(feed._made_again) == 1


def test_a_screen_that_reads_nothing_is_cut_and_nobody_else_waits():
    """Too many events waiting end the one slow line; what was there is let go of."""

    async def plays():
        slow, quick = Screen(SOUTH, "slow"), Screen(SOUTH, "quick")
        for count in range(QUEUE + 1):
            slow.give(b"event %d\n\n" % count)
            quick.give(b"event %d\n\n" % count)
            if count % 10 == 9:
                assert await quick.take()
        assert slow.is_cut
        assert not quick.is_cut
        assert TOO_SLOW.encode() in await slow.take()
        assert slow.is_over

    asyncio.run(plays())


def test_a_screen_that_takes_nothing_is_given_up(monkeypatch):
    """A line that takes no bytes for the patience there is ends with an error."""
    monkeypatch.setattr(feeds, "PATIENCE_S", 0.01)

    async def plays():
        screen = Screen(SOUTH, "dead")
        screen.give(b"event\n\n")

        async def never(_message):
            await asyncio.Event().wait()

        with pytest.raises(TimeoutError):
            await send_stream(screen, never, asyncio.Event())

    asyncio.run(plays())


def test_what_rings_from_memory_has_no_id_and_comes_again_with_one(node):
    """NOT YET RECORDED is said as such, and said again once it is recorded."""
    full = DiskFull("The disk is full.", state="Nothing.", next="Free some.")
    log, keep = node.service.node.log, node.service.node.log.store

    def refuses(_prepared):
        raise full

    with (
        node.as_person("lina") as lina,
        node.as_person("duty") as duty,
        following(duty) as stream,
    ):
        stream.next("hello")
        log.store = refuses
        said = lina.post("/api/v1/calls", json={"id": "s1", "to_desk": "south-ops"})
        assert said.status_code == 202
        assert said.json()["is_durable"] is False
        _, id_, early = stream.next("call")
        assert (id_, early["is_durable"]) == (None, False)
        assert early["call"]["is_durable"] is False
        refused = lina.post(
            "/api/v1/calls", json={"kind": "WARN", "to_desk": "south-ops"}
        )
        assert refused.status_code == 503
        health = lina.get("/health")
        assert health.status_code == 503
        assert "STOP and HOLD still ring" in health.text
        log.store = keep
        while id_ is None:
            _, id_, late = stream.next("call")
    assert late["call"]["id"] == "s1"
    assert late["call"]["is_durable"] is True


def test_a_nonsense_event_id_is_refused(node):
    """An id that is no number is a problem, not a stream."""
    with node.as_person("duty") as duty:
        said = duty.get("/api/v1/feed", headers={"last-event-id": "yesterday"})
    assert said.status_code == 400


def test_a_flood_is_merged_for_the_eye_in_the_feed_too(node):
    """Each STOP is an event; it says how many say the same, and the source's rate."""
    card = {"to_desk": "south-ops", "card": {"where": "37S FV 069 053"}}
    with node.as_person("lina") as lina, node.as_person("duty") as duty:
        after = node.service.node.log.size - 1
        for number in range(3):
            said = lina.post("/api/v1/calls", json={"id": f"stop-{number}", **card})
            assert said.status_code == 201, said.text
        with following(duty, after) as feed:
            mine = []
            while len(mine) < 3:
                _, _, said = feed.next("call")
                if said["act"] == "call_raised":
                    mine.append(said["call"])
    assert [one["to_desk"] for one in mine] == ["south-ops"] * 3
    assert [one["times"] for one in mine] == [1, 2, 3]
    rates = [one["source_last_minute"] for one in mine]
    assert rates == sorted(rates)
    assert rates[-1] >= 3
