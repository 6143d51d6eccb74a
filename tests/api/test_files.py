"""Files go in and out over the API: whole or row by row, with mistakes in the sheet."""

import base64
import io
import time
from datetime import timedelta

import openpyxl
import pytest

from clearline.exchange.formats import FileFormat
from clearline.exchange.layouts import LAYOUTS, WRONG_AR, WRONG_EN
from clearline.exchange.sheets import write_rows
from clearline.model.entries import PartySet
from clearline.model.handing import NoticesHandedOut
from clearline.model.notices import LEGAL_LINE, NoticeKind
from clearline.model.parties import Party, PartyId, Standing

_EXAMPLE = {one.key: one.example for one in LAYOUTS[NoticeKind.SITE] if one.example}
_MOVE = {one.key: one.example for one in LAYOUTS[NoticeKind.MOVEMENT] if one.example}


def _site(ref, **more):
    return _EXAMPLE | {"ref": ref, "valid_from": "", "valid_until": ""} | more


def _sheet(*rows, form=FileFormat.XLSX, kind=NoticeKind.SITE):
    return write_rows(kind, rows, form)


def _import(client, name, data, **more):
    """Send a file in and wait until it is dealt with."""
    body = {"name": name, "data": base64.b64encode(data).decode(), **more}
    answer = client.post("/api/v1/imports", json=body)
    assert answer.status_code == 202, answer.text
    return _until_over(client, answer.json())


def _until_over(client, found):
    while found["ended_at"] is None and found["state"] != "waiting":
        time.sleep(0.02)  # the file is filed beside; nothing tells when it is done
        answer = client.get(f"/api/v1/imports/{found['id']}")
        assert answer.status_code == 200, answer.text
        found = answer.json()
    return found


@pytest.fixture
def lina(shared):
    """Be a duty officer of a humanitarian participant."""
    with shared.as_person("lina") as client:
        yield client


def test_a_sheet_is_filed_and_read_again_changes_nothing(lina):
    """The same sheet twice is the same notices."""
    data = _sheet(_site("T1-a"), _site("T1-b", latitude="35.40000", place=""))
    first = _import(lina, "sites.xlsx", data)
    assert (first["state"], first["filed"], first["refused"]) == ("done", 2, [])
    assert first["legal_note"] == LEGAL_LINE
    again = _import(lina, "sites.xlsx", data)
    assert (again["state"], again["filed"], again["unchanged"]) == ("done", 0, 2)


def test_nothing_of_a_sheet_is_filed_where_one_row_is_wrong(lina):
    """All or nothing means nothing; the mistakes say which row and which field."""
    data = _sheet(_site("T2-a"), _site("T2-b", latitude="95.1", radius_m="wide"))
    found = _import(lina, "sites.xlsx", data)
    assert (found["state"], found["filed"]) == ("refused", 0)
    assert {(one["row"], one["column"]) for one in found["refused"]} == {
        (3, "latitude"),
        (3, "radius_m"),
    }
    good = _import(lina, "sites.xlsx", _sheet(_site("T2-a")))
    assert good["filed"] == 1  # nobody had filed it


def test_row_by_row_takes_what_is_right(lina):
    """The rest comes back in the same sheet, with what is wrong beside it."""
    rows = [_site("T3-a"), _site("T3-b", function="castle"), _site("T3-c", place="x y")]
    found = _import(lina, "sites.xlsx", _sheet(*rows), is_whole=False)
    assert (found["state"], found["filed"]) == ("done", 2)
    answer = lina.get(f"/api/v1/imports/{found['id']}/sheet")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = book.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    wrong = headings.index(f"{WRONG_EN}\n{WRONG_AR}")
    said = [row[wrong].value for row in sheet.iter_rows(min_row=2)]
    assert said[0] is None
    assert "'castle' is not on the list" in said[1]
    assert LEGAL_LINE in headings[-1]


@pytest.mark.parametrize("first", ["add", "remove"])
def test_adding_and_removing_never_stand_in_one_file(lina, first):
    """The row that asks for something else says so, and nothing is filed."""
    other = "remove" if first == "add" else "add"
    rows = [_site("T4-a", request=first), _site("T4-b", request=other)]
    found = _import(lina, "sites.csv", _sheet(*rows, form=FileFormat.CSV))
    assert found["state"] == "refused"
    said = {one["row"]: one["what"] for one in found["refused"]}
    if first == "add":
        assert "one file asks for one of them only" in said[3]
    assert found["filed"] == 0


