"""Fold entries into what stands now, what is due, and what stood at any instant.

`fold(entries[:n])` is the one definition of the state at size `n`. The living
picture keeps every value's history, so `at(n)` is a view of it, not a second fold.
Nothing here reads a clock or recomputes a verdict: it is all in the entries.
"""

import heapq
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from copy import copy
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from clearline.model.agreement_acts import AGREEMENT_ACTS, AgreementAct
from clearline.model.agreements import Agreement, AgreementId, agreement_key
from clearline.model.calls import Attempt, Call, CallId, Kind, Ladder, Line
from clearline.model.case_acts import (
    CASE_ACTS,
    CaseAct,
    CaseOpened,
    CaseTermSet,
    ClaimMade,
    LessonClosed,
    LessonReminded,
    LessonSet,
)
from clearline.model.casework import Case, CaseId, Lesson, lesson_key
from clearline.model.claims import Claim, ClaimId
from clearline.model.conflict_acts import CONFLICT_ACTS, ConflictAct, NoticeScreened
from clearline.model.conflicts import Conflict, ConflictId
from clearline.model.control import ControlHeld, ControlId
from clearline.model.disclosures import Disclosed, NoticeDisclosed, Probed
from clearline.model.entries import CALL_ACTS, CallAct, CallRaised, Entry, Rang
from clearline.model.instants import FOREVER, Duration, Instant
from clearline.model.linetests import Channel
from clearline.model.links import Heard, Peer, PeerId, Reach, Told
from clearline.model.notice_acts import (
    NOTICE_ACTS,
    NoticeAct,
    NoticeCarried,
    NoticeFiled,
)
from clearline.model.notices import Notice, NoticeId, notice_key
from clearline.model.parties import (
    DecisionTime,
    Desk,
    DeskId,
    HandedOver,
    Medium,
    Party,
    PartyId,
    Person,
    PersonId,
    Watch,
)
from clearline.model.places import NamedOrigin
from clearline.model.sheets import Sheet, SheetId
from clearline.model.watchplans import WatchPlan, ZoneClocks
from clearline.picture.agreements import agreement_after
from clearline.picture.calls import begin, change, is_live
from clearline.picture.cases import changed, lesson_after, opened, term_key
from clearline.picture.conflicts import conflict_after
from clearline.picture.folds import FOLDS
from clearline.picture.history import History, Past
from clearline.picture.keys import (
    HearingKey,
    RingKey,
    StopKey,
    hearing_key,
    place_words,
    ring_key,
    stop_key,
)
from clearline.picture.linetests import channel_after, medium_checked
from clearline.picture.marks import marks_of_act, page_to_write, pages_of
from clearline.picture.notices import notice_after, notice_filed
from clearline.picture.view import SHELVES, ChannelKey, LadderKey, TellingKey, View
from clearline.picture.watchplans import desk_planned
from clearline.wire.entries import said_first

__all__ = [
    "OF_NOTICES",
    "SHELVES",
    "HearingKey",
    "Picture",
    "RingKey",
    "StopKey",
    "View",
    "fold",
    "hearing_key",
    "place_words",
    "ring_key",
    "stop_key",
]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = Duration(microseconds=1)

_OF_A_NOTICE: Final = notice_key(NoticeId(""))
_OF_AN_AGREEMENT: Final = agreement_key(AgreementId(""))

Waiting: TypeAlias = (
    Call | Line | Lesson | Sheet | WatchPlan | Notice | Conflict | Agreement
)
"""Whatever may be due."""

OF_NOTICES: Final = (*NOTICE_ACTS, NoticeScreened, NoticeDisclosed)
"""The acts whose shelves may be large; at a start they are loaded last."""


