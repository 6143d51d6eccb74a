"""Open a case from a text, see how far it is told, and look at it."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from clearline.cli import Switch, called_as, written
from clearline.cli.connection import Node

UNMAPPED = 1
"""Exit code where a sentence is not told, or something of the text is left out."""

View = Literal["question", "time", "place", "consequence", "knowledge", "settled"]


def open_(
    text: Path,
    *,
    out: Path | None = None,
    name: str | None = None,
    json: Switch = False,
) -> int:
    """Open a case from a text: where its sentences stand, and what they say.

    The text itself stays where it is; what is written holds offsets, hashes and
    claims in other words. A text that a case that ships annotates opens with that
    annotation. For any other text a case is begun: a helper proposes where sentences
    begin and end and what looks like a quotation, a number, a date or a place. It
    understands nothing; every sentence stays unmapped until a person has written its
    claims.

    Exit code: 0 if written; 2 if the text cannot be read or OUT holds something else;
    74 if the disk refuses.

    Parameters
    ----------
    text
        The text, UTF-8.
    out
        Where to write the case file; ./NAME.case.json otherwise. Never overwritten
        with something else.
    name
        What to call a case that is begun; the text's file name otherwise.
    json
        Print one JSON object: case, file, sentences, claims, proposals.
    """
    from clearline.record.opening import (  # noqa: PLC0415
        begin_case,
        case_that_ships,
        read_text,
    )
    from clearline.record.writing import write_new  # noqa: PLC0415
    from clearline.wire.casefiles import write_case  # noqa: PLC0415
    from clearline.wire.proposals import look  # noqa: PLC0415

    said = read_text(text)
    known = case_that_ships(said)
    case = known or begin_case(name or text.stem, said)
    file = out or Path(f"{case.name}.case.json")
    write_new(file, write_case(case))
    annotated = case.text
    sentences = len(annotated.sentences) if annotated else 0
    proposals = [] if known or annotated is None else list(look(annotated, said))
    if json:
        found = [
            {
                "sentence": one.sentence,
                "looks_like": one.looks_like,
                "start": one.start,
                "end": one.end,
            }
            for one in proposals
        ]
        print(
            written(
                case=case.name,
                file=str(file),
                sentences=sentences,
                claims=len(case.claims),
                proposals=found,
            )
        )
        return 0
    print(f"{case.title}: {sentences} sentences, {len(case.claims)} claims.")
    if known:
        print("  The text is the one this case was annotated from, byte for byte.")
    for one in proposals:
        words = " ".join(said[one.start : one.end].split())
        print(f"  sentence {one.sentence}: looks like a {one.looks_like}: {words}")
    if not known:
        print("  These are proposals. Write the claims, then see what is left:")
    print(f"Written to {file}. Next: {called_as()} case coverage {text} --case {file}")
    return 0


def coverage(
    text: Path,
    *,
    case: str | None = None,
    data: Path | None = None,
    json: Switch = False,
) -> int:
    """Say whether every sentence of a text is told as claims, and what is left.

    Orphan citations (marks nobody can put to a sentence) and words that have lost
    what they refer to are listed; nothing is filled in for them.

    Exit code: 0 if every sentence is mapped and nothing is left out; 1 if not; 2 if
    this is not the text that was annotated: which sentences differ is said.

    Parameters
    ----------
    text
        The text, as it was annotated, byte for byte.
    case
        The case: one that ships, a file, or with --data the id of one a node keeps;
        the one that ships for this text otherwise.
    data
        The data folder of the node that keeps the case.
    json
        Print one JSON object: sentences, mapped, unmapped, stray, orphans, unresolved.
    """
    from clearline.record.gathering import find_case  # noqa: PLC0415
    from clearline.record.opening import read_text, require_case  # noqa: PLC0415
    from clearline.rules.coverage import cover  # noqa: PLC0415

    said = read_text(text)
    told = find_case(case, data) if case else require_case(said)
    found = cover(told, said)
    if json:
        print(
            written(
                case=told.name,
                sentences=found.sentences,
                mapped=found.sentences - len(found.unmapped),
                unmapped=found.unmapped,
                as_context=found.as_context,
                stray=found.stray,
                orphans=[
                    {"mark": one.mark, "start": one.start} for one in found.orphans
                ],
                unresolved=[
                    {"sentence": one.sentence, "words": one.words}
                    for one in found.unresolved
                ],
            )
        )
        return 0 if found.is_whole else UNMAPPED
    print(found.says)
    for number in found.unmapped:
        print(f"  unmapped: sentence {number}")
    for start, end in found.stray:
        print(f"  in no sentence: characters {start} to {end}")
    print(f"{len(found.orphans)} orphan citations, put to no sentence:")
    for one in found.orphans:
        print(f"  {one.mark} at {one.start}")
    print(f"{len(found.unresolved)} words whose referent is lost, and left so:")
    for lost in found.unresolved:
        print(f'  sentence {lost.sentence}: "{lost.words}"')
    return 0 if found.is_whole else UNMAPPED


def show(  # noqa: PLR0913 (each an option of the command)
    case: str,
    *,
    by: View = "question",
    data: Path | None = None,
    node: Node = None,
    ledger: Annotated[tuple[Path, ...], Parameter(negative="")] = (),
    json: Switch = False,
) -> int:
    """Show a case: what is claimed, side by side, and what a record settles.

    By question, rows are questions and columns are parties; there is no column for
    who is right. By time, UTC and local stand beside the source's own words. By place,
    what nobody can locate stays without a position. By consequence, each edge is
    somebody's claim. `knowledge` and `settled` read a signed ledger: who had what
    when, and which receipt decides a contested question, is missing, or never could.

    Exit code: 0 if shown; 2 if the case cannot be read; 65 if a ledger is not what
    was signed.

    Parameters
    ----------
    case
        One that ships, a file, or with --data the id of one a node keeps.
    by
        The view.
    data
        The data folder of the node that keeps the case. Of its log, entries about the
        calls and notices the case names are read as a ledger.
    node
        A node elsewhere that keeps it, by its URL, as whoever signed in there.
    ledger
        For `knowledge` and `settled`: a node's data folder; may be given more than
        once. For a case whose day can be replayed, that day's two ledgers otherwise.
    json
        Print one JSON object.
    """
    from clearline.cli.case_view import print_away, print_view  # noqa: PLC0415

    if node is not None:
        return print_away(case, by, node, as_json=json)
    return print_view(case, by, data, ledger, as_json=json)
