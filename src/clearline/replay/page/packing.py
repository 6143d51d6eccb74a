"""Give marks and their labels rows of their own, so that none covers another.

A label stands above its mark and begins where the mark begins; where the line ends
too soon for it, it ends where the mark ends. Rows are given for the shortest line
the drawing is made for. A longer one only pulls marks apart, so what does not touch
on the shortest never touches.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

_LETTER_PX: Final = 8.0
_BADGE_PX: Final = 16.0
_DIGIT_PX: Final = 9.0
_GAP_PX: Final = 8.0
_MOMENT_PX: Final = 7.0
_TOUCH_PX: Final = 0.1


class Draft(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a mark before it has a row.

    Attributes:
        x0: Where it begins, per cent of the line.
        x1: Where it ends; `x0` for a moment.
        shape: What is known of its time: `at`, `about`, `within`, `lasts`, `band`.
        number: Its line or lines in the table beside the drawing, if it has any.
        tail: Where a band's lighter end ends, per cent; `x1` without one.
        opens_left: Whether it may lie before the beginning of the line.
        opens_right: Whether it goes on past the end of the line.
    """

    x0: float
    x1: float
    shape: str
    label: str
    number: str = ""
    tail: float | None = None
    opens_left: bool = False
    opens_right: bool = False


class Mark(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a mark in its row.

    Attributes:
        label_at: Where the label stands, per cent.
        ends_there: Whether the label ends there; otherwise it begins there.
    """

    draft: Draft
    row: int
    label_at: float
    ends_there: bool

    @property
    def far(self) -> float:
        """Return where it ends, its lighter end included, per cent."""
        return self.draft.x1 if self.draft.tail is None else self.draft.tail


def pack(drafts: Sequence[Draft], least_px: float) -> tuple[Mark, ...]:
    """Give each mark the first row in which neither it nor its label touches another.

    Args:
        drafts: Marks in the order they are told; earlier ones get upper rows.
        least_px: The shortest length the line is drawn at.
    """
    taken: list[list[tuple[float, float]]] = []
    marks = []
    for draft in drafts:
        mark, start, end = _place(draft, least_px)
        row = next(
            (n for n, spans in enumerate(taken) if _is_free(spans, start, end)),
            len(taken),
        )
        if row == len(taken):
            taken.append([])
        taken[row].append((start, end))
        marks.append(msgspec.structs.replace(mark, row=row))
    return tuple(marks)


def rows(marks: Sequence[Mark]) -> int:
    """Return how many rows the marks need, at least one."""
    return 1 + max((mark.row for mark in marks), default=0)


def label_px(label: str, number: str) -> float:
    """Return about how long a label is drawn, with its number, never less."""
    words = _LETTER_PX * len(label)
    return _BADGE_PX + _DIGIT_PX * len(number) + words if number else words


def _place(draft: Draft, least_px: float) -> tuple[Mark, float, float]:
    """Put the label at a mark's beginning, else its end, else the line's beginning."""
    needs = label_px(draft.label, draft.number)
    far = draft.x1 if draft.tail is None else draft.tail
    x0, x1 = draft.x0 * least_px / 100, far * least_px / 100
    about = _MOMENT_PX if draft.x0 == far else 0.0
    if x0 + needs <= least_px:
        at, ends, label = draft.x0, False, (x0, x0 + needs + _GAP_PX)
    elif x1 >= needs:
        at, ends, label = far, True, (x1 - needs - _GAP_PX, x1)
    else:
        at, ends, label = 0.0, False, (0.0, needs + _GAP_PX)
    mark = Mark(draft=draft, row=0, label_at=at, ends_there=ends)
    return mark, min(x0 - about, label[0]), max(x1 + about, label[1])


def _is_free(spans: Sequence[tuple[float, float]], start: float, end: float) -> bool:
    return all(end <= s + _TOUCH_PX or e <= start + _TOUCH_PX for s, e in spans)
