"""Replay a scenario: as recorded, the same day with the line, and what if."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter, validators

from clearline.cli import Switch
from clearline.cli.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from clearline.compose.node import Node
    from clearline.model.scenarios import Setting
    from clearline.replay.chance import SeededChance
    from clearline.replay.clock import VirtualClock
    from clearline.replay.library import Document
    from clearline.replay.result import Replay
    from clearline.service.writer import Written

NOT_AS_EXPECTED = 1
"""Exit code where the document says something must be found, and it was not."""

RUNS = 1000
SEED = 7

Count = Annotated[int, Parameter(validator=validators.Number(gte=1, lte=1_000_000))]

Knobs = Annotated[tuple[str, ...], Parameter(name="--what-if", negative="")]


def replay(  # noqa: PLR0913 (each an option of the command)
    name: str,
    *,
    runs: Count = RUNS,
    seed: int = SEED,
    what_if: Knobs = (),
    out: Path | None = None,
    workers: Count | None = None,
    pdf: Switch = False,
    json: Switch = False,
) -> int:
    """Replay a scenario: as recorded, and the same day with the line.

    The recorded day is measured from its beats; nothing in it is drawn. The day with
    the line goes through the real rules under a made-up clock, with couriers and
    people drawn from the document's own model: everything it brings out is stamped
    MODEL. Both days get a real, signed ledger.

    Written to OUT: replay.json, replay.html (one page, nothing loaded), replay.pdf if
    wanted, the two ledgers and a receipt for each entry that matters. The same seed
    gives the same bytes.

    Exit code: 0 if the replay found all its document says it must, and nothing it
    says it never may; 1 if not; 2 if the document or an option has a mistake, or OUT
    holds something no replay made; 74 if the disk refuses.

    Args:
        name: A scenario that ships (deir-ez-zor-2016, kunduz-2015,
            wck-convoy-2024) or a file.
        runs: How many draws.
        seed: What all chance comes from, keys and salts included.
        what_if: Turn a knob of the document, KNOB=VALUE; as often as needed.
        out: Where to write, a folder; ./out/NAME otherwise. It is replaced only if a
            replay made it.
        workers: How many processes play; as many as there are processors. The
            result does not depend on it.
        pdf: Write replay.pdf too: both days step by step, the places, what was
            measured; the package typst has to be installed.
        json: Print the whole result as one JSON object.
    """
    from clearline.record.pdf import require_typst  # noqa: PLC0415
    from clearline.replay.library import FOUNDING, load  # noqa: PLC0415

    if pdf:
        require_typst()
    document = load(name)
    settings = _settings(document, what_if)
    place = out or Path("out") / document.scenario.name
    shown, place = _play(document, settings, place, (runs, seed, workers), pdf=pdf)
    if json:
        sys.stdout.buffer.write(_as_json(shown))
    else:
        _show(shown, place, has_story=name == FOUNDING and not settings)
    return _exit_code(shown)


def _settings(document: "Document", given: "Sequence[str]") -> "tuple[Setting, ...]":
    """Read KNOB=VALUE, each against the document's own knobs."""
    from clearline.model.facts import Unfit  # noqa: PLC0415
    from clearline.model.scenarios import KnobId, Setting  # noqa: PLC0415
    from clearline.model.what_if import find_knob, read_setting  # noqa: PLC0415

    settings = []
    for one in given:
        name, equals, value = one.partition("=")
        if not equals:
            raise Unfit("--what-if", found=f"`{one}`", expected="KNOB=VALUE")
        knob = find_knob(document.scenario, name)
        read_setting(document.scenario, knob, value)
        settings.append(Setting(knob=KnobId(name), value=value))
    return tuple(settings)


def _play(
    document: "Document",
    settings: "tuple[Setting, ...]",
    place: Path,
    how: tuple[int, int, int | None],
    *,
    pdf: bool,
) -> "tuple[Replay, Path]":
    from clearline.replay.folder import ReplayFolder  # noqa: PLC0415
    from clearline.replay.page import render  # noqa: PLC0415
    from clearline.replay.play import replay as play  # noqa: PLC0415
    from clearline.replay.whole import Asked  # noqa: PLC0415

    runs, seed, workers = how
    asked = Asked(
        scenario=document.scenario,
        digest=document.digest,
        runs=runs,
        seed=seed,
        settings=settings,
        workers=workers or os.cpu_count() or 1,
    )
    with ReplayFolder(place) as folder, Progress("replaying") as progress:
        shown = play(asked, _opener(folder.path), progress.update)
        drawn = _on_paper(shown) if pdf else None
        return shown, folder.finish(shown, render(shown), drawn)


def _on_paper(shown: "Replay") -> bytes:
    """Write both days step by step as a PDF."""
    from clearline.record.sheet import write_sheet  # noqa: PLC0415
    from clearline.web.console import printed, told  # noqa: PLC0415

    plays = (("As recorded", told.RECORDED), ("With the line · MODEL", told.LINE))
    days = [(heading, told.moments(shown, play)) for heading, play in plays]
    return write_sheet(
        printed.of_day(
            shown,
            days,
            told.places(shown, (), told.FACTS),
            at=shown.scenario.t0,
            is_model=True,
            reader=printed.Reader(),
        )
    )


def _opener(path: Path) -> "Callable[..., Node]":
    """Open the nodes of a replay below `path`: real ones, with a made-up clock."""
    from clearline.adapters.data_folder import Equipment  # noqa: PLC0415
    from clearline.compose.node import open_node  # noqa: PLC0415

    def opened(
        folder: str,
        *,
        origin: str,
        hear: "Callable[[Written], None]",
        clock: "VirtualClock",
        chance: "SeededChance",
    ) -> "Node":
        return open_node(
            path / folder,
            origin=origin,
            hear=hear,
            clock=clock,
            equipment=Equipment(chance=chance, ballast_bytes=0),
            is_threaded=False,
        )

    return opened


def _as_json(shown: "Replay") -> bytes:
    from clearline.replay.result import write_replay  # noqa: PLC0415

    return write_replay(shown)


def _show(shown: "Replay", place: Path, *, has_story: bool) -> None:
    from clearline.cli.replay_view import show  # noqa: PLC0415

    show(shown, place, has_story=has_story)


def _exit_code(shown: "Replay") -> int:
    """Say whether it came out as its document says; a turned knob may change that."""
    unmet = [one for one in shown.expectations if not one.is_met]
    if shown.changed:
        unmet = [one for one in unmet if not one.must]
    for one in unmet:
        print(f"clearline: not as the document says: {one.says}", file=sys.stderr)
        print(f"  found: {one.got}", file=sys.stderr)
    return NOT_AS_EXPECTED if unmet else 0
