"""Run a linked node in a process of its own, told by lines what to do.

    python -m faults.linked_node DATA PARTY HOST [KILL_AT]

One JSON object a line in, one a line out. `KILL_AT` names a step at which the process
kills itself, as a power cut would.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from clearline.adapters.settings import PeerPort
from clearline.model.calls import Telling
from clearline.model.entries import DeskTold
from clearline.model.links import Peer
from clearline.model.notice_life import Disposition
from clearline.service.links import Links
from peer_nodes import PeerNode

STEPS: dict[str, tuple[type, str, bool]] = {
    "before it is sent": (Links, "body", True),
    "after it was sent": (Links, "keep", True),
    "after the receipt was kept": (Links, "keep", False),
    "before it is heard": (Links, "take", True),
    "after it was heard": (Links, "_receipt", True),
    "after the receipt was written": (Links, "_receipt", False),
}
"""By name: where a process is killed, and whether before or after that was done."""


def kill_at(step: str) -> None:
    """Let the process end at a step, the first time a STOP comes to it."""
    holder, name, is_before = STEPS[step]
    does: Callable[..., Any] = getattr(holder, name)

    def dies(*given: Any, **named: Any) -> Any:
        if Path(os.environ["ARMED"]).exists():
            if not is_before:
                does(*given, **named)
            os.kill(os.getpid(), signal.SIGKILL)
        return does(*given, **named)

    setattr(holder, name, dies)


def main() -> None:
    """Run until standard input ends."""
    data, party, host = sys.argv[1:4]
    if sys.argv[4:]:
        kill_at(sys.argv[4])
    port_file = Path(data).with_suffix(".port")
    port = int(port_file.read_text()) if port_file.exists() else 0
    node = PeerNode(Path(data), party, PeerPort(host=host, port=port))
    port_file.write_text(str(node.port))
    say({"port": node.port})
    for line in sys.stdin:
        asked = json.loads(line)
        say(do(node, **asked))
    node.stop()


def say(what: Any) -> None:
    """Say one line to whoever started this."""
    print(json.dumps(what), flush=True)  # noqa: T201 (read by the test)


def do(  # noqa: C901, PLR0911 (one a thing to do)
    node: PeerNode, *, do: str, **given: Any
) -> Any:
    """Do one thing and say what came of it."""
    match do:
        case "enter":
            return node.enter()
        case "show":
            return msgspec.to_builtins(node.as_peer(given["ours"], given["url"]))
        case "pin":
            return node.pins(msgspec.convert(given["peer"], Peer))
        case "stop":
            return node.stops(given["to"], given["call"]).is_durable
        case "file":
            return node.files(given["to"], given["call"]).is_durable
        case "read":
            return node.disposes(given["call"], Disposition.SHOWN).is_durable
        case "has":
            return node.has(given["call"])
        case "read back":
            return node.reads_back(given["call"])
        case "wait":
            return node.until(lambda: holds(node, **given), given["seconds"])
        case "state":
            return {
                "unreceipted": node.unreceipted(),
                "heard": [one.number for one in node.node.picture.heard.values()],
                "told": [one.number for one in node.node.picture.told.values()],
                "size": node.node.log.size,
            }
    raise AssertionError(do)


def holds(  # noqa: PLR0911 (one a thing that may be so)
    node: PeerNode, *, what: str, call: str = "", seconds: float
) -> bool:
    """Say whether something is so by now."""
    del seconds
    known = node.call(call) if call else None
    match what:
        case "is told of":
            return node.notice(call) is not None
        case "is known as read":
            return Disposition.SHOWN in node.dispositions(call)
        case "is rung":
            return node.is_rung(call)
        case "is known":
            return known is not None
        case "is held":
            return known is not None and bool(known.holders)
        case "is read back":
            return known is not None and known.has_read_back_at is not None
        case "peer is silent":
            tellings = [act.telling for act in node.acts(DeskTold)]
            return Telling.PEER_SILENT in tellings
        case "all is receipted":
            return not node.unreceipted()
        case "desk":
            return node.node.picture.desks.get(call) is not None
    raise AssertionError(what)


if __name__ == "__main__":
    main()
