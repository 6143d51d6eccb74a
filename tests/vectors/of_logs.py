"""Make the vectors of proofs, receipts, sealed parts and whole logs."""

from collections.abc import Iterator
from typing import Any

from vectors.plain import (
    NORTH,
    NORTH_2,
    ORIGIN,
    SOUTH,
    Case,
    Key,
    b64,
    checkpoint_text,
    compact,
    drawn,
    envelope,
    mth,
    path,
    payload,
    right,
    sha256,
    wrong,
)


class Log:
    """Hold a small log of given payloads."""

    def __init__(self, payloads: list[str], key: Key = NORTH) -> None:
        self.key = key
        self.envelopes = [envelope(data, key) for data in payloads]
        self.salts = [drawn(f"salt {index}") for index in range(len(payloads))]
        self.data = [
            sha256(salt, text.encode())
            for salt, text in zip(self.salts, self.envelopes, strict=True)
        ]

    @property
    def checkpoint(self) -> str:
        """Write the signed checkpoint."""
        text = checkpoint_text(len(self.data), mth(self.data), self.key.name)
        return self.key.note(text)

    def proof(self, index: int, extra: str = "") -> str:
        """Write a proof of inclusion (C2SP tlog-proof)."""
        hashes = "".join(f"{b64(node)}\n" for node in path(index, self.data))
        head = "c2sp.org/tlog-proof@v1\n"
        return f"{head}{extra}index {index}\n{hashes}\n{self.checkpoint}"

    def receipt(self, index: int, **changes: Any) -> str:
        """Write a receipt."""
        whole = {
            "receipt": 1,
            "envelope": self.envelopes[index],
            "salt": b64(self.salts[index]),
            "tlog_proof": self.proof(index),
        }
        return compact(whole | changes) + "\n"

    def rows(self) -> list[Case]:
        """Write the rows as a store keeps them."""
        return [
            {
                "index": index,
                "commitment": b64(self.data[index]),
                "salt": b64(self.salts[index]),
                "envelope": self.envelopes[index],
            }
            for index in range(len(self.data))
        ]


LOG = Log([payload(index) for index in range(5)])


def proofs() -> Iterator[Case]:
    """Proofs of inclusion, right and wrong. `entry` is the entry's data, 32 bytes."""
    keys, entry = [NORTH.vkey], b64(LOG.data[2])
    text = LOG.proof(2)
    said = {"keys": keys, "entry": entry}
    yield right("entry 2 of 5", proof=text, **said, index=2, size=5)
    yield right(
        "with extra data", proof=LOG.proof(2, "extra YWJj\n"), **said, index=2, size=5
    )
    one = Log([payload()])
    yield right(
        "the only entry",
        proof=one.proof(0),
        keys=keys,
        entry=b64(one.data[0]),
        index=0,
        size=1,
    )
    first = text.split("\n")[2]
    for why, bad in [
        ("another version", text.replace("@v1", "@v2")),
        ("another index", text.replace("index 2", "index 3")),
        ("an index at the size", text.replace("index 2", "index 5")),
        ("a zero in front", text.replace("index 2", "index 02")),
        ("no index", text.replace("index 2\n", "")),
        ("an index of 2**64", text.replace("index 2", f"index {2**64}")),
        ("extra below index", text.replace("index 2", "index 2\nextra YWJj")),
        ("extra with nothing", text.replace("index 2", "extra \nindex 2")),
        ("a hash dropped", text.replace(f"{first}\n", "")),
        ("a hash twice", text.replace(f"{first}\n", f"{first}\n{first}\n")),
        ("a hash too short", text.replace(first, b64(drawn("x")[:31]))),
        ("64 hashes", text.replace(f"{first}\n", f"{first}\n" * 64)),
        ("no empty line", text.replace("\n\nnorth", "\nnorth")),
        ("another root", text.replace(b64(mth(LOG.data)), b64(drawn("root")))),
        ("carriage returns", text.replace("\n", "\r\n")),
        ("nothing", ""),
    ]:
        yield wrong(why, proof=bad, **said)
    yield wrong("another entry", proof=text, keys=keys, entry=b64(LOG.data[3]))
    yield wrong("another key", proof=text, keys=[NORTH_2.vkey], entry=entry)


