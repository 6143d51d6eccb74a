"""Hold the sentences of the reference pages that no code says.

`ERRORS`: what an operator does about an error that is not just bad input. `ENTRIES`:
who writes an act, and what it changes. A name that is missing or gone fails the tests.
"""

from typing import Final

ERRORS: Final[dict[str, str]] = {
    "BasemapNotMade": (
        "No base map was made, and none is needed: maps draw the grid alone. "
        "Make it on a machine that has the packages, and bring the file."
    ),
    "BackupUnsound": (
        "Nothing was put in place. While a backup is taken it says that the node's "
        "log does not verify: look with `clearline verify` at once. While one is put "
        "back, take another backup; this one changed since it was written."
    ),
    "BatchOutOfPlace": (
        "Two pieces of one process wrote to one log. Nothing of the batch is stored; "
        "stop the node and report it, the log is whole."
    ),
    "BrokenPromise": "The branch itself; what it says is in the error's own words.",
    "CannotExport": (
        "Nothing is handed out that would not verify. The folder written to may hold "
        "parts of an earlier export, which stay as they are. Begin with `clearline "
        "verify` on the data folder."
    ),
    "CaseMistake": (
        "Each line of it names the document, line and column, what stands there and "
        "what was expected. No case was opened; nothing was changed."
    ),
    "CheckpointRefused": (
        "Believe nothing that came with it. Ask its sender for the checkpoint and "
        "the key again, and compare the key aloud."
    ),
    "NamesNotPermitted": (
        "Devices trust the authority for the names it was made for and for no others: "
        "whoever steals its key can be no other site to them. Names below one of its "
        "names are within."
    ),
    "CheckpointTooLong": (
        "The log is stored; how far it had come could not be kept apart. Names longer "
        "than a few thousand characters do this: give the log another origin."
    ),
    "ChecksumsUnavailable": (
        "The file can still be read and verified. Run the node with the packages of "
        "`requirements/run.txt`; their SQLite keeps a checksum on every page."
    ),
    "CommitmentBroken": (
        "Somebody stands between the two nodes, or one of them is broken. Nothing was "
        "pinned. Say so over the voice line, and link by another way."
    ),
    "ConsistencyRefused": (
        "The longer log is not the shorter one gone on: one of the two was rewritten, "
        "or they are two logs under one name. Keep both checkpoints; they are evidence."
    ),
    "DoneUntold": (
        "The node was stopped between doing what was asked and keeping its answer, and "
        "the answer of this operation cannot be made again from the log. The entries "
        "named are what the caller did since: look at them before asking anew."
    ),
    "DiskFault": (
        "Appends are refused; STOP and HOLD ring from memory and say so. Look at the "
        "system's own log for the disk, and move the data folder before it gets worse."
    ),
    "DiskFull": (
        "The ballast has been given up already, so this is the real end. STOP and HOLD "
        "ring from memory and say so; all else is refused until there is room."
    ),
    "DiskReadOnly": (
        "Often the system's answer to a failing disk. Appends are refused; STOP and "
        "HOLD ring from memory and say so. A crash now loses what rang from memory."
    ),
    "EntryDamaged": (
        "The entry's bytes are not those that were signed; those before and after may "
        "be sound. Nothing was changed. A receipt of the same entry, held by whoever "
        "was given one, still proves what it said."
    ),
    "EnvelopeRefused": (
        "Whoever sent it is not who its name says, or the key you hold is another. "
        "Believe nothing in it until the key has been compared aloud."
    ),
    "EvidenceRefused": (
        "The act is not shown to be this person's. A STOP or HOLD rings all the same, "
        "as from a device alone; anything else is refused."
    ),
    "GazetteerNotMade": (
        "No names of places are known until it is; everything told in figures, or from "
        "an origin of one's own, is read as ever. Install the packages as they are "
        "locked, or make room where the error says."
    ),
    "HighWaterDamaged": (
        "How far the log had come cannot be read in either slot. The log itself may be "
        "whole. See [when a log has lost certainty](../how-to/"
        "when-a-log-has-lost-certainty.md) before anything is changed."
    ),
    "HighWaterMissing": (
        "Somebody moved the log without this file, or lost it. An end that is missing "
        "would not show. See [when a log has lost certainty](../how-to/"
        "when-a-log-has-lost-certainty.md)."
    ),
    "HeadForked": (
        "A peer's key signed two logs of one length. Both are evidence; the second is "
        "in an entry by its digest. Talk to its people before believing either."
    ),
    "InclusionRefused": (
        "The entry is not in the tree that was signed, or the proof was changed on its "
        "way. Ask for it again; if it comes again, keep it: it is evidence."
    ),
    "KeyDamaged": (
        "Nothing was signed with it. A node without its key cannot go on in its log; a "
        "new key begins a new log that names the old one."
    ),
    "LedgerDamaged": (
        "The node has stopped. Copy the whole folder before anything else; then see "
        "[when a log has lost certainty](../how-to/when-a-log-has-lost-certainty.md)."
    ),
    "LogDiffers": (
        "Something inside was altered or damaged. Nothing was opened or changed. See "
        "[when a log has lost certainty](../how-to/when-a-log-has-lost-certainty.md)."
    ),
    "LogShorter": (
        "Acknowledged entries have been lost on this disk, or an older copy was put "
        "back. Do not go on in it: that would be two histories under one name. See "
        "[when a log has lost certainty](../how-to/when-a-log-has-lost-certainty.md)."
    ),
    "LostCertainty": "The branch itself; what it says is in the error's own words.",
    "NobodyCame": (
        "Nothing was exchanged. See that the port is let through, and that the other "
        "side has begun."
    ),
    "NodeKeyMissing": (
        "The log is whole and nobody can sign for it. Put the key back from its "
        "backup; without one, begin a new log that names this one."
    ),
    "NodeStopped": (
        "Whatever was asked is not recorded, and nothing rings from this node any "
        "more: use voice. Whatever supervises the process starts it again; the first "
        "thing it then does is ring what is due. What made it stop stands in its "
        "output, and in this error."
    ),
    "NoAnswer": (
        "Nobody knows whether the node took what was said. A STOP or HOLD was said "
        "three times with one id; saying it again does no harm. Use voice now."
    ),
    "NoCodeLeft": (
        "The ring leaves without a code; whoever hears it answers with their PIN or at "
        "a screen. Look why so many calls are open at once."
    ),
    "NotExact": (
        "A mistake of this release, found while measuring: quote no figure of the run. "
        "No log of a node is touched."
    ),
    "NotKnownYet": (
        "The writer took longer than somebody on a telephone can wait. What was said "
        "is decided all the same; look at the duty board before it is said again."
    ),
    "NotLoaded": (
        "Calls ring already; only notices are not there yet. Nothing was recorded."
    ),
    "NotNow": (
        "The node is up and its disk is not. STOP and HOLD go out from memory, marked "
        "*not yet recorded*; they are recorded first when the disk returns."
    ),
    "NotReplayed": (
        "A replay on the screen failed or took over two minutes. No call is touched by "
        "it: it runs in a process of its own. Try `clearline replay` on the machine."
    ),
    "NotYetRecorded": (
        "The other node is told to ask again, and does. A STOP rings here meanwhile; "
        "look at the disk."
    ),
    "NoteRefused": (
        "A signature is missing or wrong. Believe nothing that came with it."
    ),
    "OurFault": (
        "One command met a mistake in this release. Everything else goes on, and what "
        "is due for other calls rings. If it was a call, use voice for it now."
    ),
    "OutOfTurn": (
        "Two pieces of one process moved one log's head. What is on disk is whole; "
        "stop the node, start it again, and report it."
    ),
    "PeerUnreached": (
        "Nothing to do for what was said: it stands in our log and is said again. Use "
        "voice for what is urgent, and see `clearline link test`."
    ),
    "PlayerLost": (
        "A model run ended without a result; no log of a node is touched. Most often "
        "memory ran out."
    ),
    "ProofRefused": (
        "The proof does not show what it was brought to show. Ask for it again; if it "
        "comes again, keep it together with the checkpoint: it is evidence."
    ),
    "ReceiptDiffers": (
        "What was said counts as not received and is said again. If it goes on, the "
        "other node is broken or lies: keep what it sent, and call its people."
    ),
    "ReceiptRefused": (
        "Envelope, salt and proof are not of one entry. Ask for the receipt again from "
        "whoever holds the log."
    ),
    "ExerciseMistake": (
        "Each line of it names the document, line and column, what stands there and "
        "what was expected. No exercise was started."
    ),
    "ScenarioMistake": (
        "Each line of it names the document, line and column, what stands there and "
        "what was expected. Nothing was replayed."
    ),
    "SealBroken": (
        "Nobody can say any more what the part said. The entry that names it stands, "
        "and no rule ever reads a sealed part."
    ),
    "SnapshotMismatch": (
        "Nothing to do. A snapshot is thrown away and the picture folded from the log; "
        "only the start takes longer."
    ),
    "SqliteTooOld": (
        "Nothing was opened. Run the node with the packages of `requirements/run.txt`."
    ),
    "StoreBusy": (
        "A backup or a browser of databases has the file open for writing. Appends are "
        "refused until it lets go; STOP and HOLD ring from memory and say so."
    ),
    "StoreRefused": (
        "The branch of everything a disk refuses; what was not acknowledged was not "
        "recorded."
    ),
    "TakUnreached": (
        "Screens on that TAK server show what they were shown last, until it is stale. "
        "The command tries again; the line itself goes on."
    ),
    "UnreadableEntry": (
        "The log verifies and this release cannot read all of it. Nothing after that "
        "entry was taken into the picture, so the node does not start on it: use a "
        "release at least as new as the one that wrote it."
    ),
    "WaysPart": (
        "A mistake of this release: the same draw came out in two ways. Quote no "
        "figure of it."
    ),
    "WriterFenced": (
        "Another process has taken the log over; this one has stopped writing and "
        "rings nobody any more. Find out which of the two should run before you start "
        "either again."
    ),
    "WriterStopped": (
        "The node has ended itself, because certainty was lost. A supervisor starts it "
        "again, and it rings what was ringing; if it ends again, see what its error "
        "says and [when a log has lost certainty](../how-to/"
        "when-a-log-has-lost-certainty.md). Use voice meanwhile."
    ),
    "WrongKey": (
        "The key in `keys/` is not the one this log was signed with, or the newest "
        "checkpoint is damaged. Nothing was opened or changed."
    ),
}
"""By error: what it comes to for whoever is on duty."""

