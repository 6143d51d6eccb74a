"""Make the vectors of keys, notes, checkpoints, envelopes and commitments."""

import base64
import json
from collections.abc import Iterator

from vectors.plain import (
    ENTRIES,
    KIND,
    NORTH,
    NORTH_2,
    ORIGIN,
    OTHER,
    SOUTH,
    WITNESS,
    Case,
    b64,
    checkpoint_text,
    drawn,
    envelope,
    flipped,
    leaf,
    mth,
    pae,
    payload,
    right,
    sha256,
    url64,
    wrong,
)


def verifier_keys() -> Iterator[Case]:
    """Verifier keys, right and wrong."""
    vkey = NORTH.vkey
    yield right(
        "a key",
        vkey=vkey,
        key_name=ORIGIN,
        key_id=NORTH.id.hex(),
        public=b64(NORTH.public),
    )
    name, key_id, data = vkey.split("+", 2)
    low = b64(b"\x01" + (1).to_bytes(32, "little"))
    low_id = sha256(name.encode(), b"\n\x01", (1).to_bytes(32, "little"))[:4].hex()
    for why, bad in [
        ("nothing", ""),
        ("a name alone", name),
        ("another name", f"{OTHER}+{key_id}+{data}"),
        ("no name", f"+{key_id}+{data}"),
        ("a space in the name", f"{name} x+{key_id}+{data}"),
        ("another id", f"{name}+00000000+{data}"),
        ("an id in capitals", f"{name}+{key_id.upper()}+{data}"),
        ("a newline at the end", f"{vkey}\n"),
        ("padding too much", f"{vkey}="),
        ("a key of another kind", WITNESS.vkey),
        ("a key too short", f"{name}+{key_id}+{b64(base64.b64decode(data)[:-1])}"),
        ("a point of small order", f"{name}+{low_id}+{low}"),
    ]:
        yield wrong(why, vkey=bad)


def key_files() -> Iterator[Case]:
    """Key files, right and wrong. A program must refuse the wrong ones."""
    file = NORTH.file
    public, private, _ = file.split("\n")
    yield right("a key file", file=file, seed=b64(NORTH.seed), vkey=NORTH.vkey)
    other = NORTH_2.file.split("\n")
    seed = flipped(NORTH.seed, 77)
    hurt = private.rsplit("+", 1)[0] + "+" + b64(b"\x01" + seed)
    for why, bad in [
        ("nothing", ""),
        ("the public line alone", f"{public}\n"),
        ("the private line alone", f"{private}\n"),
        ("the lines in reverse", f"{private}\n{public}\n"),
        ("no newline at the end", f"{public}\n{private}"),
        ("a third line", f"{file}\n"),
        ("halves of two keys", f"{public}\n{other[1]}\n"),
        ("a bit flipped in the seed", f"{public}\n{hurt}\n"),
        ("carriage returns", file.replace("\n", "\r\n")),
    ]:
        yield wrong(why, file=bad)


def notes() -> Iterator[Case]:
    """Signed notes, right and wrong."""
    text = "anything\n\nwith an empty line\n"
    note, keys = NORTH.note(text), [NORTH.vkey]
    both = note + SOUTH.line(text)
    signed = [ORIGIN]
    yield right("one signature", note=note, keys=keys, text=text, signers=signed)
    yield right(
        "an unknown signature below", note=both, keys=keys, text=text, signers=signed
    )
    yield right(
        "two known signatures",
        note=both,
        keys=[SOUTH.vkey, NORTH.vkey],
        text=text,
        signers=[ORIGIN, OTHER],
    )
    yield right(
        "a witness of another kind below",
        note=note + WITNESS.line(text),
        keys=keys,
        text=text,
        signers=signed,
    )
    yield right(
        "the same signature twice",
        note=note + NORTH.line(text),
        keys=keys,
        text=text,
        signers=signed,
    )
    body, _, line = note.rpartition("\n\n")
    for why, bad in [
        ("no key of ours", SOUTH.note(text)),
        ("another key of that name", NORTH_2.note(text)),
        ("another text", note.replace("anything", "anythinG")),
        ("a known signature that does not fit", both + NORTH.line("other\n")),
        ("a signature under another name", f"{text}\n{NORTH.line(text, name=OTHER)}"),
        ("no signature", f"{text}\n"),
        ("no empty line", f"{body}\n{line}"),
        ("an empty line below", f"{note}\n"),
        ("no newline at the end", note[:-1]),
        ("carriage returns", note.replace("\n", "\r\n")),
        ("a tab", note.replace("anything", "any\tthing")),
        ("a hyphen for the dash", note.replace("\u2014", "-")),
        ("two spaces after the dash", note.replace("\u2014 ", "\u2014  ")),
        ("a space at the end", note[:-1] + " \n"),
        ("padding missing", note.replace("=\n", "\n")),
        ("nothing", ""),
    ]:
        yield wrong(why, note=bad, keys=keys)
    yield wrong("no key given", note=note, keys=[])


