"""Seal words beside the log, so that it holds their digest and they can be erased."""

from clearline.ledger.sealed import SEAL_SALT_BYTES, SealedPart, seal
from clearline.ledger.text64 import encode64
from clearline.model.sealed import Sealed
from clearline.service.ports import Chance

Beside = tuple[SealedPart, ...]
"""Parts lying beside entries that name them."""


def seal_words(text: str, chance: Chance) -> tuple[Sealed, Beside]:
    """Seal a text under a salt of its own; what the entry names, and what lies beside.

    Without the salt a short text could be found by trying; erasing takes both.
    """
    part = SealedPart(
        salt=chance.draw(SEAL_SALT_BYTES), data=text.encode("utf-8", "replace")
    )
    return Sealed(sealed=encode64(seal(part))), (part,)
