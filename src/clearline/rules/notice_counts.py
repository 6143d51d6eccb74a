"""Count a party's notices of a month, by kind, status and outcome."""

from collections import Counter
from collections.abc import Iterable

from clearline.model.instants import Instant
from clearline.model.notices import Notice
from clearline.rules.notice_life import status_of
from clearline.wire.forms.notices import CountOf, NoticeCounts


def count_notices(notices: Iterable[Notice], month: str, now: Instant) -> NoticeCounts:
    """Count notices whose window begins in a month.

    Args:
        notices: Of one party.
        month: As `2026-03`, UTC.
        now: At which they have the status they are counted under.
    """
    counted = Counter(
        (
            notice.revision.kind,
            status_of(notice, now),
            notice.outcome.outcome if notice.outcome else None,
        )
        for notice in notices
        if notice.revision.window.start.strftime("%Y-%m") == month
    )
    rows = tuple(
        CountOf(kind=kind, status=status, outcome=outcome, count=count)
        for (kind, status, outcome), count in sorted(
            counted.items(), key=lambda item: tuple(str(part) for part in item[0])
        )
    )
    return NoticeCounts(month=month, counts=rows, total=sum(counted.values()))
