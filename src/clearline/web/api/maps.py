"""Serve maps: tiles of the base map, what is laid over it, and places in view.

Tiles and layers go out as they lie on disk, packed, with a tag. Where the address
names the version that is there now, a browser may keep the answer for ever; a new map
has new addresses.
"""

import gzip
import math
from typing import Any, Final

import msgspec
from starlette.responses import Response

from clearline.adapters.gazetteer import View
from clearline.model.instants import Instant, parse_instant
from clearline.model.layers import DISCLAIMER, Form, Layer
from clearline.service.ports import Tiles
from clearline.web.endpoints import LOOKING, Asking, Endpoint
from clearline.web.limits import Rate
from clearline.web.logged import is_seen
from clearline.web.mapped import map_of_entry
from clearline.web.refusals import BadRequest, not_there
from clearline.wire.forms.mapped import MapShown, OfMap
from clearline.wire.forms.maps import (
    BasemapShown,
    InView,
    LayerShown,
    MapsShown,
    OfTile,
    PlaceShown,
    PlacesShown,
)

MOST_PLACES: Final = 150
"""How many places are listed for one view."""

TILING: Final = Rate(2_000, 400)
"""How often one caller may ask for tiles: a screen takes dozens at once."""

_FOR_EVER: Final = "private, max-age=31536000, immutable"
_ASK_AGAIN: Final = "private, no-cache"
_GEOJSON: Final = "application/geo+json"
_MVT: Final = "application/vnd.mapbox-vector-tile"
_GEONAMES: Final = "GeoNames (CC BY 4.0)"
_HEADERS: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}
_ENDS = 4


async def _maps(asking: Asking) -> MapsShown:
    service = asking.service
    tiles = await asking.aside(service.basemap.tiles)
    layers = await asking.aside(service.layers.all)
    today = service.node.clock.read().at
    return MapsShown(
        basemap=_basemap(tiles) if tiles else None,
        layers=tuple(_layer(one, today) for one in layers),
        disclaimer=DISCLAIMER,
    )


def _basemap(tiles: Tiles) -> BasemapShown:
    about = tiles.about
    return BasemapShown(
        tiles=f"/tiles/{{z}}/{{x}}/{{y}}.mvt?v={about.version}",
        least_zoom=about.least_zoom,
        most_zoom=about.most_zoom,
        attribution=about.attribution,
    )


def _layer(layer: Layer, today: Instant) -> LayerShown:
    of_day = parse_instant(f"{layer.as_of}T00:00:00Z")
    where = "/{z}/{x}/{y}" if layer.form is Form.TILES else ""
    return LayerShown(
        name=layer.name,
        title=layer.title,
        form=layer.form,
        media=layer.media,
        source=layer.source,
        attribution=layer.attribution,
        as_of=layer.as_of,
        age_days=max(0, (today - of_day).days),
        added_at=layer.added_at,
        bounds=layer.bounds,
        least_zoom=layer.least_zoom,
        most_zoom=layer.most_zoom,
        url=f"/layers/{layer.name}{where}?v={layer.sha256[:16]}",
    )


async def _map(asking: Asking) -> Response:
    service, viewer = asking.service, asking.caller.viewer()
    node, maps = service.node, asking.shared.maps
    now, entry = node.clock.read().at, asking.query.entry
    if entry is None:
        body = await asking.aside(lambda: _packed(maps.map_for(service, viewer, now)))
    else:
        if not await asking.aside(lambda: is_seen(node, viewer, entry)):
            raise not_there(f"entry {entry}")
        ((_, then),) = await asking.aside(lambda: asking.service.entries([entry]))
        body = await asking.aside(
            lambda: _packed(map_of_entry(node, viewer, then.at, entry + 1))
        )
    headers = {**_HEADERS, "cache-control": "no-store", "vary": "accept-encoding"}
    if "gzip" in asking.request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
    else:
        body = gzip.decompress(body)
    return Response(body, media_type=_GEOJSON, headers=headers)


def _packed(shown: MapShown) -> bytes:
    return gzip.compress(msgspec.json.encode(shown), 6, mtime=0)


async def _tile(asking: Asking) -> Response:
    tiles = await asking.aside(asking.service.basemap.tiles)
    if tiles is None:
        raise not_there("base map")
    return await _one_tile(asking, tiles)


async def _layer_tile(asking: Asking) -> Response:
    layers = asking.service.layers
    layer = layers.find(asking.path["name"])
    if layer.form is not Form.TILES:
        raise not_there(f"tile of layer {layer.name!r}")
    tiles = await asking.aside(lambda: layers.tiles(layer))
    return await _one_tile(asking, tiles, layer.sha256[:16])


