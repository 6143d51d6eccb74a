"""Give tests the founding text, where it lies beside this checkout, and its case."""

from functools import cache
from pathlib import Path

import pytest

from clearline.model.casefiles import CaseFile
from clearline.model.claims import Claim
from clearline.replay.records import load_case

NAME = "deir-ez-zor-2016"
TEXT = Path(__file__).parents[2] / "shared/source/deir-ez-zor-2016-article.txt"


@cache
def case() -> CaseFile:
    """Return the case of the founding text."""
    return load_case(NAME).case


def claim(name: str) -> Claim:
    """Return one of its claims."""
    return next(one for one in case().claims if one.id == name)


def the_text() -> Path:
    """Return where the founding text lies, or skip: it is not ours to keep."""
    if not TEXT.is_file():
        pytest.skip(f"outside data: {TEXT.name} is not beside this checkout")
    return TEXT
