"""Keep cases while the node runs: report harm, enter what is said, lay it out.

A case is seen by the party that keeps it. A party that something is alleged of sees
the allegation once it was put to it, and answers.
"""

from collections.abc import Iterator

from starlette.responses import Response

from clearline.model.case_acts import EvidenceReleased
from clearline.model.casework import Case, CaseId
from clearline.model.claims import ClaimId
from clearline.model.commands import OnCase, ReportHarm
from clearline.model.notices import LEGAL_LINE
from clearline.model.parties import Actor, PersonId, Strength
from clearline.picture.picture import Picture
from clearline.record.acts import act_of, statement_of
from clearline.record.dossier import (
    Dossier,
    LogRead,
    LogShown,
    audience_of,
    gather,
    redact,
)
from clearline.record.folder import digest_of_case
from clearline.record.gathering import OWN_LOG, read_about
from clearline.record.kept import case_lines, kept_case
from clearline.record.page import render
from clearline.record.sheets import StatementRow
from clearline.record.views import LaidOut, lay_out
from clearline.rules.case_sight import (
    LOOKED_AT,
    LOOKED_AT_NOTHING,
    about,
    keeper_of,
    may_see_case,
    may_show,
    proposed_to,
    put_to,
    referral_to,
)
from clearline.rules.cases import case_meant, own_case_id
from clearline.rules.disclosure import Viewer
from clearline.web.duress import signs_here
from clearline.web.endpoints import (
    PROVING,
    SIGNED_IN,
    WRITING,
    Asking,
    Endpoint,
)
from clearline.web.limits import Rate
from clearline.web.refusals import BadRequest, WrongProof, not_there
from clearline.wire.forms.cases import (
    AllegationPut,
    Allegations,
    CaseActGiven,
    CaseDone,
    Cases,
    CaseShown,
    FindingProposed,
    Findings,
    HarmGiven,
    HoldReleased,
    ReferredCase,
    ReferredCases,
    ReportOf,
    StatementGiven,
)

REPORTING = Rate(5, 0.05)
"""How often one caller may have the whole log read, for a report or a page of it."""

LOOKING_BACK = Rate(20, 0.1)
"""How often one caller may look at what the log says to a case: as above, on screen."""

ENTERING = Rate(500, 50)
"""How often one caller may enter an act: a case file is many of them."""

REPORT_HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
"""The report's own policy stands in it, and forbids more than ours."""


async def _list(asking: Asking) -> Cases:
    viewer = asking.caller.viewer()
    with asking.looking():
        picture = asking.service.node.picture
        seen = case_lines(picture, lambda case: may_see_case(viewer, case))
    return Cases(cases=seen, legal=LEGAL_LINE)


async def _read(asking: Asking) -> CaseShown:
    case = _seen(asking)
    with asking.looking():
        picture = asking.service.node.picture
        lessons = tuple(one for one in picture.lessons.values() if one.case == case.id)
        claims = sum(of == case.id for (of, _), _ in _claims_of(picture))
    return CaseShown(case=case, lessons=lessons, claims=claims, legal=LEGAL_LINE)


def _claims_of(picture: Picture) -> Iterator[tuple[tuple[CaseId, ClaimId], object]]:
    return picture.claims.dump_at(picture.size)


async def _laid_out(asking: Asking) -> LaidOut:
    case = _seen(asking)
    with asking.looking():
        kept = kept_case(asking.service.node.picture, case.id).case
    laid: LaidOut = await asking.aside(lambda: lay_out(kept))
    return laid


async def _report(asking: Asking) -> Response:
    """Write it for its own party, or for the body it was referred to, as that says."""
    viewer = asking.caller.viewer()
    wanted, body = asking.query.audience, asking.query.body
    case = _referred(asking)
    if case is None:
        case = _seen(asking)
    else:  # as its keeper hands it out, and to nobody but this party
        viewer, body = keeper_of(case), viewer.party
    whole = await _gathered(asking, case, viewer)

    def write() -> str:
        audience = audience_of(whole, body) if body else wanted
        shown = redact(whole, audience, body=body)
        return render(shown, digest_of_case(shown))

    page = await asking.aside(write)
    return Response(page, media_type="text/html; charset=utf-8", headers=REPORT_HEADERS)


