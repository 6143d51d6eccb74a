"""Raise calls and answer them.

A STOP or HOLD needs nothing but somebody the node knows: an empty object is a STOP to
every other party. It is never throttled, and answered with 201 once it is recorded,
or with 202 where it rings from memory because the disk is silent.
"""

import base64
import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from clearline.geo.reading import read_place
from clearline.model.calls import (
    AttemptId,
    Call,
    CallId,
    Card,
    Kind,
)
from clearline.model.commands import (
    Acknowledge,
    Close,
    Command,
    GiveAnswer,
    PassOn,
    RaiseCall,
    RenewHold,
    ReportCeased,
    SayBack,
    Show,
    WithdrawAcknowledgement,
)
from clearline.model.entries import CALL_ACTS, CallRaised, ReadBack
from clearline.model.errors import BadInput
from clearline.model.instants import Duration
from clearline.model.parties import DeskId
from clearline.model.places import Place, PlaceFormat, Unlocated
from clearline.model.readback import ElementKind, ReadbackElement
from clearline.rules.answering import elements_of, names_asked
from clearline.rules.disclosure import may_see_call
from clearline.service.writer import Written
from clearline.web.api.sources import rates_seen
from clearline.web.endpoints import (
    CALLING,
    LOOKING,
    SIGNED_IN,
    WRITING,
    Answered,
    Asking,
    Endpoint,
    Repeat,
    not_allowed,
)
from clearline.web.recalled import recall
from clearline.web.refusals import BadRequest, not_there
from clearline.web.shown import shown, times_then
from clearline.wire.entries import NAMES, said_first
from clearline.wire.forms.calls import (
    Acknowledging,
    AnswerOf,
    CallGiven,
    Calls,
    CallShown,
    CardGiven,
    CeasedAt,
    Closing,
    Done,
    EntriesOf,
    EntryOf,
    Listing,
    Paging,
    PassingOn,
    Raised,
    ReadBackDone,
    Renewing,
    SayingBack,
    ShownAt,
    ToReadBack,
    Withdrawing,
)
from clearline.wire.forms.urgent import CallRead

URGENT = frozenset({Kind.STOP, Kind.HOLD})


# --- raising and looking -----------------------------------------------------------


async def _raise(asking: Asking) -> Answered:
    given: CallGiven = asking.body
    if given.kind not in URGENT:
        asking.slow_down(WRITING)
        if asking.caller.person is None and not asking.caller.is_machine:
            raise not_allowed(f"Raise a {given.kind} from a device alone.")
    command = RaiseCall(
        call=_own_id(asking, given),
        kind=given.kind,
        by=asking.caller.actor(),
        to_desk=DeskId(given.to_desk) if given.to_desk else None,
        card=_card(asking, given.card),
        precedence=given.precedence,
        said_at=given.said_at,
        of=CallId(given.of) if given.of else None,
        ends_in=_span(given.ends_in_s),
        evidence=given.evidence,
    )
    written = await asking.ask(command)
    calls = [e.act.call for e in written.entries if isinstance(e.act, CallRaised)]
    if not calls:  # said again: it stands as it was raised
        calls = _said_before(asking, command.call)
        before = await recall(asking, _first_of(asking, calls))
        if before is not None:
            return await _raise(before)
    raised = tuple(_as_shown(asking, call) for call in calls)
    return Answered(
        body=Raised(
            calls=raised,
            is_durable=written.is_durable,
            first=written.first,
            left_out=_left_out(given, raised),
        ),
        status=201 if written.is_durable else 202,
    )


def _left_out(given: CallGiven, raised: tuple[CallShown, ...]) -> tuple[str, ...]:
    """Name what a STOP or HOLD rings without; a desk nobody knows is one of them."""
    unread = given.left_out if isinstance(given, CallRead) else ()
    is_elsewhere = all(call.to_desk != given.to_desk for call in raised)
    return (*unread, "to_desk") if given.to_desk and is_elsewhere else unread


def _own_id(asking: Asking, given: CallGiven) -> CallId:
    """Return the id the caller drew, or one that follows from the idempotency key."""
    if given.id:
        return CallId(given.id)
    key = asking.request.headers.get("idempotency-key")
    if key:
        said = f"{asking.caller.name}\n{key}".encode()
        return CallId(f"k{hashlib.sha256(said).hexdigest()[:24]}")
    return CallId(f"c{asking.service.chance.draw(12).hex()}")


