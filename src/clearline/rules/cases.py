"""Decide what follows when a case is opened, filled, referred or learned from.

    harm on a call or notice --> case + hold on the evidence
    claim        may name only what the case has; never changes another one
    correction   a new claim, once for each claim: the second is told of the first
    allegation --> query --> reply --> finding; a finding before a reply says why not
    finding      of several is proposed by one of them, and joint once each agreed
    lesson       set, reminded of, closed: `rules.lessons`
    referral     as much as the body may see, and no more: `rules.case_sight`

A case is its party's own, and so is the name it goes by: what north calls `ferry` is
`north:ferry` in the log. Two parties never meet in a name, and none can find out by
trying which names another has taken.

Nothing here decides who is right, and no claim is refused for what it says.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, cast

from msgspec.structs import replace

from clearline.model.annotation import SourceText
from clearline.model.calls import ACKNOWLEDGING, CallId
from clearline.model.case_acts import (
    AllegationAnswered,
    AllegationMade,
    AllegationQueried,
    AttachmentAdded,
    CaseAct,
    CaseOpened,
    CaseReferred,
    CaseTermSet,
    CaseTextAnnotated,
    CaseWidened,
    ClaimMade,
    CustodyLogged,
    EvidenceHeld,
    EvidenceReleased,
    FindingAnswered,
    FindingMade,
    HarmReported,
    LessonClosed,
    LessonReminded,
    LessonSet,
    SourceWithdrawn,
    StatementTaken,
)
from clearline.model.casework import (
    Allegation,
    Attachment,
    Audience,
    Case,
    CaseId,
    FindingHeld,
    FindingId,
    require_digest,
)
from clearline.model.commands import OnCase, ReportHarm
from clearline.model.entries import Act, SealedErased
from clearline.model.errors import BadInput
from clearline.model.instants import Instant
from clearline.model.notices import NoticeId
from clearline.model.parties import Actor, PartyId, Strength
from clearline.picture.picture import Picture, View
from clearline.rules.case_sight import (
    is_wider,
    may_name_call,
    may_name_notice,
    may_see_case,
    proposed_to,
    put_to,
    referral_to,
    sees_at_most,
    viewer_of,
)
from clearline.rules.claiming import enter_term, make_claim, withdraw_source
from clearline.rules.lessons import close_lesson, set_lesson
from clearline.rules.refusals import (
    NotProven,
    UnknownCall,
    UnknownNotice,
    WrongOrder,
    refuse,
    taken_in_case,
    unknown_in_case,
)


class UnknownCase(BadInput):
    """Refuse an act on a case this node does not know."""


class AnnotatedOtherwise(BadInput):
    """Refuse an annotation of another text, or one that moves its sentences."""


class SeesTooMuch(BadInput):
    """Refuse a referral that shows a body more than it may see."""


class EvidenceIsHeld(BadInput):
    """Refuse to erase what a case holds as evidence."""


def on_case(picture: Picture, asked: OnCase, now: Instant) -> tuple[Act, ...]:
    """Decide one act on a case; doing the same twice changes nothing.

    Raises:
        UnknownCase, UnknownInCase: It names what is not there.
        IdTaken: Its id is another one's.
        AlreadyCorrected: Somebody else corrected that claim first.
        Unsettleable, WrongOrder, NotProven: As their names say.
    """
    act = replace(asked.act, case=case_meant(picture, asked.act))
    _require_author(act)
    if isinstance(act, CaseOpened):
        return _open(picture, act, now)
    case = _known(picture, act)
    return _RULES[type(act)](picture, case, act, now)


def report_harm(picture: Picture, asked: ReportHarm, now: Instant) -> tuple[Act, ...]:
    """Report harm: open the case if it is not there, and hold the evidence.

    Raises:
        UnknownCall, UnknownNotice: It names what this node does not know.
    """
    _require_person(asked.by)
    _require_about(
        picture,
        asked.by,
        () if asked.call is None else (asked.call,),
        () if asked.notice is None else (asked.notice,),
        now,
    )
    name = own_case_id(picture, asked.by.party, asked.case)
    case = picture.cases.get(name)
    report = HarmReported(
        case=name,
        by=asked.by,
        says=asked.says,
        call=asked.call,
        notice=asked.notice,
    )
    if case is not None and asked.says in case.harm:
        return ()
    acts: list[Act] = []
    if case is None:
        acts.append(
            CaseOpened(
                case=name,
                by=asked.by,
                title=asked.title or f"Harm: {asked.says[:60]}",
                why="harm was reported",
            )
        )
    if case is None or not case.is_held:
        acts.append(EvidenceHeld(case=name, by=asked.by, why="harm was reported"))
    return (*acts, report)


def own_case_id(picture: View, party: PartyId, name: CaseId) -> CaseId:
    """Return the id under which a party keeps the case it calls by this name.

    A case of its own that has just this id is meant by it; any other has, or will
    have, the party's id before it. What other parties keep changes nothing here.
    """
    known, own = picture.cases.get(name), f"{party}:"
    if name.startswith(own) or (known and known.opened_by.party == party):
        return name
    return CaseId(own + name)


def require_not_held(picture: Picture, act: SealedErased) -> None:
    """Refuse to erase a sealed part that is evidence of a held case.

    That is the names of its statements, and whatever any revision of a notice it is
    about has sealed.

    Raises:
        EvidenceIsHeld: It is evidence of such a case.
    """
    for case in picture.cases.values():
        if case.is_held and act.part in _sealed_parts(picture, case):
            raise refuse(
                EvidenceIsHeld,
                f"The sealed part is evidence of the case {case.id!r}, which is held.",
                "Two people of two parties let the hold go first, if it may.",
            )


def _sealed_parts(picture: Picture, case: Case) -> Iterator[str]:
    yield from (one.name.sealed for one in case.statements if one.name)
    for notice in case.notices:
        for _, known in picture.notices.history_of(notice):
            held = known.revision.personal
            parts = (held.phones, held.plates, held.names)
            yield from (part.sealed for part in parts if part)


# --- one act at a time ----------------------------------------------------------


def _open(picture: Picture, act: CaseOpened, now: Instant) -> tuple[Act, ...]:
    _require_about(picture, act.by, act.calls, act.notices, now)
    if act.text_sha256:
        require_digest(act.text_sha256)
    known = picture.cases.get(act.case)
    if known is None:
        return (act,)
    if known.title != act.title:
        raise taken_in_case("case", act.case)
    return _wider(known, act.by, act.calls, act.notices)


def _widen(
    picture: Picture, case: Case, act: CaseWidened, now: Instant
) -> tuple[Act, ...]:
    _require_about(picture, act.by, act.calls, act.notices, now)
    return _wider(case, act.by, act.calls, act.notices)


def _wider(
    case: Case, by: Actor, calls: tuple[CallId, ...], notices: tuple[NoticeId, ...]
) -> tuple[Act, ...]:
    """Say what a case is about besides; nothing where that was said already."""
    more = CaseWidened(
        case=case.id,
        by=by,
        calls=tuple(one for one in calls if one not in case.calls),
        notices=tuple(one for one in notices if one not in case.notices),
    )
    return (more,) if more.calls or more.notices else ()


def _annotate(
    picture: Picture, case: Case, act: CaseTextAnnotated, now: Instant
) -> tuple[Act, ...]:
    """Enter where sentences stand; later what they hold may be said anew, not where.

    Claims name sentences by their number, so none of them moves.
    """
    del picture, now
    if act.text == case.text:
        return ()
    if case.text_sha256 and act.text.sha256 != case.text_sha256:
        raise refuse(
            AnnotatedOtherwise,
            f"The case {case.id!r} is of the text with SHA-256 {case.text_sha256}, and "
            f"this annotates {act.text.sha256}.",
            "Open another case for another text, or for the same one after an edit.",
        )
    if case.text is not None and _spans(act.text) != _spans(case.text):
        raise refuse(
            AnnotatedOtherwise,
            f"The sentences of the case {case.id!r} stand elsewhere already, and its "
            "claims name them by number.",
            "Keep the offsets that were entered, or open another case.",
        )
    return (act,)


def _spans(text: SourceText) -> list[tuple[int, int, str]]:
    return [(one.start, one.end, one.sha256) for one in text.sentences]


def _hold(
    picture: Picture, case: Case, act: EvidenceHeld, now: Instant
) -> tuple[Act, ...]:
    del picture, now
    return () if case.is_held else (act,)


def _release(
    picture: Picture, case: Case, act: EvidenceReleased, now: Instant
) -> tuple[Act, ...]:
    del picture, now
    _require_proven(act.by)
    _require_proven(act.second)
    if act.by.party == act.second.party:
        raise refuse(
            NotProven,
            "Both people who let the hold go are of one party.",
            "Let somebody of another party, or of the neutral, be the second.",
        )
    return (act,) if case.is_held else ()


def _statement(
    picture: Picture, case: Case, act: StatementTaken, now: Instant
) -> tuple[Act, ...]:
    del picture, now
    known = next((one for one in case.statements if one.id == act.statement), None)
    if known is None:
        return (act,)
    if (known.said, known.pseudonym) == (act.said, act.pseudonym):
        return ()
    raise taken_in_case("statement", act.statement)


def _attach(
    picture: Picture, case: Case, act: AttachmentAdded, now: Instant
) -> tuple[Act, ...]:
    del picture, now
    require_digest(act.sha256)
    known = next((one for one in case.attachments if one.id == act.attachment), None)
    if known is None:
        return (act,)
    if known.sha256 == act.sha256:
        return ()
    raise taken_in_case("attachment", act.attachment)


def _custody(
    picture: Picture, case: Case, act: CustodyLogged, now: Instant
) -> tuple[Act, ...]:
    del picture, now
    _one_of(case, "attachment", case.attachments, act.attachment)
    if act.sha256:
        require_digest(act.sha256)
    return (act,)


def _allege(
    picture: Picture, case: Case, act: AllegationMade, now: Instant
) -> tuple[Act, ...]:
    del now
    if picture.parties.get(act.against) is None:
        raise unknown_in_case(case, "party", act.against)
    known = next((one for one in case.allegations if one.id == act.allegation), None)
    if known is None:
        return (act,)
    if (known.says, known.against) == (act.says, act.against):
        return ()
    raise taken_in_case("allegation", act.allegation)


def _query(
    picture: Picture, case: Case, act: AllegationQueried, now: Instant
) -> tuple[Act, ...]:
    del picture, now
    known = _one_of(case, "allegation", case.allegations, act.allegation)
    return () if known.asks == act.asks and known.queried_at else (act,)


def _reply(
    picture: Picture, case: Case, act: AllegationAnswered, now: Instant
) -> tuple[Act, ...]:
    del picture, now
    known = _one_of(case, "allegation", case.allegations, act.allegation)
    if known.queried_at is None:
        raise refuse(
            WrongOrder,
            f"The allegation {known.id!r} was not put to {known.against} yet.",
            "Query it first.",
        )
    if act.by.party != known.against:
        raise refuse(
            WrongOrder,
            f"The allegation {known.id!r} is against {known.against}, "
            f"not {act.by.party}.",
            "The party it is against answers it.",
        )
    return () if act.says in known.replies else (act,)


def _find(
    picture: Picture, case: Case, act: FindingMade, now: Instant
) -> tuple[Act, ...]:
    del now
    for party in act.parties:
        if picture.parties.get(party) is None:
            raise unknown_in_case(case, "party", party)
    if act.by.party not in act.parties:
        raise refuse(
            WrongOrder,
            f"The finding is said to be of {', '.join(act.parties) or 'nobody'}, and "
            f"{act.by.party} makes it.",
            "A party makes its own finding, or proposes one together with others.",
        )
    is_keeper = act.by.party == case.opened_by.party
    for claim in act.rests_on:  # nobody else learns which claims a case has
        if not is_keeper or picture.claims.get((case.id, claim)) is None:
            raise unknown_in_case(case, "claim", claim)
    if act.allegation is not None:
        known = _one_of(case, "allegation", case.allegations, act.allegation)
        if not known.replies:
            raise refuse(
                WrongOrder,
                f"{known.against} has not answered the allegation {known.id!r}.",
                "Query it and wait for the reply; where none comes, make the finding "
                "without naming the allegation, and say so in it.",
            )
    parties = tuple(dict.fromkeys(act.parties))
    named = replace(act, parties=parties, finding=_name_of(act))
    if any(_is_same(one, named) for one in case.findings):
        return ()
    if named.finding and any(one.id == named.finding for one in case.findings):
        raise taken_in_case("finding", named.finding)
    return (named,)


def _name_of(act: FindingMade) -> FindingId | None:
    """Name a finding so that two parties never meet in a name, as cases are named."""
    if act.finding is None and len(act.parties) > 1:
        raise refuse(
            WrongOrder,
            "A finding of several parties has no id, so no other can agree to it.",
            "Give it one: finding.",
        )
    own = f"{act.by.party}:"
    if not act.finding:
        return None
    return act.finding if act.finding.startswith(own) else FindingId(own + act.finding)


def _is_same(one: FindingHeld, act: FindingMade) -> bool:
    def told(of: FindingHeld | FindingMade) -> tuple[object, ...]:
        return of.says, of.parties, of.allegation, of.rests_on, of.legal_basis

    return told(one) == told(act) and one.id == act.finding


def _agree(
    picture: Picture, case: Case, act: FindingAnswered, now: Instant
) -> tuple[Act, ...]:
    """Let a party say whether a finding is its own too; it may change its mind."""
    del picture, now
    known: FindingHeld = _one_of(case, "finding", case.findings, act.finding)
    party = act.by.party
    if party not in known.parties or party == known.by.party:
        raise refuse(
            WrongOrder,
            f"{party} is not asked whether it agrees to the finding {act.finding!r}.",
            "Those it is said to be of, besides the one that made it, agree or do not; "
            "make a finding of your own.",
        )
    if not act.agrees and not act.says.strip():
        raise refuse(
            WrongOrder,
            f"It is not said why {party} does not agree to {act.finding!r}.",
            "Say why, in a sentence.",
        )
    last = known.reply_of(party)
    is_said = last is not None and (last.agrees, last.says) == (act.agrees, act.says)
    return () if is_said else (act,)


def _refer(
    picture: Picture, case: Case, act: CaseReferred, now: Instant
) -> tuple[Act, ...]:
    """Refer a case; how much the body sees follows from who it is, or stays below it.

    A body that is not on this line is known to nobody here. It sees what the public
    may, unless a person who has proven who they are says more, and why.
    """
    del now
    most = sees_at_most(picture, case, act.to)
    sees = act.sees or most or Audience.PUBLIC
    if most is not None and is_wider(sees, most):
        raise refuse(
            SeesTooMuch,
            f"{act.to} is of this line and may see a case of another party as {most}, "
            f"not as {sees}.",
            f"Refer it as {most} or less; what it may see follows if you do not say.",
        )
    if most is None and is_wider(sees, Audience.PUBLIC):
        _require_proven(act.by)
        if not act.why.strip():
            raise refuse(
                SeesTooMuch,
                f"Nobody here knows {act.to!r}, and nothing says why it may see a "
                f"case as {sees}.",
                "Say why, or let it see what the public may.",
            )
    last = referral_to(case, act.to)
    if last is not None and last.sees is sees:
        return ()
    return (replace(act, sees=sees),)


# --- what they ask --------------------------------------------------------------


def case_meant(view: View, act: CaseAct) -> CaseId:
    """Return the case its party calls so; a reply is to another's case."""
    if isinstance(act, LessonReminded) or _is_reply(view, act):
        return act.case
    return own_case_id(view, act.by.party, act.case)


