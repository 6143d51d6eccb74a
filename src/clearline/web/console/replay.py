"""Step through a day: as recorded, and with the line; what happened, what a desk knew.

    /replay                     the days that ship, and this node's own log
    /replay/NAME                one day: ?play=recorded|line &step=N &see=facts|DESK
                                &knob=ID &value=V turns one thing and runs it again
    /replay/log                 this node's own log, as this viewer may see it: ?step=N
    .../saved/FORM              what is shown now, as a file

Every step is a page with links, so that it works without scripts; with them one cursor
moves on map, strips and words at once. Calls stay live beside it, in the frame. What a
model brought out is stamped MODEL, and nothing here enters the log.
"""

from typing import Any, Final
from urllib.parse import urlencode

from markupsafe import Markup

from clearline.model.errors import BadInput
from clearline.model.instants import Instant, write_instant
from clearline.model.notice_life import Status
from clearline.model.what_if import default
from clearline.record.sheet import Sheet
from clearline.replay.library import load, shipped
from clearline.replay.page.lanes import day_line
from clearline.replay.result import Replay
from clearline.web.console import measured, printed, saved, told
from clearline.web.console.board import standing
from clearline.web.console.languages import texts
from clearline.web.console.pages import Page, Sent, Shown, Visit
from clearline.web.console.rendering import HTML, isolate, render, span
from clearline.web.endpoints import LOOKING
from clearline.web.logged import Logged, logged
from clearline.web.refusals import not_there
from clearline.web.replaying import FIRST, RUNS
from clearline.wire.forms.calls import Phase

MOST_MEASURED: Final = 20
"""How many calls are measured, the newest."""

_FIVE_MINUTES_S: Final = 300.0


class NoSuchStep(BadInput):
    """Refuse a step that is no number."""


async def _list(visit: Visit) -> Shown:
    days = await visit.asking.aside(lambda: [load(name).scenario for name in shipped()])
    return Shown(template="replays.html", has={"days": days})


async def _day(visit: Visit) -> Shown:
    return Shown(template="replay.html", has=await _of_day(visit))


async def _of_day(visit: Visit) -> dict[str, Any]:
    name = visit.part("name")
    if name not in shipped():
        raise not_there(f"day {name!r}")
    replays = visit.asking.shared.replays
    setting = _setting(visit)
    plain = shown = await replays.play(name, runs=RUNS if setting else FIRST)
    if setting:
        shown = await replays.play(name, (setting,), RUNS)
    play = visit.query("play") if visit.query("play") in told.PLAYS else told.RECORDED
    see = visit.query("see") or told.FACTS
    every = told.moments(shown, play)
    step = _step(visit, len(every))
    now = every[step - 1]
    before = tuple(one for one in every if one.number <= step)
    seen = told.known(before, see, now.at_s)
    line = day_line(shown)
    here = {"play": play, "see": see, "step": step}
    scenario = (await visit.asking.aside(lambda: load(name))).scenario
    return {
        "shown": shown,
        "plain": plain,
        "play": play,
        "see": see,
        "desks": [lane for lane in shown.lanes if lane.party],
        "every": every,
        "step": step,
        "moment": now,
        "seen": {one.number for one in seen},
        "strips": told.strips(shown),
        "ticks": told.ticks(shown),
        "at": told.percent(line, now.at_s),
        "to": lambda **change: _to(visit, **{**here, **change}),
        "five": _by_time(every, now.at_s),
        "knobs": [(one, default(scenario, one)) for one in scenario.what_if],
        "turned": shown.changed,
        "knob": visit.query("knob"),
        "value": visit.query("value"),
        "gained_s": _gained(plain, shown),
        "minutes": _minutes,
        "data": _data(shown, every, see, line),
        "facts": told.places(shown, seen, see),
        "measured": measured.of_day(shown),
        "save": lambda form: _saving(visit, form, here),
    }


