"""What a mail that came in is, whatever somebody's program made of it."""

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearline.adapters.couriers.mail_in import Noise, Reply, Report, read_mail


def mail(text, subtype="plain", **headers):
    """Write a mail."""
    found = EmailMessage()
    found["From"] = "amal@hospital.example"
    for name, value in headers.items():
        found[name.replace("_", "-")] = value
    found.set_content(text, subtype=subtype)
    return found.as_bytes()


def words(text, subtype="plain"):
    """Read what somebody wrote."""
    found = read_mail(mail(text, subtype), "amal@hospital.example")
    assert isinstance(found, Reply)
    return found.words


@pytest.mark.parametrize(
    "quoted",
    [
        "> Answer with 999999 1",
        "On Sun, North <line@north.example> wrote:\n> 999999 1",
        "Am So schrieb North:\n999999 1",
        "Le dim. North a écrit :\n999999 1",
        "-----Original Message-----\n999999 1",
        "________________________________\n999999 1",
        "From: North\nSent: today\n999999 1",
        "-- \nAmal, 999999 1",
    ],
)
def test_what_is_quoted_is_not_what_they_wrote(quoted):
    """However a program quotes, the code in the quotation is not theirs."""
    assert words(f"481516 1\n\n{quoted}\n") == "481516 1"


def test_a_page_is_read_as_its_words():
    """A mail without plain text is stripped of its marks, and of its quotation."""
    page = (
        "<html><head><style>p {}</style></head><body><p>481516&nbsp;1</p>"
        '<p>yes</p><blockquote class="gmail_quote">999999 2</blockquote></body></html>'
    )
    assert words(page, "html") == "481516 1\nyes"


def test_only_the_first_lines_are_taken():
    """An answer is short; what follows stays in the original."""
    assert words("\n".join(str(number) for number in range(50))) == "0\n1\n2\n3"


def test_the_nearest_mail_it_answers_comes_first():
    """Of a long thread, the one replied to is the one answered."""
    raw = mail("1", In_Reply_To="<c@x>", References="<a@x> <b@x> <c@x>")
    found = read_mail(raw, "amal@hospital.example")
    assert isinstance(found, Reply)
    assert found.answers == ("<c@x>", "<b@x>", "<a@x>")


@given(st.binary(max_size=400), st.text(max_size=20))
def test_whatever_comes_in_is_read_as_something(raw, sender):
    """No mail breaks the reader."""
    assert isinstance(read_mail(raw, sender), Reply | Report | Noise)


HEADER = st.text(st.characters(codec="ascii", exclude_characters="\r\n"), max_size=60)


@given(HEADER, HEADER, st.text(max_size=200))
def test_whatever_headers_it_has_it_is_read(kind, sender, text):
    """Nor do headers nobody would write, or a body of another kind."""
    raw = f"From: {sender}\r\nContent-Type: {kind}\r\n\r\n{text}".encode()
    assert isinstance(read_mail(raw, "x@y"), Reply | Report | Noise)
