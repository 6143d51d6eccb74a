"""A notice over HTTP, from its draft to its outcome, and who sees what of it."""

import base64
from datetime import timedelta

import msgspec
import pytest

from clearline.adapters.clock import SystemClock
from clearline.model.entries import PartySet
from clearline.model.notices import LEGAL_LINE
from clearline.model.parties import Party, PartyId, Standing
from notice_forms import CONVOY, SITE

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
NOTICES = "/api/v1/notices"


def later(**span):
    """Write an instant some time from now."""
    now = SystemClock().read().at
    at = now.replace(microsecond=0) + timedelta(**span)
    return at.isoformat().replace("+00:00", "Z")


def details_of(whole, **more):
    """Write details as a form holds them."""
    return {**msgspec.to_builtins(whole), **more}


def a_site(ref, **more):
    """A form of a clinic with nothing wrong but what is warned of."""
    told = {
        "id": ref,
        "what": f"clinic {ref} by the old mill",
        "where": "35.56789N 40.12345E",
        "end": later(days=30),
        "tells": ["south-ops"],
        "details": details_of(SITE, ref=ref),
        "personal": {"phones": ["+15550100", "+15550101", "+15550102"]},
    }
    return told | more


def a_convoy(id_, leaves_in=timedelta(hours=6), **more):
    """A form of a convoy that leaves some time from now and drives for an hour."""
    leaves = timedelta(seconds=leaves_in.total_seconds())
    told = {
        "id": id_,
        "what": "five lorries of flour",
        "shape": {
            "type": "corridor",
            "path": [{"lon": 40.0, "lat": 35.0}, {"lon": 40.0, "lat": 35.2}],
            "half_width_m": 50.0,
            "passages": [
                {"eta": later(seconds=leaves.total_seconds())},
                {"eta": later(seconds=leaves.total_seconds() + 3600)},
            ],
        },
        "tells": ["south-hq"],
        "details": details_of(CONVOY, ref=id_),
    }
    return told | more


def files(client, form):
    """File a notice and return what was answered."""
    said = client.post(NOTICES, json=form)
    assert said.status_code == 201, said.text
    return said.json()


def consent(precision):
    """Let south-ops know with a precision."""
    return [
        {"desk": "south-ops", "precision": precision, "by": "north", "source": "form"}
    ]


def test_a_notice_is_filed_seen_answered_and_withdrawn(shared):
    """Each side sees its own of it, and the legal line with all of it."""
    with shared.as_person("lina") as lina, shared.as_person("duty") as duty:
        form = a_site("s1", consents=consent("exact"))
        done = files(lina, form)
        assert done["notice"]["is_own"]
        assert done["notice"]["unread"] == ["south-air"]
        assert files(lina, form)["first"] is None
        path = f"{NOTICES}/s1"
        seen = duty.get(path).json()
        assert (seen["level"], seen["notice"]) == ("exact", None)
        assert seen["revision"]["where"]["text"] == "35.56789N 40.12345E"
        assert duty.post(f"{path}/shown", json={}).status_code == 200
        said = duty.post(f"{path}/answers", json={"disposition": "acknowledged"})
        assert said.json()["has_changed"], said.text
        own = lina.get(path).json()
        assert [d["disposition"] for d in own["dispositions"]] == [
            "shown", "acknowledged",
        ]  # fmt: skip
        gone = lina.post(f"{path}/withdrawal", json={"why": "it moved"}).json()
        assert gone["notice"]["status"] == "withdrawn"
        assert duty.get(path).json()["is_withdrawn"]
        for one in (done, seen, own, gone):
            assert one["legal"] == LEGAL_LINE


