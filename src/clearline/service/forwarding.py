"""Send a notice that is forwarded to a desk without a node: by this node's e-mail.

    asked --> sheet and mark are kept --> the entry --> the courier --> the entry of it
                                             '-- killed here: sent at the next start

The sheet is written through the one door (`rules.disclosure`) as it is forwarded, kept
by its hash, and written once more as it is sent: where the two differ, nothing leaves.
A desk's mailboxes are tried one after another. Nobody waits for any of it: the writer
names a notice, and a thread of its own does the rest. A mail may be sent twice; it has
one Message-ID.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from functools import partial
from queue import SimpleQueue
from typing import Final, Protocol

import msgspec
from msgspec.structs import replace

from clearline.model.calls import Outcome
from clearline.model.commands import Command
from clearline.model.faults import Fault, Severity
from clearline.model.notice_acts import NoticeRouted
from clearline.model.notice_commands import NoteMailed, RouteNotice
from clearline.model.notice_life import Attached, Routing
from clearline.model.notice_seen import NoticeSeen
from clearline.model.notices import NoticeId
from clearline.model.parties import DeskId, Medium
from clearline.picture.picture import View
from clearline.rules.disclosure import as_told
from clearline.rules.mailed import MAILED, by_mail, goes_by_mail, unsent
from clearline.rules.notice_sheet import sheet_of, short_form
from clearline.service.calling import (
    Address,
    AddressBook,
    Courier,
    CourierStanding,
    Enclosed,
    Message,
    Words,
)
from clearline.service.ports import Clock, Shelf
from clearline.service.writer import Written

NO_MAIL: Final = "This node has no e-mail: it is recorded, and nothing was sent."
NO_MAILBOX: Final = "nobody's mailbox is entered at that desk"
HAS_CHANGED: Final = "it has changed since it was forwarded"
BY_HAND: Final = (
    "Write its sheet, send it by hand, and record it as forwarded with that sheet."
)

_MARKED: Final = "mail/"
_STOP_WITHIN_S: Final = 2.0


class Files(Protocol):
    """Keep files by their hash."""

    def keep(self, name: str, data: bytes, shows: str = "") -> Attached:
        """Keep a file."""

    def read(self, digest: str) -> bytes | None:
        """Read a file, checked against its hash; nothing where it is not here."""


class _Mail(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one forwarding that is to be sent."""

    notice: NoticeId
    revision: int
    to: DeskId
    through: DeskId
    sheet: Attached

    @property
    def key(self) -> str:
        return f"{self.notice}/{self.revision}/{self.to}"

    def is_for(self, notice: NoticeId, to: DeskId) -> bool:
        return (self.notice, self.to) == (notice, to)


