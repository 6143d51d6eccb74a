"""Hold a node's side of all its links together: hear, listen, carry, take up orders."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from clearline.adapters.attachments import Attachments
from clearline.adapters.data_folder import DataFolder
from clearline.adapters.peers.courier import LinkCourier
from clearline.adapters.peers.identity import identity
from clearline.adapters.peers.listener import PeerListener
from clearline.adapters.peers.orders import Orders
from clearline.adapters.peers.succession import Succession
from clearline.adapters.peers.wire import TlsWire
from clearline.adapters.settings import PeerPort
from clearline.picture.view import View
from clearline.service.links import Links
from clearline.service.peer_files import PeerFiles
from clearline.service.ports import Clock
from clearline.service.writer import Written


class Station:
    """Start after the writer, stop before it.

    Attributes:
        links: What was said and heard.
        courier: The courier of the medium `link`; whoever dispatches starts and
            stops it.
        listener: The port peers call, where one is set.
        files: Files of notices, given and brought.
    """

    def __init__(  # noqa: PLR0913 (what it is made of, by name)
        self,
        *,
        links: Links,
        looking: Callable[[], AbstractContextManager[View]],
        clock: Clock,
        orders: Orders,
        data: Path,
        kept: Attachments,
        port: PeerPort,
    ) -> None:
        """Take the port, if one is set; nothing is answered before `start`.

        Raises:
            PeerPortTaken: Something else has it.
            StoreRefused: The disk refused the node's certificate.
        """
        mine = identity(DataFolder(path=data).keys)
        self.links = links
        self._wire = TlsWire(mine)
        self.files = PeerFiles(looking=looking, files=kept, fetch=self._wire.file)
        self._orders = orders
        self.courier = LinkCourier(links, self._wire, clock, Succession(data))
        self.listener: PeerListener | None = None
        if port.host:
            self.listener = PeerListener(links, self.files, mine, port.host, port.port)
            self.courier.changed = self.listener.pin

    def hear(self, written: Written) -> None:
        """Take what was decided; the writer calls it, and never waits here."""
        self.links.hear(written)
        self.files.hear(written)

    def start(self) -> None:
        """Answer peers, and take up what an operator left; the writer runs already."""
        if self.listener is not None:
            self.listener.start()
        self.files.start()
        self._orders.start()

    def stop(self) -> None:
        """Answer and say nothing more; what has no receipt is said again later."""
        self._orders.stop()
        self.files.stop()
        if self.listener is not None:
            self.listener.stop()
        self.courier.stop()
        self._wire.close()
