"""What the lanes of a day promise: nothing timed that nobody timed."""

import msgspec

from clearline.replay.page.lanes import call_lanes, day_lanes, day_line
from clearline.replay.page.packing import Draft, label_px, pack
from clearline.replay.page.strips import NARROW_PX, WIDE_PX
from clearline.replay.result import StepKind
from unit.replay.page.example import CALLED_S, MINUTE, founding, step

change = msgspec.structs.replace


def drawn(group: str) -> dict[str, object]:
    """Return the marks of a group of lanes of the founding day, by label."""
    day = day_lanes(founding(), WIDE_PX)
    strips = [strip for strip in day.strips if strip.group == group]
    return {mark.draft.label: mark.draft for s in strips for mark in s.marks}


def test_what_nobody_timed_is_an_interval() -> None:
    """Hanging up, the hold and the order are bars between what bounds them."""
    line, marks = day_line(founding()), drawn("recorded")
    for label, start, end in (
        ("hangs up", CALLED_S, 56 * MINUTE),
        ("on hold", CALLED_S, 56 * MINUTE),
        ("order", 56 * MINUTE, 61 * MINUTE),
    ):
        draft = marks[label]
        assert (draft.shape, draft.x0, draft.x1) == (
            "within",
            line.at(start),
            line.at(end),
        )


def test_a_time_somebody_gave_is_a_moment() -> None:
    """Given times are moments where they are said to be; near ones say so."""
    line, marks = day_line(founding()), drawn("recorded")
    first, contact = marks["first strike"], marks["≈ reached"]
    assert (first.shape, first.x0, first.x1) == ("at", line.at(0), line.at(0))
    assert (contact.shape, contact.x0) == ("about", line.at(56 * MINUTE))


def test_an_open_interval_reaches_past_the_day() -> None:
    """What has no earliest time is drawn open, with some length, to the left."""
    draft = drawn("recorded")["notice told"]
    assert draft.opens_left
    assert draft.x0 == 0
    assert draft.x1 > 3


def test_recorded_events_have_no_strokes_without_times() -> None:
    """Strokes stand in the recorded lane only where somebody published the times."""
    replay = founding()
    day = day_lanes(replay, WIDE_PX)
    assert not [s for s in day.strips if s.group == "recorded" and s.ticks]
    times = (0.0, 120.0, 240.0)
    part = change(replay.as_recorded.parts[0], times_s=times, count=3)
    known = change(replay, as_recorded=change(replay.as_recorded, parts=(part,)))
    (events,) = [
        s for s in day_lanes(known, WIDE_PX).strips if s.group == "recorded" and s.ticks
    ]
    line = day_line(known)
    assert events.ticks[0].at == tuple(round(line.at(t), 1) for t in times)


def test_counted_stretches_share_one_row() -> None:
    """The three stretches of strikes stand side by side, each with its count."""
    day = day_lanes(founding(), WIDE_PX)
    (events,) = [
        s for s in day.strips if s.group == "recorded" and s.title == "Strikes"
    ]
    parts = [mark for mark in events.marks if mark.draft.shape == "events"]
    labels = [mark.draft.label.replace("\N{NO-BREAK SPACE}", " ") for mark in parts]
    assert labels == ["≥ 1", "15 strikes", "≥ 1"]
    assert {mark.row for mark in parts} == {0}


def test_events_of_a_draw_are_told_from_those_that_did_not_fall() -> None:
    """Strikes that fell in the draw and those that did not are strokes of two kinds."""
    run = founding().with_line.first_run
    strips = day_lanes(founding(), WIDE_PX).strips
    (events,) = [s for s in strips if "in this draw" in s.title]
    fell, spared = events.ticks
    assert (fell.kind, len(fell.at)) == ("fell", run.fell)
    assert (spared.kind, len(spared.at)) == ("spared", len(run.events_s) - run.fell)
    assert events.is_model


def test_bands_end_where_draws_do() -> None:
    """A band runs from 50 to 95 to 99 of 100 draws; past the day it is open."""
    replay = founding()
    line = day_line(replay)
    stopped = replay.with_line.stopped_s
    band = drawn("draws")["stopped"]
    assert band.x0 == line.at(CALLED_S + stopped.p50)
    assert band.x1 == line.at(CALLED_S + stopped.p95)
    assert band.tail == line.at(CALLED_S + stopped.p99)
    rare = change(stopped, p99=None, never=200)
    seldom = change(replay, with_line=change(replay.with_line, stopped_s=rare))
    marks = [m for s in day_lanes(seldom, WIDE_PX).strips for m in s.marks]
    (open_band,) = [m.draft for m in marks if m.draft.label == "stopped"]
    assert open_band.opens_right
    assert open_band.tail == 100