def test_amending_and_removing_go_by_the_owners_number(lina):
    """A sheet corrects what a sheet filed, and takes it back."""
    _import(lina, "a.xlsx", _sheet(_site("T5")))
    changed = _import(
        lina, "b.xlsx", _sheet(_site("T5", request="amend", radius_m="9"))
    )
    assert changed["amended"] == 1
    gone = _import(lina, "c.xlsx", _sheet({"ref": "T5", "request": "remove"}))
    assert gone["withdrawn"] == 1
    unknown = _import(lina, "d.xlsx", _sheet(_site("T5-x", request="amend")))
    assert "No notice of yours" in unknown["refused"][0]["what"]


def test_a_formula_is_a_mistake_and_is_never_written(lina):
    """Nothing in a sheet is computed, here or in the copy that comes back."""
    book = openpyxl.load_workbook(io.BytesIO(_sheet(_site("T6"))))
    cell = next(c for c in book.worksheets[0][2] if c.value == _EXAMPLE["name_en"])
    cell.value = '=HYPERLINK("http://127.0.0.1:9/","x")'
    out = io.BytesIO()
    book.save(out)
    found = _import(lina, "sites.xlsx", out.getvalue())
    assert "formula" in found["refused"][0]["what"]
    copy = lina.get(f"/api/v1/imports/{found['id']}/sheet").content
    cells = openpyxl.load_workbook(io.BytesIO(copy)).worksheets[0]
    assert all(c.data_type != "f" for row in cells.iter_rows() for c in row)


def test_two_ways_of_telling_that_are_two_places_are_refused(lina):
    """The founding mistake, in a sheet: the line checks it before anybody is told."""
    found = _import(lina, "s.xlsx", _sheet(_site("T7", place="37S FU 0700 9630")))
    assert found["state"] == "refused"
    assert "two places" in found["refused"][0]["what"]


def test_movements_come_by_sheet(lina, shared):
    """Places with times, vehicles whose plates are sealed."""
    day = shared.service.node.clock.read().at + timedelta(days=1)
    times = {
        "place_1_at": f"{day:%Y-%m-%d} 06:00",
        "place_2_at": f"{day:%Y-%m-%d} 09:30",
    }
    found = _import(
        lina,
        "moves.xlsx",
        _sheet(_MOVE | {"ref": "M1", **times}, kind=NoticeKind.MOVEMENT),
    )
    assert (found["kind"], found["filed"], found["refused"]) == ("movement", 1, [])


def test_a_trial_files_nothing(lina):
    """What would be refused is known before anybody is told."""
    data = _sheet(_site("T8"))
    assert _import(lina, "s.xlsx", data, is_trial=True)["filed"] == 0
    assert _import(lina, "s.xlsx", data)["filed"] == 1


def test_what_left_as_kml_comes_back_as_it_was(lina):
    """A file that nobody changed amends nothing."""
    _import(lina, "s.xlsx", _sheet(_site("T9")))
    answer = lina.get("/api/v1/exports/kml", params={"kind": "site"})
    assert answer.status_code == 200, answer.text
    assert LEGAL_LINE.encode() in answer.content
    again = _import(lina, "s.kml", answer.content, is_whole=False)
    assert again["amended"] == 0
    assert again["refused"] == []
    assert again["unchanged"] == int(answer.headers["x-clearline-count"])


@pytest.mark.parametrize("form", ["kml", "kmz", "geojson", "ndjson", "cot"])
def test_every_format_leaves_with_the_legal_line_and_an_entry(lina, shared, form):
    """Whoever opens a file reads it; whoever reads the log finds the file."""
    _import(lina, "s.xlsx", _sheet(_site(f"T10-{form}")))
    size = shared.service.node.log.size
    answer = lina.get(f"/api/v1/exports/{form}")
    assert answer.status_code == 200
    if form != "kmz":
        assert LEGAL_LINE.encode() in answer.content
    entries = shared.service.entries(range(size, shared.service.node.log.size))
    acts = [entry.act for _, entry in entries]
    (act,) = [act for act in acts if isinstance(act, NoticesHandedOut)]
    assert act.form == form
    assert act.own >= 1


def test_nothing_of_others_leaves_that_was_not_told(lina, shared):
    """A desk that was told nothing gets nothing; one that was told coarsely, cells."""
    told = _site("T11", recipients="south-ops: exact", consent_by="the owner")
    assert _import(lina, "s.xlsx", _sheet(told, _site("T11-x")))["filed"] == 2
    with shared.as_person("observer") as other:
        answer = other.get("/api/v1/exports/geojson", params={"of": "told"})
        assert answer.json()["features"] == []
        assert other.get("/api/v1/exports/geojson").json()["features"] == []
    with shared.as_person("duty") as duty:
        answer = duty.get("/api/v1/exports/geojson", params={"of": "told"})
        features = answer.json()["features"]
        assert [one["properties"]["owner"] for one in features] == ["north"]
        # In a list even an exactly told site leaves by its cell.
        assert features[0]["geometry"]["type"] == "Polygon"
        assert b"40.15" not in answer.content
        event = duty.get("/api/v1/exports/cot", params={"of": "told"})
        assert b'lat="35.3333"' in event.content
        assert b"+000" not in event.content


