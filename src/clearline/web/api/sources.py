"""Say how much each desk is calling, of what whoever asks may see."""

from clearline.model.parties import DeskId
from clearline.rules.disclosure import may_see_call
from clearline.rules.sources import OVER, rates_of, sources_of
from clearline.web.endpoints import LOOKING, Asking, Endpoint
from clearline.wire.forms.calls import Sources


async def _sources(asking: Asking) -> Sources:
    viewer = asking.caller.viewer()
    with asking.looking() as view:
        seen = [
            call
            for call in asking.service.node.picture.open_calls()
            if may_see_call(view, viewer, call)
        ]
        return Sources(items=sources_of(seen, rates_seen(asking)))


def rates_seen(asking: Asking, desk: DeskId | None = None) -> dict[DeskId, int]:
    """Count what each desk raised lately, of what the caller may see."""
    node, viewer = asking.service.node, asking.caller.viewer()
    picture = node.picture
    return rates_of(
        call
        for call in picture.raised_since(node.clock.read().at - OVER)
        if (desk is None or call.raised_by.desk == desk)
        and may_see_call(picture, viewer, call)
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/sources",
        name="listSources",
        does="Say how much each desk is calling: its open STOPs and HOLDs as one.",
        says="The busiest first, of what you may see. A flood is never refused: each "
        "call of it is taken, recorded and rung, and here it is one source with its "
        "rate over the last minute.",
        handle=_sources,
        may=LOOKING,
        gives=Sources,
    ),
)
