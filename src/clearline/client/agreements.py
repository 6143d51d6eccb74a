"""Ask for agreements between one's own party and another."""

from clearline.client.asking import Asker
from clearline.wire.forms import agreements as forms


class Agreements(Asker):
    """Propose, confirm, end and read agreements."""

    def agreements(self) -> tuple[forms.AgreementShown, ...]:
        """List the agreements of one's own party."""
        path = "/api/v1/agreements"
        return self.ask("GET", path, gives=forms.AgreementList).items

    def agreement(self, agreement: str) -> forms.AgreementShown:
        """Read an agreement of one's own party."""
        path = f"/api/v1/agreements/{agreement}"
        return self.ask("GET", path, gives=forms.AgreementShown)

    def propose(self, given: forms.AgreementGiven) -> forms.AgreementShown:
        """Propose an agreement, or another version of one."""
        path = "/api/v1/agreements"
        return self.ask("POST", path, given, gives=forms.AgreementShown)

    def preview(self, given: forms.AgreementGiven) -> forms.AgreementPreview:
        """Say what would follow from an agreement; nothing is entered."""
        path = "/api/v1/agreements/preview"
        return self.ask("POST", path, given, gives=forms.AgreementPreview)

    def preview_of(
        self, agreement: str, *, ends: bool = False
    ) -> forms.AgreementPreview:
        """Say what would follow if what waits is confirmed, or if it ends."""
        query = "?ends=true" if ends else ""
        path = f"/api/v1/agreements/{agreement}/preview{query}"
        return self.ask("GET", path, gives=forms.AgreementPreview)

    def confirm_agreement(
        self, agreement: str, given: forms.AgreementRead
    ) -> forms.AgreementShown:
        """Confirm the version that was read."""
        path = f"/api/v1/agreements/{agreement}/confirm"
        return self.ask("POST", path, given, gives=forms.AgreementShown)

    def end_agreement(
        self, agreement: str, given: forms.AgreementEnd
    ) -> forms.AgreementShown:
        """End an agreement, or turn a proposal down."""
        path = f"/api/v1/agreements/{agreement}/end"
        return self.ask("POST", path, given, gives=forms.AgreementShown)
