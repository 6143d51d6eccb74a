"""What a short message means."""

import pytest

from clearline.model.calls import UnableReason
from clearline.rules.coded import PHRASES, Word, even, read_message


@pytest.mark.parametrize(
    ("text", "word", "secret", "number", "rest"),
    [
        ("482913 1", Word.HAVE, "482913", "", ""),
        ("1 482913", Word.HAVE, "482913", "", ""),
        ("4821 1 17", Word.HAVE, "4821", "17", ""),
        ("STOP 4821 1207 shelling, gate", Word.STOP, "4821", "1207", "shelling, gate"),
        ("stop,4821,1207", Word.STOP, "4821", "1207", ""),
        ("Cease fire! 4821", Word.STOP, "4821", "", ""),
        ("قِف ٤٨٢١ ١٢٠٧ قصف", Word.STOP, "4821", "1207", "قصف"),
        ("Стоп 4821", Word.STOP, "4821", "", ""),
        ("Arrêtez 4821", Word.STOP, "4821", "", ""),
        ("\u200fעצור 4821", Word.STOP, "4821", "", ""),  # noqa: RUF001 (Hebrew)
        ("STOP 35.1234 40.1234", Word.STOP, "", "", "35.1234 40.1234"),
        ("STOP", Word.STOP, "", "", ""),
        ("HOLD 4821", Word.HOLD, "4821", "", ""),
        ("STOP PIN 4821 1207 gate", Word.STOP, "4821", "1207", "gate"),
        ("PIN 7391 6 8", Word.YES, "7391", "8", ""),
        ("Code 482913 1", Word.HAVE, "482913", "", ""),
        ("STOP pin them down", Word.STOP, "", "", "pin them down"),
        ("482913 4 STOP 17 37SDU1", Word.READ_BACK, "482913", "", "STOP 17 37SDU1"),
        ("RELEASE 4821 17", Word.RELEASE, "4821", "17", ""),
        ("482913 RELEASE", Word.RELEASE, "482913", "", ""),
        ("STATUS", Word.STATUS, "", "", ""),
        ("482913", Word.NOTHING, "482913", "", ""),
        ("", Word.NOTHING, "", "", ""),
        ("\x00\ufffd\ud800", Word.NOTHING, "", "", "\x00\ufffd\ud800"),
        ("123456789012345 1", Word.NOTHING, "", "", "123456789012345 1"),
    ],
)
def test_a_message_is_read(text, word, secret, number, rest):
    """Words, figures and signs of any script mean the same."""
    meaning = read_message(text)
    assert (meaning.word, meaning.secret, meaning.number, meaning.rest) == (
        word,
        secret,
        number,
        rest,
    )


@pytest.mark.parametrize(
    ("text", "reason", "rest"),
    [
        ("482913 2 4 need HQ", UnableReason.NEED_AUTHORITY, "need HQ"),
        ("482913 2 1", UnableReason.NOT_OURS, ""),
        ("482913 2", None, ""),
        ("482913 2 they do not answer", None, "they do not answer"),
        ("482913 2 9 cars", None, "9 cars"),
    ],
)
def test_a_reason_is_a_figure(text, reason, rest):
    """The six reasons have figures; other words are kept."""
    meaning = read_message(text)
    assert (meaning.word, meaning.reason, meaning.rest) == (Word.UNABLE, reason, rest)


def test_the_secret_is_struck_out():
    """What is kept of a message does not hold its PIN or code."""
    assert read_message("STOP 4821 1207 fire").masked == "STOP **** 1207 fire"
    assert read_message("قف ٤٨٢١").masked == "قف ****"


def test_a_pin_behind_the_word_pin_is_struck_out():
    """Who copies the word from our reply and adds the figures keeps them to himself."""
    assert read_message("STOP PIN 4821 1207").masked == "STOP PIN **** 1207"


def test_a_stop_among_other_words_is_noticed():
    """Nobody in trouble has to know that the word comes first."""
    assert read_message("please please STOP").has_stop
    assert not read_message("nonstop music").has_stop


def test_every_phrase_means_one_thing():
    """No phrase of one language is another's for something else."""
    words = [even(phrase) for phrases in PHRASES.values() for phrase in phrases]
    kinds = {even(p): word for word, phrases in PHRASES.items() for p in phrases}
    for word, phrases in PHRASES.items():
        for phrase in phrases:
            assert kinds[even(phrase)] is word
            assert phrase == "?" or read_message(phrase).word is word
    assert words


def test_a_message_of_any_length_is_read_at_once():
    """A megabyte of digits, of letters, or of signs costs no more than reading it."""
    for piece in ("1", "stop ", "\u0627", "\u0301", "+"):
        assert read_message(piece * (1_000_000 // len(piece)))
