"""What people bring is laid over the map whole, or refused with nothing lost."""

import json
import struct
from datetime import UTC, datetime

import apsw
import msgspec
import numpy as np
import pytest
import shapely
from PIL import Image
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from clearline.adapters.basemap import layers as keeping
from clearline.adapters.basemap.bringing import NotAMap
from clearline.adapters.basemap.layers import (
    LAYERS,
    Bringing,
    Layers,
    LayerThere,
    NotALayer,
    UnknownLayer,
)
from clearline.adapters.basemap.pictures import NotAPicture
from clearline.adapters.basemap.tiles import MbtilesFile, NotTiles, PmtilesFile
from clearline.geo.utm import write_utm
from clearline.model.layers import Form
from clearline.model.places import Position
from clearline.service.ports import StoreRefused

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
TILE = b"\x1a\x00"
GEOPACKAGE = """
    CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER,
        organization TEXT, organization_coordsys_id INTEGER, definition TEXT);
    CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT);
    CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT,
        geometry_type_name TEXT, srs_id INTEGER, z INTEGER, m INTEGER);
    CREATE TABLE "the ""wells" (fid INTEGER, Name TEXT, secret TEXT, geom BLOB);
    INSERT INTO gpkg_contents VALUES ('the "wells', 'features');
    INSERT INTO gpkg_geometry_columns
        VALUES ('the "wells', 'geom', 'POINT', 1, 0, 0);
"""


@pytest.fixture
def layers(tmp_path):
    """Hold the layers of an empty data folder."""
    return Layers(tmp_path / "data")


def bringing(path, name="mine", **said):
    """Say of a file what has to be said."""
    told = {"source": "Survey of Arda", "as_of": "2026-10-01"} | said
    return Bringing(path=path, name=name, **told)


def pmtiles_file(path, tile=TILE):
    """Write PMTiles of one tile."""
    with path.open("wb") as file:
        writer = Writer(file)
        writer.write_tile(zxy_to_tileid(3, 4, 2), tile)
        header = {
            "tile_type": TileType.MVT,
            "tile_compression": Compression.NONE,
            "min_lon_e7": 0,
            "min_lat_e7": 400_000_000,
            "max_lon_e7": 450_000_000,
            "max_lat_e7": 660_000_000,
        }
        writer.finalize(header, {"attribution": "by hand"})
    return path


def mbtiles_file(path, tile=b"\x89PNG\r\n\x1a\nrest", form="png"):
    """Write MBTiles of one tile, its row counted from below."""
    file = apsw.Connection(str(path))
    file.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
    file.execute(
        "CREATE TABLE tiles (zoom_level INT, tile_column INT, tile_row INT, "
        "tile_data BLOB)"
    )
    said = [("format", form), ("bounds", "0,40,45,66"), ("attribution", "by hand")]
    file.executemany("INSERT INTO metadata VALUES (?, ?)", said)
    file.execute("INSERT INTO tiles VALUES (3, 4, 5, ?)", (tile,))
    file.close()
    return path


def geojson_file(path, *shapes, **properties):
    """Write GeoJSON of some shapes."""
    features = [
        {
            "type": "Feature",
            "properties": properties,
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for shape in shapes
    ]
    said = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(said), encoding="utf-8")
    return path


def geopackage_file(path, number=32637, shape=None):
    """Write a GeoPackage of one table in UTM, zone 37 north unless said."""
    shape = shape or shapely.Point(602_000, 3_912_000)
    file = apsw.Connection(str(path))
    file.execute(GEOPACKAGE)
    given = ("utm", 1, "EPSG", number, "")
    file.execute("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?)", given)
    blob = b"GP\x00\x03" + struct.pack("<i4d", 1, 0, 0, 0, 0) + shapely.to_wkb(shape)
    file.execute(
        'INSERT INTO "the ""wells" VALUES (1, ?, ?, ?)', ("Well 9", "by whom", blob)
    )
    file.close()
    return path


