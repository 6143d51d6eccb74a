"""Keep a case step by step, the same steps in every run, and say what stands of it."""

from datetime import UTC, datetime

from clearline.ledger.sealed import SealedPart, seal
from clearline.ledger.text64 import encode64
from clearline.model.annotation import Sentence, SourceText
from clearline.model.calls import CallId
from clearline.model.case_acts import (
    AllegationAnswered,
    AllegationMade,
    AllegationQueried,
    AttachmentAdded,
    CaseReferred,
    CaseTermSet,
    CaseTextAnnotated,
    ClaimMade,
    CustodyLogged,
    FindingAnswered,
    FindingMade,
    LessonSet,
    SourceWithdrawn,
    StatementTaken,
)
from clearline.model.casework import CaseId, Handling
from clearline.model.claims import Claim, Event
from clearline.model.commands import OnCase, ReportHarm
from clearline.model.facts import Source, SourceKind
from clearline.model.parties import Actor, DeskId, PersonId, Strength
from clearline.model.sealed import Sealed
from clearline.service.writer import Asked, Written
from faults.desks import LINE, NORTH, SOUTH, ask, stop

FERRY = CaseId("north:ferry")
BYTES = "a" * 64
LINA = Actor(
    party=NORTH, desk=DeskId("n"), strength=Strength.PASSWORD, person=PersonId("lina")
)
DUTY = Actor(
    party=SOUTH, desk=DeskId("s"), strength=Strength.PASSWORD, person=PersonId("duty")
)
NAME = SealedPart(salt=b"s" * 32, data=b"A name nobody is to see")
TEXT = SourceText(
    title="A note",
    sha256=BYTES,
    length=20,
    sentences=(Sentence(number=1, start=0, end=20, sha256=BYTES),),
)
SOURCE = Source(
    id="log", title="Log", date="2026", kind=SourceKind.OFFICIAL, leaning="none"
)


def _on(kind, by=LINA, case="ferry", **fields):
    return OnCase(act=kind(case=CaseId(case), by=by, **fields)), ()


def _claim(id_, **more):
    said = Claim(id=id_, says=id_, what=Event(), sources=("log",), **more)
    return _on(ClaimMade, claim=said)


_HARM = ReportHarm(
    case=CaseId("ferry"), by=LINA, says="The ferry was hit.", call=CallId("stop-1")
)
STEPS = (
    (_HARM, ()),
    _on(CaseTextAnnotated, text=TEXT),
    _on(CaseTermSet, source=SOURCE),
    _claim("one", sentences=(1,)),
    _claim("two", corrects="one"),
    (
        OnCase(
            act=StatementTaken(
                case=CaseId("ferry"),
                statement="s-1",
                by=LINA,
                role="nurse",
                pseudonym="witness 1",
                said="Two came in.",
                name=Sealed(sealed=encode64(seal(NAME))),
            )
        ),
        (NAME,),
    ),
    _on(
        AttachmentAdded,
        attachment="photo",
        name="photo",
        media_type="image/png",
        sha256=BYTES,
        bytes_long=3,
    ),
    _on(CustodyLogged, attachment="photo", did=Handling.RECEIVED, sha256=BYTES),
    _on(AllegationMade, allegation="a-1", says="They fired.", against=SOUTH),
    _on(AllegationQueried, allegation="a-1", asks="Did you?"),
    _on(AllegationAnswered, DUTY, FERRY, allegation="a-1", says="No."),
    _on(FindingMade, says="Undecided.", parties=(NORTH,), allegation="a-1"),
    _on(FindingMade, finding="f", says="Late.", parties=(NORTH, SOUTH)),
    _on(FindingAnswered, DUTY, FERRY, finding="north:f", agrees=True),
    _on(
        LessonSet,
        lesson="l-1",
        says="Ring roles.",
        owner=DeskId("n"),
        due_at=datetime(2199, 1, 1, tzinfo=UTC),
    ),
    _on(CaseReferred, to="south"),
    _on(SourceWithdrawn, source="log", why="Its author took it back."),
)
"""What is asked, with what is sealed beside it, one after the other."""


def begin(node):
    """Enter who is on the line, and raise the call the case is about."""
    return ask(node, *LINE, stop("stop-1"))


def take(node, step):
    """Ask for one step; return what became of it."""
    command, sealed = step
    said = []
    node.writer.write([Asked(command=command, reply=said.append, sealed=sealed)])
    return said[0]


def stands(node) -> dict[str, object]:
    """Return everything that stands of the case, without the times it was said."""
    picture, store = node.picture, node.store
    case = picture.cases.get(FERRY)
    return {
        "opened": case is not None,
        "held": case is not None and case.is_held,
        "harm": case.harm if case else (),
        "calls": case.calls if case else (),
        "text": case.text if case else None,
        "terms": len(list(picture.case_terms.values())),
        "claims": sorted(one.id for one in picture.claims.values()),
        "corrected": sorted(picture.corrections.values()),
        "statements": [one.said for one in case.statements] if case else [],
        "sealed": len(store.sealed_digests()),
        "attachments": [len(one.custody) for one in case.attachments] if case else [],
        "allegations": [(one.asks, one.replies) for one in case.allegations]
        if case
        else [],
        "findings": [(one.says, one.whose) for one in case.findings] if case else [],
        "lessons": sorted(one.id for one in picture.lessons.values()),
        "referrals": [(one.to, one.sees) for one in case.referrals] if case else [],
        "withdrawn": case.withdrawn if case else (),
    }


def is_taken(said: object) -> bool:
    """Say whether a step was written to the disk."""
    return isinstance(said, Written) and said.is_durable
