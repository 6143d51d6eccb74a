"""Hand batches to the disk: at once, or from a thread of its own.

The writer waits for the disk only so long; a STOP waits 50 ms and then rings. So
the disk is asked and looked at, never called and waited for without an end.
"""

from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Protocol

from clearline.model.instants import Duration
from clearline.service.log import Log, Prepared


class Disk(Protocol):
    """Take one batch at a time."""

    def begin(self, prepared: Prepared) -> "Future[None]":
        """Start to store a batch; the future ends when it is durable or refused."""

    def wait(self, writing: "Future[None]", patience: Duration) -> bool:
        """Wait for a batch, at most so long; say whether the disk has answered."""

    def close(self) -> None:
        """Wait for the batch under way and stop."""


class PlainDisk:
    """Store in the caller's own thread; for replays and tests."""

    def __init__(self, log: Log) -> None:
        """Store into `log`."""
        self._log = log

    def begin(self, prepared: Prepared) -> "Future[None]":
        """Store a batch now."""
        writing: Future[None] = Future()
        try:
            self._log.store(prepared)
        except Exception as error:  # noqa: BLE001 (raised again by whoever looks)
            writing.set_exception(error)
        else:
            writing.set_result(None)
        return writing

    def wait(self, writing: "Future[None]", patience: Duration) -> bool:
        """Say that the disk has answered; it always has."""
        del writing, patience
        return True

    def close(self) -> None:
        """Do nothing; nothing is under way."""


class ThreadDisk:
    """Store in one thread of its own, so that a disk that hangs holds up nobody."""

    def __init__(self, log: Log) -> None:
        """Store into `log`."""
        self._log = log
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="disk")

    def begin(self, prepared: Prepared) -> "Future[None]":
        """Start to store a batch."""
        return self._thread.submit(self._log.store, prepared)

    def wait(self, writing: "Future[None]", patience: Duration) -> bool:
        """Wait for a batch, at most so long."""
        done, _ = wait([writing], timeout=patience.total_seconds())
        return bool(done)

    def close(self) -> None:
        """Wait for the batch under way and stop."""
        self._thread.shutdown()