def receipts() -> Iterator[Case]:
    """Receipts, right and wrong."""
    keys = [NORTH.vkey]
    for index in (0, 2, 4):
        yield right(
            f"entry {index} of 5",
            receipt=LOG.receipt(index),
            keys=keys,
            payload=payload(index),
            index=index,
            size=5,
            origin=ORIGIN,
        )
    yield right(
        "an older key given too",
        receipt=LOG.receipt(2),
        keys=[NORTH_2.vkey, *keys],
        payload=payload(2),
        index=2,
        size=5,
        origin=ORIGIN,
    )
    whole = LOG.receipt(2)
    mixed = Log([payload(realm="live")])
    nameless = Log([payload()], Key("north.example/log"))
    unread = Log(["nonsense"])
    late = Log([payload(recorded_at="2016-09-17T13:54:59Z")])
    stranger = Log([payload()], NORTH_2)
    forged = Log([payload()])
    forged.envelopes = [envelope(payload(), SOUTH)]
    forged.data = [sha256(forged.salts[0], forged.envelopes[0].encode())]
    for why, bad, given in [
        ("no key", whole, []),
        ("another key of that name", whole, [NORTH_2.vkey]),
        ("a key of another name", whole, [SOUTH.vkey]),
        ("signed by a stranger", stranger.receipt(0), keys),
        ("an envelope of another log", forged.receipt(0), [*keys, SOUTH.vkey]),
        ("another envelope", LOG.receipt(2, envelope=LOG.envelopes[3]), keys),
        ("another salt", LOG.receipt(2, salt=b64(LOG.salts[3])), keys),
        ("another proof", LOG.receipt(2, tlog_proof=LOG.proof(3)), keys),
        ("a salt too short", LOG.receipt(2, salt=b64(LOG.salts[2][:31])), keys),
        ("another version", LOG.receipt(2, receipt=2), keys),
        ("no salt", LOG.receipt(2).replace('"salt"', '"Salt"'), keys),
        ("salt twice", whole.replace('"salt":', '"salt":"","salt":'), keys),
        ("another realm than its log", mixed.receipt(0), keys),
        ("a log without a realm", nameless.receipt(0), [nameless.key.vkey]),
        ("a payload that cannot be read", unread.receipt(0), keys),
        ("recorded before it was decided", late.receipt(0), keys),
        ("two in one", whole + whole, keys),
        ("nothing", "", keys),
    ]:
        yield wrong(why, receipt=bad, keys=given)


def seals() -> Iterator[Case]:
    """Sealed parts, right and wrong."""
    salt, part = drawn("seal"), b"a name"
    digest = b64(sha256(salt, part))
    yield right("a part", digest=digest, salt=b64(salt), part=b64(part))
    empty = b64(sha256(salt))
    yield right("an empty part", digest=empty, salt=b64(salt), part="")
    for why, bad_salt, bad in [
        ("another part", salt, b"a Name"),
        ("another salt", drawn("other"), part),
        ("the border moved", salt[:31], salt[31:] + part),
        ("the border moved the other way", salt + part[:1], part[1:]),
        ("no salt", b"", salt + part),
    ]:
        yield wrong(why, digest=digest, salt=b64(bad_salt), part=b64(bad))


