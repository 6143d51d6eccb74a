"""Run a node with people on it, and open browsers at its desks."""

import shutil
from contextlib import contextmanager

from api.nodes import DESKS, PASSWORD, PERSONS, Served
from clearline.geo.reading import read_place
from clearline.model.calls import CallId, Card, Kind
from clearline.model.commands import Acknowledge, RaiseCall
from clearline.model.parties import Actor, DeskId, PartyId, PersonId, Strength

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
HOSPITAL = "35.2854 N 40.1760 E"
FLAGS = ["--autoplay-policy=user-gesture-required"]


def actor(person: str) -> Actor:
    """Name a person as an actor of their own desk."""
    desk = PERSONS[person][0]
    return Actor(
        party=PartyId(DESKS[desk][0]),
        desk=DeskId(desk),
        strength=Strength.PASSWORD,
        person=PersonId(person),
        device="screen",
    )


def raise_call(
    served: Served,
    person: str,
    kind: Kind = Kind.STOP,
    *,
    to: str = "south-ops",
    what: str = "Shelling of the hospital",
    where: str = HOSPITAL,
    id_: str = "c1",
) -> CallId:
    """Raise a call as a person of another desk."""
    place = read_place(where, ())[0].place if where else None
    command = RaiseCall(
        call=CallId(id_),
        kind=kind,
        by=actor(person),
        to_desk=DeskId(to),
        card=Card(where=place, what=what),
    )
    served.service.node.runner.ask(command).result(10)
    return CallId(id_)


def have(served: Served, person: str, call: str) -> None:
    """Acknowledge a call as a person."""
    command = Acknowledge(call=CallId(call), by=actor(person))
    served.service.node.runner.ask(command).result(10)


def call_of(served: Served, call: str):
    """Return a call as it stands."""
    with served.service.node.looking() as view:
        return view.calls.get(CallId(call))


def cookie_of(served: Served, person: str, url: str) -> dict:
    """Make the cookie of a person who signed in with a password."""
    token, _ = served.service.tokens.begin(
        PersonId(person), Strength.PASSWORD, "screen"
    )
    return {"name": "clearline_session", "value": token, "url": url}


@contextmanager
def desk(browser, served: Served, person: str | None, **how):
    """Open a page at a desk, as a person who is signed in; close it afterwards.

    Every request it makes to any other origin, every script error and every breach of
    the policy fails the test that opened it.
    """
    context = browser.new_context(
        base_url=served.url.replace("127.0.0.1", "localhost"),
        **{"viewport": {"width": 1366, "height": 820}, "locale": "en-GB", **how},
    )
    page = context.new_page()
    page.set_default_navigation_timeout(120_000)  # a day is replayed when first opened
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    page.on(
        "console",
        lambda said: (
            faults.append(said.text) if "Content Security Policy" in said.text else None
        ),
    )
    ours = served.url.rpartition(":")[2]
    page.on(
        "request",
        lambda asked: (
            faults.append(f"left the origin: {asked.url}")
            if f"://localhost:{ours}/" not in asked.url
            and not asked.url.startswith(("data:", "blob:"))
            else None
        ),
    )
    if person is not None:
        base = served.url.replace("127.0.0.1", "localhost")
        context.add_cookies([cookie_of(served, person, base)])
    try:
        yield page
    finally:
        context.close()
    assert not faults, faults


__all__ = ["CHROMIUM", "DESKS", "FLAGS", "HOSPITAL", "PASSWORD", "PERSONS"]
