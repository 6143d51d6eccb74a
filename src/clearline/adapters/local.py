"""Keep what is not log, in `DATA/local.sqlite`.

Sessions, credentials, addresses, codes and cursors: nothing in here was said by
anybody on the line, and losing it loses no word. Each kind has a file of its own
beside this one and its statements in `sql/`; all share this connection, one at a
time. `sql/local_NNNN.sql` are the migrations, in order.
"""

import threading
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any, Final

import apsw

from clearline.adapters.queries import queries, script
from clearline.adapters.sqlite_faults import named
from clearline.adapters.sqlite_file import PATIENCE_MS, NewerLedger, require_sqlite
from clearline.model.errors import BadInput

LOCAL_FILE: Final = "local.sqlite"
"""Name of the file in the data folder."""

APPLICATION_ID: Final = 0x434C524E
"""What marks the file as ours: "CLRN"."""

_STATE: Final = "Nothing was kept."


class NotLocal(BadInput):
    """Refuse a file that is not what a node keeps beside its log."""


class LocalStore:
    """Hold the file open; any thread may ask, one is served at a time."""

    def __init__(self, path: Path | None) -> None:
        """Open the file, making or migrating it; `None` keeps it in memory.

        Raises:
            NotLocal: The file is something else.
            NewerLedger: A newer release wrote it.
            StoreRefused: The disk refused.
        """
        require_sqlite()
        self._lock = threading.Lock()
        name = ":memory:" if path is None else str(path)
        with named(f"opening {name}", _STATE):
            if path is not None and not path.exists():
                path.touch(mode=0o600)
            self._db = apsw.Connection(name)
            self._db.set_busy_timeout(PATIENCE_MS)
            _require_ours(self._db, name)
            self._db.pragma("journal_mode", "wal")
            self._db.pragma("synchronous", 2)
            self._db.pragma("secure_delete", 1)
            self._db.pragma("trusted_schema", 0)
            _migrate(self._db)
        self._values = queries("local")

    def ask(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows; durable on return.

        Raises:
            StoreRefused: The disk refused; nothing was kept.
        """
        with self._lock, named("keeping what is not log", _STATE):
            return self._db.execute(statement, values).fetchall()

    def ask_all(self, steps: list[tuple[str, Mapping[str, Any]]]) -> None:
        """Run several statements, all or none; durable on return.

        Raises:
            StoreRefused: The disk refused; nothing was kept.
        """
        with self._lock, named("keeping what is not log", _STATE), self._db:
            for statement, values in steps:
                self._db.execute(statement, dict(values))

    def value(self, name: str) -> bytes | None:
        """Read a single value."""
        found = self.ask(self._values["read_value"], name=name)
        return bytes(found[0][0]) if found else None

    def keep_value(self, name: str, value: bytes) -> None:
        """Keep a single value in place of the one before."""
        self.ask(self._values["keep_value"], name=name, value=value)

    def drop_value(self, name: str) -> None:
        """Forget a single value."""
        self.ask(self._values["drop_value"], name=name)

    def values(self, prefix: str) -> dict[str, bytes]:
        """Read every value whose name begins with `prefix`, by name."""
        found = self.ask(self._values["read_values"], prefix=prefix)
        return {name: bytes(value) for name, value in found}

    def copy_to(self, path: Path) -> None:
        """Write a whole copy, while others go on."""
        with self._lock, named(f"copying to {path}", "The copy is not whole."):
            self._db.execute("VACUUM INTO :path", {"path": str(path)})

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()


def _require_ours(db: apsw.Connection, name: str) -> None:
    version, mark = db.pragma("user_version"), db.pragma("application_id")
    if mark not in (0, APPLICATION_ID) or (mark == 0 and version != 0):
        raise NotLocal(
            f"{name} is a SQLite file, but not what a node keeps beside its log.",
            state="Nothing was changed.",
            next="Move it away and start again: people then sign in anew.",
        )
    if version > len(_migrations()):
        raise NewerLedger(
            f"{name} has format {version}; this release knows {len(_migrations())}.",
            state="Nothing was changed.",
            next="Use a release at least as new as the one that wrote it.",
        )


def _migrate(db: apsw.Connection) -> None:
    for number, name in enumerate(_migrations(), start=1):
        if db.pragma("user_version") < number:
            with db:
                db.execute(script(name))
                db.pragma("application_id", APPLICATION_ID)
                db.pragma("user_version", number)


def _migrations() -> list[str]:
    folder = resources.files("clearline.adapters").joinpath("sql")
    names = (item.name for item in folder.iterdir())
    return sorted(
        name.removesuffix(".sql") for name in names if name.startswith("local_")
    )
