"""File notices, act on them, and take files in and out."""

import secrets
from collections.abc import Iterator, Mapping

import msgspec

from clearline.client.asking import UPLOAD_S, Asker
from clearline.model.notice_life import Attached
from clearline.model.notice_seen import NoticeSeen
from clearline.wire.forms import (
    exchange,
    notices,
)


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


class Notices(Asker):
    """File notices and act on them."""

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

    def amend(self, notice: str, given: notices.NoticeGiven) -> notices.NoticeDone:
        """Amend a notice with its next revision."""
        return self._to_notice(notice, "revisions", given)

    def withdraw_notice(
        self, notice: str, given: notices.Withdrawal
    ) -> notices.NoticeDone:
        """Withdraw a notice; what was told cannot be untold."""
        return self._to_notice(notice, "withdrawal", given)

    def confirm(self, notice: str, given: notices.Confirmation) -> notices.NoticeDone:
        """Say, as its owner, that a notice is still so."""
        return self._to_notice(notice, "confirmation", given)

    def notice_shown(
        self, notice: str, given: notices.NoticeShownAt
    ) -> notices.NoticeDone:
        """Report that a screen of one's desk holds a notice, or showed it."""
        return self._to_notice(notice, "shown", given)

    def answer_notice(
        self, notice: str, given: notices.AnswerToNotice
    ) -> notices.NoticeDone:
        """Say what one's desk does with a notice."""
        return self._to_notice(notice, "answers", given)

    def route(self, notice: str, given: notices.RouteGiven) -> notices.NoticeDone:
        """Receive a notice on its way, return it, or forward it."""
        return self._to_notice(notice, "routing", given)

    def report_movement(
        self, notice: str, given: notices.MovementGiven
    ) -> notices.NoticeDone:
        """Say how far a movement is."""
        return self._to_notice(notice, "movements", given)

    def state_outcome(
        self, notice: str, given: notices.OutcomeGiven
    ) -> notices.NoticeDone:
        """Say how a movement went in the end."""
        return self._to_notice(notice, "outcome", given)

    def _to_notice(
        self, notice: str, act: str, given: msgspec.Struct
    ) -> notices.NoticeDone:
        path = f"/api/v1/notices/{notice}/{act}"
        return self.ask("POST", path, given, gives=notices.NoticeDone)

    def personal(self, notice: str) -> notices.PersonalShown:
        """Read the numbers, plates and names of a notice of one's own party."""
        path = f"/api/v1/notices/{notice}/personal"
        return self.ask("GET", path, gives=notices.PersonalShown)

    def notice_file(self, notice: str, sha256: str) -> bytes:
        """Fetch a file a notice names, by its hash."""
        return self._send("GET", f"/api/v1/notices/{notice}/files/{sha256}").content

    def draft(self, notice: str) -> notices.DraftShown:
        """Read a draft of one's party."""
        path = f"/api/v1/notice-drafts/{notice}"
        return self.ask("GET", path, gives=notices.DraftShown)

    def drop_draft(self, notice: str) -> None:
        """Throw a draft away."""
        self._send("DELETE", f"/api/v1/notice-drafts/{notice}")

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

    def begin_import(self, given: exchange.ImportWanted) -> exchange.ImportShown:
        """Give a file to be taken in; `find_import` says how far it is."""
        answer = self._send("POST", "/api/v1/imports", given, timeout_s=UPLOAD_S)
        return msgspec.json.decode(answer.content, type=exchange.ImportShown)

    def find_import(self, id_: str) -> exchange.ImportShown:
        """Say how far an import is."""
        return self.ask("GET", f"/api/v1/imports/{id_}", gives=exchange.ImportShown)

    def imports(self) -> exchange.ImportsWaiting:
        """List the imports of one's party that wait for a second person."""
        return self.ask("GET", "/api/v1/imports", gives=exchange.ImportsWaiting)

    def approve_import(self, id_: str) -> exchange.ImportShown:
        """Approve another person's import: its sites are filed with both names."""
        path = f"/api/v1/imports/{id_}/approval"
        return self.ask("POST", path, notices.Approval(), gives=exchange.ImportShown)

    def drop_import(self, id_: str) -> None:
        """Put away an import that waits for a second person."""
        self._send("DELETE", f"/api/v1/imports/{id_}")

    def import_sheet(self, id_: str) -> bytes:
        """Fetch the same sheet with what is wrong in each row."""
        return self._send("GET", f"/api/v1/imports/{id_}/sheet").content

    def sheet_template(self, kind: str, form: str = "xlsx") -> bytes:
        """Fetch an empty sheet to fill notices of a kind into."""
        path, query = f"/api/v1/templates/{kind}", {"form": form}
        return self._send("GET", path, query=query).content

    def export(self, form: str, query: Mapping[str, str]) -> Exported:
        """Fetch notices as a file."""
        answer = self._send("GET", f"/api/v1/exports/{form}", query=query)
        return Exported(
            data=answer.content,
            count=int(answer.headers.get("x-clearline-count", "0")),
            next=int(answer.headers.get("x-clearline-next", "0")),
            left_out=answer.headers.get("x-clearline-left-out", ""),
        )
