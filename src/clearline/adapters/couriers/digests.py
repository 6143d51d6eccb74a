"""Name something by its digest, where its own name would say or hold too much."""

import hashlib
from typing import Final

_CHARACTERS: Final = 32


def digest_of(text: str) -> str:
    """Return 128 bits of SHA-256 over a text, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()[:_CHARACTERS]
