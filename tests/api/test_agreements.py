"""Agreements over HTTP and on the console's page, by the two that are in one."""

import re

import httpx
import msgspec
import pytest

from api.nodes import running
from api.test_conflicts import HOUR, NORTH, SOUTH, Filed
from api.test_console_in_arabic import english_in, looking
from clearline.model.commands import Advance
from clearline.model.instants import Window, write_instant
from clearline.model.notices import ActivityDetails, Precision
from notice_forms import SITE

WIDE = {"other": "north", "margins": [{"buffer_m": 2_000, "buffer_s": 72_000}]}
EXACT = Precision.EXACT


@pytest.fixture
def filed(tmp_path):
    """A hospital both know of, and a plan twelve hours after its visit is over."""
    with running(tmp_path / "data") as served:
        served.service._loading.join()
        filed = Filed(served)
        filed.file("hospital", NORTH, SITE, {"south-ops": EXACT})
        start = filed.now + 60 * HOUR
        window = Window(start=start, end=start + HOUR)
        filed.file(
            "plan", SOUTH, ActivityDetails(type="strike"), {"north-ops": EXACT}, window
        )
        yield filed


def conflicts(filed, person="duty"):
    """What a person's party knows of."""
    with filed.node.as_person(person) as client:
        return client.get("/api/v1/conflicts").json()["items"]


def settle(filed):
    """Wait until what is due is done and screened."""
    node = filed.node.service.node
    node.runner.ask(Advance(waiting="agreement A-1")).result(10)
    assert filed.own.screener.settle()


def test_proposed_read_confirmed_and_in_force(filed):
    """What would follow is what follows; a conflict names the agreement it rests on."""
    with (
        filed.node.as_person("director") as south,
        filed.node.as_person("lina") as north,
    ):
        seen = south.post("/api/v1/agreements/preview", json=WIDE).json()
        assert seen["needs_confirmation"]
        assert [(one["plan"], one["notice"]) for one in seen["meets"]] == [
            ("plan", "hospital")
        ]
        assert south.get("/api/v1/agreements").json()["items"] == []
        made = south.post("/api/v1/agreements", json=WIDE)
        assert made.status_code == 201
        assert (made.json()["id"], made.json()["waits"]) == ("A-1", 1)
        assert conflicts(filed) == []
        assert north.get("/api/v1/agreements/A-1/preview").json()["meets"]
        said = north.post("/api/v1/agreements/A-1/confirm", json={"version": 1})
        assert (said.json()["state"], said.json()["in_force"]) == ("in force", 1)
        settle(filed)
        (found,) = conflicts(filed)
        assert "of agreement A-1" in found["why"]
        read = south.get(f"/api/v1/conflicts/{found['id']}").json()
        assert read["ways_out"]
        assert all("of agreement A-1" in way["says"] for way in read["ways_out"])
        ends = north.get("/api/v1/agreements/A-1/preview?ends=true").json()
        assert [one["notice"] for one in ends["parts"]] == ["hospital"]


def test_nobody_else_sees_it(filed):
    """To a third party there is no agreement, whatever its number."""
    with filed.node.as_person("director") as south:
        south.post("/api/v1/agreements", json=WIDE)
    with filed.node.as_person("observer") as monitor:
        assert monitor.get("/api/v1/agreements").json()["items"] == []
        assert monitor.get("/api/v1/agreements/A-1").status_code == 404


@pytest.mark.parametrize("is_there", [True, False])
def test_looking_ahead_finds_nothing_that_was_not_told(tmp_path, is_there):
    """The preview of the widest buffer is the same with and without a hidden site."""
    with running(tmp_path / "data") as served:
        served.service._loading.join()
        filed = Filed(served)
        if is_there:
            filed.file("hidden", NORTH, SITE)
            other = msgspec.structs.replace(SITE, ref="another")
            filed.file("coarse", NORTH, other, {"south-ops": Precision.COARSE})
        filed.plan(tells={"north-ops": EXACT})
        given = {"other": "north", "margins": [{"buffer_m": 100_000}]}
        with served.as_person("director") as south:
            seen = south.post("/api/v1/agreements/preview", json=given).json()
    seen.pop("as_of")
    assert seen == {
        "needs_confirmation": True,
        "meets": [],
        "parts": [],
        "keeps": [],
        "more": 0,
        "plans": 1,
        "is_all": True,
    }


def test_what_cannot_be_agreed_is_refused(filed):
    """With oneself, with nobody, about nothing, for a time that is over."""
    with filed.node.as_person("director") as south:
        for given in (
            WIDE | {"other": "south"},
            WIDE | {"other": "nobody"},
            {"other": "north"},
            WIDE | {"until": write_instant(filed.now)},
        ):
            for path in ("/api/v1/agreements", "/api/v1/agreements/preview"):
                assert south.post(path, json=given).status_code in (404, 409, 422), (
                    given
                )


def page_of(filed, person, language="en") -> httpx.Client:
    """A browser with scripts off, signed in."""
    client = looking(filed.node, person)
    client.headers["accept-language"] = language
    client.follow_redirects = True
    return client


def press(client, path, fields):
    """Send a form, and again with all it then holds, as a second press does."""
    csrf = re.search(r'data-csrf="([^"]*)"', client.get("/agreements").text)[1]
    first = client.post(path, data=fields | {"csrf": csrf})
    held = dict(
        re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', _note(first))
    )
    return first, lambda: client.post(path, data=held | {"csrf": csrf, "sure": "1"})


def _note(page):
    found = re.search(r'<section class="panel note".*?</section>', page.text, re.DOTALL)
    assert found, page.text
    return found[0]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_two_desks_agree_on_the_page_without_scripts(filed, language):
    """Looked at first and done second, by one side and then the other, and ended."""
    typed = {
        "other": "north",
        "metres1": "2000",
        "minutes1": "1200",
        "actions1": "strike",
        "kind1": "site",
        "days": "90",
        "alone": "wider",
    }
    pages = []
    with page_of(filed, "director", language) as south:
        seen, sure = press(south, "/agreements/proposed", typed)
        assert "hospital" in _note(seen)
        pages += [seen, sure()]
    assert "A-1" in pages[-1].text
    with page_of(filed, "lina", language) as north:
        given = {"agreement": "A-1", "version": "1"}
        seen, sure = press(north, "/agreements/confirmed", given)
        pages += [seen, sure()]
        settle(filed)
        assert len(conflicts(filed)) == 1
        pages += [north.get(f"/conflicts/{conflicts(filed, 'lina')[0]['id']}")]
        wrong = {"agreement": "A-1", "version": "7", "sure": "1"}
        csrf = re.search(r'data-csrf="([^"]*)"', north.get("/agreements").text)[1]
        pages += [north.post("/agreements/confirmed", data=wrong | {"csrf": csrf})]
    with page_of(filed, "admin", language) as admin:
        pages += [admin.get("/admin"), admin.get("/agreements")]
        seen, sure = press(
            admin, "/agreements/ended", {"agreement": "A-1", "why": "anew"}
        )
        assert "hospital" in _note(seen)
        pages += [seen, sure()]
    with filed.node.as_person("duty") as south:
        read = south.get("/api/v1/agreements/A-1").json()
    assert (read["state"], read["ended_by"]) == ("in force", "north")
    assert read["versions"][0]["kept_for_days"] == 90
    if language == "ar":
        assert [english_in(page.text) for page in pages] == [[]] * len(pages)