def picture_file(path, six=(0.01, 0, 0, -0.01, 40.005, 35.995), size=(100, 50)):
    """Write a picture, its left half red and its right half blue, and a world file."""
    pixels = np.zeros((size[1], size[0], 3), dtype=np.uint8)
    pixels[:, : size[0] // 2, 0] = 255
    pixels[:, size[0] // 2 :, 2] = 255
    Image.fromarray(pixels).save(path)
    if six:
        path.with_suffix(".pgw").write_text("\n".join(map(str, six)))
    return path


def kept(layers):
    """Name what lies in the folder of layers, with its bytes."""
    folder = layers._folder
    return {one.name: one.read_bytes() for one in folder.glob("*")}


def test_pmtiles_are_kept_as_they_are(layers, tmp_path):
    """Tiles come out by column and row as the web counts them, with what they say."""
    path = pmtiles_file(tmp_path / "a.pmtiles")
    layer = layers.add(bringing(path), NOW)
    assert (layer.form, layer.attribution) == (Form.TILES, "by hand")
    assert layer.bounds == (0.0, 40.0, 45.0, 66.0)
    assert layers.tiles(layer).tile(3, 4, 2).data == TILE
    assert layers.tiles(layer).tile(3, 4, 5) is None
    assert layers.find("mine") == layer
    assert layers.all() == (layer,)


def test_rows_of_mbtiles_are_counted_from_the_south(layers, tmp_path):
    """The same tile as above, in the other numbering."""
    layer = layers.add(bringing(mbtiles_file(tmp_path / "a.mbtiles")), NOW)
    assert layer.media == "image/png"
    assert layers.tiles(layer).tile(3, 4, 2).data.startswith(b"\x89PNG")
    assert layers.tiles(layer).tile(3, 4, 5) is None


def test_shapes_keep_their_names_and_nothing_else(layers, tmp_path):
    """What else a file says of a place stays with whoever brought it."""
    path = geojson_file(
        tmp_path / "a.json", shapely.Point(40, 35, 9), NAME="Well 9", owner="by whom"
    )
    layer = layers.add(bringing(path), NOW)
    assert layer.bounds == (40.0, 35.0, 40.0, 35.0)
    (feature,) = json.loads(layers.content(layer))["features"]
    assert feature["properties"] == {"name": "Well 9"}
    assert feature["geometry"]["coordinates"] == [40.0, 35.0]
    assert b"by whom" not in layers.content(layer)


def test_a_geopackage_is_turned_to_longitude_and_latitude(layers, tmp_path):
    """Its own table says which system it is in; a name with quotes does no harm."""
    layer = layers.add(bringing(geopackage_file(tmp_path / "a.gpkg")), NOW)
    (feature,) = json.loads(layers.content(layer))["features"]
    assert feature["properties"] == {"name": "Well 9"}
    lon, lat = feature["geometry"]["coordinates"]
    said = write_utm(Position(lon=lon, lat=lat), 1.0)
    assert said == "37 north 602000 mE 3912000 mN"


def test_a_picture_lies_where_its_world_file_says(layers, tmp_path):
    """Ends of pixels, not their middles; red stays west of blue."""
    path = picture_file(tmp_path / "a.png")
    layer = layers.add(bringing(path, crs="EPSG:4326"), NOW)
    assert layer.form is Form.PICTURE
    assert layer.bounds == pytest.approx((40.0, 35.5, 41.0, 36.0), abs=1e-6)
    kept_as = tmp_path / "kept.webp"
    kept_as.write_bytes(layers.content(layer))
    pixels = np.asarray(Image.open(kept_as).convert("RGB"))
    assert pixels[5, 2, 0] > 200 > pixels[5, 2, 2]
    assert pixels[5, -3, 2] > 200 > pixels[5, -3, 0]


def test_a_picture_in_metres_is_turned(layers, tmp_path):
    """A picture in UTM says so in a .prj beside it."""
    path = picture_file(tmp_path / "a.png", (100, 0, 0, -100, 600_050, 3_910_000))
    from pyproj import CRS  # noqa: PLC0415

    path.with_suffix(".prj").write_text(CRS("EPSG:32637").to_wkt())
    layer = layers.add(bringing(path), NOW)
    west, south, east, north = layer.bounds
    assert 40.0 < west < east < 40.3
    assert 35.2 < south < north < 35.4


@pytest.mark.parametrize(
    ("write", "error", "says"),
    [
        (lambda p: p.write_bytes(b""), NotAMap, "it is no PMTiles"),
        (lambda p: p.write_bytes(b"<kml/>"), NotAMap, "it is no PMTiles"),
        (lambda p: p.write_bytes(b"{"), NotAMap, "it is no JSON"),
        (lambda p: p.write_bytes(b"PMTiles\x03"), NotTiles, "cannot be read as map"),
        (lambda p: p.write_bytes(b"SQLite format 3\x00"), NotAMap, "SQLite"),
        (lambda p: p.write_bytes(b"\x89PNG\r\n\x1a\n"), NotAPicture, "to its end"),
        (lambda p: p.write_text('{"type": "FeatureCollection"}'), NotAMap, "no list"),
        (lambda p: p.write_text('{"features": []}'), NotAMap, "no shape"),
        (
            lambda p: geojson_file(p, shapely.Point(400_000, 3_900_000)),
            NotAMap,
            "which is no longitude and latitude",
        ),
        (lambda p: geojson_file(p, shapely.Point(40, 91)), NotAMap, "no longitude"),
        (geojson_file, NotAMap, "it holds no shape"),
        (lambda p: mbtiles_file(p, b"GIF89a", "png"), NotTiles, "is no png"),
        (lambda p: mbtiles_file(p, form="exe"), NotTiles, "its tiles are exe"),
        (lambda p: geopackage_file(p, 999_999), NotAMap, "which is unknown"),
        (lambda p: picture_file(p.with_suffix(".png"), None).rename(p), NotAPicture,
         "no world file"),
        (lambda p: pmtiles_file(p, TILE * 99) and p.write_bytes(p.read_bytes()[:-9]),
         NotTiles, "before its last tile"),
    ],
)  # fmt: skip
def test_what_cannot_be_laid_over_a_map_is_refused(
    layers, tmp_path, write, error, says
):
    """Nothing is kept of it, and what was there is there, byte for byte."""
    layers.add(bringing(pmtiles_file(tmp_path / "good.pmtiles")), NOW)
    before = kept(layers)
    write(tmp_path / "bad")
    with pytest.raises(error, match=says) as caught:
        layers.add(bringing(tmp_path / "bad", is_replacing=True), NOW)
    assert "as they were" in caught.value.state
    assert kept(layers) == before


def test_a_picture_nobody_placed_is_not_guessed(layers, tmp_path):
    """Without a system of coordinates the six numbers may mean anything."""
    with pytest.raises(NotAPicture, match="nobody says in which system"):
        layers.add(bringing(picture_file(tmp_path / "a.png")), NOW)


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"name": "../up"}, "cannot be named"),
        ({"name": "Ü"}, "cannot be named"),
        ({"name": ""}, "cannot be named"),
        ({"source": "  "}, "who made the map"),
        ({"as_of": "last year"}, "is no day"),
        ({"as_of": "2026-12-01"}, "has not come yet"),
    ],
)
def test_a_map_without_maker_or_day_is_refused(layers, tmp_path, said, says):
    """Whoever reads it has to know how old it is, and whose."""
    path = pmtiles_file(tmp_path / "a.pmtiles")
    with pytest.raises(NotALayer, match=says):
        layers.add(bringing(path, **said), NOW)
    assert layers.all() == ()


