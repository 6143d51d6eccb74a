"""Enter who is on the line, and see before each change who sees what afterwards."""

from typing import Any, Final, TypeVar

import msgspec
from markupsafe import Markup
from msgspec.structs import replace

from clearline.model.access import Scope
from clearline.model.instants import Instant, parse_instant
from clearline.model.parties import DeskId, Medium, PersonId, Role, Standing
from clearline.picture.picture import View
from clearline.rules.agreements import cannot_win
from clearline.rules.notice_clocks import PURGE_AFTER
from clearline.web.console.pages import Form, Page, Shown, Visit
from clearline.web.endpoints import ADMINISTRATOR, Answered
from clearline.web.qr import as_svg, for_phones
from clearline.web.refusals import BadRequest
from clearline.wire.forms.access import DeviceGiven, Devices, KeyGiven, Keys
from clearline.wire.forms.agreements import AgreementList
from clearline.wire.forms.line import (
    DecisionTimeGiven,
    DeskGiven,
    LineGiven,
    NumbersGiven,
    PartyGiven,
)
from clearline.wire.forms.persons import PersonGiven

T = TypeVar("T")


async def _see(visit: Visit) -> Shown:
    return await _shown(visit)


async def _shown(visit: Visit, **more: Any) -> Shown:
    devices: Devices = await visit.do("listDevices")
    keys: Keys = await visit.do("listKeys")
    agreed: AgreementList = await visit.do("listAgreements")
    far = for_phones(visit.service.settings.web, visit.service.port)
    with visit.looking() as view:
        has = {
            "parties": list(view.parties.values()),
            "desks": list(view.desks.values()),
            "persons": list(view.persons.values()),
            "lines": list(view.lines.values()),
            "names": {str(one.id): one.name for one in view.desks.values()},
            "declared": sorted(
                view.declared.values(), key=lambda one: (one.party, one.action)
            ),
            "beaten": [
                said
                for one in view.parties.values()
                for said in cannot_win(view, one.id)
            ],
        }
    return Shown(
        template="admin.html",
        has={
            **has,
            "devices": [one for one in devices.items if one.revoked_at is None],
            "keys": [one for one in keys.items if one.revoked_at is None],
            "agreed": agreed.items,
            "numbers": visit.service.desk_numbers.every(),
            "roles": tuple(Role),
            "media": tuple(Medium),
            "standings": tuple(Standing),
            "scopes": tuple(Scope),
            "purged_after": PURGE_AFTER.days,
            "far": far,
            "code": Markup(as_svg(f"{far}/trust", "QR")) if far else "",  # noqa: S704 (drawn of our own settings)
            "told": None,
            "preview": None,
            **more,
        },
    )


def taken(made: dict[str, Any], kind: type[T]) -> T:
    """Take a form's fields as the API would, or say which one it cannot."""
    try:
        return msgspec.convert(made, kind)
    except msgspec.ValidationError as error:
        raise BadRequest(
            f"The form cannot be taken: {error}.",
            state="Nothing was entered.",
            next="Ids have small letters, digits, dots and dashes; names stand on one "
            "line.",
        ) from error


async def _party(visit: Visit) -> str:
    given = {
        "name": visit.said("name"),
        "standing": visit.said("standing"),
        "needs_two_to_file": {"two": True, "one": False}.get(visit.said("files")),
    }
    await visit.do("setParty", taken(given, PartyGiven), party=visit.said("id"))
    return "/admin"


async def _declare(visit: Visit) -> str:
    seconds = visit.said("seconds")
    given = {
        "action": visit.said("about"),
        "decides_within_s": int(seconds) if seconds.isdecimal() else -1,
    }
    body = taken(given, DecisionTimeGiven)
    await visit.do("declareDecisionTime", body, party=visit.said("party"))
    return "/admin"


async def _desk(visit: Visit) -> str | Shown:
    given = {
        "party": visit.said("party"),
        "name": visit.said("name"),
        "under": visit.said("under") or None,
        "is_single_handed": bool(visit.said("single")),
    }
    body = taken(given, DeskGiven)
    if not visit.said("sure"):
        with visit.looking() as view:
            told = sees(view, DeskId(visit.said("id")), body.under)
        return await _shown(visit, preview=_preview(visit, told))
    await visit.do("setDesk", body, desk=visit.said("id"))
    return "/admin"


async def _person(visit: Visit) -> str | Shown:
    given = {
        "desk": visit.said("desk"),
        "pseudonym": visit.said("pseudonym"),
        "roles": visit.all_said("role"),
        "media": visit.all_said("medium") or (Medium.SCREEN,),
        "languages": tuple(visit.said("languages").split()),
    }
    body = taken(given, PersonGiven)
    if not visit.said("sure"):
        with visit.looking() as view:
            told = sees(view, DeskId(body.desk), None, is_auditor=_audits(body.roles))
        return await _shown(visit, preview=_preview(visit, told))
    await visit.do("setPerson", body, person=visit.said("id"))
    return "/admin"


