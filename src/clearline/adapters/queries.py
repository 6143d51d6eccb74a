"""Read SQL statements from the files they stand in.

A file holds blocks parted by empty lines: a line with the statement's name, the
sentence that says what it is for, the statement.

    -- read_tile
    -- Read one complete hash tile.
    SELECT hashes FROM tile WHERE level = :level AND number = :number;
"""

from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType


def queries(name: str) -> Mapping[str, str]:
    """Return the statements of `sql/NAME.sql` by their names."""
    found = {}
    for block in script(name).split("\n\n"):
        first, _, rest = block.strip().partition("\n")
        found[first.removeprefix("-- ")] = rest
    return MappingProxyType(found)


def script(name: str) -> str:
    """Return the text of `sql/NAME.sql`."""
    return (
        resources.files("clearline.adapters")
        .joinpath("sql", f"{name}.sql")
        .read_text(encoding="utf-8")
    )
