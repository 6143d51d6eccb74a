"""Decide what follows when notices are found to meet, and what becomes of it.

What is left until both are there says how urgently the owners are rung:

| left                 | precedence |
|----------------------|------------|
| less than 30 minutes | FLASH      |
| less than 2 hours    | IMMEDIATE  |
| less than 24 hours   | PRIORITY   |
| more                 | ROUTINE    |

Each owner that may know is rung by a WARN of their own, which nobody else sees. Two
revisions ring once, however often they are screened; a new revision of either begins
anew. A conflict is never closed in silence: whoever was rung is told why it is none
any more.
"""

import hashlib
from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from clearline.model.calls import (
    ACKNOWLEDGING,
    Call,
    CallId,
    Card,
    Ending,
    Kind,
    Precedence,
    Telling,
)
from clearline.model.commands import RaiseCall
from clearline.model.conflict_acts import (
    ConflictAccepted,
    ConflictFound,
    ConflictReleased,
    ConflictResolved,
    ConflictTalkedAbout,
    NoticeScreened,
)
from clearline.model.conflict_commands import (
    AcceptConflict,
    NoteScreening,
    ReleaseConflict,
    TalkAbout,
    TellReleased,
)
from clearline.model.conflicts import (
    Conflict,
    ConflictId,
    Found,
    Resolution,
    Side,
    conflict_id,
)
from clearline.model.entries import Act
from clearline.model.instants import FOREVER, Duration, Instant, write_instant
from clearline.model.links import at_home, is_at
from clearline.model.notices import LEGAL_LINE, Notice, NoticeId
from clearline.model.parties import Actor, PartyId, Strength
from clearline.picture.picture import Picture
from clearline.rules.cards import cut_card
from clearline.rules.disclosure_to_peers import top_of
from clearline.rules.raising import open_call
from clearline.rules.refusals import (
    NotProven,
    UnknownConflict,
    WrongOrder,
    refuse,
)
from clearline.rules.turn import Turn

PRECEDENCE_BY_TIME: Final = (
    (Duration(minutes=30), Precedence.FLASH),
    (Duration(hours=2), Precedence.IMMEDIATE),
    (Duration(hours=24), Precedence.PRIORITY),
)
"""How urgent a conflict is while less than this is left; ROUTINE beyond."""

BY_THE_LINE: Final = "screening"
"""The device that stands on a WARN nobody raised by hand."""

_SAID: Final = {
    Resolution.CHANGED: "One of the two was changed, or what you agreed: on what you "
    "may see, they meet no more.",
    Resolution.WITHDRAWN: "One of the two was withdrawn.",
    Resolution.OVER: "The time of it is over.",
}
_ID_CHARACTERS: Final = 8


def precedence_of(starts_at: Instant, now: Instant) -> Precedence:
    """Say how urgent something is that begins at an instant."""
    left = starts_at - now
    return next(
        (urgent for within, urgent in PRECEDENCE_BY_TIME if left < within),
        Precedence.ROUTINE,
    )


def note_screening(
    picture: Picture, asked: NoteScreening, now: Instant
) -> tuple[Act, ...]:
    """Keep what a screening found: new conflicts ring, old ones that are none end.

    Nothing follows from the screening of a revision that was amended meanwhile:
    the newer one is screened after it.
    """
    acts: list[Act] = []
    if asked.told is not None:
        notice = picture.notices.get(asked.notice)
        is_there = notice is not None and notice.revision.number == asked.revision
        if not (is_there or asked.is_aside):
            return ()
        acts.append(
            NoticeScreened(
                notice=asked.notice, revision=asked.revision, told=asked.told
            )
        )
    noted = _Noted(picture, now)
    for found in asked.found:
        noted.find(found)
    still = {conflict_id(found.one.notice, found.other.notice) for found in asked.found}
    for conflict in list(_open_of(picture, asked.notice)):
        is_told_only = conflict.overlap is None  # let known by a person, not found
        if is_told_only and asked.ended is Resolution.CHANGED:
            continue
        if conflict.id not in still:
            noted.resolve(conflict, asked.ended)
    return (*acts, *noted.acts)


def end_when_over(
    picture: Picture, conflict: Conflict, now: Instant
) -> tuple[Act, ...]:
    """Resolve a conflict whose time is over."""
    if not conflict.is_open or conflict.due_at is None or conflict.due_at > now:
        return ()
    noted = _Noted(picture, now)
    noted.resolve(conflict, Resolution.OVER)
    return tuple(noted.acts)


def talk_about(picture: Picture, asked: TalkAbout, now: Instant) -> tuple[Act, ...]:
    """Say that one's party talks about a conflict; saying it twice changes nothing.

    Raises:
        UnknownConflict: There is none the party may know of.
        NotProven: Nobody is known to have said this.
        WrongOrder: It is none any more.
    """
    del now
    conflict = _known(picture, asked.conflict, asked.by)
    if any(by.party == asked.by.party for by in conflict.talked_by):
        return ()
    return (ConflictTalkedAbout(conflict=conflict.id, by=asked.by),)


