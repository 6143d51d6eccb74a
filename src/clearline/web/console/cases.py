"""Report harm, keep a case, answer an allegation: the record, while the node runs.

A case is laid out by question, by time, by place and by consequence; no view has a
column for who is right. What the log settles of it, and who knew what when, is read
from the log each time, as far as whoever looks may see it.
"""

from enum import StrEnum
from typing import Any, Final
from urllib.parse import quote

from clearline.model.casework import Audience, Case
from clearline.record.kept import kept_case
from clearline.record.page.sketch import Sketch, sketch
from clearline.record.settling import Decided
from clearline.web.console.board import standing
from clearline.web.console.labels import _
from clearline.web.console.pages import Form, Page, Shown, Visit
from clearline.web.endpoints import SIGNED_IN
from clearline.wire.forms.cases import (
    Allegations,
    CaseActGiven,
    CaseDone,
    Cases,
    CaseShown,
    Findings,
    HarmGiven,
    HoldReleased,
    ReferredCases,
    StatementGiven,
)

_FEW: Final = 20


class By(StrEnum):
    """Name the ways a case is laid out."""

    QUESTION = "question"
    TIME = "time"
    PLACE = "place"
    CONSEQUENCE = "consequence"
    SETTLED = "settled"
    KNOWLEDGE = "knowledge"


VIEWS: Final = (
    (By.QUESTION, _("by question")),
    (By.TIME, _("by time")),
    (By.PLACE, _("by place")),
    (By.CONSEQUENCE, _("by consequence")),
    (By.SETTLED, _("what the record settles")),
    (By.KNOWLEDGE, _("who knew what")),
)


AUDIENCES: Final = {
    Audience.WHOLE: _("all but sealed names"),
    Audience.PARTIES: _("no words of statements, no attachments"),
    Audience.PUBLIC: _("besides no positions, no desks"),
}

DECIDED: Final = {
    Decided.FOUND: _("found"),
    Decided.PARTLY: _("partly found"),
    Decided.MISSING: _("missing"),
    Decided.NEVER: _("never decidable by a line"),
}


async def _see_all(visit: Visit) -> Shown:
    found: Cases = await visit.do("listCases")
    put: Allegations = await visit.do("listAllegations")
    referred: ReferredCases = await visit.do("listReferrals")
    proposed: Findings = await visit.do("listFindings")
    recent = sorted(standing(visit), key=lambda one: one.raised_at, reverse=True)
    return Shown(
        template="cases.html",
        has={
            "cases": found.cases,
            "legal": found.legal,
            "put": put.allegations,
            "referred": referred.cases,
            "proposed": proposed.findings,
            "own": visit.caller.party,
            "recent": recent[:_FEW],
            "about_notice": visit.query("notice"),
        },
    )


async def _see(visit: Visit) -> Shown:
    name = visit.part("case")
    found: CaseShown = await visit.do("readCase", case=name)
    wanted = visit.query("by")
    by = By(wanted) if wanted in tuple(By) else By.QUESTION
    of_log = by in (By.SETTLED, By.KNOWLEDGE)
    asked = "readCaseRecord" if of_log else "layOutCase"
    laid = await visit.do(asked, case=name)
    with visit.looking() as view:
        parties = [one.id for one in view.parties.values()]
        desks = [one.id for one in view.desks.values()]
    return Shown(
        template="case.html",
        has={
            "case": found.case,
            "lessons": found.lessons,
            "claims": found.claims,
            "legal": found.legal,
            "laid": laid,
            "decided": DECIDED,
            "by": by,
            "sketch": await _sketched(visit, found.case) if by is By.PLACE else None,
            "views": VIEWS,
            "parties": parties,
            "audiences": AUDIENCES,
            "desks": desks,
            "own": visit.caller.party,
        },
    )


async def _sketched(visit: Visit, case: Case) -> Sketch | None:
    """Draw the places of a case whoever looks may see, beside the loop that tells."""
    with visit.looking():
        kept = kept_case(visit.service.node.picture, case.id).case
    drawn: Sketch | None = await visit.asking.aside(lambda: sketch(kept))
    return drawn


async def _harm(visit: Visit) -> str:
    call, notice = visit.said("call"), visit.said("notice")
    given = HarmGiven(
        case=visit.said("case").lower(),
        says=visit.said("says"),
        call=call or None,  # type: ignore[arg-type]
        notice=notice or None,  # type: ignore[arg-type]
    )
    done: CaseDone = await visit.do("reportHarm", given)
    return f"/cases/{quote(done.case)}"


async def _state(visit: Visit) -> str:
    name = visit.part("case")
    given = StatementGiven(
        id=visit.said("once") or visit.once(),
        role=visit.said("role"),
        pseudonym=visit.said("pseudonym"),
        said=visit.said("said"),
        said_at=visit.said("said_at"),
        name=visit.said("name"),
    )
    await visit.do("takeStatement", given, case=name)
    return f"/cases/{quote(name)}"


