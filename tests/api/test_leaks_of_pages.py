"""No page, file or text says more than was disclosed: the faces beside the API.

The same two worlds: without a hidden site and position, and with them. Every screen of
the console by address, every format of file, and whoever is rung or told anything: what
no ring is made for, no text message, mail, voice or outbox can carry.
"""

import io
import re
import zipfile

from msgspec.structs import replace

from api.test_leaks import HIDDEN, NORTH, World, world
from clearline.exchange.formats import SHEETS, FileFormat
from clearline.model.entries import CALL_ACTS, PeerTold, Rang
from clearline.model.notice_details import PositionDetails
from clearline.web.console.serving import PAGES
from clearline.wire.entries import read_entry
from notice_forms import SITE

__all__ = ["world"]

OK = 200
LOOK = ("nobody", "duty", "chief", "auditor", "observer")
"""Everybody who might be shown a page; none of the owner's own people."""

LEFT_OUT = ("/ledger", "/replay", "/cards")
"""Screens that say how long the first log is, lead through it, or hold none of it."""

_MOVES = re.compile(
    r'data-(?:size|as-of|now)="[^"]*"'
    r'|<input type="hidden" name="(?:once|id|csrf)" value="[^"]*">'
    r'|<svg class="track axis".*?</svg>'  # the hours of the clock
    r"|\d+(?:\.\d+)?%"  # where on it something stands
    r"|\d+h\d\d"  # how long it is until then
    r"|name <bdi[^>]*>[0-9a-f]{8}</bdi>"  # by which a page that was refused is found
    r"|\d{4}-\d\d-\d\dT[\d:.]+Z|\d\d:?\d\d(?::?\d\d)?Z?",
    re.DOTALL,
)
"""What follows from the clock, the length of the first log, or from having asked."""


def pages(world: World):
    """Read every screen, as everybody, about what is hidden and what is not."""
    said = {}
    for page in PAGES:
        if page.path.startswith(LEFT_OUT):
            continue
        names = re.findall(r"{\w+(?::path)?}", page.path)
        filled = [*HIDDEN, "plan", "hospital"] if names else [""]
        for value in filled:
            path = re.sub(r"{\w+(?::path)?}", value, page.path)
            for viewer in LOOK:
                got = world.clients[viewer].get(path)
                said[viewer, path] = got.status_code, _opened(got.content)
    for viewer in LOOK:
        for asked in ("hidden", "Other", "N-18", "hospital"):
            got = world.clients[viewer].get("/find", params={"q": asked})
            said[viewer, "find", asked] = got.status_code, _still(got.text)
    return said


def files(world: World):
    """Take every format of file away, of one's own and of what was told."""
    said = {}
    for viewer in LOOK:
        for form in FileFormat:
            for of in ("own", "told"):
                asked = {"of": of} | ({"kind": "site"} if form in SHEETS else {})
                got = world.clients[viewer].get(f"/api/v1/exports/{form}", params=asked)
                said[viewer, form, of] = got.status_code, _opened(got.content)
    return said


def _still(text: str) -> str:
    """Leave out what moves by itself."""
    return _MOVES.sub("~", text)


def _opened(data: bytes) -> str:
    """Read a file, unpacked where it is packed, without the time it was made."""
    if not data.startswith(b"PK"):
        return _still(data.decode("utf-8", "replace"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "\n".join(
            f"{name}\n{_still(archive.read(name).decode('utf-8', 'replace'))}"
            for name in sorted(archive.namelist())
        )


def hide(world: World):
    """File what nobody is told of: a site, and a position at the plan."""
    world.file("hidden-site", NORTH, replace(SITE, ref="N-18", name_en="Other"))
    world.file("hidden-post", NORTH, PositionDetails())


def test_no_screen_of_the_console_moves(world):
    """Nor does finding: by its name, its number or its id."""
    before = pages(world)
    assert sum(code == OK for code, _ in before.values()) > len(before) // 3
    hide(world)
    after = pages(world)
    assert [asked for asked in before if before[asked] != after[asked]] == []


def test_its_owner_is_shown_it(world):
    """The test above can fail: to its owner the same screens and files do say it."""
    hide(world)
    with world.node.as_person("lina") as lina:
        assert "hidden-post" in lina.get("/plans").text
        assert "hidden-site" in lina.get("/notices/hidden-site").text
        assert "N-18" in lina.get("/api/v1/exports/geojson").text


def test_no_file_of_any_format_moves(world):
    """One's own, and what one was told: the same rows, drawn the same."""
    before = files(world)
    assert sum(code == OK for code, _ in before.values()) >= len(FileFormat)
    hide(world)
    after = files(world)
    assert [asked for asked in before if before[asked] != after[asked]] == []


def test_nobody_but_its_owner_is_rung_or_told_anything(world):
    """No ring, no telling, nothing to a peer: so no SMS, mail or voice can say it."""
    service = world.node.service
    size = service.node.log.size
    hide(world)
    told = [entry.act for entry in _entries(service.node, size)]
    assert not [act for act in told if isinstance(act, (*CALL_ACTS, PeerTold))]
    own = [entry.act for entry in _entries(service.own.node, 0)]
    rung = {
        made.person for act in own if isinstance(act, Rang) for made in act.attempts
    }
    assert rung == {"lina"}


def _entries(node, first):
    return [read_entry(payload) for _, payload in node.log.read(first, node.log.size)]
