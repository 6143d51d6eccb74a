"""The form of a notice: the fields of its kind, its extent, and what is wrong at each.

Without scripts, as the node reads what a browser sends; one test drives a browser.
"""

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from browser.desks import desk
from clearline.model.notice_details import MovementDetails, SiteDetails
from clearline.model.places import Circle
from clearline.model.shapes import Corridor, Polygon

WHEN = {"start": "2031-03-01T14:00", "end": "2031-03-01T18:00Z"}
CONTACTS = {
    f"contact.number.{at}": f"+1 555 010{at}" for at in range(4)
} | {
    "contact.bearer.0": "satellite", "contact.bearer.1": "mobile",
    "contact.bearer.2": "landline", "contact.bearer.3": "internet",
    "contact.always.2": "1", "contact.always.3": "1",
}  # fmt: skip
MOVING = CONTACTS | {
    "kind": "movement",
    "what": "Convoy of six trucks",
    "movement.mode": "road",
    "movement.purpose": "medical supplies",
    "movement.people": "12",
    "movement.armed_escort": "no",
    "movement.vehicles": "truck, truck, car",
    "half_width_m": "500",
    "late_min": "10",
    "stop.where.0": "35.52 N 39.62 E",
    "stop.at.0": "2031-03-01T14:00",
    "stop.where.1": "35.44 N 39.90 E",
    "stop.at.1": "2031-03-01 15:00",
    "stop.stays.1": "30",
    "stop.name.1": "Depot",
    "stop.where.2": "35.336 N 40.14 E",
    "stop.at.2": "2031-03-01T17:00Z",
}


def press(node, button, **said):
    """Send the form as a browser without scripts does, and read what comes back."""
    token, session = node.service.tokens.begin("duty", "password", "screen")
    with node.anybody() as client:
        client.cookies.set("clearline_session", token)
        said = {"id": "n-1", "csrf": session.csrf, **said, **button}
        answer = client.post(
            "/notices/new",
            content=urlencode(said, doseq=True),
            headers={
                "content-type": "application/x-www-form-urlencoded",
                "accept": "text/html",
            },
            follow_redirects=True,
        )
    return answer.text


def look(node, **said):
    """Press Look it over."""
    return press(node, {}, **said)


def file(node, **said):
    """Press File it."""
    return press(node, {"file": "1"}, **said)


def filed(node):
    """Return the newest revision of the only notice there is, in either log."""
    with node.service.own.log.looking_at_both() as view:
        (notice,) = view.notices.values()
    return notice.revision


def at(html, name):
    """Return what is said wrong at a field."""
    # Names and figures stand in elements of their own: taken out, a fault is one.
    html = re.sub(r'<(span|bdi)(?! class="wrong)[^>]*>([^<]*)</\1>', r"\2", html)
    found = re.findall(rf'id="wrong-{re.escape(name)}-\d+">(.*?)</span>', html)
    return " ".join(re.sub("<[^>]+>", "", one) for one in found)


def test_a_movement_is_its_stops_with_their_times(node):
    """A corridor with passages; a name where it stays; numbers sealed, in order."""
    html = file(node, **MOVING)
    assert "revision" in html, at(html, "form")
    revision = filed(node)
    assert isinstance(revision.shape, Corridor)
    assert revision.shape.half_width_m == 500
    stays = [one.dwell_for.total_seconds() / 60 for one in revision.shape.passages]
    assert stays == [0, 30, 0]
    details = revision.details
    assert isinstance(details, MovementDetails)
    assert [(one.at, one.name) for one in details.stops] == [(1, "Depot")]
    assert details.armed_escort is False
    assert len(details.vehicles) == 3
    assert [one.is_day_and_night for one in details.contacts] == [False] * 2 + [
        True
    ] * 2
    assert revision.personal.phones is not None


def test_what_is_wrong_with_a_stop_is_said_at_its_row(node):
    """All of it at once, nothing typed is lost, and nothing is filed."""
    wrong = MOVING | {"stop.where.1": "no such place", "stop.at.2": "soon"}
    html = file(node, **wrong)
    assert "no such place" in at(html, "stop.1")
    assert "is no time" in at(html, "stop.2")
    assert at(html, "stop.0") == ""
    assert 'value="no such place"' in html
    with node.service.node.looking() as view:
        assert list(view.notices.values()) == []


