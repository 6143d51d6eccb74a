"""Files go in and out by the pages, with no script: chosen, tried, taken, corrected."""

import io
import re
import time

import openpyxl
import pytest

from api.nodes import running
from api.test_console_faults import looking
from clearline.exchange.formats import FileFormat
from clearline.exchange.layouts import LAYOUTS
from clearline.exchange.sheets import write_rows
from clearline.model.notices import NoticeKind

_EXAMPLE = {one.key: one.example for one in LAYOUTS[NoticeKind.SITE] if one.example}


def site(ref, **more):
    """Make a row of a sheet that is right, but for what is given."""
    return _EXAMPLE | {"ref": ref, "valid_from": "", "valid_until": ""} | more


def sheet(*rows):
    """Write rows as a sheet."""
    return write_rows(NoticeKind.SITE, rows, FileFormat.XLSX)


@pytest.fixture(scope="module")
def lina(tmp_path_factory):
    """Be a duty officer whose browser runs no scripts."""
    with (
        running(tmp_path_factory.mktemp("node") / "data") as served,
        looking(served, "lina") as client,
    ):
        yield client


def hidden(page):
    """Return the hidden fields of the form that takes files in."""
    form = page.text[page.text.index('enctype="multipart/form-data"') :]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


def send(client, name, data, **said):
    """Send the form with a file, and look at the page it leads to until it is over."""
    fields = hidden(client.get("/files")) | {"rows": "whole", "do": "file"} | said
    page = client.post(
        "/files", data=fields, files={"file": (name, data)}, follow_redirects=True
    )
    assert page.status_code == 200, page.text
    while "data-again" in page.text:
        time.sleep(0.02)  # the file is filed beside; a browser asks again like this
        page = client.get(str(page.url))
    return page


def test_a_sheet_is_tried_and_then_taken_in(lina):
    """Trying files nothing; the same file then is filed, and told apart on its page."""
    data = sheet(site("P1-a"), site("P1-b", latitude="35.40000", place=""))
    tried = send(lina, "sites.xlsx", data, do="try")
    assert "TRIAL: nothing is filed" in tried.text
    taken = send(lina, r"C:\of somebody\sites.xlsx", data)
    assert "<h1><bdi>sites.xlsx</bdi>" in taken.text
    assert re.search(r"filed</dt><dd><bdi[^>]*>2<", taken.text)


def test_mistakes_come_back_as_the_same_sheet(lina):
    """All or nothing files nothing; row by row the rest; each mistake has its row."""
    data = sheet(site("P2-a"), site("P2-b", latitude="95.1", function="castle"))
    refused = send(lina, "sites.xlsx", data)
    assert "NOTHING WAS FILED" in refused.text
    assert "&#39;castle&#39; is not on the list." in refused.text
    some = send(lina, "sites.xlsx", data, rows="each")
    assert re.search(r"filed</dt><dd><bdi[^>]*>1<", some.text)
    at = re.search(r'href="(/files/[^"]+/sheet)"', some.text)
    answer = lina.get(at.group(1))
    assert "attachment" in answer.headers["content-disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    said = [str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row]
    assert any("'castle' is not on the list" in one for one in said)


def test_what_is_refused_is_said_in_the_readers_language(lina):
    """An Arabic reader reads what is wrong in Arabic, and their words as they wrote."""
    data = sheet(site("P3-a", function="castle", radius_m="wide"))
    fields = {"accept-language": "ar"}
    before = dict(lina.headers)
    lina.headers.update(fields)
    try:
        page = send(lina, "sites.xlsx", data)
    finally:
        lina.headers.update({"accept-language": before.get("accept-language", "en")})
    assert "لم يُقدَّم شيء" in page.text
    assert "ليس في القائمة" in page.text
    assert "is not on the list" not in page.text


def test_no_file_and_no_form_are_said_above_the_form(lina):
    """What was not chosen, or broke off on the way, files nothing and says so."""
    fields = hidden(lina.get("/files"))
    page = lina.post("/files", data=fields, files={"file": ("", b"")})
    assert page.status_code == 400
    assert "No file was chosen." in page.text
    cut = b'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n1\r\n--x'
    kind = {"content-type": "multipart/form-data; boundary=x"}
    broken = lina.post("/files", content=cut, headers=kind)
    assert broken.status_code == 400
    assert "it breaks off" in broken.text


def test_the_same_form_sent_twice_takes_the_file_once(lina):
    """A form that is pressed twice leads to the one import."""
    fields = hidden(lina.get("/files")) | {"rows": "whole", "do": "file"}
    files = {"file": ("sites.xlsx", sheet(site("P5-a")))}
    led = [lina.post("/files", data=fields, files=files) for _ in range(2)]
    assert led[0].headers["location"] == led[1].headers["location"]
    other = {"file": ("sites.xlsx", sheet(site("P5-b")))}
    assert lina.post("/files", data=fields, files=other).status_code == 409


def test_templates_and_files_of_our_own_are_handed_out(lina):
    """An empty sheet, a map file of ours; a sheet of what others told is refused."""
    send(lina, "sites.xlsx", sheet(site("P6-a")))
    empty = lina.get("/files/template?kind=movement&form=csv")
    assert "movement.csv" in empty.headers["content-disposition"]
    ours = lina.get("/files/out?what=site&form=geojson")
    assert ours.headers["content-type"] == "application/geo+json"
    assert "P6-a" in ours.text
    refused = lina.get("/files/out?what=told&form=xlsx")
    assert refused.status_code == 400
    assert "A sheet holds one&#39;s own sites" in refused.text
