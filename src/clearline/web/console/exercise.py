"""Say what there is to try in an exercise, and what this person has done of it.

What is done is read from the log, as everything is: nothing is ticked by hand. In what
`clearline demo` plays everybody else is played; on a node of one's own that is for
exercises nobody is, and the page says whom it rings.
"""

from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from clearline.model.calls import Call, Kind
from clearline.model.entries import Realm
from clearline.model.exercises import YOU
from clearline.model.parties import PersonId
from clearline.picture.picture import View
from clearline.web.console.labels import _
from clearline.web.console.pages import Page, Shown, Visit
from clearline.web.endpoints import SIGNED_IN
from clearline.web.refusals import not_there


class Try(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one thing to try.

    Attributes:
        key: The key that does it, if one does.
    """

    says: str
    key: str
    to: str
    is_done: bool


_Done = Callable[[View, PersonId], bool]


def _has_watch(view: View, person: PersonId) -> bool:
    known = view.persons.get(person)
    watches = view.watches.get(known.desk) or () if known else ()
    return any(one.person == person for one in watches)


def _calls(view: View) -> Iterable[Call]:
    return view.calls.values()


def _has_one(view: View, person: PersonId) -> bool:
    return any(call.holds(person) for call in _calls(view))


def _has_read_back(view: View, person: PersonId) -> bool:
    return any(
        said.by.person == person for call in _calls(view) for said in call.said_back
    )


def _has_passed_on(view: View, person: PersonId) -> bool:
    return any(
        passed.by.person == person for call in _calls(view) for passed in call.passed
    )


def _has_stopped(view: View, person: PersonId) -> bool:
    return any(
        call.kind is Kind.STOP and call.raised_by.person == person
        for call in _calls(view)
    )


def offers(view: View, person: PersonId | None) -> bool:
    """Say whether who tries it has read back, so that what comes next is offered."""
    return person is not None and _has_read_back(view, person)


STEPS: Final[tuple[tuple[str, str, str, _Done], ...]] = (
    (_("Take the watch, and turn sound on"), "W", "/roster", _has_watch),
    (_("Acknowledge the STOP that has come"), "A", "/", _has_one),
    (_("Read it back: word, number, place"), "R", "/", _has_read_back),
    (_("Pass it on to a desk below yours, and see it cease"), "", "/", _has_passed_on),
    (_("Send a STOP of your own"), "Shift S", "/stop", _has_stopped),
)
"""What there is to try, in order."""


async def _see(visit: Visit) -> Shown:
    if visit.service.node.writer.realm is not Realm.EXERCISE:
        raise not_there("page /exercise")
    person = visit.caller.person or PersonId("")
    with visit.looking() as view:
        steps = [
            Try(says=says, key=key, to=to, is_done=done(view, person))
            for says, key, to, done in STEPS
        ]
        is_demo = view.persons.get(YOU) is not None
        others = [
            one.name for one in view.desks.values() if one.id != visit.caller.desk
        ]
    return Shown(
        template="exercise.html",
        has={
            "steps": steps,
            "is_demo": is_demo,
            "others": others,
            "folder": str(visit.service.folder),
        },
    )


PAGES: Final = (Page(path="/exercise", see=_see, may=SIGNED_IN),)
FORMS: Final = ()
