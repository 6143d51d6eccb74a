"""Say what a short message means: the coded phrases of a telephone.

    482913 1                  the ring's code, or a PIN: I have it
    482913 2 4 words          unable, by the number of the reason
    482913 3                  standby
    482913 4 STOP 17 place    read back: kind, number, place, what
    482913 5                  it has ceased
    482913 6, 482913 7        yes, no
    STOP 4821 1207 words      with a PIN and the number of one's own site
    HOLD, QUERY, RELEASE, STATUS, HELP
    WHO 4821 1207             who was told of my place; WITHDRAW 4821 1207: nobody now
    LEFT 4821 1207 words      our movement has left; STANDING, LATE, DIVERTED, ARRIVED

What is pressed on a keypad and what is written in a message are the same words. Case,
accents, vowel signs and the script of figures make no difference. Nothing here judges
whether a code or a PIN is right.
"""

import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

import msgspec

from clearline.model.calls import UnableReason


class Word(StrEnum):
    """Name what a message asks for."""

    HAVE = "1"
    UNABLE = "2"
    STANDBY = "3"
    READ_BACK = "4"
    CEASED = "5"
    YES = "6"
    NO = "7"
    STOP = "STOP"
    HOLD = "HOLD"
    QUERY = "QUERY"
    RELEASE = "RELEASE"
    STATUS = "STATUS"
    WHO = "WHO"
    WITHDRAW = "WITHDRAW"
    LEFT = "LEFT"
    STANDS = "STANDS"
    LATE = "LATE"
    DIVERTED = "DIVERTED"
    ARRIVED = "ARRIVED"
    HELP = "HELP"
    NOTHING = ""


REASONS: Final = {
    "1": UnableReason.NOT_OURS,
    "2": UnableReason.CANNOT_REACH_THEM,
    "3": UnableReason.IN_CONTACT,
    "4": UnableReason.NEED_AUTHORITY,
    "5": UnableReason.UNCLEAR,
    "6": UnableReason.OTHER,
}
"""The reason each figure stands for."""

PHRASES: Final[dict[Word, tuple[str, ...]]] = {
    Word.STOP: (
        *("stop", "cease", "cease fire", "halt"),
        *("قف", "قفوا", "أوقف", "أوقفوا", "توقف", "توقفوا", "وقف"),
        *("стоп", "прекратить", "прекратите", "остановите"),
        *("припинити", "припиніть", "зупиніть"),
        *("עצור", "עצרו", "הפסק", "הפסיקו", "חדל"),
        *("arrêt", "arrêtez", "halte", "cessez"),
    ),
    Word.HOLD: (
        *("hold", "pause", "check fire"),
        *("انتظر", "انتظروا", "تمهل", "تمهلوا"),
        *("пауза", "приостановить", "приостановите", "ждите"),
        *("зачекайте", "призупинити", "призупиніть"),
        *("המתן", "המתינו"),
        *("attendez", "suspendez"),
    ),
    Word.QUERY: ("query", "سؤال", "استفسار"),
    Word.RELEASE: ("release", "رفع"),
    Word.STATUS: ("status", "حالة", "الحالة"),
    Word.WHO: (
        "who",
        "who holds",
        "من يعرف",
        "кто знает",
        "хто знає",
        "מי יודע",
        "qui",
    ),
    Word.WITHDRAW: ("withdraw", "اسحب", "отозвать", "відкликати", "משוך", "retirer"),
    Word.LEFT: ("left", "departed", "غادرنا", "выехали", "виїхали", "partis"),
    Word.STANDS: ("standing", "نحن واقفون", "стоим", "стоїмо"),
    Word.LATE: ("late", "delayed", "تأخرنا", "задерживаемся", "затримуємось"),
    Word.DIVERTED: ("diverted", "غيرنا الطريق"),
    Word.ARRIVED: ("arrived", "وصلنا", "прибыли", "прибули", "arrivés"),
    Word.HELP: ("help", "مساعدة", "?"),
    Word.HAVE: ("wilco", "ack"),
    Word.UNABLE: ("unable",),
    Word.STANDBY: ("standby",),
    Word.CEASED: ("ceased",),
}
"""What is understood: English, Arabic, Russian, Ukrainian, Hebrew, French."""

SHORTEST_SECRET: Final = 4
LONGEST_SECRET: Final = 8
LONGEST_READ: Final = 4000
"""Characters of a message that are read; what comes after is left out."""

_LONGEST_NUMBER: Final = 12
_CALLED_PIN: Final = frozenset({"pin", "code"})  # as the replies name what is sent
_AFTER_FIGURES: Final = "#*,;:"
_JOINING: Final = frozenset({"Mn", "Mc", "Cf"})


