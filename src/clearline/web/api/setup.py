"""Enter the first person of a new node, with the code it printed when it started."""

import hmac

from clearline.model.access import SecretKind
from clearline.model.commands import Enter
from clearline.model.entries import DeskSet, PartySet, PersonSet
from clearline.model.parties import (
    Desk,
    DeskId,
    Party,
    PartyId,
    Person,
    PersonId,
    Role,
)
from clearline.web.endpoints import OPEN, PROVING, Answered, Asking, Endpoint, Repeat
from clearline.web.refusals import WrongProof
from clearline.wire.forms.setup import SetUp


async def _set_up(asking: Asking) -> Answered:
    asked: SetUp = asking.body
    service = asking.service
    asking.slow_down(PROVING, f"set-up {asking.from_address}")
    code = service.setup_code
    if code is None or not hmac.compare_digest(code.encode(), asked.code.encode()):
        raise WrongProof(
            "That is not the code this node printed, or it has been used.",
            state="Nothing was entered.",
            next="Read it from the node's own output; a restart prints a new one as "
            "long as nobody is entered.",
        )
    person, party, desk = (
        PersonId(asked.person),
        PartyId(asked.party),
        DeskId(asked.desk),
    )
    await asking.aside(
        lambda: service.secrets.keep(person, SecretKind.PASSWORD, asked.password)
    )
    for act in (
        PartySet(party=Party(id=party, name=asked.party_name, standing=asked.standing)),
        DeskSet(desk=Desk(id=desk, party=party, name=asked.desk_name)),
        PersonSet(
            person=Person(
                id=person,
                desk=desk,
                pseudonym=asked.pseudonym,
                roles=(Role.ADMINISTRATOR, Role.DUTY_OFFICER),
            )
        ),
    ):
        await asking.ask(Enter(act=act))
    service.setup_code = None
    return Answered(body=None, status=204)


ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/api/v1/setup",
        name="setUp",
        does="Enter the first party, desk and person of a new node.",
        handle=_set_up,
        may=OPEN,
        takes=SetUp,
        status=204,
        rate=None,
        repeat=Repeat.BY_ID,
        refuses=(401, 429),
    ),
)
