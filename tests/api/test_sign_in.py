"""Signing in and out: passwords, one-time codes, passkeys, cookies, guessing."""

import contextlib
import json

import pytest
from soft_webauthn import SoftWebauthnDevice
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from api.nodes import PASSWORD, running
from clearline.adapters.secrets import FREE_TRIES, LockedOut
from clearline.model.access import SecretKind
from clearline.model.instants import Duration, write_instant
from clearline.model.parties import PersonId
from clearline.web.endpoints import PROVING


def signs_in(client, person, secret, **more):
    """Try to sign in."""
    return client.post(
        "/api/v1/sessions", json={"person": person, "secret": secret, **more}
    )


def test_the_first_person_comes_in_with_the_printed_code(tmp_path):
    """A new node takes its first person once, with the code it printed."""
    with running(tmp_path / "data", has_people=False) as node, node.anybody() as door:
        given = {
            "code": node.service.setup_code, "party": "north", "party_name": "North",
            "desk": "north-ops", "desk_name": "Operations", "person": "lina",
            "pseudonym": "Lina", "password": PASSWORD,
        }  # fmt: skip
        wrong = door.post("/api/v1/setup", json={**given, "code": "ABCD"})
        assert wrong.status_code == 401
        assert door.post("/api/v1/setup", json=given).status_code == 204
        assert door.post("/api/v1/setup", json=given).status_code == 401
        with node.as_person("lina") as lina:
            said = lina.get("/api/v1/sessions/current").json()
    assert "administrator" in said["roles"]
    assert said["token"] == ""


def test_a_wrong_password_and_a_wrong_person_look_the_same(node):
    """Nothing tells whether a person exists."""
    with node.anybody() as door:
        wrong = signs_in(door, "lina", "not the sentence")
        nobody = signs_in(door, "nobody-here", "not the sentence")
    assert wrong.status_code == nobody.status_code == 401
    assert wrong.json() == nobody.json()


def test_guessing_gets_slow_and_never_stops_a_stop(node):
    """After a few failures even the right password waits; a device's STOP does not."""
    with node.as_person("admin") as admin:
        given = {"desk": "north-ops", "name": "wall"}
        token = admin.post("/api/v1/devices", json=given).json()["token"]
    secrets = node.service.secrets
    for _ in range(FREE_TRIES + 3):
        with contextlib.suppress(LockedOut):
            secrets.prove(PersonId("lina"), "guess", (SecretKind.PASSWORD,))
    with node.anybody() as door:
        said = signs_in(door, "lina", PASSWORD)
        assert said.status_code == 429
        assert int(said.headers["retry-after"]) >= 1
        assert signs_in(door, "duty", PASSWORD).status_code == 201
    node.exhaust("sign-in 127.0.0.1", PROVING)
    with node.anybody(token) as device:
        assert device.post("/api/v1/calls", json={}).status_code == 201


def test_a_one_time_code_opens_once_and_asks_for_a_password(node):
    """The code lets in once; until a password is set nothing old is asked for."""
    with node.as_person("admin") as admin, node.anybody() as door:
        code = admin.post("/api/v1/persons/duty/once").json()["code"]
        first = signs_in(door, "duty", code)
        assert first.json()["must_set_password"] is True
        assert signs_in(door, "duty", code).status_code == 401
        node.service.secrets.drop(PersonId("duty"), SecretKind.PASSWORD)
        code = admin.post("/api/v1/persons/duty/once").json()["code"]
        said = signs_in(door, "duty", code).json()
        assert said["must_set_password"] is True
    with node.anybody(said["token"]) as duty:
        given = {"kind": "password", "secret": "another long sentence"}
        assert duty.put("/api/v1/secrets", json=given).status_code == 204
        given = {"kind": "password", "secret": "a third long sentence", "now": "wrong"}
        assert duty.put("/api/v1/secrets", json=given).status_code == 401
        weak = {"kind": "pin", "secret": "1111", "now": "another long sentence"}
        assert duty.put("/api/v1/secrets", json=weak).status_code == 422


