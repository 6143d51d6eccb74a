"""`clearline screen` reads files, writes rows, and says what it could not read."""

import json

import pytest

from clearline.cli import main
from clearline.cli.screen import screen


def _feature(name, lon, **properties):
    return {
        "type": "Feature",
        "id": name,
        "geometry": {"type": "Point", "coordinates": [lon, 35.0]},
        "properties": {
            "radius_m": 100,
            "start": "2026-03-01T12:00:00Z",
            "end": "2026-03-01T13:00:00Z",
            **properties,
        },
    }


def _ndjson(path, *features):
    path.write_text("\n".join(map(json.dumps, features)) + "\n", encoding="utf-8")
    return path


def _geojson(path, *features):
    document = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_a_conflict_is_a_row_and_exit_code_1(tmp_path, capfd):
    """One pair meets: its row on standard output, the summary on standard error."""
    notices = _geojson(
        tmp_path / "n.geojson", _feature("near", 40.0), _feature("far", 9)
    )
    plans = _ndjson(tmp_path / "p.ndjson", _feature("plan", 40.0))
    assert screen(notices=notices, plans=plans) == 1
    told = capfd.readouterr()
    (row,) = map(json.loads, told.out.splitlines())
    assert (row["plan"], row["notice"], row["verdict"]) == ("plan", "near", "conflict")
    assert row["separation_m"] == 0.0
    assert "1 plans against 2 notices: 1 conflicts" in told.err
    assert "What nobody notified here." in told.err


def test_nothing_that_meets_is_exit_code_0(tmp_path, capfd):
    """No rows, and the summary still names what was not checked."""
    notices = _ndjson(tmp_path / "n.ndjson", _feature("far", 9))
    plans = _ndjson(tmp_path / "p.ndjson", _feature("plan", 40.0))
    assert screen(notices=notices, plans=plans, json=True) == 0
    told = capfd.readouterr()
    assert told.out == ""
    assert json.loads(told.err) == {
        "notices": 1,
        "plans": 1,
        "conflicts": 0,
        "cannot_tell": 0,
        "bad_features": 0,
    }


def test_a_bad_feature_is_told_with_its_line_and_the_rest_goes_on(tmp_path, capfd):
    """What cannot be read is not screened, is said, and is the exit code."""
    notices = _ndjson(
        tmp_path / "n.ndjson",
        _feature("backwards", 40.0, end="2026-03-01T11:00:00Z"),
        _feature("near", 40.0),
    )
    plans = _ndjson(tmp_path / "p.ndjson", _feature("plan", 40.0))
    out = tmp_path / "rows.ndjson"
    assert screen(notices=notices, plans=plans, out=out) == 4
    told = capfd.readouterr()
    assert f"{notices}:1: " in told.err
    assert "'backwards'" in told.err
    assert "NOT READ, NOT SCREENED: 1 features" in told.err
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [row["notice"] for row in rows] == ["near"]


def test_a_feature_nowhere_located_cannot_be_told(tmp_path, capfd):
    """A null geometry is a place nobody put on a map: never passed over."""
    lost = _feature("lost", 40.0)
    del lost["properties"]["radius_m"]
    lost["properties"]["name"] = "points 1 and 2 on the hill"
    lost["geometry"] = None
    notices = _ndjson(tmp_path / "n.ndjson", lost)
    plans = _ndjson(tmp_path / "p.ndjson", _feature("plan", 40.0))
    assert screen(notices=notices, plans=plans) == 1
    row = json.loads(capfd.readouterr().out)
    assert row["verdict"] == "cannot_tell"
    assert row["separation_m"] is None


@pytest.mark.parametrize("name", ["missing.ndjson", "notices.txt"])
def test_a_file_that_cannot_be_read_is_exit_code_2(name, tmp_path, capfd):
    """No file, or none we know how to read: nothing is screened, and it is said."""
    plans = _ndjson(tmp_path / "p.ndjson", _feature("plan", 40.0))
    given = ["screen", "--notices", str(tmp_path / name), "--plans", str(plans)]
    with pytest.raises(SystemExit) as ended:
        main(given)
    assert ended.value.code == 2
    assert "Nothing was screened." in capfd.readouterr().err
