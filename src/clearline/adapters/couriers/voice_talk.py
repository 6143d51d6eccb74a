"""Lead a talk by keys, one that rings somebody or one that somebody began.

    a ring      card --1 to 7--> (why?) --> code or PIN --> the answer is spoken
                STOP, HOLD: 4 --> which? --> number --> place, by keys --> code or PIN
                RELEASE: 6 confirms, 7 refuses --> PIN
    a caller    1 STOP, 2 HOLD --> site's number --> PIN --> the answer is spoken
                4 lift ours --> call's number --> PIN --> a code is called to them
                5 --> that code --> the RELEASE is proposed
                3 call me back, 9 how it stands

What was pressed becomes the words of a short message, and goes to the switchboard as
one. Hanging up loses nothing: what was pressed so far is said for whoever hung up.
Pure: no clock, no sound, no line.
"""

from typing import Final

import msgspec

from clearline.model.calls import Kind
from clearline.service.phones.replies import say

MOST_SILENCES: Final = 2
"""How often somebody who presses nothing is asked again."""

MOST_DIGITS: Final = 12
MOST_PLACE: Final = 40
_ACTIONS: Final = "123567"
_READ_BACK: Final = "4"
_ANSWERED: Final = "67"
_UNABLE: Final = "2"
_REASONS: Final = "123456"
_AGAIN: Final = "0*"
_END: Final = "#"
_RAISED: Final = {"1": "STOP", "2": "HOLD"}
_LIFT: Final = "4"
_CODE: Final = "5"
_ASKED: Final = ("ask_kind", "ask_number", "ask_place")
"""What is asked, one after the other, of whoever reads a call back."""


_OFFERED: Final = (
    ("1", "stop"),
    ("2", "hold"),
    ("3", "back"),
    (_LIFT, "lift"),
    (_CODE, "code"),
)
"""What whoever rings here is told to press, and what for."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """Say what happens now.

    Attributes:
        speak: What is spoken; nothing to go on listening.
        words: What goes to the switchboard; its answer is to be spoken.
        is_over: Whether the line is let go once that was spoken.
    """

    speak: str = ""
    words: str | None = None
    is_over: bool = False


LISTEN: Final = Step()


class RingTalk:
    """Talk with somebody who was rung."""

    def __init__(
        self, card: str, code: str, language: str, kind: Kind = Kind.QUERY
    ) -> None:
        """Speak this card of a call of this kind; `code` is the ring's own."""
        self._card = card
        self._code = code
        self._language = language
        self._kind = kind
        self._said_back: list[str] = []
        self._action = ""
        self._reason = ""
        self._digits = ""
        self._silences = 0
        self._is_done = False

    def begin(self) -> Step:
        """Speak the card and what can be pressed."""
        return Step(speak=f"{self._card} {self._choices()}")

    def key(self, key: str) -> Step:
        """Take a key."""
        self._silences = 0
        if not self._action:
            return self._take_action(key)
        if self._action == _READ_BACK and len(self._said_back) < len(_ASKED):
            return self._take_back(key)
        if self._action == _UNABLE and not self._reason:
            self._reason = key if key in _REASONS else ""
            return self._ask_code() if self._reason else self._ask_reason()
        if key == "*":
            self._digits = ""
            return self._ask_code()
        if key != _END:
            self._digits = (self._digits + key)[:MOST_DIGITS]
            return LISTEN
        self._is_done = True
        return Step(words=self._words(self._digits))

    def answered(self, spoken: str) -> Step:
        """Speak what the switchboard answered, and take the next key."""
        self._action = self._reason = self._digits = ""
        self._said_back = []
        return Step(speak=spoken)

    def silence(self) -> Step:
        """Ask again, or let go."""
        self._silences += 1
        if self._is_done or self._silences > MOST_SILENCES:
            return Step(speak=self._say("goodbye"), is_over=True)
        if self._action == _READ_BACK and len(self._said_back) < len(_ASKED):
            return Step(speak=self._say(_ASKED[len(self._said_back)]))
        return self.begin() if not self._action else self._ask_code()

    def hung_up(self) -> str | None:
        """Say what goes to the switchboard although somebody hung up."""
        if not self._action or self._action == _READ_BACK:
            return None
        return self._words("")

    def _words(self, secret: str) -> str:
        said = (secret, self._action, self._reason, *self._said_back)
        return " ".join(filter(None, said))

    def _choices(self) -> str:
        if self._kind is Kind.RELEASE:
            return self._say("ask_release")
        asked = self._say("ask_answer")
        return f"{asked} {self._say('ask_read_back')}" if self._can_read_back else asked

    @property
    def _can_read_back(self) -> bool:
        return self._kind in (Kind.STOP, Kind.HOLD)

    def _take_back(self, key: str) -> Step:
        """Take what is read back: which call it was, its number, its place."""
        if not self._said_back:
            if key not in _RAISED:
                return Step(speak=self._say("ask_kind"))
            self._said_back.append(_RAISED[key])
        elif key == "*":
            self._digits = ""
        elif key != _END:
            self._digits = (self._digits + key)[:MOST_PLACE]
            return LISTEN
        else:
            self._said_back.append(self._digits)
            self._digits = ""
        if len(self._said_back) < len(_ASKED):
            return Step(speak=self._say(_ASKED[len(self._said_back)]))
        return self._ask_code()

    def _take_action(self, key: str) -> Step:
        if key in _AGAIN:
            return self.begin()
        if key not in _ACTIONS and not (key == _READ_BACK and self._can_read_back):
            return Step(speak=self._choices())
        self._action = key
        if key == _READ_BACK:
            return Step(speak=self._say("ask_kind"))
        return self._ask_reason() if key == _UNABLE else self._ask_code()

    def _ask_reason(self) -> Step:
        return Step(speak=self._say("ask_reason"))

    def _ask_code(self) -> Step:
        if self._kind is Kind.RELEASE and self._action in _ANSWERED:
            return Step(speak=self._say("ask_pin"))
        return Step(speak=self._say("ask_code", code=" ".join(self._code)))

    def _say(self, key: str, **names: object) -> str:
        return say(self._language, key, **names)


