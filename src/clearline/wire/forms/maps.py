"""Hold the API's forms of maps: what lies under, what lies over, and places by name."""

from typing import Annotated

import msgspec
from msgspec import Meta

from clearline.model.instants import Instant
from clearline.model.layers import Bounds, Form, LayerName


class BasemapShown(msgspec.Struct, frozen=True, kw_only=True):
    """Say what the base map is.

    Attributes:
        tiles: Where its tiles are, `{z}`, `{x}` and `{y}` to be filled in.
        most_zoom: The finest zoom there is; finer ones are drawn from it.
        attribution: What has to stand on every map drawn with it.
    """

    tiles: str
    least_zoom: int
    most_zoom: int
    attribution: str


class LayerShown(msgspec.Struct, frozen=True, kw_only=True):
    """Say what one layer is, of what day, and where its content is.

    Attributes:
        url: Where its content is; with `{z}`, `{x}` and `{y}` where it is tiles.
        age_days: Whole days from the day its content is of until today, UTC.
    """

    name: LayerName
    title: str
    form: Form
    media: str
    source: str
    attribution: str
    as_of: str
    age_days: int
    added_at: Instant
    bounds: Bounds
    least_zoom: int
    most_zoom: int
    url: str


class MapsShown(msgspec.Struct, frozen=True, kw_only=True):
    """Say what maps there are.

    Attributes:
        basemap: Nothing where none was made: then the grid alone is drawn.
        disclaimer: Stands on every map, picture and report.
    """

    basemap: BasemapShown | None
    layers: tuple[LayerShown, ...]
    disclaimer: str


class OfTile(msgspec.Struct, frozen=True, kw_only=True):
    """Say which version of the map is meant; an older one is asked for again."""

    v: Annotated[str, Meta(max_length=64)] = ""


class InView(msgspec.Struct, frozen=True, kw_only=True):
    """Say which part of the world is in view, and in which language to name it.

    Attributes:
        bbox: `west,south,east,north`, degrees; west is greater than east across 180.
    """

    bbox: Annotated[str, Meta(max_length=120)] = "-180,-90,180,90"
    language: Annotated[str, Meta(pattern="^[a-z]{2,3}$")] = "en"


class PlaceShown(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one place where people live.

    Attributes:
        name: In the language asked for where it is known, else as GeoNames has it.
    """

    name: str
    lon: float
    lat: float
    people: int
    country: str


class PlacesShown(msgspec.Struct, frozen=True, kw_only=True):
    """List the largest places in view, largest first.

    Attributes:
        is_ready: Whether the gazetteer is there; until then nothing is listed.
        attribution: Whom to name beside them.
    """

    places: tuple[PlaceShown, ...]
    is_ready: bool
    attribution: str
