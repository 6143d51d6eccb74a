"""Open what comes zipped, KMZ and XLSX, within bounds.

A zip says how long each part of it will be, and no more than that is ever unpacked;
so what it says is added up before anything is. Nothing is written to disk.
"""

import io
import zipfile
import zlib
from typing import Final

from clearline.model.errors import BadInput

LONGEST_BYTES: Final = 128 * 2**20
"""How long everything in a zip may be together, unpacked."""

MOST_PARTS: Final = 2_000
MOST_TIGHTLY: Final = 200
"""How many times longer than packed; sheets and KML pack ten to thirty times."""

_SMALL: Final = 1 << 20
_GZIP: Final = b"\x1f\x8b"
_GZIP_BITS: Final = 31


class NotUnpacked(BadInput):
    """Refuse a zip that is none, or that would unfold to more than a file of sites."""


def open_zip(data: bytes) -> zipfile.ZipFile:
    """Open a zip whose parts are few and not too long.

    Raises:
        NotUnpacked: It is none, is locked, or goes beyond a bound.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise _refused(f"It cannot be unpacked: {error}.") from error
    parts = archive.infolist()
    length = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or length > LONGEST_BYTES:
        raise _refused(f"It would unfold to {len(parts)} parts of {length:,} bytes.")
    if length > _SMALL and length > MOST_TIGHTLY * max(len(data), 1):
        raise _refused(f"It would unfold to {length // max(len(data), 1)} times.")
    if any(part.flag_bits & 1 for part in parts):
        raise _refused("It is locked with a password.")
    return archive


def unpacked_kmz(data: bytes) -> bytes:
    """Return the KML of a KMZ: the first at its top (OGC 12-007r2, annex C).

    Raises:
        NotUnpacked: It holds none, or goes beyond a bound.
    """
    with open_zip(data) as archive:
        names = [name for name in archive.namelist() if name.lower().endswith(".kml")]
        top = [name for name in names if "/" not in name] or names
        if not top:
            raise _refused("There is no KML in it.")
        try:
            return archive.read(top[0])
        except (zipfile.BadZipFile, OSError, EOFError, ValueError) as error:
            raise _refused(f"It cannot be unpacked: {error}.") from error


def unpacked_gzip(data: bytes) -> bytes:
    """Return what a file holds, packed with gzip or not; no more than is taken.

    Raises:
        NotUnpacked: It is damaged, or unfolds to more than a file may hold.
    """
    if data[:2] != _GZIP:
        return data
    unpacker = zlib.decompressobj(wbits=_GZIP_BITS)
    try:
        found = unpacker.decompress(data, LONGEST_BYTES + 1)
    except zlib.error as error:
        raise _refused(f"It cannot be unpacked: {error}.") from error
    if len(found) > LONGEST_BYTES or unpacker.unconsumed_tail:
        raise _refused(f"It would unfold to more than {LONGEST_BYTES:,} bytes.")
    if not unpacker.eof:
        raise _refused("It ends before its end.")
    return found


def packed_kmz(kml: bytes) -> bytes:
    """Pack a KML as KMZ; the same bytes each time."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        part = zipfile.ZipInfo("doc.kml")  # its time is 1980, always
        part.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(part, kml)
    return packed.getvalue()


def _refused(what: str) -> NotUnpacked:
    return NotUnpacked(
        what, state="Nothing of it was taken.", next="Save it anew, or unpacked."
    )