def test_whoever_forgot_the_password_sets_a_new_one_after_a_code(node):
    """The old one is not asked for, opens nothing any more, and a RELEASE is proven."""
    with node.as_person("admin") as admin, node.anybody() as door:
        code = admin.post("/api/v1/persons/duty/once").json()["code"]
        token = signs_in(door, "duty", code).json()["token"]
    with node.anybody(token) as duty, node.anybody() as door:
        pin = {"kind": "pin", "secret": "4821"}
        assert duty.put("/api/v1/secrets", json=pin).status_code == 401
        new = {"kind": "password", "secret": "words that were not used"}
        assert duty.put("/api/v1/secrets", json=new).status_code == 204
        assert signs_in(door, "duty", PASSWORD).status_code == 401
        assert signs_in(door, "duty", new["secret"]).status_code == 201
        current = duty.get("/api/v1/sessions/current").json()
        assert (current["strength"], current["must_set_password"]) == (
            "password",
            False,
        )
        again = {"kind": "password", "secret": "words of somebody else"}
        assert duty.put("/api/v1/secrets", json=again).status_code == 401


def test_a_secret_that_would_do_nothing_is_refused(node):
    """Nobody draws a code for themselves, nor has a duress word that nobody hears."""
    with node.as_person("duty") as duty, node.as_person("lina") as lina:
        once = {"kind": "once", "secret": "1", "now": PASSWORD}
        assert duty.put("/api/v1/secrets", json=once).status_code == 400
        word = {"kind": "duress", "secret": "blue skies today", "now": PASSWORD}
        assert duty.put("/api/v1/secrets", json=word).status_code == 204
        alone = lina.put("/api/v1/secrets", json=word)
        assert alone.status_code == 400
        assert "no other desk" in alone.json()["title"]


def test_a_cookie_alone_changes_nothing(node):
    """Another site's page can have a cookie sent; it cannot know the token."""
    with node.anybody() as page:
        said = signs_in(page, "lina", PASSWORD).json()
        assert page.get("/api/v1/calls").status_code == 200
        assert page.post("/api/v1/calls", json={}).status_code == 403
        csrf = {"x-csrf-token": said["csrf"]}
        assert page.post("/api/v1/calls", json={}, headers=csrf).status_code == 201
        across = {**csrf, "sec-fetch-site": "cross-site"}
        refused = page.post("/api/v1/calls", json={}, headers=across)
        assert refused.status_code == 403
        assert refused.json()["type"].endswith("#notfromthispage")


def test_the_cookie_is_kept_from_scripts_and_other_sites(node):
    """HttpOnly, SameSite=Strict; Secure wherever TLS is spoken."""
    with node.anybody() as page:
        cookie = signs_in(page, "lina", PASSWORD).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


@pytest.mark.parametrize("token", ["", "cls_", "cls_nonsense", "clk_x", "x" * 5000])
def test_a_token_nobody_gave_out_opens_nothing(node, token):
    """A forged, cut or foreign token is nobody."""
    with node.anybody(token) as somebody:
        assert somebody.get("/api/v1/calls").status_code == 401


def test_signing_out_ends_it_here_or_everywhere(node):
    """A token that was signed out is replayed in vain."""
    with node.as_person("lina") as one, node.as_person("lina") as two:
        assert one.delete("/api/v1/sessions/current").status_code == 204
        assert one.get("/api/v1/calls").status_code == 401
        assert two.get("/api/v1/calls").status_code == 200
        with node.as_person("lina") as three:
            assert two.delete("/api/v1/sessions").status_code == 204
            assert three.get("/api/v1/calls").status_code == 401


def test_a_session_ends_by_itself(node, monkeypatch):
    """Fourteen hours later the token opens nothing."""
    with node.as_person("lina") as lina:
        (session,) = node.service.tokens._sessions.values()
        later = session.ends_at

        class Later:
            def read(self):
                return type("Reading", (), {"at": later})

        monkeypatch.setattr(node.service.tokens, "_clock", Later())
        assert lina.get("/api/v1/calls").status_code == 401


def test_sessions_and_devices_outlive_a_restart(tmp_path):
    """Who was signed in is signed in after the node came up again."""
    with running(tmp_path / "data") as node, node.as_person("lina") as lina:
        token = lina.headers["authorization"].removeprefix("Bearer ")
    again = running(tmp_path / "data", has_people=False)
    with again as node, node.anybody(token) as somebody:
        said = somebody.get("/api/v1/calls")
    assert said.status_code == 200