def accept(picture: Picture, asked: AcceptConflict, now: Instant) -> tuple[Act, ...]:
    """Go on in spite of a conflict; the other owner is told, and the reason.

    Raises:
        UnknownConflict, NotProven, WrongOrder: As for talking.
        WrongOrder: No reason is given.
    """
    conflict = _known(picture, asked.conflict, asked.by)
    if not asked.why.strip():
        raise refuse(
            WrongOrder,
            "A conflict is accepted with a reason, and none was given.",
            "Say why it goes on: what was agreed, with whom.",
        )
    if any(one.by.party == asked.by.party for one in conflict.accepted):
        return ()
    noted = _Noted(picture, now)
    noted.acts.append(
        ConflictAccepted(conflict=conflict.id, by=asked.by, why=asked.why)
    )
    noted.tell(conflict, f"{asked.by.party} goes on in spite of it: {asked.why}")
    return tuple(noted.acts)


def release(picture: Picture, asked: ReleaseConflict, now: Instant) -> tuple[Act, ...]:
    """Let the other owner know of a conflict that only one's own party knows of.

    Raises:
        UnknownConflict, NotProven, WrongOrder: As for talking.
        WrongOrder: The other knows already.
    """
    del now
    conflict = _known(picture, asked.conflict, asked.by)
    others = [owner for owner in conflict.owners if owner not in conflict.known_to]
    if not others:
        raise refuse(
            WrongOrder,
            "Everybody whose notice it is knows of this conflict already.",
            "Talk about it with them.",
        )
    if conflict.released is not None:
        return ()
    return (
        ConflictReleased(
            conflict=conflict.id, by=asked.by, to=others[0], why=asked.why
        ),
    )


def tell_released(
    picture: Picture, asked: TellReleased, now: Instant
) -> tuple[Act, ...]:
    """Tell an owner that there is a conflict with their notice, and whom to call.

    Neither what it is with, nor where, nor how near: that is for the two to say.
    """
    known = picture.conflicts.get(asked.conflict)
    if known is not None and known.is_open and known.is_between(asked.own, asked.other):
        return ()
    notice = picture.notices.get(asked.other.notice)
    if notice is None or notice.revision.number != asked.other.revision:
        return ()
    if notice.is_far:
        return _call_their_desk(picture, asked, notice, now)
    why = f"There is a conflict with your notice: call {asked.own.desk}."
    noted = _Noted(picture, now)
    noted.begin(
        ConflictFound(
            conflict=asked.conflict,
            one=asked.other,
            other=asked.own,
            known_to=(asked.other.owner,),
            as_of=now,
            why=why,
            precedence=precedence_of(notice.revision.window.start, now),
            due_at=_end(notice.revision.window.end),
        )
    )
    return tuple(noted.acts)


def _call_their_desk(
    picture: Picture, asked: TellReleased, notice: Notice, now: Instant
) -> tuple[Act, ...]:
    """Warn an owner at another node over the link, saying no more than that."""
    desk = picture.desks.get(asked.other.desk)
    call = CallId(asked.conflict)
    if desk is None or picture.calls.get(call) is not None:
        return ()
    name = at_home(notice.id, notice.owner)
    ours = top_of(picture, asked.own.desk)
    what = f"There is a conflict with your notice {name}: call {ours}."
    warn = RaiseCall(
        call=call,
        kind=Kind.WARN,
        by=asked.by,
        precedence=precedence_of(notice.revision.window.start, now),
        card=Card(what=what, why=LEGAL_LINE),
    )
    return tuple(open_call(picture, warn, desk, now).acts)


def _open_of(picture: Picture, notice: NoticeId) -> Iterator[Conflict]:
    for key in picture.conflicts_of.get(notice) or ():
        conflict = picture.conflicts.get(key)
        if conflict is not None and conflict.is_open:
            yield conflict


def _known(picture: Picture, key: ConflictId, by: Actor) -> Conflict:
    conflict = picture.conflicts.get(key)
    if conflict is None or by.party not in conflict.known_to:
        raise refuse(
            UnknownConflict,
            f"There is no conflict {key!r} of yours.",
            "Look at the list of conflicts of your desk.",
        )
    if by.person is None or by.strength not in ACKNOWLEDGING:
        raise refuse(
            NotProven,
            f"Nobody is known to have said this: it came as {by.strength}.",
            "Sign in, or use a PIN.",
        )
    if not conflict.is_open:
        raise refuse(
            WrongOrder,
            f"This is no conflict any more: {conflict.resolution}.",
            "Nothing to do.",
        )
    return conflict


