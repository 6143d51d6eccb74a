"""File notices, say what becomes of them, and show each viewer what is theirs to know.

Everything shown comes through `rules.disclosure.notice_for`. A notice asks for nothing:
no answer here permits anything, and the legal line goes with every one.
"""

import contextlib
from collections.abc import Iterable, Iterator
from functools import partial

from starlette.responses import Response

from clearline.adapters.attachments import NotAnAttachment, kind_of
from clearline.model.access import Scope
from clearline.model.faults import Fault, FilingRefused, Severity, refused
from clearline.model.instants import Instant
from clearline.model.notice_commands import (
    AmendNotice,
    ConfirmNotice,
    Dispose,
    FileNotice,
    NoticeCommand,
    ReportMovement,
    RouteNotice,
    StateOutcome,
    WithdrawNotice,
)
from clearline.model.notice_details import MovementDetails
from clearline.model.notice_life import Attached, Disposition
from clearline.model.notice_seen import NoticeSeen
from clearline.model.notices import (
    Notice,
    NoticeId,
    PositionDetails,
    Revision,
    files_of,
    position_id,
)
from clearline.model.parties import Actor, DeskId
from clearline.picture.marks import file_mark, named_under
from clearline.rules.admin_areas import admin_faults
from clearline.rules.disclosure import as_told, files_for, in_a_list, notice_for
from clearline.rules.notice_counts import count_notices
from clearline.rules.notice_life import require_loaded
from clearline.rules.notice_sheet import sheet_of, short_form
from clearline.rules.notices import look_over, names_asked
from clearline.service.beside import Beside
from clearline.service.filing import as_filed, read_told
from clearline.service.links import PeerUnreached
from clearline.service.personal import open_personal
from clearline.web.endpoints import (
    LOOKING,
    SIGNED_IN,
    WRITING,
    Answered,
    Asking,
    Endpoint,
    May,
    Repeat,
)
from clearline.web.refusals import BadRequest, not_there
from clearline.wire.forms.notices import (
    AnswerToNotice,
    Confirmation,
    CountingNotices,
    FileGiven,
    ListingNotices,
    LookedOver,
    MovementGiven,
    NoticeCounts,
    NoticeDone,
    NoticeGiven,
    Notices,
    NoticeSheet,
    NoticeShownAt,
    OutcomeGiven,
    PersonalShown,
    RouteGiven,
    SheetFor,
    Withdrawal,
)

SHOWING = May(has_device=True, scope=Scope.NOTICES)
_AT_ONCE = 500
"""How many notices are looked at before others are let at the picture again."""


# --- filing -----------------------------------------------------


async def _file(asking: Asking) -> Answered:
    given: NoticeGiven = asking.body
    id_ = NoticeId(given.id or asking.drawn_id("n"))
    by = asking.caller.actor()
    return await file_given(asking, id_, given, by)


async def file_given(
    asking: Asking,
    id_: NoticeId,
    given: NoticeGiven,
    by: Actor,
    *,
    approved_by: Actor | None = None,
) -> Answered:
    """File what was given, as somebody, approved by somebody else or not."""
    if isinstance(given.details, PositionDetails):
        id_ = position_id(id_, by.party)
    since = _filed_since(asking, id_, by)
    revision, beside, faults = await _read(asking, given, None, since)
    if refused(faults):
        command = FileNotice(notice=id_, by=by, revision=revision)
        raise FilingRefused((*faults, *_said_of(asking, command, None)))
    command = FileNotice(
        notice=id_,
        by=by,
        revision=revision,
        approved_by=approved_by,
        asked=await _names(asking, FileNotice(notice=id_, by=by, revision=revision)),
    )
    warned = (*faults, *_said_of(asking, command, None))
    done = await _do(asking, command, beside, warned)
    return Answered(body=done, status=201)


def _filed_since(asking: Asking, id_: NoticeId, by: Actor) -> Instant | None:
    """Return since when a notice filed before stands, so that it reads the same."""
    with asking.looking() as view:
        known = view.notices.get(id_)
    is_own = known is not None and known.owner == by.party
    return known.revision.window.start if known is not None and is_own else None


async def _amend(asking: Asking) -> NoticeDone:
    before, given = _own(asking), asking.body
    revision, beside, faults = await _read(asking, given, before.revision)
    command = AmendNotice(notice=before.id, by=asking.caller.actor(), revision=revision)
    warned = (*faults, *_said_of(asking, command, before.revision))
    if refused(faults):
        raise FilingRefused(warned)
    asked = await _names(asking, command)
    command = AmendNotice(
        notice=before.id, by=command.by, revision=revision, asked=asked
    )
    return await _do(asking, command, beside, warned)


