"""Enter persons, how they are reached, and the codes that first let them in."""

import base64

import msgspec
from msgspec.structs import replace

from clearline.model.access import SecretKind
from clearline.model.commands import Enter
from clearline.model.entries import PersonSet
from clearline.model.parties import DeskId, Passkey, Person, PersonId
from clearline.service.calling import Address
from clearline.service.phones.enrolling import fitted
from clearline.web.api.line import id_of
from clearline.web.endpoints import (
    ADMINISTRATOR,
    LOOKING,
    SIGNED_IN,
    WRITING,
    Answered,
    Asking,
    Endpoint,
    Repeat,
)
from clearline.web.refusals import not_there
from clearline.wire.forms.persons import (
    Addresses,
    AddressGiven,
    AddressKept,
    OnceTold,
    PersonGiven,
    Persons,
    PersonShown,
    PinGiven,
)


async def _persons(asking: Asking) -> Persons:
    with asking.looking() as view:
        party = asking.caller.party
        desks = {d.id for d in view.desks.values() if d.party == party}
        is_all = asking.caller.is_administrator
        found = [p for p in view.persons.values() if is_all or p.desk in desks]
    return Persons(items=tuple(_shown(person) for person in found))


async def _person(asking: Asking) -> PersonShown:
    return _shown(_known(asking))


async def _set_person(asking: Asking) -> PersonShown:
    given: PersonGiven = asking.body
    id_ = PersonId(id_of(asking, "person"))
    with asking.looking() as view:
        before = view.persons.get(id_)
    person = Person(
        id=id_,
        desk=DeskId(given.desk),
        pseudonym=given.pseudonym,
        roles=given.roles,
        media=given.media,
        languages=given.languages,
        passkeys=before.passkeys if before else (),
    )
    await asking.ask(Enter(act=PersonSet(person=person)))
    return _shown(person)


async def _drop_passkeys(asking: Asking) -> Answered:
    person = _known(asking)
    none: tuple[Passkey, ...] = ()
    await asking.ask(Enter(act=PersonSet(person=replace(person, passkeys=none))))
    return Answered(body=None, status=204)


async def _addresses(asking: Asking) -> Addresses:
    person = _own_or_any(asking)
    book = asking.service.addresses
    return Addresses(items=tuple(_given(one) for one in book.all_of(person.id)))


async def _set_address(asking: Asking) -> Answered:
    given: AddressGiven = asking.body
    person = _own_or_any(asking)
    address = Address(
        person=person.id,
        medium=given.medium,
        address=fitted(given.medium, given.address),
        place=given.place,
        language=given.language,
    )
    secret = await asking.aside(lambda: asking.service.keep_address(address))
    kept = AddressKept(
        medium=given.medium,
        address=address.address,
        place=given.place,
        language=given.language,
        secret=secret,
    )
    return Answered(body=kept, status=201)


async def _drop_address(asking: Asking) -> Answered:
    given: AddressGiven = asking.body
    person = _own_or_any(asking)
    address = Address(
        person=person.id,
        medium=given.medium,
        address=fitted(given.medium, given.address),
    )
    await asking.aside(lambda: asking.service.addresses.drop(address))
    return Answered(body=None, status=204)


async def _once(asking: Asking) -> Answered:
    person = _known(asking)
    drawn = base64.b32encode(asking.service.chance.draw(10)).decode()
    code = "-".join(drawn[at : at + 4] for at in range(0, 16, 4))
    secrets, tokens = asking.service.secrets, asking.service.tokens
    await asking.aside(lambda: secrets.keep(person.id, SecretKind.ONCE, code))
    await asking.aside(lambda: tokens.end_all(person.id))
    asking.shared.feed.cut(f"person {person.id}")
    return Answered(body=OnceTold(person=person.id, code=code), status=201)


async def _set_pin(asking: Asking) -> Answered:
    person, pin, secrets = _known(asking), asking.body.pin, asking.service.secrets
    if pin:
        await asking.aside(lambda: secrets.keep(person.id, SecretKind.PIN, pin))
    else:
        await asking.aside(lambda: secrets.drop(person.id, SecretKind.PIN))
    return Answered(body=None, status=204)


def _given(address: Address) -> AddressGiven:
    return AddressGiven(
        medium=address.medium,
        address=address.address,
        place=address.place,
        language=address.language,
    )


def _known(asking: Asking) -> Person:
    with asking.looking() as view:
        person = view.persons.get(PersonId(asking.path["person"]))
        desk = view.desks.get(person.desk) if person else None
    caller = asking.caller
    is_ours = desk is not None and desk.party == caller.party
    if person is None or not (is_ours or caller.is_administrator):
        raise not_there("person")
    return person


def _own_or_any(asking: Asking) -> Person:
    """Return oneself, or anybody to an administrator."""
    person = _known(asking)
    if person.id != asking.caller.person and not asking.caller.is_administrator:
        raise not_there("person")
    return person


def _shown(person: Person) -> PersonShown:
    return PersonShown(
        id=person.id,
        desk=person.desk,
        pseudonym=person.pseudonym,
        roles=person.roles,
        media=person.media,
        languages=person.languages,
        passkeys=len(person.passkeys),
    )


_OWN = msgspec.structs.replace(SIGNED_IN, scope="admin")

ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/persons",
        name="listPersons",
        does="List the persons of your own party.",
        handle=_persons,
        may=LOOKING,
        gives=Persons,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/persons/{person}",
        name="readPerson",
        does="Read one person of your own party.",
        handle=_person,
        may=LOOKING,
        gives=PersonShown,
    ),
    Endpoint(
        method="PUT",
        path="/api/v1/persons/{person}",
        name="setPerson",
        does="Enter or change a person.",
        handle=_set_person,
        may=ADMINISTRATOR,
        takes=PersonGiven,
        gives=PersonShown,
        rate=WRITING,
    ),
    Endpoint(
        method="DELETE",
        path="/api/v1/persons/{person}/passkeys",
        name="dropPasskeys",
        does="Take all passkeys of a person away, for one that was lost.",
        handle=_drop_passkeys,
        may=ADMINISTRATOR,
        status=204,
        rate=WRITING,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/persons/{person}/addresses",
        name="listAddresses",
        does="List where a person is reached: oneself, or anybody to an administrator.",
        handle=_addresses,
        may=_OWN,
        gives=Addresses,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/persons/{person}/addresses",
        name="setAddress",
        does="Enter where a person is reached, or change its place or language.",
        handle=_set_address,
        may=_OWN,
        takes=AddressGiven,
        gives=AddressKept,
        status=201,
        rate=WRITING,
        repeat=Repeat.UNTOLD,
    ),
    Endpoint(
        method="DELETE",
        path="/api/v1/persons/{person}/addresses",
        name="dropAddress",
        does="Take an address away.",
        handle=_drop_address,
        may=_OWN,
        takes=AddressGiven,
        status=204,
        rate=WRITING,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/persons/{person}/once",
        name="makeOnce",
        does="Make a one-time code for a person, and sign them out everywhere.",
        handle=_once,
        may=ADMINISTRATOR,
        gives=OnceTold,
        status=201,
        rate=WRITING,
        repeat=Repeat.UNTOLD,
    ),
    Endpoint(
        method="PUT",
        path="/api/v1/persons/{person}/pin",
        name="setPin",
        does="Set the PIN a person proves themselves with by telephone.",
        handle=_set_pin,
        may=ADMINISTRATOR,
        takes=PinGiven,
        status=204,
        rate=WRITING,
    ),
)
