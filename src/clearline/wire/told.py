"""Hold what a file of another tool tells, as the GeoJSON feature it stands for.

KML, CoT, tables and GeoJSON all become features of `wire.features`, each with its
line, and whatever had to be decided or left out about it in sentences. A feature is
what every one of them is written from as well: what a format cannot say by its own
words stands in properties under the same names everywhere.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

import msgspec

from clearline.model.instants import parse_instant, write_instant

Json = dict[str, Any]

GEOMETRIC: Final = (
    *("radius_m", "half_width_m", "bearing_deg", "range_m", "precision_m", "edges"),
    *("buffer_m", "buffer_s", "floor_m", "ceiling_m", "datum", "passages"),
    *("fastest_mps", "slowest_mps"),
)
"""Properties that belong to where and when something is."""

_PLAIN: Final = frozenset({"datum", "edges"})


class Told(NamedTuple):
    """Hold one thing a file tells.

    Attributes:
        line: Where it begins, from 1.
        feature: GeoJSON, in bytes.
        notes: What was decided or left out in reading it, in sentences.
    """

    line: int
    feature: bytes
    notes: tuple[str, ...] = ()


class Feature(msgspec.Struct, kw_only=True):
    """Hold a feature taken apart, to be written in another format."""

    id: str | int | float | None = None
    geometry: Json | None = None
    properties: Json = {}


def taken_apart(data: bytes) -> Feature:
    """Take a feature apart."""
    return msgspec.json.decode(data, type=Feature)


def feature(name: str, geometry: Json | None, properties: Mapping[str, Any]) -> bytes:
    """Write a feature."""
    return msgspec.json.encode(
        {
            "type": "Feature",
            "id": name or None,
            "geometry": geometry,
            "properties": properties,
        }
    )


def as_text(value: Any) -> str:
    """Write the value of a property as one text."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def from_text(key: str, text: str) -> Any:
    """Read the value of a property; where and when are numbers and lists, else text."""
    if key not in GEOMETRIC or key in _PLAIN:
        return text
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text  # refused, with its name, where the feature is read


def instant_text(value: str | None) -> str | None:
    """Write the instant of a property in UTC; `None` for an open end."""
    return None if value is None else write_instant(parse_instant(value))


def words(properties: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what a feature says besides its window, as names and texts."""
    for key, value in properties.items():
        if key not in ("start", "end") and value is not None:
            yield key, as_text(value)
