"""Hold the API's forms of the first person of a node."""

from typing import Annotated

import msgspec
from msgspec import Meta

from clearline.model.parties import (
    Standing,
)

Id = Annotated[
    str, Meta(min_length=1, max_length=64, pattern=r"^[a-z0-9][a-z0-9_.-]*$")
]
"""An id people may have to read aloud."""


Line = Annotated[str, Meta(min_length=1, max_length=200)]


class SetUp(msgspec.Struct, frozen=True, kw_only=True):
    """Name the first party, desk and person; the person administers the node.

    Attributes:
        code: The code the node printed when it was first started.
    """

    code: str
    party: Id
    party_name: Line
    desk: Id
    desk_name: Line
    person: Id
    pseudonym: Line
    password: str
    standing: Standing = Standing.PARTY
