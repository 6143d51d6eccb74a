"""Salt and sign payloads into rows, large batches on two threads.

Signing is most of what an append costs and leaves Python alone while it runs, so
half of a large batch is signed beside the other. The rows are the same, and in the
same order, as if one thread had made them.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from clearline.ledger.envelope import SALT_BYTES, commitment, seal_envelope
from clearline.ledger.keys import SignerKey
from clearline.service.ports import Chance, Row

BESIDE_FROM = 64
"""From how many payloads on a second thread pays for itself."""


class Sealer:
    """Sign for one log."""

    def __init__(self, signer: SignerKey, chance: Chance) -> None:
        """Take the key and where salts come from; no thread runs yet."""
        self._signer = signer
        self._chance = chance
        self._beside: ThreadPoolExecutor | None = None

    def seal(self, payloads: Sequence[bytes]) -> tuple[Row, ...]:
        """Make the rows of payloads, each with a salt of its own."""
        salts = self._chance.draw(SALT_BYTES * len(payloads))
        if len(payloads) < BESIDE_FROM:
            return tuple(self._rows(payloads, salts))
        if self._beside is None:
            self._beside = ThreadPoolExecutor(1, thread_name_prefix="sealer")
        half = len(payloads) // 2
        cut = half * SALT_BYTES
        later = self._beside.submit(self._rows, payloads[half:], salts[cut:])
        return (*self._rows(payloads[:half], salts[:cut]), *later.result())

    def close(self) -> None:
        """Stop the second thread, if it ever ran."""
        if self._beside is not None:
            self._beside.shutdown()
            self._beside = None

    def _rows(self, payloads: Sequence[bytes], salts: bytes) -> list[Row]:
        return [
            self._row(payload, salts[at * SALT_BYTES : (at + 1) * SALT_BYTES])
            for at, payload in enumerate(payloads)
        ]

    def _row(self, payload: bytes, salt: bytes) -> Row:
        envelope = seal_envelope(payload, self._signer)
        return Row(commitment=commitment(salt, envelope), salt=salt, envelope=envelope)
