"""Screen plans, follow conflicts, and see who was told what.

Everything here is said on what the caller's own party may see (`rules.disclosure`);
what it may not know of is not there.
"""

import asyncio
import math
from collections.abc import Awaitable
from typing import Final, TypeVar

from msgspec.structs import replace

from clearline.model.conflict_commands import (
    AcceptConflict,
    ReleaseConflict,
    TalkAbout,
)
from clearline.model.conflicts import Conflict, ConflictId, WayOut
from clearline.model.extents import Extent
from clearline.model.notices import (
    LEGAL_LINE,
    PLANS,
    Notice,
    NoticeId,
    Precision,
)
from clearline.model.places import Place
from clearline.model.screenings import Screening
from clearline.picture.picture import Picture, View
from clearline.rules.disclosure import Viewer, granted, may_see_conflict
from clearline.rules.margins import (
    planned_of,
    say_standing,
    standing_between,
    with_standing,
)
from clearline.rules.probing import probed_near
from clearline.rules.screening import NOT_CHECKED
from clearline.rules.ways_out import ways_out
from clearline.service.filing import read_clear
from clearline.web.endpoints import (
    LOOKING,
    SIGNED_IN,
    WRITING,
    Asking,
    Endpoint,
    Repeat,
)
from clearline.web.refusals import TooMany, not_there
from clearline.web.shown import conflict_shown, sides_of
from clearline.wire.forms.conflicts import (
    ConflictShown,
    ConflictsShown,
    ConflictsWanted,
    DisclosedShown,
    DisclosuresShown,
    DisclosuresWanted,
    PlanGiven,
    ProbingList,
    ProbingShown,
    Reason,
    ReasonIfAny,
    ScreeningShown,
)

T = TypeVar("T")

BEAT_S: Final = 0.02
"""On what beat a plan is answered: far longer than looking at what is hidden takes."""


# --- screening --------------------------------------------------------------------


async def _screen(asking: Asking) -> ScreeningShown:
    given: PlanGiven = asking.body
    plan = Extent(
        footprint=given.shape or read_where(asking, given.where).footprint,
        window=given.window,
        band=given.band,
        buffer_m=given.buffer_m,
        buffer_s=given.buffer_s,
    )
    viewer = asking.caller.viewer()
    screener = asking.service.own.screener
    now = asking.service.node.clock.read().at
    waits_s = screener.questions.waits_s(viewer.desk, now)
    if waits_s:
        raise TooMany(waits_s)
    return _shown_screening(
        await _on_a_beat(asking.aside(lambda: screener.plan(viewer, plan)))
    )


async def _on_a_beat(answer: Awaitable[T]) -> T:
    """Hold an answer until the next beat after it was asked for.

    Whatever was looked at that nobody is told of took its time, and would be heard.
    """
    loop = asyncio.get_running_loop()
    asked = loop.time()
    answered = await answer
    beats = math.ceil((loop.time() - asked) / BEAT_S)
    await asyncio.sleep(asked + beats * BEAT_S - loop.time())
    return answered


async def _read_screening(asking: Asking) -> ScreeningShown:
    viewer, key = asking.caller.viewer(), NoticeId(asking.path["notice"])
    with asking.looking() as view:
        notice = _own_notice(view, viewer, key)
        screened = view.screened.get(notice.id)
    if screened is None:
        raise not_there("screening")
    told = screened.told
    return ScreeningShown(
        verdict=told.verdict,
        as_of=told.as_of,
        expires_at=told.expires_at,
        met=told.met,
        more=told.more,
        missing=told.missing,
        not_checked=told.not_checked,
        said=told.said,
        legal=LEGAL_LINE,
        revision=screened.revision,
    )


def _shown_screening(screened: Screening) -> ScreeningShown:
    return ScreeningShown(
        verdict=screened.verdict,
        as_of=screened.as_of,
        expires_at=screened.expires_at,
        met=screened.met,
        more=0,
        missing=screened.missing,
        not_checked=screened.not_checked or NOT_CHECKED,
        said=screened.said,
        legal=LEGAL_LINE,
    )


