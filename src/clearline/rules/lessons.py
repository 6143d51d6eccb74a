"""Decide when a lesson is reminded of, and who is rung for it.

    set --> due --> its owner is rung, and once a day from then on --> closed

The ring is a WARN at the desk that owns the lesson: it rings until somebody there has
it. While one is still open no other is raised; the reminder is an entry all the same.
"""

from typing import Final

from clearline.model.calls import Card, Kind, Precedence
from clearline.model.case_acts import LessonClosed, LessonReminded, LessonSet
from clearline.model.casework import Case, Lesson, lesson_key
from clearline.model.commands import RaiseCall
from clearline.model.entries import Act
from clearline.model.instants import Duration, Instant
from clearline.model.parties import Actor, Strength
from clearline.picture.picture import Picture
from clearline.rules.cards import LONGEST_LINE
from clearline.rules.raising import free_id, open_call
from clearline.rules.refusals import (
    UnknownDesk,
    WrongOrder,
    refuse,
    taken_in_case,
    unknown_in_case,
)

REMIND_EVERY: Final = Duration(days=1)
"""How often the owner of a lesson that is overdue is reminded."""


def set_lesson(
    picture: Picture, case: Case, act: LessonSet, now: Instant
) -> tuple[Act, ...]:
    """Set a lesson for a desk to see to.

    Raises:
        IdTaken: Another lesson of the case has that id.
        UnknownDesk: No desk has it to see to.
        WrongOrder: It would be due before it is set.
    """
    known = picture.lessons.get(lesson_key(case.id, act.lesson))
    if known is not None:
        if (known.says, known.due_at) == (act.says, act.due_at):
            return ()
        raise taken_in_case("lesson", act.lesson)
    if picture.desks.get(act.owner) is None:
        raise refuse(
            UnknownDesk,
            f"There is no desk {act.owner!r} on this line.",
            "Name the desk that sees to it.",
        )
    if act.due_at <= now:
        raise refuse(
            WrongOrder,
            "The lesson would be due before it is set.",
            "Give a time that is still to come.",
        )
    return (act,)


def close_lesson(
    picture: Picture, case: Case, act: LessonClosed, now: Instant
) -> tuple[Act, ...]:
    """Close a lesson; closed twice it is closed once.

    Raises:
        UnknownInCase: The case has no such lesson.
    """
    del now
    known = picture.lessons.get(lesson_key(case.id, act.lesson))
    if known is None:
        raise unknown_in_case(case, "lesson", act.lesson)
    return () if known.closed_at is not None else (act,)


def remind(picture: Picture, lesson: Lesson, now: Instant) -> tuple[Act, ...]:
    """Remind the owner of a lesson that is due, and ring them; nothing before it is."""
    if lesson.next_at is None or lesson.next_at > now:
        return ()
    reminded = LessonReminded(
        case=lesson.case,
        lesson=lesson.id,
        owner=lesson.owner,
        next_at=now + REMIND_EVERY,
    )
    return (reminded, *_ring(picture, lesson, now))


def _ring(picture: Picture, lesson: Lesson, now: Instant) -> tuple[Act, ...]:
    desk, id_ = picture.desks.get(lesson.owner), f"lesson-{lesson.case}-{lesson.id}"
    is_ringing = any(call.id.split("~")[0] == id_ for call in picture.open_calls())
    if desk is None or is_ringing:
        return ()
    asked = RaiseCall(
        call=free_id(picture, id_),
        kind=Kind.WARN,
        by=Actor(
            party=desk.party,
            desk=desk.id,
            strength=Strength.DEVICE_ONLY,
            device=f"case {lesson.case}",
        ),
        card=Card(
            what=f"Lesson {lesson.id} of the case {lesson.case}: {lesson.says}"[
                :LONGEST_LINE
            ],
            why=f"It was due {lesson.due_at:%Y-%m-%d %H:%MZ}. Close it, saying how.",
        ),
        precedence=Precedence.ROUTINE,
    )
    return tuple(open_call(picture, asked, desk, now).acts)
