"""Give each located place of a day a letter and a role; list those that are not."""

from collections.abc import Sequence

import msgspec

from clearline.model.places import Circle, Point, Sector
from clearline.replay.result import PlaceChecked, PlaceShown, Replay, RivalShown


class Keyed(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what a letter of the sketch stands for.

    Attributes:
        rival: The reading from another origin, where it is one.
    """

    letter: str
    role: str
    name: str
    place: PlaceShown | None = None
    rival: RivalShown | None = None


def keys(replay: Replay) -> tuple[Keyed, ...]:
    """Return everything the sketch shows, with its letter, in the order told."""
    check = replay.place_check
    located = [p for p in replay.places if _is_drawn(p)]
    keyed = [
        Keyed(
            letter=_letter(number),
            role=_role(place, check, replay),
            name=_label(place, replay.places),
            place=place,
        )
        for number, place in enumerate(located)
    ]
    by_id = {key.place.id: key.letter for key in keyed if key.place is not None}
    for rival in check.rival_origins:
        side = check.told_place if rival.of == "told" else check.meant_place
        letter = by_id.get(side or "", rival.of[:1].upper())
        marks = 1 + sum(1 for key in keyed if key.letter.startswith(f"{letter}\u2032"))
        keyed.append(
            Keyed(
                letter=f"{letter}{chr(0x2032) * marks}",
                role="rival",
                name=f"{letter} read from {rival.origin}",
                rival=rival,
            )
        )
    return tuple(keyed)


def unlocated(replay: Replay) -> tuple[PlaceShown, ...]:
    """Return the places that nobody can put on a map, in the order told."""
    return tuple(place for place in replay.places if not _is_located(place))


def centre_of(replay: Replay, keyed: Sequence[Keyed]) -> Keyed | None:
    """Return what the grid counts from: where the place told hangs, or the first."""
    by_id = {key.place.id: key for key in keyed if key.place is not None}
    check = replay.place_check
    for place in replay.places:
        is_checked = place.id in {check.told_place, check.meant_place}
        if is_checked and place.origin in by_id:
            return by_id[place.origin]
    return next(iter(by_id.values()), None)


def _is_located(place: PlaceShown) -> bool:
    return isinstance(place.footprint, Point | Circle | Sector)


def _is_drawn(place: PlaceShown) -> bool:
    """Say whether a place has a shape of its own; one said to be another has none."""
    return _is_located(place) and place.same_as is None


def _letter(number: int) -> str:
    """Return A to Z, then A1 and on."""
    turn, letter = divmod(number, 26)
    return chr(ord("A") + letter) + (str(turn) if turn else "")


def _role(place: PlaceShown, check: PlaceChecked, replay: Replay) -> str:
    if place.id == check.told_place:
        return "told"
    if place.id == check.meant_place:
        return "meant"
    if any(other.origin == place.id for other in replay.places):
        return "origin"
    is_rival = any(place.id in other.rivals for other in replay.places)
    return "origin" if is_rival else "other"


def _label(place: PlaceShown, places: Sequence[PlaceShown]) -> str:
    """Name a place; with its kind where another goes by the same name."""
    if sum(1 for other in places if other.name == place.name) > 1 and place.kind:
        return f"{place.name} ({place.kind})"
    return place.name
