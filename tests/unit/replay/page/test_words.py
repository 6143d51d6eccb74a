"""How figures are said, scaled, gathered and told in sentences."""

import itertools
from datetime import UTC, datetime

import msgspec
import pytest

from clearline.model.cast import Fixed, Lognormal, Uniform
from clearline.model.facts import Comparator, Measure
from clearline.model.places import Circle, Unlocated
from clearline.replay.page import curves, parting, words
from clearline.replay.page.clocks import clocks
from clearline.replay.page.scales import (
    Line,
    LogLine,
    count_ticks,
    log_ticks,
    offset_ticks,
    span_ticks,
)
from clearline.replay.page.steps import MOST_ROWS, left_out, transcript
from clearline.replay.result import ReceiptsChecked, StepKind
from unit.replay.page.example import AIRFIELD, distribution, founding, run, step

change = msgspec.structs.replace


def plain(text: str) -> str:
    """Return a text with every space an ordinary one."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (0.44, "0.4 s"),
        (9.96, "10 s"),
        (3.0, "3 s"),
        (59.6, "1 min"),
        (1620, "27 min"),
        (83.2, "1 min 23 s"),
        (3600, "1 h"),
        (5461, "1 h 31 min 1 s"),
        (-90, "\N{MINUS SIGN}1 min 30 s"),
    ],
)
def test_spans(seconds: float, said: str) -> None:
    """A span is said in the units a reader thinks in, and never as 0 min."""
    assert plain(words.span(seconds)) == said


@pytest.mark.parametrize(
    ("of_one", "said"),
    [
        (0, "0 %"),
        (1, "100 %"),
        (0.0004, "under 0.1 %"),
        (0.99995, "over 99.9 %"),
        (0.592, "59.2 %"),
    ],
)
def test_shares(of_one: float, said: str) -> None:
    """What is rare is never said to be nothing, nor what is common to be all."""
    assert plain(words.share(of_one)) == said


def test_offsets_and_lengths() -> None:
    """Offsets carry their sign; ranges of lengths have the unit of their far end."""
    assert words.offset(-1200) == "T\N{MINUS SIGN}20:00"
    assert words.offset(3660) == "T+61:00"
    assert plain(words.apart((4149.8, 8698.9))) == "4.1 to 8.7 km"
    assert plain(words.apart((12.0, 12.2))) == "12 m"
    assert plain(words.length(999)) == "999 m"
    assert plain(words.after(-3)) == "\N{MINUS SIGN}3 s"


def test_measures_are_said_as_they_are_meant() -> None:
    """At least, between and about stand with their numbers."""
    at_least = Measure(value=80, unit="killed", comparator=Comparator.AT_LEAST)
    between = Measure(value=54, most=105, unit="m", comparator=Comparator.BETWEEN)
    assert plain(words.measure(at_least)) == "at least 80 killed"
    assert plain(words.measure(between)) == "54 to 105 m"
    assert plain(words.counted(1, "strike", "strikes")) == "1 strike"


def test_spans_of_instants_say_a_day_once() -> None:
    """The date stands once where both ends share it."""
    start = datetime(2016, 9, 17, 12, 55, tzinfo=UTC)
    assert words.window(start, start.replace(hour=13)).endswith("Z to 13:55:00Z")
    assert words.window(start, start.replace(day=18)).count("2016") == 2
    assert words.window(start, None) == "2016-09-17 12:55:00Z"


def test_numbers_that_follow_are_gathered() -> None:
    """Ascending numbers are said as first and last where they follow each other."""
    assert words.say_numbers([1, 2, 3, 7, 9, 10]) == "1\N{EN DASH}3, 7, 9\N{EN DASH}10"
    assert words.say_numbers([]) == ""


def test_delays_and_footprints_in_words() -> None:
    """Every way a delay is drawn and a place is known has words."""
    assert plain(words.delay(Fixed(seconds=90))) == "1 min 30 s"
    assert "any alike" in words.delay(Uniform(least_s=1, most_s=2))
    assert "median 12" in words.delay(Lognormal(median_s=12, sigma=0.8))
    assert "nowhere" in words.footprint(Unlocated(name="a hill"))
    assert "circle" in words.footprint(Circle(centre=AIRFIELD, radius_m=5.0))


def test_unknown_kind_of_beat_says_itself() -> None:
    """A kind of beat this page does not know is shown by its own name."""
    assert words.beat_kind("hang_up") == "hangs up"
    assert words.beat_kind("new_kind") == "new_kind"


# --- scales -------------------------------------------------------------------------


def test_values_stay_on_their_line() -> None:
    """What lies beyond a line is drawn at its end, on both kinds of line."""
    assert Line(start=0, end=10).at(-5) == 0
    assert Line(start=0, end=10).at(15) == 100
    assert LogLine(start=1, end=100).at(10) == 50
    assert LogLine(start=1, end=100).at(0) == 0


@pytest.mark.parametrize("least_px", [240.0, 560.0, 1000.0])
@pytest.mark.parametrize("end", [61.0, 3600.0, 9000.0, 200_000.0])
def test_ticks_do_not_touch(end: float, least_px: float) -> None:
    """Labels of ticks keep apart at the shortest the line is drawn."""
    for ticks in (
        offset_ticks(Line(start=-0.3 * end, end=end), least_px),
        span_ticks(Line(start=0, end=end), least_px),
        log_ticks(LogLine(start=1, end=end), least_px),
        count_ticks(Line(start=0, end=end), 4, least_px),
    ):
        assert ticks
        edges = []
        for tick in ticks:
            width, at = 9.0 * len(tick.label), tick.at * least_px / 100
            start = {"start": at, "middle": at - width / 2, "end": at - width}
            edges.append((start[tick.anchor], start[tick.anchor] + width))
        assert edges[0][0] >= -0.01
        assert edges[-1][1] <= least_px + 0.01
        assert all(a[1] <= b[0] for a, b in itertools.pairwise(edges))


def test_readings_of_the_clock_share_an_axis() -> None:
    """Readings that agree begin at one place; an hour apart lies an hour apart."""
    found = clocks(founding(), 560.0)
    by_id = {bar.shown.reading.id: bar for bar in found.bars}
    assert by_id["moscow-text"].x0 == by_id["syrian-text"].x0
    hour = by_id["syrian-text"].x1 - by_id["syrian-text"].x0
    shift = by_id["shifted-hour"].x0 - by_id["damascus-text"].x0
    assert shift == pytest.approx(hour, abs=0.02)
    assert any(tick.label == "14:00Z" for tick in found.axis)


# --- curves -------------------------------------------------------------------------


def test_curves_end_where_draws_do() -> None:
    """A curve of what never happened in some draws stops before a hundred."""
    replay = founding()
    rare = distribution(60.0, 0.5, never=3000)
    shown = change(replay, with_line=change(replay.with_line, stopped_s=rare))
    chart = curves.reached_chart(shown, 430.0)
    assert chart is not None
    stopped = chart.curves[2].points.split()
    assert stopped[-1].endswith(",50")
    assert len(chart.curves[0].points.split()) == 9


def test_no_draw_no_curve() -> None:
    """Without a single value there is nothing to draw."""
    replay = founding()
    none = change(distribution(1.0, 0.5), curve=(), bars=(), p50=None)
    line = change(
        replay.with_line,
        acknowledged_s=none,
        right_role_s=none,
        stopped_s=none,
        events_after_call=none,
        events_after_call_recorded=none,
    )
    assert curves.reached_chart(change(replay, with_line=line), 430.0) is None
    assert curves.histograms(change(replay, with_line=line)) is None


def test_histogram_is_counted_by_area() -> None:
    """A bar twice as wide with as many draws is half as tall."""
    replay = founding()
    bars = (
        change(replay.with_line.events_fell.bars[0], start=0, end=1, count=10),
        change(replay.with_line.events_fell.bars[0], start=1, end=3, count=10),
    )
    figure = change(replay.with_line.events_after_call, bars=bars, of=20)
    line = change(
        replay.with_line, events_after_call=figure, events_after_call_recorded=figure
    )
    found = curves.histograms(change(replay, with_line=line))
    assert found is not None
    first, second = found.counts[0].blocks
    assert first.height == pytest.approx(2 * second.height)
    assert second.width == pytest.approx(2 * first.width, abs=0.02)


def test_swing_goes_on_where_most_draws_never_stop() -> None:
    """A knob whose end stops nothing is drawn on to the end of the line."""
    reaches, _ = curves.knob_reaches(founding(), 240.0)
    knobs = founding().sensitivity.knobs
    goes_on = {
        knob.knob for knob, reach in zip(knobs, reaches, strict=True) if reach.goes_on
    }
    assert goes_on == {"floor-staffed"}


# --- sentences ----------------------------------------------------------------------


def test_one_sentence_says_record_and_model() -> None:
    """The sentence gives the record first, and the model as a model."""
    said = plain(parting.sentence(founding()))
    assert said == (
        "A call to stop waited 27 min while 15 of 37 strikes fell; with the line, by a "
        "model, somebody who may order a stop has the call within 22 s in half of all "
        "draws and within 2 min 21 s in 99 of 100."
    )


def test_sentence_without_a_stop_promises_none() -> None:
    """Where most draws never get there, the sentence says so."""
    replay = founding()
    never = change(distribution(1.0, 0.5), p50=None, p95=None, p99=None)
    line = change(replay.with_line, right_role_s=never)
    said = parting.sentence(change(replay, with_line=line))
    assert said.endswith("nobody who may order a stop has the call in most draws.")


def test_days_part_at_the_place_and_at_the_call() -> None:
    """The moments named are the check, the call, the reach and the end."""
    found = parting.partings(founding())
    assert [one.when for one in found[:2]] == ["T\N{MINUS SIGN}20:00", "T+29:00"]
    assert "the two disagree" in found[0].with_line
    assert "asks for the usual contact" in found[1].recorded
    assert plain(found[2].recorded) == "27 min"
    assert plain(found[3].recorded) == "32 min"


def test_receipts_looked_at_part_the_days_too() -> None:
    """Where receipts were looked at beforehand, that is one of the moments."""
    replay = founding()
    checked = ReceiptsChecked(
        act="receipts",
        at_s=-4200.0,
        desks=("one", "other"),
        unread=("other",),
        before_start_s=4200.0,
    )
    line = change(replay.with_line, receipts_checked=(checked,))
    found = parting.partings(change(replay, with_line=line))
    assert "1 of 2 desks" in found[1].with_line


def test_figures_stand_no_better_than_what_they_rest_on() -> None:
    """The wait runs to a contested beat, and the total is counted in rival ways."""
    standings = parting.standings(founding())
    assert standings.waited == "contested"
    assert standings.ended == "contested"
    assert standings.waiting == "stated"
    assert standings.total == "contested"


def test_figures_of_nothing_have_no_standing() -> None:
    """Without a call, and without a fact that counts, nothing is said to stand."""
    replay = founding()
    steps = tuple(s for s in replay.as_recorded.steps if s.kind != "call")
    recorded = change(replay.as_recorded, steps=steps, events_while_waiting=None)
    standings = parting.standings(change(replay, as_recorded=recorded, facts=()))
    assert (standings.waited, standings.waiting, standings.total) == (None, None, None)


def test_recorded_chain_runs_from_call_to_end() -> None:
    """The chain begins with the first call and ends with the last event."""
    chain = parting.recorded_chain(founding())
    assert plain(chain[0].when) == "≈ T+29:00"
    assert chain[-1].when == "T+61:00"
    assert [link.is_timed for link in chain[:3]] == [True, False, False]


def test_refusal_does_not_repeat_why() -> None:
    """What a refusal shares with the check's own words is said once."""
    check = founding().place_check
    both = change(check, refused=f"Refused. {check.why} Nobody was told.")
    assert parting.refusal(both) == "Refused. Nobody was told."