async def _gathered(asking: Asking, case: Case, viewer: Viewer) -> Dossier:
    """Gather a case as it stands now, with what its party may see of the log.

    The log is read from disk beside the writer, which is only asked for a moment.
    """
    folder = asking.service.folder
    with asking.looking() as view:
        kept = kept_case(asking.service.node.picture, case.id)
        of = about(view, case)
    entries = await asking.aside(lambda: read_about(folder, kept.case, of))
    with asking.looking() as view:
        seen = {
            one.index
            for one in entries
            if may_show(view, viewer, case, of, one.entry.act)
        }
    log = LogRead(
        name=OWN_LOG,
        entries=entries,
        shows=lambda one: one.index in seen,
        looked_at=LOOKED_AT_NOTHING if of.is_nothing else LOOKED_AT,
    )
    whole: Dossier = await asking.aside(
        lambda: gather(kept.case, kept=kept.kept, lessons=kept.lessons, logs=[log])
    )
    return whole


async def _record(asking: Asking) -> LogShown:
    case = _seen(asking)
    whole = await _gathered(asking, case, asking.caller.viewer())
    return whole.logs[0]


async def _referrals(asking: Asking) -> ReferredCases:
    viewer = asking.caller.viewer()
    with asking.looking() as view:
        found = [
            ReferredCase(
                case=case.id,
                title=case.title,
                by=case.opened_by.party,
                at=referral.at,
                sees=referral.sees,
                why=referral.why,
            )
            for case in view.cases.values()
            if not may_see_case(viewer, case)
            and (referral := referral_to(case, viewer.party)) is not None
        ]
    newest = sorted(found, key=lambda one: one.at, reverse=True)
    return ReferredCases(cases=tuple(newest))


async def _harm(asking: Asking) -> CaseDone:
    given: HarmGiven = asking.body
    with asking.looking() as view:
        case = own_case_id(view, asking.caller.party, CaseId(given.case))
    command = ReportHarm(
        case=case,
        by=asking.caller.actor(),
        says=given.says,
        call=given.call,
        notice=given.notice,
        title=given.title,
    )
    written = await asking.ask(command)
    return CaseDone(case=case, entries=len(written.entries))


async def _enter(asking: Asking) -> CaseDone:
    given: CaseActGiven = asking.body
    case = CaseId(asking.path["case"])
    held = {**given.act, "case": case}
    act = act_of(given.type, held, "the body", asking.caller.actor())
    if isinstance(act, EvidenceReleased):
        raise BadRequest(
            "A hold on evidence is let go by two people, each with their own proof.",
            state="Nothing was recorded. The evidence is held.",
            next=f"POST /api/v1/cases/{case}/release, with the second person there.",
        )
    written = await asking.ask(OnCase(act=act))
    with asking.looking() as view:
        meant = case_meant(view, act)
    return CaseDone(case=meant, entries=len(written.entries))


async def _release(asking: Asking) -> CaseDone:
    given: HoldReleased = asking.body
    case = _seen(asking)
    second = await _second(asking, given)
    act = EvidenceReleased(
        case=case.id, by=asking.caller.actor(), second=second, why=given.why
    )
    written = await asking.ask(OnCase(act=act))
    return CaseDone(case=case.id, entries=len(written.entries))


async def _second(asking: Asking, given: HoldReleased) -> Actor:
    """Let the second person, of another party, sign with their own password."""
    person = PersonId(given.second)
    what = "that evidence is held no more"
    known = await signs_here(asking, person, given.secret, what)
    with asking.looking() as view:
        desk = view.desks.get(known.desk) if known else None
    if desk is None:
        raise WrongProof(
            "The second person and this password do not belong together.",
            state="Nothing was recorded. The evidence is held.",
            next="Let them type it again.",
        )
    return Actor(
        party=desk.party,
        desk=desk.id,
        strength=Strength.PASSWORD,
        person=person,
        device=asking.caller.device,
    )


async def _state(asking: Asking) -> CaseDone:
    case, given = _seen(asking), asking.body
    row = StatementRow(
        row=0,
        id=given.id,
        role=given.role,
        pseudonym=given.pseudonym,
        said=given.said,
        said_at=given.said_at,
        name=given.name,
    )
    act, parts = statement_of(row, case.id, asking.caller.actor())
    written = await asking.ask(OnCase(act=act), parts)
    return CaseDone(case=case.id, entries=len(written.entries))


