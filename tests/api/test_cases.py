"""Cases over HTTP, while the node runs: whoever keeps one sees it, and nobody else."""

import pytest

from api.nodes import PASSWORD
from api.test_notices import a_site
from clearline.cli.case import show
from clearline.cli.case_kept import CHANGED, asked, attach, harm, keep, list_
from clearline.cli.connection import At, keep_session
from clearline.client import Refused
from clearline.model.errors import BadInput
from unit.wire.test_casefiles import SMALL


def harmed(client, case="ferry"):
    """Report harm on a STOP raised for it."""
    call = client.post("/api/v1/calls", json={"to_desk": "south-ops"}).json()
    given = {"case": case, "says": "The ferry was hit.", "call": call["calls"][0]["id"]}
    said = client.post("/api/v1/harm", json=given)
    assert said.status_code == 200, said.text
    return said.json()


def entered(client, case, type_, **act):
    """Enter an act of a case."""
    said = client.post(f"/api/v1/cases/{case}/acts", json={"type": type_, "act": act})
    assert said.status_code == 200, said.text
    return said.json()["entries"]


def test_harm_opens_a_case_and_holds_its_evidence(node):
    """One report opens the case; said again it changes nothing."""
    with node.as_person("lina") as lina:
        assert harmed(lina)["entries"] == 3
        shown = lina.get("/api/v1/cases/ferry").json()
        assert shown["case"]["is_held"]
        assert shown["case"]["harm"] == ["The ferry was hit."]
        assert "creates no protection" in shown["legal"]
        again = {"case": "ferry", "says": "The ferry was hit."}
        again["call"] = shown["case"]["calls"][0]
        assert lina.post("/api/v1/harm", json=again).json()["entries"] == 0


def test_another_party_sees_nothing_of_a_case(node):
    """Not in the list, not by name, not by writing: it answers as nothing would."""
    with node.as_person("lina") as lina, node.as_person("duty") as duty:
        harmed(lina)
        assert duty.get("/api/v1/cases").json()["cases"] == []
        missing = duty.get("/api/v1/cases/nothing").json()
        for path in ("", "/laid-out", "/report"):
            there = duty.get(f"/api/v1/cases/ferry{path}")
            assert there.status_code == 404
            assert there.json()["title"] == missing["title"].replace("nothing", "ferry")
        assert duty.get("/api/v1/cases/north:ferry").status_code == 404


def test_a_name_another_party_uses_opens_a_case_as_a_free_one_does(node):
    """Nobody finds out by trying which cases there are: answers are the same words."""
    with node.as_person("lina") as lina, node.as_person("duty") as duty:
        harmed(lina)
        said = []
        for name in ("ferry", "bridge"):
            opened = harmed(duty, name)
            assert opened.pop("case") == f"south:{name}"
            act = {"type": "evidence_held", "act": {"why": "x"}}
            refused = [
                duty.post(f"/api/v1/cases/{party}:{name}/acts", json=act)
                for party in ("north", "monitor")
            ]
            told = [one.text.replace(name, "X") for one in refused]
            said.append((opened, [one.status_code for one in refused], told))
        assert said[0] == said[1]


def test_what_one_may_not_know_is_no_case_of_ones_own(node):
    """Harm on a call of others is refused as harm on one that is not there."""
    with node.as_person("lina") as lina, node.as_person("observer") as observer:
        call = lina.post("/api/v1/calls", json={"to_desk": "south-ops"}).json()
        there = call["calls"][0]["id"]
        given = {"case": "x", "says": "Hit."}
        said = [
            observer.post("/api/v1/harm", json=given | {"call": name})
            for name in (there, "not-there")
        ]
        assert said[0].status_code == said[1].status_code == 404
        told = [one.text.replace(there, "not-there") for one in said]
        assert told[0] == told[1]


def test_an_allegation_is_answered_by_the_party_it_is_against(node):
    """South sees it once it is put to them, answers, and still sees nothing else."""
    with node.as_person("lina") as lina, node.as_person("duty") as duty:
        harmed(lina)
        entered(
            lina, "ferry", "allegation_made",
            allegation="a-1", says="South fired after the HOLD.", against="south",
        )  # fmt: skip
        assert duty.get("/api/v1/allegations").json()["allegations"] == []
        entered(
            lina, "ferry", "allegation_queried", allegation="a-1", asks="Did you fire?"
        )
        (put,) = duty.get("/api/v1/allegations").json()["allegations"]
        assert put["allegation"]["asks"] == "Did you fire?"
        name = put["case"]
        entered(duty, name, "allegation_answered", allegation="a-1", says="We did not.")
        kept = lina.get("/api/v1/cases/ferry").json()["case"]["allegations"]
        assert kept[0]["replies"] == ["We did not."]
        assert duty.get("/api/v1/cases/ferry").status_code == 404


