"""Ring a number back that rang here once and hung up.

Whoever cannot pay for a call, or has no time to wait, lets it ring once. The line calls
the number it is enrolled under, and leads whoever picks up through its menu as if they
had called: STOP is one key away. A number nobody enrolled is not called: that would
let strangers make us call whom they like.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from clearline.model.instants import Duration, Instant
from clearline.model.parties import DeskId, Medium
from clearline.service.calling import SHORT_CHARACTERS, Message, Words
from clearline.service.phones.heard import Heard, spoken
from clearline.service.phones.replies import say
from clearline.service.ports import Clock

AGAIN_AFTER: Final = Duration(minutes=1)
"""How soon the same number is rung back again."""

_REMEMBERED: Final = 10_000


class RingingBack:
    """Ring back, and not the same number over and over."""

    def __init__(self, clock: Clock, tell: Callable[[Message], None]) -> None:
        """Ring through `tell`."""
        self._clock = clock
        self._tell = tell
        self._rung: OrderedDict[str, Instant] = OrderedDict()

    def ring_back(self, heard: Heard) -> None:
        """Ring back where the number is enrolled and was not rung just now."""
        number, now = heard.came.address, self._clock.read().at
        at = next((one for one in heard.enrolled if one.address == number), None)
        before = self._rung.get(number)
        if at is None or (before is not None and now - before < AGAIN_AFTER):
            return
        self._rung[number] = now
        self._rung.move_to_end(number)
        while len(self._rung) > _REMEMBERED:
            self._rung.popitem(last=False)
        text = say(at.language, "rung_back")
        self._tell(
            Message(
                call=None,
                person=at.person,
                desk=DeskId(""),
                medium=Medium.VOICE,
                address=number,
                words=Words(
                    language=at.language,
                    subject=text[:SHORT_CHARACTERS],
                    short=text[:SHORT_CHARACTERS],
                    text=text,
                    spoken=spoken(text),
                ),
                asks=True,
            )
        )
