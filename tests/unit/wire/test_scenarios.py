"""Reading a scenario document: what is right is read, what is wrong is placed."""

from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clearline.model.facts import Comparator
from clearline.model.instants import Duration
from clearline.model.scenarios import Raise, Scenario
from clearline.wire.positions import DEEPEST, LONGEST, MOST_NODES
from clearline.wire.scenarios import MOST_SHOWN, ScenarioMistake, read_scenario

SMALL = (Path(__file__).parent / "small-scenario.yaml").read_bytes()


def read(data: bytes) -> Scenario:
    """Read a document under the name the messages show."""
    return read_scenario(data, "drill.yaml")


def edited(old: str, new: str) -> bytes:
    """Replace the one place where `old` stands in the small document."""
    assert SMALL.decode().count(old) == 1, f"{old!r} must stand once"
    return SMALL.decode().replace(old, new).encode()


def refused(data: bytes) -> ScenarioMistake:
    """Return how a document is refused."""
    with pytest.raises(ScenarioMistake) as caught:
        read(data)
    return caught.value


def test_what_the_document_says_arrives_in_the_model():
    """Numbers, offsets, enums and tagged shapes are read as their fields ask."""
    scenario = read(SMALL)

    assert scenario.name == "river-drill"
    assert scenario.facts[1].measure.comparator is Comparator.ABOUT
    assert scenario.facts[1].measure.value == 4.0
    assert scenario.beats[1].at == Duration(minutes=4)
    assert scenario.cast.people[0].away[0].start == Duration(minutes=-10)
    assert scenario.places[1].where.range_m.most == 2000.0
    assert isinstance(scenario.with_line.acts[0], Raise)
    assert scenario.with_line.acts[0].call == "STOP"


def test_words_stay_words():
    """What YAML elsewhere takes for a truth, a number or a date stays text."""
    data = edited(
        'title: "River drill: a call to stop waits for one person"', "title: no"
    )
    data = data.replace(b"date: 2026-05,", b"date: 2026-05-04,")

    scenario = read(data)

    assert scenario.title == "no"
    assert scenario.sources[0].date == "2026-05-04"


def test_json_is_read_too():
    """A document may be written as JSON, which is within the subset."""
    mistake = refused(b'{"format": "clearline-scenario/1", "name": "a b"}')

    assert (mistake.line, mistake.column) == (1, 1)
    assert "no `title`, `story`" in str(mistake)


