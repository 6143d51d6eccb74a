"""Keep what `./run` does from a fresh clone, offline and on bad days.

A copy of the script stands in a folder with a space in its name, beside locks that
ask for one small package, which a folder stands in for the package index.
"""

import base64
import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ASKED = "pebble"


def build_wheel(folder: Path, version: str) -> str:
    """Write a wheel of one module (PEP 427) and return its line for a lock."""
    told = f"{ASKED}-{version}.dist-info"
    tag = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files = {
        f"{ASKED}.py": f"VERSION = {version!r}\n",
        f"{told}/METADATA": (
            f"Metadata-Version: 2.1\nName: {ASKED}\nVersion: {version}\n"
        ),
        f"{told}/WHEEL": tag,
    }
    record = ""
    for name, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
        record += f"{name},sha256={digest.decode().rstrip('=')},{len(text)}\n"
    files[f"{told}/RECORD"] = record + f"{told}/RECORD,,\n"
    path = folder / f"{ASKED}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return f"{ASKED}=={version} --hash=sha256:{digest}\n"


class Clone:
    """A clone that was just made, and what calling its `./run` says."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "a fresh clone"
        self.index = folder / "index"
        self.index.mkdir()
        (self.root / "requirements").mkdir(parents=True)
        shutil.copy(ROOT / "run", self.root / "run")
        package = self.root / "src" / "clearline"
        package.mkdir(parents=True)
        (package / "__main__.py").write_text(
            "import sys, pebble\nprint(pebble.VERSION, sys.argv[1:])\n"
        )
        self.lock("1.0")

    def lock(self, version: str) -> None:
        """Ask for this version from now on, and have it."""
        line = build_wheel(self.index, version)
        (self.root / "requirements" / "run.txt").write_text(line)

    def environment(self) -> dict[str, str]:
        """Return the environment of somebody whose index is our folder."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.root.parent),
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_FIND_LINKS": str(self.index),
            "PIP_NO_INDEX": "1",
            "PIP_NO_CACHE_DIR": "1",
        }

    def run(
        self, *arguments: str, script: Path | None = None, path: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Call `./run` from another folder and keep what it says."""
        environment = self.environment()
        if path is not None:
            environment["PATH"] = path
        return subprocess.run(
            [str(script or self.root / "run"), *arguments],
            cwd=self.root.parent,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """Return a clone that has never been run."""
    return Clone(tmp_path)


@pytest.fixture
def bare_path(tmp_path: Path) -> Callable[[str], str]:
    """Return a way to have nothing on the PATH but a shell and a made-up Python."""

    def build(python: str) -> str:
        folder = tmp_path / "bin"
        folder.mkdir()
        for tool in ("bash", "cat", "cmp", "dirname", "env", "readlink"):
            found = shutil.which(tool)
            assert found is not None
            (folder / tool).symlink_to(found)
        (folder / "python3").write_text(f"#!/bin/sh\n{python}\n")
        (folder / "python3").chmod(0o755)
        return str(folder)

    return build


def test_a_fresh_clone_sets_itself_up_and_is_quick_afterwards(clone: Clone) -> None:
    """The first call sets up on stderr alone; the second says nothing of it."""
    first = clone.run("replay", "--json")
    assert first.returncode == 0, first.stderr
    assert first.stdout == "1.0 ['replay', '--json']\n"
    assert "setting up" in first.stderr
    second = clone.run("two words", "")
    assert (second.stdout, second.stderr) == ("1.0 ['two words', '']\n", "")


def test_a_changed_lock_is_installed_again_and_a_failed_one_is_said(
    clone: Clone,
) -> None:
    """A new lock reaches the environment; one that cannot be had leaves no doubt."""
    clone.run("x")
    clone.lock("2.0")
    assert clone.run("x").stdout.startswith("2.0")

    clone.lock("3.0")
    for wheel in clone.index.glob("*-3.0-*"):
        wheel.unlink()
    refused = clone.run("x")
    assert refused.returncode == 69
    assert refused.stdout == ""
    assert "pebble==3.0" in refused.stderr
    log = clone.root / ".venv.log"
    assert str(log) in refused.stderr
    assert "pebble" in log.read_text()

    clone.lock("2.0")
    assert clone.run("x").stdout.startswith("2.0")


def test_a_package_that_is_not_what_was_locked_is_refused(clone: Clone) -> None:
    """A package whose hash differs is never installed."""
    lock = clone.root / "requirements" / "run.txt"
    lock.write_text(lock.read_text().split("sha256:")[0] + "sha256:" + "0" * 64 + "\n")
    refused = clone.run("x")
    assert refused.returncode == 69
    assert "HASHES" in refused.stderr
    assert not list(clone.root.rglob("pebble.py"))


def test_a_set_up_that_was_broken_off_starts_again(clone: Clone) -> None:
    """Half an environment is seen and made anew, not used."""
    clone.run("x")
    (clone.root / ".venv" / ".set-up-not-finished").touch()
    next((clone.root / ".venv").rglob("pebble.py")).unlink()
    again = clone.run("x")
    assert again.stdout.startswith("1.0")
    assert "broken off" in again.stderr


def test_it_may_be_called_through_a_link_twice_at_once(
    clone: Clone, tmp_path: Path
) -> None:
    """Two first calls at one time set up once, and both then run."""
    link = tmp_path / "clearline"
    link.symlink_to(clone.root / "run")
    calls = [
        subprocess.Popen(
            [str(link), name],
            env=clone.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        for name in ("one", "two")
    ]
    said = [call.communicate() for call in calls]
    assert [call.returncode for call in calls] == [0, 0], said
    assert [out for out, _ in said] == ["1.0 ['one']\n", "1.0 ['two']\n"]
    assert sum("virtual environment (" in err for _, err in said) == 1


def test_an_old_python_is_named(clone: Clone, bare_path: Callable[[str], str]) -> None:
    """Somebody with Python 3.9 reads which version was found, and what to do."""
    refused = clone.run("x", path=bare_path("echo 3.9.2"))
    assert refused.returncode == 69
    assert "python3 is 3.9.2" in refused.stderr
    assert "apt-get install" in refused.stderr
    assert not (clone.root / ".venv").exists()


def test_a_missing_venv_module_is_named_with_its_package(
    clone: Clone, bare_path: Callable[[str], str]
) -> None:
    """On a bare Debian the one line to type stands in the message."""
    python = f"""case "$2" in
*ensurepip*) exit 1 ;;
esac
exec {shlex.quote(sys.executable)} "$@" """
    refused = clone.run("x", path=bare_path(python))
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert refused.returncode == 69
    assert f"apt-get install python{version}-venv" in refused.stderr
    assert not (clone.root / ".venv").exists()


def test_somebody_elses_environment_is_left_alone(clone: Clone) -> None:
    """A `.venv` that `./run` did not make and cannot use is not thrown away."""
    theirs = clone.root / ".venv" / "bin" / "python"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("#!/bin/sh\nexit 1\n")
    theirs.chmod(0o755)
    refused = clone.run("x")
    assert refused.returncode == 69
    assert "somebody else made it" in refused.stderr
    assert theirs.exists()


def test_whoever_opens_a_console_gets_a_map_made_once(clone: Clone) -> None:
    """`demo` makes the map first; where that fails it says so once, and starts.

    A node never waits for it: here the map is made only once the node has started.
    """
    package = clone.root / "src" / "clearline"
    (package / "adapters" / "basemap").mkdir(parents=True)
    shutil.copy(
        clone.root / "requirements" / "run.txt",
        clone.root / "requirements" / "console.txt",
    )
    (package / "__main__.py").write_text(
        "import pathlib, sys, time\n"
        "started = pathlib.Path(__file__).parent / 'started'\n"
        "if sys.argv[1:] == ['serve']: started.touch()\n"
        "if sys.argv[1:] == ['basemap', 'build']:\n"
        "    until = time.monotonic() + 60\n"
        "    while (started.parent / 'waits').exists() and not started.exists():\n"
        "        if time.monotonic() > until: sys.exit(70)\n"
        "        time.sleep(0.01)\n"
        "    if (pathlib.Path(__file__).parent / 'offline').exists(): sys.exit(70)\n"
        "    folder = pathlib.Path(sys.prefix) / 'share' / 'clearline'\n"
        "    folder.mkdir(parents=True)\n"
        "    (folder / 'world.pmtiles').touch()\n"
        "print(sys.argv[1:])\n"
    )
    (package / "offline").touch()
    assert "map" not in clone.run("place", "x").stderr
    first = clone.run("demo")
    assert (first.returncode, first.stdout) == (0, "['demo']\n")
    assert "basemap build" in first.stderr
    assert clone.run("demo").stderr == ""

    (clone.root / ".venv" / "map-tried").unlink()
    (package / "offline").unlink()
    (package / "waits").touch()
    made = clone.run("serve")
    assert (made.returncode, made.stdout) == (0, "['serve']\n")
    assert "made the map" in made.stderr
    assert clone.run("serve").stderr == ""
