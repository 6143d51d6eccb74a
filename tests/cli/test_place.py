"""`clearline place` prints what was understood, and its exit code says how many."""

import io
import json

import pytest

from clearline.adapters.gazetteer import InstalledGazetteer
from clearline.cli import main
from clearline.cli.place import place
from clearline.cli.place_map import NotWritten
from clearline.model.errors import BadInput

AIRFIELD = "Deir ez-Zor (airfield)=35.2854,40.1760"
CITY = "Deir ez-Zor (city)=35.3333,40.1500"


@pytest.fixture(autouse=True)
def _no_landmarks(monkeypatch):
    """No place of the gazetteer stands in what is compared here."""
    not_made = property(lambda _: False)
    monkeypatch.setattr(InstalledGazetteer, "is_made", not_made)


def test_one_reading_is_written_in_every_form(capsys):
    """One reading: exit 0, every form no finer than deserved, and how to say it."""
    assert place("37S FV 069 053") == 0
    assert capsys.readouterr().out == (
        "MGRS 37S FV 069 053: the centre of a 100 m MGRS cell, half its diagonal as "
        "precision, so within 71 m.\n"
        "   decimal 35.286 N 40.176 E\n"
        "   dms     35°17.1'N 40°10.6'E\n"
        "   ddm     35°17.1'N 40°10.6'E\n"
        "   packed  3517.1N04010.6E\n"
        "   mgrs    37S FV 069 053\n"
        "   utm     37 north 607000 mE 3905300 mN ±100 m\n"
        "   geo     geo:35.286,40.176;u=71\n"
        "   say     tree seven sierra, foxtrot victor, zero six niner, zero fife tree\n"
    )


def test_several_readings_are_listed_to_choose_from(capsys):
    """Several readings: exit 3, numbered, none preferred in silence."""
    assert place("35.2854, 40.1760") == 3
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "2 readings; choose one:"
    assert lines[1].startswith("1. 35.2854° N, 40.1760° E")
    assert any(line.startswith("2. 40.1760° N, 35.2854° E") for line in lines)


def test_no_reading_says_why_on_the_error_stream(capsys):
    """No reading: exit 2, and what to ask, away from what scripts read."""
    with pytest.raises(SystemExit) as end:
        main(["place", "37S 069 053"])
    assert end.value.code == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Which 100 km square?" in captured.err
    assert "Ask for the two letters" in captured.err


def test_machines_get_one_object(capsys):
    """The JSON has the documented keys, and the middle and reach of a vague place."""
    code = place(
        "3 to 6 km southwest of Deir ez-Zor", origin=(AIRFIELD, CITY), json=True
    )
    assert code == 3
    answer = json.loads(capsys.readouterr().out)
    assert answer["ambiguous"] is True
    first, second = answer["readings"]
    assert first["origin"] == "Deir ez-Zor (airfield)"
    assert second["origin"] == "Deir ez-Zor (city)"
    assert first["format"] == "bearing_range"
    assert first["lat"] == pytest.approx(35.2567, abs=1e-3)
    assert first["lon"] == pytest.approx(40.1410, abs=1e-3)
    assert first["precision_m"] == pytest.approx(3_022, abs=5)
    assert first["footprint"]["type"] == "sector"
    assert "true north assumed" in first["understood"]
    assert answer["apart_m"][0][0] == 0.0
    assert answer["apart_m"][0][1] == answer["apart_m"][1][0] > 1_000.0


def test_machines_get_a_point_as_it_is(capsys):
    """A point has its own precision, and no origin where none was used."""
    assert place("35.2854 N 40.1760 E", json=True) == 0
    (reading,) = json.loads(capsys.readouterr().out)["readings"]
    assert (reading["lon"], reading["lat"]) == (40.176, 35.2854)
    assert reading["precision_m"] == 11.13
    assert "origin" not in reading
    assert reading["written"]["mgrs"] == "37S FV 069 053"


def test_machines_get_the_reason_too(capsys):
    """No reading in JSON: an empty list and the problem's sentences; still exit 2."""
    assert place("hello", json=True) == 2
    captured = capsys.readouterr()
    answer = json.loads(captured.out)
    assert answer["readings"] == []
    assert answer["ambiguous"] is False
    assert answer["error"]["title"].startswith("'hello' is no form of place")
    assert answer["unlocated"] == "hello"
    assert answer["error"]["exit_code"] == 2
    assert answer["error"]["next"]
    assert captured.err == ""


def test_a_place_near_the_pole_has_its_own_grid(capsys):
    """Beyond the numbered zones the polar grid is written, and no UTM."""
    assert place("89.50 N 10.00 E") == 0
    out = capsys.readouterr().out
    assert "   mgrs    Z AG 0 4\n" in out
    assert "utm" not in out


def test_a_rough_place_is_spelled_in_packed_figures(capsys):
    """Where no grid cell is as coarse as the place, packed figures are said."""
    assert place("35 N 40 E") == 0
    assert "say     tree fife november zero fower zero echo" in capsys.readouterr().out


def test_a_place_is_spelled_in_the_alphabets_asked_for(capsys):
    """Each --alphabet is a line of its own; one nobody knows is refused."""
    assert place("37S FV 069 053", alphabet=("icao", "ru")) == 0
    out = capsys.readouterr().out
    assert "   say     tree seven sierra" in out
    assert "   say ru  три семь sierra" in out
    with pytest.raises(BadInput, match="no spelling alphabet 'xx'"):
        place("37S FV 069 053", alphabet=("xx",))


