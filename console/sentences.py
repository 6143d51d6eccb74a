"""Gather the sentences the code itself makes, with what is put into them.

    f"Call {call.number} ended: {call.ending}."  ->  Call {number} ended: {ending}.
    f"How near? {words!r} gives none."           ->  How near? {words:q} gives none.
    f"within {off_m:,.0f} m"                     ->  within {off_m:n} m

Errors, readings, verdicts and readbacks are English sentences wherever they are made:
in the log, in an answer of the API, in what another node says. A console in another
language knows each by its form and says it anew (`web/console/sentences.py`). So
nothing has to be marked in the code; a sentence is what begins and ends like one, in a
file named here.
"""

import ast
import re
from collections.abc import Iterator
from itertools import chain, product
from pathlib import Path
from typing import Final

SOURCE: Final = Path(__file__).parents[1] / "src" / "clearline"

WHOLE: Final = (
    "exchange/*.py",
    "geo/*.py",
    "model/*.py",
    "rules/*.py",
    "service/*.py",
    "web/*.py",
    "web/api/*.py",
    "web/console/*.py",
    "wire/documents.py",
    "adapters/codes.py",
    "adapters/secrets.py",
    "adapters/verification.py",
    "adapters/basemap/layers.py",
)
"""Where every whole sentence may come to stand on a page."""

NOT_SHOWN: Final = frozenset(
    {
        # Read by whoever writes a scenario or a case, in the words of its document.
        *("model/coherence.py", "model/what_if.py", "model/beats.py", "model/cast.py"),
        *("model/facts.py", "model/edtf.py", "model/rings.py", "model/annotation.py"),
        *("rules/lessons.py", "rules/coverage.py", "rules/notice_sheet.py"),
        *("rules/cards.py", "rules/links.py", "geo/alphabets.py", "geo/ways.py"),
        *("rules/succession.py", "service/heads.py"),
        # What a sheet or a map file says of itself, in both languages or in English.
        *("exchange/layouts.py", "exchange/columns.py", "exchange/handing.py"),
        *("exchange/site_columns.py", "exchange/movement_columns.py"),
        # Said to other nodes, to whoever keeps the machine, or in the API's pages.
        *("service/links.py", "service/pairing.py", "service/imports.py"),
        *("service/restore.py", "service/words.py", "web/server.py", "web/openapi.py"),
        *("web/protocol.py", "web/metrics.py", "web/health.py", "web/examples.py"),
        *("web/api/node.py", "web/api/exchange.py", "web/api/trust.py"),
        *("web/api/ledger.py", "web/api/feed.py", "web/console/labels.py"),
        *("web/running.py", "service/dispatch.py"),
    }
)
"""Files in those folders whose sentences no page shows."""

PARTS: Final = (
    *("geo/angles.py", "geo/bearings.py", "geo/between.py", "geo/directions.py"),
    *("geo/gazetteer.py", "geo/grid.py", "geo/lengths.py", "geo/lines.py"),
    *("geo/links.py", "geo/origins.py", "geo/reading.py", "geo/utm.py"),
    *("geo/writing.py", "rules/toldright.py", "rules/screening.py"),
    *("rules/probing.py", "rules/seen.py", "rules/filing.py", "rules/disclosure.py"),
    *("rules/conflicts.py", "rules/notice_life.py", "rules/ways_out.py"),
    "rules/margins.py",
)
"""Where parts of sentences are made that are put together into whole ones."""

NOT_SAID: Final = frozenset({"compile", "meta", "typevar", "endpoints"})
"""Calls and tables of patterns, or of what is read in the API's description alone."""

