"""List what every replay takes for granted, whatever its document says.

These are the replay's own assumptions; they stand beside the document's in every
result, and docs/explanation/how-the-model-works.md gives each its paragraph.
"""

from typing import Final

from clearline.model.cast import Basis
from clearline.model.scenarios import Scenario
from clearline.replay.result import AssumptionShown

_OURS: Final = (
    (
        "one-node",
        "Both sides use one node; it runs all day.",
        "Links between nodes, and what they lose, are not played here.",
    ),
    (
        "alone",
        "Everybody rung acts alone: nobody waits for, warns or hinders another.",
        "How people in a room work together is in no source; the first order counts.",
    ),
    (
        "rings-stay-out",
        "A ring that is out is not called back when somebody else acknowledges.",
        "The card stays on every screen; whoever hears their ring looks at it.",
    ),
    (
        "nobody-there",
        "At a desk that is not staffed, and by people who are away, no ring is heard.",
        "A watch that nobody has is the worst case, and is played as that.",
    ),
    (
        "fetched",
        "Whoever may not order it fetches the first in the cast who may and is there.",
        "That is what the step `authority` measures.",
    ),
    (
        "proven",
        "Everybody who answers can show who they are: signed in, by PIN or by code.",
        "How often people mistype a PIN is in no source. Unproven words end no ring.",
    ),
    (
        "calls-again",
        "A caller who does not get through tries again, then by other means.",
        "How often a caller gives up is in no source.",
    ),
    (
        "insisting",
        "By voice, who insists on one person tells others only that it is a STOP.",
        "They have it with nothing filled in, as without a shared language.",
    ),
    (
        "read-back-by-radio",
        "The desk that acts reads an order back at once and is heard as it ceases.",
        "Its whole time is counted in the step from order to ceasing.",
    ),
    (
        "not-moved",
        "Events depend on nothing but being stopped.",
        "Whether anybody would have done otherwise for other reasons is unknown.",
    ),
    (
        "told-at-once",
        "Notices are read and acknowledged as soon as they are told.",
        "Nothing is claimed from how fast they were; only from what the check said.",
    ),
)


def assumptions(scenario: Scenario) -> tuple[AssumptionShown, ...]:
    """Return the document's assumptions, then the replay's own."""
    theirs = tuple(
        AssumptionShown(
            id=one.id,
            text=one.text,
            status=one.status,
            reason=one.reason,
            by="document",
            sources=one.sources,
            varied_by=one.varied_by,
        )
        for one in scenario.assumptions
    )
    ours = tuple(
        AssumptionShown(
            id=name, text=text, status=Basis.ASSUMED, reason=reason, by="replay"
        )
        for name, text, reason in _OURS
    )
    return theirs + ours
