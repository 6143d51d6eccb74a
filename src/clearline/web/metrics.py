"""Give figures for Prometheus, through its own client library.

Figures count and time; none of them names a place, a person or what a call says.
"""

from collections.abc import Iterator
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.responses import Response

from clearline.model.calls import Kind
from clearline.service.calling import CourierStanding
from clearline.web.endpoints import Shared
from clearline.web.health import look

METRICS_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class _Figures(Collector):
    """Read the figures when they are asked for."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared

    def collect(self) -> Iterator[GaugeMetricFamily | CounterMetricFamily]:
        """Give every figure as it is now."""
        said, service = look(self._shared), self._shared.service
        yield _gauge(
            "clearline_well", "Whether the node can be relied on.", said.is_well
        )
        yield _gauge(
            "clearline_recording", "Whether the disk takes it.", said.is_recording
        )
        yield _gauge("clearline_screens", "Screens that follow the feed.", said.screens)
        cut = CounterMetricFamily(
            "clearline_screens_cut", "Streams ended here, by why.", labels=["why"]
        )
        for why, count in self._shared.feed.cuts.items():
            cut.add_metric([why], count)
        yield cut
        yield _gauge(
            "clearline_clock_apart_seconds",
            "Wall clock less node time.",
            said.clock_apart_s,
        )
        yield CounterMetricFamily(
            "clearline_entries", "Entries in the log, durable.", value=said.size
        )
        with service.node.looking() as view:
            waiting = [call for call in view.calls.values() if call.is_open]
        calls = GaugeMetricFamily(
            "clearline_open_calls", "Calls that are open.", labels=["kind", "held"]
        )
        for kind in Kind:
            for held in (True, False):
                found = [
                    c for c in waiting if c.kind is kind and bool(c.holders) is held
                ]
                calls.add_metric([kind.value, str(held).lower()], len(found))
        yield calls
        couriers = GaugeMetricFamily(
            "clearline_courier_ready", "Whether a medium carries.", labels=["medium"]
        )
        for state in said.couriers:
            is_ready = state.standing is CourierStanding.READY
            couriers.add_metric([state.medium.value], float(is_ready))
        yield couriers


def metrics(shared: Shared) -> Response:
    """Write the figures out."""
    registry = CollectorRegistry()
    registry.register(_Figures(shared))
    return Response(generate_latest(registry), media_type=METRICS_TYPE)


def _gauge(name: str, says: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, says, value=float(value))
