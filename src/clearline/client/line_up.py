"""Ask for who is on the line: parties, desks, persons, devices, keys."""

from typing import Any

import msgspec

from clearline.client.asking import Asker
from clearline.model.access import Scope, SecretKind
from clearline.model.calls import Ladder, Line
from clearline.model.parties import DecisionTime, Desk, Party
from clearline.model.places import NamedOrigin
from clearline.wire.forms import (
    access,
    line,
    persons,
    sessions,
    setup,
)
from clearline.wire.forms.node import NodeShown


class LineUp(Asker):
    """Enter who is on the line, and let them in."""

    def node(self) -> NodeShown:
        """Say which node this is."""
        return self.ask("GET", "/api/v1/node", gives=NodeShown)

    def health(self) -> dict[str, Any]:
        """Say how the node is; also where it is not well."""
        answer = self._send("GET", "/health")
        return dict(msgspec.json.decode(answer.content))

    def set_up(self, given: setup.SetUp) -> None:
        """Enter the first party, desk and person."""
        self._send("POST", "/api/v1/setup", given)

    def sign_in(self, person: str, secret: str, device: str = "") -> sessions.SignedIn:
        """Sign in; the client goes on as that person."""
        given = sessions.SignIn(person=person, secret=secret, device=device)
        said = self.ask("POST", "/api/v1/sessions", given, gives=sessions.SignedIn)
        self._http.headers["authorization"] = f"Bearer {said.token}"
        return said

    def who_am_i(self) -> sessions.SignedIn:
        """Say who is signed in."""
        path = "/api/v1/sessions/current"
        return self.ask("GET", path, gives=sessions.SignedIn)

    def sign_out(self, *, everywhere: bool = False) -> None:
        """Sign out here, or everywhere."""
        self._send("DELETE", f"/api/v1/sessions{'' if everywhere else '/current'}")

    def set_secret(self, kind: SecretKind, secret: str, now: str = "") -> None:
        """Set one's own password, duress word or PIN."""
        given = sessions.SecretSet(kind=kind, secret=secret, now=now)
        self._send("PUT", "/api/v1/secrets", given)

    def parties(self) -> tuple[Party, ...]:
        """List the parties."""
        return self.ask("GET", "/api/v1/parties", gives=line.Parties).items

    def party(self, party: str) -> Party:
        """Read one party."""
        return self.ask("GET", f"/api/v1/parties/{party}", gives=Party)

    def set_party(self, party: str, given: line.PartyGiven) -> Party:
        """Enter or change a party."""
        return self.ask("PUT", f"/api/v1/parties/{party}", given, gives=Party)

    def declare(self, party: str, given: line.DecisionTimeGiven) -> DecisionTime:
        """Say how fast a party decides about a kind of action."""
        path = f"/api/v1/parties/{party}/decision-times"
        return self.ask("POST", path, given, gives=DecisionTime)

    def desks(self) -> tuple[Desk, ...]:
        """List the desks."""
        return self.ask("GET", "/api/v1/desks", gives=line.Desks).items

    def desk(self, desk: str) -> Desk:
        """Read one desk."""
        return self.ask("GET", f"/api/v1/desks/{desk}", gives=Desk)

    def set_desk(self, desk: str, given: line.DeskGiven) -> Desk:
        """Enter or change a desk."""
        return self.ask("PUT", f"/api/v1/desks/{desk}", given, gives=Desk)

    def ladder(self, desk: str, precedence: str) -> Ladder:
        """Read a desk's ladder for a precedence."""
        path = f"/api/v1/desks/{desk}/ladders/{precedence}"
        return self.ask("GET", path, gives=Ladder)

    def set_ladder(self, desk: str, precedence: str, ladder: Ladder) -> Ladder:
        """Set a desk's ladder for a precedence."""
        path = f"/api/v1/desks/{desk}/ladders/{precedence}"
        return self.ask("PUT", path, ladder, gives=Ladder)

    def lines(self) -> tuple[Line, ...]:
        """List the lines that are checked."""
        return self.ask("GET", "/api/v1/lines", gives=line.Lines).items

    def set_line(self, given: line.LineGiven) -> Line:
        """Let a line be checked."""
        return self.ask("POST", "/api/v1/lines", given, gives=Line)

    def origins(self) -> tuple[NamedOrigin, ...]:
        """List the named origins."""
        return self.ask("GET", "/api/v1/origins", gives=line.Origins).items

    def name_origin(self, origin: NamedOrigin) -> NamedOrigin:
        """Name a point that bearings and ranges may start from."""
        return self.ask("POST", "/api/v1/origins", origin, gives=NamedOrigin)

    def every_person(self) -> tuple[persons.PersonShown, ...]:
        """List the persons of one's own party; every one to an administrator."""
        return self.ask("GET", "/api/v1/persons", gives=persons.Persons).items

    def person(self, person: str) -> persons.PersonShown:
        """Read one person of one's own party."""
        path = f"/api/v1/persons/{person}"
        return self.ask("GET", path, gives=persons.PersonShown)

    def drop_passkeys(self, person: str) -> None:
        """Take all passkeys of a person away, for one that was lost."""
        self._send("DELETE", f"/api/v1/persons/{person}/passkeys")

    def set_person(
        self, person: str, given: persons.PersonGiven
    ) -> persons.PersonShown:
        """Enter or change a person."""
        path = f"/api/v1/persons/{person}"
        return self.ask("PUT", path, given, gives=persons.PersonShown)

    def once(self, person: str) -> persons.OnceTold:
        """Make a one-time code for a person."""
        path = f"/api/v1/persons/{person}/once"
        return self.ask("POST", path, gives=persons.OnceTold)

    def set_pin(self, person: str, pin: str) -> None:
        """Set a person's PIN for telephones."""
        self._send("PUT", f"/api/v1/persons/{person}/pin", persons.PinGiven(pin=pin))

    def addresses(self, person: str) -> tuple[persons.AddressGiven, ...]:
        """List where a person is reached."""
        path = f"/api/v1/persons/{person}/addresses"
        return self.ask("GET", path, gives=persons.Addresses).items

    def set_address(
        self, person: str, given: persons.AddressGiven
    ) -> persons.AddressKept:
        """Enter where a person is reached; a webhook's secret is told once."""
        path = f"/api/v1/persons/{person}/addresses"
        return self.ask("POST", path, given, gives=persons.AddressKept)

    def drop_address(self, person: str, given: persons.AddressGiven) -> None:
        """Take an address away."""
        self._send("DELETE", f"/api/v1/persons/{person}/addresses", given)

    def devices(self) -> tuple[access.DeviceShown, ...]:
        """List the devices."""
        return self.ask("GET", "/api/v1/devices", gives=access.Devices).items

    def enrol(self, desk: str, name: str) -> access.DeviceShown:
        """Enrol a device; its token is in the answer, once."""
        given = access.DeviceGiven(desk=desk, name=name)
        return self.ask("POST", "/api/v1/devices", given, gives=access.DeviceShown)

    def keys(self) -> tuple[access.KeyShown, ...]:
        """List the keys of machine clients."""
        return self.ask("GET", "/api/v1/keys", gives=access.Keys).items

    def make_key(
        self, desk: str, name: str, scopes: frozenset[Scope]
    ) -> access.KeyShown:
        """Make a key; it is in the answer, once."""
        given = access.KeyGiven(desk=desk, name=name, scopes=scopes)
        return self.ask("POST", "/api/v1/keys", given, gives=access.KeyShown)

    def revoke(self, id_: str) -> None:
        """Let a device or a key act no more."""
        self._send("DELETE", f"/api/v1/keys/{id_}")

    def revoke_device(self, id_: str) -> None:
        """Let a device act no more."""
        self._send("DELETE", f"/api/v1/devices/{id_}")