# --- the run as a table -------------------------------------------------------------


def test_rings_are_gathered_with_what_became_of_them() -> None:
    """A ring and what follows from it share a row; nothing said is left out."""
    rows = transcript(run())
    (gathered,) = [row for row in rows if row.number == "5\N{EN DASH}9"]
    assert gathered.what == "ring"
    assert "carried to 2 devices" in gathered.says
    assert "somebody-at-coalition-line does not hear it (2 times)" in gathered.says
    assert gathered.entries == "26\N{EN DASH}28"
    steps = run().steps
    assert rows[-1].number == str(len(steps))


def test_other_steps_stand_alone() -> None:
    """Each step that is no ring has a row with its own entry and readback."""
    rows = {row.number: row for row in transcript(run())}
    assert rows["13"].what == "read back"
    assert rows["13"].readback[0].name == "where"
    assert rows["13"].entries == "32"


def test_endless_runs_are_cut_and_say_so() -> None:
    """A run of thousands of steps is shown to a bound, and the rest counted."""
    steps = tuple(
        step(n, StepKind.TOLD, "line", "tells the caller", entry=n) for n in range(500)
    )
    endless = change(run(), steps=steps)
    assert len(transcript(endless)) == MOST_ROWS
    assert left_out(endless) == 500 - MOST_ROWS
