"""Raise calls and act on them."""

import secrets
from collections.abc import Iterator, Mapping

import msgspec

from clearline.client.asking import URGENT_TRIES, Asker, NoAnswer
from clearline.model.calls import Answer, Kind, UnableReason
from clearline.model.instants import Instant
from clearline.model.sources import Source
from clearline.wire.forms import (
    calls,
    sheets,
)


class Calls(Asker):
    """Raise calls and act on them."""

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

    def sources(self) -> tuple[Source, ...]:
        """List the desks whose STOPs and HOLDs are open, the busiest first."""
        return self.ask("GET", "/api/v1/sources", gives=calls.Sources).items

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

    def answer(  # noqa: PLR0913 (an answer's own parts)
        self,
        call: str,
        answer: Answer,
        reason: UnableReason | None = None,
        detail: str = "",
        whom: str | None = None,
        *,
        until: Instant | None = None,
    ) -> calls.Done:
        """Answer a call; a STANDBY may say until when."""
        given = calls.AnswerOf(
            answer=answer, reason=reason, detail=detail, whom=whom, until=until
        )
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

    def _act(self, call: str, what: str, given: msgspec.Struct) -> calls.Done:
        return self.ask("POST", f"/api/v1/calls/{call}/{what}", given, gives=calls.Done)
