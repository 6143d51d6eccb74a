"""Enter and list who is on the line: parties, desks, persons, devices, keys."""

from clearline.cli import Switch
from clearline.cli.connection import HERE, At
from clearline.model.access import Scope
from clearline.model.parties import Medium, Role, Standing
from clearline.wire.forms.line import (
    DeskGiven,
    DeskNumberGiven,
    NumbersGiven,
    PartyGiven,
)
from clearline.wire.forms.persons import AddressGiven, AddressKept, PersonGiven


def party_set(
    party: str,
    *,
    name: str = "",
    standing: Standing = Standing.PARTY,
    two_to_file: bool | None = None,
    at: At = HERE,
) -> int:
    """Enter or change a party.

    Parameters
    ----------
    party
        Its id: small letters, digits, dashes.
    name
        Its name; its id if left out.
    standing
        `party`, `participant` (humanitarian) or `neutral`.
    two_to_file
        Whether a site of theirs is filed by one person and approved by another; as
        it was where nothing is said.
    """
    given = PartyGiven(
        name=name or party, standing=standing, needs_two_to_file=two_to_file
    )
    with at.connect() as client:
        made = client.set_party(party, given)
    return at.say(made, f"{made.id}: {made.name}, {made.standing}.")


def party_list(*, at: At = HERE) -> int:
    """List the parties on the line."""
    with at.connect() as client:
        rows = client.parties()
    return at.list(rows, [(p.id, p.standing, p.name) for p in rows])


def desk_set(  # noqa: PLR0913 (what is entered, by name)
    desk: str,
    *,
    party: str,
    name: str = "",
    under: str | None = None,
    single_handed: Switch = False,
    at: At = HERE,
) -> int:
    """Enter or change a desk.

    Parameters
    ----------
    desk
        Its id: small letters, digits, dashes.
    party
        The party it belongs to.
    name
        Its name; its id if left out.
    under
        The desk above it in the party's own tree.
    single_handed
        One person alone keeps it, so that a second cannot confirm.
    """
    given = DeskGiven(
        party=party, name=name or desk, under=under, is_single_handed=single_handed
    )
    with at.connect() as client:
        made = client.set_desk(desk, given)
    below = f" under {made.under}" if made.under else ""
    return at.say(made, f"{made.id} of {made.party}{below}: {made.name}.")


def desk_numbers(desk: str, numbers: tuple[str, ...] = (), *, at: At = HERE) -> int:
    """Set the telephone numbers on a desk's phone card, all of them; or read them.

    Everybody on the line may see them. `desk numbers south-ops none` drops them.

    Parameters
    ----------
    desk
        Whose.
    numbers
        With their country, the first to try first; what it is after an equals sign:
        `+15550100=duty`.
    """
    with at.connect() as client:
        if numbers:
            given = [one.partition("=") for one in numbers if one != "none"]
            client.set_numbers(
                desk,
                NumbersGiven(
                    numbers=tuple(
                        DeskNumberGiven(number=number, says=says)
                        for number, _, says in given
                    )
                ),
            )
        (card,) = client.phone_cards(desk)
    return at.list(card.numbers, [(one.number, one.says) for one in card.numbers])


def desk_list(*, at: At = HERE) -> int:
    """List the desks on the line."""
    with at.connect() as client:
        rows = client.desks()
    table = [(d.id, d.party, d.under or "-", d.name) for d in rows]
    return at.list(rows, table)


def person_set(  # noqa: PLR0913 (what is entered, by name)
    person: str,
    *,
    desk: str,
    role: tuple[Role, ...],
    pseudonym: str = "",
    medium: tuple[Medium, ...] = (Medium.SCREEN,),
    language: tuple[str, ...] = (),
    at: At = HERE,
) -> int:
    """Enter or change a person, as roles and a pseudonym.

    Parameters
    ----------
    person
        Their id; no name.
    desk
        The desk they belong to.
    role
        What they do there, as often as needed.
    pseudonym
        What others know them by; the id if left out.
    medium
        How they can be rung, as often as needed.
    language
        BCP 47 tags, the best first.
    """
    given = PersonGiven(
        desk=desk,
        pseudonym=pseudonym or person,
        roles=role,
        media=medium,
        languages=language,
    )
    with at.connect() as client:
        made = client.set_person(person, given)
    says = (
        f"{made.id} at {made.desk}: {', '.join(made.roles)}; {', '.join(made.media)}."
    )
    return at.say(made, says)


