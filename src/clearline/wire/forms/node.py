"""Hold the API's forms of the node itself."""

import msgspec

from clearline.model.entries import Realm
from clearline.model.instants import Instant


class NodeShown(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what a node says of itself.

    Attributes:
        origin: The log's name.
        key: What the log is verified with; compare it aloud.
        size: How many entries are durable.
        push_key: What a page gives a browser as `applicationServerKey`, base64url.
    """

    version: str
    origin: str
    realm: Realm
    key: str
    size: int
    node_time: Instant
    wall_time: Instant
    clock_error_s: float | None
    push_key: str
