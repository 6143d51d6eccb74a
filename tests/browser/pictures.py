"""Take a picture of every screen in every theme, language and size, to be looked at.

    ./run test screenshots                    all of them, into build/screenshots
    ./run test screenshots -- watch ar dark   those whose names have all these words
    ./run test screenshots -- docs            those in the documentation; see `pictures`

What overlaps, is cut off, or cannot be read is a defect; no machine sees that.
"""

import io
import sys
import tempfile
import time
from base64 import b64encode
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from api.nodes import Served, running
from browser.desks import CHROMIUM, desk, have, raise_call
from clearline.exchange.formats import FileFormat
from clearline.exchange.layouts import LAYOUTS
from clearline.exchange.sheets import write_rows
from clearline.model.calls import Kind
from clearline.model.conflicts import conflict_id
from clearline.model.entries import DeskSet, PartySet
from clearline.model.instants import Duration, Window
from clearline.model.notice_details import MovementDetails, Stop
from clearline.model.notices import NoticeId, NoticeKind
from clearline.model.parties import Desk, Party, PartyId, Standing
from clearline.model.passages import Passage
from clearline.model.places import Position
from clearline.model.shapes import Corridor
from mapped import NORTH, area, consent, convoy, file

ROOT = Path(__file__).parents[2]
OUT = ROOT / "build" / "screenshots"
DOCS = ROOT / "docs" / "pictures"
IN_DOCS = {
    "roster": ("roster", "light", "en", "desk"),
    "admin": ("admin", "light", "en", "desk"),
    "arabic": ("watch", "light", "ar", "phone"),
}
"""The pictures of the documentation that the tutorial does not take, by name."""

SIZES = {
    "desk": {"viewport": {"width": 1366, "height": 820}},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "has_touch": True,
        "is_mobile": True,
        "device_scale_factor": 2,
    },
}
MET = conflict_id(NoticeId("KILO"), NoticeId("M-107"))
SCREENS = {
    "watch": ("duty", "/"),
    "watch-empty": ("controller", "/"),
    "call": ("duty", "/calls/c1"),
    "call-taken": ("duty", "/calls/c3"),
    "call-ours": ("duty", "/calls/c4"),
    "stop": ("duty", "/stop"),
    "stop-board": ("duty", "/stop/s1"),
    "new-call": ("duty", "/call"),
    "sheets": ("duty", "/sheets"),
    "sheet": ("duty", "/sheets/sheet-1"),
    "roster": ("duty", "/roster"),
    "lines": ("duty", "/lines"),
    "ledger": ("duty", "/ledger"),
    "replays": ("duty", "/replay"),
    "replay": ("duty", "/replay/deir-ez-zor-2016?play=line&step=6"),
    "replay-log": ("duty", "/replay/log"),
    "notice": ("lina", "/notices/new"),
    "notice-site": ("lina", "/notices/new?kind=site"),
    "notice-movement": ("lina", "/notices/new?kind=movement"),
    "plans": ("duty", "/plans"),
    "notice-open": ("lina", "/notices/S-014"),
    "notice-told": ("duty", "/notices/M-107"),
    "files": ("lina", "/files"),
    "file": ("lina", "/files/{import}"),
    "agreements": ("lina", "/agreements"),
    "conflict": ("duty", f"/conflicts/{MET}"),
    "cases": ("lina", "/cases"),
    "cases-put-to-us": ("duty", "/cases"),
    "case": ("lina", "/cases/ferry"),
    "case-by-time": ("lina", "/cases/ferry?by=time"),
    "case-by-place": ("lina", "/cases/ferry?by=place"),
    "case-settled": ("lina", "/cases/ferry?by=settled"),
    "case-who-knew": ("lina", "/cases/ferry?by=knowledge"),
    "case-forms": ("lina", "/cases/ferry"),
    "exercise": ("duty", "/exercise"),
    "admin": ("admin", "/admin"),
    "admin-forms": ("admin", "/admin"),
    "more": ("duty", "/more"),
    "find": ("duty", "/find?q=KILO"),
    "cards": ("duty", "/cards"),
    "card": ("duty", "/cards/operator"),
    "secrets": ("duty", "/secrets"),
    "refused": ("duty", "/admin"),
    "sign-in": (None, "/sign-in"),
    "first": (None, "/first"),
    "stop-by-voice": (None, "/stop"),
    "voice": (None, "/voice"),
    "lost": ("duty", "/"),
    "help": ("duty", "/"),
}
UNFOLDED = ("case-forms", "admin-forms")
"""The screens that are seen with every fold open: their forms stand in folds."""