class _Noted:
    """Hold the acts that follow, in order; calls are numbered as they come."""

    def __init__(self, picture: Picture, now: Instant) -> None:
        self._picture, self._now = picture, now
        self._raised = 0
        self.acts: list[Act] = []

    def find(self, found: Found) -> None:
        """Begin a conflict, unless it is known of these very revisions."""
        key = conflict_id(found.one.notice, found.other.notice)
        known = self._picture.conflicts.get(key)
        if known is not None and known.is_open:
            is_same = known.is_between(found.one, found.other)
            if is_same and set(found.known_to) == set(known.known_to):
                return
            self._end_calls(known, "One of the two was changed; they still meet.")
        if found.overlap.end <= self._now:
            return
        self.begin(
            ConflictFound(
                conflict=key,
                one=found.one,
                other=found.other,
                known_to=found.known_to,
                as_of=self._now,
                why=found.why,
                precedence=precedence_of(found.overlap.start, self._now),
                separation_m=found.separation_m,
                overlap=found.overlap,
                severity=found.severity,
                due_at=_end(found.overlap.end),
            )
        )

    def begin(self, act: ConflictFound) -> None:
        """Write that it is there, and ring each owner that may know."""
        turns = [self._ring(act, owner) for owner in act.known_to]
        rung = [turn for turn in turns if turn is not None]
        calls = tuple(turn.call.id for turn in rung)
        self.acts.append(replace(act, calls=calls))
        for turn in rung:
            self.acts.extend(turn.acts)

    def resolve(self, conflict: Conflict, resolution: Resolution) -> None:
        """Write that it is none any more, and tell whoever was rung."""
        self.acts.append(ConflictResolved(conflict=conflict.id, resolution=resolution))
        self._end_calls(conflict, _SAID[resolution])

    def tell(self, conflict: Conflict, text: str) -> None:
        """Tell whoever was rung how it stands now."""
        for call in self._calls_of(conflict):
            turn = Turn(call, self._now)
            turn.tell(Telling.CONFLICT_STANDS, text)
            self.acts.extend(turn.acts)

    def _end_calls(self, conflict: Conflict, text: str) -> None:
        for call in self._calls_of(conflict):
            turn = Turn(call, self._now)
            turn.tell(Telling.CONFLICT_STANDS, text)
            turn.end(Ending.CLOSED)
            self.acts.extend(turn.acts)

    def _calls_of(self, conflict: Conflict) -> Iterator[Call]:
        for key in conflict.calls:
            call = self._picture.calls.get(key)
            if call is not None and call.is_open:
                yield call

    def _ring(self, act: ConflictFound, owner: PartyId) -> Turn | None:
        """Ring the desk of one owner; nothing where it is not on this line."""
        own, other = act.one, act.other
        if own.owner != owner:
            own, other = other, own
        desk = self._picture.desks.get(own.desk)
        if desk is None:
            return None
        asked = RaiseCall(
            call=_call_id(act, owner),
            kind=Kind.WARN,
            by=Actor(
                party=owner,
                desk=own.desk,
                strength=Strength.DEVICE_ONLY,
                device=BY_THE_LINE,
            ),
            precedence=act.precedence,
            card=cut_card(
                Card(what=_what(act, own, other), why=f"{act.why} {LEGAL_LINE}")
            ),
        )
        if self._picture.waiting_for(asked.call) is not None:
            return None  # these revisions have rung this desk before
        turn = open_call(self._picture, asked, desk, self._now, count=self._raised)
        self._raised += 1
        return turn


def _what(act: ConflictFound, own: Side, other: Side) -> str:
    """Say to one owner what meets what, as far as they may know."""
    met = f"notice {other.notice} of {other.owner}" if other.notice else other.owner
    is_far = is_at(other.notice, other.owner)
    alone = act.known_to == (own.owner,) and own.owner != other.owner and not is_far
    whom = "Only you know of it." if alone and other.notice else f"Call {other.desk}."
    if act.overlap is None:
        return f"Your notice {own.notice} meets {met}. {whom}"
    start = write_instant(act.overlap.start.replace(microsecond=0))
    if act.overlap.end >= FOREVER:
        return (
            f"Your notice {own.notice} meets {met} from {start} until withdrawn. {whom}"
        )
    end = write_instant(_whole_seconds(act.overlap.end))
    return f"Your notice {own.notice} meets {met} from {start} to {end}. {whom}"


def _whole_seconds(at: Instant) -> Instant:
    """Round up, so that what is said is never shorter than what was found."""
    more = Duration(seconds=1) if at.microsecond else Duration(0)
    return at.replace(microsecond=0) + more


def _call_id(act: ConflictFound, owner: PartyId) -> CallId:
    """Name the WARN of one owner about two revisions; said again it is the same."""
    sides = sorted(f"{side.notice} {side.revision}" for side in (act.one, act.other))
    said = f"{sides}{sorted(act.known_to)}{owner}"
    digest = hashlib.sha256(said.encode()).hexdigest()[:_ID_CHARACTERS]
    return CallId(f"{act.conflict}-{digest}")


def _end(end: Instant) -> Instant | None:
    return None if end >= FOREVER else end