def person_list(*, at: At = HERE) -> int:
    """List the persons of your party; to an administrator, everybody."""
    with at.connect() as client:
        rows = client.every_person()
    table = [(p.id, p.desk, ",".join(p.roles), ",".join(p.media)) for p in rows]
    return at.list(rows, table)


def person_code(person: str, *, at: At = HERE) -> int:
    """Make a one-time code that lets a person in, and sign them out everywhere.

    It is told once and opens the door for a day. Hand it over in person or by voice.

    Parameters
    ----------
    person
        Their id.
    """
    with at.connect() as client:
        made = client.once(person)
    return at.say(made, made.code)


def person_pin(person: str, pin: str, *, at: At = HERE) -> int:
    """Set the PIN a person proves themselves with by telephone.

    Parameters
    ----------
    person
        Their id.
    pin
        Four digits or more; empty takes it away.
    """
    with at.connect() as client:
        client.set_pin(person, pin)
    says = f"{person} has a PIN." if pin else f"{person} has no PIN."
    return at.say({"person": person, "has_pin": bool(pin)}, says)


def person_reach(  # noqa: PLR0913 (what is entered, by name)
    person: str,
    medium: Medium | None = None,
    address: str = "",
    *,
    place: int = 0,
    language: str = "en",
    drop: Switch = False,
    at: At = HERE,
) -> int:
    """Enter where a person is reached, or list it.

    Addresses are never in the log. Without a medium they are listed. What posts to a
    webhook are signed with is told this once; entering it again makes it anew.

    Parameters
    ----------
    person
        Their id.
    medium
        How: `sms`, `voice`, `email`, `push`, `webhook`.
    address
        Telephone number as +..., mailbox or URL.
    place
        Which is tried first; 0 before 1.
    language
        BCP 47 tag of what is written or spoken there.
    drop
        Take the address away.
    """
    kept: AddressKept | None = None
    with at.connect() as client:
        if medium is not None:
            given = AddressGiven(
                medium=medium, address=address, place=place, language=language
            )
            if drop:
                client.drop_address(person, given)
            else:
                kept = client.set_address(person, given)
        rows: list[AddressGiven | AddressKept] = list(client.addresses(person))
    if kept is not None and kept.secret:
        new = (kept.medium, kept.address)
        rows = [kept if (a.medium, a.address) == new else a for a in rows]
    table = [
        (a.medium, str(a.place), a.language, a.address, getattr(a, "secret", ""))
        for a in rows
    ]
    return at.list(rows, table)


def device_enrol(desk: str, name: str, *, at: At = HERE) -> int:
    """Enrol a device at a desk: it may raise STOP and HOLD with nobody signed in.

    Its token is told once.

    Parameters
    ----------
    desk
        The desk.
    name
        What the device is called.
    """
    with at.connect() as client:
        made = client.enrol(desk, name)
    return at.say(made, f"{made.id} {made.token}")


def device_list(*, at: At = HERE) -> int:
    """List the devices enrolled at desks, revoked ones too."""
    with at.connect() as client:
        rows = client.devices()
    table = [(d.id, d.desk, "revoked" if d.revoked_at else "", d.name) for d in rows]
    return at.list(rows, table)


def key_make(
    desk: str, name: str, *, scope: tuple[Scope, ...] = (Scope.READ,), at: At = HERE
) -> int:
    """Make a key for a machine client; it never acknowledges anything.

    The key is told once.

    Parameters
    ----------
    desk
        The desk it acts for.
    name
        What the software is called.
    scope
        What it may do, as often as needed.
    """
    with at.connect() as client:
        made = client.make_key(desk, name, frozenset(scope))
    return at.say(made, f"{made.id} {made.token}")


def key_list(*, at: At = HERE) -> int:
    """List the keys of machine clients, revoked ones too."""
    with at.connect() as client:
        rows = client.keys()
    table = [
        (k.id, k.desk, ",".join(k.scopes), "revoked" if k.revoked_at else "", k.name)
        for k in rows
    ]
    return at.list(rows, table)


def revoke(id_: str, *, at: At = HERE) -> int:
    """Let a device or a key act no more.

    Parameters
    ----------
    id_
        Its id, as it is listed.
    """
    with at.connect() as client:
        client.revoke(id_)
    return at.say({"id": id_}, f"{id_} acts no more.")
