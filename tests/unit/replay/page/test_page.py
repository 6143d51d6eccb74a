"""What a page of a replay promises whoever reads it."""

import base64
import hashlib
import itertools
import re

import msgspec
import pytest

from clearline.model.instants import Duration
from clearline.model.places import FactStatus
from clearline.replay.page import render
from clearline.replay.result import AsRecorded, Distribution, Replay
from unit.replay.page.example import document, founding, place_check
from unit.replay.page.reading import SHAPES, Page

HOSTILE = (
    "<script>alert('x')</script>\"'><img src=x onerror=alert(1)> & </pre>{{ 7*7 }}"
)

change = msgspec.structs.replace


@pytest.fixture(scope="module")
def html() -> str:
    """Write the page of the example once."""
    return render(founding())


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    """Read that page."""
    return Page(html)


def everywhere_hostile(value: object) -> object:
    """Put hostile words in the place of every free text of a value."""
    if isinstance(value, msgspec.Struct):
        return change(
            value,
            **{
                field: everywhere_hostile(getattr(value, field))
                for field in value.__struct_fields__
                if field != "edtf"  # no free text: anything but a date is refused
            },
        )
    if isinstance(value, tuple):
        return tuple(everywhere_hostile(one) for one in value)
    if isinstance(value, dict):
        return {key: everywhere_hostile(one) for key, one in value.items()}
    return HOSTILE if type(value) is str and value not in KEPT else value


KEPT = {
    "told",
    "meant",
    "as_recorded",
    "with_line",
    "disagree",
    "events",
    "line",
    "",
}
"""Words that stand for a choice and not for a text."""


def no_call(replay: Replay) -> Replay:
    """Return the replay of a day on which nobody called."""
    never = "No call to stop was ever made."
    never_came = Distribution(
        p50=None, p95=None, p99=None, never=10, of=10, least=None, most=None, why=never
    )
    run = change(
        replay.with_line.first_run,
        called_at_s=None,
        acknowledged_s=None,
        right_role_s=None,
        stopped_s=None,
        stopped_at_s=None,
        steps=(),
    )
    recorded: AsRecorded = change(
        replay.as_recorded,
        called_at_s=None,
        waited_s=None,
        events_while_waiting=None,
        stopped_after_call_s=None,
        steps=tuple(s for s in replay.as_recorded.steps if s.kind != "call"),
        unknown=dict.fromkeys(
            ("waited_s", "events_while_waiting", "stopped_after_call_s"), never
        ),
    )
    even = replay.with_line.break_even
    line = change(
        replay.with_line,
        acknowledged_s=never_came,
        right_role_s=never_came,
        stopped_s=never_came,
        events_after_call=never_came,
        events_after_call_recorded=never_came,
        events_fell=never_came,
        break_even=change(even, stop_s=None, reach_s=None, says="Nothing.", curve=()),
        first_run=run,
    )
    return change(replay, as_recorded=recorded, with_line=line)


def unplaced(replay: Replay) -> Replay:
    """Return the replay of a day of which nothing is located."""
    places = tuple(
        change(place, footprint=None, origin=None, because="Nobody knows.")
        for place in replay.places
    )
    check = change(
        place_check(),
        separation_m=None,
        precision_m=None,
        verdict="cannot_tell",
        rival_origins=(),
    )
    return change(replay, places=places, place_check=check, place_checks=(check,))


# --- on its own ---------------------------------------------------------------------


def test_nothing_is_asked_of_anybody(html: str, page: Page) -> None:
    """The page is whole: it names nothing to load, and its policy loads nothing."""
    for element in page.elements:
        assert element.tag not in {"script", "link", "img", "iframe", "object", "base"}
        assert "src" not in element.attributes
        href = element.attributes.get("href", "#")
        assert href.startswith("#"), href
        assert "style" not in element.attributes
        assert not any(name.startswith("on") for name in element.attributes)
    assert "url(#" in html
    assert re.search(r"url\((?!#)|@import|@font-face", html) is None


def test_policy_fits_the_one_style(html: str, page: Page) -> None:
    """The page's own policy forbids all but the style it carries, known by its hash."""
    policy = next(
        element.attributes["content"]
        for element in page.all("meta")
        if element.attributes.get("http-equiv") == "Content-Security-Policy"
    )
    style = re.search(r"<style>(.*?)</style>", html, flags=re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}'" in policy


