"""Enter and list who is on the line: parties, desks, persons, devices, keys."""

from collections.abc import Sequence

import msgspec

from clearline.cli import Switch
from clearline.cli.connection import Data, Json, Node, connect
from clearline.cli.prove import DATA
from clearline.model.access import Scope
from clearline.model.parties import Medium, Role, Standing
from clearline.wire.forms.line import DeskGiven, PartyGiven
from clearline.wire.forms.persons import AddressGiven, PersonGiven


def party_set(  # noqa: PLR0913 (what is entered, by name)
    party: str,
    *,
    name: str = "",
    standing: Standing = Standing.PARTY,
    data: Data = DATA,
    node: Node = None,
    json: Json = False,
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
    """
    with connect(data, node) as client:
        made = client.set_party(
            party, PartyGiven(name=name or party, standing=standing)
        )
    return _say(made, f"{made.id}: {made.name}, {made.standing}.", json=json)


def party_list(*, data: Data = DATA, node: Node = None, json: Json = False) -> int:
    """List the parties on the line."""
    with connect(data, node) as client:
        rows = client.parties()
    return _list(rows, [(p.id, p.standing, p.name) for p in rows], json=json)


def desk_set(  # noqa: PLR0913 (what is entered, by name)
    desk: str,
    *,
    party: str,
    name: str = "",
    under: str | None = None,
    single_handed: Switch = False,
    data: Data = DATA,
    node: Node = None,
    json: Json = False,
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
    with connect(data, node) as client:
        made = client.set_desk(desk, given)
    below = f" under {made.under}" if made.under else ""
    return _say(made, f"{made.id} of {made.party}{below}: {made.name}.", json=json)


def desk_list(*, data: Data = DATA, node: Node = None, json: Json = False) -> int:
    """List the desks on the line."""
    with connect(data, node) as client:
        rows = client.desks()
    table = [(d.id, d.party, d.under or "-", d.name) for d in rows]
    return _list(rows, table, json=json)


def person_set(  # noqa: PLR0913 (what is entered, by name)
    person: str,
    *,
    desk: str,
    role: tuple[Role, ...],
    pseudonym: str = "",
    medium: tuple[Medium, ...] = (Medium.SCREEN,),
    language: tuple[str, ...] = (),
    data: Data = DATA,
    node: Node = None,
    json: Json = False,
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
    with connect(data, node) as client:
        made = client.set_person(person, given)
    says = (
        f"{made.id} at {made.desk}: {', '.join(made.roles)}; {', '.join(made.media)}."
    )
    return _say(made, says, json=json)


def person_list(*, data: Data = DATA, node: Node = None, json: Json = False) -> int:
    """List the persons of your party; to an administrator, everybody."""
    with connect(data, node) as client:
        rows = client.every_person()
    table = [(p.id, p.desk, ",".join(p.roles), ",".join(p.media)) for p in rows]
    return _list(rows, table, json=json)


def person_code(
    person: str, *, data: Data = DATA, node: Node = None, json: Json = False
) -> int:
    """Make a one-time code that lets a person in, and sign them out everywhere.

    It is told once and opens the door for a day. Hand it over in person or by voice.

    Parameters
    ----------
    person
        Their id.
    """
    with connect(data, node) as client:
        made = client.once(person)
    return _say(made, made.code, json=json)


def person_pin(
    person: str, pin: str, *, data: Data = DATA, node: Node = None, json: Json = False
) -> int:
    """Set the PIN a person proves themselves with by telephone.

    Parameters
    ----------
    person
        Their id.
    pin
        Four digits or more; empty takes it away.
    """
    with connect(data, node) as client:
        client.set_pin(person, pin)
    says = f"{person} has a PIN." if pin else f"{person} has no PIN."
    return _say({"person": person, "has_pin": bool(pin)}, says, json=json)


def person_reach(  # noqa: PLR0913 (what is entered, by name)
    person: str,
    medium: Medium | None = None,
    address: str = "",
    *,
    place: int = 0,
    language: str = "en",
    drop: Switch = False,
    data: Data = DATA,
    node: Node = None,
    json: Json = False,
) -> int:
    """Enter where a person is reached, or list it.

    Addresses are never in the log. Without a medium they are listed.

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
    with connect(data, node) as client:
        if medium is not None:
            given = AddressGiven(
                medium=medium, address=address, place=place, language=language
            )
            (client.drop_address if drop else client.set_address)(person, given)
        rows = client.addresses(person)
    table = [(a.medium, str(a.place), a.language, a.address) for a in rows]
    return _list(rows, table, json=json)


def device_enrol(
    desk: str, name: str, *, data: Data = DATA, node: Node = None, json: Json = False
) -> int:
    """Enrol a device at a desk: it may raise STOP and HOLD with nobody signed in.

    Its token is told once.

    Parameters
    ----------
    desk
        The desk.
    name
        What the device is called.
    """
    with connect(data, node) as client:
        made = client.enrol(desk, name)
    return _say(made, f"{made.id} {made.token}", json=json)


def device_list(*, data: Data = DATA, node: Node = None, json: Json = False) -> int:
    """List the devices enrolled at desks, revoked ones too."""
    with connect(data, node) as client:
        rows = client.devices()
    table = [(d.id, d.desk, "revoked" if d.revoked_at else "", d.name) for d in rows]
    return _list(rows, table, json=json)


def key_make(  # noqa: PLR0913 (what is entered, by name)
    desk: str,
    name: str,
    *,
    scope: tuple[Scope, ...] = (Scope.READ,),
    data: Data = DATA,
    node: Node = None,
    json: Json = False,
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
    with connect(data, node) as client:
        made = client.make_key(desk, name, frozenset(scope))
    return _say(made, f"{made.id} {made.token}", json=json)


def key_list(*, data: Data = DATA, node: Node = None, json: Json = False) -> int:
    """List the keys of machine clients, revoked ones too."""
    with connect(data, node) as client:
        rows = client.keys()
    table = [
        (k.id, k.desk, ",".join(k.scopes), "revoked" if k.revoked_at else "", k.name)
        for k in rows
    ]
    return _list(rows, table, json=json)


def revoke(
    id_: str, *, data: Data = DATA, node: Node = None, json: Json = False
) -> int:
    """Let a device or a key act no more.

    Parameters
    ----------
    id_
        Its id, as it is listed.
    """
    with connect(data, node) as client:
        client.revoke(id_)
    return _say({"id": id_}, f"{id_} acts no more.", json=json)


def _say(made: object, says: str, *, json: bool) -> int:
    print(msgspec.json.encode(made).decode() if json else says)
    return 0


def _list(rows: object, table: Sequence[tuple[str, ...]], *, json: bool) -> int:
    """Print rows in columns as wide as they need, or one object a line."""
    if json:
        for row in rows:  # type: ignore[attr-defined]
            print(msgspec.json.encode(row).decode())
        return 0
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())
    return 0
