"""Hold what was sent, what was said back, and how the two compare.

An element is one thing that must come back right: a place, an instant, a window,
a number or a text. It always carries words; beside them it may carry the value
those words stand for. What was sent usually has both; what was heard is words.
"""

from enum import StrEnum

import msgspec

from clearline.model.errors import BadInput
from clearline.model.instants import Instant, Window
from clearline.model.places import Interval, Place


class NotAnElement(BadInput):
    """Refuse an element that contradicts itself or cannot be named."""


class ElementKind(StrEnum):
    """Say what an element is, and so how it is compared."""

    PLACE = "place"
    INSTANT = "instant"
    WINDOW = "window"
    NUMBER = "number"
    TEXT = "text"


class ReadbackElement(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one thing that must come back right.

    Attributes:
        name: What it is called in this call, for example `where`, `until`.
        kind: How it is compared.
        text: The words sent, or the words heard; never changed.
        place: The value, for a place; `None` where only words are known.
        at: The value, for an instant.
        window: The value, for a window.
        number: The value, for a number, in `unit`.
        unit: Unit of the number, for example `km`; empty for a count.
    """

    name: str
    kind: ElementKind
    text: str
    place: Place | None = None
    at: Instant | None = None
    window: Window | None = None
    number: float | None = None
    unit: str = ""

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise NotAnElement(
                "A readback element has no name.",
                state="Nothing was compared.",
                next="Name it, so that both sides know what is compared.",
            )
        values = {
            ElementKind.PLACE: self.place,
            ElementKind.INSTANT: self.at,
            ElementKind.WINDOW: self.window,
            ElementKind.NUMBER: self.number,
        }
        for kind, value in values.items():
            if value is not None and kind is not self.kind:
                raise NotAnElement(
                    f"The element {self.name!r} is a {self.kind} but carries the "
                    f"value of a {kind}.",
                    state="Nothing was compared.",
                    next=f"Send it as a {kind}, or leave that value out.",
                )


class ElementOutcome(StrEnum):
    """Say how one element came back."""

    MATCHES = "matches"
    DIFFERS = "differs"
    MISSING = "missing"
    CANNOT_TELL = "cannot_tell"


class ElementResult(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold how one element came back.

    Attributes:
        name: The element's name.
        kind: How it was compared.
        outcome: How it came back.
        sent: The words sent.
        said: The words heard; `None` where nothing was.
        off_by: Least and greatest difference between the two, where it differs
            and can be measured.
        off_by_unit: `m` for places, `s` for times, else the number's own unit.
        why: One sentence that says what was compared and what came out.
        say_again: What to say to the other side now; empty where it matches.
    """

    name: str
    kind: ElementKind
    outcome: ElementOutcome
    sent: str
    said: str | None = None
    off_by: Interval | None = None
    off_by_unit: str = ""
    why: str = ""
    say_again: str = ""


class ReadbackResult(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold how a whole readback came out, element by element.

    Attributes:
        elements: One result for each element sent, in the order sent.
        not_sent: Names of elements heard that were never sent; they are shown to
            the caller, and they do not make a readback match or fail.
    """

    elements: tuple[ElementResult, ...]
    not_sent: tuple[str, ...] = ()

    @property
    def is_match(self) -> bool:
        """Say whether every element came back right; with none sent, it did not."""
        return bool(self.elements) and all(
            element.outcome is ElementOutcome.MATCHES for element in self.elements
        )