async def _save_day(visit: Visit) -> Sent:
    """Write a file of what the page shows now."""
    form, has = saved.wanted(visit.part("form")), await _of_day(visit)
    name = f"{visit.part('name')}-{has['play']}-{has['step']}"
    shown = [one for one in has["every"] if one.number in has["seen"]]
    if form is saved.SaveAs.GEOJSON:
        return saved.shapes(name, has["facts"])
    if form is saved.SaveAs.KML:
        return saved.placemarks(name, has["facts"])
    if form is saved.SaveAs.HTML:
        return _whole(visit, name, "replay_saved.html", {**has, "known_by": shown})
    if form is saved.SaveAs.PDF:
        return await _paper(visit, name, _day_on_paper(visit, has, shown))
    rows = (
        (one.number, write_instant(one.at), one.title, one.says, one.status)
        for one in shown
    )
    return saved.table(name, ("number", "at", "desk", "says", "status"), rows)


def _day_on_paper(visit: Visit, has: dict[str, Any], shown: list[told.Moment]) -> Sheet:
    say = _reader(visit).say
    heading = say("What happened")
    if has["see"] != told.FACTS:
        heading = f"{say('What this desk knew')}: {has['see']}"
    return printed.of_day(
        has["shown"],
        ((heading, shown),),
        has["facts"],
        at=has["moment"].at,
        is_model=has["play"] == told.LINE or bool(has["turned"]),
        reader=_reader(visit),
    )


async def _paper(visit: Visit, name: str, sheet: Sheet) -> Sent:
    """Set it beside the loop: it takes a second, and calls do not wait for it."""
    made: Sent = await visit.asking.aside(lambda: saved.paper(name, sheet))
    return made


def _reader(visit: Visit) -> printed.Reader:
    language = visit.language
    return printed.Reader(
        say=texts(language.tag).gettext,
        lang=language.tag,
        is_rtl=language.direction == "rtl",
    )


def _whole(visit: Visit, name: str, template: str, has: dict[str, Any]) -> Sent:
    """Write one page that needs nothing else."""
    html = render(visit, Shown(template=template, has=has), {})
    return Sent(body=html.encode(), media=HTML, name=f"{name}.html")


def _saving(visit: Visit, form: str, here: dict[str, Any]) -> str:
    kept = {"knob": visit.query("knob"), "value": visit.query("value")}
    asked = {name: str(value) for name, value in {**here, **kept}.items() if value}
    return f"/replay/{visit.part('name')}/saved/{form}?{urlencode(asked)}"


def _setting(visit: Visit) -> str:
    knob, value = visit.query("knob").strip(), visit.query("value").strip()
    return f"{knob}={value}" if knob and value else ""


def _step(visit: Visit, count: int) -> int:
    said = visit.query("step") or "1"
    try:
        return max(1, min(count, int(said)))
    except ValueError as error:
        raise NoSuchStep(
            f"{said!r} is no step.",
            state="Nothing was shown.",
            next=f"Give a number from 1 to {count}.",
        ) from error


def _to(visit: Visit, **query: Any) -> str:
    """Write the address of this page with something changed."""
    kept = {"knob": visit.query("knob"), "value": visit.query("value")}
    asked = {name: str(value) for name, value in {**query, **kept}.items() if value}
    return f"{visit.path}?{urlencode(asked)}"


def _by_time(every: tuple[told.Moment, ...], at_s: float) -> tuple[int, int]:
    """Return the steps that lie five minutes before and after."""
    back = [one.number for one in every if one.at_s <= at_s - _FIVE_MINUTES_S]
    on = [one.number for one in every if one.at_s >= at_s + _FIVE_MINUTES_S]
    return (back[-1] if back else 1), (on[0] if on else len(every))


def _gained(plain: Replay, shown: Replay) -> float | None:
    """Say how many seconds later the events end than without the change."""
    before, after = told.stop_after_s(plain), told.stop_after_s(shown)
    return None if before is None or after is None else round(after - before, 1)


