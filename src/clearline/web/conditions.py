"""Answer only if it is still so: ETag, If-Match, If-None-Match (RFC 9110 section 13).

    GET     If-None-Match: "tag"   304 while nothing changed
    PUT     If-Match: "tag"        412 once it is no longer as it was read
            If-Match: *            412 where nothing stands yet
            If-None-Match: *       412 where something stands already
    DELETE  as PUT

A tag is a hash of what a GET of the same path answers the same caller. Whoever holds a
change to a condition that nothing can be compared with is refused, not let through.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Final

from clearline.web.refusals import ChangedMeanwhile

CHANGING: Final = frozenset({"PUT", "DELETE"})
"""Methods that a condition can hold; acts about calls are held by the call itself."""

_TAGS: Final = re.compile(r'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')


def tag_of(body: bytes) -> str:
    """Return the tag of what was answered; a strong one: same tag, same bytes."""
    return f'"{hashlib.sha256(body).hexdigest()[:24]}"'


def is_as_it_was(headers: Mapping[str, str], tag: str) -> bool:
    """Say whether a GET has nothing new to tell (RFC 9110 section 13.1.2)."""
    named = headers.get("if-none-match", "")
    if named.strip() == "*":
        return True
    return tag in {found for _, found in _TAGS.findall(named)}


def is_conditional(headers: Mapping[str, str]) -> bool:
    """Say whether a change hangs on what stands."""
    return "if-match" in headers or "if-none-match" in headers


def require_conditions(headers: Mapping[str, str], stands: str) -> None:
    """Hold a change against what stands now (RFC 9110 section 13.2.2).

    Args:
        headers: Of the request.
        stands: The tag of what stands; empty where nothing does.

    Raises:
        ChangedMeanwhile: It is not as the caller takes it to be.
    """
    wanted = headers.get("if-match")
    if wanted is not None and not _matches(wanted, stands):
        raise ChangedMeanwhile(
            "It is no longer as it was when you read it.",
            state="Nothing was changed.",
            next="Read it again, and make the change to what it is now.",
        )
    unwanted = headers.get("if-none-match")
    if unwanted is not None and stands and is_as_it_was(headers, stands):
        raise ChangedMeanwhile(
            "Something stands there already.",
            state="Nothing was changed.",
            next="Read it, and change it with If-Match if that is meant.",
        )


def _matches(wanted: str, stands: str) -> bool:
    """Compare strongly: a weak tag matches nothing (RFC 9110 section 13.1.1)."""
    if wanted.strip() == "*":
        return bool(stands)
    return stands in {found for weak, found in _TAGS.findall(wanted) if not weak}
