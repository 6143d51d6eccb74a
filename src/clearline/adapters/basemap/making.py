"""Make the base map: one file of vector tiles, the same bytes from the same packages.

    packages --read_ground--> features --tippecanoe--> tiles --pmtiles--> world.pmtiles
        |                                                                   ^
        '------ another source ------compare------> what they differ in ----'

The file says of itself what it was made from, by hash, and how far its coast, borders
and rivers lie from those of a source of another origin.
"""

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import apsw
import msgspec
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from clearline.adapters.basemap.comparing import compare
from clearline.adapters.basemap.packages import Package, Packages, not_made, run
from clearline.adapters.basemap.sources import DEEPEST, Ground, read_ground
from clearline.model.layers import DISCLAIMER

ATTRIBUTION: Final = f"Natural Earth (public domain). {DISCLAIMER}"
LARGEST_BYTES: Final = 15_000_000
"""What the file may take up, the gazetteer not counted."""

_EARTH = {
    "min_lon_e7": -1_800_000_000,
    "min_lat_e7": -850_511_287,
    "max_lon_e7": 1_800_000_000,
    "max_lat_e7": 850_511_287,
}
_TILE: Final = (
    "SELECT tile_data FROM tiles "
    "WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
)
_LAYERS: Final = ("land", "lakes", "rivers", "regions", "borders", "countries")

Telling = Callable[[str], None]


def make(packages: Packages, path: Path, tell: Telling = lambda _: None) -> None:
    """Make the base map at a path, whole on return; what lay there is replaced.

    Args:
        packages: What it is made from.
        path: Where it goes.
        tell: Is told what is being done, a line each.

    Raises:
        BasemapNotMade: A package is not as known, or the disk refuses.
    """
    with tempfile.TemporaryDirectory(prefix="clearline-basemap-") as name:
        work = Path(name)
        try:
            tell("reading what it is made from")
            ground = read_ground(packages)
            tell("comparing it with another source")
            compared = compare(ground, packages.other)
            tell("cutting it into tiles")
            tiles = _cut(ground, packages.tippecanoe, work)
            tell("packing the tiles")
            aside = path.with_name(f"{path.name}.new")
            path.parent.mkdir(parents=True, exist_ok=True)
            _pack(tiles, aside, _about(ground, packages, compared))
            aside.replace(path)
        except (OSError, apsw.Error) as error:
            raise not_made(
                f"the disk refuses ({error})", "Make room there, then call again."
            ) from error


def _about(
    ground: Ground, packages: Packages, compared: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "name": "clearline base map",
        "format": "pbf",
        "attribution": ATTRIBUTION,
        "vector_layers": [{"id": layer, "fields": {}} for layer in _LAYERS],
        "made_from": msgspec.to_builtins(ground.read_from),
        "made_with": packages.tippecanoe.name,
        "compared": compared,
    }


def _cut(ground: Ground, tippecanoe: Package, work: Path) -> Path:
    """Cut features into tiles; return the file that holds them."""
    program = tippecanoe.unpack(work / "tippecanoe") / "tippecanoe" / "bin"
    for layer in _LAYERS:
        with (work / f"{layer}.json").open("w", encoding="utf-8") as file:
            for one in ground.of(layer):
                json.dump(
                    {
                        "type": "Feature",
                        "geometry": one.geometry,
                        "properties": dict(one.properties),
                        "tippecanoe": {"minzoom": one.zoom, "maxzoom": DEEPEST},
                    },
                    file,
                    ensure_ascii=False,
                )
                file.write("\n")
    done = run(
        (
            *(str(program / "tippecanoe"), "--quiet", "--output", "world.mbtiles"),
            *("--minimum-zoom", "0", "--maximum-zoom", str(DEEPEST)),
            *("--drop-rate", "1", "--buffer", "8", "--no-tile-stats"),
            *("--no-feature-limit", "--no-tile-size-limit"),
            *("--simplification", "4", "--no-simplification-of-shared-nodes"),
            *(part for one in _LAYERS for part in ("-L", f"{one}:{one}.json")),
        ),
        work,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise not_made(
            f"tippecanoe ended with {done.returncode}: {said[-1] if said else ''}",
            "Report it, with the version of the packages.",
        )
    return work / "world.mbtiles"


def _tiles(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield tiles in the order of their numbers; MBTiles counts rows from below."""
    file = apsw.Connection(str(path), apsw.SQLITE_OPEN_READONLY)
    try:
        places = sorted(
            (zxy_to_tileid(z, x, (1 << z) - 1 - row), z, x, row)
            for z, x, row in file.execute(
                "SELECT zoom_level, tile_column, tile_row FROM tiles"
            )
        )
        for number, *place in places:
            ((data,),) = file.execute(_TILE, tuple(place))
            yield number, data
    finally:
        file.close()


def _pack(tiles: Path, path: Path, about: dict[str, Any]) -> None:
    with path.open("wb") as file:
        writer = Writer(file)
        for number, data in _tiles(tiles):
            writer.write_tile(number, data)
        header = {
            "tile_type": TileType.MVT,
            "tile_compression": Compression.GZIP,
            "center_zoom": 2,
            **_EARTH,
        }
        writer.finalize(header, about)
        file.flush()
        os.fsync(file.fileno())