async def _check(asking: Asking) -> LookedOver:
    given: NoticeGiven = asking.body
    return await look_over_given(asking, given, asking.caller.actor())


async def look_over_given(asking: Asking, given: NoticeGiven, by: Actor) -> LookedOver:
    """Say what would be said of a notice; one that stands is checked as amended."""
    id_ = NoticeId(given.id or "")
    with asking.looking() as view:
        known = view.notices.get(id_)
    before = known.revision if known and known.owner == by.party else None
    try:
        revision, _, faults = await _read(asking, given, before)
    except FilingRefused as error:
        return LookedOver(is_taken=False, faults=error.faults)
    command = FileNotice(notice=id_, by=by, revision=revision)
    found = (*faults, *_said_of(asking, command, before))
    return LookedOver(is_taken=not refused(found), faults=found)


async def _read(
    asking: Asking,
    given: NoticeGiven,
    before: Revision | None,
    since: Instant | None = None,
) -> tuple[Revision, Beside, tuple[Fault, ...]]:
    """Read a form; what only a list of places or the files can tell comes with it."""
    service, now = asking.service, since or _now(asking)
    with asking.looking() as view:
        own = tuple(view.origins.values())
    known = service.known(own)

    def read() -> tuple[Revision, Beside, tuple[Fault, ...]]:
        revision, beside = as_filed(given, known, now, service.chance, before)
        places = service.gazetteer if service.gazetteer.is_made else None
        return (
            revision,
            beside,
            (*admin_faults(revision, places), *_files(asking, given, may_name)),
        )

    may_name = _may_name(asking, files_of(tuple(given.attached), given.details))
    return await asking.aside(read)  # type: ignore[no-any-return]


def _files(
    asking: Asking, given: NoticeGiven, may_name: frozenset[str]
) -> Iterator[Fault]:
    kept, details = asking.service.attachments, given.details
    for number, one in enumerate(given.attached):
        if not (one.sha256 in may_name and kept.holds(one)):
            yield Fault(
                field=f"attached[{number}].sha256",
                wrong="No file of that hash, length and kind was added here.",
                right="Add the file first, and give what that answered.",
            )
    vehicles = details.vehicles if isinstance(details, MovementDetails) else ()
    for number, vehicle in enumerate(vehicles):
        photo = vehicle.photo
        if photo and not (photo in may_name and kept.read(photo) is not None):
            yield Fault(
                field=f"details.vehicles[{number}].photo",
                wrong="No file of that hash was added here: nobody can look at it.",
                right="Add the photo, and give its hash.",
                severity=Severity.WARN,
            )


def _said_of(
    asking: Asking, command: FileNotice | AmendNotice, before: Revision | None
) -> tuple[Fault, ...]:
    with asking.looking() as view:
        return look_over(view, command, before, _now(asking))


async def _names(asking: Asking, command: FileNotice | AmendNotice) -> tuple:  # type: ignore[type-arg]
    with asking.looking() as view:
        own = tuple(view.origins.values())
    known = asking.service.known(own)
    return await asking.aside(lambda: names_asked(command, known))  # type: ignore[no-any-return]


# --- what becomes of it -----------------------------------------


async def _withdraw(asking: Asking) -> NoticeDone:
    by, why = asking.caller.actor(), asking.body.why
    return await _do(asking, WithdrawNotice(notice=_id(asking), by=by, why=why))


async def _confirm(asking: Asking) -> NoticeDone:
    return await _do(
        asking, ConfirmNotice(notice=_id(asking), by=asking.caller.actor())
    )


async def _shown(asking: Asking) -> NoticeDone:
    given: NoticeShownAt = asking.body
    did = Disposition.DELIVERED if given.is_only_delivered else Disposition.SHOWN
    by = asking.caller.actor()
    return await _do(asking, Dispose(notice=_id(asking), by=by, disposition=did))


async def _answer(asking: Asking) -> NoticeDone:
    given: AnswerToNotice = asking.body
    await _require_kept(asking, given.original)
    return await _do(
        asking,
        Dispose(
            notice=_id(asking),
            by=asking.caller.actor(),
            disposition=given.disposition,
            detail=given.detail,
            desk=DeskId(given.desk) if given.desk else None,
            original=given.original,
        ),
    )