# Each row: what was right; what is written instead, with a caret where the mistake
# must be placed; what was found; what was expected.
MISTAKES = [
    # --- syntax ---
    (
        "name: river-drill",
        "name: river^: drill",
        "what is no YAML (mapping values are not allowed here)",
        "quotes around a text that holds `: `",
    ),
    (
        "  headline: drill-clock",
        "^\theadline: drill-clock",
        "what is no YAML (found character '\\t' that cannot start any token)",
        "spaces for indentation, never tabs",
    ),
    (
        "    finding: deaths_avoided\n",
        '    finding: "deaths_avoided\n^',
        (
            "what is no YAML (found unexpected end of stream while scanning a quoted "
            "scalar that starts at line 268)"
        ),
        "the closing quote",
    ),
    (
        "    sources: [script]\n    status: stated\n  - id: wait",
        "    sources: [script\n    status^: stated\n  - id: wait",
        (
            "what is no YAML (expected ',' or ']', but got ':' while parsing a flow "
            "sequence that starts at line 28)"
        ),
        "a comma, or the closing `]`",
    ),
    ("name: river-drill", "name: ^&it river-drill", "the anchor `&it`", "no anchor"),
    (
        "name: river-drill",
        "name: ^!!str river-drill",
        "the tag `tag:yaml.org,2002:str`",
        "no tag",
    ),
    (
        "name: river-drill",
        "name: river-drill\n^name: other",
        "`name` again, after line 2",
        "each key once",
    ),
    (
        "name: The guns,",
        'name: ^"The \\u202eguns",',
        "the character U+202E",
        "ordinary text",
    ),
    (
        "name: The guns,",
        "name: The guns^\u2028,",
        "the character U+2028",
        "ordinary text",
    ),
    # --- shape ---
    (
        "  total: 6\n",
        "  ^totall: 6\n",
        "the unknown word `totall`",
        (
            "one of `one`, `many`, `total`, `start`, `end`, `carried_out_by`, "
            "`spread`, `split`, `reason`, `facts`, `parts` (did you mean `total`?)"
        ),
    ),
    ("  total: 6\n", "  total: ^six\n", "`six`", "a whole number"),
    (
        "    at: T+08:00",
        "    at: ^08:00",
        "`08:00`",
        "an offset from T0 such as `T+29:00`",
    ),
    (
        "start: 2026-05-04T10:00:00Z",
        "start: ^2026-05-04T10:00:00",
        "`2026-05-04T10:00:00`",
        "an instant with its zone such as `2016-09-17T13:55:00Z`",
    ),
    (
        "    kind: reached",
        "    kind: ^reachd",
        "`reachd`",
        (
            "one of `note`, `notice`, `doubt`, `first_event`, `call`, `hang_up`, "
            "`hold`, `message`, `answer`, `reached`, `passed_on`, `last_event` "
            "(did you mean `reached`?)"
        ),
    ),
    (
        "takes: {shape: uniform, least_s: 5",
        "takes: {shape: ^unifrom, least_s: 5",
        "`unifrom`",
        "one of `fixed`, `uniform`, `lognormal` (did you mean `uniform`?)",
    ),
    (
        "takes: {shape: uniform, least_s: 5",
        "takes: ^{least_s: 5",
        "no `shape`",
        "`shape`, one of `fixed`, `uniform`, `lognormal`",
    ),
    (
        "    says: The skipper calls and waits.",
        "    says:^",
        "nothing",
        "a value, or the whole line left out",
    ),
    (
        "    says: The skipper calls and waits.",
        "    says: ^[The skipper, calls]",
        "a list",
        "one word or text",
    ),
    (
        "      roles: [duty_officer]\n      media",
        "      roles: ^duty_officer\n      media",
        "`duty_officer`",
        "a list",
    ),
    (
        "    - {id: guns, name",
        "    - ^guns\n    - {id: guns, name",
        "`guns`",
        "a mapping",
    ),
    ("sigma: 0.5", "sigma: ^0", "0", "above 0, at most 3"),
    ("fails: 0.1\n", "fails: ^1.1\n", "1.1", "a number from 0 to 1"),
    ("fails: 0.1\n", "fails: ^nan\n", "`nan`", "a number"),
    (
        "where: {shape: point, lon: 8.0, lat: 50.0",
        "where: ^{shape: point, lon: 8.0, lat: 95.0",
        "A latitude of 95.0 degrees does not exist",
        "Give a latitude from -90 to 90; check whether the two were swapped",
    ),
    # --- facts ---
    (
        "    measure: {value: 6, unit: rounds}\n    sources: [script]\n",
        "    measure: {value: 6, unit: rounds}\n    sources: ^[]\n",
        "no source",
        "at least one source id",
    ),
    (
        (
            "  - id: six-rounds\n    text: Six blank rounds fall.\n"
            "    measure: {value: 6, unit: rounds}\n    sources: [script]\n"
            "    status: stated\n"
        ),
        (
            "  - ^id: six-rounds\n    text: Six blank rounds fall.\n"
            "    measure: {value: 6, unit: rounds}\n    sources: [script]\n"
        ),
        "no `status`",
        "every word that is required",
    ),
    (
        (
            "    status: contested\n"
            "    settled_by: the times of ring and acknowledgement\n"
            "    rivals:\n"
            "      - {text: It was five., sources: [script], status: stated}\n"
        ),
        "    status: ^contested\n    settled_by: the times of ring\n",
        "`contested` without `rivals`",
        "every other version under `rivals`",
    ),
    (
        "date: 2026-05, kind: model, leaning: none}",
        "date: 2026-05, kind: model, leaning: none, is_recalled: true}",
        "`stated` on recalled sources alone",
        "`unverified`",
    ),
    (
        "{text: It was five., sources: [script], status: stated}",
        "{text: It was five., sources: ^[], status: stated}",
        "no source",
        "at least one source id",
    ),
    # --- what does not hold together ---
    (
        "      desk: battery\n",
        "      desk: ^batery\n",
        "`batery`, which no desk is called",
        "the id of a desk (did you mean `battery`?)",
    ),
    (
        "    by: skipper\n    to: fire-duty\n",
        "    by: ^skiper\n    to: fire-duty\n",
        "`skiper`, which no person is called",
        "the id of a person (did you mean `skipper`?)",
    ),
    (
        "      origin: pier",
        "      origin: ^peer",
        "`peer`, which no place is called",
        "the id of a place (did you mean `pier`?)",
    ),
    (
        "      origin: pier",
        "      origin: ^bank",
        "`bank`, which has no position",
        "a place of shape `point`",
    ),
    (
        "  - id: last\n",
        "  - id: ^first\n",
        "a second beat called `first`",
        "an id no other beat has",
    ),
    (
        "  - id: last\n",
        "  - id: ^Last One\n",
        "`Last One`",
        "an id of lower-case letters, digits and single hyphens",
    ),
    (
        "    at: T+08:00\n",
        "    at: ^T+03:00\n",
        "`T+03:00` after `T+04:00`",
        "beats in the order they happened",
    ),
    (
        "    kind: last_event\n    at: T+10:00\n",
        "    kind: last_event\n    at: ^T+09:00\n",
        "`T+09:00`",
        "`T+10:00`, as `events` has it",
    ),
    (
        "  total: 6\n",
        "  total: ^4\n",
        "4, where the parts come to 5 or more",
        "a total the parts add up to",
    ),
    (
        "{id: waiting, start: T+04:00",
        "{id: waiting, start: ^T+05:00",
        "`T+05:00`",
        "`T+04:00`, where the part before it ends",
    ),
    (
        "  call: calls\n",
        "  call: ^first\n",
        "`first`, a `first_event`",
        "a beat of kind `call` with a time",
    ),
    (
        "      media: [screen]\n      languages: [en]\n      away:",
        "      media: [^voice]\n      languages: [en]\n      away:",
        "`voice`, which `cast.media` does not have",
        "a medium of the cast",
    ),
    (
        "    step: belief\n",
        "    step: belief\n    roles: [operator]\n",
        "no response for the step `belief` of `fire-duty` by screen",
        "an entry of `responses` that fits",
    ),
    (
        "      to: guns-desk\n",
        "      to: ^battery\n",
        "`battery`, which has no ladder for STOP",
        "a desk with a ladder of that kind in `cast.ladders`",
    ),
    (
        "{id: all, desk: guns-desk, after_s: 0}",
        "{id: all, desk: guns-desk, after_s: ^10}",
        "10",
        "0: a STOP rings at once",
    ),
    (
        "name: The battery, under: guns-desk",
        "name: The battery, under: ^battery",
        "`battery`, which in the end stands under `battery`",
        "a tree of desks",
    ),
    (
        "changes: with_line.acts.stop.at",
        "changes: ^with_line.acts.stp.at",
        "`with_line.acts.stp.at` leads nowhere: nothing there has the id `stp`",
        "a path to one value",
    ),
    (
        "    changes: with_line.acts.stop.at\n    unit: T+mm:ss\n    least: T+00:30\n",
        "    changes: ^with_line.acts.stop.at\n    unit: T+mm:ss\n    least: T+05:00\n",
        "`T+04:00` in the document itself",
        "T+05:00 to T+08:00",
    ),
    (
        '{knob: staffed, value: "false"}',
        "{knob: staffed, value: ^maybe}",
        "`maybe`",
        "`true` or `false`",
    ),
    (
        "    unit: true or false\n",
        "    unit: true or false\n    choices: [true, ^maybe]\n",
        "`maybe`",
        "`true` or `false`",
    ),
    (
        "    unit: true or false\n",
        "    unit: true or false\n    least: ^true\n",
        "an end for what is no number and no offset",
        "`choices`, or neither",
    ),
    (
        (
            "    changes: with_line.acts.stop.at\n    unit: T+mm:ss\n"
            "    least: T+00:30\n    most: T+08:00\n"
        ),
        (
            "    changes: with_line.acts.stop.to\n    unit: desk\n"
            "    choices: [guns-desk, ^nowhere]\n"
        ),
        "`nowhere`",
        "the id of a desk",
    ),
    (
        "{id: waiting, start: T+04:00, end: T+08:00, count: 3}",
        (
            "{id: waiting, start: T+04:00, end: T+08:00, count: 3, "
            "at: [T+04:00, ^T+09:00, T+05:00]}"
        ),
        "`T+09:00`",
        "a time inside its part",
    ),
    (
        "{id: late, start: T+08:00, end: T+10:00, least: 1}",
        "{id: late, start: T+08:00, end: ^T+09:00, least: 1}",
        "`T+09:00`",
        "`T+10:00`, the last event",
    ),
    (
        "name: The battery, under: guns-desk",
        "name: The battery, under: ^ferry-desk",
        "`ferry-desk`, a desk of `ferry`",
        "a desk of `guns`",
    ),
    (
        "{id: again, desk: guns-desk",
        "{id: again, desk: ^ferry-desk",
        "`ferry-desk`, a desk of `ferry`",
        "a desk of `guns`",
    ),
    (
        "after_s: 15, media: [screen]}",
        (
            "after_s: 15, media: [screen]}\n        - ^{id: deaf, desk: battery, "
            "after_s: 15, media: [screen]}"
        ),
        "a rung that reaches nobody",
        "a desk, roles and media somebody of the cast has",
    ),
    (
        "    - id: stop\n      does: raise\n      at: T+04:00\n",
        "    - ^id: stop\n      does: raise\n",
        "a call without a time",
        "`at`, or a response for the step `notice` to draw it",
    ),
    (
        "  acts:\n",
        (
            "  acts:\n    - ^{id: seen, does: check_receipts, says: x, assumes: [], "
            "desks: [battery], unread: []}\n"
        ),
        "no time for `seen`",
        "`at`; only a call may be drawn",
    ),
    (
        "  acts:\n",
        (
            "  acts:\n    - {id: seen, does: check_receipts, at: T-01:00, says: x, "
            "assumes: [], desks: [battery], unread: [^ferry-desk]}\n"
        ),
        "`ferry-desk`",
        "one of this act's `desks`",
    ),
    (
        (
            "    where:\n      shape: from\n      origin: pier\n"
            "      bearing_deg: {least: 247.5, most: 292.5}\n"
            "      range_m: {least: 1000, most: 2000}\n"
        ),
        "    where: {shape: same_as, place: ^bank}\n",
        "`bank`, which only points at another place",
        "a place that stands by itself",
    ),
    (
        "    where: {shape: point",
        "    where: ^[shape, point]\n    note: {shape: point",
        "a list",
        "a mapping with `shape`",
    ),
    ("    requirements: [R2]", "    requirements: ^[R41]", "`R41`", "`R1` to `R40`"),
]


