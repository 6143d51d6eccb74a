"""Write what a replay shows as a file: a page, a table, or shapes for a map.

    html      one page that needs nothing else: what happened by then, what was measured
    csv       the moments, one a row; no cell begins a formula
    geojson   the places named by then (RFC 7946)
    kml       the same places, for a globe (OGC KML 2.2)
    pdf       the page on paper, the same bytes for the same page; needs typst

It is what the screen shows and nothing besides: the same moments, known to the same
desk, up to the same step. A page with a model's figures says MODEL.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any, Final

import msgspec

from clearline.record.sheet import Sheet, write_sheet
from clearline.web.console.pages import Sent
from clearline.web.refusals import not_there
from clearline.wire.cells import plain_cell
from clearline.wire.kml import Placemark, write_kml

DISCLAIMER: Final = "Borders and names imply no endorsement."


class SaveAs(StrEnum):
    """Name a kind of file."""

    HTML = "html"
    CSV = "csv"
    GEOJSON = "geojson"
    KML = "kml"
    PDF = "pdf"


_MEDIA: Final = {
    SaveAs.CSV: "text/csv; charset=utf-8",
    SaveAs.GEOJSON: "application/geo+json",
    SaveAs.KML: "application/vnd.google-earth.kml+xml",
    SaveAs.PDF: "application/pdf",
}


def wanted(said: str) -> SaveAs:
    """Read which kind of file is asked for.

    Raises:
        NotThere: There is no such kind.
    """
    try:
        return SaveAs(said)
    except ValueError as error:
        raise not_there(f"format {said!r}") from error


def table(name: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Sent:
    """Write rows as CSV, in UTF-8 with its mark, as spreadsheets take it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([plain_cell(str(cell)) for cell in row] for row in rows)
    return _sent(name, SaveAs.CSV, text.getvalue().encode("utf-8-sig"))


def shapes(name: str, places: dict[str, Any]) -> Sent:
    """Write places as GeoJSON, with what every map says."""
    said = {**places, "disclaimer": DISCLAIMER}
    return _sent(name, SaveAs.GEOJSON, msgspec.json.format(msgspec.json.encode(said)))


def placemarks(name: str, places: dict[str, Any]) -> Sent:
    """Write places as KML: each with its words, and how sure they are."""
    marks = [
        Placemark(
            id=one["id"],
            geometry=one["geometry"],
            properties={"status": one["properties"]["status"]},
            title=one["properties"]["label"],
            says=one["properties"]["says"],
        )
        for one in places["features"]
    ]
    return _sent(name, SaveAs.KML, write_kml(marks, name=name, says=DISCLAIMER))


def paper(name: str, sheet: Sheet) -> Sent:
    """Write a sheet as PDF; takes a second, so beside the loop.

    Raises:
        PdfNotInstalled: The package typst is not installed.
        FacesNotMade: It is in a script whose face is not here.
    """
    return _sent(name, SaveAs.PDF, write_sheet(sheet))


def _sent(name: str, form: SaveAs, body: bytes) -> Sent:
    return Sent(body=body, media=_MEDIA[form], name=f"{name}.{form}")
