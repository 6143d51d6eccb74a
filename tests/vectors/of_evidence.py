"""Make the vectors of a person's evidence."""

from collections.abc import Iterator
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from vectors.plain import Case, compact, drawn, payload, right, sha256, url64, wrong

RP_ID, WEB = "desk.north.example", "https://desk.north.example"


class Passkey:
    """Hold a person's passkey: Ed25519, so that the same bytes come out each time."""

    def __init__(self, word: str = "passkey") -> None:
        self.private = Ed25519PrivateKey.from_private_bytes(drawn(word))
        self.id = drawn(f"credential {word}")[:16]
        public = self.private.public_key().public_bytes_raw()
        # COSE_Key (RFC 9053 section 7.2): {1: 1, 3: -8, -1: 6, -2: x}
        self.cose = bytes.fromhex("a4010103272006215820") + public

    def enrolment(self, person: str = "p1") -> str:
        """Write the entry that enters the person."""
        passkey = {
            "credential_id": url64(self.id),
            "public_key": url64(self.cose),
            "rp_id": RP_ID,
            "origin": WEB,
        }
        act = {"person": {"id": person, "passkeys": [passkey]}}
        return payload(0, type="person_set", act=act)

    def evidence(self, act: str, web: str = WEB, flags: int = 5) -> Case:
        """Sign an act (Web Authentication Level 3 section 7.2)."""
        client = compact(
            {
                "type": "webauthn.get",
                "challenge": url64(sha256(act.encode())),
                "origin": web,
            }
        ).encode()
        authenticator = sha256(RP_ID.encode()) + bytes([flags]) + bytes(4)
        return {
            "credential_id": url64(self.id),
            "authenticator_data": url64(authenticator),
            "client_data_json": url64(client),
            "signature": url64(self.private.sign(authenticator + sha256(client))),
            "act": url64(act.encode()),
        }


SIGNED = '{"kind":"RELEASE","of":"k1"}'


def release(evidence: Case, person: str = "p1", index: int = 1, **changes: Any) -> str:
    """Write a RELEASE that carries evidence."""
    by = {"party": "north", "desk": "n1", "person": person, "strength": "passkey"}
    act = {"call": f"k{index + 1}", "kind": "RELEASE", "of": "k1", "by": by}
    whole = act | {"evidence": evidence} | changes
    return payload(index, type="call_raised", act=whole)


def evidences() -> Iterator[Case]:
    """Payloads of a log, one after the other; the last one carries evidence."""
    key, other = Passkey(), Passkey("other")
    good, entered = key.evidence(SIGNED), key.enrolment()
    yield right("a RELEASE", payloads=[entered, release(good)])
    more = '{"type":"call_raised","kind":"RELEASE","of":"k1","call":"k2"}'
    yield right("more is signed", payloads=[entered, release(key.evidence(more))])
    for why, evidence in [
        ("another call is signed", key.evidence('{"kind":"RELEASE","of":"k9"}')),
        ("another kind is signed", key.evidence('{"kind":"STOP","of":"k1"}')),
        ("too little is signed", key.evidence('{"kind":"RELEASE"}')),
        (
            "what the entry does not say is signed",
            key.evidence(SIGNED[:-1] + ',"x":1}'),
        ),
        ("a name twice is signed", key.evidence(SIGNED[:-1] + ',"of":"k1"}')),
        ("nothing is signed", key.evidence("{}")),
        ("another act than was signed", good | {"act": url64(b'{"of":"k1"}')}),
        ("another web origin", key.evidence(SIGNED, web="https://evil.example")),
        ("nobody was present", key.evidence(SIGNED, flags=4)),
        ("another passkey", other.evidence(SIGNED)),
        (
            "another passkey under this id",
            other.evidence(SIGNED) | {"credential_id": url64(key.id)},
        ),
        ("a signature too short", good | {"signature": good["signature"][:-2]}),
        ("no signature", good | {"signature": ""}),
        ("no field for the act", {k: v for k, v in good.items() if k != "act"}),
    ]:
        yield wrong(why, payloads=[entered, release(evidence)])
    yield wrong("another person", payloads=[entered, release(good, person="p2")])
    yield wrong("never entered", payloads=[payload(), release(good)])
    yield wrong("entered afterwards", payloads=[release(good, index=0), entered])
    yield wrong("used twice", payloads=[entered, release(good), release(good, index=2)])