def _is_reply(view: View, act: CaseAct) -> bool:
    """Say whether an act answers what was put to its party in another's case.

    That is an allegation against it, with a reply or a finding of its own; or a
    finding that is said to be its own too.
    """
    case = view.cases.get(act.case)
    if case is None or isinstance(act, LessonReminded):
        return False
    viewer = viewer_of(view, act.by)
    if may_see_case(viewer, case):
        return False
    if isinstance(act, FindingAnswered):
        return any(one.id == act.finding for one in proposed_to(viewer, case))
    if isinstance(act, AllegationAnswered | FindingMade):
        return any(one.id == act.allegation for one in put_to(viewer, case))
    return False


def _known(picture: Picture, act: CaseAct) -> Case:
    """Return the case an act is of; one of another party is not there."""
    known = picture.cases.get(act.case)
    if known is None:
        raise refuse(
            UnknownCase,
            f"This node knows no case {act.case!r}.",
            "Open it first, or check its id.",
        )
    return known


def _require_about(
    picture: Picture,
    by: Actor,
    calls: tuple[CallId, ...],
    notices: tuple[NoticeId, ...],
    now: Instant,
) -> None:
    """Refuse what is not there, or is not theirs to know: in the same words."""
    viewer = viewer_of(picture, by)
    for call in calls:
        if not may_name_call(picture, viewer, call):
            raise refuse(
                UnknownCall,
                f"This node knows no call {call!r}.",
                "Check the id of the call.",
            )
    for notice in notices:
        if not may_name_notice(picture, viewer, notice, now):
            raise refuse(
                UnknownNotice,
                f"This node knows no notice {notice!r}.",
                "Check the id of the notice.",
            )


