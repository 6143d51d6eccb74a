"""Decide what follows when what a notice waits for does not come.

    answer        the owner is told who is silent
    read          the owner is told who has not read it, or that all have; who has
                  not is rung, and so is the owner, for a movement
    departure     the owner is told
    dwell, arrival  it is dwell exceeded, or overdue; the owner is rung
    confirmation  the owner is asked whether it is still so
    expiry        it is expired, and the owner is told
    purge         what it sealed and its files are erased, and others lose sight of a
                  plan, unless a case, a conflict or a STOP holds it (`holding`)

Whoever is rung is rung by a WARN of the notice's own owner: it rings until somebody
has it.
"""

from collections.abc import Iterator
from typing import assert_never

from clearline.model.calls import CallId, Card, Kind
from clearline.model.commands import RaiseCall
from clearline.model.entries import Act, SealedErased
from clearline.model.instants import Duration, Instant, write_instant
from clearline.model.links import is_at
from clearline.model.notice_acts import (
    MovementReported,
    NoticeExpired,
    NoticePurged,
    NoticeTold,
)
from clearline.model.notice_life import MovementState, NoticeClockName, NoticeTelling
from clearline.model.notices import LEGAL_LINE, Notice, NoticeKind, Precision
from clearline.model.parties import Actor, DeskId, PersonId, Strength
from clearline.picture.picture import Picture
from clearline.rules.holding import held, is_named
from clearline.rules.margins import kept_for
from clearline.rules.notice_clocks import (
    PURGE_AFTER,
    NoticeTurn,
    arrives_by,
    sealed_parts,
)
from clearline.rules.raising import free_id, open_call
from clearline.rules.recipients import is_told, told_desk, unread_at

BY_THE_LINE = "notices"
"""The device that stands on a WARN about a notice of another party's node."""

_MOST_AT_ONCE = len(NoticeClockName)


def advance_notice(
    picture: Picture, notice: Notice, now: Instant, held_by: str = ""
) -> tuple[Act, ...]:
    """Bring a notice to where it must stand at `now`.

    Doing it twice with the same `now` changes nothing the second time.

    Args:
        picture: What stands.
        notice: The notice, one of its.
        now: Node time.
        held_by: What holds it that this log does not know of.
    """
    due = _Due(picture, notice, now, held_by)
    for _ in range(_MOST_AT_ONCE):  # each end winds up at most every other clock
        ended = [c.name for c in due.turn.notice.clocks if c.due_at <= now]
        if not ended:
            break
        due.end(ended[0])
    return tuple(due.acts)