@pytest.mark.parametrize(("old", "new", "found", "expected"), MISTAKES)
def test_a_mistake_is_said_with_its_place(old, new, found, expected):
    """Whatever is wrong: line and column, what was found, what was expected."""
    marked = edited(old, new).decode()
    before = marked[: marked.index("^")] if "^" in marked else None
    mistake = refused(marked.replace("^", "").encode())
    first = mistake.mistakes[0]

    assert (first.found, first.expected) == (found, expected)
    if before is not None:
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        assert (first.line, first.column) == (line, column)
        assert (mistake.line, mistake.column) == (line, column)
    where = f"drill.yaml:{first.line}:{first.column}"
    assert f"{where}: found {found}; expected {expected}." in str(mistake)


def test_every_mistake_of_a_kind_is_listed_at_once():
    """Nobody has to run a document once for each of its mistakes."""
    data = SMALL.replace(b"    status: stated", b"    status: certain")
    mistake = refused(data)

    assert len(mistake.mistakes) == data.count(b"    status: certain")
    assert {one.found for one in mistake.mistakes} == {"`certain`"}
    assert [one.line for one in mistake.mistakes] == sorted(
        one.line for one in mistake.mistakes
    )


def test_a_flood_of_mistakes_is_cut_and_counted():
    """A page of mistakes says how many it leaves out."""
    rows = "".join(f"  - {{id: a{n}}}\n" for n in range(MOST_SHOWN + 5))
    mistake = refused(f"facts:\n{rows}".encode())

    assert len(mistake.mistakes) == MOST_SHOWN + 6  # and what the document lacks
    assert "... and 6 more." in str(mistake)


