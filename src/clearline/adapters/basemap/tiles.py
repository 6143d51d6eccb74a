"""Read tiles out of PMTiles and MBTiles, ours and other people's.

Nothing in a file is believed: a directory that would unpack to more than it may, a
range beyond the file's end or a tile that is no tile is refused, and nothing else of
the file is read.
"""

import functools
import hashlib
import json
import math
import mmap
import threading
import zlib
from pathlib import Path
from typing import Any, Final

import apsw
from pmtiles.tile import (
    Compression,
    Entry,
    TileType,
    deserialize_directory,
    deserialize_header,
    find_tile,
    zxy_to_tileid,
)

from clearline.model.errors import BadInput
from clearline.service.ports import Tile, TilesAbout

LONGEST_DIRECTORY: Final = 16 << 20
"""How much one directory may unpack to, bytes."""
LONGEST_SAID: Final = 4 << 20
"""How much a file may say of itself, bytes."""
LONGEST_TILE: Final = 8 << 20
DEEPEST_ZOOM: Final = 24

_TILE: Final = (
    "SELECT tile_data FROM tiles "
    "WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
)
_HEADER_BYTES = 127
_DEEPEST_DIRECTORY = 4
_GZIP = b"\x1f\x8b"
_MEDIA: Final = {
    TileType.MVT: "application/vnd.mapbox-vector-tile",
    TileType.PNG: "image/png",
    TileType.JPEG: "image/jpeg",
    TileType.WEBP: "image/webp",
}
_STARTS: Final = {
    "image/png": b"\x89PNG",
    "image/jpeg": b"\xff\xd8",
    "image/webp": b"RIFF",
}
_ENCODINGS: Final = {
    Compression.NONE: "",
    Compression.GZIP: "gzip",
    Compression.BROTLI: "br",
}


class NotTiles(BadInput):
    """Refuse a file that holds no tiles that can be read."""


class PmtilesFile:
    """Hold a file of PMTiles, version 3; threads may ask."""

    def __init__(self, path: Path) -> None:
        """Open the file and read what it says of itself.

        Raises:
            NotTiles: It is no such file, or broken where it says what it holds.
        """
        self._path = path
        try:
            with path.open("rb") as file:
                self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._header = deserialize_header(self._part(0, _HEADER_BYTES))
            said = json.loads(self._unpacked(*self._range("metadata")))
            self._directory = functools.lru_cache(maxsize=64)(self._read_directory)
            self._directory(*self._range("root"))
            self.about = self._say(said if isinstance(said, dict) else {})
        except NotTiles:
            raise
        except Exception as error:  # the reader of the format raises many kinds
            raise not_tiles(path, str(error) or type(error).__name__) from error

    def tile(self, z: int, x: int, y: int) -> Tile | None:
        """Return one tile, or nothing where the file has none there.

        Raises:
            NotTiles: The file is broken at this place.
        """
        if not _is_on_earth(z, x, y):
            return None
        wanted = zxy_to_tileid(z, x, y)
        offset, length = self._range("root")
        try:
            for _ in range(_DEEPEST_DIRECTORY):
                found = find_tile(self._directory(offset, length), wanted)
                if found is None:
                    return None
                if found.run_length:
                    start = self._header["tile_data_offset"] + found.offset
                    return self._tile(self._part(start, found.length))
                offset = self._header["leaf_directory_offset"] + found.offset
                length = found.length
        except (EOFError, OSError, zlib.error) as error:
            raise not_tiles(self._path, str(error)) from error
        raise not_tiles(self._path, "its directories lead in a circle")

    def check(self) -> None:
        """Read every directory, so that a file broken later is refused at once.

        Raises:
            NotTiles: A directory is broken, or leads beyond the end.
        """
        start = self._header["tile_data_offset"]
        for entry in self._entries(*self._range("root"), _DEEPEST_DIRECTORY):
            if start + entry.offset + entry.length > len(self._bytes):
                raise not_tiles(self._path, "it ends before its last tile")

    def _entries(self, offset: int, length: int, deeper: int) -> "list[Entry]":
        if not deeper:
            raise not_tiles(self._path, "its directories lead in a circle")
        found: list[Entry] = []
        try:
            for entry in self._directory(offset, length):
                if entry.run_length:
                    found.append(entry)
                    continue
                leaf = self._header["leaf_directory_offset"] + entry.offset
                found.extend(self._entries(leaf, entry.length, deeper - 1))
        except (EOFError, OSError, zlib.error) as error:
            raise not_tiles(self._path, str(error)) from error
        return found

    def _say(self, said: dict[str, Any]) -> TilesAbout:
        header = self._header
        media = _MEDIA.get(header["tile_type"])
        encoding = _ENCODINGS.get(header["tile_compression"])
        if media is None or encoding is None:
            raise not_tiles(
                self._path,
                f"its tiles are {header['tile_type'].name}, packed as "
                f"{header['tile_compression'].name}",
            )
        self._encoding = encoding
        first = hashlib.sha256(self._part(0, _HEADER_BYTES))
        first.update(self._part(*self._range("metadata")))
        first.update(self._part(*self._range("root")))
        return TilesAbout(
            media=media,
            least_zoom=header["min_zoom"],
            most_zoom=min(header["max_zoom"], DEEPEST_ZOOM),
            bounds=(
                header["min_lon_e7"] / 1e7,
                header["min_lat_e7"] / 1e7,
                header["max_lon_e7"] / 1e7,
                header["max_lat_e7"] / 1e7,
            ),
            attribution=str(said.get("attribution", "")),
            version=first.hexdigest()[:16],
            said=said,
        )

    def _tile(self, data: bytes) -> Tile:
        return Tile(data=data, encoding=self._encoding)

    def _range(self, name: str) -> tuple[int, int]:
        return self._header[f"{name}_offset"], self._header[f"{name}_length"]

    def _part(self, offset: int, length: int) -> bytes:
        if offset + length > len(self._bytes) or length > LONGEST_DIRECTORY:
            raise not_tiles(self._path, "it ends before what it says it holds")
        return self._bytes[offset : offset + length]

    def _unpacked(self, offset: int, length: int) -> bytes:
        data = self._part(offset, length)
        if self._header["internal_compression"] is Compression.NONE:
            return data
        return unpack(data, LONGEST_SAID)

    def _read_directory(self, offset: int, length: int) -> "list[Entry]":
        data = self._part(offset, length)
        unpack(data, LONGEST_DIRECTORY)  # the format's reader would take any length
        return list(deserialize_directory(data))