def test_same_replay_same_page(html: str) -> None:
    """The same replay gives the same bytes."""
    assert render(founding()) == html


def test_weight(html: str) -> None:
    """The page of a whole founding day stays below 400 kB."""
    assert len(html.encode()) < 400_000


# --- whatever the document says -----------------------------------------------------


def test_hostile_words_stay_words() -> None:
    """Whatever stands in any text of a replay is read and never becomes an element."""
    hostile = everywhere_hostile(founding())
    assert isinstance(hostile, Replay)
    html = render(hostile)
    page = Page(html)
    assert not page.all("script")
    assert not page.all("img")
    assert not page.unclosed
    assert "alert('x')" in page.text
    assert "{{ 7*7 }}" in page.text_of("sources")
    assert "<script" not in html
    assert "<img" not in html


def test_hostile_words_do_not_leave_an_attribute() -> None:
    """No foreign text adds an attribute to anything."""
    known = set[str]()
    for element in Page(render(founding())).elements:
        known |= set(element.attributes)
    for element in Page(render(everywhere_hostile(founding()))).elements:
        assert set(element.attributes) <= known, element


def test_receipts_are_whole(page: Page) -> None:
    """A receipt stands in the page as it is, quotes and angle brackets included."""
    odd = '{"a":"<b>&amp;\\"</pre>"}\n'
    replay = founding()
    ledger = replay.ledgers[0]
    kept = change(ledger.receipts[0], text=odd)
    ledgers = (change(ledger, receipts=(kept,)), *replay.ledgers[1:])
    shown = Page(render(change(replay, ledgers=ledgers)))
    assert odd.strip() in shown.text_of(f"as_recorded-{kept.entry}")
    assert "receipt" in page.text_of("receipts")


def test_receipts_without_room_are_named() -> None:
    """What is too long for the page is named by its file."""
    replay = founding()
    ledger = replay.ledgers[0]
    long = change(ledger.receipts[0], text="x" * 200_000)
    ledgers = (change(ledger, receipts=(long, *ledger.receipts[1:])),)
    shown = Page(render(change(replay, ledgers=ledgers)))
    assert f"no room here for the receipts of entry {long.entry}." in shown.text
    assert f"as_recorded-{long.entry}" not in shown.named
    assert '"receipt":1' in shown.text_of(f"as_recorded-{long.entry + 1}")


def test_what_says_the_same_again_gives_way() -> None:
    """Where room is short, one receipt of each kind stays and repeats give way."""
    replay = founding()
    ledger = replay.ledgers[0]
    repeated = tuple(
        change(ledger.receipts[0], entry=n, says="rang", file=f"{n}.json", text="x" * n)
        for n in (40_001, 40_002, 40_003)
    )
    other = change(ledger.receipts[0], entry=9, says="answer", text="y" * 45_000)
    ledgers = (change(ledger, receipts=(*repeated, other)),)
    shown = Page(render(change(replay, ledgers=ledgers)))
    assert "y" * 45_000 in shown.text_of("as_recorded-9")
    assert "x" * 40_001 in shown.text_of("as_recorded-40001")
    assert (
        "no room here for the receipts of entries 40002\N{EN DASH}40003." in shown.text
    )


# --- for every reader ---------------------------------------------------------------


def test_page_is_well_formed(page: Page) -> None:
    """Every element that is opened is closed, and every id stands once."""
    assert not page.unclosed
    ids = [e.attributes["id"] for e in page.elements if "id" in e.attributes]
    assert len(ids) == len(set(ids))


def test_every_link_and_name_leads_somewhere(page: Page) -> None:
    """Links within the page, and ids that name a drawing, exist."""
    ids = {e.attributes["id"] for e in page.elements if "id" in e.attributes}
    for element in page.elements:
        if element.tag == "a":
            assert element.attributes["href"][1:] in ids, element.attributes["href"]
        for name in element.attributes.get("aria-labelledby", "").split():
            assert name in ids, name


def test_landmarks_and_headings(page: Page) -> None:
    """One title, header, main part and footer; no level of heading is skipped."""
    for tag in ("header", "main", "footer", "nav", "h1"):
        assert len(page.all(tag)) == 1, tag
    levels = [int(e.tag[1]) for e in page.elements if re.fullmatch("h[1-6]", e.tag)]
    assert all(b <= a + 1 for a, b in itertools.pairwise(levels))
    sections = page.all("section")
    assert len(sections) >= 12
    assert all("aria-labelledby" in section.attributes for section in sections)