@pytest.mark.parametrize("who", ["observer", "chief", "auditor"])
def test_who_is_not_told_finds_nothing(shared, who):
    """Not there, whether it is or not: the same bytes but for the id."""
    with shared.as_person("lina") as lina, shared.as_person(who) as other:
        files(lina, a_site(f"hidden-{who}", consents=consent("coarse")))
        if who == "auditor":
            assert other.get(f"{NOTICES}/hidden-{who}").json()["level"] == "coarse"
            return
        there = other.get(f"{NOTICES}/hidden-{who}")
        nothing = other.get(f"{NOTICES}/no-such-thing")
        assert (there.status_code, there.text) == (404, nothing.text)
        for act in ("answers", "withdrawal", "shown", "confirmation"):
            body = {"disposition": "denied"} if act == "answers" else {}
            said = other.post(f"{NOTICES}/hidden-{who}/{act}", json=body)
            none = other.post(f"{NOTICES}/no-such-thing/{act}", json=body)
            assert (said.status_code, said.text) == (404, none.text)
        assert other.get(f"{NOTICES}/hidden-{who}/personal").status_code == 404
        listed = other.get(NOTICES, params={"whose": "told"}).json()["items"]
        assert f"hidden-{who}" not in [one["id"] for one in listed]


def test_all_that_is_wrong_is_answered_at_its_field(shared):
    """In `faults` of the problem; a check beforehand says the same."""
    form = a_convoy(
        "c-wrong", details=details_of(CONVOY, armed_escort=None, purpose="")
    )
    with shared.as_person("lina") as lina:
        refused = lina.post(NOTICES, json=form)
        assert refused.status_code == 422
        fields = {one["field"] for one in refused.json()["faults"]}
        assert fields >= {"details.armed_escort", "details.purpose"}
        checked = lina.post("/api/v1/notice-checks", json=form).json()
        assert not checked["is_taken"]
        assert {one["field"] for one in checked["faults"]} == fields
        nowhere = {"what": "something", "where": " "}
        refused = lina.post(NOTICES, json=nowhere).json()
        assert [one["field"] for one in refused["faults"]] == ["where"]
        refused = lina.post(
            NOTICES, json=a_site("s-far", tells=["nobody"], where_again="36N 41E")
        )
        assert refused.status_code in (404, 422)


def test_a_convoy_lives(shared):
    """It leaves, stands, is late, arrives; how it went is counted for the month."""
    with shared.as_person("lina") as lina:
        done = files(lina, a_convoy("c1"))
        assert done["notice"]["unread"] == ["south-air"]
        assert {c["name"] for c in done["notice"]["notice"]["clocks"]} == {
            "answer", "read", "departure", "expiry",
        }  # fmt: skip
        path = f"{NOTICES}/c1"
        early = lina.post(f"{path}/movements", json={"state": "arrived"})
        assert early.status_code == 409
        for state in ("departed", "at stop", "delayed", "arrived"):
            said = lina.post(
                f"{path}/movements", json={"state": state, "where": "35.1N 40.0E"}
            )
            assert said.status_code == 200, said.text
        assert len(said.json()["notice"]["moves"]) == 4
        assert said.json()["notice"]["status"] == "completed"  # hours before its window
        ended = lina.post(f"{path}/outcome", json={"outcome": "impeded"}).json()
        assert ended["notice"]["status"] == "completed"
        month = ended["notice"]["window"]["start"][:7]
        counts = lina.get("/api/v1/notice-counts", params={"month": month}).json()
        assert {
            "kind": "movement", "status": "completed", "outcome": "impeded", "count": 1,
        } in counts["counts"]  # fmt: skip
        assert counts["legal"] == LEGAL_LINE


def test_an_amendment_is_answered_anew(shared):
    """Guards that were not there before: whoever had answered has not any more."""
    with shared.as_person("lina") as lina, shared.as_person("chief") as chief:
        files(lina, a_convoy("c2"))
        path = f"{NOTICES}/c2"
        chief.post(f"{path}/answers", json={"disposition": "acknowledged"})
        guarded = details_of(
            CONVOY, ref="c2", armed_escort=True, escort_by="two guards in car 3"
        )
        done = lina.post(f"{path}/revisions", json=a_convoy("c2", details=guarded))
        assert done.status_code == 200, done.text
        assert done.json()["notice"]["number"] == 2
        seen = chief.get(path).json()
        assert seen["says"] == "by road, armed escort"
        own = lina.get(path).json()
        assert all(d["revision"] == 1 for d in own["dispositions"])
        assert "south-air" in own["unread"]


