"""Base64 is read in one way only."""

import pytest

from clearline.ledger.text64 import NotBase64, decode64, decode64_either, encode64


def test_bytes_come_back():
    """What was written is read again."""
    for data in (b"", b"a", b"ab", b"abc", bytes(range(256))):
        assert decode64(encode64(data)) == data


@pytest.mark.parametrize(
    "text",
    ["YQ", "YQ=", "YR==", "YQ==\n", " YQ==", "Y Q==", "YQ==YQ==", "Y===", "-_-_", "é"],
)
def test_a_text_with_another_reading_is_refused(text):
    """Missing padding, stray bits, white space or another alphabet: refused."""
    with pytest.raises(NotBase64):
        decode64(text)


def test_either_alphabet_is_read_where_dsse_asks_for_it():
    """The same bytes in the URL-safe alphabet are the same bytes."""
    data = bytes([0xFB, 0xFF, 0xBF])
    assert encode64(data) == "+/+/"
    assert decode64_either("-_-_") == decode64_either("+/+/") == data


@pytest.mark.parametrize("text", ["-/-/", "+_+_", "-_-", "-_=="])
def test_a_mixture_of_alphabets_is_refused(text):
    """A text is in one alphabet or in the other."""
    with pytest.raises(NotBase64):
        decode64_either(text)
