"""Write a receipt for one entry."""

from pathlib import Path

from clearline.cli import Switch, called_as, written

DATA = Path("data")
"""Where a node's data folder lies if nothing else is said."""


def prove(
    entry: int, *, data: Path = DATA, out: Path | None = None, json: Switch = False
) -> int:
    """Write a receipt that shows, offline and alone, that an entry is in the log.

    The receipt holds the entry's signed envelope, its salt, its way up the hash
    tree and the signed checkpoint. Whoever has it and the log's verifier key can
    check it with `clearline verify RECEIPT --key VKEY`, without the log, without a
    network and without this node.

    It discloses this one entry in full to whoever gets it, and nothing of any other.

    Exit code: 0 if written; 2 if there is no such entry; 65 if the log is not what
    was signed; 74 if the disk refuses.

    Parameters
    ----------
    entry
        The entry's index, from 0.
    data
        The node's data folder, or a ledger.sqlite. The node may be running.
    out
        Where to write the receipt; without it, it goes to standard output.
    json
        Print one JSON object: entry, out. A receipt printed is JSON in any case.
    """
    from clearline.adapters.files import write_whole  # noqa: PLC0415
    from clearline.adapters.proving import prove_entry  # noqa: PLC0415

    receipt = prove_entry(data, entry)
    if out is None:
        print(receipt.decode(), end="")
        return 0
    write_whole(out, receipt)
    if json:
        print(written(entry=entry, out=str(out)))
        return 0
    print(f"Receipt for entry {entry} written to {out}.")
    print(f"Check it with: {called_as()} verify {out} --key VKEY")
    return 0
