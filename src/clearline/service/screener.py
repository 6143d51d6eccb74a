"""Screen every notice as it is filed or changed, and plans as they are asked.

    writer's thread   `hear`: names the notices a durable batch touched, no more
    its own thread    screens each, and asks for what it found to be written down

A notice is durable before it is screened and its filer is answered before that, so
what is found changes neither the answer nor the time it takes. What both owners may
know goes into the node's log; what only one may know goes into the node's own log,
which nobody else ever reads (`service.own`).

What a plan's owner was told is written anew where a newcomer changes it, or what it met
goes away: whatever lies where a notice is or was is screened again, once nothing else
waits. Where the newcomer's owner may not know of the plan, it is written into the own
log: by the length of the other they would know that something lies there. If a node
stops before that, the plan's next screening says it.

Where two parties have agreed a standing buffer, what each notice may meet is looked for
by that as well; when it begins or ends, every plan of both that stands is screened
again.

A node that stops between the two screens again when it comes up: every notice whose
newest revision has no screening in the log, and every plan that was not screened since
an agreement of its owner turned. While the disk takes nothing, it is tried
again every second.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager
from functools import partial
from itertools import islice
from typing import Final, Protocol

from clearline.ledger.sealed import SealedPart
from clearline.model.agreement_acts import AgreementTurned
from clearline.model.agreements import AgreementId
from clearline.model.commands import Command
from clearline.model.conflict_acts import NoticeScreened
from clearline.model.conflict_commands import NoteScreening
from clearline.model.conflicts import Found, Resolution, Verdicts
from clearline.model.disclosures import NoteProbing
from clearline.model.extents import Extent
from clearline.model.instants import Instant
from clearline.model.notice_acts import (
    NoticeAmended,
    NoticeCarried,
    NoticeExpired,
    NoticeFiled,
    NoticeRouted,
    NoticeWithdrawn,
)
from clearline.model.notices import Notice, NoticeId, NoticeKind
from clearline.model.parties import PartyId
from clearline.model.places import Unlocated
from clearline.model.rings import NotAnExtent
from clearline.model.screenings import Screening
from clearline.picture.picture import Picture, View
from clearline.rules.control import doubts, seen_by
from clearline.rules.disclosure import Viewer, notice_for
from clearline.rules.margins import Planned, planned_of
from clearline.rules.probing import Manner, cannot_tell_any_more, desks_to_call
from clearline.rules.seen import (
    find_pairs,
    is_for_both,
    reaches_of,
    screen_seen,
    verdicts_of,
    viewer_of,
)
from clearline.service.agreed import is_gone, plans_of, reach, unscreened_since
from clearline.service.lookout import Lookout
from clearline.service.questions import Questions
from clearline.service.writer import NotNow, Written

_SCREENED_AFTER: Final = (
    NoticeFiled,
    NoticeCarried,
    NoticeAmended,
    NoticeWithdrawn,
    NoticeExpired,
    NoticeRouted,
)
_WITHIN_S: Final = 30.0
_TRY_AGAIN_S: Final = 1.0
_MOST_ASKED: Final = 256
"""How much may be on its way to the disk; what was found is noted in batches."""


class Kept(Protocol):
    """Be a log with what it holds: the node's, or its own one."""

    @property
    def lookout(self) -> Lookout:
        """Return what says what is where in it."""

    @property
    def picture(self) -> Picture:
        """Return what stands; single values are read from it without a lock."""

    def looking(self) -> AbstractContextManager[View]:
        """Look at what stands and is durable, for a moment."""

    def ask(
        self,
        command: Command,
        sealed: tuple[SealedPart, ...] = (),
        request: str | None = None,
    ) -> "Future[Written]":
        """Ask the log's writer for a command."""


