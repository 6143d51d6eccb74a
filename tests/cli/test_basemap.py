"""`clearline basemap` says what it made, keeps what is brought, and loses nothing."""

import json

import pytest

from basemaps import small_packages
from clearline.adapters.basemap import packages as getting
from clearline.adapters.basemap.installed import FOLDER
from clearline.adapters.basemap.layers import UnknownLayer
from clearline.adapters.basemap.packages import BasemapNotMade
from clearline.cli.basemap import add, build, drop, list_, show


@pytest.fixture
def elsewhere(monkeypatch, tmp_path):
    """Look for the base map in a folder of the test's own."""
    monkeypatch.setenv(FOLDER, str(tmp_path / "kept"))
    return tmp_path


@pytest.mark.usefixtures("elsewhere")
def test_without_a_base_map_show_says_what_is_drawn(capsys):
    """No base map is no error."""
    assert show() == 0
    assert "maps show the grid alone" in capsys.readouterr().out
    assert show(json=True) == 0
    assert json.loads(capsys.readouterr().out)["is_there"] is False


def test_build_says_where_and_what(elsewhere, capsys, monkeypatch):
    """The file lies where nodes look for it, and show names what it is made from."""
    small = small_packages(elsewhere)
    monkeypatch.setattr("clearline.adapters.basemap.packages.fetch", lambda *_: small)
    assert build(json=True) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["file"] == str(elsewhere / "kept" / "world.pmtiles")
    assert show() == 0
    shown = capsys.readouterr().out
    assert "public domain, Natural Earth" in shown
    assert "coast: half within 0 m" in shown
    assert "Borders and names imply no endorsement." in shown


def test_packages_that_are_not_those_meant_make_nothing(elsewhere):
    """A folder without them, or with others, is refused in the one shape of errors."""
    empty = elsewhere / "empty"
    empty.mkdir()
    with pytest.raises(BasemapNotMade) as caught:
        build(packages=empty)
    assert "--packages" in caught.value.next
    assert not (elsewhere / "kept").exists()


def test_rivers_with_another_hash_are_refused(elsewhere):
    """What npm brings is held against its published hash before it is opened."""
    (elsewhere / "mapeo-offline-map-2.0.0.tgz").write_bytes(b"something else")
    with pytest.raises(BasemapNotMade, match="its hash differs"):
        getting._rivers(elsewhere, elsewhere)


def test_a_map_is_added_listed_and_dropped(tmp_path, capsys):
    """Its name follows from the file; its age and maker are in the list."""
    path = tmp_path / "My Wells (2016).geojson"
    path.write_text(json.dumps({"type": "Point", "coordinates": [40, 35]}))
    data = tmp_path / "data"
    assert add(path, source="Survey", as_of="2016-09-17", data=data) == 0
    assert "my-wells-2016: shapes, of 2016-09-17, by Survey" in capsys.readouterr().out
    list_(data=data)
    assert "my-wells-2016" in capsys.readouterr().out
    list_(data=data, json=True)
    (layer,) = json.loads(capsys.readouterr().out)["layers"]
    assert layer["source"] == "Survey"
    assert drop("my-wells-2016", data=data) == 0
    assert path.exists()
    capsys.readouterr()
    list_(data=data)
    assert "Nothing is laid over" in capsys.readouterr().out
    with pytest.raises(UnknownLayer):
        drop("my-wells-2016", data=data)
