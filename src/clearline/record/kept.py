"""Read cases as a node keeps them, and write to them, from its data folder.

Reading folds the log from disk, so the node may be running. Writing opens the node,
which no second process may do.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, Self

import msgspec

from clearline.adapters.chance import SystemChance
from clearline.adapters.reading import read_entries
from clearline.compose.node import Node, open_node
from clearline.ledger.sealed import SEAL_SALT_BYTES, SealedPart, seal
from clearline.ledger.text64 import encode64
from clearline.model.calls import CallId
from clearline.model.case_acts import (
    CaseAct,
    CaseOpened,
    CaseTermSet,
    CaseTextAnnotated,
    ClaimMade,
)
from clearline.model.casefiles import FORMAT, CaseFile, Withdrawal
from clearline.model.caselinks import case_misfits
from clearline.model.casework import Case, CaseId, Lesson
from clearline.model.claims import Claim
from clearline.model.commands import OnCase, ReportHarm
from clearline.model.errors import BadInput, ClearlineError
from clearline.model.notices import LEGAL_LINE, NoticeId
from clearline.model.parties import Actor, DeskId, PersonId, Strength
from clearline.model.sealed import Sealed
from clearline.picture.picture import Picture
from clearline.record.settling import Logged
from clearline.rules.cases import UnknownCase, own_case_id
from clearline.rules.refusals import UnknownDesk, UnknownPerson
from clearline.service.writer import Asked, Outcome, Written
from clearline.wire.entries import said_first
from clearline.wire.forms.cases import CaseLine


class KeptCase(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a case as it stands in a log."""

    case: CaseFile
    kept: Case
    lessons: tuple[Lesson, ...]


