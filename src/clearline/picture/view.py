"""Say what a picture keeps, and read it: as it stands, or as it stood."""

from collections.abc import Iterable, Iterator
from typing import Final

from clearline.model.agreements import Agreement, AgreementId
from clearline.model.calls import Call, CallId, Ladder, Line, Precedence
from clearline.model.case_acts import CaseTermSet
from clearline.model.casework import Case, CaseId, Lesson
from clearline.model.claims import Claim, ClaimId
from clearline.model.conflict_acts import NoticeScreened
from clearline.model.conflicts import Conflict, ConflictId
from clearline.model.control import ControlHeld, ControlId
from clearline.model.disclosures import Disclosed, Probed
from clearline.model.instants import Instant
from clearline.model.linetests import Channel
from clearline.model.links import Heard, Peer, PeerId, Reach, Told
from clearline.model.notices import Notice, NoticeId
from clearline.model.parties import (
    DecisionTime,
    Desk,
    DeskId,
    HandedOver,
    Medium,
    Party,
    PartyId,
    Person,
    PersonId,
    Role,
    Watch,
)
from clearline.model.places import NamedOrigin
from clearline.model.sheets import Sheet, SheetId
from clearline.model.watchplans import WatchPlan, ZoneClocks
from clearline.picture.history import Shelf
from clearline.picture.keys import HearingKey

LadderKey = tuple[DeskId, Precedence]
ChannelKey = tuple[DeskId, Medium]
TellingKey = tuple[PeerId, int]

SHELVES: Final = (
    "parties",
    "desks",
    "persons",
    "members",
    "watches",
    "handovers",
    "plans",
    "zones",
    "ladders",
    "origins",
    "declared",
    "lines",
    "channels",
    "calls",
    "peers",
    "reach",
    "told",
    "heard",
    "sheets",
    "twins",
    "waits",
    "notices",
    "screened",
    "disclosures",
    "conflicts",
    "conflicts_of",
    "control",
    "agreements",
    "probing",
    "cases",
    "case_terms",
    "claims",
    "corrections",
    "lessons",
)
"""Everything a picture keeps, by name."""


class View:
    """Read what stands: now, or after the first `size` entries."""

    size: int
    parties: Shelf[PartyId, Party]
    desks: Shelf[DeskId, Desk]
    persons: Shelf[PersonId, Person]
    members: Shelf[DeskId, tuple[PersonId, ...]]
    watches: Shelf[DeskId, tuple[Watch, ...]]
    handovers: Shelf[DeskId, HandedOver]
    plans: Shelf[DeskId, WatchPlan]
    zones: Shelf[str, ZoneClocks]
    ladders: Shelf[LadderKey, Ladder]
    origins: Shelf[str, NamedOrigin]
    declared: Shelf[tuple[PartyId, str], DecisionTime]
    lines: Shelf[str, Line]
    channels: Shelf[ChannelKey, Channel]
    calls: Shelf[CallId, Call]
    peers: Shelf[PeerId, Peer]
    reach: Shelf[PeerId, Reach]
    told: Shelf[TellingKey, Told]
    heard: Shelf[HearingKey, Heard]
    sheets: Shelf[SheetId, Sheet]
    twins: Shelf[str, tuple[NoticeId, ...]]
    waits: Shelf[NoticeId, Instant]
    notices: Shelf[NoticeId, Notice]
    screened: Shelf[NoticeId, NoticeScreened]
    disclosures: Shelf[NoticeId, tuple[Disclosed, ...]]
    conflicts: Shelf[ConflictId, Conflict]
    conflicts_of: Shelf[NoticeId, tuple[ConflictId, ...]]
    control: Shelf[ControlId, ControlHeld]
    agreements: Shelf[AgreementId, Agreement]
    probing: Shelf[PartyId, tuple[Probed, ...]]
    cases: Shelf[CaseId, Case]
    case_terms: Shelf[tuple[CaseId, str], CaseTermSet]
    claims: Shelf[tuple[CaseId, ClaimId], Claim]
    corrections: Shelf[tuple[CaseId, ClaimId], ClaimId]
    lessons: Shelf[str, Lesson]

    def peer_of(self, party: PartyId) -> Peer | None:
        """Return the node through which a party is reached, if it is linked."""
        for peer in self.peers.values():
            if peer.party == party and not peer.is_revoked:
                return peer
        return None

    def open_calls(self) -> Iterator[Call]:
        """Return the calls something is still waited for, by number."""
        calls = [call for call in self.calls.values() if call.is_open]
        return iter(sorted(calls, key=lambda call: (call.number, call.id)))

    def on_watch(
        self, desk: DeskId, roles: tuple[Role, ...], now: Instant
    ) -> tuple[Person, ...]:
        """Return who has the watch at `desk` at `now`, in any of `roles` if given.

        Who has been entered at another desk since has no watch here any more.
        """
        held = dict.fromkeys(
            watch.person
            for watch in self.watches.get(desk) or ()
            if watch.since <= now < watch.until and (not roles or watch.role in roles)
        )
        found = self._persons(tuple(held))
        return tuple(person for person in found if person.desk == desk)

    def members_of(self, desk: DeskId) -> tuple[Person, ...]:
        """Return everyone who belongs to `desk`."""
        return self._persons(self.members.get(desk) or ())

    def has_below(self, desks: Iterable[DeskId]) -> bool:
        """Say whether a desk that is none of these stands right below one of them."""
        known = set(desks)
        return any(
            below.under in known and below.id not in known
            for below in self.desks.values()
        )

    def is_under(self, desk: DeskId, above: DeskId) -> bool:
        """Say whether `desk` lies below `above` in its party's tree."""
        here, seen = self.desks.get(desk), set[DeskId]()
        while here is not None and here.under is not None and here.id not in seen:
            if here.under == above:
                return True
            seen.add(here.id)
            here = self.desks.get(here.under)
        return False

    def _persons(self, ids: tuple[PersonId, ...]) -> tuple[Person, ...]:
        found = (self.persons.get(person) for person in ids)
        return tuple(person for person in found if person is not None)