def _said_before(asking: Asking, id_: CallId) -> list[CallId]:
    with asking.service.node.writer.gate:  # nobody raises a call in the own log
        calls = asking.service.node.picture.calls
        if calls.get(id_) is not None:
            return [id_]
        return [call.id for call in calls.values() if call.id.startswith(f"{id_}:")]


def _first_of(asking: Asking, calls: list[CallId]) -> list[int]:
    """Name the entries that raised some calls."""
    node = asking.service.node
    with node.writer.gate:
        kept = [node.picture.calls.history_of(call)[:1] for call in calls]
    return [index for one in kept for index, _ in one if index < node.log.size]


def _card(asking: Asking, given: CardGiven) -> Card:
    return Card(
        where=_place(asking, given.where),
        where_again=_place(asking, given.where_again),
        what=given.what,
        why=given.why,
        confidence=given.confidence,
    )


def _place(asking: Asking, told: str | Place | None) -> Place | None:
    """Read a place; what is not clear stays in the words it came in."""
    if told is None or isinstance(told, Place):
        return told
    if not told.strip():
        return None
    with asking.looking() as view:
        origins = tuple(view.origins.values())
    try:
        readings = read_place(told, origins)
    except BadInput:
        readings = ()
    if len(readings) == 1:
        return readings[0].place
    return Place(footprint=Unlocated(name=told), text=told, format=PlaceFormat.NAME)


async def _list(asking: Asking) -> Calls:
    wanted: Listing = asking.query
    before = _cursor(wanted.after)
    viewer = asking.caller.viewer()
    early = _not_recorded(asking)
    with asking.looking() as view:
        recorded = (call for call in view.calls.values() if call.id not in early)
        found = sorted(
            (
                call
                for call in (*early.values(), *recorded)
                if (before is None or call.number < before)
                and (wanted.is_open is None or call.is_open is wanted.is_open)
                and (wanted.kind is None or call.kind is wanted.kind)
                and may_see_call(view, viewer, call)
            ),
            key=lambda call: -call.number,
        )[: wanted.limit + 1]
        rates = rates_seen(asking)
    page, rest = found[: wanted.limit], found[wanted.limit :]
    items = tuple(_as_shown(asking, call.id, rates) for call in page)
    return Calls(items=items, next=_write_cursor(page[-1].number) if rest else "")


def _not_recorded(asking: Asking) -> dict[CallId, Call]:
    """Find the calls that ring, or changed, and are not recorded yet, as they ring."""
    node = asking.service.node
    with node.writer.gate:
        named = node.writer.unrecorded()
        ringing = (node.picture.calls.get(id_) for id_ in named)
        return {call.id: call for call in ringing if call is not None}


async def _read(asking: Asking) -> CallShown:
    call = _known(asking)
    with asking.looking():
        rates = rates_seen(asking, call.raised_by.desk)
    return _as_shown(asking, call.id, rates)


async def _entries(asking: Asking) -> EntriesOf:
    wanted: Paging = asking.query
    call, after = _known(asking), _cursor(wanted.after)
    node = asking.service.node_of(call.id)
    with node.writer.gate:
        kept = node.picture.calls.history_of(call.id)
        indexes = [
            index
            for index, _ in kept
            if index < node.log.size and (after is None or index > after)
        ]
    page, rest = indexes[: wanted.limit], indexes[wanted.limit :]
    found = await asking.aside(lambda: asking.service.entries(page, node))
    return EntriesOf(
        next=_write_cursor(page[-1]) if rest else "",
        items=tuple(
            EntryOf(
                index=index,
                act=NAMES[type(entry.act)],
                at=entry.at,
                says=msgspec.to_builtins(entry.act),
            )
            for index, entry in ((at, said_first(one)) for at, one in found)
            if isinstance(entry.act, CALL_ACTS) and entry.act.call == call.id
        ),
    )


async def _to_read_back(asking: Asking) -> ToReadBack:
    return ToReadBack(elements=elements_of(_known(asking)))


# --- answering ---------------------------------------------------------------------


async def _shown(asking: Asking) -> Done:
    caller, given = asking.caller, asking.body
    device = given.device or caller.device or caller.name
    return await _do(asking, Show(call=_id(asking), device=device, desk=caller.desk))


async def _acknowledge(asking: Asking) -> Done:
    attempt = asking.body.attempt
    return await _do(
        asking,
        Acknowledge(
            call=_id(asking),
            by=asking.caller.actor(),
            attempt=AttemptId(attempt) if attempt else None,
        ),
    )