async def _allege(visit: Visit) -> str:
    """Say what is alleged and put it to the party at once."""
    case, id_ = visit.part("case"), visit.said("once") or visit.once()
    says, asks = visit.said("says"), visit.said("asks")
    await _enter(
        visit, case, "allegation_made", allegation=id_, says=says,
        against=visit.said("against"),
    )  # fmt: skip
    await _enter(visit, case, "allegation_queried", allegation=id_, asks=asks)
    return f"/cases/{quote(case)}"


async def _reply(visit: Visit) -> str:
    await _enter(
        visit, visit.part("case"), "allegation_answered",
        allegation=visit.part("allegation"), says=visit.said("says"),
    )  # fmt: skip
    return "/cases"


async def _find(visit: Visit) -> str:
    """Enter a finding of one's own party, or propose one together with others."""
    case = visit.part("case")
    await _make_finding(visit, case, visit.said("allegation"))
    return f"/cases/{quote(case)}"


async def _find_elsewhere(visit: Visit) -> str:
    """Enter what one's own party finds on what another put to it."""
    await _make_finding(visit, visit.part("case"), visit.part("allegation"))
    return "/cases"


async def _make_finding(visit: Visit, case: str, allegation: str) -> None:
    own = visit.caller.party
    others = [one for one in visit.all_said("with") if one != own]
    basis = [one.strip() for one in visit.said("legal_basis").splitlines()]
    await _enter(
        visit, case, "finding_made", finding=visit.said("once") or visit.once(),
        says=visit.said("says"), parties=[own, *others],
        legal_basis=[one for one in basis if one],
        **({"allegation": allegation} if allegation else {}),
    )  # fmt: skip


async def _agree(visit: Visit) -> str:
    """Say for one's party whether a finding is its own too."""
    case = visit.part("case")
    await _enter(
        visit, case, "finding_answered", finding=visit.part("finding"),
        agrees=visit.said("agrees") == "yes", says=visit.said("says"),
    )  # fmt: skip
    keeps = visit.said("from") == "case"
    return f"/cases/{quote(case)}" if keeps else "/cases"


async def _let_go(visit: Visit) -> str:
    """Let a hold go: the second person types their own password, here and now."""
    case = visit.part("case")
    given = HoldReleased(
        second=visit.said("second"), secret=visit.said("secret"), why=visit.said("why")
    )
    await visit.do("releaseEvidence", given, case=case)
    return f"/cases/{quote(case)}"


async def _refer(visit: Visit) -> str:
    """Refer the case; how much the body sees follows from who it is, if not said."""
    case, sees = visit.part("case"), visit.said("sees")
    to = visit.said("elsewhere").strip() or visit.said("to")
    held = {"to": to, "why": visit.said("why"), **({"sees": sees} if sees else {})}
    await _enter(visit, case, "case_referred", **held)
    return f"/cases/{quote(case)}"


async def _learn(visit: Visit) -> str:
    case = visit.part("case")
    await _enter(
        visit, case, "lesson_set", lesson=visit.said("once") or visit.once(),
        says=visit.said("says"), owner=visit.said("owner"),
        due_at=f"{visit.said('due')}T12:00:00Z",
    )  # fmt: skip
    return f"/cases/{quote(case)}"


async def _close_lesson(visit: Visit) -> str:
    case = visit.part("case")
    await _enter(
        visit, case, "lesson_closed", lesson=visit.part("lesson"), how=visit.said("how")
    )
    return f"/cases/{quote(case)}"


async def _enter(visit: Visit, case: str, type_: str, **held: Any) -> None:
    given = CaseActGiven(type=type_, act=held)
    await visit.do("enterCaseAct", given, case=case)


PAGES: Final = (
    Page(path="/cases", see=_see_all, may=SIGNED_IN),
    Page(path="/cases/{case}", see=_see, may=SIGNED_IN),
)
FORMS: Final = (
    Form(path="/cases", do=_harm, on=_see_all, may=SIGNED_IN),
    Form(path="/cases/{case}/statements", do=_state, on=_see, may=SIGNED_IN),
    Form(path="/cases/{case}/allegations", do=_allege, on=_see, may=SIGNED_IN),
    Form(path="/cases/{case}/findings", do=_find, on=_see, may=SIGNED_IN),
    Form(path="/cases/{case}/release", do=_let_go, on=_see, may=SIGNED_IN),
    Form(path="/findings/{case}/{finding}", do=_agree, on=_see_all, may=SIGNED_IN),
    Form(
        path="/allegations/{case}/{allegation}/findings",
        do=_find_elsewhere,
        on=_see_all,
        may=SIGNED_IN,
    ),
    Form(path="/cases/{case}/referrals", do=_refer, on=_see, may=SIGNED_IN),
    Form(path="/cases/{case}/lessons", do=_learn, on=_see, may=SIGNED_IN),
    Form(
        path="/cases/{case}/lessons/{lesson}",
        do=_close_lesson,
        on=_see,
        may=SIGNED_IN,
    ),
    Form(
        path="/allegations/{case}/{allegation}",
        do=_reply,
        on=_see_all,
        may=SIGNED_IN,
    ),
)
