"""Keep drafts of notices beside the log: told to nobody, and no evidence of anything.

A draft is its form as somebody filled it in, numbers and names unsealed: whoever reads
the file reads them, as with a form on a desk.
"""

from itertools import chain
from typing import Final

import msgspec

from clearline.adapters.local import LocalStore
from clearline.model.instants import Instant
from clearline.model.notices import files_of
from clearline.model.parties import Actor, PartyId
from clearline.wire.forms.notices import NoticeGiven

_PREFIX: Final = "draft of a notice "


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a draft, who keeps it, and since when."""

    id: str
    by: Actor
    kept_at: Instant
    given: NoticeGiven


_decoder = msgspec.json.Decoder(Draft)


class KeptDrafts:
    """Keep and find drafts of a party."""

    def __init__(self, local: LocalStore) -> None:
        """Keep them in a node's local store."""
        self._local = local

    def keep(self, draft: Draft) -> None:
        """Keep a draft in place of the one before of that id."""
        name = _name(draft.by.party, draft.id)
        self._local.keep_value(name, msgspec.json.encode(draft))

    def of(self, party: PartyId) -> tuple[Draft, ...]:
        """Return a party's drafts, by their ids."""
        found = self._local.values(_name(party, ""))
        return tuple(_decoder.decode(value) for value in found.values())

    def files(self) -> frozenset[str]:
        """Name the files that drafts name, by their hashes."""
        found = self._local.values(_PREFIX).values()
        given = [_decoder.decode(value).given for value in found]
        files = (files_of(one.attached, one.details) for one in given)
        return frozenset(chain.from_iterable(files))

    def get(self, party: PartyId, id_: str) -> Draft | None:
        """Return one of a party's drafts."""
        found = self._local.value(_name(party, id_))
        return None if found is None else _decoder.decode(found)

    def drop(self, party: PartyId, id_: str) -> None:
        """Put a draft away."""
        self._local.drop_value(_name(party, id_))


def _name(party: PartyId, id_: str) -> str:
    return f"{_PREFIX}{len(party)} {party} {id_}"
