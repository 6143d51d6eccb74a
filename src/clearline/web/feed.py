"""Tell every screen what changes, as it changes: server-sent events.

    id: 1042                  the entry's index in the log
    event: call
    data: {"prev":1037,"act":"acknowledged","at":"...","call":{...}}

    event: beat               once a second, no id
    data: {"prev":1042,"at":"..."}

Each desk has one stream: the entries it may see (`rules.disclosure`). `prev` names the
event before in that stream, so a screen that missed one knows, and asks again with
`Last-Event-ID`. An event is made once for a desk and sent as the same bytes to each of
its screens. What rings from memory has no id and says `"is_durable":false`; once
recorded it comes again, with one. What the node's own log keeps for a party has no id
either; a screen that comes is told `changed`, `kept_own`, where there is any of it: to
load that anew. What is told of which entry stands in `web.events`.

| what goes wrong            | what happens                                          |
|----------------------------|-------------------------------------------------------|
| a screen reads too slowly  | cut after `QUEUE` events or `PATIENCE_S`; comes again |
| thousands do, or are dead  | each holds references, one chunk and a small buffer   |
| a screen was away for long | it gets `reset`: load everything anew                 |
| the node restarts          | screens come again and are told what they missed      |
| a person signs out         | their streams end                                     |

A stream that is ended here says why, if the line still takes it:

    event: cut
    data: {"why":"This screen reads too slowly."}
"""

import asyncio
import contextlib
import itertools
from collections import Counter, deque
from collections.abc import Callable, Iterable
from typing import Any, Final, Protocol, TypeGuard

import msgspec

from clearline.compose.node import Node
from clearline.model.entries import Entry
from clearline.model.instants import Instant
from clearline.picture.picture import View
from clearline.rules.disclosure import Viewer
from clearline.service.writer import Written
from clearline.web.events import (
    Flood,
    event_of,
    events_of,
    kept_own,
    knows_own,
    own_events_of,
)
from clearline.web.floods import Floods
from clearline.wire.entries import read_entry

QUEUE: Final = 1_024
"""How many events may wait for one screen before its line is cut: several batches of
the writer, so that a flood does not cut a screen that reads. They are references to
bytes that all screens of a stream share."""

CHUNK_BYTES: Final = 65_536
"""About how much is handed to a line at once: the most a screen has of its own."""

MOST_MISSED_BYTES: Final = 4 << 20
"""How much is made again for screens that missed it; beyond, they load anew."""

KEPT_MISSED: Final = 16
"""For how many places to go on from what was missed is kept, once it was made: after
a cut all screens come back at once, and from the same place."""

TOO_SLOW: Final = "This screen reads too slowly."
SIGNED_OUT: Final = "It was signed out, or its key was revoked."
STOPPING: Final = "The node is being stopped."

PATIENCE_S: Final = 15.0
"""How long a screen may take nothing before its line is cut."""

LOOK_BACK: Final = 5_000
"""How many entries are kept at hand for screens that missed some."""

BEAT_S: Final = 1.0


class _Beat(msgspec.Struct, frozen=True, kw_only=True):
    prev: int
    at: Instant
    wall: Instant
    is_recording: bool


class _Cut(msgspec.Struct, frozen=True, kw_only=True):
    why: str


class Line(Protocol):
    """Be the connection of a screen, as asyncio's transports are."""

    def write(self, data: bytes) -> None:
        """Send, or keep what the line does not take at once."""

    def get_write_buffer_size(self) -> int:
        """Say how much is kept, bytes."""

    def is_closing(self) -> bool:
        """Say whether it is ended."""


class Screen:
    """Hold one open stream: what waits to be sent, and whether it is cut.

    A screen that takes what it is given gets the next straight on its line, in a chunk
    (RFC 9112 section 7.1): a thousand of them cost a thousand writes. Only where a line
    has not taken what came before does the next wait, for `take`.
    """

    def __init__(self, viewer: Viewer, name: str, beat_s: int = 1) -> None:
        """Start with nothing waiting.

        Args:
            viewer: Whose eyes it is for.
            name: The caller behind it.
            beat_s: A beat comes every so many seconds; more than one where the line
                is narrow.
        """
        self.viewer = viewer
        self.name = name
        self.beat_s = beat_s
        self.is_cut = False
        self.why = ""
        self.line: Line | None = None
        self._is_idle = False
        self._waiting: deque[bytes] = deque()
        self._has_some = asyncio.Event()

    def give(self, event: bytes) -> None:
        """Send an event, or let it wait; cut the line where too many do."""
        if self._takes_at_once(self.line):
            self.line.write(b"%x\r\n%b\r\n" % (len(event), event))
        elif len(self._waiting) >= QUEUE:
            self.cut(TOO_SLOW)
        elif not self.is_cut:
            self._waiting.append(event)
            self._has_some.set()

    def _takes_at_once(self, line: Line | None) -> TypeGuard[Line]:
        """Say whether nothing is before what comes next, here or on the line."""
        return (
            line is not None
            and self._is_idle
            and not self._waiting
            and not self.is_cut
            and not line.is_closing()
            and not line.get_write_buffer_size()
        )

    def cut(self, why: str = "") -> None:
        """End the stream once what is under way is sent, and `why`, if it is said."""
        if self.is_cut:
            return
        self.is_cut, self.why = True, why
        self._waiting.clear()
        if why:
            self._waiting.append(event_of("cut", _Cut(why=why), None))
        self._has_some.set()

    @property
    def is_over(self) -> bool:
        """Say whether it is cut and everything is sent."""
        return self.is_cut and not self._waiting

    async def take(self) -> bytes:
        """Wait for events and take some; nothing once the line is cut."""
        self._is_idle = not self._waiting
        await self._has_some.wait()
        self._is_idle = False
        taken, size = [], 0
        while self._waiting and size < CHUNK_BYTES:
            taken.append(self._waiting.popleft())
            size += len(taken[-1])
        if not self._waiting:
            self._has_some.clear()
        return b"".join(taken)


