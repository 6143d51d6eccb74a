"""Let people in: password, one-time code, passkey; the first person of a new node."""

from typing import Final

import msgspec

from clearline.model.access import SecretKind
from clearline.model.parties import Standing, Strength
from clearline.web.console.pages import Form, Gone, Page, Shown, Visit
from clearline.web.endpoints import OPEN, SIGNED_IN, Answered
from clearline.web.refusals import BadRequest
from clearline.wire.forms.sessions import SecretSet, SignedIn, SignIn
from clearline.wire.forms.setup import SetUp

_SCREEN: Final = "screen"


async def _see(visit: Visit) -> Shown:
    return Shown(
        template="sign_in.html",
        has={
            "then": visit.query("then") or visit.said("then"),
            "is_new_node": visit.service.setup_code is not None,
            "has_tls": visit.service.settings.web.tls,
            "origin": visit.service.node.log.origin,
        },
    )


async def _sign_in(visit: Visit) -> Gone:
    given = SignIn(
        person=visit.said("person").lower(),
        secret=visit.said("secret"),
        device=visit.said("device") or _SCREEN,
    )
    answered: Answered = await visit.do("signIn", given)
    said: SignedIn = answered.body
    to = "/secrets?new=1" if said.must_set_password else _ours(visit.said("then"))
    return Gone(to=to, cookies=answered.cookies)


def _ours(path: str) -> str:
    """Return a path of this node; what leads elsewhere leads to the watch."""
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if is_ours else "/"


async def _sign_out(visit: Visit) -> Gone:
    await visit.do("signOut")
    ended = "clearline_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"
    return Gone(
        to="/sign-in",
        cookies=(ended,),
        headers={"clear-site-data": '"cache", "storage"'},
    )


# --- the first person of a node -----------------------------------------------


async def _first(visit: Visit) -> Shown:
    return Shown(
        template="first.html",
        has={
            "is_new_node": visit.service.setup_code is not None,
            "standings": tuple(Standing),
        },
    )


async def _enter_first(visit: Visit) -> Gone:
    names = ("party", "party_name", "desk", "desk_name", "person", "pseudonym", "code")
    said = {name: visit.said(name) for name in names}
    said["password"] = (visit.form.get("secret") or [""])[0]
    said["standing"] = visit.said("standing") or Standing.PARTY
    try:
        given = msgspec.convert(said, SetUp)
    except msgspec.ValidationError as error:
        raise BadRequest(
            f"The form cannot be taken: {error}.",
            state="Nothing was entered.",
            next="Ids have small letters, digits, dots and dashes; a password has at "
            "least ten characters.",
        ) from error
    await visit.do("setUp", given)
    signed = await visit.do(
        "signIn", SignIn(person=given.person, secret=given.password)
    )
    return Gone(to="/", cookies=signed.cookies)


# --- one's own secrets --------------------------------------------------------


async def _secrets(visit: Visit) -> Shown:
    session = visit.caller.session
    by_code = session is not None and session.strength is Strength.CODE
    has_password = (
        session is not None
        and not by_code  # whoever came in with a code may know it no more
        and visit.service.secrets.has(session.person, SecretKind.PASSWORD)
    )
    with visit.looking() as view:
        person = view.persons.get(visit.caller.person) if visit.caller.person else None
    return Shown(
        template="secrets.html",
        has={
            "has_password": has_password,
            "is_new": bool(visit.query("new")),
            "is_kept": visit.query("kept"),
            "passkeys": len(person.passkeys) if person else 0,
        },
    )


async def _keep_secret(visit: Visit) -> str:
    kind = SecretKind(visit.said("kind") or SecretKind.PASSWORD)
    secret = (visit.form.get("secret") or [""])[0]
    now = (visit.form.get("now") or [""])[0]
    await visit.do("setSecret", SecretSet(kind=kind, secret=secret, now=now))
    return "/" if kind is SecretKind.PASSWORD and not now else f"/secrets?kept={kind}"


PAGES: Final = (
    Page(path="/sign-in", see=_see, may=OPEN),
    Page(path="/first", see=_first, may=OPEN),
    Page(path="/secrets", see=_secrets, may=SIGNED_IN),
)
FORMS: Final = (
    Form(path="/sign-in", do=_sign_in, on=_see, may=OPEN),
    Form(path="/sign-out", do=_sign_out, on=_see, may=SIGNED_IN),
    Form(path="/first", do=_enter_first, on=_first, may=OPEN),
    Form(path="/secrets", do=_keep_secret, on=_secrets, may=SIGNED_IN),
)
