"""Say what in a scenario does not hold together.

Each value of a scenario is sound by itself once it is built; here the whole is
looked at: ids that name nothing, beats out of order, numbers that do not add up,
people nobody could model. Every finding carries the path of the value at fault,
so that whoever read the document can show its line.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import msgspec

from clearline.model.beats import (
    AtPoint,
    BeatId,
    BeatKind,
    FromOrigin,
    SameAs,
    write_offset,
)
from clearline.model.calls import Kind
from clearline.model.cast import PlayedLadder, PlayedPerson, Step, Tongue
from clearline.model.errors import BadInput
from clearline.model.facts import Unfit
from clearline.model.instants import Duration
from clearline.model.places import FactStatus
from clearline.model.references import Path, declared, mentions, noun
from clearline.model.scalars import plain
from clearline.model.scenarios import CheckReceipts, Knob, Raise, Scenario
from clearline.model.what_if import (
    NoSuchKnob,
    find_knob,
    read_setting,
    spot,
    write_value,
)

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Misfit(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one thing that does not fit the rest.

    Attributes:
        path: Where it stands.
        found: What stands there, as the end of a sentence.
        expected: What would fit, as the end of a sentence.
        known: What the value may have been meant to be, for a suggestion.
        given: The word at fault, for a suggestion.
    """

    path: Path
    found: str
    expected: str
    given: str = ""
    known: tuple[str, ...] = ()


def misfits(scenario: Scenario) -> tuple[Misfit, ...]:
    """Return everything that does not hold together, unknown ids first.

    Later findings may follow from earlier ones, so nothing past unknown ids is
    looked for while there are any.
    """
    found = tuple(misnamed(scenario))
    if found:
        return found
    checks = (sources, _beats, _events, _desks, _ladders, _responses, _acts, _knobs)
    return tuple(misfit for check in checks for misfit in check(scenario))


def misnamed(document: Any) -> Iterator[Misfit]:
    """Return every id of a document that names nothing, or names it twice."""
    known = declared(document)
    for mention in mentions(document):
        kind, ids = noun(mention.kind), known.get(mention.kind, {})
        if not mention.is_declared_here:
            if mention.id not in ids:
                yield Misfit(
                    path=mention.path,
                    found=f"`{mention.id}`, which no {kind} is called",
                    expected=f"the id of a {kind}",
                    given=mention.id,
                    known=tuple(ids),
                )
        elif not _ID.fullmatch(mention.id):
            yield Misfit(
                path=mention.path,
                found=f"`{mention.id}`",
                expected="an id of lower-case letters, digits and single hyphens",
            )
        elif ids[mention.id] != mention.path:
            yield Misfit(
                path=mention.path,
                found=f"a second {kind} called `{mention.id}`",
                expected=f"an id no other {kind} has",
            )


def sources(document: Any) -> Iterator[Misfit]:
    """Return what has no source, and what is stated on memory alone."""
    recalled = {source.id for source in document.sources if source.is_recalled}
    for path, value in _structs(document, ()):
        cited = getattr(value, "sources", None)
        if cited is None or path == ():
            continue
        if not cited and isinstance(getattr(value, "status", None), FactStatus):
            yield Misfit(
                path=(*path, "sources"),
                found="no source",
                expected="at least one source id",
            )
        is_stated = getattr(value, "status", None) in {FactStatus.STATED, "stated"}
        if is_stated and cited and set(cited) <= recalled:
            yield Misfit(
                path=(*path, "status"),
                found="`stated` on recalled sources alone",
                expected="`unverified`",
            )


def _structs(value: Any, path: Path) -> Iterator[tuple[Path, msgspec.Struct]]:
    if isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _structs(item, (*path, index))
    elif isinstance(value, msgspec.Struct):
        yield path, value
        for name in value.__struct_fields__:
            yield from _structs(getattr(value, name), (*path, name))


def _beats(scenario: Scenario) -> Iterator[Misfit]:
    timed = [(i, beat) for i, beat in enumerate(scenario.beats) if beat.at is not None]
    for (_, before), (index, beat) in pairwise(timed):
        if before.at is not None and beat.at is not None and beat.at < before.at:
            yield Misfit(
                path=("beats", index, "at"),
                found=f"`{write_offset(beat.at)}` after `{write_offset(before.at)}`",
                expected="beats in the order they happened",
            )
    for index, beat in timed:
        ends = {
            BeatKind.FIRST_EVENT: scenario.events.start,
            BeatKind.LAST_EVENT: scenario.events.end,
        }
        if beat.at != ends.get(beat.kind, beat.at):
            yield Misfit(
                path=("beats", index, "at"),
                found=f"`{write_offset(beat.at or Duration(0))}`",
                expected=f"`{write_offset(ends[beat.kind])}`, as `events` has it",
            )
    yield from _recorded(scenario)


