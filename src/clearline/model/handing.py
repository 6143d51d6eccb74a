"""Hold that notices left as a file or a stream, and which."""

import msgspec

from clearline.model.notices import NoticeId, Precision
from clearline.model.parties import Actor


class GoneOut(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Name a notice of another party that left, and how exactly.

    Attributes:
        revision: Which revision of it.
    """

    notice: NoticeId
    revision: int
    precision: Precision


class NoticesHandedOut(msgspec.Struct, frozen=True, kw_only=True):
    """Say that notices left as a file, so that their owners can learn of it.

    Attributes:
        by: Who asked for it.
        form: Which format it has.
        sha256: Of the file, hex.
        own: How many of them were the asker's own.
        notices: The others, each with how exactly it left.
    """

    by: Actor
    form: str
    sha256: str
    own: int = 0
    notices: tuple[GoneOut, ...] = ()


class HandOut(msgspec.Struct, frozen=True, kw_only=True):
    """Write down that notices leave as a file; it leaves once that is written."""

    by: Actor
    form: str
    sha256: str
    own: int = 0
    notices: tuple[GoneOut, ...] = ()
