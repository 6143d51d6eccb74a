"""The page of a notice says how far it is, who looked through it, and who was told."""

import re

import httpx
import pytest

from api.test_notices import a_convoy, a_site, files

PATIENCE_S = 60.0
"""How long a page is waited for on a busy machine; never how long it takes."""


def at_screen(served, person) -> httpx.Client:
    """Look at the pages as somebody at a screen does."""
    client = served.as_person(person)
    client.timeout = PATIENCE_S
    token = client.headers.pop("authorization").removeprefix("Bearer ")
    client.cookies.set("clearline_session", token)
    return client


def presses(client, path, **typed) -> str:
    """Send a form of a notice's page; return the page it leads to."""
    csrf = re.search(r'data-csrf="([^"]*)"', client.get("/").text)[1]
    said = client.post(path, data=typed | {"csrf": csrf}, follow_redirects=True)
    return re.sub(r"<[^>]+>", "", said.text)


def test_a_convoy_is_followed_at_a_screen(shared):
    """Departed, late with its reason, arrived, how it went; all of it with its time."""
    with shared.as_person("lina") as api, at_screen(shared, "lina") as lina:
        files(api, a_convoy("life-1"))
        page = "/notices/life-1"
        assert "Nothing was reported yet" in lina.get(page).text
        presses(lina, f"{page}/life", state="departed")
        said = presses(
            lina,
            f"{page}/life",
            state="delayed",
            where="35.1000N 40.0000E",
            expected="2031-03-01T15:20",
            detail="a tyre",
        )
        assert "departed" in said
        assert "35.1000N 40.0000E" in said
        assert "a tyre" in said
        presses(lina, f"{page}/life", state="arrived")
        said = presses(
            lina, f"{page}/outcome", outcome="impeded", detail="held an hour"
        )
        assert "held an hour" in said
        assert "completed" in said
        told = api.get("/api/v1/notices/life-1").json()
    assert [one["state"] for one in told["moves"]] == ["departed", "delayed", "arrived"]
    assert told["notice"]["outcome"]["outcome"] == "impeded"


def test_a_notice_comes_back_with_what_to_correct_and_is_forwarded(shared):
    """The desk it goes through has the buttons; its owner reads why, and who knows."""
    with (
        shared.as_person("lina") as api,
        at_screen(shared, "lina") as lina,
        at_screen(shared, "observer") as observer,
        at_screen(shared, "duty") as duty,
    ):
        files(api, a_site("life-2", through="monitor-ops"))
        page = "/notices/life-2"
        assert "Nobody was told." in lina.get(page).text
        assert duty.get(page).status_code == 404
        presses(observer, f"{page}/route", routing="returned", why="which building?")
        assert "which building?" in lina.get(page).text
        presses(observer, f"{page}/route", routing="forwarded", to="south-ops")
        assert "coarsely" in re.sub(r"\s+", " ", lina.get(page).text)
        assert "/route" not in duty.get(page).text


@pytest.mark.parametrize(
    ("path", "typed", "wrong"),
    [
        ("life", {"state": "flown"}, "no choice"),
        ("life", {"state": "delayed", "expected": "soon"}, "no time"),
        ("outcome", {"outcome": ""}, "no choice"),
        ("route", {"routing": "kept"}, "no choice"),
    ],
)
def test_what_no_page_offers_is_refused(shared, path, typed, wrong):
    """It is said on the page, and nothing is recorded."""
    with shared.as_person("lina") as api, at_screen(shared, "lina") as lina:
        name = "-".join(("life", path, *typed))  # each its own
        files(api, a_convoy(name))
        assert wrong in presses(lina, f"/notices/{name}/{path}", **typed)
        assert api.get(f"/api/v1/notices/{name}").json()["moves"] == []


def test_harm_to_a_notice_is_reported_from_its_page(shared):
    """The form of a harm report knows which notice it is about."""
    with shared.as_person("lina") as api, at_screen(shared, "lina") as lina:
        files(api, a_site("life-4"))
        assert '"/cases?notice=life-4"' in lina.get("/notices/life-4").text
        assert 'name="notice" value="life-4"' in lina.get("/cases?notice=life-4").text
