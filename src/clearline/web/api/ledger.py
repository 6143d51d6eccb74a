"""Hand out proofs: the signed head, and receipts of entries one may see."""

from starlette.responses import Response

from clearline.rules.disclosure import may_see_entry
from clearline.web.endpoints import LOOKING, OPEN, Asking, Endpoint
from clearline.web.refusals import not_there

_TEXT = "text/plain; charset=utf-8"


async def _checkpoint(asking: Asking) -> Response:
    return Response(asking.service.node.log.checkpoint(), media_type=_TEXT)


async def _receipt(asking: Asking) -> Response:
    index = int(asking.path["index"])
    service = asking.service
    if index >= service.node.log.size:
        raise not_there("entry")
    ((_, entry),) = await asking.aside(lambda: service.entries([index]))
    with asking.looking() as view:
        is_seen = may_see_entry(view, asking.caller.viewer(), entry.act)
    if not is_seen:
        raise not_there("entry")
    receipt = await asking.aside(lambda: service.receipt(index))
    return Response(receipt, media_type=_TEXT)


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/ledger/checkpoint",
        name="checkpoint",
        does="Give the signed size and root of the log (C2SP tlog-checkpoint).",
        handle=_checkpoint,
        may=OPEN,
        media=_TEXT,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/ledger/entries/{index:int}/receipt",
        name="receipt",
        does="Give an offline receipt of an entry you may see: envelope, salt, proof.",
        handle=_receipt,
        may=LOOKING,
        media=_TEXT,
    ),
)
