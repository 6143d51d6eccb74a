"""Write a case's claims for other tools: CSV, GeoJSON, linked data.

No cell of a table begins as a formula does. A place nobody can locate has no geometry;
a sector has its outline, and says that it is a sector. Linked data are annotations of
the text by position and hash (W3C Web Annotation Data Model), never the text.
"""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from clearline.model.casefiles import CaseFile
from clearline.model.caselinks import contested, grade_of, orphaned
from clearline.model.claims import Claim, VoiceId
from clearline.model.drawing import said_by, voice_names
from clearline.wire.cells import plain_cell

COLUMNS: Final = (
    "claim",
    "says",
    "kind",
    "said_by",
    "sources",
    "status",
    "contested",
    "grade",
    "certainty",
    "modality",
    "flags",
    "number",
    "number_most",
    "unit",
    "comparator",
    "time_told",
    "start_utc",
    "end_utc",
    "edtf",
    "places",
    "answers",
    "contradicts",
    "refines",
    "characterises",
    "corrects",
    "sentences",
    "source_withdrawn",
    "reason",
)

Outline = Callable[[str], list[list[list[float]]] | list[float] | None]
"""Gives for a place's id its rings or its position, lon lat; nothing if it has none."""


def write_csv(case: CaseFile) -> bytes:
    """Write one row a claim, UTF-8 with a mark that says so, CRLF (RFC 4180)."""
    lines: list[str] = []
    writer = csv.writer(_Lines(lines), lineterminator="\r\n")
    writer.writerow(COLUMNS)
    disputed, gone = contested(case.claims), orphaned(case)
    names, sources = voice_names(case), {one.id: one for one in case.sources}
    for claim in case.claims:
        row = _row(
            names,
            claim,
            grade_of(claim, sources),
            is_contested=claim.id in disputed,
            is_orphaned=claim.id in gone,
        )
        writer.writerow([plain_cell(cell) for cell in row])
    return b"\xef\xbb\xbf" + "".join(lines).encode()


class _Lines:
    def __init__(self, lines: list[str]) -> None:
        self._lines = lines

    def write(self, line: str) -> int:
        self._lines.append(line)
        return len(line)


def _row(
    names: Mapping[VoiceId, str],
    claim: Claim,
    grade: str,
    *,
    is_contested: bool,
    is_orphaned: bool,
) -> list[str]:
    measure, time = claim.measure, claim.time
    return [
        claim.id,
        claim.says,
        str(claim.what.__struct_config__.tag),
        " > ".join(said_by(names, claim)),
        _list(claim.sources),
        claim.status,
        "yes" if is_contested else "no",
        grade,
        claim.certainty,
        claim.modality,
        _list(claim.flags),
        f"{measure.value:g}" if measure else "",
        f"{measure.most:g}" if measure and measure.most is not None else "",
        measure.unit if measure else "",
        measure.comparator if measure else "",
        time.text if time else "",
        time.start.isoformat() if time and time.start else "",
        time.end.isoformat() if time and time.end else "",
        time.edtf if time else "",
        _list(claim.places),
        _list(claim.answers),
        _list(claim.contradicts),
        _list(claim.refines),
        _list(claim.characterises),
        claim.corrects or "",
        _list(str(number) for number in claim.sentences),
        "yes" if is_orphaned else "no",
        claim.reason,
    ]


def _list(words: Iterable[str]) -> str:
    return "; ".join(words)


def write_geojson(case: CaseFile, outline: Outline) -> bytes:
    """Write the places and what is claimed of each (RFC 7946)."""
    disputed, names = contested(case.claims), voice_names(case)
    features = []
    for place in case.places:
        shape = outline(place.id)
        features.append(
            {
                "type": "Feature",
                "id": place.id,
                "geometry": _geometry(shape),
                "properties": {
                    "name": place.name,
                    "kind": place.kind,
                    "told": place.text,
                    "status": place.status,
                    "reason": place.reason,
                    "claims": [
                        {
                            "claim": claim.id,
                            "says": claim.says,
                            "said_by": said_by(names, claim),
                            "contested": claim.id in disputed,
                        }
                        for claim in case.claims
                        if place.id in claim.places
                    ],
                },
            }
        )
    whole = {
        "type": "FeatureCollection",
        "case": case.name,
        "legal": case.legal,
        "features": features,
    }
    return _json(whole)


