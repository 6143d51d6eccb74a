"""Speak to a node from Python, with the forms the node itself reads and writes.

    with Client(url, token=token, authority=Path("authority.pem")) as node:
        raised = node.stop(to_desk="south-ops", where="37S FV 069 053")
        for event in node.follow():
            ...

Whatever the node refuses is raised as `Refused`, with its three sentences. A request
that may be sent again carries an idempotency key; `stop` and `hold` draw the call's
id first and say it again until the node has answered, for they must not be lost on
the way.
"""

import secrets
import ssl
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TypeVar

import httpx
import msgspec

from clearline.model.access import Scope, SecretKind
from clearline.model.calls import Answer, Kind, Ladder, Line, UnableReason
from clearline.model.casework import Audience
from clearline.model.errors import BadInput, BrokenPromise, ClearlineError
from clearline.model.instants import Instant
from clearline.model.notice_life import Attached
from clearline.model.notice_seen import NoticeSeen
from clearline.model.parties import DecisionTime, Desk, Medium, Party, Role
from clearline.model.places import NamedOrigin
from clearline.record.views import LaidOut
from clearline.wire.forms import (
    access,
    calls,
    cases,
    conflicts,
    exchange,
    line,
    notices,
    persons,
    sessions,
    setup,
    sheets,
    watches,
)
from clearline.wire.forms.node import NodeShown
from clearline.wire.forms.places import Read, Told

T = TypeVar("T")

TIMEOUT_S: Final = 10.0
URGENT_TRIES: Final = 3


class Refused(BadInput):
    """Say what a node refused, in its own three sentences.

    Attributes:
        status: The HTTP status.
        problem: The whole problem (RFC 9457).
    """

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        """Take what the node answered."""
        self.status = status
        self.problem = dict(problem)
        self.exit_code = int(problem.get("exit_code", 2))
        super().__init__(
            str(problem.get("title", f"The node answered {status}.")),
            state=str(problem.get("detail", "Nobody knows what it did.")),
            next=str(problem.get("next", "Look at the node.")),
        )

    @property
    def name(self) -> str:
        """Name the node's error."""
        return str(self.problem.get("type", "")).rpartition("#")[2] or "refused"


class NoAnswer(BrokenPromise):
    """Admit that a node could not be reached, or did not answer in time."""

    exit_code = 69


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one event of the feed.

    Attributes:
        id: The entry's index; `None` for beats and for what is not recorded yet.
        name: `hello`, `reset`, `call`, `changed` or `beat`.
        data: What it says.
    """

    id: int | None
    name: str
    data: dict[str, Any]


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a file of notices.

    Attributes:
        count: How many notices it holds.
        next: Where the next one goes on: what changed after this.
        left_out: What it does not carry, and why.
    """

    data: bytes
    count: int
    next: int
    left_out: str