async def _route(asking: Asking) -> NoticeDone:
    given: RouteGiven = asking.body
    await _require_kept(asking, given.sheet)
    asked = RouteNotice(
        notice=_id(asking),
        by=asking.caller.actor(),
        routing=given.routing,
        to=DeskId(given.to) if given.to else None,
        why=given.why,
        sheet=given.sheet,
    )
    write = partial(asking.service.forwarding.with_sheet, asked)
    command, warned = await asking.aside(write)
    return await _do(asking, command, (), warned)


async def _move(asking: Asking) -> NoticeDone:
    given: MovementGiven = asking.body
    where = None
    if given.where:
        with asking.looking() as view:
            own = tuple(view.origins.values())
        told, known = given.where, asking.service.known(own)
        where = await asking.aside(lambda: read_told(told, known))
    return await _do(
        asking,
        ReportMovement(
            notice=_id(asking),
            by=asking.caller.actor(),
            state=given.state,
            stop=given.stop,
            where=where,
            expected_at=given.expected_at,
            detail=given.detail,
        ),
    )


async def _outcome(asking: Asking) -> NoticeDone:
    given: OutcomeGiven = asking.body
    return await _do(
        asking,
        StateOutcome(
            notice=_id(asking),
            by=asking.caller.actor(),
            outcome=given.outcome,
            detail=given.detail,
        ),
    )


async def _do(
    asking: Asking,
    command: NoticeCommand,
    beside: Beside = (),
    faults: tuple[Fault, ...] = (),
) -> NoticeDone:
    """Do it, and say how the notice stands; what cannot be seen is not there."""
    if not isinstance(command, FileNotice):
        _seen(asking, command.notice)
    try:
        written = await asking.ask(command, beside)
    except FilingRefused as error:
        every = dict.fromkeys((*faults, *error.faults))
        raise FilingRefused(tuple(every)) from error
    return NoticeDone(
        notice=_seen(asking, command.notice),
        has_changed=bool(written.entries),
        first=written.first,
        faults=faults,
    )


# --- looking ----------------------------------------------------


async def _show(asking: Asking) -> NoticeSeen:
    return _seen(asking, _id(asking))


async def _list(asking: Asking) -> Notices:
    wanted: ListingNotices = asking.query
    found: list[NoticeSeen] = []
    for some in await _newest_first(asking, wanted.after):
        found += await asking.aside(partial(_fitting, asking, some, wanted))
        if len(found) > wanted.limit:
            break
    page = found[: wanted.limit]
    rest = len(found) > wanted.limit
    return Notices(items=tuple(page), next=page[-1].id if rest else "")


async def _newest_first(asking: Asking, after: str) -> list[list[NoticeId]]:
    """Name every notice in lots, so that nobody waits while all are looked at."""
    keys: list[NoticeId] = []
    for node in (asking.service.own.node, asking.service.node):  # own positions first
        with node.writer.gate:
            keys += reversed(node.picture.notices.keys())
    if after:
        if _seen_if_any(asking, NoticeId(after)) is None:  # nor is it said to be there
            raise BadRequest(
                f"{after!r} is no notice of this list.",
                state="Nothing was listed.",
                next="Begin again without `after`.",
            )
        keys = keys[keys.index(NoticeId(after)) + 1 :]
    return [keys[at : at + _AT_ONCE] for at in range(0, len(keys), _AT_ONCE)]


def _fitting(
    asking: Asking, ids: list[NoticeId], wanted: ListingNotices
) -> list[NoticeSeen]:
    viewer, now = asking.caller.viewer(), _now(asking)
    with asking.looking() as view:
        notices = [view.notices.get(one) for one in ids]
        seen = [
            in_a_list(view, viewer, notice, now)
            for notice in notices
            if notice is not None
            and (wanted.is_over is not None or not notice.is_over)
            and (wanted.is_over is None or notice.is_over is wanted.is_over)
        ]
    return [
        one
        for one in seen
        if one is not None
        and (not wanted.whose or one.is_own is (wanted.whose == "own"))
        and (wanted.kind is None or one.kind is wanted.kind)
        and (wanted.status is None or one.status is wanted.status)
    ]


async def _count(asking: Asking) -> NoticeCounts:
    wanted: CountingNotices = asking.query
    now = _now(asking)
    month = wanted.month or now.strftime("%Y-%m")
    owned: list[Notice] = []
    for some in await _newest_first(asking, ""):
        owned += await asking.aside(partial(_owned, asking, some))
    return count_notices(owned, month, now)


def _owned(asking: Asking, ids: list[NoticeId]) -> list[Notice]:
    party = asking.caller.party
    with asking.looking() as view:
        found = [view.notices.get(one) for one in ids]
    return [one for one in found if one is not None and one.owner == party]


