"""Append to a node's log, read it back, and prove what it holds.

    prepare            store                        settle
    salt, sign, hash   one durable transaction      the head in memory moves
    (memory only)      '- THE COMMIT POINT          (nothing can fail)

| what fails, or where the machine stops | on disk | whoever waits hears |
|---|---|---|
| prepare | as before | the error; nothing was said to anybody |
| store, before its commit | as before | the error: not recorded |
| store, in its commit | all or nothing | the error; the next start shows which |
| store, after its commit | all of it | nothing; the next start finds it |
| the high-water file | all of it | recorded; `trouble` says what is missing |

In memory nothing moves before `settle`.

What an entry says is erased goes in the same transaction as the entry: no stop of
the machine leaves one without the other.

An answer goes out after `settle`: durable and in the tree. Prepared batches may be
chained (`after`), so that one is signed while the one before it is written; if
that one fails, those after it are thrown away with it.

`prepare`, `settle` and everything that reads belong to one thread, `store` and
`tend` to one other at most.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

import msgspec

from clearline.ledger.checkpoint import (
    Checkpoint,
    sign_checkpoint,
)
from clearline.ledger.header import read_header, realm_of
from clearline.ledger.keys import SignerKey, VerifierKey
from clearline.ledger.sealed import ERASED_TYPE, find_sealed, read_erasure
from clearline.ledger.text64 import encode64
from clearline.ledger.tiles import (
    TILE_WIDTH,
    Edge,
    TileName,
    grow,
    subtree_of_tiles,
    tile_at,
    write_bundle,
)
from clearline.ledger.tree import (
    HASH_BYTES,
    consistency_proof,
    hash_leaf,
)
from clearline.model.instants import Duration, Instant
from clearline.service.log_faults import (
    EntryDamaged,
    NotErased,
    OutOfTurn,
    SealedLoose,
    no_tile,
    not_an_entry,
)
from clearline.service.log_stored import (
    payload_in_tree,
    receipt_for,
    recover,
    tiles_below,
)
from clearline.service.ports import (
    Chance,
    HighWater,
    Row,
    Store,
    StoredTile,
    StoreRefused,
)
from clearline.service.sealing import Sealer

_Parts: TypeAlias = Mapping[bytes, tuple[bytes, bytes]]
_Beside: TypeAlias = Mapping[bytes, tuple[bytes, bytes] | None]

KEEP_AFTER = Duration(milliseconds=800)
"""How long a checkpoint may be in the store alone; with its fsync, within 1 s."""


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a batch that is signed and hashed, and stored nowhere yet.

    Attributes:
        first: Index of its first entry.
        rows: Its entries as they will be stored.
        tiles: Hash tiles that become full with it.
        checkpoint: The signed checkpoint at the size after it, a note.
        edge: The tree's right edge after it.
        sealed: Parts lying beside its entries: digest to (salt, bytes), or to
            nothing where one of them says that the part is erased.
        is_urgent: Whether it holds an act of a call.
        now: Node time when it was prepared.
    """

    first: int
    rows: tuple[Row, ...]
    tiles: tuple[StoredTile, ...]
    checkpoint: bytes
    edge: Edge
    sealed: _Beside
    is_urgent: bool
    now: Instant

    @property
    def size(self) -> int:
        """Return the size of the log after this batch."""
        return self.edge.size


class Appended(msgspec.Struct, frozen=True, kw_only=True):
    """Say where a batch stands in the log; it is durable and in the tree.

    Attributes:
        first: Index of its first entry.
        size: Size of the log after it.
        checkpoint: The signed checkpoint at that size, a note.
    """

    first: int
    size: int
    checkpoint: bytes


