"""Read places, fetch proofs, follow the feed."""

from collections.abc import Iterator
from typing import Any

import httpx
import msgspec

from clearline.client.asking import TIMEOUT_S, Asker, refused_by
from clearline.wire.forms.places import Read, Told


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one event of the feed.

    Attributes:
        id: The entry's index; `None` for beats and for what is not recorded yet.
        name: `hello`, `reset`, `call`, `changed` or `beat`.
        data: What it says.
    """

    id: int | None
    name: str
    data: dict[str, Any]


class Proofs(Asker):
    """Read places, fetch proofs, follow the feed."""

    def read_place(self, text: str) -> Read:
        """Read a place as the node reads it, with the origins it knows."""
        return self.ask("POST", "/api/v1/places/reading", Told(text=text), gives=Read)

    def checkpoint(self) -> str:
        """Fetch the signed size and root of the log."""
        return self._send("GET", "/api/v1/ledger/checkpoint").text

    def receipt(self, index: int) -> str:
        """Fetch an offline receipt of an entry."""
        return self._send("GET", f"/api/v1/ledger/entries/{index}/receipt").text

    def follow(self, after: int | None = None) -> Iterator[Event]:
        """Follow the feed until the node ends it.

        Args:
            after: The id of the last event there is; the node tells what was missed.
        """
        headers = {} if after is None else {"last-event-id": str(after)}
        limits = httpx.Timeout(TIMEOUT_S, read=10.0)
        with self._http.stream(
            "GET", "/api/v1/feed", headers=headers, timeout=limits
        ) as stream:
            if stream.is_error:
                stream.read()
                raise refused_by(stream)
            yield from _events(stream.iter_lines())


def _events(lines: Iterator[str]) -> Iterator[Event]:
    """Read server-sent events (WHATWG HTML, section 9.2.6), as far as a node sends."""
    said: dict[str, str] = {}
    for text in lines:
        if text:
            name, _, value = text.partition(":")
            said[name] = value.removeprefix(" ")
        elif "data" in said:
            id_ = said.get("id")
            yield Event(
                id=int(id_) if id_ else None,
                name=said.get("event", "message"),
                data=msgspec.json.decode(said["data"]),
            )
            said = {}