def _minutes(seconds: float | None) -> Markup:
    """Write a span as minutes and seconds, or that it never came to that."""
    if seconds is None:
        return isolate("\N{EM DASH}")
    return isolate(f"{span(round(seconds))} min")


def _data(
    shown: Replay, every: tuple[told.Moment, ...], see: str, line: Any
) -> dict[str, Any]:
    """Give a script what it needs to move the cursor without asking again."""
    steps = []
    for one in every:
        before = tuple(past for past in every if past.number <= one.number)
        seen = told.known(before, see, one.at_s)
        facts = [m["id"] for m in told.places(shown, seen, see)["features"]]
        steps.append(
            {
                "n": one.number,
                "at": write_instant(one.at),
                "x": told.percent(line, one.at_s),
                "seen": see == told.FACTS or see in one.desks,
                "facts": facts,
            }
        )
    whole = told.places(shown, (), told.FACTS)
    return {"steps": steps, "facts": whole}


# --- this node's own log --------------------------------------------------------------


async def _log(visit: Visit) -> Shown:
    return Shown(template="replay_log.html", has=await _of_log(visit))


async def _save_log(visit: Visit) -> Sent:
    """Write a file of the moments of this log up to the one shown."""
    form, has = saved.wanted(visit.part("form")), await _of_log(visit)
    name, shown = f"log-{has['step']}", has["moments"][: has["step"]]
    if form in (saved.SaveAs.GEOJSON, saved.SaveAs.KML):
        raise not_there(f"format {form!r}")
    if form is saved.SaveAs.HTML:
        return _whole(visit, name, "replay_log_saved.html", {**has, "shown": shown})
    if form is saved.SaveAs.PDF:
        origin = visit.service.node.log.origin
        sheet = printed.of_log(shown, origin, _reader(visit))
        return await _paper(visit, name, sheet)
    rows = (
        (one.entry, write_instant(one.at), one.what, one.label, one.stands, one.says)
        for one in shown
    )
    return saved.table(name, ("entry", "at", "what", "label", "stands", "says"), rows)


async def _of_log(visit: Visit) -> dict[str, Any]:
    service, viewer = visit.service, visit.caller.viewer()
    found: Logged = await visit.asking.aside(lambda: logged(service, viewer))
    step = _step(visit, max(1, len(found.moments))) if visit.query("step") else 0
    step = step or len(found.moments)
    moment = found.moments[step - 1] if found.moments else None
    return {
        "moments": found.moments,
        "is_cut": found.is_cut,
        "step": step,
        "moment": moment,
        "ends": (found.moments[0].at, found.moments[-1].at) if found.moments else None,
        "to": lambda n: f"{visit.path}?step={n}",
        "data": {
            "steps": [
                {
                    "n": one.number,
                    "at": write_instant(one.at),
                    "x": _share(found, one.at),
                    "seen": True,
                    "entry": one.entry,
                }
                for one in found.moments
            ]
        },
        "measured": measured.measured(standing(visit))[:MOST_MEASURED],
        "minutes": _minutes,
        "share": lambda one: _share(found, one.at),
        "stands": lambda one: (Phase if one.what == "call" else Status)(one.stands),
    }


def _share(found: Logged, at: Instant) -> float:
    first, last = found.moments[0].at, found.moments[-1].at
    whole = (last - first).total_seconds() or 1.0
    return round(100.0 * (at - first).total_seconds() / whole, 3)


PAGES: Final = (
    Page(path="/replay", see=_list, may=LOOKING),
    Page(path="/replay/log", see=_log, may=LOOKING),
    Page(path="/replay/log/saved/{form}", see=_save_log, may=LOOKING),
    Page(path="/replay/{name}", see=_day, may=LOOKING),
    Page(path="/replay/{name}/saved/{form}", see=_save_day, may=LOOKING),
)
FORMS: Final = ()
