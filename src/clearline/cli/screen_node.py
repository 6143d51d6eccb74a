"""Screen plans at a node, on what one's party may see there: `screen --where`."""

import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Final

import msgspec

from clearline.cli.connection import At
from clearline.client import Client, Refused
from clearline.model.extents import Corridor, Extent, MultiPolygon, Polygon
from clearline.model.instants import Window, write_instant
from clearline.model.places import Place, PlaceFormat
from clearline.model.screenings import Verdict
from clearline.wire.features import BadFeature, Feature
from clearline.wire.forms.conflicts import PlanGiven, ScreeningShown

TOO_MANY: Final = 429
_AGAIN_AFTER_S: Final = 2.0
_TRIES: Final = 60


def screen_one(plan: PlanGiven, at: At) -> bool:
    """Screen a plan at a node and say what came out; whether anything may meet."""
    with at.connect() as client:
        found = client.screen(plan)
    at.say(found, "\n".join(_lines(found)))
    return found.verdict is not Verdict.NONE_FOUND


def screen_features(
    features: Iterable[Feature | BadFeature], file: IO[bytes], at: At, path: Path
) -> tuple[bool, int]:
    """Screen each feature at a node, one row for each; whether any may meet, and bad.

    A node slows whoever asks much; it is waited for.
    """
    met, bad = False, 0
    with at.connect() as client:
        for one in features:
            if isinstance(one, BadFeature):
                bad += 1
                print(f"{path}:{one.line}: {one}", file=sys.stderr)
                continue
            found = _patiently(client, plan_of(one.id, one.extent))
            met = met or found.verdict is not Verdict.NONE_FOUND
            row = {"plan": one.id, **msgspec.to_builtins(found)}
            file.write(msgspec.json.encode(row) + b"\n")
            file.flush()
    return met, bad


def plan_of(name: str, extent: Extent) -> PlanGiven:
    """Return what is asked of a node for an extent."""
    footprint = extent.footprint
    shape = None
    if isinstance(footprint, Corridor | Polygon | MultiPolygon):
        shape = footprint
    return PlanGiven(
        where=Place(footprint=footprint, text=name, format=PlaceFormat.GEOMETRY),
        window=extent.window,
        shape=shape,
        band=extent.band,
        buffer_m=extent.buffer_m,
        buffer_s=extent.buffer_s,
    )


def _patiently(client: Client, plan: PlanGiven) -> ScreeningShown:
    for _ in range(_TRIES):
        try:
            return client.screen(plan)
        except Refused as refused:
            if refused.status != TOO_MANY:
                raise
        time.sleep(_AGAIN_AFTER_S)
    return client.screen(plan)


def _lines(found: ScreeningShown) -> Iterator[str]:
    yield f"{found.verdict.replace('_', ' ').upper()}  {found.said}"
    for one in found.met:
        yield f"  {one.notice or 'a notice told coarsely'}: {one.why}"
        if one.overlap is not None:
            yield f"    both there {_say(one.overlap)}"
    if found.more:
        yield f"  and {found.more:,} more"
    yield from (f"  missing: {one}" for one in found.missing)
    as_of, until = write_instant(found.as_of), write_instant(found.expires_at)
    yield f"As of {as_of}; of no use after {until}. Not checked:"
    yield from (f"  {one}" for one in found.not_checked)
    yield found.legal


def _say(window: Window) -> str:
    return f"from {write_instant(window.start)} to {write_instant(window.end)}"
