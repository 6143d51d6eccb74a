"""Take one turn at a call: acts decided at one instant, in order.

Each act is given the clocks that wait after it, so the log says at every entry
what was due next, and a newer release never changes that.
"""

from msgspec.structs import replace

from clearline.model.calls import Call, CallId, Ending, Telling
from clearline.model.entries import Act, CallAct, CallEnded, CallRaised, DeskTold
from clearline.model.instants import Instant
from clearline.model.parties import DeskId
from clearline.picture.calls import begin, change
from clearline.rules.clocks import waiting


class Turn:
    """Hold a call and the acts this turn adds to it.

    Attributes:
        call: The call as it stands after the acts so far.
        now: When all of them are decided: never before the call's last change,
            so a clock that is behind moves nothing back.
        acts: What is to be written, in order.
    """

    def __init__(self, call: Call, now: Instant) -> None:
        """Start from `call` as it stands."""
        self.call = call
        self.now = max(now, call.changed_at or now)
        self.acts: list[Act] = []

    @classmethod
    def start(cls, act: CallRaised, now: Instant) -> "Turn":
        """Start with the act that raises the call."""
        clocks = waiting(begin(now, act))
        act = replace(act, clocks=clocks)
        turn = cls(begin(now, act), now)
        turn.acts.append(act)
        return turn

    def do(self, act: CallAct) -> None:
        """Add an act and bring the call to where it leaves it."""
        after = change(self.call, self.now, act)
        clocks = waiting(after)
        self.call = replace(after, clocks=clocks)
        self.acts.append(replace(act, clocks=clocks))

    def tell(self, telling: Telling, text: str, desk: DeskId | None = None) -> None:
        """Tell a desk how the call stands; the caller's, unless said otherwise."""
        told = desk or self.call.raised_by.desk
        self.do(DeskTold(call=self.call.id, desk=told, telling=telling, text=text))

    def tell_both(self, telling: Telling, text: str) -> None:
        """Tell the caller's desk and the desk that was called."""
        self.tell(telling, text)
        if self.call.to_desk != self.call.raised_by.desk:
            self.tell(telling, text, self.call.to_desk)

    def end(self, ending: Ending, by_call: CallId | None = None) -> None:
        """End the call."""
        self.do(CallEnded(call=self.call.id, ending=ending, by_call=by_call))
