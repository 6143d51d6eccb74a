"""The page of the gazetteer gives the figures of the one that is installed."""

import re
from pathlib import Path

import pytest

from clearline.adapters.gazetteer import InstalledGazetteer
from clearline.geo.gazetteer import AIRFIELD_EXTENT_M, EXTENTS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "gazetteer.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def about():
    """What the installed gazetteer says of itself."""
    gazetteer = InstalledGazetteer()
    yield gazetteer.about()
    gazetteer.close()


def figure(name: str) -> int:
    """Return the figure the page gives for something."""
    rows = re.findall(rf"^\| {re.escape(name)} \| ([\d,]+) \|$", PAGE, re.MULTILINE)
    (found,) = rows
    return int(found.replace(",", ""))


def test_the_counts_are_those_of_the_file(about):
    """Every count of the page is the file's own."""
    counts = about["counts"]
    named_in = counts["towns_named_in"]
    for said, count in {
        "places where people live": counts["towns"],
        "airfields": counts["airfields"],
        "names, each place apart": counts["names"],
        "places named in Cyrillic": named_in["Cyrillic"],
        "places named in Arabic script": named_in["Arabic"],
        "places named in Hebrew": named_in["Hebrew"],
        "places named in Chinese characters": named_in["Han"],
        "places of which nobody says how many live there": counts["without_people"],
        "likely one place twice: same name and country within 5 km": counts[
            "likely_twice"
        ],
        "airfields called like a town within 50 km": counts[
            "airfields_called_like_a_town"
        ],
        "airfields that serve a town within 50 km": counts["airfields_serving_a_town"],
        "areas of countries": counts["areas"],
        "names of countries": counts["country_names"],
    }.items():
        assert figure(said) == count, said


def test_sources_hashes_and_attribution_are_named(about):
    """Page and NOTICE name each source, and the page each file by its hash."""
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    for source in about["sources"]:
        name, _, version = source["package"].partition(" ")
        assert f"`{name}`" in PAGE
        assert name == "babel" or f"`{name}` {version}" in PAGE
        assert name in notice
        for digest in source["sha256"].values():
            assert digest in PAGE
    assert "GeoNames (geonames.org)" in notice
    assert "CC BY 4.0" in notice


def test_the_classes_are_those_of_the_rules():
    """Each class of extent stands on the page with its reach."""
    part = PAGE.split("## What a name is worth")[1].split("\n## ")[0]
    reaches = [int(km) for km in re.findall(r"\| (\d+) km \|", part)]
    assert reaches == [round(reach_m / 1000) for _, reach_m, *_ in EXTENTS] + [
        round(AIRFIELD_EXTENT_M / 1000)
    ]
