"""Say which notice each row of a file means, and seal what it says of people."""

import hmac
from collections.abc import Callable, Sequence
from typing import Final

import msgspec
from msgspec.structs import replace

from clearline.ledger.sealed import SEAL_SALT_BYTES, SealedPart, seal
from clearline.ledger.text64 import encode64
from clearline.model.notice_details import Request
from clearline.model.notices import Notice, NoticeId, NoticeKind, Revision
from clearline.model.parties import Actor, PartyId
from clearline.model.sealed import Sealed
from clearline.picture.marks import named_under, number_mark
from clearline.service.import_rows import (
    Piece,
    Refusal,
    Wanted,
    asking,
    is_same,
    keeping,
    refusal,
)
from clearline.service.phones.asking import Looking
from clearline.service.ports import Chance, Shelf

_LOOKED_AT_ONCE: Final = 100
_SALTING: Final = "import-salt"


class Meant:
    """Find what the rows of a file mean among what stands."""

    def __init__(
        self,
        *,
        looking: Looking,
        every: Callable[[], Sequence[NoticeId]],
        shelf: Shelf,
        chance: Chance,
    ) -> None:
        """Look through views of what stands; salts follow from a key on the shelf."""
        self._looking, self._every = looking, every
        self._shelf, self._chance = shelf, chance

    def numbered(
        self, party: PartyId, wanted: Sequence[Wanted]
    ) -> dict[tuple[NoticeKind, str], NoticeId]:
        """Return a party's notices that go on, by the numbers a file names.

        Sites are kept by their number; what is filed by the day is looked through.
        """
        found: dict[tuple[NoticeKind, str], NoticeId] = {}
        for each in wanted:
            mark = number_mark(party, each.ref)
            if each.kind is not NoticeKind.SITE or mark is None:
                continue
            with self._looking() as view:
                for id_ in named_under(view, mark):
                    _keep_own(found, view.notices.get(id_), party, each.ref)
        if all(each.kind is NoticeKind.SITE for each in wanted):
            return found
        ids = self._every()
        for start in range(0, len(ids), _LOOKED_AT_ONCE):
            with self._looking() as view:  # for a moment each, so that nobody waits
                for id_ in ids[start : start + _LOOKED_AT_ONCE]:
                    _keep_own(found, view.notices.get(id_), party)
        return found

    def piece(
        self,
        each: Wanted,
        by: Actor,
        known: dict[tuple[NoticeKind, str], NoticeId],
    ) -> Piece | Refusal:
        """Say which notice a row means, and whether it may ask that of it."""
        standing = self._standing(each, by, known)
        revision, sealed = self._sealed(each)
        request = each.request
        if request is None:
            request = Request.ADD if standing is None else Request.AMEND
        if standing is not None and revision is not None:
            revision = keeping(standing.revision, revision, each)
        if standing is None and request is not Request.ADD:
            return refusal(
                each,
                "request",
                f"No notice of yours has the number {each.ref!r}.",
                "Ask to add it, or correct the number.",
            )
        if standing is not None and request is Request.ADD:
            if is_same(standing.revision, revision):
                request = Request.AMEND
            else:
                return refusal(
                    each,
                    "request",
                    f"{each.ref!r} is notified already, in other words.",
                    "Ask to amend it, or give this one a number of its own.",
                )
        id_ = standing.id if standing is not None else self._free_id(each, by)
        return Piece(
            row=each.row,
            ref=each.ref,
            notice=id_,
            request=request,
            revision=asking(revision, request),
            sealed=sealed,
        )

    def _standing(
        self,
        each: Wanted,
        by: Actor,
        known: dict[tuple[NoticeKind, str], NoticeId],
    ) -> Notice | None:
        with self._looking() as view:
            notice = view.notices.get(NoticeId(each.ref)) if each.ref else None
            if notice is not None and notice.owner == by.party and not notice.is_over:
                return notice
            id_ = known.get((each.kind, each.ref))
            return view.notices.get(id_) if id_ is not None else None

    def _free_id(self, each: Wanted, by: Actor) -> NoticeId:
        """Name a notice by its owner and number; one that is over keeps its own.

        Nobody can try numbers to hear which are notified, as for salts.
        """
        said = f"{each.kind} {each.ref or msgspec.json.encode(each.revision)!r}"
        digest = hmac.digest(self._key(), said.encode(), "sha256").hex()[:16]
        base = f"{by.party}-{each.kind}-{digest}"
        number, id_ = 1, NoticeId(base)
        with self._looking() as view:
            while view.notices.get(id_) is not None:
                number += 1
                id_ = NoticeId(f"{base}-{number}")
        return id_

    def _sealed(
        self, each: Wanted
    ) -> tuple[Revision | None, tuple[tuple[bytes, bytes], ...]]:
        """Seal numbers, plates and names once, so that filing again is the same."""
        if each.revision is None:
            return None, ()
        personal, parts = each.revision.personal, list[SealedPart]()
        for name in ("phones", "plates", "names"):
            if texts := getattr(each, name):
                data = msgspec.json.encode(texts)
                part = SealedPart(salt=self._salt(each, name, data), data=data)
                sealed = Sealed(sealed=encode64(seal(part)))
                personal = replace(personal, **{name: sealed})
                parts.append(part)
        return (
            replace(each.revision, personal=personal),
            tuple((part.salt, part.data) for part in parts),
        )

    def _salt(self, each: Wanted, name: str, data: bytes) -> bytes:
        """Return the salt of a sealed part: the same for the same words of a row.

        So a file that is taken in again says the same, and is known to. Nobody can
        try numbers without the key, which lies beside the log and never leaves.
        """
        said = f"{each.kind}\n{each.ref}\n{name}\n".encode() + data
        return hmac.digest(self._key(), said, "sha256")

    def _key(self) -> bytes:
        key = self._shelf.value(_SALTING)
        if key is None:
            key = self._chance.draw(SEAL_SALT_BYTES)
            self._shelf.keep_value(_SALTING, key)
        return key


def _keep_own(
    found: dict[tuple[NoticeKind, str], NoticeId],
    notice: Notice | None,
    party: PartyId,
    ref: str = "",
) -> None:
    if notice is None or notice.owner != party or notice.is_over:
        return
    number = ref or getattr(notice.revision.details, "ref", "")
    if number:
        found[notice.revision.kind, number] = notice.id
