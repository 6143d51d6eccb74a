"""Decide what follows from a command: `decide(picture, command, now) -> acts`.

Pure: the same picture, command and instant give the same acts. A refusal is an
error of the `BadInput` branch, and then nothing follows. What the acts change is
only known by folding them.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final, cast

from clearline.model.agreement_acts import (
    ConfirmAgreement,
    EndAgreement,
    ProposeAgreement,
)
from clearline.model.agreements import Agreement
from clearline.model.calls import Call, Kind, Line, Why
from clearline.model.casework import Lesson
from clearline.model.commands import (
    Acknowledge,
    Advance,
    CheckLine,
    Close,
    Command,
    DropOverride,
    EndSheet,
    Enter,
    GiveAnswer,
    HearPeer,
    KeepReceipt,
    LeaveWatch,
    NoteSheet,
    OnCase,
    OpenSheet,
    OverrideWatch,
    PassOn,
    PlanWatch,
    RaiseCall,
    ReadZones,
    Receive,
    RenewHold,
    ReportAttempt,
    ReportCeased,
    ReportHarm,
    RevokePeer,
    SayBack,
    SetLine,
    SetPeer,
    Show,
    TakeWatch,
    WithdrawAcknowledgement,
)
from clearline.model.conflict_commands import (
    AcceptConflict,
    ClaimControl,
    NoteScreening,
    ReleaseConflict,
    TalkAbout,
    TellReleased,
    WithdrawControl,
)
from clearline.model.conflicts import Conflict
from clearline.model.disclosures import NoteProbing
from clearline.model.entries import (
    Act,
    AttemptReported,
    DeskSet,
    LadderSet,
    LineSet,
    NodeStarted,
    PersonSet,
    Received,
    SealedErased,
    Shown,
)
from clearline.model.handing import HandOut
from clearline.model.instants import Instant
from clearline.model.links import is_urgent_message
from clearline.model.notice_commands import (
    AmendNotice,
    ConfirmNotice,
    Dispose,
    FileNotice,
    NoteMailed,
    ReportMovement,
    RouteNotice,
    StateOutcome,
    WithdrawNotice,
)
from clearline.model.notices import Notice
from clearline.model.sheets import Sheet
from clearline.model.watchplans import WatchPlan
from clearline.picture.picture import Picture
from clearline.rules import (
    agreeing,
    answering,
    cases,
    conflicts,
    control,
    handing,
    links,
    mailed,
    notice_life,
    notices,
    raising,
    sheets,
    watches,
    watchplans,
)
from clearline.rules.disclosing import disclosed_by
from clearline.rules.escalation import advance, ring_anew
from clearline.rules.lessons import remind
from clearline.rules.lines import alarm_missed, check_line, check_now, require_desks
from clearline.rules.notice_due import advance_notice
from clearline.rules.refusals import (
    UnknownCall,
    UnknownDesk,
    UnknownParty,
    refuse,
)
from clearline.rules.turn import Turn


def decide(picture: Picture, command: Command, now: Instant) -> tuple[Act, ...]:
    """Decide what follows from `command` at `now`.

    Args:
        picture: What stands; not changed.
        command: What somebody asks.
        now: Node time, UTC.

    Returns:
        The acts to write as entries, in order; none where nothing changes.

    Raises:
        BadInput: The command is refused; the error says why and what to do.
    """
    acts = _DECISIONS[type(command)](picture, command, now)
    acts = (*acts, *disclosed_by(picture, acts))
    return (*acts, *links.tell_peers(picture, acts, now)) if acts else acts


def is_urgent(picture: Picture, command: Command) -> bool:
    """Say whether a command may ring before the disk answers.

    Raising a STOP or HOLD, here or at a peer for a desk of ours, the rings such a
    call is due, and those of a node that came up while one was ringing; nothing else.
    """
    urgent = (Kind.STOP, Kind.HOLD)
    if isinstance(command, Enter):
        return isinstance(command.act, NodeStarted) and any(
            call.is_ringing and call.kind in urgent for call in picture.open_calls()
        )
    if isinstance(command, Advance):
        waiting = picture.waiting_for(command.waiting)
        return isinstance(waiting, Call) and waiting.kind in urgent
    if isinstance(command, HearPeer):
        return is_urgent_message(command.told.says)
    return isinstance(command, RaiseCall) and command.kind in urgent


def _advance(picture: Picture, command: Advance, now: Instant) -> tuple[Act, ...]:
    waiting = picture.waiting_for(command.waiting)
    match waiting:
        case None:
            return ()
        case Lesson():
            return remind(picture, waiting, now)
        case Line():
            is_due = waiting.next_at <= now
            return check_line(picture, waiting, now) if is_due else ()
        case Notice():
            return advance_notice(picture, waiting, now, command.held_by)
        case Call():
            acts = advance(picture, waiting, now)
            if waiting.kind is Kind.LINE_CHECK:
                acts += alarm_missed(picture, waiting, acts, now)
            return acts
        case _:
            return _LEFT_ALONE[type(waiting)](picture, waiting, now)


def _enter(picture: Picture, command: Enter, now: Instant) -> tuple[Act, ...]:
    act = command.act
    match act:
        case DeskSet():
            _require_tree(picture, act)
        case PersonSet():
            _require_desk(picture, act.person.desk)
            return (act, *_planned_anew(picture, act, now))
        case LadderSet():
            _require_desk(picture, act.desk)
            for rung in act.ladder.rungs:
                _require_desk(picture, rung.desk)
        case SealedErased():
            cases.require_not_held(picture, act)
        case NodeStarted():
            return (act, *_ring_in_doubt(picture, now))
        case _:
            pass
    return (act,)


def _planned_anew(picture: Picture, act: PersonSet, now: Instant) -> tuple[Act, ...]:
    """Look at the plans of the desks a person leaves or comes to."""
    before = picture.persons.get(act.person.id)
    desks = (act.person.desk, *((before.desk,) if before else ()))
    return watchplans.look_again(picture.as_entered(act.person), desks, now)


def _ring_in_doubt(picture: Picture, now: Instant) -> Iterator[Act]:
    """Ring what was ringing when the node went down: nobody knows if it left."""
    for call in picture.open_calls():
        if call.is_ringing:
            turn = Turn(call, now)
            ring_anew(picture, turn, Why.RESTARTED)
            yield from turn.acts


def _require_tree(picture: Picture, act: DeskSet) -> None:
    before = picture.desks.get(act.desk.id)
    if before is not None and before.party != act.desk.party:
        raise refuse(
            UnknownDesk,
            f"The desk {before.id!r} belongs to {before.party}, not to "
            f"{act.desk.party}.",
            "Enter a new desk; calls that ring at this one stay with its party.",
        )
    if picture.parties.get(act.desk.party) is None:
        raise refuse(
            UnknownParty,
            f"There is no party {act.desk.party!r} on this line.",
            "Enter the party first, or correct its id.",
        )
    above = act.desk.under
    if above is None:
        return
    known = picture.desks.get(above)
    is_loop = above == act.desk.id or picture.is_under(above, act.desk.id)
    if known is None or known.party != act.desk.party or is_loop:
        raise refuse(
            UnknownDesk,
            f"The desk {act.desk.id!r} cannot stand under {above!r}.",
            "Name a desk of the same party that does not stand below it.",
        )


def _require_desk(picture: Picture, desk: Any) -> None:
    if picture.desks.get(desk) is None:
        raise refuse(
            UnknownDesk,
            f"There is no desk {desk!r} on this line.",
            "Enter the desk first.",
        )


def _set_line(picture: Picture, command: SetLine, now: Instant) -> tuple[Act, ...]:
    del now
    require_desks(picture, command.line)
    return (LineSet(line=command.line),)


def _note(
    picture: Picture, command: ReportAttempt | Receive | Show, now: Instant
) -> tuple[Act, ...]:
    """Keep what a courier, a peer or a screen reports of a call, ended or not."""
    call = picture.calls.get(command.call)
    if call is None:
        raise refuse(
            UnknownCall,
            f"This node knows no call {command.call!r}.",
            "Check the id of the call that was rung.",
        )
    turn = Turn(call, now)
    match command:
        case ReportAttempt():
            turn.do(
                AttemptReported(
                    call=call.id,
                    attempt=command.attempt,
                    outcome=command.outcome,
                    detail=command.detail,
                )
            )
        case Receive():
            turn.do(Received(call=call.id, node=command.node))
        case Show():
            turn.do(Shown(call=call.id, device=command.device, desk=command.desk))
    return tuple(turn.acts)


_LEFT_ALONE: Final = cast(
    "dict[type, Callable[[Picture, Any, Instant], tuple[Act, ...]]]",
    {
        Sheet: sheets.abandon,
        WatchPlan: watchplans.look_ahead,
        Conflict: conflicts.end_when_over,
        Agreement: agreeing.turn,
    },
)
"""What follows when these were left alone too long."""


def _note_probing(
    picture: Picture, command: NoteProbing, now: Instant
) -> tuple[Act, ...]:
    del picture, now
    return (command.seen,)


_DECISIONS: Final = cast(
    "dict[type, Callable[[Picture, Command, Instant], tuple[Act, ...]]]",
    {
        Enter: _enter,
        RaiseCall: raising.raise_call,
        ReportAttempt: _note,
        Receive: _note,
        Show: _note,
        Acknowledge: answering.acknowledge,
        WithdrawAcknowledgement: answering.withdraw,
        GiveAnswer: answering.answer,
        SayBack: answering.say_back,
        PassOn: answering.pass_on,
        ReportCeased: answering.report_ceased,
        Close: answering.close,
        RenewHold: answering.renew_hold,
        TakeWatch: watches.take_watch,
        LeaveWatch: watches.leave_watch,
        PlanWatch: watchplans.plan_watch,
        OverrideWatch: watchplans.override_watch,
        DropOverride: watchplans.drop_override,
        ReadZones: watchplans.read_zones,
        SetLine: _set_line,
        CheckLine: check_now,
        FileNotice: notices.file_notice,
        AmendNotice: notices.amend_notice,
        WithdrawNotice: notices.withdraw_notice,
        ConfirmNotice: notice_life.confirm,
        Dispose: notice_life.dispose,
        RouteNotice: notice_life.route,
        NoteMailed: mailed.note_mailed,
        ReportMovement: notice_life.report_movement,
        StateOutcome: notice_life.state_outcome,
        HandOut: handing.hand_out,
        SetPeer: links.set_peer,
        RevokePeer: links.revoke_peer,
        HearPeer: links.hear_peer,
        KeepReceipt: links.keep_receipt,
        NoteScreening: conflicts.note_screening,
        TalkAbout: conflicts.talk_about,
        AcceptConflict: conflicts.accept,
        ReleaseConflict: conflicts.release,
        TellReleased: conflicts.tell_released,
        ClaimControl: control.claim_control,
        WithdrawControl: control.withdraw_control,
        ProposeAgreement: agreeing.propose,
        ConfirmAgreement: agreeing.confirm,
        EndAgreement: agreeing.end,
        NoteProbing: _note_probing,
        OnCase: cases.on_case,
        ReportHarm: cases.report_harm,
        OpenSheet: sheets.open_sheet,
        NoteSheet: sheets.note_sheet,
        EndSheet: sheets.end_sheet,
        Advance: _advance,
    },
)
