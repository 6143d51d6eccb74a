"""Verify a log, a written-out copy of one, or a receipt."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from clearline.cli.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clearline.adapters.verification import Verdict
    from clearline.ledger.keys import VerifierKey
    from clearline.record.checking import BundleVerdict

FOUND_BAD = 1
"""Exit code where what was verified is not well."""

_SHOWN = 20


def verify(
    path: Path,
    *,
    key: Annotated[tuple[str, ...], Parameter(negative="")] = (),
    seen: Path | None = None,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Check a log from its first entry to its last, or one receipt.

    Looks at every signature, every commitment, the hash tree, the stored tiles,
    the signed checkpoint, sealed parts and their erasings, and the files beside
    the log. Damage is told by the first entry it touches and how far it reaches.
    Nothing is changed, and the node may go on running meanwhile.

    Exit code: 0 if all is well; 1 if it was verified and found bad; 2 if what was
    given cannot be verified; 65 if it contradicts itself; 74 if the disk refuses.

    Parameters
    ----------
    path
        A node's data folder, its ledger.sqlite, a folder written by `clearline
        ledger export` or `clearline case report`, or a receipt. The log may be any
        node's.
    key
        The log's verifier key, or a file that holds it. Get it from the log's owner
        and compare it aloud. A receipt is never verified without it. May be given
        more than once: where a log has changed keys, or a case has several ledgers.
    seen
        A checkpoint of this log that you have seen before: a file holding the
        signed note. Without it, an absent end cannot be excluded.
    json
        Print one JSON object: ok, size, root, origin, first_bad and more.
    """
    from clearline.adapters.verification import verify_path  # noqa: PLC0415
    from clearline.model.errors import BadInput  # noqa: PLC0415
    from clearline.record.checking import check_bundle, is_bundle  # noqa: PLC0415

    if is_bundle(path):
        if seen is not None:
            raise BadInput(
                "A checkpoint is of one log, and a case may have several.",
                state="Nothing was verified.",
                next=f"Name the ledger: {path}/ledgers/NAME.",
            )
        found = check_bundle(path, read_keys(key))
        print(_bundle_as_json(found) if json else _bundle_as_text(found))
        return 0 if found.ok else FOUND_BAD
    with Progress("verifying") as progress:
        verdict = verify_path(
            path,
            keys=read_keys(key),
            seen=None if seen is None else read_file(seen),
            progress=progress.update,
        )
    print(_as_json(verdict) if json else _as_text(verdict))
    return 0 if verdict.ok else FOUND_BAD


def read_keys(given: "Sequence[str]") -> "tuple[VerifierKey, ...]":
    """Read verifier keys given as text or as files."""
    from clearline.adapters.keys import load_verifier  # noqa: PLC0415
    from clearline.ledger.keys import parse_verifier_key  # noqa: PLC0415

    return tuple(
        load_verifier(Path(one)) if Path(one).is_file() else parse_verifier_key(one)
        for one in given
    )


def read_file(path: Path) -> bytes:
    """Read a whole file, or say why it cannot be read."""
    from clearline.model.errors import BadInput  # noqa: PLC0415

    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput(
            f"{path} cannot be read: {error.strerror}.",
            state="Nothing was done.",
            next="Name a file that is there and that you may read.",
        ) from error


def _bundle_as_json(found: "BundleVerdict") -> str:
    import msgspec  # noqa: PLC0415

    told = {
        "ok": found.ok,
        "files": found.files,
        "ledgers": [_told(one) for one in found.ledgers],
        "receipts": found.receipts,
        "refused": found.refused,
        "sha256": found.digest,
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=2).decode()


def _bundle_as_text(found: "BundleVerdict") -> str:
    lines = [
        *(_as_text(one) for one in found.ledgers),
        f"{found.receipts} receipts hold."
        if found.is_keyed
        else "No receipt was looked at, as no key was given: --key.",
        *(f"  BAD {sentence}" for sentence in (*found.files, *found.refused)),
        f"SHA-256 of SHA256SUMS: {found.digest}",
        "The case is as it was written." if found.ok else "NOT WELL.",
    ]
    return "\n".join(lines)


def _as_json(verdict: "Verdict") -> str:
    import msgspec  # noqa: PLC0415

    return msgspec.json.format(msgspec.json.encode(_told(verdict)), indent=2).decode()


def _told(verdict: "Verdict") -> dict[str, Any]:
    import msgspec  # noqa: PLC0415

    from clearline.ledger.text64 import encode64  # noqa: PLC0415

    report, proven = verdict.report, verdict.proven
    told: dict[str, Any] = {
        "ok": verdict.ok,
        "size": verdict.size,
        "root": None if verdict.root is None else encode64(verdict.root),
        "origin": verdict.origin,
        "first_bad": verdict.first_bad,
        "kind": verdict.kind,
        "key": None if verdict.key is None else str(verdict.key),
        "problems": [] if report is None else report.problems,
        "problems_left_out": 0 if report is None else report.left_out,
        "files": verdict.files,
        "erased": [] if report is None else report.erased,
        "undisclosed": 0 if report is None else report.undisclosed,
        "caveats": verdict.caveats,
    }
    if proven is not None:
        told["entry"] = {
            "index": proven.index,
            "payload": msgspec.Raw(proven.payload),
        }
    return told


def _as_text(verdict: "Verdict") -> str:
    from clearline.ledger.text64 import encode64  # noqa: PLC0415

    root = "not to be had" if verdict.root is None else encode64(verdict.root)
    lines = [
        f"{verdict.kind} {verdict.path}",
        f"  log   {verdict.origin or 'unknown'}",
        f"  size  {verdict.size}",
        f"  root  {root}",
        f"  key   {verdict.key or 'none'}",
        *_entry_lines(verdict),
        *_damage_lines(verdict),
        *(f"  note: {caveat}" for caveat in verdict.caveats),
    ]
    if verdict.ok:
        lines.append("All is well.")
    elif verdict.first_bad is None:
        lines.append("NOT WELL. No entry is touched.")
    else:
        lines.append(f"NOT WELL. First bad entry: {verdict.first_bad}.")
    return "\n".join(lines)


def _entry_lines(verdict: "Verdict") -> list[str]:
    if verdict.proven is not None:
        payload = verdict.proven.payload.decode("utf-8", "replace")
        return [f"  entry {verdict.proven.index}: {payload}"]
    if verdict.report is None:
        return []
    return [
        f"  erased: a sealed part of entry {one.entry}, said in entry {one.by_entry} "
        f"(rule: {one.rule}; by: {one.person})"
        for one in verdict.report.erased
    ] + (
        [f"  {verdict.report.undisclosed} entries are here without their content"]
        if verdict.report.undisclosed
        else []
    )


def _damage_lines(verdict: "Verdict") -> list[str]:
    problems = () if verdict.report is None else verdict.report.problems
    told = [
        *((one.start, one.end, "", one.what) for one in problems),
        *((one.start, one.end, f"{one.file}: ", one.what) for one in verdict.files),
    ]
    lines = [
        f"  BAD {_span(start, end)}{file}{what}" for start, end, file, what in told
    ]
    more = len(lines) - _SHOWN
    more += 0 if verdict.report is None else verdict.report.left_out
    return lines[:_SHOWN] + ([f"  and {more} more; --json tells"] if more > 0 else [])


def _span(start: int, end: int) -> str:
    if start >= end:
        return ""
    if end - start == 1:
        return f"entry {start}: "
    return f"entries {start} to {end - 1}: "
