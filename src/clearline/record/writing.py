"""Write a file whole or not at all, and never over something else."""

from pathlib import Path

from clearline.adapters.files import refusals, write_whole
from clearline.model.errors import BadInput


class OtherFileThere(BadInput):
    """Refuse to write over a file that holds something else."""


def write_new(path: Path, data: bytes) -> None:
    """Write a file that is not there yet; one that holds the same is left alone.

    Raises:
        OtherFileThere: Something else is there.
        StoreRefused: The disk refused.
    """
    with refusals(f"reading {path}", "Nothing was written."):
        there = path.read_bytes() if path.is_file() else None
    if there == data:
        return
    if there is not None or path.exists():
        raise OtherFileThere(
            f"{path} holds something else already.",
            state="It was not touched.",
            next="Name another file, or move that one away first.",
        )
    with refusals(f"making {path.parent}", "Nothing was written."):
        path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, data)
