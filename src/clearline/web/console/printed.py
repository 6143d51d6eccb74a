"""Lay out for paper what a replay shows: moments, places, what was measured.

The headings are those of the page, in its language; what a document or a person wrote
stays as it was written.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec

from clearline.model.instants import Instant, write_instant
from clearline.record.sheet import Sheet, Table
from clearline.replay.result import Replay
from clearline.web.console import measured
from clearline.web.console.rendering import span
from clearline.web.console.saved import DISCLAIMER
from clearline.web.console.told import Moment
from clearline.web.logged import LogMoment

Say = Callable[[str], str]

_DASH: Final = "\N{EM DASH}"


class Reader(msgspec.Struct, frozen=True, kw_only=True):
    """Hold in which language the headings are.

    Attributes:
        say: Says a heading in it.
        lang: Its tag, BCP 47.
        is_rtl: Whether it is written from right to left.
    """

    say: Say = str
    lang: str = "en"
    is_rtl: bool = False


def of_day(  # noqa: PLR0913 (what a page shows, part by part)
    shown: Replay,
    told: Sequence[tuple[str, Sequence[Moment]]],
    places: dict[str, Any],
    *,
    at: Instant,
    is_model: bool,
    reader: Reader,
) -> Sheet:
    """Lay out a day that was replayed.

    Args:
        shown: The replay.
        told: Moments, under a heading each.
        places: The places named by then, as GeoJSON.
        at: The moment it is shown at.
        is_model: Whether anything but the record is on it.
        reader: Whom it is for.
    """
    say = reader.say
    columns = ("", say("time"), say("desk"), "", "")
    return Sheet(
        title=shown.scenario.title,
        when=f"{at:%Y-%m-%d %H:%M:%S}Z",
        stamps=(say("REPLAY"), *((say("MODEL"),) if is_model else ())),
        says="",
        tables=(
            *(
                Table(
                    heading=heading,
                    columns=columns,
                    widths=(1, 3, 4, 10, 3),
                    rows=tuple(_moment(one, say) for one in moments),
                )
                for heading, moments in told
            ),
            Table(
                heading=say("Places named by then, as a table"),
                columns=(say("place"), say("as told"), say("latitude, longitude")),
                widths=(4, 6, 3),
                rows=tuple(_place(one["properties"]) for one in places["features"]),
            ),
            Table(
                heading=say("Measured against what the line is to reach"),
                columns=(
                    say("from the call"),
                    say("at most"),
                    say("As recorded"),
                    say("With the line · MODEL"),
                ),
                widths=(6, 2, 2, 3),
                rows=tuple(
                    (
                        say(one.says),
                        *map(_minutes, (one.most_s, one.recorded_s, one.line_s)),
                    )
                    for one in measured.of_day(shown)
                ),
            ),
        ),
        foot=(say(DISCLAIMER), shown.scenario.clock_says, shown.scenario.legal),
        lang=reader.lang,
        is_rtl=reader.is_rtl,
    )


def of_log(shown: Sequence[LogMoment], origin: str, reader: Reader) -> Sheet:
    """Lay out moments of this node's own log, those one viewer may see.

    Args:
        shown: The moments, oldest first.
        origin: The log's name.
        reader: Whom it is for.
    """
    say = reader.say
    title = say("The log of this node, as this desk may see it")
    rows = (
        (str(one.entry), write_instant(one.at), f"{one.label} · {one.stands}", one.says)
        for one in shown
    )
    return Sheet(
        title=title,
        when=origin,
        stamps=(say("REPLAY"),),
        says="",
        tables=(
            Table(
                heading=say("What happened"),
                columns=(say("entry"), say("time"), say("what"), ""),
                widths=(1, 4, 4, 8),
                rows=tuple(rows),
            ),
        ),
        foot=(say(DISCLAIMER),),
        lang=reader.lang,
        is_rtl=reader.is_rtl,
    )


def _moment(one: Moment, say: Say) -> tuple[str, ...]:
    when = f"{one.at:%H:%M:%S}Z" if one.is_timed else one.when
    when = when or say("nobody says when")
    return str(one.number), when, one.title, one.says, one.status


def _place(told: dict[str, Any]) -> tuple[str, ...]:
    at = told.get("at")
    return told["label"], told["says"], f"{at[1]:.4f}, {at[0]:.4f}" if at else ""


def _minutes(seconds: float | None) -> str:
    return _DASH if seconds is None else f"{span(round(seconds))} min"
