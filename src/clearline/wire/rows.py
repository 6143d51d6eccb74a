"""Read rows of a table as the GeoJSON features they stand for.

The heading names the columns: `id`, `start`, `end`, a geometry as `lon` and `lat` or
as `wkt` (OGC 06-103r4 §7, longitude first), and any property of `wire.features`. An
empty cell says nothing, except that a row without coordinates is nowhere yet; `end`
is then never empty: `FOREVER` or `null` holds until withdrawn.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeAlias

import msgspec

from clearline.wire.geojson import KNOWN, Wrong, nearly

_ENDS: Final = frozenset({"start", "end"})
_WORDS: Final = frozenset({"start", "end", "datum", "edges", "name"})
_LISTS: Final = frozenset({"passages", "bearing_deg", "range_m"})
_NUMBER: Final = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,2})?", re.ASCII)
_WKT: Final = re.compile(
    r"\s*(?:SRID=4326;)?\s*(POINT|LINESTRING|POLYGON|MULTIPOLYGON)\s*(?:Z\s*)?(\(.*\))\s*",
    re.IGNORECASE | re.DOTALL,
)
_NAMES: Final = {
    "POINT": "Point",
    "LINESTRING": "LineString",
    "POLYGON": "Polygon",
    "MULTIPOLYGON": "MultiPolygon",
}

_Json: TypeAlias = dict[str, Any]


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one row: the feature it stands for, or what is wrong with it.

    Attributes:
        line: Where it starts, from 1.
        id: Its name, as far as that could be read.
        feature: GeoJSON, in bytes; empty where `wrong` says why.
        wrong: What is wrong.
    """

    line: int
    id: str | None = None
    feature: bytes = b""
    wrong: Wrong | None = None


def read_rows(lines: Iterable[bytes]) -> Iterator[Row]:
    """Read a table with a heading, row by row; a cell may run over several lines.

    Raises:
        Wrong: The heading cannot be read.
    """
    rows = csv.reader(_text(lines), strict=True)
    heading: list[str] | None = None
    line = 1
    while True:
        try:
            row = next(rows, None)
        except csv.Error as error:
            wrong = Wrong(f"{error}.", "Correct its quotes.")
            yield Row(line=line, wrong=wrong)
            line = rows.line_num + 1
            continue
        if row is None:
            if heading is None:
                raise Wrong("it is empty.", "Check that it is whole.")
            return
        if any(cell.strip() for cell in row):
            if heading is None:
                heading = _heading(row)
            else:
                yield _row(heading, row, line)
        line = rows.line_num + 1


def _text(lines: Iterable[bytes]) -> Iterator[str]:
    for number, line in enumerate(lines):
        # A byte that is no UTF-8 spoils its own row alone.
        text = line.decode("utf-8", errors="surrogateescape")
        yield text.removeprefix("\ufeff") if number == 0 else text


def _heading(row: list[str]) -> list[str]:
    names = [name.strip() for name in row]
    missing = [f"`{name}`" for name in ("id", "start", "end") if name not in names]
    if "wkt" not in names and not {"lon", "lat"} <= set(names):
        missing.append("`lon` and `lat`, or `wkt`")
    if missing:
        raise Wrong(
            f"the heading lacks {', '.join(missing)}.",
            "Head the columns `id`, `start`, `end`, `lon` and `lat` or `wkt`, and what "
            "else is told.",
        )
    for name in names:
        if names.count(name) > 1:
            raise Wrong(f"the heading has `{name}` twice.", "Head each column once.")
        if name not in KNOWN and (meant := nearly(name)):
            raise Wrong(
                f"the column `{name}` is not read; `{meant}` would be.",
                f"Head it `{meant}`, or call it something else.",
            )
    return names


def _row(heading: list[str], row: list[str], line: int) -> Row:
    cells = {key: cell.strip() for key, cell in zip(heading, row, strict=False)}
    name = cells.get("id") or None
    try:
        _require_whole(heading, row)
        return Row(line=line, id=name, feature=msgspec.json.encode(_feature(cells)))
    except UnicodeEncodeError:
        not_text = Wrong(
            "it holds bytes that are no UTF-8.", "Save the table as UTF-8."
        )
        return Row(line=line, wrong=not_text)
    except Wrong as wrong:
        return Row(line=line, id=name, wrong=wrong)


def _require_whole(heading: list[str], row: list[str]) -> None:
    if len(row) != len(heading):
        raise Wrong(
            f"it has {len(row)} cells under {len(heading)} headings.",
            "Give one cell for each column; quote a cell that holds a comma.",
        )


def _feature(cells: dict[str, str]) -> _Json:
    return {
        "type": "Feature",
        "id": cells["id"] or None,
        "geometry": _geometry(cells),
        "properties": {
            key: _cell(key, cell)
            for key, cell in cells.items()
            if key in KNOWN and (cell or key in _ENDS)
        },
    }


def _geometry(cells: dict[str, str]) -> _Json | None:
    lon, lat, wkt = (cells.get(key, "") for key in ("lon", "lat", "wkt"))
    if wkt and (lon or lat):
        raise Wrong("it has coordinates and `wkt`.", "Give one of them.")
    if wkt:
        return read_wkt(wkt)
    if not lon and not lat:
        return None
    return {"type": "Point", "coordinates": [_number("lon", lon), _number("lat", lat)]}


def read_wkt(text: str) -> _Json:
    """Turn well-known text into the geometry it stands for."""
    found = _WKT.fullmatch(text)
    if not found:
        raise Wrong(
            f"`wkt`: {text[:40]!r} is not read.",
            "Write POINT, LINESTRING, POLYGON or MULTIPOLYGON, longitude first.",
        )
    kind, body = found.group(1).upper(), found.group(2)
    if re.search(r"[^-+0-9.eE,()\s]", body):
        raise Wrong("`wkt`: there is more in it than numbers.", "Write numbers alone.")
    positions = re.sub(r"[^,()]*[^,()\s][^,()]*", _as_position, body)
    try:
        coordinates = msgspec.json.decode(positions.replace("(", "[").replace(")", "]"))
    except msgspec.DecodeError:
        raise Wrong("`wkt`: its brackets do not fit.", "Close every bracket.") from None
    if kind == "POINT":
        coordinates = coordinates[0] if len(coordinates) == 1 else None
    return {"type": _NAMES[kind], "coordinates": coordinates}


def _as_position(words: re.Match[str]) -> str:
    return "[" + ",".join(str(_number("wkt", word)) for word in words[0].split()) + "]"


def _cell(key: str, cell: str) -> Any:
    """Return a cell as the JSON value it stands for."""
    if key in _ENDS and cell.lower() in {"null", "forever"}:
        return None
    if key in _WORDS:
        return cell
    if key in _LISTS:
        try:
            return msgspec.json.decode(cell)
        except msgspec.DecodeError:
            raise Wrong(
                f"`{key}` is no JSON list.", "Write it as in GeoJSON."
            ) from None
    return _number(key, cell)


def _number(key: str, cell: str) -> float:
    if not _NUMBER.fullmatch(cell):
        raise Wrong(f"`{key}`: {cell[:40]!r} is no number.", "Write it as 12.5.")
    return float(cell)