def _recorded(scenario: Scenario) -> Iterator[Misfit]:
    beats = {beat.id: beat for beat in scenario.beats}
    recorded = scenario.as_recorded
    wanted: tuple[tuple[str, BeatId | None, BeatKind], ...] = (
        ("call", recorded.call, BeatKind.CALL),
        ("reached", recorded.reached, BeatKind.REACHED),
        ("stopped", recorded.stopped, BeatKind.LAST_EVENT),
    )
    for field, beat_id, kind in wanted:
        if beat_id is None:
            continue
        beat = beats[beat_id]
        if beat.kind is not kind or beat.at is None:
            yield Misfit(
                path=("as_recorded", field),
                found=f"`{beat_id}`, a `{beat.kind}`"
                + (" without a time" if beat.at is None else ""),
                expected=f"a beat of kind `{kind}` with a time",
            )
    if recorded.reached is not None:
        called_at = beats[recorded.call].at if recorded.call else None
        reached_at = beats[recorded.reached].at
        if called_at is None or (reached_at is not None and reached_at < called_at):
            yield Misfit(
                path=("as_recorded", "reached"),
                found=f"`{recorded.reached}` without a call before it",
                expected="a `call` that comes first",
            )


def _events(scenario: Scenario) -> Iterator[Misfit]:
    events = scenario.events
    if not events.parts:
        return
    edge = events.start
    for index, part in enumerate(events.parts):
        if part.start != edge:
            yield Misfit(
                path=("events", "parts", index, "start"),
                found=f"`{write_offset(part.start)}`",
                expected=f"`{write_offset(edge)}`, where the part before it ends",
            )
        edge = part.end
        for time, at in enumerate(part.at):
            if not part.start <= at <= part.end:
                yield Misfit(
                    path=("events", "parts", index, "at", time),
                    found=f"`{write_offset(at)}`",
                    expected="a time inside its part",
                )
    if edge != events.end:
        yield Misfit(
            path=("events", "parts", len(events.parts) - 1, "end"),
            found=f"`{write_offset(edge)}`",
            expected=f"`{write_offset(events.end)}`, the last event",
        )
    least = sum(p.least if p.count is None else p.count for p in events.parts)
    ends = [p.most if p.count is None else p.count for p in events.parts]
    most = None if None in ends else sum(end or 0 for end in ends)
    if events.total < least or (most is not None and events.total > most):
        bounds = f"{least} or more" if most is None else f"{least} to {most}"
        yield Misfit(
            path=("events", "total"),
            found=f"{events.total}, where the parts come to "
            + (f"{least}" if least == most else bounds),
            expected="a total the parts add up to",
        )


def _desks(scenario: Scenario) -> Iterator[Misfit]:
    above = {desk.id: desk.under for desk in scenario.cast.desks}
    party = {desk.id: desk.party for desk in scenario.cast.desks}
    for index, desk in enumerate(scenario.cast.desks):
        path: Path = ("cast", "desks", index, "under")
        if desk.under is not None and party[desk.under] != desk.party:
            yield Misfit(
                path=path,
                found=f"`{desk.under}`, a desk of `{party[desk.under]}`",
                expected=f"a desk of `{desk.party}`",
            )
        passed, up = {desk.id}, desk.under
        while up is not None and up not in passed:
            passed.add(up)
            up = above[up]
        if up == desk.id:
            yield Misfit(
                path=path,
                found=f"`{desk.under}`, which in the end stands under `{desk.id}`",
                expected="a tree of desks",
            )


def _ladders(scenario: Scenario) -> Iterator[Misfit]:
    party = {desk.id: desk.party for desk in scenario.cast.desks}
    for index, ladder in enumerate(scenario.cast.ladders):
        path: Path = ("cast", "ladders", index, "rungs")
        is_urgent = ladder.kind in {Kind.STOP, Kind.HOLD}
        if is_urgent and ladder.rungs[0].after_s:
            yield Misfit(
                path=(*path, 0, "after_s"),
                found=f"{ladder.rungs[0].after_s:g}",
                expected=f"0: a {ladder.kind} rings at once",
            )
        for step, rung in enumerate(ladder.rungs):
            if party[rung.desk] != party[ladder.desk]:
                yield Misfit(
                    path=(*path, step, "desk"),
                    found=f"`{rung.desk}`, a desk of `{party[rung.desk]}`",
                    expected=f"a desk of `{party[ladder.desk]}`",
                )
            if not any(_is_rung(person, rung) for person in scenario.cast.people):
                yield Misfit(
                    path=(*path, step),
                    found="a rung that reaches nobody",
                    expected="a desk, roles and media somebody of the cast has",
                )


def _is_rung(person: PlayedPerson, rung: Any) -> bool:
    return (
        person.desk == rung.desk
        and (not rung.roles or bool(set(rung.roles) & set(person.roles)))
        and (not rung.media or bool(set(rung.media) & set(person.media)))
    )


