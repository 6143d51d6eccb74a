"""Take in a map somebody brings, or refuse it; nothing of it is believed.

    PMTiles, MBTiles     kept as they are, once every tile can be found
    GeoJSON, GeoPackage  turned into GeoJSON: shapes and names, nothing else
    PNG, JPEG            with a world file, turned to lie on the web's own plane

Which it is follows from its first bytes, never from its name. A system of coordinates
is read where the file says it, or said by whoever brings it, and never guessed.
"""

import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import apsw
import msgspec
import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError
from shapely.geometry import mapping

from clearline.adapters.basemap.pictures import Picture, place_picture
from clearline.adapters.basemap.tiles import MbtilesFile, PmtilesFile
from clearline.model.errors import BadInput
from clearline.model.layers import Bounds, Form

WGS84: Final = "EPSG:4326"
MOST_POSITIONS: Final = 500_000
LONGEST_FEATURES: Final = 64 << 20
"""How large a file of shapes may be, bytes; beyond that it is to be cut into tiles."""
LONGEST_NAME: Final = 120

_SQLITE = b"SQLite format 3\x00"
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_GPKG_ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
_NAMES = ("name", "title", "label")
_TURN_DEG, _POLE_DEG = 180.0, 90.0


class NotAMap(BadInput):
    """Refuse a file that cannot be laid over the map."""