class Screener:
    """Screen what stands in a node's log, against that and what its own log keeps.

    Attributes:
        trouble: What went wrong last, if anything did.
        silent: Says of a party which nodes that tell it of notices have not been
            heard from: what they notified since, nobody here can tell.
    """

    def __init__(self, node: Kept, own: Kept | None = None) -> None:
        """Screen; nothing runs before `start`.

        Args:
            node: The log everybody's notices are in.
            own: The log of what its party keeps to itself; without one, all of it
                goes into the one log.
        """
        self._node = node
        self._own = own
        self._waiting: deque[tuple[Kept, NoticeId]] = deque()
        self._wake = threading.Condition()
        self._is_stopping = False
        self._is_idle = True
        self._thread = threading.Thread(target=self._run, name="screener", daemon=True)
        self.questions = Questions()
        self._asked: deque[tuple[Future[Written], Callable[[], None]]] = deque()
        self._again: dict[NoticeId, bool] = {}
        self._turned: dict[AgreementId, None] = {}
        self._is_held_up = False
        self.trouble: Exception | None = None
        self.silent: Callable[[PartyId], tuple[str, ...]] = _none_silent

    def start(self) -> None:
        """Start; first whatever stands unscreened."""
        for kept in self._all():
            self._add(kept, list(_unscreened(kept.picture)))
        self._add(self._node, list(unscreened_since(self._node.picture)))
        self._thread.start()

    def stop(self) -> None:
        """Finish the notice in hand; the rest is found at the next start."""
        with self._wake:
            self._is_stopping = True
            self._wake.notify_all()
        if self._thread.ident is not None:
            self._thread.join()

    def hear(self, written: Written) -> None:
        """Take what was decided in the node's log; the writer calls it."""
        self._hear(self._node, written)

    def hear_own(self, written: Written) -> None:
        """Take what was decided in its own log; that one's writer calls it."""
        if self._own is not None:
            self._hear(self._own, written)

    def settle(self, timeout_s: float = _WITHIN_S) -> bool:
        """Wait until nothing is left to screen; say whether that came."""
        with self._wake:
            return self._wake.wait_for(
                lambda: self._is_idle and not self._is_anything_left(), timeout_s
            )

    def run_waiting(self) -> None:
        """Screen whatever waits, in the caller's thread, where none was started."""
        while self._is_anything_left():
            self._next()()
        self._await(0)

    def plan(self, viewer: Viewer, plan: Extent) -> Screening:
        """Screen a plan on what a viewer may see; nothing is written down."""
        own = Planned(viewer.party, NoticeKind.ACTIVITY)
        return self._told(viewer, plan, own, None)

    # --- the thread -----------------------------------------------------------------

    def _all(self) -> Iterable[Kept]:
        return (self._node,) if self._own is None else (self._node, self._own)

    def _hear(self, kept: Kept, written: Written) -> None:
        touched = [
            entry.act.notice
            for entry in written.entries
            if isinstance(entry.act, _SCREENED_AFTER)
        ]
        turned = [
            entry.act.agreement
            for entry in written.entries
            if isinstance(entry.act, AgreementTurned)
        ]
        with self._wake:
            self._turned.update(dict.fromkeys(turned))
        self._add(kept, touched)

    def _is_anything_left(self) -> bool:
        return bool(self._waiting or self._turned or self._again)

    def _add(self, kept: Kept, notices: Iterable[NoticeId]) -> None:
        with self._wake:
            self._waiting.extend((kept, notice) for notice in dict.fromkeys(notices))
            self._wake.notify_all()

    def _add_again(self, touched: Iterable[tuple[NoticeId, bool]]) -> None:
        with self._wake:
            for notice, is_known in touched:
                self._again[notice] = is_known and self._again.get(notice, True)

    def _run(self) -> None:
        while True:
            if not self._waiting:
                self._settle_asked()
            with self._wake:
                self._is_idle = not self._is_anything_left()
                self._wake.notify_all()
                self._wake.wait_for(
                    lambda: self._is_anything_left() or self._is_stopping
                )
                if self._is_held_up and not self._is_stopping:
                    self._wake.wait(_TRY_AGAIN_S)
                self._is_held_up = False
                if self._is_stopping:
                    return
                self._is_idle = False
                screen = self._next()
            try:
                screen()
            except Exception as error:  # noqa: BLE001 (one notice stops no other)
                self.trouble = error

    def _settle_asked(self) -> None:
        try:
            self._await(0)
        except Exception as error:  # noqa: BLE001 (the same)
            self.trouble = error

    def _next(self) -> Callable[[], None]:
        """Take what is next: what was filed or changed, then whom that may touch."""
        if self._waiting:
            return partial(self._screen, *self._waiting.popleft())
        if self._turned:
            agreement = next(iter(self._turned))
            del self._turned[agreement]
            return partial(self._screen_plans, agreement)
        notice = next(iter(self._again))
        return partial(self._screen_again, notice, is_known=self._again.pop(notice))

    def _screen_plans(self, key: AgreementId) -> None:
        """Screen every plan of the two parties of an agreement; no lock is held."""
        agreement = self._node.picture.agreements.get(key)
        if agreement is not None:
            self._add(self._node, list(plans_of(self._node.picture, agreement.parties)))

    # --- one notice -----------------------------------------------------------------

    def _screen(self, kept: Kept, key: NoticeId) -> None:
        with kept.looking() as view:
            notice = view.notices.get(key)
        if notice is None:
            return
        if is_gone(notice):
            self._note(kept, notice, None, ())
        else:
            told = None if notice.is_far else self._told_owner(notice)
            self._note(kept, notice, told, tuple(self._pairs(notice)))
        if kept is self._node:  # what the own log keeps is in nobody else's verdict
            self._add_again(tuple(self._touched(notice)))

    def _touched(self, notice: Notice) -> Iterator[tuple[NoticeId, bool]]:
        """Name what lies where a notice is, or was before it was changed.

        Of what is told as existing alone, no place says whose verdict it touches. Each
        is given with whether the notice's owner may know of it: if not, an entry in the
        node's log would say, by its size, that something lies there.
        """
        with self._node.looking():
            history = self._node.picture.notices.history_of(notice.id)
        own = planned_of(notice)
        revisions = dict.fromkeys(known.revision for _, known in reversed(history))
        for revision in islice(revisions, 2):
            for extent in reaches_of(revision):
                reached = reach(self._node, self._node, own, extent)
                with self._node.looking() as view:
                    yield from [
                        (other.id, _may_know(view, notice, other, reached.as_of))
                        for held in reached.held
                        if (other := view.notices.get(held.candidate.stood.notice))
                        and other.id != notice.id
                    ]

    def _screen_again(self, key: NoticeId, *, is_known: bool) -> None:
        """Write down what a notice's owner is told now, where that has changed.

        It follows from what the owner may see: what they were not told changes nothing
        of it, and so nothing is written. Where whoever touched it may not know of it,
        it is written into the own log.
        """
        with self._node.looking() as view:
            notice, before = view.notices.get(key), view.screened.get(key)
        if notice is None or before is None or notice.is_far or is_gone(notice):
            return
        told = self._told_owner(notice, is_asked=False)
        if told is None or _says_the_same(self._last_told(before), told):
            return
        aside = None if is_known else self._own
        self._note(self._node, notice, told, tuple(self._pairs(notice)), aside=aside)

    def _last_told(self, screened: NoticeScreened) -> Verdicts:
        """Return what an owner was told last of a revision, in whichever log it is."""
        aside = self._own and self._own.picture.screened.get(screened.notice)
        return newer(screened, aside or None).told

    def _told_owner(self, notice: Notice, *, is_asked: bool = True) -> Verdicts | None:
        extent = _extent_of(notice)
        if extent is None:
            return None
        own, owner = planned_of(notice), viewer_of(notice)
        return verdicts_of(self._told(owner, extent, own, notice.id, is_asked=is_asked))

    def _told(
        self,
        viewer: Viewer,
        plan: Extent,
        own: Planned,
        besides: NoticeId | None,
        *,
        is_asked: bool = True,
    ) -> Screening:
        reached = reach(self._node, self._node, own, plan)
        is_activity = own.kind is NoticeKind.ACTIVITY
        missing = (*reached.missing, *self.silent(viewer.party))
        with self._node.looking() as view:
            claims = seen_by(view, viewer) if is_activity else ()
            missing = (*missing, *doubts(claims, plan, reached.as_of))
            told = screen_seen(
                view,
                viewer,
                plan,
                own=own,
                reached=reached,
                missing=_with_unlocated(plan, missing),
                besides=besides,
            )
            desks = desks_to_call(view, viewer.party)
        if not is_activity or not is_asked:
            return told
        manners, seen = self.questions.note(viewer, plan, reached.as_of)
        if seen is not None:
            self._node.ask(NoteProbing(seen=seen))
        if manners.manner is Manner.TOO_MUCH:
            return cannot_tell_any_more(told, desks)
        return told

    def _pairs(self, notice: Notice) -> Iterable[Found]:
        extent = _extent_of(notice)
        if extent is None or isinstance(extent.footprint, Unlocated):
            return
        for other in self._all():
            reached = reach(self._node, other, planned_of(notice), extent)
            # Always in this order, so that nobody waits for somebody who waits.
            with self._node.looking() as view, other.looking() as others:
                yield from tuple(find_pairs(view, notice, reached, others))

    def _note(
        self,
        kept: Kept,
        notice: Notice,
        told: Verdicts | None,
        found: tuple[Found, ...],
        *,
        aside: Kept | None = None,
    ) -> None:
        """Ask for what was found to be written down, each in the log it belongs to."""
        into = aside or kept
        once_more = partial(self._add, kept, [notice.id])
        if aside:
            once_more = partial(self._add_again, ((notice.id, False),))
        for log in self._all():
            is_both = log is not self._own
            asked = NoteScreening(
                notice=notice.id,
                revision=notice.revision.number,
                told=told if log is into else None,
                is_aside=log is aside,
                found=tuple(
                    one
                    for one in found
                    if self._own is None or is_for_both(one) is is_both
                ),
                ended=_ended(notice),
            )
            if asked.told is None and not asked.found and not self._knows(log, notice):
                continue
            try:
                self._asked.append((log.ask(asked), once_more))
            except (NotNow, TimeoutError):
                once_more()
                self._is_held_up = True
        self._await(_MOST_ASKED)

    def _await(self, most: int) -> None:
        """Wait until at most so many of what was asked for are not durable yet."""
        while len(self._asked) > most:
            noted, once_more = self._asked.popleft()
            try:
                noted.result(_WITHIN_S)
            except (
                NotNow,
                TimeoutError,
            ):  # the disk is silent: nothing is lost by that
                once_more()
                self._is_held_up = True

    def _knows(self, log: Kept, notice: Notice) -> bool:
        with log.looking() as view:
            return bool(view.conflicts_of.get(notice.id))