def read_where(asking: Asking, told: str | Place) -> Place:
    """Read a place, or keep a name that nobody can locate.

    Raises:
        NoReading: Its figures are no place, or it may be several.
    """
    with asking.looking() as view:
        origins = tuple(view.origins.values())
    return read_clear(told, origins)


# --- conflicts --------------------------------------------------------------------


async def _list(asking: Asking) -> ConflictsShown:
    wanted: ConflictsWanted = asking.query
    viewer = asking.caller.viewer()
    with asking.looking() as view:
        seen = sorted(
            (
                conflict
                for conflict in view.conflicts.values()
                if may_see_conflict(viewer, conflict)
                and (wanted.is_open is None or conflict.is_open is wanted.is_open)
            ),
            key=lambda conflict: (conflict.found_at, conflict.id),
            reverse=True,
        )[: wanted.limit]
        items = tuple(conflict_shown(view, viewer, conflict) for conflict in seen)
    return ConflictsShown(items=items)


async def _read(asking: Asking) -> ConflictShown:
    viewer = asking.caller.viewer()
    with asking.looking() as view:
        conflict = _known(view, viewer, asking)
        shown = conflict_shown(view, viewer, conflict)
        pair = _pair(view, viewer, conflict)
        now = asking.service.node.clock.read().at
        standing = (
            standing_between(view, planned_of(pair[0]), planned_of(pair[1]), now)
            if pair is not None
            else None
        )
    if pair is None or not conflict.is_open:
        return shown
    changed, other = pair
    own, met = with_standing(changed.revision.extent, standing), other.revision.extent
    ways: tuple[WayOut, ...] = await asking.aside(lambda: ways_out(own, met, now))
    if standing is not None:
        said = say_standing(standing)
        ways = tuple(replace(way, says=f"{way.says} {said}") for way in ways)
    return replace(shown, ways_out=ways, changes=changed.id if ways else None)


async def _talk(asking: Asking) -> ConflictShown:
    await asking.ask(TalkAbout(conflict=_id(asking), by=asking.caller.actor()))
    return await _read(asking)


async def _accept(asking: Asking) -> ConflictShown:
    given: Reason = asking.body
    await asking.ask(
        AcceptConflict(conflict=_id(asking), by=asking.caller.actor(), why=given.why)
    )
    return await _read(asking)


async def _release(asking: Asking) -> ConflictShown:
    given: ReasonIfAny = asking.body
    await asking.ask(
        ReleaseConflict(conflict=_id(asking), by=asking.caller.actor(), why=given.why)
    )
    return await _read(asking)


def _id(asking: Asking) -> ConflictId:
    return ConflictId(asking.path["conflict"])


def _known(view: View, viewer: Viewer, asking: Asking) -> Conflict:
    conflict = view.conflicts.get(_id(asking))
    if conflict is None or not may_see_conflict(viewer, conflict):
        raise not_there("conflict")
    return conflict


def _pair(
    view: View, viewer: Viewer, conflict: Conflict
) -> tuple[Notice, Notice] | None:
    """Return both notices, where the viewer may see both exactly.

    What can give way comes first: the viewer's own, but for a site or an area.
    """
    found = [view.notices.get(side.notice) for side in sides_of(viewer, conflict)]
    own, other = found
    if own is None or other is None:
        return None
    if any(granted(view, viewer, one) is not Precision.EXACT for one in (own, other)):
        return None
    stays = own.revision.kind not in PLANS and other.revision.kind in PLANS
    return (other, own) if stays else (own, other)


# --- who was told -----------------------------------------------------------------


async def _disclosures(asking: Asking) -> DisclosuresShown:
    wanted: DisclosuresWanted = asking.query
    viewer = asking.caller.viewer()
    picture = asking.service.node.picture
    items = await asking.aside(lambda: _told_of_all(picture, viewer, wanted))
    return DisclosuresShown(items=items)


def _told_of_all(
    picture: Picture, viewer: Viewer, wanted: DisclosuresWanted
) -> tuple[DisclosedShown, ...]:
    """Look at one notice after the other; no lock is held, so that no STOP waits."""
    items = []
    for key in picture.disclosures.keys():  # noqa: SIM118 (a history is no mapping)
        notice = picture.notices.get(key)
        if notice is not None and notice.owner == viewer.party:
            items += [
                one
                for one in _told(picture, notice)
                if wanted.holds is None or one.holds is wanted.holds
            ]
    items.sort(key=lambda one: (one.at, one.notice, one.desk), reverse=True)
    return tuple(items[: wanted.limit])