def test_positions_come_in_to_the_own_log_and_leave_in_no_file(shared):
    """Where one's own people are stands in no log that is mirrored, and in no file."""
    kml = (
        b'<kml><Placemark id="own-1"><name>patrol</name><Point><coordinates>40.3,35.3'
        b"</coordinates></Point></Placemark></kml>"
    )
    with shared.as_person("duty") as duty:
        size = shared.service.node.log.size
        found = _import(duty, "own.kml", kml, kind="position")
        assert (found["filed"], found["refused"]) == (1, [])
        assert shared.service.node.log.size == size
        for of in ("own", "told"):
            answer = duty.get("/api/v1/exports/cot", params={"of": of})
            assert b"patrol" not in answer.content
            assert b"40.3" not in answer.content


def test_a_sheet_of_what_others_told_is_not_made(lina):
    """Sheets are one's own."""
    answer = lina.get("/api/v1/exports/xlsx", params={"of": "told", "kind": "site"})
    assert answer.status_code == 400


def test_a_template_has_lists_notes_and_an_example_that_is_not_read(lina):
    """What is handed out empty can be handed in filled."""
    answer = lina.get("/api/v1/templates/site")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = book.worksheets[0]
    assert sheet.data_validations.dataValidation
    assert sheet["A1"].comment is not None
    assert LEGAL_LINE in book["Notes"]["A1"].value
    found = _import(lina, "t.xlsx", answer.content)
    assert (found["examples"], found["total"]) == (1, 0)


def test_another_desks_import_is_not_there(lina, shared):
    """Who imports what is nobody else's."""
    found = _import(lina, "s.xlsx", _sheet(_site("T12")))
    with shared.as_person("duty") as duty:
        for path in ("", "/sheet"):
            answer = duty.get(f"/api/v1/imports/{found['id']}{path}")
            assert answer.status_code == 404


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.kml", b'<!DOCTYPE k [<!ENTITY a "b">]><kml/>'),
        ("x.xlsx", b"PK\3\4broken"),
        ("x.csv", b"a,b,c\n1,2,3\n"),
        ("x.doc", b"hello"),
        ("x.geojson", b"[]"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_and_no_fault(lina, name, data):
    """Hostile or broken, it is answered in one shape: nothing filed, and what next."""
    found = _import(lina, name, data)
    assert (found["state"], found["filed"]) == ("refused", 0)
    (said,) = found["refused"]
    assert said["row"] == 0
    assert said["next"]
    assert "fault of ours" not in said["what"]


def test_sites_in_a_file_are_approved_by_another_of_the_party(node):
    """Whoever gave it cannot; a stranger finds nothing; another looks, and files it."""
    act = PartySet(
        party=Party(
            id=PartyId("north"),
            name="north",
            standing=Standing.PARTICIPANT,
            needs_two_to_file=True,
        )
    )
    node.enter(act)
    with node.as_person("lina") as lina, node.as_person("admin") as second:
        found = _import(lina, "s.xlsx", _sheet(_site("T31")))
        assert (found["state"], found["filed"], found["by"]) == ("waiting", 0, "lina")
        path = f"/api/v1/imports/{found['id']}"
        assert lina.post(f"{path}/approval", json={}).status_code == 403
        with node.as_person("duty") as stranger:
            assert stranger.get(path).status_code == 404
            assert stranger.post(f"{path}/approval", json={}).status_code == 404
            assert stranger.get("/api/v1/imports").json()["items"] == []
        listed = second.get("/api/v1/imports").json()["items"]
        assert [one["id"] for one in listed] == [found["id"]]
        assert second.get(f"{path}/sheet").status_code == 200
        answer = second.post(f"{path}/approval", json={})
        assert answer.status_code == 202, answer.text
        done = _until_over(second, answer.json())
        assert (done["state"], done["filed"]) == ("done", 1)
        assert (done["by"], done["approved_by"]) == ("lina", "admin")
        assert second.post(f"{path}/approval", json={}).status_code == 404
        other = _import(lina, "s.xlsx", _sheet(_site("T32")))
        path = f"/api/v1/imports/{other['id']}"
        assert second.delete(path).status_code == 204
        assert second.delete(path).status_code == 404
        assert lina.get(path).json()["state"] == "refused"
