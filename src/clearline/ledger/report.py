"""Say what was found wrong with a log, where, and what could not be looked at.

Every problem names the half-open range of indices `[start, end)` it lies in, as
narrow as what is left allows. Damage that touches many entries in a row is one
problem; there is a bound on how many are told apart, and what lies beyond it is
counted.
"""

from enum import StrEnum

import msgspec

from clearline.ledger.checkpoint import Checkpoint

MAX_PROBLEMS = 1000
"""Most problems told one by one."""

ABSENT_END = (
    "No earlier checkpoint was given, so an absent end cannot be excluded: "
    "compare with --seen."
)
"""What has to be said where a log was compared with nothing seen before."""


class Fault(StrEnum):
    """Name what is wrong."""

    ROW_MISSING = "row_missing"
    ROW_ORDER = "row_out_of_place"
    ROW_HALF = "row_half"
    CONTENT = "content_is_not_what_was_committed_to"
    COMMITMENT = "commitment_is_not_what_was_signed"
    DISAGREEMENT = "copies_disagree"
    ENVELOPE = "envelope"
    PAYLOAD = "payload"
    REALM = "realm"
    EVIDENCE = "evidence"
    SEALED_MISSING = "sealed_part_missing"
    SEALED_CHANGED = "sealed_part_changed"
    SEALED_KEPT = "sealed_part_not_erased"
    ERASURE = "erasure"
    TILE = "tile"
    TILE_MISSING = "tile_missing"
    NOT_COVERED = "not_covered_by_checkpoint"
    ROOT = "root"
    CHECKPOINT = "checkpoint"
    SEEN = "history_rewritten"


_WHOLE_LOG = frozenset({Fault.ROOT, Fault.CHECKPOINT, Fault.SEEN})


class Problem(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one thing that is wrong.

    Attributes:
        fault: What is wrong.
        start: First index it may touch.
        end: First index it no longer touches.
        what: A sentence; where the range is longer than one entry, about the
            first of them.
    """

    fault: Fault
    start: int
    end: int
    what: str


class Erased(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hold one sealed part that was erased and said to be.

    Attributes:
        entry: Index of the entry that holds its digest.
        part: The digest, base64.
        by_entry: Index of the entry that says it was erased.
        rule: By which rule.
        person: By whom.
    """

    entry: int
    part: str
    by_entry: int
    rule: str
    person: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what a walk over a whole log has found.

    Attributes:
        ok: Whether nothing is wrong. What could not be looked at stands in
            `caveats` and does not make it false.
        origin: The log's name, as its checkpoint says; empty where it cannot be
            read.
        size: How many entries were walked over, missing ones included.
        root: Root over the commitments as they are stored, 32 bytes; `None`
            where one of them is missing.
        checkpoint: The checkpoint, where a given key has signed it.
        first_bad: The problem that begins first; one about single entries
            before one about the log as a whole.
        problems: All problems, at most `MAX_PROBLEMS`, by where they begin.
        left_out: How many more there are.
        erased: Sealed parts that were erased, each with its entry.
        realms: How many entries are of which realm.
        undisclosed: How many entries are here without their content.
        evidence_checked: How many persons' assertions were checked and hold.
        evidence_unchecked: How many could not be, for want of the entry that
            would hold the passkey.
        caveats: Sentences about what this report does not show.
    """

    ok: bool
    origin: str
    size: int
    root: bytes | None
    checkpoint: Checkpoint | None
    first_bad: Problem | None
    problems: tuple[Problem, ...]
    left_out: int
    erased: tuple[Erased, ...]
    realms: dict[str, int]
    undisclosed: int
    evidence_checked: int
    evidence_unchecked: int
    caveats: tuple[str, ...]


class Findings:
    """Collect problems while a log is walked over."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []
        self._last: dict[Fault, int] = {}
        self.left_out = 0

    def add(self, fault: Fault, start: int, end: int, what: str) -> None:
        """Add a problem; it joins one of its kind that ends where it starts."""
        at = self._last.get(fault)
        before = None if at is None else self._problems[at]
        if at is not None and before is not None and before.end == start:
            self._problems[at] = msgspec.structs.replace(before, end=end)
        elif len(self._problems) < MAX_PROBLEMS:
            self._last[fault] = len(self._problems)
            found = Problem(fault=fault, start=start, end=end, what=what)
            self._problems.append(found)
        else:
            self.left_out += 1

    def problems(self) -> tuple[Problem, ...]:
        """Return what was found, by where it begins."""
        return tuple(sorted(self._problems, key=lambda found: found.start))

    def first_bad(self) -> Problem | None:
        """Return what begins first; what concerns the whole log comes last."""
        return min(
            self._problems,
            key=lambda found: (found.fault in _WHOLE_LOG, found.start),
            default=None,
        )