def test_a_layer_goes_only_when_it_is_said_to(layers, tmp_path):
    """A name that is taken is refused; with a word it is replaced, in one step."""
    layers.add(bringing(pmtiles_file(tmp_path / "a.pmtiles")), NOW)
    other = geojson_file(tmp_path / "b.json", shapely.Point(40, 35))
    with pytest.raises(LayerThere):
        layers.add(bringing(other), NOW)
    assert layers.find("mine").form is Form.TILES
    layer = layers.add(bringing(other, is_replacing=True), NOW)
    assert layers.all() == (layer,)
    assert set(kept(layers)) == {"mine.json", layer.file}


@pytest.mark.parametrize("step", ["sync", "rename", "sync_folder"])
def test_a_disk_that_refuses_loses_no_layer(layers, tmp_path, monkeypatch, step):
    """Wherever replacing a layer breaks off, the older one is there and whole."""
    first = layers.add(bringing(pmtiles_file(tmp_path / "a.pmtiles")), NOW)
    other = geojson_file(tmp_path / "b.json", shapely.Point(40, 35))

    class Refusing:
        def __getattr__(self, name):
            def refuse(*_):
                raise OSError(28, "no room")

            return refuse if name == step else getattr(real, name)

    real = keeping.SYSTEM_DISK
    monkeypatch.setattr(keeping, "SYSTEM_DISK", Refusing())
    with pytest.raises(StoreRefused, match="disk is full"):
        layers.add(bringing(other, is_replacing=True), NOW)
    monkeypatch.undo()
    assert layers.find("mine") == first
    assert layers.tiles(first).tile(3, 4, 2).data == TILE
    layer = layers.add(bringing(other, is_replacing=True), NOW)
    assert set(kept(layers)) == {"mine.json", layer.file}  # nothing is left over