def newer(screened: NoticeScreened, aside: NoticeScreened | None) -> NoticeScreened:
    """Return what an owner was told last: in the node's log, or in its own one."""
    if aside is None or aside.revision < screened.revision:
        return screened
    return aside if aside.told.as_of >= screened.told.as_of else screened


def _may_know(view: View, notice: Notice, other: Notice, now: Instant) -> bool:
    """Say whether a notice's owner may know of another notice at all."""
    return notice_for(view, viewer_of(notice), other, now) is not None


def _unscreened(picture: Picture) -> Iterator[NoticeId]:
    """Name the notices whose newest revision has no screening in the log.

    Nobody waits for this: what nothing happened to since it was screened is not even
    read, and no lock is held.
    """
    for key in picture.notices.keys():  # noqa: SIM118 (a history is no mapping)
        if picture.screened.last_of(key) > picture.notices.last_of(key):
            continue
        notice = picture.notices.get(key)
        if notice is not None and _is_unscreened(picture, notice):
            yield key


def _is_unscreened(view: View, notice: Notice) -> bool:
    if is_gone(notice):
        return any(
            conflict.is_open
            for key in view.conflicts_of.get(notice.id) or ()
            if (conflict := view.conflicts.get(key)) is not None
        )
    if notice.is_far:  # nobody here is told what its owner is told at home
        return True
    screened = view.screened.get(notice.id)
    return screened is None or screened.revision != notice.revision.number


def _says_the_same(one: Verdicts, other: Verdicts) -> bool:
    """Say whether two screenings tell an owner the same, whenever they were made."""
    return (one.verdict, one.met, one.more) == (other.verdict, other.met, other.more)


def _ended(notice: Notice) -> Resolution:
    if notice.withdrawn_at is not None:
        return Resolution.WITHDRAWN
    return Resolution.OVER if notice.expired_at is not None else Resolution.CHANGED


def _extent_of(notice: Notice) -> Extent | None:
    try:
        return notice.revision.extent
    except NotAnExtent:
        return None


def _none_silent(party: PartyId) -> tuple[str, ...]:
    """Name no node: this one is linked with none."""
    del party
    return ()


def _with_unlocated(plan: Extent, missing: tuple[str, ...]) -> tuple[str, ...]:
    if isinstance(plan.footprint, Unlocated):
        name = plan.footprint.name
        return (*missing, f"The plan's own place, {name!r}, is not located.")
    return missing
