"""File a notice, see before it goes what it says and meets; read and answer notices.

    kind -> where -> when -> what -> who sees it --look over--> file
                                                      |
                 how it was read, what it would meet, what was not checked

Filing is kept back by no place, no time, or a choice nobody made. Nobody is told but
the desks named, and coarsely unless somebody agreed to more.
"""

import contextlib
from typing import Any, Final
from urllib.parse import quote

import msgspec

from clearline.adapters.attachments import NotAnAttachment
from clearline.model.errors import ClearlineError
from clearline.model.faults import Fault
from clearline.model.instants import Window
from clearline.model.notice_life import Attached
from clearline.model.notices import (
    LEGAL_LINE,
    Disposition,
    NoticeKind,
    Precision,
)
from clearline.model.parties import DeskId
from clearline.model.places import Place, Reading
from clearline.model.screenings import Verdict
from clearline.web.console.notice_form import (
    BEARERS,
    FIELDS,
    POSTS,
    As,
    at_fields,
    kind_of,
    read_form,
    rows_of,
)
from clearline.web.console.notice_life import life_forms, life_of
from clearline.web.console.pages import Form, Page, Shown, Visit
from clearline.web.console.sheet import heard
from clearline.web.endpoints import LOOKING, SIGNED_IN, Answered
from clearline.web.refusals import BadRequest
from clearline.wire.forms.conflicts import PlanGiven, ScreeningShown
from clearline.wire.forms.notices import (
    AnswerToNotice,
    Confirmation,
    FileGiven,
    NoticeGiven,
    Withdrawal,
)

FILES_AT_ONCE: Final = 3
LONGEST_WITH_FILES: Final = 4 * 1024 * 1024
_LONGEST_NAME: Final = 128
ANSWERS: Final = (
    Disposition.ACKNOWLEDGED,
    Disposition.QUERIED,
    Disposition.NOT_OBJECTED,
    Disposition.OBJECTED,
)


async def _new(visit: Visit) -> Shown:
    return await _shown(visit)


async def _shown(visit: Visit, **more: Any) -> Shown:
    with visit.looking() as view:
        desks = [one for one in view.desks.values() if one.party != visit.caller.party]
    return Shown(
        template="new_notice.html",
        has={
            "kinds": tuple(NoticeKind),
            "desks": desks,
            "precisions": tuple(Precision),
            "legal": LEGAL_LINE,
            "fields": FIELDS,
            "chosen": kind_of(visit),
            "as_what": tuple(As),
            "posts": POSTS,
            "bearers": BEARERS,
            "stop_rows": rows_of(visit),
            "wrong": {},
            "readings": (),
            "is_unclear": False,
            "looked": False,
            "attached": (),
            "more_files": range(FILES_AT_ONCE),
            "screening": None,
            "named": visit.said("id"),
            **more,
        },
    )


# --- filing -------------------------------------------------------------------------


async def _do(visit: Visit) -> str | Shown:
    """Look over what is in the form; file it where that was pressed and it is clear."""
    attached, refused = await _attached(visit)
    taken = await visit.asking.aside(lambda: read_form(visit, attached))
    looked, screening = None, None
    if taken.given is not None:
        looked = await visit.do("checkNotice", taken.given)
    is_clear = (
        looked is not None and looked.is_taken and not taken.is_unclear and not refused
    )
    if visit.said("file") and is_clear and taken.given is not None:
        answered: Answered = await visit.do("fileNotice", taken.given)
        return f"/notices/{quote(answered.body.notice.id)}"
    if taken.given is not None and not taken.is_unclear:
        screening = await _screened(visit, taken.given)
    faults = (*refused, *taken.faults, *(looked.faults if looked else ()))
    return await _shown(
        visit,
        readings=tuple(heard(visit, one) for one in taken.readings),
        is_unclear=taken.is_unclear,
        is_taken=is_clear,
        looked=True,
        wrong=at_fields(kind_of(visit), faults),
        screening=screening,
        met=_met(screening),
        attached=[(one, msgspec.json.encode(one).decode()) for one in attached],
    )


