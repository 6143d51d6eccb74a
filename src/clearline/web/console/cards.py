"""Give each role its card: one side of A5, in the reader's language, to be printed.

It names this desk and this node, so that a card found in a drawer says whose it is.
"""

from typing import Final

import msgspec

from clearline.web.console.labels import _
from clearline.web.console.pages import Page, Shown, Visit
from clearline.web.endpoints import OPEN


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a role's card: its name and its lines, in the order they are done."""

    role: str
    lines: tuple[str, ...]


CARDS: Final = (
    Card(
        role=_("Whoever has the watch"),
        lines=(
            _("Press W when you sit down: the watch is yours, the sound is on."),
            _("A call rings: press A. It is yours; it is not over."),
            _("Say back word, number, place and thing. Figures one by one."),
            _("WILCO, UNABLE with its reason, or STANDBY. STANDBY lets it ring on."),
            _("Pass it on. Report when it HAS ceased, not when it was ordered."),
            _("LATE or LOST: nothing you press is sent. Take the telephone."),
            _("Leave only by handing over: every open call by itself."),
        ),
    ),
    Card(
        role=_("Whoever sees what has to stop"),
        lines=(
            _("Shift S or F9, then Enter. Nothing has to be filled in."),
            _("No screen: telephone the desk and say STOP three times."),
            _("Who you are. Where. What. Why. How sure. The first is enough."),
            _("Stay on the line until they have read it back."),
            _("Not sure? HOLD: a pause of fifteen minutes; verify meanwhile."),
            _("Lifting it takes one person of each side."),
        ),
    ),
    Card(
        role=_("Whoever picks up the telephone"),
        lines=(
            _("Open a sheet as you pick up: Telephone, Open a sheet."),
            _("First words first, as you hear them. Do not tidy them."),
            _("Ask where. Type it as they say it; read back what stands there."),
            _("One press makes it a STOP. Ask about the rest afterwards."),
            _("Called away? Leave it: after a minute it rings the desk."),
        ),
    ),
    Card(
        role=_("Convoy leader, site manager"),
        lines=(
            _("Notify early, tell only whom you name, and how exactly."),
            _("A notice is no permission and no protection."),
            _("Late, or another way? Say so at once: they are told again."),
            _("Keep your PIN apart from your telephone. Never read it aloud."),
            _("In danger: STOP first, explain afterwards."),
        ),
    ),
    Card(
        role=_("Whoever administers the node"),
        lines=(
            _("Compare keys and fingerprints aloud, over a line you know."),
            _("Read who sees what before you press Enter it."),
            _("One-time codes by voice or hand to hand, never in a message."),
            _("No gap in the week. Check every line twice a day."),
            _("Verify the ledger every day; keep its head somewhere else."),
        ),
    ),
)
"""One card for each role, as the line sees them."""


async def _see(visit: Visit) -> Shown:
    return Shown(
        template="cards.html",
        has={"cards": CARDS, "origin": visit.service.node.log.origin},
    )


PAGES: Final = (Page(path="/cards", see=_see, may=OPEN),)
FORMS: Final = ()
