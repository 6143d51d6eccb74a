"""Write to the cases of a node that runs, here or elsewhere, over its API.

Who writes follows from signing in; the node puts that into each act itself.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from clearline.cli.connection import connect
from clearline.client import Client, Refused
from clearline.ledger.sealed import SealedPart
from clearline.model.case_acts import CaseAct, StatementTaken
from clearline.model.casework import Case
from clearline.model.commands import OnCase, ReportHarm
from clearline.model.errors import BadInput
from clearline.model.parties import Actor
from clearline.record.kept import CaseDesk, CaseKeeper, case_lines, read_log
from clearline.wire.entries import NAMES
from clearline.wire.forms.cases import (
    CaseActGiven,
    CaseLine,
    HarmGiven,
    StatementGiven,
)

_NOT_THERE = 404


@contextmanager
def keeping(
    data: Path, node: str | None, desk: str, person: str
) -> Iterator[CaseKeeper]:
    """Write to the cases of a node: over its API, or on its folder as DESK and PERSON.

    Raises:
        NotRunning, NobodySignedIn: There is no node to speak to, or nobody to it.
        AlreadyRunning: The node is running; leave out DESK and PERSON.
        BadInput: One of DESK and PERSON was named without the other.
    """
    if bool(desk) != bool(person) or (node is not None and desk):
        raise BadInput(
            "It is not said who writes.",
            state="Nothing was recorded.",
            next="Name --desk and --person at the node's own machine, while it is not "
            "running; or neither, and sign in.",
        )
    if desk:
        with CaseDesk(data, desk, person) as here:
            yield here
        return
    with connect(data, node) as client:
        yield CaseAway(client)


def cases_of(data: Path, node: str | None) -> tuple[CaseLine, ...]:
    """List the cases of every party in a folder, or one's own of a node elsewhere.

    Raises:
        NobodySignedIn: A node was named and nobody signed in there from here.
        NoLogThere, LostCertainty: The folder has no log, or not what was signed.
    """
    if node is None:
        return case_lines(read_log(data).picture)
    with connect(data, node) as client:
        return client.every_case()


class CaseAway:
    """Write to the cases of one node, as whoever signed in there."""

    def __init__(self, client: Client) -> None:
        """Ask who is signed in."""
        known = client.who_am_i()
        self._client = client
        self.by = Actor(
            party=known.party,
            desk=known.desk,
            strength=known.strength,
            person=known.person,
            device=known.device,
        )

    def case(self, name: str) -> Case | None:
        """Return a case as it stands, if the node has it and shows it."""
        try:
            return self._client.case(name).case
        except Refused as error:
            if error.status != _NOT_THERE:
                raise
            return None

    def enter(self, acts: Sequence[CaseAct]) -> int:
        """Enter acts, in order; return how many of them changed anything."""
        return sum(self.ask(OnCase(act=act)) > 0 for act in acts)

    def ask(
        self, command: OnCase | ReportHarm, sealed: tuple[SealedPart, ...] = ()
    ) -> int:
        """Ask one thing; return how many entries followed.

        Raises:
            Refused: The node refused.
        """
        if isinstance(command, ReportHarm):
            return self._client.report_harm(
                HarmGiven(
                    case=command.case,
                    says=command.says,
                    call=command.call,
                    notice=command.notice,
                    title=command.title,
                )
            ).entries
        act = command.act
        if isinstance(act, StatementTaken):
            return self._state(act, sealed)
        held = msgspec.to_builtins(act)
        del held["by"], held["case"]
        given = CaseActGiven(type=NAMES[type(act)], act=held)
        return self._client.enter_case_act(act.case, given).entries

    def _state(self, act: StatementTaken, sealed: tuple[SealedPart, ...]) -> int:
        """Give the name in the clear, over TLS; the node seals it itself."""
        given = StatementGiven(
            id=act.statement,
            role=act.role,
            pseudonym=act.pseudonym,
            said=act.said,
            said_at=act.said_at,
            name=sealed[0].data.decode() if sealed else "",
        )
        return self._client.take_statement(act.case, given).entries