async def _sheet(asking: Asking) -> NoticeSheet:
    """Write one's own notice, or one that goes through here, down for a recipient."""
    seen, desk = _seen(asking, _id(asking)), DeskId(asking.query.desk)
    if seen.notice is None:
        raise not_there("notice of your own")
    with asking.looking() as view:
        told = as_told(view, seen.notice, desk, _now(asking))
    if told is None:
        raise not_there("desk that it tells")
    return NoticeSheet(
        desk=desk,
        level=told.level,
        sheet=sheet_of(told, asking.caller.desk),
        short_form=short_form(told),
    )


async def _personal(asking: Asking) -> PersonalShown:
    personal = _own(asking).revision.personal
    find = asking.service.node.log.sealed
    return await asking.aside(lambda: open_personal(find, personal))  # type: ignore[no-any-return]


# --- files ------------------------------------------------------


async def _add_file(asking: Asking) -> Answered:
    given: FileGiven = asking.body
    kept, by = asking.service.attachments, asking.caller.party
    attached = await asking.aside(
        lambda: kept.keep(given.name, given.content, given.shows, by)
    )
    return Answered(body=attached, status=201)


async def _give_file(asking: Asking) -> Response:
    """Give a file of a notice to whoever may know the notice exactly."""
    digest = asking.path["sha256"]
    seen = _seen(asking, _id(asking))
    kept = asking.service.attachments
    is_named = digest in files_for(seen)
    data = await asking.aside(lambda: kept.read(digest)) if is_named else None
    if data is None and is_named:
        data = await asking.aside(partial(_brought, asking, digest))
    if data is None:
        raise not_there("file")
    return Response(
        data,
        media_type=kind_of(data),  # whatever was said of it
        headers={
            "content-disposition": "attachment",
            "x-content-type-options": "nosniff",
            "cache-control": "private, no-store",
        },
    )


def _brought(asking: Asking, digest: str) -> bytes | None:
    """Bring a file from the node whose notice names it, where that is another one."""
    service = asking.service
    with contextlib.suppress(PeerUnreached, NotAnAttachment):  # then it is not here
        service.station.files.bring(digest)
    return service.attachments.read(digest)


# --- parts ------------------------------------------------------


def _now(asking: Asking) -> Instant:
    return asking.now


def _id(asking: Asking) -> NoticeId:
    return NoticeId(asking.path["notice"])


def _seen(asking: Asking, id_: NoticeId) -> NoticeSeen:
    """Return a notice as this caller may know it; otherwise it is not there."""
    require_loaded(asking.service.node.picture)
    seen = _seen_if_any(asking, id_)
    if seen is None:
        raise not_there("notice")
    return seen


def _seen_if_any(asking: Asking, id_: NoticeId) -> NoticeSeen | None:
    now, viewer = _now(asking), asking.caller.viewer()
    with asking.looking() as view:
        notice = view.notices.get(id_)
        return notice_for(view, viewer, notice, now) if notice else None


def _own(asking: Asking) -> Notice:
    seen = _seen(asking, _id(asking))
    if seen.notice is None or seen.owner != asking.caller.party:
        raise not_there("notice of your own")
    return seen.notice


def _may_name(asking: Asking, digests: Iterable[str]) -> frozenset[str]:
    """Choose the files this caller may name; any other is as one that is not here.

    Those its own people gave, and those of a notice that it may know exactly. Whoever
    could name a file by its hash alone could then read it.
    """
    was_given, by = asking.service.attachments.was_given, asking.caller.party
    return frozenset(
        one for one in digests if was_given(one, by) or _is_seen(asking, one)
    )


def _is_seen(asking: Asking, digest: str) -> bool:
    with asking.looking() as view:
        naming = tuple(named_under(view, file_mark(digest)))
    seen = (_seen_if_any(asking, notice) for notice in naming)
    return any(digest in files_for(one) for one in seen if one is not None)


async def _require_kept(asking: Asking, attached: Attached | None) -> None:
    """Refuse a file that was not added here as it is named."""
    if attached is None:
        return
    may_name = _may_name(asking, (attached.sha256,))
    kept = asking.service.attachments
    if not may_name or not await asking.aside(lambda: kept.holds(attached)):
        raise BadRequest(
            "No file of that hash, length and kind was added here.",
            state="Nothing was recorded.",
            next="Add the file first, and give what that answered.",
        )


