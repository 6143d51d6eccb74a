"""Open whole nodes for fault tests: key, fence, store, high water and log."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from clearline.adapters.data_folder import Equipment, OpenedFolder, open_folder

ORIGIN = "north.example/clearline/exercise"
START = datetime(2016, 9, 17, 13, 55, tzinfo=UTC)


class CountedChance:
    """Draw bytes that look like chance and are the same in every run."""

    def __init__(self, seed: bytes = b"") -> None:
        self._seed = seed
        self._drawn = 0

    def draw(self, size: int) -> bytes:
        """Draw `size` bytes."""
        self._drawn += 1
        head = self._seed + b"%d " % self._drawn
        blocks = range(size // 32 + 1)
        return b"".join(hashlib.sha256(head + b"%d" % n).digest() for n in blocks)[
            :size
        ]


def at(seconds: float) -> datetime:
    """Return an instant of node time, seconds after the start."""
    return START + timedelta(seconds=seconds)


def payload(number: int, **act: object) -> bytes:
    """Write the payload of entry `number`."""
    return msgspec.json.encode(
        {
            "type": "line_check_called",
            "v": 1,
            "realm": "exercise",
            "at": "2016-09-17T13:55:00Z",
            "act": {"number": number, "words": "all well on the line", **act},
        }
    )


def payloads(first: int, count: int) -> list[bytes]:
    """Write the payloads of `count` entries from index `first` on."""
    return [payload(number) for number in range(first, first + count)]


def sealing(number: int, digest: bytes) -> bytes:
    """Write the payload of an entry that names a sealed part."""
    return payload(number, name={"sealed": base64.b64encode(digest).decode()})


def erasing(entry: int, digest: bytes) -> bytes:
    """Write the payload of an entry that says a part of an earlier one is erased."""
    return msgspec.json.encode(
        {
            "type": "sealed_erased",
            "v": 1,
            "realm": "exercise",
            "at": "2016-09-17T13:55:00Z",
            "act": {
                "entry": entry,
                "part": base64.b64encode(digest).decode(),
                "rule": "asked by the person",
                "person": "duty-officer",
            },
        }
    )


def start(folder: Path, **equipment: object) -> OpenedFolder:
    """Start a node on a folder, on test equipment where given."""
    fitted = {
        "ballast_bytes": 0,
        "chance": CountedChance(str(folder).encode()),
        **equipment,
    }
    return open_folder(folder, now=START, origin=ORIGIN, equipment=Equipment(**fitted))