class Meaning(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what a message means.

    Attributes:
        secret: Figures that may be a ring's code or a PIN; empty if none came.
        number: A site's number after STOP or HOLD, a call's after anything else.
        reason: Why somebody is unable, where it was said.
        rest: What came after all that, as it was written.
        masked: The whole message with its secret struck out.
        has_stop: Whether a phrase for STOP stands anywhere in it, among other words.
    """

    word: Word
    secret: str = ""
    number: str = ""
    reason: UnableReason | None = None
    rest: str = ""
    masked: str = ""
    has_stop: bool = False

    @property
    def is_urgent(self) -> bool:
        """Say whether it asks something to stop."""
        return self.word in (Word.STOP, Word.HOLD)


def read_message(text: str) -> Meaning:
    """Read a message; one that means nothing comes back as `Word.NOTHING`."""
    message = _Message(text[:LONGEST_READ])
    word = message.take_phrase()
    secret = message.take_secret()
    if word is Word.NOTHING:
        word = message.take_phrase() if secret else Word.NOTHING
        word = word if word is not Word.NOTHING else message.take_key()
        secret = secret or message.take_secret()
    reason = message.take_reason() if word is Word.UNABLE else None
    number = "" if word in (Word.UNABLE, Word.READ_BACK) else message.take_number()
    return Meaning(
        word=word,
        secret=secret,
        number=number,
        reason=reason,
        rest=message.rest(),
        masked=message.masked(),
        has_stop=any(piece in _STOPS for piece in message.pieces()),
    )


def even(text: str) -> str:
    """Return a text without case, accents, vowel signs; figures as 0 to 9."""
    kept = []
    for c in unicodedata.normalize("NFKD", text).casefold():
        category = unicodedata.category(c)
        if category == "Nd":
            kept.append(str(unicodedata.digit(c)))
        elif category not in _JOINING and c != "\u0640":
            kept.append(c)
    return "".join(kept)


class _Message:
    """Take a message apart from its front."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._secret: tuple[int, int] | None = None

    def take_phrase(self) -> Word:
        """Take the longest phrase that stands at the front, or nothing."""
        first, after_first = self._piece(self._at)
        second, after_second = self._piece(after_first)
        for said, after in ((f"{first} {second}", after_second), (first, after_first)):
            if said in _WORDS:
                self._at = after
                return _WORDS[said]
        if self._text[self._at :].strip() == "?":
            return Word.HELP
        return Word.NOTHING

    def take_key(self) -> Word:
        """Take one figure of the menu."""
        figures = self._take_figures(1, 1)
        try:
            return Word(figures)
        except ValueError:
            return Word.NOTHING

    def take_secret(self) -> str:
        """Take what may be a code or a PIN."""
        before = self._at
        word, after = self._piece(before)
        if word in _CALLED_PIN:
            self._at = after
        begin, figures = self._at, self._take_figures(SHORTEST_SECRET, LONGEST_SECRET)
        if figures:
            self._secret = (begin, self._at)
        else:
            self._at = before
        return figures

    def take_number(self) -> str:
        """Take the number of a site or a call."""
        return self._take_figures(1, _LONGEST_NUMBER)

    def take_reason(self) -> UnableReason | None:
        """Take the figure of a reason."""
        begin, figures = self._at, self._take_figures(1, 1)
        if figures and figures not in REASONS:
            self._at = begin
        return REASONS.get(figures)

    def pieces(self) -> Iterator[str]:
        """List every run of letters and figures."""
        at = 0
        while at < len(self._text):
            while at < len(self._text) and not self._text[at].isalnum():
                at += 1
            piece, at = self._piece(at)
            yield piece

    def rest(self) -> str:
        """Return what was not taken, as it was written."""
        return self._text[self._at :].strip(_AFTER_FIGURES + " \t\r\n")

    def masked(self) -> str:
        """Return all of it, the secret struck out."""
        if self._secret is None:
            return self._text
        begin, end = self._secret
        struck = "".join("*" if c.isdigit() else c for c in self._text[begin:end])
        return self._text[:begin] + struck + self._text[end:]

    def _take_figures(self, least: int, most: int) -> str:
        piece, after = self._piece(self._at)
        is_whole = after == len(self._text) or (
            self._text[after].isspace() or self._text[after] in _AFTER_FIGURES
        )
        if not (piece.isascii() and piece.isdigit() and is_whole):
            return ""
        if not least <= len(piece) <= most:
            return ""
        self._at = after
        return piece

    def _piece(self, at: int) -> tuple[str, int]:
        """Return the next run of letters and figures, evened, and where it ends."""
        while at < len(self._text) and not self._text[at].isalnum():
            if self._text[at] in "+-.°'\"":
                return "", at  # a sign belongs to a number that is no code
            at += 1
        end = at
        while end < len(self._text) and _is_joined(self._text[end]):
            end += 1
        return even(self._text[at:end]), end


def _is_joined(c: str) -> bool:
    return c.isalnum() or unicodedata.category(c) in _JOINING


_STOPS: Final = frozenset(even(phrase) for phrase in PHRASES[Word.STOP])
_WORDS: Final = {
    even(phrase): word for word, phrases in PHRASES.items() for phrase in phrases
}
