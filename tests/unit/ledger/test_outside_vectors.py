"""Proof cases other people wrote down are answered as they say.

They are not part of this project: where their folder is absent, this is skipped.
"""

import base64
import json
from pathlib import Path

import pytest

from clearline.ledger.tree import ProofRefused, verify_consistency, verify_inclusion

CHECKOUT = Path(__file__).resolve().parents[3]
FOLDER = CHECKOUT.parent / "shared" / "vectors" / "merkle"


def cases(name):
    """Read a file of cases, or one stand-in that is skipped."""
    path = FOLDER / f"{name}.json"
    if not path.is_file():
        reason = f"outside data: {name}.json is not beside this checkout"
        return [pytest.param(None, marks=pytest.mark.skip(reason=reason))]
    found = json.loads(path.read_text())
    return [pytest.param(case, id=case["name"]) for case in found]


def hashes(case, name):
    """Read a list of hashes; `null` is a list without any."""
    return [base64.b64decode(node) for node in case[name] or []]


def one(case, name):
    """Read one hash."""
    return base64.b64decode(case[name])


def is_refused(verify, *given):
    """Say whether a proof was refused; nothing but a refusal may come out."""
    try:
        verify(*given)
    except ProofRefused:
        return True
    return False


@pytest.mark.parametrize("case", cases("inclusion"))
def test_inclusion(case):
    """A right inclusion proof is taken and each wrong one is refused."""
    given = (
        case["leafIdx"],
        case["treeSize"],
        one(case, "leafHash"),
        hashes(case, "proof"),
        one(case, "root"),
    )
    assert is_refused(verify_inclusion, *given) is case["wantErr"]


@pytest.mark.parametrize("case", cases("consistency"))
def test_consistency(case):
    """A right consistency proof is taken and each wrong one is refused."""
    given = (
        case["size1"],
        case["size2"],
        hashes(case, "proof"),
        one(case, "root1"),
        one(case, "root2"),
    )
    assert is_refused(verify_consistency, *given) is case["wantErr"]