def _geometry(shape: Any) -> dict[str, Any] | None:
    if shape is None:
        return None
    if shape and isinstance(shape[0], float):
        return {"type": "Point", "coordinates": shape}
    return {"type": "Polygon", "coordinates": shape}


def write_jsonld(case: CaseFile) -> bytes:
    """Write claims as linked data: schema.org claims, W3C annotations of the text."""
    disputed = contested(case.claims)
    sources = {one.id: one for one in case.sources}
    graph = [
        *(
            _voice(voice.id, voice.name, voice.kind, voice.leaning)
            for voice in case.voices
        ),
        *(
            {
                "@id": f"#source-{source.id}",
                "@type": "CreativeWork",
                "name": source.title,
                "datePublished": source.date,
                "genre": source.kind,
                "leaning": source.leaning,
            }
            for source in case.sources
        ),
        *(
            _claim(claim, grade_of(claim, sources), is_contested=claim.id in disputed)
            for claim in case.claims
        ),
        *_annotations(case),
    ]
    whole = {"@context": CONTEXT, "@id": f"#case-{case.name}", "@graph": graph}
    return _json(whole)


CONTEXT: Final = {
    "@vocab": "https://schema.org/",
    "oa": "http://www.w3.org/ns/oa#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "attributedTo": {"@id": "author", "@type": "@id", "@container": "@list"},
    "appearsIn": {"@id": "appearance", "@type": "@id"},
    "contradicts": {"@id": "urn:clearline:contradicts", "@type": "@id"},
    "refines": {"@id": "urn:clearline:refines", "@type": "@id"},
    "characterises": {"@id": "urn:clearline:characterises", "@type": "@id"},
    "corrects": {"@id": "urn:clearline:corrects", "@type": "@id"},
    "rests_on": {"@id": "urn:clearline:rests_on", "@type": "@id"},
    "kind": "urn:clearline:kind",
    "status": "urn:clearline:status",
    "contested": "urn:clearline:contested",
    "grade": "urn:clearline:admiralty",
    "certainty": "urn:clearline:certainty",
    "modality": "urn:clearline:modality",
    "flags": "urn:clearline:flags",
    "leaning": "urn:clearline:leaning",
    "sha256": "urn:clearline:sha256",
}
"""What the words mean; nothing of it is fetched to read the claims."""


def _voice(name: str, title: str, kind: str, leaning: str) -> dict[str, Any]:
    return {
        "@id": f"#voice-{name}",
        "@type": "Person" if kind == "person" else "Organization",
        "name": title,
        "leaning": leaning,
    }


def _claim(claim: Claim, grade: str, *, is_contested: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "@id": f"#claim-{claim.id}",
        "@type": "Claim",
        "text": claim.says,
        "kind": claim.what.__struct_config__.tag,
        "attributedTo": [f"#voice-{one}" for one in claim.by],
        "appearsIn": [f"#source-{one}" for one in claim.sources],
        "status": claim.status,
        "contested": is_contested,
        "grade": grade,
        "certainty": claim.certainty,
        "modality": claim.modality,
        "flags": list(claim.flags),
    }
    for name in ("contradicts", "refines", "characterises", "rests_on"):
        if links := getattr(claim, name):
            told[name] = [f"#claim-{one}" for one in links]
    if claim.corrects:
        told["corrects"] = f"#claim-{claim.corrects}"
    if claim.time is not None and (claim.time.edtf or claim.time.start):
        told["temporalCoverage"] = claim.time.edtf or claim.time.start
    return told


def _annotations(case: CaseFile) -> Sequence[dict[str, Any]]:
    if case.text is None:
        return ()
    spans = {one.number: one for one in case.text.sentences}
    return [
        {
            "@type": "oa:Annotation",
            "oa:hasBody": {"@id": f"#claim-{claim.id}"},
            "oa:hasTarget": {  # the standard's word, not ours
                "oa:hasSource": {"sha256": case.text.sha256},
                "oa:hasSelector": {
                    "@type": "oa:TextPositionSelector",
                    "oa:start": spans[number].start,
                    "oa:end": spans[number].end,
                },
                "sha256": spans[number].sha256,
            },
        }
        for claim in case.claims
        for number in claim.sentences
    ]


def _json(whole: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(whole), indent=2) + b"\n"