class Log(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a log that was read: its entries and what they come to."""

    entries: tuple[Logged, ...]
    picture: Picture


def read_log(data: Path) -> Log:
    """Read and fold a node's log, every entry held against the tree.

    Raises:
        NoLogThere: No node has kept a log there.
        LostCertainty: The log is not what was signed.
    """
    picture, entries = Picture(), []
    for index, entry in read_entries(data):
        picture.fold(entry)
        entries.append(Logged(index=index, entry=said_first(entry)))
    return Log(entries=tuple(entries), picture=picture)


def kept_case(picture: Picture, name: str) -> KeptCase:
    """Return a case with its claims as a case file.

    Args:
        picture: What a log comes to.
        name: The case's id there, or what its party calls it where only one does.

    Raises:
        UnknownCase: This log has no such case, or several.
    """
    kept = picture.cases.get(CaseId(name)) or _called(picture, name)
    terms = [one for one in picture.case_terms.values() if one.case == kept.id]
    opened = CaseFile(
        format=FORMAT,
        name=_slug(kept.id),
        title=kept.title,
        summary="; ".join((kept.why, *kept.harm)).strip("; ") or kept.title,
        legal=LEGAL_LINE,
        zone=kept.zone,
        sources=tuple(one.source for one in terms if one.source is not None),
        voices=tuple(one.voice for one in terms if one.voice is not None),
        questions=tuple(one.question for one in terms if one.question is not None),
        places=tuple(one.place for one in terms if one.place is not None),
        claims=tuple(_claims(picture, kept)),
        text=kept.text,
        withdrawn=tuple(
            Withdrawal(source=source, why=why) for source, why in kept.withdrawn
        ),
    )
    lessons = tuple(one for one in picture.lessons.values() if one.case == kept.id)
    return KeptCase(case=opened, kept=kept, lessons=lessons)


def case_lines(
    picture: Picture, may_see: Callable[[Case], bool] = lambda _: True
) -> tuple[CaseLine, ...]:
    """List the cases of a log that may be seen, each as a line."""
    claims = Counter(of for (of, _), _ in picture.claims.dump_at(picture.size))
    return tuple(
        CaseLine(
            id=case.id,
            title=case.title,
            opened_at=case.opened_at,
            is_held=case.is_held,
            claims=claims[case.id],
            harm=len(case.harm),
            statements=len(case.statements),
        )
        for case in picture.cases.values()
        if may_see(case)
    )


def _called(picture: Picture, name: str) -> Case:
    """Return the one case its party calls so."""
    cases = list(picture.cases.values())
    found = [one for one in cases if one.id == f"{one.opened_by.party}:{name}"]
    if len(found) != 1:
        known = ", ".join(one.id for one in found or cases) or "none"
        raise UnknownCase(
            f"This log has {len(found) or 'no'} case{'s' * (len(found) > 1)} {name!r}.",
            state="Nothing was shown.",
            next=f"Name one it has: {known}.",
        )
    return found[0]


def _claims(picture: Picture, case: Case) -> Iterator[Claim]:
    """Return a case's claims; without their sentences where no text was entered."""
    for (of, _), values in picture.claims.dump_at(picture.size):
        if of == case.id:
            claim = values[-1][1]
            yield claim if case.text else msgspec.structs.replace(claim, sentences=())


def _slug(name: str) -> str:
    kept = "".join(c if c.isascii() and c.isalnum() else "-" for c in name.casefold())
    return "-".join(part for part in kept.split("-") if part) or "case"


def acts_of(
    case: CaseFile,
    by: Actor,
    calls: Sequence[CallId] = (),
    notices: Sequence[NoticeId] = (),
) -> tuple[CaseAct, ...]:
    """Return the acts that enter a case document, in an order each may come in.

    Args:
        case: The document.
        by: Who enters it.
        calls: Calls it is about, in the log it is entered into.
        notices: Notices likewise.

    Raises:
        BadInput: The case does not hold together.
    """
    if case_misfits(case):
        raise BadInput(
            f"The case {case.name} does not hold together.",
            state="Nothing was recorded.",
            next="Read it with `clearline case show` first.",
        )
    name = CaseId(case.name)
    terms = [
        *(CaseTermSet(case=name, by=by, source=one) for one in case.sources),
        *(CaseTermSet(case=name, by=by, voice=one) for one in case.voices),
        *(CaseTermSet(case=name, by=by, question=one) for one in case.questions),
        *(CaseTermSet(case=name, by=by, place=one) for one in case.places),
    ]
    opened = CaseOpened(
        case=name,
        by=by,
        title=case.title,
        why="opened from a case file",
        calls=tuple(calls),
        notices=tuple(notices),
        text_sha256=case.text.sha256 if case.text else "",
        zone=case.zone,
    )
    texts = [CaseTextAnnotated(case=name, by=by, text=case.text)] if case.text else []
    waiting = {claim.id: claim for claim in case.claims}
    claims: list[ClaimMade] = []
    while waiting:
        ready = [
            claim
            for claim in waiting.values()
            if not any(link in waiting for link in claim.links)
        ]
        claims += [ClaimMade(case=name, by=by, claim=claim) for claim in ready]
        for claim in ready:
            del waiting[claim.id]
    return (opened, *texts, *terms, *claims)


class CaseKeeper(Protocol):
    """Say what writing to cases takes, on a folder or over the API."""

    by: Actor

    def case(self, name: str) -> Case | None:
        """Return a case as it stands, if it is there."""

    def enter(self, acts: Sequence[CaseAct]) -> int:
        """Enter acts, in order; return how many of them changed anything."""

    def ask(
        self, command: OnCase | ReportHarm, sealed: tuple[SealedPart, ...] = ()
    ) -> int:
        """Ask one thing; return how many entries followed."""


class CaseDesk:
    """Write to the cases of one node, as one person at its machine."""

    def __init__(self, data: Path, desk: str, person: str) -> None:
        """Open the node.

        Raises:
            AlreadyRunning: The node is running; write there.
            UnknownDesk, UnknownPerson: Nobody by that name is on this line.
        """
        self._node = open_node(data, hear=_unheard, is_threaded=False)
        try:
            self._node.begin()
            self._node.load_notices()
            self.by = _actor(self._node, desk, person)
        except BaseException:
            self._node.abandon()
            raise

    def __enter__(self) -> Self:
        """Begin to write."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the node."""
        self._node.close()

    def case(self, name: str) -> Case | None:
        """Return a case of this desk's party as it stands, if it is there."""
        own = own_case_id(self._node.picture, self.by.party, CaseId(name))
        return self._node.picture.cases.get(own)

    def enter(self, acts: Sequence[CaseAct]) -> int:
        """Enter acts, in order; return how many of them changed anything."""
        return sum(self.ask(OnCase(act=act)) > 0 for act in acts)

    def ask(
        self, command: OnCase | ReportHarm, sealed: tuple[SealedPart, ...] = ()
    ) -> int:
        """Ask one thing; return how many entries followed.

        Raises:
            ClearlineError: It was refused.
        """
        said: list[Outcome] = []
        asked = Asked(command=command, reply=said.append, sealed=sealed)
        self._node.writer.write([asked])
        self._node.writer.look_at_disk()
        (outcome,) = said
        if isinstance(outcome, ClearlineError):
            raise outcome
        return len(outcome.entries)


def seal_name(name: str) -> tuple[Sealed, SealedPart]:
    """Seal a name: what the entry says, and what lies beside it."""
    part = SealedPart(salt=SystemChance().draw(SEAL_SALT_BYTES), data=name.encode())
    return Sealed(sealed=encode64(seal(part))), part


def _actor(node: Node, desk: str, person: str) -> Actor:
    there = node.picture.desks.get(DeskId(desk))
    if there is None:
        known = ", ".join(one.id for one in node.picture.desks.values()) or "none"
        raise UnknownDesk(
            f"There is no desk {desk!r} on this line.",
            state="Nothing was recorded.",
            next=f"Name one there is: {known}.",
        )
    who = node.picture.persons.get(PersonId(person))
    if who is None or who.desk != there.id:
        raise UnknownPerson(
            f"Nobody called {person!r} belongs to the desk {desk!r}.",
            state="Nothing was recorded.",
            next="Name somebody who does.",
        )
    return Actor(
        party=there.party,
        desk=there.id,
        strength=Strength.DEVICE_ONLY,
        person=who.id,
        device="the node's own machine",
    )


def _unheard(written: Written) -> None:
    del written