def test_every_drawing_has_words(page: Page) -> None:
    """A drawing is named and described, or is decoration beside words that say it."""
    for element in page.all("svg"):
        if "svg" in element.inside:
            continue
        if element.attributes.get("aria-hidden") == "true":
            continue
        assert element.attributes.get("role") == "img"
        assert len(element.attributes["aria-labelledby"].split()) == 2
        for name in element.attributes["aria-labelledby"].split():
            assert page.text_of(name), name


def test_shapes_stay_in_their_drawing(page: Page) -> None:
    """Everything drawn in per cent lies between 0 and 100, with a positive size."""
    for element in page.elements:
        if element.tag in SHAPES | {"svg", "text"}:
            for name in ("x", "x1", "x2", "width"):
                value = element.attributes.get(name, "")
                if value.endswith("%"):
                    assert 0 <= float(value[:-1]) <= 100, element


def test_text_is_large_enough(html: str) -> None:
    """No text is smaller than 15 pixels, in the page or in a drawing."""
    style = re.search(r"<style>(.*?)</style>", html, flags=re.DOTALL)
    assert style is not None
    sizes = re.findall(r"font(?:-size)?:[^;}]*?(\d+(?:\.\d+)?)px", style[1])
    assert sizes
    assert min(float(size) for size in sizes) >= 15


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_can_be_told_apart(html: str, scheme: str) -> None:
    """Text stands out 4.5:1 from what lies behind it, and strokes 3:1."""
    theme = themes(html)[scheme]
    for ground in ("--page", "--surface", "--sunk", "--tint"):
        for ink in ("--ink", "--dim", "--violet", "--link", "--good", "--bad"):
            assert contrast(theme[ink], theme[ground]) >= 4.5, (ink, ground)
    assert contrast(theme["--on-stamp"], theme["--stamp"]) >= 4.5
    for ground in ("--page", "--surface"):
        for stroke in ("--edge", "--ochre", "--teal", "--focus", "--unknown"):
            assert contrast(theme[stroke], theme[ground]) >= 3, (stroke, ground)


def themes(html: str) -> dict[str, dict[str, str]]:
    """Read the colours of both themes."""
    roots = re.findall(r":root{([^}]*)}", html)
    light = dict(re.findall(r"(--[\w-]+):\s?(#[0-9a-f]{6})", roots[0]))
    dark = dict(re.findall(r"(--[\w-]+):\s?(#[0-9a-f]{6})", roots[1]))
    return {"light": light, "dark": {**light, **dark}}


def contrast(one: str, other: str) -> float:
    """Return how far two colours stand out from each other (WCAG 2.2, 1.4.3)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [
            p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


# --- what it says -------------------------------------------------------------------


def test_figures_of_the_record(page: Page) -> None:
    """The recorded figures stand first: the wait, the events in it, the end."""
    said = page.text_of("figures")
    assert "27 min" in said
    assert "15 of 37" in said
    assert "32 min" in said
    assert "hangs up" in said


def test_unknown_is_said_with_its_reason() -> None:
    """Where the record has no figure, its reason stands there and no number."""
    page = Page(render(no_call(founding())))
    said = page.text_of("figures")
    assert said.count("No call to stop was ever made.") >= 3
    assert "A call to stop waited" not in page.text


def test_day_without_a_call_is_whole() -> None:
    """A day nobody called on, drawn by nobody, still makes a whole page."""
    page = Page(render(no_call(founding())))
    assert not page.unclosed
    assert "No call is raised in this draw." in page.text_of("timeline")
    assert "Nothing." in page.text_of("figures")


def test_every_version_of_a_fact_stands_there(page: Page) -> None:
    """Each fact, its status and every rival version are on the page."""
    facts = page.text_of("facts")
    for fact in document().facts:
        assert " ".join(fact.text.split()) in facts
        for rival in fact.rivals:
            assert " ".join(rival.text.split()) in facts
    number = 1 + [fact.id for fact in document().facts].index("intent")
    said = page.text_of(f"fact-{number}")
    assert "contested" in said
    assert "no record settles this" in said


def test_both_clocks_stand_there(page: Page) -> None:
    """Every reading of the day's clock stands there; one is marked as played."""
    said = page.text_of("clock")
    for reading in document().clock.readings:
        assert reading.text in said
    assert "2016-09-17 12:55:00Z" in said
    assert "2016-09-17 13:55:00Z" in said
    assert "contested" in said


