"""Hand the running node what an operator decided about a link.

    DATA/links/NUMBER.json   0600   what to do; gone once the log holds it
    DATA/links/NUMBER.refused       the same, refused, with why

Whoever can write into the data folder is the node's operator already, so the folder
is the only door: it works the same whether the node runs or is started later.
"""

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Final

import msgspec

from clearline.adapters.files import PRIVATE, make_private_folder, write_whole
from clearline.model.commands import Command, RevokePeer, SetPeer
from clearline.model.errors import BadInput, ClearlineError
from clearline.model.links import Peer, PeerId
from clearline.service.writer import Written

ORDERS: Final = "links"
LOOK_EVERY_S: Final = 0.5


class Order(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Hold one thing to do: pin a peer, or break a link."""

    pin: Peer | None = None
    revoke: PeerId | None = None
    why: str = ""

    def command(self) -> Command:
        """Return the command it stands for."""
        if self.pin is not None:
            return SetPeer(peer=self.pin)
        return RevokePeer(peer=self.revoke or PeerId(""), why=self.why)


def leave_order(data: Path, order: Order) -> Path:
    """Leave an order for the node of a data folder.

    Raises:
        StoreRefused: The disk refused; nothing was left.
    """
    folder = data / ORDERS
    make_private_folder(folder)
    numbers = (int(p.stem) for p in folder.iterdir() if p.stem.isdecimal())
    path = folder / f"{max(numbers, default=0) + 1:06}.json"
    write_whole(path, msgspec.json.encode(order) + b"\n", mode=PRIVATE)
    return path


def orders_left(data: Path) -> tuple[Order, ...]:
    """List what the node has not taken up yet."""
    return tuple(order for _, order in _left(data) if order is not None)


class Orders:
    """Take up what is left for a node, while it runs."""

    def __init__(self, data: Path, ask: Callable[[Command], "Future[Written]"]) -> None:
        """Ask the writer with `ask`; nothing is read before `start`."""
        self._data, self._ask = data, ask
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="orders", daemon=True)

    def start(self) -> None:
        """Take up what is there, and look again and again."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(2.0)

    def _run(self) -> None:
        while not self._stopping.is_set():
            with contextlib.suppress(OSError):
                for path, order in _left(self._data):
                    self._take_up(path, order)
            self._stopping.wait(LOOK_EVERY_S)

    def _take_up(self, path: Path, order: Order | None) -> None:
        if order is None:
            path.rename(path.with_suffix(".refused"))
            return
        try:
            self._ask(order.command()).result()
        except BadInput as error:
            why = f"{error.what} {error.next}\n"
            path.with_suffix(".refused").write_text(why, encoding="utf-8")
            path.unlink()
        except ClearlineError:
            return  # the disk does not take it now; it is taken up later
        else:
            path.unlink()


def _left(data: Path) -> list[tuple[Path, Order | None]]:
    folder = data / ORDERS
    if not folder.is_dir():
        return []
    found = sorted(path for path in folder.iterdir() if path.suffix == ".json")
    return [(path, _read(path)) for path in found]


def _read(path: Path) -> Order | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Order)
    except (OSError, msgspec.MsgspecError):
        return None
