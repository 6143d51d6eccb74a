"""Say what a record would have settled, and what it did: from signed entries alone.

    question  --never-->               no line can decide it, and why
              --needs: receipts-->     found at these entries | missing

A receipt decides who was told what, where and when. It decides nothing else, and
here nothing is decided beyond it: which version it agrees with is the reader's to see.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import TypeAlias

import msgspec

from clearline.model.calls import Kind
from clearline.model.casefiles import CaseFile
from clearline.model.caselinks import contested
from clearline.model.claims import NEVER, Need, Question, QuestionId
from clearline.model.entries import (
    CALL_ACTS,
    Acknowledged,
    Act,
    AnswerGiven,
    CallRaised,
    Ceased,
    DeskTold,
    Entry,
    PassedOn,
    Rang,
    ReadBack,
    Shown,
    WatchTaken,
)
from clearline.model.instants import write_instant
from clearline.model.notice_acts import (
    NoticeAmended,
    NoticeDisposed,
    NoticeFiled,
    NoticeWithdrawn,
)
from clearline.wire.entries import NAMES

MOST_FOUND = 3
"""Receipts of one kind that are written out; the rest are counted."""


class Decided(StrEnum):
    """Say what a ledger does for a question."""

    FOUND = "found"
    PARTLY = "partly found"
    MISSING = "missing"
    NEVER = "never decidable by a line"


class Logged(msgspec.Struct, frozen=True, kw_only=True):
    """Hold an entry with its index in a ledger."""

    index: int
    entry: Entry


_ByType: TypeAlias = dict[tuple[str, Kind | None], list[Logged]]


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """Hold an entry that shows something, in words."""

    index: int
    at: str
    says: str


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a receipt that was looked for.

    Attributes:
        entry: Its type; empty where no line keeps such a thing.
        found: Those found, the first ones.
        more: How many others there are.
    """

    entry: str
    shows: str
    found: tuple[Receipt, ...]
    more: int

    @property
    def is_found(self) -> bool:
        """Say whether one is there."""
        return bool(self.found)


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what one ledger does for one question.

    Attributes:
        contested: The claims that contradict each other over it.
    """

    question: str
    asks: str
    decided: Decided
    settled_by: str
    because: str
    contested: tuple[str, ...]
    sought: tuple[Sought, ...]


def settle(case: CaseFile, entries: Sequence[Logged]) -> tuple[Settled, ...]:
    """Say for every question that something would settle what these entries do.

    Args:
        case: The case.
        entries: A whole ledger, or what of it concerns the case.
    """
    by_type: _ByType = {}
    kinds: dict[str, Kind] = {}
    for logged in entries:
        act = logged.entry.act
        if isinstance(act, CallRaised):
            kinds[act.call] = act.kind
        kind = kinds.get(act.call) if isinstance(act, CALL_ACTS) else None
        for key in {(NAMES[type(act)], None), (NAMES[type(act)], kind)}:
            by_type.setdefault(key, []).append(logged)
    disputed, over = contested(case.claims), defaultdict[QuestionId, list[str]](list)
    for claim in case.claims:
        if claim.id in disputed:
            for asked in dict.fromkeys(claim.answers):
                over[asked].append(claim.says)
    return tuple(
        _settled(question, by_type, tuple(over[question.id]))
        for question in case.questions
        if question.settled_by
    )


def _settled(
    question: Question, by_type: _ByType, disputed: tuple[str, ...]
) -> Settled:
    sought = tuple(_seek(need, by_type) for need in question.needs)
    return Settled(
        question=question.id,
        asks=question.asks,
        decided=_decided(question, sought),
        settled_by=question.settled_by,
        because=question.because,
        contested=disputed,
        sought=sought,
    )


def _decided(question: Question, sought: Sequence[Sought]) -> Decided:
    if question.settled_by == NEVER:
        return Decided.NEVER
    there = [one.is_found for one in sought]
    if all(there):
        return Decided.FOUND
    return Decided.PARTLY if any(there) else Decided.MISSING


def _seek(need: Need, by_type: _ByType) -> Sought:
    there = by_type.get((need.entry, need.call), [])
    return Sought(
        entry=need.entry,
        shows=need.shows,
        found=tuple(tell(logged) for logged in there[:MOST_FOUND]),
        more=max(0, len(there) - MOST_FOUND),
    )


def tell(logged: Logged) -> Receipt:
    """Say in a line what an entry shows."""
    entry = logged.entry
    return Receipt(
        index=logged.index,
        at=write_instant(entry.at.replace(microsecond=0)),
        says="; ".join(_said(entry.act)),
    )


def _said(act: Act) -> Iterator[str]:  # noqa: C901, PLR0912 (one case an act)
    if isinstance(act, CALL_ACTS):
        yield f"call {act.call}"
    by = getattr(act, "by", None)
    if by is not None:
        yield f"by {by.person or by.device or 'a device'} at {by.desk}"
    match act:
        case NoticeFiled() | NoticeAmended():
            yield f"told: {act.revision.where.text}"
            window = act.revision.window
            yield f"{write_instant(window.start)} to {write_instant(window.end)}"
            yield f"to {', '.join(act.revision.tells) or 'nobody'}"
        case NoticeDisposed():
            yield f"{act.disposition} by {act.desk}"
        case NoticeWithdrawn():
            yield f"notice {act.notice} withdrawn"
        case CallRaised():
            yield f"{act.kind} to {act.to_desk}"
            if act.card.where is not None:
                yield f"where: {act.card.where.text}"
        case Rang():
            whom = dict.fromkeys(one.person for one in act.attempts)
            yield f"rang {', '.join(whom) or 'nobody'} ({act.why})"
        case Acknowledged():
            yield "acknowledged"
        case ReadBack():
            yield f"read back: {'matches' if act.result.is_match else 'differs'}"
        case AnswerGiven():
            yield act.answer
        case PassedOn():
            yield f"passed on to {act.to_desk}"
        case Ceased():
            yield f"ceased at {write_instant(act.ceased_at.replace(microsecond=0))}"
        case DeskTold():
            yield f"{act.desk} was told: {act.telling}"
        case Shown():
            yield f"shown at {act.desk} on {act.device}"
        case WatchTaken():
            watch = act.watch
            yield f"{watch.person} had the watch at {watch.desk} as {watch.role}"
        case _:
            yield NAMES[type(act)].replace("_", " ")
