"""Say which format a file has, and split it into what it tells.

A name's ending says which; where it says nothing, the first bytes do. What is a zip
inside decides between KMZ and XLSX, whatever it is called.
"""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Final, assert_never

from clearline.exchange.drawing import draw
from clearline.exchange.packed import LONGEST_BYTES, open_zip, unpacked_kmz
from clearline.model.errors import BadInput
from clearline.wire.cot import split_cot
from clearline.wire.features import BadFeature, Format, split_features
from clearline.wire.kml import split_kml
from clearline.wire.told import Told

LONGEST_FILE: Final = LONGEST_BYTES
"""How long a file may be, unpacked, bytes."""


class FileFormat(StrEnum):
    """Name a format that is taken in and handed out."""

    KML = "kml"
    KMZ = "kmz"
    GEOJSON = "geojson"
    NDJSON = "ndjson"
    COT = "cot"
    XLSX = "xlsx"
    CSV = "csv"


SHEETS: Final = (FileFormat.XLSX, FileFormat.CSV)
"""Formats of rows and columns; the others are of shapes."""

_ENDINGS: Final = {
    **{f".{one}": one for one in FileFormat},
    ".json": FileFormat.GEOJSON,
    ".jsonl": FileFormat.NDJSON,
    ".geojsonl": FileFormat.NDJSON,
    ".xml": FileFormat.COT,
}


class NotAFile(BadInput):
    """Refuse a file whose format nobody can tell, or that is too long."""


def format_of(name: str, data: bytes) -> FileFormat:
    """Say which format a file has.

    Raises:
        NotAFile: Neither its name nor its first bytes say, or it is too long.
        NotUnpacked: It is a zip that goes beyond a bound.
    """
    if len(data) > LONGEST_FILE:
        raise NotAFile(
            f"{name} has {len(data):,} bytes.",
            state="Nothing of it was taken.",
            next=f"Give it in parts of at most {LONGEST_FILE:,} bytes.",
        )
    if data[:2] == b"PK":
        with open_zip(data) as archive:
            is_sheet = "[Content_Types].xml" in archive.namelist()
        return FileFormat.XLSX if is_sheet else FileFormat.KMZ
    ending = PurePosixPath(name.lower()).suffix
    start = data[:4_096].lstrip()
    if start.startswith(b"<"):
        return FileFormat.KML if b"<kml" in start else FileFormat.COT
    found = _ENDINGS.get(ending)
    if found is None or found in (FileFormat.XLSX, FileFormat.KMZ):
        raise NotAFile(
            f"{name} does not say how it is written.",
            state="Nothing of it was taken.",
            next=f"Name it with one of {', '.join(f'.{one}' for one in FileFormat)}.",
        )
    return found


def split(data: bytes, form: FileFormat) -> Iterator[Told | BadFeature]:
    """Yield what a file of shapes tells, and what cannot be read of it, in order.

    Raises:
        NotXml, NotUnpacked, NotFeatures: It is not what it should be, as a whole.
        NotAFile: It is a sheet.
    """
    match form:
        case FileFormat.KML:
            yield from split_kml(data, draw)
        case FileFormat.KMZ:
            yield from split_kml(unpacked_kmz(data), draw)
        case FileFormat.COT:
            yield from split_cot(data, draw)
        case FileFormat.GEOJSON | FileFormat.NDJSON:
            for one in split_features(data.splitlines(keepends=True), Format(form)):
                yield one if isinstance(one, BadFeature) else Told(one.line, one.data)
        case FileFormat.XLSX | FileFormat.CSV:
            raise NotAFile(
                "A sheet is read row by row.",
                state="Nothing of it was taken.",
                next="Read it as a sheet.",
            )
        case _:
            assert_never(form)
