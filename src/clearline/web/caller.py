"""Say who asks: a signed-in person, a device at a desk, or a machine client.

    Authorization: Bearer cls_...   a session      cookie clearline_session
                          cld_...   a device       cookie clearline_device
                          clk_...   a machine

A cookie goes along with whatever a browser sends, another site's page included. So
a change that comes by cookie also has to carry the session's own token in
`X-CSRF-Token` (a page of ours knows it), and must not say that it comes from
another site. A bearer token is never sent by itself and needs neither.
"""

import hmac
from typing import Final

import msgspec
from starlette.requests import HTTPConnection

from clearline.adapters.tokens import DEVICE, KEY, SESSION, Session, Tokens
from clearline.model.access import Scope
from clearline.model.parties import Actor, DeskId, PartyId, PersonId, Role, Strength
from clearline.picture.picture import View
from clearline.rules.disclosure import Viewer
from clearline.web.refusals import NotFromThisPage, NotSignedIn

SESSION_COOKIE: Final = "clearline_session"
DEVICE_COOKIE: Final = "clearline_device"
CSRF_HEADER: Final = "x-csrf-token"
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """Hold who asks, and how surely that is known.

    Attributes:
        person: Empty for a device and a machine.
        strength: How surely; `DEVICE_ONLY` where no person is known.
        device: Which screen, telephone or machine.
        scopes: What a machine may do; empty for a person and a device.
        name: Who it is for limits and idempotency: one for each of them.
    """

    party: PartyId
    desk: DeskId
    strength: Strength
    device: str
    name: str
    person: PersonId | None = None
    roles: frozenset[Role] = frozenset()
    scopes: frozenset[Scope] = frozenset()
    session: Session | None = None
    is_by_cookie: bool = False

    @property
    def is_machine(self) -> bool:
        """Say whether a machine client asks."""
        return bool(self.scopes)

    @property
    def is_administrator(self) -> bool:
        """Say whether it may set up the node."""
        return Role.ADMINISTRATOR in self.roles or Scope.ADMIN in self.scopes

    def actor(self) -> Actor:
        """Return who acts, for the log."""
        return Actor(
            party=self.party,
            desk=self.desk,
            strength=self.strength,
            person=self.person,
            device=self.device,
        )

    def viewer(self) -> Viewer:
        """Return who looks, for disclosure."""
        return Viewer(
            party=self.party,
            desk=self.desk,
            is_auditor=Role.AUDITOR in self.roles,
        )


def find_caller(  # noqa: PLR0913 (what came in, by name)
    request: HTTPConnection,
    tokens: Tokens,
    view: View,
    operator: str,
    *,
    is_open: bool = False,
    csrf: str = "",
) -> Caller | None:
    """Say who asks, or that nobody is known to.

    Args:
        request: What came in.
        tokens: Who is let in.
        view: What stands, to find desk, party and roles as they are now.
        operator: The operator's own token; whoever holds it administers the node.
        is_open: Whether anybody may ask: then a cookie needs no token beside it.
        csrf: The session's own token as a form carries it, which sets no header.

    Raises:
        NotFromThisPage: A change that came by cookie and not from a page of ours.
    """
    header = request.headers.get("authorization", "")
    if header[:7].lower() == "bearer ":
        return _of_token(header[7:].strip(), tokens, view, operator)
    cookies = request.cookies
    device = tokens.device(cookies.get(DEVICE_COOKIE, ""))
    session = tokens.session(cookies.get(SESSION_COOKIE, ""))
    caller = _of_session(session, view, device.name if device else "")
    if caller is None and device is not None:
        caller = _of_desk(device.desk, view, device.name, f"device {device.id}")
    if caller is None:
        return None
    caller = msgspec.structs.replace(caller, is_by_cookie=True)
    if request.scope.get("method", "GET") not in SAFE and not is_open:
        _require_our_page(request, caller, csrf)
    return caller


def _of_token(token: str, tokens: Tokens, view: View, operator: str) -> Caller | None:
    if operator and hmac.compare_digest(token.encode(), operator.encode()):
        return Caller(
            party=PartyId(""),
            desk=DeskId(""),
            strength=Strength.DEVICE_ONLY,
            device="operator",
            name="operator",
            scopes=frozenset({Scope.ADMIN, Scope.READ}),
        )
    match token[:4]:
        case prefix if prefix == SESSION:
            return _of_session(tokens.session(token), view, "")
        case prefix if prefix == DEVICE and (device := tokens.device(token)):
            return _of_desk(device.desk, view, device.name, f"device {device.id}")
        case prefix if prefix == KEY and (key := tokens.key(token)):
            caller = _of_desk(key.desk, view, key.name, f"key {key.id}")
            if caller is not None:
                return msgspec.structs.replace(caller, scopes=key.scopes)
    return None


def _of_session(session: Session | None, view: View, device: str) -> Caller | None:
    person = view.persons.get(session.person) if session else None
    desk = view.desks.get(person.desk) if person else None
    if session is None or person is None or desk is None:
        return None
    return Caller(
        party=desk.party,
        desk=desk.id,
        strength=session.strength,
        device=device or session.device,
        name=f"person {person.id}",
        person=person.id,
        roles=frozenset(person.roles),
        session=session,
    )


def _of_desk(desk: DeskId, view: View, device: str, name: str) -> Caller | None:
    known = view.desks.get(desk)
    if known is None:
        return None
    return Caller(
        party=known.party,
        desk=desk,
        strength=Strength.DEVICE_ONLY,
        device=device,
        name=name,
    )


def _require_our_page(request: HTTPConnection, caller: Caller, in_form: str) -> None:
    """Refuse a change another site's page may have made a browser send."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    if site not in ("same-origin", "none"):
        raise _not_from_this_page(f"The browser says it comes from {site}.")
    csrf = request.headers.get(CSRF_HEADER, in_form)
    if caller.session is not None and csrf != caller.session.csrf:
        raise _not_from_this_page(f"{CSRF_HEADER} is not that of the session.")


def _not_from_this_page(why: str) -> NotFromThisPage:
    return NotFromThisPage(
        f"The request may not come from a page of this node. {why}",
        state="Nothing was done.",
        next="Reload the page and try again; software uses a bearer token.",
    )


def not_signed_in() -> NotSignedIn:
    """Refuse because nobody is known to ask."""
    return NotSignedIn(
        "Nobody is signed in here.",
        state="Nothing was done.",
        next="Sign in. A STOP also goes from an enrolled device or a telephone.",
    )