WORDS: Final = (
    *("{least:n} to {most:n} m", "{least:n} to {most:n} km", "at {label}"),
    *("to {instant}", "line check {medium}", "by {mode}", "by {mode}, armed escort"),
    *("by {mode}, no armed escort", "air {kind}"),
    "{range} between {turn} and {turn2} true from {label}",
    "{range} at {turn} true from {label}",
    "{range} all round {label}",
    "{reach} at {bearing:n}° true from {label}, not from {rival}",
    "about {reach} at {bearing:n}° true from {label}, not from {rival}",
    "at {label}, not from {rival}",
    "within {length} of {label}, not from {rival}",
    *("`{field}`: {wrong}", "`{field}`: {wrong} ({more:n} more)"),
    *("north assumed", "south assumed", "east assumed", "west assumed", "assumed"),
    "numbers without a sign as north and east",
    *("which the text does not say", "as the numbers fit no other way"),
    "the positions taken as a route {how}, with geodesics between them",
    "the positions taken as an area {how}, with geodesics between them",
    (
        "the positions taken as an area {how}, closed from the last to the first, "
        "with geodesics between them"
    ),
    *("NATO mils", "6400 to the turn", "Soviet mils", "6000 to the turn"),
    "true north assumed",
    *("about {reach}", "and", "or", ";", ",", "none", "It", "a route"),
    *("north", "northeast", "east", "southeast", "south", "southwest", "west"),
    *("northwest", "north east", "south east", "south west", "north west"),
    *("true", "magnetic", "grid", "degrees", "mils", "latitude", "longitude"),
    *("told", "meant", "Told", "Meant", "earlier", "later"),
    *("coarse", "existence", "exact", "add", "amend", "remove", "end", "start"),
    *("device_only", "call_back", "heard", "code", "closed", "released"),
    *("raised_to_stop", "departed", "at_stop", "delayed", "diverted", "arrived"),
    *("overdue", "planned", "road", "foot", "boat", "rail", "helicopter"),
    *("aeroplane", "airdrop", "call", "conflict", "sheet", "screening", "person"),
    *("entry", "file", "line", "city", "town", "village", "airfield", "hospital"),
    *("bridge", "a city", "a town", "health", "school", "warehouse", "office"),
    *("guesthouse", "water", "shelter", "distribution", "critical infrastructure"),
    *("{days:n} day, {time}", "{days:n} days, {time}"),
    # What a reader of a claim must see beside it.
    *("contested", "inferred", "unverified", "conditional", "hearsay", "quoted"),
    *("better source needed", "unresolved referent", "misplaced citation"),
    *("its source was withdrawn", "corrects {claim}"),
    # What is wrong with a form, as `msgspec` says it.
    *("{wrong} - at `{field}`", "Expected `{expected}`, got `{got}`"),
    *("Invalid value {value:q}", "Invalid enum value {value:q}"),
    *("Object missing required field `{field}`", "Expected `{expected}` >= {n:n}"),
    *("Expected `{expected}` <= {n:n}", "Expected `{expected}` matching regex {re:q}"),
    *("Expected `{expected}` of length >= {n:n}",),
    *("Expected `{expected}` of length <= {n:n}",),
)
"""Words that are put into sentences, and forms that are put together at run time."""

_WHOLE: Final = re.compile(r"[A-Z{'\"].*(?:[.?!:]\)?|: (?:\{\w+\})+)", re.DOTALL)
_CODE: Final = re.compile(r"\(\?|\\[bdswS]|\w\[|[|<>]|[.)\]][*+]|^[a-z_]+=")
_FIGURE: Final = re.compile(r"[,0]*\d*\.?\d*[fgd%]|,")
_MOST: Final = 16
_FEWEST: Final = 3

Part = str | tuple[str, str]


def sentences() -> Iterator[tuple[str, str]]:
    """Give each sentence and the file it stands in, file by file, as they stand."""
    for path in sorted({one for glob in WHOLE for one in SOURCE.glob(glob)}):
        file = path.relative_to(SOURCE).as_posix()
        if file in NOT_SHOWN:
            continue
        has_parts, seen = file in PARTS, set[str]()
        tree = ast.parse(path.read_text(encoding="utf-8"))
        whole = [one.strip() for one in _said(tree)]
        forms = [one for one in whole if _is_shown(one, has_parts=has_parts)]
        for form in (*forms, *_nouns(tree)):
            if form not in seen:
                seen.add(form)
                yield file, form