async def _put(asking: Asking) -> Allegations:
    viewer = asking.caller.viewer()
    with asking.looking() as view:
        found = [
            AllegationPut(case=case.id, allegation=one)
            for case in view.cases.values()
            for one in put_to(viewer, case)
        ]
    return Allegations(allegations=tuple(found))


async def _proposed(asking: Asking) -> Findings:
    viewer = asking.caller.viewer()
    with asking.looking() as view:
        found = [
            FindingProposed(case=case.id, finding=one)
            for case in view.cases.values()
            if not may_see_case(viewer, case)
            for one in proposed_to(viewer, case)
        ]
    return Findings(findings=tuple(found))


# --- who sees what -----------------------------------------------------------------


def _seen(asking: Asking) -> Case:
    """Return a case of the caller's party; another's is not there."""
    name, viewer = CaseId(asking.path["case"]), asking.caller.viewer()
    with asking.looking() as view:
        case = view.cases.get(own_case_id(view, viewer.party, name))
    if case is None or not may_see_case(viewer, case):
        raise not_there(f"case {name!r}")
    return case


def _referred(asking: Asking) -> Case | None:
    """Return another party's case that was referred to the caller's, if it was."""
    name, viewer = CaseId(asking.path["case"]), asking.caller.viewer()
    with asking.looking() as view:
        case = view.cases.get(name)
    if case is None or may_see_case(viewer, case):
        return None
    return None if referral_to(case, viewer.party) is None else case


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/cases",
        name="listCases",
        does="List the cases your party keeps.",
        handle=_list,
        may=SIGNED_IN,
        gives=Cases,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/harm",
        name="reportHarm",
        does="Report harm on a call or notice; its case is opened, its evidence held.",
        handle=_harm,
        may=SIGNED_IN,
        takes=HarmGiven,
        gives=CaseDone,
        rate=WRITING,
        recalls=True,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/allegations",
        name="listAllegations",
        does="List what was alleged of your party and put to it.",
        handle=_put,
        may=SIGNED_IN,
        gives=Allegations,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/findings",
        name="listFindings",
        does="List the findings that another party says are your party's too.",
        handle=_proposed,
        may=SIGNED_IN,
        gives=Findings,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/cases/{case}",
        name="readCase",
        does="Show a case as it stands, without its claims.",
        handle=_read,
        may=SIGNED_IN,
        gives=CaseShown,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/cases/{case}/acts",
        name="enterCaseAct",
        does="Enter an act of a case; the same twice changes nothing.",
        says="`case_opened` opens one. A reply to an allegation is the party's it is "
        "against.",
        handle=_enter,
        may=SIGNED_IN,
        takes=CaseActGiven,
        gives=CaseDone,
        rate=ENTERING,
        recalls=True,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/cases/{case}/release",
        name="releaseEvidence",
        does="Let a hold on evidence go, together with somebody of another party.",
        handle=_release,
        may=SIGNED_IN,
        takes=HoldReleased,
        gives=CaseDone,
        rate=PROVING,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/cases/{case}/statements",
        name="takeStatement",
        does="Take a statement of a role and a pseudonym; the name is sealed.",
        handle=_state,
        may=SIGNED_IN,
        takes=StatementGiven,
        gives=CaseDone,
        rate=ENTERING,
        recalls=True,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/cases/{case}/laid-out",
        name="layOutCase",
        does="Lay a case out by question, time, place and consequence.",
        handle=_laid_out,
        may=SIGNED_IN,
        gives=LaidOut,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/cases/{case}/record",
        name="readCaseRecord",
        does="Say what the log settles of a case, and who knew what.",
        says="From entries about the calls and notices the case names, as far as you "
        "may see them. The whole log is read for it, so it may be asked now and then.",
        handle=_record,
        may=SIGNED_IN,
        gives=LogShown,
        rate=LOOKING_BACK,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/referrals",
        name="listReferrals",
        does="List the cases that were referred to your party.",
        handle=_referrals,
        may=SIGNED_IN,
        gives=ReferredCases,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/cases/{case}/report",
        name="reportCase",
        does="Write a case as one HTML page for an audience.",
        says="The whole log is read for it, so it may be asked now and then. A party "
        "the case was referred to gets it as the referral says.",
        handle=_report,
        may=SIGNED_IN,
        query=ReportOf,
        media="text/html",
        rate=REPORTING,
    ),
)