def test_an_unsuitable_document_says_what_to_do_next():
    """The error tells the state of things and the next step, as every error does."""
    mistake = refused(b"")

    assert mistake.state == "Nothing was replayed."
    assert "docs/reference/scenario-format.md" in mistake.next
    assert mistake.exit_code == 2


@pytest.mark.parametrize(
    ("data", "where", "found"),
    [
        (b"", (1, 1), "nothing"),
        (b"# only a comment\n", (1, 1), "nothing"),
        (b"a: 1\nb: \xff\n", (2, 4), "the byte 0xff"),
        (b"a: 1\nb: \x00\n", (2, 4), "the character U+0000"),
        (b"a: 1\rb: 2\n", (1, 5), "the character U+000D"),
        (b"%YAML 1.2\n---\na: 1\n", (1, 1), "a directive"),
        (b"a: 1\n---\nb: 2\n", (2, 1), "a second document"),
        (b"a: &x 1\nb: *x\n", (1, 4), "the anchor `&x`"),
        (b"b: *x\n", (1, 4), "the alias `*x`"),
        (b"? [a]\n: 1\n", (1, 3), "a list or mapping as a key"),
        (b"a: " + b"[" * 40, (1, 3 + DEEPEST), "too deep a nesting"),
        (b"- a\n" * (MOST_NODES + 1), (MOST_NODES, 3), "too much"),
        (b" " * (LONGEST + 1), (1, 1), f"{LONGEST + 1} bytes"),
    ],
)
def test_what_lies_outside_the_subset_is_refused(data, where, found):
    """Nothing that means more than it says, and nothing that takes for ever."""
    mistake = refused(data)

    assert (mistake.line, mistake.column) == where
    assert mistake.mistakes[0].found == found