def _responses(scenario: Scenario) -> Iterator[Misfit]:
    media = {medium.id for medium in scenario.cast.media}
    for index, person in enumerate(scenario.cast.people):
        path: Path = ("cast", "people", index)
        for place, medium in enumerate(person.media):
            if medium not in media:
                yield Misfit(
                    path=(*path, "media", place),
                    found=f"`{medium}`, which `cast.media` does not have",
                    expected="a medium of the cast",
                )
        for step in _steps_of(scenario, person):
            for medium in person.media:
                if not _is_modelled(scenario, step, person, medium):
                    yield Misfit(
                        path=(*path, "id"),
                        found=f"no response for the step `{step}` of `{person.id}` "
                        f"by {medium}",
                        expected="an entry of `responses` that fits",
                    )


def _steps_of(scenario: Scenario, person: PlayedPerson) -> tuple[Step, ...]:
    if person.desk == scenario.events.carried_out_by:
        return (Step.PROPAGATION,)
    ladders: tuple[PlayedLadder, ...] = scenario.cast.ladders
    if any(_is_rung(person, rung) for ladder in ladders for rung in ladder.rungs):
        return (Step.REACH, Step.UNDERSTAND, Step.AUTHORITY, Step.BELIEF)
    return ()


def _is_modelled(
    scenario: Scenario, step: Step, person: PlayedPerson, medium: Any
) -> bool:
    return all(
        any(model.fits(step, person, medium, tongue) for model in scenario.responses)
        for tongue in Tongue
    )


def _acts(scenario: Scenario) -> Iterator[Misfit]:
    beats = {beat.id: beat for beat in scenario.beats}
    ladders = {(ladder.desk, ladder.kind) for ladder in scenario.cast.ladders}
    for index, act in enumerate(scenario.with_line.acts):
        path: Path = ("with_line", "acts", index)
        at = {beats[beat].at for beat in act.stands_for} - {None}
        if act.at is not None and at and act.at not in at and not act.assumes:
            yield Misfit(
                path=(*path, "at"),
                found=f"`{write_offset(act.at)}`, away from the beat it stands for",
                expected="the beat's own time, or an assumption under `assumes`",
            )
        if act.at is None and not isinstance(act, Raise):
            yield Misfit(
                path=path,
                found=f"no time for `{act.id}`",
                expected="`at`; only a call may be drawn",
            )
        if isinstance(act, CheckReceipts):
            for place, desk in enumerate(act.unread):
                if desk not in act.desks:
                    yield Misfit(
                        path=(*path, "unread", place),
                        found=f"`{desk}`",
                        expected="one of this act's `desks`",
                    )
        if isinstance(act, Raise):
            if (act.to, act.call) not in ladders:
                yield Misfit(
                    path=(*path, "to"),
                    found=f"`{act.to}`, which has no ladder for {act.call}",
                    expected="a desk with a ladder of that kind in `cast.ladders`",
                )
            if act.at is None and not any(
                model.step is Step.NOTICE for model in scenario.responses
            ):
                yield Misfit(
                    path=path,
                    found="a call without a time",
                    expected="`at`, or a response for the step `notice` to draw it",
                )
    yield from _origins(scenario)


def _origins(scenario: Scenario) -> Iterator[Misfit]:
    places = {place.id: place.where for place in scenario.places}
    for index, place in enumerate(scenario.places):
        where, path = place.where, ("places", index, "where")
        if isinstance(where, FromOrigin) and not isinstance(
            places[where.origin], AtPoint
        ):
            yield Misfit(
                path=(*path, "origin"),
                found=f"`{where.origin}`, which has no position",
                expected="a place of shape `point`",
            )
        if isinstance(where, SameAs) and isinstance(places[where.place], SameAs):
            yield Misfit(
                path=(*path, "place"),
                found=f"`{where.place}`, which only points at another place",
                expected="a place that stands by itself",
            )


def _knobs(scenario: Scenario) -> Iterator[Misfit]:
    for index, knob in enumerate(scenario.what_if):
        path: Path = ("what_if", index)
        try:
            there = spot(scenario, knob.changes)
        except BadInput as error:
            yield Misfit(
                path=(*path, "changes"),
                found=error.what.rstrip("."),
                expected="a path to one value",
            )
            continue
        is_measured = plain(there.kind) in {int, float, Duration}
        if (knob.least or knob.most) and not is_measured:
            yield Misfit(
                path=(*path, "least" if knob.least else "most"),
                found="an end for what is no number and no offset",
                expected="`choices`, or neither",
            )
            continue
        standing = write_value(there.value)
        yield from _setting(scenario, knob, standing, (*path, "changes"), _ITSELF)
        for place, choice in enumerate(knob.choices):
            yield from _setting(scenario, knob, choice, (*path, "choices", place))
    for index, cast in enumerate(scenario.adverse):
        for place, setting in enumerate(cast.settings):
            yield from _setting(
                scenario,
                find_knob(scenario, setting.knob),
                setting.value,
                ("adverse", index, "settings", place, "value"),
            )


_ITSELF = " in the document itself"


def _setting(
    scenario: Scenario, knob: Knob, text: str, path: Path, where: str = ""
) -> Iterator[Misfit]:
    try:
        read_setting(scenario, knob, text)
    except Unfit as error:
        yield Misfit(path=path, found=error.found + where, expected=error.expected)
    except NoSuchKnob:
        return  # the knob's own path is at fault and is named for itself