class _Stream:
    """Hold one desk's stream: its newest event, and the screens that follow it."""

    def __init__(self, viewer: Viewer, last: int) -> None:
        self.viewer = viewer
        self.last = last
        self.screens: set[Screen] = set()


class Feed:
    """Tell screens what changes; every method but `hear` belongs to the web's loop."""

    def __init__(self) -> None:
        """Start with no screens; `begin` says whose log it is."""
        self._streams: dict[Viewer, _Stream] = {}
        self._node: Node | None = None
        self._own: Node | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._beats: asyncio.Task[None] | None = None
        self._newest: deque[tuple[int, Entry]] = deque(maxlen=LOOK_BACK)
        self._floods = Floods(LOOK_BACK)
        self._made_again: dict[tuple[Viewer, int, int], tuple[bytes, ...]] = {}
        self.cuts: Counter[str] = Counter()

    # --- from the writer's thread --------------------------------------------------

    def hear(self, written: Written) -> None:
        """Take what was decided; returns at once."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has just been closed
                self._loop.call_soon_threadsafe(self._publish, written)

    def hear_own(self, written: Written) -> None:
        """Take what was decided in the node's own log; returns at once."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has just been closed
                self._loop.call_soon_threadsafe(self._publish_own, written)

    # --- the loop ------------------------------------------------------------------

    def look_back(self, node: Node) -> None:
        """Take the newest entries to hand, before the node's runner starts."""
        self._node = node
        size = node.log.size
        for index, payload in node.log.read(max(0, size - LOOK_BACK), size):
            self._newest.append((index, read_entry(payload)))

    def beside(self, own: Node) -> None:
        """Tell also what stands in the node's own log, each party what is for it."""
        self._own = own

    def begin(self) -> None:
        """Begin to tell; called in the loop, before the node's runner starts."""
        self._loop = asyncio.get_running_loop()
        self._beats = self._loop.create_task(self._beat())

    async def end(self) -> None:
        """End every stream."""
        if self._beats is not None:
            self._beats.cancel()
        for stream in self._streams.values():
            for screen in stream.screens:
                screen.cut(STOPPING)

    @property
    def screens(self) -> int:
        """Count the screens that follow."""
        return sum(len(stream.screens) for stream in self._streams.values())

    def follow(
        self, viewer: Viewer, name: str, after: int | None, beat_s: int = 1
    ) -> Screen:
        """Let a screen follow its desk's stream.

        Args:
            viewer: Whose eyes it shows the stream to.
            name: The caller behind it, whose sign-out ends it.
            after: The last event it has; `None` where it begins now.
            beat_s: How often it wants a beat, seconds.
        """
        stream = self._stream(viewer)
        screen = Screen(viewer, name, beat_s)
        if after is None or after == stream.last:
            screen.give(_hello(stream.last))
        elif self._is_at_hand(after) and after < stream.last:
            self._catch_up(screen, after, stream.last)
        else:
            screen.give(_reset(stream.last))
        self._say_own(screen)
        stream.screens.add(screen)
        return screen

    def _catch_up(self, screen: Screen, after: int, last: int) -> None:
        """Give a screen what it missed, or let it load anew where that is too much."""
        key = (screen.viewer, after, last)
        if key not in self._made_again:
            while len(self._made_again) >= KEPT_MISSED:
                del self._made_again[next(iter(self._made_again))]
            self._made_again[key] = _chunks(self._missed(*key))
        chunks = self._made_again[key]
        if sum(map(len, chunks)) > MOST_MISSED_BYTES:
            screen.give(_reset(last))
            return
        screen.give(_hello(after))
        for chunk in chunks:
            screen.give(chunk)

    def leave(self, screen: Screen) -> None:
        """Let a screen go."""
        if screen.why:
            self.cuts[screen.why] += 1
        stream = self._streams.get(screen.viewer)
        if stream is not None:
            stream.screens.discard(screen)

    def cut(self, name: str) -> None:
        """End every stream of one caller."""
        for stream in self._streams.values():
            for screen in [one for one in stream.screens if one.name == name]:
                screen.cut(SIGNED_OUT)

    # --- making events ----------------------------------------------------------------

    def _publish(self, written: Written) -> None:
        """Tell each desk what it may see of what was decided."""
        node = self._whose()
        told = [
            (None if written.first is None else written.first + at, entry)
            for at, entry in enumerate(written.entries)
        ]
        self._newest.extend((at, entry) for at, entry in told if at is not None)
        with node.writer.gate:
            views = [
                node.picture.at(node.picture.size if at is None else at + 1)
                for at, _ in told
            ]
            floods = [self._floods.note(node.picture, entry, at) for at, entry in told]
            for stream in self._streams.values():
                events = b"".join(
                    event
                    for (at, entry), view, flood in zip(
                        told, views, floods, strict=True
                    )
                    for event in self._events(stream, view, entry, at, flood)
                )
                for screen in stream.screens if events else ():
                    screen.give(events)

    def _events(
        self,
        stream: _Stream,
        view: View,
        entry: Entry,
        index: int | None,
        flood: Flood | None = None,
    ) -> Iterable[bytes]:
        """Make the events a stream gets of one entry; it moves on with each."""
        if flood is None:
            flood = self._floods.of(-1 if index is None else index)
        events = list(events_of(stream.viewer, stream.last, view, entry, index, flood))
        if events and index is not None:
            stream.last = index
        return events

    def _publish_own(self, written: Written) -> None:
        """Tell desks what the node's own log says for them alone; it has no ids."""
        own = self._own
        if own is None or written.first is None:
            return
        with own.writer.gate:
            for offset, entry in enumerate(written.entries):
                view = own.picture.at(written.first + offset + 1)
                for stream in self._streams.values():
                    events = b"".join(own_events_of(stream.viewer, view, entry))
                    for screen in stream.screens if events else ():
                        screen.give(events)

    def _say_own(self, screen: Screen) -> None:
        """Say to a screen that comes that what only it knows of may have changed."""
        own = self._own
        if own is None:
            return
        with own.writer.gate:
            is_known = knows_own(own.picture, screen.viewer)
        if is_known:
            screen.give(kept_own(self._whose().clock.read().at))

    def _missed(self, viewer: Viewer, after: int, until: int) -> list[bytes]:
        """Make again the events of a stream after one of them, up to another."""
        node, stream = self._whose(), _Stream(viewer, after)
        with node.writer.gate:
            return [
                event
                for index, entry in self._newest
                if after < index <= until
                for event in self._events(
                    stream, node.picture.at(index + 1), entry, index
                )
            ]

    def _stream(self, viewer: Viewer) -> _Stream:
        """Return a desk's stream; at its first screen, find its newest event."""
        found = self._streams.get(viewer)
        if found is None:
            found = _Stream(viewer, self._last_of(viewer))
            self._streams[viewer] = found
        return found

    def _last_of(self, viewer: Viewer) -> int:
        """Find the newest entry a viewer is told of, among those at hand."""
        node = self._whose()
        with node.writer.gate:
            for index, entry in reversed(self._newest):
                view = node.picture.at(index + 1)
                if any(self._events(_Stream(viewer, -1), view, entry, index)):
                    return index
        return self._newest[0][0] - 1 if self._newest else -1

    async def _beat(self) -> None:
        for count in itertools.count(1):
            await asyncio.sleep(BEAT_S)
            node = self._whose()
            reading = node.clock.read()
            for stream in self._streams.values():
                said = _Beat(
                    prev=stream.last,
                    at=reading.at,
                    wall=reading.wall,
                    is_recording=node.writer.is_recording,
                )
                beat = event_of("beat", said, None)
                for screen in stream.screens:
                    if count % screen.beat_s == 0:
                        screen.give(beat)

    def _is_at_hand(self, after: int) -> bool:
        """Say whether every entry after one is kept at hand."""
        return bool(self._newest) and after >= self._newest[0][0] - 1

    def _whose(self) -> Node:
        if self._node is None:
            raise RuntimeError("the feed has not begun")
        return self._node


