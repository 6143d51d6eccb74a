"""Write files so that they are there whole after power loss, or not at all.

    write aside --> fsync --> rename over --> fsync the folder
       |              |           |               |
       old file       old file    old or new      new file, whole

What stands under each step is what a reader finds if the machine stops there.
The effects go through a `Disk`, so that a test can stop the machine at each.
"""

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from clearline.service.ports import (
    DiskFault,
    DiskFull,
    DiskReadOnly,
    StoreRefused,
)

PRIVATE = 0o600
"""Mode of a file only the node's own account may read."""

PUBLIC = 0o644
"""Mode of a file meant to be handed out."""

PRIVATE_FOLDER = 0o700
"""Mode of a folder only the node's own account may enter."""


class Disk(Protocol):
    """Do the effects a durable file needs, each of which may fail."""

    def write(self, path: Path, offset: int, data: bytes, mode: int) -> None:
        """Write bytes into a file from `offset` on, making the file if needed."""

    def sync(self, path: Path) -> None:
        """Return once the file's content would survive power loss."""

    def rename(self, old: Path, new: Path) -> None:
        """Put one file in the place of another at once."""

    def remove(self, path: Path) -> None:
        """Remove a file; one that is not there is no fault."""

    def sync_folder(self, path: Path) -> None:
        """Return once the names in a folder would survive power loss."""


class SystemDisk:
    """Do the effects on the system's own disk."""

    def write(self, path: Path, offset: int, data: bytes, mode: int) -> None:
        """Write all of `data`; the mode holds whatever the umask says."""
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, mode)
        try:
            os.fchmod(handle, mode)
            while data:
                done = os.pwrite(handle, data, offset)
                data, offset = data[done:], offset + done
        finally:
            os.close(handle)

    def sync(self, path: Path) -> None:
        """Call fsync on the file."""
        _fsync(path, os.O_RDONLY)

    def rename(self, old: Path, new: Path) -> None:
        """Call rename, which replaces `new` at once (POSIX rename)."""
        old.replace(new)

    def remove(self, path: Path) -> None:
        """Unlink the file."""
        path.unlink(missing_ok=True)

    def sync_folder(self, path: Path) -> None:
        """Call fsync on the folder."""
        _fsync(path, os.O_RDONLY | os.O_DIRECTORY)


SYSTEM_DISK: Disk = SystemDisk()
"""The disk of the machine we run on."""


def write_whole(
    path: Path, data: bytes, *, mode: int = PUBLIC, disk: Disk = SYSTEM_DISK
) -> None:
    """Put a file in place, whole and durable when this returns.

    Args:
        path: Where; its folder is there already.
        data: All its bytes.
        mode: Its permission bits, whatever the umask says.
        disk: What does the effects.

    Raises:
        StoreRefused: The disk refused. Before the rename the old file stands
            untouched; if only the last fsync failed, old or new stands, whole.
    """
    aside = path.with_name(f"{path.name}.new")
    with refusals(f"writing {path}", "The file is as it was, or new and whole."):
        try:
            disk.remove(aside)
            disk.write(aside, 0, data, mode)
            disk.sync(aside)
            disk.rename(aside, path)
        except OSError:
            with contextlib.suppress(OSError):
                disk.remove(aside)
            raise
        disk.sync_folder(path.parent)


def make_private_folder(path: Path) -> None:
    """Make a folder only this account may enter; one that is there is kept.

    Raises:
        StoreRefused: The disk refused.
    """
    with refusals(f"making the folder {path}", "The folder was not made."):
        if not path.is_dir():
            path.mkdir(mode=PRIVATE_FOLDER, parents=True)
            path.chmod(PRIVATE_FOLDER)
            SYSTEM_DISK.sync_folder(path.parent)


@contextlib.contextmanager
def refusals(doing: str, state: str) -> Iterator[None]:
    """Name what the system refused while we were `doing` something.

    Raises:
        StoreRefused: In place of any `OSError` inside.
    """
    try:
        yield
    except OSError as error:
        raise refusal(error.errno, doing, state) from error


def refusal(
    number: int | None, doing: str, state: str, *, said: str = "no reason given"
) -> StoreRefused:
    """Turn a system error number into the error that says what to do.

    Args:
        number: The system's error number, where one is known.
        doing: What was being done.
        state: What state things are in now.
        said: What was said where no number is known.
    """
    reason = os.strerror(number) if number else said
    if number in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(
            f"The disk is full: {doing} failed ({reason}).",
            state=state,
            next="Make room on that disk; the node goes on by itself.",
        )
    if number in (errno.EROFS, errno.EACCES, errno.EPERM):
        return DiskReadOnly(
            f"The disk takes no writes: {doing} failed ({reason}).",
            state=state,
            next="Check why it is mounted read-only and who owns the folder.",
        )
    return DiskFault(
        f"The disk answered with a fault: {doing} failed ({reason}).",
        state=state,
        next="Check the system's log; move the data folder to a sound disk.",
    )


def _fsync(path: Path, flags: int) -> None:
    handle = os.open(path, flags | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
