"""Write an address as it will come in again, so that its person is known by it."""

import re
from typing import Final

from clearline.model.errors import BadInput
from clearline.model.parties import Medium

_SEPARATORS: Final = re.compile(r"[\s().\-/\u00a0\u2010-\u2015]+")
_NUMBER: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_MAILBOX: Final = re.compile(r"[^\s@<>,;:\"\x00-\x1f]+@[^\s@<>,;:\"\x00-\x1f]+")
_TELEPHONES: Final = (Medium.SMS, Medium.VOICE)


class WrongNumber(BadInput):
    """Refuse a telephone number that nobody could be known or rung by."""


class WrongMailbox(BadInput):
    """Refuse an e-mail address that no mail could go to."""


def fitted(medium: Medium, address: str) -> str:
    """Write a telephone number in the international form, a mailbox in small letters.

    Any other address stays as it is.

    Args:
        medium: What it is an address of.
        address: As somebody typed it; `00` in front counts as `+`.

    Raises:
        WrongNumber: It is no number of the international form (ITU-T E.164).
        WrongMailbox: It is no mailbox.
    """
    if medium is Medium.EMAIL:
        return _mailbox(address)
    if medium not in _TELEPHONES:
        return address
    number = _SEPARATORS.sub("", address)
    if number.startswith("00"):
        number = f"+{number[2:]}"
    if _NUMBER.fullmatch(number) is None:
        raise WrongNumber(
            f"{address[:40]!r} is no telephone number of the international form.",
            state="Nothing was entered.",
            next="Write it with its country, for example +15550100.",
        )
    return number


def _mailbox(address: str) -> str:
    """Write one mailbox as it will come in again; no name beside it, no second one."""
    mailbox = address.strip().casefold()
    if _MAILBOX.fullmatch(mailbox) is None:
        raise WrongMailbox(
            f"{address[:40]!r} is no e-mail address.",
            state="Nothing was entered.",
            next="Write the mailbox alone, for example duty@north.example.",
        )
    return mailbox