def test_marks_and_labels_never_touch() -> None:
    """In no lane, at the shortest it is drawn, does a label cover another."""
    for least in (WIDE_PX, NARROW_PX):
        for lanes in (day_lanes(founding(), least), call_lanes(founding(), least)):
            assert lanes is not None
            for strip in lanes.strips:
                assert_apart(strip.marks, least)


def test_marks_never_touch_on_longer_lines() -> None:
    """What was packed for a short line keeps apart on one three times as long."""
    for strip in day_lanes(founding(), NARROW_PX).strips:
        assert_apart(strip.marks, 3 * NARROW_PX)


def assert_apart(marks, length_px) -> None:
    """Fail where two labels of one row cover each other on a line so long."""
    taken: dict[int, list[tuple[float, float, str]]] = {}
    for mark in marks:
        needs = label_px(mark.draft.label, mark.draft.number)
        at = mark.label_at * length_px / 100
        span = (at - needs, at) if mark.ends_there else (at, at + needs)
        for start, end, label in taken.get(mark.row, []):
            assert span[1] <= start or end <= span[0], (mark.draft.label, label)
        taken.setdefault(mark.row, []).append((*span, mark.draft.label))


def test_a_label_stays_on_its_line() -> None:
    """A label near the end ends at its mark instead of running off the line."""
    near_end = Draft(x0=97.0, x1=97.0, shape="at", label="acknowledged", number="7")
    (mark,) = pack([near_end], 300.0)
    assert mark.ends_there
    assert mark.label_at == 97.0


def test_steps_at_one_moment_share_a_mark() -> None:
    """Steps of one desk at the same second are one mark that names them all."""
    replay = founding()
    floor = "coalition-floor"
    steps = (
        step(50.0, StepKind.ACKNOWLEDGED, floor, "has it", entry=1),
        step(50.0, StepKind.ANSWERED, floor, "answers WILCO", entry=2),
        step(90.0, StepKind.CEASED, floor, "reports that it has ceased", entry=3),
    )
    run = change(replay.with_line.first_run, steps=steps)
    lanes = call_lanes(
        change(replay, with_line=change(replay.with_line, first_run=run)), WIDE_PX
    )
    assert lanes is not None
    (strip,) = lanes.strips
    labels = [(m.draft.number, m.draft.label) for m in strip.marks]
    assert labels == [("1\N{EN DASH}2", "acknowledged, answered"), ("3", "ceased")]


def test_rings_are_strokes_below_the_marks() -> None:
    """Rings and what became of them are strokes, and are counted in words."""
    lanes = call_lanes(founding(), WIDE_PX)
    assert lanes is not None
    (line,) = [strip for strip in lanes.strips if strip.title == "The line"]
    assert line.ticks[0].kind == "rings"
    assert "3 rings and what became of them" in line.says


def test_a_lane_nobody_listed_is_drawn_all_the_same() -> None:
    """A step at a desk that is not among the lanes still gets a lane."""
    replay = founding()
    first = change(replay.as_recorded.steps[1], lane="elsewhere")
    recorded = change(replay.as_recorded, steps=(first,))
    day = day_lanes(change(replay, as_recorded=recorded), WIDE_PX)
    assert "elsewhere" in [strip.title for strip in day.strips]


def test_hours_of_telling_stay_few_marks() -> None:
    """A caller told hundreds of times is a few marks, each with what it gathers."""
    replay = founding()
    told = tuple(
        step(n * 30.0, StepKind.TOLD, "line", "tells", entry=n) for n in range(400)
    )
    run = change(replay.with_line.first_run, steps=told)
    lanes = call_lanes(
        change(replay, with_line=change(replay.with_line, first_run=run)), WIDE_PX
    )
    assert lanes is not None
    marks = lanes.strips[0].marks
    assert 4 <= len(marks) <= 16
    assert marks[0].draft.number.startswith("1\N{EN DASH}")


def test_hours_of_rings_stay_few_strokes() -> None:
    """Thousands of rings are a few hundred strokes."""
    replay = founding()
    rings = tuple(
        step(n * 3.0, StepKind.RING, "line", "rings", entry=n) for n in range(3000)
    )
    run = change(replay.with_line.first_run, steps=rings)
    lanes = call_lanes(
        change(replay, with_line=change(replay.with_line, first_run=run)), WIDE_PX
    )
    assert lanes is not None
    assert len(lanes.strips[0].ticks[0].at) <= 401
