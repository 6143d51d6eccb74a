"""Take the duress word wherever a password is asked for, and let nobody there see it.

It does what the password does, at once and in the same words, and rings every other
desk of the person's party. What was done under duress stands in the log like anything
else: whoever hears the alarm knows what it is worth.
"""

from clearline.model.access import SecretKind
from clearline.model.calls import CallId, Card, Kind
from clearline.model.commands import RaiseCall
from clearline.model.parties import Actor, Person, PersonId, Strength
from clearline.web.endpoints import Asking

_KINDS = (SecretKind.PASSWORD, SecretKind.DURESS)


async def signs_here(
    asking: Asking, person: PersonId, secret: str, what: str
) -> Person | None:
    """Say who signs beside the caller with their own password; nobody if it is wrong.

    Args:
        asking: The caller's request.
        person: Who is to sign.
        secret: What they typed.
        what: What they sign, for the alarm of whoever is forced to.
    """
    secrets = asking.service.secrets
    proof = await asking.aside(lambda: secrets.prove(person, secret, _KINDS))
    with asking.looking() as view:
        known = view.persons.get(person)
    if proof is None or known is None:
        return None
    if proof.is_under_duress:
        await alarm_others(asking, known, f"They signed {what} with the duress word.")
    return known


async def alarm_others(asking: Asking, person: Person, did: str) -> None:
    """Ring the other desks of a person's party; their own desk sees nothing of it.

    Args:
        asking: The request in which the duress word was given; it goes on as if it
            had been the password.
        person: Whose word it was.
        did: What they did with it, a sentence.
    """
    with asking.looking() as view:
        own = view.desks.get(person.desk)
        others = [
            desk
            for desk in view.desks.values()
            if own and desk.party == own.party and desk.id != own.id
        ]
    for desk in others:
        call = CallId(f"duress {asking.service.chance.draw(8).hex()}")
        await asking.ask(
            RaiseCall(
                call=call,
                kind=Kind.WARN,
                by=Actor(
                    party=desk.party,
                    desk=desk.id,
                    strength=Strength.DEVICE_ONLY,
                    device="duress alarm",
                ),
                to_desk=desk.id,
                card=Card(
                    what=f"DURESS: {person.pseudonym} at {person.desk}",
                    why=f"{did} Act as if all was well towards that desk; check by "
                    "another way.",
                ),
                kept_from=(person.desk,),
            )
        )
