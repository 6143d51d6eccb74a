"""Hold claims about control: who says which ground is held by whom, and how well.

Several may stand side by side about the same ground; none of them wins, and none is
ever changed: a newer one of the same source stands in the place of its older one.
"""

from typing import NewType

import msgspec

from clearline.model.claims import Certainty, Grip
from clearline.model.errors import BadInput
from clearline.model.facts import SourceKind
from clearline.model.grades import Credibility, Reliability
from clearline.model.instants import Instant
from clearline.model.parties import Actor, DeskId
from clearline.model.places import Place

ControlId = NewType("ControlId", str)

LONGEST_NAME = 200


class NotAControlClaim(BadInput):
    """Refuse a claim about control that says too little to be weighed."""


class ControlClaim(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Say that somebody says who holds some ground.

    Attributes:
        place: The ground.
        holder: Who is said to hold it, in words.
        grip: What is said to have become of it.
        source: Who says so: an outlet, an observer, a party.
        as_of: When it was so, as the source has it; UTC.
        tells: Desks that may see it; one's own party always may.
        instead_of: An older claim of the same source that it stands in the place of.
    """

    id: ControlId
    place: Place
    holder: str
    source: str
    source_kind: SourceKind
    as_of: Instant
    grip: Grip = Grip.HOLDS
    reliability: Reliability = Reliability.F
    credibility: Credibility = Credibility.NOT_JUDGED
    certainty: Certainty = Certainty.NOT_ASSESSED
    tells: tuple[DeskId, ...] = ()
    instead_of: ControlId | None = None

    def __post_init__(self) -> None:
        for name, words in (("holder", self.holder), ("source", self.source)):
            if not 0 < len(words.strip()) <= LONGEST_NAME:
                raise NotAControlClaim(
                    f"A claim about control names its {name} in 1 to "
                    f"{LONGEST_NAME} characters; this has {len(words.strip())}.",
                    state="Nothing was recorded.",
                    next="Say who holds the ground, and who says so.",
                )

    @property
    def grade(self) -> str:
        """Return the Admiralty grade, as `B2`."""
        return f"{self.reliability}{self.credibility}"


class ControlHeld(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a claim about control as it stands, and who entered it.

    Attributes:
        withdrawn_at: When whoever entered it took it back.
        followed_by: The claim that stands in its place.
    """

    claim: ControlClaim
    by: Actor
    at: Instant
    withdrawn_at: Instant | None = None
    followed_by: ControlId | None = None

    @property
    def stands(self) -> bool:
        """Say whether it is neither taken back nor followed by another."""
        return self.withdrawn_at is None and self.followed_by is None
