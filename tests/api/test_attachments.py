"""Files of notices are checked alike by the API, the console and a terminal."""

import base64
import re

import pytest

from api.test_console_faults import looking
from api.test_notices import NOTICES, PNG, a_convoy, a_site, consent, files
from clearline.adapters.attachments import NotAnAttachment
from clearline.cli.notice import read_files
from clearline.wire.forms.notices import LONGEST_FILE

PDF = b"%PDF-1.7 a route"
REFUSED = {
    "empty": b"",
    "a program": b"MZ\x90\0",
    "a page": b"<html><script>",
    "too long": PDF + bytes(LONGEST_FILE),
}


def given(client, data, name="roof.png"):
    """Add a file by the API."""
    content = base64.b64encode(data).decode()
    return client.post("/api/v1/files", json={"name": name, "content": content})


@pytest.mark.parametrize(
    "said",
    [
        {"media_type": "text/html"},
        {"bytes_long": 9},
        {"sha256": "0" * 64},
        {"sha256": "../ledger.sqlite"},
    ],
)
def test_a_file_is_named_as_its_bytes_are(shared, said):
    """Another kind, length or hash than was added is a fault at its field."""
    with shared.as_person("lina") as lina:
        named = {**given(lina, PNG).json(), **said}
        refused = lina.post(NOTICES, json=a_site("s-named", attached=[named]))
    assert refused.status_code == 422
    fields = [one["field"] for one in refused.json()["faults"]]
    assert "attached[0].sha256" in fields


def test_a_photo_of_a_vehicle_nobody_added_is_warned_of_and_one_added_is_given(shared):
    """It is a file of the notice as any other is."""
    with shared.as_person("lina") as lina, shared.as_person("chief") as chief:
        photo = given(lina, PNG + b"\0").json()["sha256"]
        form = a_convoy("c-photo")
        form["consents"] = [{**consent("exact")[0], "desk": "south-hq"}]
        form["details"]["vehicles"] = [{"type": "lorry", "photo": "ab" * 32}]
        warned = lina.post("/api/v1/notice-checks", json=form).json()["faults"]
        assert "details.vehicles[0].photo" in [one["field"] for one in warned]
        form["details"]["vehicles"][0]["photo"] = photo
        said = files(lina, form)
        assert "details.vehicles[0].photo" not in [
            one["field"] for one in said["faults"]
        ]
        got = chief.get(f"{NOTICES}/c-photo/files/{photo}")
        assert got.headers["content-type"] == "image/png"


def test_a_file_is_named_by_who_gave_it_or_may_see_it_and_by_no_other(
    shared,
):
    """To whoever knows only its hash it is as one that is not here."""
    with shared.as_person("lina") as lina, shared.as_person("chief") as chief:
        theirs = given(lina, PNG + b"theirs").json()
        assert files(lina, a_site("s-theirs", attached=[theirs]))
        naming = a_site("s-mine", attached=[theirs])
        refused = chief.post(NOTICES, json=naming)
        unknown = chief.post(
            NOTICES, json=a_site("s-mine", attached=[{**theirs, "sha256": "0" * 64}])
        )
        assert refused.status_code == unknown.status_code == 422
        assert refused.json()["faults"] == unknown.json()["faults"]
        assert given(chief, PNG + b"theirs").json() == theirs  # had it all along
        assert files(chief, naming)
        told = a_site("s-told", attached=[given(lina, PNG + b"told").json()])
        told |= {"tells": ["south-hq"]}
        told["consents"] = [{**consent("exact")[0], "desk": "south-hq"}]
        assert files(lina, told)
        assert files(chief, a_site("s-again", attached=told["attached"]))


# --- the console --------------------------------------------------------------


SITE = {
    "kind": "activity",
    "what": "a clearance",
    "where": "35.336 N 40.14 E",
    "radius_m": "100",
    "start": "2031-03-01T14:00",
    "end": "2031-03-01T18:00",
}


def press(served, sent, **said):
    """Send the form of a notice with files, as a browser does, and read the page."""
    token, session = served.service.tokens.begin("lina", "password", "screen")
    with looking(served, "lina") as client:
        client.cookies.set("clearline_session", token)
        form = {"id": "n-files", "csrf": session.csrf, **SITE, **said}
        return client.post(
            "/notices/new",
            data=form,
            files=[(f"file.{at}", one) for at, one in enumerate(sent)],
            follow_redirects=True,
        )


def test_the_console_takes_files_keeps_them_while_it_is_filled_in_and_files_them(node):
    """Chosen once, they stay named in the form; the bytes are the notice's."""
    looked = press(node, [("дорога.pdf", PDF), ('a"b.png', PNG)])
    assert "дорога.pdf" in looked.text
    kept = re.findall(r'name="attached" value="([^"]+)"', looked.text)
    assert len(kept) == 2
    kept = [one.replace("&#34;", '"').replace("&amp;", "&") for one in kept]
    page = press(node, [], attached=kept, file="1")
    assert page.url.path == "/notices/n-files"
    with node.service.node.looking() as view:
        (notice,) = view.notices.values()
    assert {one.name for one in notice.revision.attached} == {"дорога.pdf", 'a"b.png'}
    for one in notice.revision.attached:
        assert node.service.attachments.read(one.sha256) in (PDF, PNG)
        assert f"/files/{one.sha256}" in page.text


@pytest.mark.parametrize("why", REFUSED)
def test_the_console_refuses_what_the_api_refuses_at_its_field(node, why):
    """Nothing is filed, and nothing kept; the form stays as it was."""
    name = "nothing.png" if why == "empty" else "thing.png"
    sent = [(name, REFUSED[why])]
    page = press(node, sent, file="1")
    assert page.status_code == 200
    assert 'id="wrong-attached-1"' in page.text
    assert "a clearance" in page.text
    assert not node.service.attachments.given()
    with node.service.node.looking() as view:
        assert next(iter(view.notices.values()), None) is None


def test_a_form_with_too_much_in_it_is_refused(node):
    """Some megabytes, and no more is read."""
    big = [(f"{at}.pdf", PDF + bytes(650_000)) for at in range(8)]
    assert press(node, big).status_code == 413


# --- a terminal -----------------------------------------------------------------


@pytest.mark.parametrize("why", REFUSED)
def test_a_terminal_refuses_it_before_anything_is_sent(tmp_path, why):
    """By the same check; the node makes it again."""
    path = tmp_path / "thing.png"
    path.write_bytes(REFUSED[why])
    with pytest.raises(NotAnAttachment):
        read_files((path,))