async def _one_tile(asking: Asking, tiles: Tiles, version: str = "") -> Response:
    z, x, y = (int(asking.path[name]) for name in ("z", "x", "y"))
    about = tiles.about
    version = version or about.version
    headers = _kept(asking, version, f"{version}-{z}-{x}-{y}")
    if asking.request.headers.get("if-none-match") == headers["etag"]:
        return Response(status_code=304, headers=headers)
    tile = await asking.aside(lambda: tiles.tile(z, x, y))
    if tile is None:
        return Response(status_code=204, headers=headers)
    if tile.encoding:
        headers["content-encoding"] = tile.encoding
    return Response(tile.data, media_type=about.media, headers=headers)


async def _layer_content(asking: Asking) -> Response:
    layers = asking.service.layers
    layer = layers.find(asking.path["name"])
    if layer.form is Form.TILES:
        raise not_there(f"content of layer {layer.name!r} in one piece")
    version = layer.sha256[:16]
    headers = _kept(asking, version, version)
    if asking.request.headers.get("if-none-match") == headers["etag"]:
        return Response(status_code=304, headers=headers)
    content = await asking.aside(lambda: layers.content(layer))
    return Response(content, media_type=layer.media, headers=headers)


def _kept(asking: Asking, version: str, tag: str) -> dict[str, str]:
    is_named = asking.query.v == version
    return {
        **_HEADERS,
        "cache-control": _FOR_EVER if is_named else _ASK_AGAIN,
        "etag": f'"{tag}"',
    }


async def _places(asking: Asking) -> PlacesShown:
    view, gazetteer = _view(asking.query.bbox), asking.service.gazetteer
    if not gazetteer.is_made:
        return PlacesShown(places=(), is_ready=False, attribution=_GEONAMES)
    found = await asking.aside(lambda: gazetteer.largest(view, MOST_PLACES))
    in_arabic = asking.query.language == "ar"
    return PlacesShown(
        places=tuple(
            PlaceShown(
                name=(one.arabic if in_arabic else "") or one.name,
                lon=one.lon,
                lat=one.lat,
                people=one.people,
                country=one.country,
            )
            for one in found
        ),
        is_ready=True,
        attribution=_GEONAMES,
    )


def _view(said: str) -> View:
    try:
        ends = [float(part) for part in said.split(",")]
    except ValueError:
        ends = []
    if len(ends) != _ENDS or not all(map(math.isfinite, ends)) or ends[1] > ends[3]:
        raise BadRequest(
            f"{said!r} is no part of the world.",
            state="Nothing was looked up.",
            next="Give west,south,east,north in degrees, as -10,30,40,60.",
        )
    west, south, east, north = ends
    return west, south, east, north


def _tiles_of(path: str, name: str, does: str, handle: Any, media: str) -> Endpoint:
    return Endpoint(
        method="GET",
        path=path,
        name=name,
        does=does,
        says="Packed as it lies. The same address with the version `v` that is there "
        "now gives the same bytes for ever.",
        handle=handle,
        may=LOOKING,
        query=OfTile,
        media=media,
        also={204: "There is nothing to draw there.", 304: "It is as you have it."},
        rate=TILING,
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/map",
        name="showMap",
        does="Give all that your map shows now, as GeoJSON: notices, calls, conflicts.",
        says="Each notice as exactly as you may know it, and nothing of one you may "
        "not. A conflict is shown only between two you know exactly.",
        handle=_map,
        may=LOOKING,
        query=OfMap,
        gives=MapShown,
        media=_GEOJSON,
        refuses=(404,),
    ),
    Endpoint(
        method="GET",
        path="/api/v1/maps",
        name="listMaps",
        does="Say what maps there are: the base map, and what is laid over it.",
        handle=_maps,
        may=LOOKING,
        gives=MapsShown,
    ),
    _tiles_of(
        "/tiles/{z:int}/{x:int}/{y:int}.mvt",
        "basemapTile",
        "Give one tile of the base map.",
        _tile,
        _MVT,
    ),
    _tiles_of(
        "/layers/{name}/{z:int}/{x:int}/{y:int}",
        "layerTile",
        "Give one tile of a layer.",
        _layer_tile,
        "application/octet-stream",
    ),
    Endpoint(
        method="GET",
        path="/layers/{name}",
        name="layerContent",
        does="Give a layer of shapes as GeoJSON, or its picture.",
        handle=_layer_content,
        may=LOOKING,
        query=OfTile,
        media="application/octet-stream",
        also={304: "It is as you have it."},
    ),
    Endpoint(
        method="GET",
        path="/places",
        name="placesInView",
        does="List the largest places in view, 150 at most, largest first.",
        handle=_places,
        may=LOOKING,
        query=InView,
        gives=PlacesShown,
    ),
)