PARTIES = {
    "north": ("Relief Coordination", Standing.PARTICIPANT),
    "south": ("Southern Command", Standing.PARTY),
    "monitor": ("Ceasefire Monitor", Standing.NEUTRAL),
}
NAMES = {
    "north-ops": "Relief Operations",
    "south-hq": "Southern HQ",
    "south-ops": "Southern Ops Desk",
    "south-air": "Air Control",
    "monitor-ops": "Monitor Team 4",
}


def kept_case(served: Served) -> None:
    """Keep a case in which two sides tell one thing in two ways."""
    with served.as_person("lina") as lina:
        harm = {"case": "ferry", "says": "The ferry was hit.", "call": "c1"}
        lina.post("/api/v1/harm", json=harm).raise_for_status()

        def enter(type_: str, **act: object) -> None:
            given = {"type": type_, "act": act}
            lina.post("/api/v1/cases/ferry/acts", json=given).raise_for_status()

        paper = {"id": "paper", "title": "A news agency", "date": "2026-05-05"}
        source = paper | {"kind": "press", "leaning": "none known"}
        enter("case_term_set", source=source)
        for id_ in ("north", "south"):
            voice = {"id": id_, "name": f"{id_} force", "kind": "official", "of": id_}
            enter("case_term_set", voice=voice)
        never = {"settled_by": "never", "because": "A line does not see impacts."}
        asks = {"id": "when", "asks": "When was the ferry hit?"}
        enter("case_term_set", question=asks | never)
        needs = [
            {"entry": "call_raised", "shows": "when the call was raised"},
            {"entry": "acknowledged", "shows": "who first had it and when"},
            {"entry": "ceased", "shows": "when it was reported to have ceased"},
        ]
        waited = {"id": "waited", "asks": "How long did the call wait?"}
        waited |= {"settled_by": "the times it was raised and acknowledged"}
        enter("case_term_set", question=waited | {"needs": needs})
        point = {"shape": "point", "lon": 40.176, "lat": 35.2854, "precision_m": 500}
        landing = {"id": "landing", "name": "the landing", "kind": "site"}
        landing |= {"text": "35.2854 N 40.1760 E", "where": point}
        enter(
            "case_term_set", place=landing | {"sources": ["paper"], "status": "stated"}
        )
        enter("case_referred", to="monitor", why="Both parties agreed to it.")
        told = {"what": {"is": "event"}, "sources": ["paper"], "answers": ["when"]}
        noon = {"text": "at noon", "zone": "UTC", "start": "2026-05-04T12:00:00Z"}
        one = {"id": "c-1", "says": "It was hit at noon.", "by": ["north"]}
        enter("claim_made", claim=told | one | {"time": noon})
        two = {"id": "c-2", "says": "It was hit after dark.", "by": ["south"]}
        enter("claim_made", claim=told | two | {"contradicts": ["c-1"]})
        statement = {"id": "s-1", "role": "deckhand", "pseudonym": "witness 1"}
        path = "/api/v1/cases/ferry/statements"
        lina.post(path, json=statement | {"said": "We heard two."}).raise_for_status()
        found = {"finding": "f-1", "says": "The word came late."}
        enter("finding_made", **found, parties=["north", "south"])