class Picture(View):
    """Hold what stands now, fold in what comes, and look back.

    `fold` is the only way to change it; `take_back` undoes folds that were never
    made durable.

    Attributes:
        size: How many entries were folded.
        has_notices: Whether notices are there; at a start they are loaded last.
        moved_notices: Those touched or taken back since somebody who follows the
            picture last looked; `None` where nobody follows it.
        times: Node time of each entry, microseconds since 1970.
        numbers_from: Calls are numbered above this.
        keeps_positions: Whether positions may be filed here; not where another log of
            the same node keeps them.
    """

    def __init__(self) -> None:
        """Start with an empty log."""
        self.size = 0
        self.has_notices = True
        self.moved_notices: dict[NoticeId, None] | None = None
        self.parties: History[PartyId, Party] = History()
        self.desks: History[DeskId, Desk] = History()
        self.persons: History[PersonId, Person] = History()
        self.members: History[DeskId, tuple[PersonId, ...]] = History()
        self.watches: History[DeskId, tuple[Watch, ...]] = History()
        self.handovers: History[DeskId, HandedOver] = History()
        self.plans: History[DeskId, WatchPlan] = History()
        self.zones: History[str, ZoneClocks] = History()
        self.ladders: History[LadderKey, Ladder] = History()
        self.origins: History[str, NamedOrigin] = History()
        self.declared: History[tuple[PartyId, str], DecisionTime] = History()
        self.lines: History[str, Line] = History()
        self.channels: History[ChannelKey, Channel] = History()
        self.calls: History[CallId, Call] = History()
        self.peers: History[PeerId, Peer] = History()
        self.reach: History[PeerId, Reach] = History()
        self.told: History[TellingKey, Told] = History()
        self.heard: History[HearingKey, Heard] = History()
        self.sheets: History[SheetId, Sheet] = History()
        self.twins: History[str, tuple[NoticeId, ...]] = History()
        self.waits: History[NoticeId, Instant] = History()
        self.notices: History[NoticeId, Notice] = History()
        self.screened: History[NoticeId, NoticeScreened] = History()
        self.disclosures: History[NoticeId, tuple[Disclosed, ...]] = History()
        self.conflicts: History[ConflictId, Conflict] = History()
        self.conflicts_of: History[NoticeId, tuple[ConflictId, ...]] = History()
        self.control: History[ControlId, ControlHeld] = History()
        self.agreements: History[AgreementId, Agreement] = History()
        self.probing: History[PartyId, tuple[Probed, ...]] = History()
        self.cases: History[CaseId, Case] = History()
        self.case_terms: History[tuple[CaseId, str], CaseTermSet] = History()
        self.claims: History[tuple[CaseId, ClaimId], Claim] = History()
        self.corrections: History[tuple[CaseId, ClaimId], ClaimId] = History()
        self.lessons: History[str, Lesson] = History()
        self.times = array("q")
        self._touched: list[tuple[int, History[Any, Any], Any]] = []
        self._due: list[tuple[Instant, str]] = []
        self._open: dict[CallId, None] = {}
        self._rings: dict[RingKey, tuple[CallId, Attempt]] = {}
        self._stops: dict[StopKey, CallId] = {}
        self._repeats: dict[CallId, dict[CallId, None]] = {}
        self._highest = 0
        self.numbers_from = 0
        self.keeps_positions = True

    def fold(self, entry: Entry) -> None:
        """Take the next entry in; while notices are not there it only counts them."""
        self._fold_act(said_first(entry))
        self.times.append(_micros(entry.at))
        self.size += 1

    def _fold_act(self, entry: Entry) -> None:
        folded = FOLDS.get(type(entry.act))
        if isinstance(entry.act, NOTICE_ACTS):
            if self.has_notices:
                self._fold_notice(entry.act, entry.at)
            self._note_wait(entry.act)
            self._note_marks(entry.act)
        elif not self.has_notices and isinstance(entry.act, OF_NOTICES):
            pass
        elif folded is not None:
            folded(self, entry.act, entry.at)
        elif isinstance(entry.act, CALL_ACTS):
            self._fold_call(entry.act, entry.at)
        elif isinstance(entry.act, CASE_ACTS):
            self._fold_case(entry.act, entry.at)
        elif isinstance(entry.act, CONFLICT_ACTS):
            self._fold_conflict(entry.act, entry.at)
        elif isinstance(entry.act, AGREEMENT_ACTS):
            self._fold_agreement(entry.act, entry.at)

    def at(self, size: int) -> View:
        """Look at what stood after the first `size` entries."""
        view = View()
        view.size = min(size, self.size)
        for name in SHELVES:
            setattr(view, name, Past(getattr(self, name), view.size))
        return view

    def as_entered(self, person: Person) -> "Picture":
        """Look at what stands as if `person` were entered; this one is not changed."""
        other = copy(self)
        other.persons = self.persons.instead(person.id, person)
        return other

    def as_watched(self, desk: DeskId, watches: tuple[Watch, ...]) -> "Picture":
        """Look at what stands as if `desk` were watched so; this one is not changed."""
        other = copy(self)
        other.watches = self.watches.instead(desk, watches)
        return other

    def as_read(self, clocks: ZoneClocks) -> "Picture":
        """Look at what stands as if a zone's clocks were; this one is not changed."""
        other = copy(self)
        other.zones = self.zones.instead(clocks.zone, clocks)
        return other

    def size_at(self, instant: Instant) -> int:
        """Count the entries decided at or before `instant`, node time."""
        return bisect_right(self.times, _micros(instant))

    def last_at(self) -> Instant | None:
        """Return the node time of the newest entry, or nothing."""
        return _instant(self.times[-1]) if self.times else None

    # --- what is due ---------------------------------------------------------

    def next_due(self) -> Instant | None:
        """Return the earliest instant anything is due, or nothing."""
        while self._due:
            due_at, key = self._due[0]
            if self._due_of(key) == due_at:
                return due_at
            heapq.heappop(self._due)
        return None

    def due(self, now: Instant, most: int) -> tuple[str, ...]:
        """Name up to `most` calls and lines due at `now`, earliest first, each once.

        They stay due until an entry changes what they wait for.
        """
        found: dict[str, Instant] = {}
        while self._due and self._due[0][0] <= now and len(found) < most:
            due_at, key = heapq.heappop(self._due)
            if key not in found and self._due_of(key) == due_at:
                found[key] = due_at
        for key, due_at in found.items():
            heapq.heappush(self._due, (due_at, key))
        return tuple(found)

    def waiting_for(self, key: str) -> Waiting | None:
        """Return the call or sheet of that id, or what else waits under that key."""
        if key.startswith(_OF_A_NOTICE):
            return self.notices.get(NoticeId(key.removeprefix(_OF_A_NOTICE)))
        if key.startswith(_OF_AN_AGREEMENT):
            named = AgreementId(key.removeprefix(_OF_AN_AGREEMENT))
            return self.agreements.get(named)
        return (
            self.calls.get(CallId(key))
            or self.lines.get(key)
            or self.lessons.get(key)
            or self.sheets.get(SheetId(key))
            or self._plan_of(key)
            or self.conflicts.get(ConflictId(key))
        )

    def _plan_of(self, key: str) -> WatchPlan | None:
        desk = desk_planned(key)
        return None if desk is None else self.plans.get(desk)

    def _due_of(self, key: str) -> Instant | None:
        if key.startswith(_OF_A_NOTICE):  # which is not read for being asked this
            due_at = self.waits.get(NoticeId(key.removeprefix(_OF_A_NOTICE)))
            is_known = self.has_notices and due_at != FOREVER
            return due_at if is_known else None
        waiting = self.waiting_for(key)
        if isinstance(waiting, Line | Lesson | WatchPlan):
            return waiting.next_at  # a lesson's own `due_at` never moves
        return waiting.due_at if waiting else None

    # --- what is open and who is being rung -----------------------------------

    def open_calls(self) -> Iterator[Call]:
        """Return the calls something is still waited for, by number."""
        found = (self.calls.get(key) for key in self._open)
        calls = [call for call in found if call is not None]
        return iter(sorted(calls, key=lambda call: (call.number, call.id)))

    def ringing_for(self, key: RingKey, other_than: CallId) -> Attempt | None:
        """Return the attempt of another call that rings for `key`, if one does."""
        known = self._rings.get(key)
        if known is None or known[0] == other_than:
            return None
        call = self.calls.get(known[0])
        return known[1] if call is not None and is_live(call, known[1]) else None

    def next_number(self) -> int:
        """Return a spoken number no call was ever given, taken back or not."""
        return max(self._highest, self.numbers_from) + 1

    def same_stop(self, key: StopKey) -> CallId | None:
        """Return the first open STOP of the same source, desk and place, if any."""
        call = self.calls.get(self._stops[key]) if key in self._stops else None
        return call.id if call is not None and call.is_open else None

    def times_of(self, call: Call) -> int:
        """Count the open STOPs that say the same as `call`, itself included."""
        first = call.repeats or call.id
        repeats = self._repeats.get(first, {})
        return max(1, len(repeats) + (first in self._open))

    def raised_since(self, since: Instant) -> Iterator[Call]:
        """Return the STOPs and HOLDs raised since an instant, the newest first."""
        for call in self.calls.newest():
            if call.raised_at < since:
                return
            if call.kind in (Kind.STOP, Kind.HOLD):
                yield call

    # --- folding and taking back ------------------------------------------------

    def keep(self, shelf: History[Any, Any], key: Any, value: Any) -> None:
        """Let `key` have `value` from the entry now being folded on."""
        shelf.put(key, value, self.size)
        self._touched.append((self.size, shelf, key))
        self._name_moved(shelf, key)

    def settle(self) -> None:
        """Forget how to take back: everything folded so far is durable."""
        self._touched.clear()

    def take_back(self, size: int) -> None:
        """Return to what stood after the first `size` entries."""
        changed = set[str]()
        while self._touched and self._touched[-1][0] >= size:
            _, shelf, key = self._touched.pop()
            shelf.forget_from(key, size)
            self._name_moved(shelf, key)
            if shelf is self.waits:
                changed.add(notice_key(key))
            elif shelf is self.agreements:
                changed.add(agreement_key(key))
            elif isinstance(key, str):
                changed.add(key)
        del self.times[size:]
        self.size = size
        for key in changed:
            self.index(key)

    def take_moved(self) -> list[tuple[NoticeId, list[tuple[int, Notice]]]]:
        """Hand out the notices touched or taken back since, each with all it said.

        For the thread that folds; `[]` where nobody follows.
        """
        moved = self.moved_notices
        if not moved:
            return []
        self.moved_notices = {}
        return [(notice, self.notices.history_of(notice)) for notice in moved]

    def _name_moved(self, shelf: History[Any, Any], key: Any) -> None:
        if shelf is self.notices and self.moved_notices is not None:
            self.moved_notices[key] = None

    def index_all(self) -> None:
        """Find again what is due, open and ringing, after a snapshot was read."""
        for call in self.calls.values():
            self.index(call.id)
            self._note_rings(call, call.ringing)
        for line in self.lines.values():
            self.index(line.key)
        for lesson in self.lessons.values():
            self.index(lesson.key)
        for sheet in self.sheets.values():
            self.index(sheet.id)
        for plan in self.plans.values():
            self.index(plan.key)
        for conflict in self.conflicts.values():
            self.index(conflict.id)
        for agreement in self.agreements.values():
            self.index(agreement.key)
        self.index_notices()

    def index_notices(self) -> None:
        """Find again what notices wait for, once they are there."""
        for notice, _ in self.waits.dump_at(self.size):
            self.index(notice_key(notice))

    def index(self, key: str) -> None:
        """Find again what waits under a key, and whether it is open."""
        due_at = self._due_of(key)
        if due_at is not None:
            heapq.heappush(self._due, (due_at, key))
        call = self.calls.get(CallId(key))
        if call is not None:
            self._highest = max(self._highest, call.number)
        if call is not None and call.is_open:
            self._open[call.id] = None
            if call.repeats is not None:
                self._repeats.setdefault(call.repeats, {})[call.id] = None
            if call.kind is Kind.STOP and call.repeats is None:
                key_of = stop_key(call.raised_by.desk, call.to_desk, call.card)
                self._stops[key_of] = call.id
        else:
            self._open.pop(CallId(key), None)
            if call is not None and call.repeats is not None:
                self._repeats.get(call.repeats, {}).pop(call.id, None)

    def _fold_call(self, act: CallAct, at: Instant) -> None:
        before = self.calls.get(act.call)
        if isinstance(act, CallRaised):
            after = begin(at, act)
        elif before is None:
            return  # an act about a call whose raising we were never shown
        else:
            after = change(before, at, act)
        self.keep(self.calls, after.id, after)
        if before is None or after.clocks != before.clocks or not after.is_open:
            self.index(after.id)
        if isinstance(act, Rang):
            self._note_rings(after, act.attempts)
        if (medium := medium_checked(after)) is not None:
            self._fold_check(medium, before or after, act, at)

    def _fold_check(
        self, medium: Medium, check: Call, act: CallAct, at: Instant
    ) -> None:
        """Keep what a line check says of its channel, where that is something new."""
        key = (check.to_desk, medium)
        before = self.channels.get(key)
        channel = channel_after(before, medium, check, act, at)
        if channel != before:
            self.keep(self.channels, key, channel)

    def _fold_notice(self, act: NoticeAct, at: Instant) -> None:
        """Take an act of a notice in; nothing of one whose filing was not shown."""
        before = self.notices.get(act.notice)
        if isinstance(act, NoticeFiled):
            after = notice_filed(act, at)
        elif isinstance(act, NoticeCarried):
            after = act.stands
            self.keep(self.disclosures, act.notice, act.disclosed)
        elif before is None:
            return
        else:
            after = notice_after(before, act, at)
        self.keep(self.notices, after.id, after)

    def _note_marks(self, act: NoticeAct) -> None:
        """Keep a notice under what it is found by again: its site, its files."""
        for mark in marks_of_act(act):
            if not any(act.notice in some for some in pages_of(self, mark)):
                page = page_to_write(self, mark)
                known = self.twins.get(page) or ()
                self.keep(self.twins, page, (*known, act.notice))

    def _note_wait(self, act: NoticeAct) -> None:
        """Note when a notice is due next; its act says so, be it loaded or not."""
        due_at = min((clock.due_at for clock in act.clocks), default=FOREVER)
        if due_at != (self.waits.get(act.notice) or FOREVER):
            self.keep(self.waits, act.notice, due_at)
            self.index(notice_key(act.notice))

    def _fold_conflict(self, act: ConflictAct, at: Instant) -> None:
        before = self.conflicts.get(act.conflict)
        after = conflict_after(before, act, at)
        if after is None:
            return  # an act about a conflict whose finding we were never shown
        self.keep(self.conflicts, after.id, after)
        for side in (after.one, after.other) if before is None else ():
            known = self.conflicts_of.get(side.notice) or ()
            if side.notice and after.id not in known:
                self.keep(self.conflicts_of, side.notice, (*known, after.id))
        self.index(after.id)

    def _fold_agreement(self, act: AgreementAct, at: Instant) -> None:
        after = agreement_after(self.agreements.get(act.agreement), act, at)
        if after is None:
            return  # an act about an agreement whose proposal we were never shown
        self.keep(self.agreements, after.id, after)
        self.index(after.key)

    def _fold_case(self, act: CaseAct, at: Instant) -> None:
        """Take an act of a case in; nothing of one whose opening was not shown."""
        before = self.cases.get(act.case)
        if isinstance(act, CaseOpened):
            self.keep(self.cases, act.case, opened(act, at))
        elif before is None:
            return
        elif isinstance(act, CaseTermSet):
            self.keep(self.case_terms, (act.case, term_key(act)), act)
        elif isinstance(act, ClaimMade):
            self.keep(self.claims, (act.case, act.claim.id), act.claim)
            if act.claim.corrects is not None:
                key = (act.case, act.claim.corrects)
                self.keep(self.corrections, key, act.claim.id)
        elif isinstance(act, LessonSet | LessonReminded | LessonClosed):
            key_of = lesson_key(act.case, act.lesson)
            lesson = lesson_after(self.lessons.get(key_of), act, at)
            if lesson is not None:
                self.keep(self.lessons, key_of, lesson)
                self.index(key_of)
        else:
            self.keep(self.cases, act.case, changed(before, act, at))

    def _note_rings(self, call: Call, attempts: tuple[Attempt, ...]) -> None:
        """Note whose devices ring; one that joined another ring was not dialled."""
        for made in attempts:
            if made.joins is None:
                key = ring_key(call, made.person, made.medium)
                self._rings[key] = (call.id, made)


def fold(entries: Iterator[Entry]) -> Picture:
    """Fold a whole log from its beginning."""
    picture = Picture()
    for entry in entries:
        picture.fold(entry)
    return picture


def _micros(at: Instant) -> int:
    return (at - _EPOCH) // _MICROSECOND


def _instant(micros: int) -> Instant:
    return _EPOCH + micros * _MICROSECOND
