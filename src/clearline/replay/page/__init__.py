"""Write a replay as one HTML page that needs nothing else, on a screen or on paper.

    words       how spans, offsets, shares and kinds are said
    parting     the one sentence, and the moments in which the two days part
    lanes       what happened when: strips, packing, modelled, scales
    steps       the same as a table
    clocks      when that was, by every reading of the day's clock
    sketch      told against meant: keyed, projection, labels
    curves      what many draws say
    templates   what the page looks like

The page loads nothing and runs no script: its policy forbids both. Everything drawn
also stands in words or in a table. Every text of a scenario is foreign until it is
escaped, which the templates do by default.
"""

import base64
import hashlib
import re
import shlex
from collections import Counter
from collections.abc import Callable
from functools import cache
from itertools import accumulate
from typing import Any, Final

import jinja2
from markupsafe import Markup

from clearline.replay.page import (
    clocks,
    curves,
    keyed,
    lanes,
    parting,
    sketch,
    steps,
    strips,
    words,
)
from clearline.replay.result import Replay

_TEMPLATE: Final = "page.html.j2"
_STYLE: Final = "page.css"
_RECEIPTS_MOST: Final = 88_000
"""Characters of receipts the page holds; the others lie beside it as files."""


def render(replay: Replay) -> str:
    """Write the whole page.

    Args:
        replay: What it says.

    Returns:
        One HTML document; the same replay gives the same text.
    """
    environment = _environment()
    style = _style()
    return environment.get_template(_TEMPLATE).render(
        replay=replay,
        style=Markup(style),  # noqa: S704 (our own file)
        style_hash=_style_hash(style),
        **_drawings(replay),
    )


def _drawings(replay: Replay) -> dict[str, object]:
    return {
        "sentence": parting.sentence(replay),
        "partings": parting.partings(replay),
        "standings": parting.standings(replay),
        "recorded_chain": parting.recorded_chain(replay),
        "line_chain": parting.line_chain(replay),
        "verdicts": parting.VERDICTS,
        "days": _both(lambda px: lanes.day_lanes(replay, px)),
        "calls": _both(lambda px: lanes.call_lanes(replay, px)),
        "clocks": _both(lambda px: clocks.clocks(replay, px)),
        "sketches": (
            ("wide", sketch.sketch(replay, sketch.WIDE_PX, has_words=True)),
            ("narrow", sketch.sketch(replay, sketch.NARROW_PX, has_words=False)),
        ),
        "keys": keyed.keys(replay),
        "unlocated": keyed.unlocated(replay),
        "reached": _both(lambda px: curves.reached_chart(replay, px), curves.WIDE_PX),
        "to_come": _both(lambda px: curves.to_come_chart(replay, px), curves.WIDE_PX),
        "histograms": curves.histograms(replay),
        "break_even": parting.break_even(replay),
        "transcript": steps.transcript(replay.with_line.first_run),
        "left_out": steps.left_out(replay.with_line.first_run),
        "shown": _shown(replay),
        "kept": _kept(replay),
        "delays": curves.delay_reaches(replay.with_line.delays, strips.NARROW_PX),
        "knobs": curves.knob_reaches(replay, strips.NARROW_PX),
        "fact_numbers": {f.id: n for n, f in enumerate(replay.facts, start=1)},
        "source_numbers": {s.id: n for n, s in enumerate(replay.sources, start=1)},
    }


def _shown(replay: Replay) -> frozenset[str]:
    """Return the files of the receipts that fit into the page.

    What says the same again goes first where room is short, then what is longest.
    """
    kept = [(ledger.of, one) for ledger in replay.ledgers for one in ledger.receipts]
    said = Counter[tuple[str, str]]()
    ranked = []
    for of, receipt in kept:
        ranked.append((said[of, receipt.says], len(receipt.text), receipt.file))
        said[of, receipt.says] += 1
    ranked.sort()
    lengths = accumulate(length for _, length, _ in ranked)
    return frozenset(
        file
        for (_, _, file), length in zip(ranked, lengths, strict=True)
        if length <= _RECEIPTS_MOST
    )


def _kept(replay: Replay) -> frozenset[tuple[str, str]]:
    """Return the entries, by ledger, whose receipts the page holds."""
    shown = _shown(replay)
    return frozenset(
        (ledger.of, str(receipt.entry))
        for ledger in replay.ledgers
        for receipt in ledger.receipts
        if receipt.file in shown
    )


def _both(
    draw: Callable[[float], Any], wide_px: float = strips.WIDE_PX
) -> tuple[tuple[str, Any], ...]:
    """Draw for a wide page and for a narrow one; the style shows the one that fits."""
    return ("wide", draw(wide_px)), ("narrow", draw(strips.NARROW_PX))


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(__name__),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        after=words.after,
        apart=words.apart,
        stretch=words.stretch,
        beat=words.beat_kind,
        as_text=_as_text,
        delay=words.delay,
        finding=words.finding,
        footprint=words.footprint,
        instant=words.instant,
        metres=words.length,
        measure=words.measure,
        number=words.number,
        numbers=words.say_numbers,
        offset=words.offset,
        quoted=shlex.quote,
        refusal=parting.refusal,
        share=words.share,
        span=words.span,
        step=words.STEPS.__getitem__,
        window=lambda at: words.window(at.start, at.end),
    )
    environment.globals.update(counted=words.counted, quiet=strips.QUIET)
    return environment


@cache
def _style() -> str:
    loader = jinja2.PackageLoader(__name__)
    text, _, _ = loader.get_source(_environment(), _STYLE)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\s*([{};,])\s*|(\n)\s*", r"\1\2", text).strip()


def _style_hash(style: str) -> str:
    """Return what the page's policy knows its one style by (CSP level 3, §2.3.1)."""
    digest = hashlib.sha256(style.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _as_text(text: str) -> Markup:
    """Escape what stands between tags, where quotes mean nothing (HTML §13.1.2.6).

    Receipts are full of quotes; escaping each would make the page a tenth longer.
    Never for attributes.
    """
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return Markup(escaped)  # noqa: S704 (escaped above)
