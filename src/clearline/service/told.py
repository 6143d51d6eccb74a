"""Say who is told, unasked, what a desk is told of a call: in one place for all.

Couriers are handed what this says; whoever raised the call from a telephone is told
beside it only where this does not reach them. Nobody is told one thing twice.
"""

from collections.abc import Iterator
from typing import Final

from clearline.model.calls import Call
from clearline.model.instants import Instant
from clearline.model.parties import DeskId, Medium, Person
from clearline.picture.picture import View

READABLE: Final = (Medium.SMS, Medium.EMAIL, Medium.PUSH, Medium.WEBHOOK)
"""By what people are told things, unasked: what can be read later."""


def is_told(call: Call, desk: DeskId) -> bool:
    """Say whether anybody of a desk may be told of a call."""
    return desk not in call.kept_from


def readers(
    view: View, call: Call, desk: DeskId, at: Instant
) -> Iterator[tuple[Person, Medium]]:
    """List who is told at a desk, and by what: the watch, or every member without one.

    Args:
        view: Who is on the line.
        call: What they are told of.
        desk: The desk that is told.
        at: When.
    """
    if not is_told(call, desk):
        return
    for person in view.on_watch(desk, (), at) or view.members_of(desk):
        for medium in person.media:
            if medium in READABLE:
                yield person, medium