async def _attached(visit: Visit) -> tuple[tuple[Attached, ...], tuple[Fault, ...]]:
    """Keep the files that came with the form, beside those it already names.

    Each is checked as the API checks it; what is refused is a fault of its field.
    """
    kept: dict[str, Attached] = {}
    faults: list[Fault] = []
    for text in visit.all_said("attached"):
        with contextlib.suppress(msgspec.DecodeError):  # nothing a page of ours wrote
            one = msgspec.json.decode(text, type=Attached)
            kept[one.sha256] = one
    for file in visit.files.values():
        try:
            given = FileGiven(name=file.name[:_LONGEST_NAME], content=file.data)
            answered: Answered = await visit.do("addFile", given)
        except NotAnAttachment as error:
            wrong = f"{file.name}: {error.what}"
            faults.append(Fault(field="attached", wrong=wrong, right=error.next))
        else:
            kept.setdefault(answered.body.sha256, answered.body)
    return tuple(kept.values()), tuple(faults)


def _met(screening: ScreeningShown | None) -> list[Any]:
    if screening is None:
        return []
    return [one for one in screening.met if one.verdict is not Verdict.NONE_FOUND]


async def _screened(visit: Visit, given: NoticeGiven) -> ScreeningShown | None:
    """Say what it would meet; nothing where place or time are not there yet."""
    if (not given.where and given.shape is None) or given.end is None:
        return None
    start = given.start or visit.now
    try:
        plan = PlanGiven(
            where=given.where or "",
            shape=given.shape,
            window=Window(start=start, end=given.end),
            buffer_m=given.buffer_m,
        )
        found: ScreeningShown = await visit.do("screen", plan)
    except ClearlineError:
        return None
    return found


# --- one notice ---------------------------------------------------------------------


async def _see(visit: Visit) -> Shown:
    seen = await visit.do("readNotice", notice=visit.part("notice"))
    revision = seen.revision
    with visit.looking() as view:
        names = {one.id: one.name for one in view.desks.values()}
    return Shown(
        template="notice.html",
        has={
            "seen": seen,
            "where": _told(visit, revision.where) if revision else None,
            "names": names,
            "answers": ANSWERS,
            "may_answer": not seen.is_own and visit.caller.person is not None,
            "is_waiting": not seen.is_own and not _answered(visit, seen),
            **await life_of(visit, seen),
        },
    )


def _told(visit: Visit, place: Place) -> Any:
    return heard(visit, Reading(place=place, understood=""))


def _answered(visit: Visit, seen: Any) -> bool:
    desk = DeskId(visit.caller.desk)
    return any(
        one.desk == desk and one.disposition in ANSWERS for one in seen.dispositions
    )


async def _answer(visit: Visit) -> str:
    try:
        disposition = Disposition(visit.said("answer"))
    except ValueError as error:
        raise BadRequest(
            "That is no answer to a notice.",
            state="Nothing was answered.",
            next="Choose one of those on the page.",
        ) from error
    body = AnswerToNotice(disposition=disposition, detail=visit.said("detail"))
    await visit.do("answerNotice", body, notice=visit.part("notice"))
    return _back(visit)


async def _withdraw(visit: Visit) -> str:
    body = Withdrawal(why=visit.said("why"))
    await visit.do("withdrawNotice", body, notice=visit.part("notice"))
    return _back(visit)


async def _confirm(visit: Visit) -> str:
    await visit.do("confirmNotice", Confirmation(), notice=visit.part("notice"))
    return _back(visit)


def _back(visit: Visit) -> str:
    return f"/notices/{quote(visit.part('notice'))}"


PAGES: Final = (
    Page(path="/notices/new", see=_new, may=SIGNED_IN),
    Page(path="/notices/{notice}", see=_see, may=LOOKING),
)
FORMS: Final = (
    Form(
        path="/notices/new", do=_do, on=_new, may=SIGNED_IN, longest=LONGEST_WITH_FILES
    ),
    Form(path="/notices/{notice}/answer", do=_answer, on=_see, may=SIGNED_IN),
    Form(path="/notices/{notice}/withdraw", do=_withdraw, on=_see, may=SIGNED_IN),
    Form(path="/notices/{notice}/confirm", do=_confirm, on=_see, may=SIGNED_IN),
    *life_forms(_see),
)
