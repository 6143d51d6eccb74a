"""Let a screen follow what changes; see `web.feed` for what comes."""

import asyncio
import contextlib
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from clearline.web.endpoints import LOOKING, Asking, Endpoint
from clearline.web.feed import TOO_SLOW, Feed, Screen, send_stream
from clearline.web.protocol import LINE
from clearline.web.refusals import BadRequest
from clearline.wire.forms.feed import Following

FEED_TYPE = "text/event-stream"


class _Stream(Response):
    """Send a screen's events, and let it go when it hangs up."""

    media_type = FEED_TYPE

    def __init__(self, feed: Feed, screen: Screen) -> None:
        super().__init__(
            headers={"cache-control": "no-store", "x-accel-buffering": "no"}
        )
        del self.headers["content-length"]
        self._feed = feed
        self._screen = screen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the stream until either side ends it."""
        is_gone = asyncio.Event()
        hanging_up = asyncio.create_task(_wait_for_end(receive, is_gone, self._screen))
        try:
            await send(
                {
                    "type": "http.response.start",
                    "status": 200,
                    "headers": self.raw_headers,
                }
            )
            self._screen.line = scope.get("state", {}).get(LINE)
            await send_stream(self._screen, send, is_gone)
            with contextlib.suppress(OSError):
                await send({"type": "http.response.body", "body": b""})
        except TimeoutError:
            self._screen.cut(TOO_SLOW)  # it comes again and is told what it missed
        except OSError:
            pass  # gone: likewise
        finally:
            self._feed.leave(self._screen)
            hanging_up.cancel()


async def _wait_for_end(receive: Receive, gone: asyncio.Event, screen: Screen) -> None:
    while True:
        message: Any = await receive()
        if message["type"] == "http.disconnect":
            gone.set()
            screen.cut()
            return


async def _follow(asking: Asking) -> Response:
    given = asking.request.headers.get("last-event-id", asking.query.last_event_id)
    try:
        after = int(given) if given else None
    except ValueError as error:
        raise BadRequest(
            f"{given!r} is the id of no event.",
            state="Nothing is followed.",
            next="Give the id of the last event that came, or none.",
        ) from error
    caller = asking.caller
    feed = asking.shared.feed
    screen = feed.follow(caller.viewer(), caller.name, after, asking.query.beat_s)
    return _Stream(feed, screen)


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/feed",
        name="follow",
        does="Follow what changes for your desk, as server-sent events.",
        says="Each event names the one before it in `prev`; a gap is asked for again "
        "with Last-Event-ID. A beat comes each second, or as seldom as is asked for.",
        handle=_follow,
        may=LOOKING,
        query=Following,
        media=FEED_TYPE,
    ),
)
