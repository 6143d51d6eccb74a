"""`clearline screen` reads files, writes rows, and says what it could not read."""

import gzip
import json
import re

import pytest

from clearline.cli import main
from clearline.cli.connection import At
from clearline.cli.screen import Unreadable, screen
from clearline.cli.screened import collected


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


def _line(name, lon):
    line = _feature(name, lon, half_width_m=20, buffer_m=100)
    del line["properties"]["radius_m"]
    line["geometry"] = {
        "type": "LineString",
        "coordinates": [[lon, 35.0], [lon + 0.2, 35.0], [lon + 0.2, 35.2]],
    }
    return line


def _square(name, lon):
    square = _feature(name, lon)
    del square["properties"]["radius_m"]
    ring = [[0, 0], [0.1, 0], [0.1, 0.1], [0, 0.1], [0, 0]]
    square["geometry"] = {
        "type": "Polygon",
        "coordinates": [[[lon + x, 35.0 + y] for x, y in ring]],
    }
    return square


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
    assert screen(notices=notices, plans=plans, at=At(json=True)) == 0
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


def test_an_empty_file_is_no_answer(tmp_path, capfd):
    """A file that lost its content does not come out as nothing found."""
    plans = _ndjson(tmp_path / "p.ndjson", _feature("plan", 40.0))
    for name in ("n.ndjson", "n.geojson", "n.csv"):
        empty = tmp_path / name
        empty.write_bytes(b"\n")
        given = ["screen", "--notices", str(empty), "--plans", str(plans)]
        with pytest.raises(SystemExit) as ended:
            main(given)
        assert ended.value.code == 2
        told = capfd.readouterr()
        assert told.out == ""
        assert "Nothing was screened." in told.err


def test_an_id_that_stands_twice_is_told_with_both_lines(tmp_path, capfd):
    """Which of two features a row means must never be a guess."""
    notices = _ndjson(
        tmp_path / "n.ndjson", _feature("a", 40.0), _feature("b", 9), _feature("a", 41)
    )
    plans = _ndjson(tmp_path / "p.ndjson", _feature("plan", 41.0))
    assert screen(notices=notices, plans=plans) == 4
    told = capfd.readouterr()
    assert told.out == "", "the second was left out"
    assert (
        f"{notices}:3: The feature 'a' in line 3: its `id` stands already in line 1"
        in (told.err)
    )


def test_a_packed_file_is_read_as_its_content(tmp_path, capfd):
    """`.gz` after the name; a packed file that was cut short is said to be."""
    packed = tmp_path / "n.ndjson.gz"
    packed.write_bytes(gzip.compress(json.dumps(_feature("near", 40.0)).encode()))
    plans = _ndjson(tmp_path / "p.ndjson", _feature("plan", 40.0))
    assert screen(notices=packed, plans=plans) == 1
    assert json.loads(capfd.readouterr().out)["notice"] == "near"
    packed.write_bytes(packed.read_bytes()[:-12])
    with pytest.raises(Unreadable, match="cannot be read"):
        screen(notices=packed, plans=plans)


def test_plans_that_end_too_early_leave_no_file_of_rows(tmp_path):
    """Rows are there whole or not at all."""
    notices = _ndjson(tmp_path / "n.ndjson", _feature("near", 40.0))
    packed = tmp_path / "p.ndjson.gz"
    whole = gzip.compress(json.dumps(_feature("plan", 40.0)).encode())
    packed.write_bytes(whole[:-12])
    with pytest.raises(Unreadable):
        screen(notices=notices, plans=packed, out=tmp_path / "rows.ndjson")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "n.ndjson",
        "p.ndjson.gz",
    ]


def test_a_map_shows_what_was_met_and_nothing_else(tmp_path, capfd):
    """Plans, the notices they meet, and no notice more; foreign text is escaped."""
    notices = _geojson(
        tmp_path / "n.geojson",
        _feature("<b>near</b>", 40.0),
        _feature("far away", 9),
        _line("road", 40.0),
        _square("yard", 40.0),
    )
    plans = _ndjson(
        tmp_path / "p.ndjson", _feature("plan & co", 40.0), _feature("quiet", 50.0)
    )
    page = tmp_path / "map.html"
    assert screen(notices=notices, plans=plans, map=page) == 1
    text = page.read_text("utf-8")
    assert "&lt;b&gt;near&lt;/b&gt;" in text
    assert "<b>" not in text
    assert "plan &amp; co" in text
    assert "quiet" in text
    assert "road" in text
    assert "yard" in text
    assert "far away" not in text
    assert "Left out" not in text
    assert "<script" not in text
    assert re.findall(r"(?:src|href|url)\s*[=(]", text) == []
    assert "default-src 'none'" in text
    capfd.readouterr()


def test_a_map_says_what_it_leaves_out(tmp_path, capfd, monkeypatch):
    """A page that cannot show all says how much it shows."""
    monkeypatch.setattr(collected, "MOST_ROWS", 3)
    monkeypatch.setattr(collected, "MOST_UNMET", 1)
    notices = _ndjson(
        tmp_path / "n.ndjson", *(_feature(f"n{k}", 40.0) for k in range(4))
    )
    plans = _ndjson(
        tmp_path / "p.ndjson",
        *(_feature(f"p{k}", 40.0) for k in range(2)),
        *(_feature(f"q{k}", 70.0) for k in range(2)),
    )
    screen(notices=notices, plans=plans, map=tmp_path / "map.html")
    text = (tmp_path / "map.html").read_text("utf-8")
    assert "of 8 pairs only the first 3 are shown, of 1 plans" in text
    assert "of 2 plans that meet nothing only 1 are drawn" in text
    assert len(capfd.readouterr().out.splitlines()) == 8


def test_a_map_of_nothing_located_says_so(tmp_path, capfd):
    """Without any place there is a table and no drawing."""
    lost = _feature("lost", 40.0)
    del lost["properties"]["radius_m"]
    lost["geometry"] = None
    notices = _ndjson(tmp_path / "n.ndjson", _feature("near", 40.0))
    plans = _ndjson(tmp_path / "p.ndjson", lost)
    screen(notices=notices, plans=plans, map=tmp_path / "map.html")
    text = (tmp_path / "map.html").read_text("utf-8")
    assert "Nothing is located that could be drawn." in text
    assert "plan lost" in text
    capfd.readouterr()


def test_nothing_is_lost_between_bad_features(tmp_path, capfd):
    """Every feature is screened or told as bad, whatever stands around it."""
    good = [_feature(f"n{k}", 40.0) for k in range(40)]
    lines = [json.dumps(one) for one in good]
    for k, spoilt in enumerate(
        ["", "{", "[1]", '{"type":"Feature"}', lines[0][:-9], '"', "\ufeff", "null"]
    ):
        lines.insert(4 * k, spoilt)
    notices = tmp_path / "n.ndjson"
    notices.write_text("\r\n".join(lines), encoding="utf-8")
    plans = _ndjson(tmp_path / "p.ndjson", _feature("plan", 40.0))
    assert screen(notices=notices, plans=plans, at=At(json=True)) == 4
    told = capfd.readouterr()
    assert [json.loads(line)["notice"] for line in told.out.splitlines()] == [
        one["id"] for one in good
    ]
    summary = json.loads(told.err.splitlines()[-1])
    assert (summary["notices"], summary["bad_features"]) == (40, 6)
