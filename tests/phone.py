"""Tell tests of the rules as a telephone conversation, under a virtual clock.

`Line` holds a picture and nothing else: commands go through `decide`, acts are
folded, time moves only when a test says so.
"""

from datetime import UTC, datetime

from clearline.model.calls import (
    Answer,
    Call,
    CallId,
    Card,
    Ending,
    Kind,
    Telling,
    UnableReason,
)
from clearline.model.commands import (
    Acknowledge,
    Advance,
    Close,
    Command,
    Enter,
    GiveAnswer,
    PassOn,
    RaiseCall,
    RenewHold,
    ReportCeased,
    SayBack,
    TakeWatch,
    WithdrawAcknowledgement,
)
from clearline.model.entries import (
    Act,
    DeskSet,
    DeskTold,
    Entry,
    PartySet,
    PersonSet,
    Rang,
    Realm,
)
from clearline.model.instants import Duration, Instant
from clearline.model.parties import (
    Actor,
    Desk,
    DeskId,
    Medium,
    Party,
    PartyId,
    Person,
    PersonId,
    Role,
    Standing,
    Strength,
)
from clearline.model.readback import ElementKind, ReadbackElement
from clearline.picture.picture import Picture
from clearline.rules.answering import elements_of
from clearline.rules.decide import decide

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
NORTH = PartyId("north")
SOUTH = PartyId("south")
BLUE = PartyId("monitor")
STOP = CallId("stop-1")