def _nouns(tree: ast.AST) -> Iterator[str]:
    """Give what is said not to be there, which is put into a sentence elsewhere."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) == "not_there":
            yield from (_written(parts) for parts in _forms(node.args[0]))


def _is_shown(form: str, *, has_parts: bool) -> bool:
    literal = re.sub(r"\{[^}]*\}", "", form)
    words = re.findall(r"[A-Za-z][a-z]+", literal)
    if _CODE.search(literal) or "\n" in form:
        return False
    if _WHOLE.fullmatch(form) and " " in form:
        return bool(words)
    letters = len(re.findall("[A-Za-z]", literal))
    is_figures = "{" in form and not re.search(r"\{\w+(:q)?\}", form)
    is_part = " " in form and (len(words) > 1 or form != literal)
    return has_parts and is_part and (letters > _FEWEST or (is_figures and letters > 0))


def _said(node: ast.AST) -> Iterator[str]:
    """Give every text below a node but docstrings, patterns and descriptions."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.Call) and _name(node.func) in NOT_SAID:
        return
    if isinstance(node, ast.Assign | ast.AnnAssign) and _name(node) in NOT_SAID:
        return
    made = _forms(node)
    yield from (_written(parts) for parts in made)
    if made and not isinstance(node, ast.JoinedStr):
        return
    for child in ast.iter_child_nodes(node):
        if made and isinstance(child, ast.Constant):
            continue
        if made and isinstance(child, ast.FormattedValue):
            if not isinstance(child.value, ast.IfExp):
                yield from _said(child.value)
            continue
        yield from _said(child)


def _forms(node: ast.AST) -> list[list[Part]]:
    """List the ways a text may come out, in its parts."""
    match node:
        case ast.Constant(value=str(text)):
            return [[text]]
        case ast.JoinedStr(values=values):
            ways = [_ways(value) for value in values]
            made = [list(chain.from_iterable(one)) for one in product(*ways)]
            return made if len(made) <= _MOST else []
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return [a + b for a in _forms(left) for b in _forms(right)]
        case _:
            return []


def _ways(value: ast.expr) -> list[list[Part]]:
    if not isinstance(value, ast.FormattedValue):
        return _forms(value)
    put_in = value.value
    if isinstance(put_in, ast.IfExp):
        sides = (put_in.body, put_in.orelse)
        return [way for one in sides for way in _forms(one) or [[(_name(one), "")]]]
    return [[(_name(put_in), _kind(value))]]


def _kind(value: ast.FormattedValue) -> str:
    """Say what is put in: `q` in quotes, `n` a figure, else anything."""
    if value.conversion == ord("r"):
        return "q"
    spec = ast.unparse(value.format_spec)[2:-1] if value.format_spec else ""
    is_counted = isinstance(value.value, ast.Call) and _name(value.value) == "len"
    return "n" if is_counted or _FIGURE.fullmatch(spec) else ""


def _name(node: ast.AST) -> str:
    """Name what is put in, after the last name in it."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name.lower()
        case ast.AnnAssign(target=ast.Name(id=name)):
            return name.lower()
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_").lower() or "it"
        case ast.Call(func=inner) | ast.Subscript(value=inner):
            return _name(inner)
        case ast.BinOp(left=inner):
            return _name(inner)
        case _:
            return "it"


def _written(parts: list[Part]) -> str:
    """Write a form; what has one name twice is counted."""
    seen: dict[str, int] = {}
    written = []
    for part in parts:
        if isinstance(part, str):
            written.append(part)
            continue
        name, kind = part
        seen[name] = seen.get(name, 0) + 1
        again = str(seen[name]) if seen[name] > 1 else ""
        written.append(f"{{{name}{again}{':' if kind else ''}{kind}}}")
    return "".join(written)