async def _withdraw(asking: Asking) -> Done:
    return await _do(
        asking,
        WithdrawAcknowledgement(
            call=_id(asking), by=asking.caller.actor(), why=asking.body.why
        ),
    )


async def _answer(asking: Asking) -> Done:
    given: AnswerOf = asking.body
    return await _do(
        asking,
        GiveAnswer(
            call=_id(asking),
            by=asking.caller.actor(),
            answer=given.answer,
            reason=given.reason,
            whom=DeskId(given.whom) if given.whom else None,
            detail=given.detail,
            evidence=given.evidence,
            until=given.until,
        ),
    )


async def _say_back(asking: Asking) -> ReadBackDone:
    call = _known(asking)
    kinds = {element.name: element.kind for element in elements_of(call)}
    said = tuple(
        ReadbackElement(
            name=one.name, kind=kinds.get(one.name, ElementKind.TEXT), text=one.text
        )
        for one in asking.body.said
    )
    with asking.looking() as view:
        own = tuple(view.origins.values())
    known = asking.service.known(own)
    asked = await asking.aside(lambda: names_asked(call, said, known))
    written = await asking.ask(
        SayBack(call=call.id, by=asking.caller.actor(), said=said, asked=asked)
    )
    (result,) = (e.act.result for e in written.entries if isinstance(e.act, ReadBack))
    return ReadBackDone(
        call=_as_shown(asking, call.id), is_match=result.is_match, result=result
    )


async def _pass_on(asking: Asking) -> Done:
    return await _do(
        asking,
        PassOn(
            call=_id(asking),
            by=asking.caller.actor(),
            to_desk=DeskId(asking.body.to_desk),
        ),
    )


async def _ceased(asking: Asking) -> Done:
    given: CeasedAt = asking.body
    return await _do(
        asking,
        ReportCeased(
            call=_id(asking),
            by=asking.caller.actor(),
            ceased_at=given.ceased_at,
            detail=given.detail,
        ),
    )


async def _close(asking: Asking) -> Done:
    return await _do(
        asking,
        Close(call=_id(asking), by=asking.caller.actor(), why=asking.body.why),
    )


async def _renew(asking: Asking) -> Done:
    ends_in = Duration(seconds=asking.body.ends_in_s)
    return await _do(
        asking,
        RenewHold(call=_id(asking), by=asking.caller.actor(), ends_in=ends_in),
    )


def once(do: Callable[[Asking], Awaitable[Any]]) -> Callable[[Asking], Awaitable[Any]]:
    """Do an act about a call, or answer as it was answered the first time."""

    async def done(asking: Asking) -> Any:
        return await do(await recall(asking, _about(asking)) or asking)

    return done


def _about(asking: Asking) -> list[int]:
    """Name the entries about a call that this caller may see, where it has a key."""
    node = asking.service.node_of(_id(asking))
    if asking.digest is None or node is not asking.service.node:
        return []
    _known(asking)
    with node.writer.gate:
        kept = node.picture.calls.history_of(_id(asking))
        return [index for index, _ in kept if index < node.log.size]


async def _do(asking: Asking, command: Command) -> Done:
    call = _known(asking)
    written: Written = await asking.ask(command)
    return Done(
        call=_as_shown(asking, call.id),
        has_changed=bool(written.entries),
        first=written.first,
    )


# --- parts -------------------------------------------------------------------------


def _id(asking: Asking) -> CallId:
    return CallId(asking.path["call"])


def _known(asking: Asking) -> Call:
    """Return the call of the path, where this caller may see it."""
    if asking.recalled is not None:
        return _then(asking, _id(asking))
    node = asking.service.node_of(_id(asking))
    with node.writer.gate:
        call = node.picture.calls.get(_id(asking))
        if call is None or not may_see_call(node.picture, asking.caller.viewer(), call):
            raise not_there("call")
    return call


def _then(asking: Asking, id_: CallId) -> Call:
    """Return a call as it stood when this was asked before."""
    with asking.looking() as view:
        call = view.calls.get(id_)
    if call is None:
        raise not_there("call")
    return call


