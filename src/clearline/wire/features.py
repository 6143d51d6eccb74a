"""Read and write extents as features: GeoJSON, NDJSON, CSV.

    {"type": "Feature", "id": "N-17",
     "geometry": {"type": "LineString", "coordinates": [[40.1, 35.2], [40.4, 35.3]]},
     "properties": {"half_width_m": 500, "start": "2026-03-01T06:00:00Z",
                    "end": "2026-03-01T09:00:00Z", "floor_m": 0, "ceiling_m": 300,
                    "datum": "AGL", "buffer_m": 200, "buffer_s": 600}}

    id                   text or number, required
    geometry             Point, LineString, Polygon, MultiPolygon (RFC 7946); `null`
                         is what nobody can put on a map (§3.2) and is screened as
                         *cannot tell*. A third coordinate is not read.
    radius_m             of a Point; zero or absent: the point alone
    half_width_m         of a LineString
    start, end           RFC 3339 with a zone, required. `end: null` holds until
                         withdrawn, `start: null` always held.
    floor_m, ceiling_m   metres above `datum`; absent: no lower, no upper end
    datum                AMSL, WGS84, AGL, FL; absent: all altitudes
    buffer_m, buffer_s   margins; absent: none
    precision_m          how far the place meant may reach beyond; absent: nowhere
    edges                `geodesic` (ours) or `planar` (RFC 7946), made geodesic here
    passages             of a LineString, one for each position: `eta`, and
                         `early_s`, `late_s`, `dwell_s`, `overstay_s`
    fastest_mps, slowest_mps  beside passages: its pace in between, metres a second;
                         `slowest_mps` absent: it may halt anywhere
    bearing_deg, range_m of a Point: two numbers each, a sector
    name                 the words, where the geometry is `null`

A property that is almost one of these is refused: a `radius` passed over in silence
is a circle that nobody sees. All others are left alone.

Reading never stops at a bad feature: what is wrong with it, and its line, comes out
in its place. Lines are counted from 1. An id stands for one feature of a file: the
first that can be read has it, a later one is bad.
"""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final, NamedTuple

import msgspec

from clearline.model.errors import BadInput
from clearline.model.extents import Datum, Extent
from clearline.wire.geojson import (
    NOT_JSON,
    Edges,
    Wrong,
    extent_of,
    name_of,
    write_feature,
)
from clearline.wire.rows import read_rows
from clearline.wire.streamed import MOST_HEAD, Cut, Ended, cut, head_of

__all__ = [
    "BadFeature",
    "Edges",
    "Feature",
    "Format",
    "Names",
    "NotFeatures",
    "Raw",
    "read_feature",
    "read_features",
    "split_features",
    "write_feature",
]


class Format(StrEnum):
    """Name a way to write features down."""

    GEOJSON = "geojson"
    NDJSON = "ndjson"
    CSV = "csv"


