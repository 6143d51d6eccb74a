"""Take from a telephone how far a movement is.

    LEFT 4821 1207 words       our movement 1207 has left
    STANDS, LATE, DIVERTED, ARRIVED the same

Only the PIN, from an enrolled number, and only of what the person's own desk filed, or
a desk below it. A delay or another way is told to everybody again.
"""

from typing import Final

from clearline.model.notice_commands import ReportMovement
from clearline.model.notice_life import MovementState
from clearline.model.notices import Notice, NoticeId, NoticeKind
from clearline.model.parties import Actor
from clearline.picture.notices import CHANGES
from clearline.picture.picture import View
from clearline.rules.coded import Word
from clearline.service.calling import Said
from clearline.service.phones.asking import Ask, Looking, do
from clearline.service.phones.heard import Heard, actor
from clearline.service.phones.proven import Known
from clearline.service.phones.replies import say

STATES: Final = {
    Word.LEFT: MovementState.DEPARTED,
    Word.STANDS: MovementState.AT_STOP,
    Word.LATE: MovementState.DELAYED,
    Word.DIVERTED: MovementState.DIVERTED,
    Word.ARRIVED: MovementState.ARRIVED,
}
"""What each word says of a movement."""


class Convoys:
    """Keep how far movements are, for somebody on the road."""

    def __init__(self, ask: Ask, looking: Looking) -> None:
        """Ask the writer through `ask`, and look at what stands by `looking`."""
        self._ask, self._looking = ask, looking

    def take(self, heard: Heard, known: Known) -> Said:
        """Keep what was said of a movement.

        Raises:
            ClearlineError: The writer refused it: it cannot come next.
        """
        if known.person is None:
            return heard.reply("moved_pin")
        name, words = _named(heard)
        with self._looking() as view:
            by = actor(view, known.person, known.strength, heard.came)
            notice = _own(view, by, name)
        if notice is None:
            return heard.reply("moved_none")
        state = STATES[heard.meaning.word]
        do(
            self._ask,
            ReportMovement(notice=notice.id, by=by, state=state, detail=words),
        )
        is_told = state in CHANGES and notice.revision.tells
        told = say(heard.language, "moved_told") if is_told else ""
        return heard.reply("moved", notice=notice.id, state=state, told=told)


def _named(heard: Heard) -> tuple[str, str]:
    """Return the movement's number, and the words after it."""
    meaning = heard.meaning
    if meaning.number:
        return meaning.number, meaning.rest.strip()
    name, _, rest = meaning.rest.strip().partition(" ")
    return name, rest.strip()


def _own(view: View, by: Actor, name: str) -> Notice | None:
    """Find a movement the person's desk filed, or one below it, that goes on."""
    notice = view.notices.get(NoticeId(name))
    if notice is None or notice.owner != by.party or notice.is_over:
        return None
    desk = notice.filed_by.desk
    is_theirs = desk == by.desk or view.is_under(desk, by.desk)
    is_movement = notice.revision.kind is NoticeKind.MOVEMENT
    return notice if is_theirs and is_movement else None