ENTRIES: Final[dict[str, tuple[str, str]]] = {
    "log_opened": ("the node, once", "nothing; it is the first entry"),
    "node_started": (
        "the node, at each start",
        "every call that was ringing rings again at once",
    ),
    "peer_unproven": (
        "the node, when what comes on a peer's line is not signed as it says",
        "nothing; whoever asks the peer's people has its digest",
    ),
    "words_heard": (
        "the switchboard, for each message, talk or mail that comes in",
        "nothing; it proves later what the first words were",
    ),
    "sheet_opened": (
        "whoever picks up an ordinary telephone",
        "a sheet is open; its clock runs",
    ),
    "sheet_noted": (
        "whoever writes on a sheet",
        "what was understood so far; the sheet's clock runs from anew",
    ),
    "sheet_ended": (
        "whoever raises a call of it or puts it away; the node, where it was left",
        "it waits for nothing; left alone, its own desk is rung with a WARN",
    ),
    "wall_stepped": ("the node", "nothing; what is due does not move"),
    "recorded_late": (
        "the node, after the entries it rang from memory",
        "nothing; it marks them",
    ),
    "sealed_erased": ("a person", "the part may be gone from now on"),
    "beat_recorded": ("a replay", "nothing"),
    "party_set": ("an administrator", "who is on the line"),
    "desk_set": (
        "an administrator",
        "the tree of desks; a desk stays with its party, calls keep their ladder",
    ),
    "person_set": (
        "an administrator",
        "who belongs to a desk, and how they are rung from the next ring on",
    ),
    "ladder_set": ("an administrator", "calls raised from now on"),
    "origin_named": ("an administrator", "what bearings can be told from"),
    "decision_time_declared": (
        "a party",
        "a caller is told where the line cannot win",
    ),
    "watch_taken": ("a member of the desk", "who is rung from the next ring on"),
    "watch_left": (
        "its holder",
        "who is rung; calls nobody took over ring again at once",
    ),
    "zone_read": (
        "the node, at its start and when a watch is planned",
        "when hand-overs are that stand on those clocks",
    ),
    "watch_plan_set": (
        "an administrator",
        "who is planned from now on, and when its gaps are told",
    ),
    "watch_overridden": ("a member of the desk", "who is planned in that window"),
    "watch_override_dropped": (
        "a member of the desk",
        "the rotation holds again in that window",
    ),
    "watch_looked_ahead": (
        "the node, before a gap",
        "which gaps have been told, and when it looks again",
    ),
    "line_set": ("an administrator", "when a line is checked"),
    "line_check_called": ("the node, when a check is due", "when the next one is"),
    "peer_set": (
        "an operator, after two people compared the keys aloud",
        "that party's desks can be called through its node",
    ),
    "peer_revoked": (
        "an operator",
        "nothing is said to that node or heard from it any more",
    ),
    "peer_told": ("the node", "nothing; it is what a peer was told, as it was sent"),
    "peer_heard": (
        "the node",
        "what the peer said is taken from here on; a proof of it is our receipt",
    ),
    "peer_receipted": ("the node", "what was said is not sent again"),
    "notice_filed": ("a person of the owner's", "what is notified"),
    "notice_amended": (
        "a person of the owner's",
        "its newest revision; every answer has to be given again",
    ),
    "notice_withdrawn": ("a person of the owner's", "it holds no more; it stays"),
    "notice_disposed": (
        "a desk that was told; where nobody is, the owner or the desk on its way",
        "who is silent, and who has not read it",
    ),
    "notice_routed": (
        "a person of the desk it goes through",
        "whom it reaches; or it is returned for correction",
    ),
    "notices_handed_out": (
        "the node, before a file or a stream of notices leaves",
        "nothing; it says who had which notice of others, how exactly, and when",
    ),
    "notice_confirmed": ("a person of the owner's", "when its owner is asked again"),
    "notice_expired": ("the node, as its window ends", "it is over; it stays"),
    "notice_carried": (
        "`restore`, into a log that takes over from a lost one",
        "the notice stands as it stood there, and waits for what it waited for",
    ),
    "entry_carried": (
        "`restore`, into a log that takes over from a lost one",
        "what the entry it holds changed, with the time and the words that has",
    ),
    "channel_carried": (
        "`restore`, into a log that takes over from a lost one",
        "what came of the checks of a line stands as it stood",
    ),
    "notice_told": ("the node", "nothing; what a desk was told of it unasked"),
    "movement_reported": (
        "a person of the owner's; the node, as a clock ends",
        "how far it is; a delay or another way is answered anew",
    ),
    "outcome_stated": ("a person of the owner's", "it is completed, and counted"),
    "notice_purged": (
        "the node, 30 days after a notice is over",
        "what it sealed and others see is purged; or it is held, for 30 days more",
    ),
    "notice_screened": (
        "the node, once a revision is durable",
        "what its owner was told; nobody else sees it",
    ),
    "notice_disclosed": (
        "the node, with whatever tells a desk",
        "who holds it, how exactly; its owner can look it up",
    ),
    "probing_seen": (
        "the node, when a desk asks as one asks who looks for what is hidden",
        (
            "owners there and the neutral see it; further questions are answered with "
            "whom to call"
        ),
    ),
    "conflict_found": (
        "the node, once a revision is durable",
        "it is open, its owners are rung; of other revisions, it begins anew",
    ),
    "conflict_talked_about": ("a person of an owner's", "it is being talked about"),
    "conflict_accepted": (
        "a person of an owner's",
        "it is accepted once every owner that knows of it has said so",
    ),
    "conflict_released": (
        "a person of the only owner that knows of it",
        "the other is told that there is one, and whom to call",
    ),
    "conflict_resolved": (
        "the node, when one was changed, withdrawn, or its time is over",
        "it is none any more; what rang for it ends",
    ),
    "control_claimed": (
        "a person",
        "it stands beside all others; an older one of the same source gives way",
    ),
    "control_withdrawn": (
        "a person of the party that entered it",
        "it stands no more; it stays",
    ),
    "agreement_proposed": (
        "a person of one side",
        "it waits for the other side, unless one side may change that alone",
    ),
    "agreement_confirmed": (
        "a person of the other side",
        "the version holds from its start",
    ),
    "agreement_ended": (
        "a person of either side",
        "it is over after the notice it names; at once if it never held",
    ),
    "agreement_turned": (
        "the node, when a version begins or ends",
        "every plan of both parties that stands is screened again",
    ),
    "call_raised": (
        "whoever raises it; the node for a line check and its alarm",
        "there is a call, with its ladder frozen in",
    ),
    "rang": ("the node", "who is being rung, and how far the ladder has come"),
    "attempt_reported": (
        "a courier",
        "a ring that failed spares nobody another; any other report nothing",
    ),
    "heard_from": ("anybody, through a courier", "that one ring ends"),
    "received": (
        "the other side's node",
        "its node is silent no more; nobody there has the call for that",
    ),
    "shown": ("a screen", "nothing; it is a receipt"),
    "acknowledged": (
        "a person who was called or rung",
        "ringing ends; the next step's clock begins",
    ),
    "acknowledgement_withdrawn": (
        "its person, or the node at a shift change",
        "that person holds the call no more",
    ),
    "answer_given": (
        "a person who was called or rung",
        "UNABLE frees its person; AFFIRM and NEGATIVE end a QUERY or RELEASE",
    ),
    "read_back": (
        "a person who was called or rung",
        "if it matches, the next step's clock begins",
    ),
    "passed_on": (
        "a person who was called or rung",
        "the next step's clock begins; a call of its own rings below",
    ),
    "ceased": (
        "a person who was called or rung",
        "every step before it counts as done; ringing ends",
    ),
    "closed_by": ("either party", "over once all have said so who must"),
    "hold_renewed": (
        "either party; the node, while what it hands down binds",
        "the end of a HOLD",
    ),
    "desk_told": ("the node", "nothing; what a desk was told stands in the log"),
    "call_ended": (
        "the node, by the rules",
        "nothing is waited for any more; RELEASED lifts what it bound",
    ),
    "case_opened": (
        "a person, or the node for harm that is reported",
        "there is a case",
    ),
    "case_text_annotated": (
        "whoever keeps the case",
        "where the sentences of its text stand; claims may name them",
    ),
    "case_widened": (
        "whoever keeps the case",
        "what the case may show of the log",
    ),
    "case_term_set": ("whoever keeps the case", "what claims may name"),
    "claim_made": (
        "whoever keeps the case",
        "one more claim stands, or stands in the place of one",
    ),
    "source_withdrawn": (
        "whoever keeps the case",
        "claims that rest on it alone are marked; none goes",
    ),
    "harm_reported": ("a person", "the case is about that call or notice too"),
    "evidence_held": (
        "a person, or the node for harm that is reported",
        "sealed names of the case may not be erased",
    ),
    "evidence_released": ("two people of two parties", "they may be erased again"),
    "statement_taken": ("whoever keeps the case", "the case holds it"),
    "attachment_added": ("whoever keeps the case", "the case holds its hash"),
    "custody_logged": (
        "whoever had it in hand",
        "its log; a hash that differs is shown",
    ),
    "allegation_made": ("a person of a party", "the case holds it"),
    "allegation_queried": ("a person", "the other party may answer"),
    "allegation_answered": ("the party it is against", "a finding may rest on it"),
    "finding_made": ("a person of a party it is of", "the case holds it"),
    "finding_answered": (
        "a person of a party it is said to be of, besides the one that made it",
        "it is joint once each has agreed",
    ),
    "lesson_set": ("a person", "its owner is reminded when it is due"),
    "lesson_reminded": ("the node, when it is due", "when the next reminder is"),
    "lesson_closed": ("a person", "nobody is reminded any more"),
    "case_referred": (
        "a person; the node says what the body may see",
        "a report for that body shows as much; a party of the line may read it",
    ),
}
"""By wire name: who writes an act, and what it changes."""

