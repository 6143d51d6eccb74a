"""Say each open call as one desk sees it: whose turn it is, and until when.

    NEW        it rings here and nobody of this desk has it
    OURS       somebody of this desk has it; the next step is ours
    WAITING    we raised it, or passed it on; the next step is somebody else's

Sorted so that what needs a person first stands first: new, then by precedence, then
by what is due next.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final

import msgspec

from clearline.model.calls import (
    RESPONSES,
    Answer,
    Call,
    Clock,
    ClockName,
    Kind,
    Precedence,
)
from clearline.model.parties import Desk, PartyId, PersonId
from clearline.picture.picture import View
from clearline.rules.disclosure import Viewer, may_see_call
from clearline.web.console.pages import Visit
from clearline.web.shown import phase_of
from clearline.wire.forms.calls import Phase


class Turn(StrEnum):
    """Name whose turn it is."""

    NEW = "new"
    OURS = "ours"
    WAITING = "waiting"


LETTERS: Final = {
    Precedence.FLASH: "Z",
    Precedence.IMMEDIATE: "O",
    Precedence.PRIORITY: "P",
    Precedence.ROUTINE: "R",
}
"""The letter of each precedence (ACP 121)."""

_ORDER: Final = {turn: at for at, turn in enumerate(Turn)}
_URGENCY: Final = {precedence: at for at, precedence in enumerate(Precedence)}
_OF_THE_CALLED: Final = frozenset(
    {ClockName.RING, ClockName.READ_BACK, ClockName.PASS_ON, ClockName.CEASE,
     ClockName.ANSWER, ClockName.DEADLINE, ClockName.PEER}
)  # fmt: skip


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a call as the board shows it.

    Attributes:
        other: The desk on the other side.
        is_called: Whether this desk is on the side that was called.
        due: What is waited for next.
        is_durable: Whether it is recorded; if not it rings from memory.
        is_mine: Whether whoever looks has it.
    """

    call: Call
    turn: Turn
    letter: str
    other: str
    other_party: str
    is_called: bool
    due: Clock | None
    phase: Phase
    times: int
    is_durable: bool
    is_mine: bool
    holders: tuple[str, ...]

    @property
    def is_new(self) -> bool:
        """Say whether somebody of this desk has to take it."""
        return self.turn is Turn.NEW

    @property
    def standby(self) -> Answer:
        """Return the word for what was promised, if anything was."""
        return Answer.STANDBY

    @property
    def is_flash(self) -> bool:
        """Say whether it is shown over everything else."""
        return self.is_new and self.call.precedence is Precedence.FLASH


def board(visit: Visit) -> list[Row]:
    """List the open calls of the caller's desk, in the order they need somebody."""
    rows = [
        row
        for call in standing(visit)
        if call.is_open and (row := row_of(visit, call)) is not None
    ]
    far = visit.now.replace(year=9999)
    return sorted(
        rows,
        key=lambda row: (
            _ORDER[row.turn],
            _URGENCY[row.call.precedence],
            row.due.due_at if row.due else far,
            row.call.number,
        ),
    )


def standing(visit: Visit) -> Iterator[Call]:
    """Give every call this viewer may see, as recorded, or as it rings if it is not."""
    node, viewer = visit.service.node, visit.caller.viewer()
    with node.writer.gate:
        early = node.writer.unrecorded()
        durable = node.log.size
        found = []
        for newest in node.picture.calls.values():
            recorded = node.picture.calls.get_at(newest.id, durable)
            call = newest if newest.id in early or recorded is None else recorded
            if may_see_call(node.picture, viewer, call):
                found.append(call)
    return iter(found)


def row_of(visit: Visit, call: Call) -> Row | None:
    """Say one call as the caller's desk sees it."""
    node, caller = visit.service.node, visit.caller
    with node.writer.gate:
        view = node.picture
        is_called = is_called_side(view, caller.viewer(), call)
        at = call.raised_by.desk if is_called else call.to_desk
        desk = view.desks.get(at)
        times = view.times_of(call)
        is_durable = call.id not in node.writer.unrecorded()
        holders = tuple(_name(view, held.by.person) for held in call.holders)
        party = desk.party if desk else call.raised_by.party
        known = view.parties.get(PartyId(party))
    return Row(
        call=call,
        turn=_turn(call, is_called=is_called),
        letter=LETTERS[call.precedence],
        other=desk.name if desk else at,
        other_party=known.name if known else party,
        is_called=is_called,
        due=_due(call),
        phase=phase_of(call),
        times=times,
        is_durable=is_durable,
        is_mine=caller.person is not None and call.holds(caller.person),
        holders=holders,
    )


def is_called_side(view: View, viewer: Viewer, call: Call) -> bool:
    """Say whether a viewer's desk is one of those that were called."""
    if viewer.desk == call.raised_by.desk and call.to_desk != viewer.desk:
        return False
    rung = {rung.desk for rung in call.ladder.rungs}
    rung |= {given.whom for given in call.answers if given.whom is not None}
    return viewer.desk in rung or (
        viewer.party == call.to_party
        and (viewer.desk == call.to_desk or view.is_under(call.to_desk, viewer.desk))
    )


def _turn(call: Call, *, is_called: bool) -> Turn:
    if not is_called:
        return Turn.WAITING
    if not call.holders and call.has_ceased_at is None:
        return Turn.NEW
    if call.has_ceased_at is not None or (call.kind is Kind.RELEASE and call.answers):
        return Turn.WAITING
    return Turn.OURS


def _due(call: Call) -> Clock | None:
    """Return what is waited for next, the ladder's own rings last."""
    steps = [clock for clock in call.clocks if clock.name is not ClockName.RING]
    return min(steps or call.clocks, key=lambda clock: clock.due_at, default=None)


def name_of(view: View, person: PersonId | None, device: str = "") -> str:
    """Name a person by their pseudonym, or the device that acted alone."""
    return _name(view, person) if person else device


def _name(view: View, person: PersonId | None) -> str:
    known = view.persons.get(person) if person else None
    return known.pseudonym if known else (person or "")


def desk_label(view: View, desk: Desk | None, id_: str) -> str:
    """Name a desk, by its id where nobody entered it."""
    del view
    return desk.name if desk else id_


def admits(call: Call) -> str:
    """Say which answers a call takes, in the letters of ICAO Doc 4444."""
    return RESPONSES[call.kind]