def _act(  # noqa: PLR0913 (an operation's own particulars, by name)
    path: str,
    name: str,
    does: str,
    handle: object,
    takes: object,
    *,
    may: May = SIGNED_IN,
    says: str = "",
    recalls: bool = True,
) -> Endpoint:
    """Describe one act about a notice."""
    return Endpoint(
        method="POST",
        path=f"/api/v1/notices/{{notice}}/{path}",
        name=name,
        does=does,
        says=says,
        handle=handle,  # type: ignore[arg-type]
        may=may,
        takes=takes,
        gives=NoticeDone,
        rate=WRITING,
        recalls=recalls,
    )


ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/api/v1/notices",
        name="fileNotice",
        does="File a notice: it informs whom it names, and asks for nothing.",
        says="Everything that is wrong with it is answered at once, field by field, in "
        "`faults` of the problem; what is only warned of comes with the answer.",
        handle=_file,
        may=SIGNED_IN,
        takes=NoticeGiven,
        gives=NoticeDone,
        status=201,
        rate=WRITING,
        recalls=True,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/notice-checks",
        name="checkNotice",
        does="Say what would be said of a notice; nothing is recorded.",
        handle=_check,
        may=SIGNED_IN,
        takes=NoticeGiven,
        gives=LookedOver,
        rate=WRITING,
        repeat=Repeat.BY_ID,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/notices",
        name="listNotices",
        does="List your party's notices and those your desk was told of, newest first.",
        handle=_list,
        may=LOOKING,
        query=ListingNotices,
        gives=Notices,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/notice-counts",
        name="countNotices",
        does="Count your party's notices of a month by kind, status and outcome.",
        handle=_count,
        may=LOOKING,
        query=CountingNotices,
        gives=NoticeCounts,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/notices/{notice}",
        name="readNotice",
        does="Read one notice, as exactly as its owner lets your desk know it.",
        handle=_show,
        may=LOOKING,
        gives=NoticeSeen,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/notices/{notice}/sheet",
        name="readNoticeSheet",
        does="Write a notice down for a desk without a node: a sheet and a short form.",
        says="For who files it and who forwards it; it says what that desk may know.",
        handle=_sheet,
        may=SIGNED_IN,
        query=SheetFor,
        gives=NoticeSheet,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/notices/{notice}/personal",
        name="readPersonal",
        does="Read the numbers, plates and names of a notice of your own party.",
        handle=_personal,
        may=SIGNED_IN,
        gives=PersonalShown,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/notices/{notice}/files/{sha256}",
        name="readNoticeFile",
        does="Give a file of a notice that you may know exactly.",
        handle=_give_file,
        may=LOOKING,
        media="application/octet-stream",
    ),
    Endpoint(
        method="POST",
        path="/api/v1/files",
        name="addFile",
        does="Add a file, to be named by a notice or an answer by its hash.",
        says="A JPEG, PNG, WebP, PDF, message or plain text of up to 700,000 bytes; "
        "what it is follows from its bytes.",
        handle=_add_file,
        may=SIGNED_IN,
        takes=FileGiven,
        gives=Attached,
        status=201,
        rate=WRITING,
        repeat=Repeat.BY_ID,
    ),
    _act(
        "revisions",
        "amendNotice",
        "Amend a notice: everybody is told again, and must answer again.",
        _amend,
        NoticeGiven,
    ),
    _act(
        "withdrawal",
        "withdrawNotice",
        "Withdraw a notice; what was told cannot be untold.",
        _withdraw,
        Withdrawal,
    ),
    _act(
        "confirmation",
        "confirmNotice",
        "Say that a notice is still so.",
        _confirm,
        Confirmation,
    ),
    _act(
        "shown",
        "noticeShown",
        "Report that a screen of your desk holds a notice, or showed it.",
        _shown,
        NoticeShownAt,
        may=SHOWING,
    ),
    _act(
        "answers",
        "answerNotice",
        "Answer a notice, for your desk or for one that has nobody here.",
        _answer,
        AnswerToNotice,
        says="No answer is a permission, and none takes one away.",
    ),
    _act(
        "routing",
        "routeNotice",
        "Receive a notice that goes through your desk, return it, or forward it.",
        _route,
        RouteGiven,
        recalls=False,  # what is sent by mail is written anew each time
    ),
    _act(
        "movements",
        "reportMovement",
        "Say how far a movement is; a delay is told to everybody again.",
        _move,
        MovementGiven,
    ),
    _act(
        "outcome",
        "stateOutcome",
        "Say how a movement went in the end.",
        _outcome,
        OutcomeGiven,
    ),
)
