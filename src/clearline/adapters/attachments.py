"""Keep files beside the log by the hash of their bytes: `DATA/attachments/HASH`.

An empty file beside it for each party whose people gave it, `HASH.PARTY` with the party
hashed too, lets them name it: knowing a hash is not having had the file. The log names
files; the bytes may be taken away without breaking it. What a file is follows from its
first bytes and never from its name: anything but a picture, a PDF, a message or plain
text is refused, and nothing is ever opened or run here.
"""

import hashlib
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from clearline.adapters.files import (
    PRIVATE,
    SYSTEM_DISK,
    make_private_folder,
    refusals,
    write_whole,
)
from clearline.model.errors import BadInput
from clearline.model.instants import Instant
from clearline.model.notice_life import Attached
from clearline.model.parties import PartyId
from clearline.service.ports import Clock

FOLDER: Final = "attachments"

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_STARTS: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
)
_RIFF: Final = (b"RIFF", b"WEBP")
_HEADER: Final = re.compile(rb"[A-Za-z-]{2,40}:[ \t].*\r?\n")


class NotAnAttachment(BadInput):
    """Refuse a file that is empty, too long, or of a kind nobody here looks at."""


class Attachments:
    """Keep files, and give them out by their hash."""

    def __init__(self, folder: Path, longest: int, clock: Clock) -> None:
        """Keep them under a node's data folder, each of at most so many bytes."""
        self._folder = folder / FOLDER
        self._longest = longest
        self._clock = clock

    def keep(
        self, name: str, data: bytes, shows: str = "", by: PartyId | None = None
    ) -> Attached:
        """Keep a file; the same bytes are kept once.

        Args:
            name: What it is called; a path before it is left out.
            data: Its bytes.
            shows: What is to be seen on it.
            by: Whose people gave it; from then on they may name it.

        Raises:
            NotAnAttachment: It is none.
            StoreRefused: The disk refused.
        """
        media_type = checked(data, self._longest)
        digest = hashlib.sha256(data).hexdigest()
        make_private_folder(self._folder)
        path = self._folder / digest
        if not path.exists():
            write_whole(path, data, mode=PRIVATE)
        given_at = self._clock.read().at.timestamp()
        with refusals(f"writing {path}", "The file is there, as given before."):
            os.utime(path, (given_at, given_at))
            if by is not None:
                self._mark(digest, by).touch(mode=PRIVATE)
        plain = Path(name.replace("\\", "/")).name or "file"
        return Attached(
            name=plain,
            media_type=media_type,
            sha256=digest,
            bytes_long=len(data),
            shows=shows,
        )

    def take(self, digest: str, data: bytes, named: Attached | None) -> None:
        """Keep what another node sent as a file of that hash.

        Args:
            digest: What it was asked for by.
            data: What came.
            named: As its notice names it, where that says more than the hash.

        Raises:
            NotAnAttachment: It is another file, or none that is taken here.
            StoreRefused: The disk refused.
        """
        is_it = hashlib.sha256(data).hexdigest() == digest
        if not is_it or (named is not None and not fits(named, data, self._longest)):
            raise _refused(
                f"What came is not the file {digest[:16]} as its notice names it.",
                "Ask its owner for it by other means, and tell them.",
            )
        self.keep(named.name if named is not None else digest, data)

    def read(self, digest: str) -> bytes | None:
        """Read a file, checked against its hash; nothing where it is not here."""
        if not _DIGEST.fullmatch(digest):
            return None
        try:
            data = (self._folder / digest).read_bytes()
        except OSError:
            return None
        return data if hashlib.sha256(data).hexdigest() == digest else None

    def holds(self, attached: Attached) -> bool:
        """Say whether it is here as it is named: its bytes, their count, their kind."""
        data = self.read(attached.sha256)
        return data is not None and fits(attached, data, self._longest)

    def was_given(self, digest: str, by: PartyId) -> bool:
        """Say whether a party's people gave a file of that hash here themselves."""
        return bool(_DIGEST.fullmatch(digest)) and self._mark(digest, by).exists()

    def given(self) -> dict[str, Instant]:
        """Return the hash of every file, and when it was last given."""
        found = kept_in(self._folder.parent) if self._folder.is_dir() else ()
        return {
            path.name: datetime.fromtimestamp(path.stat().st_mtime, UTC)
            for path in found
        }

    def erase(self, digest: str) -> None:
        """Take a file away for good; one that is not here is no fault.

        Raises:
            StoreRefused: The disk refused.
        """
        if _DIGEST.fullmatch(digest) and self._folder.is_dir():
            with refusals(f"erasing file {digest[:16]}", "It may still be there."):
                SYSTEM_DISK.remove(self._folder / digest)
                for mark in self._folder.glob(f"{digest}.*"):
                    SYSTEM_DISK.remove(mark)
                SYSTEM_DISK.sync_folder(self._folder)

    def _mark(self, digest: str, by: PartyId) -> Path:
        whose = hashlib.sha256(by.encode()).hexdigest()[:16]
        return self._folder / f"{digest}.{whose}"


def checked(data: bytes, longest: int) -> str:
    """Say what a file is that may be taken.

    Raises:
        NotAnAttachment: It is empty, too long, or of a kind nobody looks at.
    """
    if not data or len(data) > longest:
        raise _refused(
            f"The file has {len(data):,} bytes, not 1 to {longest:,}.",
            "Make the picture smaller, or give the paper in parts.",
        )
    return kind_of(data)


def fits(attached: Attached, data: bytes, longest: int) -> bool:
    """Say whether bytes are the file that is named, and one that is taken at all."""
    try:
        media_type = checked(data, longest)
    except NotAnAttachment:
        return False
    return (
        attached.bytes_long == len(data)
        and attached.media_type == media_type
        and attached.sha256 == hashlib.sha256(data).hexdigest()
    )


def kept_in(folder: Path) -> tuple[Path, ...]:
    """List the files kept under a node's data folder, none half written."""
    found = sorted((folder / FOLDER).iterdir())
    return tuple(path for path in found if _DIGEST.fullmatch(path.name))


def kind_of(data: bytes) -> str:
    """Say what a file is by its first bytes.

    Raises:
        NotAnAttachment: It is nothing that is taken.
    """
    for start, media_type in _STARTS:
        if data.startswith(start):
            return media_type
    if data[:4] == _RIFF[0] and data[8:12] == _RIFF[1]:
        return "image/webp"
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" not in text and not text.lstrip().startswith("<"):
        return "message/rfc822" if _HEADER.match(data) else "text/plain"
    raise _refused(
        "The file is no JPEG, PNG, WebP, PDF, message or plain text.",
        "Give a picture, a PDF, or the message as it came.",
    )


def _refused(what: str, next_step: str) -> NotAnAttachment:
    return NotAnAttachment(what, state="Nothing was kept.", next=next_step)