def read_or_refuse(data: bytes) -> Scenario | ScenarioMistake:
    """Read a document or return how it is refused; anything else is a fault."""
    try:
        return read(data)
    except ScenarioMistake as mistake:
        return mistake


def is_placed(answer: Scenario | ScenarioMistake) -> bool:
    """Say whether a refusal names a place and can be told."""
    if isinstance(answer, Scenario):
        return True
    return answer.line >= 1 and answer.column >= 1 and bool(str(answer))


@settings(deadline=None)
@given(st.binary(max_size=2_000))
@example(b"\xef\xbb\xbf")
@example(b"- - - - - -\n")
@example(b"{a: {b: [}]}")
def test_any_bytes_give_a_scenario_or_a_mistake(data):
    """Whatever the bytes, the answer is a scenario or a placed mistake."""
    assert is_placed(read_or_refuse(data))


@settings(deadline=None)
@given(st.data())
def test_any_damage_gives_a_scenario_or_a_mistake(data):
    """A document with lines lost, moved or altered is read or refused, never worse."""
    lines = SMALL.splitlines(keepends=True)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        lines[at] = data.draw(
            st.sampled_from([b"", lines[at] * 2, lines[at][2:], b"  " + lines[at]])
            | st.sampled_from(lines)
            | st.text(max_size=20).map(lambda text: text.encode() + b"\n")
        )
    assert is_placed(read_or_refuse(b"".join(lines)))


@pytest.mark.parametrize(
    "data",
    [
        b"[" * LONGEST,
        b"{" * LONGEST,
        b"[a," * (LONGEST // 3),
        b"? a\n" * (LONGEST // 4),
        b"a: '" + b"x\n" * (LONGEST // 2 - 4),
        b"- " * (LONGEST // 2),
        b"a:\n" + b" " * (LONGEST - 4) + b"b",
        b"#" * LONGEST,
    ],
    ids=["lists", "mappings", "open", "keys", "quote", "dashes", "blanks", "comment"],
)
def test_the_longest_document_is_refused_in_bounded_time(data):
    """The worst that fits the limit is refused within seconds, not minutes."""
    began = perf_counter()
    answer = read_or_refuse(data[:LONGEST])

    assert isinstance(answer, ScenarioMistake)
    assert perf_counter() - began < 30  # a second here; minutes if it were quadratic