def _as_shown(
    asking: Asking, id_: CallId, rates: dict[DeskId, int] | None = None
) -> CallShown:
    """Say a call as it stands and is recorded; as it rings where it is not yet."""
    if asking.recalled is not None:
        was = _then(asking, id_)
        with asking.looking() as view:
            return shown(was, times=times_then(view, was))
    node = asking.service.node_of(id_)
    with node.writer.gate:
        recorded = node.picture.calls.get_at(id_, node.log.size)
        newest = node.picture.calls.get(id_)
        early = id_ in node.writer.unrecorded()
        call = newest if early or recorded is None else recorded
        if call is None:
            raise not_there("call")
        times = node.picture.times_of(call)
    return shown(
        call,
        is_durable=not early and recorded is not None,
        times=times,
        last_minute=(rates or {}).get(call.raised_by.desk, 0),
    )


def _span(seconds: float | None) -> Duration | None:
    return None if seconds is None else Duration(seconds=seconds)


def _write_cursor(number: int) -> str:
    return base64.urlsafe_b64encode(b"n%d" % number).decode().rstrip("=")


def _cursor(written: str) -> int | None:
    if not written:
        return None
    try:
        padded = written + "=" * (-len(written) % 4)
        name = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
        return int(name.removeprefix("n"))
    except ValueError as error:
        raise BadRequest(
            f"{written!r} is no cursor of this list.",
            state="Nothing was listed.",
            next="Begin again without `after`.",
        ) from error


def _act(  # noqa: PLR0913 (an operation's own particulars, by name)
    path: str,
    name: str,
    does: str,
    handle: object,
    takes: object,
    *,
    method: str = "POST",
    gives: object = Done,
    device: bool = False,
) -> Endpoint:
    """Describe one act about a call."""
    return Endpoint(
        method=method,
        path=f"/api/v1/calls/{{call}}/{path}",
        name=name,
        does=does,
        handle=once(handle),  # type: ignore[arg-type]
        may=CALLING if device else SIGNED_IN,
        takes=takes,
        gives=gives,
        rate=None,
        repeat=Repeat.BY_ID,
        recalls=method == "POST",
    )


ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/api/v1/calls",
        name="raiseCall",
        does="Raise a call; with nothing given, a STOP to every other party.",
        says="A STOP or HOLD is taken from any signed-in person, enrolled device or "
        "machine client, is never throttled, and rings even where the disk is silent. "
        "What of it cannot be read or is not known, a desk included, is named in "
        "`left_out` and keeps it from nothing.",
        handle=_raise,
        may=CALLING,
        takes=CallGiven,
        gives=Raised,
        status=201,
        also={202: "RINGING, NOT YET RECORDED: the disk is silent."},
        rate=None,
        repeat=Repeat.BY_ID,
        refuses=(429,),
    ),
    Endpoint(
        method="GET",
        path="/api/v1/calls",
        name="listCalls",
        does="List the calls your desk may see, newest first.",
        handle=_list,
        may=LOOKING,
        query=Listing,
        gives=Calls,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/calls/{call}",
        name="readCall",
        does="Read one call as it stands.",
        handle=_read,
        may=LOOKING,
        gives=CallShown,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/calls/{call}/entries",
        name="listCallEntries",
        does="List every entry about a call, with its index in the log.",
        handle=_entries,
        may=LOOKING,
        query=Paging,
        gives=EntriesOf,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/calls/{call}/readback",
        name="toReadBack",
        does="List what of a call has to come back right.",
        handle=_to_read_back,
        may=LOOKING,
        gives=ToReadBack,
    ),
    _act(
        "shown",
        "callShown",
        "Report that a device showed a call.",
        _shown,
        ShownAt,
        device=True,
    ),
    _act(
        "acknowledgement",
        "acknowledge",
        "Say that you have a call.",
        _acknowledge,
        Acknowledging,
    ),
    _act(
        "acknowledgement/withdrawal",
        "withdrawAcknowledgement",
        "Take your acknowledgement back; if nobody else has the call, it rings again.",
        _withdraw,
        Withdrawing,
    ),
    _act("answer", "answer", "Answer a call.", _answer, AnswerOf),
    _act(
        "readback",
        "readBack",
        "Read a call back; each element is compared.",
        _say_back,
        SayingBack,
        gives=ReadBackDone,
    ),
    _act(
        "passing-on", "passOn", "Pass a call on to a desk below.", _pass_on, PassingOn
    ),
    _act(
        "ceased",
        "ceased",
        "Report that what a call asked to stop has stopped.",
        _ceased,
        CeasedAt,
    ),
    _act(
        "closing", "close", "Say, for your party, that a call is over.", _close, Closing
    ),
    _act("renewal", "renewHold", "Give a HOLD a later end.", _renew, Renewing),
)
