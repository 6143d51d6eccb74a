"""Write a case as one HTML page that needs nothing else, on a screen or on paper.

The page loads nothing and runs no script: its policy forbids both, and every text of a
case is foreign until the templates have escaped it. There is no column for who is
right.
"""

import base64
import hashlib
from collections.abc import Callable
from functools import cache
from typing import Final

import jinja2
from markupsafe import Markup

from clearline.model.casefiles import CaseFile
from clearline.model.caselinks import UNGRADED, contested, grade_of
from clearline.model.claims import ClaimId
from clearline.record import views
from clearline.record.dossier import Dossier
from clearline.record.page.sketch import sketch

_STYLE: Final = "page.css"


def render(dossier: Dossier, digest: str) -> str:
    """Write the whole page.

    Args:
        dossier: The case as this audience may see it.
        digest: SHA-256 of the case document it was made from, hex.

    Returns:
        One HTML document; the same dossier gives the same text.
    """
    case, teller = dossier.case, views.Teller(dossier.case)
    style, is_graded = _style(), _grades(case)
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            dossier=dossier,
            case=case,
            kept=dossier.kept,
            digest=digest,
            style=Markup(style),  # noqa: S704 (our own file)
            style_hash=_hash(style),
            questions=views.by_question(teller),
            moments=views.by_time(teller),
            spots=views.by_place(teller),
            edges=views.by_consequence(teller),
            sketch=sketch(case),
            contested=len(contested(case.claims)),
            grades=is_graded,
            tell=_teller(is_graded=is_graded),
        )
    )


def _teller(*, is_graded: bool) -> Callable[[views.Version], Markup]:
    """Return what writes a claim, once for each, in however many views it stands."""
    write = _environment().get_template("version.html.j2").module.version  # type: ignore[attr-defined]
    told: dict[ClaimId, Markup] = {}

    def tell(one: views.Version) -> Markup:
        if one.claim not in told:
            told[one.claim] = write(one, is_graded)
        return told[one.claim]

    return tell


def _grades(case: CaseFile) -> bool:
    """Say whether anything was graded at all."""
    sources = {one.id: one for one in case.sources}
    return any(grade_of(claim, sources) != UNGRADED for claim in case.claims)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(__name__),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["utc"] = lambda at: at.strftime("%Y-%m-%d %H:%M:%SZ")
    environment.filters["chain"] = lambda by: " < ".join(reversed(by))
    return environment


@cache
def _style() -> str:
    loader = jinja2.PackageLoader(__name__)
    text, _, _ = loader.get_source(_environment(), _STYLE)
    return text.strip()


def _hash(style: str) -> str:
    """Return what the page's policy knows its one style by (CSP level 3, §2.3.1)."""
    digest = hashlib.sha256(style.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
