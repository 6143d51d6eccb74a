"""Sign in and out: by password, by one-time code, by passkey."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from clearline.adapters.secrets import Proof
from clearline.adapters.tokens import Session
from clearline.model.access import SecretKind
from clearline.model.parties import (
    PartyId,
    Person,
    PersonId,
    Strength,
)
from clearline.web.caller import SESSION_COOKIE
from clearline.web.duress import alarm_others
from clearline.web.endpoints import (
    OPEN,
    PROVING,
    SIGNED_IN,
    WRITING,
    Answered,
    Asking,
    Endpoint,
    Repeat,
)
from clearline.web.passkeys import (
    Ceremony,
    begin_registration,
    begin_sign_in,
    finish_registration,
    finish_sign_in,
)
from clearline.web.refusals import BadRequest, WrongProof
from clearline.wire.forms.sessions import (
    PasskeyMade,
    PasskeySignIn,
    PasskeyWanted,
    SecretSet,
    SignedIn,
    SignIn,
)

_HASHING: Final = ThreadPoolExecutor(2, thread_name_prefix="sign-in")
"""Sign-in has threads of its own, and few: it never takes one from a call."""


async def _sign_in(asking: Asking) -> Answered:
    asked: SignIn = asking.body
    asking.slow_down(PROVING, f"sign-in {asking.from_address}")
    person = PersonId(asked.person)
    kinds = (SecretKind.PASSWORD, SecretKind.DURESS, SecretKind.ONCE)
    proof: Proof | None = await asyncio.get_running_loop().run_in_executor(
        _HASHING, lambda: asking.service.secrets.prove(person, asked.secret, kinds)
    )
    known = _person(asking, person)
    if proof is None or known is None:
        raise _wrong_proof()
    strength = Strength.CODE if proof.kind is SecretKind.ONCE else Strength.PASSWORD
    if proof.is_under_duress:
        await alarm_others(asking, known, "They signed in with the duress word.")
    return await _begin(
        asking, known, strength, asked.device, is_under_duress=proof.is_under_duress
    )


async def _begin(
    asking: Asking,
    person: Person,
    strength: Strength,
    device: str,
    *,
    is_under_duress: bool = False,
) -> Answered:
    tokens = asking.service.tokens
    token, session = await asking.aside(
        lambda: tokens.begin(
            person.id, strength, device or "screen", is_under_duress=is_under_duress
        )
    )
    said = _said(asking, person, session, token)
    cookie = (
        f"{SESSION_COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict"
        f"{'; Secure' if asking.request.url.scheme == 'https' else ''}"
    )
    return Answered(body=said, status=201, cookies=(cookie,))


async def _current(asking: Asking) -> SignedIn:
    session = _session(asking)
    person = _person(asking, session.person)
    if person is None:
        raise _wrong_proof()
    return _said(asking, person, session, "")


async def _sign_out(asking: Asking) -> Answered:
    session = _session(asking)
    await asking.aside(lambda: asking.service.tokens.end(session))
    asking.shared.feed.cut(asking.caller.name)
    return _gone()


async def _sign_out_everywhere(asking: Asking) -> Answered:
    session = _session(asking)
    await asking.aside(lambda: asking.service.tokens.end_all(session.person))
    asking.shared.feed.cut(asking.caller.name)
    return _gone()


async def _set_secret(asking: Asking) -> Answered:
    asked: SecretSet = asking.body
    session, secrets = _session(asking), asking.service.secrets
    person = session.person
    asking.slow_down(PROVING, f"secret {person}")

    is_new_password = asked.kind is SecretKind.PASSWORD
    by_code = session.strength is Strength.CODE
    _require_of_use(asking, asked)

    def keep() -> bool:
        is_first = not secrets.has(person, SecretKind.PASSWORD)
        may = is_first or session.strength is Strength.PASSKEY
        may = may or (by_code and is_new_password)
        if not may and secrets.prove(person, asked.now, (SecretKind.PASSWORD,)) is None:
            return False
        if not asked.secret and asked.kind in (SecretKind.DURESS, SecretKind.PIN):
            secrets.drop(person, asked.kind)
        else:
            secrets.keep(person, asked.kind, asked.secret)
        if by_code and is_new_password:
            asking.service.tokens.strengthen(session, Strength.PASSWORD)
        return True

    if not await asyncio.get_running_loop().run_in_executor(_HASHING, keep):
        raise _wrong_proof()
    return _gone()


def _require_of_use(asking: Asking, asked: SecretSet) -> None:
    """Refuse a secret that does nothing for whoever would count on it."""
    if asked.kind is SecretKind.ONCE:
        raise BadRequest(
            "Nobody makes a one-time code for themselves.",
            state="Nothing was set.",
            next="Ask an administrator for one.",
        )
    if asked.kind is SecretKind.DURESS and asked.secret and not _others(asking):
        raise BadRequest(
            "Your party has no other desk on this node: a duress word would ring "
            "nobody.",
            state="Nothing was set.",
            next="Have an administrator enter a second desk, and people at it.",
        )


def _others(asking: Asking) -> bool:
    """Say whether the caller's party has another desk, which an alarm would ring."""
    caller = asking.caller
    with asking.looking() as view:
        return any(
            desk.party == caller.party and desk.id != caller.desk
            for desk in view.desks.values()
        )


