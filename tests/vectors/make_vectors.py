"""Make the vectors that lie beside this file, from the specifications alone.

    cd tests && python -m vectors.make_vectors      writes *.json into this folder

Nothing of the product is imported: this is a second, slow and plain way of writing
every format, so that the vectors say what the pages in docs/spec say and not what
the product happens to do. Whether a case has to be taken or refused is written
down by hand. The same bytes come out on every run; a test holds them against the
files.

The keys in here are public. Nobody may use them for anything else.
"""

import json
from pathlib import Path

from vectors import of_evidence, of_logs, of_signing, of_the_tree

HERE = Path(__file__).parent

FILES = {
    "tree": of_the_tree.trees,
    "inclusion": of_the_tree.inclusions,
    "consistency": of_the_tree.consistencies,
    "verifier-keys": of_signing.verifier_keys,
    "key-files": of_signing.key_files,
    "notes": of_signing.notes,
    "checkpoints": of_signing.checkpoints,
    "tile-paths": of_the_tree.tile_paths,
    "tiles": of_the_tree.tiles,
    "envelopes": of_signing.envelopes,
    "commitments": of_signing.commitments,
    "proofs": of_logs.proofs,
    "receipts": of_logs.receipts,
    "sealed-parts": of_logs.seals,
    "evidence": of_evidence.evidences,
    "logs": of_logs.logs,
}


def written(name: str) -> str:
    """Write one file of vectors."""
    make = FILES[name]
    about = " ".join((make.__doc__ or "").split())
    whole = {"about": about, "cases": list(make())}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write every file."""
    for name in FILES:
        (HERE / f"{name}.json").write_text(written(name), encoding="utf-8")


if __name__ == "__main__":
    main()
