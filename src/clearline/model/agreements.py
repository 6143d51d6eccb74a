"""Hold agreements: what two parties hold each other to, as data, version by version.

    proposed --confirmed by the other side--> waits for its start --> in force --> over
       '------------- ended by either side: at once, or after the notice it names ---'

A version is never changed. A newer one takes its place from its own start on, once the
other side has confirmed it, or at once where the one in force says that one side may
change that alone.
"""

from enum import StrEnum
from typing import NewType

import msgspec

from clearline.model.instants import FOREVER, Duration, Instant
from clearline.model.notice_details import NoticeKind
from clearline.model.parties import Actor, PartyId

AgreementId = NewType("AgreementId", str)

USUAL_NOTICE = Duration(days=1)
"""How long before it ends its end is said, unless it names another time."""


class Change(StrEnum):
    """Name what one side may change alone; each makes it more careful, never less."""

    WIDER = "wider"
    LONGER = "longer"


class AgreementState(StrEnum):
    """Name where an agreement stands."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    IN_FORCE = "in force"
    OVER = "over"


class Margin(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold a standing buffer between a plan of one side and a notice of the other.

    Attributes:
        buffer_m: Added to the margins both gave, metres.
        buffer_s: Added before and after, seconds.
        actions: Types of activity it is for, in words; none for every one.
        kinds: Kinds of notice it is for; none for every one.
    """

    buffer_m: float = 0.0
    buffer_s: float = 0.0
    actions: tuple[str, ...] = ()
    kinds: tuple[NoticeKind, ...] = ()

    def covers(self, action: str, kind: NoticeKind) -> bool:
        """Say whether it is for an action of a type against a notice of a kind.

        An action whose type nobody said may be any.
        """
        wanted = {one.strip().casefold() for one in self.actions}
        is_for = not wanted or not action.strip()
        is_for = is_for or action.strip().casefold() in wanted
        return is_for and (not self.kinds or kind in self.kinds)


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what a version says.

    Attributes:
        starts_at: From when; never before it is confirmed.
        until: Until when; `FOREVER` until it is ended.
        margins: Standing buffers; of several that fit a pair the widest counts.
        kept_for: How long a notice is kept once it is over; `None`: as the line does.
        alone: What either side may change without the other.
        ends_after: How long before it ends either side says so.
    """

    starts_at: Instant
    until: Instant = FOREVER
    margins: tuple[Margin, ...] = ()
    kept_for: Duration | None = None
    alone: tuple[Change, ...] = ()
    ends_after: Duration = USUAL_NOTICE


class AgreementVersion(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one version, who proposed it and who confirmed it.

    Attributes:
        number: 1 for the first, then up by one.
        confirmed_by: Of the other side; empty where none was needed, or yet.
        holds_from: Since when, or from when, it holds; `None` until confirmed.
    """

    number: int
    terms: Terms
    proposed_by: Actor
    proposed_at: Instant
    confirmed_by: Actor | None = None
    confirmed_at: Instant | None = None
    holds_from: Instant | None = None


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """Hold an agreement as it stands.

    Attributes:
        parties: The two, the one that proposed it first.
        versions: All that were proposed, in order.
        ended_by: Who ended it.
        ended_at: When that was said.
        ends_at: When it is over by that.
        why: Why, in their words.
        due_at: When it begins or ends next.
    """

    id: AgreementId
    parties: tuple[PartyId, PartyId]
    versions: tuple[AgreementVersion, ...]
    ended_by: Actor | None = None
    ended_at: Instant | None = None
    ends_at: Instant | None = None
    why: str = ""
    due_at: Instant | None = None

    @property
    def key(self) -> str:
        """Name it among all that waits for something."""
        return agreement_key(self.id)

    @property
    def waits(self) -> AgreementVersion | None:
        """Return the version that waits to be confirmed, if one does."""
        last = self.versions[-1]
        is_waiting = last.holds_from is None and self.ends_at is None
        return last if is_waiting else None

    def other_than(self, party: PartyId) -> PartyId:
        """Return the other side."""
        one, two = self.parties
        return two if party == one else one

    def in_force(self, now: Instant) -> AgreementVersion | None:
        """Return the version that holds at an instant: the newest that has begun."""
        if self.ends_at is not None and now >= self.ends_at:
            return None
        begun = [
            one
            for one in self.versions
            if one.holds_from is not None and one.holds_from <= now
        ]
        return begun[-1] if begun and now < begun[-1].terms.until else None

    def state(self, now: Instant) -> AgreementState:
        """Say where it stands."""
        if self.in_force(now) is not None:
            return AgreementState.IN_FORCE
        if self.ends_at is not None and now >= self.ends_at:
            return AgreementState.OVER
        ahead = (one.holds_from for one in self.versions)
        if any(at is not None and at > now for at in ahead):
            return AgreementState.CONFIRMED
        return AgreementState.OVER if self.waits is None else AgreementState.PROPOSED

    def turns(self) -> tuple[Instant, ...]:
        """Return when it begins, changes or ends, as far as that is known; sorted."""
        held = [one for one in self.versions if one.holds_from is not None]
        at = {one.holds_from for one in held if one.holds_from is not None}
        at |= {one.terms.until for one in held}
        at |= {self.ends_at} if self.ends_at is not None else set()
        return tuple(sorted(one for one in at if one < FOREVER))


def agreement_key(agreement: AgreementId) -> str:
    """Name an agreement among all that waits for something; no call has such an id."""
    return f"agreement {agreement}"
