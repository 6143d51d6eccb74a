"""Keep drafts of notices, and let another person of the party approve one."""

from clearline.adapters.drafts import Draft
from clearline.model.notices import NoticeId
from clearline.rules.notice_life import require_proven
from clearline.web.api.notices import file_given, look_over_given
from clearline.web.endpoints import SIGNED_IN, WRITING, Answered, Asking, Endpoint
from clearline.web.refusals import NotAllowed, not_there
from clearline.wire.forms.notices import (
    Approval,
    Drafts,
    DraftShown,
    NoticeDone,
    NoticeGiven,
)


async def _keep(asking: Asking) -> DraftShown:
    given: NoticeGiven = asking.body
    by = asking.caller.actor()
    require_proven(by)
    draft = Draft(
        id=asking.path["notice"],
        by=by,
        kept_at=asking.service.node.clock.read().at,
        given=given,
    )
    await asking.aside(lambda: asking.service.drafts.keep(draft))
    return await _shown(asking, draft)


async def _list(asking: Asking) -> Drafts:
    kept, party = asking.service.drafts, asking.caller.party
    found = await asking.aside(lambda: kept.of(party))
    return Drafts(items=tuple([await _shown(asking, one) for one in found]))


async def _read(asking: Asking) -> DraftShown:
    return await _shown(asking, await _known(asking))


async def _drop(asking: Asking) -> None:
    draft, kept = await _known(asking), asking.service.drafts
    await asking.aside(lambda: kept.drop(draft.by.party, draft.id))


async def _approve(asking: Asking) -> Answered:
    """File it: the one who kept it stands as filing, the caller as approving."""
    draft, kept = await _known(asking), asking.service.drafts
    approved_by = asking.caller.actor()
    if approved_by.person == draft.by.person:
        raise NotAllowed(
            "Nobody approves their own draft.",
            state="It is a draft still.",
            next="Ask another person of your party to approve it.",
        )
    done = await file_given(
        asking,
        NoticeId(draft.id),
        draft.given,
        draft.by,
        approved_by=approved_by,
    )
    await asking.aside(lambda: kept.drop(draft.by.party, draft.id))
    return done


async def _known(asking: Asking) -> Draft:
    kept, id_ = asking.service.drafts, asking.path["notice"]
    party = asking.caller.party
    found: Draft | None = await asking.aside(lambda: kept.get(party, id_))
    if found is None:
        raise not_there("draft of your party")
    return found


async def _shown(asking: Asking, draft: Draft) -> DraftShown:
    looked = await look_over_given(asking, draft.given, draft.by)
    return DraftShown(
        id=draft.id,
        by=draft.by.person,
        kept_at=draft.kept_at,
        given=draft.given,
        faults=looked.faults,
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/notice-drafts",
        name="listDrafts",
        does="List the drafts of your party.",
        handle=_list,
        may=SIGNED_IN,
        gives=Drafts,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/notice-drafts/{notice}",
        name="readDraft",
        does="Read a draft of your party, and what would be said of it.",
        handle=_read,
        may=SIGNED_IN,
        gives=DraftShown,
    ),
    Endpoint(
        method="PUT",
        path="/api/v1/notice-drafts/{notice}",
        name="keepDraft",
        does="Keep a draft; it is told to nobody and stands in no log.",
        handle=_keep,
        may=SIGNED_IN,
        takes=NoticeGiven,
        gives=DraftShown,
        rate=WRITING,
    ),
    Endpoint(
        method="DELETE",
        path="/api/v1/notice-drafts/{notice}",
        name="dropDraft",
        does="Put a draft away.",
        handle=_drop,
        may=SIGNED_IN,
        status=204,
        rate=WRITING,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/notice-drafts/{notice}/approval",
        name="approveDraft",
        does="Approve another person's draft: it is filed, with both your names.",
        handle=_approve,
        may=SIGNED_IN,
        takes=Approval,
        gives=NoticeDone,
        status=201,
        rate=WRITING,
    ),
)