async def _disclosures_of(asking: Asking) -> DisclosuresShown:
    viewer, key = asking.caller.viewer(), NoticeId(asking.path["notice"])
    with asking.looking() as view:
        items = _told(view, _own_notice(view, viewer, key))
    return DisclosuresShown(items=tuple(reversed(items)))


def _own_notice(view: View, viewer: Viewer, key: NoticeId) -> Notice:
    notice = view.notices.get(key)
    if notice is None or notice.owner != viewer.party:
        raise not_there("notice")
    return notice


def _told(view: View, notice: Notice) -> list[DisclosedShown]:
    """List what was told of a notice, in order."""
    told = view.disclosures.get(notice.id) or ()
    newest = {one.desk: at for at, one in enumerate(told)}
    shown = []
    for at, one in enumerate(told):
        desk = view.desks.get(one.desk)
        shown.append(
            DisclosedShown(
                notice=notice.id,
                desk=one.desk,
                party=desk.party if desk else notice.owner,
                revision=one.revision,
                precision=one.precision,
                how=one.how,
                at=one.at,
                holds=newest[one.desk] == at and one.precision is not None,
            )
        )
    return shown


async def _probing(asking: Asking) -> ProbingList:
    viewer = asking.caller.viewer()
    picture = asking.service.node.picture
    probed = await asking.aside(lambda: probed_near(picture, viewer))
    return ProbingList(
        items=tuple(
            ProbingShown(
                party=one.seen.party,
                desk=one.seen.desk,
                at=one.at,
                since=one.seen.since,
                questions=one.seen.questions,
                small=one.seen.small,
                cells=one.seen.cells,
            )
            for one in probed
        )
    )


ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/api/v1/screenings",
        name="screen",
        does="Screen a plan on what your party may see; nothing is filed by it.",
        handle=_screen,
        may=LOOKING,
        takes=PlanGiven,
        gives=ScreeningShown,
        repeat=Repeat.BY_ID,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/notices/{notice}/screening",
        name="readScreening",
        does="Say what the screening of your notice's newest revision found.",
        handle=_read_screening,
        may=LOOKING,
        gives=ScreeningShown,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/notices/{notice}/disclosures",
        name="listDisclosuresOf",
        does="Say who was told of your notice, when, how exactly.",
        handle=_disclosures_of,
        may=LOOKING,
        gives=DisclosuresShown,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/disclosures",
        name="listDisclosures",
        does="List who holds what of your party's notices.",
        handle=_disclosures,
        may=LOOKING,
        query=DisclosuresWanted,
        gives=DisclosuresShown,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/probing",
        name="listProbing",
        does="List who asked as one asks who looks for what is hidden.",
        handle=_probing,
        may=LOOKING,
        gives=ProbingList,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/conflicts",
        name="listConflicts",
        does="List the conflicts your party may know of.",
        handle=_list,
        may=LOOKING,
        query=ConflictsWanted,
        gives=ConflictsShown,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/conflicts/{conflict}",
        name="readConflict",
        does="Read a conflict, and what would part the two.",
        handle=_read,
        may=LOOKING,
        gives=ConflictShown,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/conflicts/{conflict}/talk",
        name="talkAboutConflict",
        does="Say that your party talks about it with the other owner.",
        handle=_talk,
        may=SIGNED_IN,
        gives=ConflictShown,
        rate=WRITING,
        repeat=Repeat.BY_ID,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/conflicts/{conflict}/accept",
        name="acceptConflict",
        does="Say that your party goes on in spite of it, and why.",
        handle=_accept,
        may=SIGNED_IN,
        takes=Reason,
        gives=ConflictShown,
        rate=WRITING,
        repeat=Repeat.BY_ID,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/conflicts/{conflict}/release",
        name="releaseConflict",
        does="Let the other owner know of a conflict only your party knows of.",
        handle=_release,
        may=SIGNED_IN,
        takes=ReasonIfAny,
        gives=ConflictShown,
        rate=WRITING,
        repeat=Repeat.BY_ID,
    ),
)
