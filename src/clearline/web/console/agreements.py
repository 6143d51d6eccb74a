"""Agree with another party, and read before each step what follows from it.

Proposing, confirming and ending are each first looked at and then done: the first press
shows what would meet, what would not any more and what is kept until when; the second
does it.
"""

from typing import Any, Final

from clearline.model.agreements import Change
from clearline.model.instants import Instant, write_instant
from clearline.model.links import is_at
from clearline.model.notices import NoticeKind
from clearline.web.api.agreements import BINDING, CONFIRMING
from clearline.web.console.admin import taken, utc_said
from clearline.web.console.pages import Form, Page, Shown, Visit
from clearline.wire.forms.agreements import (
    AgreementEnd,
    AgreementGiven,
    AgreementPreview,
    AgreementRead,
    PreviewWanted,
)

ROWS: Final = 3
"""How many margins one form takes."""

_MINUTE_S: Final = 60
_KINDS: Final = (
    NoticeKind.SITE,
    NoticeKind.MOVEMENT,
    NoticeKind.AREA,
    NoticeKind.ACTIVITY,
)


async def _see(visit: Visit) -> Shown:
    return await _shown(visit)


async def _shown(visit: Visit, **more: Any) -> Shown:
    found = await visit.do("listAgreements")
    own = visit.caller.party
    with visit.looking() as view:
        here = {
            desk.party for desk in view.desks.values() if not is_at(desk.id, desk.party)
        }
        parties = [one for one in view.parties.values() if one.id in here - {own}]
        names = {str(one.id): one.name for one in view.parties.values()}
    return Shown(
        template="agreements.html",
        has={
            "agreements": found.items,
            "own": own,
            "parties": parties,
            "party_names": names,
            "kinds": _KINDS,
            "changes": tuple(Change),
            "buffers": range(1, ROWS + 1),
            "may_bind": visit.may("proposeAgreement"),
            "may_confirm": visit.may("confirmAgreement"),
            "preview": None,
            **more,
        },
    )


async def _propose(visit: Visit) -> str | Shown:
    given = _given(visit)
    if not visit.said("sure"):
        seen = await visit.do("previewAgreement", given)
        starts_at = given.starts_at or visit.now
        fields = {**_fields(visit), "start": [write_instant(starts_at)]}
        return await _shown(visit, preview=_preview(visit, seen, fields, starts_at))
    await visit.do("proposeAgreement", given)
    return "/agreements"


def _given(visit: Visit) -> AgreementGiven:
    days, hours = visit.said("days"), visit.said("notice")
    given = {
        "other": visit.said("other"),
        "margins": [one for row in range(1, ROWS + 1) if (one := _margin(visit, row))],
        "kept_for_days": _number(days) if days else None,
        "alone": visit.all_said("alone"),
        "ends_after_h": _number(hours) if hours else 24,
        "starts_at": utc_said(visit.said("start")),
        "until": utc_said(visit.said("until")),
    }
    return taken(given, AgreementGiven)


def _margin(visit: Visit, row: int) -> dict[str, Any] | None:
    """Return one row of the form; nothing where neither metres nor minutes stand."""
    metres, minutes = visit.said(f"metres{row}"), visit.said(f"minutes{row}")
    if not metres and not minutes:
        return None
    actions = visit.said(f"actions{row}").replace("،", ",").split(",")
    kind = visit.said(f"kind{row}")
    return {
        "buffer_m": _number(metres) if metres else 0,
        "buffer_s": _MINUTE_S * _number(minutes) if minutes else 0,
        "actions": [one.strip() for one in actions if one.strip()],
        "kinds": [kind] if kind else [],
    }


def _number(text: str) -> int:
    """Read a whole number, in any script's digits; -1, which is refused, else."""
    return int(text) if text.isdecimal() else -1


async def _confirm(visit: Visit) -> str | Shown:
    agreement = visit.said("agreement")
    if not visit.said("sure"):
        seen = await visit.do("previewProposal", agreement=agreement)
        return await _shown(visit, preview=_preview(visit, seen, _fields(visit)))
    version = _number(visit.said("version"))
    body = taken({"version": version}, AgreementRead)
    await visit.do("confirmAgreement", body, agreement=agreement)
    return "/agreements"


async def _end(visit: Visit) -> str | Shown:
    agreement = visit.said("agreement")
    ends_at = utc_said(visit.said("when"))
    if not visit.said("sure"):
        wanted = PreviewWanted(ends=True)
        seen = await visit.do("previewProposal", query=wanted, agreement=agreement)
        return await _shown(visit, preview=_preview(visit, seen, _fields(visit)))
    body = AgreementEnd(ends_at=ends_at, why=visit.said("why"))
    await visit.do("endAgreement", body, agreement=agreement)
    return "/agreements"


def _fields(visit: Visit) -> dict[str, list[str]]:
    return {name: values for name, values in visit.form.items() if name != "csrf"}


def _preview(
    visit: Visit,
    seen: AgreementPreview,
    fields: dict[str, list[str]],
    starts_at: Instant | None = None,
) -> dict[str, Any]:
    """Hold a form that waits for a yes, with what would follow from it."""
    return {
        "to": visit.path,
        "does": visit.path.rpartition("/")[2],
        "fields": [(name, one) for name, many in fields.items() for one in many],
        "seen": seen,
        "starts_at": starts_at,
        "agreement": visit.said("agreement"),
    }


PAGES: Final = (Page(path="/agreements", see=_see),)
FORMS: Final = (
    Form(path="/agreements/proposed", do=_propose, on=_see, may=BINDING),
    Form(path="/agreements/confirmed", do=_confirm, on=_see, may=CONFIRMING),
    Form(path="/agreements/ended", do=_end, on=_see, may=BINDING),
)
