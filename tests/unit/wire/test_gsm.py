"""What a text takes on a mobile network."""

import pytest

from clearline.wire.gsm import is_gsm, plainer, segments


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("ق" * 70, 1),
        ("ق" * 71, 2),
        ("ق" * 134, 2),
        ("ق" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("😀" * 67, 3),
    ],
)
def test_messages_are_counted_as_networks_count_them(text, count):
    """The limits of TS 23.038, an escaped or paired character never cut in two."""
    assert segments(text) == count


def test_signs_of_printing_become_those_of_a_telephone():
    """A curly quote does not make the whole message a dear one."""
    text = "the hospital\u2019s \u201cnorth\u201d wing \u2013 5 \u00b0C \u2026"
    assert not is_gsm(text)
    assert is_gsm(plainer(text))


def test_what_telephones_do_not_have_stays():
    """Nothing is lost to make a text cheap."""
    assert plainer("قف") == "قف"
