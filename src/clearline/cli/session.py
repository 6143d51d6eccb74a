"""Set a node up, sign in and out: `clearline setup`, `sign-in`, `sign-out`."""

import getpass
import sys
from pathlib import Path
from typing import Literal

from clearline.cli import Switch, called_as, written
from clearline.cli.connection import (
    Data,
    Json,
    Node,
    Trust,
    connect,
    keep_session,
    where,
)
from clearline.cli.prove import DATA
from clearline.client import Client
from clearline.model.access import SecretKind
from clearline.model.parties import Standing
from clearline.wire.forms.setup import SetUp


def setup(  # noqa: PLR0913 (what is entered, by name)
    *,
    code: str,
    party: str,
    desk: str,
    person: str,
    party_name: str = "",
    desk_name: str = "",
    pseudonym: str = "",
    standing: Standing = Standing.PARTY,
    data: Data = DATA,
    node: Node = None,
    trust: Trust = None,
    json: Json = False,
) -> int:
    """Enter the first party, desk and person of a new node.

    The password is asked for, or read as one line where nobody can be asked. The person
    administers the node and enters everybody else.

    Parameters
    ----------
    code
        The code the node printed when it was started.
    party
        Id of the party: small letters, digits, dashes.
    desk
        Id of its first desk.
    person
        Id of the first person; no name.
    party_name
        The party's name; its id if left out.
    desk_name
        The desk's name; its id if left out.
    pseudonym
        What others know the person by; the id if left out.
    standing
        Whether it is a party, a humanitarian participant, or a neutral.
    """
    url, _, authority = where(data, node, trust)
    with Client(url, authority=authority) as client:
        client.set_up(
            SetUp(
                code=code,
                party=party,
                party_name=party_name or party,
                desk=desk,
                desk_name=desk_name or desk,
                person=person,
                pseudonym=pseudonym or person,
                password=ask_password("Password: ", again=True),
                standing=standing,
            )
        )
    print(
        written(url=url, person=person)
        if json
        else f"{person} at {desk} administers {url}. "
        f"Next: {called_as()} sign-in {person} {_same_node(data, node, trust)}"
    )
    return 0


def sign_in(
    person: str,
    *,
    data: Data = DATA,
    node: Node = None,
    trust: Trust = None,
    json: Json = False,
) -> int:
    """Sign in at a node; other commands then speak as you until you sign out.

    The password or a one-time code is asked for, or read as one line where nobody can
    be asked.

    Parameters
    ----------
    person
        Your id.
    """
    url, _, authority = where(data, node, trust)
    with Client(url, authority=authority) as client:
        said = client.sign_in(person, ask_password("Password: "), "command line")
    kept = str(authority.absolute()) if authority else None
    keep_session(url, {"token": said.token, "person": person, "authority": kept})
    if json:
        print(written(url=url, person=person, desk=said.desk, party=said.party))
        return 0
    print(f"{person} at {said.desk} ({said.party}) is signed in at {url}.")
    if said.must_set_password:
        print(
            "The one-time code is used up. Set a password: "
            f"{called_as()} password {_same_node(data, node, None)}"
        )
    return 0


def sign_out(
    *,
    everywhere: Switch = False,
    data: Data = DATA,
    node: Node = None,
    json: Json = False,
) -> int:
    """Sign out at a node.

    Parameters
    ----------
    everywhere
        At every screen of yours, not only here.
    """
    url, _, _ = where(data, node, None)
    with connect(data, node) as client:
        client.sign_out(everywhere=everywhere)
    keep_session(url, None)
    print(written(url=url) if json else f"Signed out at {url}.")
    return 0


def password(
    *,
    kind: Literal["password", "duress", "pin"] = "password",
    data: Data = DATA,
    node: Node = None,
    json: Json = False,
) -> int:
    """Set your own password, duress word or PIN.

    The one you have now is asked for first, nothing after a one-time code, then the
    new one; two lines where nobody can be asked. The duress word signs in as the
    password does, and rings the other desks of your party.

    Parameters
    ----------
    kind
        `password`, `duress` or `pin`.
    """
    with connect(data, node) as client:
        now = ask_password("Password now (empty after a one-time code): ")
        client.set_secret(
            SecretKind(kind), ask_password(f"New {kind}: ", again=True), now
        )
    print(written(kind=kind) if json else f"The {kind} is set.")
    return 0


def _same_node(data: Path, node: str | None, trust: Path | None) -> str:
    """Say the options that lead to the node this command spoke to."""
    if node is None:
        return f"--data {data}"
    return f"--node {node} --trust {trust}" if trust else f"--node {node}"


def ask_password(question: str, *, again: bool = False) -> str:
    """Ask for a secret without showing it; read one line where nobody can be asked."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    while True:
        said = getpass.getpass(question)
        if not again or getpass.getpass("Once more: ") == said:
            return said
        print("The two differ.", file=sys.stderr)