def test_all_that_is_modelled_is_stamped(page: Page) -> None:
    """Every part that a model brought out carries the word MODEL in its heading."""
    for heading in (
        "modelled-h",
        "draws-h",
        "delays-h",
        "moves-h",
        "adverse-h",
        "steps-line",
    ):
        assert "MODEL" in page.text_of(heading), heading
    assert "MODEL" not in page.text_of("recorded-h")
    assert "MODEL" not in page.text_of("facts")


def test_place_check_stands_before_the_sending(page: Page) -> None:
    """What the check says, its range, its assumption and the rival origin are told."""
    said = page.text_of("place")
    for words in (
        "The two disagree: 4.1 to 8.7 km apart",
        "Due south is an assumption",
        "Deir ez-Zor (city)",
        "Nothing is sent",
        "Whether anybody is at either place.",
    ):
        assert words in said, words


def test_unlocated_names_are_listed_and_not_drawn(page: Page) -> None:
    """Names nobody can place stand in a list, and nothing is drawn for them."""
    said = page.text_of("place")
    drawn = page.text_of("wide-map-d") + page.text_of("narrow-map-d")
    for place in document().places:
        if place.where.__class__.__name__ == "Nowhere":
            assert place.name in said
            assert place.name not in drawn


def test_day_without_places_has_no_sketch() -> None:
    """Where nothing is located, nothing is drawn and every name is listed."""
    page = Page(render(unplaced(founding())))
    assert "nobody has put any of its places on a map" in page.text_of("place")
    assert not [e for e in page.all("svg") if "sketch" in e.attributes.get("class", "")]
    assert page.text_of("place").count("Nobody knows.") == len(document().places)


def test_assumed_times_are_said_to_be_assumed(page: Page) -> None:
    """That nobody published the times of events stands beside their drawing."""
    said = page.text_of("timeline")
    assert said.count("not published") == len(document().events.parts)
    assert "No source gives the time of a single strike." in said


def test_changed_replay_says_so() -> None:
    """A replay with a knob turned says which, from what to what, at the top."""
    replay = founding()
    turned = replay.adverse[0].settings[:1]
    page = Page(render(change(replay, changed=turned)))
    assert "CHANGED" in page.text
    assert f"{turned[0].title}: {turned[0].was} → {turned[0].value}" in page.text
    assert "CHANGED" not in Page(render(replay)).text


def test_unmet_expectation_is_loud() -> None:
    """What did not come out as the document demands is said in capitals."""
    replay = founding()
    first = change(replay.expectations[0], is_met=False, got="1500")
    page = Page(render(change(replay, expectations=(first,))))
    assert "DOES NOT HOLD" in page.text_of("expected")
    assert "0 of 1 hold" in page.text


def test_receipts_lead_from_steps(page: Page) -> None:
    """Steps with an entry lead to its receipt; the command to check it is there."""
    links = {e.attributes["href"] for e in page.all("a")}
    assert "#with_line-24" in links
    assert "#as_recorded-25" in links
    said = page.text_of("receipts")
    for ledger in founding().ledgers:
        assert f"clearline verify {ledger.folder} --key {ledger.vkey}" in said
        assert ledger.root in said


def test_nobody_is_counted(page: Page) -> None:
    """Outside the facts, where sources speak, no number of people stands anywhere."""
    own = page.text.replace(page.text_of("facts"), "").lower()
    for words in ("killed", "casualties", "victims", "survive", "lives saved"):
        assert words not in own, words
    assert "no count of lives" in own


def test_page_prints_and_follows_the_theme(html: str) -> None:
    """The style holds both themes, paper, and a narrow page."""
    for media in (
        "@media (prefers-color-scheme: dark)",
        "@media (prefers-contrast: more)",
        "@media screen and (max-width:",
        "@media print",
    ):
        assert media in html, media


def test_times_follow_the_headline() -> None:
    """T+00:00 is named by the reading that is played, whichever that is."""
    replay = founding()
    later = replay.scenario.t0 + Duration(hours=1)
    shown = Page(render(change(replay, scenario=change(replay.scenario, t0=later))))
    assert "T+00:00 2016-09-17 13:55:00Z , one of 4 readings" in shown.text


def test_every_status_has_a_word(page: Page) -> None:
    """Each way a fact can stand is told by a word, not by a colour alone."""
    words = page.text
    for status in FactStatus:
        assert status.value in words