class MbtilesFile:
    """Hold a file of MBTiles 1.3; threads may ask."""

    def __init__(self, path: Path) -> None:
        """Open the file and read what it says of itself.

        Raises:
            NotTiles: It is no such file.
        """
        self._path = path
        self._turn = threading.Lock()
        try:
            self._file = apsw.Connection(
                f"{path.resolve().as_uri()}?immutable=1",
                apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI,
            )
            said = dict(self._file.execute("SELECT name, value FROM metadata"))
            ((least, most),) = self._file.execute(
                "SELECT min(zoom_level), max(zoom_level) FROM tiles"
            )
            first = next(
                iter(self._file.execute("SELECT tile_data FROM tiles LIMIT 1")), (b"",)
            )[0]
        except apsw.Error as error:
            raise not_tiles(path, str(error)) from error
        if least is None or not isinstance(first, bytes):
            raise not_tiles(path, "it holds no tile")
        self.about = TilesAbout(
            media=self._media(str(said.get("format", "")), first),
            least_zoom=max(0, int(least)),
            most_zoom=min(DEEPEST_ZOOM, int(most)),
            bounds=_bounds(str(said.get("bounds", ""))),
            attribution=str(said.get("attribution", "")),
            version=hashlib.sha256(
                repr(sorted(said.items())).encode() + first
            ).hexdigest()[:16],
            said=said,
        )

    def tile(self, z: int, x: int, y: int) -> Tile | None:
        """Return one tile, or nothing where the file has none there.

        Raises:
            NotTiles: The file is broken at this place.
        """
        if not _is_on_earth(z, x, y):
            return None
        place = (z, x, (1 << z) - 1 - y)
        try:
            with self._turn:
                rows = list(self._file.execute(_TILE, place))
        except apsw.Error as error:
            raise not_tiles(self._path, str(error)) from error
        if not rows or not isinstance(rows[0][0], bytes):
            return None
        data = rows[0][0]
        return Tile(data=data, encoding="gzip" if data.startswith(_GZIP) else "")

    def check(self) -> None:
        """Let SQLite read the whole file.

        Raises:
            NotTiles: It is damaged.
        """
        try:
            said = self._file.pragma("quick_check", 1)
        except apsw.Error as error:
            raise not_tiles(self._path, str(error)) from error
        if said != "ok":
            raise not_tiles(self._path, str(said))

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _media(self, said: str, first: bytes) -> str:
        media = {
            "pbf": "application/vnd.mapbox-vector-tile",
            "png": "image/png",
            "jpg": "image/jpeg",
            "jpeg": "image/jpeg",
            "webp": "image/webp",
        }.get(said)
        if media is None:
            raise not_tiles(self._path, f"its tiles are {said or 'of no named kind'}")
        if not _looks_like(media, first):
            raise not_tiles(self._path, f"its first tile is no {said}")
        return media


def unpack(data: bytes, most: int) -> bytes:
    """Unpack gzip, at most so many bytes.

    Raises:
        OSError: It is no gzip, broken off, or would be longer.
    """
    opened = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        plain = opened.decompress(data, most)
    except zlib.error as error:
        raise OSError(str(error)) from error
    if not opened.eof:
        raise OSError("it is broken off, or too long")
    return plain


def not_tiles(path: Path, why: str) -> NotTiles:
    """Refuse a file of tiles."""
    return NotTiles(
        f"{path.name} cannot be read as map tiles: {why}.",
        state="The maps that were there are as they were.",
        next="Get the file again, or make it anew from what it was made of.",
    )


def _looks_like(media: str, tile: bytes) -> bool:
    return tile.startswith(_STARTS.get(media, b""))


def _is_on_earth(z: int, x: int, y: int) -> bool:
    return 0 <= z <= DEEPEST_ZOOM and 0 <= x < 1 << z and 0 <= y < 1 << z


def _bounds(said: str) -> tuple[float, float, float, float]:
    """Read `west,south,east,north`; the whole world where nothing sane is said."""
    try:
        west, south, east, north = (float(part) for part in said.split(","))
    except ValueError:
        return (-180.0, -85.0, 180.0, 85.0)
    ends = (west, south, east, north)
    if not all(map(math.isfinite, ends)) or west >= east or south >= north:
        return (-180.0, -85.0, 180.0, 85.0)
    return ends
