"""Checkpoints are those of C2SP tlog-checkpoint, signed by the log they name."""

import pytest

from clearline.ledger.checkpoint import (
    Checkpoint,
    CheckpointMalformed,
    CheckpointRefused,
    open_checkpoint,
    parse_checkpoint,
    parse_decimal,
    sign_checkpoint,
    write_checkpoint,
)
from clearline.ledger.note import NoteRefused, sign_note
from clearline.ledger.tree import EMPTY_ROOT, MAX_SIZE
from unit.ledger.made_log import ORIGIN, b64, drawn, signer

PUBLISHED = (
    "example.com/behind-the-sofa\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
)
"""The example of C2SP tlog-checkpoint."""

HEAD = Checkpoint(origin=ORIGIN, size=12, root=drawn("root"))


def test_the_published_checkpoint_is_read_and_written_back():
    """A head nobody here made comes out as it went in."""
    checkpoint = parse_checkpoint(PUBLISHED)
    assert checkpoint.origin == "example.com/behind-the-sofa"
    assert checkpoint.size == 20852163
    assert write_checkpoint(checkpoint) == PUBLISHED


def test_a_head_is_signed_and_opened():
    """A log's own key makes a head that counts."""
    key = signer()
    assert open_checkpoint(sign_checkpoint(HEAD, key), [key.verifier]) == HEAD


def test_extension_lines_are_kept():
    """What another log adds to its head is covered by its signature."""
    more = PUBLISHED + "anything\nelse\n"
    checkpoint = parse_checkpoint(more)
    assert checkpoint.extensions == ("anything", "else")
    assert write_checkpoint(checkpoint) == more


def test_a_head_is_not_signed_by_another_key():
    """A key of another name cannot be used by mistake."""
    with pytest.raises(CheckpointRefused):
        sign_checkpoint(HEAD, signer("other.example/clearline/exercise"))


def test_a_head_only_others_signed_does_not_count():
    """A witness's signature alone does not make a head the log's."""
    other = signer("other.example/clearline/exercise")
    note = sign_note(write_checkpoint(HEAD), other)
    with pytest.raises(CheckpointRefused):
        open_checkpoint(note, [other.verifier])
    with pytest.raises(NoteRefused):
        open_checkpoint(note, [signer().verifier])


ROOT = b64(drawn("root"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "a\n1\n",
        f"a\n1\n{ROOT}",
        f"\n1\n{ROOT}\n",
        f"a b\n1\n{ROOT}\n",
        f"a+b\n1\n{ROOT}\n",
        f"a\n01\n{ROOT}\n",
        f"a\n00\n{ROOT}\n",
        f"a\n-1\n{ROOT}\n",
        f"a\n+1\n{ROOT}\n",
        f"a\n 1\n{ROOT}\n",
        f"a\n1 \n{ROOT}\n",
        f"a\n1_0\n{ROOT}\n",
        f"a\n\u0661\n{ROOT}\n",
        f"a\n1.0\n{ROOT}\n",
        f"a\n\n{ROOT}\n",
        f"a\n{2**63}\n{ROOT}\n",
        f"a\n{'9' * 5000}\n{ROOT}\n",
        f"a\n1\n{ROOT[:-1]}\n",
        f"a\n1\n{b64(drawn('root')[:-1])}\n",
        f"a\n1\n{b64(drawn('root') + b'x')}\n",
        f"a\n1\n{ROOT}\n\n",
        f"a\n1\n{ROOT}\n\nmore\n",
        f"a\n0\n{ROOT}\n",
    ],
)
def test_a_text_that_is_no_checkpoint_is_refused(text):
    """Three lines, a decimal without zeroes in front, 32 bytes: nothing else."""
    with pytest.raises(CheckpointMalformed):
        parse_checkpoint(text)


def test_the_empty_log_has_one_root():
    """A head over nothing names the root of nothing."""
    head = Checkpoint(origin="a", size=0, root=EMPTY_ROOT)
    assert parse_checkpoint(write_checkpoint(head)) == head


@pytest.mark.parametrize("extension", ["", "a\nb"])
def test_a_head_with_a_broken_line_is_not_built(extension):
    """An extension is one line that is not empty."""
    with pytest.raises(CheckpointMalformed):
        Checkpoint(origin="a", size=1, root=drawn("r"), extensions=(extension,))


def test_decimals_are_read_in_one_way():
    """A number has one way to be written."""
    assert parse_decimal("0") == 0
    assert parse_decimal(str(MAX_SIZE)) == MAX_SIZE
    for text in ("", "00", "1e3", "\u00b2", "0x1", "1" * 20):
        with pytest.raises(ValueError, match=r".*"):
            parse_decimal(text)
