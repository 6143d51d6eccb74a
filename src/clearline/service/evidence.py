"""Check a person's passkey before what they signed is written.

Evidence is never needed for a STOP or HOLD: one that does not hold is left out,
and the call rings as from a device alone. Anything else is refused.
"""

from typing import Any

from msgspec.structs import replace

from clearline.ledger.evidence import (
    Enrolled,
    EvidenceMalformed,
    EvidenceRefused,
    check_evidence,
    credential_of,
)
from clearline.ledger.header import read_header
from clearline.model.calls import Kind
from clearline.model.entries import AnswerGiven, CallRaised, Entry
from clearline.model.errors import ClearlineError
from clearline.model.parties import Evidence, Passkey, PersonId, Strength
from clearline.picture.picture import Picture
from clearline.rules.refusals import NotProven, refuse
from clearline.wire.entries import write_entry


def with_checked_evidence(picture: Picture, entry: Entry) -> Entry:
    """Return an entry whose evidence, if it has any, holds.

    Raises:
        NotProven: The evidence does not hold, or an act that says it was confirmed
            by passkey has none; and the act is no STOP or HOLD.
    """
    act = entry.act
    if not isinstance(act, CallRaised | AnswerGiven):
        return entry
    is_claimed = act.by.strength is Strength.PASSKEY and _needs(picture, act)
    if act.evidence is None and not is_claimed:
        return entry
    why = _why_not(picture, entry, act.by.person, act.evidence)
    if why is None:
        return entry
    if isinstance(act, CallRaised) and act.kind in (Kind.STOP, Kind.HOLD):
        by = replace(act.by, strength=Strength.DEVICE_ONLY)
        return replace(entry, act=replace(act, by=by, evidence=None))
    raise refuse(
        NotProven,
        f"The passkey does not show that {act.by.person} said this. {why}",
        "Confirm it again with the passkey, or sign in with the password.",
    )


def _needs(picture: Picture, act: CallRaised | AnswerGiven) -> bool:
    """Say whether an act lifts something, so that its evidence has to be there."""
    if isinstance(act, CallRaised):
        return act.kind is Kind.RELEASE
    call = picture.calls.get(act.call)
    return call is not None and call.kind is Kind.RELEASE


def _why_not(
    picture: Picture, entry: Entry, who: PersonId | None, evidence: Evidence | None
) -> str | None:
    """Say what is wrong with the evidence, or nothing."""
    if evidence is None:
        return "It says passkey, and none was used."
    person = picture.persons.get(who) if who else None
    passkey = _passkey(person.passkeys if person else (), evidence)
    if person is None or passkey is None:
        return "No such passkey is entered for this person."
    header: Any = read_header(write_entry(entry))
    try:
        check_evidence(evidence, Enrolled(person=person.id, passkey=passkey), header)
    except (EvidenceMalformed, EvidenceRefused) as error:
        return error.what
    return None


def _passkey(passkeys: tuple[Passkey, ...], evidence: Evidence) -> Passkey | None:
    try:
        wanted = credential_of(evidence)
        found = [key for key in passkeys if credential_of(key) == wanted]
    except ClearlineError:
        return None
    return found[0] if found else None
