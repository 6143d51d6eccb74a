"""Hold the API's forms of agreements between two parties."""

from typing import Annotated

import msgspec
from msgspec import Meta

from clearline.model.agreements import AgreementId, AgreementState, Change
from clearline.model.instants import Instant, Window
from clearline.model.notices import NoticeId, NoticeKind
from clearline.model.parties import PartyId
from clearline.wire.forms.calls import Named, Text
from clearline.wire.forms.setup import Id


class MarginGiven(msgspec.Struct, frozen=True, kw_only=True):
    """Give a standing buffer between a plan of one side and a notice of the other.

    Attributes:
        buffer_m: Added to the margins both gave, metres.
        buffer_s: Added before and after, seconds.
        actions: Types of activity it is for; every one if left out.
        kinds: Kinds of notice it is for; every one if left out.
    """

    buffer_m: Annotated[float, Meta(ge=0, le=100_000)] = 0.0
    buffer_s: Annotated[float, Meta(ge=0, le=604_800)] = 0.0
    actions: Annotated[tuple[Named, ...], Meta(max_length=20)] = ()
    kinds: Annotated[tuple[NoticeKind, ...], Meta(max_length=5)] = ()


class AgreementGiven(msgspec.Struct, frozen=True, kw_only=True):
    """Propose an agreement with a party, or another version of the one there is.

    Attributes:
        other: The party it is with.
        margins: Standing buffers; of several that fit a pair the widest counts.
        kept_for_days: How long a notice is kept once it is over; 30 days if left out.
        alone: What either side may change without the other; nothing if left out.
        ends_after_h: How long before it ends its end has to be said, hours.
        starts_at: From when; now if left out, and never before it is confirmed.
        until: Until when; until it is ended if left out.
    """

    other: Id
    margins: Annotated[tuple[MarginGiven, ...], Meta(max_length=20)] = ()
    kept_for_days: Annotated[int, Meta(ge=1, le=3_660)] | None = None
    alone: tuple[Change, ...] = ()
    ends_after_h: Annotated[int, Meta(ge=0, le=8_784)] = 24
    starts_at: Instant | None = None
    until: Instant | None = None


class AgreementRead(msgspec.Struct, frozen=True, kw_only=True):
    """Say which version was read and is confirmed."""

    version: Annotated[int, Meta(ge=1)]


class PreviewWanted(msgspec.Struct, frozen=True, kw_only=True):
    """Choose what is looked ahead to.

    Attributes:
        ends: Whether to say what follows if it ends; else, if what waits is confirmed.
    """

    ends: bool = False


class AgreementEnd(msgspec.Struct, frozen=True, kw_only=True):
    """End an agreement.

    Attributes:
        ends_at: When; as soon as its notice lets it if left out.
        why: Read by the other side.
    """

    ends_at: Instant | None = None
    why: Text = ""


class VersionShown(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one version of an agreement.

    Attributes:
        until: `null` until it is ended.
        kept_for_days: `null`: as the line does, 30 days.
        proposed_by: Which party.
        confirmed_by: Which party; `null` where it waits, or needed nobody.
        holds_from: `null` until it is confirmed.
    """

    number: int
    margins: tuple[MarginGiven, ...]
    kept_for_days: float | None
    alone: tuple[Change, ...]
    ends_after_h: float
    starts_at: Instant
    until: Instant | None
    proposed_by: PartyId
    proposed_at: Instant
    confirmed_by: PartyId | None
    confirmed_at: Instant | None
    holds_from: Instant | None


class AgreementShown(msgspec.Struct, frozen=True, kw_only=True):
    """Hold an agreement as it stands; only the two that are in it see it.

    Attributes:
        in_force: Number of the version that holds now, if one does.
        waits: Number of the version that waits to be confirmed, if one does.
        ends_at: When it is over, where one side has ended it.
    """

    id: AgreementId
    parties: tuple[PartyId, PartyId]
    state: AgreementState
    in_force: int | None
    waits: int | None
    versions: tuple[VersionShown, ...]
    ended_by: PartyId | None
    ends_at: Instant | None
    why: str


class AgreementList(msgspec.Struct, frozen=True, kw_only=True):
    """List the agreements of one's own party, in the order they were proposed."""

    items: tuple[AgreementShown, ...]


class MeetsShown(msgspec.Struct, frozen=True, kw_only=True):
    """Hold two notices that would meet, or would no longer."""

    plan: NoticeId
    notice: NoticeId
    separation_m: float | None
    overlap: Window | None
    why: str


class KeptShown(msgspec.Struct, frozen=True, kw_only=True):
    """Say until when an own notice is kept as it stands, and would be."""

    notice: NoticeId
    now: Instant
    then: Instant


class AgreementPreview(msgspec.Struct, frozen=True, kw_only=True):
    """Say what would follow, among one's own notices and those told exactly.

    Attributes:
        needs_confirmation: Whether the other side has to confirm it.
        meets: What would meet that does not now.
        parts: What would meet no longer.
        keeps: Own notices that would be kept for another time.
        more: How many there are besides those listed.
        plans: How many plans were looked at.
        is_all: Whether those were all.
    """

    as_of: Instant
    needs_confirmation: bool
    meets: tuple[MeetsShown, ...]
    parts: tuple[MeetsShown, ...]
    keeps: tuple[KeptShown, ...]
    more: int
    plans: int
    is_all: bool