def test_a_finding_is_joint_by_the_words_of_each(node):
    """South sees the finding that is said to be its own, answers, and nothing else."""
    with node.as_person("lina") as lina, node.as_person("duty") as duty:
        harmed(lina)
        assert duty.get("/api/v1/findings").json()["findings"] == []
        entered(
            lina, "ferry", "finding_made",
            finding="f-1", says="The word came late.", parties=["north", "south"],
        )  # fmt: skip
        (put,) = duty.get("/api/v1/findings").json()["findings"]
        assert put["case"] == "north:ferry"
        assert put["finding"]["says"] == "The word came late."
        assert lina.get("/api/v1/findings").json()["findings"] == []
        page = lina.get("/api/v1/cases/ferry/report?audience=whole").text
        assert "south has not said whether it agrees" in page
        act = {"finding": put["finding"]["id"], "agrees": True}
        given = {"type": "finding_answered", "act": act}
        said = duty.post("/api/v1/cases/north:ferry/acts", json=given).json()
        assert said == {"case": "north:ferry", "entries": 1}
        page = lina.get("/api/v1/cases/ferry/report?audience=whole").text
        assert "Joint finding of north and south" in page
        log = node.service.node.log
        *others, own = [
            index for index, said in log.read(0, log.size) if b'"north:ferry"' in said
        ]
        assert others
        codes = {
            index: duty.get(f"/api/v1/ledger/entries/{index}/receipt").status_code
            for index in (*others, own)
        }
        assert codes == {**dict.fromkeys(others, 404), own: 200}
        assert duty.get("/api/v1/cases/north:ferry").status_code == 404


def test_a_body_of_the_line_reads_as_much_as_the_referral_says(node):
    """It finds the case, reads its report and nothing else; others find nothing."""
    with node.as_person("lina") as lina, node.as_person("duty") as duty:
        harmed(lina)
        given = {"id": "s-1", "role": "nurse", "pseudonym": "witness 1"}
        given |= {"said": "Two came in before the call."}
        lina.post("/api/v1/cases/ferry/statements", json=given)
        path = "/api/v1/cases/north:ferry/report"
        assert duty.get(path).status_code == 404
        assert duty.get("/api/v1/referrals").json()["cases"] == []
        entered(lina, "ferry", "case_referred", to="south", why="For your comment.")
        (referred,) = duty.get("/api/v1/referrals").json()["cases"]
        assert (referred["case"], referred["sees"]) == ("north:ferry", "parties")
        page = duty.get(f"{path}?audience=whole").text
        assert "Two came in" not in page
        assert "1 statements" in page
        assert "for: <bdi>south (parties)</bdi>" in page
        assert duty.get("/api/v1/cases/north:ferry").status_code == 404
        own = lina.get("/api/v1/cases/ferry/report?body=south").text
        assert "Two came in" not in own
        nobody = lina.get("/api/v1/cases/ferry/report?body=monitor")
        assert nobody.status_code == 422, nobody.text
    with node.as_person("observer") as observer:
        assert observer.get("/api/v1/referrals").json()["cases"] == []
        assert observer.get(path).status_code == 404


def test_the_record_shows_the_case_its_own_calls_and_no_others(node):
    """Who was rung for what it is about; of what is kept from its party, nothing."""
    with node.as_person("lina") as lina, node.as_person("duty") as duty:
        harmed(lina)
        place = "33.4444N 40.5555E"
        hidden = a_site("mill", where=place, tells=["monitor-ops"])
        filed = duty.post("/api/v1/notices", json=hidden)
        assert filed.status_code in (200, 201), filed.text
        other = duty.post("/api/v1/calls", json={"to_desk": "monitor-ops"}).json()
        record = lina.get("/api/v1/cases/ferry/record").json()
        (call,) = lina.get("/api/v1/cases/ferry").json()["case"]["calls"]
        assert [one["item"] for one in record["known"]] == [call]
        assert "duty officer (duty)" in record["known"][0]["rows"][0]["who"]
        report = lina.get("/api/v1/cases/ferry/report?audience=whole").text
        for text in (str(record), report):
            assert "33.4444" not in text
            assert other["calls"][0]["id"] not in text


def test_a_name_is_sealed_and_in_no_answer(node):
    """What a person said is there; who they are lies beside the log."""
    with node.as_person("lina") as lina:
        harmed(lina)
        given = {"id": "s-1", "role": "nurse", "pseudonym": "witness 1"}
        given |= {"said": "Two came in before the call.", "name": "The Real Name"}
        path = "/api/v1/cases/ferry/statements"
        assert lina.post(path, json=given).json()["entries"] == 1
        assert lina.post(path, json=given).json()["entries"] == 0
        whole = lina.get("/api/v1/cases/ferry").text
        report = lina.get("/api/v1/cases/ferry/report?audience=whole")
        assert "Two came in" in whole
        assert "Two came in" in report.text
        assert "Real Name" not in whole + report.text