class Forwarding:
    """Write what is forwarded by e-mail, send it, and keep what became of it."""

    trouble: Exception | None = None

    def __init__(  # noqa: PLR0913 (each is what it stands between)
        self,
        *,
        ask: Callable[[Command], "Future[Written]"],
        looking: Callable[[], AbstractContextManager[View]],
        courier: Courier | None,
        book: AddressBook,
        files: Files,
        shelf: Shelf,
        clock: Clock,
    ) -> None:
        """Send nothing before `start`.

        Args:
            ask: Asks the writer.
            looking: Lets one look at what stands.
            courier: Who carries e-mail, if anybody does.
            book: Where persons are reached.
            files: Where sheets are kept.
            shelf: Where it is kept that a mail is to be sent.
            clock: What tells the time.
        """
        self._ask, self._looking, self._courier = ask, looking, courier
        self._book, self._files, self._shelf = book, files, shelf
        self._clock = clock
        self._under_way: dict[str, _Mail] = {}
        self._todo: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="mails", daemon=True)

    def with_sheet(self, asked: RouteNotice) -> tuple[RouteNotice, tuple[Fault, ...]]:
        """Return it with the sheet this node will send, and what it cannot send.

        Whoever gives a sheet has sent it by hand.

        Raises:
            StoreRefused: The disk refused the sheet; nothing was recorded.
        """
        if asked.sheet is not None:
            shows = "" if asked.sheet.shows == MAILED else asked.sheet.shows
            return replace(asked, sheet=replace(asked.sheet, shows=shows)), ()
        if asked.routing is not Routing.FORWARDED or asked.to is None:
            return asked, ()
        with self._looking() as view:
            notice = view.notices.get(asked.notice)
            is_its_way = notice and notice.revision.through == asked.by.desk
            told = self._told(view, asked.notice, asked.to) if is_its_way else None
            has_mailbox = bool(self._mailboxes(view, asked.to))
        if told is None:
            return asked, ()
        if not has_mailbox or not self._has_mail():
            wrong = f"Nothing was sent: {NO_MAILBOX}." if not has_mailbox else NO_MAIL
            fault = Fault(
                field="to", wrong=wrong, right=BY_HAND, severity=Severity.WARN
            )
            return asked, (fault,)
        written = sheet_of(told, asked.by.desk).encode()
        sheet = self._files.keep(f"{asked.notice}.txt", written, MAILED)
        mark = msgspec.json.encode((asked.notice, asked.to))
        self._shelf.keep_value(_mark(asked.notice, asked.to), mark)
        return replace(asked, sheet=sheet), ()

    def start(self) -> None:
        """Send what has not left yet, and from now on whatever is forwarded."""
        self._thread.start()

    def stop(self) -> None:
        """Send nothing more; what has not left goes at the next start."""
        self._todo.put(None)
        if self._thread.ident is not None:
            self._thread.join(_STOP_WITHIN_S)

    def hear(self, written: Written) -> None:
        """Take note of what was forwarded; the writer calls it, and never waits."""
        for entry in written.entries:
            act = entry.act
            if isinstance(act, NoticeRouted) and act.to and act.sheet is not None:
                self._todo.put(partial(self._look, act.notice, act.to))

    # --- in the thread of its own -------------------------------------------------

    def _run(self) -> None:
        self._todo.put(self._look_at_marked)
        while (work := self._todo.get()) is not None:
            try:
                work()
            except Exception as error:  # noqa: BLE001 (one mail stops no other)
                self.trouble = error

    def _look_at_marked(self) -> None:
        """Look at what was to be sent when the node last stopped."""
        for value in self._shelf.values(_MARKED).values():
            notice, to = msgspec.json.decode(value, type=tuple[NoticeId, DeskId])
            self._look(notice, to)
            if not any(one.is_for(notice, to) for one in self._under_way.values()):
                self._shelf.drop_value(_mark(notice, to))

    def _look(self, id_: NoticeId, to: DeskId) -> None:
        with self._looking() as view:
            notice = view.notices.get(id_)
        for one in unsent(notice) if notice is not None else ():
            if one.to != to or one.sheet is None:
                continue
            mail = _Mail(
                notice=id_,
                revision=one.revision,
                to=to,
                through=one.by.desk,
                sheet=one.sheet,
            )
            if mail.key not in self._under_way:
                self._under_way[mail.key] = mail
                self._send(mail, (), NO_MAILBOX)

    def _send(self, mail: _Mail, tried: tuple[str, ...], why: str) -> None:
        """Hand it over for the next mailbox, or say that there is none left."""
        with self._looking() as view:
            notice = view.notices.get(mail.notice)
            told = self._told(view, mail.notice, mail.to)
            boxes = self._mailboxes(view, mail.to)
        data = self._files.read(mail.sheet.sha256)
        through = notice.revision.through if notice else None
        if (
            notice is None
            or told is None
            or through is None
            or notice.is_over
            or notice.revision.number != mail.revision
            or data != sheet_of(told, through).encode()
        ):
            self._settle(mail, Outcome.FAILED, why if tried else HAS_CHANGED)
            return
        left = [box.address for box in boxes if box.address not in tried]
        if not left or self._courier is None:
            self._settle(mail, Outcome.FAILED, why)
            return
        self._courier.tell(
            Message(
                call=None,
                person=next(b.person for b in boxes if b.address == left[0]),
                desk=mail.to,
                medium=Medium.EMAIL,
                address=left[0],
                words=_words(told, mail.to, through),
                name=f"notice {mail.key} {left[0]}",
                enclosed=Enclosed(name=mail.sheet.name, text=data.decode()),
                became=partial(self._put_became, mail, tried, left[0]),
            )
        )

    def _put_became(
        self,
        mail: _Mail,
        tried: tuple[str, ...],
        address: str,
        outcome: Outcome,
        detail: str,
    ) -> None:
        """Take what the courier says, in its thread; returns at once."""
        words = detail.replace(address, "the mailbox")  # no address is in the log
        self._todo.put(partial(self._became, mail, (*tried, address), outcome, words))

    def _became(
        self, mail: _Mail, tried: tuple[str, ...], outcome: Outcome, detail: str
    ) -> None:
        if outcome is Outcome.FAILED:
            self._send(mail, tried, detail)
        else:
            self._settle(mail, outcome, detail)

    def _settle(self, mail: _Mail, outcome: Outcome, detail: str) -> None:
        """Keep what became of it in the log; then it is no longer to be sent."""
        with self._looking() as view:
            by = by_mail(mail.through, view)
        if by is not None:
            self._ask(
                NoteMailed(
                    notice=mail.notice,
                    by=by,
                    revision=mail.revision,
                    to=mail.to,
                    outcome=outcome,
                    detail=detail,
                )
            ).result()
        self._under_way.pop(mail.key, None)
        self._shelf.drop_value(_mark(mail.notice, mail.to))

    # --- what stands --------------------------------------------------------------

    def _told(self, view: View, id_: NoticeId, to: DeskId) -> NoticeSeen | None:
        """Say a notice as a desk without a node may know it."""
        notice = view.notices.get(id_)
        if notice is None or not goes_by_mail(view, to):
            return None
        return as_told(view, notice, to, self._clock.read().at)

    def _mailboxes(self, view: View, desk: DeskId) -> tuple[Address, ...]:
        return tuple(
            address
            for person in view.members_of(desk)
            for address in self._book.of(person.id, Medium.EMAIL)
        )

    def _has_mail(self) -> bool:
        courier = self._courier
        return (
            courier is not None
            and courier.state().standing is not CourierStanding.NOT_SET_UP
        )


def _words(told: NoticeSeen, to: DeskId, through: DeskId) -> Words:
    return Words(
        language="en",
        subject=f"NOTICE {told.id}/{told.number} from {told.owner}",
        short="",
        text=f"For the desk {to}.\n\n{short_form(told)}\n\n"
        f"The attached sheet says all that is for you. Please answer to {through}.\n",
        spoken="",
    )


def _mark(notice: NoticeId, to: DeskId) -> str:
    return f"{_MARKED}{notice}/{to}"
