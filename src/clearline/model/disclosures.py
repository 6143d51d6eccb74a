"""Hold what was told of notices, to whom, how exactly, and who asked too much."""

from enum import StrEnum
from typing import Final, TypeAlias, get_args

import msgspec

from clearline.model.instants import Instant
from clearline.model.notices import NoticeId, Precision
from clearline.model.parties import DeskId, PartyId


class How(StrEnum):
    """Name by what a desk came to be told, or is told no more."""

    FILED = "filed"
    AMENDED = "amended"
    FORWARDED = "forwarded"
    WITHDRAWN = "consent withdrawn"


class ToldTo(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say that a desk is told, and how exactly.

    Attributes:
        precision: `None` where it is told no more; what it knows stays known.
    """

    desk: DeskId
    precision: Precision | None


class NoticeDisclosed(msgspec.Struct, frozen=True, kw_only=True):
    """Say which desks are told of a revision from here on, and how exactly."""

    notice: NoticeId
    revision: int
    to: tuple[ToldTo, ...]
    how: How


class ProbingSeen(msgspec.Struct, frozen=True, kw_only=True):
    """Say that a desk asks as somebody asks who looks for what they are not told.

    Attributes:
        questions: How many it asked within the hour.
        small: How many of those were about small areas.
        cells: Where, by cell and no more exactly.
    """

    party: PartyId
    desk: DeskId
    questions: int
    small: int
    since: Instant
    cells: tuple[str, ...]


class Disclosed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one disclosure as it is kept: what a desk was told, and when."""

    desk: DeskId
    revision: int
    precision: Precision | None
    how: How
    at: Instant


class Probed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold that a desk asked too much, and when that was seen."""

    seen: ProbingSeen
    at: Instant


class NoteProbing(msgspec.Struct, frozen=True, kw_only=True):
    """Keep that a desk asks too much; the node itself asks for this."""

    seen: ProbingSeen


DisclosureAct: TypeAlias = NoticeDisclosed | ProbingSeen

DISCLOSURE_ACTS: Final = get_args(DisclosureAct)
"""The types of every act about disclosure, for `isinstance`."""