class Client:
    """Speak to one node."""

    def __init__(
        self,
        url: str,
        *,
        token: str = "",
        authority: Path | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        """Open nothing yet; the first request connects.

        Args:
            url: Where the node listens.
            token: A session's, a device's or a machine client's.
            authority: The node's own authority; the system's where none is named.
            timeout_s: How long each step of a request may take.
        """
        verify: ssl.SSLContext | bool = True
        if authority is not None:
            verify = ssl.create_default_context(cafile=str(authority))
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.Client(
            base_url=url,
            headers=headers,
            verify=verify,
            timeout=timeout_s,
            trust_env=False,
        )
        self.url = url

    def __enter__(self) -> Self:
        """Keep the connection open for a block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of the connection."""
        self.close()

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    # --- the node -----------------------------------------------------------------

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

    # --- signing in ---------------------------------------------------------------

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

    # --- who is on the line -------------------------------------------------------

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

    # --- devices and machine clients ----------------------------------------------

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

    # --- lines --------------------------------------------------------------------

    def line_matrix(self, desk: str | None = None) -> line.LineMatrix:
        """Say how every channel to every desk, or to one, stands."""
        query = f"?desk={desk}" if desk else ""
        return self.ask("GET", f"/api/v1/lines/matrix{query}", gives=line.LineMatrix)

    def check_line(self, to_desk: str, medium: Medium | None) -> line.ChecksCalled:
        """Check one's own desk's line to a desk, now."""
        given = line.CheckGiven(to_desk=to_desk, medium=medium)
        path = "/api/v1/lines/checks"
        return self.ask("POST", path, given, gives=line.ChecksCalled)

    # --- watches ------------------------------------------------------------------

    def own_conflicts(self, *, is_open: bool | None = None) -> conflicts.ConflictsShown:
        """List the conflicts one's own party may know of."""
        query = "" if is_open is None else f"?is_open={str(is_open).lower()}"
        path = f"/api/v1/conflicts{query}"
        return self.ask("GET", path, gives=conflicts.ConflictsShown)

    def conflict(self, conflict: str) -> conflicts.ConflictShown:
        """Read a conflict."""
        path = f"/api/v1/conflicts/{conflict}"
        return self.ask("GET", path, gives=conflicts.ConflictShown)

    def to_conflict(
        self, conflict: str, act: str, given: msgspec.Struct | None
    ) -> conflicts.ConflictShown:
        """Talk about a conflict, accept it, or let the other owner know of it."""
        path = f"/api/v1/conflicts/{conflict}/{act}"
        return self.ask("POST", path, given, gives=conflicts.ConflictShown)

    def disclosures(self, notice: str = "") -> conflicts.DisclosuresShown:
        """List who was told what of one's own notices, or of one of them."""
        path = (
            f"/api/v1/notices/{notice}/disclosures"
            if notice
            else ("/api/v1/disclosures")
        )
        return self.ask("GET", path, gives=conflicts.DisclosuresShown)

    def watch(self, desk: str) -> watches.DeskWatched:
        """Say who has the watch at a desk."""
        return self.ask("GET", f"/api/v1/desks/{desk}/watch", gives=watches.DeskWatched)

    def take_watch(self, desk: str, role: Role, until: Instant) -> watches.DeskWatched:
        """Take the watch at one's own desk."""
        given = watches.WatchWanted(role=role, until=until)
        path = f"/api/v1/desks/{desk}/watch"
        return self.ask("POST", path, given, gives=watches.DeskWatched)

    def hand_over(self, desk: str, given: watches.HandOver) -> watches.DeskWatched:
        """Leave the watch, handing it over or not."""
        path = f"/api/v1/desks/{desk}/watch/handover"
        return self.ask("POST", path, given, gives=watches.DeskWatched)

    def watch_plan(self, desk: str) -> watches.PlanShown:
        """Read who takes turns at a desk's watch."""
        path = f"/api/v1/desks/{desk}/watch/plan"
        return self.ask("GET", path, gives=watches.PlanShown)

    def plan_watch(
        self, desk: str, rotations: tuple[watches.RotationGiven, ...]
    ) -> watches.PlanShown:
        """Set who takes turns at a desk's watch."""
        path = f"/api/v1/desks/{desk}/watch/plan"
        given = watches.PlanGiven(rotations=rotations)
        return self.ask("PUT", path, given, gives=watches.PlanShown)

    def watch_ahead(self, desk: str, days: float) -> watches.WatchAhead:
        """Say who is planned at a desk, and when nobody is."""
        path = f"/api/v1/desks/{desk}/watch/ahead?days={days:g}"
        return self.ask("GET", path, gives=watches.WatchAhead)

    def override_watch(
        self, desk: str, given: watches.OverrideGiven
    ) -> watches.PlanShown:
        """Change who is planned at one's own desk in a window."""
        path = f"/api/v1/desks/{desk}/watch/overrides"
        return self.ask("POST", path, given, gives=watches.PlanShown)

    def drop_override(self, desk: str, override: str) -> watches.PlanShown:
        """Take a change of the plan away."""
        path = f"/api/v1/desks/{desk}/watch/overrides/{override}"
        return self.ask("DELETE", path, gives=watches.PlanShown)

    # --- calls --------------------------------------------------------------------

    def raise_call(self, given: calls.CallGiven) -> calls.Raised:
        """Raise a call; a STOP or HOLD is said again until the node has answered.

        Raises:
            Refused: The node refused it.
            NoAnswer: The node was not reached; nobody knows whether it rings.
        """
        is_urgent = given.kind in (Kind.STOP, Kind.HOLD)
        named = given.id or f"c{secrets.token_hex(12)}"
        given = msgspec.structs.replace(given, id=named)
        tries = URGENT_TRIES if is_urgent else 1
        for left in range(tries - 1, -1, -1):
            try:
                return self.ask("POST", "/api/v1/calls", given, gives=calls.Raised)
            except NoAnswer:
                if not left:
                    raise
        raise AssertionError("unreachable")

    def stop(
        self, *, to_desk: str | None = None, where: str = "", what: str = ""
    ) -> calls.Raised:
        """Raise a STOP; to every other party where no desk is named."""
        card = calls.CardGiven(where=where or None, what=what)
        return self.raise_call(calls.CallGiven(to_desk=to_desk, card=card))

    def hold(
        self, *, to_desk: str | None = None, where: str = "", what: str = ""
    ) -> calls.Raised:
        """Raise a HOLD; to every other party where no desk is named."""
        card = calls.CardGiven(where=where or None, what=what)
        given = calls.CallGiven(kind=Kind.HOLD, to_desk=to_desk, card=card)
        return self.raise_call(given)

    def every_call(self, *, is_open: bool | None = None) -> Iterator[calls.CallShown]:
        """List calls, newest first, page after page."""
        query: dict[str, str] = {}
        if is_open is not None:
            query["is_open"] = str(is_open).lower()
        while True:
            page = self.ask("GET", "/api/v1/calls", query=query, gives=calls.Calls)
            yield from page.items
            if not page.next:
                return
            query["after"] = page.next

    def call(self, call: str) -> calls.CallShown:
        """Read one call."""
        return self.ask("GET", f"/api/v1/calls/{call}", gives=calls.CallShown)

    def entries(self, call: str) -> Iterator[calls.EntryOf]:
        """List every entry about a call, page after page."""
        path, query = f"/api/v1/calls/{call}/entries", dict[str, str]()
        while True:
            page = self.ask("GET", path, query=query, gives=calls.EntriesOf)
            yield from page.items
            if not page.next:
                return
            query["after"] = page.next

    def to_read_back(self, call: str) -> calls.ToReadBack:
        """List what of a call has to come back right."""
        path = f"/api/v1/calls/{call}/readback"
        return self.ask("GET", path, gives=calls.ToReadBack)

    def show(self, call: str, device: str = "") -> calls.Done:
        """Report that a device showed a call."""
        return self._act(call, "shown", calls.ShownAt(device=device))

    def acknowledge(self, call: str) -> calls.Done:
        """Say that you have a call."""
        return self._act(call, "acknowledgement", calls.Acknowledging())

    def withdraw(self, call: str, why: str = "") -> calls.Done:
        """Take your acknowledgement back."""
        given = calls.Withdrawing(why=why)
        return self._act(call, "acknowledgement/withdrawal", given)

    def answer(
        self,
        call: str,
        answer: Answer,
        reason: UnableReason | None = None,
        detail: str = "",
        whom: str | None = None,
    ) -> calls.Done:
        """Answer a call."""
        given = calls.AnswerOf(answer=answer, reason=reason, detail=detail, whom=whom)
        return self._act(call, "answer", given)

    def read_back(self, call: str, said: Mapping[str, str]) -> calls.ReadBackDone:
        """Read a call back, each element by its name."""
        given = calls.SayingBack(
            said=tuple(
                calls.SaidOf(name=name, text=text) for name, text in said.items()
            )
        )
        path = f"/api/v1/calls/{call}/readback"
        return self.ask("POST", path, given, gives=calls.ReadBackDone)

    def pass_on(self, call: str, to_desk: str) -> calls.Done:
        """Pass a call on to a desk below."""
        return self._act(call, "passing-on", calls.PassingOn(to_desk=to_desk))

    def ceased(self, call: str, detail: str = "") -> calls.Done:
        """Report that what a call asked to stop has stopped."""
        return self._act(call, "ceased", calls.CeasedAt(detail=detail))

    def close_call(self, call: str, why: str = "") -> calls.Done:
        """Say, for your party, that a call is over."""
        return self._act(call, "closing", calls.Closing(why=why))

    def renew(self, call: str, ends_in_s: float) -> calls.Done:
        """Give a HOLD a later end."""
        return self._act(call, "renewal", calls.Renewing(ends_in_s=ends_in_s))

    # --- notices ------------------------------------------------------------------

    def file_notice(self, given: notices.NoticeGiven) -> notices.NoticeDone:
        """File a notice; the same one filed again changes nothing.

        Raises:
            Refused: With all that is wrong, field by field, in its problem.
        """
        named = given.id or f"n{secrets.token_hex(12)}"
        given = msgspec.structs.replace(given, id=named)
        return self.ask("POST", "/api/v1/notices", given, gives=notices.NoticeDone)

    def check_notice(self, given: notices.NoticeGiven) -> notices.LookedOver:
        """Say what would be said of a notice; nothing is recorded."""
        path = "/api/v1/notice-checks"
        return self.ask("POST", path, given, gives=notices.LookedOver)

    def notice(self, notice: str) -> NoticeSeen:
        """Read one notice, as exactly as it may be known here."""
        return self.ask("GET", f"/api/v1/notices/{notice}", gives=NoticeSeen)

    def every_notice(
        self, whose: str = "", kind: str | None = None, *, is_over: bool | None = None
    ) -> Iterator[NoticeSeen]:
        """List one's own notices and those one was told of, page after page."""
        query = {"whose": whose}
        if kind is not None:
            query["kind"] = kind
        if is_over is not None:
            query["is_over"] = str(is_over).lower()
        path = "/api/v1/notices"
        while True:
            page = self.ask("GET", path, query=query, gives=notices.Notices)
            yield from page.items
            if not page.next:
                return
            query["after"] = page.next

    def to_notice(
        self, notice: str, act: str, given: msgspec.Struct
    ) -> notices.NoticeDone:
        """Do something with a notice.

        Args:
            notice: Its id.
            act: `revisions`, `withdrawal`, `confirmation`, `shown`, `answers`,
                `routing`, `movements`, `outcome`.
            given: The form of that act.
        """
        path = f"/api/v1/notices/{notice}/{act}"
        return self.ask("POST", path, given, gives=notices.NoticeDone)

    def count_notices(self, month: str = "") -> notices.NoticeCounts:
        """Count one's party's notices of a month, as `2026-03`; of this one."""
        path, query = "/api/v1/notice-counts", {"month": month}
        return self.ask("GET", path, query=query, gives=notices.NoticeCounts)

    def sheet_for(self, notice: str, desk: str) -> notices.NoticeSheet:
        """Write a notice down for a desk without a node, as it may know it."""
        path, query = f"/api/v1/notices/{notice}/sheet", {"desk": desk}
        return self.ask("GET", path, query=query, gives=notices.NoticeSheet)

    def add_file(self, name: str, content: bytes, shows: str = "") -> Attached:
        """Add a file, to be named by a notice or an answer."""
        given = notices.FileGiven(name=name, content=content, shows=shows)
        return self.ask("POST", "/api/v1/files", given, gives=Attached)

    def drafts(self) -> tuple[notices.DraftShown, ...]:
        """List the drafts of one's party."""
        path = "/api/v1/notice-drafts"
        return self.ask("GET", path, gives=notices.Drafts).items

    def keep_draft(self, notice: str, given: notices.NoticeGiven) -> notices.DraftShown:
        """Keep a draft; it is told to nobody."""
        path = f"/api/v1/notice-drafts/{notice}"
        return self.ask("PUT", path, given, gives=notices.DraftShown)

    def approve(self, notice: str) -> notices.NoticeDone:
        """Approve another person's draft: it is filed."""
        path = f"/api/v1/notice-drafts/{notice}/approval"
        return self.ask("POST", path, notices.Approval(), gives=notices.NoticeDone)

    # --- files in and out -----------------------------------------------------------

    def begin_import(self, given: exchange.ImportWanted) -> exchange.ImportShown:
        """Give a file to be taken in; `find_import` says how far it is."""
        path = "/api/v1/imports"
        return self.ask("POST", path, given, gives=exchange.ImportShown)

    def find_import(self, id_: str) -> exchange.ImportShown:
        """Say how far an import is."""
        return self.ask("GET", f"/api/v1/imports/{id_}", gives=exchange.ImportShown)

    def import_sheet(self, id_: str) -> bytes:
        """Fetch the same sheet with what is wrong in each row."""
        return self._send("GET", f"/api/v1/imports/{id_}/sheet").content

    def export(self, form: str, query: Mapping[str, str]) -> Exported:
        """Fetch notices as a file."""
        answer = self._send("GET", f"/api/v1/exports/{form}", query=query)
        return Exported(
            data=answer.content,
            count=int(answer.headers.get("x-clearline-count", "0")),
            next=int(answer.headers.get("x-clearline-next", "0")),
            left_out=answer.headers.get("x-clearline-left-out", ""),
        )

    # --- a telephone that somebody picks up ------------------------------------------

    def open_sheet(self, given: sheets.SheetWanted) -> sheets.SheetShown:
        """Open a sheet for somebody on an ordinary telephone."""
        return self.ask("POST", "/api/v1/sheets", given, gives=sheets.SheetShown)

    def sheet(self, sheet: str, language: str = "en") -> sheets.SheetShown:
        """Show a sheet of one's own desk, its text to read back in a language."""
        path, query = f"/api/v1/sheets/{sheet}", {"language": language}
        return self.ask("GET", path, query=query, gives=sheets.SheetShown)

    def note(self, sheet: str, given: sheets.SheetNote) -> sheets.SheetShown:
        """Write something down; the place is read at once."""
        path = f"/api/v1/sheets/{sheet}/notes"
        return self.ask("POST", path, given, gives=sheets.SheetShown)

    def raise_sheet(self, sheet: str, kind: Kind = Kind.STOP) -> sheets.SheetRaised:
        """Make a STOP or HOLD of a sheet."""
        path, given = f"/api/v1/sheets/{sheet}/call", sheets.SheetCall(kind=kind)
        return self.ask("POST", path, given, gives=sheets.SheetRaised)

    def end_sheet(self, sheet: str) -> sheets.SheetShown:
        """Put a sheet away."""
        path = f"/api/v1/sheets/{sheet}/end"
        return self.ask("POST", path, gives=sheets.SheetShown)

    # --- cases ---------------------------------------------------------------------

    def every_case(self) -> tuple[cases.CaseLine, ...]:
        """List the cases one's own party keeps."""
        return self.ask("GET", "/api/v1/cases", gives=cases.Cases).cases

    def case(self, case: str) -> cases.CaseShown:
        """Show a case as it stands."""
        return self.ask("GET", f"/api/v1/cases/{case}", gives=cases.CaseShown)

    def laid_out(self, case: str) -> LaidOut:
        """Lay a case out by question, time, place and consequence."""
        return self.ask("GET", f"/api/v1/cases/{case}/laid-out", gives=LaidOut)

    def case_report(self, case: str, audience: Audience = Audience.PARTIES) -> str:
        """Write a case as one HTML page."""
        path = f"/api/v1/cases/{case}/report"
        return self._send("GET", path, query={"audience": audience}).text

    def report_harm(self, given: cases.HarmGiven) -> cases.CaseDone:
        """Report harm; its case is opened and its evidence held."""
        return self.ask("POST", "/api/v1/harm", given, gives=cases.CaseDone)

    def enter_case_act(self, case: str, given: cases.CaseActGiven) -> cases.CaseDone:
        """Enter an act of a case; the same twice changes nothing."""
        path = f"/api/v1/cases/{case}/acts"
        return self.ask("POST", path, given, gives=cases.CaseDone)

    def take_statement(self, case: str, given: cases.StatementGiven) -> cases.CaseDone:
        """Take a statement of a role and a pseudonym; the name is sealed."""
        path = f"/api/v1/cases/{case}/statements"
        return self.ask("POST", path, given, gives=cases.CaseDone)

    def release_evidence(self, case: str, given: cases.HoldReleased) -> cases.CaseDone:
        """Let a hold go, together with somebody of another party."""
        path = f"/api/v1/cases/{case}/release"
        return self.ask("POST", path, given, gives=cases.CaseDone)

    def allegations(self) -> tuple[cases.AllegationPut, ...]:
        """List what was alleged of one's own party and put to it."""
        path = "/api/v1/allegations"
        return self.ask("GET", path, gives=cases.Allegations).allegations

    # --- places, proofs, the feed -------------------------------------------------

    def read_place(self, text: str) -> Read:
        """Read a place as the node reads it, with the origins it knows."""
        return self.ask("POST", "/api/v1/places/reading", Told(text=text), gives=Read)

    def checkpoint(self) -> str:
        """Fetch the signed size and root of the log."""
        return self._send("GET", "/api/v1/ledger/checkpoint").text

    def receipt(self, index: int) -> str:
        """Fetch an offline receipt of an entry."""
        return self._send("GET", f"/api/v1/ledger/entries/{index}/receipt").text

    def follow(self, after: int | None = None) -> Iterator[Event]:
        """Follow the feed until the node ends it.

        Args:
            after: The id of the last event there is; the node tells what was missed.
        """
        headers = {} if after is None else {"last-event-id": str(after)}
        limits = httpx.Timeout(TIMEOUT_S, read=10.0)
        with self._http.stream(
            "GET", "/api/v1/feed", headers=headers, timeout=limits
        ) as stream:
            if stream.is_error:
                stream.read()
                raise _refused(stream)
            yield from _events(stream.iter_lines())

    # --- asking -------------------------------------------------------------------

    def _act(self, call: str, what: str, given: msgspec.Struct) -> calls.Done:
        return self.ask("POST", f"/api/v1/calls/{call}/{what}", given, gives=calls.Done)

    def ask(
        self,
        method: str,
        path: str,
        body: msgspec.Struct | None = None,
        *,
        gives: type[T],
        query: Mapping[str, str] | None = None,
    ) -> T:
        """Ask for one operation, and read its answer as `gives`.

        Raises:
            Refused: The node refused it.
            NoAnswer: The node was not reached, or did not answer in time.
        """
        answer = self._send(method, path, body, query)
        return msgspec.json.decode(answer.content, type=gives)

    def _send(
        self,
        method: str,
        path: str,
        body: msgspec.Struct | None = None,
        query: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        content = None if body is None else msgspec.json.encode(body)
        headers = {"content-type": "application/json"} if content is not None else {}
        try:
            answer = self._http.request(
                method, path, content=content, params=query, headers=headers
            )
        except httpx.HTTPError as error:
            raise NoAnswer(
                f"The node at {self.url} did not answer: {error}.",
                state="Nobody knows whether it took what was said; saying it again "
                "with the same id does no harm.",
                next="Use voice now. Check the address, the node and the network.",
            ) from error
        if answer.is_error and path != "/health":
            raise _refused(answer)
        return answer


def _refused(answer: httpx.Response) -> ClearlineError:
    try:
        problem = msgspec.json.decode(answer.content, type=dict[str, Any])
    except msgspec.MsgspecError:
        problem = {}
    return Refused(answer.status_code, problem)


def _events(lines: Iterator[str]) -> Iterator[Event]:
    """Read server-sent events (WHATWG HTML, section 9.2.6), as far as a node sends."""
    said: dict[str, str] = {}
    for text in lines:
        if text:
            name, _, value = text.partition(":")
            said[name] = value.removeprefix(" ")
        elif "data" in said:
            id_ = said.get("id")
            yield Event(
                id=int(id_) if id_ else None,
                name=said.get("event", "message"),
                data=msgspec.json.decode(said["data"]),
            )
            said = {}
