"""An address is kept as it will come in again."""

import pytest

from clearline.model.parties import Medium
from clearline.service.phones.enrolling import WrongMailbox, WrongNumber, fitted


@pytest.mark.parametrize("medium", [Medium.SMS, Medium.VOICE])
@pytest.mark.parametrize(
    "typed", ["+15550100", "+1 555-0100", "+1 (555) 0100", "00 1 555 0100"]
)
def test_a_number_is_kept_in_one_form(medium, typed):
    """However it was typed, it is the number a gateway names."""
    assert fitted(medium, typed) == "+15550100"


@pytest.mark.parametrize(
    "typed", ["", "0555 0100", "+0155", "a nurse", "+1" + "5" * 20]
)
def test_what_nobody_could_be_known_by_is_refused(typed):
    """A number without its country, or none, is not entered."""
    with pytest.raises(WrongNumber):
        fitted(Medium.SMS, typed)


def test_a_mailbox_is_kept_in_small_letters():
    """Nobody is unknown for a capital letter."""
    assert fitted(Medium.EMAIL, " Amal@Hospital.Example ") == "amal@hospital.example"


def test_any_other_address_stays():
    """A URL or a subscription is nobody's to change."""
    assert fitted(Medium.WEBHOOK, "https://x/Y") == "https://x/Y"


@pytest.mark.parametrize(
    "typed",
    [
        "duty",
        "@north.example",
        "Duty <d@north.example>",
        "a@b.example, c@d.example",
        "d@north.example\nBcc: x@y.example",
    ],
)
def test_what_is_no_single_mailbox_is_refused(typed):
    """Not a name beside it, not two, not a line that would be a header."""
    with pytest.raises(WrongMailbox):
        fitted(Medium.EMAIL, typed)