class _Due:
    """Hold one turn at a notice whose clocks have run out."""

    def __init__(
        self, picture: Picture, notice: Notice, now: Instant, held_by: str
    ) -> None:
        self._picture, self._held_by = picture, held_by
        self._calls = 0
        self.turn = NoticeTurn(notice, now)
        self._rings: list[Act] = []

    @property
    def acts(self) -> list[Act]:
        """Return everything decided, what rings last."""
        return [*self.turn.acts, *self._rings]

    def end(self, clock: NoticeClockName) -> None:
        """Do what the end of a clock asks for."""
        match clock:
            case NoticeClockName.ANSWER:
                self._silence()
            case NoticeClockName.READ:
                self._look_who_read()
            case NoticeClockName.DEPARTURE:
                self._tell(NoticeTelling.NOT_DEPARTED, "It has not said that it left.")
            case NoticeClockName.DWELL:
                self._moved(MovementState.DWELL_EXCEEDED)
            case NoticeClockName.ARRIVAL:
                self._moved(MovementState.OVERDUE)
            case NoticeClockName.CONFIRMATION:
                self._tell(
                    NoticeTelling.CONFIRM, "Is it still so? Confirm or amend it."
                )
            case NoticeClockName.EXPIRY:
                kept = kept_for(self._picture, self.turn.notice, self.turn.now)
                self.turn.do(NoticeExpired(notice=self.turn.notice.id, kept_for=kept))
                if not self.turn.notice.is_far:
                    self._tell(
                        NoticeTelling.EXPIRED,
                        "Its time is over. That does not make it untrue, nor the "
                        "place unprotected; file it again if it goes on.",
                    )
            case NoticeClockName.PURGE:
                self._purge()
            case _:
                assert_never(clock)

    def _purge(self) -> None:
        """Purge it, unless somebody may have to look at it again."""
        notice = self.turn.notice
        held_by = held(self._picture, notice) or self._held_by
        if held_by:
            self.turn.do(NoticePurged(notice=notice.id, is_held=True, held_by=held_by))
            return
        erased = list(self._sealed())
        parts = tuple(act.part for act in erased)
        files = self._files()
        self.turn.do(NoticePurged(notice=notice.id, parts=parts, files=files))
        self._rings.extend(erased)

    def _sealed(self) -> Iterator[SealedErased]:
        """Name every sealed part of every revision, with the entry that holds it."""
        seen, kept = set[str](), self.turn.notice.kept_for or PURGE_AFTER
        rule = f"{kept / Duration(days=1):g} days after it is over"
        for entry, known in self._picture.notices.history_of(self.turn.notice.id):
            for part in sealed_parts(known.revision):
                if part not in seen:
                    seen.add(part)
                    yield SealedErased(
                        entry=entry, part=part, rule=rule, person=PersonId("")
                    )

    def _files(self) -> tuple[str, ...]:
        """Name all its files, its answers' and sheets', that nothing else names."""
        history = self._picture.notices.history_of(self.turn.notice.id)
        files = dict.fromkeys(file for _, known in history for file in known.files)
        id_ = self.turn.notice.id
        return tuple(file for file in files if not is_named(self._picture, file, id_))

    def _silence(self) -> None:
        notice = self.turn.notice
        through = notice.revision.through
        silent = [desk for desk in notice.silent() if notice.reaches(desk)]
        if through is not None and not silent:
            silent = [through]
        self._tell(
            NoticeTelling.SILENT,
            f"No answer from {', '.join(silent)}. Silence is no consent.",
        )

    def _look_who_read(self) -> None:
        notice = self.turn.notice
        unread = unread_at(self._picture, notice)
        whose = notice.revision.tells[0] if notice.is_far else None
        if not unread:
            self._tell(NoticeTelling.READ, "Every desk it is for has read it.", whose)
            return
        text = f"Unread at {', '.join(map(self._say_desk, unread))}."
        is_rung = notice.revision.kind is NoticeKind.MOVEMENT
        if not notice.is_far:
            self._tell(NoticeTelling.UNREAD, text, rings=is_rung)
        text = "Your desk has not read it."  # who else is told is not theirs to know
        for desk in unread:
            if self._may_be_told_when(desk):
                self._tell(NoticeTelling.UNREAD, text, desk, rings=is_rung)

    def _may_be_told_when(self, desk: DeskId) -> bool:
        """Say whether a desk may know when it begins, and is rung by this node."""
        notice = self.turn.notice
        top = told_desk(self._picture, notice, desk)
        if top is None or self._is_far(desk):
            return False
        level = notice.revision.precision_for(top)
        is_by_now = is_told(self._picture, notice, desk)
        return is_by_now and level not in (None, Precision.EXISTENCE)

    def _is_far(self, desk: DeskId) -> bool:
        known = self._picture.desks.get(desk)
        return known is not None and is_at(desk, known.party)

    def _say_desk(self, desk: DeskId) -> str:
        """Name a desk; of one of another node say how far it got."""
        if not self._is_far(desk):
            return desk
        notice = self.turn.notice
        done = [
            one
            for one in notice.dispositions
            if one.desk == desk and one.revision == notice.revision.number
        ]
        if not done:
            return f"{desk} (their node has not received it)"
        below = done[-1].unread_below
        return f"{desk} (at {below} of its desks)" if below else desk

    def _moved(self, state: MovementState) -> None:
        notice = self.turn.notice
        last = notice.moves[-1]
        self.turn.do(MovementReported(notice=notice.id, state=state, stop=last.stop))
        if state is MovementState.OVERDUE:
            by = write_instant(arrives_by(notice))
            self._tell(NoticeTelling.OVERDUE, f"It was to arrive by {by}.", rings=True)
        else:
            since = write_instant(last.at)
            self._tell(
                NoticeTelling.DWELL_EXCEEDED,
                f"It has stood still since {since}, longer than was said.",
                rings=True,
            )

    def _tell(
        self,
        telling: NoticeTelling,
        text: str,
        desk: DeskId | None = None,
        *,
        rings: bool = False,
    ) -> None:
        """Tell a desk, the owner's unless said otherwise, and ring it if asked."""
        notice = self.turn.notice
        told = desk or notice.filed_by.desk
        call = self._ring(told, telling, text) if rings else None
        self.turn.do(
            NoticeTold(
                notice=notice.id,
                revision=notice.revision.number,
                desk=told,
                telling=telling,
                text=text,
                call=call,
            )
        )

    def _ring(self, desk: DeskId, telling: NoticeTelling, text: str) -> CallId | None:
        known = self._picture.desks.get(desk)
        if known is None:
            return None
        notice = self.turn.notice
        call = free_id(self._picture, f"{notice.id}-{telling.replace(' ', '-')}-{desk}")
        by = notice.filed_by
        if notice.is_far:  # its owner's node calls for its owner; this is our own
            by = Actor(
                party=known.party,
                desk=told_desk(self._picture, notice, desk) or desk,
                strength=Strength.DEVICE_ONLY,
                device=BY_THE_LINE,
            )
        asked = RaiseCall(
            call=call,
            kind=Kind.WARN,
            by=by,
            card=Card(what=f"Notice {notice.id}: {text}", why=LEGAL_LINE),
        )
        opened = open_call(
            self._picture, asked, known, self.turn.now, count=self._calls
        )
        self._calls += 1
        self._rings.extend(opened.acts)
        return call
