"""Find the faces that print what the PDF's own ones lack, and what they have.

`./run` makes them with the console, from the same packages, pinned by hash; a wheel
brings them made. Which characters a face has stands in its `cmap` table (OpenType,
"cmap", formats 4 and 12).
"""

import struct
from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

_OWN: Final = (
    (0x20, 0x52F),
    (0x5D0, 0x5EA),
    (0x1E00, 0x1FFF),
    (0x2000, 0x22FF),
    (0xFB00, 0xFB06),
)
"""What the faces that come with typst have: Latin, Greek, Cyrillic, Hebrew, signs."""

_UNICODE: Final = ((3, 10), (3, 1), (0, 4), (0, 3))


def folder_of_faces() -> Path:
    """Return where the faces lie; there are none until they were made."""
    return (
        Path(str(resources.files("clearline"))) / "web" / "console" / "static" / "print"
    )


@cache
def printed() -> tuple[tuple[int, int], ...]:
    """Return the code points that can be printed, both ends inside."""
    files = sorted(folder_of_faces().glob("*.ttf"))
    return (*_OWN, *(span for file in files for span in spans_of(file.read_bytes())))


def is_printed(character: str) -> bool:
    """Say whether a character can be printed."""
    return any(least <= ord(character) <= most for least, most in printed())


def spans_of(face: bytes) -> Iterator[tuple[int, int]]:
    """Return the code points a face has, as its `cmap` says."""
    (tables,) = struct.unpack_from(">H", face, 4)
    for at in range(tables):
        tag, _, start, _ = struct.unpack_from(">4sIII", face, 12 + 16 * at)
        if tag == b"cmap":
            yield from _spans(face, start)


def _spans(face: bytes, cmap: int) -> Iterator[tuple[int, int]]:
    (count,) = struct.unpack_from(">H", face, cmap + 2)
    found = {
        (platform, encoding): cmap + offset
        for platform, encoding, offset in (
            struct.unpack_from(">HHI", face, cmap + 4 + 8 * at) for at in range(count)
        )
    }
    at = next((found[kind] for kind in _UNICODE if kind in found), None)
    if at is None:
        return
    (form,) = struct.unpack_from(">H", face, at)
    if form == 4:  # noqa: PLR2004 (a format's number)
        (doubled,) = struct.unpack_from(">H", face, at + 6)
        ends = struct.unpack_from(f">{doubled // 2}H", face, at + 14)
        starts = struct.unpack_from(f">{doubled // 2}H", face, at + 16 + doubled)
        yield from (
            span for span in zip(starts, ends, strict=True) if span != (0xFFFF, 0xFFFF)
        )
    elif form == 12:  # noqa: PLR2004 (a format's number)
        (groups,) = struct.unpack_from(">I", face, at + 12)
        for group in range(groups):
            first, last, _ = struct.unpack_from(">III", face, at + 16 + 12 * group)
            yield first, last
