"""Let whoever may read the data folder administer the node that runs on it.

    DATA/operator.token   0600   a new one at each start
    DATA/operator.url     0600   where the node listens

The node's operator can read all it holds anyway (a node is a trust boundary). The
token lets them enter parties, desks and people from the command line of the same
machine; it says nothing in anybody's name and acknowledges nothing.
"""

import base64
from pathlib import Path
from typing import Final

from clearline.adapters.files import PRIVATE, SYSTEM_DISK, Disk, write_whole
from clearline.model.errors import BadInput
from clearline.service.ports import Chance

TOKEN_FILE: Final = "operator.token"  # noqa: S105 (a file's name)
URL_FILE: Final = "operator.url"
_BYTES: Final = 32


class NotRunning(BadInput):
    """Refuse, because no node runs on the folder, or it is somebody else's."""


class Operator:
    """Hold the operator's token of a running node."""

    def __init__(self, folder: Path, chance: Chance, disk: Disk = SYSTEM_DISK) -> None:
        """Draw a new token; it is written when the node listens."""
        self._folder = folder
        self._disk = disk
        self.token = base64.urlsafe_b64encode(chance.draw(_BYTES)).decode().rstrip("=")

    def listens(self, url: str) -> None:
        """Write down where the node listens and what lets the operator in.

        Raises:
            StoreRefused: The disk refused; the command line does not find the node.
        """
        for name, text in ((TOKEN_FILE, self.token), (URL_FILE, url)):
            path = self._folder / name
            write_whole(path, f"{text}\n".encode(), mode=PRIVATE, disk=self._disk)

    def leaves(self) -> None:
        """Take both files away; the token opens nothing any more."""
        for name in (TOKEN_FILE, URL_FILE):
            (self._folder / name).unlink(missing_ok=True)


def find_node(folder: Path) -> tuple[str, str]:
    """Return the URL and the operator's token of the node that runs on a folder.

    Raises:
        NotRunning: None does, or the folder may not be read.
    """
    try:
        url = (folder / URL_FILE).read_text(encoding="utf-8").strip()
        token = (folder / TOKEN_FILE).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise NotRunning(
            f"No node is known to run on {folder}: {error}.",
            state="Nothing was asked of any node.",
            next=f"Start one with `clearline serve --data {folder}`, or name a node "
            "elsewhere with --node URL.",
        ) from error
    return url, token
