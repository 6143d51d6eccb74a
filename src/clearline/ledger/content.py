"""Check what entries say, one after the other, as a verifier can without rules.

    envelope --> signed by the log's own key?
        payload --> readable, of the log's realm, with instants?
            evidence --> did that person sign this act, and only once?
            sealed parts --> there, and what was sealed? if not: said to be erased?

Nothing here knows what an act means beyond these questions, so that logs written
by later releases still verify.
"""

from collections.abc import Callable, Iterable

import msgspec

from clearline.ledger.envelope import open_envelope
from clearline.ledger.evidence import (
    Enrolled,
    EvidenceMalformed,
    EvidenceRefused,
    assertion_of,
    check_evidence,
    credential_of,
    read_enrolment,
    read_evidence,
)
from clearline.ledger.header import Header, HeaderMalformed, read_header
from clearline.ledger.keys import VerifierKey
from clearline.ledger.report import Erased, Fault, Findings
from clearline.ledger.sealed import (
    Erasure,
    SealBroken,
    SealedPart,
    SealMalformed,
    find_sealed,
    open_seal,
    read_erasure,
)
from clearline.ledger.text64 import encode64
from clearline.model.entries import Realm
from clearline.model.errors import ClearlineError

FindSealed = Callable[[bytes], SealedPart | None]
"""Answer the sealed part of a digest, or nothing where it is not there."""


class Contents:
    """Walk over the contents of a log's entries, in order of their index."""

    def __init__(
        self,
        *,
        keys: Iterable[VerifierKey],
        realm: Realm | None,
        find_sealed_part: FindSealed | None,
        findings: Findings,
    ) -> None:
        """Begin before the first entry.

        Args:
            keys: The log's own keys.
            realm: The realm the log's origin names, where it names one.
            find_sealed_part: Where sealed parts lie; `None` where nobody may look.
            findings: What is wrong goes here.
        """
        self._keys = tuple(keys)
        self._realm = realm
        self._evidence = _EvidenceBook(findings)
        self._sealed = _SealedBook(find_sealed_part, findings)
        self._findings = findings
        self.realms: dict[str, int] = {}
        self.undisclosed = 0

    def pass_over(self) -> None:
        """Note that the content of the next entry is not disclosed here."""
        self.undisclosed += 1
        self.pass_over_missing()

    def pass_over_missing(self) -> None:
        """Note that the content of the next entries is gone."""
        self._evidence.has_gaps = self._sealed.has_gaps = True

    def take(self, index: int, envelope: bytes) -> None:
        """Check the content of one entry."""
        try:
            header = read_header(open_envelope(envelope, self._keys))
        except HeaderMalformed as error:
            self._wrong(Fault.PAYLOAD, index, error)
            return
        except ClearlineError as error:
            self._wrong(Fault.ENVELOPE, index, error)
            return
        realm = str(header.realm)
        self.realms[realm] = self.realms.get(realm, 0) + 1
        if self._realm is not None and header.realm is not self._realm:
            what = f"The entry is {realm} in a log of realm {self._realm}."
            self._findings.add(Fault.REALM, index, index + 1, what)
        self._evidence.take(index, header)
        self._sealed.take(index, header)

    def finish(self) -> tuple[Erased, ...]:
        """Settle what only the end of the log can; return what was erased."""
        return self._sealed.finish()

    def caveats(self) -> list[str]:
        """Say what about the contents could not be looked at."""
        said = []
        if self.undisclosed:
            said.append(
                f"{self.undisclosed} entries are not disclosed here: "
                "their content was not checked."
            )
        return said + self._evidence.caveats() + self._sealed.caveats()

    @property
    def evidence_checked(self) -> int:
        """Return how many persons' assertions hold."""
        return self._evidence.checked

    @property
    def evidence_unchecked(self) -> int:
        """Return how many persons' assertions could not be checked."""
        return self._evidence.unchecked

    def _wrong(self, fault: Fault, index: int, error: ClearlineError) -> None:
        self._findings.add(fault, index, index + 1, error.what)