class Feature(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one extent and the name it came under.

    Attributes:
        id: As written.
        extent: What it takes up.
        line: Where it starts, from 1.
    """

    id: str
    extent: Extent
    line: int = 0


class BadFeature(BadInput):
    """Say what is wrong with one feature; the others are read all the same."""

    def __init__(self, what: str, *, next: str, line: int, id: str | None) -> None:  # noqa: A002 (the words of the house and of the format)
        """Keep where it stands, and its name as far as it could be read."""
        name = "The feature" if id is None else f"The feature {id!r}"
        super().__init__(
            f"{name} in line {line}: {what}", state="It was left out.", next=next
        )
        self.line = line
        self.id = id


class NotFeatures(BadInput):
    """Refuse a document in which no feature can be found."""


class Raw(NamedTuple):
    """Hold one feature as it stands: GeoJSON, UTF-8, and where it starts, from 1."""

    line: int
    data: bytes


class Names:
    """Know which ids of a file are taken, and in which line: some 130 bytes an id."""

    def __init__(self) -> None:
        """Start with none."""
        self._lines: dict[str, int] = {}

    def take(self, name: str, line: int) -> BadFeature | None:
        """Take an id for the feature in a line; say so if another has it."""
        count = len(self._lines)
        first = self._lines.setdefault(name, line)
        if len(self._lines) > count:
            return None
        return BadFeature(
            f"its `id` stands already in line {first}.",
            next="Give each feature an `id` of its own, or leave one of the two out.",
            line=line,
            id=name,
        )


class _Collection(msgspec.Struct, tag="FeatureCollection", tag_field="type"):
    features: list[msgspec.Raw]
    crs: msgspec.Raw = msgspec.Raw(b"null")


_COLLECTION: Final = msgspec.json.Decoder(_Collection)
_BYTE_ORDER: Final = b"\xef\xbb\xbf"
_BYTE: Final = re.compile(r"\(byte (\d+)\)")
_FEATURES: Final = re.compile(rb'"features"\s*:\s*\[')
_ONE_FEATURE: Final = re.compile(rb'"type"\s*:\s*"Feature"')
_TOKEN: Final = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\]]')
_PATH: Final = re.compile(r" - at `\$\.?(.*)`$")
_HINTS: Final = {
    "start": "Write it as 2026-03-01T06:00:00Z (RFC 3339, with a zone), or `null`.",
    "end": "Write it as 2026-03-01T06:00:00Z (RFC 3339, with a zone), or `null`.",
    "datum": f"Write one of {', '.join(Datum)}.",
    "edges": f"Write one of {', '.join(Edges)}.",
    "type": "Write Point, LineString, Polygon or MultiPolygon.",
}


def read_features(
    lines: Iterable[bytes], form: Format, *, edges: Edges = Edges.GEODESIC
) -> Iterator[Feature | BadFeature]:
    """Read features, and what is wrong with those that cannot be read, in order.

    NDJSON and CSV are read line by line, a long GeoJSON document feature by feature;
    one that is short, or whose first members are not its type and its features, is
    held whole.

    Args:
        lines: Lines of UTF-8, with their ends; of a document, pieces of any length.
        form: How they are written.
        edges: What runs between two positions where a feature does not say.

    Raises:
        NotFeatures: There is no feature to be found, or a table has no heading that
            tells what its columns are. Raised with the first feature asked for.
    """
    names = Names()
    for one in split_features(lines, form):
        found = one if isinstance(one, BadFeature) else _read_raw(one, edges)
        if isinstance(found, Feature):
            yield names.take(found.id, found.line) or found
        else:
            yield found


def split_features(lines: Iterable[bytes], form: Format) -> Iterator[Raw | BadFeature]:
    """Yield features as they stand, and what is no feature at all, in order.

    Raises:
        NotFeatures: As `read_features`.
    """
    match form:
        case Format.GEOJSON:
            return _split_pieces(iter(lines))
        case Format.NDJSON:
            return _split_ndjson(lines)
        case Format.CSV:
            return _split_table(lines)


def read_feature(data: bytes, line: int = 1, edges: Edges = Edges.GEODESIC) -> Feature:
    """Read one GeoJSON feature.

    Args:
        data: JSON text, UTF-8.
        line: Where it starts, from 1.
        edges: What runs between two positions where it does not say.

    Raises:
        BadFeature: It is none, or what it says cannot be meant.
    """
    try:
        name, extent = extent_of(data, edges)
    except (Wrong, BadInput) as wrong:
        what, next_step = wrong.what, wrong.next
    except NOT_JSON as error:
        what, next_step = _explained(str(error))
    else:
        return Feature(id=name, extent=extent, line=line)
    raise BadFeature(what, next=next_step, line=line, id=name_of(data))


def _split_pieces(pieces: Iterator[bytes]) -> Iterator[Raw | BadFeature]:
    """Split a document as it comes, where its beginning says that this can be done."""
    data = b""
    for piece in pieces:
        data += piece
        if len(data) > MOST_HEAD:
            break
    begins = head_of(data.removeprefix(_BYTE_ORDER))
    head = data.removeprefix(_BYTE_ORDER)[:begins]
    if len(data) <= MOST_HEAD or begins is None or not _is_collection(head):
        return _split_document(data + b"".join(pieces))
    rest = data.removeprefix(_BYTE_ORDER)[begins:]
    return _split_stream(cut(head, rest, pieces))


def _is_collection(head: bytes) -> bool:
    """Say whether what stands before the features is a document's own beginning."""
    try:
        _require_wgs84(_COLLECTION.decode(head + b"]}"))
    except NOT_JSON:
        return False
    return True


def _split_stream(found: Iterator[Cut | Ended]) -> Iterator[Raw | BadFeature]:
    for one in found:
        if isinstance(one, Cut) and one.data:
            yield Raw(one.line, one.data)
            continue
        what = "something else stands there than a feature"
        if isinstance(one, Ended):
            what = "it breaks off"
            if one.outside:
                try:
                    _require_wgs84(_COLLECTION.decode(one.outside))
                except NOT_JSON as error:
                    what, _ = _explained(str(error))
                else:
                    return
        yield BadFeature(
            f"the document is damaged here: {what}.",
            next="Get the whole document again.",
            line=one.line,
            id=None,
        )


def _require_wgs84(found: _Collection) -> None:
    if bytes(found.crs) != b"null" and b"CRS84" not in bytes(found.crs):
        raise NotFeatures(
            "The document names another coordinate system than WGS 84.",
            state="Nothing was read.",
            next="Write longitude and latitude on WGS 84 (RFC 7946 §4).",
        )


def _split_document(data: bytes) -> Iterator[Raw | BadFeature]:
    """Split a FeatureCollection, or a single Feature, feature by feature."""
    data = data.removeprefix(_BYTE_ORDER)
    try:
        found = _COLLECTION.decode(data)
    except NOT_JSON as error:
        if _FEATURES.search(data):
            yield from _salvaged(data, str(error))
        elif _ONE_FEATURE.search(data):
            yield Raw(1, data)
        else:
            raise _no_features(data, str(error)) from None
        return
    _require_wgs84(found)
    counted, at, line = 0, 0, 1
    for raw in found.features:
        feature = bytes(raw)
        start = data.index(feature, at)
        line += data.count(b"\n", counted, start)
        counted, at = start, start + len(feature)
        yield Raw(line, feature)


def _salvaged(data: bytes, words: str) -> Iterator[Raw | BadFeature]:
    """Find what features there are in a document that is damaged somewhere."""
    depth, start, counted, line, is_told = 0, 0, 0, 1, False
    opening = _FEATURES.search(data)
    for token in _TOKEN.finditer(data, opening.end() if opening else 0):
        if token[0] in b"{[":
            start = start if depth else token.start()
            depth += 1
        elif token[0] in b"}]":
            depth -= 1
            if depth < 0:
                break
            if depth == 0:
                line += data.count(b"\n", counted, start)
                counted = start
                found = Raw(line, data[start : token.end()])
                # What is damaged inside a feature is told of that feature.
                is_told |= isinstance(_read_raw(found, Edges.GEODESIC), BadFeature)
                yield found
    if depth > 0 or not is_told:
        line = 1 + data.count(b"\n", 0, start if depth > 0 else _byte(words))
        what, _ = _explained(words)
        yield BadFeature(
            f"the document is damaged here: {what}",
            next="Get the whole document again.",
            line=line,
            id=None,
        )


def _byte(words: str) -> int:
    """Return where the decoder stopped."""
    found = _BYTE.search(words)
    return int(found.group(1)) if found else 0


def _no_features(data: bytes, words: str) -> NotFeatures:
    line = 1 + data.count(b"\n", 0, _byte(words))
    what, next_step = _explained(words)
    return NotFeatures(
        f"Line {line} of the document cannot be read: {what}",
        state="Nothing was read.",
        next=next_step,
    )


def _split_ndjson(lines: Iterable[bytes]) -> Iterator[Raw | BadFeature]:
    is_empty = True
    for line, data in enumerate(lines, 1):
        text = data.strip()
        if not text.startswith(b"{"):
            # RFC 8142 puts a record separator before each feature.
            text = text.removeprefix(_BYTE_ORDER).removeprefix(b"\x1e").strip()
        if text:
            is_empty = False
            yield Raw(line, text)
    if is_empty:
        raise _empty()


def _split_table(lines: Iterable[bytes]) -> Iterator[Raw | BadFeature]:
    try:
        for row in read_rows(lines):
            if row.wrong is None:
                yield Raw(row.line, row.feature)
            else:
                yield BadFeature(
                    row.wrong.what, next=row.wrong.next, line=row.line, id=row.id
                )
    except Wrong as wrong:
        raise NotFeatures(
            f"The table cannot be read: {wrong.what}",
            state="Nothing was read.",
            next=wrong.next,
        ) from None


def _empty() -> NotFeatures:
    return NotFeatures(
        "There is nothing in the file.",
        state="Nothing was read.",
        next="Check that it is whole. A file that says there is nothing to screen is "
        'a GeoJSON document with `"features": []`, or a table with its heading alone.',
    )


def _read_raw(raw: Raw, edges: Edges) -> Feature | BadFeature:
    try:
        return read_feature(raw.data, raw.line, edges)
    except BadFeature as mistake:
        return mistake


def _explained(words: str) -> tuple[str, str]:
    """Turn the decoder's words into ours: what is wrong, and what to do."""
    path = _PATH.search(words)
    plain = _PATH.sub("", words)
    where = path.group(1) if path else ""
    is_word = plain[1:2].islower()
    what = f"{plain[:1].lower()}{plain[1:]}" if is_word else plain
    if where:
        what = f"`{where.removeprefix('properties.')}`: {what}"
    hint = _HINTS.get(where.rpartition(".")[2], "Correct it, and read it again.")
    return f"{what}.", hint