def _require_author(act: CaseAct) -> None:
    if isinstance(act, LessonReminded | HarmReported):
        raise refuse(
            WrongOrder,
            "The node itself writes this.",
            "Report harm with its own command; reminders come when they are due.",
        )
    _require_person(act.by)


def _require_person(by: Actor) -> None:
    """Ask who it is; at the node's own machine nobody is asked to prove it.

    The entry says `device_only` then. Only what lifts a hold needs more.
    """
    if by.person is None or by.strength is Strength.HEARD:
        raise refuse(
            NotProven,
            f"Nobody is known to have said this: it came as {by.strength}.",
            "Say who it is; words that were only heard enter no case.",
        )


def _require_proven(by: Actor) -> None:
    if by.person is None or by.strength not in ACKNOWLEDGING:
        raise refuse(
            NotProven,
            f"Nobody is known to have said this: it came as {by.strength}.",
            "Sign in, or use a PIN.",
        )


def _one_of(case: Case, noun: str, there: Iterable[Any], name: str) -> Any:
    found = next((one for one in there if one.id == name), None)
    if found is None:
        raise unknown_in_case(case, noun, name)
    known: Attachment | Allegation = found
    return known


_RULES: Final = cast(
    "dict[type, Callable[[Picture, Case, CaseAct, Instant], tuple[Act, ...]]]",
    {
        CaseTextAnnotated: _annotate,
        CaseWidened: _widen,
        CaseTermSet: enter_term,
        ClaimMade: make_claim,
        SourceWithdrawn: withdraw_source,
        EvidenceHeld: _hold,
        EvidenceReleased: _release,
        StatementTaken: _statement,
        AttachmentAdded: _attach,
        CustodyLogged: _custody,
        AllegationMade: _allege,
        AllegationQueried: _query,
        AllegationAnswered: _reply,
        FindingMade: _find,
        FindingAnswered: _agree,
        LessonSet: set_lesson,
        LessonClosed: close_lesson,
        CaseReferred: _refer,
    },
)