def test_the_duress_word_looks_normal_and_rings_the_other_desks(node):
    """The desk under duress sees nothing; every other desk of the party is rung."""
    node.service.secrets.keep(PersonId("duty"), SecretKind.DURESS, "blue skies today")
    with node.anybody() as door:
        normal = signs_in(door, "duty", PASSWORD).json()
        forced = signs_in(door, "duty", "blue skies today")
    assert forced.status_code == 201
    assert forced.json().keys() == normal.keys()
    with node.anybody(forced.json()["token"]) as duty, node.as_person("chief") as chief:
        assert duty.get("/api/v1/calls").json()["items"] == []
        warned = chief.get("/api/v1/calls").json()["items"]
        assert any("DURESS" in call["card"]["what"] for call in warned)
        assert all(call["is_ringing"] for call in warned)


def test_a_second_signature_under_duress_looks_normal_and_rings_the_others(node):
    """Whoever is made to take a watch over is done the same to, and heard elsewhere."""
    word = "grey skies today"
    node.service.secrets.keep(PersonId("director"), SecretKind.DURESS, word)
    until = write_instant(node.service.node.clock.read().at + Duration(hours=8))
    watch = "/api/v1/desks/south-ops/watch"
    taken = {"role": "duty_officer", "until": until}
    with node.as_person("duty") as duty, node.as_person("chief") as chief:
        assert duty.post(watch, json=taken).status_code == 201
        given = {"to": "director", "secret": "wrong words entirely"}
        assert duty.post(f"{watch}/handover", json=given).status_code == 401
        said = duty.post(f"{watch}/handover", json=given | {"secret": word})
        assert said.status_code == 200, said.text
        warned = chief.get("/api/v1/calls").json()["items"]
        cards = [call["card"] for call in warned]
        alarms = [one for one in cards if "a handover" in one.get("why", "")]
        assert alarms
        assert all("DURESS" in one["what"] for one in alarms)
        seen = duty.get("/api/v1/calls").json()["items"]
        assert not any("DURESS" in str(call) for call in seen)


def test_a_passkey_is_made_and_signs_in(node):
    """A soft authenticator stands for a person's; what was signed once is not taken."""
    origin = node.service.origins[0]
    device = SoftWebauthnDevice()
    with node.as_person("duty") as duty:
        options = duty.post("/api/v1/passkeys/challenge").json()["options"]
        made = _create(device, options, origin)
        said = duty.post("/api/v1/passkeys", json={"credential": made})
        assert said.status_code == 204, said.text
        again = duty.post("/api/v1/passkeys", json={"credential": made})
        assert again.status_code == 401
    with node.anybody() as door:
        who = {"person": "duty"}
        wanted = door.post("/api/v1/sessions/passkey/challenge", json=who)
        signed = _get(device, wanted.json()["options"], origin)
        given = {"person": "duty", "credential": signed}
        said = door.post("/api/v1/sessions/passkey", json=given)
        assert said.status_code == 201, said.text
        assert said.json()["strength"] == "passkey"
        replayed = door.post("/api/v1/sessions/passkey", json=given)
        assert replayed.status_code == 401
        other = {"person": "lina", "credential": signed}
        assert door.post("/api/v1/sessions/passkey", json=other).status_code == 401


def _create(device, options, origin):
    options = {**options, "challenge": base64url_to_bytes(options["challenge"])}
    options["user"] = {**options["user"], "id": options["user"]["id"].encode()}
    made = device.create({"publicKey": options}, origin)
    return _as_json(made, ("clientDataJSON", "attestationObject"))


def _get(device, options, origin):
    options = {**options, "challenge": base64url_to_bytes(options["challenge"])}
    signed = device.get({"publicKey": options}, origin)
    return _as_json(signed, ("clientDataJSON", "authenticatorData", "signature"))


def _as_json(made, names):
    response = {name: bytes_to_base64url(made["response"][name]) for name in names}
    id_ = bytes_to_base64url(made["rawId"])
    whole = {"id": id_, "rawId": id_, "type": "public-key", "response": response}
    return json.loads(json.dumps(whole))
