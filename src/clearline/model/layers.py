"""Hold what people lay over the base map: what it is, of what day, from whom."""

from enum import StrEnum
from typing import Final, NewType

import msgspec

from clearline.model.instants import Instant

LayerName = NewType("LayerName", str)

DISCLAIMER: Final = "Borders and names imply no endorsement."
"""Stands on every map, picture and report."""

Bounds = tuple[float, float, float, float]
"""West, south, east, north, degrees, WGS 84."""


class Form(StrEnum):
    """Name how a layer is drawn."""

    TILES = "tiles"
    """Cut into tiles, shapes or pictures by their media type."""
    SHAPES = "shapes"
    """Points, lines and areas, as GeoJSON."""
    PICTURE = "picture"
    """One picture on the Web Mercator plane, between its bounds."""


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """Say what one layer is.

    Attributes:
        name: What it is asked for by: small letters, digits and hyphens.
        title: What people call it.
        media: The media type of its tiles, or of its one file.
        source: Who made it, in the words of whoever brought it.
        attribution: What its file says of whom to name.
        as_of: The day its content is of, in the words of whoever brought it.
        added_at: When it was brought.
        sha256: Of the file as it was brought.
        size_bytes: Of that file.
        file: What it is kept as, beside this.
    """

    name: LayerName
    title: str
    form: Form
    media: str
    source: str
    attribution: str
    as_of: str
    added_at: Instant
    bounds: Bounds
    least_zoom: int
    most_zoom: int
    sha256: str
    size_bytes: int
    file: str
