"""Write what a screening found, or what places were read, as one HTML page.

    collected   which rows, plans and notices the page shows, and how many it leaves out
    drawing     extents as shapes about a middle, in pixels
    templates   what the page looks like

The page loads nothing and runs no script: its policy forbids both. It needs nothing
else. It shows no notice
but those that a plan met or may meet. Every text of a file is foreign until it is
escaped, which the template does by default.
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import cache
from typing import Final

import jinja2
from markupsafe import Markup

from clearline.cli.screened.collected import Collected, Shape, nowhere
from clearline.cli.screened.drawing import NARROW_PX, WIDE_PX, Drawing, draw
from clearline.rules.screening import NOT_CHECKED

__all__ = ["Collected", "Shape", "render", "render_places"]

_PLANS_CLOSE: Final = 12
"""Plans that are drawn close up, each with what it meets."""


def render(found: Collected, notices: str, plans: str) -> str:
    """Write the whole page.

    Args:
        found: What it shows.
        notices: Name of the file of notices.
        plans: Name of the file of plans.

    Returns:
        One HTML document; the same files give the same text.
    """
    style = _style()
    shapes = found.shapes()
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            found=found,
            notices=notices,
            plans=plans,
            style=Markup(style),  # noqa: S704 (our own file)
            style_hash=_style_hash(style),
            whole=_both(shapes),
            nowhere=nowhere(shapes),
            close=[
                (found.name_of(plan), found.rows_of(plan), _both(found.about(plan)))
                for plan in found.met(_PLANS_CLOSE)
            ],
            not_checked=NOT_CHECKED,
        )
    )


def render_places(
    title: str,
    said: Sequence[str],
    understood: Sequence[tuple[str, str]],
    shapes: Sequence[Shape],
) -> str:
    """Write a page that draws places: told ones as plans, others as notices.

    Args:
        title: What it is about.
        said: What came of comparing them, in sentences.
        understood: What each place is called on the page, and how it was read.
        shapes: Them; one whose verdict is *cannot tell* is told, had it another origin.
    """
    style = _style()
    located = [shape for shape in shapes if len(shape.packed.pieces)]
    return (
        _environment()
        .get_template("places.html.j2")
        .render(
            title=title,
            said=said,
            understood=understood,
            style=Markup(style),  # noqa: S704 (our own file)
            style_hash=_style_hash(style),
            whole=_both(located),
            has_other=any(one.role == "notice" for one in located),
            has_rival=any(one.verdict == "cannot_tell" for one in located),
            nowhere=nowhere(shapes),
        )
    )


def _both(shapes: Sequence[Shape]) -> list[tuple[str, Drawing]]:
    """Draw for a wide page and for a narrow one; the style shows the one that fits."""
    drawn = (("wide", draw(shapes, WIDE_PX)), ("narrow", draw(shapes, NARROW_PX)))
    return [(name, one) for name, one in drawn if one is not None]


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader(__name__),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _style() -> str:
    loader = jinja2.PackageLoader(__name__)
    text, _, _ = loader.get_source(_environment(), "page.css")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\s*([{};,])\s*|(\n)\s*", r"\1\2", text).strip()


def _style_hash(style: str) -> str:
    """Return what the page's policy knows its one style by (CSP level 3, §2.3.1)."""
    digest = hashlib.sha256(style.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