def test_times_that_run_backwards_are_said_at_the_stops(node):
    """What no convoy can drive is refused with its figures."""
    html = look(node, **(MOVING | {"stop.at.2": "2031-03-01T14:30"}))
    assert "backwards" in at(html, "stops")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("end", "2031-03-01 25:00", "is no time"),
        ("buffer_m", "wide", "is no number"),
        ("movement.people", "many", "is no number"),
        ("half_width_m", "x", "is no number"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field(node, name, value, said):
    """The field says it, and is marked as wrong for a screen reader."""
    html = look(node, **(MOVING | {name: value}))
    assert said in at(html, name)
    assert re.search(rf'name="{re.escape(name)}"[^>]*aria-invalid="true"', html)


def test_a_site_is_asked_what_a_site_is_asked(node):
    """Function, names, marking, how it was measured; a circle about the place."""
    said = CONTACTS | WHEN | {
        "kind": "site", "what": "A hospital", "where": "35.33590 N 40.14080 E",
        "where_again": "35°20'09.24\"N 40°08'26.88\"E",
        "radius_m": "150", "site.function": "health", "site.name_en": "City Hospital",
        "site.name_local": "المستشفى", "site.is_function_now": "yes",
        "site.organisation": "Relief",
        "site.measured.accuracy_m": "5", "site.measured.method": "a receiver",
        "site.measured.by": "survey", "site.marking.is_seen_by_night": "no",
        "site.occupants": "about 200", "site.admin.names": "North, Riverside",
    }  # fmt: skip
    html = file(node, **said)
    assert "revision" in html, re.findall("wrong[^<]*<", html)
    revision = filed(node)
    details = revision.details
    assert isinstance(details, SiteDetails)
    assert (details.function, details.name_local) == ("health", "المستشفى")
    assert details.is_function_now is True
    assert details.marking.is_seen_by_night is False
    assert details.marking.is_seen_by_day is None
    assert isinstance(revision.where.footprint, Circle)
    assert revision.where.footprint.radius_m == 150


def test_lines_are_the_corners_of_an_area_or_a_route(node):
    """One position on each line, in any form that is read."""
    corners = "35.33 N 40.12 E\n35.34 N 40.28 E\n37S FV 069 053"
    said = WHEN | {"kind": "activity", "what": "clearance", "where": corners}
    assert "three corners" in at(
        look(node, **(said | {"as": "area", "where": corners[:16]})), "where"
    )
    file(node, **said, **{"as": "area", "activity.type": "clearance"})
    revision = filed(node)
    assert isinstance(revision.shape, Polygon)
    assert len(revision.shape.outer) == 3
    assert revision.details.type == "clearance"


def test_a_position_tells_nobody(node):
    """It is kept in the own log, and the form says so before it goes."""
    said = WHEN | {"kind": "position", "what": "second company", "position.unit": "two"}
    said |= {"where": "35.3359 N 40.1408 E"}
    html = look(node, **said)
    assert "stays in a log of your own" in html
    file(node, **said)
    assert filed(node).details.unit == "two"
    with node.service.node.looking() as view:
        assert list(view.notices.values()) == []


def test_the_fields_follow_the_kind_without_a_script(browser, node):
    """A choice of kind shows its own fields; more stops are a press away."""
    with desk(browser, node, "duty", java_script_enabled=False) as page:
        page.goto("/notices/new")
        site = page.locator("[name='site.name_en']")
        legs = page.locator("[name^='stop.where']")
        expect(site).to_be_hidden()
        page.get_by_role("radio", name="site").check()
        expect(site).to_be_visible()
        expect(legs.first).to_be_hidden()
        page.get_by_role("radio", name="movement").check()
        expect(site).to_be_hidden()
        legs.first.fill("37S FV 069 053")
        page.get_by_role("button", name="More stops").click()
        expect(legs).to_have_count(6)
        expect(legs.first).to_have_value("37S FV 069 053")


def test_an_area_is_pointed_at_with_the_keys_alone(browser, node):
    """Enter writes where the cross stands, as text; that text is what is filed."""
    with desk(browser, node, "duty") as page:
        page.goto("/notices/new?kind=activity")
        page.locator("[name=as]").select_option("area")
        slot, where = page.locator("#map-slot"), page.locator("[name=where]")
        expect(slot).to_have_attribute("data-frames", re.compile("."))
        slot.focus()
        for key in ("+", "+", "Enter", "ArrowRight", "Enter", "ArrowDown", "Enter"):
            page.keyboard.press(key)
        corner = r"\d+\.\d{5} [NS] \d+\.\d{5} [EW]"
        expect(where).to_have_value(re.compile(rf"^({corner}\n){{2}}{corner}$"))
        page.keyboard.press("Backspace")
        expect(where).to_have_value(re.compile(rf"^{corner}\n{corner}$"))
        page.keyboard.press("Enter")
        page.locator("[name=end]").fill(WHEN["end"])
        page.locator("[name=what]").fill("clearance")
        page.get_by_role("button", name="File it").click()
        expect(page.locator(".callhead")).to_contain_text("revision 1")
    assert isinstance(filed(node).shape, Polygon)
