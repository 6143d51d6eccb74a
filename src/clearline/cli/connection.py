"""Find the node a command speaks to, and as whom.

    --node URL     as whoever signed in there with `clearline sign-in`
    --data DIR     the node running on a folder of this machine: as whoever signed in
                   there, or else as its operator, who may set it up and say nothing

What `sign-in` is given back is kept in one file of the user's own, mode 0600.
"""

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
from cyclopts import Parameter

from clearline.adapters.files import PRIVATE, make_private_folder, write_whole
from clearline.adapters.operator import find_node
from clearline.cli.prove import DATA
from clearline.client import Client
from clearline.model.errors import BadInput

Data = Annotated[Path, Parameter(help="Data folder of a node running here.")]
Node = Annotated[str | None, Parameter(help="A node elsewhere, by its URL.")]
Json = Annotated[bool, Parameter(negative="", help="Print JSON, an object a line.")]
Trust = Annotated[
    Path | None, Parameter(help="The authority of a node elsewhere, a PEM file.")
]


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class At:
    """Say which node a command speaks to, and how it prints what that answers.

    Every command of a node has these three options; none of them prints by itself.
    """

    data: Data = DATA
    node: Node = None
    json: Json = False

    def connect(self) -> Client:
        """Speak to the node as whoever signed in there, or as its operator.

        Raises:
            NotRunning: No node runs on the folder, and none was named.
            NobodySignedIn: A node was named and nobody signed in there from here.
        """
        return connect(self.data, self.node)

    def say(self, made: object, words: str) -> int:
        """Print one answer, as an object or in words; the exit code of a success."""
        print(msgspec.json.encode(made).decode() if self.json else words)
        return 0

    def list(self, rows: Iterable[object], table: Sequence[tuple[str, ...]]) -> int:
        """Print rows in columns as wide as they need, or one object a line."""
        if self.json:
            for row in rows:
                print(msgspec.json.encode(row).decode())
            return 0
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        for line in table:
            cells = (one.ljust(wide) for one, wide in zip(line, widths, strict=True))
            print("  ".join(cells).rstrip())
        return 0


HERE: Final = At()
"""The node running on `./data`, its answers in words."""


class NobodySignedIn(BadInput):
    """Refuse, because nobody signed in at that node from here."""

    exit_code = 77


def sessions_file() -> Path:
    """Return where sessions are kept, by the XDG base directory specification."""
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "clearline" / "sessions.json"


def kept_sessions() -> dict[str, dict[str, Any]]:
    """Read what is kept: for each node its token, person and authority."""
    try:
        found = json.loads(sessions_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def keep_session(url: str, session: dict[str, Any] | None) -> None:
    """Keep a session at a node, or forget it."""
    found = kept_sessions()
    found.pop(url, None)
    if session is not None:
        found[url] = session
    path = sessions_file()
    make_private_folder(path.parent)
    write_whole(path, json.dumps(found).encode(), mode=PRIVATE)


def connect(data: Path, node: str | None, trust: Path | None = None) -> Client:
    """Speak to a node as whoever signed in there, or as its operator.

    Raises:
        NotRunning: No node runs on the folder, and none was named.
        NobodySignedIn: A node was named and nobody signed in there from here.
    """
    url, operator, authority = where(data, node, trust)
    kept = kept_sessions().get(url)
    if kept is not None:
        authority = authority or _path(kept.get("authority"))
        return Client(url, token=str(kept["token"]), authority=authority)
    if operator:
        return Client(url, token=operator, authority=authority)
    raise NobodySignedIn(
        f"Nobody is signed in at {url} from here.",
        state="Nothing was asked of the node.",
        next=f"Sign in with `clearline sign-in PERSON --node {url}`.",
    )


def where(
    data: Path, node: str | None, trust: Path | None
) -> tuple[str, str, Path | None]:
    """Return a node's URL, its operator's token if this is their machine, its trust."""
    if node is not None:
        return node.rstrip("/"), "", trust
    url, operator = find_node(data)
    own = data / "tls" / "authority.pem"
    return url, operator, trust or (own if url.startswith("https:") else None)


def _path(text: object) -> Path | None:
    return Path(text) if isinstance(text, str) else None
