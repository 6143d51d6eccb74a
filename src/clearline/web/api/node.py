"""Say how the node is, and describe what it can be asked."""

from functools import lru_cache
from typing import Any

from clearline.web.endpoints import LOOKING, OPEN, Answered, Asking, Endpoint
from clearline.web.health import Health, look
from clearline.web.metrics import METRICS_TYPE, metrics
from clearline.web.openapi import describe
from clearline.wire.forms.node import NodeShown


async def _health(asking: Asking) -> Answered:
    said = look(asking.shared, is_known=asking.known is not None)
    return Answered(body=said, status=200 if said.is_well else 503)


async def _metrics(asking: Asking) -> Any:
    return metrics(asking.shared)


async def _node(asking: Asking) -> NodeShown:
    node = asking.service.node
    reading = node.clock.read()
    return NodeShown(
        version=asking.service.version,
        origin=node.log.origin,
        realm=node.writer.realm,
        key=str(node.log.key),
        size=node.log.size,
        node_time=reading.at,
        wall_time=reading.wall,
        clock_error_s=reading.error_s,
        push_key=asking.service.push_key,
    )


async def _openapi(asking: Asking) -> dict[str, Any]:
    del asking
    return _described()


@lru_cache(maxsize=1)
def _described() -> dict[str, Any]:
    from clearline.web.app import ENDPOINTS  # noqa: PLC0415 (the table holds this too)

    return describe(ENDPOINTS)


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/health",
        name="health",
        does="Say whether the node can be relied on now.",
        says="200 only if the runner finished a cycle just now, the disk takes what is "
        "written and the clock is sane; 503 otherwise, with what is wrong.",
        handle=_health,
        may=OPEN,
        gives=Health,
        also={503: "It cannot be relied on; what is wrong is said."},
        rate=None,
    ),
    Endpoint(
        method="GET",
        path="/metrics",
        name="metrics",
        does="Give figures for Prometheus.",
        handle=_metrics,
        may=LOOKING,
        media=METRICS_TYPE,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/node",
        name="node",
        does="Say which node this is, and what its clock says.",
        handle=_node,
        may=OPEN,
        gives=NodeShown,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/openapi.json",
        name="openapi",
        does="Describe every operation (OpenAPI 3.1).",
        handle=_openapi,
        may=OPEN,
        gives=dict[str, Any],
    ),
)