def test_dropping_one_layer_leaves_the_others(layers, tmp_path):
    """Also one whose name begins the same."""
    path = pmtiles_file(tmp_path / "a.pmtiles")
    layers.add(bringing(path, "mine"), NOW)
    other = layers.add(bringing(path, "mine-2"), NOW)
    layers.drop("mine")
    assert layers.all() == (other,)
    assert layers.tiles(other).tile(3, 4, 2)
    with pytest.raises(UnknownLayer):
        layers.drop("mine")


def test_what_lies_in_the_folder_and_is_no_layer_is_left_out(layers, tmp_path):
    """A file of somebody else's makes no list fail."""
    layer = layers.add(bringing(pmtiles_file(tmp_path / "a.pmtiles")), NOW)
    (tmp_path / "data" / LAYERS / "notes.json").write_text("{}")
    assert layers.all() == (layer,)


@pytest.mark.parametrize("kind", [PmtilesFile, MbtilesFile])
def test_both_kinds_of_tiles_keep_one_contract(kind, tmp_path):
    """No tile beyond the world, none where none is, and a check that passes."""
    write = {PmtilesFile: pmtiles_file, MbtilesFile: mbtiles_file}[kind]
    tiles = kind(write(tmp_path / "tiles"))
    tiles.check()
    assert tiles.about.attribution == "by hand"
    assert (tiles.about.least_zoom, tiles.about.most_zoom) == (3, 3)
    assert tiles.tile(3, 4, 2).encoding == ""
    assert tiles.tile(3, 0, 0) is None
    assert tiles.tile(3, 8, 0) is None
    assert tiles.tile(-1, 0, 0) is None
    assert tiles.tile(99, 0, 0) is None


def test_what_is_said_of_a_layer_is_read_back_as_written(layers, tmp_path):
    """The file beside the content is plain JSON that anybody can read."""
    layer = layers.add(bringing(pmtiles_file(tmp_path / "a.pmtiles")), NOW)
    said = (tmp_path / "data" / LAYERS / "mine.json").read_bytes()
    assert msgspec.json.decode(said)["source"] == "Survey of Arda"
    assert msgspec.json.decode(said)["added_at"] == "2026-11-30T12:00:00Z"
    assert layer.sha256 in layer.file
