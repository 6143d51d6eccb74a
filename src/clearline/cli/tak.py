"""Show notices on a TAK server, and take in what people draw there: `clearline tak`."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final, Literal, NamedTuple

from cyclopts import Parameter

from clearline.adapters.tak import TakStream, TakUnreached
from clearline.cli.connection import Data, Json, Node, connect
from clearline.cli.exchange import set_ as _set
from clearline.cli.prove import DATA
from clearline.client import Client
from clearline.model.errors import BadInput
from clearline.model.notices import LEGAL_LINE, NoticeKind
from clearline.wire.forms.exchange import ImportWanted

_OURS: Final = b"<__clearline"
_DRAWN: Final = (b'type="u-d-', b'type="b-m-r', b'type="b-m-p-')
_AGAIN_AFTER_S: Final = 5.0


class NotAServer(BadInput):
    """Refuse a TAK server that is not named as HOST:PORT."""


def tak(  # noqa: PLR0913 (each is an option of the command)
    server: str,
    *,
    of: Annotated[tuple[Literal["own", "told"], ...], Parameter(negative="")] = (
        "own",
        "told",
    ),
    take: NoticeKind | None = None,
    sets: Annotated[
        tuple[str, ...],
        Parameter(
            name="--set", negative="", help="KEY=VALUE said of everything taken in."
        ),
    ] = (),
    authority: Path | None = None,
    certificate: Path | None = None,
    key: Path | None = None,
    every_s: Annotated[float, Parameter(name="--every")] = 2.0,
    data: Data = DATA,
    node: Node = None,
    json: Json = False,
) -> int:
    """Show notices on a TAK server as they change, until stopped from the keyboard.

    What goes out is your own notices, and what your desk was told, as exactly as it
    was told; never positions. Everybody on that server sees it. Each time something
    goes out, the log says what, before it does. A TAK server gives no receipt: whether
    anybody looked is not known.

    With --take, what people draw there (markers, shapes, routes) is filed as notices
    of that kind, and told to nobody. Where their own people are is never taken.

    Parameters
    ----------
    server
        HOST:PORT of the server's stream of CoT.
    of
        What to show: own, told, or both.
    take
        File what is drawn there as notices of this kind.
    authority
        PEM of what the server's certificate is checked with; without any of the three
        it is plain TCP.
    certificate
        PEM of our certificate, where the server asks for one.
    key
        PEM of its key, without a password.
    every_s
        How often to look for changes, seconds.
    """
    host, _, port = server.rpartition(":")
    if not host or not port.isdecimal():
        raise NotAServer(
            f"{server!r} names no server.",
            state="Nothing was sent.",
            next="Write HOST:PORT, as tak.example:8087.",
        )
    stream = TakStream(
        host.strip("[]"),
        int(port),
        authority=authority,
        certificate=certificate,
        key=key,
    )
    print(f"{LEGAL_LINE} Stop with Ctrl-C.", file=sys.stderr)
    with connect(data, node) as client:
        drawn = None if take is None else Take(take, dict(_set(one) for one in sets))
        Gateway(client, stream, of, drawn, json=json).run(every_s)
    return 0


class Take(NamedTuple):
    """Say as what is filed what people draw there.

    Attributes:
        sets: What is said of all of it, by the field's name.
    """

    kind: NoticeKind
    sets: dict[str, str]


class Gateway:
    """Carry events between a node and a TAK server."""

    def __init__(
        self,
        client: Client,
        stream: TakStream,
        of: Sequence[str],
        take: Take | None,
        *,
        json: bool,
    ) -> None:
        """Carry between `client` and `stream`, which the caller connects."""
        self._client, self._stream, self._of, self._take = client, stream, of, take
        self._json = json
        self._after = dict.fromkeys(of, 0)

    def run(self, every_s: float) -> None:
        """Carry until stopped; a server that lets go is tried again."""
        while True:
            try:
                self._carry(every_s)
            except TakUnreached as error:
                print(f"clearline: {error.what} {error.next}", file=sys.stderr)
                time.sleep(_AGAIN_AFTER_S)

    def _carry(self, every_s: float) -> None:
        with self._stream:
            # A server that was away may have forgotten what it was told.
            self._after = dict.fromkeys(self._of, 0)
            while True:
                self.carry_out()
                self.carry_in(every_s)

    def carry_out(self) -> None:
        """Send what changed since the last time.

        Raises:
            TakUnreached: The server let go.
        """
        for of in self._of:
            query = {"of": of, "is_over": "true", "after": str(self._after[of])}
            found = self._client.export("cot", query)
            if found.count:
                self._stream.send(found.data)
                self._say(f"{found.count} {of} sent.", sent=found.count, of=of)
            self._after[of] = found.next

    def carry_in(self, within_s: float) -> None:
        """Take in what was drawn, after waiting for some at most so long.

        Raises:
            TakUnreached: The server let go.
        """
        events = [
            event
            for event in self._stream.receive(within_s)
            if self._take is not None and _is_drawn(event)
        ]
        if not events or self._take is None:
            return
        wanted = ImportWanted(
            name="tak.cot",
            data=b"".join(events),
            kind=self._take.kind,
            is_whole=False,
            sets=self._take.sets,
        )
        found = self._client.begin_import(wanted)
        self._say(f"{len(events)} taken in: {found.id}.", taken=len(events))

    def _say(self, text: str, **said: object) -> None:
        from clearline.cli import written  # noqa: PLC0415 (it names this command)

        print(written(**said) if self._json else text, flush=True)


def _is_drawn(event: bytes) -> bool:
    """Say whether somebody drew this there: no track, no ping, and nothing of ours."""
    head = event[: event.find(b">") + 1]
    return _OURS not in event and any(kind in head for kind in _DRAWN)
