"""Hold what is wrong with a form, field by field, all of it at once."""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from clearline.model.errors import BadInput


class Severity(StrEnum):
    """Say what a fault leads to."""

    REFUSE = "refuse"
    """It is not taken."""
    WARN = "warn"
    """It is taken, and whoever files it is told."""
    NOT_CHECKED = "not checked"
    """Nobody here could check it; that is not the same as right."""


class Fault(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one fault.

    Attributes:
        field: Its path in the form: `details.stops[2].at`.
        wrong: What is wrong, in a sentence.
        right: What would be right.
    """

    field: str
    wrong: str
    right: str
    severity: Severity = Severity.REFUSE


class FilingRefused(BadInput):
    """Refuse a form for what is wrong with it.

    Attributes:
        faults: All of it, field by field; also what would only have been warned of.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Say how much is wrong, the first of it in full."""
        self.faults = tuple(faults)
        refused = [one for one in self.faults if one.severity is Severity.REFUSE]
        first = refused[0] if refused else self.faults[0]
        more = f" ({len(refused) - 1} more)" if len(refused) > 1 else ""
        super().__init__(
            f"`{first.field}`: {first.wrong}{more}",
            state="Nothing was recorded, and nobody was told.",
            next=first.right,
        )


def refused(faults: Iterable[Fault]) -> bool:
    """Say whether any of them keeps it from being taken."""
    return any(one.severity is Severity.REFUSE for one in faults)
