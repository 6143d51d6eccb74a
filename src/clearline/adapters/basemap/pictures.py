"""Turn a picture with a world file so that it lies on the web's own plane.

A world file is six numbers: how far one pixel goes to the right and down, in the
picture's system of coordinates, and where the middle of the first one lies. Whoever
draws the result needs no projections: it is a picture between four ends.
"""

import io
import math
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from clearline.model.errors import BadInput
from clearline.model.layers import Bounds

LARGEST_PIXELS: Final = 64_000_000
LARGEST_SIDE: Final = 4_096
"""The longer side of what is kept; larger pictures are made smaller."""

_PLANE: Final = "EPSG:3857"
_SUFFIXES: Final = {
    ".png": (".pgw", ".pngw", ".wld"),
    ".jpg": (".jgw", ".jpgw", ".wld"),
    ".jpeg": (".jgw", ".jpegw", ".jgw", ".wld"),
}
_SIX: Final = 6


class NotAPicture(BadInput):
    """Refuse a picture that cannot be put where it belongs."""


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a picture on the plane (Web Mercator), north up.

    Attributes:
        content: WebP.
        bounds: West, south, east, north, degrees, WGS 84.
    """

    content: bytes
    bounds: Bounds


def place_picture(path: Path, crs: str | None) -> Picture:
    """Read a picture whole and turn it.

    Args:
        path: PNG or JPEG, its world file beside it.
        crs: Its system of coordinates, where no `.prj` beside it says it.

    Raises:
        NotAPicture: It is broken, too large, or nobody says where it lies.
    """
    picture = _read(path)
    a, d, b, e, c, f = _world_file(path)
    if abs(a * e - b * d) < 1e-18:  # noqa: PLR2004 (a pixel without an area)
        raise _refused(path, "its world file gives pixels without a size")
    system = _system(path, crs)
    to_plane = _transformer(path, system, _PLANE)
    from_plane = _transformer(path, _PLANE, system)
    wide, high = picture.size
    edge = _edge(wide, high)
    x, y = to_plane.transform(
        a * edge[0] + b * edge[1] + c, d * edge[0] + e * edge[1] + f
    )
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise _refused(path, "by its world file it does not lie on the Earth")
    ends = (float(x.min()), float(y.min()), float(x.max()), float(y.max()))
    size = _size(wide, high, ends)
    column, row = _where(ends, size, from_plane, (a, d, b, e, c, f))
    content = _drawn(picture, column, row)
    west, south, east, north = _degrees(ends)
    return Picture(content=content, bounds=(west, south, east, north))


def _read(path: Path) -> Image.Image:
    try:
        with Image.open(path, formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > LARGEST_PIXELS:
                raise _refused(path, f"it has more than {LARGEST_PIXELS:,} pixels")
            return picture.convert("RGBA")
    except (OSError, SyntaxError, UnidentifiedImageError, ValueError) as error:
        raise _refused(path, f"it cannot be read to its end ({error})") from error


def _world_file(path: Path) -> tuple[float, ...]:
    names = [path.with_suffix(one) for one in _SUFFIXES.get(path.suffix.lower(), ())]
    names.append(path.with_name(f"{path.name}w"))
    found = next((one for one in names if one.is_file()), None)
    if found is None:
        looked = ", ".join(sorted({one.name for one in names}))
        raise _refused(path, f"no world file says where it lies ({looked})")
    try:
        said = [float(one) for one in found.read_text("ascii").split()]
    except (OSError, ValueError) as error:
        raise _refused(path, f"{found.name} cannot be read ({error})") from error
    if len(said) != _SIX or not all(map(math.isfinite, said)):
        raise _refused(path, f"{found.name} does not hold six numbers")
    return tuple(said)


def _system(path: Path, crs: str | None) -> CRS:
    beside = path.with_suffix(".prj")
    try:
        if crs:
            return CRS(crs)
        if beside.is_file():
            return CRS.from_wkt(beside.read_text(encoding="utf-8"))
    except (CRSError, OSError, UnicodeDecodeError) as error:
        raise _refused(
            path, f"its system of coordinates is unknown ({crs or beside.name})"
        ) from error
    raise _refused(
        path,
        "nobody says in which system of coordinates it lies",
        "Say it, for example --crs EPSG:4326 for degrees, EPSG:32637 for UTM zone 37N.",
    )


def _transformer(path: Path, one: CRS | str, other: CRS | str) -> Transformer:
    try:
        return Transformer.from_crs(one, other, always_xy=True)
    except ProjError as error:
        raise _refused(path, f"its coordinates cannot be turned ({error})") from error


def _edge(wide: int, high: int) -> npt.NDArray[np.float64]:
    """Return points along the edge of a picture, (2, n), in pixels."""
    along = np.linspace(0.0, 1.0, 65)
    right, down = along * wide - 0.5, along * high - 0.5
    low, far = np.full_like(along, -0.5), np.ones_like(along)
    return np.concatenate(
        [
            np.stack((right, low)),
            np.stack((right, far * (high - 0.5))),
            np.stack((low, down)),
            np.stack((far * (wide - 0.5), down)),
        ],
        axis=1,
    )


def _size(wide: int, high: int, ends: Bounds) -> tuple[int, int]:
    """Choose how many pixels to keep: as many as there were, within the limit."""
    west, south, east, north = ends
    shape = (east - west) / (north - south)
    rows = math.sqrt(wide * high / shape)
    less = min(1.0, LARGEST_SIDE / max(rows, rows * shape))
    return max(1, round(rows * shape * less)), max(1, round(rows * less))


def _where(
    ends: Bounds, size: tuple[int, int], from_plane: Transformer, six: Any
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Say which pixel of the picture lies under each pixel of the plane."""
    west, south, east, north = ends
    wide, high = size
    x = west + (np.arange(wide) + 0.5) / wide * (east - west)
    y = north - (np.arange(high) + 0.5) / high * (north - south)
    at_x, at_y = from_plane.transform(*np.meshgrid(x, y))
    a, d, b, e, c, f = six
    scale = a * e - b * d
    column = (e * (at_x - c) - b * (at_y - f)) / scale
    row = (a * (at_y - f) - d * (at_x - c)) / scale
    both = np.nan_to_num(np.stack((column, row)), nan=-1e9, posinf=-1e9, neginf=-1e9)
    whole = np.rint(both).astype(np.int64)
    return whole[0], whole[1]


def _drawn(
    picture: Image.Image, column: npt.NDArray[np.int64], row: npt.NDArray[np.int64]
) -> bytes:
    """Take each pixel from where it lies; clear where the picture has none."""
    pixels = np.asarray(picture)
    is_in = (
        (column >= 0) & (column < picture.width) & (row >= 0) & (row < picture.height)
    )
    turned = np.zeros((*column.shape, 4), dtype=np.uint8)
    turned[is_in] = pixels[row[is_in], column[is_in]]
    kept = io.BytesIO()
    Image.fromarray(turned, "RGBA").save(kept, "WEBP", quality=85, method=4)
    return kept.getvalue()


def _degrees(ends: Bounds) -> Bounds:
    turn = Transformer.from_crs(_PLANE, "EPSG:4326", always_xy=True)
    west, south = turn.transform(ends[0], ends[1])
    east, north = turn.transform(ends[2], ends[3])
    return float(west), float(south), float(east), float(north)


def _refused(path: Path, why: str, next_step: str = "") -> NotAPicture:
    return NotAPicture(
        f"{path.name} cannot be laid over the map: {why}.",
        state="Nothing was added; the maps that were there are as they were.",
        next=next_step or "Export it again with its world file beside it.",
    )
