"""Write bytes as base64 and read them back in exactly one way.

The alphabet is that of RFC 4648 section 4, with padding. Reading is strict: no
white space, no missing padding, and no stray bits in the last character (RFC
4648 section 3.5), so that two different texts never mean the same bytes.
"""

import binascii

from clearline.model.errors import BadInput


class NotBase64(BadInput):
    """Refuse a text that is not base64, or not the only way to write its bytes."""


def encode64(data: bytes) -> str:
    """Write bytes as one line of base64."""
    return binascii.b2a_base64(data, newline=False).decode("ascii")


def decode64(text: str) -> bytes:
    """Read base64 written with the standard alphabet.

    Raises:
        NotBase64: The text is not what `encode64` would have written.
    """
    try:
        data = binascii.a2b_base64(text, strict_mode=True)
    except ValueError as error:
        raise _not_base64(text) from error
    if encode64(data) != text:
        raise _not_base64(text)
    return data


def decode64_either(text: str) -> bytes:
    """Read base64 in the standard or the URL-safe alphabet (RFC 4648 section 5).

    The DSSE protocol 1.0.2 asks verifiers to take either; a text that mixes the
    two is refused.

    Raises:
        NotBase64: The text is written in neither, or in both.
    """
    if "-" not in text and "_" not in text:
        return decode64(text)
    if "+" in text or "/" in text:
        raise _not_base64(text)
    return decode64(text.replace("-", "+").replace("_", "/"))


def _not_base64(text: str) -> NotBase64:
    shown = text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 (a line)
    return NotBase64(
        f"{shown!r} is not base64 as RFC 4648 section 4 writes it.",
        state="Nothing was taken.",
        next="Copy the text again, whole and without breaking its line.",
    )