def checkpoints() -> Iterator[Case]:
    """Checkpoints, right and wrong."""
    root = mth(ENTRIES[:13])
    text, keys = checkpoint_text(13, root), [NORTH.vkey]
    said = {"origin": ORIGIN, "size": 13, "root": b64(root)}
    yield right("a checkpoint", note=NORTH.note(text), keys=keys, **said)
    yield right(
        "a witness below",
        note=NORTH.note(text) + WITNESS.line(text),
        keys=keys,
        **said,
    )
    yield right(
        "an extension line", note=NORTH.note(f"{text}more\n"), keys=keys, **said
    )
    empty = sha256(b"")
    yield right(
        "the empty log",
        note=NORTH.note(checkpoint_text(0, empty)),
        keys=keys,
        origin=ORIGIN,
        size=0,
        root=b64(empty),
    )
    first, _, rest = text.partition("\n13\n")
    odd_root = url64(b"\xfb" * 32) + "="
    for why, bad in [
        ("a zero in front", f"{first}\n013\n{rest}"),
        ("a sign in front", f"{first}\n+13\n{rest}"),
        ("a size below zero", f"{first}\n-13\n{rest}"),
        ("no size", f"{first}\n\n{rest}"),
        ("a size of 2**63", f"{first}\n{2**63}\n{rest}"),
        ("no root", f"{first}\n13\n"),
        ("a root too short", f"{first}\n13\n{b64(root[:31])}\n"),
        ("a root in base64url", f"{first}\n13\n{odd_root}\n"),
        ("an empty line for an extension", f"{text}\n"),
        ("another root for the empty log", checkpoint_text(0, root)),
        ("no origin", f"\n13\n{rest}"),
        ("a space in the origin", f"north example\n13\n{rest}"),
    ]:
        yield wrong(why, note=NORTH.note(bad), keys=keys)
    yield wrong(
        "signed by another log alone",
        note=SOUTH.note(text),
        keys=[NORTH.vkey, SOUTH.vkey],
    )
    yield wrong("signed by a stranger", note=NORTH_2.note(text), keys=keys)


def envelopes() -> Iterator[Case]:
    """Envelopes, right and wrong."""
    data, keys = payload(), [NORTH.vkey]
    whole = envelope(data)
    parts = json.loads(whole)
    (signature,) = parts["signatures"]
    raw = base64.b64decode(signature["sig"])
    yield right("as we write it", envelope=whole, keys=keys, payload=data)
    foreign = {
        "signatures": [{"sig": base64.urlsafe_b64encode(raw).decode()}],
        "payloadType": KIND,
        "payload": base64.urlsafe_b64encode(data.encode()).decode(),
        "unknown": [1],
    }
    yield right(
        "as another may write it",
        envelope=json.dumps(foreign, indent=1),
        keys=keys,
        payload=data,
    )
    yield right(
        "two keys given", envelope=whole, keys=[SOUTH.vkey, *keys], payload=data
    )
    odd = '{"note":"\u00e9\u4e2d\U0001f6d1"}'
    yield right(
        "a payload in any script", envelope=envelope(odd), keys=keys, payload=odd
    )
    hint = [signature | {"keyid": SOUTH.id.hex()}]
    other = NORTH.private.sign(pae(data.encode(), "application/json"))
    for why, bad in [
        ("signed by a stranger", envelope(data, NORTH_2)),
        ("another payload", envelope(data, payload=b64(payload(1).encode()))),
        ("another type", envelope(data, payloadType="application/json")),
        ("signed as another type", envelope(data, signatures=[{"sig": b64(other)}])),
        ("no signature", envelope(data, signatures=[])),
        ("two signatures", envelope(data, signatures=[signature] * 2)),
        ("a signature of zeroes", envelope(data, signatures=[{"sig": b64(bytes(64))}])),
        ("a signature too short", envelope(data, signatures=[{"sig": b64(raw[:63])}])),
        ("a bit flipped", envelope(data, signatures=[{"sig": b64(flipped(raw, 9))}])),
        ("the id of another key", envelope(data, signatures=hint)),
        (
            "padding missing",
            envelope(data, payload=b64(data.encode()).rstrip("=")[:-1]),
        ),
        ("a newline in the base64", envelope(data, payload=parts["payload"] + "\n")),
        ("payload twice", whole.replace('{"payload":', '{"payload":"","payload":')),
        ("sig twice", whole.replace('"sig":', '"sig":"","sig":')),
        ("cut off", whole[:-1]),
        ("a list", f"[{whole}]"),
        ("nothing", ""),
    ]:
        yield wrong(why, envelope=bad, keys=keys)


def commitments() -> Iterator[Case]:
    """Salt and envelope, what the log holds, and the leaf of the tree."""
    for index in range(3):
        text = envelope(payload(index))
        salt = drawn(f"salt {index}")
        data = sha256(salt, text.encode())
        yield {
            "name": f"entry {index}",
            "salt": b64(salt),
            "envelope": text,
            "commitment": b64(data),
            "leaf_hash": b64(leaf(data)),
        }