def test_numbers_are_sealed_and_kept_over_an_amendment(shared):
    """They stand in no answer but the owner's own question for them."""
    with shared.as_person("lina") as lina, shared.as_person("duty") as duty:
        files(lina, a_site("s-sealed", consents=consent("exact")))
        path = f"{NOTICES}/s-sealed"
        assert "15550100" not in lina.get(path).text + duty.get(path).text
        again = a_site("s-sealed", details=details_of(SITE, ref="x", request="amend"))
        del again["personal"]
        assert lina.post(f"{path}/revisions", json=again).status_code == 200
        kept = lina.get(f"{path}/personal").json()
        assert kept["phones"] == ["+15550100", "+15550101", "+15550102"]
        assert duty.get(f"{path}/personal").status_code == 404


def test_a_notice_goes_through_a_desk_that_looks_at_it(shared):
    """Returned with what is wrong, then forwarded; until then nobody else knows."""
    with (
        shared.as_person("lina") as lina,
        shared.as_person("observer") as observer,
        shared.as_person("duty") as duty,
    ):
        files(lina, a_site("s-way", through="monitor-ops"))
        path = f"{NOTICES}/s-way"
        assert duty.get(path).status_code == 404
        said = observer.post(
            f"{path}/routing", json={"routing": "returned", "why": "which mill?"}
        )
        assert said.json()["notice"]["status"] == "returned for correction"
        said = observer.post(
            f"{path}/routing", json={"routing": "forwarded", "to": "south-ops"}
        )
        routed = said.json()["notice"]["notice"]["routed"]
        assert [one["routing"] for one in routed] == ["returned", "forwarded"]
        assert duty.get(path).status_code == 200


def test_a_file_goes_with_a_notice_and_to_whom_knows_it_exactly(shared):
    """What it is follows from its bytes; nobody else gets it by its hash."""
    with shared.as_person("lina") as lina, shared.as_person("duty") as duty:
        content = base64.b64encode(PNG).decode()
        said = lina.post(
            "/api/v1/files", json={"name": "../roof.jpg", "content": content}
        )
        assert said.status_code == 201, said.text
        roof = said.json()
        assert (roof["name"], roof["media_type"]) == ("roof.jpg", "image/png")
        for precision, status in (("exact", 200), ("coarse", 404)):
            id_ = f"s-file-{precision}"
            form = a_site(id_, consents=consent(precision), attached=[roof])
            files(lina, form)
            got = duty.get(f"{NOTICES}/{id_}/files/{roof['sha256']}")
            assert got.status_code == status
        got = lina.get(f"{NOTICES}/s-file-exact/files/{roof['sha256']}")
        assert got.content == PNG
        assert got.headers["content-disposition"] == "attachment"
        other = {**roof, "sha256": "0" * 64}
        refused = lina.post(NOTICES, json=a_site("s-file-2", attached=[other]))
        fields = [one["field"] for one in refused.json()["faults"]]
        assert "attached[0].sha256" in fields
        other = {**roof, "media_type": "text/html"}
        refused = lina.post(NOTICES, json=a_site("s-file-3", attached=[other]))
        assert refused.status_code == 422


@pytest.mark.parametrize(
    "data", [b"", b"MZ\x90\0", b"<svg onload=alert(1)>", b"GIF89a\xff\xfe\0"]
)
def test_what_nobody_looks_at_is_no_attachment(shared, data):
    """Programs, pages and what cannot be told are refused by their bytes."""
    with shared.as_person("lina") as lina:
        content = base64.b64encode(data).decode()
        said = lina.post("/api/v1/files", json={"name": "a.png", "content": content})
        assert said.status_code == 422
        assert said.json()["type"].endswith("#notanattachment")


def test_a_site_is_filed_by_two_where_its_party_asks(node):
    """One keeps the draft, another approves it; both names stand in the log."""
    node.enter(
        PartySet(
            party=Party(
                id=PartyId("north"),
                name="north",
                standing=Standing.PARTICIPANT,
                needs_two_to_file=True,
            )
        )
    )
    with node.as_person("lina") as lina, node.as_person("admin") as second:
        refused = lina.post(NOTICES, json=a_site("s2"))
        assert refused.json()["faults"][-1]["field"] == "approved_by"
        path = "/api/v1/notice-drafts/s2"
        assert lina.put(path, json=a_site("s2")).status_code == 200
        assert lina.post(f"{path}/approval", json={}).status_code == 403
        with node.as_person("duty") as stranger:
            assert stranger.get(path).status_code == 404
        assert [
            one["id"] for one in second.get("/api/v1/notice-drafts").json()["items"]
        ]
        done = second.post(f"{path}/approval", json={})
        assert done.status_code == 201, done.text
        kept = done.json()["notice"]["notice"]
        assert kept["filed_by"]["person"] == "lina"
        assert kept["approved_by"]["person"] == "admin"
        assert lina.get(path).status_code == 404


