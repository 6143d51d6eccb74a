"""Find what is filed twice: the same place in other words, or the same number.

Only among the owner's own: what others filed near is not the filer's to know.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from clearline.geo.geodesy import distance_m
from clearline.model.faults import Fault, Severity
from clearline.model.notices import Notice, NoticeId, Revision
from clearline.model.parties import PartyId
from clearline.picture.marks import marks_near, named_under, position_of, ref_mark
from clearline.picture.picture import View

SAME_WITHIN_M: Final = 100.0
"""Two sites nearer than this are one, unless their owner says otherwise."""
MOST_TWINS: Final = 5
"""How many of them are named: who files ten thousand at one point knows by then."""


def twin_faults(
    view: View, owner: PartyId, notice: NoticeId, revision: Revision
) -> tuple[Fault, ...]:
    """List what of the owner's own stands under the same number, or at the place."""
    ref = ref_mark(owner, revision)
    faults = [
        Fault(
            field="details.ref",
            wrong=f"Notice {other.id!r} of yours has the same number.",
            right="Amend that one, or give this one a number of its own.",
        )
        for other in islice(_standing(view, notice, (ref,) if ref else ()), MOST_TWINS)
    ]
    here = position_of(revision)
    left = MOST_TWINS
    for other in _standing(view, notice, marks_near(owner, revision)):
        if not left:
            break
        there = position_of(other.revision)
        if here is None or there is None:
            continue
        apart_m = distance_m(here, there)
        if apart_m <= SAME_WITHIN_M:
            left -= 1
            faults.append(
                Fault(
                    field="where",
                    wrong=f"Notice {other.id!r} of yours, {other.revision.what!r}, "
                    f"stands {apart_m:,.0f} m away.",
                    right="If it is the same place in other words, amend that one.",
                    severity=Severity.WARN,
                )
            )
    return tuple(faults)


def _standing(view: View, own: NoticeId, marks: tuple[str, ...]) -> Iterator[Notice]:
    """Return the notices kept under some marks that still stand."""
    ids = (one for mark in marks for one in named_under(view, mark))
    found = (view.notices.get(one) for one in ids if one != own)
    return (one for one in found if one is not None and not one.is_over)
