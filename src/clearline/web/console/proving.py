"""Let a person's passkey sign what lifts a STOP, on the page itself.

    page:  which passkeys, for which name      data-signs, where they signed in by one
    press: the browser signs the act           console/ts/signing.ts
    form:  the evidence                        checked at append, and by `verify`

Whoever signed in with a password needs none of it, and the entry says so.
"""

import json

import msgspec
from markupsafe import Markup

from clearline.model.parties import Evidence, Strength
from clearline.web.console.pages import Visit
from clearline.web.refusals import BadRequest


def signs(visit: Visit, **about: str) -> Markup:
    """Say on a form that it is signed before it is sent, and with which passkeys.

    Args:
        visit: Who looks.
        about: What of the act the page knows, by its names in the log.
    """
    caller = visit.caller
    if caller.strength is not Strength.PASSKEY or caller.person is None:
        return Markup()
    with visit.looking() as view:
        person = view.persons.get(caller.person)
        keys = [one.credential_id for one in person.passkeys] if person else []
    said = {"rp": visit.service.rp_id, "ids": keys, "about": about}
    return Markup(' data-signs="{}"').format(json.dumps(said))


def evidence(visit: Visit) -> Evidence | None:
    """Return what a form was signed with, or nothing.

    Raises:
        BadRequest: It cannot be read.
    """
    said = visit.said("evidence")
    if not said:
        return None
    try:
        return msgspec.json.decode(said, type=Evidence)
    except msgspec.DecodeError as error:
        raise BadRequest(
            "What the passkey signed cannot be read.",
            state="Nothing was recorded.",
            next="Confirm it again with the passkey, or sign in with the password.",
        ) from error
