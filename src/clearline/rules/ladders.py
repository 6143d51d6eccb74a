"""Choose the ladder that is frozen into a call when it is raised."""

from typing import Final

from clearline.model.calls import Kind, Ladder, Precedence, Rung
from clearline.model.instants import Duration
from clearline.model.parties import DeskId
from clearline.picture.picture import View

PRECEDENCES: Final[dict[Kind, Precedence]] = {
    Kind.STOP: Precedence.FLASH,
    Kind.HOLD: Precedence.FLASH,
    Kind.RELEASE: Precedence.FLASH,
    Kind.WARN: Precedence.IMMEDIATE,
    Kind.QUERY: Precedence.IMMEDIATE,
    Kind.LINE_CHECK: Precedence.ROUTINE,
}
"""How urgent a call is where its caller says nothing else."""

_STEPS: Final[dict[Precedence, Duration]] = {
    Precedence.FLASH: Duration(seconds=15),
    Precedence.IMMEDIATE: Duration(seconds=60),
    Precedence.PRIORITY: Duration(minutes=10),
    Precedence.ROUTINE: Duration(minutes=30),
}

_MOST_ABOVE: Final = 8


def ladder_for(view: View, desk: DeskId, precedence: Precedence) -> Ladder:
    """Return the ladder `desk` keeps for `precedence`, or one made of its tree.

    Made of the tree: everyone on watch at once; then every member of the desk;
    then the desks above it, one after the other, watch first, members next.
    """
    kept = view.ladders.get((desk, precedence))
    return kept or Ladder(
        rungs=_tree_rungs(view, desk, _STEPS[precedence]),
        repeat_after=2 * _STEPS[precedence],
    )


def _tree_rungs(view: View, desk: DeskId, step: Duration) -> tuple[Rung, ...]:
    rungs = [
        Rung(desk=desk, after=Duration(0)),
        Rung(desk=desk, after=step, has_members=True),
    ]
    here = view.desks.get(desk)
    for _ in range(_MOST_ABOVE):
        here = view.desks.get(here.under) if here and here.under else None
        if here is None or any(rung.desk == here.id for rung in rungs):
            break
        rungs.append(Rung(desk=here.id, after=step))
        rungs.append(Rung(desk=here.id, after=step, has_members=True))
    return tuple(rungs)