async def _passkey_wanted(asking: Asking) -> Ceremony:
    asking.slow_down(PROVING, f"sign-in {asking.from_address}")
    person = _person(asking, PersonId(asking.body.person))
    return begin_sign_in(asking.service, person.passkeys if person else ())


async def _passkey_sign_in(asking: Asking) -> Answered:
    asked: PasskeySignIn = asking.body
    asking.slow_down(PROVING, f"sign-in {asking.from_address}")
    person = _person(asking, PersonId(asked.person))
    passkeys = person.passkeys if person else ()
    if person is None or not finish_sign_in(asking.service, passkeys, asked.credential):
        raise _wrong_proof()
    return await _begin(asking, person, Strength.PASSKEY, asked.device)


async def _passkey_new(asking: Asking) -> Ceremony:
    person = _person(asking, _session(asking).person)
    if person is None:
        raise _wrong_proof()
    return begin_registration(asking.service, person)


async def _passkey_made(asking: Asking) -> Answered:
    person = _person(asking, _session(asking).person)
    if person is None:
        raise _wrong_proof()
    made = finish_registration(asking.service, person, asking.body.credential)
    await asking.ask(made)
    return _gone()


def _said(asking: Asking, person: Person, session: Session, token: str) -> SignedIn:
    with asking.looking() as view:
        desk = view.desks.get(person.desk)
    return SignedIn(
        person=person.id,
        pseudonym=person.pseudonym,
        desk=person.desk,
        party=desk.party if desk else PartyId(""),
        roles=person.roles,
        strength=session.strength,
        device=session.device,
        csrf=session.csrf,
        ends_at=session.ends_at,
        token=token,
        must_set_password=session.strength is Strength.CODE,
    )


def _session(asking: Asking) -> Session:
    session = asking.caller.session
    if session is None:
        raise _wrong_proof()
    return session


def _person(asking: Asking, person: PersonId) -> Person | None:
    with asking.looking() as view:
        return view.persons.get(person)


def _wrong_proof() -> WrongProof:
    return WrongProof(
        "This person and this secret do not belong together.",
        state="Nobody was signed in, and nothing was changed.",
        next="Try again, or ask an administrator for a one-time code.",
    )


def _gone() -> Answered:
    return Answered(body=None, status=204)


ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/api/v1/sessions",
        name="signIn",
        does="Sign in with a password or a one-time code.",
        says="The session's token comes back once, and as a cookie. The duress word "
        "signs in as the password does.",
        handle=_sign_in,
        may=OPEN,
        takes=SignIn,
        gives=SignedIn,
        status=201,
        rate=None,
        repeat=Repeat.BY_ID,
        refuses=(401, 429),
    ),
    Endpoint(
        method="GET",
        path="/api/v1/sessions/current",
        name="whoAmI",
        does="Say who is signed in.",
        handle=_current,
        may=SIGNED_IN,
        gives=SignedIn,
    ),
    Endpoint(
        method="DELETE",
        path="/api/v1/sessions/current",
        name="signOut",
        does="Sign out here.",
        handle=_sign_out,
        may=SIGNED_IN,
        status=204,
    ),
    Endpoint(
        method="DELETE",
        path="/api/v1/sessions",
        name="signOutEverywhere",
        does="Sign out everywhere; every screen of yours is cut.",
        handle=_sign_out_everywhere,
        may=SIGNED_IN,
        status=204,
    ),
    Endpoint(
        method="PUT",
        path="/api/v1/secrets",
        name="setSecret",
        does="Set your own password, duress word or PIN.",
        handle=_set_secret,
        may=SIGNED_IN,
        takes=SecretSet,
        status=204,
        rate=None,
        refuses=(429,),
    ),
    Endpoint(
        method="POST",
        path="/api/v1/sessions/passkey/challenge",
        name="wantPasskey",
        does="Begin to sign in by passkey.",
        handle=_passkey_wanted,
        may=OPEN,
        takes=PasskeyWanted,
        gives=Ceremony,
        rate=None,
        repeat=Repeat.BY_ID,
        refuses=(429,),
    ),
    Endpoint(
        method="POST",
        path="/api/v1/sessions/passkey",
        name="signInByPasskey",
        does="Sign in by passkey.",
        handle=_passkey_sign_in,
        may=OPEN,
        takes=PasskeySignIn,
        gives=SignedIn,
        status=201,
        rate=None,
        repeat=Repeat.BY_ID,
        refuses=(401, 429),
    ),
    Endpoint(
        method="POST",
        path="/api/v1/passkeys/challenge",
        name="newPasskey",
        does="Begin to enter a passkey of your own.",
        handle=_passkey_new,
        may=SIGNED_IN,
        gives=Ceremony,
        rate=WRITING,
        repeat=Repeat.BY_ID,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/passkeys",
        name="enterPasskey",
        does="Enter a passkey of your own; its public half goes into the log.",
        handle=_passkey_made,
        may=SIGNED_IN,
        takes=PasskeyMade,
        status=204,
        rate=WRITING,
        repeat=Repeat.BY_ID,
        refuses=(429,),
    ),
)