class Line:
    """Hold two parties and a neutral on one line, and the time.

    north: one desk, `north-ops`, with `lina` on watch.
    south: `south-ops` with `director`, `duty` (on watch) and `spare` (not on
    watch); `south-air` below it with `pilot-desk`; `south-hq` above it.
    """

    def __init__(self) -> None:
        """Enter everybody and let them take their watch."""
        self.now: Instant = NOON
        self.picture = Picture()
        self.acts: list[Act] = []
        for party, standing in (
            (NORTH, Standing.PARTICIPANT),
            (SOUTH, Standing.PARTY),
            (BLUE, Standing.NEUTRAL),
        ):
            self._enter(PartySet(party=Party(id=party, name=party, standing=standing)))
        self.desk("north-ops", NORTH)
        self.desk("south-hq", SOUTH)
        self.desk("south-ops", SOUTH, under="south-hq")
        self.desk("south-air", SOUTH, under="south-ops")
        self.desk("monitor-ops", BLUE)
        self.person("lina", "north-ops", Role.DUTY_OFFICER)
        self.person("duty", "south-ops", Role.DUTY_OFFICER)
        self.person("director", "south-ops", Role.BATTLE_DIRECTOR)
        self.person("spare", "south-ops", Role.DUTY_OFFICER, has_watch=False)
        self.person("chief", "south-hq", Role.COMMANDER)
        self.person("controller", "south-air", Role.OPERATOR)
        self.person("observer", "monitor-ops", Role.MONITOR)

    # --- setting up ---------------------------------------------------------

    def desk(
        self,
        name: str,
        party: PartyId,
        *,
        under: str | None = None,
        alone: bool = False,
    ) -> None:
        """Enter a desk."""
        self._enter(
            DeskSet(
                desk=Desk(
                    id=DeskId(name),
                    party=party,
                    name=name,
                    under=DeskId(under) if under else None,
                    is_single_handed=alone,
                )
            )
        )

    def person(
        self, name: str, desk: str, role: Role, *, has_watch: bool = True
    ) -> None:
        """Enter a person, on watch for a day unless said otherwise."""
        self._enter(
            PersonSet(
                person=Person(
                    id=PersonId(name),
                    desk=DeskId(desk),
                    pseudonym=name,
                    roles=(role,),
                    media=(Medium.SCREEN, Medium.VOICE),
                )
            )
        )
        if has_watch:
            self.do(
                TakeWatch(
                    by=self.actor(name), role=role, until=self.now + Duration(days=1)
                )
            )

    def actor(self, name: str, strength: Strength = Strength.PASSWORD) -> Actor:
        """Let a person act."""
        person = self.picture.persons.get(PersonId(name))
        assert person is not None
        desk = self.picture.desks.get(person.desk)
        assert desk is not None
        return Actor(
            party=desk.party, desk=desk.id, strength=strength, person=person.id
        )

    # --- saying -------------------------------------------------------------

    def do(self, command: Command) -> tuple[Act, ...]:
        """Decide a command and fold what follows."""
        acts = decide(self.picture, command, self.now)
        for act in acts:
            self.picture.fold(Entry(at=self.now, realm=Realm.EXERCISE, act=act))
        self.acts += acts
        return acts

    def raises(
        self,
        kind: Kind = Kind.STOP,
        *,
        by: str = "lina",
        to: str | None = "south-ops",
        call: str = STOP,
        card: Card | None = None,
        strength: Strength = Strength.PASSWORD,
        **more: object,
    ) -> tuple[Act, ...]:
        """Let somebody raise a call."""
        return self.do(
            RaiseCall(
                call=CallId(call),
                kind=kind,
                by=self.actor(by, strength),
                to_desk=DeskId(to) if to else None,
                card=card or Card(),
                **more,  # type: ignore[arg-type]
            )
        )

    def acknowledges(
        self, name: str, call: str = STOP, strength: Strength = Strength.CODE
    ) -> tuple[Act, ...]:
        """Let somebody say "I have it"."""
        return self.do(Acknowledge(call=CallId(call), by=self.actor(name, strength)))

    def takes_it_back(self, name: str, call: str = STOP) -> tuple[Act, ...]:
        """Let somebody withdraw an acknowledgement."""
        return self.do(WithdrawAcknowledgement(call=CallId(call), by=self.actor(name)))

    def answers(
        self,
        name: str,
        answer: Answer,
        call: str = STOP,
        *,
        reason: UnableReason | None = None,
        detail: str = "",
        strength: Strength = Strength.PASSWORD,
        whom: str | None = None,
        until: Instant | None = None,
    ) -> tuple[Act, ...]:
        """Let somebody answer."""
        return self.do(
            GiveAnswer(
                call=CallId(call),
                by=self.actor(name, strength),
                answer=answer,
                reason=reason,
                detail=detail,
                whom=DeskId(whom) if whom else None,
                until=until,
            )
        )

    def reads_back(
        self, name: str, call: str = STOP, *, rightly: bool = True
    ) -> tuple[Act, ...]:
        """Let somebody read back what was sent, or something else."""
        said = elements_of(self.call(call))
        if not rightly:
            said = (
                ReadbackElement(name="kind", kind=ElementKind.TEXT, text="HOLD"),
                *said[1:],
            )
        return self.do(SayBack(call=CallId(call), by=self.actor(name), said=said))

    def passes_on(self, name: str, to: str, call: str = STOP) -> tuple[Act, ...]:
        """Let somebody pass a call on down their own tree."""
        return self.do(
            PassOn(call=CallId(call), by=self.actor(name), to_desk=DeskId(to))
        )

    def reports_ceased(self, name: str, call: str = STOP) -> tuple[Act, ...]:
        """Let somebody report the effect."""
        return self.do(ReportCeased(call=CallId(call), by=self.actor(name)))

    def closes(self, name: str, call: str = STOP) -> tuple[Act, ...]:
        """Let somebody say it is over."""
        return self.do(Close(call=CallId(call), by=self.actor(name)))

    def renews(self, name: str, minutes: float, call: str = STOP) -> tuple[Act, ...]:
        """Let somebody renew a HOLD."""
        return self.do(
            RenewHold(
                call=CallId(call),
                by=self.actor(name),
                ends_in=Duration(minutes=minutes),
            )
        )

    # --- waiting ------------------------------------------------------------

    def after(self, **span: float) -> list[Act]:
        """Let time pass and do everything that falls due, each at its instant."""
        until, before = self.now + Duration(**span), len(self.acts)
        while (due := self.picture.next_due()) is not None and due <= until:
            self.now = max(self.now, due)
            self.run_due()
        self.now = until
        return self.acts[before:]

    def run_due(self) -> None:
        """Do what is due at this very instant."""
        for key in self.picture.due(self.now, 1_000):
            self.do(Advance(waiting=key))

    # --- looking ------------------------------------------------------------

    def call(self, call: str = STOP) -> Call:
        """Look at a call as it stands."""
        found = self.picture.calls.get(CallId(call))
        assert found is not None, f"no call {call}"
        return found

    def ending(self, call: str = STOP) -> Ending | None:
        """Say how a call ended, if it did."""
        return self.call(call).ending

    def _enter(self, act: object) -> None:
        self.do(Enter(act=act))  # type: ignore[arg-type]


def rung(acts: object) -> list[str]:
    """List who was rung, once each, in order."""
    return list(
        dict.fromkeys(
            made.person
            for act in acts  # type: ignore[attr-defined]
            if isinstance(act, Rang)
            for made in act.attempts
        )
    )


def dialled(acts: object) -> list[str]:
    """List whose devices were really dialled, once each."""
    return list(
        dict.fromkeys(
            made.person
            for act in acts  # type: ignore[attr-defined]
            if isinstance(act, Rang)
            for made in act.attempts
            if made.joins is None
        )
    )


def told(acts: object) -> list[tuple[str, Telling]]:
    """List which desks were told what."""
    return [
        (act.desk, act.telling)
        for act in acts  # type: ignore[attr-defined]
        if isinstance(act, DeskTold)
    ]
