"""Make the first answer again to a request whose answer was lost.

    request with a key --decided--> entries, each with the request's digest
    same request again --------> these entries --> the same operation, run over them

The operation runs as it did, but that nothing is asked of the writer: it is given
what followed the first time, and looks at what stood just before, and just after.
One thing is said as it is now: that what was not recorded then is recorded.
"""

import base64
import hashlib
from collections.abc import Iterable

from msgspec.structs import replace

from clearline.model.entries import Entry, PeerTold
from clearline.service.writer import Written
from clearline.web.endpoints import Asking, Recalled

_DIGEST_BYTES = 16
_AT_ONCE = 64


def digest_of(whose: str, key: str, said: bytes) -> str:
    """Name a request in the log: who asked, under which key, and what.

    Args:
        whose: Who asked, as for limits.
        key: The idempotency key.
        said: SHA-256 of the path and the body.
    """
    asked = f"clearline request\n{whose}\n{key}\n".encode()
    whole = hashlib.sha256(asked + said).digest()
    return base64.b64encode(whole[:_DIGEST_BYTES]).decode()


async def recall(asking: Asking, indexes: Iterable[int]) -> Asking | None:
    """Find what a request led to before, in the node's log.

    Args:
        asking: The request; without a key of its own nothing is found.
        indexes: Entries of which one was written by it, if any was.

    Returns:
        The request as it is asked over again; nothing where it was not done.
    """
    if asking.digest is None:
        return None
    service = asking.service
    looked = await asking.aside(lambda: service.entries(sorted(set(indexes))))
    at = next((n for n, one in looked if one.request == asking.digest), None)
    if at is None:
        return None
    entries = await asking.aside(lambda: _all_of(asking, at))
    written = Written(entries=entries, first=at, is_durable=True)
    return replace(asking, recalled=Recalled(written))


def _all_of(asking: Asking, at: int) -> tuple[Entry, ...]:
    """Read every entry of one command, from its first on."""
    found: list[Entry] = []
    for start in range(at, asking.service.node.log.size, _AT_ONCE):
        stop = min(start + _AT_ONCE, asking.service.node.log.size)
        for _, entry in asking.service.entries(range(start, stop)):
            if entry.request != asking.digest and not isinstance(entry.act, PeerTold):
                return tuple(found)
            found.append(entry)
    return tuple(found)
