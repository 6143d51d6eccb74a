"""Replay a scenario: as recorded, with the line, and at its worst.

as recorded    beats -> figures, and a ledger of the day
with the line  draw 0 through a real node, signed; then many without a log
what moves it  every knob at its ends, every adverse cast: the same draws again
"""

from clearline.replay.first_run import play_signed, require_same
from clearline.replay.ledgers import OpenNode, write_record
from clearline.replay.many import Progress, Troupe
from clearline.replay.moving import (
    TRIED,
    adverse,
    ask_ends,
    ask_worst,
    sensitivity,
    turned,
)
from clearline.replay.outcome import drawn
from clearline.replay.recorded import measure
from clearline.replay.result import Replay
from clearline.replay.whole import Asked, Parts, put_together


def replay(asked: Asked, open_node: OpenNode, progress: Progress) -> Replay:
    """Replay a scenario.

    Args:
        asked: The document and how it is to be played.
        open_node: Opens the nodes of the two ledgers, each in its own folder.
        progress: Is told how many draws are done, of how many.

    Raises:
        Unplayed: The document does not say how somebody responds.
        NoSuchKnob, Unfit: A setting that does not fit.
        WaysPart: The signed draw and the counted one differ; a fault of ours.
    """
    scenario = turned(asked.scenario, asked.settings)
    tried = min(asked.runs, TRIED)
    with Troupe(asked.workers, progress) as troupe:
        main = troupe.ask(scenario, asked.seed, asked.runs)
        ends = ask_ends(troupe, scenario, asked.seed, tried)
        worst = ask_worst(troupe, scenario, asked.seed, tried)
        beats, record = write_record(open_node, asked.scenario, asked.seed)
        recorded = measure(asked.scenario, beats)
        first = play_signed(scenario, asked.seed, open_node)
        draws = drawn(scenario, asked.seed, main.all())
        require_same(first.ran, draws.ran[0])
        moved = sensitivity(draws, ends, asked.seed, tried)
        at_worst = adverse(scenario, worst, asked.seed)
    return put_together(
        asked,
        scenario,
        Parts(
            recorded=recorded,
            first=first,
            draws=draws,
            sensitivity=moved,
            adverse=at_worst,
            record=record,
        ),
    )
