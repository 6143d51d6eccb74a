"""Give files of notices to peers, and bring those of theirs that we were told exactly.

    their notice heard, exactly --> its files are asked for, by their hashes
                                        |-- came: held against hash, length and kind
                                        '-- not reached: asked again, then by whoever
                                            opens it

What a peer may have is decided in `rules/disclosure_to_peers` as it asks, not as it was
told: a consent withdrawn meanwhile is withdrawn. What comes is kept only if it is what
was named; nothing is asked for that no notice here names.
"""

import threading
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from queue import Empty, SimpleQueue
from typing import Final, Protocol

from clearline.model.errors import ClearlineError
from clearline.model.links import Peer
from clearline.model.notice_acts import NoticeAmended, NoticeFiled
from clearline.model.notice_life import Attached
from clearline.model.notices import Notice, NoticeId
from clearline.picture.marks import file_mark, named_under
from clearline.picture.view import View
from clearline.rules.disclosure_to_peers import may_have_file
from clearline.service.writer import Written

MOST_OF_ONE: Final = 10
"""How many files of one revision are brought unasked; others, as they are opened."""

MOST_TRIES: Final = 20
"""How often a file is asked for unasked, before somebody here has to open it."""

_AGAIN_AFTER_S: Final = 30.0
_STOP_WITHIN_S: Final = 2.0


class Takes(Protocol):
    """Keep files by their hash."""

    def read(self, digest: str) -> bytes | None:
        """Read a file, checked against its hash; nothing where it is not here."""

    def take(self, digest: str, data: bytes, named: Attached | None) -> None:
        """Keep what another node sent as a file of that hash, if it is that."""


class PeerFiles:
    """Give and bring files; any thread may ask, the writer calls `hear`.

    Attributes:
        trouble: Why a file last could not be brought.
    """

    trouble = ""

    def __init__(
        self,
        *,
        looking: Callable[[], AbstractContextManager[View]],
        files: Takes,
        fetch: Callable[[Peer, str], bytes],
    ) -> None:
        """Bring nothing before `start`.

        Args:
            looking: Lets one look at what stands.
            files: Where files are kept.
            fetch: Asks a peer for a file by its hash.
        """
        self._looking, self._files, self._fetch = looking, files, fetch
        self._wanted: SimpleQueue[str | None] = SimpleQueue()
        self._tries: Counter[str] = Counter()
        self._thread = threading.Thread(target=self._run, name="files", daemon=True)

    def start(self) -> None:
        """Bring from now on what peers tell of."""
        self._thread.start()

    def stop(self) -> None:
        """Bring nothing more; what is missing is brought as somebody opens it."""
        self._wanted.put(None)
        if self._thread.ident is not None:
            self._thread.join(_STOP_WITHIN_S)

    def hear(self, written: Written) -> None:
        """Take note of what a peer told; the writer calls it, and never waits."""
        for entry in written.entries:
            act = entry.act
            if isinstance(act, NoticeFiled | NoticeAmended) and _is_far(act):
                for file in act.revision.files[:MOST_OF_ONE]:
                    self._wanted.put(file)

    def give(self, peer: Peer, sha256: str) -> bytes | None:
        """Return a file that a peer may have; nothing where it may not, or is none."""
        with self._looking() as view:
            may = may_have_file(view, peer, sha256)
        return self._files.read(sha256) if may else None

    def bring(self, sha256: str) -> bool:
        """Ask the owner's node for a file that is not here; says whether it came.

        Raises:
            PeerUnreached: It was not reached, or does not give it.
            NotAnAttachment: What came is something else.
            StoreRefused: The disk refused.
        """
        with self._looking() as view:
            found = _named_far(view, sha256)
            peer = view.peer_of(found.owner) if found is not None else None
        if found is None or peer is None:
            return False
        attached = found.revision.attached
        named = next((one for one in attached if one.sha256 == sha256), None)
        self._files.take(sha256, self._fetch(peer, sha256), named)
        return True

    # --- in the thread of its own -------------------------------------------------

    def _run(self) -> None:
        missing: set[str] = set()
        while True:
            try:
                wanted = self._wanted.get(timeout=_AGAIN_AFTER_S if missing else None)
            except Empty:
                some, missing = missing, set()
                missing |= {file for file in some if not self._is_here_now(file)}
                continue
            if wanted is None:
                return
            if not self._is_here_now(wanted):
                missing.add(wanted)

    def _is_here_now(self, sha256: str) -> bool:
        """Bring a file unless it is here; says whether to ask no more."""
        try:
            if self._files.read(sha256) is None:
                self.bring(sha256)
        except ClearlineError as error:
            self.trouble = error.what
            self._tries[sha256] += 1
            return self._tries[sha256] >= MOST_TRIES
        self._tries.pop(sha256, None)
        return True


def _is_far(act: NoticeFiled | NoticeAmended) -> bool:
    return act.notice.endswith(f"@{act.by.party}")


def _named_far(view: View, sha256: str) -> Notice | None:
    """Find a notice of another node that names a file and may be looked at still."""
    ids: list[NoticeId] = list(named_under(view, file_mark(sha256)))
    found = (view.notices.get(one) for one in ids)
    return next(
        (
            notice
            for notice in found
            if notice is not None
            and notice.is_far
            and notice.purged_at is None
            and sha256 in notice.revision.files
        ),
        None,
    )