class Log:
    """Hold the one log of a node: the only way in is an append."""

    def __init__(
        self,
        *,
        store: Store,
        signer: SignerKey,
        chance: Chance,
        high_water: HighWater,
        now: Instant,
    ) -> None:
        """Open a log and make sure that it is the one that was signed.

        Args:
            store: What keeps it.
            signer: The node's key; its name is the log's origin.
            chance: What salts are drawn from.
            high_water: What keeps the newest checkpoint apart.
            now: Node time.

        Raises:
            WrongKey: The head was signed with another key.
            LogShorter: The store holds less than was acknowledged.
            LogDiffers: The store holds something else than was signed.
            HighWaterMissing: Nothing says how far the log had come.
            StoreRefused: The disk refused.
            BadInput: The origin ends in no realm.
        """
        self._store = store
        self._signer = signer
        self._sealer = Sealer(signer, chance)
        self._high_water = high_water
        self._realm = realm_of(signer.name)
        self._edge = Edge()
        self._checkpoint = b""
        self._unkept: bytes | None = None
        self._unkept_since = now
        self.trouble: StoreRefused | None = None
        self._open()

    @property
    def origin(self) -> str:
        """Return the log's name, which is also its key's."""
        return self._signer.name

    @property
    def key(self) -> VerifierKey:
        """Return the key the log is verified with."""
        return self._signer.verifier

    @property
    def size(self) -> int:
        """Return how many entries are durable and in the tree."""
        return self._edge.size

    @property
    def root(self) -> bytes:
        """Return the root over all of them."""
        return self._edge.root()

    @property
    def edge(self) -> Edge:
        """Return the tree's right edge; whoever holds it can prove what is below."""
        return self._edge

    def checkpoint(self) -> bytes:
        """Return the newest signed checkpoint, a note."""
        return self._checkpoint

    # --- writing ----------------------------------------------------------------

    def append(
        self,
        payloads: Sequence[bytes],
        *,
        now: Instant,
        is_urgent: bool = False,
        sealed: _Parts | None = None,
    ) -> Appended:
        """Append a batch; it is durable and in the tree when this returns.

        Args:
            payloads: The exact bytes to sign, each one JSON object.
            now: Node time.
            is_urgent: Whether the batch holds an act of a call; its checkpoint is
                then kept apart before this returns, otherwise within a second.
            sealed: Parts lying beside the entries: digest to (salt, bytes).

        Raises:
            NotAnEntry: A payload is no JSON object, or of another realm.
            SealedLoose: Parts and entries do not name each other.
            StoreRefused: The disk refused; the log is as it was.
        """
        prepared = self.prepare(payloads, now=now, is_urgent=is_urgent, sealed=sealed)
        self.store(prepared)
        return self.settle(prepared)

    def sign_apart(self, payload: bytes) -> Row:
        """Sign what is said before the disk takes it; it stands in no log yet.

        Raises:
            NotAnEntry: The payload is no JSON object, or of another realm.
        """
        self._require_realm(payload)
        (row,) = self._sealer.seal([payload])
        return row

    def prepare(
        self,
        payloads: Sequence[bytes],
        *,
        now: Instant,
        is_urgent: bool = False,
        sealed: _Parts | None = None,
        after: Prepared | None = None,
    ) -> Prepared:
        """Sign and hash a batch in memory; nothing is moved.

        Args:
            payloads: The exact bytes to sign, each one JSON object.
            now: Node time.
            is_urgent: Whether the batch holds an act of a call.
            sealed: Parts lying beside the entries: digest to (salt, bytes).
            after: The batch before it, if that one is not settled yet.

        Raises:
            NotAnEntry: A payload is no JSON object, or of another realm.
            SealedLoose: Parts and entries do not name each other.
        """
        edge = self._edge if after is None else after.edge
        parts = dict(sealed or {})
        for payload in payloads:
            self._require_realm(payload)
        self._require_named(payloads, parts, {} if after is None else after.sealed)
        rows = self._sealer.seal(payloads)
        grown, full = grow(edge, [hash_leaf(row.commitment) for row in rows])
        return Prepared(
            first=edge.size,
            rows=rows,
            tiles=tuple(
                StoredTile(level=tile.level, number=tile.number, hashes=tile.hashes)
                for tile in full
            ),
            checkpoint=self._sign_head(grown),
            edge=grown,
            sealed={**parts, **dict.fromkeys(_erased_by(payloads))},
            is_urgent=is_urgent,
            now=now,
        )

    def store(self, prepared: Prepared) -> None:
        """Make a batch durable. Its commit is the commit point of this node.

        The same batch may be stored again after a refusal; until it is settled
        nothing in memory has moved.

        Raises:
            StoreRefused: The disk refused; the log is as it was.
            LostCertainty: The log is no longer ours to write.
        """
        self._store.append(
            prepared.first,
            prepared.rows,
            tiles=prepared.tiles,
            checkpoint=prepared.checkpoint,
            sealed=prepared.sealed,
        )
        if self._unkept is None:
            self._unkept_since = prepared.now
        self._unkept = prepared.checkpoint
        if prepared.is_urgent:
            self._keep()
        else:
            self.tend(prepared.now)

    def settle(self, prepared: Prepared) -> Appended:
        """Move the head in memory to a batch that has been stored.

        Raises:
            OutOfTurn: The batch does not continue the log.
        """
        if prepared.first != self._edge.size:
            raise OutOfTurn(
                f"A batch beginning at {prepared.first} does not continue a log of "
                f"{self._edge.size} entries.",
                state="The head in memory did not move.",
                next="Settle batches in the order in which they were stored.",
            )
        self._edge = prepared.edge
        self._checkpoint = prepared.checkpoint
        return Appended(
            first=prepared.first, size=prepared.size, checkpoint=prepared.checkpoint
        )

    def tend(self, now: Instant) -> None:
        """Keep the newest checkpoint apart, if it has waited long enough."""
        due_at = self.tend_at()
        if due_at is not None and now >= due_at:
            self._keep()

    def tend_at(self) -> Instant | None:
        """Say when `tend` has something to do, if ever."""
        return None if self._unkept is None else self._unkept_since + KEEP_AFTER

    def require_sealed(self, entry: int, part: str) -> None:
        """Refuse to say that a part is erased which that entry does not hold.

        Once written, `verify` would miss it for good.

        Args:
            entry: Index of the entry.
            part: The part's digest, base64, as a `sealed_erased` entry names it.

        Raises:
            NotErased: There is no such entry yet, or it names no such part.
        """
        held: set[str] = set()
        if 0 <= entry < self.size:
            ((_, payload),) = self.read(entry, entry + 1)
            held = {encode64(one) for one in find_sealed(read_header(payload).act)}
        if part not in held:
            raise NotErased(
                f"Entry {entry} of this log holds no sealed part {part!r}.",
                state="Nothing was recorded and nothing was erased.",
                next="Name the entry that holds the part, and the part as it stands.",
            )

    def close(self) -> None:
        """Keep the newest checkpoint apart and let go of the disk."""
        self._sealer.close()
        if self._unkept is not None:
            self._keep()
        self._store.close()

    # --- reading ----------------------------------------------------------------

    def read(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        """Read the payloads of the entries `[start, stop)`, with their indexes.

        Each is held against its commitment and against the tree; signatures are
        not checked again (`verify` does).

        Raises:
            EntryDamaged: An entry is not the one that was signed.
        """
        stop = min(stop, self.size)
        while start < stop:
            name = tile_at(self.size, 0, start // TILE_WIDTH)
            hashes = self._tile(name)
            end = min(stop, (name.number + 1) * TILE_WIDTH)
            for row in self._store.rows(start, end):
                at = start % TILE_WIDTH * HASH_BYTES
                yield start, payload_in_tree(start, row, hashes[at : at + HASH_BYTES])
                start += 1
            if start < end:
                raise EntryDamaged(start, "it is not there")

    def prove(self, index: int) -> bytes:
        """Write a receipt for an entry, against the newest checkpoint.

        Raises:
            NoSuchRange: There is no such entry.
            EntryDamaged: The entry is not the one that was signed.
        """
        return receipt_for(index, self._edge, self._checkpoint, self._store)

    def consistency(self, old: int, new: int) -> tuple[bytes, ...]:
        """Prove that the log at size `old` is the beginning of that at `new`.

        Raises:
            NoSuchRange: The sizes are not `0 < old <= new <= size`.
        """
        return consistency_proof(old, new, subtree_of_tiles(self.size, self._tile))

    def tile(self, level: int, number: int, width: int = TILE_WIDTH) -> bytes:
        """Return a hash tile of the stated width (C2SP tlog-tiles).

        Raises:
            TileMalformed: The log has no such tile at that width.
        """
        whole = tile_at(self.size, level, number)
        if not 1 <= width <= whole.width:
            raise no_tile(level, number, width)
        return self._tile(whole)[: width * HASH_BYTES]

    def bundle(self, number: int, width: int = TILE_WIDTH) -> bytes:
        """Return a bundle of entries' data (C2SP tlog-tiles, "Log entries").

        Raises:
            TileMalformed: The log has no such bundle at that width.
        """
        first = number * TILE_WIDTH
        if not 1 <= width <= TILE_WIDTH or not 0 <= first <= self.size - width:
            raise no_tile("entries", number, width)
        rows = self._store.rows(first, first + width)
        return write_bundle([row.commitment for row in rows])

    def sealed(self, part: bytes) -> tuple[bytes, bytes] | None:
        """Read a sealed part, (salt, bytes), or nothing where it was erased."""
        return self._store.sealed(part)

    # --- opening ----------------------------------------------------------------

    def _open(self) -> None:
        kept = self._high_water.read()
        found = recover(self._store, self._signer.verifier, kept)
        if found is None:
            # The empty log is signed, so that from now on a lost one is missed.
            self._checkpoint = self._sign_head(self._edge)
            self._high_water.keep(self._checkpoint)
            self._store.append(0, (), tiles=(), checkpoint=self._checkpoint, sealed={})
            return
        self._edge, self._checkpoint = found
        self._high_water.keep(self._checkpoint)

    # --- parts ------------------------------------------------------------------

    def _require_realm(self, payload: bytes) -> None:
        try:
            realm = _realms.decode(payload).realm
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise not_an_entry(f"The payload cannot be read: {error}.") from error
        if realm != self._realm:
            raise not_an_entry(f"The payload is {realm}, the log is {self._realm}.")

    def _require_named(
        self, payloads: Sequence[bytes], parts: _Parts, before: _Beside
    ) -> None:
        """Refuse parts no entry names, and entries naming parts that lie nowhere."""
        named = {
            digest
            for payload in payloads
            if _SEALED_NAME in payload
            for digest in find_sealed(read_header(payload).act)
        }
        missing = named - set(parts) - {one for one, part in before.items() if part}
        if set(parts) - named or not all(map(self._store.sealed, missing)):
            raise SealedLoose(
                "A sealed part is named by no entry of the batch, or an entry names "
                "one that lies nowhere.",
                state="Nothing was written.",
                next="Give each sealed part together with the entry that names it.",
            )

    def _sign_head(self, edge: Edge) -> bytes:
        head = Checkpoint(origin=self.origin, size=edge.size, root=edge.root())
        return sign_checkpoint(head, self._signer)

    def _keep(self) -> None:
        """Keep the newest checkpoint apart; what stands in the way is told."""
        if self._unkept is None:
            return
        try:
            self._high_water.keep(self._unkept)
        except StoreRefused as error:
            self.trouble = error
        else:
            self.trouble, self._unkept = None, None

    def _tile(self, name: TileName) -> bytes:
        return tiles_below(self._edge, self._store)(name)


class _OfRealm(msgspec.Struct, frozen=True, gc=False):
    realm: str


def _erased_by(payloads: Sequence[bytes]) -> Iterator[bytes]:
    """Name the parts that entries say are erased."""
    for payload in payloads:
        if _ERASED_NAME in payload:
            erasure = read_erasure(read_header(payload))
            if erasure is not None:
                yield erasure.part


_SEALED_NAME = b'"sealed"'
_ERASED_NAME = ERASED_TYPE.encode()
_realms = msgspec.json.Decoder(_OfRealm)