class _EvidenceBook:
    """Keep who has which passkey as the log goes on, and check what they signed."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._held: dict[str, tuple[bytes, ...]] = {}
        self._passkeys: dict[bytes, Enrolled] = {}
        self._used: set[bytes] = set()
        self._bare_claims = 0
        self.has_gaps = False
        self.checked = 0
        self.unchecked = 0

    def take(self, index: int, header: Header) -> None:
        try:
            self._enrol(header)
            self._check(header)
        except (EvidenceMalformed, EvidenceRefused) as error:
            self._findings.add(Fault.EVIDENCE, index, index + 1, error.what)

    def caveats(self) -> list[str]:
        said = []
        if self.unchecked:
            said.append(
                f"{self.unchecked} persons' assertions could not be checked: "
                "the entries with their passkeys are not disclosed here."
            )
        if self._bare_claims:
            said.append(
                f"{self._bare_claims} RELEASE calls say they were made with a "
                "passkey and carry no assertion: they stand on the node's word."
            )
        return said

    def _enrol(self, header: Header) -> None:
        """Put a person's passkeys in the place of those they had."""
        entered = read_enrolment(header)
        if entered is None:
            return
        person, enrolled = entered
        for credential in self._held.pop(person, ()):
            del self._passkeys[credential]
        by_id = {credential_of(one.passkey): one for one in enrolled}
        for credential in by_id:
            if credential in self._passkeys:
                raise EvidenceMalformed(
                    f"A passkey of {person} is already another person's.",
                    state="None of the passkeys of that entry was taken.",
                    next="Ask both persons to enrol again.",
                )
        self._passkeys.update(by_id)
        self._held[person] = tuple(by_id)

    def _check(self, header: Header) -> None:
        evidence = read_evidence(header)
        if evidence is None:
            self._bare_claims += _claims_passkey(header)
            return
        enrolled = self._passkeys.get(credential_of(evidence))
        if enrolled is None and self.has_gaps:
            self.unchecked += 1
            return
        if enrolled is None:
            raise _refused("Its passkey was not entered in the log before it.")
        check_evidence(evidence, enrolled, header)
        # A second entry with the same assertion was made by somebody else.
        assertion = assertion_of(evidence)
        if assertion in self._used:
            raise _refused("The same assertion stands in an earlier entry.")
        self._used.add(assertion)
        self.checked += 1


class _Erasing(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    by_entry: int
    erasure: Erasure


class _SealedBook:
    """Keep which entry holds which sealed part, and which were erased."""

    def __init__(self, find: FindSealed | None, findings: Findings) -> None:
        self._find = find
        self._findings = findings
        self._holders: dict[bytes, set[int]] = {}
        self._erasings: list[_Erasing] = []
        self.has_gaps = False

    def take(self, index: int, header: Header) -> None:
        try:
            erasure = read_erasure(header)
            digests = () if erasure else set(find_sealed(header.act))
        except SealMalformed as error:
            self._findings.add(Fault.ERASURE, index, index + 1, error.what)
            return
        if erasure is not None:
            self._erasings.append(_Erasing(by_entry=index, erasure=erasure))
        for digest in digests:
            self._holders.setdefault(digest, set()).add(index)

    def finish(self) -> tuple[Erased, ...]:
        """Look for every part; return those that are gone and said to be."""
        said = {one.erasure.part: one for one in self._erasings if self._fits(one)}
        for digest, one in said.items():
            self._holders.setdefault(digest, set()).add(one.erasure.entry)
        if self._find is None:
            return tuple(map(_erased, said.values()))
        erased = []
        for digest, holders in self._holders.items():
            part, index = self._find(digest), min(holders)
            if part is not None:
                self._look_at(index, digest, part, was_erased=digest in said)
            elif digest in said:
                erased.append(_erased(said[digest]))
            else:
                what = (
                    f"The sealed part {encode64(digest)} is gone; no entry erased it."
                )
                self._findings.add(Fault.SEALED_MISSING, index, index + 1, what)
        return tuple(erased)

    def caveats(self) -> list[str]:
        if self._find is not None or not self._holders:
            return []
        return [f"{len(self._holders)} sealed parts were not looked at."]

    def _fits(self, erasing: _Erasing) -> bool:
        """Say whether an erasing entry names a part an earlier entry holds."""
        entry, part = erasing.erasure.entry, erasing.erasure.part
        is_held = entry in self._holders.get(part, ())
        if 0 <= entry < erasing.by_entry and (is_held or self.has_gaps):
            return True
        what = f"Entry {entry} holds no sealed part {encode64(part)} to be erased."
        self._findings.add(Fault.ERASURE, erasing.by_entry, erasing.by_entry + 1, what)
        return False

    def _look_at(
        self, index: int, digest: bytes, part: SealedPart, *, was_erased: bool
    ) -> None:
        if was_erased:
            what = f"The sealed part {encode64(digest)} was erased and is still here."
            self._findings.add(Fault.SEALED_KEPT, index, index + 1, what)
        try:
            open_seal(digest, part)
        except SealBroken as error:
            self._findings.add(Fault.SEALED_CHANGED, index, index + 1, error.what)


def _erased(one: _Erasing) -> Erased:
    return Erased(
        entry=one.erasure.entry,
        part=encode64(one.erasure.part),
        by_entry=one.by_entry,
        rule=one.erasure.rule,
        person=one.erasure.person,
    )


def _claims_passkey(header: Header) -> bool:
    """Say whether a RELEASE says a passkey was used and shows none."""
    by = header.act.get("by")
    strength = by.get("strength") if isinstance(by, dict) else None
    return header.act.get("kind") == "RELEASE" and strength == "passkey"


def _refused(what: str) -> EvidenceRefused:
    return EvidenceRefused(
        what,
        state="The entry stands on its node's word alone.",
        next="Ask the person; keep the entry.",
    )
