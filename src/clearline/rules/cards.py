"""Keep a card short enough to be read, spoken and sent.

A STOP or HOLD is cut, never refused: its first words stand, and it says how much is
not there. Anything else is refused, so that its caller shortens it.
"""

from typing import Final

from msgspec.structs import replace

from clearline.model.calls import Card
from clearline.model.places import Place, Unlocated
from clearline.rules.refusals import CardTooLong, refuse

LONGEST_LINE: Final = 1_000
"""Most characters of what is to stop, or of why: a minute and a half of speech."""

LONGEST_PLACE: Final = 300
"""Most characters of the words a place is told in."""


def cut_card(card: Card) -> Card:
    """Return a card of which every line is short enough."""
    return replace(
        card,
        where=_cut_place(card.where),
        where_again=_cut_place(card.where_again),
        what=_cut(card.what, LONGEST_LINE),
        why=_cut(card.why, LONGEST_LINE),
    )


def require_short(card: Card) -> None:
    """Refuse a card that would have to be cut.

    Raises:
        CardTooLong: It says which line, and by how much.
    """
    for name, text, most in (
        ("what", card.what, LONGEST_LINE),
        ("why", card.why, LONGEST_LINE),
        ("where", _words(card.where), LONGEST_PLACE),
        ("where, said again,", _words(card.where_again), LONGEST_PLACE),
    ):
        if len(text) > most:
            raise refuse(
                CardTooLong,
                f"The line {name!r} has {len(text):,} characters; {most:,} fit.",
                "Say it in fewer words, or in a second call.",
            )


def _words(place: Place | None) -> str:
    """Return the longest words of a place."""
    if place is None:
        return ""
    named = place.footprint.name if isinstance(place.footprint, Unlocated) else ""
    return max(place.text, place.method, named, key=len)


def _cut_place(place: Place | None) -> Place | None:
    if place is None or len(_words(place)) <= LONGEST_PLACE:
        return place
    footprint = place.footprint
    if isinstance(footprint, Unlocated):
        footprint = Unlocated(name=_cut(footprint.name, LONGEST_PLACE))
    return replace(
        place,
        footprint=footprint,
        text=_cut(place.text, LONGEST_PLACE),
        method=_cut(place.method, LONGEST_PLACE),
    )


def _cut(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    said = f" [cut here: {len(text):,} characters were said]"
    return text[: most - len(said)] + said