def _audits(roles: tuple[Role, ...]) -> bool:
    return Role.AUDITOR in roles


def sees(
    view: View, desk: DeskId, under: str | None, *, is_auditor: bool = False
) -> dict[str, list[str]]:
    """Say whose calls a desk's people see: their own, and those of desks below.

    And who sees theirs: every desk above, up to the top of the tree.
    """
    below = [one.name for one in view.desks.values() if view.is_under(one.id, desk)]
    above, here = [], DeskId(under) if under else None
    if here is None and (known := view.desks.get(desk)) is not None:
        here = known.under
    while here is not None and (found := view.desks.get(here)) is not None:
        above.append(found.name)
        here = found.under if found.name not in above[:-1] else None
    own = view.desks.get(desk)
    party = view.parties.get(own.party) if own else None
    all_of = [party.name] if is_auditor and party else []
    return {"below": below, "above": above, "all": all_of}


def _preview(visit: Visit, told: dict[str, list[str]]) -> dict[str, Any]:
    """Hold a form that waits for a yes, with what would follow from it."""
    fields = [
        (name, value)
        for name, values in visit.form.items()
        if name != "csrf"
        for value in values
    ]
    return {"to": visit.path, "fields": fields, "sees": told, "id": visit.said("id")}


async def _code(visit: Visit) -> Shown:
    person = PersonId(visit.said("person"))
    answered: Answered = await visit.do("makeOnce", person=person)
    return await _shown(visit, told={"what": person, "secret": answered.body.code})


async def _device(visit: Visit) -> Shown:
    given = {"desk": visit.said("desk"), "name": visit.said("name")}
    answered: Answered = await visit.do("enrolDevice", taken(given, DeviceGiven))
    shown = answered.body
    page = await _shown(visit, told={"what": shown.name, "secret": shown.token})
    is_here = bool(visit.said("here"))
    return replace(page, cookies=answered.cookies if is_here else ())


async def _key(visit: Visit) -> Shown:
    given = {
        "desk": visit.said("desk"),
        "name": visit.said("name"),
        "scopes": visit.all_said("scope"),
    }
    answered: Answered = await visit.do("makeKey", taken(given, KeyGiven))
    shown = answered.body
    return await _shown(visit, told={"what": shown.name, "secret": shown.token})


async def _revoke(visit: Visit) -> str:
    name = "revokeKey" if visit.said("kind") == "key" else "revokeDevice"
    await visit.do(name, id=visit.said("id"))
    return "/admin"


async def _line(visit: Visit) -> str:
    hours = visit.said("hours")
    given = {
        "from_desk": visit.said("from"),
        "to_desk": visit.said("to"),
        "medium": visit.said("medium"),
        "every_s": 3600 * (int(hours) if hours.isdecimal() and int(hours) else 12),
        "next_at": utc_said(visit.said("next")),
    }
    await visit.do("setLine", taken(given, LineGiven))
    return "/admin"


async def _numbers(visit: Visit) -> str:
    """Set all numbers of a desk's phone card, one a line: `number = what it is`."""
    lines = [one.partition("=") for one in visit.said("numbers").splitlines()]
    given = [
        {"number": number.strip(), "says": says.strip()}
        for number, _, says in lines
        if number.strip()
    ]
    await visit.do(
        "setNumbers", taken({"numbers": given}, NumbersGiven), desk=visit.said("desk")
    )
    return "/admin"


def utc_said(text: str) -> Instant | None:
    """Read from when something holds; it is UTC, and from now where nothing is said."""
    if not text:
        return None
    return parse_instant(text if text.endswith("Z") else f"{text}Z")


PAGES: Final = (Page(path="/admin", see=_see, may=ADMINISTRATOR),)
FORMS: Final = (
    Form(path="/admin/parties", do=_party, on=_see, may=ADMINISTRATOR),
    Form(path="/admin/declared", do=_declare, on=_see, may=ADMINISTRATOR),
    Form(path="/admin/desks", do=_desk, on=_see, may=ADMINISTRATOR),
    Form(path="/admin/persons", do=_person, on=_see, may=ADMINISTRATOR),
    Form(path="/admin/codes", do=_code, on=_see, may=ADMINISTRATOR),
    Form(path="/admin/devices", do=_device, on=_see, may=ADMINISTRATOR),
    Form(path="/admin/keys", do=_key, on=_see, may=ADMINISTRATOR),
    Form(path="/admin/revoked", do=_revoke, on=_see, may=ADMINISTRATOR),
    Form(path="/admin/lines", do=_line, on=_see, may=ADMINISTRATOR),
    Form(path="/admin/numbers", do=_numbers, on=_see, may=ADMINISTRATOR),
)
