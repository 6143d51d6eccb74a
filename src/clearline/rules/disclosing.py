"""Write down what every act about a notice tells, to whom, and how exactly.

| act | tells |
|---|---|
| filed, and it goes through nobody | each desk it names |
| amended | each desk it reaches, anew; those dropped, no more |
| forwarded | the desk it is forwarded to |

So its owner can be told at any time who holds what, since when, at which precision.
What a desk was told stays known to it; that it is told no more says nothing else.
"""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from clearline.model.disclosures import How, NoticeDisclosed, ToldTo
from clearline.model.entries import Act
from clearline.model.notice_acts import NoticeAmended, NoticeFiled, NoticeRouted
from clearline.model.notice_life import Routing
from clearline.model.notices import Revision
from clearline.model.parties import DeskId
from clearline.picture.picture import Picture
from clearline.rules.mailed import is_by_mail


def disclosed_by(picture: Picture, acts: Iterable[Act]) -> tuple[Act, ...]:
    """Return what acts about notices tell, as acts to follow them.

    Args:
        picture: What stood before them.
        acts: What was decided.
    """
    return tuple(_disclosed(picture, acts))


def _disclosed(picture: Picture, acts: Iterable[Act]) -> Iterator[Act]:
    for act in acts:
        match act:
            case NoticeFiled(revision=revision) if revision.through is None:
                yield from _told(act, revision, revision.tells, How.FILED)
            case NoticeAmended():
                yield from _amended(picture, act)
            case NoticeRouted(routing=Routing.FORWARDED, to=to, by=by) if (
                to is not None and not is_by_mail(by)
            ):
                known = picture.notices.get(act.notice)
                if known is not None:
                    yield from _told(act, known.revision, (to,), How.FORWARDED)
            case _:
                pass


def _amended(picture: Picture, act: NoticeAmended) -> Iterator[Act]:
    before = picture.notices.get(act.notice)
    if before is None:
        return
    after = replace(before, revision=act.revision)
    reached = tuple(desk for desk in act.revision.tells if after.reaches(desk))
    yield from _told(act, act.revision, reached, How.AMENDED)
    dropped = tuple(
        ToldTo(desk=desk, precision=None)
        for desk in before.revision.tells
        if desk not in act.revision.tells and before.reaches(desk)
    )
    if dropped:
        yield NoticeDisclosed(
            notice=act.notice,
            revision=act.revision.number,
            to=dropped,
            how=How.WITHDRAWN,
        )


def _told(
    act: NoticeFiled | NoticeAmended | NoticeRouted,
    revision: Revision,
    desks: tuple[DeskId, ...],
    how: How,
) -> Iterator[Act]:
    to = tuple(
        ToldTo(desk=desk, precision=revision.precision_for(desk)) for desk in desks
    )
    if to:
        yield NoticeDisclosed(
            notice=act.notice, revision=revision.number, to=to, how=how
        )
