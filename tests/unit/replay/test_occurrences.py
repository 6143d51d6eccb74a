"""When events fall that nobody timed: within their part, and adding up."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from clearline.model.beats import EventPart, Events, PartId, Split, Spread
from clearline.model.instants import Duration
from clearline.replay.chance import Draws
from clearline.replay.occurrences import draw_counts, draw_times
from days import DRILL, day

EVENTS = day("deir-ez-zor-2016").events
MINUTE = Duration(minutes=1)


@given(
    run=st.integers(0, 10_000),
    spread=st.sampled_from(Spread),
    split=st.sampled_from(Split),
)
def test_events_keep_every_count_the_record_gives(
    run: int, spread: Spread, split: Split
) -> None:
    """37 in all, 15 in the wait, one at T0, one at the end; however drawn."""
    events = replace(EVENTS, spread=spread, split=split)
    times = draw_times(events, Draws(7, run))
    assert len(times) == 37
    assert times == tuple(sorted(times))
    assert (times[0], times[-1]) == (0.0, 61 * 60.0)
    assert sum(29 * 60 <= at < 56 * 60 for at in times) == 15
    before, _, after = draw_counts(events, Draws(7, run))
    assert before >= 1
    assert after >= 1
    assert before + after == 22


def test_a_split_by_duration_follows_the_length_of_the_parts() -> None:
    """29 minutes get about 29 of 34 shares of the 20 that are free, one each fixed."""
    counts = [draw_counts(EVENTS, Draws(7, run))[0] for run in range(2000)]
    mean = sum(counts) / len(counts)
    assert abs(mean - (1 + 20 * 29 / 34)) < 0.15


def test_a_uniform_split_takes_every_admissible_one_alike() -> None:
    """1 to 21 before the call, each about as often as any other."""
    events = replace(EVENTS, split=Split.UNIFORM)
    counts = [draw_counts(events, Draws(7, run))[0] for run in range(4200)]
    assert set(counts) == set(range(1, 22))
    assert all(140 <= counts.count(number) <= 260 for number in range(1, 22))


def test_bounds_of_a_part_are_kept() -> None:
    """A part that holds at most three never gets a fourth, by either split."""
    parts = (
        EventPart(id=PartId("a"), start=0 * MINUTE, end=5 * MINUTE, most=3),
        EventPart(id=PartId("b"), start=5 * MINUTE, end=6 * MINUTE),
    )
    for split in Split:
        events = replace(EVENTS, parts=parts, total=10, end=6 * MINUTE, split=split)
        for run in range(50):
            first, second = draw_counts(events, Draws(7, run))
            assert first <= 3
            assert first + second == 10


def test_even_events_stand_at_equal_distances() -> None:
    """The drill's six rounds: the first at T0, the last at the end, none at random."""
    times = draw_times(day(DRILL).events, Draws(7, 0))
    assert len(times) == 6
    assert (times[0], times[-1]) == (0.0, 600.0)
    waiting = [at for at in times if 240 <= at < 480]
    assert waiting == [280.0, 360.0, 440.0]


def test_known_times_are_taken_as_they_are() -> None:
    """Where the record gives every time, nothing is drawn."""
    times = draw_times(day("wck-convoy-2024").events, Draws(7, 0))
    assert times == (0.0, 120.0, 240.0)


def test_another_number_in_one_part_moves_no_time_in_another() -> None:
    """Two settings of a count are compared on the same strikes elsewhere."""

    def waiting(count: int) -> list[float]:
        parts = tuple(
            replace(part, count=count) if part.id == "after-contact" else part
            for part in EVENTS.parts
        )
        times = draw_times(replace(EVENTS, parts=parts), Draws(7, 5))
        return [at for at in times if 29 * 60 <= at < 56 * 60]

    assert waiting(1) == waiting(12)


def test_a_day_with_one_instant_has_all_its_events_there() -> None:
    """Start and end in one: every event falls at T0."""
    events = Events(
        one="shot",
        many="shots",
        total=2,
        start=Duration(0),
        end=Duration(0),
        carried_out_by=EVENTS.carried_out_by,
        spread=Spread.RANDOM,
        split=Split.BY_DURATION,
        reason="",
        facts=(),
    )
    assert draw_times(events, Draws(7, 0)) == (0.0, 0.0)
