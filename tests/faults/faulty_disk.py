"""A disk that records what is done to it, and fails when told to.

`FaultyVfs` stands below SQLite, `FaultyDisk` below the files we write ourselves.
Both record onto one tape and obey one rule, so that a fault can be put between
any two effects of a whole node.
"""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import apsw

from clearline.adapters.files import SystemDisk
from clearline.adapters.sqlite_file import checksum_vfs
from faults.tape import Tape

Rule = Callable[[str, str], None]
"""Called with (kind, file name) before each effect; raises to refuse it."""


def obey(_kind: str, _name: str) -> None:
    """Refuse nothing."""


class Plan:
    """Hold the tape and the rule a whole node's disk obeys now."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tape = Tape()
        self.rule: Rule = obey
        self.error_number = 0

    def name_of(self, path: object) -> str:
        """Name a file by its path below the folder."""
        return os.path.relpath(str(path), self.folder)

    def before(self, kind: str, name: str) -> None:
        """Let the rule refuse an effect."""
        try:
            self.rule(kind, name)
        except OSError as error:
            self.error_number = error.errno or errno.EIO
            raise


class FaultyVfs(apsw.VFS):
    """SQLite's file layer over the real one, recorded and refused."""

    def __init__(self, plan: Plan) -> None:
        base = checksum_vfs() or "unix"
        self.plan = plan
        self.vfs_name = f"faulty-{id(self)}"
        self.base_name = base
        super().__init__(self.vfs_name, base)

    def xOpen(self, name, flags):  # noqa: N802 (SQLite's name)
        """Open a file, recording that it was made."""
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        if path is not None and not Path(path).exists():
            self.plan.before("make", self.plan.name_of(path))
            self.plan.tape.add("make", self.plan.name_of(path))
        return _FaultyFile(self, name, flags, path)

    def xDelete(self, path, sync_folder):  # noqa: N802
        """Remove a file, recorded."""
        short = self.plan.name_of(path)
        _refuse(self.plan, "remove", short, apsw.SQLITE_IOERR_DELETE)
        super().xDelete(path, sync_folder)
        self.plan.tape.add("remove", short)
        if sync_folder:
            self.plan.tape.add("folder", ".")

    def xGetLastError(self):  # noqa: N802
        """Tell SQLite the system's error number behind the last refusal."""
        return self.plan.error_number, os.strerror(self.plan.error_number)


class _FaultyFile(apsw.VFSFile):
    def __init__(self, vfs, name, flags, path) -> None:
        super().__init__(vfs.base_name, name, flags)
        self._plan = vfs.plan
        self._path = path
        self._short = vfs.plan.name_of(path) if path else ""

    def xWrite(self, data, offset):  # noqa: N802
        _refuse(self._plan, "write", self._short, apsw.SQLITE_IOERR_WRITE)
        super().xWrite(data, offset)
        if self._path:
            self._plan.tape.add(
                "write", self._short, offset=offset, data=self._real(data, offset)
            )

    def xSync(self, _flags):  # noqa: N802
        _refuse(self._plan, "sync", self._short, apsw.SQLITE_IOERR_FSYNC)
        if self._path:
            self._plan.tape.add("sync", self._short)

    def xTruncate(self, size):  # noqa: N802
        _refuse(self._plan, "truncate", self._short, apsw.SQLITE_IOERR_TRUNCATE)
        super().xTruncate(size)
        if self._path:
            self._plan.tape.add("truncate", self._short, offset=size)

    def _real(self, data, offset):
        """Read back what a layer below us really wrote: it adds checksums."""
        handle = os.open(self._path, os.O_RDONLY)
        try:
            return os.pread(handle, len(data), offset)
        finally:
            os.close(handle)


class FaultyDisk(SystemDisk):
    """The files we write ourselves, recorded and refused."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def write(self, path, offset, data, mode):
        """Write, recorded."""
        short = self._plan.name_of(path)
        self._plan.before("write", short)
        if not path.exists():
            self._plan.tape.add("make", short)
        super().write(path, offset, data, mode)
        self._plan.tape.add("write", short, offset=offset, data=data)

    def sync(self, path):
        """Record the sync; there is no power to fail in earnest."""
        self._plan.before("sync", self._plan.name_of(path))
        self._plan.tape.add("sync", self._plan.name_of(path))

    def rename(self, old, new):
        """Rename, recorded."""
        self._plan.before("rename", self._plan.name_of(new))
        super().rename(old, new)
        self._plan.tape.add(
            "rename", self._plan.name_of(old), new_name=self._plan.name_of(new)
        )

    def remove(self, path):
        """Remove, recorded."""
        self._plan.before("remove", self._plan.name_of(path))
        super().remove(path)
        self._plan.tape.add("remove", self._plan.name_of(path))

    def sync_folder(self, path):
        """Record the sync of names."""
        self._plan.before("folder", self._plan.name_of(path))
        self._plan.tape.add("folder", self._plan.name_of(path))


def _refuse(plan: Plan, kind: str, name: str, code: int) -> None:
    """Let the rule refuse, in the words SQLite uses for that error number."""
    try:
        plan.before(kind, name)
    except OSError as error:
        if error.errno == errno.ENOSPC and kind == "write":
            raise apsw.FullError(str(error)) from error
        refused = apsw.IOError(str(error))
        refused.extendedresult = code
        raise refused from error
