"""Whoever reads Arabic reads Arabic: each page, and each way of being refused."""

import re
from html.parser import HTMLParser

import httpx
import pytest

from api.nodes import running
from browser.desks import have, raise_call
from clearline.model.calls import Kind
from mapped import area, file

PAGES = (
    *("/", "/stop", "/call", "/sheets", "/roster", "/lines", "/ledger", "/more"),
    *("/secrets", "/cards", "/voice", "/plans", "/notices/new", "/cases", "/admin"),
    "/agreements",
    *("/calls/c1", "/calls/c2", "/calls/c4", "/notices/H-204", "/notices/C-001"),
    *("/find?q=the+airfield", "/find?q=nothing", "/calls/none", "/conflicts/none"),
    *("/nowhere", "/sheets/none", "/replay/none", "/files", "/files/none"),
    "/replay/log",
)
FORMS = (
    ("/notices/new", {"where": "37S 069 053", "start": "tomorrow"}),
    ("/notices/new", {"where": "the mill", "what": "x", "buffer_m": "much"}),
    (
        "/notices/new",
        {"where": "35.28, 40.17", "what": "x", "end": "2026-01-01T10:00", "kind": "x"},
    ),
    ("/notices/new", {"where": "the mill", "what": "x", "end": "2020-01-01T10:00"}),
    ("/notices/new", {"where": "35.3359 N 40.1408 E", "what": "x", "kind": "site"}),
    (
        "/notices/new",
        {"where": "35.3359 N 40.1408 E", "what": "x", "kind": "site", "file": "1"},
    ),
    ("/notices/H-204/answer", {"answer": "perhaps"}),
    ("/notices/none/answer", {"answer": "acknowledged"}),
    ("/places/reading", {"text": "9 km south of the airfield"}),
    ("/places/reading", {"text": "35.28, 40.17"}),
    ("/call", {"kind": "SHOUT"}),
    ("/call", {"kind": "RELEASE", "of": "none", "to": "north-ops"}),
    ("/calls/c2/answer", {"answer": "WILCO"}),
    ("/calls/c1/answer", {"answer": "UNABLE"}),
    ("/calls/c1/answer", {"answer": "maybe"}),
    ("/calls/c1/withdraw", {"why": ""}),
    ("/calls/c1/renew", {"minutes": "soon"}),
    ("/calls/c1/renew", {"minutes": "10"}),
    ("/calls/c1/close", {"why": ""}),
    ("/calls/c1/pass-on", {"desk": "north-ops"}),
    ("/calls/c1/read-back", {"said.where": "36.2854 N 40.1760 E"}),
    ("/roster/take", {"role": "commander", "hours": "4000"}),
    ("/secrets/password", {"now": "wrong", "secret": "short"}),
    ("/lines/check", {"to": "nowhere"}),
    ("/conflicts/none/talk", {}),
    ("/agreements/confirmed", {"agreement": "A-9"}),
)
IN_ARABIC = {"accept": "text/html", "accept-language": "ar"}
CODED = re.compile(
    r"(?<![A-Za-z])(?:STOP|HOLD|RELEASE|WARN|QUERY|LINE|CHECK|WILCO|UNABLE|STANDBY|AFFIRM|ROGER"
    r"|NEGATIVE|ACK|FLASH|IMMEDIATE|PRIORITY|ROUTINE|UTC|MGRS|PIN|RELEASED?|clearline"
    r"|Shift|Enter|Esc|Tab|CEASED|SMS|HTML|Ctrl-C)(?![A-Za-z])"
)
THEIRS = frozenset({"bdi", "time", "kbd", "script", "style", "option", "textarea"})


class Reader(HTMLParser):
    """Gather what a reader of Arabic reads that is neither theirs nor figures."""

    def __init__(self):
        """Begin with nothing read."""
        super().__init__()
        self.left: list[str] = []
        self._theirs: list[str] = []

    def handle_starttag(self, tag, attributes):
        """Go into what is isolated, or is in another language on purpose."""
        said = dict(attributes)
        is_english = said.get("lang") == "en"
        is_choice = said.get("action") == "/choices/language"
        if is_english and not self._theirs and not (tag == "a" and "href" in said):
            self.left.append(f"<{tag} lang=en>")
        is_theirs = self._theirs or tag in THEIRS or is_choice or is_english
        if is_theirs and tag not in ("input", "br", "link", "meta"):
            self._theirs.append(tag)

    def handle_endtag(self, tag):
        """Leave it."""
        if self._theirs and tag in self._theirs:
            while self._theirs.pop() != tag:
                pass

    def handle_data(self, data):
        """Keep what is left of Latin letters; a term may stand within Arabic."""
        bare = CODED.sub("", data)
        is_arabic = re.search("[\u0621-\u064a]", bare)
        english = r"[A-Za-z]{2,}[ ,]+[A-Za-z]{2,}" if is_arabic else "[A-Za-z]{3,}"
        if not self._theirs and re.search(english, bare):
            self.left.append(data.strip())


def english_in(html: str) -> list[str]:
    """Return what a page says in English."""
    reader = Reader()
    body = re.sub(r"<details><summary>[^<]*الإنجليزية.*?</details>", "", html)
    reader.feed(body[max(0, body.find("<body")) :])
    return reader.left


@pytest.fixture(scope="module")
def arabic(tmp_path_factory):
    """Run a node where much has happened, and look at it in Arabic."""
    with running(tmp_path_factory.mktemp("node") / "data") as served:
        raise_call(served, "lina", id_="c1")
        raise_call(served, "lina", Kind.WARN, where="", what="...", id_="c2")
        raise_call(served, "duty", Kind.HOLD, to="north-ops", where="", id_="c4")
        have(served, "duty", "c1")
        file(served, "H-204")
        file(served, "C-001", consents=())
        area(served)
        area(served, "K-7", person="duty", tells=(), consents=())
        served.service._loading.join()
        assert served.service.own.screener.settle()
        yield served


def looking(served, person="duty") -> httpx.Client:
    """Look at the pages as a person does who reads Arabic."""
    client = served.as_person(person)
    client.headers.update(IN_ARABIC)
    token = client.headers.pop("authorization").removeprefix("Bearer ")
    client.cookies.set("clearline_session", token)
    return client


def test_no_page_has_an_english_sentence(arabic):
    """Names, figures and what people wrote aside, all of it is Arabic."""
    found = {}
    with looking(arabic) as duty, looking(arabic, "admin") as admin:
        seen = [(duty, path) for path in PAGES] + [(admin, "/admin")]
        met = set(re.findall(r'href="(/conflicts/[^"]+)"', duty.get("/plans").text))
        assert met
        seen += [(duty, path) for path in met]
        for who, path in seen:
            page = who.get(path)
            assert 'lang="ar"' in page.text, path
            if left := english_in(page.text):
                found[path] = left
    assert found == {}


def test_no_refusal_is_in_english(arabic):
    """What did not happen, why and what to do are said to the reader."""
    found = {}
    with looking(arabic) as client:
        csrf = re.search(r'data-csrf="([^"]*)"', client.get("/").text)[1]
        for path, typed in FORMS:
            page = client.post(path, data=typed | {"csrf": csrf})
            if left := english_in(page.text):
                found[path, str(typed)] = left
    assert found == {}


def test_signing_in_is_refused_in_arabic(arabic):
    """Nobody has to read English to learn that a secret was wrong."""
    with arabic.anybody() as nobody:
        nobody.headers.update(IN_ARABIC)
        page = nobody.post("/sign-in", data={"person": "duty", "secret": "wrong"})
    assert page.status_code == 401
    assert english_in(page.text) == []