def logs() -> Iterator[Case]:
    """Whole logs: rows as a store keeps them, and what a verifier has to say.

    `first_bad` is the first index it names; `null` where all is well, or where
    what is wrong concerns the log as a whole.
    """
    keys, rows, head = [NORTH.vkey], LOG.rows(), LOG.checkpoint
    base = {"checkpoint": head, "keys": keys}

    def changed(index: int, **columns: Any) -> list[Case]:
        return [row | columns if row["index"] == index else row for row in rows]

    yield right("a whole log", rows=rows, **base, first_bad=None)
    deep = Log([payload(0)[:-2] + ',"x":' + "[" * 126 + "]" * 126 + "}}"])
    yield right(
        "nested 128 deep",
        rows=deep.rows(),
        checkpoint=deep.checkpoint,
        keys=keys,
        first_bad=None,
    )
    shorter = Log([payload(index) for index in range(3)])
    seen = {"seen": shorter.checkpoint}
    yield right("seen before", rows=rows, **base, **seen, first_bad=None)
    hidden = {"salt": None, "envelope": None}
    yield right(
        "an entry not disclosed", rows=changed(2, **hidden), **base, first_bad=None
    )
    yield right(
        "nothing disclosed", rows=[r | hidden for r in rows], **base, first_bad=None
    )
    yield wrong(
        "a commitment changed",
        rows=changed(3, commitment=b64(drawn("x"))),
        **base,
        first_bad=3,
    )
    yield wrong(
        "a salt changed", rows=changed(3, salt=b64(drawn("x"))), **base, first_bad=3
    )
    yield wrong(
        "an envelope changed",
        rows=changed(3, envelope=LOG.envelopes[3].replace("e", "f", 1)),
        **base,
        first_bad=3,
    )
    yield wrong("a salt lost", rows=changed(3, salt=None), **base, first_bad=3)
    yield wrong("a row lost", rows=[*rows[:2], *rows[3:]], **base, first_bad=2)
    yield wrong("the end lost", rows=rows[:4], **base, first_bad=4)
    yield wrong(
        "a row too many",
        rows=rows,
        **base | {"checkpoint": shorter.checkpoint},
        first_bad=3,
    )
    yield wrong(
        "rolled back",
        rows=rows[:3],
        checkpoint=shorter.checkpoint,
        keys=keys,
        seen=head,
        first_bad=3,
    )
    other = Log([payload(index + 1) for index in range(3)])
    yield wrong("rewritten", rows=rows, **base, seen=other.checkpoint, first_bad=None)
    yield wrong(
        "a stranger's checkpoint",
        rows=rows,
        checkpoint=NORTH_2.note(head.partition("\n\n")[0] + "\n"),
        keys=keys,
        first_bad=None,
    )
    mixed = Log([payload(0), payload(1, realm="live"), payload(2)])
    yield wrong(
        "realms mixed",
        rows=mixed.rows(),
        checkpoint=mixed.checkpoint,
        keys=keys,
        first_bad=1,
    )
    for why, bad in [
        ("no instant", payload(1, at="yesterday")),
        ("an instant without a zone", payload(1, at="2016-09-17T13:55:00")),
        ("no object", "[]"),
        ("a name twice", payload(1)[:-1] + ',"v":1}'),
        ("nested 129 deep", payload(1)[:-2] + ',"x":' + "[" * 127 + "]" * 127 + "}}"),
    ]:
        odd = Log([payload(0), bad, payload(2)])
        yield wrong(
            why, rows=odd.rows(), checkpoint=odd.checkpoint, keys=keys, first_bad=1
        )
    yield from erased_logs(keys)


def erased_logs(keys: list[str]) -> Iterator[Case]:
    """Write logs with a sealed part down; `parts` lists the parts still there."""
    salt, part = drawn("seal"), b"a name"
    digest = b64(sha256(salt, part))
    named = payload(0, act={"who": {"sealed": digest}})
    erasing = payload(
        1,
        type="sealed_erased",
        act={"entry": 0, "part": digest, "rule": "personal data", "person": "p1"},
    )
    there = [{"digest": digest, "salt": b64(salt), "part": b64(part)}]
    hurt = [there[0] | {"part": b64(b"a Name")}]
    plain, erased = Log([named]), Log([named, erasing])
    early = Log([erasing, named])
    for made, name, log, parts, bad in [
        (right, "a sealed part", plain, there, None),
        (right, "a part erased", erased, [], None),
        (wrong, "a part lost", plain, [], 0),
        (wrong, "a part changed", plain, hurt, 0),
        (wrong, "a part erased and still here", erased, there, 0),
        (wrong, "erased before it was said", early, there, 0),
    ]:
        yield made(
            name,
            rows=log.rows(),
            checkpoint=log.checkpoint,
            keys=keys,
            parts=parts,
            first_bad=bad,
        )
