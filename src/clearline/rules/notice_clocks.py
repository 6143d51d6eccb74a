"""Say what a notice waits for, and until when.

    any told      answer, again after each change
    told, to come read, 2 h and 15 min before it begins, and as it begins
    movement      departure .. dwell at each stop .. arrival
    site, area    confirmation
    all           expiry; a movement under way does not expire
    over          purge, of what it sealed and of what others see of a plan

A notice of another node waits here to be read, and for its expiry; the rest runs
there. The end of every clock tells the owner, and rings where somebody may be harmed
(`notice_due`). Every act carries the clocks that wait after it; nothing here reads
one.
"""

from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from clearline.model.entries import Act
from clearline.model.extents import Corridor
from clearline.model.instants import FOREVER, Duration, Instant
from clearline.model.notice_acts import NoticeAct, NoticeFiled
from clearline.model.notice_life import (
    Moved,
    MovementState,
    NoticeClock,
    NoticeClockName,
    NoticeTelling,
    Routing,
)
from clearline.model.notices import PLANS, Notice, NoticeKind, Precision, Revision
from clearline.model.passages import Passage
from clearline.picture.hours import coarse_window
from clearline.picture.notices import notice_after, notice_filed

LONGEST_SILENCE: Final = Duration(hours=12)
"""How long answers are waited for at most, unless the owner says otherwise."""
SHORTEST_SILENCE: Final = Duration(minutes=5)
"""How long they are waited for at least, however soon it begins."""
READ_BEFORE: Final = (Duration(hours=2), Duration(minutes=15), Duration(0))
"""How long before it begins it is looked at whether every desk has read it."""
PURGE_AFTER: Final = Duration(days=30)
"""How long it is kept once a notice is over, if nothing else was agreed and nothing
holds it."""
LATE_AFTER: Final = Duration(minutes=15)
"""How long after its latest departure a movement counts as not departed."""
OVERDUE_EVERY: Final = Duration(hours=1)
"""How often an owner is rung anew about a movement nobody has heard of."""
DWELLS_FOR: Final = Duration(minutes=30)
"""How long a movement may stop where its notice says nothing of a stop."""
CONFIRM_EVERY: Final = {
    NoticeKind.SITE: Duration(days=90),
    NoticeKind.AREA: Duration(days=30),
}
"""How often an owner is asked whether it is still so."""

_UNDER_WAY: Final = (
    MovementState.DEPARTED,
    MovementState.AT_STOP,
    MovementState.DELAYED,
    MovementState.DIVERTED,
    MovementState.DWELL_EXCEEDED,
    MovementState.OVERDUE,
)


class NoticeTurn:
    """Hold a notice and the acts one turn adds to it.

    Attributes:
        notice: As it stands after the acts so far.
        now: When all of them are decided.
        acts: What is to be written, in order; each with what waits after it.
    """

    def __init__(self, notice: Notice, now: Instant) -> None:
        """Start from a notice as it stands."""
        self.notice, self.now = notice, now
        self.acts: list[Act] = []

    @classmethod
    def start(cls, act: NoticeFiled, now: Instant) -> "NoticeTurn":
        """Start with the act that files it."""
        turn = cls(notice_filed(act, now), now)
        turn._keep(act)
        return turn

    def do(self, act: NoticeAct) -> None:
        """Add an act and bring the notice to where it leaves it."""
        self.notice = notice_after(self.notice, act, self.now)
        self._keep(act)

    def _keep(self, act: NoticeAct) -> None:
        clocks = waiting(self.notice)
        self.notice = replace(self.notice, clocks=clocks)
        self.acts.append(replace(act, clocks=clocks))


def waiting(notice: Notice) -> tuple[NoticeClock, ...]:
    """List every clock of a notice, earliest first.

    Once it is over, it waits to be purged.
    """
    if notice.is_over:
        return _purge(notice)
    return tuple(sorted(_clocks(notice), key=lambda clock: clock.due_at))


def _purge(notice: Notice) -> tuple[NoticeClock, ...]:
    """Wait to purge a notice that is over, if there is anything to purge."""
    is_gone = notice.withdrawn_at is not None or notice.revision.kind in PLANS
    if notice.purged_at is not None or not (is_gone or notice.has_sealed):
        return ()
    since = notice.looked_at or notice.over_at
    assert since is not None  # noqa: S101 (its caller looked: it is over)
    kept_for = PURGE_AFTER if notice.looked_at else notice.kept_for or PURGE_AFTER
    return (_clock(NoticeClockName.PURGE, since + kept_for),)


def sealed_parts(revision: Revision) -> tuple[str, ...]:
    """Name what a revision sealed."""
    held = revision.personal
    return tuple(part.sealed for part in (held.phones, held.plates, held.names) if part)


def begins_at(revision: Revision) -> Instant:
    """Return when it is expected to begin: a movement, to leave."""
    passages = passages_of(revision)
    return passages[0].eta if passages else revision.window.start


def passages_of(revision: Revision) -> tuple[Passage, ...]:
    """Return when a movement passes its positions; none where that is not said."""
    return revision.shape.passages if isinstance(revision.shape, Corridor) else ()


def last_move(notice: Notice) -> Moved | None:
    """Return the newest thing known of where a movement is."""
    return notice.moves[-1] if notice.moves else None


def is_under_way(notice: Notice) -> bool:
    """Say whether a movement has left and not arrived, as far as anybody said."""
    states = [move.state for move in notice.moves]
    return MovementState.DEPARTED in states and states[-1] in _UNDER_WAY


