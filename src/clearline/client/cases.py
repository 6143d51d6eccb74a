"""Keep cases."""

from clearline.client.asking import Asker
from clearline.model.casework import Audience
from clearline.record.dossier import LogShown
from clearline.record.views import LaidOut
from clearline.wire.forms import (
    cases,
)


class Cases(Asker):
    """Keep cases."""

    def every_case(self) -> tuple[cases.CaseLine, ...]:
        """List the cases one's own party keeps."""
        return self.ask("GET", "/api/v1/cases", gives=cases.Cases).cases

    def case(self, case: str) -> cases.CaseShown:
        """Show a case as it stands."""
        return self.ask("GET", f"/api/v1/cases/{case}", gives=cases.CaseShown)

    def laid_out(self, case: str) -> LaidOut:
        """Lay a case out by question, time, place and consequence."""
        return self.ask("GET", f"/api/v1/cases/{case}/laid-out", gives=LaidOut)

    def case_report(self, case: str, audience: Audience = Audience.PARTIES) -> str:
        """Write a case as one HTML page."""
        path = f"/api/v1/cases/{case}/report"
        return self._send("GET", path, query={"audience": audience}).text

    def case_record(self, case: str) -> LogShown:
        """Say what the log settles of a case, and who knew what."""
        return self.ask("GET", f"/api/v1/cases/{case}/record", gives=LogShown)

    def referrals(self) -> tuple[cases.ReferredCase, ...]:
        """List the cases referred to one's own party."""
        gives = cases.ReferredCases
        return self.ask("GET", "/api/v1/referrals", gives=gives).cases

    def report_harm(self, given: cases.HarmGiven) -> cases.CaseDone:
        """Report harm; its case is opened and its evidence held."""
        return self.ask("POST", "/api/v1/harm", given, gives=cases.CaseDone)

    def enter_case_act(self, case: str, given: cases.CaseActGiven) -> cases.CaseDone:
        """Enter an act of a case; the same twice changes nothing."""
        path = f"/api/v1/cases/{case}/acts"
        return self.ask("POST", path, given, gives=cases.CaseDone)

    def take_statement(self, case: str, given: cases.StatementGiven) -> cases.CaseDone:
        """Take a statement of a role and a pseudonym; the name is sealed."""
        path = f"/api/v1/cases/{case}/statements"
        return self.ask("POST", path, given, gives=cases.CaseDone)

    def release_evidence(self, case: str, given: cases.HoldReleased) -> cases.CaseDone:
        """Let a hold go, together with somebody of another party."""
        path = f"/api/v1/cases/{case}/release"
        return self.ask("POST", path, given, gives=cases.CaseDone)

    def allegations(self) -> tuple[cases.AllegationPut, ...]:
        """List what was alleged of one's own party and put to it."""
        path = "/api/v1/allegations"
        return self.ask("GET", path, gives=cases.Allegations).allegations

    def findings_proposed(self) -> tuple[cases.FindingProposed, ...]:
        """List the findings that another party says are one's own party's too."""
        path = "/api/v1/findings"
        return self.ask("GET", path, gives=cases.Findings).findings
