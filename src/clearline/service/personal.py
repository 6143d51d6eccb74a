"""Open what a notice holds sealed: numbers, plates, names; what was erased is named."""

from collections.abc import Callable

import msgspec

from clearline.ledger.sealed import SealedPart, open_seal
from clearline.ledger.text64 import decode64
from clearline.model.notice_details import Personal
from clearline.model.sealed import Sealed
from clearline.wire.forms.notices import PersonalShown

Find = Callable[[bytes], tuple[bytes, bytes] | None]
"""Finds a part by its digest: (salt, bytes), or nothing where it was erased."""

_texts = msgspec.json.Decoder(tuple[str, ...])


def open_personal(find: Find, personal: Personal) -> PersonalShown:
    """Open every part that was not erased.

    Raises:
        SealBroken: A part is not what its entry names.
    """
    opened, erased = dict[str, tuple[str, ...]](), list[str]()
    for name in ("phones", "plates", "names"):
        sealed: Sealed | None = getattr(personal, name)
        if sealed is None:
            continue
        digest = decode64(sealed.sealed)
        part = find(digest)
        if part is None:
            erased.append(name)
        else:
            salt, data = part
            said = open_seal(digest, SealedPart(salt=salt, data=data))
            opened[name] = _texts.decode(said)
    return PersonalShown(**opened, erased=tuple(erased))
