"""Tell an owner on a telephone who holds the coordinates of a place; take them back.

    WHO 4821 1207              of the place filed under 1207
    WITHDRAW 4821 1207         from here on nobody is told of it any more
    WITHDRAW 4821 1207 south   but for the desk named, everybody still is

Only the PIN, from an enrolled number, and only of what the person's own desk filed, or
a desk below it. What a desk was told stays known to it; it is told no newer revision,
and that the one it holds stands no more.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from clearline.model.instants import write_instant
from clearline.model.notice_commands import AmendNotice
from clearline.model.notice_details import Request, SiteDetails
from clearline.model.notices import Notice, NoticeId, Revision
from clearline.model.parties import Actor, DeskId
from clearline.picture.picture import View
from clearline.rules.coded import Word, even
from clearline.service.calling import Said
from clearline.service.phones.asking import Ask, Looking, do
from clearline.service.phones.heard import Heard, actor, spoken
from clearline.service.phones.proven import Known
from clearline.service.phones.replies import say

_MOST_LINES = 6


class Sites:
    """Say who holds what, and take it back, for somebody on a telephone."""

    def __init__(self, ask: Ask, looking: Looking) -> None:
        """Ask the writer through `ask`, and look at what stands by `looking`."""
        self._ask, self._looking = ask, looking

    def take(self, heard: Heard, known: Known) -> Said:
        """Answer WHO, or do what WITHDRAW says.

        Raises:
            ClearlineError: The writer refused it.
        """
        name, rest = _named(heard)
        if known.person is None or not name:
            return heard.reply("who_pin")
        with self._looking() as view:
            by = actor(view, known.person, known.strength, heard.came)
            own = _own(view, by, name)
            lines = list(_lines(heard, view, own)) if own is not None else []
        if own is None:
            return heard.reply("who_none")
        if heard.meaning.word is Word.WHO:
            text = " ".join(lines[:_MOST_LINES])
            return Said(text=text, spoken=spoken(text))
        return self._withdraw(heard, by, own, rest)

    def _withdraw(self, heard: Heard, by: Actor, notice: Notice, rest: str) -> Said:
        told = notice.revision.tells
        dropped = tuple(desk for desk in told if not rest or even(desk) == even(rest))
        if not dropped:
            desks = ", ".join(told) or "-"
            return heard.reply("withdraw_desk", site=notice.id, desks=desks)
        revision = _without(notice.revision, dropped)
        do(self._ask, AmendNotice(notice=notice.id, by=by, revision=revision))
        return heard.reply("withdrawn", site=notice.id, desks=", ".join(dropped))


def _named(heard: Heard) -> tuple[str, str]:
    """Return the place's number, and the desk named after it, if any."""
    meaning = heard.meaning
    if meaning.number:
        return meaning.number, meaning.rest.strip()
    name, _, rest = meaning.rest.strip().partition(" ")
    return name, rest.strip()


def _own(view: View, by: Actor, name: str) -> Notice | None:
    """Find what the person's desk filed, or one below it, if it still stands."""
    notice = view.notices.get(NoticeId(name))
    if notice is None or notice.is_over or notice.owner != by.party:
        return None
    desk = notice.filed_by.desk
    is_theirs = desk == by.desk or view.is_under(desk, by.desk)
    return notice if is_theirs else None


def _lines(heard: Heard, view: View, notice: Notice) -> Iterator[str]:
    newest = {one.desk: one for one in view.disclosures.get(notice.id) or ()}
    holding = [one for one in newest.values() if one.precision is not None]
    if not holding:
        yield say(heard.language, "who_nobody", site=notice.id)
    for one in holding:
        yield say(
            heard.language,
            "who_line",
            site=notice.id,
            desk=one.desk,
            precision=one.precision,
            at=write_instant(one.at.replace(microsecond=0)),
        )


def _without(revision: Revision, dropped: tuple[DeskId, ...]) -> Revision:
    """Return a revision that tells some desks no more."""
    details = revision.details
    if isinstance(details, SiteDetails):
        details = replace(details, request=Request.AMEND)
    return replace(
        revision,
        tells=tuple(desk for desk in revision.tells if desk not in dropped),
        consents=tuple(one for one in revision.consents if one.desk not in dropped),
        through=None if revision.through in dropped else revision.through,
        details=details,
    )
