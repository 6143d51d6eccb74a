"""Speak to a node from Python, with the forms the node itself reads and writes.

    with Client(url, token=token, authority=Path("authority.pem")) as node:
        raised = node.stop(to_desk="south-ops", where="37S FV 069 053")
        for event in node.follow():
            ...

Whatever the node refuses is raised as `Refused`, with its three sentences. A request
that may be sent again carries an idempotency key; `stop` and `hold` draw the call's
id first and say it again until the node has answered, for they must not be lost on
the way.
"""

from clearline.client.agreements import Agreements
from clearline.client.asking import Asker, NoAnswer, Refused
from clearline.client.calls import Calls
from clearline.client.cases import Cases
from clearline.client.conflicts import Conflicts
from clearline.client.line_up import LineUp
from clearline.client.maps import Maps
from clearline.client.notices import Exported, Notices
from clearline.client.proofs import Event, Proofs
from clearline.client.watching import Watching

__all__ = ["Asker", "Client", "Event", "Exported", "NoAnswer", "Refused"]


class Client(
    LineUp, Watching, Calls, Notices, Conflicts, Agreements, Cases, Maps, Proofs
):
    """Speak to one node."""
