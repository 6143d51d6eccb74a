"""Show how far long work is, on standard error, where somebody looks at it."""

from typing import Self


class Progress:
    """Show a bar while inside a `with` block; nothing where nobody looks."""

    def __init__(self, doing: str) -> None:
        """Say what is being done."""
        from rich.console import Console  # noqa: PLC0415 (--help stays quick)
        from rich.progress import (  # noqa: PLC0415
            BarColumn,
            MofNCompleteColumn,
            TextColumn,
            TimeRemainingColumn,
        )
        from rich.progress import Progress as Bar  # noqa: PLC0415

        console = Console(stderr=True)
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task(doing, total=None)

    def update(self, done: int, total: int, doing: str | None = None) -> None:
        """Show that so much is done, of so much; of 0 where nobody knows yet."""
        self._bar.update(
            self._task, completed=done, total=total or None, description=doing
        )

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()
