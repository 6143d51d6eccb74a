"""Post to an address somebody entered: over TLS, to nowhere inside, no farther.

The name is looked up once and that very address is connected to, so that a name
cannot mean one host when it is checked and another when it is used. A redirect is
never followed. What the receiver says beside its status is not read.
"""

import ipaddress
import socket
import ssl
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Final, Protocol
from urllib.parse import urlsplit

import httpx
import msgspec

from clearline.adapters.couriers.queue import Later, Refused
from clearline.adapters.settings import BadSettings
from clearline.model.instants import Duration
from clearline.service.ports import Clock

LONGEST_ASKED: Final = Duration(seconds=30)
"""A receiver that asks for a longer wait is tried again after this."""

_OK = range(200, 300)
_MOVED = range(300, 400)
_TRY_AGAIN: Final = frozenset({408, 425, 429})
_SERVER = range(500, 600)


class Posting(Protocol):
    """Say how posting is done: any section of the settings that says these."""

    @property
    def timeout_s(self) -> float:
        """How long a step may take: connecting, sending, answering."""

    @property
    def allow_private(self) -> bool:
        """Whether private and loopback addresses, and plain HTTP, are allowed."""

    @property
    def ca_file(self) -> str:
        """Certificates trusted besides the usual ones; a path, or empty."""


class Poster:
    """Post by one set of rules; any thread may."""

    def __init__(self, posting: Posting, clock: Clock) -> None:
        """Prepare to post; nothing is connected yet.

        Raises:
            BadSettings: `ca_file` cannot be read.
        """
        self._posting = posting
        self._clock = clock
        trust = ssl.create_default_context()
        if posting.ca_file:
            try:
                trust.load_verify_locations(posting.ca_file)
            except (OSError, ssl.SSLError) as error:
                raise BadSettings(
                    f"The certificates in {posting.ca_file} cannot be read: {error}.",
                    state="The node did not start.",
                    next="Name a PEM file in `ca_file`, or leave the setting out.",
                ) from error
        self._client = httpx.Client(
            verify=trust,
            timeout=posting.timeout_s,
            follow_redirects=False,
            trust_env=False,
            limits=httpx.Limits(max_connections=64, keepalive_expiry=60),
        )

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Post, and return the status, from 200 to 299, or 404 or 410.

        Raises:
            Refused: It may not be posted there, or the receiver will never take it.
            Later: It may be taken later.
        """
        there = self._resolved(url)
        try:
            with self._client.stream(
                "POST",
                there.url,
                content=body,
                headers={**headers, "Host": there.host},
                extensions={"sni_hostname": there.name},
            ) as answer:
                return self._judged(answer)
        except httpx.TimeoutException as error:
            raise Later(f"{there.name} took too long") from error
        except httpx.HTTPError as error:
            raise Later(f"{there.name}: {error or type(error).__name__}") from error

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    def _resolved(self, url: str) -> "_Resolved":
        try:
            parts = urlsplit(url)
            name, port = parts.hostname, parts.port
        except ValueError as error:
            raise Refused(f"{error}: it is no address to post to") from error
        is_plain = parts.scheme == "http" and self._posting.allow_private
        if not name or (parts.scheme != "https" and not is_plain):
            raise Refused("it is no https address")
        if parts.username is not None:
            raise Refused("an address holds no password")
        address = self._look_up(name, port or (80 if is_plain else 443))
        at = f"[{address}]" if ":" in address else address
        netloc = f"{at}:{port}" if port else at
        rest = parts._replace(netloc=netloc, fragment="").geturl()
        host = f"[{name}]" if ":" in name else name
        return _Resolved(url=rest, name=name, host=f"{host}:{port}" if port else host)

    def _look_up(self, name: str, port: int) -> str:
        """Return the first address of a name; all have to be allowed."""
        try:
            found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise Later(f"{name} cannot be looked up: {error}") from error
        addresses = [str(one[4][0]) for one in found]
        for address in addresses:
            is_outside = ipaddress.ip_address(address.partition("%")[0]).is_global
            if not (is_outside or self._posting.allow_private):
                raise Refused(f"{name} lies on a private address, which is not allowed")
        if not addresses:
            raise Later(f"{name} has no address")
        return addresses[0]

    def _judged(self, answer: httpx.Response) -> int:
        status = answer.status_code
        if status in _OK or status in (404, 410):
            return status
        if status in _MOVED:
            raise Refused(f"{status}: redirects are not followed")
        if status in _TRY_AGAIN or status in _SERVER:
            asked = self._asked(answer.headers.get("retry-after", ""))
            raise Later(f"it answered {status}", asked)
        raise Refused(f"it answered {status}")

    def _asked(self, said: str) -> Duration | None:
        """Read how long a receiver asks to wait (RFC 9110 10.2.3)."""
        if said.isascii() and said.isdigit():
            return min(Duration(seconds=int(said[:6])), LONGEST_ASKED)
        try:
            until = parsedate_to_datetime(said) - self._clock.read().wall
        except (TypeError, ValueError):
            return None
        return max(Duration(0), min(until, LONGEST_ASKED))


class _Resolved(msgspec.Struct, frozen=True, kw_only=True):
    """Hold where to post to.

    Attributes:
        url: The URL with the address in place of the name.
        name: The name, which the certificate has to bear.
        host: The name and port, as the receiver is asked for them.
    """

    url: str
    name: str
    host: str