class Brought(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a file that was taken in, in the form it is kept in.

    Attributes:
        suffix: What the kept file's name ends in.
        content: Its bytes; `None` where the file is kept as it was brought.
        attribution: Who is to be named, in the file's own words; may be empty.
    """

    form: Form
    suffix: str
    media: str
    bounds: Bounds
    content: bytes | None = None
    least_zoom: int = 0
    most_zoom: int = 24
    attribution: str = ""


def take_in(path: Path, crs: str | None = None) -> Brought:
    """Read a file whole, and say what it is.

    Args:
        path: The file.
        crs: Its system of coordinates where the file does not say it, as `EPSG:32637`.

    Raises:
        NotAMap, NotTiles: It is none of what can be laid over a map, or is broken.
    """
    try:
        with path.open("rb") as file:
            first = file.read(64)
    except OSError as error:
        raise not_a_map(path, f"it cannot be read ({error})") from error
    if first.startswith(b"PMTiles"):
        return _tiles(PmtilesFile(path), ".pmtiles")
    if first.startswith(_SQLITE):
        return _of_sqlite(path, crs)
    if first.startswith((_PNG, _JPEG)):
        return _picture(place_picture(path, crs))
    if first.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _of_geojson(path)
    raise not_a_map(
        path, "it is no PMTiles, MBTiles, GeoJSON, GeoPackage, PNG or JPEG file"
    )


def _tiles(file: PmtilesFile | MbtilesFile, suffix: str) -> Brought:
    file.check()
    about = file.about
    return Brought(
        form=Form.TILES,
        suffix=suffix,
        media=about.media,
        bounds=about.bounds,
        least_zoom=about.least_zoom,
        most_zoom=about.most_zoom,
        attribution=about.attribution[:LONGEST_NAME],
    )


def _picture(picture: Picture) -> Brought:
    return Brought(
        form=Form.PICTURE,
        suffix=".webp",
        media="image/webp",
        bounds=picture.bounds,
        content=picture.content,
    )


def _of_sqlite(path: Path, crs: str | None) -> Brought:
    file = apsw.Connection(
        f"{path.resolve().as_uri()}?immutable=1",
        apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI,
    )
    try:
        if file.pragma("quick_check", 1) != "ok":
            raise not_a_map(path, "it is a damaged SQLite file")
        tables = {name for (name,) in file.execute("SELECT name FROM sqlite_schema")}
        if {"gpkg_contents", "gpkg_geometry_columns"} <= tables:
            return _features(path, _of_geopackage(path, file, crs))
    except (apsw.Error, UnicodeDecodeError) as error:
        raise not_a_map(path, f"SQLite says: {error}") from error
    finally:
        file.close()
    if {"tiles", "metadata"} <= tables:
        tiles = MbtilesFile(path)
        try:
            return _tiles(tiles, ".mbtiles")
        finally:
            tiles.close()
    raise not_a_map(
        path, "it is SQLite, and neither MBTiles nor a GeoPackage of shapes"
    )


def _of_geojson(path: Path) -> Brought:
    """Read GeoJSON (RFC 7946: longitude first, WGS 84)."""
    if path.stat().st_size > LONGEST_FEATURES:
        raise _too_large(path)
    try:
        said = msgspec.json.decode(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise not_a_map(path, f"it is no JSON: {error}") from error
    if said.get("crs"):
        raise not_a_map(
            path, "it names a system of coordinates, which GeoJSON no longer does"
        )
    return _features(path, _of_json(path, said))


def _of_json(path: Path, said: dict[str, Any]) -> Iterator[tuple[Any, str]]:
    many = said.get("features") if said.get("type") == "FeatureCollection" else [said]
    if not isinstance(many, list):
        raise not_a_map(path, "its features are no list")
    for number, one in enumerate(many, 1):
        if not isinstance(one, dict):
            raise not_a_map(path, f"feature {number} is none")
        geometry = one.get("geometry") if one.get("type") == "Feature" else one
        if geometry is None:
            continue
        try:
            shape = shapely.from_geojson(msgspec.json.encode(geometry))
        except shapely.errors.ShapelyError as error:
            raise not_a_map(path, f"feature {number} is no shape: {error}") from error
        yield shape, _name(one.get("properties"))


def _of_geopackage(
    path: Path, file: apsw.Connection, crs: str | None
) -> Iterator[tuple[Any, str]]:
    """Read every table of shapes (OGC 12-128r18, 2.1.3: a header before the WKB)."""
    columns = list(
        file.execute(
            "SELECT g.table_name, g.column_name, s.organization, "
            "s.organization_coordsys_id FROM gpkg_geometry_columns AS g "
            "JOIN gpkg_contents AS c USING (table_name) "
            "JOIN gpkg_spatial_ref_sys AS s ON s.srs_id = g.srs_id "
            "WHERE c.data_type = 'features' ORDER BY g.table_name"
        )
    )
    for table, column, organization, number in columns:
        turned = _to_wgs84(path, crs or f"{organization}:{number}")
        rows = file.execute(f'SELECT * FROM "{_quoted(table)}"')  # noqa: S608 (quoted)
        names = [name for name, *_ in rows.getdescription()] if columns else []
        for row in rows:
            said = dict(zip(names, row, strict=True))
            shape = _of_blob(path, said.get(column))
            if shape is not None:
                yield shapely.transform(shape, turned), _name(said)


def _quoted(name: str) -> str:
    return name.replace('"', '""')


def _of_blob(path: Path, blob: Any) -> Any:
    if blob is None:
        return None
    if not isinstance(blob, bytes) or not blob.startswith(b"GP") or len(blob) < 8:  # noqa: PLR2004 (the header)
        raise not_a_map(path, "a shape has no GeoPackage header")
    envelope = _GPKG_ENVELOPES.get((blob[3] >> 1) & 0b111)
    if envelope is None:
        raise not_a_map(path, "a shape has a broken header")
    if blob[3] & 0b1_0000:
        return None
    try:
        return shapely.from_wkb(blob[8 + envelope :])
    except shapely.errors.ShapelyError as error:
        raise not_a_map(path, f"a shape is broken: {error}") from error


def _to_wgs84(path: Path, crs: str) -> Any:
    try:
        turn = Transformer.from_crs(CRS(crs), WGS84, always_xy=True)
    except (CRSError, ProjError) as error:
        raise not_a_map(path, f"its coordinates are in {crs}, which is unknown") from (
            error
        )

    def turned(points: Any) -> Any:
        return np.column_stack(turn.transform(points[:, 0], points[:, 1]))

    return turned


def _features(path: Path, found: Iterable[tuple[Any, str]]) -> Brought:
    """Keep shapes and their names; refuse what does not lie on the Earth."""
    features, shapes, positions = [], [], 0
    for shape, name in found:
        if shape.is_empty:
            continue
        flat = shapely.force_2d(shape)
        positions += shapely.get_num_coordinates(flat)
        if positions > MOST_POSITIONS:
            raise _too_large(path)
        _require_on_earth(path, flat.bounds)
        shapes.append(flat)
        geometry = mapping(shapely.set_precision(flat, 1e-7, mode="pointwise"))
        properties = {"name": name} if name else {}
        features.append(
            {"type": "Feature", "properties": properties, "geometry": geometry}
        )
    if not features:
        raise not_a_map(path, "it holds no shape")
    west, south, east, north = (float(one) for one in shapely.total_bounds(shapes))
    return Brought(
        form=Form.SHAPES,
        suffix=".geojson",
        media="application/geo+json",
        bounds=(west, south, east, north),
        content=msgspec.json.encode(
            {"type": "FeatureCollection", "features": features}
        ),
    )


def _require_on_earth(path: Path, bounds: Bounds) -> None:
    west, south, east, north = bounds
    ends = (west, south, east, north)
    if (
        not all(map(math.isfinite, ends))
        or max(abs(west), abs(east)) > _TURN_DEG
        or max(abs(south), abs(north)) > _POLE_DEG
    ):
        raise not_a_map(
            path,
            f"a shape reaches to {west:g} {south:g} {east:g} {north:g}, which is no "
            "longitude and latitude",
        )


def _name(properties: Any) -> str:
    """Return what a feature is called; all else said of it stays behind."""
    if not isinstance(properties, dict):
        return ""
    by_name = {str(key).lower(): value for key, value in properties.items()}
    found = next((by_name[one] for one in _NAMES if by_name.get(one)), "")
    return str(found)[:LONGEST_NAME]


def not_a_map(path: Path, why: str, next_step: str = "") -> NotAMap:
    """Refuse a file that cannot be laid over the map."""
    return NotAMap(
        f"{path.name} cannot be laid over the map: {why}.",
        state="Nothing was added; the maps that were there are as they were.",
        next=next_step or "Export it again, or see docs/how-to/basemap.md.",
    )


def _too_large(path: Path) -> NotAMap:
    return not_a_map(
        path,
        f"it has more than {MOST_POSITIONS:,} positions or {LONGEST_FEATURES >> 20} MB",
        "Cut it into tiles (PMTiles, with tippecanoe), and add those.",
    )
