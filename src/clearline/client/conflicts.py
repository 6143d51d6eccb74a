"""Ask for conflicts, who was told what, and who claims what."""

import msgspec

from clearline.client.asking import Asker
from clearline.wire.forms import (
    conflicts,
)


class Conflicts(Asker):
    """See to conflicts, and to what was told."""

    def own_conflicts(self, *, is_open: bool | None = None) -> conflicts.ConflictsShown:
        """List the conflicts one's own party may know of."""
        query = "" if is_open is None else f"?is_open={str(is_open).lower()}"
        path = f"/api/v1/conflicts{query}"
        return self.ask("GET", path, gives=conflicts.ConflictsShown)

    def conflict(self, conflict: str) -> conflicts.ConflictShown:
        """Read a conflict."""
        path = f"/api/v1/conflicts/{conflict}"
        return self.ask("GET", path, gives=conflicts.ConflictShown)

    def talk_about(self, conflict: str) -> conflicts.ConflictShown:
        """Say that one talks about a conflict with the other owner."""
        return self._to_conflict(conflict, "talk", None)

    def accept(self, conflict: str, given: conflicts.Reason) -> conflicts.ConflictShown:
        """Go on in spite of a conflict, and say why."""
        return self._to_conflict(conflict, "accept", given)

    def let_know(
        self, conflict: str, given: conflicts.ReasonIfAny
    ) -> conflicts.ConflictShown:
        """Let the other owner know that there is a conflict, and whom to call."""
        return self._to_conflict(conflict, "release", given)

    def _to_conflict(
        self, conflict: str, act: str, given: msgspec.Struct | None
    ) -> conflicts.ConflictShown:
        path = f"/api/v1/conflicts/{conflict}/{act}"
        return self.ask("POST", path, given, gives=conflicts.ConflictShown)

    def screen(self, given: conflicts.PlanGiven) -> conflicts.ScreeningShown:
        """Screen a plan against what one's party may see; nothing is filed."""
        path = "/api/v1/screenings"
        return self.ask("POST", path, given, gives=conflicts.ScreeningShown)

    def screening(self, notice: str) -> conflicts.ScreeningShown:
        """Read what the screening of one's own notice came to."""
        path = f"/api/v1/notices/{notice}/screening"
        return self.ask("GET", path, gives=conflicts.ScreeningShown)

    def disclosures_of(self, notice: str) -> conflicts.DisclosuresShown:
        """List who was told what of one of one's own notices."""
        path = f"/api/v1/notices/{notice}/disclosures"
        return self.ask("GET", path, gives=conflicts.DisclosuresShown)

    def disclosures(self, *, holds: bool | None = None) -> conflicts.DisclosuresShown:
        """List who was told what of one's own notices."""
        query = {} if holds is None else {"holds": str(holds).lower()}
        path = "/api/v1/disclosures"
        return self.ask("GET", path, query=query, gives=conflicts.DisclosuresShown)

    def probing(self) -> tuple[conflicts.ProbingShown, ...]:
        """List who asked so much that it looks like probing."""
        return self.ask("GET", "/api/v1/probing", gives=conflicts.ProbingList).items

    def control(self) -> tuple[conflicts.ControlShown, ...]:
        """List who says who holds which ground, side by side."""
        return self.ask("GET", "/api/v1/control", gives=conflicts.ControlList).items

    def claim_control(self, given: conflicts.ControlGiven) -> conflicts.ControlShown:
        """Enter who says who holds some ground."""
        path = "/api/v1/control"
        return self.ask("POST", path, given, gives=conflicts.ControlShown)

    def withdraw_control(
        self, claim: str, given: conflicts.ReasonIfAny
    ) -> conflicts.ControlShown:
        """Withdraw a claim about control; it stays in the log."""
        path = f"/api/v1/control/{claim}/withdraw"
        return self.ask("POST", path, given, gives=conflicts.ControlShown)
