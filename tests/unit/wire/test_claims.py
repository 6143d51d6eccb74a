"""Claims go out as tables, places and linked data, and nothing runs or is made up."""

import csv
import io
import json
from itertools import pairwise

from msgspec.structs import replace

from clearline.record.outlines import geometry, located
from clearline.wire.claims import COLUMNS, write_csv, write_geojson, write_jsonld
from founding import case

HOSTILE = '=cmd|"/C calc"!A1'


def table(of) -> list[dict[str, str]]:
    """Read a table back."""
    text = write_csv(of).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_one_row_a_claim_with_its_chain():
    """Every claim has its row; the outermost speaker comes first."""
    rows = table(case())
    assert [row["claim"] for row in rows] == [one.id for one in case().claims]
    assert tuple(rows[0]) == COLUMNS
    killed = next(row for row in rows if row["claim"] == "killed")
    assert killed["said_by"] == "a news outlet > Syrian government"
    assert (killed["number"], killed["number_most"]) == ("54", "105")
    assert killed["contested"] == "yes"


def test_no_cell_is_a_formula():
    """A claim that begins as one stays text, in whatever column."""
    first = replace(case().claims[0], says=HOSTILE, reason="+1")
    (row, *_) = table(replace(case(), claims=(first, *case().claims[1:])))
    assert (row["says"], row["reason"]) == (f"'{HOSTILE}", "'+1")


def test_what_nobody_can_locate_has_no_geometry():
    """Points are points, a sector is its outline, a name alone is nothing."""
    there = located(case())
    told = json.loads(write_geojson(case(), lambda name: geometry(there.get(name))))
    shapes = {one["id"]: one["geometry"] for one in told["features"]}
    assert shapes["kroum-hill"] is None
    assert shapes["airfield"] == {"type": "Point", "coordinates": [40.176, 35.2854]}
    (ring,) = shapes["planned"]["coordinates"]
    assert ring[0] == ring[-1]
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
    assert area > 0
    assert "not notifying removes none" in told["legal"]


def test_linked_data_point_into_the_text_and_hold_none_of_it():
    """Annotations have positions and hashes; every link leads to a node."""
    told = json.loads(write_jsonld(case()))
    nodes = {one["@id"] for one in told["@graph"] if "@id" in one}
    claims = [one for one in told["@graph"] if one["@type"] == "Claim"]
    assert len(claims) == len(case().claims)
    for one in claims:
        for name in ("attributedTo", "appearsIn", "contradicts", "rests_on"):
            assert set(one.get(name, ())) <= nodes
    notes = [one for one in told["@graph"] if one["@type"] == "oa:Annotation"]
    spans = {(one.start, one.end) for one in case().text.sentences}
    found = {
        (
            one["oa:hasTarget"]["oa:hasSelector"]["oa:start"],
            one["oa:hasTarget"]["oa:hasSelector"]["oa:end"],
        )
        for one in notes
    }
    assert found == spans
