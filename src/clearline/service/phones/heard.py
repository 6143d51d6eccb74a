"""Hold what came in with what it means, and reply in its language and voice."""

import re
from typing import Final

import msgspec

from clearline.model.calls import CallId
from clearline.model.parties import Actor, PersonId, Strength
from clearline.picture.picture import View
from clearline.rules.coded import Meaning
from clearline.rules.refusals import UnknownPerson, refuse
from clearline.service.calling import Address, CameIn, Said
from clearline.service.phones.replies import DEFAULT, say

_SCRIPTS: Final = {"\u0600": "ar", "\u0590": "he", "\u0400": "ru"}
_LONGEST_SCRIPT: Final = 0x100
_FIGURES: Final = re.compile(r"\d{2,}")


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what came in, what it means, and for whom its address is enrolled.

    Attributes:
        calls: What turns out to be raised or answered by it.
    """

    came: CameIn
    meaning: Meaning
    enrolled: tuple[Address, ...]
    language: str
    calls: list[CallId] = msgspec.field(default_factory=list)

    def reply(self, key: str, /, **names: object) -> Said:
        """Say one thing back in the language it came in."""
        return said(self.language, key, **names)


def said(language: str, key: str, /, **names: object) -> Said:
    """Say one thing back, written and spoken."""
    text = say(language, key, **names)
    return Said(text=text, spoken=spoken(text))


def spoken(text: str) -> str:
    """Part the figures of every number, so that a voice says them one by one."""
    return _FIGURES.sub(lambda found: " ".join(found.group()), text)


def language_of(words: str, enrolled: tuple[Address, ...]) -> str:
    """Say in which language to answer: the enrolled one, or that of the script."""
    if enrolled:
        return enrolled[0].language
    for c in words:
        for first, language in _SCRIPTS.items():
            if 0 <= ord(c) - ord(first) < _LONGEST_SCRIPT and c.isalpha():
                return language
    return DEFAULT


def actor(view: View, person: PersonId, strength: Strength, came: CameIn) -> Actor:
    """Let a person act by telephone.

    Raises:
        UnknownPerson: They are on this line no more.
    """
    known = view.persons.get(person)
    desk = view.desks.get(known.desk) if known else None
    if known is None or desk is None:
        raise refuse(
            UnknownPerson,
            f"{person} is on this line no more.",
            "Have yourself entered anew at your desk.",
        )
    return Actor(
        party=desk.party,
        desk=desk.id,
        strength=strength,
        person=person,
        device=came.medium.value,
    )