def test_a_list_comes_in_pages_and_holds_no_others(shared):
    """Newest first, own and told apart, each once."""
    with shared.as_person("lina") as lina, shared.as_person("duty") as duty:
        for number in range(5):
            form = a_site(f"page-{number}", where=f"36.{number}2345N 41.12345E")
            files(lina, form)
        found, after = [], ""
        while True:
            page = lina.get(
                NOTICES, params={"limit": 2, "after": after, "whose": "own"}
            ).json()
            found += [one["id"] for one in page["items"]]
            after = page["next"]
            if not after:
                break
        assert found[:5] == [f"page-{number}" for number in (4, 3, 2, 1, 0)]
        assert len(found) == len(set(found))
        told = duty.get(NOTICES, params={"whose": "told", "limit": 200}).json()
        assert all(not one["is_own"] for one in told["items"])
        assert duty.get(NOTICES, params={"whose": "own"}).json()["items"] == []
        assert lina.get(NOTICES, params={"after": "no-such"}).status_code == 400


def test_each_desk_follows_its_own_of_a_notice(node):
    """A desk hears what is said to it and what it did, and nothing of the others."""
    with (
        node.as_person("lina") as lina,
        node.as_person("duty") as duty,
        node.as_person("observer") as observer,
    ):
        form = a_site("s-feed", tells=["south-ops", "monitor-ops"])
        with duty.stream("GET", "/api/v1/feed") as stream:
            lines = stream.iter_lines()
            files(lina, form)
            for client in (observer, duty):
                said = client.post(
                    f"{NOTICES}/s-feed/answers", json={"disposition": "queried"}
                )
                assert said.status_code == 200
            heard = []
            for line in lines:
                if line.startswith("data: ") and '"notice":' in line:
                    heard.append(msgspec.json.decode(line.removeprefix("data: ")))
                if len(heard) == 2:
                    break
    assert [one["act"] for one in heard] == ["notice_filed", "notice_disposed"]
    assert "monitor" not in str(heard)


def test_a_party_goes_on_to_ask_for_two_when_it_is_renamed(node):
    """What nobody says anything of stays as it was; said, it changes."""
    with node.as_person("admin") as admin:
        path = "/api/v1/parties/north"
        given = {"name": "North", "needs_two_to_file": True}
        assert admin.put(path, json=given).json()["needs_two_to_file"]
        renamed = admin.put(path, json={"name": "The North"}).json()
        assert (renamed["name"], renamed["needs_two_to_file"]) == ("The North", True)
        given = {"name": "North", "needs_two_to_file": False}
        assert not admin.put(path, json=given).json().get("needs_two_to_file")


@pytest.mark.parametrize(
    ("where", "wrong"),
    [
        ("95.33612N 40.13921E", "cannot be a latitude"),
        ("40.13921 35.33612", "may be 2 places"),
        ("37S FV 0353 10917", "same number of digits"),
    ],
)
def test_figures_that_are_no_place_are_refused_at_their_field(shared, where, wrong):
    """They are no name that nobody can locate; nor is one of two places guessed."""
    with shared.as_person("lina") as lina:
        looked = lina.post("/api/v1/notice-checks", json=a_site("n-95", where=where))
        plan = {
            "where": where,
            "window": {"start": later(days=1), "end": later(days=2)},
        }
        screened = lina.post("/api/v1/screenings", json=plan)
    found = {one["field"]: one for one in looked.json()["faults"]}
    assert wrong in found["where"]["wrong"]
    assert not looked.json()["is_taken"]
    assert (screened.status_code, wrong in screened.text) == (422, True)