def _clocks(notice: Notice) -> Iterator[NoticeClock]:
    if notice.is_far:
        yield from _far(notice)
        return
    revision, asked_at = notice.revision, _asked_at(notice)
    is_told = _is_told(notice, NoticeTelling.SILENT, asked_at) is not None
    if not is_told and _owes_answer(notice):
        due_at = revision.answer_by or asked_at + _patience(revision, asked_at)
        yield _clock(NoticeClockName.ANSWER, max(due_at, asked_at))
    yield from _read(notice)
    if revision.kind is NoticeKind.MOVEMENT:
        yield from _of_movement(notice)
    yield from _confirmation(notice)
    if revision.window.end < FOREVER and not is_under_way(notice):
        yield _clock(NoticeClockName.EXPIRY, revision.window.end)


def _far(notice: Notice) -> Iterator[NoticeClock]:
    """List the clocks of a notice of another node; all others run there.

    Of one that is only known to exist nobody here knows when it begins.
    """
    revision = notice.revision
    levels = {revision.precision_for(desk) for desk in revision.tells}
    if levels - {Precision.EXISTENCE}:
        yield from _read(notice)
    if revision.window.end < FOREVER and not is_under_way(notice):
        yield _clock(NoticeClockName.EXPIRY, revision.window.end)


def _owes_answer(notice: Notice) -> bool:
    through = notice.revision.through
    if through is not None and not _is_received(notice):
        return True
    return any(notice.reaches(desk) for desk in notice.silent())


def _is_received(notice: Notice) -> bool:
    return any(
        one.revision == notice.revision.number and one.routing is not Routing.RETURNED
        for one in notice.routed
    )


def _asked_at(notice: Notice) -> Instant:
    """Return when the last of its desks was asked: at its change, or forwarded to."""
    forwarded = [r.at for r in notice.routed if r.routing is Routing.FORWARDED]
    return max([_changed(notice), *forwarded])


def _patience(revision: Revision, since: Instant) -> Duration:
    """Half of what is left until it begins, within bounds."""
    left = begins_at(revision) - since
    return max(SHORTEST_SILENCE, min(LONGEST_SILENCE, left / 2))


def _read(notice: Notice) -> Iterator[NoticeClock]:
    """The next look at who has read it; after each look, the one that follows."""
    revision, kinds = notice.revision, (NoticeKind.MOVEMENT, NoticeKind.ACTIVITY)
    if revision.kind not in kinds or not revision.tells or notice.moves:
        return
    looked = [
        told.at
        for told in notice.told
        if told.telling in (NoticeTelling.UNREAD, NoticeTelling.READ)
    ]
    since = max([_changed(notice), *looked])
    begins = _read_by(revision)
    due = [begins - before for before in READ_BEFORE if begins - before > since]
    if due:
        yield _clock(NoticeClockName.READ, min(due))


def _read_by(revision: Revision) -> Instant:
    """Return by when it is to be read.

    Where a desk is told the hours alone, it is rung by them: being rung two hours
    before would tell it the minute.
    """
    levels = {revision.precision_for(desk) for desk in revision.tells}
    if levels == {Precision.EXACT}:
        return begins_at(revision)
    return coarse_window(revision, Precision.COARSE).start


def _of_movement(notice: Notice) -> Iterator[NoticeClock]:
    last, passages = last_move(notice), passages_of(notice.revision)
    if last is None:
        if _is_told(notice, NoticeTelling.NOT_DEPARTED) is None:
            leaves_by = (
                passages[0].leaves_by if passages else begins_at(notice.revision)
            )
            yield _clock(NoticeClockName.DEPARTURE, leaves_by + LATE_AFTER)
        return
    if last.state is MovementState.AT_STOP:
        yield _clock(NoticeClockName.DWELL, last.at + _dwell(passages, last))
    if last.state is MovementState.OVERDUE:
        yield _clock(NoticeClockName.ARRIVAL, last.at + OVERDUE_EVERY)
    elif is_under_way(notice):
        yield _clock(NoticeClockName.ARRIVAL, max(arrives_by(notice), last.at))


def arrives_by(notice: Notice) -> Instant:
    """Return when a movement is at its end at the latest, as was last said."""
    said = [move.expected_at for move in notice.moves if move.expected_at is not None]
    if said:
        return said[-1]
    passages = passages_of(notice.revision)
    return passages[-1].arrives_by if passages else notice.revision.window.end


def _dwell(passages: tuple[Passage, ...], stopped: Moved) -> Duration:
    """How long it may stay where it stopped."""
    if stopped.stop is None or stopped.stop >= len(passages):
        return DWELLS_FOR
    passage = passages[stopped.stop]
    return (passage.dwell_for + passage.overstay_for) or DWELLS_FOR


def _confirmation(notice: Notice) -> Iterator[NoticeClock]:
    every = CONFIRM_EVERY.get(notice.revision.kind)
    since = notice.confirmed_at
    if every is None or since is None:
        return
    is_asked = any(
        told.telling is NoticeTelling.CONFIRM and told.at > since
        for told in notice.told
    )
    if not is_asked and since + every < notice.revision.window.end:
        yield _clock(NoticeClockName.CONFIRMATION, since + every)


def _is_told(
    notice: Notice, telling: NoticeTelling, since: Instant | None = None
) -> Instant | None:
    """Return when something was last told since the notice changed, or nothing."""
    since = since or _changed(notice)
    found = [t.at for t in notice.told if t.telling is telling and t.at >= since]
    return found[-1] if found else None


def _changed(notice: Notice) -> Instant:
    return notice.changed_at or notice.filed_at


def _clock(name: NoticeClockName, due_at: Instant) -> NoticeClock:
    return NoticeClock(name=name, due_at=due_at)
