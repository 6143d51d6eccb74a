"""Say whether the node can be relied on now.

Each sentence here is one that somebody can act on. Nothing is well by default: the
runner must have finished a cycle, the disk must take what is written, and the clock
must be where it should be.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from clearline.compose.node import Node
from clearline.model.instants import Duration, Instant
from clearline.service.calling import CourierStanding, CourierState
from clearline.service.ports import Reading
from clearline.service.screener import Screener
from clearline.web.endpoints import Shared

CYCLE_WITHIN: Final = Duration(seconds=5)
"""How long ago the runner's last cycle may be."""

OWED_FOR: Final = Duration(seconds=1)
"""How long the disk may owe an answer before that is said."""

CLOCK_WITHIN_S: Final = 2.0
"""How far the wall clock may part from node time, or be off, before it is said."""


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """Hold how the node is.

    Attributes:
        is_well: Whether calls are taken, recorded and rung as promised.
        troubles: What is wrong, a sentence each; some do not keep calls from ringing.
        cycled_at: When the runner last finished a cycle.
        is_recording: Whether the disk takes what is said; if not, only STOP and HOLD
            go out, from memory.
        clock_apart_s: How far the wall clock has parted from node time.
        clock_error_s: How far the wall clock may be off; empty where nobody knows.
        has_notices: Whether notices are loaded; until then screening cannot tell.
        size: How many entries are durable.
        screens: How many screens follow the feed.
    """

    is_well: bool
    troubles: tuple[str, ...]
    cycled_at: Instant | None
    is_recording: bool
    clock_apart_s: float
    clock_error_s: float | None
    has_notices: bool
    size: int
    screens: int
    couriers: tuple[CourierState, ...]


def look(shared: Shared, *, is_known: bool = True) -> Health:
    """Look at the node as it is now.

    Args:
        shared: The node, and who follows it.
        is_known: Whether whoever asks is known; nobody else is told of couriers, for
            what a gateway says may name a mailbox or a number.
    """
    node = shared.service.node
    reading = node.clock.read()
    couriers = shared.service.courier_states() if is_known else ()
    grave = tuple(_grave(node, reading))
    light = tuple(_light(node, reading, couriers, shared.service.own.screener))
    return Health(
        is_well=not grave,
        troubles=(*grave, *light),
        cycled_at=node.runner.cycled_at,
        is_recording=node.writer.is_recording,
        clock_apart_s=_apart_s(reading),
        clock_error_s=reading.error_s,
        has_notices=node.lookout.is_loaded,
        size=node.log.size,
        screens=shared.feed.screens,
        couriers=couriers,
    )


def _grave(node: Node, reading: Reading) -> Iterator[str]:
    """Say what keeps calls from being taken, recorded and rung as promised."""
    cycled_at, writer = node.runner.cycled_at, node.writer
    if node.runner.failed is not None:
        yield f"The writer has stopped: {node.runner.failed}"
    elif cycled_at is None or reading.at - cycled_at > CYCLE_WITHIN:
        yield "The runner has not finished a cycle for five seconds."
    since = writer.waits_since
    if since is not None and reading.at - since > OWED_FOR:
        yield "The disk has owed an answer for more than a second."
    elif since is None and not writer.is_recording:
        yield "The disk does not take what is said; STOP and HOLD still ring."
    if abs(_apart_s(reading)) > CLOCK_WITHIN_S:
        yield f"The wall clock has parted {_apart_s(reading):+.1f} s from node time."


def _light(
    node: Node,
    reading: Reading,
    couriers: tuple[CourierState, ...],
    screener: Screener,
) -> Iterator[str]:
    """Say what somebody should mend, although calls are rung and recorded."""
    if reading.error_s is None:
        yield "Nothing disciplines the wall clock; its error is unknown."
    elif reading.error_s > CLOCK_WITHIN_S:
        yield f"The wall clock may be off by {reading.error_s:.1f} s."
    if node.log.trouble is not None:
        yield f"How far the log has come is not kept apart: {node.log.trouble}"
    if not node.has_ballast:
        yield "No room is held back for a full disk."
    if node.lookout.trouble is not None:
        yield f"Screening cannot tell: {node.lookout.trouble!r}"
    if node.writer.trouble is not None:
        yield f"A fault of ours was met: {node.writer.trouble!r}"
    if screener.trouble is not None:
        yield f"A notice may stand unscreened; start anew: {screener.trouble!r}"
    for state in couriers:
        if state.standing in (CourierStanding.TROUBLED, CourierStanding.DEAD):
            yield f"{state.medium} is {state.standing}: {state.trouble}"


def _apart_s(reading: Reading) -> float:
    return (reading.wall - reading.at).total_seconds()