CASE_FORMAT: Final = """
# The case file

A case file holds what is claimed about one incident: who says it, through whom, how
well it stands, and what a record would have settled. Anyone can write one; no code is
touched. It is YAML or JSON in the same [strict subset](scenario-format.md) as a
scenario, and every mistake is said with file, line and column. `clearline case show
FILE` lays one out; `clearline case show NAME` one that ships: `deir-ez-zor-2016`.

The smallest one that is a case:

```yaml
format: clearline-case/1
name: river-drill
title: River drill
summary: A ferry called, and somebody waited.
legal: Notifying creates no protection and takes none away.
sources:
  - {id: log, title: "Ferry's log", date: 2026-05, kind: official, leaning: the ferry}
  - {id: note, title: "Guns' note", date: 2026-05, kind: official, leaning: the guns}
questions:
  - id: waited
    asks: How long did the call wait?
    settled_by: the times it was raised and acknowledged
    needs:
      - {entry: call_raised, shows: when it was raised}
      - {entry: acknowledged, shows: who first had it and when}
claims:
  - id: four-minutes
    says: The call waited about four minutes.
    what: {is: measure}
    measure: {value: 4, unit: min, comparator: about}
    sources: [log]
    answers: [waited]
  - id: no-wait
    says: The call was answered at once.
    what: {is: event}
    sources: [note]
    answers: [waited]
    contradicts: [four-minutes]
```

## What holds the whole together

- Every id names one thing of its kind, and every mention names one that is there.
- Links between claims (`rests_on`, `contradicts`, `refines`, `characterises`,
  `corrects`) lead in no circle; nor do consequences.
- A claim has the reliability of the best of its sources, unless it says another, and a
  source says why it is relied on; *cannot be judged* needs no reason.
- A claim is corrected once. `contested` is never written: it follows from
  `contradicts`.
- A contested claim, or the one it is a version of, answers a question that says what
  would settle it.
- What rests on recalled sources alone is not `stated`; `inferred` needs its reason.
- Sentences do not overlap, and a claim names only sentences there are.

## Dates

`edtf` in a time is a date as far as a source gives it: the days it may mean. Read are
years, months and days (`2016`, `2016-09`, `2016-09-17`); `?` uncertain, `~`
approximate, `%` both; `X` for digits not said (`201X`, `2016-XX`, `2016-09-2X` for a
day from the 20th to the 29th); and intervals with both ends inside
(`2014-09/2016-09-17`), an open end `..`, or an end left out that is not known. This
is levels 0 and 1 of EDTF (ISO 8601-2:2019, annex A) without times of day, seasons,
negative years and years of more than four digits, plus the last digit of a day from
level 2. Anything else is refused. A time of day is an instant: `start` and `end`,
with its zone.
"""
"""What stands on the page of the case file before what follows from the code."""

