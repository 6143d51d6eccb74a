"""Hold the acts about claims of control, as they stand in the log."""

from typing import Final, TypeAlias, get_args

import msgspec

from clearline.model.control import ControlClaim, ControlId
from clearline.model.parties import Actor


class ControlClaimed(msgspec.Struct, frozen=True, kw_only=True):
    """Enter who says who holds some ground."""

    claim: ControlClaim
    by: Actor


class ControlWithdrawn(msgspec.Struct, frozen=True, kw_only=True):
    """Take a claim about control back; it stays in the log."""

    claim: ControlId
    by: Actor
    why: str = ""


ControlAct: TypeAlias = ControlClaimed | ControlWithdrawn

CONTROL_ACTS: Final = get_args(ControlAct)
"""The types of every act about a claim of control, for `isinstance`."""