def test_a_place_is_said_from_two_named_places(capsys):
    """Bearing and distance from the two nearest origins; each names its rival."""
    place("35.2522 N 40.1500 E", origin=(AIRFIELD, CITY), json=True)
    (reading,) = json.loads(capsys.readouterr().out)["readings"]
    assert reading["bearings"] == [
        "4.4 km at 213° true from Deir ez-Zor (airfield), not from Deir ez-Zor (city)",
        "9.0 km at 180° true from Deir ez-Zor (city), not from Deir ez-Zor (airfield)",
    ]


def test_several_lines_come_in_on_standard_input(capsys, monkeypatch):
    """With - the lines are read from standard input, and each line is shown."""
    lines = "35.2854 N 40.1760 E\n35.2500 N 40.1500 E\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    assert place("-", json=True) == 0
    (reading,) = json.loads(capsys.readouterr().out)["readings"]
    assert reading["format"] == "lines"
    assert reading["footprint"]["type"] == "corridor"
    assert [line["lat"] for line in reading["lines"]] == [35.2854, 35.25]
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    assert place("-") == 0
    assert "line 2: 35.2500° N" in capsys.readouterr().out


def test_a_text_may_begin_with_a_minus(capsys):
    """A southern latitude is no option of the command."""
    with pytest.raises(SystemExit) as end:
        main(["place", "-35.2854 -40.1760", "--json"])
    assert end.value.code == 3
    first, _ = json.loads(capsys.readouterr().out)["readings"]
    assert first["lat"] == -35.2854


@pytest.mark.parametrize(
    ("told", "against", "code", "verdict", "slips"),
    [
        ("37S FV 069 053", "35.2854 N 40.1760 E", 0, "agree", []),
        (
            "9 km due south of Deir ez-Zor airfield",
            "3 to 6 km southwest of Deir ez-Zor airfield",
            1,
            "disagree",
            ["rival origin"],
        ),
        (
            "40.1760 N 35.2854 E",
            "35.2854 N 40.1760 E",
            1,
            "disagree",
            ["swapped order"],
        ),
        (
            "35.2854 S 40.1760 E",
            "35.2854 N 40.1760 E",
            1,
            "disagree",
            ["wrong hemisphere"],
        ),
        (
            "37S FU 069 053",
            "37S FV 069 053",
            1,
            "disagree",
            ["wrong grid square"],
        ),
        ("35 N 40 E", "35.2854 N 40.1760 E", 1, "cannot_tell", []),
        ("35.2854, 40.1760", "35.2854 N 40.1760 E", 3, "cannot_tell", None),
    ],
)
def test_two_encodings_are_compared(  # noqa: PLR0917 (a row of the table)
    told, against, code, verdict, slips, capsys
):
    """--against: 0 they agree, 1 they do not or nobody can tell, 3 choose first."""
    known = (AIRFIELD, CITY)
    assert place(told, against=against, origin=known, json=True) == code
    answer = json.loads(capsys.readouterr().out)
    assert answer["verdict"] == verdict
    if slips is not None:
        (compared,) = answer["comparisons"]
        assert [found["slip"] for found in compared["findings"]] == slips
        assert all(found["says"] for found in compared["findings"])
        assert compared["separation_m"]["most"] >= compared["separation_m"]["least"]
    assert place(told, against=against, origin=known) == code
    assert "told    " in capsys.readouterr().out


@pytest.mark.parametrize(
    "origin", ["Deir ez-Zor", "X=35", "X=a,b", "X=nan,1", "X=95,10", "=35,40"]
)
def test_an_origin_that_is_none_is_refused(origin):
    """An origin without a name or a position is refused before anything is read."""
    with pytest.raises(BadInput):
        place("the airfield", origin=(origin,))


def test_origins_come_in_from_the_command_line(capsys):
    """Each --origin is one more place that bearings may start from."""
    with pytest.raises(SystemExit) as end:
        main(
            [
                "place",
                "9 km due south of the airfield",
                "--origin",
                AIRFIELD,
                "--origin",
                CITY,
            ]
        )
    assert end.value.code == 0
    assert "Deir ez-Zor (city) shares the name: 5.8 km" in capsys.readouterr().out


def test_two_encodings_that_disagree_are_drawn_on_one_map(tmp_path, capsys):
    """Both are on the page, the rival reading too, and every word is escaped."""
    path = tmp_path / "map.html"
    code = place(
        "9 km south of the airfield",
        against="3 to 6 km southwest of the airfield",
        origin=(
            "Deir ez-Zor (airfield)=35.2854,40.1760",
            "Deir <b>ez-Zor (city)=35.3333,40.1500",
            "Deir ez-Zor (city)=35.3333,40.1500",
        ),
        map=path,
    )
    page = path.read_text(encoding="utf-8")
    assert code == 1
    assert "They disagree" in capsys.readouterr().out
    assert "They disagree" in page
    assert page.count("<title>told ") >= 2
    assert "<title>against " in page
    assert "told, had it another origin" in page
    assert "<b>" not in page
    assert "<script" not in page
    assert list(tmp_path.iterdir()) == [path]


def test_a_map_that_cannot_be_written_is_said_so(tmp_path):
    """The folder that is not there is named, and nothing is left behind."""
    with pytest.raises(NotWritten, match="cannot be written"):
        place("35.2854 N 40.1760 E", map=tmp_path / "no" / "map.html")