def staged(served: Served) -> None:
    """Put on the line what a bad hour looks like."""
    for party, (name, standing) in PARTIES.items():
        made = Party(id=PartyId(party), name=name, standing=standing)
        served.enter(PartySet(party=made))
    with served.service.node.looking() as view:
        desks = list(view.desks.values())
    for one in desks:
        made = Desk(id=one.id, party=one.party, name=NAMES[one.id], under=one.under)
        served.enter(DeskSet(desk=made))
    where = "37S FV 069 053"
    raise_call(
        served,
        "lina",
        what="Our people are under fire at the hospital gate.",
        where=where,
        id_="c1",
    )
    delayed = "Convoy M-107 is 40 min late and now inside AREA KILO."
    raise_call(served, "lina", Kind.WARN, what=delayed, where="", id_="c2")
    asked = "Is AREA KILO active from 1400Z?"
    raise_call(served, "observer", Kind.QUERY, what=asked, where="", id_="c3")
    have(served, "duty", "c3")
    held = "Movement on the east bank road."
    raise_call(
        served,
        "duty",
        Kind.HOLD,
        to="north-ops",
        what=held,
        where="35.3121 N 40.1502 E",
        id_="c4",
    )
    have(served, "lina", "c4")
    raise_call(served, "duty", to="monitor-ops", what="Drones", where="", id_="s1")
    plan = {
        "name": "day",
        "role": "duty_officer",
        "persons": ["duty", "director"],
        "zone": "UTC",
        "first": "2026-01-01T06:00:00",
        "shift_s": 43_200,
    }
    with served.as_person("admin") as admin:
        admin.put(
            "/api/v1/desks/south-ops/watch/plan", json={"rotations": [plan]}
        ).raise_for_status()
        line = {"from_desk": "north-ops", "to_desk": "south-ops", "medium": "screen"}
        admin.post("/api/v1/lines", json=line).raise_for_status()
    with served.as_person("duty") as duty:
        duty.post("/api/v1/sheets", json={"id": "sheet-1"}).raise_for_status()
        said = {
            "words": "They are shelling the clinic",
            "place": where,
            "what": "shelling",
        }
        duty.post("/api/v1/sheets/sheet-1/notes", json=said).raise_for_status()
    with served.as_person("admin") as admin:
        number = {"number": "+1 555-0100", "says": "duty telephone"}
        path = "/api/v1/desks/north-ops/numbers"
        admin.put(path, json={"numbers": [number]}).raise_for_status()
    handed_over(served)
    kept_case(served)
    planned(served)
    proposed(served)


def proposed(served: Served) -> None:
    """Let south propose an agreement that north has not answered."""
    wide = {"buffer_m": 2_000, "buffer_s": 3_600}
    with served.as_person("director") as director:
        given = {"other": "north", "margins": [wide], "kept_for_days": 90}
        director.post("/api/v1/agreements", json=given).raise_for_status()


def address(served: Served, screen: str) -> str:
    """Return where a screen is; a file is first taken in, for its reading."""
    at = SCREENS[screen][1]
    return at.format_map({"import": tried(served)}) if "{" in at else at


def tried(served: Served) -> str:
    """Try a sheet with one good row and one that is wrong; return the import's name."""
    example = {one.key: one.example for one in LAYOUTS[NoticeKind.SITE] if one.example}
    example |= {"valid_from": "", "valid_until": ""}
    rows = [example | {"ref": "S-1"}, example | {"ref": "S-2", "latitude": "north"}]
    sheet = write_rows(NoticeKind.SITE, rows, FileFormat.CSV)
    with served.as_person("lina") as lina:
        given = {"name": "sites.csv", "data": b64encode(sheet).decode()}
        answer = lina.post("/api/v1/imports", json=given | {"is_trial": True})
        found = answer.raise_for_status().json()
        while found["ended_at"] is None:
            time.sleep(0.02)  # it is read beside; nothing tells when that is done
            found = lina.get(f"/api/v1/imports/{found['id']}").json()
    return found["id"]


def handed_over(served: Served) -> None:
    """Let somebody of the desk have the watch for a while, and leave notes."""
    ends = served.service.node.clock.read().at + Duration(hours=1)
    notes = "Convoy M-107 calls in at every stop; ask for the leader.\nAir Control "
    notes += "answers by telephone only."
    with served.as_person("director") as director:
        watch = "/api/v1/desks/south-ops/watch"
        taken = {"role": "duty_officer", "until": ends.isoformat()}
        director.post(watch, json=taken).raise_for_status()
        left = {"notes": notes}
        director.post(f"{watch}/handover", json=left).raise_for_status()