class CallerTalk:
    """Talk with somebody who rang here."""

    def __init__(self, language: str, first: str = "") -> None:
        """Speak this language, and say `first` before the menu."""
        self._language = language
        self._first = first
        self._is_called = bool(first)
        self._raised = self._lifts = ""
        self._site: str | None = None
        self._digits = ""
        self._silences = 0
        self._has_said = False

    def begin(self) -> Step:
        """Greet, and say what can be pressed."""
        parts = [self._first] if self._first else []
        self._first = ""
        parts.append(say(self._language, "greeting"))
        for key, what in _OFFERED:
            named = say(self._language, f"key_{what}")
            parts.append(say(self._language, "press", key=key, what=named))
        return Step(speak=" ".join(parts))

    def key(self, key: str) -> Step:
        """Take a key."""
        self._silences = 0
        if not self._raised and not self._lifts:
            return self._choose(key)
        if key == "*":
            self._digits = ""
            return self._ask()
        if key != _END:
            self._digits = (self._digits + key)[:MOST_DIGITS]
            return LISTEN
        if self._site is None and self._lifts != _CODE:
            self._site, self._digits = self._digits, ""
            return self._ask()
        self._has_said = True
        return Step(words=self._words())

    def answered(self, spoken: str) -> Step:
        """Speak what the switchboard answered; more can be said."""
        self._raised, self._lifts, self._site, self._digits = "", "", None, ""
        return Step(speak=spoken)

    def silence(self) -> Step:
        """Ask again; a STOP that was begun is not waited with for ever."""
        self._silences += 1
        if self._silences <= MOST_SILENCES and not (
            self._has_said and not self._raised
        ):
            return self._ask() if self._raised or self._lifts else self.begin()
        if self._raised:
            self._has_said = True
            return Step(words=self._words())
        return Step(speak=say(self._language, "goodbye"), is_over=True)

    def hung_up(self) -> str | None:
        """Say for whoever hung up what they had pressed; nothing is a missed call.

        But not where we called them: two machines would call each other for ever.
        """
        if self._raised:
            return self._words()
        if self._has_said or self._lifts or self._is_called:
            return None
        return ""

    def _choose(self, key: str) -> Step:
        if key in _RAISED:
            self._raised = _RAISED[key]
            return self._ask()
        if key in (_LIFT, _CODE):
            self._lifts = key
            return self._ask()
        if key == "3":
            self._has_said = True
            return Step(words="QUERY")
        if key == "9":
            self._has_said = True
            return Step(words="STATUS")
        return self.begin()

    def _ask(self) -> Step:
        if self._lifts:
            first = "ask_number" if self._lifts == _LIFT else "ask_lift_code"
        else:
            first = "ask_site"
        key = first if self._site is None else "ask_pin"
        return Step(speak=say(self._language, key))

    def _words(self) -> str:
        if self._lifts == _CODE:
            return f"{self._digits} RELEASE"
        if self._lifts:
            return f"RELEASE {self._digits} {self._site}"
        site, pin = self._site or "", self._digits
        if self._site is None:
            site, pin = self._digits, ""
        return " ".join(filter(None, (self._raised, pin, site)))
