"""`import` and `export` at a node: what is printed, and with which exit code."""

import json
import os
import subprocess
import sys

import openpyxl
import pytest

from api.nodes import running
from api.test_files import _sheet, _site
from clearline.model.notices import LEGAL_LINE
from clearline.model.parties import PersonId, Strength


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Run a node, signed in at as a duty officer, and give what runs a command."""
    folder = tmp_path_factory.mktemp("desk")
    with running(folder / "data") as served:
        token, _ = served.service.tokens.begin(
            PersonId("lina"), Strength.PASSWORD, "command line"
        )
        kept = folder / "state" / "clearline"
        kept.mkdir(parents=True)
        session = {"token": token, "person": "lina", "authority": None}
        (kept / "sessions.json").write_text(json.dumps({served.url: session}))

        def run(*words):
            return subprocess.run(
                [sys.executable, "-P", "-m", "clearline", *words],
                cwd=folder,
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
                env=os.environ
                | {
                    "PYTHONPATH": os.pathsep.join(sys.path),
                    "XDG_STATE_HOME": str(folder / "state"),
                },
            )

        yield folder, served.url, run


def test_a_sheet_goes_in_and_its_mistakes_come_back_in_it(desk):
    """0 where all was taken, 4 where some was, 2 where nothing was."""
    folder, url, run = desk
    good, bad = _site("C1"), _site("C2", function="castle")
    (folder / "s.xlsx").write_bytes(_sheet(good, bad))
    nothing = run("import", "s.xlsx", "--node", url)
    assert nothing.returncode == 2, nothing
    assert "s.xlsx:3: function: 'castle' is not on the list." in nothing.stderr
    assert "NOTHING WAS FILED" in nothing.stdout
    some = run("import", "s.xlsx", "--rows", "--marked", "m.xlsx", "--node", url)
    assert some.returncode == 4, some
    assert some.stdout.startswith("2 rows: 1 filed, 0 amended")
    assert LEGAL_LINE in some.stdout
    sheet = openpyxl.load_workbook(folder / "m.xlsx").worksheets[0]
    cells = [cell.value for row in sheet.iter_rows() for cell in row]
    assert any("'castle' is not on the list" in str(cell) for cell in cells)
    said = run("import", "s.xlsx", "--rows", "--json", "--node", url)
    assert json.loads(said.stdout)["unchanged"] == 1


def test_what_leaves_is_named_with_what_it_leaves_out(desk):
    """Nothing is lost in silence, on a terminal either."""
    folder, url, run = desk
    (folder / "t.xlsx").write_bytes(_sheet(_site("C9")))
    assert run("import", "t.xlsx", "--node", url).returncode == 0
    done = run("export", "--kind", "site", "--out", "own.kml", "--node", url)
    assert done.returncode == 0, done
    assert "numbers, plates and names: they are sealed" in done.stdout
    assert LEGAL_LINE in (folder / "own.kml").read_text()
    again = run("import", "own.kml", "--json", "--node", url)
    assert (again.returncode, json.loads(again.stdout)["amended"]) == (0, 0)


def test_shapes_of_a_map_come_back_as_a_sheet_to_complete(desk):
    """A pin says where; the sheet asks for the rest."""
    folder, url, run = desk
    (folder / "pins.kml").write_text(
        '<kml><Placemark id="P1"><name>Clinic</name><Point><coordinates>40.2,35.2'
        "</coordinates></Point></Placemark></kml>"
    )
    done = run("import", "pins.kml", "--marked", "pins.xlsx", "--node", url)
    assert done.returncode == 2, done
    sheet = openpyxl.load_workbook(folder / "pins.xlsx").worksheets[0]
    cells = [str(cell.value) for cell in sheet[2]]
    assert "Clinic" in cells
    assert any("Contact 1: by" in cell for cell in cells)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("import", "gone.kml"), "cannot be read"),
        (("import", "any.xlsx", "--tell", ":exact"), "names no desk"),
        (("import", "any.xlsx", "--set", "x"), "sets nothing"),
        (("export", "--template", "site", "--out", "t.kml"), "no kml"),
        (("tak", "nowhere"), "names no server"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_sent(desk, words, says):
    """Exit code 2, in three sentences."""
    folder, url, run = desk
    (folder / "any.xlsx").write_bytes(_sheet(_site("C9")))
    more = () if "--template" in words else ("--node", url)
    done = run(*words, *more)
    assert done.returncode == 2, done
    assert says in done.stderr