async def send_stream(
    screen: Screen, send: Callable[[dict[str, Any]], Any], is_gone: asyncio.Event
) -> None:
    """Send a screen's events until its line is cut or it is gone.

    Args:
        screen: Whose events.
        send: ASGI `send`; the response has been begun.
        is_gone: Set once the screen has hung up.
    """
    while not screen.is_over and not is_gone.is_set():
        events = await screen.take()
        if events and not is_gone.is_set():
            body = {"type": "http.response.body", "body": events, "more_body": True}
            async with asyncio.timeout(PATIENCE_S):
                await send(body)


def _chunks(events: list[bytes]) -> tuple[bytes, ...]:
    """Join events to pieces of about `CHUNK_BYTES`, none of them in two."""
    pieces: list[list[bytes]] = []
    size = CHUNK_BYTES
    for event in events:
        if size >= CHUNK_BYTES:
            pieces.append([])
            size = 0
        pieces[-1].append(event)
        size += len(event)
    return tuple(b"".join(piece) for piece in pieces)


def _hello(last: int) -> bytes:
    return b'retry: 1000\nevent: hello\ndata: {"prev":%d}\n\n' % last


def _reset(last: int) -> bytes:
    return b'retry: 1000\nevent: reset\ndata: {"prev":%d}\n\n' % last
