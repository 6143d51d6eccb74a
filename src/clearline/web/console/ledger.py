"""Show the ledger, newest first, and verify all of it while everything else goes on.

A desk sees what it may see of calls; of anything else it sees that there is an entry,
when, and its commitment. An auditor of the node's party sees every act's name.
"""

import threading
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from clearline.adapters.sqlite import LEDGER_FILE
from clearline.adapters.sqlite_copy import SqliteCopy
from clearline.adapters.verification import Verdict, verify_path
from clearline.ledger.envelope import open_envelope
from clearline.model.entries import (
    CALL_ACTS,
    CallRaised,
    DeskSet,
    Entry,
    LineCheckCalled,
    LineSet,
    NodeStarted,
    PartySet,
    PeerTold,
    PersonSet,
    WallStepped,
    WatchLeft,
    WatchTaken,
)
from clearline.model.errors import ClearlineError
from clearline.model.parties import Role
from clearline.picture.picture import View
from clearline.rules.disclosure import may_see_call
from clearline.web.console.board import name_of
from clearline.web.console.pages import Form, Page, Shown, Visit
from clearline.web.endpoints import LOOKING, SIGNED_IN
from clearline.wire.entries import NAMES, read_entry

_PAGE: Final = 50
_MOST_SINCE: Final = 200
_NOT_TOLD: Final = frozenset({"attempt_reported"})
"""What is left out of what happened meanwhile: how a ring fared is in the call."""
_OPEN: Final = (
    PartySet,
    DeskSet,
    PersonSet,
    WatchTaken,
    WatchLeft,
    LineSet,
    LineCheckCalled,
    NodeStarted,
    WallStepped,
)
"""Acts every desk of the node is told of by name, as the feed does."""

_FILTERS: Final = {
    "calls": CALL_ACTS,
    "watches": (WatchTaken, WatchLeft),
    "lines": (LineSet, LineCheckCalled),
    "people": (PartySet, DeskSet, PersonSet),
    "node": (NodeStarted, WallStepped),
}


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one entry as this desk may see it.

    Attributes:
        act: Its name in the log; empty where it is not shown to this desk.
        to: The path of what it is about.
        off_s: How far the clock may have been off, seconds, where it knew.
        receipts: Other nodes it was sent to, and whether their signed receipt is here.
    """

    index: int
    commitment: str
    at: Any
    act: str = ""
    who: str = ""
    about: str = ""
    to: str = ""
    off_s: float | None = None
    receipts: tuple[tuple[str, bool], ...] = ()


class Verifying(msgspec.Struct, kw_only=True):
    """Hold how far a verification has come; one runs at a time."""

    done: int = 0
    of: int = 0
    is_running: bool = False
    verdict: Verdict | None = None
    refused: str = ""
    ended_at: Any = None


_verifying = Verifying()
_lock = threading.Lock()


async def _see(visit: Visit) -> Shown:
    node = visit.service.node
    wanted = visit.query("before")
    before = min(int(wanted), node.log.size) if wanted.isdecimal() else node.log.size
    only = visit.query("only")
    first = max(0, before - _PAGE)
    found = await visit.asking.aside(lambda: _read(visit, first, before))
    lines = [_line(visit, *one) for one in reversed(found)]
    kinds = {NAMES[kind] for kind in _FILTERS.get(only, ())}
    verdict = _verifying.verdict
    return Shown(
        template="ledger.html",
        has={
            "lines": [one for one in lines if not kinds or one.act in kinds],
            "only": only if only in _FILTERS else "",
            "filters": tuple(_FILTERS),
            "older": first,
            "before": before,
            "verifying": _verifying,
            "verdict": verdict,
            "head": verdict.root.hex() if verdict and verdict.root else "",
        },
    )


def _read(visit: Visit, first: int, before: int) -> list[tuple[int, bytes, Entry]]:
    """Read entries from the file, beside the writer."""
    keys = (visit.service.node.log.key,)
    copy = SqliteCopy(visit.service.folder / LEDGER_FILE)
    try:
        rows = list(enumerate(copy.rows(first, before), first))
    finally:
        copy.close()
    return [
        (at, row.commitment, read_entry(open_envelope(row.envelope, keys)))
        for at, row in rows
        if row.envelope
    ]


def _line(visit: Visit, index: int, commitment: bytes, entry: Entry) -> Line:
    act = entry.act
    line = Line(
        index=index,
        commitment=commitment.hex()[:16],
        at=entry.at,
        off_s=entry.clock_error_s,
    )
    with visit.looking() as view:
        if isinstance(act, CALL_ACTS):
            call = view.calls.get(act.call)
            if call is None or not may_see_call(view, visit.caller.viewer(), call):
                return line
            about, to = f"{call.kind} {call.number}", f"/calls/{call.id}"
        elif isinstance(act, _OPEN) or Role.AUDITOR in visit.caller.roles:
            about, to = "", ""
        else:
            return line
        act_name, who = NAMES[type(act)], _who(view, act)
        receipts = receipts_of(view, act, index)
    return replace(line, act=act_name, who=who, about=about, to=to, receipts=receipts)


def receipts_of(view: View, act: Any, index: int) -> tuple[tuple[str, bool], ...]:
    """Say which nodes an entry went to, and which of them signed that they have it."""
    if not isinstance(act, CallRaised | PeerTold):
        return ()
    told = [
        one
        for one in view.told.values()
        if one.entry == index or (isinstance(act, CallRaised) and one.call == act.call)
    ]
    found = []
    for one in told:
        peer = view.peers.get(one.peer)
        found.append((str(peer.party) if peer else str(one.peer), one.is_receipted))
    return tuple(found)


def _who(view: View, act: Any) -> str:
    by = getattr(act, "by", None)
    if by is not None and hasattr(by, "person"):
        return name_of(view, by.person, by.device or by.desk)
    watch = getattr(act, "watch", None)
    return name_of(view, watch.person) if watch is not None else ""


async def _verify(visit: Visit) -> str:
    """Begin to verify, unless it is being done already."""
    with _lock:
        if _verifying.is_running:
            return "/ledger"
        _verifying.is_running, _verifying.verdict, _verifying.refused = True, None, ""
        _verifying.done, _verifying.of = 0, visit.service.node.log.size
    threading.Thread(target=_walk, args=(visit,), name="verify", daemon=True).start()
    return "/ledger"


def _walk(visit: Visit) -> None:
    def heard(done: int, of: int) -> None:
        _verifying.done, _verifying.of = done, of

    service = visit.service
    try:
        keys = (service.node.log.key,)
        _verifying.verdict = verify_path(service.folder, keys=keys, progress=heard)
    except ClearlineError as error:
        _verifying.refused = str(error)
    finally:
        _verifying.ended_at = service.node.clock.read().at
        _verifying.is_running = False


async def _since(visit: Visit) -> Shown:
    """List what happened from an entry on, as this desk may see it, oldest first."""
    node = visit.service.node
    after = visit.query("after")
    first = min(int(after), node.log.size) if after.isdecimal() else node.log.size
    last = min(node.log.size, first + _MOST_SINCE)
    found = await visit.asking.aside(lambda: _read(visit, first, last))
    lines = [_line(visit, *one) for one in found]
    return Shown(
        template="since.html",
        has={
            "lines": [one for one in lines if one.act and one.act not in _NOT_TOLD],
            "more": node.log.size - last,
        },
    )


PAGES: Final = (
    Page(path="/ledger", see=_see, may=LOOKING),
    Page(path="/ledger/since", see=_since, may=LOOKING),
)
FORMS: Final = (Form(path="/ledger/verify", do=_verify, on=_see, may=SIGNED_IN),)
