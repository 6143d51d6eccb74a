"""Find and read the document of an exercise: one that ships, or somebody's file."""

from importlib import resources
from pathlib import Path
from typing import ClassVar, Final

from clearline.model.errors import BadInput
from clearline.model.exercises import FORMAT, Exercise, unknown
from clearline.replay.library import shipped as days
from clearline.replay.records import is_file
from clearline.wire.documents import DocumentMistake, placed
from clearline.wire.positions import Keys, Text, Unreadable, read_nodes
from clearline.wire.shapes import Shaper

VALLEY: Final = "valley"


class NoSuchExercise(BadInput):
    """Refuse a name no exercise ships under, or a file that cannot be read."""


class NotAnExercise(BadInput):
    """Refuse a document that tells a recorded day: nobody could take part in it."""


class ExerciseMistake(DocumentMistake):
    """Refuse the document of an exercise and say where it goes wrong."""

    nothing_was: ClassVar[str] = "No exercise was started."
    page: ClassVar[str] = "docs/reference/exercise-format.md"


def shipped() -> tuple[str, ...]:
    """Name the exercises that ship."""
    folder = resources.files("clearline.exercise") / "scenarios"
    return tuple(sorted(one.name.removesuffix(".yaml") for one in folder.iterdir()))


def load(name: str) -> Exercise:
    """Load an exercise by its name or from a file.

    A text with a slash or a document's ending is a file; anything else is a name.

    Raises:
        NoSuchExercise: Nothing of that name ships, or the file cannot be read.
        NotAnExercise: It tells a recorded day.
        ExerciseMistake: The document cannot be read or does not hold together.
    """
    if name in days():
        raise _recorded(name, name)
    return read(_bytes_of(name), name)


def read(data: bytes, name: str) -> Exercise:
    """Read a document.

    Args:
        data: The document, UTF-8, at most 256 KiB.
        name: What to call it in messages.

    Raises:
        NotAnExercise: It tells a recorded day.
        ExerciseMistake: It cannot be read or does not hold together.
    """
    try:
        root = read_nodes(data)
    except Unreadable as error:
        raise ExerciseMistake(name, (error.mistake,)) from None
    said = root.get("format") if isinstance(root, Keys) else None
    if isinstance(said, Text) and said.text.startswith("clearline-scenario/"):
        raise _recorded(name, name)
    shaper = Shaper()
    exercise: Exercise = shaper.read(root, Exercise)
    if shaper.mistakes:
        raise ExerciseMistake(name, tuple(shaper.mistakes))
    if found := tuple(unknown(exercise)):
        raise ExerciseMistake(name, tuple(placed(one, root) for one in found))
    return exercise


def _bytes_of(name: str) -> bytes:
    if is_file(name):
        try:
            return Path(name).read_bytes()
        except OSError as error:
            raise NoSuchExercise(
                f"{name} cannot be read: {error.strerror}.",
                state="No exercise was started.",
                next="Name a file that is there, or one that ships: "
                f"{', '.join(shipped())}.",
            ) from error
    if name not in shipped():
        raise NoSuchExercise(
            f"No exercise called {name!r} ships.",
            state="No exercise was started.",
            next=f"Those that ship: {', '.join(shipped())}. A file needs its ending "
            "or a slash.",
        )
    file = resources.files("clearline.exercise") / "scenarios" / f"{name}.yaml"
    return file.read_bytes()


def _recorded(name: str, day: str) -> NotAnExercise:
    return NotAnExercise(
        f"{name} tells a recorded day; it has no `you`, no `notices` and no `calls` "
        "for somebody to take part in.",
        state="No exercise was started.",
        next=f"Look at it with `clearline replay {day}`, or write what is played as "
        f"{FORMAT}.",
    )
