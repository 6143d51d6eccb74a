"""Say what may be seen of a case, and what of the log may be shown in one.

| who looks | at | sees |
|---|---|---|
| the party that keeps it | the case | all but sealed names |
| a party an allegation was put to | that allegation | it, and its own replies |
| a party a finding is said to be of, too | that finding | it, and its own replies |
| a body it was referred to | its report | as the newest referral to it says |
| anybody else | any case | nothing, not even that there is one |

What of the log a case may show is what it is about and whoever looks may have whole:
`disclosure` says so. So nobody learns more of a notice by opening a case about it.

A body the case is referred to may see at most:

| body | at most |
|---|---|
| the party that keeps it | the whole |
| a neutral of this line | the whole |
| another party, a participant | as `parties` |
| one that is not on this line | what whoever refers it says, `public` if nothing |
"""

from typing import Final

import msgspec
from msgspec.structs import replace

from clearline.model.call_acts import CALL_ACTS
from clearline.model.calls import CallId
from clearline.model.case_acts import CASE_ACTS
from clearline.model.casework import (
    Allegation,
    Audience,
    Case,
    CaseId,
    FindingHeld,
    Referral,
)
from clearline.model.entries import Act
from clearline.model.instants import Instant
from clearline.model.line_acts import WatchTaken
from clearline.model.notice_acts import NoticeDisposed, NoticeTold
from clearline.model.notices import NoticeId
from clearline.model.parties import Actor, DeskId, PartyId, Role, Standing
from clearline.picture.picture import OF_NOTICES, View
from clearline.rules.disclosure import Viewer, may_see_call, may_see_entry, notice_for

LOOKED_AT: Final = (
    "Only entries about the calls and notices this case names were looked at, and of "
    "those the ones its party may see."
)
LOOKED_AT_NOTHING: Final = (
    "The case names no call and no notice, so nothing of this log was looked at."
)


class About(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what of a log a case is about.

    Attributes:
        calls: The calls it names, those handed down from them and those about them.
        desks: The desks these went to, whose watches matter.
    """

    calls: frozenset[CallId] = frozenset()
    notices: frozenset[NoticeId] = frozenset()
    desks: frozenset[DeskId] = frozenset()

    @property
    def is_nothing(self) -> bool:
        """Say whether it names no call and no notice."""
        return not self.calls and not self.notices


def viewer_of(view: View, by: Actor) -> Viewer:
    """Say who looks when somebody acts."""
    person = view.persons.get(by.person) if by.person else None
    return Viewer(
        party=by.party,
        desk=by.desk,
        is_auditor=person is not None and Role.AUDITOR in person.roles,
    )


def keeper_of(case: Case) -> Viewer:
    """Look as the party that keeps a case: what it may hand out is what it may see."""
    by = case.opened_by
    return Viewer(party=by.party, desk=by.desk, is_auditor=True)


def may_see_case(viewer: Viewer, case: Case) -> bool:
    """Say whether a viewer may see a case: whoever is of the party that keeps it."""
    return viewer.party == case.opened_by.party


def put_to(viewer: Viewer, case: Case) -> tuple[Allegation, ...]:
    """Give the allegations of a case that were put to a viewer's party.

    It sees those as they were asked and its own replies, and nothing of the case.
    """
    return tuple(
        one
        for one in case.allegations
        if one.against == viewer.party and one.queried_at is not None
    )


def proposed_to(viewer: Viewer, case: Case) -> tuple[FindingHeld, ...]:
    """Give the findings of a case that wait for a viewer's party, or had its word.

    It sees what the finding says, whose it is to be, and its own replies.
    """
    return tuple(
        replace(
            one,
            rests_on=(),
            replies=tuple(said for said in one.replies if _said_by(viewer, said.by)),
        )
        for one in case.findings
        if viewer.party in one.parties and one.by.party != viewer.party
    )


def _said_by(viewer: Viewer, by: Actor) -> bool:
    return by.party == viewer.party


def referral_to(case: Case, body: str) -> Referral | None:
    """Return the newest referral of a case to a body."""
    return next((one for one in reversed(case.referrals) if one.to == body), None)


def sees_at_most(view: View, case: Case, body: str) -> Audience | None:
    """Say how much of a case a body may see; `None` for one not on this line."""
    party = view.parties.get(PartyId(body))
    if party is None:
        return None
    if party.id == case.opened_by.party or party.standing is Standing.NEUTRAL:
        return Audience.WHOLE
    return Audience.PARTIES


def is_wider(one: Audience, other: Audience) -> bool:
    """Say whether one audience sees more than another."""
    order = tuple(Audience)
    return order.index(one) < order.index(other)


def may_name_call(view: View, viewer: Viewer, id_: CallId) -> bool:
    """Say whether a case of theirs may be about a call: it is there, and theirs to see.

    One that is not there and one that is kept from them are the same to them.
    """
    call = view.calls.get(id_)
    return call is not None and may_see_call(view, viewer, call)


def may_name_notice(view: View, viewer: Viewer, id_: NoticeId, now: Instant) -> bool:
    """Say whether a case of theirs may be about a notice, likewise."""
    notice = view.notices.get(id_)
    return notice is not None and notice_for(view, viewer, notice, now) is not None


def about(view: View, case: Case) -> About:
    """Say what of the log a case is about."""
    calls = set(case.calls)
    if calls:
        for call in view.calls.values():  # one handed down comes after the one above
            if {call.passed_from, call.of} & calls:
                calls.add(call.id)
    found = [known for one in calls if (known := view.calls.get(one)) is not None]
    desks = {desk for call in found for desk in (call.raised_by.desk, call.to_desk)}
    desks |= {rung.desk for call in found for rung in call.ladder.rungs}
    return About(
        calls=frozenset(calls),
        notices=frozenset(case.notices),
        desks=frozenset(desks),
    )


def may_show(view: View, viewer: Viewer, case: Case, of: About, act: Act) -> bool:
    """Say whether a case may show an entry to a viewer who may see the case.

    Of a notice of another party it shows what was told to the viewer's own desks and
    what they did with it, which they know, and nothing of the notice itself.
    """
    if isinstance(act, CASE_ACTS):
        of_case: CaseId = act.case
        return of_case == case.id
    if isinstance(act, CALL_ACTS):
        return act.call in of.calls and may_see_entry(view, viewer, act)
    if isinstance(act, OF_NOTICES):
        if act.notice not in of.notices:
            return False
        is_theirs = isinstance(act, NoticeTold | NoticeDisposed) and _is_of(
            view, viewer.party, act.desk
        )
        return is_theirs or may_see_entry(view, viewer, act)
    if isinstance(act, WatchTaken):
        desk = act.watch.desk
        return desk in of.desks and _is_of(view, viewer.party, desk)
    return False


def _is_of(view: View, party: PartyId, desk: DeskId) -> bool:
    known = view.desks.get(desk)
    return known is not None and known.party == party
