"""Notes are those of C2SP signed-note, and only what was signed is believed."""

import pytest

from clearline.ledger.keys import VerifierKey, parse_verifier_key
from clearline.ledger.note import (
    MAX_NOTE_BYTES,
    NoteMalformed,
    NoteRefused,
    add_signature,
    open_note,
    sign_note,
    unchecked_text,
)
from unit.ledger.made_log import b64, flip, signer

PUBLISHED_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
PUBLISHED = (
    "This is an example message.\n"
    "\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYj"
    "OBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()
"""The example note of C2SP signed-note, "Verifier keys"."""

TEXT = "ours\n12\n\nwith an empty line\n"


def test_the_published_note_is_opened():
    """A note nobody here signed verifies with its published key."""
    opened = open_note(PUBLISHED, [parse_verifier_key(PUBLISHED_KEY)])
    assert opened.text == "This is an example message.\n"
    assert [key.name for key in opened.signers] == ["example.com/foo"]


def test_a_note_is_signed_and_opened():
    """The text that comes out is the text that went in, empty lines and all."""
    key = signer()
    opened = open_note(sign_note(TEXT, key), [key.verifier])
    assert opened.text == TEXT
    assert opened.signers == (key.verifier,)


def test_unknown_signatures_are_passed_over():
    """Somebody else's signature below a note does no harm and no good."""
    key, other = signer(), signer("other.example", "two")
    note = add_signature(sign_note(TEXT, other), key)
    assert open_note(note, [key.verifier]).signers == (key.verifier,)
    both = open_note(note, [key.verifier, other.verifier])
    assert both.signers == (other.verifier, key.verifier)


def test_a_note_without_a_known_signature_is_refused():
    """A signature by nobody we know is none."""
    with pytest.raises(NoteRefused):
        open_note(sign_note(TEXT, signer()), [])
    with pytest.raises(NoteRefused):
        open_note(sign_note(TEXT, signer()), [signer(seed="two").verifier])


def test_one_wrong_signature_of_a_known_key_spoils_the_note():
    """A known key's signature that does not verify is no accident."""
    key, other = signer(), signer("other.example", "two")
    wrong = sign_note("another text\n", key).decode().split("\n\n")[1]
    note = sign_note(TEXT, other) + wrong.encode()
    with pytest.raises(NoteRefused):
        open_note(note, [key.verifier, other.verifier])
    assert open_note(note, [other.verifier]).signers == (other.verifier,)


def test_the_same_signature_twice_counts_once():
    """Saying it again is not another signer."""
    key = signer()
    note = sign_note(TEXT, key)
    twice = note + note.decode().split("\n\n")[-1].encode()
    assert open_note(twice, [key.verifier]).signers == (key.verifier,)


def test_every_flipped_bit_of_a_note_is_refused():
    """No bit of text, name or signature can change unnoticed."""
    key = signer("n.example/live")
    note = sign_note("n.example/live\n1\n", key)
    for bit in range(8 * len(note)):
        with pytest.raises((NoteMalformed, NoteRefused)):
            open_note(flip(note, bit), [key.verifier])


def test_at_least_sixteen_signatures_are_read():
    """A note with as many signatures as are owed a reader is read."""
    key = signer()
    note = sign_note(TEXT, key)
    for count in range(16):
        note = add_signature(note, signer(f"w{count}.example", str(count)))
    assert open_note(note, [key.verifier]).signers == (key.verifier,)


def test_a_long_signature_of_another_kind_is_passed_over():
    """A post-quantum signature of 5 kB beside ours does not get in the way."""
    key = signer()
    line = f"— w.example {b64(bytes(5004))}\n".encode()
    assert open_note(sign_note(TEXT, key) + line, [key.verifier]).text == TEXT


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"\n",
        b"\n\n",
        b"text\n",
        b"text\n\n",
        b"text\n\n\n",
        PUBLISHED[:-1],
        PUBLISHED + b"\n",
        PUBLISHED.replace(b"\n", b"\r\n"),
        PUBLISHED.replace(b"This", b"Thi\xff"),
        PUBLISHED.replace(b"This", b"Thi\x00"),
        PUBLISHED.replace(b"This", b"Thi\t"),
        PUBLISHED.replace("— ".encode(), b"- "),
        PUBLISHED.replace("— ".encode(), "—".encode()),
        PUBLISHED.replace("— ".encode(), "—  ".encode()),
        PUBLISHED.replace(b"aQM=", b"aQM"),
        PUBLISHED.replace(b"aQM=", b"aQN="),
        PUBLISHED.replace(b"aQM=", b"aQM= "),
        PUBLISHED.replace(b" example.com/foo ", b" example.com/foo"),
        PUBLISHED.replace(b" example.com/foo ", b" example.com+foo "),
        PUBLISHED.replace(b" example.com/foo ", b"  "),
        "text\n\n— a.example AAAA\n".encode(),
        "text\n\n— a.example AAAAAA==\n".encode(),
        b"a" * MAX_NOTE_BYTES + PUBLISHED,
        PUBLISHED + "— a.example AAAAAAA=\n".encode() * 100,
    ],
)
def test_bytes_that_are_no_note_are_refused(note):
    """A note has one shape; what is near it is not one."""
    with pytest.raises(NoteMalformed):
        open_note(note, [parse_verifier_key(PUBLISHED_KEY)])


@pytest.mark.parametrize("text", ["", "no newline", "a\r\n", "a\x00\n", "\ud800\n"])
def test_a_text_that_no_note_can_carry_is_not_signed(text):
    """Nobody is brought to sign what nobody could open."""
    with pytest.raises(NoteMalformed):
        sign_note(text, signer())


def test_two_keys_of_one_name_and_id_are_refused(monkeypatch):
    """Where it could not be said which key signed, nothing is said."""
    one, two = signer(), signer(seed="two")
    monkeypatch.setattr(VerifierKey, "id", property(lambda _: b"same"))
    with pytest.raises(NoteRefused):
        open_note(sign_note(TEXT, one), [one.verifier, two.verifier])


def test_a_note_can_be_read_unchecked_by_who_says_so():
    """Damage is bounded with what a note claims, even where nobody signed it."""
    assert unchecked_text(PUBLISHED) == "This is an example message.\n"
    with pytest.raises(NoteMalformed):
        unchecked_text(b"no note")
