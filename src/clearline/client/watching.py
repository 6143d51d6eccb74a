"""Ask who has the watch and who is planned, and how lines stand."""

from clearline.client.asking import Asker
from clearline.model.instants import Instant
from clearline.model.parties import Medium, Role
from clearline.wire.forms import (
    line,
    watches,
)


class Watching(Asker):
    """Take watches, plan them, and check lines."""

    def watch(self, desk: str) -> watches.DeskWatched:
        """Say who has the watch at a desk."""
        return self.ask("GET", f"/api/v1/desks/{desk}/watch", gives=watches.DeskWatched)

    def take_watch(self, desk: str, role: Role, until: Instant) -> watches.DeskWatched:
        """Take the watch at one's own desk."""
        given = watches.WatchWanted(role=role, until=until)
        path = f"/api/v1/desks/{desk}/watch"
        return self.ask("POST", path, given, gives=watches.DeskWatched)

    def hand_over(self, desk: str, given: watches.HandOver) -> watches.DeskWatched:
        """Leave the watch, handing it over or not."""
        path = f"/api/v1/desks/{desk}/watch/handover"
        return self.ask("POST", path, given, gives=watches.DeskWatched)

    def watch_plan(self, desk: str) -> watches.PlanShown:
        """Read who takes turns at a desk's watch."""
        path = f"/api/v1/desks/{desk}/watch/plan"
        return self.ask("GET", path, gives=watches.PlanShown)

    def plan_watch(
        self, desk: str, rotations: tuple[watches.RotationGiven, ...]
    ) -> watches.PlanShown:
        """Set who takes turns at a desk's watch."""
        path = f"/api/v1/desks/{desk}/watch/plan"
        given = watches.PlanGiven(rotations=rotations)
        return self.ask("PUT", path, given, gives=watches.PlanShown)

    def watch_ahead(self, desk: str, days: float) -> watches.WatchAhead:
        """Say who is planned at a desk, and when nobody is."""
        path = f"/api/v1/desks/{desk}/watch/ahead?days={days:g}"
        return self.ask("GET", path, gives=watches.WatchAhead)

    def watches_ahead(self, days: float = 7.0) -> tuple[watches.WatchAhead, ...]:
        """Say for every desk who is planned, and when nobody is."""
        path, query = "/api/v1/watches/ahead", {"days": f"{days:g}"}
        return self.ask("GET", path, query=query, gives=watches.WatchesAhead).items

    def override_watch(
        self, desk: str, given: watches.OverrideGiven
    ) -> watches.PlanShown:
        """Change who is planned at one's own desk in a window."""
        path = f"/api/v1/desks/{desk}/watch/overrides"
        return self.ask("POST", path, given, gives=watches.PlanShown)

    def drop_override(self, desk: str, override: str) -> watches.PlanShown:
        """Take a change of the plan away."""
        path = f"/api/v1/desks/{desk}/watch/overrides/{override}"
        return self.ask("DELETE", path, gives=watches.PlanShown)

    def line_matrix(self, desk: str | None = None) -> line.LineMatrix:
        """Say how every channel to every desk, or to one, stands."""
        query = f"?desk={desk}" if desk else ""
        return self.ask("GET", f"/api/v1/lines/matrix{query}", gives=line.LineMatrix)

    def phone_cards(self, desk: str = "") -> tuple[line.PhoneCard, ...]:
        """Say how every desk, or one, is reached."""
        path, query = "/api/v1/phone-cards", {"desk": desk} if desk else {}
        return self.ask("GET", path, query=query, gives=line.PhoneCards).items

    def set_numbers(self, desk: str, given: line.NumbersGiven) -> None:
        """Set the telephone numbers of a desk, all of them."""
        self._send("PUT", f"/api/v1/desks/{desk}/numbers", given)

    def check_line(self, to_desk: str, medium: Medium | None) -> line.ChecksCalled:
        """Check one's own desk's line to a desk, now."""
        given = line.CheckGiven(to_desk=to_desk, medium=medium)
        path = "/api/v1/lines/checks"
        return self.ask("POST", path, given, gives=line.ChecksCalled)