def planned(served: Served) -> None:
    """Notify a hospital, a convoy with stops, and an area that the convoy meets."""
    now = served.service.node.clock.read().at.replace(second=0, microsecond=0)
    file(served, "S-014")
    path = ((39.62, 35.52), (39.90, 35.44), (40.14, 35.336), (40.30, 35.20))
    passages = tuple(
        Passage(eta=now + Duration(minutes=25 + 70 * at)) for at in range(4)
    )
    shape = Corridor(
        path=tuple(Position(lon=lon, lat=lat) for lon, lat in path),
        half_width_m=800,
        passages=passages,
    )
    ends = passages[-1].eta + Duration(minutes=20)
    convoy(
        served,
        shape=shape,
        window=Window(start=passages[0].eta, end=ends),
        details=MovementDetails(stops=(Stop(at=2, name="Depot"),)),
    )
    half = Duration(minutes=30)
    told = {"tells": (NORTH,), "consents": consent(to=NORTH)}
    soon = Window(start=now + half * 3, end=now + half * 9)
    area(served, "KILO", person="duty", window=soon, **told)
    older = Window(start=now - half, end=now + half * 4)
    convoy(served, "M-099", person="lina", window=older)
    served.service._loading.join()
    served.service.own.screener.settle()


def prepare(page: Page, screen: str) -> None:
    """Bring a page into the state its picture is of."""
    if screen in UNFOLDED:
        unfold(page)
    elif screen == "lost":
        page.clock.install()
        page.route("**/api/v1/feed*", lambda route: route.abort())
        page.goto("/")
        page.wait_for_timeout(300)
        page.clock.fast_forward(10_000)
    elif screen == "help":
        page.keyboard.press("?")
    elif screen in ("stop", "new-call"):
        page.wait_for_timeout(600)
    elif screen == "sheet":
        page.locator("[data-reads-place]").press("End")


def unfold(page: Page) -> None:
    """Open every fold of a page."""
    page.evaluate(
        "document.querySelectorAll('main details').forEach(d => d.open = true)"
    )


def picture(
    browser, served: Served, one: tuple[str, str, str, str], path: Path
) -> None:
    """Take one picture: of a screen, in a theme, a language and a size."""
    screen, theme, tag, size = one
    person, at = SCREENS[screen][0], address(served, screen)
    is_whole = path.parent == OUT and screen != "lost" and size == "desk"
    with desk(browser, served, person, **SIZES[size], reduced_motion="reduce") as page:
        base = served.url.replace("127.0.0.1", "localhost")
        page.context.add_cookies(
            [
                {"name": "clearline_theme", "value": theme, "url": base},
                {"name": "clearline_language", "value": tag, "url": base},
            ]
        )
        page.goto(at)
        page.wait_for_timeout(250)
        prepare(page, screen)
        path.write_bytes(small(page.screenshot(full_page=is_whole, scale="css")))


def small(png: bytes) -> bytes:
    """Keep a picture in few colours, a third of its size."""
    made = io.BytesIO()
    taken = Image.open(io.BytesIO(png)).convert("RGB")
    taken.quantize(96, dither=Image.Dither.NONE).save(made, "PNG", optimize=True)
    return made.getvalue()


def main(words: list[str]) -> None:
    """Take every picture whose name has all the words."""
    OUT.mkdir(parents=True, exist_ok=True)
    DOCS.mkdir(exist_ok=True)
    every = product(SCREENS, ("dark", "light"), ("en", "ar"), SIZES)
    wanted = {
        one: OUT / f"{'.'.join(one)}.png"
        for one in every
        if all(word in one for word in words)
    }
    if words == ["docs"]:
        wanted = {one: DOCS / f"{name}.png" for name, one in IN_DOCS.items()}
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder) / "data") as served,
        sync_playwright() as play,
    ):
        staged(served)
        browser = play.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--hide-scrollbars"]
        )
        for one, path in wanted.items():
            picture(browser, served, one, path)
        browser.close()
    print(f"{len(wanted)} pictures")  # noqa: T201 (what it was called for)


if __name__ == "__main__":
    main(sys.argv[1:])
