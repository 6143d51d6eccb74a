"""Laws of the formats: what is written is read again, and no bytes do harm."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clearline.ledger.checkpoint import (
    Checkpoint,
    open_checkpoint,
    parse_checkpoint,
    sign_checkpoint,
    write_checkpoint,
)
from clearline.ledger.envelope import commitment, open_envelope, seal_envelope
from clearline.ledger.header import HeaderMalformed, read_header
from clearline.ledger.keys import (
    KeyMalformed,
    SignerKey,
    parse_key_file,
    parse_verifier_key,
    require_name,
    write_key_file,
)
from clearline.ledger.note import open_note, sign_note
from clearline.ledger.proof import LogProof, parse_proof, write_proof
from clearline.ledger.receipt import (
    Receipt,
    parse_receipt,
    verify_receipt,
    write_receipt,
)
from clearline.ledger.sealed import SealedPart, find_sealed, open_seal, seal
from clearline.ledger.strict_json import read_object
from clearline.ledger.text64 import decode64, decode64_either, encode64
from clearline.ledger.tiles import (
    TileName,
    parse_bundle,
    parse_tile_path,
    write_bundle,
)
from clearline.ledger.tree import MAX_SIZE
from clearline.model.errors import ClearlineError
from unit.ledger.made_log import signer

KEY = signer()
hashes = st.binary(min_size=32, max_size=32)


def is_name(text):
    """Say whether a text may be a key's name."""
    try:
        require_name(text)
    except KeyMalformed:
        return False
    return True


names = st.text(min_size=1, max_size=30).filter(is_name)
note_texts = st.text(
    st.characters(exclude_categories=["Cs"], min_codepoint=32) | st.just("\n"),
    max_size=200,
).map(lambda text: text + "\n")


@given(st.binary(max_size=100))
def test_base64_comes_back(data):
    """Every run of bytes has one text, and that text has those bytes."""
    assert decode64(encode64(data)) == data
    assert decode64_either(encode64(data)) == data


@given(st.text(max_size=40) | st.text("AZaz09+/-_=", max_size=40))
def test_no_two_texts_are_the_same_bytes(text):
    """What is read as base64 is written again just so."""
    try:
        data = decode64(text)
    except ClearlineError:
        return
    assert encode64(data) == text


@given(names, hashes)
def test_keys_come_back(name, seed):
    """A key file gives back the key, and a verifier key its line."""
    key = SignerKey(name=name, seed=seed)
    assert parse_verifier_key(str(key.verifier)) == key.verifier
    assert parse_key_file(write_key_file(key)).verifier == key.verifier


@given(note_texts)
@example("\n")
@example("\n\n")
@example("a\n\n\u2014 b c\n")
def test_notes_come_back(text):
    """Whatever text is signed, empty lines and dashes included, is the text opened."""
    opened = open_note(sign_note(text, KEY), [KEY.verifier])
    assert opened.text == text


@given(st.integers(1, MAX_SIZE), hashes)
def test_checkpoints_come_back(size, root):
    """A head is read as it was written, and opened as it was signed."""
    head = Checkpoint(origin=KEY.name, size=size, root=root)
    assert parse_checkpoint(write_checkpoint(head)) == head
    assert open_checkpoint(sign_checkpoint(head, KEY), [KEY.verifier]) == head


@given(st.none() | st.integers(0, 63), st.integers(0, 2**55 - 1), st.integers(1, 256))
def test_tile_paths_come_back(level, number, width):
    """Every tile has one path, and that path is that tile's."""
    name = TileName(level=level, number=number, width=width)
    assert parse_tile_path(name.path) == name


@given(st.text(max_size=40) | st.from_regex(r"tile/[0-9ex]{1,3}/[x0-9/.p]{0,20}"))
def test_no_two_paths_are_the_same_tile(path):
    """What is read as a path is written again just so."""
    try:
        name = parse_tile_path(path)
    except ClearlineError:
        return
    assert name.path == path


@given(st.lists(st.binary(max_size=80), min_size=1, max_size=20))
def test_bundles_come_back(entries):
    """Entries come out of a bundle as they went in."""
    assert parse_bundle(write_bundle(entries), len(entries)) == tuple(entries)


@given(st.integers(0, MAX_SIZE - 1), st.lists(hashes, max_size=63), st.binary())
def test_proofs_come_back(index, nodes, extra):
    """A proof is read as it was written."""
    proof = LogProof(
        index=index, hashes=tuple(nodes), checkpoint=b"any\nnote\n", extra=extra
    )
    assert parse_proof(write_proof(proof)) == proof


@given(st.binary(max_size=300))
def test_envelopes_come_back(payload):
    """Whatever bytes are signed are the bytes that come out."""
    assert open_envelope(seal_envelope(payload, KEY), [KEY.verifier]) == payload


