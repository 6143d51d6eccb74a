"""Lead a talk by keys, one that rings somebody or one that somebody began.

    a ring      card --1 to 7--> (why?) --> code or PIN --> the answer is spoken
    a caller    1 STOP, 2 HOLD --> site's number --> PIN --> the answer is spoken
                3 call me back, 9 how it stands

What was pressed becomes the words of a short message, and goes to the switchboard as
one. Hanging up loses nothing: what was pressed so far is said for whoever hung up.
Pure: no clock, no sound, no line.
"""

from typing import Final

import msgspec

from clearline.service.phones.replies import say

MOST_SILENCES: Final = 2
"""How often somebody who presses nothing is asked again."""

MOST_DIGITS: Final = 12
_ACTIONS: Final = "123567"
_UNABLE: Final = "2"
_REASONS: Final = "123456"
_AGAIN: Final = "0*"
_END: Final = "#"
_RAISED: Final = {"1": "STOP", "2": "HOLD"}


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

    def __init__(self, card: str, code: str, language: str) -> None:
        """Speak this card; `code` is the ring's own."""
        self._card = card
        self._code = code
        self._language = language
        self._action = ""
        self._reason = ""
        self._digits = ""
        self._silences = 0
        self._is_done = False

    def begin(self) -> Step:
        """Speak the card and what can be pressed."""
        return Step(speak=f"{self._card} {self._say('ask_answer')}")

    def key(self, key: str) -> Step:
        """Take a key."""
        self._silences = 0
        if not self._action:
            return self._take_action(key)
        if self._action == _UNABLE and not self._reason:
            if key not in _REASONS:
                return Step(speak=self._say("ask_reason"))
            self._reason = key
            return self._ask_code()
        if key == "*":
            self._digits = ""
            return self._ask_code()
        if key != _END:
            self._digits = (self._digits + key)[:MOST_DIGITS]
            return LISTEN
        words = " ".join(filter(None, (self._digits, self._action, self._reason)))
        self._is_done = True
        return Step(words=words)

    def answered(self, spoken: str) -> Step:
        """Speak what the switchboard answered, and take the next key."""
        self._action = self._reason = self._digits = ""
        return Step(speak=spoken)

    def silence(self) -> Step:
        """Ask again, or let go."""
        self._silences += 1
        if self._is_done or self._silences > MOST_SILENCES:
            return Step(speak=self._say("goodbye"), is_over=True)
        return self.begin() if not self._action else self._ask_code()

    def hung_up(self) -> str | None:
        """Say what goes to the switchboard although somebody hung up."""
        if not self._action:
            return None
        return " ".join(filter(None, (self._action, self._reason)))

    def _take_action(self, key: str) -> Step:
        if key in _AGAIN:
            return self.begin()
        if key not in _ACTIONS:
            return Step(speak=self._say("ask_answer"))
        self._action = key
        return (
            Step(speak=self._say("ask_reason")) if key == _UNABLE else self._ask_code()
        )

    def _ask_code(self) -> Step:
        return Step(speak=self._say("ask_code", code=" ".join(self._code)))

    def _say(self, key: str, **names: object) -> str:
        return say(self._language, key, **names)


class CallerTalk:
    """Talk with somebody who rang here."""

    def __init__(self, language: str) -> None:
        """Speak this language."""
        self._language = language
        self._raised = ""
        self._site: str | None = None
        self._digits = ""
        self._silences = 0
        self._has_said = False

    def begin(self) -> Step:
        """Greet, and say what can be pressed."""
        parts = [say(self._language, "greeting")]
        for key, what in (("1", "stop"), ("2", "hold"), ("3", "back")):
            named = say(self._language, f"key_{what}")
            parts.append(say(self._language, "press", key=key, what=named))
        return Step(speak=" ".join(parts))

    def key(self, key: str) -> Step:
        """Take a key."""
        self._silences = 0
        if not self._raised:
            return self._choose(key)
        if key == "*":
            self._digits = ""
            return self._ask()
        if key != _END:
            self._digits = (self._digits + key)[:MOST_DIGITS]
            return LISTEN
        if self._site is None:
            self._site, self._digits = self._digits, ""
            return self._ask()
        self._has_said = True
        return Step(words=self._words())

    def answered(self, spoken: str) -> Step:
        """Speak what the switchboard answered; more can be said."""
        self._raised, self._site, self._digits = "", None, ""
        return Step(speak=spoken)

    def silence(self) -> Step:
        """Ask again; a STOP that was begun is not waited with for ever."""
        self._silences += 1
        if self._silences <= MOST_SILENCES and not (
            self._has_said and not self._raised
        ):
            return self._ask() if self._raised else self.begin()
        if self._raised:
            self._has_said = True
            return Step(words=self._words())
        return Step(speak=say(self._language, "goodbye"), is_over=True)

    def hung_up(self) -> str | None:
        """Say for whoever hung up what they had pressed; nothing is a missed call."""
        if self._raised:
            return self._words()
        return None if self._has_said else ""

    def _choose(self, key: str) -> Step:
        if key in _RAISED:
            self._raised = _RAISED[key]
            return self._ask()
        if key == "3":
            self._has_said = True
            return Step(words="QUERY")
        if key == "9":
            self._has_said = True
            return Step(words="STATUS")
        return self.begin()

    def _ask(self) -> Step:
        key = "ask_site" if self._site is None else "ask_pin"
        return Step(speak=say(self._language, key))

    def _words(self) -> str:
        site, pin = self._site or "", self._digits
        if self._site is None:
            site, pin = self._digits, ""
        return " ".join(filter(None, (self._raised, pin, site)))
