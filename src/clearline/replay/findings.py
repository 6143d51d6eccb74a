"""Say all a replay finds, by the names of `model.scenarios.Finding`.

Each finding is read off beats, checks, draws or entries; none is asked for by the
document. What must never be found is looked for as well, in what is about to be
shown.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec

from clearline.model.beats import Beat, BeatKind, Nowhere, PlaceId, SameAs
from clearline.model.calls import Answer
from clearline.model.entries import AnswerGiven, Entry
from clearline.model.instants import Duration
from clearline.model.parties import DecisionTime, PartyId
from clearline.model.placechecks import PlaceVerdict
from clearline.model.places import FactStatus, Place, Unlocated
from clearline.model.scenarios import Finding, Play, Raise, Scenario
from clearline.replay.performance import Ran
from clearline.replay.recorded import find_beat
from clearline.replay.result import (
    Found,
    LimitShown,
    PlaceChecked,
    ReceiptsChecked,
    Replay,
)
from clearline.replay.statistics import median, share
from clearline.rules.agreements import line_can_win

_HALF: Final = 0.5


def of_record(scenario: Scenario) -> Iterator[Found]:
    """Find what the record itself shows."""
    readings = scenario.clock.readings
    if len(readings) > 1:
        yield _found(
            Play.AS_RECORDED,
            Finding.CLOCK_CONTESTED,
            f"The day's clock has {len(readings)} readings.",
            *(one.id for one in readings),
        )
    if scenario.as_recorded.call is None:
        yield _found(
            Play.AS_RECORDED, Finding.NEVER_CALLED, "No call to stop was made."
        )
    for index, beat in enumerate(scenario.beats):
        yield from _of_beat(scenario, beat, scenario.beats[index + 1 :])


def _of_beat(scenario: Scenario, beat: Beat, later: Sequence[Beat]) -> Iterator[Found]:
    meets_somebody_else = beat.asks_for and beat.to and beat.to != beat.asks_for
    if beat.kind is BeatKind.CALL and meets_somebody_else:
        yield _found(
            Play.AS_RECORDED,
            Finding.PERSON_NOT_ROLE,
            "A call asked for one person, and somebody else was there.",
            beat.id,
        )
    if beat.kind is BeatKind.HANG_UP and _nothing_comes_of_it(scenario, later):
        yield _found(
            Play.AS_RECORDED,
            Finding.WORDS_LOST,
            "A call ended, and nothing was passed on until somebody was reached.",
            beat.id,
        )
    if beat.kind is BeatKind.HOLD:
        yield _found(
            Play.AS_RECORDED,
            Finding.SILENT_WAIT,
            "A caller waited; nobody was rung and the caller was told nothing.",
            beat.id,
        )
    if beat.kind is BeatKind.ANSWER and not any(
        after.kind is BeatKind.PASSED_ON and after.by == beat.by for after in later
    ):
        yield _found(
            Play.AS_RECORDED,
            Finding.ANSWER_WITHOUT_MEANING,
            "What came back was neither yes nor no, and nothing followed from it.",
            beat.id,
        )


def _nothing_comes_of_it(scenario: Scenario, later: Sequence[Beat]) -> bool:
    """Say whether nothing was passed on before somebody was reached."""
    reached = find_beat(scenario, scenario.as_recorded.reached)
    for beat in later:
        if beat is reached:
            return True
        if beat.kind is BeatKind.PASSED_ON:
            return False
    return True


def of_checks(
    checks: Sequence[PlaceChecked], receipts: Sequence[ReceiptsChecked]
) -> Iterator[Found]:
    """Find what the checks before a call show."""
    for check in checks:
        if check.verdict == PlaceVerdict.DISAGREE:
            yield _found(
                Play.PLACE_CHECK, Finding.TOLD_PLACE_DIFFERS, check.why, check.act
            )
        if any(rival.falls_inside for rival in check.rival_origins):
            yield _found(
                Play.PLACE_CHECK,
                Finding.RIVAL_ORIGIN_FITS,
                "The same words from another origin meet the place meant.",
                check.act,
                *(one.origin for one in check.rival_origins if one.falls_inside),
            )
        if check.is_same_by_account or check.verdict == PlaceVerdict.AGREE:
            yield _found(Play.PLACE_CHECK, Finding.PLACES_MATCH, check.why, check.act)
        if check.separation_m is None:
            yield _found(
                Play.PLACE_CHECK, Finding.PLACE_UNLOCATED, check.why, check.act
            )
        if not check.not_checked:
            yield _found(
                Play.PLACE_CHECK,
                Finding.BARE_CLEAR,
                "A check does not say what it did not check.",
                check.act,
            )
    for look in receipts:
        if look.unread and look.before_start_s > 0:
            yield _found(
                Play.WITH_LINE,
                Finding.UNREAD_BEFORE_START,
                f"Seen {look.before_start_s:g} s before the first event.",
                look.act,
                *look.unread,
            )


def of_draws(
    scenario: Scenario,
    drawn: Sequence[Ran],
    play: Play,
    adverse: str | None = None,
) -> Iterator[Found]:
    """Find what the draws of a day show, with the share of draws that show it."""
    about = (
        (
            Finding.NOBODY_HAS_THIS,
            "The caller was told that nobody has it.",
            [ran.told_nobody_s is not None for ran in drawn],
        ),
        (
            Finding.ROLE_REACHED,
            "Somebody who may order it acknowledged.",
            [ran.right_role_s is not None for ran in drawn],
        ),
        (
            Finding.WORDS_KEPT,
            "The caller hung up, and the call went on ringing.",
            [ran.has_hung_up and ran.has_rung_on for ran in drawn],
        ),
        (
            Finding.SILENT_WAIT,
            "Somebody waited with nobody rung and was not told so.",
            [ran.is_silent for ran in drawn],
        ),
    )
    for finding, says, truths in about:
        if any(truths):
            yield Found(
                play=play,
                finding=finding,
                says=says,
                adverse=adverse,
                share=share(truths),
            )
    yield from _stopped_before(scenario, drawn, play, adverse)


def _stopped_before(
    scenario: Scenario, drawn: Sequence[Ran], play: Play, adverse: str | None
) -> Iterator[Found]:
    """Find whether the median draw ended before the record did."""
    ends = [ended_at_s(ran) for ran in drawn]
    middle, end = median(ends), scenario.events.end.total_seconds()
    if middle is not None and middle < end:
        yield Found(
            play=play,
            finding=Finding.STOPPED_BEFORE_RECORD,
            says="In the median draw events ended before the record's end.",
            adverse=adverse,
            share=share([at is not None and at < end for at in ends]),
        )


def ended_at_s(ran: Ran) -> float | None:
    """Return when events were stopped, seconds from T0."""
    if ran.called_at_s is None or ran.stopped_s is None:
        return None
    return ran.called_at_s + ran.stopped_s


def of_answers(entries: Sequence[Entry]) -> Iterator[Found]:
    """Find a STANDBY that its person never made a yes or a no."""
    given = [entry.act for entry in entries if isinstance(entry.act, AnswerGiven)]
    last = {(act.call, act.by.person): act.answer for act in given}
    for (_, person), answer in last.items():
        if answer is Answer.STANDBY:
            yield _found(
                Play.WITH_LINE,
                Finding.ANSWER_WITHOUT_MEANING,
                "Somebody asked for a moment and never answered.",
                person or "",
            )


def of_limits(scenario: Scenario, limits: Sequence[LimitShown]) -> Iterator[Found]:
    """Find where a window is too short, or somebody decides faster than the line."""
    for limit in limits:
        if limit.too_late is not None and limit.too_late > _HALF:
            yield Found(
                play=Play.WITH_LINE,
                finding=Finding.WINDOW_TOO_SHORT,
                says=limit.draws_say,
                share=limit.too_late,
                evidence=(limit.id,),
            )
    for decision in scenario.decision_times:
        if not can_win(decision.decides_in_s, is_faster=decision.is_faster_than_line):
            yield _found(
                Play.WITH_LINE,
                Finding.DECIDES_FASTER_THAN_LINE,
                f"{decision.party}, by its own word: {decision.action}. "
                "A standing buffer has to be agreed.",
                decision.id,
            )


def can_win(decides_in_s: float | None, *, is_faster: bool) -> bool:
    """Say whether a call can be acknowledged before somebody decides, by the rules."""
    if is_faster:
        return False
    if decides_in_s is None:
        return True
    return line_can_win(
        DecisionTime(
            party=PartyId(""),
            action="",
            decides_within=Duration(seconds=decides_in_s),
        )
    )


# --- what must never be found ---------------------------------------------------------

_OF_PEOPLE: Final = frozenset(
    {
        "death",
        "deaths",
        "dead",
        "killed",
        "lives",
        "casualties",
        "victims",
        "fatalities",
    }
)


def never_allowed(
    scenario: Scenario, replay: Replay, entries: Sequence[Entry]
) -> Iterator[Found]:
    """Look in everything that is about to be shown for what may never be there."""
    nowhere = {
        place.text for place in scenario.places if _is_nowhere(scenario, place.id)
    }
    for place in _places([entry.act for entry in entries]):
        if place.text in nowhere and not isinstance(place.footprint, Unlocated):
            yield _found(
                Play.PLACE_CHECK,
                Finding.FALSE_POINT,
                f"{place.text!r} was given a position.",
            )
    for shown in replay.places:
        if shown.text in nowhere and shown.footprint is not None:
            yield _found(
                Play.PLACE_CHECK,
                Finding.FALSE_POINT,
                f"{shown.name!r} was given a position.",
                shown.id,
            )
    for key in _keys(msgspec.to_builtins(_without_document(replay))):
        if _OF_PEOPLE & set(key.replace("-", "_").split("_")):
            for play in (Play.WITH_LINE, Play.AS_RECORDED):
                yield _found(play, Finding.DEATHS_AVOIDED, f"The result counts {key}.")
    for fact in replay.facts:
        is_whole = fact.status is FactStatus.CONTESTED and fact.rivals
        if fact.settled_by == "never" and not is_whole:
            yield _found(
                Play.WITH_LINE,
                Finding.INTENT_DECIDED,
                "A question no record settles is shown with one answer.",
                fact.id,
            )


def _is_nowhere(scenario: Scenario, place: PlaceId) -> bool:
    told = {one.id: one for one in scenario.places}
    where = told[place].where
    if isinstance(where, SameAs):
        return _is_nowhere(scenario, where.place)
    return isinstance(where, Nowhere)


def _without_document(replay: Replay) -> Replay:
    """Leave out what the document says in its own words; it may name the dead."""
    return msgspec.structs.replace(replay, facts=(), sources=())


def _places(value: Any) -> Iterator[Place]:
    if isinstance(value, Place):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _places(item)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _places(getattr(value, name))


def _keys(value: Any) -> Iterator[str]:
    """Yield every field's name in a tree, and the names counted things go by."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            if key in {"one", "many", "unit"} and isinstance(item, str):
                yield item
            yield from _keys(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _keys(item)


# --- small things ---------------------------------------------------------------------


def first_raise(scenario: Scenario) -> Raise | None:
    """Return the call that is measured, if the day has one."""
    acts = scenario.with_line.acts
    return next((act for act in acts if isinstance(act, Raise)), None)


def distinct(found: Sequence[Found]) -> tuple[Found, ...]:
    """Drop what was found twice in the same words, keeping the order."""
    kept: list[Found] = []
    for one in found:
        if one not in kept:
            kept.append(one)
    return tuple(kept)


def _found(play: Play, finding: Finding, says: str, *evidence: str) -> Found:
    return Found(play=play, finding=finding, says=says, evidence=evidence)