@given(st.binary(max_size=300), hashes)
def test_receipts_come_back(payload, salt):
    """A receipt is read as it was written."""
    envelope = seal_envelope(payload, KEY)
    proof = LogProof(index=0, hashes=(), checkpoint=b"\n")
    receipt = Receipt(envelope=envelope, salt=salt, proof=proof)
    assert parse_receipt(write_receipt(receipt)) == receipt


@given(hashes, st.binary(max_size=100), st.binary(max_size=100))
def test_seals_bind(salt, data, other):
    """A seal is opened by what was sealed, and by nothing else."""
    part = SealedPart(salt=salt, data=data)
    assert open_seal(seal(part), part) == data
    if other != data:
        with pytest.raises(ClearlineError):
            open_seal(seal(part), SealedPart(salt=salt, data=other))


@given(hashes, st.binary(max_size=5), hashes, st.binary(max_size=5))
def test_a_commitment_binds_salt_and_envelope(salt, envelope, salt2, envelope2):
    """Two entries are committed to alike only if they are one."""
    is_one = commitment(salt, envelope) == commitment(salt2, envelope2)
    assert is_one == ((salt, envelope) == (salt2, envelope2))


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)
json_objects = st.dictionaries(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
    json_values,
    max_size=4,
)


@given(json_objects, st.booleans(), st.sampled_from([None, 1]))
def test_json_comes_back(value, escaped, indent):
    """However an object is spaced and escaped, it is read as what it is."""
    text = json.dumps(value, ensure_ascii=escaped, indent=indent)
    assert read_object(text.encode()) == value


@given(json_objects, st.text(st.characters(exclude_categories=["Cs"]), max_size=3))
def test_a_name_twice_is_always_refused(value, name):
    """Wherever a name stands twice, the bytes are refused."""
    one = json.dumps({name: 1})[1:-1]
    for inner in (value, {"deep": [value]}):
        text = json.dumps(inner)
        twice = text[:-1] + (", " if len(text) > 2 else "") + f"{one}, {one}" + "}"
        with pytest.raises(ClearlineError):
            read_object(twice.encode())


@settings(deadline=None)
@given(
    st.binary(max_size=300)
    | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass"))
    | st.text('{}[]":,ae\\u0 \n', max_size=80).map(str.encode)
)
def test_no_bytes_bring_a_reader_down(data):
    """Whatever is read, out comes a value or a named refusal, nothing else."""
    text = data.decode("utf-8", "replace")
    readers = [
        lambda: open_note(data, [KEY.verifier]),
        lambda: open_checkpoint(data, [KEY.verifier]),
        lambda: parse_checkpoint(text),
        lambda: parse_proof(data),
        lambda: parse_receipt(data),
        lambda: verify_receipt(data, [KEY.verifier]),
        lambda: open_envelope(data, [KEY.verifier]),
        lambda: read_header(data),
        lambda: read_object(data),
        lambda: parse_bundle(data, 1),
        lambda: parse_tile_path(text),
        lambda: parse_key_file(text),
        lambda: parse_verifier_key(text),
    ]
    said = []
    for reader in readers:
        try:
            reader()
        except ClearlineError as refused:
            said.append((refused.what, refused.state, refused.next))
    assert all(all(sentences) for sentences in said)


@given(json_values)
def test_looking_for_sealed_parts_ends(act):
    """Whatever an act holds, it is searched or refused."""
    try:
        found = list(find_sealed({"act": act}))
    except ClearlineError:
        return
    assert all(len(digest) == 32 for digest in found)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "type": json_values,
            "v": json_values | st.integers(0, 3),
            "realm": json_values | st.sampled_from(["live", "model"]),
            "at": json_values
            | st.datetimes().map(str)
            | st.sampled_from(
                ["0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-01:00"]
            ),
            "recorded_at": json_values,
            "clock_error_s": json_values,
            "act": json_objects,
        },
    )
)
def test_no_header_brings_a_reader_down(value):
    """Whatever stands in a header's fields, it is read or refused."""
    try:
        header = read_header(json.dumps(value).encode())
    except HeaderMalformed:
        return
    assert header.at.tzinfo is not None


@pytest.mark.parametrize(
    "at",
    [
        "0001-01-01T00:00:00+23:00",
        "9999-12-31T23:59:59-01:00",
        "2016-W37-6T13:55:00Z",
        "20160917T135500Z",
        "2016-09-17",
        "2016-09-17T13:55:00",
        "2016-02-30T13:55:00Z",
        1474120500,
    ],
)
def test_an_instant_that_is_none_is_refused(at):
    """What is no RFC 3339 instant with a zone is a refusal, not a guess."""
    payload = {"type": "t", "v": 1, "realm": "live", "at": at, "act": {}}
    with pytest.raises(HeaderMalformed):
        read_header(json.dumps(payload).encode())