def test_a_hold_is_let_go_by_two_people_of_two_parties(node):
    """Nobody lends the second signature: not by an act, not without the password."""
    with node.as_person("lina") as lina:
        harmed(lina)
        forged = {"party": "monitor", "desk": "monitor-ops", "strength": "passkey"}
        act = {"why": "enough", "second": forged | {"person": "observer"}}
        said = lina.post(
            "/api/v1/cases/ferry/acts",
            json={"type": "evidence_released", "act": act},
        )
        assert said.status_code == 400, said.text
        path = "/api/v1/cases/ferry/release"
        given = {"second": "observer", "secret": "wrong words", "why": "both agree"}
        assert lina.post(path, json=given).status_code == 401
        assert lina.get("/api/v1/cases/ferry").json()["case"]["is_held"]
        done = lina.post(path, json=given | {"secret": PASSWORD})
        assert done.json()["entries"] == 1, done.text
        assert not lina.get("/api/v1/cases/ferry").json()["case"]["is_held"]


@pytest.mark.parametrize(
    "given",
    [
        {"type": "nothing", "act": {}},
        {"type": "finding_made", "act": {"colour": "red"}},
        {"type": "finding_made", "act": {"says": 7}},
        {"type": "lesson_reminded", "act": {"lesson": "l", "owner": "north-ops"}},
    ],
)
def test_an_act_that_is_none_is_refused_with_what_to_do(node, given):
    """A wrong type, an unknown field, a wrong value: 400 with three sentences."""
    with node.as_person("lina") as lina:
        harmed(lina)
        said = lina.post("/api/v1/cases/ferry/acts", json=given)
        assert said.status_code == 422, said.text
        assert said.json()["next"]


def test_a_case_is_laid_out_while_the_node_runs(node):
    """Its claims stand by question and by time, with nobody's column for the truth."""
    with node.as_person("lina") as lina:
        harmed(lina)
        source = {"id": "paper", "title": "A paper", "date": "2026", "kind": "press"}
        entered(lina, "ferry", "case_term_set", source=source | {"leaning": "none"})
        question = {"id": "when", "asks": "When was it?"}
        entered(lina, "ferry", "case_term_set", question=question)
        claim = {"id": "c-1", "says": "At noon.", "what": {"is": "event"}}
        claim |= {"sources": ["paper"], "answers": ["when"]}
        entered(lina, "ferry", "claim_made", claim=claim)
        laid = lina.get("/api/v1/cases/ferry/laid-out").json()
        (row,) = laid["by_question"]["rows"]
        assert row["cells"][0][0]["says"] == "At noon."
        assert lina.get("/api/v1/cases/ferry").json()["claims"] == 1


def test_the_command_writes_to_a_node_that_runs(node, tmp_path, monkeypatch):
    """A case file, a statement and an attachment go in as whoever signed in."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with node.as_person("lina") as lina:
        signed_in(node, lina)
        file = tmp_path / "small.case.yaml"
        file.write_text(SMALL, encoding="utf-8")
        assert keep(file, node=node.url) == 0
        (line,) = lina.get("/api/v1/cases").json()["cases"]
        photo = tmp_path / "photo.png"
        photo.write_bytes(b"marked roof")
        assert attach(photo, case=line["id"], node=node.url) == 0
        photo.write_bytes(b"another roof")
        assert attach(photo, case=line["id"], node=node.url) == CHANGED
        case = lina.get(f"/api/v1/cases/{line['id']}").json()["case"]
        hashes = [one["sha256"] for one in case["attachments"][0]["custody"]]
        assert len(set(hashes)) == 2


def test_the_command_reads_a_node_that_runs(node, tmp_path, monkeypatch, capsys):
    """A case is listed and shown as whoever signed in, and what was put to them."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with node.as_person("lina") as lina, node.as_person("duty") as duty:
        harmed(lina)
        act = {"finding": "f", "says": "Late.", "parties": ["north", "south"]}
        entered(lina, "ferry", "finding_made", **act)
        signed_in(node, lina)
        assert list_(node=node.url) == 0
        assert "north:ferry: Harm" in capsys.readouterr().out
        assert show("ferry", by="knowledge", node=node.url) == 0
        assert "south-ops: duty officer" in capsys.readouterr().out
        assert show("ferry", by="time", node=node.url) == 0
        assert "creates no protection" in capsys.readouterr().out
        signed_in(node, duty)
        assert list_(node=node.url) == 0
        assert "No case is kept here." in capsys.readouterr().out
        with pytest.raises(Refused):
            show("ferry", node=node.url)
        assert asked(at=At(node=node.url)) == 0
        assert "north:ferry, finding north:f: Late." in capsys.readouterr().out


def signed_in(node, client):
    """Keep the session of somebody who signed in, as the command does."""
    token = client.headers["authorization"].removeprefix("Bearer ")
    keep_session(node.url, {"token": token})


def test_who_writes_is_said_once(tmp_path):
    """A desk without a person, or beside a node, is refused before anything is done."""
    with pytest.raises(BadInput, match="who writes"):
        harm("ferry", "The ferry was hit.", desk="north-ops", data=tmp_path)