FOUNDING_TEXT: Final = """
# The founding text, row by row

The text this project began with is an extract of an encyclopaedia article, with
sentences missing. It is not here; what it says stands in the case file
`deir-ez-zor-2016`, in other words. For each of its nineteen sentences: what it asks
of a system, the claims that tell it (kind; who says it, the outermost last; in what
voice), the command that shows it, and the test that holds it.

`clearline case coverage TEXT`, given the text, prints `19/19 sentences, 0 unmapped`,
and lists the citation marks and words that have lost what they belonged to.

What a line's record could have settled (where Russia was told, who waited, when, who
could have passed it on) is kept apart from what no record settles: intent, and how
many died.
"""
"""What stands above the rows of the founding text."""

API: Final = """
# The HTTP API

A node answers under `/api/v1`. The same operations are described for programs, as
OpenAPI 3.1, at `/api/v1/openapi.json`; [Use the API](../how-to/use-the-api.md) walks
through it. Bodies are JSON in UTF-8, times are RFC 3339 in UTC, durations are as
ISO 8601 writes them.

- **Who asks**: `Authorization: Bearer TOKEN`, with the token of a session, a device or
  a machine client. A page of the node uses a cookie, and sends the session's own token
  in `X-CSRF-Token` with every change.
- **Refusals** are problems (RFC 9457, `application/problem+json`): `title` says what
  happened, `detail` what state things are in, `next` what to do; `type` names one of
  [the errors](errors.md).
- **Saying it twice**: a POST with an `Idempotency-Key` that came before is answered the
  same and done once, for a day and across restarts; with another request it is refused
  (409). Where the answer held a secret it is done once and told once. If the node was
  killed before it could answer, the answer is made again from the log: of calls,
  notices and cases to the byte; elsewhere it is refused (409), naming the entries. A
  call is raised once for each `id`; a STOP or HOLD under an id that is taken rings
  under one next to it.
- **What is as it was**: a GET gives an `ETag`; `If-None-Match` is answered with 304
  while nothing changed. A PUT or DELETE with `If-Match` is refused (412) once something
  did, and a PUT with `If-None-Match: *` where something stands already; of several that
  name the same tag at once, one is taken.
- **Long lists** come in pages: give `next` as `after` for the following one.
- **How often**: each caller has so many requests at once and so many a second in the
  long run; beyond that comes 429 with `Retry-After`. A STOP or HOLD, and what answers
  a call, is never held up.
"""

API_RATES: Final[dict[str, str]] = {
    "raiseCall": "a STOP or HOLD is never held up; others 60 at once, then 10 a second",
    **dict.fromkeys(
        ("setUp", "signIn", "wantPasskey", "signInByPasskey"),
        "from one address 10 at once, then one in five seconds",
    ),
    "setSecret": "for one person 10 at once, then one in five seconds",
}
"""How often, where an operation counts by itself; the others are never held up."""
