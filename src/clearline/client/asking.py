"""Ask a node, and say what it refused; what it can be asked for stands beside."""

import ssl
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TypeVar

import httpx
import msgspec

from clearline.model.errors import BadInput, BrokenPromise, ClearlineError

T = TypeVar("T")

TIMEOUT_S: Final = 10.0
UPLOAD_S: Final = 120.0
"""How long a step of giving a large file may take, seconds: the line may be narrow."""
URGENT_TRIES: Final = 3


class Refused(BadInput):
    """Say what a node refused, in its own three sentences.

    Attributes:
        status: The HTTP status.
        problem: The whole problem (RFC 9457).
    """

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        """Take what the node answered."""
        self.status = status
        self.problem = dict(problem)
        self.exit_code = int(problem.get("exit_code", 2))
        super().__init__(
            str(problem.get("title", f"The node answered {status}.")),
            state=str(problem.get("detail", "Nobody knows what it did.")),
            next=str(problem.get("next", "Look at the node.")),
        )

    @property
    def name(self) -> str:
        """Name the node's error."""
        return str(self.problem.get("type", "")).rpartition("#")[2] or "refused"


class NoAnswer(BrokenPromise):
    """Admit that a node could not be reached, or did not answer in time."""

    exit_code = 69


class Asker:
    """Hold the connection to one node."""

    def __init__(
        self,
        url: str,
        *,
        token: str = "",
        authority: Path | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        """Open nothing yet; the first request connects.

        Args:
            url: Where the node listens.
            token: A session's, a device's or a machine client's.
            authority: The node's own authority; the system's where none is named.
            timeout_s: How long each step of a request may take.
        """
        verify: ssl.SSLContext | bool = True
        if authority is not None:
            verify = ssl.create_default_context(cafile=str(authority))
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.Client(
            base_url=url,
            headers=headers,
            verify=verify,
            timeout=timeout_s,
            trust_env=False,
        )
        self.url = url

    def __enter__(self) -> Self:
        """Keep the connection open for a block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of the connection."""
        self.close()

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    def ask(
        self,
        method: str,
        path: str,
        body: msgspec.Struct | None = None,
        *,
        gives: type[T],
        query: Mapping[str, str] | None = None,
    ) -> T:
        """Ask for one operation, and read its answer as `gives`.

        Raises:
            Refused: The node refused it.
            NoAnswer: The node was not reached, or did not answer in time.
        """
        answer = self._send(method, path, body, query)
        return msgspec.json.decode(answer.content, type=gives)

    def _send(
        self,
        method: str,
        path: str,
        body: msgspec.Struct | None = None,
        query: Mapping[str, str] | None = None,
        *,
        timeout_s: float | None = None,
    ) -> httpx.Response:
        content = None if body is None else msgspec.json.encode(body)
        headers = {"content-type": "application/json"} if content is not None else {}
        try:
            answer = self._http.request(
                method,
                path,
                content=content,
                params=query,
                headers=headers,
                timeout=timeout_s or httpx.USE_CLIENT_DEFAULT,
            )
        except httpx.HTTPError as error:
            raise NoAnswer(
                f"The node at {self.url} did not answer: {error}.",
                state="Nobody knows whether it took what was said; saying it again "
                "with the same id does no harm.",
                next="Use voice now. Check the address, the node and the network.",
            ) from error
        if answer.is_error and path != "/health":
            raise refused_by(answer)
        return answer


def refused_by(answer: httpx.Response) -> ClearlineError:
    """Read what a node refused."""
    try:
        problem = msgspec.json.decode(answer.content, type=dict[str, Any])
    except msgspec.MsgspecError:
        problem = {}
    return Refused(answer.status_code, problem)
