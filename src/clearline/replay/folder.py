"""Put what a replay made into a folder of its own, whole or not at all.

    OUT/NAME/                     what is there once it is whole
    OUT/.NAME.<pid>.part/         where it is made meanwhile

A folder that is already there is replaced only if a replay made it and nobody has
put anything of their own beside what the replay wrote. It is looked at before any
work is done, and once more before it is replaced.
"""

import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from clearline.model.errors import BadInput
from clearline.replay.result import Replay, write_replay
from clearline.service.ports import StoreRefused

MARKER: Final = ".made-by-clearline-replay"
"""Lies in every folder a replay made, and lists what it put there."""

RESULT: Final = "replay.json"
PAGE: Final = "replay.html"
PDF: Final = "replay.pdf"


class NotOurs(BadInput):
    """Refuse to replace a folder no replay made, or one with foreign files in it."""


class ReplayFolder:
    """Hold the folder of one replay while it is made.

    Attributes:
        path: Where everything lies while it is being made.
    """

    def __init__(self, place: Path) -> None:
        """Make room beside `place`, the folder's last place.

        Raises:
            NotOurs: Something else is there.
            StoreRefused: The disk refused.
        """
        self._given = place
        self._place = place = place.absolute()
        require_ours(place)
        self.path = place.parent / f".{place.name}.{os.getpid()}.part"
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(self.path, ignore_errors=True)
            self.path.mkdir()
        except OSError as error:
            raise _refused(place, error) from error

    def __enter__(self) -> Self:
        """Begin to make it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave nothing half made behind."""
        shutil.rmtree(self.path, ignore_errors=True)

    def finish(self, replay: Replay, page: str, pdf: bytes | None = None) -> Path:
        """Write result, page and receipts, and put the folder in its place.

        Args:
            replay: The result.
            page: The page, HTML.
            pdf: The page for paper, if wanted.

        Raises:
            NotOurs: Something else has come there meanwhile.
            StoreRefused: The disk refused; what was there before is still there.
        """
        try:
            (self.path / RESULT).write_bytes(write_replay(replay))
            (self.path / PAGE).write_text(page, encoding="utf-8")
            if pdf is not None:
                (self.path / PDF).write_bytes(pdf)
            for ledger in replay.ledgers:
                for receipt in ledger.receipts:
                    file = self.path / receipt.file
                    file.parent.mkdir(exist_ok=True)
                    file.write_text(receipt.text, encoding="utf-8")
            ours = sorted([MARKER, *(one.name for one in self.path.iterdir())])
            (self.path / MARKER).write_text("\n".join(ours) + "\n", encoding="utf-8")
            self._put_in_place()
        except OSError as error:
            raise _refused(self._place, error) from error
        return self._given

    def _put_in_place(self) -> None:
        require_ours(self._place)
        old = self.path.with_suffix(".old")
        if self._place.exists():
            self._place.rename(old)
        self.path.rename(self._place)
        shutil.rmtree(old, ignore_errors=True)


def require_ours(place: Path) -> None:
    """Refuse a place where something lies that no replay made.

    Raises:
        NotOurs: It does.
    """
    if not place.exists() and not place.is_symlink():
        return
    marker = place / MARKER
    if place.is_symlink() or not place.is_dir() or not marker.is_file():
        if place.is_dir() and not place.is_symlink() and not any(place.iterdir()):
            return
        raise NotOurs(
            f"{place} is there already, and no replay made it.",
            state="Nothing was replayed and nothing was touched.",
            next="Move it away, or name another folder with --out.",
        )
    ours = set(marker.read_text(encoding="utf-8").splitlines())
    foreign = sorted(one.name for one in place.iterdir() if one.name not in ours)
    if foreign:
        raise NotOurs(
            f"{place} was made by a replay, and {foreign[0]!r} in it was not.",
            state="Nothing was replayed and nothing was touched.",
            next="Move that away, or name another folder with --out.",
        )


def _refused(place: Path, error: OSError) -> StoreRefused:
    return StoreRefused(
        f"The disk refused to make {place}: {error.strerror}.",
        state="What was there before is still there.",
        next="Free the disk or name another folder with --out, then replay again.",
    )
